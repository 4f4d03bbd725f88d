"""KEEP (DENSE_RANK FIRST | LAST ORDER BY ..): a group function over the rows that come first or last."""

from decimal import Decimal

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_number
from oracle_sft.engine.rewrite.groups import aggregates
from oracle_sft.engine.rewrite.groups.sort_keys import SortKey, as_one
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import INEXACT, OracleType, Place, Term, number_type, once

_SPREADS = {"VARIANCE": "var_samp", "STDDEV": "stddev_samp"}
NAMES = frozenset(["MIN", "MAX", "SUM", "AVG", "COUNT", *_SPREADS])


def written(
    name: str, argument: Term | None, keys: list[SortKey], *, first: bool, place: Place
) -> Term:
    """The group function `name`; `argument` is None for COUNT(*).

    Raises:
        OracleError: ORA-00932 or ORA-01722, for the wrong type of argument.
    """
    if not keys or (argument is not None and argument.is_null):
        # Constants order nothing: all rows come first.
        if argument is None:
            return aggregates.count_rows(place)
        return aggregates.plain(name, argument, distinct=False, place=place)
    if argument is None:
        argument = numbers.literal(Decimal(1))
    if name in ("MIN", "MAX"):
        return _extreme(name, argument, keys, first=first, place=place)
    return _Kept(argument, keys, first=first, place=place).written(name)


def end(keys: list[SortKey], *, first: bool, place: Place) -> str:
    """The column that holds the keys of the rows that are kept, as one."""
    return place(f"{'min' if first else 'max'}({as_one(keys)})")


def windowed(
    name: str, argument: Term | None, keys: list[SortKey], kept: str, place: Place
) -> Term:
    """The group function over a window, where the column `kept` has the keys to keep.

    Over a window every row would have a list of all the values of its partition.
    """
    value = argument if argument is not None else numbers.literal(Decimal(1))
    masked = f"(CASE WHEN {as_one(keys)} = {kept} THEN {value.sql} END)"
    return aggregates.plain(name, value.at(masked), distinct=False, place=place)


def _extreme(name: str, argument: Term, keys: list[SortKey], *, first: bool, place: Place) -> Term:
    """MIN or MAX: the one row that comes first by the keys and then by the value itself."""
    ascending = (name == "MIN") == first
    every = [*keys, SortKey(argument, not ascending, nulls_first=not first)]
    function = "arg_min_null" if first else "arg_max_null"
    return Term(place(f"{function}({argument.sql}, {as_one(every)})"), argument.type)


class _Kept:
    """The values of the rows that are kept, as a list."""

    def __init__(self, argument: Term, keys: list[SortKey], *, first: bool, place: Place) -> None:
        self._argument = argument
        self._key = as_one(keys)
        self._end = end(keys, first=first, place=place)
        self._place = place

    def written(self, name: str) -> Term:
        if name == "COUNT":
            count = self._over("count", self._argument, number_type(18))
            return numbers.whole_number(f"coalesce({count.sql}, 0)")
        number = as_number(self._argument)
        if name in _SPREADS:
            value = Term(numbers.double(number), INEXACT)
            spread = self._over(_SPREADS[name], value, INEXACT).sql
            one = f"{self._over('count', value, INEXACT).sql} = 1"
            return Term(f"(CASE WHEN {one} THEN 0e0 ELSE {spread} END)", INEXACT)
        type_ = INEXACT
        if not number.type.binary:
            type_ = number_type(38, number.type.scale, exact=number.type.exact)
        total = self._over("sum", number, type_)
        if name == "SUM":
            return total
        if name != "AVG":
            raise UnsupportedSQL(f"{name} with KEEP")
        num = self._over("count", number, number_type(18))
        return numbers.divide(total, Term(f"nullif({num.sql}, 0)", number_type(18)))

    def _over(self, function: str, value: Term, type_: OracleType) -> Term:
        rows = self._place(f"list({{'k': {self._key}, 'x': {value.sql}}})")
        kept = "list_transform(list_filter($l, lambda __e: __e.k = $m), lambda __e: __e.x)"
        return Term(
            once({"l": rows, "m": self._end}, f"list_aggregate({kept}, '{function}')"), type_
        )
