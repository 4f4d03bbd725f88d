"""Oracle SQL on DuckDB in memory."""

import re
import time
import weakref
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

import duckdb

from oracle_sft.engine import serving, storage
from oracle_sft.engine.result import (
    EngineBroken,
    IntervalYM,
    OracleError,
    QueryError,
    QueryTimeout,
    ResultSet,
    Row,
    UnsupportedSQL,
    Value,
)
from oracle_sft.engine.rewrite.dates import time_zones
from oracle_sft.engine.rewrite.numeric.numbers import WIDE
from oracle_sft.engine.rewrite.rewriter import OracleVersion, Rewriter, Rewritten
from oracle_sft.engine.rewrite.terms import INTERVAL_DS, INTERVAL_YM, OracleType
from oracle_sft.engine.rows import Rows
from oracle_sft.engine.tie_groups import with_ties
from oracle_sft.engine.watchdog import Watchdog
from oracle_sft.sqltext.schema import Schema

_R = TypeVar("_R", bound=Rewriter)

_LOCKS = (
    "temp_directory=''",  # or it would spill into files beside the user's own
    "python_enable_replacements=false",
    "allow_persistent_secrets=false",
    "autoinstall_known_extensions=false",
    "autoload_known_extensions=false",
    "enable_external_access=false",
    "lock_configuration=true",
)
_FAILED_CAST = re.compile(r"""['"] to [A-Z0-9(), ]+$""")
_ORA = re.compile(r"(ORA-\d{5}): (.*)", re.DOTALL)


class DuckDBDatabase:
    """The embedded engine: no file, no network, locked configuration. Not for several threads."""

    def __init__(
        self,
        schema: Schema,
        rows: Rows,
        *,
        clock: datetime | None = None,
        oracle_version: OracleVersion = "19c",
        memory_limit: str = "1GB",
        threads: int = 1,
    ) -> None:
        """Raises:
        LoadError: rows that do not fit the schema.
        """
        self._clock = clock
        self._oracle_version = oracle_version
        self._connection = duckdb.connect(
            ":memory:", config={"threads": threads, "memory_limit": memory_limit}
        )
        try:
            loaded = storage.create(self._connection, schema, rows, oracle_version)
            self.tables, self.notes = loaded.tables, loaded.notes
            for setting in _LOCKS:
                self._connection.execute(f"SET {setting}")
        except BaseException:
            self._connection.close()
            raise
        self._watchdog = Watchdog(self._connection.interrupt)
        # Also at exit: a connection that is never closed makes DuckDB print a page of leaks.
        self._shut = weakref.finalize(self, _shut, self._watchdog, self._connection)

    def rewrite(self, sql: str, *, with_sort_keys: bool = False) -> Rewritten:
        """The DuckDB SQL that `query` would run.

        Raises:
            OracleError: Oracle would refuse the query.
            UnsupportedSQL: the engine does not know a construct.
        """
        return self.rewriter(Rewriter).rewrite(sql, with_sort_keys=with_sort_keys)

    def query(
        self,
        sql: str,
        *,
        timeout_seconds: float = 30.0,
        max_rows: int = 10_000,
        with_sort_keys: bool = False,
    ) -> ResultSet:
        """Run one SELECT; see `engine.result.Database`."""
        deadline = time.monotonic() + timeout_seconds
        rewritten = self.rewrite(sql, with_sort_keys=with_sort_keys)
        serving.serve(self._connection, rewritten.sql)
        try:
            with self._watchdog.watch(deadline - time.monotonic()):
                fetched = self._connection.execute(rewritten.sql).fetchmany(max_rows + 1)
            rows = _rows(fetched[:max_rows], rewritten.types)
        except duckdb.Error as error:
            if self._watchdog.expired:
                raise QueryTimeout(f"stopped after {timeout_seconds:g} s") from None
            raise _translated(error) from None
        except (ValueError, OverflowError) as error:  # a date beyond the year 9999 or before 1
            raise UnsupportedSQL(f"a value that cannot be shown ({error})") from None
        if self._watchdog.expired:
            raise QueryTimeout(f"stopped after {timeout_seconds:g} s")
        result = ResultSet(
            columns=rewritten.columns,
            types=tuple(_reported(type_) for type_ in rewritten.types),
            rows=rows,
            truncated=len(fetched) > max_rows,
            inexact=tuple(not type_.exact for type_ in rewritten.types),
        )
        if rewritten.ties is None:
            return result
        return with_ties(result, fetched[:max_rows], rewritten.ties)

    def close(self) -> None:
        self._shut()

    def rewriter(self, kind: type[_R]) -> _R:
        """A rewriter for one query on these tables."""
        return kind(self.tables, self._clock or datetime.now(), self._oracle_version)


def _shut(watchdog: Watchdog, connection: duckdb.DuckDBPyConnection) -> None:
    watchdog.close()
    connection.close()


def _translated(error: duckdb.Error) -> QueryError:
    # Behind the message stands a piece of the query, with texts of other errors in it.
    text = str(error).partition("\n\nLINE ")[0]
    own = _FAILED_CAST.sub("", text)
    match = _ORA.search(own)
    if match is not None:
        return OracleError(match[1], match[2].splitlines()[0])
    if "unsupported: " in own:
        return UnsupportedSQL(own.split("unsupported: ", 1)[1].splitlines()[0])
    if "More than one row returned by a subquery" in text:
        return OracleError.of("ORA-01427")
    first = text.splitlines()[0]
    if isinstance(error, (duckdb.FatalException, duckdb.InternalException)):
        return EngineBroken(f"a query on which the embedded engine broke down ({first})")
    if isinstance(error, duckdb.OutOfMemoryException):
        return UnsupportedSQL("a query that needs more memory than the limit allows")
    if isinstance(error, (duckdb.OutOfRangeException, duckdb.ConversionException)):
        return UnsupportedSQL(f"a number or date out of the embedded engine's range ({first})")
    return UnsupportedSQL(f"a query that the embedded engine cannot run ({first})")


def _reported(type_: OracleType) -> str:
    if type_.lob:
        return "CLOB"
    return "VARCHAR2" if type_.family == "NULL" else type_.family


def _rows(fetched: Sequence[tuple[Any, ...]], types: Sequence[OracleType]) -> list[Row]:
    """The columns of what was fetched; behind them may stand what `ties` added."""
    converters = [_converter(type_) for type_ in types]
    return [
        tuple(
            value if value is None or convert is None else convert(value)
            for value, convert in zip(row, converters, strict=False)
        )
        for row in fetched
    ]


def _converter(type_: OracleType) -> Callable[[Any], Value] | None:
    if type_.family == "RAW":
        return bytes.fromhex
    if type_.family == INTERVAL_DS.family:
        return _interval
    if type_.family == INTERVAL_YM.family:
        return _years_and_months
    if type_.is_zoned:
        return partial(_in_zone, type_=type_)
    if type_.family in ("DATE", "TIMESTAMP"):
        return _moment
    if type_.family != "NUMBER":
        return None
    if type_.binary:
        return _from_double
    return _shortest if type_.scale else None


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime):  # DuckDB gives text for what Python's type does not reach
        raise OverflowError(value)
    return value


def _in_zone(value: object, type_: OracleType) -> datetime:
    return time_zones.shown(_moment(value), type_)


def _interval(micros: int) -> timedelta:
    return timedelta(microseconds=micros)


def _years_and_months(months: int) -> IntervalYM:
    sign = -1 if months < 0 else 1
    return IntervalYM(sign * (abs(months) // 12), sign * (abs(months) % 12))


def _from_double(value: object) -> Decimal:
    return _shortest(Decimal(f"{value:.15g}"))


def _shortest(value: object) -> Decimal:
    """Without trailing zeros, as Oracle's driver gives it."""
    assert isinstance(value, Decimal)
    short = value.normalize(WIDE)
    if int(short.as_tuple().exponent) > 0:
        return short.quantize(Decimal(1), context=WIDE)
    return short
