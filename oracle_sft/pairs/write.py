"""From the workbench to the lines of a dataset, shard by shard, and what is counted on the way."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow

from oracle_sft.pairs.batches import pairs_of, written_json
from oracle_sft.pairs.provenance.rules import problems
from oracle_sft.pairs.provenance.tally import Tally
from oracle_sft.pairs.readers.draft import Unread
from oracle_sft.pairs.workbench import Workbench

if TYPE_CHECKING:
    from oracle_sft.pairs.pair import Pair

READ = "read"
"""The stage of places that hold no pair."""


@dataclass(slots=True)
class Written:
    """What was written."""

    lines: Counter[str] = field(default_factory=Counter)
    """By file."""
    suites: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    """Of the pairs to train on."""
    kept: Counter[str] = field(default_factory=Counter)
    """By source."""
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By stage and source."""
    annotated: int = 0
    provenance: Tally = field(default_factory=Tally)
    """Over all lines; what is set aside counts as excluded, by stage."""

    def flow(self, stages: Sequence[str]) -> list[dict[str, Any]]:
        """Pairs in and out of each of the stages, given in their order, by source."""
        coming = Counter(self.kept)
        for (_, source), count in self.rejected.items():
            coming[source] += count
        rows = []
        for stage in stages:
            for source in sorted(name for name, count in coming.items() if count):
                out = coming[source] - self.rejected[stage, source]
                rows.append({"stage": stage, "source": source, "in": coming[source], "out": out})
                coming[source] = out
        return rows

    def by_stage(self, stages: Sequence[str]) -> dict[str, int]:
        """Lines in rejected.jsonl by stage, for the stages that set some aside."""
        counts: Counter[str] = Counter()
        for (stage, _), count in self.rejected.items():
            counts[stage] += count
        return {stage: counts[stage] for stage in stages if counts[stage]}


def write_lines(folder: Path, bench: Workbench, *, sources: Sequence[str], beside: str) -> Written:
    """Write train.jsonl, eval.jsonl and rejected.jsonl, each in the order of the source.

    `sources` are the names that `source` may have; places are named without `beside` at their start, so that equal
    files in two folders give equal lines.
    """
    written = Written()
    with (
        (folder / "train.jsonl").open("w", encoding="utf-8", newline="\n") as train,
        (folder / "eval.jsonl").open("w", encoding="utf-8", newline="\n") as scored,
        (folder / "rejected.jsonl").open("w", encoding="utf-8", newline="\n") as rejected,
    ):
        files = {"train": train, "eval": scored, "rejected": rejected}
        for shard in range(bench.num_shards):
            for name, line in _lines(bench, shard, tuple(sources), beside, written):
                written.lines[name] += 1
                files[name].write(written_json(line) + "\n")
    return written


def _lines(
    bench: Workbench, shard: int, sources: tuple[str, ...], beside: str, written: Written
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The lines of a shard in order, each with the file that it belongs to."""
    drafts, resolved = bench.read("drafts", shard), bench.read("resolved", shard)
    verdicts = _verdicts(bench, shard)
    found: dict[int, Pair | Unread] = dict(pairs_of(drafts, resolved))
    found |= _unread(bench, shard, drafts, resolved)
    for place in sorted(found):
        one = found[place]
        where = one.where.removeprefix(beside)
        if isinstance(one, Unread):
            said = {"where": where, "stage": READ, "reason": one.reason, "text": one.text}
            yield (
                "rejected",
                _excluded(said, {}, READ, one.reason, sources, written, is_pair=one.is_fault),
            )
            continue
        verdict = verdicts[place]
        written.annotated += verdict.is_annotated
        if verdict.stage:
            said = {**one.as_dict(), "stage": verdict.stage, "reason": verdict.reason}
            said |= {"where": where} if where else {}
            yield (
                "rejected",
                _excluded(said, verdict.record, verdict.stage, verdict.reason, sources, written),
            )
            continue
        pair = replace(one, suite=verdict.suite, provenance=verdict.record)
        written.suites[pair.suite] += 1
        written.kept[str(verdict.record["source"])] += 1
        written.provenance.add(verdict.record, valid=True)
        if pair.suite == "train":
            written.tags.update(pair.tags)
        yield "train" if pair.suite == "train" else "eval", pair.as_dict()


def _excluded(
    said: dict[str, Any],
    record: dict[str, Any],
    stage: str,
    reason: str,
    sources: tuple[str, ...],
    written: Written,
    *,
    is_pair: bool = True,
) -> dict[str, Any]:
    """A line of rejected.jsonl, counted; a place that need not hold a pair says nothing of the provenance of pairs."""
    record = {**record, "excluded": True, "approved": False}
    written.rejected[stage, str(record.get("source") or "unknown")] += 1
    # Reasons name single pairs; counts are wanted by stage.
    if is_pair:
        counted = {**record, "exclusion_reason": stage}
        written.provenance.add(counted, valid=not problems(counted, sources))
    return {**said, "provenance": {**record, "exclusion_reason": f"{stage}: {reason}"}}


@dataclass(frozen=True, slots=True)
class _Verdict:
    """What all stages together say of a pair."""

    record: dict[str, Any]
    is_annotated: bool
    stage: str
    reason: str
    suite: str


def _verdicts(bench: Workbench, shard: int) -> dict[int, _Verdict]:
    """The verdicts on the pairs of a shard, by place."""
    start, end = bench.ranges[shard]
    settled = {
        place: (suite, stage, reason)
        for place, suite, stage, reason in bench.rows(
            "SELECT place, suite, stage, reason FROM settled WHERE place >= $1 AND place < $2",
            [start, end],
        )
    }
    found = {}
    for row in bench.read("judged", shard).to_pylist():
        aside = ("", row["stage"], row["reason"])
        suite, stage, reason = aside if row["stage"] else settled[row["place"]]
        found[row["place"]] = _Verdict(
            record=json.loads(row["provenance"]),
            is_annotated=row["is_annotated"],
            stage=stage,
            reason=reason,
            suite=suite,
        )
    return found


def _unread(
    bench: Workbench, shard: int, drafts: pyarrow.Table, resolved: pyarrow.Table
) -> dict[int, Unread]:
    """The places of a shard that hold no pair: as the reader found them, and those without an id or a schema."""
    found = {}
    for row in bench.read("unread", shard).to_pylist():
        place = row.pop("place")
        found[place] = Unread(**row)
    for draft, said in zip(drafts.to_pylist(), resolved.to_pylist(), strict=True):
        if said["reason"]:
            found[draft["place"]] = Unread(
                where=draft["where"], reason=said["reason"], text=draft["question"]
            )
    return found
