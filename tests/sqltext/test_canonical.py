import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.sqltext.canonical import UNPARSED, canonical
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.guardrail import SQLGuardrail
from tests.examples import examples

SAME = [
    [
        "SELECT a FROM t",
        "select A from T;",
        "select /* x */ a -- y\nfrom t\n/",
        "(SELECT a FROM t)",
    ],
    ['SELECT "A" FROM "T"', 'SELECT a FROM "T"', "SELECT t.a FROM t", "SELECT x.a FROM t x"][:2],
    ["SELECT t.a FROM t", "SELECT x.a FROM t x", 'SELECT "X".A FROM t "X"', "SELECT t.a FROM t t"],
    ["SELECT a AS b FROM t", "SELECT a b FROM t"],
    [
        "SELECT a FROM t WHERE b != 1",
        "SELECT a FROM t WHERE 1 <> b",
        "SELECT a FROM t WHERE b ^= 1",
    ],
    [
        "SELECT a FROM t WHERE b = 1 AND c < 2 AND d = 3",
        "SELECT a FROM t WHERE (3 = d) AND ((2 > c) AND b = 1)",
    ],
    [
        "SELECT x.a FROM t x JOIN u y ON x.id = y.id LEFT JOIN v z ON z.k = y.k",
        "SELECT p.a FROM t p INNER JOIN u q ON (q.id = p.id) LEFT OUTER JOIN v r ON q.k = r.k",
    ],
    ["SELECT a FROM t ORDER BY a ASC", "SELECT a FROM t ORDER BY a"],
    ["SELECT UNIQUE a FROM t", "SELECT DISTINCT a FROM t"],
    ["SELECT q'[it's]' FROM dual", "SELECT 'it''s' FROM dual"],
    ["SELECT a FROM ((SELECT a FROM t))", "SELECT a FROM (SELECT a FROM t)"],
    ["SELECT a FROM t UNION (SELECT b FROM u)", "(SELECT a FROM t) UNION SELECT b FROM u"],
    [
        "WITH q AS (SELECT a FROM t) SELECT q.a FROM q",
        "WITH sub AS (SELECT a FROM t) SELECT s.a FROM sub s",
    ],
    [
        "SELECT e.a FROM t e WHERE EXISTS (SELECT 1 FROM u d WHERE d.id = e.id)",
        "SELECT d.a FROM t d WHERE EXISTS (SELECT 1 FROM u e WHERE d.id = e.id)",
    ],
    ["SELECT (a + b) + (c * 2) FROM t", "SELECT a + b + c * 2 FROM t"],
    ["SELECT CASE WHEN 1 = a THEN (b) END FROM t", "SELECT CASE WHEN (a = 1) THEN b END FROM t"],
    ["SELECT a FROM t CONNECT BY PRIOR a = b", "SELECT a FROM t CONNECT BY b = PRIOR a"],
    ["SELECT a FROM t MINUS SELECT b FROM u", "SELECT a FROM t EXCEPT SELECT b FROM u"],
]


@pytest.mark.parametrize("spellings", SAME)
def test_spellings_of_one_query_agree(spellings: list[str]) -> None:
    assert len({canonical(sql) for sql in spellings}) == 1


DIFFERENT = [
    ["SELECT 'a' FROM t", "SELECT 'A' FROM t", "SELECT N'a' FROM t", "SELECT 'a ' FROM t"],
    ["SELECT 'a . b' FROM t", "SELECT 'a.b' FROM t", "SELECT 'a  .  b' FROM t"],
    ["SELECT a FROM t WHERE b = 'x AND y'", "SELECT a FROM t WHERE b = 'y AND x'"],
    ['SELECT "a" FROM t', "SELECT a FROM t"],
    ['SELECT "SYSTIMESTAMP" FROM t', "SELECT SYSTIMESTAMP FROM t"],
    ['SELECT "ROWNUM" FROM t', "SELECT ROWNUM FROM t"],
    ["SELECT a, b FROM t", "SELECT b, a FROM t"],
    ["SELECT a FROM t ORDER BY a, b", "SELECT a FROM t ORDER BY b, a"],
    ["SELECT a FROM t ORDER BY a DESC", "SELECT a FROM t ORDER BY a", "SELECT a FROM t"],
    ["SELECT a FROM t MINUS SELECT b FROM u", "SELECT b FROM u MINUS SELECT a FROM t"],
    ["SELECT a FROM t UNION SELECT b FROM u", "SELECT a FROM t UNION ALL SELECT b FROM u"],
    ["SELECT a - b FROM t", "SELECT b - a FROM t"],
    ["SELECT a - (b - c) FROM t", "SELECT a - b - c FROM t"],
    ["SELECT a / (b * c) FROM t", "SELECT a / b * c FROM t"],
    ["SELECT -(a + b) FROM t", "SELECT -a + b FROM t"],
    ["SELECT a FROM t WHERE b < 1", "SELECT a FROM t WHERE b > 1", "SELECT a FROM t WHERE b <= 1"],
    ["SELECT a FROM t WHERE b - c > 1", "SELECT a FROM t WHERE c - b > 1"],
    [
        "SELECT a FROM t WHERE (b = 1 OR c = 1) AND d = 1",
        "SELECT a FROM t WHERE b = 1 OR c = 1 AND d = 1",
        "SELECT a FROM t WHERE b = 1 AND (c = 1 OR d = 1)",
    ],
    ["SELECT a FROM t WHERE NOT (b = 1 AND c = 1)", "SELECT a FROM t WHERE NOT b = 1 AND c = 1"],
    [
        "SELECT a FROM t WHERE b BETWEEN 1 AND 2 AND c = 3",
        "SELECT a FROM t WHERE b BETWEEN 1 AND 3 AND c = 2",
        "SELECT a FROM t WHERE b BETWEEN 2 AND 1 AND c = 3",
    ],
    ["SELECT a FROM t WHERE (b, c) IN ((1, 2))", "SELECT a FROM t WHERE (c, b) IN ((1, 2))"],
    ["SELECT x.a FROM t x, u y", "SELECT y.a FROM t x, u y", "SELECT x.a FROM u y, t x"],
    [
        "SELECT e.a FROM t e WHERE EXISTS (SELECT 1 FROM u d WHERE d.id = e.id)",
        "SELECT e.a FROM t e WHERE EXISTS (SELECT 1 FROM u e WHERE e.id = e.id)",
    ],
    ["SELECT VALUE(p) FROM t p", "SELECT VALUE(p) FROM t q"],
    ["SELECT a FROM t WHERE b = c(+)", "SELECT a FROM t WHERE b(+) = c"],
    ["SELECT a FROM t CONNECT BY PRIOR a = b", "SELECT a FROM t CONNECT BY a = PRIOR b"],
    ["SELECT CAST(a AS FLOAT) FROM t", "SELECT CAST(a AS BINARY_FLOAT) FROM t"],
    ["SELECT COUNT(a) FROM t", "SELECT COUNT(DISTINCT a) FROM t", "SELECT COUNT(*) FROM t"],
    ["SELECT a FROM t LEFT JOIN u ON t.i = u.i", "SELECT a FROM t RIGHT JOIN u ON t.i = u.i"],
    ["SELECT DATE '2024-01-01' FROM t", "SELECT '2024-01-01' FROM t"],
    ["SELECT a FROM x.t", "SELECT a FROM t", "SELECT a FROM y.t"],
    [
        "WITH q AS (SELECT a FROM t), r AS (SELECT b FROM t) SELECT * FROM q",
        "WITH q AS (SELECT a FROM t), r AS (SELECT b FROM t) SELECT * FROM r",
    ],
    [
        "SELECT a FROM t WHERE b = ANY (SELECT c FROM u)",
        "SELECT a FROM t WHERE b = (SELECT c FROM u)",
    ],
    ["SELECT a FROM t1", "SELECT a FROM t2"],
    ["SELECT :a FROM t", "SELECT :b FROM t"],
    ["SELECT a b FROM t", "SELECT a c FROM t", "SELECT a FROM t"],
]


@pytest.mark.parametrize("queries", DIFFERENT)
def test_queries_that_differ_stay_apart(queries: list[str]) -> None:
    assert len({canonical(sql) for sql in queries}) == len(queries)


def test_a_schema_qualifies_bare_columns() -> None:
    schema = read_ddl(
        "CREATE TABLE emp (id NUMBER, name DATE, dep NUMBER); CREATE TABLE dept (no NUMBER, x DATE);",
        schema_id="s",
    )
    bare = "SELECT name, x FROM emp, dept d WHERE dep = no ORDER BY name"
    full = "SELECT emp.name, d.x FROM emp, dept d WHERE d.no = emp.dep ORDER BY emp.name"
    assert canonical(bare, schema) == canonical(full, schema)
    assert canonical(bare) != canonical(full)
    # SELECT's own names win in ORDER BY.
    assert canonical("SELECT -id AS name FROM emp ORDER BY name", schema) != canonical(
        "SELECT -id AS name FROM emp ORDER BY emp.name", schema
    )


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("", UNPARSED),
        ("delete from T -- x", UNPARSED + "DELETE FROM T"),
        ("select 'it", UNPARSED + "SELECT 'it"),
        ("select a from t model dimension by (a)", UNPARSED),
    ],
)
def test_text_that_does_not_parse_keeps_its_lexical_form(sql: str, expected: str) -> None:
    assert canonical(sql).startswith(expected)


@given(st.text(alphabet="SELECTFROMWHRselct ()*,.'\"-/;:1a=\nANDOR", max_size=50))
def test_never_raises(text: str) -> None:
    for prefix in ("", "SELECT ", "SELECT a FROM t WHERE "):
        assert canonical(prefix + text) == canonical(prefix + text)


def test_deep_nesting_is_no_error() -> None:
    assert canonical("SELECT " + "(" * 200 + "1" + ")" * 200 + " FROM dual").startswith(UNPARSED)


# --- meaning, asked of SQLite: what canonical() writes must compute what it was given --------------

COLUMNS = st.sampled_from(["x.a", "x.b", "y.c", "y.d"])


def numbers(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*"])
    return st.one_of(
        st.tuples(children, operators, children).map(" ".join),
        children.map(lambda inner: f"({inner})"),
        children.map(lambda inner: f"- ({inner})"),
    )


NUMBERS = st.recursive(st.one_of(COLUMNS, st.sampled_from(["1", "2", "3"])), numbers, max_leaves=5)
COMPARISONS = st.tuples(
    NUMBERS, st.sampled_from(["=", "<>", "!=", "<", ">", "<=", ">="]), NUMBERS
).map(" ".join)
PREDICATES = st.one_of(
    COMPARISONS,
    COLUMNS.map(lambda column: f"{column} IS NULL"),
    st.tuples(COLUMNS, NUMBERS, NUMBERS).map(lambda it: f"{it[0]} BETWEEN {it[1]} AND {it[2]}"),
    COMPARISONS.map(lambda inner: f"CASE WHEN {inner} THEN 1 ELSE 2 END = 1"),
    COMPARISONS.map(lambda inner: f"EXISTS (SELECT 1 FROM u x WHERE x.c > y.d AND {inner})"),
)


def conditions(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(children, st.sampled_from(["AND", "OR"]), children).map(" ".join),
        children.map(lambda inner: f"({inner})"),
        children.map(lambda inner: f"NOT ({inner})"),
    )


CONDITIONS = st.recursive(PREDICATES, conditions, max_leaves=6)


@pytest.fixture(scope="module")
def database() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript("CREATE TABLE t (a, b); CREATE TABLE u (c, d, a, b);")
        values = [None, 0, 1, 2, 3]
        connection.executemany("INSERT INTO t VALUES (?, ?)", itertools.product(values, values))
        connection.executemany(
            "INSERT INTO u VALUES (?, ?, ?, ?)", [(1, 2, 0, 3), (3, 1, 2, None), (None, 2, 1, 1)]
        )
        yield connection


@given(st.lists(NUMBERS, min_size=1, max_size=2), CONDITIONS)
@examples(300)
def test_the_canonical_text_computes_the_same(
    database: sqlite3.Connection, selected: list[str], condition: str
) -> None:
    sql = f"SELECT {', '.join(selected)} FROM t x JOIN u y ON x.a <> y.c WHERE {condition}"
    text = canonical(sql)
    assert not text.startswith(UNPARSED)
    assert canonical(text) == text
    assert sorted(map(repr, database.execute(text))) == sorted(map(repr, database.execute(sql)))


def test_a_text_that_was_read_before_is_no_other_query() -> None:
    guard = SQLGuardrail()
    texts = [
        "select a.name, b.id from t a join u b on b.id = a.id where a.id > 5 and b.x = 'y' -- why",
        'SELECT "ID" FROM T WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id) AND 3 < id',
        "WITH q AS (SELECT id FROM t) SELECT * FROM q x, q y WHERE y.id = x.id",
        "SELECT CASE WHEN x = :1 THEN 1 END FROM t ORDER BY 1",
    ]
    for text in texts:
        _, reading = guard.check_and_read(text)
        assert reading is not None
        assert canonical(text, reading=reading) == canonical(text)
        assert canonical(canonical(text)) == canonical(text)
