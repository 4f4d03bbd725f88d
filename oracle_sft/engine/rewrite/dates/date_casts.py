"""CAST to the types of dates and intervals, its clauses, and VALIDATE_CONVERSION."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import clauses, convert
from oracle_sft.engine.rewrite.dates import date_calls, date_types, intervals
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.numeric import number_parse, numbers
from oracle_sft.engine.rewrite.terms import (
    DATE,
    INTERVAL_DS,
    INTERVAL_YM,
    NULL_TERM,
    TIMESTAMP,
    TIMESTAMP_LTZ,
    TIMESTAMP_TZ,
    OracleType,
    Term,
    number_type,
    over,
)
from oracle_sft.sqltext.lexer import Token

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_BY_WORDS = {
    "DATE": DATE,
    "TIMESTAMP": TIMESTAMP,
    "TIMESTAMP WITH TIME ZONE": TIMESTAMP_TZ,
    "TIMESTAMP WITH LOCAL TIME ZONE": TIMESTAMP_LTZ,
    "INTERVAL DAY TO SECOND": replace(INTERVAL_DS, precision=2, scale=6),
    "INTERVAL YEAR TO MONTH": replace(INTERVAL_YM, precision=2),
}


def type_named(words: str, sizes: Sequence[int | None]) -> OracleType | None:
    """The type of dates that CAST names; None for any other.

    `sizes` are what stands in brackets behind the first and behind the last word.

    Raises:
        OracleError: ORA-30088.
    """
    type_ = _BY_WORDS.get(words)
    if type_ is None:
        return None
    if any(size is not None and not 0 <= size <= 9 for size in sizes):
        raise OracleError.of("ORA-30088")
    first, last = sizes
    if type_.is_interval:
        type_ = type_ if first is None else replace(type_, precision=first)
        return type_ if last is None else replace(type_, scale=last)
    return type_ if first is None else replace(type_, scale=first)


def converted(
    rewriter: "Rewriter",
    value: Term,
    type_: OracleType,
    format_: Term | None = None,
    default: Term | None = None,
) -> Term:
    """CAST(value AS type DEFAULT default ON CONVERSION ERROR, format).

    Raises:
        OracleError: ORA-00932 for a value of another kind.
        UnsupportedSQL: a conversion that is not certain.
    """
    if value.is_null:
        return Term(f"CAST(NULL AS {type_.duckdb})", type_)
    if type_.is_interval:
        return _interval(value, type_, format_, default)
    if value.type.is_text:
        found = date_calls.read_text(rewriter, value, format_, type_, default)
        return replace(found, type=replace(type_, zone=found.type.zone))
    if not (value.type.is_date or value.type.is_zoned):
        raise convert.inconsistent(type_.short, value.type.short)
    if format_ is not None:
        raise UnsupportedSQL(f"CAST of a {value.type.family} with a format")
    return date_types.as_type(value, type_)


def _interval(value: Term, type_: OracleType, format_: Term | None, default: Term | None) -> Term:
    if format_ is not None:
        raise UnsupportedSQL(f"CAST to {type_.family} with a format")
    if value.type.is_text:
        unit = "YM" if type_.family == INTERVAL_YM.family else "DS"
        value = date_calls.read_interval(value, unit, default)
    if value.type.family != type_.family:
        raise convert.inconsistent(type_.short, value.type.short)
    return intervals.with_precision(value, type_)


@dataclass(frozen=True, slots=True)
class _Clause:
    """What stands behind AS in CAST and VALIDATE_CONVERSION."""

    words: str
    sizes: tuple[int | None, int | None]
    default: Sequence[Token]


def _clause(tokens: Sequence[Token]) -> _Clause:
    words: list[str] = []
    sizes: list[int | None] = [None, None]
    depth = 0
    for index, token in enumerate(tokens[1:], start=1):
        if depth == 0 and token.name == "DEFAULT":
            return _Clause(" ".join(words), (sizes[0], sizes[1]), tokens[index:])
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if token.kind == "word" and not depth:
            words.append(token.name)
        elif token.kind == "number":
            last = bool(words) and words[0] == "INTERVAL" and "TO" in words
            sizes[int(last)] = int(Decimal(token.text))
    return _Clause(" ".join(words), (sizes[0], sizes[1]), ())


def cast_with_clause(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """CAST with a format, with DEFAULT .. ON CONVERSION ERROR or to an INTERVAL.

    Raises:
        UnsupportedSQL: such a CAST to a number or text.
    """
    (value, *rest), clause, type_ = _parts(rewriter, node, frame)
    if type_ is None:
        raise UnsupportedSQL(f"CAST to {clause.words} with a format or a default")
    default = date_calls.conversion_default(rewriter, clause.default, frame)
    date_calls.nls_language(rest[1:])
    return converted(rewriter, value, type_, rest[0] if rest else None, default)


def validate_conversion(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """VALIDATE_CONVERSION(value AS type, format): 1 if it could be converted, NULL too, else 0."""
    (value, *rest), clause, type_ = _parts(rewriter, node, frame)
    if value.is_null:
        return numbers.literal(Decimal(1))
    if type_ is None:
        return _is_number(value, rest, clause)
    if not value.type.is_text:
        raise UnsupportedSQL(f"VALIDATE_CONVERSION of a {value.type.family}")
    date_calls.nls_language(rest[1:])
    found = converted(rewriter, value, type_, rest[0] if rest else None, NULL_TERM)
    body = f"(CASE WHEN $t IS NULL OR {found.sql} IS NOT NULL THEN 1. ELSE 0. END)"
    return Term(over({"t": value.sql}, body, simple=value.is_simple), number_type(1))


def _is_number(value: Term, rest: Sequence[Term], clause: _Clause) -> Term:
    if clause.words != "NUMBER" or rest or clause.sizes != (None, None):
        raise UnsupportedSQL(f"VALIDATE_CONVERSION to {clause.words} or with a format")
    if value.type.family == "NUMBER":
        return numbers.literal(Decimal(1))
    found = number_parse.from_text(convert.as_text(value), convert.as_number(NULL_TERM))
    body = f"(CASE WHEN $t IS NULL OR {found.sql} IS NOT NULL THEN 1. ELSE 0. END)"
    return Term(over({"t": value.sql}, body, simple=value.is_simple), number_type(1))


def _parts(
    rewriter: "Rewriter", node: exp.Expr, frame: Frame
) -> tuple[list[Term], _Clause, OracleType | None]:
    nodes, tokens = clauses.split(node)
    if not 1 <= len(nodes) <= 3 or not tokens or tokens[0].name != "AS":
        raise OracleError.of("ORA-00905")
    clause = _clause(tokens)
    values = [rewriter.value(part, frame) for part in nodes]
    return values, clause, type_named(clause.words, clause.sizes)
