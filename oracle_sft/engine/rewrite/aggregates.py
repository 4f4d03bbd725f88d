"""What a group function of one argument writes.

`suffix` is '' or ` OVER (...)`; the same text serves both.
"""

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import binary_numbers, numbers, quantiles, statistics
from oracle_sft.engine.rewrite.convert import as_number
from oracle_sft.engine.rewrite.terms import INEXACT, Term, number_type, once, quoted

NAMES = frozenset("COUNT SUM AVG MIN MAX ANY_VALUE STATS_MODE MEDIAN".split()) | statistics.SPREADS
"""Group functions of one argument."""

_DISTINCT = frozenset("COUNT SUM AVG MIN MAX STDDEV VARIANCE ANY_VALUE".split())
_SEVERAL_VALUES = "unsupported: ANY_VALUE of different values"
_SEVERAL_MODES = "unsupported: STATS_MODE of values that are equally frequent"


def count_rows(suffix: str = "") -> Term:
    return numbers.whole_number(f"count(*){suffix}")


def plain(name: str, argument: Term, *, distinct: bool, suffix: str = "") -> Term:
    """A group function of one argument.

    Raises:
        OracleError: ORA-00932 or ORA-01722, for the wrong type of argument; ORA-30482.
    """
    if distinct and name not in _DISTINCT:
        raise OracleError("ORA-30482", "DISTINCT option not allowed for this function")
    each = "DISTINCT " if distinct else ""
    if name == "COUNT":
        return numbers.whole_number(f"count({each}{argument.sql}){suffix}")
    if argument.is_null and name in ("MIN", "MAX", "ANY_VALUE", "STATS_MODE", "MEDIAN"):
        return Term(f"max(NULL){suffix}", argument.type)
    if name in ("MIN", "MAX"):
        return Term(f"{name.lower()}({argument.sql}){suffix}", argument.type)
    if name == "ANY_VALUE":
        return _any_value(argument, suffix)
    if name == "STATS_MODE":
        return _mode(argument, suffix)
    if name == "MEDIAN":
        return quantiles.median(argument, suffix)
    if argument.type.is_floating:
        done = binary_numbers.aggregate(name, argument, each, suffix)
        if done is not None:
            return done
    number = as_number(argument)
    if name == "SUM":
        return total(number, each, suffix)
    if name == "AVG":
        num = Term(f"nullif(count({each}{number.sql}){suffix}, 0)", number_type(18))
        return numbers.divide(total(number, each, suffix), num)
    return statistics.spread(name, number, each, suffix)


def total(number: Term, each: str, suffix: str) -> Term:
    type_ = INEXACT
    if not number.type.binary:
        type_ = number_type(38, number.type.scale, exact=number.type.exact)
    return Term(f"sum({each}{number.sql}){suffix}", type_)


def _any_value(argument: Term, suffix: str) -> Term:
    """Oracle may return any of the values: known where there is only one."""
    low, high = f"min({argument.sql}){suffix}", f"max({argument.sql}){suffix}"
    several = f"error({quoted(_SEVERAL_VALUES)})"
    return Term(f"(CASE WHEN {low} <> {high} THEN {several} ELSE {low} END)", argument.type)


def _mode(argument: Term, suffix: str) -> Term:
    """The most frequent value; Oracle may return any where several are."""
    counts = f"histogram({argument.sql}){suffix}"
    body = (
        "(CASE WHEN len(list_filter(map_values($h), lambda n: n = list_max(map_values($h)))) > 1"
        f" THEN error({quoted(_SEVERAL_MODES)})"
        " ELSE map_keys($h)[list_position(map_values($h), list_max(map_values($h)))] END)"
    )
    return Term(once({"h": counts}, body), argument.type)
