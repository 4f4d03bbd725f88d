"""Calls that read dates from text, and those that ask the clock: what needs more than its arguments."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import by_format, clauses, convert, tree
from oracle_sft.engine.rewrite.dates import (
    date_format,
    date_parse,
    date_text,
    intervals,
    time_zones,
)
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.function_table import Call, values
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import (
    DATE,
    NULL_TERM,
    TIMESTAMP,
    TIMESTAMP_TZ,
    VARCHAR2,
    OracleType,
    Term,
    date_literal,
    ora_error,
    over,
)
from oracle_sft.sqltext.lexer import Token

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

TO_TIMESTAMP = replace(TIMESTAMP, scale=9)
TO_TIMESTAMP_TZ = replace(TIMESTAMP_TZ, scale=9)


def _reads(type_: OracleType) -> Call:
    """TO_DATE, TO_TIMESTAMP or TO_TIMESTAMP_TZ."""

    def call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
        nodes, tokens = clauses.split(node)
        arguments = values(rewriter, nodes, frame, 1, 3)
        default = conversion_default(rewriter, tokens, frame)
        nls_language(arguments[2:])
        format_ = arguments[1] if len(arguments) > 1 else None
        return read_text(rewriter, arguments[0], format_, type_, default)

    return call


def read_text(
    rewriter: "Rewriter",
    value: Term,
    format_: Term | None,
    type_: OracleType,
    default: Term | None = None,
) -> Term:
    """A text read as a date by a format; `default` stands for one that does not fit.

    Raises:
        OracleError: ORA-01821, or what is wrong with a literal.
        UnsupportedSQL: a date in the place of the text.
    """
    if value.is_null or (format_ is not None and format_.is_null):
        return Term("CAST(NULL AS TIMESTAMP)", type_)
    if value.type.is_date or value.type.is_zoned:
        # Oracle makes it text by the session's format and reads that: the time is lost at least.
        if value.type.family != "DATE":
            raise UnsupportedSQL(f"TO_{type_.family} of a {value.type.family}")
        value = convert.as_text(value)
    text = convert.as_text(value)

    def read(term: Term, *, or_null: bool) -> Term:
        if format_ is None or isinstance(format_.constant, str):
            written = date_text.default_format(type_) if format_ is None else format_.constant
            assert isinstance(written, str)
            return date_parse.to_date(term, written, type_, rewriter.clock, or_null=or_null)
        by = convert.as_text(format_)
        return by_format.to_date(term, by, type_, rewriter.clock, or_null=or_null)

    found = read(text, or_null=default is not None)
    if default is None:
        return found
    other = NULL_TERM if default.is_null else read(convert.as_text(default), or_null=False)
    return otherwise(text, found, other)


def otherwise(text: Term, found: Term, other: Term) -> Term:
    """What was read, or another value where the text is not NULL and could not be read."""
    if other.is_null:
        return found
    if other.type.zone != found.type.zone:
        found = replace(found, type=replace(found.type, zone=None))
    # What is read stands first, where DuckDB reads it only once.
    body = f"coalesce({found.sql}, CASE WHEN $t IS NOT NULL THEN {other.sql} END)"
    return Term(over({"t": text.sql}, body, simple=text.is_simple), found.type)


def conversion_default(rewriter: "Rewriter", tokens: Sequence[Token], frame: Frame) -> Term | None:
    """The value of DEFAULT .. ON CONVERSION ERROR; None without the clause."""
    if not tokens:
        return None
    names = [token.name for token in tokens]
    if names[0] != "DEFAULT" or names[-3:] != ["ON", "CONVERSION", "ERROR"] or len(names) < 5:
        raise OracleError.of("ORA-00907")
    text = " ".join(token.text for token in tokens[1:-3])
    return rewriter.value(tree.parse_expression(text), frame)


_AMERICAN = ("AMERICAN", "ENGLISH")


def nls_language(arguments: Sequence[Term]) -> None:
    """Take the NLS argument of a conversion: only American names of days and months are known.

    Raises:
        OracleError: ORA-12702.
        UnsupportedSQL: another language.
    """
    for argument in arguments:
        if argument.is_null:
            continue
        if not isinstance(argument.constant, str):
            raise UnsupportedSQL("an NLS argument that is not a literal")
        name, equals, value = argument.constant.upper().partition("=")
        if not equals or name.strip() not in ("NLS_DATE_LANGUAGE", "NLS_LANGUAGE"):
            raise OracleError.of("ORA-12702")
        language = value.strip().strip("'")
        if language not in _AMERICAN:
            raise UnsupportedSQL(f"NLS_DATE_LANGUAGE={language}")


def to_char_of_date(arguments: Sequence[Term]) -> Term:
    """TO_CHAR(date or interval, format, NLS argument).

    Raises:
        OracleError: ORA-01821.
        UnsupportedSQL: a format element that is not known, a format for an interval.
    """
    value = arguments[0]
    nls_language(arguments[2:])
    if len(arguments) == 1:
        return convert.as_text(value)
    if value.type.is_interval:
        raise UnsupportedSQL("TO_CHAR of an INTERVAL with a format")
    if isinstance(arguments[1].constant, str):
        return date_text.to_char(value, arguments[1].constant)
    return by_format.to_char(value, convert.as_text(arguments[1]))


_MOST_JULIAN = 5_373_484


def spelled_number(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term | None:
    """TO_CHAR(TO_DATE(n, 'J'), 'Jsp'), the idiom for a number in words; None for any other call.

    The days are too old for the engine's dates, but only their numbers are wanted.
    """
    if len(node.expressions) != 2 or not isinstance(node.expressions[0], exp.Anonymous):
        return None
    inner, format_ = node.expressions
    if tree.undisguised(str(inner.this)).upper() != "TO_DATE" or len(inner.expressions) != 2:
        return None
    if not all(
        isinstance(part, exp.Literal) and part.args["is_string"]
        for part in (inner.expressions[1], format_)
    ):
        return None
    if str(inner.expressions[1].this).upper() != "J" or clauses.split(inner)[1]:
        return None
    if any(element.name not in ("J", "") for element in date_format.read(str(format_.this))):
        return None
    number = numbers.rounded(convert.as_number(rewriter.value(inner.expressions[0], frame)), 0)
    integer = f"CAST({number.sql} AS INTEGER)"
    wrong = ora_error("ORA-01854")
    shown = date_text.of_julian_day("$n", str(format_.this))
    body = f"(CASE WHEN $n NOT BETWEEN 1 AND {_MOST_JULIAN} THEN {wrong} ELSE {shown} END)"
    return Term(over({"n": integer}, body, simple=False), VARCHAR2)


def read_interval(value: Term, unit: str, default: Term | None = None) -> Term:
    """A text as an INTERVAL; `unit` is DS or YM, `default` stands for a text that does not fit."""
    type_ = intervals.year_to_month(9) if unit == "YM" else intervals.day_to_second(9, 9)

    def read(term: Term, *, or_null: bool) -> Term:
        if isinstance(term.constant, str):
            try:
                if unit == "YM":
                    return intervals.of_months(intervals.read_months(term.constant), type_)
                return intervals.of_micros(intervals.read_micros(term.constant), type_)
            except OracleError:
                if or_null:
                    return Term("CAST(NULL AS BIGINT)", type_)
                raise
        rule = "null" if or_null else "error"
        return Term(f"{intervals.READ_INTERVAL}({term.sql}, '{unit}', '{rule}')", type_)

    text = convert.as_text(value)
    if text.is_null:
        return Term("CAST(NULL AS BIGINT)", type_)
    found = read(text, or_null=default is not None)
    if default is None:
        return found
    other = NULL_TERM if default.is_null else read(convert.as_text(default), or_null=False)
    return otherwise(text, found, other)


def _interval(unit: str) -> Call:
    """TO_DSINTERVAL and TO_YMINTERVAL."""

    def call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
        nodes, tokens = clauses.split(node)
        arguments = values(rewriter, nodes, frame, 1, 2)
        return read_interval(arguments[0], unit, conversion_default(rewriter, tokens, frame))

    return call


def _moment_of_clock(type_: OracleType) -> Call:
    """SYSTIMESTAMP(n), CURRENT_TIMESTAMP(n) and LOCALTIMESTAMP(n)."""

    def call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
        nodes, _ = clauses.split(node)
        digits = values(rewriter, nodes, frame, 1, 1)[0].constant
        if digits is None or digits not in range(10):
            raise OracleError.of("ORA-30088")
        scale = int(str(digits))
        unit = 10 ** max(6 - scale, 0)
        micros = rewriter.clock.microsecond // unit * unit
        return date_literal(rewriter.clock.replace(microsecond=micros), replace(type_, scale=scale))

    return call


def at_time_zone(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """Value AT TIME ZONE zone."""
    tree.only(node, "this", "zone")
    value = rewriter.value(node.this, frame)
    zone = rewriter.value(node.args["zone"], frame)
    if value.is_null or zone.is_null:
        return Term("CAST(NULL AS TIMESTAMP)", TIMESTAMP_TZ)
    if value.type.family != "TIMESTAMP" and not value.type.is_zoned:
        raise OracleError.of("ORA-30084")
    return time_zones.moved_to(value, time_zones.named_by(zone))


CALLS: dict[str, Call] = {
    "TO_DATE": _reads(DATE),
    "TO_TIMESTAMP": _reads(TO_TIMESTAMP),
    "TO_TIMESTAMP_TZ": _reads(TO_TIMESTAMP_TZ),
    "TO_DSINTERVAL": _interval("DS"),
    "TO_YMINTERVAL": _interval("YM"),
    "SYSTIMESTAMP": _moment_of_clock(TIMESTAMP_TZ),
    "CURRENT_TIMESTAMP": _moment_of_clock(TIMESTAMP_TZ),
    "LOCALTIMESTAMP": _moment_of_clock(TIMESTAMP),
}
"""Calls by Oracle's name; each takes the clause that stands in its brackets."""
