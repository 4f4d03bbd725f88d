"""What a scoring leaves behind: eval/<suite>/<target>/, and the run's summary.json over all of them.

predictions.jsonl   one `Score` a line
report.json         metrics, what they leave out, slices, taxonomy, gold problems, tokens, latency
report.md           the same to read, with the first items that went wrong
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oracle_sft.engine.compare import COMPARE_VERSION
from oracle_sft.errors import UserError
from oracle_sft.record.files import (
    building_folder,
    read_json,
    read_jsonl,
    write_json,
    write_jsonl,
    write_text,
)
from oracle_sft.score import costs, metrics
from oracle_sft.score.intervals import paired_difference
from oracle_sft.score.item import HEADLINE_MODE, Score
from oracle_sft.score.markdown import markdown

TARGET_ORDER = ("base", "adapter", "merged")
"""Targets before the quantised ones, which follow by name."""


def write_report(
    eval_folder: Path,
    suite: str,
    target: str,
    scores: Sequence[Score],
    *,
    settings: Mapping[str, Any],
    pass_at_k: Sequence[int] = (),
    resampling: metrics.Resampling | None = None,
) -> dict[str, Any]:
    """Replace `eval_folder/<suite>/<target>/` by the report of these scores, whole; returns report.json.

    `settings` says how the answers were made and judged (weights, decoding, guardrail, database,
    versions); it is kept as it is. `pass_at_k`: the k of pass@k, where the scores have samples.

    Raises:
        EnvironmentFault: the folder cannot be written.
    """
    report = {
        "suite": suite,
        "target": target,
        "num_items": len(scores),
        "headline_mode": HEADLINE_MODE,
        "compare_version": COMPARE_VERSION,
        "metrics": metrics.summarize(scores, pass_at_k=pass_at_k, resampling=resampling),
        "left_out": metrics.left_out(scores),
        "bounds": metrics.bounds(scores),
        "taxonomy": metrics.taxonomy(scores),
        "codes_by_stage": metrics.codes_by_stage(scores),
        "gold_problems": metrics.gold_problems(scores),
        "unanswered": metrics.unanswered(scores),
        "oracle_errors": metrics.error_codes(scores),
        "unsupported": metrics.unsupported_constructs(scores),
        "refusals": metrics.refusals(scores),
        "retries": metrics.retries(scores),
        "tokens": costs.tokens(scores, resampling),
        "latency_seconds": costs.latency(scores, resampling),
        "slices": metrics.slices(scores),
        "settings": dict(settings),
    }
    with building_folder(eval_folder / suite / target) as folder:
        write_jsonl(folder / "predictions.jsonl", (score.as_dict() for score in scores))
        write_json(folder / "report.json", report)
        write_text(folder / "report.md", markdown(report, scores))
    return report


def update_summary(run_folder: Path, *, bootstrap_samples: int, seed: int) -> dict[str, Any]:
    """Rebuild summary.json from every report below `run_folder/eval`; returns it.

    `targets`: target -> suite -> metric -> value, low, high, n. `differences`: suite -> "adapter -
    base" and the like -> the paired difference of the headline metric over the items that both
    answered, with `gained`, `lost`, `p_value` and `metric`.

    Raises:
        UserError: one of the reports is damaged, or of a version that this one does not read.
        EnvironmentFault: summary.json cannot be written.
    """
    folders = [path.parent for path in sorted((run_folder / "eval").glob("*/*/report.json"))]
    reports = [read_report(folder) for folder in folders]
    targets: dict[str, dict[str, metrics.Metrics]] = {}
    for target in in_order({report["target"] for report in reports}):
        targets[target] = {
            report["suite"]: report["metrics"] for report in reports if report["target"] == target
        }
    differences: dict[str, dict[str, Any]] = {}
    for suite in sorted({report["suite"] for report in reports}):
        rules = {
            report["target"]: report["compare_version"]
            for report in reports
            if report["suite"] == suite
        }
        scored = {target: read_scores(run_folder / "eval" / suite / target) for target in rules}
        differences[suite] = _differences(suite, scored, rules, bootstrap_samples, seed)
    summary = {"targets": targets, "differences": differences}
    write_json(run_folder / "summary.json", summary)
    return summary


def in_order(targets: Iterable[str]) -> list[str]:
    """Targets as they come out of each other: base, adapter, merged, then the quantised ones."""
    rank = {target: place for place, target in enumerate(TARGET_ORDER)}
    return sorted(targets, key=lambda target: (rank.get(target, len(rank)), target))


def read_report(folder: Path) -> dict[str, Any]:
    """The report.json that `write_report` left in a folder.

    Raises:
        UserError: it is damaged, or of a version that this one does not read.
    """
    with _told_as_one_message(folder):
        report: dict[str, Any] = read_json(folder / "report.json")
        for name in ("suite", "target", "metrics", "settings", "compare_version", "headline_mode"):
            _ = report[name]
        return report


def read_scores(folder: Path) -> list[Score]:
    """The scores that `write_report` left in a folder; raises as `read_report`."""
    with _told_as_one_message(folder):
        return [Score.from_dict(said) for said in read_jsonl(folder / "predictions.jsonl")]


@contextmanager
def _told_as_one_message(folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise UserError(
            f"{folder} holds no report that this version reads ({reason}); score that again, or remove the folder"
        ) from error


def _differences(
    suite: str,
    scored: Mapping[str, Sequence[Score]],
    rules: Mapping[str, int],
    samples: int,
    seed: int,
) -> dict[str, Any]:
    """Of targets whose results were compared by the same `rules`: one may have been scored long before the other."""
    found = {}
    for later, earlier in _pairings(scored):
        if rules[later] != rules[earlier]:
            continue
        name = f"{later} - {earlier}"
        metric, after = metrics.headline_outcomes(scored[later])
        metric_before, before = metrics.headline_outcomes(scored[earlier])
        both = after.keys() & before.keys()
        if metric != metric_before or not both:
            continue  # scored at different times in different ways: no item has two outcomes to compare
        difference = paired_difference(
            sum(after[key] and not before[key] for key in both),
            sum(before[key] and not after[key] for key in both),
            len(both),
            samples=samples,
            seed=f"{seed}/{suite}/{name}",
        )
        found[name] = {"metric": metric, **difference.as_dict()}
    return found


def _pairings(targets: Iterable[str]) -> list[tuple[str, str]]:
    """What is compared with what: each target with the one that it was made from."""
    present = in_order(targets)
    trunk = [target for target in present if target in TARGET_ORDER]
    pairings = list(zip(trunk[1:], trunk, strict=False))
    if trunk:
        pairings += [(target, trunk[-1]) for target in present if target not in TARGET_ORDER]
    return pairings
