"""The final table: what every target scored on every suite, and what changed from one to the next."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from oracle_sft.score.metrics import ALL_TABLES, EXACT_MATCH, HEADLINE, TEST_SUITE, VALID_SQL
from oracle_sft.score.report import in_order

_SUITES_ABREAST = 3


def final_view(summary: Mapping[str, Any]) -> Group:
    """Tables of at most three suites each, at most 100 columns wide, and a line a paired difference."""
    suites = suite_names(summary)
    parts: list[Table | Text] = [
        final_table(summary, suites[start : start + _SUITES_ABREAST])
        for start in range(0, len(suites), _SUITES_ABREAST)
    ]
    on_others = perturbed_lines(summary)
    if on_others:
        head = "\nright on perturbed databases too, % (test-suite accuracy)"
        parts += [Text(line, no_wrap=True, overflow="ignore") for line in (head, *on_others)]
    in_part = recall_lines(summary)
    if in_part:
        head = "\nprompts that show a part of their schema: golds with all of their tables there, %"
        parts += [Text(line, no_wrap=True, overflow="ignore") for line in (head, *in_part)]
    lines = difference_lines(summary)
    if lines:
        head = "\nchange in execution accuracy, points (95% interval over the same items)"
        parts += [Text(line, no_wrap=True, overflow="ignore") for line in (head, *lines)]
    unknown = unsupported_line(summary)
    if unknown:
        parts.append(Text("\n" + unknown))
    return Group(*parts)


def final_table(summary: Mapping[str, Any], suites: Sequence[str] | None = None) -> Table:
    """One row a target; for each suite exact match, valid SQL, execution accuracy with its interval.

    All in per cent; `suites` defaults to all of them. A dash is a figure that was not measured.
    """
    suites = suite_names(summary) if suites is None else suites
    targets: Mapping[str, Any] = summary["targets"]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("\n%", no_wrap=True)
    for suite in suites:
        # A suite is one column: its name may then be as long as its three figures together.
        head = f"{suite} (n={_counted(targets, suite)})\n" + _figures("exact", "valid", "execution")
        table.add_column(head, no_wrap=True)
    for target in in_order(targets):
        by_suite = targets[target]
        table.add_row(target, *(_suite_cell(by_suite.get(suite, {})) for suite in suites))
    return table


def perturbed_lines(summary: Mapping[str, Any]) -> list[str]:
    """One line a target: its test-suite accuracy on each suite that has one, with its interval."""
    lines = []
    for target in in_order(summary["targets"]):
        by_suite = summary["targets"][target]
        said = [
            f"{suite} {100 * rate['value']:.1f} [{100 * rate['low']:.0f}, {100 * rate['high']:.0f}]"
            for suite in suite_names(summary)
            if (rate := by_suite.get(suite, {}).get(TEST_SUITE))
        ]
        if said:
            lines.append(f"  {target:<9} {'   '.join(said)}")
    return lines


def recall_lines(summary: Mapping[str, Any]) -> list[str]:
    """One line for all targets that were shown the same tables: how often those of the gold were all there."""
    said: dict[str, list[str]] = {}
    for target in in_order(summary["targets"]):
        by_suite = summary["targets"][target]
        found = [
            f"{suite} {100 * rates[ALL_TABLES]['value']:.1f} of {rates[ALL_TABLES]['n']}"
            for suite in suite_names(summary)
            if ALL_TABLES in (rates := by_suite.get(suite, {}))
        ]
        if found:
            said.setdefault("   ".join(found), []).append(target)
    return [f"  {', '.join(targets):<9} {line}" for line, targets in said.items()]


def difference_lines(summary: Mapping[str, Any]) -> list[str]:
    """One line a suite and pair of targets: the change in points, its 95% interval, what flipped."""
    lines = []
    for suite in suite_names(summary):
        for name, difference in summary["differences"].get(suite, {}).items():
            interval = f"[{_points(difference['low'])}, {_points(difference['high'])}]"
            notes = []
            if difference["metric"] != HEADLINE:
                notes.append(difference["metric"].replace("_", " "))
            if difference["low"] <= 0 <= difference["high"]:
                notes.append("includes 0")
            lines.append(
                f"  {suite:<9} {name:<17} {_points(difference['value']):>6} {interval:<16} "
                f"{difference['gained']} gained, {difference['lost']} lost of {difference['n']}"
                + "".join(f"; {note}" for note in notes)
            )
    return lines


def unsupported_line(summary: Mapping[str, Any]) -> str:
    """How many predictions are outside of the execution accuracy because the engine does not know their SQL."""
    found = []
    for target in in_order(summary["targets"]):
        for suite, rates in summary["targets"][target].items():
            rate = rates.get("unsupported", {"value": 0, "n": 0})
            count = round(rate["value"] * rate["n"])
            if count:
                found.append(f"{target} on {suite} {count} of {rate['n']}")
    if not found:
        return ""
    return f"not known to the engine, left out of the execution accuracy: {', '.join(found)}"


def suite_names(summary: Mapping[str, Any]) -> list[str]:
    """Every suite that some target was scored on: `seen` and `unseen` first, then by name."""
    first = {"seen": 0, "unseen": 1}
    found = {suite for by_suite in summary["targets"].values() for suite in by_suite}
    return sorted(found, key=lambda suite: (first.get(suite, len(first)), suite))


def _counted(targets: Mapping[str, Any], suite: str) -> str:
    """Items behind the headline: a range where targets differ."""
    rates = [by_suite.get(suite, {}) for by_suite in targets.values()]
    for metric in (HEADLINE, EXACT_MATCH):
        counts = sorted({rate[metric]["n"] for rate in rates if metric in rate})
        if counts:
            return "-".join(str(count) for count in dict.fromkeys((counts[0], counts[-1])))
    return "0"


def _suite_cell(rates: Mapping[str, Any]) -> str:
    interval = ""
    if HEADLINE in rates:
        rate = rates[HEADLINE]
        interval = f" [{100 * rate['low']:.0f}, {100 * rate['high']:.0f}]"
    names = (EXACT_MATCH, VALID_SQL, HEADLINE)
    values = [f"{100 * rates[name]['value']:.1f}" if name in rates else "-" for name in names]
    return _figures(values[0], values[1], f"{values[2]:>5}{interval}")


def _figures(exact: str, valid: str, execution: str) -> str:
    return f"{exact:>5} {valid:>5}  {execution}"


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"
