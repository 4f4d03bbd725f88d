"""The quotient of two DECIMALs to 20 decimals, computed in integers: exact where it ends, and slow."""

from dataclasses import replace
from decimal import Decimal

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.terms import (
    DIVISION_SCALE,
    NARROW_PRECISION,
    OracleType,
    Term,
    failing,
    number_type,
    over,
)

BY_ZERO = str(OracleError.of("ORA-01476"))
_TOO_SMALL = "unsupported: a quotient of less than 1e-10"
LEAST_DIGITS = 10
"""Significant digits that an endless quotient must keep; a smaller one is refused."""


def quotient(left: Term, right: Term, *, nonzero: bool) -> Term:
    """`left / right`, rounded; ORA-01476 where the divisor is zero."""
    by = right.constant
    if _is_narrow(left) and isinstance(by, Decimal) and by == int(by) and 0 < by <= _MOST_NARROW:
        return _by_whole_number(left, int(by))
    shift = DIVISION_SCALE + right.type.scale - left.type.scale
    if shift < 0:
        left = Term(
            f"CAST({left.sql} AS DECIMAL(38,{DIVISION_SCALE}))", number_type(38, DIVISION_SCALE)
        )
        shift = right.type.scale
    type_ = number_type(38, DIVISION_SCALE, exact=False)
    unit = f"{Decimal(1).scaleb(-DIVISION_SCALE):f}"
    quotient = f"CAST(($n + sign($n) * $h) // $d AS DECIMAL(38,0)) * {unit}"
    if shift - right.type.precision < LEAST_DIGITS:
        small = f"abs($n) // {10**LEAST_DIGITS} < abs($d) AND $n % $d <> 0"
        quotient = f"WHEN {small} THEN {failing(_TOO_SMALL, type_.duckdb)} ELSE {quotient}"
    else:
        quotient = f"ELSE {quotient}"
    numerator = f"({_unscaled(left)} * {10**shift}::HUGEINT)"
    if isinstance(by, Decimal) and by:
        divisor = int(by.scaleb(right.type.scale))
        half, written = str(abs(divisor) // 2), f"({divisor}::HUGEINT)"
        return _checked(quotient.replace("$h", half), numerator, written, type_, checked=False)
    quotient = quotient.replace("$h", "(abs($d) // 2)")
    quick = _in_steps(left, right, shift, type_)
    exact = _checked(
        quotient, numerator, _unscaled(right), type_, checked=not nonzero, simple=bool(quick)
    )
    return replace(exact, sql=f"(CASE {quick} ELSE {exact.sql} END)") if quick else exact


_STEP = 10
"""Decimals that are computed at a time."""


def _in_steps(left: Term, right: Term, shift: int, type_: OracleType) -> str:
    """WHEN .. THEN .. of the quotient in BIGINTs where the digits are few: HUGEINTs take ten times as long.

    DOUBLEs hold so few digits, and are faster to make of a DECIMAL than integers are.
    """
    if not (left.is_simple and right.is_simple) or not 0 < shift <= 2 * _STEP:
        return ""
    first, second = shift - shift // 2, shift // 2
    dividend, divisor = (
        f"round(CAST({term.sql} AS DOUBLE) * 1e{term.type.scale})" for term in (left, right)
    )
    few = f"{divisor} BETWEEN 1e0 AND {_MOST_NARROW:e} AND abs({dividend}) < 9e14"
    enough = f"abs({dividend}) * 1e{shift} > {divisor} * 2e{LEAST_DIGITS}"
    whole, by = f"CAST({dividend} AS BIGINT)", f"CAST({divisor} AS BIGINT)"
    rest = f"({whole} % {by} * {10**first})"
    low = f"({rest} % {by} * {10**second} + sign({whole}) * ({by} // 2)) // {by}"
    high = f"{whole} // {by} * {10**shift}::HUGEINT"
    digits = f"{high} + {rest} // {by} * {10**second}::HUGEINT + {low}"
    unit = f"{Decimal(1).scaleb(-DIVISION_SCALE):f}"
    return f"WHEN {few} AND {enough} THEN CAST({digits} AS DECIMAL(38,0)) * {unit}"


_MOST_REPEATED = 500
"""Characters of a dividend that is written several times."""
_MOST_NARROW = 9 * 10**8
"""A divisor whose remainders times 1e10 are still BIGINTs."""


def _is_narrow(term: Term) -> bool:
    return not term.type.binary and not term.type.scale and term.type.precision <= NARROW_PRECISION


def _by_whole_number(left: Term, by: int) -> Term:
    """Ten decimals at a time, which BIGINTs can hold: HUGEINTs divide ten times as slowly."""
    type_ = number_type(38, DIVISION_SCALE, exact=False)
    rest = f"($n % {by} * 10000000000)"
    low = f"({rest} % {by} * 10000000000 + sign($n) * {by // 2}) // {by}"
    digits = (
        f"CAST($n // {by} AS HUGEINT) * 100000000000000000000::HUGEINT "
        f"+ CAST({rest} // {by} AS HUGEINT) * 10000000000 + {low}"
    )
    unit = f"{Decimal(1).scaleb(-DIVISION_SCALE):f}"
    body = f"(CAST({digits} AS DECIMAL(38,0)) * {unit})"
    # Nothing here stands in a branch of a CASE: DuckDB computes what is written several times once.
    simple = left.is_simple or (len(left.sql) < _MOST_REPEATED and "lambda" not in left.sql)
    return Term(over({"n": f"CAST({left.sql} AS BIGINT)"}, body, simple=simple), type_)


def _checked(
    quotient: str,
    numerator: str,
    divisor: str,
    type_: OracleType,
    *,
    checked: bool = True,
    simple: bool = False,
) -> Term:
    zero = (
        f"WHEN $d = 0 AND $n IS NOT NULL THEN {failing(BY_ZERO, type_.duckdb)} " if checked else ""
    )
    body = f"(CASE {zero}{quotient} END)"
    if body.startswith("(CASE ELSE "):
        body = f"({body.removeprefix('(CASE ELSE ').removesuffix(' END)')})"
    simple = simple or len(numerator) + len(divisor) < 200
    return Term(over({"n": numerator, "d": divisor}, body, simple=simple), type_)


def _unscaled(term: Term) -> str:
    """The digits of a DECIMAL without its point, as a HUGEINT."""
    scale = term.type.scale
    if not scale:
        return f"CAST({term.sql} AS HUGEINT)"
    if scale <= 10:
        return f"CAST(CAST({term.sql} AS DECIMAL(38,{scale})) * {10**scale}. AS HUGEINT)"
    exact = f"CAST({term.sql} AS DECIMAL(38,{scale}))"
    return f"CAST(replace(CAST({exact} AS VARCHAR), '.', '') AS HUGEINT)"
