"""The embedded database: opening, limits, isolation, deadlines."""

import time
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.duckdb_database import DuckDBDatabase
from oracle_sft.engine.result import (
    Database,
    LoadError,
    OracleError,
    QueryTimeout,
    UnsupportedSQL,
)
from oracle_sft.engine.rewrite.rewriter import Rewriter
from oracle_sft.errors import UserError
from oracle_sft.sqltext.ddl import read_ddl

SCHEMA = read_ddl("CREATE TABLE t (id NUMBER(8) PRIMARY KEY, d DATE)", schema_id="one")


def test_an_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(UserError, match=r"'sqlite' is not known; known: duckdb, oracle"):
        open_database(DatabaseSpec(kind="sqlite", schema=SCHEMA, rows={}))
    with pytest.raises(UserError, match="needs a login"):
        open_database(DatabaseSpec(kind="oracle", schema=SCHEMA, rows={}))


def test_types_and_values(database: Database) -> None:
    result = database.query(
        "SELECT fee, email, code, joined, SYSTIMESTAMP AS now, NULL AS nothing, fee / 7 AS part "
        "FROM members JOIN branches b USING (branch_id) WHERE member_id = 10"
    )
    assert result.types == (
        *("NUMBER", "VARCHAR2", "CHAR", "DATE", "TIMESTAMP WITH TIME ZONE", "VARCHAR2", "NUMBER"),
    )
    assert result.inexact == (False, False, False, False, False, False, True)
    fee, _, code, joined, now, nothing, _ = result.rows[0]
    assert (fee, code, joined, nothing) == (Decimal(30), "CE  ", datetime(2020, 1, 31), None)
    assert str(fee) == "30", "no trailing zeros of the column's scale"
    assert now == datetime(2026, 3, 15, 14, 30, tzinfo=UTC)


def test_the_clock_runs_when_it_is_not_fixed() -> None:
    opened = open_database(DatabaseSpec(schema=SCHEMA, rows={}))
    said = opened.query("SELECT SYSDATE FROM dual").rows[0][0]
    opened.close()
    assert isinstance(said, datetime)
    assert abs((datetime.now() - said).total_seconds()) < 60


def test_the_version_reaches_the_rewriter() -> None:
    opened = DuckDBDatabase(SCHEMA, {}, oracle_version="23ai")
    assert opened.rewriter(Rewriter).oracle_version == "23ai"
    opened.close()


def test_rows_beyond_the_limit_are_cut_and_said(database: Database) -> None:
    result = database.query("SELECT loan_id FROM loans ORDER BY loan_id", max_rows=3)
    assert result.truncated
    assert [row[0] for row in result.rows] == [1, 2, 3]
    assert not database.query("SELECT loan_id FROM loans", max_rows=8).truncated


def test_a_runaway_query_is_stopped_and_the_next_one_runs(database: Database) -> None:
    tables = ", ".join(f"loans l{number}" for number in range(16))
    total = " + ".join(f"l{number}.loan_id" for number in range(16))
    endless = f"SELECT COUNT(*) FROM {tables} WHERE MOD({total}, 1000) = 999"
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"0\.2 s"):
        database.query(endless, timeout_seconds=0.2)
    assert time.monotonic() - started < 5
    assert database.query("SELECT 1 AS x FROM dual").rows == [(Decimal(1),)]


def test_an_endless_hierarchy_is_stopped(database: Database) -> None:
    with pytest.raises(QueryTimeout):
        database.query("SELECT COUNT(*) FROM genres CONNECT BY 1 = 1", timeout_seconds=0.3)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM duckdb_settings()",
        "SELECT getenv('HOME') FROM dual",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM t.members",
        "ATTACH 'x.db'",
        "COPY members TO 'x.csv'",
        "SET threads = 8",
        "PRAGMA database_list",
        "SELECT error('ORA-00001: fake') FROM dual",
    ],
)
def test_duckdb_cannot_be_reached(database: Database, sql: str) -> None:
    with pytest.raises((OracleError, UnsupportedSQL)):
        database.query(sql)


def test_the_connection_itself_is_locked(database: Database) -> None:
    connection = database._connection  # type: ignore[attr-defined]
    for statement in (
        "SET enable_external_access = true",
        "SELECT * FROM read_text('/etc/passwd')",
    ):
        with pytest.raises(Exception, match=r"(?i)locked|disabled|cannot"):
            connection.execute(statement)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT " + "(" * 3000 + "1" + ")" * 3000 + " FROM dual", "nested too deeply"),
        ("SELECT " + "ABS(" * 400 + "1" + ")" * 400 + " FROM dual", "nested too deeply"),
        ("SELECT " + "+".join(["1"] * 3000) + " FROM dual", "nested this deeply"),
        ("SELECT " + "+".join(["1"] * 150_000) + " FROM dual", "longer than"),
    ],
)
def test_a_query_that_is_too_much_for_the_parser_is_no_error_of_oracle(
    database: Database, sql: str, said: str
) -> None:
    with pytest.raises(UnsupportedSQL, match=said):
        database.query(sql)


def test_half_a_surrogate_pair_is_no_text(database: Database) -> None:
    with pytest.raises(UnsupportedSQL, match="half a surrogate pair"):
        database.query("SELECT '\ud800' AS x FROM dual")


def test_rows_that_do_not_fit_leave_no_connection_behind() -> None:
    with pytest.raises(LoadError, match="table T, row 2, column ID: 'x': not a number"):
        open_database(DatabaseSpec(schema=SCHEMA, rows={"t": [{"id": 1}, {"id": "x"}]}))


def test_numbering_keeps_the_order_of_a_sorted_view() -> None:
    rows = [{"id": number * 7919 % 20011} for number in range(20011)]
    opened = open_database(DatabaseSpec(schema=SCHEMA, rows={"T": rows}))
    wrong = opened.query(
        "SELECT COUNT(*) AS n FROM (SELECT ROWNUM AS r, id FROM (SELECT id FROM t ORDER BY id))"
        " WHERE r <> id + 1"
    )
    first = opened.query("SELECT id FROM (SELECT id FROM t ORDER BY id DESC) WHERE ROWNUM <= 2")
    opened.close()
    assert wrong.rows == [(Decimal(0),)]
    assert first.rows == [(Decimal(20010),), (Decimal(20009),)]


def test_thousands_of_rows_load_quickly() -> None:
    rows = [{"id": number, "d": "2024-02-29 12:00:00"} for number in range(6000)]
    started = time.process_time()
    opened = open_database(DatabaseSpec(schema=SCHEMA, rows={"T": rows}))
    spent = time.process_time() - started
    assert opened.query("SELECT COUNT(*) FROM t").rows == [(Decimal(6000),)]
    opened.close()
    assert spent < 1
