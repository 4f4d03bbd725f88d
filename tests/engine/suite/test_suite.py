"""Suites: what a generated database keeps, and what it tells apart."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from oracle_sft.engine.database import load_rows, open_database
from oracle_sft.engine.result import LoadError, Value
from oracle_sft.engine.suite.boundaries import boundaries, domain_of, satisfying
from oracle_sft.engine.suite.build import Suite, build_suite
from oracle_sft.engine.suite.run import SuiteRunner
from oracle_sft.engine.suite.shapes import read_shape
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.schema import Column

DDL = """
CREATE TABLE teams (
  team_id NUMBER(3) PRIMARY KEY, name VARCHAR2(20) NOT NULL, founded DATE, UNIQUE (name));
CREATE TABLE players (
  player_id NUMBER(4) PRIMARY KEY, team_id NUMBER(3) REFERENCES teams (team_id),
  captain_id NUMBER(4) REFERENCES players (player_id),
  name VARCHAR2(12) NOT NULL, goals NUMBER(3), fee NUMBER(6,2), status CHAR(1) NOT NULL);
CREATE TABLE caps (
  player_id NUMBER(4) NOT NULL REFERENCES players (player_id), played DATE NOT NULL,
  minutes NUMBER(3), PRIMARY KEY (player_id, played));
"""
SCHEMA = read_ddl(DDL, schema_id="league")
ROWS = {
    "teams": [
        {"team_id": number, "name": f"Team {number}", "founded": f"19{number:02}-03-01"}
        for number in range(1, 7)
    ],
    "players": [
        {
            "player_id": number,
            "team_id": number % 6 + 1,
            "captain_id": None if number < 6 else number % 6 + 1,
            "name": f"Player {number}",
            "goals": number % 7,
            "fee": number * 10.5,
            "status": "AB"[number % 2],
        }
        for number in range(1, 41)
    ],
    "caps": [
        {"player_id": number, "played": f"2024-0{number % 9 + 1}-10 20:45:00", "minutes": 90}
        for number in range(1, 31)
    ],
}
GOLDS = [
    "SELECT name FROM players WHERE goals > 4",
    "SELECT p.name, t.name FROM players p JOIN teams t ON p.team_id = t.team_id WHERE p.fee <= 100",
    "SELECT t.name, COUNT(p.player_id) FROM teams t, players p WHERE t.team_id = p.team_id(+)"
    " GROUP BY t.name HAVING COUNT(p.player_id) > 2",
    "SELECT name FROM players WHERE status = 'A' ORDER BY fee FETCH FIRST 3 ROWS ONLY",
    "SELECT player_id FROM caps WHERE TRUNC(played, 'MM') = DATE '2024-03-01'",
]


@pytest.fixture(scope="module")
def suite() -> Suite:
    return build_suite(SCHEMA, ROWS, GOLDS, 3, seed=1)


@pytest.fixture(scope="module")
def runner(suite: Suite) -> Iterator[SuiteRunner]:
    with SuiteRunner(suite) as opened:
        yield opened


def test_the_same_arguments_give_the_same_suite(suite: Suite) -> None:
    again = build_suite(SCHEMA, ROWS, GOLDS[::-1], 3, seed=1)
    assert again.fingerprint == suite.fingerprint
    assert again.databases == suite.databases
    assert len({repr(database.rows) for database in suite.databases}) == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"seed": 2},
        {"k": 2},
        {"golds": GOLDS[1:]},
        {"rows": {**ROWS, "caps": []}},
        {"clock": datetime(2026, 1, 1)},
    ],
    ids=["seed", "k", "golds", "rows", "clock"],
)
def test_what_a_suite_is_made_from_names_it(suite: Suite, changed: dict[str, Any]) -> None:
    made_from = {"rows": ROWS, "golds": GOLDS, "k": 3, "seed": 1}
    assert build_suite(SCHEMA, **{**made_from, **changed}).fingerprint != suite.fingerprint


def test_rows_of_a_file_name_a_suite_by_what_they_say(tmp_path: Path) -> None:
    def fingerprint(name: str, values: str) -> str:
        path = tmp_path / name / "TEAMS.parquet"
        path.parent.mkdir()
        said = f"SELECT * FROM (VALUES {values}) AS v(team_id, name)"
        duckdb.sql(f"COPY ({said}) TO '{path}'")
        return build_suite(SCHEMA, load_rows(path, SCHEMA), GOLDS[:1], 1).fingerprint

    first = fingerprint("first", "(1, 'Bern'), (2, 'Chur')")
    assert fingerprint("moved", "(1, 'Bern'), (2, 'Chur')") == first
    assert fingerprint("other", "(1, 'Bern'), (3, 'Chur')") != first


def test_rows_that_do_not_fit_are_refused_before_others_are_made_of_them() -> None:
    rows = {"players": [{"player_id": 1, "name": "A", "goals": "many", "status": "A"}]}
    with pytest.raises(LoadError, match="PLAYERS, row 1, column GOALS: 'many': not a number"):
        build_suite(SCHEMA, rows, GOLDS[:1], 1)


def test_rows_keep_keys_foreign_keys_and_sizes(suite: Suite) -> None:
    for spec in suite.databases:
        database = open_database(spec)  # checks sizes, NOT NULL, primary and unique keys
        for child, column, parent, key in (
            ("players", "team_id", "teams", "team_id"),
            ("players", "captain_id", "players", "player_id"),
            ("caps", "player_id", "players", "player_id"),
        ):
            orphans = database.query(
                f"SELECT COUNT(*) FROM {child} c WHERE c.{column} IS NOT NULL AND NOT EXISTS"
                f" (SELECT 1 FROM {parent} p WHERE p.{key} = c.{column})"
            )
            assert orphans.rows == [(Decimal(0),)], (child, column)
        odd = "SELECT COUNT(*) FROM players WHERE goals < 0 OR fee < 0 OR status NOT IN ('A', 'B')"
        assert database.query(odd).rows == [(Decimal(0),)]
        timed = "SELECT COUNT(*) FROM teams WHERE founded <> TRUNC(founded)"
        assert database.query(timed).rows == [(Decimal(0),)]
        ring = "SELECT COUNT(*) FROM players START WITH captain_id IS NULL CONNECT BY PRIOR player_id = captain_id"
        assert database.query(ring).rows[0][0] == len(spec.rows["PLAYERS"])
        database.close()


def test_rows_keep_checks() -> None:
    schema = read_ddl(
        "CREATE TABLE p (id NUMBER(3) PRIMARY KEY, low NUMBER(3), high NUMBER(3), CHECK (low <= high));"
        "CREATE TABLE c (id NUMBER(3) PRIMARY KEY, p_id NUMBER(3) REFERENCES p (id),"
        " kind VARCHAR2(5) CHECK (kind IN ('a', 'b')));",
        schema_id="checks",
    )
    rows = {
        "p": [{"id": number, "low": number, "high": number + 2} for number in range(1, 6)],
        "c": [{"id": number, "p_id": number % 5 + 1, "kind": "a"} for number in range(1, 6)],
    }
    golds = [
        "SELECT c.id FROM c JOIN p ON c.p_id = p.id WHERE p.low > 3 AND p.high < 5 AND c.kind = 'a'"
    ]
    for spec in build_suite(schema, rows, golds, 3).databases:
        database = open_database(spec)
        for odd in (
            "SELECT COUNT(*) FROM p WHERE low > high",
            "SELECT COUNT(*) FROM c WHERE kind NOT IN ('a', 'b')",
            "SELECT COUNT(*) FROM c WHERE p_id NOT IN (SELECT id FROM p)",
        ):
            assert database.query(odd).rows == [(Decimal(0),)], odd
        assert len(spec.rows["P"]) > 3
        database.close()


def test_rows_are_made_at_and_beside_the_literals(suite: Suite) -> None:
    everywhere = [row for spec in suite.databases for row in spec.rows["PLAYERS"]]
    assert {3, 4, 5} <= {row["GOALS"] for row in everywhere}
    assert {Decimal("99.99"), 100, Decimal("100.01")} <= {row["FEE"] for row in everywhere}
    assert None in {row["GOALS"] for row in everywhere}
    played = {row["PLAYED"] for spec in suite.databases for row in spec.rows["CAPS"]}
    assert {
        datetime(2024, 3, 1),
        datetime(2024, 2, 29),
        datetime(2024, 3, 31, 23, 59, 59),
        datetime(2024, 4, 1),
    } <= played


@pytest.mark.parametrize(
    ("gold", "wrong"),
    [
        (0, "SELECT name FROM players WHERE goals >= 5 OR goals IS NULL"),
        (0, "SELECT DISTINCT name FROM players WHERE goals > 4"),
        (1, GOLDS[1].replace("<=", "<")),
        (1, GOLDS[1].replace("JOIN", "LEFT JOIN")),
        (2, GOLDS[2].replace("> 2", "> 3")),
        (2, GOLDS[2].replace("t.name,", "MAX(t.name),").replace("BY t.name", "BY t.team_id, t.founded")
         .replace("(p.player_id)", "(DISTINCT p.goals)")),
        (3, GOLDS[3].replace("FIRST 3", "FIRST 2")),
        (3, GOLDS[3].replace("fee", "fee DESC")),
        (4, GOLDS[4].replace("'MM'", "'YY'").replace("2024-03-01", "2024-01-01")),
        (4, "SELECT player_id FROM caps WHERE played BETWEEN DATE '2024-03-01' AND DATE '2024-03-31'"),
    ],
)  # fmt: skip
def test_a_near_miss_is_caught(runner: SuiteRunner, gold: int, wrong: str) -> None:
    verdict = runner.equal_on_all(GOLDS[gold], wrong)
    assert not verdict.equal_on_all
    assert verdict.detail


@pytest.mark.parametrize(
    ("gold", "same"),
    [
        (0, "SELECT name FROM players WHERE NOT goals <= 4"),
        (1, "SELECT p.name, t.name FROM players p, teams t WHERE t.team_id = p.team_id AND fee <= 100"),
        (2, GOLDS[2].replace("> 2", ">= 3")),
        (3, "SELECT * FROM (SELECT name FROM players WHERE status = 'A' ORDER BY fee) WHERE ROWNUM <= 3"),
        (4, "SELECT player_id FROM caps WHERE played >= DATE '2024-03-01' AND played < DATE '2024-04-01'"),
        *((number, gold) for number, gold in enumerate(GOLDS)),
    ],
)  # fmt: skip
def test_another_way_to_say_it_passes(runner: SuiteRunner, gold: int, same: str) -> None:
    verdict = runner.equal_on_all(GOLDS[gold], same)
    assert verdict.detail == ""
    assert verdict.equal_on_all
    assert verdict.equal_on_original


def test_a_database_on_which_the_gold_is_chance_is_no_evidence(runner: SuiteRunner) -> None:
    chance = "SELECT status, MAX(name) KEEP (DENSE_RANK FIRST ORDER BY goals), MIN(row_no) FROM"
    chance += " (SELECT p.*, ROW_NUMBER() OVER (PARTITION BY status ORDER BY goals) row_no FROM players p)"
    chance += " WHERE row_no = 2 AND fee > 50 GROUP BY status"
    gold = runner.gold(chance)
    assert None in gold.results
    assert any("another order" in reason for reason in gold.reasons)


def test_a_gold_that_fails_everywhere_is_equal_to_nothing(runner: SuiteRunner) -> None:
    broken = "SELECT nothing FROM players"
    verdict = runner.equal_on_all(broken, broken)
    assert (verdict.equal_on_original, verdict.equal_on_all) == (None, False)
    assert "ORA-00904" in runner.gold(broken).reasons[0]


def _evaluate(text: str) -> Value:
    return Decimal(text) if text.isdigit() else None


def test_a_shape_names_what_a_query_compares() -> None:
    shape = read_shape(
        "SELECT t.name, COUNT(*) FROM teams t JOIN players p ON t.team_id = p.team_id "
        "WHERE 10 < p.fee AND p.status IN ('A', 'B') AND p.name NOT LIKE '%x_' AND goals BETWEEN 1 AND 3 "
        "GROUP BY t.name HAVING COUNT(*) > 5 AND SUM(p.goals) <= 7 ORDER BY t.founded",
        SCHEMA,
        _evaluate,
    )
    assert shape.sources == {"T": "TEAMS", "P": "PLAYERS"}
    found = {(entry.column, entry.operator, entry.values) for entry in shape.comparisons}
    assert found == {
        ("FEE", ">", (Decimal(10),)),
        ("STATUS", "IN", ("A", "B")),
        ("NAME", "LIKE", ("%x_",)),
        ("GOALS", "BETWEEN", (Decimal(1), Decimal(3))),
        ("GOALS", "<=", (Decimal(7),)),
    }
    assert shape.counts == (5,)
    assert (("T", "TEAM_ID"), ("P", "TEAM_ID")) in shape.pairs
    assert shape.keys == (("T", "NAME"), ("T", "FOUNDED"))


def test_boundaries_of_a_date_reach_the_ends_of_its_month() -> None:
    domain = domain_of(Column(name="D", type="DATE"), ["2024-01-05 10:00:00"])
    near = boundaries(domain, "=", [datetime(2024, 2, 1)])
    assert {datetime(2024, 1, 31), datetime(2024, 2, 29, 23, 59, 59), datetime(2024, 3, 1)} <= {
        *near
    }
    whole_days = domain_of(Column(name="D", type="DATE"), ["2024-01-05"])
    assert all(
        isinstance(value, datetime) and value.hour == 0
        for value in boundaries(whole_days, "<", [datetime(2024, 2, 1)])
    )


def test_satisfying_values_meet_the_comparison() -> None:
    domain = domain_of(Column(name="N", type="NUMBER(4,1)"), [1, 2])
    assert satisfying(domain, ">", [Decimal(5)]) == [Decimal("5.1"), Decimal("6.0")]
    assert satisfying(domain, "<=", [Decimal(5)]) == [Decimal("5.0")]
    assert satisfying(domain, "<", [Decimal(0)]) == []  # no row is negative
