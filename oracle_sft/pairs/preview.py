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

    @property
    def facts(self) -> dict[str, Any]:
        """As JSON holds it."""
        names = [f"p{share}" if share < 100 else "longest" for share in PERCENTILES]
        return {
            "rows": self.rows,
            "tokens": self.total,
            "trained": self.trained,
            **dict(zip(names, self.percentiles, strict=True)),
            "too_long": self.too_long,
        }


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


def lengths_by_source(
    rows: Sequence[TokenRow], sources: Mapping[str, str], *, max_length_tokens: int
) -> dict[str, Lengths]:
    """The figures by source of the pairs (pair id -> source), sorted by name."""
    grouped: dict[str, list[TokenRow]] = {}
    for row in rows:
        grouped.setdefault(sources.get(row.pair_id, "unknown"), []).append(row)
    return {
        source: lengths(some, max_length_tokens=max_length_tokens)
        for source, some in sorted(grouped.items())
    }


def lengths_table(
    rows: Sequence[TokenRow], sources: Mapping[str, str], *, max_length_tokens: int
) -> Table:
    """The figures by source of the pairs (pair id -> source), and over all of them."""
    table = Table(box=None, pad_edge=False)
    table.add_column("tokens", no_wrap=True)
    shown = [f"{share}%" if share < 100 else "longest" for share in PERCENTILES]
    for title in ("rows", "all", "trained", *shown, f"> {max_length_tokens:,}"):
        table.add_column(title, justify="right")
    lines = [*lengths_by_source(rows, sources, max_length_tokens=max_length_tokens).items()]
    if len(lines) > 1:
        lines.append(("all", lengths(rows, max_length_tokens=max_length_tokens)))
    for name, found in lines:
        figures = (found.rows, found.total, found.trained, *found.percentiles, found.too_long)
        table.add_row(name, *(f"{figure:,}" for figure in figures))
    return table


def lengths_facts(
    rows: Sequence[TokenRow], sources: Mapping[str, str], *, max_length_tokens: int
) -> dict[str, Any]:
    """The same as JSON holds it; empty for no rows."""
    if not rows:
        return {}
    by_source = lengths_by_source(rows, sources, max_length_tokens=max_length_tokens)
    return {
        "all": lengths(rows, max_length_tokens=max_length_tokens).facts,
        "by_source": {source: found.facts for source, found in by_source.items()},
    }


def shown_row(row: TokenRow, tokenizer: Any, where: str) -> Iterable[Text]:
    """A heading with the token counts, then the row as the model reads it, masked and trained tokens told apart."""
    prompt = tokenizer.decode(list(row.prompt_ids), skip_special_tokens=False)
    answer = tokenizer.decode(list(row.answer_ids), skip_special_tokens=False)
    yield Text(
        f"--- {row.pair_id} ({where}): {len(row.prompt_ids):,} tokens masked, {len(row.answer_ids):,} trained",
        style="bold",
    )
    yield Text.assemble((prompt, MASKED), (answer, TRAINED))
