"""Order by tie groups, and tops that might have been cut otherwise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from oracle_sft.engine.comparison.multisets import all_close, grouped, same_rows, split
from oracle_sft.engine.comparison.values import (
    TypedRow,
    are_close,
    rows_match,
    shown,
    typed_rows,
)
from oracle_sft.engine.result import ResultSet, Row, Value


@dataclass(frozen=True, slots=True)
class Gold:
    """The gold's rows, and their sort keys where they are known."""

    rows: list[TypedRow]
    keys: Sequence[Row] | None


def as_it_is(gold: ResultSet, padded: frozenset[int]) -> Gold:
    return Gold(typed_rows(gold.rows, padded), gold.sort_keys)


def as_predicted(
    gold: ResultSet,
    predicted: list[TypedRow],
    padded: frozenset[int],
    inexact: frozenset[int],
) -> Gold:
    """The gold as it would be had its cuts taken the rows that were predicted, as far as they may."""
    own = as_it_is(gold, padded)
    if not gold.cuts or len(predicted) != len(own.rows):
        return own
    remaining = grouped(predicted, inexact)

    def take(row: TypedRow) -> bool:
        exact, close = split(row, inexact)
        for place, other in enumerate(remaining.get(exact, ())):
            if all_close(close, other):
                del remaining[exact][place]
                return True
        return False

    open_places = {place for cut in gold.cuts for place in cut.kept}
    entries: list[tuple[tuple[int, int], TypedRow, Row]] = []
    keys = gold.sort_keys or [()] * len(own.rows)
    for place, row in enumerate(own.rows):
        if place not in open_places:
            entries.append(((place, 1), row, keys[place]))
            take(row)
    for cut in gold.cuts:
        kept = [((place, 1), own.rows[place], keys[place]) for place in cut.kept]
        others = [
            ((place, 0), row, key)
            for place, row, key in zip(
                cut.left_out_places,
                typed_rows(cut.left_out, padded),
                cut.left_out_keys,
                strict=True,
            )
        ]
        taken = [entry for entry in (*kept, *others) if take(entry[1])][: len(kept)]
        missing = [entry for entry in kept if entry not in taken]
        entries += taken + missing[: len(kept) - len(taken)]
    entries.sort(key=lambda entry: entry[0])
    return Gold(
        [row for _, row, _ in entries],
        [key for _, _, key in entries] if gold.sort_keys is not None else None,
    )


def wrong_order(gold: Gold, predicted: list[TypedRow], inexact: frozenset[int]) -> str:
    """Where the same rows leave the gold's order; '' where rows move only among equal sort keys.

    Without sort keys each row must stand where the gold's stands.
    """
    start = 0
    for end in _ends(gold):
        here, there = gold.rows[start:end], predicted[start:end]
        if end - start == 1:
            if not rows_match(here[0], there[0], inexact):
                return f"row {end} is {shown(there[0])}, expected {shown(here[0])}"
        elif not same_rows(here, there, inexact):
            return f"rows {start + 1} to {end} are not those of equal sort keys"
        start = end
    return ""


def _ends(gold: Gold) -> list[int]:
    """Where each tie group ends."""
    total = len(gold.rows)
    if gold.keys is None:
        return list(range(1, total + 1))
    keys = gold.keys
    ends = [place for place in range(1, total) if not _tie(keys[place - 1], keys[place])]
    return [*ends, total] if total else []


def _tie(key: Row, other: Row) -> bool:
    return all(map(_same_key, key, other))


def _same_key(value: Value, other: Value) -> bool:
    if isinstance(value, float) and isinstance(other, float):
        return are_close(value, other) or (math.isnan(value) and math.isnan(other))
    return value == other
