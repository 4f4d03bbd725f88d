"""Conversions by a format that is known only when the query runs.

The rewritten query calls a function of three texts: the value, the format, and a rule that says what
is converted. Who serves it asks here for the native expression of each format that comes.
"""

from dataclasses import replace
from datetime import datetime

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.dates import date_parse, date_text, intervals
from oracle_sft.engine.rewrite.numeric import number_format, number_parse, number_text, numbers
from oracle_sft.engine.rewrite.terms import (
    INEXACT,
    MAX_PRECISION,
    VARCHAR2,
    OracleType,
    Term,
    family_named,
    number_type,
    quoted,
)

_TO_CHAR = "oracle_to_char_of_date"
_TO_DATE = "oracle_to_date"
_NUMBER_TO_CHAR = "oracle_to_char_of_number"
_TO_NUMBER = "oracle_to_number"
_NUMBER = number_type(MAX_PRECISION, number_parse.SCALE)
BY_FORMAT = {
    _TO_CHAR: ("TIMESTAMP", "VARCHAR"),
    _TO_DATE: ("VARCHAR", "TIMESTAMP"),
    _NUMBER_TO_CHAR: ("VARCHAR", "VARCHAR"),
    _TO_NUMBER: ("VARCHAR", _NUMBER.duckdb),
}
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


def number_to_char(value: Term, format_: Term, marks: str) -> Term:
    """TO_CHAR(number, format) with a format that is not a literal; `marks` is the NLS argument."""
    value = numbers.exactly(value)
    type_ = value.type
    kind = "DOUBLE" if type_.binary else f"{type_.precision},{type_.scale}"
    rule = f"{_NUMBER_TO_CHAR}|{kind}|{int(type_.exact)}|{marks}"
    text = f"CAST({value.sql} AS VARCHAR)"
    return Term(f"{_NUMBER_TO_CHAR}({text}, {format_.sql}, {quoted(rule)})", VARCHAR2)


def to_number(text: Term, format_: Term, marks: str) -> Term:
    """TO_NUMBER(text, format) with a format that is not a literal."""
    rule = f"{_TO_NUMBER}|{marks}"
    return Term(f"{_TO_NUMBER}({text.sql}, {format_.sql}, {quoted(rule)})", _NUMBER)


def _compiled_number(rule: str, format_: str, column: str) -> Term:
    name, _, rest = rule.partition("|")
    if name == _TO_NUMBER:
        picture = number_format.read(format_, number_format.symbols(rest))
        if picture.decimals > _NUMBER.scale:
            raise UnsupportedSQL(f"TO_NUMBER with {picture.decimals} decimals")
        return number_parse.with_format(Term(column, VARCHAR2), picture)
    kind, exact, marks = rest.split("|", 2)
    type_ = INEXACT
    if kind != "DOUBLE":
        precision, scale = kind.split(",")
        type_ = number_type(int(precision), int(scale), exact=exact == "1")
    picture = number_format.read(format_, number_format.symbols(marks))
    return number_text.to_char(Term(f"CAST({column} AS {type_.duckdb})", type_), picture)


def compiled(rule: str, format_: str, column: str) -> tuple[str, str]:
    """A format as a literal, and the expression that converts a column by it.

    Raises:
        OracleError: the format is none.
        UnsupportedSQL: an element of it is not known.
    """
    if rule.startswith((_NUMBER_TO_CHAR, _TO_NUMBER)):
        return quoted(format_), _compiled_number(rule, format_, column).sql
    name, _, rest = rule.partition("|")
    if name == _TO_CHAR:
        family, scale, zone = rest.split("|")
        type_ = OracleType(family_named(family), scale=int(scale), zone=zone or None)
        term = date_text.to_char(Term(column, type_), format_)
    else:
        type_, clock, or_null = date_parse.read_rule(rest)
        term = date_parse.to_date(Term(column, VARCHAR2), format_, type_, clock, or_null=or_null)
    return quoted(format_), term.sql
