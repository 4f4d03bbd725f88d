"""A paired comparison to read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def paired_lines(said: Mapping[str, Any], *, max_flips: int) -> Iterator[str]:
    """What `paired.compared` found, line by line; at most `max_flips` items each way."""
    first, second, items = said["first"], said["second"], said["items"]
    yield f"A  {first['folder']}"
    yield f"B  {second['folder']}"
    same = items["first"] == items["second"] == items["common"]
    yield (
        f"{items['common']} items, the same in both"
        if same
        else f"{items['common']} items in both, of {items['first']} in A and {items['second']} in B"
    )
    for side, name in (("A", first), ("B", second)):
        listed = [f"{count} {what}" for what, count in name["left_out"].items() if count]
        if listed:
            yield f"left out of the execution accuracy of {side}: {', '.join(listed)}"
    if said["settings"]:
        yield "what was set differently:"
        yield from (f"  {line}" for line in said["settings"])
    yield ""
    yield f"{'%':<34}{'A':>6}{'B':>7}{'B - A':>8}  {'95% interval':<16}{'gained':>7}{'lost':>6}{'p':>9}{'n':>7}"
    for name, change in said["metrics"].items():
        yield _metric_line(name, change)
    yield "p: exact McNemar test, two-sided; n: items that count in both"
    for kind, title in (("gained", "right in B only"), ("lost", "right in A only")):
        yield from _flip_lines(said["flips"][kind], title, max_flips)


def _metric_line(name: str, change: Mapping[str, Any]) -> str:
    found = change["difference"]
    interval = f"[{_points(found['low'])}, {_points(found['high'])}]"
    return (
        f"{name:<34}{100 * change['first']:>6.1f}{100 * change['second']:>7.1f}{_points(found['value']):>8}  "
        f"{interval:<16}{found['gained']:>7}{found['lost']:>6}{found['p_value']:>9.2g}{found['n']:>7}"
    )


def _flip_lines(flips: Sequence[Mapping[str, str]], title: str, most: int) -> Iterator[str]:
    yield ""
    yield f"{title}: {len(flips)}"
    for flip in flips[:most]:
        question = " ".join(flip["question"].split())
        yield f"  {flip['id']}  {question}  ({flip['first']} -> {flip['second']})"
    if len(flips) > most:
        yield f"  and {len(flips) - most} more; --json lists all"


def _points(share: float) -> str:
    return f"{100 * share:+.1f}"
