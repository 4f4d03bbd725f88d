"""How pairs look to the model: which tokens are trained, which are masked, and how long the rows are."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from oracle_sft.pairs.tokens import TokenRow

PERCENTILES = (50, 90, 99, 100)
MASKED, TRAINED = "dim", "bold green"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Tokens of some rows."""

    rows: int
    total: int
    """Prompts and answers."""
    trained: int
    """Answers with their end tokens."""
    percentiles: tuple[int, ...]
    """Of the tokens of a row, at `PERCENTILES` (nearest rank)."""
    too_long: int
    """Rows of more than train.max_length_tokens."""


def lengths(rows: Sequence[TokenRow], *, max_length_tokens: int) -> Lengths:
    """The figures over some rows, at least one."""
    ordered = sorted(row.num_tokens for row in rows)
    return Lengths(
        rows=len(rows),
        total=sum(ordered),
        trained=sum(len(row.answer_ids) for row in rows),
        percentiles=tuple(
            ordered[math.ceil(share * len(ordered) / 100) - 1] for share in PERCENTILES
        ),
        too_long=sum(length > max_length_tokens for length in ordered),
    )


def lengths_table(
    rows: Sequence[TokenRow], sources: Mapping[str, str], *, max_length_tokens: int
) -> Table:
    """The figures by source of the pairs (pair id -> source), and over all of them."""
    table = Table(box=None, pad_edge=False)
    table.add_column("tokens", no_wrap=True)
    shown = [f"{share}%" if share < 100 else "longest" for share in PERCENTILES]
    for title in ("rows", "all", "trained", *shown, f"> {max_length_tokens:,}"):
        table.add_column(title, justify="right")
    by_source: dict[str, list[TokenRow]] = {}
    for row in rows:
        by_source.setdefault(sources.get(row.pair_id, "unknown"), []).append(row)
    groups = [*sorted(by_source.items()), *([("all", list(rows))] if len(by_source) > 1 else [])]
    for name, some in groups:
        found = lengths(some, max_length_tokens=max_length_tokens)
        figures = (found.rows, found.total, found.trained, *found.percentiles, found.too_long)
        table.add_row(name, *(f"{figure:,}" for figure in figures))
    return table


def shown_row(row: TokenRow, tokenizer: Any, where: str) -> Iterable[Text]:
    """A heading with the token counts, then the row as the model reads it, masked and trained tokens told apart."""
    prompt = tokenizer.decode(list(row.prompt_ids), skip_special_tokens=False)
    answer = tokenizer.decode(list(row.answer_ids), skip_special_tokens=False)
    yield Text(
        f"--- {row.pair_id} ({where}): {len(row.prompt_ids):,} tokens masked, {len(row.answer_ids):,} trained",
        style="bold",
    )
    yield Text.assemble((prompt, MASKED), (answer, TRAINED))
