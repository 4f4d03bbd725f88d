"""From sources to a dataset: annotate, check, deduplicate, split, write; what is set aside keeps its reason.

A dataset is named by the fingerprint of everything that changes one of its rows: built once, shared by runs.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from importlib import metadata
from pathlib import Path
from typing import Any

import oracle_sft
from oracle_sft.config.data import DataConf, FilesDataConf
from oracle_sft.config.schema import (
    FromDataConf,
    OracleServerConf,
    RunConf,
)
from oracle_sft.engine.pool import DatabasePool, Outcome, Query
from oracle_sft.engine.result import QueryError, QueryTimeout, UnsupportedSQL
from oracle_sft.errors import UserError
from oracle_sft.pairs.admission import INVALID, known_sources, mending
from oracle_sft.pairs.contamination import judge_contamination
from oracle_sft.pairs.databases import database_spec
from oracle_sft.pairs.dataset import Dataset, open_dataset
from oracle_sft.pairs.guard import guardrail
from oracle_sft.pairs.near import judge_near_duplicates
from oracle_sft.pairs.pair import Pair, normal_question
from oracle_sft.pairs.provenance import REQUIRED_FIELDS, ProvenanceTracker
from oracle_sft.pairs.provenance.rules import is_open
from oracle_sft.pairs.sources import Source, read_source, source_files
from oracle_sft.pairs.split import split_suites
from oracle_sft.record.digest import digest_folder, sha256_file, sha256_json
from oracle_sft.record.files import (
    building_folder,
    sweep_strays,
    write_json,
    write_jsonl,
    write_text,
)
from oracle_sft.record.lock import exclusive
from oracle_sft.sqltext.canonical import canonical

_MOST_WORKERS = 8

OnProgress = Callable[[int, int], None]


@dataclass(slots=True)
class _Build:
    """The pairs on their way through, and what was set aside."""

    kept: list[Pair]
    rejected: list[tuple[Pair, str, str]] = field(default_factory=list)
    """(pair, stage, reason)"""
    counts: Counter[str] = field(default_factory=Counter)
    flow: list[dict[str, Any]] = field(default_factory=list)
    """Pairs in and out of each stage, by source, in the order of the stages."""

    def keep(self, stage: str, judged: Iterable[tuple[Pair, str]]) -> None:
        """Go on with the pairs that have no reason against them."""
        kept = []
        came: Counter[str] = Counter()
        went: Counter[str] = Counter()
        for pair, reason in judged:
            source = str(pair.provenance.get("source") or "unknown")
            came[source] += 1
            if reason:
                self.rejected.append((pair, stage, reason))
            else:
                went[source] += 1
                kept.append(pair)
        self.kept = kept
        self.flow += [
            {"stage": stage, "source": source, "in": came[source], "out": went[source]}
            for source in sorted(came)
        ]


def find_or_build(conf: RunConf, on_progress: OnProgress) -> Dataset:
    """The dataset of a config: the one that is there, or a new one.

    Raises:
        UserError: sources are missing or malformed, or no pair is left to train on.
        EnvironmentFault: the dataset cannot be written.
    """
    key = fingerprint(conf)
    parent = Path(conf.outputs_dir) / "datasets"
    folder = parent / f"{conf.data.name}-{key[:12]}"
    # Sweep jobs and ranks side by side want the same dataset: the first builds, the others wait and find it.
    with exclusive(parent / f".{folder.name}.lock", wait=True):
        if not folder.exists():
            _build_into(folder, key, conf, on_progress)
        return open_dataset(folder)


def fingerprint(conf: RunConf) -> str:
    """SHA-256 (hex) over file contents, code and settings that change a row."""
    data = asdict(conf.data)
    data = {key: said.value if isinstance(said, Enum) else said for key, said in data.items()}
    for name in ("path", "ddl", "rows", "schemas", "tables", "databases"):
        data.pop(name, None)  # where a file lies changes nothing; what it holds is below
    files = [(path.name, sha256_file(path)) for path in source_files(conf.data)]
    data.pop("decontaminate", None)
    libraries = ["sqlglot", "duckdb"]
    if data.get("near_duplicates") is not None:
        libraries.append("rensa")
    decides = {
        "data": data,
        "files": files,
        "decontaminate": [sha256_file(path) for path in _held_out(conf.data)],
        "guardrail": asdict(conf.guardrail),
        "database": asdict(conf.database),
        "oracle_version": conf.oracle_version,
        "seed": conf.seed,
        "code": _code_digest(),
        "versions": {name: metadata.version(name) for name in libraries},
    }
    return sha256_json(decides)


def _held_out(conf: DataConf) -> list[Path]:
    return [Path(path) for path in conf.decontaminate] if isinstance(conf, FilesDataConf) else []


def _build_into(folder: Path, key: str, conf: RunConf, on_progress: OnProgress) -> None:
    source = read_source(conf.data)
    build = _Build(kept=list(source.pairs))
    build.counts["read"] = len(build.kept) + len(source.unread)
    _annotate(build, conf.data)
    build.keep(INVALID, _judge_records(build.kept, conf.data))
    build.keep("provenance", _judge_standing(build.kept))
    build.keep("guardrail", _judge_text(build.kept, source, conf))
    build.keep("execution", _judge_execution(build, source, conf, on_progress))
    canonicals = {id(pair): _canonical(pair, source) for pair in build.kept}
    build.keep("duplicate", _judge_duplicates(build.kept, canonicals))
    if isinstance(conf.data, FilesDataConf) and conf.data.decontaminate:
        schemas = {name: one.schema for name, one in source.schemas.items()}
        judged = judge_contamination(build.kept, canonicals, conf.data.decontaminate, schemas)
        build.keep("contaminated", judged)
    if isinstance(conf.data, FilesDataConf) and conf.data.near_duplicates is not None:
        judged = judge_near_duplicates(build.kept, canonicals, conf.data.near_duplicates)
        build.keep("near_duplicate", judged)
    if not source.is_split:
        assert isinstance(conf.data, FilesDataConf)
        suites = split_suites(
            build.kept, canonicals, conf.data, seed=conf.seed, counts=build.counts
        )
        texts = [canonicals[id(pair)] for pair in build.kept]
        build.kept = [
            replace(pair, suite=suite) for pair, suite in zip(build.kept, suites, strict=True)
        ]
        canonicals = {id(pair): text for pair, text in zip(build.kept, texts, strict=True)}
    build.keep("leak", _judge_leaks(build.kept, canonicals))
    is_scored_only = isinstance(conf.data, FilesDataConf) and conf.data.eval_fraction == 1
    if not any(is_scored_only or pair.suite == "train" for pair in build.kept):
        raise UserError(_nothing_left(build, source, conf.data))
    folder.parent.mkdir(parents=True, exist_ok=True)
    sweep_strays(folder.parent)
    with building_folder(folder) as building:
        _write(building, key, conf, source, build)


def _annotate(build: _Build, conf: DataConf) -> None:
    """Complete what the pairs' records leave open, in the name of the config; what they say stays, right or wrong."""
    if not isinstance(conf, FilesDataConf):
        return
    tracker = _tracker(conf)
    said = conf.provenance
    stamp = datetime.fromtimestamp(Path(conf.path).stat().st_mtime, UTC)
    annotated = []
    for pair in build.kept:
        if any(is_open(pair.provenance, name) for name in REQUIRED_FIELDS):
            build.counts["annotated"] += 1
            line: dict[str, Any] = {"provenance": pair.provenance}
            # The file's own time: the same input must give the same bytes on any day.
            tracker.annotate(
                line,
                source=said.source,
                model=said.model,
                session_id=said.session,
                timestamp=stamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
            )
            pair = replace(pair, provenance=line["provenance"])
        annotated.append(pair)
    build.kept = annotated


def _judge_records(pairs: list[Pair], conf: DataConf) -> Iterable[tuple[Pair, str]]:
    tracker = _tracker(conf)
    for pair in pairs:
        yield pair, "; ".join(tracker.validate({"provenance": pair.provenance}))


def _judge_standing(pairs: list[Pair]) -> Iterable[tuple[Pair, str]]:
    """Pairs whose own records keep them out."""
    for pair in pairs:
        said = pair.provenance
        if said.get("excluded"):
            yield pair, str(said["exclusion_reason"])
        else:
            yield pair, "" if said["approved"] else "not approved"


def _tracker(conf: DataConf) -> ProvenanceTracker:
    return ProvenanceTracker(sources=known_sources(conf))


def _judge_text(pairs: list[Pair], source: Source, conf: RunConf) -> Iterable[tuple[Pair, str]]:
    guard = guardrail(conf)
    for pair in pairs:
        verdict = guard.check(pair.sql, schema=source.schemas[pair.schema_id].schema)
        reasons = [f"{finding.rule}: {finding.message}" for finding in verdict.findings]
        yield pair, "" if verdict.allowed else "; ".join(reasons) or "refused"


def _judge_execution(
    build: _Build, source: Source, conf: RunConf, on_progress: OnProgress
) -> Iterable[tuple[Pair, str]]:
    if not conf.data.check_execution or not isinstance(
        conf.database, FromDataConf | OracleServerConf
    ):
        build.counts["not_executed"] = len(build.kept)
        return [(pair, "") for pair in build.kept]
    specs = {
        name: spec
        for name, schema in source.schemas.items()
        if (spec := database_spec(conf, schema.schema, schema.rows)) is not None
    }
    queries = (
        Query(
            schema_id=pair.schema_id,
            sql=pair.sql,
            timeout_seconds=conf.database.timeout_seconds,
            max_rows=conf.database.max_rows,
        )
        for pair in build.kept
        if pair.schema_id in specs
    )
    judged = []
    workers = min(len(os.sched_getaffinity(0)), _MOST_WORKERS)
    with DatabasePool(specs, workers=workers) as pool:
        outcomes = pool.run(queries)
        for done, pair in enumerate(build.kept):
            if pair.schema_id in specs:
                judged.append((pair, _verdict(next(outcomes), build.counts)))
            else:
                build.counts["not_executed"] += 1
                judged.append((pair, ""))
            on_progress(done + 1, len(build.kept))
    return judged


def _verdict(outcome: Outcome, counts: Counter[str]) -> str:
    """Why a pair is set aside; '' for one that is kept."""
    if isinstance(outcome, UnsupportedSQL):
        counts["unsupported"] += 1  # the pair may be right; the embedded engine cannot say
        return ""
    if isinstance(outcome, QueryError):
        return f"timeout: {outcome}" if isinstance(outcome, QueryTimeout) else str(outcome)
    counts["executed"] += 1
    counts["empty_result"] += not outcome.rows
    return ""


def _canonical(pair: Pair, source: Source) -> str:
    return canonical(pair.sql, source.schemas[pair.schema_id].schema)


def _judge_duplicates(pairs: list[Pair], canonicals: dict[int, str]) -> Iterable[tuple[Pair, str]]:
    seen: dict[tuple[str, str, str], Pair] = {}
    for pair in pairs:
        key = (pair.schema_id, normal_question(pair.question), canonicals[id(pair)])
        first = seen.setdefault(key, pair)
        yield pair, "" if first is pair else f"the same question and SQL as {first.id}"


def _judge_leaks(pairs: list[Pair], canonicals: dict[int, str]) -> Iterable[tuple[Pair, str]]:
    """A query that is scored is not trained on, under whatever question."""
    scored = {
        (pair.schema_id, canonicals[id(pair)]): pair for pair in pairs if pair.suite != "train"
    }
    for pair in pairs:
        twin = scored.get((pair.schema_id, canonicals[id(pair)]))
        leaks = pair.suite == "train" and twin is not None
        yield pair, f"its SQL is scored in {twin.suite} ({twin.id})" if leaks and twin else ""


def _write(folder: Path, key: str, conf: RunConf, source: Source, build: _Build) -> None:
    train = [pair for pair in build.kept if pair.suite == "train"]
    scored = [pair for pair in build.kept if pair.suite != "train"]
    write_jsonl(folder / "train.jsonl", (pair.as_dict() for pair in train))
    write_jsonl(folder / "eval.jsonl", (pair.as_dict() for pair in scored))
    tracker = _tracker(conf.data)
    for pair in build.kept:
        tracker.track(pair.as_dict())
    rejected = []
    for pair, stage, reason in build.rejected:
        said = {**pair.as_dict(), "stage": stage, "reason": reason}
        said["provenance"] = dict(said["provenance"])
        if pair.where:
            said["where"] = pair.where
        rejected.append(tracker.exclude(said, f"{stage}: {reason}"))
    for place in source.unread:
        said = {"where": place.where, "stage": "read", "reason": place.reason, "text": place.text}
        rejected.append(tracker.exclude(said, f"read: {place.reason}"))
    write_jsonl(folder / "rejected.jsonl", rejected)
    for schema_id, schema in source.schemas.items():
        write_text(folder / "schemas" / schema_id / "schema.sql", schema.ddl)
        if schema.rows is not None:
            write_json(folder / "schemas" / schema_id / "rows.json", schema.rows)
    stats = {
        "suites": dict(Counter(pair.suite for pair in build.kept)),
        "rejected": {
            **({"read": len(source.unread)} if source.unread else {}),
            **Counter(stage for _, stage, _ in build.rejected),
        },
        "flow": build.flow,
        "counts": dict(build.counts),
        "tags": dict(Counter(tag for pair in train for tag in pair.tags).most_common()),
        "provenance": _by_stage(tracker.report()),
    }
    write_json(folder / "stats.json", stats)
    manifest = {
        "kind": "dataset",
        "fingerprint": key,
        "name": conf.data.name,
        "schemas": {name: schema.schema.fingerprint for name, schema in source.schemas.items()},
        "sources": {str(path): sha256_file(path) for path in source_files(conf.data)},
        "decontaminated_by": {str(path): sha256_file(path) for path in _held_out(conf.data)},
        "versions": {"oracle-sft": oracle_sft.__version__, "code": _code_digest()},
        "files": digest_folder(folder),
    }
    write_json(folder / "MANIFEST.json", manifest)


def _by_stage(report: dict[str, Any]) -> dict[str, Any]:
    """Reasons name single pairs; counts are wanted by stage."""
    stages: Counter[str] = Counter()
    for reason, count in report["excluded_by_reason"].items():
        stages[reason.partition(":")[0]] += count
    return {**report, "excluded_by_reason": dict(stages)}


def _nothing_left(build: _Build, source: Source, conf: DataConf) -> str:
    reasons = Counter(f"{stage}: {reason}" for _, stage, reason in build.rejected)
    reasons.update(f"read: {place.reason}" for place in source.unread)
    shown = "\n".join(f"  {count} x {reason}" for reason, count in reasons.most_common(5))
    invalid = [
        pair.provenance.get("source") for pair, stage, _ in build.rejected if stage == INVALID
    ]
    return (
        f"data={conf.name}: of {build.counts['read']} pairs none is left to train on; "
        f"the reasons, most frequent first:\n{shown or '  (all pairs went to the scored suites)'}"
        + (f"\n{mending(invalid, conf)}" if invalid else "")
    )


def _code_digest() -> str:
    """SHA-256 over the source files that decide which rows a dataset has."""
    package = Path(oracle_sft.__file__).parent
    files = [
        path
        for room in ("pairs", "engine", "sqltext")
        for path in sorted((package / room).rglob("*"))
        if path.suffix in {".py", ".sql", ".json", ".jsonl"}
    ]
    return sha256_json([(str(path.relative_to(package)), sha256_file(path)) for path in files])


def summary_line(dataset: Dataset) -> str:
    """What a dataset holds, in one line: pairs by suite, what was set aside and by which stage."""
    stats = dataset.stats
    suites = ", ".join(f"{count:,} {suite}" for suite, count in stats["suites"].items())
    aside = ", ".join(f"{count:,} {stage}" for stage, count in stats["rejected"].items())
    count = f"{dataset.num_rejected:,}" if aside else "none"
    said = f"{suites}; set aside {count} of {stats['counts']['read']:,}"
    if aside:
        said += f": {aside} (see {dataset.folder / 'rejected.jsonl'})"
    notes = {
        "annotated": "given provenance from data.provenance",
        "not_executed": "not executed",
        "unsupported": "unsupported by the embedded engine",
        "no_split_key": "without what data.split_by asks for, split by their SQL",
    }
    counts = stats["counts"]
    said += "".join(
        f"; {counts[name]:,} {text}" for name, text in notes.items() if counts.get(name)
    )
    if groups := counts.get("groups_none_heldout"):
        said += (
            f"; no heldout pair: none of {groups:,} groups was drawn for it, so nothing of these pairs is scored "
            "(a finer data.split_by, a larger data.eval_fraction or another seed may draw some)"
        )
    return said
