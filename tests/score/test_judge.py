import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.engine.compare import CompareMode, compare
from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import (
    Database,
    OracleError,
    QueryError,
    QueryTimeout,
    ResultSet,
    UnsupportedSQL,
)
from oracle_sft.model.generation import Generation
from oracle_sft.pairs.pair import Pair
from oracle_sft.score import metrics
from oracle_sft.score.execution import Executor
from oracle_sft.score.item import Prediction, Score
from oracle_sft.score.judge import Judge
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.guardrail import GuardrailPolicy, SQLGuardrail
from oracle_sft.sqltext.schema import Schema
from tests.score.in_process import InProcess

DDL = """
CREATE TABLE boats (id NUMBER(4) PRIMARY KEY, name VARCHAR2(20), berth CHAR(4), length_m NUMBER(5,2),
                    built DATE);
CREATE TABLE trips (id NUMBER(4) PRIMARY KEY, boat_id NUMBER(4), fare NUMBER(8,2));
"""
ROWS = {
    "boats": [
        {"id": 1, "name": "Ada", "berth": "A1", "length_m": 9.5, "built": "2001-04-01 00:00:00"},
        {"id": 2, "name": "Brig", "berth": "B2", "length_m": 9.5, "built": "2011-07-01 12:00:00"},
        {"id": 3, "name": "Cog", "berth": "", "length_m": 14, "built": None},
    ],
    "trips": [
        {"id": 1, "boat_id": 1, "fare": 40},
        {"id": 2, "boat_id": 1, "fare": 35.5},
        {"id": 3, "boat_id": 3, "fare": None},
    ],
}
GOLDS = [
    "SELECT name FROM boats ORDER BY length_m DESC, id",
    "SELECT b.name, COUNT(t.id) FROM boats b, trips t WHERE t.boat_id(+) = b.id GROUP BY b.name",
    "SELECT AVG(length_m) / 3 FROM boats",
    "SELECT berth, built FROM boats",
    "SELECT NVL(TO_CHAR(built, 'YYYY'), 'none') FROM boats WHERE ROWNUM <= 2",
]


def pair(sql: str, **said: str) -> Pair:
    return Pair(id="p", question="which boats", sql=sql, schema_id="harbour", **said)


def answer(text: str, pair_id: str = "p") -> Prediction:
    return Prediction(
        pair_id=pair_id,
        suite="seen",
        target="base",
        answer=Generation(text, 7, "stop"),
    )


@pytest.fixture(scope="module")
def schema() -> Schema:
    return read_ddl(DDL, schema_id="harbour")


@pytest.fixture(scope="module")
def database(schema: Schema) -> Iterator[Database]:
    clock = datetime(2026, 1, 15, 9, 30)
    opened = open_database(DatabaseSpec(schema=schema, rows=ROWS, clock=clock))
    yield opened
    opened.close()


def make_judge(database: Database | None, schema: Schema, **said: int) -> Judge:
    databases = {} if database is None else {"harbour": database}
    executor = Executor(
        InProcess(databases), databases, timeout_seconds=5, max_rows=said.get("max_rows", 100)
    )
    return Judge(executor, SQLGuardrail(GuardrailPolicy()), {"harbour": schema})


@pytest.fixture
def score(database: Database, schema: Schema) -> Callable[[str, str], Score]:
    """Scores a text against a gold on the real engine."""
    judge = make_judge(database, schema)
    return lambda gold, text: judge.score(pair(gold), answer(text))


class FakeDatabase:
    """Answers as it is told to, and remembers what it was asked."""

    def __init__(self, answers: dict[str, ResultSet | QueryError]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def query(
        self,
        sql: str,
        *,
        timeout_seconds: float = 30.0,
        max_rows: int = 10_000,
        with_sort_keys: bool = False,
    ) -> ResultSet:
        self.asked.append(sql)
        said = self.answers[sql]
        if isinstance(said, QueryError):
            raise said
        return said

    def close(self) -> None: ...


def numbers(*values: int, truncated: bool = False) -> ResultSet:
    rows = [(Decimal(value),) for value in values]
    return ResultSet(columns=("ID",), types=("NUMBER",), rows=rows, truncated=truncated)


# --- on the real engine ---------------------------------------------------------------------------


def test_gold_against_gold_is_all_correct(score: Callable[[str, str], Score]) -> None:
    scores = [score(gold, f"```sql\n{gold};\n```") for gold in GOLDS]
    assert [one.stage for one in scores] == ["correct"] * len(GOLDS)
    for one in scores:
        assert one.equal == dict.fromkeys(("bird_set", "bag", "bag_order", "strict"), True)
        assert one.exact_match
        assert (one.status, one.validity, one.allowed) == ("ok", "valid", True)
    assert metrics.summarize(scores)["execution_accuracy"]["value"] == 1.0


def test_another_spelling_is_exact_and_another_way_is_only_correct(
    score: Callable[[str, str], Score],
) -> None:
    gold = "SELECT b.name FROM boats b WHERE b.id = 2"
    spelled = score(gold, "select X.NAME from BOATS x where x.ID=2")
    assert (spelled.stage, spelled.exact_match) == ("correct", True)
    other = score(gold, "SELECT name FROM boats WHERE name LIKE 'Br%'")
    assert (other.stage, other.exact_match) == ("correct", False)


@pytest.mark.parametrize(
    ("text", "stage", "label"),
    [
        ("SELECT id FROM boats WHERE id < 3 ORDER BY id", "mismatch:rows", "rows"),
        ("SELECT id + 1 FROM boats ORDER BY id", "mismatch:values", "values"),
        ("SELECT id FROM boats ORDER BY id DESC", "mismatch:order", "order"),
        ("SELECT id, name FROM boats ORDER BY id", "mismatch:columns", "extra_columns"),
    ],
)
def test_a_wrong_result_says_what_differs(
    score: Callable[[str, str], Score], text: str, stage: str, label: str
) -> None:
    found = score("SELECT id FROM boats ORDER BY id", text)
    assert (found.status, found.stage, found.label) == ("ok", stage, label)
    assert found.detail
    assert found.equal["bag_order"] is False
    assert found.equal["bag"] is (label == "order")


def test_rows_that_occur_another_number_of_times_are_the_same_set(
    score: Callable[[str, str], Score],
) -> None:
    found = score("SELECT 1 FROM boats", "SELECT DISTINCT 1 FROM boats")
    assert found.equal == {"bird_set": True, "bag": False, "bag_order": False, "strict": False}


def test_order_counts_only_where_the_gold_orders(score: Callable[[str, str], Score]) -> None:
    assert score("SELECT id FROM boats", "SELECT id FROM boats ORDER BY id DESC").stage == "correct"


@pytest.mark.parametrize(
    ("text", "status", "stage", "code"),
    [
        ("I do not know.", "no_sql", "no_sql", "no_sql"),
        ("", "no_sql", "no_sql", "empty"),
        (
            "```sql\nSELECT id FROM boats\n```\nor\n```sql\nSELECT id FROM trips\n```",
            "refused",
            "several_statements",
            "several",
        ),
        ("DELETE FROM boats", "refused", "not_read_only", "dml"),
        ("SELECT id FROM boats FOR UPDATE", "refused", "not_read_only", "row_lock"),
        ("SELECT id FROM boats LIMIT 3", "refused", "lint", "limit"),
        ("SELECT id FROM boats WHERE id = 1 id = 2", "refused", "lint", "missing_operator"),
        ("SELECT utl_http.request('x') FROM boats", "refused", "refused", "function"),
        ("SELECT id FROM ships", "refused", "schema_error", "unknown_table"),
        ("SELECT tonnage FROM boats", "refused", "schema_error", "unknown_column"),
        ("SELECT 1 / (id - id) FROM boats", "oracle_error", "runtime_error", "ORA-01476"),
        ("SELECT TO_NUMBER(name) FROM boats", "oracle_error", "type_error", "ORA-01722"),
    ],
)
def test_an_answer_without_a_result_ends_at_its_stage(
    score: Callable[[str, str], Score], text: str, status: str, stage: str, code: str
) -> None:
    found = score("SELECT id FROM boats", text)
    assert (found.status, found.stage, found.code) == (status, stage, code)
    assert found.equal == dict.fromkeys(("bird_set", "bag", "bag_order", "strict"), False)
    assert not found.exact_match


def test_a_query_that_the_engine_does_not_know_is_neither_right_nor_wrong(
    score: Callable[[str, str], Score],
) -> None:
    unknown = "SELECT id FROM boats MODEL DIMENSION BY (id) MEASURES (length_m) RULES ()"
    found = score("SELECT id FROM boats", unknown)
    assert (found.status, found.stage, found.code) == ("unsupported", "unsupported", "MODEL")
    assert found.equal == {}
    right = score("SELECT id FROM boats", "SELECT id FROM boats")
    assert metrics.summarize([found, right])["execution_accuracy"]["n"] == 1
    assert metrics.summarize([found, right])["unsupported"]["n"] == 2


def test_no_rows_where_the_gold_has_some_is_a_mismatch_of_its_own(
    score: Callable[[str, str], Score],
) -> None:
    found = score("SELECT id FROM boats", "SELECT id FROM boats WHERE id > 99")
    assert (found.stage, found.label) == ("mismatch:empty", "rows")


def test_an_endpoint_that_failed_is_no_wrong_answer(schema: Schema, database: Database) -> None:
    judge = make_judge(database, schema)
    failed = Prediction(
        pair_id="p",
        suite="seen",
        target="endpoint",
        answer=Generation("", None, "", failure="HTTP 500"),
    )
    found = judge.score(pair("SELECT id FROM boats"), failed)
    assert (found.status, found.stage, found.message) == ("no_answer", "no_answer", "HTTP 500")
    assert metrics.summarize([found]) == {}
    assert metrics.unanswered([found]) == [{"id": "p", "why": "HTTP 500"}]


def test_many_predictions_are_judged_in_their_order(database: Database, schema: Schema) -> None:
    judge = make_judge(database, schema)
    gold = pair("SELECT id FROM boats WHERE id = 1")
    asked = [
        (gold, answer(f"SELECT id FROM boats WHERE id = {number % 3}")) for number in range(600)
    ]
    told: list[tuple[int, int]] = []
    found = [one.score for one in judge.judge(asked, lambda *said: told.append(said))]
    assert [one.sql for one in found] == [prediction.answer.text for _, prediction in asked]
    assert [one.stage == "correct" for one in found] == [n % 3 == 1 for n in range(600)]
    assert told[-1] == (600, 600)


def test_a_top_n_that_ends_in_a_tie_takes_each_choice_and_is_marked(
    score: Callable[[str, str], Score],
) -> None:
    gold = "SELECT name FROM boats ORDER BY length_m FETCH FIRST 1 ROW ONLY"
    for name in ("Ada", "Brig"):
        found = score(gold, f"SELECT name FROM boats WHERE name = '{name}'")
        assert (found.stage, found.nondeterministic_gold) == ("correct", True)
    assert score(gold, "SELECT name FROM boats WHERE name = 'Cog'").stage == "mismatch:values"


def test_rows_with_equal_sort_keys_may_change_places(score: Callable[[str, str], Score]) -> None:
    gold = "SELECT name FROM boats ORDER BY length_m"
    assert score(gold, "SELECT name FROM boats ORDER BY length_m, id DESC").stage == "correct"
    turned = score(gold, "SELECT name FROM boats ORDER BY length_m DESC")
    assert (turned.stage, turned.nondeterministic_gold) == ("mismatch:order", False)


def test_a_gold_without_rows_judges_nobody(score: Callable[[str, str], Score]) -> None:
    gold = "SELECT id FROM boats WHERE id > 99"
    same = score(gold, "SELECT id FROM boats WHERE id < 0")
    wrong = score(gold, "SELECT 1 / 0 FROM dual")
    assert [one.stage for one in (same, wrong)] == ["uninformative"] * 2
    assert [one.status for one in (same, wrong)] == ["ok", "oracle_error"]
    assert same.equal == {}
    found = metrics.summarize([same, wrong])
    assert "execution_accuracy" not in found
    assert found["executable"]["n"] == 2


@pytest.mark.parametrize(
    ("gold", "why"),
    [
        ("SELECT 1 / 0 FROM dual", "ORA-01476: divisor is equal to zero"),
        ("SELECT nope FROM boats", "refused by the guardrail: no table here has a column NOPE"),
        ("SELECT id FROM boats b, trips t", "ORA-00918"),
    ],
)
def test_a_gold_that_fails_is_listed_and_never_scored(
    score: Callable[[str, str], Score], gold: str, why: str
) -> None:
    found = score(gold, "SELECT id FROM boats")
    assert (found.stage, found.status, found.equal) == ("gold_error", "not_executed", {})
    assert why in found.gold_message
    assert metrics.summarize([found]) == {}


def test_a_gold_over_the_row_limit_is_a_gold_error(database: Database, schema: Schema) -> None:
    judge = make_judge(database, schema, max_rows=2)
    found = judge.score(pair("SELECT id FROM boats"), answer("SELECT id FROM boats"))
    assert found.stage == "gold_error"
    assert found.gold_message == "more than database.max_rows=2 rows"


# --- with a database that is told what to say -----------------------------------------------------


def test_without_a_database_only_the_text_is_judged(schema: Schema) -> None:
    judge = make_judge(None, schema)
    gold = pair("SELECT id FROM boats")
    same = judge.score(gold, answer("select ID from BOATS"))
    assert (same.stage, same.status, same.exact_match) == ("not_executed", "not_executed", True)
    assert judge.score(gold, answer("nothing")).stage == "no_sql"
    assert judge.score(gold, answer("SELECT id FROM boats LIMIT 1")).stage == "lint"
    assert judge.gold(gold).status == "not_executed"


def test_every_distinct_query_runs_once(schema: Schema) -> None:
    database = FakeDatabase(
        {"SELECT id FROM boats": numbers(1, 2), "SELECT id FROM trips": numbers(1)}
    )
    judge = make_judge(database, schema)
    gold = pair("SELECT id FROM boats")
    assert judge.gold(gold) is judge.gold(gold)
    for text in ("SELECT id FROM boats", "SELECT id FROM trips;", "SELECT id FROM trips"):
        judge.score(gold, answer(text))
    assert database.asked == ["SELECT id FROM boats", "SELECT id FROM trips"]


def test_what_is_refused_is_not_executed(schema: Schema) -> None:
    database = FakeDatabase({"SELECT id FROM boats": numbers(1)})
    judge = make_judge(database, schema)
    gold = pair("SELECT id FROM boats")
    for text in ("DROP TABLE boats", "SELECT utl_http.request('http://x') FROM dual"):
        found = judge.score(gold, answer(f"```sql\n{text}\n```"))
        assert not found.allowed
        assert found.status in ("refused", "no_sql")
    assert database.asked == ["SELECT id FROM boats"]
    unsafe_gold = judge.score(pair("SELECT id FROM boats FOR UPDATE"), answer("SELECT 1 FROM dual"))
    assert unsafe_gold.stage == "gold_error"
    assert database.asked == ["SELECT id FROM boats"]


@pytest.mark.parametrize(
    ("said", "status", "stage", "code"),
    [
        (QueryTimeout("stopped after 5 s"), "timeout", "timeout", ""),
        (OracleError("ORA-00942", "table or view"), "oracle_error", "schema_error", "ORA-00942"),
        (OracleError("ORA-00936", "missing"), "oracle_error", "parse_error", "ORA-00936"),
        (OracleError("ORA-01722", "invalid"), "oracle_error", "type_error", "ORA-01722"),
        (OracleError("ORA-12345", "other"), "oracle_error", "oracle_error", "ORA-12345"),
        (UnsupportedSQL("XYZ"), "unsupported", "unsupported", "XYZ"),
        (numbers(1, 2, truncated=True), "truncated", "truncated", ""),
    ],
)
def test_how_execution_ends_is_kept(
    schema: Schema, said: ResultSet | QueryError, status: str, stage: str, code: str
) -> None:
    answers = {"SELECT id FROM boats": numbers(1), "SELECT id FROM trips": said}
    judge = make_judge(FakeDatabase(answers), schema)
    found = judge.score(pair("SELECT id FROM boats"), answer("SELECT id FROM trips"))
    assert (found.status, found.stage, found.code) == (status, stage, code)
    assert not any(found.equal.values())


@pytest.mark.parametrize("said", [QueryTimeout("stopped after 5 s"), UnsupportedSQL("XYZ")])
def test_a_gold_that_the_database_cannot_answer_is_a_gold_error(
    schema: Schema, said: QueryError
) -> None:
    judge = make_judge(FakeDatabase({"SELECT id FROM boats": said}), schema)
    found = judge.score(pair("SELECT id FROM boats"), answer("SELECT id FROM boats"))
    assert found.stage == "gold_error"
    assert found.gold_message == str(said)


RESULTS = st.builds(
    lambda width, values, name: ResultSet(
        columns=(name, "B", "C")[:width],
        types=("NUMBER",) * width,
        rows=[tuple(Decimal(value) for value in row[:width]) for row in values],
    ),
    st.integers(1, 3),
    st.lists(st.tuples(*[st.integers(0, 2)] * 3), max_size=4),
    st.sampled_from(["A", "X"]),
)


@given(gold=RESULTS, predicted=RESULTS, is_ordered=st.booleans())
def test_every_mode_says_what_a_comparison_of_its_own_says(
    schema: Schema, gold: ResultSet, predicted: ResultSet, is_ordered: bool
) -> None:
    gold_sql = f"SELECT id FROM boats{' ORDER BY id' if is_ordered else ''}"
    answers = {gold_sql: gold, "SELECT id FROM trips": predicted}
    judge = make_judge(FakeDatabase(answers), schema)
    found = judge.score(pair(gold_sql), answer("SELECT id FROM trips")).equal
    alone = {
        mode.value: compare(gold, predicted, ordered=is_ordered, mode=mode).equal
        for mode in CompareMode
    }
    assert found == (alone if gold.rows else {})


def test_a_score_carries_its_pair_and_survives_json(schema: Schema) -> None:
    judge = make_judge(FakeDatabase({"SELECT SYSDATE FROM boats": numbers(1)}), schema)
    gold = Pair(
        id="p",
        question="which boats",
        sql="SELECT SYSDATE FROM boats",
        schema_id="harbour",
        difficulty="easy",
        tags=("list",),
        provenance={"source": "curated", "model": "analysts"},
    )
    found = judge.score(gold, answer("SELECT id FROM boats LIMIT 3"))
    assert (found.difficulty, found.tags, found.question) == ("easy", ("list",), "which boats")
    assert (found.constructs, found.source) == (("date",), "curated/analysts")
    assert found.findings[0]["rule"] == "limit"
    told = replace(found, attempts=(found.as_attempt(),), samples=(found.as_attempt(),) * 2)
    assert Score.from_dict(json.loads(json.dumps(told.as_dict()))) == told


def test_a_prediction_for_another_pair_is_a_mistake(schema: Schema) -> None:
    judge = make_judge(None, schema)
    with pytest.raises(ValueError, match="prediction for q scored against pair p"):
        judge.score(pair("SELECT id FROM boats"), answer("SELECT 1 FROM dual", pair_id="q"))
