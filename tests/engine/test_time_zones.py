"""Columns with a time zone and of intervals: what is stored, shown, compared and refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database, IntervalYM, LoadError, UnsupportedSQL
from oracle_sft.sqltext.ddl import read_ddl
from tests.engine.library import CLOCK

_DDL = """CREATE TABLE calls (
  id     NUMBER(3),
  one    TIMESTAMP WITH TIME ZONE,
  many   TIMESTAMP(3) WITH TIME ZONE,
  here   TIMESTAMP WITH LOCAL TIME ZONE,
  took   INTERVAL DAY(3) TO SECOND(2),
  valid  INTERVAL YEAR TO MONTH
);"""
_ROWS: list[dict[str, object]] = [
    {
        "id": 1,
        "one": "2024-01-01 10:00:00 +02:00",
        "many": "2024-01-01 10:00:00 +02:00",
        "here": "2024-01-01 10:00:00",
        "took": "1 02:03:04.5",
        "valid": "1-2",
    },
    {
        "id": 2,
        "one": "2024-07-01 10:00:00.5+02:00",
        "many": "2024-07-01 10:00:00 Europe/London",
        "here": "2024-01-01 10:00:00Z",
        "took": "-1 02:03:04",
        "valid": "-1-2",
    },
    {"id": 3},
]
_TWO_HOURS = timezone(timedelta(hours=2))


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    schema = read_ddl(_DDL, schema_id="calls")
    opened = open_database(DatabaseSpec(schema=schema, rows={"CALLS": _ROWS}, clock=CLOCK))
    yield opened
    opened.close()


def test_values_are_aware_and_in_their_zone(database: Database) -> None:
    rows = database.query("SELECT one, many, here, took, valid FROM calls ORDER BY id").rows
    assert rows[0] == (
        datetime(2024, 1, 1, 10, tzinfo=_TWO_HOURS),
        datetime(2024, 1, 1, 8, tzinfo=UTC),
        datetime(2024, 1, 1, 10, tzinfo=UTC),
        timedelta(days=1, hours=2, minutes=3, seconds=4.5),
        IntervalYM(1, 2),
    )
    assert rows[1][1] == datetime(2024, 7, 1, 9, tzinfo=UTC), "London is in summer time"
    assert rows[1][3:] == (
        -timedelta(days=1, hours=2, minutes=3, seconds=4),
        IntervalYM(-1, -2),
    )
    assert rows[2] == (None,) * 5


def test_text_is_as_precise_as_the_column(database: Database) -> None:
    sql = "SELECT TO_CHAR(one), TO_CHAR(here), TO_CHAR(took), TO_CHAR(valid) FROM calls WHERE id = "
    assert database.query(sql + "1").rows[0] == (
        "01-JAN-24 10.00.00.000000 AM +02:00",
        "01-JAN-24 10.00.00.000000 AM",
        "+001 02:03:04.50",
        "+01-02",
    )
    assert database.query(sql + "2").rows[0][2:] == ("-001 02:03:04.00", "-01-02")


def test_moments_of_several_zones_compare_and_subtract(database: Database) -> None:
    sql = "SELECT one - many, EXTRACT(HOUR FROM many) FROM calls WHERE many < TIMESTAMP '2024-01-01 08:00:01 +00:00'"
    assert database.query(sql).rows == [(timedelta(0), 8)]


def test_the_time_of_several_zones_is_refused(database: Database) -> None:
    with pytest.raises(UnsupportedSQL, match="several"):
        database.query("SELECT TO_CHAR(many, 'HH24') FROM calls")


def test_a_zone_of_none_is_no_value() -> None:
    schema = read_ddl("CREATE TABLE t (a TIMESTAMP WITH TIME ZONE);", schema_id="t")
    rows = {"T": [{"a": "2024-01-01 10:00:00 Nowhere/City"}]}
    with pytest.raises(LoadError, match="ORA-01882"):
        open_database(DatabaseSpec(schema=schema, rows=rows))


@pytest.mark.parametrize(
    "value",
    [
        "TIMESTAMP '9999-12-31 23:00:00 -05:00'",
        "TIMESTAMP '0001-01-01 00:00:00 +05:00'",
        "TIMESTAMP '9999-12-31 23:00:00 America/New_York'",
        "FROM_TZ(TIMESTAMP '9999-12-31 23:00:00', '-10:00')",
        "FROM_TZ(TIMESTAMP '0001-01-01 01:00:00', '+00:00') AT TIME ZONE '-10:00'",
        "TO_CHAR(FROM_TZ(TIMESTAMP '9999-12-31 23:00:00', '+00:00') AT TIME ZONE '+10:00')",
        "TO_TIMESTAMP_TZ('9999-12-31 23 -05:00', 'YYYY-MM-DD HH24 TZH:TZM')",
        "TO_TIMESTAMP_TZ(text, 'YYYY-MM-DD HH24 TZH:TZM')",
        "SYS_EXTRACT_UTC(FROM_TZ(late, '-10:00'))",
        "SYS_EXTRACT_UTC(FROM_TZ(early, '+10:00'))",
        "TO_CHAR(FROM_TZ(late, '-10:00'))",
        "TO_CHAR(FROM_TZ(late, 'America/New_York'))",
        "TO_CHAR(FROM_TZ(late, '+00:00') AT TIME ZONE '+10:00', 'YYYY')",
        "CAST(FROM_TZ(late, '+00:00') AT TIME ZONE 'Asia/Tokyo' AS DATE)",
        "FROM_TZ(early, '+00:00') AT TIME ZONE '-10:00'",
    ],
)
def test_a_time_past_the_years_that_are_known_is_refused_by_name(
    database: Database, value: str
) -> None:
    source = (
        "(SELECT '9999-12-31 23 -05:00' AS text, TO_TIMESTAMP('9999-12-31 23', 'YYYY-MM-DD HH24') AS late,"
        " TO_TIMESTAMP('0001-01-01 01', 'YYYY-MM-DD HH24') AS early FROM calls WHERE id = 3)"
    )
    with pytest.raises(UnsupportedSQL, match="a time with a time zone out of the years 1 to 9999"):
        database.query(f"SELECT {value} AS x FROM {source}")
    assert database.query(f"SELECT FROM_TZ(late, '+10:00') AS x FROM {source}").rows


def test_a_moment_out_of_range_is_not_loaded() -> None:
    schema = read_ddl(_DDL, schema_id="calls")
    rows = {"CALLS": [{"id": 1, "one": "9999-12-31 23:00:00 -05:00"}]}
    with pytest.raises(LoadError, match=r"row 1, column ONE: .*years 1 to 9999"):
        open_database(DatabaseSpec(schema=schema, rows=rows))
