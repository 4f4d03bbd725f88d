"""Queries drawn from a grammar give the same rows in SQLite and, rewritten, in the engine, or are refused."""

from collections.abc import Iterator

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oracle_sft.engine.duckdb_database import DuckDBDatabase
from oracle_sft.engine.result import OracleError
from oracle_sft.pairs.sqlite.database import SQLiteDatabase
from oracle_sft.pairs.sqlite.kinds import Catalogue, Refused
from oracle_sft.pairs.sqlite.same_rows import difference
from oracle_sft.pairs.sqlite.schema import convert
from oracle_sft.pairs.sqlite.statement import rewrite
from tests.examples import examples
from tests.pairs.sqlite.shop import make

Sides = tuple[SQLiteDatabase, DuckDBDatabase, Catalogue]


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sides]:
    path = tmp_path_factory.mktemp("sides") / "music.sqlite"
    make(path)
    sqlite = SQLiteDatabase(path, max_rows=100)
    rows = {table.name: sqlite.rows(table) for table in sqlite.tables}
    made = convert("music", sqlite.tables, rows, {})
    engine = DuckDBDatabase(made.schema, made.rows or {})
    yield sqlite, engine, made.catalogue
    engine.close()
    sqlite.close()


NUMBERS = st.sampled_from(["s.ID", "s.Age", "s.Rate", "s.Paid", "0", "1", "2", "2.5", "22", "30"])
TEXTS = st.sampled_from(
    ["s.Name", "'Ann'", '"cara"', "'2'", "c.date", "c.`Song Name`", "'2014-05-06'"]
)


def _more_numbers(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "%"]), inner).map(
            lambda said: f"({said[0]} {said[1]} {said[2]})"
        ),
        inner.map(lambda said: f"CAST({said} AS REAL)"),
        inner.map(lambda said: f"CAST({said} AS INTEGER)"),
        inner.map(lambda said: f"-{said}" if said[0] not in "-(" else f"-({said})"),
        inner.map(lambda said: f"abs({said})"),
        two.map(lambda said: f"ifnull({said[0]}, {said[1]})"),
        two.map(lambda said: f"max({said[0]}, {said[1]})"),
        two.map(lambda said: f"nullif({said[0]}, {said[1]})"),
        TEXTS.map(lambda said: f"length({said})"),
        TEXTS.map(lambda said: f"instr({said}, 'a')"),
        two.map(lambda said: f"({said[0]} > {said[1]})"),
    )


NUMBER = st.recursive(NUMBERS, _more_numbers, max_leaves=4)
TEXT = st.one_of(
    TEXTS,
    st.tuples(TEXTS, TEXTS).map(" || ".join),
    TEXTS.map(lambda said: f"upper({said})"),
    TEXTS.map(lambda said: f"substr({said}, 1, 2)"),
    st.sampled_from(
        ["strftime('%Y', c.date)", "date(c.date)", "s.ID || s.Name", "CAST(s.Age AS TEXT)"]
    ),
)
VALUE = st.one_of(NUMBER, TEXT)
COMPARES = st.sampled_from(["=", "<>", "<", ">", "<=", ">="])
SIMPLE = st.one_of(
    st.tuples(VALUE, COMPARES, VALUE).map(" ".join),
    st.tuples(VALUE, st.sampled_from(["IS NULL", "IS NOT NULL"])).map(" ".join),
    st.tuples(TEXT, st.sampled_from(["LIKE 'a%'", "NOT LIKE '%N%'", "LIKE '%e'"])).map(" ".join),
    st.tuples(NUMBER, NUMBER, NUMBER).map(
        lambda said: f"{said[0]} BETWEEN {said[1]} AND {said[2]}"
    ),
    st.tuples(VALUE, VALUE, VALUE).map(lambda said: f"{said[0]} NOT IN ({said[1]}, {said[2]})"),
    st.sampled_from(
        [
            "s.ID IN (SELECT singer_id FROM concert)",
            "NOT EXISTS (SELECT 1 FROM concert x WHERE x.singer_id = s.ID)",
            "s.Age = (SELECT max(Age) FROM singer)",
            "s.Paid",
        ]
    ),
)
CONDITION = st.recursive(
    SIMPLE,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(
            lambda said: f"({' '.join(said)})"
        ),
        inner.map(lambda said: f"NOT ({said})"),
    ),
    max_leaves=3,
)
FROM = st.sampled_from(
    [
        "singer s JOIN concert c ON s.ID = c.singer_id",
        "singer s LEFT JOIN concert c ON s.ID = c.singer_id",
        "singer AS s, concert AS c",
    ]
)
PLAIN = st.tuples(VALUE, VALUE, FROM, CONDITION, st.sampled_from(["", " LIMIT 2"])).map(
    lambda said: (
        f"SELECT {said[0]} AS a, {said[1]} AS b FROM {said[2]} WHERE {said[3]} ORDER BY 1, b{said[4]}"
    )
)
GROUPED = st.tuples(VALUE, NUMBER, FROM, CONDITION).map(
    lambda said: (
        f"SELECT {said[0]} AS a, SUM({said[1]}), COUNT(*), MIN({said[1]}) FROM {said[2]} "
        f"WHERE {said[3]} GROUP BY a HAVING COUNT(*) > 0 ORDER BY a DESC"
    )
)


@given(st.one_of(PLAIN, GROUPED))
@examples(200)
def test_the_same_rows_or_refused(sides: Sides, sql: str) -> None:
    sqlite, engine, catalogue = sides
    try:
        rewritten = rewrite(sql, catalogue)
    except Refused:
        return
    try:
        outcome = engine.query(rewritten, with_sort_keys=True)
    except OracleError as error:
        assume("ORA-01722" not in str(error))  # a text that is no number: set aside
        raise
    said = difference(sql, sqlite, rewritten, outcome, timeout_seconds=5, max_rows=1000)
    assert not said, f"{said}\n{sql}\n{rewritten}"


def test_an_alias_comes_before_a_column_of_the_query_around(sides: Sides) -> None:
    sqlite, engine, catalogue = sides
    sql = (
        "SELECT s.ID FROM singer s WHERE EXISTS "
        "(SELECT c.id + 20 AS Age FROM concert c WHERE Age = 22) ORDER BY 1"
    )
    rewritten = rewrite(sql, catalogue)
    outcome = engine.query(rewritten, with_sort_keys=True)
    assert len(outcome.rows) == 4
    assert not difference(sql, sqlite, rewritten, outcome, timeout_seconds=5, max_rows=100)
