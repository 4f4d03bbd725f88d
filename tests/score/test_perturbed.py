"""Test-suite accuracy: what is right by chance on the rows at hand is wrong on others."""

from collections.abc import Iterable, Iterator

import pytest

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.pool import Outcome, Query
from oracle_sft.engine.result import OracleError, QueryTimeout, ResultSet, UnsupportedSQL
from oracle_sft.engine.suite.build import Suite, build_suite
from oracle_sft.model.generation import Generation
from oracle_sft.pairs.pair import Pair
from oracle_sft.score.execution import Executor
from oracle_sft.score.item import Prediction, Score
from oracle_sft.score.judge import Judge
from oracle_sft.score.metrics import summarize
from oracle_sft.score.perturbed import Asked, PerturbedDatabases, specs_of
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.guardrail import SQLGuardrail
from oracle_sft.sqltext.schema import Schema
from tests.score.in_process import InProcess

DDL = """
CREATE TABLE boats (id NUMBER(4) PRIMARY KEY, name VARCHAR2(20), length_m NUMBER(5,2));
CREATE TABLE trips (id NUMBER(4) PRIMARY KEY, boat_id NUMBER(4) REFERENCES boats, fare NUMBER(8,2));
"""
ROWS = {
    "boats": [{"id": n, "name": f"Boat {n}", "length_m": 5 + n} for n in range(1, 9)],
    "trips": [{"id": n, "boat_id": n % 8 + 1, "fare": 10 * n} for n in range(1, 17)],
}
GOLD = "SELECT name FROM boats WHERE length_m >= 8.5"
OUTER = "SELECT b.name, COUNT(t.id) FROM boats b, trips t WHERE t.boat_id(+) = b.id GROUP BY b.name"


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    schema = read_ddl(DDL, schema_id="harbour")
    suite = build_suite(schema, ROWS, [GOLD, OUTER], 3)
    specs = {"harbour": suite.original, **specs_of("harbour", suite)}
    databases = {name: open_database(spec) for name, spec in specs.items()}
    executor = Executor(InProcess(databases), ["harbour"], timeout_seconds=5, max_rows=1000)
    yield Judge(
        executor,
        SQLGuardrail(),
        {"harbour": schema},
        perturbed=PerturbedDatabases(executor, {"harbour": suite}),
    )
    for database in databases.values():
        database.close()


def scored(judge: Judge, gold: str, *texts: str) -> list[Score]:
    pair = Pair(id="p", question="which", sql=gold, schema_id="harbour")
    predictions = [
        Prediction(pair_id="p", suite="s", target="t", answer=Generation(text, 1, "stop"))
        for text in texts
    ]
    return judge.on_suites([(pair, judge.score(pair, one)) for one in predictions])


def test_right_by_chance_is_found_out(judge: Judge) -> None:
    same, respelled, off_by_a_bound, wrong, unknown = scored(
        judge,
        GOLD,
        GOLD,
        "SELECT b.name FROM boats b WHERE NOT b.length_m < 8.5",
        "SELECT name FROM boats WHERE length_m > 8.5",
        "SELECT name FROM boats",
        "SELECT id FROM boats MODEL DIMENSION BY (id) MEASURES (length_m) RULES ()",
    )
    assert [one.stage for one in (same, respelled, off_by_a_bound)] == ["correct"] * 3
    assert [one.suite_equal for one in (same, respelled, off_by_a_bound)] == [True, True, False]
    assert off_by_a_bound.suite_detail.startswith("database ")
    assert (wrong.suite_equal, wrong.suite_detail) == (False, "")
    assert unknown.suite_equal is None
    found = summarize([same, respelled, off_by_a_bound, wrong, unknown])
    assert (found["execution_accuracy"]["value"], found["execution_accuracy"]["n"]) == (0.75, 4)
    assert (found["test_suite_accuracy"]["value"], found["test_suite_accuracy"]["n"]) == (0.5, 4)


def test_an_inner_join_for_an_outer_one_is_found_out(judge: Judge) -> None:
    inner = OUTER.replace("(+)", "")
    (found,) = scored(judge, OUTER, inner)
    assert (found.stage, found.suite_equal) == ("correct", False)


def test_an_error_on_other_rows_is_a_difference(judge: Judge) -> None:
    fails = "SELECT name FROM boats WHERE length_m >= 8.5 AND 1 / length_m > 0"
    several = (
        "SELECT name FROM boats WHERE length_m >= (SELECT 8.5 FROM boats WHERE name = 'Boat 1')"
    )
    first, second = scored(judge, GOLD, fails, several)
    assert first.stage == second.stage == "correct"
    assert second.suite_equal is False
    assert "ORA-01427" in second.suite_detail or "rows" in second.suite_detail


def rows(*values: int, truncated: bool = False) -> ResultSet:
    listed = [(value,) for value in values]
    return ResultSet(columns=("N",), types=("NUMBER",), rows=listed, truncated=truncated)


NOTHING = OracleError("ORA-01476", "divisor is equal to zero")


@pytest.mark.parametrize(
    ("gold", "backwards", "answer", "detail"),
    [
        (rows(1, 2), rows(2, 1), rows(2, 1), ""),
        (rows(1, 2), rows(1, 2), rows(1), "database 1: rows: 1 rows instead of 2"),
        (rows(1, 2), rows(1, 2), NOTHING, "database 1: ORA-01476: divisor is equal to zero"),
        (rows(1, 2), rows(1, 2), QueryTimeout("late"), "database 1: late"),
        (rows(1, 2), rows(1, 2), UnsupportedSQL("x"), ""),
        (rows(1, 2), rows(1, 3), rows(1), ""),
        (rows(1, truncated=True), rows(1, truncated=True), rows(2), ""),
        (NOTHING, rows(1), rows(2), ""),
        (rows(1), NOTHING, rows(2), ""),
    ],
    ids="same rows error late unknown chance cut gold_fails gold_fails_backwards".split(),
)
def test_what_one_database_says(
    gold: Outcome, backwards: Outcome, answer: Outcome, detail: str
) -> None:
    class Table:
        def run(self, queries: Iterable[Query]) -> Iterator[Outcome]:
            known = {
                ("s/1", "SELECT 1 FROM gold"): gold,
                ("s/1/backwards", "SELECT 1 FROM gold"): backwards,
                ("s/1", "SELECT 1 FROM answer"): answer,
            }
            yield from (known[query.schema_id, query.sql] for query in queries)

    spec = DatabaseSpec(schema=Schema(id="s", tables=()), rows={})
    executor = Executor(Table(), ["s"], timeout_seconds=5, max_rows=10)
    suites = {"s": Suite(original=spec, databases=(spec,), fingerprint="")}
    asked = Asked("s", "SELECT 1 FROM gold", "SELECT 1 FROM answer")
    assert PerturbedDatabases(executor, suites).differences([asked]) == [detail]


def test_without_perturbed_databases_nothing_is_said(judge: Judge) -> None:
    schema = read_ddl(DDL, schema_id="harbour")
    plain = Judge(
        Executor(InProcess({}), [], timeout_seconds=5, max_rows=10),
        SQLGuardrail(),
        {"harbour": schema},
    )
    (found,) = scored(plain, GOLD, GOLD)
    assert found.suite_equal is None
    assert plain.suite_fingerprints == {}
    assert list(judge.suite_fingerprints) == ["harbour"]
