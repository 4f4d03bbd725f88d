"""A real Oracle database as a `Database`: read-only, with pinned settings and a deadline.

The account should have nothing but CREATE SESSION and READ grants. What is run is a query by its
first word only; callers have the guardrail look at it before.
"""

from decimal import Decimal
from typing import Any

from oracle_sft.engine import oracle_driver
from oracle_sft.engine.oracle_driver import (
    TIMED_OUT,
    OracleLogin,
    is_about_the_statement,
    is_query,
    said,
)
from oracle_sft.engine.result import (
    IntervalYM,
    OracleError,
    QueryTimeout,
    ResultSet,
    Row,
    UnsupportedSQL,
    Value,
)
from oracle_sft.engine.watchdog import Watchdog
from oracle_sft.errors import EnvironmentFault
from oracle_sft.optional import require
from oracle_sft.sqltext.lexer import tokens
from oracle_sft.sqltext.parse import statement_tokens

# The territory first: it resets the formats. What the embedded engine assumes is what is set here.
SESSION_SETTINGS = (
    ("NLS_LANGUAGE", "AMERICAN"),
    ("NLS_TERRITORY", "AMERICA"),
    ("NLS_SORT", "BINARY"),
    ("NLS_COMP", "BINARY"),
    ("NLS_DATE_FORMAT", "DD-MON-RR"),
    ("NLS_TIMESTAMP_FORMAT", "DD-MON-RR HH.MI.SSXFF AM"),
    ("NLS_TIMESTAMP_TZ_FORMAT", "DD-MON-RR HH.MI.SSXFF AM TZR"),
    ("NLS_NUMERIC_CHARACTERS", ".,"),
    ("TIME_ZONE", "+00:00"),
)

_CONNECT_SECONDS = 10.0

_ALL_DIGITS = 36
"""A NUMBER keeps 38 to 40 digits; a rounded one has so many but for zeros at its end."""

_FAMILIES = {
    "DB_TYPE_NUMBER": "NUMBER",
    "DB_TYPE_BINARY_FLOAT": "BINARY_FLOAT",
    "DB_TYPE_BINARY_DOUBLE": "BINARY_DOUBLE",
    "DB_TYPE_VARCHAR": "VARCHAR2",
    "DB_TYPE_NVARCHAR": "VARCHAR2",
    "DB_TYPE_CHAR": "CHAR",
    "DB_TYPE_NCHAR": "CHAR",
    "DB_TYPE_LONG": "VARCHAR2",
    "DB_TYPE_CLOB": "CLOB",
    "DB_TYPE_NCLOB": "CLOB",
    "DB_TYPE_DATE": "DATE",
    "DB_TYPE_TIMESTAMP": "TIMESTAMP",
    "DB_TYPE_INTERVAL_DS": "INTERVAL DAY TO SECOND",
    "DB_TYPE_INTERVAL_YM": "INTERVAL YEAR TO MONTH",
    "DB_TYPE_RAW": "RAW",
    "DB_TYPE_LONG_RAW": "RAW",
    "DB_TYPE_BLOB": "RAW",
    "DB_TYPE_ROWID": "ROWID",
    "DB_TYPE_BOOLEAN": "BOOLEAN",
}
"""By the driver's name. Of times WITH TIME ZONE the driver drops the zone: they are no result here."""


class OracleDatabase:
    """One connection, opened by the first query and again after a fault. Not for several threads.

    SYSDATE is the server's: no session can set it. A TIMESTAMP's digits beyond microseconds are cut off by the driver.
    """

    def __init__(self, login: OracleLogin) -> None:
        """Raises:
        EnvironmentFault: the driver is not installed.
        """
        self._driver = require("oracledb", extra="oracle")
        self._driver.defaults.fetch_decimals = True  # a float would not be the NUMBER
        self._driver.defaults.fetch_lobs = False  # text and bytes, no locators
        self._login = login
        self._connection: Any = None

    def query(
        self,
        sql: str,
        *,
        timeout_seconds: float = 30.0,
        max_rows: int = 10_000,
        with_sort_keys: bool = False,
    ) -> ResultSet:
        """Run one SELECT; see `engine.result.Database`. Sort keys are not known of a server's rows.

        Raises:
            EnvironmentFault: the database cannot be reached, or the connection broke.
        """
        statement = _query_only(sql)
        connection = self._connected()
        # A round trip may take as long as the whole query may: the watchdog bounds their sum.
        connection.call_timeout = max(1, int(timeout_seconds * 1000))
        watchdog = Watchdog(connection.cancel)
        try:
            with watchdog.watch(timeout_seconds):
                return self._fetched(connection, statement, max_rows)
        except self._driver.Error as error:
            code, message = said(error)
            if watchdog.expired or code in TIMED_OUT:
                self.close()  # what a cancelled call leaves on the line belongs to no query
                raise QueryTimeout(f"stopped after {timeout_seconds:g} s") from None
            if is_about_the_statement(code):
                raise OracleError(code, message.removeprefix(f"{code}: ")) from None
            self.close()
            raise EnvironmentFault(f"{self._login.dsn}: {message}") from None
        finally:
            watchdog.close()
            self._roll_back()

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            oracle_driver.close(self._driver, connection)

    def _fetched(self, connection: Any, statement: str, max_rows: int) -> ResultSet:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.arraysize = min(max_rows + 1, 1000)
            cursor.execute(statement)
            columns = tuple(column.name for column in cursor.description)
            types = tuple(_family(column) for column in cursor.description)
            rows = cursor.fetchmany(max_rows + 1)
        return ResultSet(
            columns=columns,
            types=types,
            rows=[_row(row) for row in rows[:max_rows]],
            truncated=len(rows) > max_rows,
            inexact=tuple(any(map(_is_rounded, column)) for column in zip(*rows, strict=True)),
        )

    def _connected(self) -> Any:
        if self._connection is None:
            self._connection = oracle_driver.connected(
                self._driver,
                self._login,
                timeout_seconds=_CONNECT_SECONDS,
                action="query",
                prepare=_pin,
            )
        return self._connection

    def _roll_back(self) -> None:
        if self._connection is not None:
            try:
                self._connection.rollback()
            except self._driver.Error:
                self.close()


def _pin(connection: Any) -> None:
    with connection.cursor() as cursor:
        for name, value in SESSION_SETTINGS:
            cursor.execute(f"ALTER SESSION SET {name} = '{value}'")


def _query_only(sql: str) -> str:
    """The statement without what ends it.

    Raises:
        OracleError: nothing there.
        UnsupportedSQL: a statement that is no query: DDL would run, and commit.
    """
    body = statement_tokens(list(tokens(sql)))
    if not body:
        raise OracleError.of("ORA-00900")
    if not is_query(body):
        raise UnsupportedSQL("a statement that is no query", (body[0].start, body[0].end))
    return sql[: body[-1].end]


def _family(column: Any) -> str:
    name = column.type_code.name
    family = _FAMILIES.get(name)
    if family is None:
        shown = name.removeprefix("DB_TYPE_").replace("_", " ")
        raise UnsupportedSQL(f"column {column.name} of type {shown} as a result")
    return family


def _row(values: tuple[Any, ...]) -> Row:
    return tuple(_value(value) for value in values)


def _is_rounded(value: object) -> bool:
    """Whether a NUMBER fills all its digits, as a quotient or a root does that does not end.

    A whole number of as many digits is a key.
    """
    if not isinstance(value, Decimal) or value == value.to_integral_value():
        return False
    return len(value.as_tuple().digits) >= _ALL_DIGITS


def _value(value: Any) -> Value:
    if value == "":
        return None
    if isinstance(value, tuple):  # the driver's IntervalYM is a named one
        years, months = value
        return IntervalYM(years, months)
    plain: Value = value
    return plain
