"""Quotients of whole numbers as DOUBLEs, and what can be decided by them.

N / D of two whole numbers below 2^53 is, as a DOUBLE, the nearest one to the true quotient: equal
quotients are equal DOUBLEs. Two different quotients lie apart by at least 1 / (D1 * D2), and a quotient
lies apart from a number of k decimals by at least 1 / (D * 10^k), or not at all. While the digits are
few enough, that is much more than a DOUBLE's error, so that rounding, comparing and sorting by the
DOUBLE are exact, at the speed of DOUBLEs.
"""

from dataclasses import dataclass

from oracle_sft.engine.rewrite.terms import (
    INEXACT,
    MAX_PRECISION,
    NARROW_PRECISION,
    OracleType,
    Ratio,
    Term,
    number_type,
    over,
)

_DOUBLE_DIGITS = 15
_CERTAIN_DIGITS = 14
"""Digits that must suffice to tell apart what is to be decided: a tenth of a DOUBLE's are its error."""

_NUDGE = 4e-15
"""More than the error of a few operations, and less than what lies between different results."""

UNBOUNDED = Ratio(99, 99, MAX_PRECISION, fresh=False)
"""A quotient of numbers of any size: right to nearly 15 digits, and nothing more is known."""


def ratio_type(ratio: Ratio) -> OracleType:
    return OracleType("NUMBER", binary=True, exact=False, ratio=ratio)


def of_type(type_: OracleType) -> Ratio | None:
    """What a number of the type is as a quotient; None if a DOUBLE does not hold it."""
    if type_.ratio is not None:
        return type_.ratio
    if type_.binary or not type_.exact or type_.precision > _DOUBLE_DIGITS:
        return None
    return Ratio(type_.precision, type_.scale + 1, type_.precision - type_.scale)


def is_sortable(ratio: Ratio) -> bool:
    """Whether different quotients are different DOUBLEs in the right order."""
    return ratio.numerator + ratio.divisor <= _DOUBLE_DIGITS


def divided(left: OracleType, right: OracleType) -> Ratio | None:
    """The quotient of two types; None where the DOUBLE of it would decide nothing."""
    if right.binary or not right.exact or right.precision > _DOUBLE_DIGITS:
        return None
    if left.ratio is not None:
        ratio = Ratio(
            left.ratio.numerator + right.scale,
            left.ratio.divisor + right.precision,
            left.ratio.whole + right.scale,
            fresh=False,
        )
        return ratio if is_sortable(ratio) else None
    if left.binary or not left.exact:
        return None
    numerator = left.precision + max(right.scale - left.scale, 0)
    divisor = right.precision + max(left.scale - right.scale, 0)
    if max(numerator, divisor) > _DOUBLE_DIGITS:
        return None
    return Ratio(numerator, divisor, max(left.precision - left.scale, 0) + right.scale)


def whole_numbers(left: Term, right: Term) -> tuple[str, str]:
    """DOUBLEs of the whole numbers whose quotient the quotient of two DECIMALs is."""
    scale = max(left.type.scale, right.type.scale)
    return _times_power(left, scale), _times_power(right, scale)


def _times_power(term: Term, scale: int) -> str:
    if not scale:
        return f"CAST({term.sql} AS DOUBLE)"
    if not term.type.scale:
        return f"(CAST({term.sql} AS DOUBLE) * 1e{scale})"
    # The digits without the point; then what is missing to the common scale.
    digits = f"CAST({term.sql} * {10**term.type.scale}. AS DOUBLE)"
    if term.type.precision + len(str(10**term.type.scale)) > NARROW_PRECISION:
        digits = f"round(CAST({term.sql} AS DOUBLE) * 1e{term.type.scale})"
    missing = scale - term.type.scale
    return f"({digits} * 1e{missing})" if missing else digits


def scaled(ratio: Ratio, digits: int, scale: int) -> Ratio | None:
    """A quotient times a number of so many digits and decimals whose inverse ends too.

    It is as certain as the quotient itself, because the one ends where the other does.
    """
    times = Ratio(
        ratio.numerator + digits, ratio.divisor + scale, ratio.whole + digits - scale, fresh=False
    )
    return times if is_sortable(times) else None


def common(types: list[OracleType]) -> Ratio | None:
    """The type that holds DECIMALs and quotients together, all of them the nearest DOUBLEs."""
    ratios = [of_type(type_) for type_ in types]
    known = [ratio for ratio in ratios if ratio is not None and ratio.fresh]
    if len(known) < len(ratios):
        return None
    both = Ratio(
        max(ratio.numerator for ratio in known),
        max(ratio.divisor for ratio in known),
        max(ratio.whole for ratio in known),
    )
    return both if is_sortable(both) else None


def rounded(term: Term, digits: int, how: str) -> Term | None:
    """ROUND, TRUNC, CEIL or FLOOR of a quotient; None where the DOUBLE cannot decide.

    A quotient that lies on an edge may be a little off it as a DOUBLE. The nudge brings it back, and
    brings no other one across: away from zero for ROUND and TRUNC, up for FLOOR, down for CEIL.
    """
    ratio = term.type.ratio
    if ratio is None or ratio.numerator + max(digits, 0) + 1 > _CERTAIN_DIGITS:
        return None
    unit = 10.0**digits
    if how in ("round", "trunc"):
        whole = f"{how}({term.sql} * {unit * (1 + _NUDGE)!r})"
    else:
        # Less than what lies between a quotient and a whole number that it is not.
        nudge = 0.25 * 10.0**-ratio.divisor
        if ratio.whole + ratio.divisor > _CERTAIN_DIGITS:
            return None
        whole = f"{how}({term.sql} {'-' if how == 'ceil' else '+'} {nudge!r})"
    type_ = number_type(
        max(ratio.whole + 1 + digits, 1) if digits >= 0 else ratio.whole + 1, max(digits, 0)
    )
    value = f"{whole} / {unit!r}" if digits else whole
    return Term(f"CAST({value} AS {type_.duckdb})", type_)


def rounded_off_edges(quotient: str, exact: Term, digits: int, how: str) -> Term:
    """The same by a DOUBLE that decides nothing near an edge: there `exact` is computed."""
    unit = 10.0**digits
    ways = []
    for factor in (1 - 1e-13, 1 + 1e-13):
        if how in ("round", "trunc"):
            whole = f"{how}({quotient} * {unit * factor!r})"
        else:
            whole = f"{how}({quotient} * {factor!r})"
        value = f"{whole} / {unit!r}" if digits else whole
        ways.append(f"TRY_CAST({value} AS {exact.type.duckdb})")
    low, high = ways
    return Term(f"(CASE WHEN {low} = {high} THEN {low} ELSE {exact.sql} END)", exact.type)


def is_decided(left: Ratio, right: Ratio) -> bool:
    """Whether two quotients that differ differ as DOUBLEs."""
    return min(left.numerator + right.divisor, right.numerator + left.divisor) <= _CERTAIN_DIGITS


def compared(operator: str, left: str, right: str, *, fresh: bool) -> str:
    """A comparison that the DOUBLEs decide; not fresh, they may be a little off their values."""
    if fresh:
        return f"{left} {operator} {right}"
    near = f"abs($l - $r) <= {_NUDGE!r} * abs($r)"
    body = f"(CASE WHEN {near} THEN 0 {operator} 0 ELSE $l {operator} $r END)"
    return over({"l": left, "r": right}, body, simple=len(left) + len(right) < 300)


def compared_off_edges(operator: str, left: str, right: str, exact: str) -> str:
    """A comparison by DOUBLEs that decide nothing where they are near: there `exact` is computed."""
    far = f"abs({left} - {right}) > 1e-13 * abs({right}) AND abs({left}) < 1e300"
    return f"(CASE WHEN {far} THEN {left} {operator} {right} ELSE {exact} END)"


def shown_digits(ratio: Ratio) -> int:
    """How many decimals a quotient may have to be known by its DOUBLE as the number that it is."""
    return _CERTAIN_DIGITS - ratio.numerator


@dataclass(frozen=True, slots=True)
class Division:
    """The DOUBLE of a quotient, and what is known of it."""

    sql: str
    type: OracleType


def division(left: Term, right: Term, zero: str | None) -> Division:
    """`left / right` as a DOUBLE; `zero` stands in for a divisor of zero, None: there is none."""
    ratio = divided(left.type, right.type)
    if ratio is not None and not left.type.binary:
        dividend, divisor = whole_numbers(left, right)
    else:
        dividend, divisor = as_double(left), as_double(right)
    sql = f"{dividend} / {divisor}"
    if zero is not None and not right.constant:
        check = f"{right.sql} = 0 AND {left.sql} IS NOT NULL"
        sql = f"CASE WHEN {check} THEN {zero} ELSE {sql} END"
    type_ = INEXACT
    if ratio is not None:
        type_ = ratio_type(ratio)
    elif is_steady(left) and is_steady(right):
        type_ = ratio_type(UNBOUNDED)
    return Division(f"({sql})", type_)


def is_steady(term: Term) -> bool:
    """Whether `as_double` is right to nearly 15 digits, however small the number is."""
    if term.alternative is not None and term.alternative.type.binary:
        return term.alternative.type.ratio is not None
    return term.type.exact or term.type.ratio is not None


def as_double(term: Term) -> str:
    if term.type.binary:
        return term.sql
    if term.alternative is not None and term.alternative.type.binary:
        return term.alternative.sql
    return f"CAST({term.sql} AS DOUBLE)"
