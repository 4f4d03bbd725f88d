"""What the hidden columns of a query with sort keys say about its result."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from oracle_sft.engine.result import Cut, ResultSet, Row
from oracle_sft.engine.rewrite.blocks.ties import TieColumns


def with_ties(
    result: ResultSet, fetched: Sequence[tuple[Any, ...]], columns: TieColumns
) -> ResultSet:
    """The result with its sort keys, without the rows that were only fetched as alternatives.

    `fetched` are the rows of `result` with the hidden columns behind them.
    """
    keys = [tuple(_hashable(row[place]) for place in columns.keys) for row in fetched]
    if not columns.is_cut:
        return replace(result, sort_keys=keys if columns.keys else None)
    rows: list[Row] = []
    kept_keys: list[Row] = []
    kept: defaultdict[int, list[int]] = defaultdict(list)
    left_out: defaultdict[int, list[tuple[Row, Row, int]]] = defaultdict(list)
    for row, raw, key in zip(result.rows, fetched, keys, strict=True):
        group, chosen = raw[-2], raw[-1]
        if chosen:
            kept[group].append(len(rows))
            rows.append(row)
            kept_keys.append(key)
        else:
            left_out[group].append((row, key, len(rows)))
    cuts = tuple(
        Cut(
            kept=tuple(kept[group]),
            left_out=[row for row, _, _ in others],
            left_out_keys=[key for _, key, _ in others],
            left_out_places=[place for _, _, place in others],
        )
        for group, others in left_out.items()
        if kept[group]
    )
    return replace(result, rows=rows, sort_keys=kept_keys if columns.keys else None, cuts=cuts)


def _hashable(value: Any) -> Any:
    """Hierarchies are sorted by lists."""
    return tuple(value) if isinstance(value, list) else value
