"""The same rows under other columns: exchanged, or among more of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from oracle_sft.engine.comparison.multisets import same_rows
from oracle_sft.engine.comparison.values import TypedRow, number
from oracle_sft.engine.result import ResultSet

_MAX_COLUMNS = 30
_MAX_MAPPINGS = 200
_MAX_STEPS = 5_000


def other_header(gold: ResultSet, predicted: ResultSet) -> str:
    """The first difference in names or type families; '' where there is none."""
    for name, other in zip(gold.columns, predicted.columns, strict=True):
        if name != other:
            return f"column {other} instead of {name}"
    for name, kind, other in zip(gold.columns, gold.types, predicted.types, strict=True):
        if kind != other:
            return f"column {name} is {other} instead of {kind}"
    return ""


def mapping(
    gold: Sequence[TypedRow],
    predicted: Sequence[TypedRow],
    inexact: frozenset[int],
) -> tuple[int, ...] | None:
    """Predicted columns that hold the gold's rows, in the gold's order; None if there are none.

    One mapping for whole rows: columns that fit one by one but pair values differently do not.
    """
    if not gold or len(gold) != len(predicted):
        return None
    width, other_width = len(gold[0]), len(predicted[0])
    if other_width > _MAX_COLUMNS:
        return None
    wanted = [_signature(gold, column) for column in range(width)]
    found = [_signature(predicted, column) for column in range(other_width)]
    fits = [
        [column for column, signature in enumerate(found) if signature == target]
        for target in wanted
    ]
    # A tolerance that holds in one position must hold in the other as well.
    loose = frozenset(range(width)) if inexact else inexact
    for columns in islice(_choices(fits), _MAX_MAPPINGS):
        projected = [tuple(row[column] for column in columns) for row in predicted]
        if same_rows(gold, projected, loose):
            return columns
    return None


def _signature(rows: Sequence[TypedRow], column: int) -> Counter[object]:
    """The values of a column, numbers to nine digits."""
    counted: Counter[object] = Counter()
    for row in rows:
        found = number(row[column])
        counted[f"{found:.8e}" if found is not None else row[column]] += 1
    return counted


def _choices(fits: list[list[int]]) -> Iterator[tuple[int, ...]]:
    """Ways to give each gold column a column of its own, up to a bound of steps."""
    # The hardest column first: one that fits nowhere ends the search at once.
    order = sorted(range(len(fits)), key=lambda column: len(fits[column]))
    chosen: dict[int, int] = {}
    steps = 0

    def extend(depth: int) -> Iterator[tuple[int, ...]]:
        nonlocal steps
        if depth == len(order):
            yield tuple(chosen[column] for column in range(len(fits)))
            return
        for candidate in fits[order[depth]]:
            steps += 1
            if steps > _MAX_STEPS:
                return
            if candidate not in chosen.values():
                chosen[order[depth]] = candidate
                yield from extend(depth + 1)
                del chosen[order[depth]]

    return extend(0)
