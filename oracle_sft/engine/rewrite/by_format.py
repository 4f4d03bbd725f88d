"""Conversions by a format that is known only when the query runs.

The rewritten query calls a function of three texts: the value, the format, and a rule that says what
is converted. Who serves it asks here for the native expression of each format that comes.
"""

from dataclasses import replace
from datetime import datetime

from oracle_sft.engine.rewrite import date_parse, date_text, intervals
from oracle_sft.engine.rewrite.terms import VARCHAR2, OracleType, Term, quoted

_TO_CHAR = "oracle_to_char_of_date"
_TO_DATE = "oracle_to_date"
BY_FORMAT = {_TO_CHAR: ("TIMESTAMP", "VARCHAR"), _TO_DATE: ("VARCHAR", "TIMESTAMP")}
"""The functions: the DuckDB types of the value and of the result."""

SERVED = (date_parse.READ_DATE, intervals.READ_INTERVAL, *BY_FORMAT)
"""All functions that a rewritten query may call and DuckDB does not have."""


def to_char(value: Term, format_: Term) -> Term:
    """TO_CHAR(date, format) with a format that is not a literal."""
    type_ = value.type
    rule = f"{_TO_CHAR}|{type_.family}|{type_.scale}|{type_.zone or ''}"
    return Term(f"{_TO_CHAR}({value.sql}, {format_.sql}, {quoted(rule)})", VARCHAR2)


def to_date(
    value: Term, format_: Term, type_: OracleType, clock: datetime, *, or_null: bool
) -> Term:
    """TO_DATE or TO_TIMESTAMP, by `type_`, with a format that is not a literal."""
    rule = f"{_TO_DATE}|{date_parse.rule(type_, clock, or_null=or_null)}"
    if type_.is_zoned:
        type_ = replace(type_, zone=None)
    return Term(f"{_TO_DATE}({value.sql}, {format_.sql}, {quoted(rule)})", type_)


def compiled(rule: str, format_: str, column: str) -> tuple[str, str]:
    """A format as a literal, and the expression that converts a column by it.

    Raises:
        OracleError: the format is none.
        UnsupportedSQL: an element of it is not known.
    """
    name, family, *rest = rule.split("|")
    if name == _TO_CHAR:
        scale, zone = rest
        type_ = OracleType(family, scale=int(scale), zone=zone or None)  # type: ignore[arg-type]
        term = date_text.to_char(Term(column, type_), format_)
    else:
        clock, on_error = rest
        type_ = OracleType(family, zone="+00:00")  # type: ignore[arg-type]
        moment = datetime.fromisoformat(clock)
        value = Term(column, VARCHAR2)
        term = date_parse.to_date(value, format_, type_, moment, or_null=on_error == "null")
    return quoted(format_), term.sql
