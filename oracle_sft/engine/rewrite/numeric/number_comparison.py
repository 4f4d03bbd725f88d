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
    if one is not None and other is not None:
        sides = quotients.as_double(first), quotients.as_double(second)
        fresh = one.fresh and other.fresh
        # Products of two endless quotients may be equal here and not in Oracle.
        single = first.type.exact or second.type.exact
        if quotients.is_decided(one, other) and (fresh or single):
            return quotients.compared(operator, *sides, fresh=fresh)
        if not exactly(left).type.binary and not exactly(right).type.binary:
            exact = _near_compared(operator, exactly(left), exactly(right))
            return quotients.compared_off_edges(operator, *sides, exact)
    return _near_compared(operator, left, right)


_COMPARISONS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "=": lambda left, right: left == right,
    "<>": lambda left, right: left != right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
}


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
