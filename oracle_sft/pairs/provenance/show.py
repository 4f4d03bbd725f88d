"""Provenance statistics for people: a report in lines, and a dashboard with bars."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oracle_sft.pairs.provenance.scan import scan
from oracle_sft.pairs.provenance.tally import Tally

if TYPE_CHECKING:
    from rich.console import RenderableType

_BAR_WIDTH = 28
_MAX_NAMES = 12
_WIDTH = 78


def report_text(tally: Tally) -> str:
    """The report, a figure a line."""
    said = tally.report()
    lines = [
        "Provenance Report",
        "=" * 40,
        f"  Total pairs: {said['total']:,}",
        f"  Approved: {said['approved']:,}",
        f"  Excluded: {said['excluded']:,}",
        f"  Missing or invalid provenance: {said['missing_provenance']:,}",
        f"  Coverage: {shown_share(tally.valid, tally.total)}",
    ]
    if tally.unreadable:
        lines.insert(-1, f"  Of these no JSON object: {tally.unreadable:,}")
    for title, key in (
        ("By source", "by_source"),
        ("By model", "by_model"),
        ("Excluded by reason", "excluded_by_reason"),
    ):
        if said[key]:
            lines += ["", f"  {title}:"]
            lines += [f"    {name:20s} {count:,}" for name, count in _largest(said[key])]
    return "\n".join(lines)


def provenance_dashboard(path: Path) -> str:
    """The dashboard of a JSONL file as text.

    Raises:
        UserError: the file cannot be read.
    """
    from rich.console import Console

    text = io.StringIO()
    Console(file=text, width=_WIDTH, highlight=False).print(
        dashboard(scan(Path(path)).tally, title=str(path))
    )
    return text.getvalue().rstrip("\n")


def dashboard(tally: Tally, *, title: str) -> "RenderableType":
    """Totals, states, sources, models and reasons, each with a bar."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    said = tally.report()
    states = {
        "approved": tally.approved,
        "excluded": tally.excluded,
        "neither of these": tally.total - tally.approved - tally.excluded + tally.both,
        "missing or invalid": said["missing_provenance"],
    }
    head = Text(
        f"{tally.total:,} pairs, provenance coverage {shown_share(tally.valid, tally.total)}",
        style="bold",
    )
    parts: list[RenderableType] = [head, _bars("State", states, tally.total, keep_order=True)]
    for name, key in (("Source", "by_source"), ("Model", "by_model")):
        parts.append(_bars(name, said[key], tally.total))
    if said["excluded_by_reason"]:
        parts.append(_bars("Excluded for", said["excluded_by_reason"], tally.excluded))
    return Panel(Group(*parts), title=Text(f"Training provenance: {title}"), width=_WIDTH)


def shown_share(part: int, whole: int) -> str:
    """A share in percent that says 100% and 0% only where it is all or nothing."""
    if not whole:
        return "no pairs"
    percent = 100 * part / whole
    if 0 < part < whole:
        percent = min(max(percent, 0.1), 99.9)
    return f"{percent:.1f}%"


def _bars(
    title: str, counts: Mapping[str, int], whole: int, *, keep_order: bool = False
) -> "RenderableType":
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, show_edge=False, title_justify="left", expand=True)
    table.add_column(title, no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("", width=_BAR_WIDTH)
    table.add_column("pairs", justify="right", width=11)
    table.add_column("", justify="right", width=7)
    rows = list(counts.items()) if keep_order else _largest(counts)
    for name, count in rows:
        filled = round(_BAR_WIDTH * count / whole) if whole else 0
        bar = "█" * (filled or (1 if count else 0))
        table.add_row(Text(name), bar, f"{count:,}", shown_share(count, whole) if whole else "")
    return table


def _largest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The most frequent names, and how many there are beside them."""
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    if len(ordered) <= _MAX_NAMES:
        return ordered
    rest: Any = ordered[_MAX_NAMES:]
    return [
        *ordered[:_MAX_NAMES],
        (f"({len(rest):,} more)", sum(count for _, count in rest)),
    ]
