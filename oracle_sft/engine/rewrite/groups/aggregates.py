"""What a group function of one argument writes, over a group or over a window."""

from dataclasses import replace

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.convert import as_number, comparable
from oracle_sft.engine.rewrite.groups import quantiles, statistics
from oracle_sft.engine.rewrite.numeric import binary_numbers, numbers, quotients
from oracle_sft.engine.rewrite.terms import (
    BINARY_DOUBLE,
    INEXACT,
    Place,
    Term,
    number_type,
    once,
    refused,
)

NAMES = frozenset("COUNT SUM AVG MIN MAX ANY_VALUE STATS_MODE MEDIAN".split()) | statistics.SPREADS
"""Group functions of one argument."""

_COUNT_DIGITS = 12
"""Of a number of rows; with few of them the digits of an average can be written out."""
_DISTINCT = frozenset("COUNT SUM AVG MIN MAX STDDEV VARIANCE ANY_VALUE".split())
_SEVERAL_VALUES = refused("ANY_VALUE of different values")
_SEVERAL_MODES = refused("STATS_MODE of values that are equally frequent")


def count_rows(place: Place) -> Term:
    return numbers.whole_number(place("count(*)"))


def plain(name: str, argument: Term, *, distinct: bool, place: Place) -> Term:
    """A group function of one argument.

    Raises:
        OracleError: ORA-00932 or ORA-01722, for the wrong type of argument; ORA-30482.
    """
    if distinct and name not in _DISTINCT:
        raise OracleError.of("ORA-30482")
    each = "DISTINCT " if distinct else ""
    if distinct or name in ("MIN", "MAX"):
        comparable(argument)
    if name == "COUNT":
        return numbers.whole_number(place(f"count({each}{argument.sql})"))
    if argument.is_null and name in ("MIN", "MAX", "ANY_VALUE", "STATS_MODE", "MEDIAN"):
        return Term(place("max(NULL)"), argument.type)
    if name in ("MIN", "MAX"):
        return _extreme(name.lower(), argument, place)
    if name == "ANY_VALUE":
        return _any_value(argument, place)
    if name == "STATS_MODE":
        return _mode(argument, place)
    if argument.type.is_floating and (name == "MEDIAN" or name in statistics.SPREADS):
        number = plain(name, as_number(argument), distinct=distinct, place=place)
        return binary_numbers.converted(Term(number.sql, BINARY_DOUBLE), argument.type)
    if name == "MEDIAN":
        return quantiles.median(argument, place)
    if argument.type.is_floating:
        done = binary_numbers.aggregate(name, argument, each, place)
        if done is not None:
            return done
    number = as_number(argument)
    if name == "SUM":
        return total(number, each, place)
    if name == "AVG":
        if number.type.binary:
            return Term(place(f"avg({each}{number.sql})"), INEXACT)
        counted = number.sql if number.parts is None else number.parts[0].sql
        num = Term(f"nullif({place(f'count({each}{counted})')}, 0)", number_type(_COUNT_DIGITS))
        return numbers.divide(total(number, each, place), num, nonzero=True)
    return statistics.spread(name, number, each, place)


def _extreme(function: str, argument: Term, place: Place) -> Term:
    """MIN or MAX; of a quotient, that of its DOUBLEs stands beside it."""
    extreme = Term(place(f"{function}({argument.sql})"), argument.type)
    quick = argument.alternative
    if quick is None or quick.type.ratio is None or argument.type.binary:
        return extreme
    type_ = quotients.ratio_type(quotients.UNBOUNDED)
    return replace(extreme, alternative=Term(place(f"{function}({quick.sql})"), type_))


def total(number: Term, each: str, place: Place) -> Term:
    type_ = INEXACT
    if not number.type.binary:
        type_ = number_type(38, number.type.scale, exact=number.type.exact)
    exact = Term(place(f"sum({each}{number.sql})"), type_)
    if number.parts is None or number.type.binary:
        return exact
    # DuckDB computes the sum that is read, and not the other one.
    part, by = number.parts
    quick = f"(CAST({place(f'sum({each}{part.sql})')} AS DOUBLE) / {by})"
    return replace(exact, alternative=Term(quick, quotients.ratio_type(quotients.UNBOUNDED)))


def _any_value(argument: Term, place: Place) -> Term:
    """Oracle may return any of the values: known where there is only one."""
    low, high = place(f"min({argument.sql})"), place(f"max({argument.sql})")
    return Term(f"(CASE WHEN {low} <> {high} THEN {_SEVERAL_VALUES} ELSE {low} END)", argument.type)


def _mode(argument: Term, place: Place) -> Term:
    """The most frequent value; Oracle may return any where several are."""
    counts = place(f"histogram({argument.sql})")
    body = (
        "(CASE WHEN len(list_filter(map_values($h), lambda n: n = list_max(map_values($h)))) > 1"
        f" THEN {_SEVERAL_MODES}"
        " ELSE map_keys($h)[list_position(map_values($h), list_max(map_values($h)))] END)"
    )
    return Term(once({"h": counts}, body), argument.type)
