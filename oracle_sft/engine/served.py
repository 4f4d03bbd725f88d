"""Functions that DuckDB has no expression for, served from Python over Arrow.

The reader of dates is called only for texts that the native steps did not read. A format that is not
known while rewriting is compiled as if it were a literal, once for each format that comes, and run
on the rows that have it in a connection of its own.

Arrow is slow to import, and most queries that name a function never call it: it is imported by what is
called. DuckDB evaluates the annotations of what it is given, which therefore name no type of Arrow's.
"""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any

import duckdb
from duckdb.func import FunctionNullHandling, PythonUDFType

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.by_format import BY_FORMAT, compiled
from oracle_sft.engine.rewrite.dates import date_parse, date_reader, intervals, time_zones
from oracle_sft.engine.rewrite.terms import SESSION_ZONE

_MOST_REMEMBERED = 100_000
_MOST_FORMATS = 50
"""Formats in a batch of rows: each is compiled, which must not outlast the deadline of a query."""


def register(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the functions known to a connection."""
    texts = ["VARCHAR", "VARCHAR", "VARCHAR"]
    _create(connection, date_parse.READ_DATE, _read_dates, texts, "TIMESTAMP")
    _create(connection, intervals.READ_INTERVAL, _read_intervals, texts, "BIGINT")
    for name, (argument, result) in BY_FORMAT.items():
        arguments = [argument, "VARCHAR", "VARCHAR"]
        _create(connection, name, _by_format(result), arguments, result)


def _create(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    function: Callable[..., Any],
    arguments: list[str],
    result: str,
) -> None:
    # NULLs are handed on ("special"): a function may then give NULL for what is not NULL.
    connection.create_function(
        name,
        function,
        [duckdb.sqltypes.DuckDBPyType(argument) for argument in arguments],
        duckdb.sqltypes.DuckDBPyType(result),
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
    )


def _read_dates(texts: Any, formats: Any, rules: Any) -> Any:
    import pyarrow as pa

    rows = zip(texts.to_pylist(), formats.to_pylist(), rules.to_pylist(), strict=True)
    return pa.array(
        [None if row[0] is None else _read_date(*row) for row in rows], pa.timestamp("us")
    )


@lru_cache(maxsize=_MOST_REMEMBERED)
def _read_date(text: str, format_: str, rule: str) -> datetime | None:
    type_, clock, or_null = date_parse.read_rule(rule)
    try:
        elements = date_parse.elements_for(format_, type_)
        reading = date_reader.read(text, elements, clock)
    except OracleError:
        if or_null:
            return None
        raise
    if type_.is_zoned:
        return time_zones.instant(reading.moment, reading.zone or SESSION_ZONE)
    return reading.moment


def _read_intervals(texts: Any, units: Any, rules: Any) -> Any:
    import pyarrow as pa

    rows = zip(texts.to_pylist(), units.to_pylist(), rules.to_pylist(), strict=True)
    return pa.array([None if row[0] is None else _read_interval(*row) for row in rows], pa.int64())


@lru_cache(maxsize=_MOST_REMEMBERED)
def _read_interval(text: str, unit: str, on_error: str) -> int | None:
    try:
        return intervals.read_months(text) if unit == "YM" else intervals.read_micros(text)
    except OracleError:
        if on_error == "null":
            return None
        raise


def _by_format(result: str) -> Callable[..., Any]:
    """A function of values, formats and a rule, that runs the native expression of each format."""
    inner: list[duckdb.DuckDBPyConnection] = []
    in_use = Lock()  # while it computes, another thread of the query's may come

    def serve(values: Any, formats: Any, rules: Any) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        rule = rules[0].as_py()
        known = [format_ for format_ in pc.unique(formats).to_pylist() if format_ is not None]
        if len(known) > _MOST_FORMATS:
            raise UnsupportedSQL(f"more than {_MOST_FORMATS} different date formats in one column")
        cases = " ".join(
            f"WHEN {sql_format} THEN {expression}"
            for sql_format, expression in (compiled(rule, format_, "value") for format_ in known)
        )
        shown = f"CASE format {cases} END" if cases else "NULL"
        with in_use:
            if not inner:
                inner.append(duckdb.connect(config={"threads": 1}))
                inner[0].execute("SET enable_external_access = false")
                register(inner[0])
            inner[0].register("rows", pa.table({"value": values, "format": formats}))
            sql = f"SELECT CAST({shown} AS {result}) AS shown FROM rows"
            return inner[0].sql(sql).to_arrow_table().column(0)

    return serve
