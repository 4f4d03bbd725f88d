"""BINARY_FLOAT and BINARY_DOUBLE: IEEE numbers, which DuckDB's FLOAT and DOUBLE are too.

Arithmetic gives infinities and NaN where NUMBER has errors; NaN equals itself and is greater than all
else, in Oracle as in DuckDB.
"""

import re
from collections.abc import Callable

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.terms import (
    BINARY_DOUBLE,
    BINARY_FLOAT,
    INEXACT,
    OracleType,
    Place,
    Term,
    number_type,
    ora_error,
    over,
    quoted,
)

_TEXT = " *[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})? *"
_SPECIAL = "[+-]?(inf|nan)"


def common_type(types: list[OracleType]) -> OracleType:
    """BINARY_DOUBLE, or BINARY_FLOAT where none of them is a BINARY_DOUBLE."""
    if any(type_.family == "BINARY_DOUBLE" for type_ in types):
        return BINARY_DOUBLE
    return BINARY_FLOAT


def cast(term: Term, type_: OracleType) -> str:
    """SQL of a number in a binary type."""
    if term.type.family == type_.family:
        return term.sql
    if type_.family == "BINARY_FLOAT" and term.type.duckdb == "DOUBLE":
        # Out of the smaller type's range are its infinities.
        body = "(CASE WHEN abs($x) > 3.4028235677973366e38 THEN sign($x) * 'inf'::FLOAT ELSE CAST($x AS FLOAT) END)"
        return over({"x": term.sql}, body, simple=term.is_simple)
    return f"CAST({term.sql} AS {type_.duckdb})"


def converted(term: Term, type_: OracleType) -> Term:
    return Term(cast(term, type_), type_)


def from_text(term: Term, type_: OracleType, otherwise: Term | None = None) -> Term:
    """TO_BINARY_DOUBLE(text) or TO_BINARY_FLOAT(text); `INF` and `NaN` in any case.

    Raises:
        OracleError: ORA-01722, without `otherwise`.
    """
    if isinstance(term.constant, str):
        text = term.constant
        if re.fullmatch(f"(?i){_SPECIAL}|{_TEXT}", text):
            return Term(f"{quoted(text.strip(' '))}::{type_.duckdb}", type_)
        if otherwise is None:
            raise OracleError.of("ORA-01722")
        return converted(otherwise, type_)
    failed = ora_error("ORA-01722")
    if otherwise is not None:
        failed = cast(otherwise, type_)
    body = (
        f"(CASE WHEN $t IS NULL THEN NULL "
        f"WHEN regexp_full_match($t, {quoted(f'(?i:{_SPECIAL})|{_TEXT}')}) "
        f"THEN CAST(trim($t) AS {type_.duckdb}) ELSE {failed} END)"
    )
    return Term(over({"t": term.sql}, body, simple=term.is_simple), type_)


def to_number(term: Term) -> Term:
    """The NUMBER of a binary number, to about 15 digits; ORA-01426 for what is not finite."""
    overflow = ora_error("ORA-01426")
    body = (
        f"(CASE WHEN isfinite($x) THEN CAST($x AS DOUBLE) WHEN $x IS NOT NULL THEN {overflow} END)"
    )
    return Term(over({"x": term.sql}, body, simple=term.is_simple), INEXACT)


def combine(left: Term, right: Term, operator: str) -> Term:
    """`+ - * /` where at least one side is binary."""
    type_ = common_type([left.type, right.type])
    return Term(f"({cast(left, type_)} {operator} {cast(right, type_)})", type_)


def compared(operator: str, left: Term, right: Term) -> str:
    type_ = common_type([left.type, right.type])
    return f"{cast(left, type_)} {operator} {cast(right, type_)}"


def is_floating(*terms: Term) -> bool:
    return any(term.type.is_floating for term in terms)


_SAME_TYPE = {
    "ABS": "abs($x)",
    "CEIL": "ceil($x)",
    "FLOOR": "floor($x)",
    "ROUND": "round_even($x, 0)",
    "TRUNC": "trunc($x)",
}
_DOUBLE = {
    **{name: f"{name.lower()}($x)" for name in "SQRT EXP LN SIN COS TAN ASIN ACOS ATAN".split()},
    **{name: f"{name.lower()}($x)" for name in "SINH COSH TANH".split()},
}


def call(name: str, arguments: list[Term]) -> Term | None:
    """A function of one or two numbers, at least one of them binary; None: as of a NUMBER."""
    first = arguments[0]
    if len(arguments) == 1:
        if name in _SAME_TYPE:
            sql = _SAME_TYPE[name].replace("$x", first.sql)
            return Term(f"CAST({sql} AS {first.type.duckdb})", first.type)
        if name in _DOUBLE:
            return Term(_DOUBLE[name].replace("$x", cast(first, BINARY_DOUBLE)), BINARY_DOUBLE)
        if name == "SIGN":
            sign = f"(CASE WHEN {first.sql} < 0 THEN -1. WHEN {first.sql} IS NOT NULL THEN 1. END)"
            return Term(sign, number_type(1))
        return None
    two = _OF_TWO.get(name)
    return two(*arguments) if two is not None else None


def _mod(left: Term, right: Term) -> Term:
    type_ = common_type([left.type, right.type])
    body = "(CASE WHEN $d = 0 THEN $n ELSE $n % $d END)"
    parts = {"n": cast(left, type_), "d": cast(right, type_)}
    return Term(over(parts, body, simple=left.is_simple and right.is_simple), type_)


def _power(left: Term, right: Term) -> Term:
    sides = cast(left, BINARY_DOUBLE), cast(right, BINARY_DOUBLE)
    return Term(f"pow({sides[0]}, {sides[1]})", BINARY_DOUBLE)


def _nanvl(left: Term, right: Term) -> Term:
    type_ = common_type([left.type, right.type])
    body = "(CASE WHEN isnan($n) THEN $d ELSE $n END)"
    parts = {"n": cast(left, type_), "d": cast(right, type_)}
    return Term(over(parts, body, simple=left.is_simple and right.is_simple), type_)


def _remainder(left: Term, right: Term) -> Term:
    raise UnsupportedSQL("REMAINDER of BINARY_FLOAT and BINARY_DOUBLE")


_OF_TWO: dict[str, Callable[[Term, Term], Term]] = {
    "MOD": _mod,
    "POWER": _power,
    "NANVL": _nanvl,
    "REMAINDER": _remainder,
}


def aggregate(name: str, argument: Term, each: str, place: Place) -> Term | None:
    """SUM and AVG of a binary number; None for another aggregate."""
    if name not in ("SUM", "AVG"):
        return None
    sql = place(f"{name.lower()}({each}{cast(argument, BINARY_DOUBLE)})")
    return converted(Term(sql, BINARY_DOUBLE), argument.type)


def infinite_or_nan(term: Term, what: str) -> str:
    """The condition IS NAN or IS INFINITE; what NUMBER has is neither."""
    if not term.type.is_floating:
        return f"(CASE WHEN {term.sql} IS NOT NULL THEN false END)"
    return f"{'isnan' if what == 'NAN' else 'isinf'}({term.sql})"
