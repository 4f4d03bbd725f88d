"""report.md: a report to read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oracle_sft.score import metrics
from oracle_sft.score.item import Score

_SHOWN_ITEMS = 10


def markdown(report: Mapping[str, Any], scores: Sequence[Score]) -> str:
    """The text of report.md."""
    problems = report["gold_problems"]
    parts = [
        f"# {report['suite']} / {report['target']}",
        f"{report['num_items']} items; results are compared in the mode "
        f"`{report['headline_mode']}`, version {report['compare_version']}. Intervals are at 95%: "
        "Wilson's for shares, the bootstrap over items for pass@k and differences.",
        _table(
            ("metric", "value", "95% interval", "n"),
            [(name, *_rate(rate)) for name, rate in report["metrics"].items()],
        ),
        *_left_out(report),
        "## Where the items ended",
        _table(
            ("stage", "items", "of them"),
            [
                (stage, count, _listed(report["codes_by_stage"].get(stage, {})))
                for stage, count in report["taxonomy"].items()
            ],
        ),
    ]
    for kind, by_name in report["slices"].items():
        if by_name:
            parts += [f"## By {kind}", _slices(kind, by_name)]
    if problems["gold_error"]:
        rows = [(item["id"], item["why"]) for item in problems["gold_error"]]
        parts += ["## Gold errors", _table(("item", "why"), rows)]
    for name, title in (
        ("uninformative", "Golds without rows"),
        ("nondeterministic", "Golds with several right results (a top-n that ends in a tie)"),
    ):
        if problems[name]:
            rows = [(item["id"], item["sql"]) for item in problems[name]]
            parts += [f"## {title}", _table(("item", "gold"), rows)]
    if report["unanswered"]:
        rows = [(item["id"], item["why"]) for item in report["unanswered"]]
        parts += ["## Without an answer", _table(("item", "why"), rows)]
    parts += ["## Answers", *_costs(report), *_wrong_items(scores)]
    return "\n\n".join(parts) + "\n"


def _left_out(report: Mapping[str, Any]) -> list[str]:
    """What the execution accuracy does not count, in words."""
    counts, limits = report["left_out"], report["bounds"]
    said = {
        "gold_error": "whose gold failed (in no figure)",
        "no_answer": "that the endpoint did not answer (in no figure)",
        "uninformative": "whose gold gives no rows",
        "unsupported": "whose query the engine does not know",
        "not_executed": "without a database",
    }
    listed = [f"{counts[name]} {what}" for name, what in said.items() if counts[name]]
    if not listed:
        return ["Left out of the execution accuracy: nothing."]
    line = f"Left out of the execution accuracy: {', '.join(listed)}."
    if counts["unsupported"] and limits:
        line += (
            f" It would be {percent(limits['low'])}% with every query that the engine does not know wrong, and "
            f"{percent(limits['high'])}% with every one right."
        )
    return [line]


def _costs(report: Mapping[str, Any]) -> list[str]:
    tokens, seconds, retried = report["tokens"], report["latency_seconds"], report["retries"]
    lines = [
        f"{tokens['total']} tokens in {tokens['n']} answers; mean {tokens['mean']} "
        f"[{tokens['low']}, {tokens['high']}], median {tokens['median']}, longest {tokens['max']}; "
        f"{tokens['cut']} cut at the limit."
    ]
    said = seconds["answer"]
    if said["n"]:
        lines.append(
            f"Seconds to an answer: mean {said['mean']} [{said['low']}, {said['high']}], median {said['median']}, "
            f"95th percentile {said['p95']}, longest {said['max']} (n={said['n']})."
        )
    if retried["asked_again"]:
        lines.append(
            f"{retried['asked_again']} of {retried['questions']} questions were asked again, {retried['attempts']} "
            f"attempts in all; given up: {_listed(retried['stopped']) or 'none'}."
        )
    return lines


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def percent(share: float) -> str:
    """A share as a percentage with one decimal, without the sign."""
    return f"{100 * share:.1f}"


def _rate(rate: Mapping[str, Any]) -> tuple[str, str, str]:
    interval = f"{percent(rate['low'])} to {percent(rate['high'])}"
    return f"{percent(rate['value'])}%", interval, str(rate["n"])


def _slices(kind: str, by_name: Mapping[str, metrics.Metrics]) -> str:
    shown = (metrics.EXACT_MATCH, metrics.VALID_SQL, metrics.HEADLINE, metrics.TEST_SUITE)
    rows = []
    for name, rates in by_name.items():
        cells = [f"{percent(rates[m]['value'])}%" if m in rates else "" for m in shown]
        counted = rates.get(metrics.HEADLINE) or rates.get(metrics.EXACT_MATCH)
        rows.append((name, *cells, counted["n"] if counted else 0))
    return _table((kind, *shown, "n"), rows)


def _wrong_items(scores: Iterable[Score]) -> list[str]:
    outside = ("correct", "gold_error", "uninformative", "not_executed")
    wrong = [score for score in scores if score.stage not in outside]
    if not wrong:
        return []
    parts = [f"## The first {min(_SHOWN_ITEMS, len(wrong))} of {len(wrong)} that went wrong"]
    for score in wrong[:_SHOWN_ITEMS]:
        said = score.sql if score.sql is not None else score.text
        what = f": {score.message or score.detail}" if score.message or score.detail else ""
        parts.append(
            f"**{_inline(score.question)}** `{score.pair_id}` {score.stage}{_inline(what)}"
        )
        parts.append(_fenced(f"-- answered\n{said}\n-- gold\n{score.gold_sql}"))
    return parts


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: Any) -> str:
    return _inline(str(value)).replace("|", "\\|")


def _inline(text: str) -> str:
    return " ".join(text.split())


def _fenced(text: str) -> str:
    """A code block whose fence is longer than any in the text: a model may answer with fences."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}sql\n{text}\n{fence}"
