"""NUMBER arithmetic: exact in DECIMAL, to about 15 digits where Oracle itself is not exact.

A quotient is computed in integers and keeps 20 decimals, rounded; it is marked inexact unless the
divisor is a constant that divides evenly. What leaves the range of 38 digits fails, and is reported
as unsupported: it is never wrong.
"""

from dataclasses import replace
from decimal import ROUND_05UP, ROUND_HALF_UP, Context, Decimal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.numeric import decimal_division, quotients
from oracle_sft.engine.rewrite.terms import (
    DIVISION_SCALE,
    INEXACT,
    MAX_PRECISION,
    NARROW_PRECISION,
    OracleType,
    Term,
    failing,
    number_type,
    over,
)

WIDE = Context(prec=300, rounding=ROUND_HALF_UP, Emin=-999_999, Emax=999_999)
"""For intermediate results, before `oracle` rounds them."""

_MAX_SCALE = 30
NOT_EXACT = "unsupported: the text of a number that is not exact"
ON_THE_EDGE = "unsupported: a decision by digits of a quotient that are not known"
EDGE = "0.000000000000001"


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
        raise OracleError.of("ORA-01426")
    return value if value.adjusted() >= -130 else Decimal(0)


def literal(value: Decimal) -> Term:
    """A NUMBER that is known now; where no DECIMAL holds it, the nearest one, or a DOUBLE."""
    value = value.normalize(WIDE) if value else Decimal(0)
    sign, digits, power = value.as_tuple()
    scale = max(-int(power), 0)
    whole = max(len(digits) + int(power), 1)
    shown, exact = value, True
    if whole + scale > MAX_PRECISION:
        if (
            whole + DIVISION_SCALE > MAX_PRECISION
            or value.adjusted() < -decimal_division.LEAST_DIGITS
        ):
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
    return quotients.as_double(term)


def exactly(term: Term) -> Term:
    """The term as a DECIMAL, if it is at hand as one."""
    if term.type.binary and term.alternative is not None:
        return term.alternative
    return term


def as_quotient(term: Term) -> Term:
    """The term as the DOUBLE of a quotient, if it is at hand as one."""
    if term.type.ratio is None and term.alternative is not None and term.alternative.type.ratio:
        return term.alternative
    return term


def settled(term: Term) -> Term:
    """A DECIMAL for a DOUBLE: the number of 15 significant digits that it stands for."""
    term = exactly(term)
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
        ratio = quotients.common(terms)
        return INEXACT if ratio is None else quotients.ratio_type(ratio)
    scale = max(type_.scale for type_ in terms)
    whole = max(type_.precision - type_.scale for type_ in terms)
    return number_type(whole + scale, scale, exact=exact)


def _off_the_edge(term: Term, edges: str) -> Term:
    """The term, unless rounding it would decide by digits that are not known; `edges` is SQL over
    `$n` for how far it is from where the result jumps.
    """
    if term.type.exact:
        return term
    unsure = failing(ON_THE_EDGE, term.type.duckdb)
    body = f"(CASE WHEN {edges} <> 0 AND abs({edges}) < {EDGE} THEN {unsure} ELSE $n END)"
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
    quick = None
    if left.alternative is not None or right.alternative is not None:
        quick = Term(f"({double(left)} {sign} {double(right)})", INEXACT)
    left, right = exactly(left), exactly(right)
    if left.type.binary or right.type.binary:
        return Term(f"({double(left)} {sign} {double(right)})", INEXACT)
    both = common_type([left.type, right.type])
    type_ = number_type(both.precision + 1, both.scale, exact=both.exact)
    if type_.precision <= NARROW_PRECISION:
        return Term(f"({left.sql} {sign} {right.sql})", type_)
    sql = f"({cast(left, type_)} {sign} {cast(right, type_)})"
    return Term(sql, type_, alternative=quick)


def multiply(left: Term, right: Term) -> Term:
    if isinstance(left.constant, Decimal) and isinstance(right.constant, Decimal):
        return literal(oracle(WIDE.multiply(left.constant, right.constant)))
    if 1 in (left.constant, right.constant):
        return right if left.constant == 1 else left
    for factor, other in ((left.constant, right), (right.constant, left)):
        if other.quotient is not None and isinstance(factor, Decimal) and _is_shift(factor):
            # The same pairs of digits, and the nearest DOUBLE to them.
            dividend, divisor = other.quotient
            return divide(multiply(dividend, literal(factor)), divisor)
    quick = _quick_product(left, right)
    if quick is not None and quick.type.ratio and quotients.is_sortable(quick.type.ratio):
        return quick
    left, right = exactly(left), exactly(right)
    scale = left.type.scale + right.type.scale
    exact = left.type.exact and right.type.exact
    most = _MAX_SCALE if exact else DIVISION_SCALE + 4
    if left.type.binary or right.type.binary or scale > most:
        return quick or Term(f"({double(left)} * {double(right)})", INEXACT)
    type_ = number_type(_product_precision(left, right), scale, exact=exact)
    if type_.precision <= NARROW_PRECISION:
        product = f"({left.sql} * {right.sql})"
        if type_.precision < left.type.precision + right.type.precision:
            product = f"CAST({product} AS {type_.duckdb})"
        return Term(product, type_)
    wide = f"CAST({left.sql} AS DECIMAL(38,{left.type.scale}))"
    return Term(f"({wide} * {right.sql})", type_, alternative=quick)


def _is_shift(factor: Decimal) -> bool:
    """Whether a number times the factor has the same pairs of digits: a power of 100."""
    digits, power = factor.normalize(WIDE).as_tuple()[1:]
    return factor > 0 and digits == (1,) and int(power) % 2 == 0


def handed_on(term: Term) -> Term:
    """The term as a subquery gives it out: not as a DOUBLE that is a little off its value, because it
    may meet the same value from elsewhere in a UNION or behind IN.
    """
    ratio = term.type.ratio
    return term if ratio is None or ratio.fresh else exactly(term)


def _product_precision(left: Term, right: Term) -> int:
    for constant, other in ((left, right), (right, left)):
        if isinstance(constant.constant, Decimal):
            unscaled = constant.constant.scaleb(constant.type.scale)
            if abs(unscaled).normalize(WIDE).as_tuple().digits == (1,):
                return max(other.type.precision + constant.type.precision - 1, 1)
    return left.type.precision + right.type.precision


def _quick_product(left: Term, right: Term) -> Term | None:
    """The product as a DOUBLE where a quotient is among the factors."""
    if right.type.ratio is None and right.alternative is None:
        left, right = right, left
    quick = as_quotient(right)
    if quick.type.ratio is None:
        return None
    sql = f"({double(left)} * {quick.sql})"
    factor = left.constant
    if isinstance(factor, Decimal) and factor:
        inverse = WIDE.divide(Decimal(1), factor)
        ratio = quotients.scaled(quick.type.ratio, left.type.precision, left.type.scale)
        if ratio is not None and oracle(inverse) == inverse:
            exact = multiply(left, exactly(right)) if not exactly(right).type.binary else None
            return Term(sql, quotients.ratio_type(ratio), alternative=exact)
    steady = quotients.is_steady(left)
    return Term(sql, quotients.ratio_type(quotients.UNBOUNDED) if steady else INEXACT)


def negate(term: Term) -> Term:
    if isinstance(term.constant, Decimal):
        return literal(-term.constant)
    other = term.alternative
    negative = Term(f"(-{other.sql})", other.type) if other is not None else None
    return Term(f"(-{term.sql})", term.type, alternative=negative)


def divide(left: Term, right: Term, *, nonzero: bool = False) -> Term:
    """The quotient; ORA-01476 where the divisor is zero, unless it is known that it never is."""
    by, what = right.constant, left.constant
    if isinstance(by, Decimal) and by != 0:
        if isinstance(what, Decimal):
            return literal(oracle(WIDE.divide(what, by)))
        inverse = literal(oracle(WIDE.divide(Decimal(1), by)))
        if inverse.type.exact and inverse.type.scale <= 6:
            return multiply(left, inverse)
    zero = None if nonzero else failing(decimal_division.BY_ZERO, "DOUBLE")
    done = quotients.division(left, right, zero)
    quick = Term(done.sql, done.type)
    left, right = exactly(left), exactly(right)
    if left.type.binary or right.type.binary or right.type.scale > 10:
        return replace(quick, quotient=(left, right))
    exact = decimal_division.quotient(left, right, nonzero=nonzero)
    ratio = quick.type.ratio
    if ratio is not None and quotients.is_sortable(ratio):
        return replace(quick, alternative=exact, quotient=(left, right))
    return replace(exact, alternative=quick, quotient=(left, right))


def rounded(term: Term, digits: int, how: str = "round") -> Term:
    """ROUND or TRUNC to a constant number of decimals, negative ones too."""
    if isinstance(term.constant, Decimal):
        mode = ROUND_HALF_UP if how == "round" else "ROUND_DOWN"
        unit = Decimal(1).scaleb(-digits)
        if -digits > 40:
            return literal(Decimal(0))
        if -digits < int(term.constant.as_tuple().exponent):
            return term
        return literal(term.constant.quantize(unit, mode, WIDE))
    quick = as_quotient(term)
    known = quotients.rounded(quick, digits, how)
    if known is not None:
        return known
    exact = _exactly_rounded(exactly(term), digits, how)
    if quick.type.ratio is not None and exact.type.scale == max(digits, 0):
        return quotients.rounded_off_edges(quick.sql, exact, digits, how)
    return exact


def _exactly_rounded(term: Term, digits: int, how: str) -> Term:
    if term.type.binary:
        term = _settled_for(term, how, digits)
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
    quick = as_quotient(term)
    known = quotients.rounded(quick, 0, how)
    if known is not None:
        return known
    term = exactly(term)
    if term.type.binary:
        term = _settled_for(term, "trunc", 0)
    off = _off_the_edge(term, "($n - round($n, 0))")
    exact = Term(f"{how}({off.sql})", number_type(term.type.precision - term.type.scale + 1))
    if quick.type.ratio is not None:
        return quotients.rounded_off_edges(quick.sql, exact, 0, how)
    return exact


def _settled_for(term: Term, how: str, digits: int) -> Term:
    """A DECIMAL for a DOUBLE that is to be rounded or cut: not where that depends on its error.

    A whole number is taken as one, since a root or a logarithm often is one; a half is not.
    """
    unsure = failing(ON_THE_EDGE, "DOUBLE")
    unit = 10.0 ** min(max(digits, -20), 20)
    if how == "trunc":
        near = f"$n * {unit!r} <> round($n * {unit!r})"
        edge = f"round($n * {unit!r})"
    else:
        near = "true"
        edge = f"(trunc($n * {unit!r}) + sign($n) * 0.5e0)"
    # Less and not equal: zero lies on no edge of ROUND.
    near += f" AND abs($n * {unit!r} - {edge}) < 1e-13 * abs($n * {unit!r})"
    parts, simple = {"n": term.sql}, term.is_simple
    if term.quotient is not None and _is_shown_whole(*term.quotient):
        # A number of few digits by a whole one, say by days: what is near to an edge lies on it.
        dividend, divisor = term.quotient
        parts |= {"l": dividend.sql, "r": divisor.sql}
        simple = simple and dividend.is_simple and divisor.is_simple
        most = 10.0 ** (12 - max(dividend.type.scale, max(digits, 0) + 1))
        near += f" AND NOT ($r = trunc($r) AND abs($l) < {most!r})"
    body = f"(CASE WHEN {near} THEN {unsure} ELSE $n END)"
    return settled(Term(over(parts, body, simple=simple), term.type))


def _is_shown_whole(dividend: Term, divisor: Term) -> bool:
    """Whether the divisor is a DECIMAL, which is a whole number only where Oracle's is one."""
    return dividend.type.exact and not dividend.type.binary and not divisor.type.binary


def modulo(left: Term, right: Term) -> Term:
    """MOD: the sign of the dividend; a divisor of zero gives the dividend back."""
    if not (left.type.exact and right.type.exact):
        if not isinstance(right.constant, Decimal) or not right.type.exact:
            raise UnsupportedSQL("MOD by a number that is not exact")
        if not right.constant:
            return left
        # As Oracle documents it; TRUNC sees to it that the quotient is not too near to its jumps.
        times = rounded(divide(left, right), 0, "trunc")
        return add(left, multiply(right, times), "-")
    type_ = common_type([left.type, right.type])
    a, b = cast(left, type_), cast(right, type_)
    if isinstance(right.constant, Decimal):
        return Term(f"({a} % {b})" if right.constant else a, type_)
    body = "(CASE WHEN $d = 0 THEN $n ELSE $n % $d END)"
    simple = left.is_simple and right.is_simple
    return Term(over({"n": a, "d": b}, body, simple=simple), type_)
