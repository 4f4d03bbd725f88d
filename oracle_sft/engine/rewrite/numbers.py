"""NUMBER arithmetic: exact in DECIMAL, to about 15 digits where Oracle itself is not exact.

A quotient is computed in integers and keeps 20 decimals, rounded; it is marked inexact unless the
divisor is a constant that divides evenly. What leaves the range of 38 digits fails, and is reported
as unsupported: it is never wrong.
"""

from decimal import ROUND_05UP, ROUND_HALF_UP, Context, Decimal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.terms import (
    DIVISION_SCALE,
    INEXACT,
    MAX_PRECISION,
    NARROW_PRECISION,
    VARCHAR2,
    OracleType,
    Term,
    number_type,
    ora_error,
    over,
    quoted,
)

WIDE = Context(prec=300, rounding=ROUND_HALF_UP, Emin=-999_999, Emax=999_999)
"""For intermediate results, before `oracle` rounds them."""

_MAX_SCALE = 30
_DIVISION_BY_ZERO = ora_error("ORA-01476", "divisor is equal to zero")
NOT_EXACT = "unsupported: the text of a number that is not exact"
ON_THE_EDGE = "unsupported: a decision by digits of a quotient that are not known"
_TOO_SMALL = "unsupported: a quotient of less than 1e-10"
_LEAST_DIGITS = 10
"""Significant digits that an endless quotient must keep; a smaller one is refused."""
_EDGE = "0.000000000000001"


def oracle(value: Decimal) -> Decimal:
    """The value as NUMBER holds it: 20 digits to the base 100, halves away from zero.

    Raises:
        OracleError: ORA-01426 from 1e126 on.
    """
    if not value:
        return Decimal(0)
    # Pairs of decimal digits begin at even powers of ten, so that 39 or 40 digits fit.
    last = value.adjusted() // 2 * 2 - 38
    if int(value.as_tuple().exponent) < last:
        value = value.quantize(Decimal(1).scaleb(last), ROUND_HALF_UP, WIDE)
    if value.adjusted() >= 126:
        raise OracleError("ORA-01426", "numeric overflow")
    return value if value.adjusted() >= -130 else Decimal(0)


def literal(value: Decimal) -> Term:
    """A NUMBER that is known now; where no DECIMAL holds it, the nearest one, or a DOUBLE."""
    value = value.normalize(WIDE) if value else Decimal(0)
    sign, digits, power = value.as_tuple()
    scale = max(-int(power), 0)
    whole = max(len(digits) + int(power), 1)
    shown, exact = value, True
    if whole + scale > MAX_PRECISION:
        if whole + DIVISION_SCALE > MAX_PRECISION or value.adjusted() < -_LEAST_DIGITS:
            return Term(f"({float(value)!r}::DOUBLE)", INEXACT, value)
        # Never to a shorter number, which might then be found equal to another one.
        shown = value.quantize(Decimal(1).scaleb(-DIVISION_SCALE), ROUND_05UP, WIDE)
        scale, exact = DIVISION_SCALE, False
    sql = f"{shown:f}" if scale else f"{int(shown)}."
    if whole + scale > NARROW_PRECISION:
        sql = f"CAST({sql} AS DECIMAL(38,{scale}))"
    return Term(f"({sql})" if sign else sql, number_type(whole + scale, scale, exact=exact), value)


def whole_number(sql: str, digits: int = NARROW_PRECISION) -> Term:
    """A NUMBER from a DuckDB integer."""
    return Term(f"CAST({sql} AS DECIMAL({digits},0))", number_type(digits))


def double(term: Term) -> str:
    return term.sql if term.type.binary else f"CAST({term.sql} AS DOUBLE)"


def settled(term: Term) -> Term:
    """A DECIMAL for a DOUBLE: the number of 15 significant digits that it stands for."""
    if not term.type.binary:
        return term
    sql = f"CAST(printf('%.14e', {term.sql}) AS DECIMAL(38,{DIVISION_SCALE}))"
    return Term(sql, number_type(38, DIVISION_SCALE, exact=False))


def cast(term: Term, type_: OracleType) -> str:
    """SQL of a NUMBER term in the DECIMAL or DOUBLE of another NUMBER type."""
    if type_.binary:
        return double(term)
    term = settled(term)
    if (term.type.precision, term.type.scale) == (type_.precision, type_.scale):
        return term.sql
    return f"CAST({term.sql} AS {type_.duckdb})"


def common_type(terms: list[OracleType]) -> OracleType:
    """The NUMBER type that holds them all."""
    exact = all(type_.exact for type_ in terms)
    if any(type_.binary for type_ in terms):
        return INEXACT
    scale = max(type_.scale for type_ in terms)
    whole = max(type_.precision - type_.scale for type_ in terms)
    return number_type(whole + scale, scale, exact=exact)


def compared(operator: str, left: Term, right: Term) -> str:
    """A comparison of two NUMBERs.

    Where a quotient or a real function is behind one of them, two numbers that differ only beyond
    the digits that are kept here are no answer: Oracle might find them equal or not.
    """
    if left.type.exact and right.type.exact:
        first, second = aligned(left, right)
        return f"{first} {operator} {second}"
    unsure = f"error({quoted(ON_THE_EDGE)})"
    simple = left.is_simple and right.is_simple
    if left.type.binary or right.type.binary:
        near = "abs($l - $r) <= 1e-13 * greatest(abs($l), abs($r))"
        parts = {"l": double(left), "r": double(right)}
    else:
        near = f"abs($l - $r) < {_EDGE}"
        first, second = aligned(left, right)
        parts = {"l": first, "r": second}
    body = f"(CASE WHEN $l <> $r AND {near} THEN {unsure} ELSE $l {operator} $r END)"
    return over(parts, body, simple=simple)


def _off_the_edge(term: Term, edges: str) -> Term:
    """The term, unless rounding it would decide by digits that are not known; `edges` is SQL over
    `$n` for how far it is from where the result jumps.
    """
    if term.type.exact:
        return term
    unsure = f"error({quoted(ON_THE_EDGE)})"
    body = f"(CASE WHEN {edges} <> 0 AND abs({edges}) < {_EDGE} THEN {unsure} ELSE $n END)"
    return Term(over({"n": term.sql}, body, simple=term.is_simple), term.type)


def aligned(left: Term, right: Term) -> tuple[str, str]:
    """Both sides of a comparison, so that DuckDB compares them without cutting decimals off."""
    left, right = settled(left), settled(right)
    if left.type.scale == right.type.scale or _both_narrow(left, right):
        return left.sql, right.sql
    type_ = common_type([left.type, right.type])
    return cast(left, type_), cast(right, type_)


def _both_narrow(left: Term, right: Term) -> bool:
    return max(left.type.precision, right.type.precision) <= NARROW_PRECISION


def add(left: Term, right: Term, sign: str) -> Term:
    if isinstance(left.constant, Decimal) and isinstance(right.constant, Decimal):
        combine = WIDE.add if sign == "+" else WIDE.subtract
        return literal(oracle(combine(left.constant, right.constant)))
    if left.type.binary or right.type.binary:
        return Term(f"({double(left)} {sign} {double(right)})", INEXACT)
    both = common_type([left.type, right.type])
    type_ = number_type(both.precision + 1, both.scale, exact=both.exact)
    if type_.precision <= NARROW_PRECISION:
        return Term(f"({left.sql} {sign} {right.sql})", type_)
    return Term(f"({cast(left, type_)} {sign} {cast(right, type_)})", type_)


def multiply(left: Term, right: Term) -> Term:
    if isinstance(left.constant, Decimal) and isinstance(right.constant, Decimal):
        return literal(oracle(WIDE.multiply(left.constant, right.constant)))
    if 1 in (left.constant, right.constant):
        return right if left.constant == 1 else left
    scale = left.type.scale + right.type.scale
    exact = left.type.exact and right.type.exact
    most = _MAX_SCALE if exact else DIVISION_SCALE + 4
    if left.type.binary or right.type.binary or scale > most:
        return Term(f"({double(left)} * {double(right)})", INEXACT)
    type_ = number_type(left.type.precision + right.type.precision, scale, exact=exact)
    if type_.precision <= NARROW_PRECISION:
        return Term(f"({left.sql} * {right.sql})", type_)
    wide = f"CAST({left.sql} AS DECIMAL(38,{left.type.scale}))"
    return Term(f"({wide} * {right.sql})", type_)


def negate(term: Term) -> Term:
    if isinstance(term.constant, Decimal):
        return literal(-term.constant)
    return Term(f"(-{term.sql})", term.type)


def divide(left: Term, right: Term) -> Term:
    """The quotient to 20 decimals; ORA-01476 where the divisor is zero."""
    by, what = right.constant, left.constant
    if isinstance(by, Decimal) and by != 0:
        if isinstance(what, Decimal):
            return literal(oracle(WIDE.divide(what, by)))
        inverse = literal(oracle(WIDE.divide(Decimal(1), by)))
        if inverse.type.exact and inverse.type.scale <= 6:
            return multiply(left, inverse)
    if left.type.binary or right.type.binary or right.type.scale > 10:
        return _checked("ELSE $n / $d", double(left), double(right), INEXACT)
    shift = DIVISION_SCALE + right.type.scale - left.type.scale
    if shift < 0:
        left = Term(cast(left, number_type(38, DIVISION_SCALE)), number_type(38, DIVISION_SCALE))
        shift = right.type.scale
    type_ = number_type(38, DIVISION_SCALE, exact=False)
    unit = f"{Decimal(1).scaleb(-DIVISION_SCALE):f}"
    quotient = f"CAST(($n + sign($n) * $h) // $d AS DECIMAL(38,0)) * {unit}"
    if shift - right.type.precision < _LEAST_DIGITS:
        small = f"abs($n) // {10**_LEAST_DIGITS} < abs($d) AND $n % $d <> 0"
        quotient = f"WHEN {small} THEN error({quoted(_TOO_SMALL)}) ELSE {quotient}"
    else:
        quotient = f"ELSE {quotient}"
    numerator = f"({_unscaled(left)} * {10**shift}::HUGEINT)"
    if isinstance(by, Decimal) and by:
        divisor = int(by.scaleb(right.type.scale))
        half, written = str(abs(divisor) // 2), f"({divisor}::HUGEINT)"
        return _checked(quotient.replace("$h", half), numerator, written, type_, checked=False)
    return _checked(quotient.replace("$h", "(abs($d) // 2)"), numerator, _unscaled(right), type_)


def _checked(
    quotient: str, numerator: str, divisor: str, type_: OracleType, *, checked: bool = True
) -> Term:
    zero = f"WHEN $d = 0 AND $n IS NOT NULL THEN {_DIVISION_BY_ZERO} " if checked else ""
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


def rounded(term: Term, digits: int, how: str = "round") -> Term:
    """ROUND or TRUNC to a constant number of decimals, negative ones too."""
    if isinstance(term.constant, Decimal):
        mode = ROUND_HALF_UP if how == "round" else "ROUND_DOWN"
        unit = Decimal(1).scaleb(-digits)
        if -digits > 40:
            return literal(Decimal(0))
        if -digits < (term.constant.as_tuple().exponent or 0):  # type: ignore[operator]
            return term
        return literal(term.constant.quantize(unit, mode, WIDE))
    if term.type.binary:
        term = _settled_for(term, how)
    if digits >= term.type.scale:
        return term
    if -4 <= digits < 10:
        # TRUNC jumps at each step, ROUND halfway between two.
        half = f"{Decimal(5).scaleb(-digits - 1):f}" if how == "round" else "0"
        term = _off_the_edge(term, f"(($n - {half}) - round($n - {half}, {digits}))")
    whole = term.type.precision - term.type.scale
    if digits < -MAX_PRECISION:
        return literal(Decimal(0))
    if digits < 0:
        return Term(f"{how}({term.sql}, {digits})", number_type(whole + 1))
    return Term(f"{how}({term.sql}, {digits})", number_type(whole + digits + 1, digits))


def whole(term: Term, how: str) -> Term:
    """CEIL or FLOOR."""
    if isinstance(term.constant, Decimal):
        mode = "ROUND_CEILING" if how == "ceil" else "ROUND_FLOOR"
        return literal(term.constant.quantize(Decimal(1), mode, WIDE))
    if term.type.binary:
        term = _settled_for(term, "trunc")
    term = _off_the_edge(term, "($n - round($n, 0))")
    return Term(f"{how}({term.sql})", number_type(term.type.precision - term.type.scale + 1))


def _settled_for(term: Term, how: str) -> Term:
    """A DECIMAL for a DOUBLE that is to be cut: not if only settling made it a whole number."""
    if how == "trunc":
        unsure = f"error({quoted(ON_THE_EDGE)})"
        near = "$n <> round($n) AND abs($n - round($n)) < 1e-13 * abs($n)"
        body = f"(CASE WHEN {near} THEN {unsure} ELSE $n END)"
        term = Term(over({"n": term.sql}, body, simple=term.is_simple), term.type)
    return settled(term)


def modulo(left: Term, right: Term) -> Term:
    """MOD: the sign of the dividend; a divisor of zero gives the dividend back."""
    if not (left.type.exact and right.type.exact):
        raise UnsupportedSQL("MOD of a number that is not exact")
    type_ = common_type([left.type, right.type])
    a, b = cast(left, type_), cast(right, type_)
    if isinstance(right.constant, Decimal):
        return Term(f"({a} % {b})" if right.constant else a, type_)
    body = "(CASE WHEN $d = 0 THEN $n ELSE $n % $d END)"
    simple = left.is_simple and right.is_simple
    return Term(over({"n": a, "d": b}, body, simple=simple), type_)


_MOST_SHOWN = 40
"""Digits of a NUMBER as text without a format; beyond them Oracle turns to other notations."""


def shown(value: Decimal) -> str:
    """TO_CHAR(number) without a format.

    Raises:
        UnsupportedSQL: it has so many places that Oracle might write it with an exponent.
    """
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("", "-", "-0"):
        return "0"
    text = text.replace("-0.", "-.", 1) if text.startswith("-") else text.removeprefix("0") or "0"
    if len(text.strip("-").replace(".", "")) > _MOST_SHOWN:
        raise UnsupportedSQL("the text of a number with more than 40 places")
    return text


def as_text(term: Term) -> Term:
    """TO_CHAR(number) without a format.

    Raises:
        UnsupportedSQL: the number is inexact, so that its digits are not Oracle's.
    """
    if isinstance(term.constant, Decimal):
        return Term(quoted(shown(term.constant)), VARCHAR2, shown(term.constant))
    if term.type.binary:
        raise UnsupportedSQL(NOT_EXACT.removeprefix("unsupported: "))
    if not term.type.scale:
        return Term(f"CAST({term.sql} AS VARCHAR)", VARCHAR2)
    text = "regexp_replace(rtrim(rtrim(CAST($n AS VARCHAR), '0'), '.'), '^(-?)0\\.', '\\1.')"
    if term.type.exact:
        return Term(text.replace("$n", term.sql), VARCHAR2)
    # An endless quotient is cut after 20 decimals: if the last eight are not zeros, Oracle would
    # show more digits than are known here.
    more = f"$n <> trunc($n, {DIVISION_SCALE - 8})"
    body = f"(CASE WHEN {more} THEN error({quoted(NOT_EXACT)}) ELSE {text} END)"
    return Term(over({"n": term.sql}, body, simple=term.is_simple), VARCHAR2)
