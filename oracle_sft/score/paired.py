"""Two scorings of the same items side by side: what changed, how sure that is, and on which items."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle_sft.errors import UserError
from oracle_sft.score import metrics
from oracle_sft.score.intervals import paired_difference
from oracle_sft.score.item import Score
from oracle_sft.score.report import read_report, read_scores

_SETTINGS = ("dataset", "perturbed", "database", "guardrail", "prompt", "eval", "versions")
Identity = tuple[str, str, str, str]
"""Pair id, gold SQL, question and schema: what makes two items the same."""


@dataclass(frozen=True, slots=True)
class Scoring:
    """One report folder: a target on a suite."""

    folder: Path
    report: Mapping[str, Any]
    scores: Mapping[Identity, Score]

    @property
    def name(self) -> str:
        return f"{self.report['suite']}/{self.report['target']}"


def scorings(path: str) -> dict[str, Path]:
    """The report folders below a run, or the one that `path` is, by `suite/target`.

    Raises:
        UserError: nothing was scored there, or the report is damaged.
    """
    folder = Path(path)
    if (folder / "report.json").is_file():
        report = read_report(folder)
        return {f"{report['suite']}/{report['target']}": folder}
    below = folder / "eval" if (folder / "eval").is_dir() else folder
    found = {
        f"{report.parent.parent.name}/{report.parent.name}": report.parent
        for report in sorted(below.glob("*/*/report.json"))
    }
    if not found:
        raise UserError(
            f"{path} holds no scores; give the folder of a scored run (outputs/NAME) or of one of its reports "
            "(outputs/NAME/eval/SUITE/TARGET)"
        )
    return found


def matched(first: str, second: str) -> tuple[list[tuple[Path, Path]], list[str]]:
    """The report folders to compare with each other, and the names that only one side has.

    Two single reports are compared whatever they are called; of runs, what has the same suite and target.

    Raises:
        UserError: nothing was scored there, or nothing fits together.
    """
    one, other = scorings(first), scorings(second)
    if len(one) == len(other) == 1:
        return list(zip(one.values(), other.values(), strict=True)), []
    both = sorted(one.keys() & other.keys())
    if not both:
        raise UserError(
            f"no suite and target is in both: {first} has {', '.join(sorted(one))}; {second} has "
            f"{', '.join(sorted(other))}; name two reports (outputs/NAME/eval/SUITE/TARGET)"
        )
    return [(one[name], other[name]) for name in both], sorted(one.keys() ^ other.keys())


def read_scoring(folder: Path) -> Scoring:
    """The report in a folder and its scores.

    Raises:
        UserError: it is damaged, or of a version that this one does not read.
    """
    by_identity = {
        (score.pair_id, score.gold_sql, score.question, score.schema_id): score
        for score in read_scores(folder)
    }
    return Scoring(folder, read_report(folder), by_identity)


def compared(
    first: Scoring, second: Scoring, *, only_common: bool = False, samples: int = 2000
) -> dict[str, Any]:
    """What changed from the first scoring to the second, as JSON values.

    `items`: how many each has, and how many both. `settings`: what was set differently. `metrics`: for
    each metric both values over the items that count in both, the paired difference (second minus
    first) with its interval, gained, lost and McNemar's exact p-value, and how many common items are
    left out because one side cannot be judged. `flips`: the items behind gained and lost of the headline.

    Raises:
        UserError: the items are not the same and `only_common` does not allow that, none is in both, or results were
            compared by different rules.
    """
    _check_rules(first, second)
    common = _common(first, second, only_common=only_common)
    one = [first.scores[identity] for identity in common]
    other = [second.scores[identity] for identity in common]
    before, after = metrics.outcomes(one), metrics.outcomes(other)
    changes = {
        name: _change(name, before[name], after[name], len(common), samples)
        for name in before
        if name in after and before[name].keys() & after[name].keys()
    }
    headline = metrics.HEADLINE if metrics.HEADLINE in changes else metrics.EXACT_MATCH
    return {
        "first": _said(first),
        "second": _said(second),
        "items": {
            "first": len(first.scores),
            "second": len(second.scores),
            "common": len(common),
        },
        "settings": _other_settings(first, second),
        "headline": headline,
        "metrics": changes,
        "flips": _flips(one, other, before.get(headline, {}), after.get(headline, {})),
    }


def _said(scoring: Scoring) -> dict[str, Any]:
    report = scoring.report
    return {
        "folder": str(scoring.folder),
        "suite": report["suite"],
        "target": report["target"],
        "left_out": report.get("left_out", {}),
    }


def _check_rules(first: Scoring, second: Scoring) -> None:
    for name in ("compare_version", "headline_mode"):
        one, other = first.report[name], second.report[name]
        if one != other:
            raise UserError(
                f"results were compared by different rules ({name} is {one} in {first.folder} and {other} in "
                f"{second.folder}); score the older one again: python -m oracle_sft.eval run=..."
            )


def _common(first: Scoring, second: Scoring, *, only_common: bool) -> list[Identity]:
    """The items of both, in the order of the first."""
    common = [identity for identity in first.scores if identity in second.scores]
    counts = (
        f"{first.folder} has {len(first.scores)} items and {second.folder} has {len(second.scores)}, "
        f"{len(common)} of them the same (id, question, gold SQL and schema)"
    )
    if not common:
        raise UserError(f"there is nothing to compare: {counts}")
    if not only_common and not len(common) == len(first.scores) == len(second.scores):
        raise UserError(
            f"these are different sets of items: {counts}; add --common to compare those only"
        )
    return common


def _change(
    name: str,
    before: Mapping[tuple[str, str], bool],
    after: Mapping[tuple[str, str], bool],
    num_common: int,
    samples: int,
) -> dict[str, Any]:
    both = [item for item in before if item in after]
    n = len(both)
    found = paired_difference(
        sum(after[item] and not before[item] for item in both),
        sum(before[item] and not after[item] for item in both),
        n,
        samples=samples,
        seed=f"compare/{name}",
    )
    return {
        "first": round(sum(before[item] for item in both) / n, 6),
        "second": round(sum(after[item] for item in both) / n, 6),
        "difference": found.as_dict(),
        "left_out": num_common - n,
    }


def _other_settings(first: Scoring, second: Scoring) -> list[str]:
    """What both reports say, and say differently; an older report may not know a setting."""
    one, other = (
        dict(_flat({name: scoring.report["settings"].get(name) for name in _SETTINGS}))
        for scoring in (first, second)
    )
    return [
        f"{name}: {one[name]!r} -> {other[name]!r}"
        for name in one
        if name in other and one[name] != other[name]
    ]


def _flat(said: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in said.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _flips(
    one: Sequence[Score],
    other: Sequence[Score],
    before: Mapping[tuple[str, str], bool],
    after: Mapping[tuple[str, str], bool],
) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {"gained": [], "lost": []}
    for earlier, later in zip(one, other, strict=True):
        item = (earlier.pair_id, earlier.gold_sql)
        if item not in before or item not in after or before[item] == after[item]:
            continue
        found["gained" if after[item] else "lost"].append(
            {
                "id": earlier.pair_id,
                "question": earlier.question,
                "first": earlier.stage,
                "second": later.stage,
            }
        )
    return found
