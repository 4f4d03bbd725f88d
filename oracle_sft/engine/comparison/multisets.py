"""Whether two lists of rows hold the same rows, in whatever order."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from oracle_sft.engine.comparison.values import (
    ABSOLUTE_TOLERANCE,
    RELATIVE_TOLERANCE,
    TypedRow,
    are_close,
    number,
)

Numbers = tuple[float, ...]
_MAX_MATCHED = 300


def split(row: TypedRow, inexact: frozenset[int]) -> tuple[tuple[object, ...], Numbers]:
    """The part of a row that must be the same, and the numbers that must be close."""
    if not inexact:
        return row, ()
    exact: list[object] = []
    close: list[float] = []
    for place, value in enumerate(row):
        found = number(value) if place in inexact else None
        if found is None:
            exact.append(value)
        else:
            exact.append("a number")
            close.append(found)
    return tuple(exact), tuple(close)


def grouped(
    rows: Sequence[TypedRow], inexact: frozenset[int]
) -> defaultdict[tuple[object, ...], list[Numbers]]:
    """The rows by the part that must be the same."""
    groups: defaultdict[tuple[object, ...], list[Numbers]] = defaultdict(list)
    for row in rows:
        exact, close = split(row, inexact)
        groups[exact].append(close)
    return groups


def same_rows(
    gold: Sequence[TypedRow],
    predicted: Sequence[TypedRow],
    inexact: frozenset[int],
    *,
    distinct: bool = False,
) -> bool:
    """Whether each row occurs as often here as there; if `distinct`, whether it occurs at all."""
    if not distinct and len(gold) != len(predicted):
        return False
    wanted, found = grouped(gold, inexact), grouped(predicted, inexact)
    if wanted.keys() != found.keys():
        return False
    if distinct:
        return all(
            _covered(rows, found[key]) and _covered(found[key], rows)
            for key, rows in wanted.items()
        )
    return all(_paired(rows, found[key]) for key, rows in wanted.items())


def all_close(numbers: Numbers, others: Numbers) -> bool:
    return all(map(are_close, numbers, others))


def first_missing(
    gold: Sequence[TypedRow], predicted: Sequence[TypedRow], inexact: frozenset[int]
) -> TypedRow | None:
    """The first row that does not occur in the other result at all."""
    found = {key: _Near(rows) for key, rows in grouped(predicted, inexact).items()}
    for row in gold:
        exact, close = split(row, inexact)
        if exact not in found or close not in found[exact]:
            return row
    return None


class _Near:
    """Rows of numbers, to ask whether another one is close to one of them."""

    def __init__(self, rows: list[Numbers]) -> None:
        self._known = set(rows)
        self._in_order = sorted(self._known)
        self._firsts = [row[0] for row in self._in_order if row]

    def __contains__(self, row: Numbers) -> bool:
        if row in self._known:
            return True
        margin = 2 * max(ABSOLUTE_TOLERANCE, RELATIVE_TOLERANCE * abs(row[0]))
        low = bisect_left(self._firsts, row[0] - margin)
        high = bisect_right(self._firsts, row[0] + margin)
        return any(all_close(row, other) for other in self._in_order[low:high])


def _covered(rows: list[Numbers], others: list[Numbers]) -> bool:
    """Whether each row is close to one of the others."""
    near = _Near(others)
    return all(row in near for row in rows)


def _paired(rows: list[Numbers], others: list[Numbers]) -> bool:
    """Whether the rows can be paired one to one, every pair within the tolerance.

    In sorted order they nearly always pair up as they stand; where a tie within the tolerance has
    sorted them differently, a matching is looked for among those that are close at all.
    """
    if len(rows) != len(others):
        return False
    if not rows[0]:
        return True
    rows, others = sorted(rows), sorted(others)
    if all(map(all_close, rows, others)):
        return True
    for column in range(len(rows[0])):
        parts = _clusters(rows, others, column)
        if len(parts) > 1:
            return all(bool(here) and _paired(here, there) for here, there in parts)
    return len(rows) <= _MAX_MATCHED and _perfect_matching(rows, others)


def _clusters(
    rows: list[Numbers], others: list[Numbers], column: int
) -> list[tuple[list[Numbers], list[Numbers]]]:
    """Both lists cut where the numbers of a column leave a gap wider than the tolerance."""
    marked = [(row[column], 0, row) for row in rows] + [(row[column], 1, row) for row in others]
    marked.sort()
    parts: list[tuple[list[Numbers], list[Numbers]]] = []
    last: float | None = None
    for value, side, row in marked:
        if last is None or not are_close(last, value):
            parts.append(([], []))
        parts[-1][side].append(row)
        last = value
    return parts


def _perfect_matching(rows: list[Numbers], others: list[Numbers]) -> bool:
    edges = [[place for place, other in enumerate(others) if all_close(row, other)] for row in rows]
    taken: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for other in edges[row]:
            if other in tried:
                continue
            tried.add(other)
            if other not in taken or place(taken[other], tried):
                taken[other] = row
                return True
        return False

    return all(place(row, set()) for row in range(len(rows)))
