"""Oracle's types, constraints and computed columns, as they are loaded."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from oracle_sft.engine.database import DatabaseSpec
from oracle_sft.engine.duckdb_database import DuckDBDatabase
from oracle_sft.engine.result import IntervalYM, LoadError, OracleError, UnsupportedSQL, Value
from oracle_sft.sqltext.ddl import read_ddl


def opened(ddl: str, rows: list[dict[str, Any]], **more: list[dict[str, Any]]) -> DuckDBDatabase:
    spec = DatabaseSpec(schema=read_ddl(ddl, schema_id="s"), rows={"t": rows, **more})
    return DuckDBDatabase(spec.schema, spec.rows)


def stored(type_: str, *values: object) -> list[Value]:
    database = opened(
        f"CREATE TABLE t (n INTEGER, a {type_})",
        [{"n": number, "a": value} for number, value in enumerate(values)],
    )
    found = [row[0] for row in database.query("SELECT a FROM t ORDER BY n").rows]
    database.close()
    return found


def refused(type_: str, value: object) -> str:
    with pytest.raises(LoadError) as raised:
        stored(type_, value)
    return str(raised.value)


# --- numbers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "value", "kept"),
    [
        ("NUMBER(5,2)", "123.455", "123.46"),
        ("NUMBER(5,2)", "-123.455", "-123.46"),
        ("NUMBER(5,-2)", "1234550", "1234600"),
        ("NUMBER(5,-2)", 49, "0"),
        ("NUMBER(2,4)", "0.0099", "0.0099"),
        ("NUMBER(2,4)", "0.00123", "0.0012"),
        ("NUMBER(38,10)", "1234567890123456789012345678.0123456789", None),
        ("NUMBER(*,2)", "0.005", "0.01"),
        ("NUMBER", "1e-10", "0.0000000001"),
        ("NUMBER", "123456789012345678901234567890.12345678", None),
        ("INTEGER", "2.5", "3"),
        ("SMALLINT", "-2.5", "-3"),
        ("DECIMAL", "7.6", "8"),
        ("NUMERIC(4,1)", "7.65", "7.7"),
        # FLOAT(5) keeps two decimal digits, as in Oracle's documentation.
        ("FLOAT(5)", "1.23", "1.2"),
        ("FLOAT(5)", "7.89", "7.9"),
        ("FLOAT(5)", "12.79", "13"),
        ("FLOAT(5)", "123.45", "120"),
        ("FLOAT", "0.1", "0.1"),
        ("REAL", "12345678901234567890.5", "12345678901234567890"),
        ("DOUBLE PRECISION", "1.5", "1.5"),
    ],
)
def test_numbers_are_exact(type_: str, value: object, kept: str | None) -> None:
    (found,) = stored(type_, value)
    assert isinstance(found, Decimal)
    assert f"{found:f}" == (kept or value)


@pytest.mark.parametrize(
    ("type_", "value", "said"),
    [
        ("NUMBER(5,2)", "1000", "ORA-01438"),
        ("NUMBER(5,2)", "999.995", "ORA-01438"),
        ("NUMBER(5,-2)", "9999950", "ORA-01438"),
        ("NUMBER(2,4)", "0.01", "ORA-01438"),
        ("NUMBER(39)", "1", "ORA-01727"),
        ("NUMBER(5,-85)", "1", "ORA-01728"),
        ("FLOAT(127)", "1", "ORA-01724"),
        ("NUMBER", "1e200", "more than 38 digits"),
        ("BINARY_DOUBLE", "1e400", "ORA-01426"),
        ("BINARY_FLOAT", "1e39", "ORA-01426"),
        ("BINARY_DOUBLE", "x", "not a number"),
        ("BINARY_DOUBLE", "1_0", "not a number"),
        ("NUMBER(5)", "1_000", "not a number"),
        ("NUMBER", "１２", "not a number"),
        ("NUMBER", "Infinity", "not a number"),
    ],
)
def test_a_number_that_does_not_fit_is_refused(type_: str, value: str, said: str) -> None:
    assert said in refused(type_, value)


def test_a_number_without_precision_has_the_scale_of_its_values() -> None:
    found = stored("NUMBER", "1", "0.125", "-1000.5", None, 2.5)
    assert found == [Decimal(1), Decimal("0.125"), Decimal("-1000.5"), None, Decimal("2.5")]
    assert "more than 38 digits together" in refused("NUMBER", "1" * 30 + "." + "1" * 10)


def test_binary_doubles_have_what_is_no_number() -> None:
    found = stored("BINARY_DOUBLE", "NaN", "-inf", "Infinity", 0.1, "-0.0")
    assert isinstance(found[0], float)
    assert math.isnan(found[0])
    assert found[1:4] == [-math.inf, math.inf, 0.1]
    assert str(found[4]) == "0.0", "Oracle has no negative zero"
    assert stored("BINARY_FLOAT", "0.1") == [0.10000000149011612]


# --- text, dates, intervals -----------------------------------------------------------------------


def test_char_is_padded_in_its_own_unit() -> None:
    assert stored("CHAR(4 CHAR)", "äö", "") == ["äö  ", None]
    assert stored("CHAR(5 BYTE)", "äö") == ["äö "]
    assert stored("NCHAR(3)", "ä") == ["ä  "]
    assert stored("CHAR", "x") == ["x"]
    assert "actual: 4, maximum: 3); VARCHAR2(3 CHAR) would count" in refused("VARCHAR2(3)", "äö")
    assert refused("VARCHAR2(3)", "abcd").endswith("(actual: 4, maximum: 3)")
    assert "half of a surrogate pair" in refused("CLOB", "\ud800")
    assert len(refused("VARCHAR2(3)", "x" * 5000)) < 200
    for value in (datetime(2024, 2, 29), b"a", timedelta(1), True):
        assert "no text; write it as a string" in refused("VARCHAR2(30)", value)
    for type_ in ("VARCHAR2(32768)", "CHAR(2001)", "NCHAR(2001)"):
        assert "ORA-00910: specified length too long" in refused(type_, "x")
    assert "ORA-01723: zero-length column" in refused("VARCHAR2(0)", "x")
    assert stored("VARCHAR2(2 CHAR)", "äö") == ["äö"]
    assert stored("NVARCHAR2(2)", "äö") == ["äö"]


def test_seconds_keep_the_digits_of_their_column() -> None:
    moment = datetime(2024, 2, 29, 10, 0, 0, 123456)
    assert stored("TIMESTAMP", "2024-02-29 10:00:00.123456") == [moment]
    assert stored("TIMESTAMP(9)", "2024-02-29T10:00:00.123456000") == [moment]
    assert "at most 6 digits" in refused("TIMESTAMP(9)", "2024-02-29 10:00:00.123456789")
    assert "more than 3 digits" in refused("TIMESTAMP(3)", "2024-02-29 10:00:00.1234")
    assert "has no fractions" in refused("DATE", "2024-02-29 10:00:00.5")
    assert "with a time zone" in refused("TIMESTAMP", "2024-02-29 10:00:00+02:00")
    zoned = datetime(2024, 2, 29, 10, tzinfo=UTC)
    assert "A: 2024-02-29 10:00:00+00:00: a date with a time zone" in refused("DATE", zoned)
    for odd in ("20240229", "2024-W09-4", "2024-02-30", "2024-02-29 25:00:00", "x"):
        assert "not a date" in refused("DATE", odd)
    assert stored("DATE", "2024-02-29", "2024-02-29 23:59:59") == [
        datetime(2024, 2, 29),
        datetime(2024, 2, 29, 23, 59, 59),
    ]


@pytest.mark.parametrize("kind", ["TIME ZONE", "LOCAL TIME ZONE"])
@pytest.mark.parametrize("size", ["", "(3)"])
def test_times_with_a_zone_are_moments(kind: str, size: str) -> None:
    (moment,) = stored(f"TIMESTAMP{size} WITH {kind}", "2024-02-29 10:00:00.25 +02:00")
    assert isinstance(moment, datetime)
    assert moment.astimezone(UTC) == datetime(2024, 2, 29, 8, 0, 0, 250000, UTC)


def test_intervals() -> None:
    assert stored("INTERVAL YEAR TO MONTH", "+02-06", "-1-1", None) == [
        IntervalYM(2, 6),
        IntervalYM(-1, -1),
        None,
    ]
    assert stored("INTERVAL DAY(3) TO SECOND(2)", "-100 01:02:03.25", timedelta(days=1)) == [
        -timedelta(days=100, hours=1, minutes=2, seconds=3.25),
        timedelta(days=1),
    ]
    assert "ORA-01873" in refused("INTERVAL YEAR TO MONTH", "+100-00")
    assert "ORA-01873" in refused("INTERVAL DAY TO SECOND", "100 00:00:00")
    assert "expected +YY-MM" in refused("INTERVAL YEAR TO MONTH", "1-12")
    assert "expected +DD" in refused("INTERVAL DAY TO SECOND", "1 24:00:00")


# --- what is not stored ---------------------------------------------------------------------------


def test_a_column_of_an_unknown_type_cannot_be_read_and_is_noted() -> None:
    ddl = "CREATE TABLE t (id NUMBER(4), doc XMLTYPE, place MDSYS.SDO_GEOMETRY, old LONG RAW)"
    database = opened(ddl, [{"id": 1, "doc": "<a/>"}, {"id": 2}])
    assert [note.split(" is left out")[0] for note in database.notes] == [
        "column T.DOC",
        "column T.PLACE",
        "column T.OLD",
    ]
    assert database.query("SELECT id FROM t ORDER BY id").rows == [(1,), (2,)]
    assert database.query("SELECT COUNT(*) FROM t").rows == [(2,)]
    for sql in (
        "SELECT doc FROM t",
        "SELECT * FROM t",
        "SELECT t.* FROM t",
        "SELECT id FROM t WHERE doc IS NULL",
        "SELECT COUNT(doc) FROM t",
        "SELECT id FROM t x WHERE EXISTS (SELECT 1 FROM t WHERE x.doc = doc)",
    ):
        with pytest.raises(UnsupportedSQL, match="column DOC, of type XMLTYPE"):
            database.query(sql)
    database.close()


def test_a_table_of_unknown_types_only_still_has_its_rows() -> None:
    database = opened("CREATE TABLE t (doc XMLTYPE)", [{"doc": "<a/>"}, {"doc": None}])
    assert database.query("SELECT COUNT(*) FROM t").rows == [(2,)]
    database.close()


# --- computed columns -----------------------------------------------------------------------------


def test_a_virtual_column_is_computed_in_its_type_and_place() -> None:
    ddl = """CREATE TABLE t (
      a NUMBER(4), total NUMBER(6,1) AS (a * 1.25) VIRTUAL, name VARCHAR2(9) AS ('n' || a), b NUMBER(4)
    )"""
    database = opened(ddl, [{"a": 1, "b": 7}, {"a": None, "b": 8}])
    result = database.query("SELECT * FROM t ORDER BY b")
    database.close()
    assert result.columns == ("A", "TOTAL", "NAME", "B")
    assert result.rows == [(1, Decimal("1.3"), "n1", 7), (None, None, "n", 8)]


def test_a_virtual_column_that_divides_is_inexact() -> None:
    ddl = "CREATE TABLE t (a NUMBER(4), third NUMBER AS (a / 3), twice NUMBER AS (a * 2))"
    database = opened(ddl, [{"a": 1}])
    assert database.query("SELECT a, third, twice FROM t").inexact == (False, True, False)
    database.close()


def test_a_virtual_column_that_cannot_be_computed_is_left_out() -> None:
    ddl = "CREATE TABLE t (a NUMBER(4), b NUMBER(4) AS (my_function(a)))"
    database = opened(ddl, [{"a": 1}])
    assert "column T.B is left out" in database.notes[0]
    with pytest.raises(UnsupportedSQL, match="column B"):
        database.query("SELECT * FROM t")
    database.close()


def test_no_row_brings_a_value_for_a_virtual_column() -> None:
    with pytest.raises(LoadError, match="row 1: ORA-54013: column B is virtual"):
        opened("CREATE TABLE t (a NUMBER(4), b NUMBER(4) AS (a + 1))", [{"a": 1, "b": 2}])


# --- constraints ----------------------------------------------------------------------------------


def test_broken_foreign_keys_and_checks_are_noted() -> None:
    ddl = """
    CREATE TABLE p (id NUMBER(4) PRIMARY KEY);
    CREATE TABLE t (
      id NUMBER(4) CHECK (id > 0), p_id NUMBER(4) REFERENCES p, kind CHAR(1),
      CHECK (kind IN ('a', 'b')), CONSTRAINT odd CHECK (my_function(id) = 1)
    );
    """
    rows = [
        {"id": 1, "p_id": 1, "kind": "a"},
        {"id": None, "p_id": None, "kind": None},
        {"id": -3, "p_id": 9, "kind": "c"},
        {"id": -4, "p_id": 8, "kind": "b"},
    ]
    database = opened(ddl, rows, p=[{"id": 1}])
    assert list(database.notes[:3]) == [
        "table T: ORA-02291: 2 rows have no P for (P_ID); the first is row 3",
        "table T: ORA-02290: 2 rows against CHECK (id > 0)",
        "table T: ORA-02290: 1 row against CHECK (kind IN ('a', 'b'))",
    ]
    assert database.notes[3].startswith("table T: not checked: CHECK (my_function(id) = 1): ")
    assert len(database.notes) == 4
    database.close()


def test_a_part_of_a_unique_key_that_is_null_is_a_value() -> None:
    ddl = "CREATE TABLE t (a NUMBER(4), b NUMBER(4), UNIQUE (a, b))"
    opened(ddl, [{"a": None, "b": None}, {"a": None, "b": None}]).close()
    with pytest.raises(LoadError, match=r"row 2, column A, B: ORA-00001: \(1, None\)"):
        opened(ddl, [{"a": 1, "b": None}, {"a": 1, "b": None}])


# --- CLOBs ----------------------------------------------------------------------------------------

NOTES = "CREATE TABLE t (id NUMBER(4), body CLOB, name VARCHAR2(10))"
NOTE_ROWS = [{"id": 1, "body": "long text", "name": "a"}, {"id": 2, "body": "", "name": "b"}]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM t WHERE body = 'x'",
        "SELECT id FROM t WHERE body IN ('x', 'y')",
        "SELECT id FROM t WHERE body BETWEEN 'a' AND 'b'",
        "SELECT id FROM t WHERE NVL(body, 'x') = name",
        "SELECT id FROM t a WHERE EXISTS (SELECT 1 FROM t b WHERE a.body = b.body)",
        "SELECT DISTINCT body FROM t",
        "SELECT body, COUNT(*) FROM t GROUP BY body",
        "SELECT id FROM t ORDER BY body",
        "SELECT body FROM t ORDER BY 1",
        "SELECT body AS b FROM t ORDER BY b",
        "SELECT body FROM t UNION SELECT body FROM t",
        "SELECT body FROM t MINUS SELECT name FROM t",
        "SELECT COUNT(DISTINCT body) FROM t",
        "SELECT MAX(body) FROM t",
        "SELECT ROW_NUMBER() OVER (ORDER BY body) FROM t",
        "SELECT ROW_NUMBER() OVER (PARTITION BY body ORDER BY id) FROM t",
        "SELECT CASE body WHEN 'x' THEN 1 END FROM t",
        "SELECT NULLIF(body, 'x') FROM t",
    ],
)
def test_nothing_is_compared_with_a_clob(sql: str) -> None:
    database = opened(NOTES, NOTE_ROWS)
    with pytest.raises(OracleError, match="ORA-00932: inconsistent datatypes: expected - got CLOB"):
        database.query(sql)
    database.close()


def test_a_clob_is_text_otherwise() -> None:
    database = opened(NOTES, NOTE_ROWS)
    result = database.query(
        "SELECT body, LENGTH(body) AS n, SUBSTR(body, 1, 4) AS s, body || '!' AS e, NVL(body, 'none') AS f "
        "FROM t ORDER BY id"
    )
    assert result.types[0] == "CLOB"
    assert result.rows == [
        ("long text", Decimal(9), "long", "long text!", "long text"),
        (None, None, None, "!", "none"),
    ]
    for condition, ids in (("body LIKE '%text'", [1]), ("body IS NULL", [2])):
        rows = database.query(f"SELECT id FROM t WHERE {condition}").rows
        assert [row[0] for row in rows] == ids
    both = "SELECT body FROM t UNION ALL SELECT TO_CLOB(name) FROM t"
    assert len(database.query(both).rows) == 4
    assert database.query("SELECT COUNT(body) FROM t").rows == [(Decimal(1),)]
    database.close()


# --- RAW ------------------------------------------------------------------------------------------

KEYS = "CREATE TABLE t (id RAW(4) PRIMARY KEY, name VARCHAR2(10), up RAW(4) REFERENCES t)"
KEY_ROWS: list[dict[str, Any]] = [
    {"id": "0a", "name": "a"},
    {"id": b"\xff\x01", "name": "FF01", "up": "0A"},
]


def test_raw_values_are_bytes_given_in_hexadecimal() -> None:
    assert stored("RAW(4)", "0aFF", "abc", b"\x00", "") == [b"\x0a\xff", b"\x0a\xbc", b"\x00", None]
    assert "actual: 5, maximum: 4" in refused("RAW(4)", "0102030405")
    assert "ORA-01465" in refused("RAW(4)", "xy")
    assert "ORA-01465" in refused("RAW(4)", 12)
    with pytest.raises(LoadError, match="ORA-00001"):
        opened(KEYS, [{"id": "0a"}, {"id": b"\x0a"}])


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        # Text is taken as hexadecimal digits where it meets a RAW, and a RAW as its digits elsewhere.
        ("SELECT name FROM t WHERE id = '0A'", [("a",)]),
        ("SELECT name FROM t WHERE id = '0a'", [("a",)]),
        ("SELECT name FROM t WHERE id = 'A'", [("a",)]),
        ("SELECT name FROM t WHERE id = HEXTORAW('0a')", [("a",)]),
        ("SELECT name FROM t WHERE id IN ('ff01', '00')", [("FF01",)]),
        ("SELECT id FROM t WHERE id > '0A'", [(b"\xff\x01",)]),
        ("SELECT p.name FROM t c JOIN t p ON c.up = p.id", [("a",)]),
        ("SELECT RAWTOHEX(id) || '!' AS x FROM t ORDER BY id", [("0A!",), ("FF01!",)]),
        ("SELECT id || '!' AS x FROM t ORDER BY id DESC", [("FF01!",), ("0A!",)]),
        ("SELECT LENGTH(id) AS n FROM t ORDER BY 1", [(Decimal(2),), (Decimal(4),)]),
        ("SELECT MAX(id), COUNT(DISTINCT up) FROM t", [(b"\xff\x01", Decimal(1))]),
        ("SELECT NVL(up, '00') FROM t ORDER BY id", [(b"\x00",), (b"\x0a",)]),
        ("SELECT RAWTOHEX('AB') FROM dual", [("4142",)]),
        ("SELECT HEXTORAW(NULL) FROM dual", [(None,)]),
    ],
)
def test_raw_and_text(sql: str, rows: list[tuple[Value, ...]]) -> None:
    database = opened(KEYS, KEY_ROWS)
    assert database.query(sql).rows == rows
    database.close()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT name FROM t WHERE id = 'xy'", "ORA-01465: invalid hex number"),
        (
            "SELECT a.name FROM t a JOIN t b ON a.id = b.name || 'z'",
            "ORA-01465: invalid hex number",
        ),
        ("SELECT name FROM t WHERE id = 10", "ORA-00932: inconsistent datatypes: expected BINARY"),
        ("SELECT id + 1 FROM t", "ORA-00932: inconsistent datatypes: expected NUMBER got BINARY"),
        ("SELECT id FROM t UNION SELECT name FROM t", "ORA-01790"),
        ("SELECT HEXTORAW('0g') FROM dual", "ORA-01465"),
        ("SELECT HEXTORAW() FROM dual", "ORA-00909"),
    ],
)
def test_raw_and_other_types(sql: str, said: str) -> None:
    database = opened(KEYS, KEY_ROWS)
    with pytest.raises(OracleError, match=said):
        database.query(sql)
    database.close()
