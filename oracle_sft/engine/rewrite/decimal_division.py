"""The quotient of two DECIMALs to 20 decimals, computed in integers: exact where it ends, and slow."""

from decimal import Decimal

from oracle_sft.engine.rewrite.terms import (
    DIVISION_SCALE,
    OracleType,
    Term,
    failing,
    number_type,
    over,
)

BY_ZERO = "ORA-01476: divisor is equal to zero"
_TOO_SMALL = "unsupported: a quotient of less than 1e-10"
_LEAST_DIGITS = 10
"""Significant digits that an endless quotient must keep; a smaller one is refused."""


def quotient(left: Term, right: Term, *, nonzero: bool) -> Term:
    """`left / right`, rounded; ORA-01476 where the divisor is zero."""
    by = right.constant
    shift = DIVISION_SCALE + right.type.scale - left.type.scale
    if shift < 0:
        left = Term(
            f"CAST({left.sql} AS DECIMAL(38,{DIVISION_SCALE}))", number_type(38, DIVISION_SCALE)
        )
        shift = right.type.scale
    type_ = number_type(38, DIVISION_SCALE, exact=False)
    unit = f"{Decimal(1).scaleb(-DIVISION_SCALE):f}"
    quotient = f"CAST(($n + sign($n) * $h) // $d AS DECIMAL(38,0)) * {unit}"
    if shift - right.type.precision < _LEAST_DIGITS:
        small = f"abs($n) // {10**_LEAST_DIGITS} < abs($d) AND $n % $d <> 0"
        quotient = f"WHEN {small} THEN {failing(_TOO_SMALL, type_.duckdb)} ELSE {quotient}"
    else:
        quotient = f"ELSE {quotient}"
    numerator = f"({_unscaled(left)} * {10**shift}::HUGEINT)"
    if isinstance(by, Decimal) and by:
        divisor = int(by.scaleb(right.type.scale))
        half, written = str(abs(divisor) // 2), f"({divisor}::HUGEINT)"
        return _checked(quotient.replace("$h", half), numerator, written, type_, checked=False)
    quotient = quotient.replace("$h", "(abs($d) // 2)")
    return _checked(quotient, numerator, _unscaled(right), type_, checked=not nonzero)


def _checked(
    quotient: str, numerator: str, divisor: str, type_: OracleType, *, checked: bool = True
) -> Term:
    zero = (
        f"WHEN $d = 0 AND $n IS NOT NULL THEN {failing(BY_ZERO, type_.duckdb)} " if checked else ""
    )
    body = f"(CASE {zero}{quotient} END)"
    if body.startswith("(CASE ELSE "):
        body = f"({body.removeprefix('(CASE ELSE ').removesuffix(' END)')})"
    simple = len(numerator) + len(divisor) < 200
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
