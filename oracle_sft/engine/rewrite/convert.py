"""Implicit conversions: what Oracle does when two types meet, or the error that it raises."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.dates import date_parse, date_text, date_types, intervals
from oracle_sft.engine.rewrite.numeric import (
    binary_numbers,
    number_comparison,
    number_parse,
    number_text,
    numbers,
)
from oracle_sft.engine.rewrite.terms import (
    CLOB,
    DATE,
    NULL_TERM,
    UNKNOWN,
    VARCHAR2,
    OracleType,
    Term,
    char_type,
    quoted,
)
from oracle_sft.engine.rewrite.text import raw


def inconsistent(expected: str, got: str) -> OracleError:
    return OracleError.of("ORA-00932", expected, got)


def as_number(term: Term) -> Term:
    """The term as a NUMBER; text is converted, a date is ORA-00932."""
    family = term.type.family
    if family == "NUMBER":
        return term
    if term.is_null:
        return Term("CAST(NULL AS DECIMAL(1,0))", OracleType("NUMBER", 1, 0))
    if term.type.is_text:
        return number_parse.from_text(term)
    if term.type.is_floating:
        return binary_numbers.to_number(term)
    raise inconsistent("NUMBER", term.type.short)


def as_numeric(term: Term) -> Term:
    """The term as a number of its own type; what is none as a NUMBER."""
    return term if term.type.is_floating else as_number(term)


def as_text(term: Term) -> Term:
    """The term as text; a number is shown without a format, a date as DD-MON-RR."""
    family = term.type.family
    if term.type.is_text or term.is_null:
        return term
    if family == "NUMBER":
        return number_text.as_text(term)
    if term.type.is_date or term.type.is_zoned:
        return date_text.to_char(term, date_text.default_format(term.type))
    if term.type.is_interval:
        return intervals.as_text(term)
    if family == "RAW":
        return raw.as_text(term)
    raise UnsupportedSQL(f"the text of a {family} without a format")


def as_date(term: Term) -> Term:
    """The term as a date of whichever type; text is read as a DATE by DD-MON-RR, a number is
    ORA-00932.
    """
    if term.type.is_date or term.type.is_zoned or term.is_null:
        return term
    return read_as(term, DATE)


# Only RR looks at it, which counts from the century: the session's clock is between 2000 and 2049.
_CENTURY = datetime(2000, 1, 1)


def read_as(term: Term, type_: OracleType) -> Term:
    """Text as a date of the type, by the session's format for it; another type is ORA-00932."""
    if not term.type.is_text:
        raise inconsistent(type_.family, term.type.short)
    return date_parse.to_date(term, date_text.default_format(type_), type_, _CENTURY)


def like(term: Term, pattern: OracleType) -> Term:
    """The term converted to the family of another type."""
    if pattern.family == "NULL":
        return term
    if pattern.family == "NUMBER":
        return as_numeric(term)
    if pattern.is_floating:
        return binary_numbers.converted(as_numeric(term), pattern)
    if pattern.is_text:
        text = as_text(term)
        if text.is_null or text.type.lob is pattern.lob:
            return text
        return replace(text, type=CLOB if pattern.lob else VARCHAR2)
    if pattern.is_date or pattern.is_zoned:
        return _like_date(term, pattern)
    if term.type.family in (pattern.family, "NULL"):
        return term
    if pattern.family == "RAW" and term.type.is_text:
        return raw.from_text(term)
    raise inconsistent(pattern.short, term.type.short)


def _like_date(term: Term, pattern: OracleType) -> Term:
    if term.type.is_text:
        return read_as(term, pattern)
    date = as_date(term)
    if date.is_null or date.type.family == pattern.family:
        return date
    # The scale that the type then has in common is the pattern's.
    return date_types.as_type(date, pattern)


def common(terms: Sequence[Term], *, code: str = "ORA-00932") -> tuple[OracleType, list[str]]:
    """The one type that branches of an expression share, and each branch in it. Nothing but NULL
    is converted.

    Raises:
        OracleError: with `code`, when the families differ.
    """
    types = [term.type for term in terms if not term.is_null]
    if not types:
        return NULL_TERM.type, [term.sql for term in terms]
    type_ = common_type(types, code=code)
    if type_.binary and type_.ratio is None:
        # With the DECIMALs that some of them are at hand as, there may be no need of a DOUBLE.
        terms = [numbers.exactly(term) for term in terms]
        type_ = common_type([term.type for term in terms if not term.is_null], code=code)
    return type_, [cast(term, type_) for term in terms]


def common_type(types: Sequence[OracleType], *, code: str = "ORA-00932") -> OracleType:
    first = types[0]
    for other in types[1:]:
        if _group(first) != _group(other) or first.lob is not other.lob:
            if code == "ORA-01790":
                raise OracleError.of(code)
            raise inconsistent(first.short, other.short)
    if any(type_.is_floating for type_ in types):
        return binary_numbers.common_type(list(types))
    if first.family == "NUMBER":
        return numbers.common_type(list(types))
    if first.is_text:
        sizes = {other.size for other in types}
        if all(other.family == "CHAR" for other in types) and len(sizes) == 1 and first.size:
            return char_type(first.size)
        return CLOB if first.lob else VARCHAR2
    if first.is_date or first.is_zoned:
        return _common_date(types)
    if first.is_interval and len(set(types)) > 1:
        return replace(first, precision=UNKNOWN, scale=UNKNOWN)
    return first


def _common_date(types: Sequence[OracleType]) -> OracleType:
    families = {type_.family for type_ in types}
    if len(families) > 1:
        raise UnsupportedSQL(f"a {' beside a '.join(sorted(families))} in one expression")
    scales = {type_.scale for type_ in types}
    scale = max(scales) if len(scales) == 1 else UNKNOWN
    zones = {type_.zone for type_ in types}
    return replace(types[0], scale=scale, zone=zones.pop() if len(zones) == 1 else None)


def _group(type_: OracleType) -> str:
    if type_.is_text:
        return "text"
    if type_.is_floating:
        return "NUMBER"
    return "date" if type_.is_date or type_.is_zoned else type_.family


def cast(term: Term, type_: OracleType) -> str:
    """SQL of a term in a type of its own family, or of NULL in any."""
    if term.is_null:
        return f"CAST({term.sql} AS {type_.duckdb})"
    if type_.family == "NUMBER":
        return numbers.cast(term, type_)
    if type_.is_floating:
        return binary_numbers.cast(term, type_)
    return term.sql


_UNKNOWN = "CAST(NULL AS BOOLEAN)"


def compare(operator: str, left: Term, right: Term) -> str:
    """A comparison as Oracle makes it: with NULL unknown, text against a number as numbers, CHAR
    against CHAR without regard to trailing blanks.
    """
    comparable(left, right)
    if left.is_null or right.is_null:
        return _UNKNOWN
    left, right = meet(left, right)
    return f"({_compared(operator, left, right)})"


def comparable(*terms: Term) -> None:
    """Raises:
    OracleError: ORA-00932, for a CLOB, which has no order and no equality.
    """
    if any(term.type.lob for term in terms):
        raise inconsistent("-", "CLOB")


def meet(left: Term, right: Term) -> tuple[Term, Term]:
    """Both in the type in which Oracle compares them."""
    families = {_group(left.type), _group(right.type)}
    if len(families) == 1:
        return left, right
    if families == {"text", "NUMBER"}:
        return as_numeric(left), as_numeric(right)
    if families == {"text", "date"}:
        if left.type.is_text:
            return read_as(left, right.type), right
        return left, read_as(right, left.type)
    if families == {"text", "RAW"}:
        if left.type.is_text:
            return raw.from_text(left), right
        return left, raw.from_text(right)
    if "text" in families and any(term.type.is_interval for term in (left, right)):
        raise UnsupportedSQL("comparing an INTERVAL with text")
    raise inconsistent(left.type.short, right.type.short)


def _compared(operator: str, left: Term, right: Term) -> str:
    if binary_numbers.is_floating(left, right):
        return binary_numbers.compared(operator, left, right)
    if left.type.family == "NUMBER":
        return number_comparison.compared(operator, left, right)
    return f"{key(left, right.type)} {operator} {key(right, left.type)}"


def key(term: Term, other: OracleType) -> str:
    """SQL by which text is compared: CHAR with CHAR ignores trailing blanks."""
    both = term.type.family == other.family == "CHAR"
    if both and (term.type.size is None or term.type.size != other.size):
        if isinstance(term.constant, str):
            return quoted(term.constant.rstrip(" "))
        return f"rtrim({term.sql}, ' ')"
    return term.sql
