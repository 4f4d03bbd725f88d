"""`OracleDatabase`: the driver's connections are stubs here, for no licensed server can exist on this machine.

What is held is the order of the calls and what becomes of each error. What a server answers is in
the test marked `oracle`, which asks a real one.
"""

import os
import pickle
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import oracledb
import pytest

from oracle_sft.engine.compare import compare
from oracle_sft.engine.database import DatabaseSpec
from oracle_sft.engine.oracle_database import SESSION_SETTINGS, OracleDatabase
from oracle_sft.engine.oracle_driver import OracleLogin
from oracle_sft.engine.result import (
    IntervalYM,
    OracleError,
    QueryTimeout,
    ResultSet,
    UnsupportedSQL,
)
from oracle_sft.engine.workers import WorkerDatabase
from oracle_sft.errors import EnvironmentFault
from oracle_sft.sqltext.schema import Schema
from tests.engine.driver_stub import Column, Connection, connections, unused_port

LOGIN = OracleLogin(dsn="db/x", user="reader", password="secret", current_schema="HR")
QUERY = "SELECT id FROM staff"


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> list[Connection]:
    return connections(monkeypatch)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[..., ResultSet]:
    """A database of one column; gives what a query gives."""

    def answer(type_code: Any, *values: Any) -> ResultSet:
        connection = Connection()
        connection.description = [Column("X", type_code)]
        connection.rows = [(value,) for value in values]
        connections(monkeypatch, connection)
        return OracleDatabase(LOGIN).query(QUERY)

    return answer


def test_a_query_runs_read_only_in_a_pinned_session_and_is_rolled_back(
    servers: list[Connection],
) -> None:
    database = OracleDatabase(LOGIN)
    result = database.query(QUERY + " ;\n/\n", timeout_seconds=2.5, max_rows=3)
    (server,) = servers
    settings = [f"ALTER SESSION SET {name} = '{value}'" for name, value in SESSION_SETTINGS]
    assert server.calls == [
        *settings, "SET TRANSACTION READ ONLY", QUERY, "fetchmany 4", "rollback",
    ]  # fmt: skip
    assert settings.index("ALTER SESSION SET NLS_TERRITORY = 'AMERICA'") < settings.index(
        "ALTER SESSION SET NLS_DATE_FORMAT = 'DD-MON-RR'"
    )
    assert (server.call_timeout, server.current_schema) == (2500, "HR")
    assert (result.columns, result.types) == (("ID",), ("NUMBER",))
    assert result.rows == [(Decimal(0),), (Decimal(1),), (Decimal(2),)]
    assert result.truncated
    assert not database.query(QUERY, max_rows=5).truncated
    assert len(servers) == 1, "the connection is kept"
    database.close()
    assert server.closed


def test_numbers_are_decimals_and_lobs_are_text(servers: list[Connection]) -> None:
    OracleDatabase(LOGIN)
    assert oracledb.defaults.fetch_decimals
    assert not oracledb.defaults.fetch_lobs


def test_values_and_types(answering: Callable[..., ResultSet]) -> None:
    moment = datetime(2024, 2, 29, 10, 0, 0, 5)
    for type_code, family, value, kept in (
        (oracledb.DB_TYPE_VARCHAR, "VARCHAR2", "", None),
        (oracledb.DB_TYPE_CHAR, "CHAR", "a  ", "a  "),
        (oracledb.DB_TYPE_CLOB, "CLOB", "long", "long"),
        (oracledb.DB_TYPE_DATE, "DATE", moment, moment),
        (oracledb.DB_TYPE_TIMESTAMP, "TIMESTAMP", moment, moment),
        (oracledb.DB_TYPE_BINARY_FLOAT, "BINARY_FLOAT", 0.5, 0.5),
        (oracledb.DB_TYPE_RAW, "RAW", b"\x01", b"\x01"),
        (oracledb.DB_TYPE_INTERVAL_DS, "INTERVAL DAY TO SECOND", timedelta(1), timedelta(1)),
        (
            oracledb.DB_TYPE_INTERVAL_YM,
            "INTERVAL YEAR TO MONTH",
            oracledb.IntervalYM(2, 6),
            IntervalYM(2, 6),
        ),
    ):
        result = answering(type_code, value, None)
        assert (result.types, result.rows) == ((family,), [(kept,), (None,)])


def test_a_number_that_fills_all_its_digits_was_rounded(
    answering: Callable[..., ResultSet],
) -> None:
    third = Decimal("0." + "3" * 40)
    key, price = Decimal("1" * 38), Decimal("12345678901234567890.1234567890")
    assert answering(oracledb.DB_TYPE_NUMBER, Decimal(1), None, third).inexact == (True,)
    assert answering(oracledb.DB_TYPE_NUMBER, key, None, price).inexact == (False,)
    tripled = answering(oracledb.DB_TYPE_NUMBER, Decimal("0." + "9" * 40))
    assert compare(answering(oracledb.DB_TYPE_NUMBER, Decimal(1)), tripled, ordered=False).equal


@pytest.mark.parametrize(
    ("type_code", "said"),
    [
        (oracledb.DB_TYPE_TIMESTAMP_TZ, "column X of type TIMESTAMP TZ as a result"),
        (oracledb.DB_TYPE_OBJECT, "column X of type OBJECT as a result"),
        (oracledb.DB_TYPE_JSON, "column X of type JSON as a result"),
    ],
)
def test_a_type_that_loses_something_on_the_way_is_no_result(
    answering: Callable[..., ResultSet], type_code: Any, said: str
) -> None:
    with pytest.raises(UnsupportedSQL, match=said):
        answering(type_code, None)


def test_an_error_of_the_statement_is_oracles(servers: list[Connection]) -> None:
    database = OracleDatabase(LOGIN)
    with pytest.raises(OracleError) as refused:
        database.query("SELECT 1 FROM nowhere")
    assert (refused.value.code, refused.value.message) == (
        "ORA-00942",
        "table or view does not exist",
    )
    assert servers[0].calls[-1] == "rollback"
    database.query(QUERY)
    assert len(servers) == 1


@pytest.mark.parametrize("table", ["killed", "broken"])
def test_a_fault_of_the_connection_is_no_error_of_the_statement(
    servers: list[Connection], table: str
) -> None:
    database = OracleDatabase(LOGIN)
    with pytest.raises(EnvironmentFault, match="db/x: "):
        database.query(f"SELECT 1 FROM {table}")
    assert servers[0].closed
    database.query(QUERY)
    assert len(servers) == 2, "the next query connects again"


@pytest.mark.parametrize("table", ["slow", "hangs"])
def test_a_query_that_takes_too_long_is_cancelled(servers: list[Connection], table: str) -> None:
    database = OracleDatabase(LOGIN)
    with pytest.raises(QueryTimeout, match=r"stopped after 0\.1 s"):
        database.query(f"SELECT 1 FROM {table}", timeout_seconds=0.1)
    assert servers[0].cancelled.is_set() == (table == "slow")
    assert servers[0].closed
    database.query(QUERY)
    assert len(servers) == 2


def test_a_connection_that_cannot_roll_back_is_given_up(servers: list[Connection]) -> None:
    database = OracleDatabase(LOGIN)
    database.query(QUERY)
    servers[0].fault_of["rollback"] = "broken"
    assert database.query(QUERY).rows
    assert servers[0].closed
    database.query(QUERY)
    assert len(servers) == 2


@pytest.mark.parametrize(
    "sql", ["DROP TABLE t", "/* SELECT */ BEGIN NULL; END;", "", '"SELECT" 1', "EXPLAIN PLAN FOR x"]
)
def test_nothing_but_a_query_reaches_the_database(servers: list[Connection], sql: str) -> None:
    with pytest.raises((UnsupportedSQL, OracleError)):
        OracleDatabase(LOGIN).query(sql)
    assert servers == []


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(LOGIN)
    spec = DatabaseSpec(kind="oracle", schema=Schema(id="", tables=()), rows={}, oracle=LOGIN)
    assert "secret" not in repr(spec)
    assert pickle.loads(pickle.dumps(spec)).oracle.password == "secret"


def test_an_address_without_a_listener_is_a_fault_in_a_worker_too() -> None:
    login = OracleLogin(dsn=f"127.0.0.1:{unused_port()}/x", user="u", password="secret")
    spec = DatabaseSpec(kind="oracle", schema=Schema(id="", tables=()), rows={}, oracle=login)
    database = WorkerDatabase(spec)
    with pytest.raises(EnvironmentFault, match=r"cannot connect to 127\.0\.0\.1") as raised:
        database.query(QUERY, timeout_seconds=20)
    database.close()
    assert "secret" not in str(raised.value)


# --- a real database ------------------------------------------------------------------------------


@pytest.mark.oracle
def test_a_real_database() -> None:
    login = OracleLogin(
        dsn=os.environ["ORACLE_SFT_TEST_DSN"],
        user=os.environ["ORACLE_SFT_TEST_USER"],
        password=os.environ["ORACLE_SFT_TEST_PASSWORD"],
    )
    database = OracleDatabase(login)
    result = database.query(
        "SELECT 1 / 4 AS n, TO_CHAR(DATE '2024-02-29') AS d, TO_CLOB('x') AS c, "
        "CAST('a' AS CHAR(3)) AS p, DATE '2024-02-29' AS t, INTERVAL '1-2' YEAR TO MONTH AS y FROM dual;"
    )
    assert result.columns == ("N", "D", "C", "P", "T", "Y")
    assert result.rows == [
        (Decimal("0.25"), "29-FEB-24", "x", "a  ", datetime(2024, 2, 29), IntervalYM(1, 2))
    ]
    assert database.query("SELECT 1 / 3, 1 / 4, SQRT(2) FROM dual").inexact == (True, False, True)
    with pytest.raises(OracleError, match="ORA-00942"):
        database.query("SELECT 1 FROM no_such_table_here")
    assert database.query("SELECT LEVEL FROM dual CONNECT BY LEVEL <= 10", max_rows=3).truncated
    with pytest.raises(UnsupportedSQL, match="TIMESTAMP TZ"):
        database.query("SELECT SYSTIMESTAMP FROM dual")
    endless = "SELECT COUNT(*) FROM dual CONNECT BY LEVEL < 1e12"
    with pytest.raises(QueryTimeout):
        database.query(endless, timeout_seconds=1)
    assert database.query("SELECT 1 FROM dual").rows == [(Decimal(1),)]
    database.close()
