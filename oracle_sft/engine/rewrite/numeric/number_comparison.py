"""Comparisons of two NUMBERs."""

from collections.abc import Callable
from decimal import Decimal

from oracle_sft.engine.rewrite.numeric import numbers, quotients
from oracle_sft.engine.rewrite.numeric.numbers import EDGE, ON_THE_EDGE, aligned, double, exactly
from oracle_sft.engine.rewrite.terms import Term, failing, over


def compared(operator: str, left: Term, right: Term) -> str:
    """A comparison of two NUMBERs.

    Where a quotient or a real function is behind one of them, two numbers that differ only beyond
    the digits that are kept here are no answer: Oracle might find them equal or not.
    """
    if isinstance(left.constant, Decimal) and isinstance(right.constant, Decimal):
        return str(_COMPARISONS[operator](left.constant, right.constant))
    if left.type.exact and right.type.exact:
        sides = aligned(left, right)
        return f"{sides[0]} {operator} {sides[1]}"
    first, second = numbers.as_quotient(left), numbers.as_quotient(right)
    one, other = quotients.of_type(first.type), quotients.of_type(second.type)
    sides = quotients.as_double(first), quotients.as_double(second)
    if one is not None and other is not None:
        fresh = one.fresh and other.fresh
        # Products of two endless quotients may be equal here and not in Oracle.
        single = first.type.exact or second.type.exact
        if quotients.is_decided(one, other) and (fresh or single):
            return quotients.compared(operator, *sides, fresh=fresh)
    exact = _crosswise(operator, left, right)
    if exact is None:
        decimals = exactly(left), exactly(right)
        if one is None or other is None or any(term.type.binary for term in decimals):
            return _near_compared(operator, left, right)
        exact = _near_compared(operator, *decimals)
    return quotients.compared_off_edges(operator, *sides, exact)


_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


_ONE = numbers.literal(Decimal(1))
_TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _crosswise(operator: str, left: Term, right: Term) -> str | None:
    """The comparison of quotients by the products of each dividend and the other's divisor, which are
    exact and short; None where that is not possible. Divisors of zero are left to the DOUBLEs.
    """
    sides = [(side.quotient or (exactly(side), _ONE)) for side in (left, right)]
    parts = [part for side in sides for part in side]
    if not all(part.type.exact and part.is_simple for part in parts):
        return None
    (first, by), (second, other) = sides
    products = numbers.multiply(first, other), numbers.multiply(second, by)
    divisor = numbers.multiply(by, other)
    if any(term.type.binary for term in (*products, divisor)):
        return None
    one, two = aligned(*products)
    turned = f"{one} {_TURNED[operator]} {two}"
    if isinstance(divisor.constant, Decimal):
        return f"{one} {operator} {two}" if divisor.constant > 0 else turned
    return f"(CASE WHEN {divisor.sql} > 0 THEN {one} {operator} {two} ELSE {turned} END)"


def _near_compared(operator: str, left: Term, right: Term) -> str:
    unsure = failing(ON_THE_EDGE, "BOOLEAN")
    simple = left.is_simple and right.is_simple
    if left.type.binary or right.type.binary:
        near = "abs($l - $r) <= 1e-13 * greatest(abs($l), abs($r))"
        parts = {"l": double(left), "r": double(right)}
    else:
        near = f"abs($l - $r) < {EDGE}"
        first, second = aligned(left, right)
        parts = {"l": first, "r": second}
    body = f"(CASE WHEN $l <> $r AND {near} THEN {unsure} ELSE $l {operator} $r END)"
    return over(parts, body, simple=simple)
