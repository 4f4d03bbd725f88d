"""From sources to a dataset: annotate, check, deduplicate, split, write; what is set aside keeps its reason.

A dataset is named by the fingerprint of everything that changes one of its rows: built once, shared by runs.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from enum import Enum
from importlib import metadata
from pathlib import Path

import duckdb

import oracle_sft
from oracle_sft.config.data import DataConf, FilesDataConf
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.pairs import duplicates
from oracle_sft.pairs.admission import INVALID, known_sources, mending
from oracle_sft.pairs.contamination import HeldOut, read_held_out
from oracle_sft.pairs.dataset import Dataset, open_dataset, rejected_rows
from oracle_sft.pairs.execution import execute
from oracle_sft.pairs.judge import Judge, judge_shards
from oracle_sft.pairs.sources import Gathered, gather, source_files
from oracle_sft.pairs.split import split
from oracle_sft.pairs.workbench import MEMORY_MIB, Workbench
from oracle_sft.pairs.write import READ, Written, write_lines
from oracle_sft.record.digest import digest_folder, sha256_file, sha256_json
from oracle_sft.record.files import (
    building_folder,
    disk_faults,
    full_disk,
    sweep_strays,
    write_json,
    write_text,
)
from oracle_sft.record.lock import exclusive
from oracle_sft.record.processes import num_cores
from oracle_sft.sqltext.schema import Schema

OnProgress = Callable[[int, int], None]


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
    # Where a file lies changes nothing: what it holds is below. Nor does it matter how many build.
    for name in ("path", "ddl", "rows", "schemas", "tables", "databases", "workers"):
        data.pop(name, None)
    files = [(path.name, sha256_file(path)) for path in source_files(conf.data)]
    data.pop("decontaminate", None)
    libraries = ["sqlglot", "duckdb"]
    if data.get("near_duplicates") is not None:
        libraries.append("rensa")
    decides = {
        "data": data,
        "files": files,
        "decontaminate": [sha256_file(path) for path in _evaluations(conf.data)],
        "guardrail": asdict(conf.guardrail),
        "database": asdict(conf.database),
        "oracle_version": conf.oracle_version,
        "seed": conf.seed,
        "timestamp": _timestamp(conf.data),
        "code": _code_digest(),
        "versions": {name: metadata.version(name) for name in libraries},
    }
    return sha256_json(decides)


def _evaluations(conf: DataConf) -> list[Path]:
    return [Path(path) for path in conf.decontaminate] if isinstance(conf, FilesDataConf) else []


def _build_into(folder: Path, key: str, conf: RunConf, on_progress: OnProgress) -> None:
    _sweep(folder)
    with _workbench(folder) as bench:
        source = gather(conf.data, bench)
        judge = _judge_of(bench, source, conf)
        # Only here is the last of the files read that the fingerprint speaks of.
        if fingerprint(conf) != key:
            raise UserError(
                f"data={conf.data.name}: a source changed while it was read; start again"
            )
        counts = _judge(bench, judge, source, on_progress)
        stages = _compare(bench, source, conf, counts)
        with building_folder(folder) as building:
            written = write_lines(
                building, bench, sources=known_sources(conf.data), beside=_beside(conf.data)
            )
            counts["annotated"] = written.annotated
            is_scored_only = isinstance(conf.data, FilesDataConf) and conf.data.eval_fraction == 1
            if not (written.lines["train"] or (is_scored_only and written.suites)):
                raise UserError(_nothing_left(building, source, conf.data))
            _describe(building, key, conf, source, written, counts, stages)


def _sweep(folder: Path) -> None:
    """Remove what killed builds left, of this dataset and of all that nobody builds now."""
    sweep_strays(folder.parent, of=folder)
    for lock in folder.parent.glob(".*.lock"):
        other = folder.parent / lock.name.removeprefix(".").removesuffix(".lock")
        if other != folder:
            # It is in use, or it is another user's, whose business its strays are.
            with suppress(UserError, EnvironmentFault, OSError), exclusive(lock, wait=False):
                sweep_strays(folder.parent, of=other)


@contextmanager
def _workbench(folder: Path) -> Iterator[Workbench]:
    """A workbench beside the dataset's folder, gone when the block ends."""
    with disk_faults(folder):
        work = tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".part", dir=folder.parent)
    try:
        with full_disk(folder), closing(Workbench(Path(work))) as bench:
            yield bench
    except duckdb.OutOfMemoryException as error:
        raise EnvironmentFault(
            f"{folder}: comparing the pairs needs more memory than the {MEMORY_MIB} MiB that it is given: {error}"
        ) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _judge_of(bench: Workbench, source: Gathered, conf: RunConf) -> Judge:
    schemas = {name: one.schema for name, one in source.schemas.items()}
    return Judge(
        conf=conf,
        schemas=schemas,
        held_out=_held_out(bench, conf.data, schemas),
        timestamp=_timestamp(conf.data),
    )


def _judge(
    bench: Workbench, judge: Judge, source: Gathered, on_progress: OnProgress
) -> Counter[str]:
    """Judge each pair alone, and run its query; returns what was counted."""
    conf = judge.conf
    counts = Counter(read=source.num_found)
    steps = 2 * bench.num_shards
    for done, _ in enumerate(
        judge_shards(bench, judge, workers=conf.data.workers or num_cores()), 1
    ):
        on_progress(done, steps)
    for done, counted in enumerate(execute(bench, conf, source.schemas), 1):
        counts += counted
        on_progress(bench.num_shards + done, steps)
    return counts


def _compare(bench: Workbench, source: Gathered, conf: RunConf, counts: Counter[str]) -> list[str]:
    """Set aside what others make superfluous, and split; returns the stages of the whole build, in their order."""
    stages = [READ, INVALID, "provenance", "guardrail"]
    data = conf.data
    files = data if isinstance(data, FilesDataConf) else None
    duplicates.start(bench)
    if files is not None and files.decontaminate:
        stages.append("contaminated")
    duplicates.drop_duplicates(bench)
    stages += ["execution", "duplicate"]
    if files is not None and files.near_duplicates is not None:
        duplicates.drop_near_duplicates(bench, files.near_duplicates)
        stages.append("near_duplicate")
    if not source.is_split:
        assert files is not None
        counts.update(split(bench, files))
    duplicates.drop_leaks(bench)
    duplicates.settle(bench)
    return [*stages, "leak"]


def _held_out(bench: Workbench, conf: DataConf, schemas: dict[str, Schema]) -> HeldOut:
    if not isinstance(conf, FilesDataConf) or not conf.decontaminate:
        return HeldOut({}, {})
    spoken_of = f"SELECT DISTINCT schema_id FROM {bench.rows_of('resolved')} WHERE reason = ''"
    used = {name: schemas[name] for (name,) in bench.rows(spoken_of)}
    return read_held_out(conf.decontaminate, used)


def _timestamp(conf: DataConf) -> str:
    """For records that have none: the file's own time, since the same input must give the same bytes on any day."""
    if not isinstance(conf, FilesDataConf):
        return ""
    if conf.provenance.timestamp is not None:
        return conf.provenance.timestamp
    stamp = datetime.fromtimestamp(Path(conf.path).stat().st_mtime, UTC)
    return stamp.strftime("%Y-%m-%dT%H:%M:%SZ")


def _beside(conf: DataConf) -> str:
    """What all places in a source begin with, whatever they are."""
    return f"{Path(conf.path).parent}/" if isinstance(conf, FilesDataConf) else ""


def _describe(
    folder: Path,
    key: str,
    conf: RunConf,
    source: Gathered,
    written: Written,
    counts: Counter[str],
    stages: list[str],
) -> None:
    """Write the schemas, stats.json and MANIFEST.json beside the lines."""
    for schema_id, schema in source.schemas.items():
        write_text(folder / "schemas" / schema_id / "schema.sql", schema.ddl)
        if schema.rows is not None:
            write_json(folder / "schemas" / schema_id / "rows.json", schema.rows)
    stats = {
        "suites": dict(written.suites),
        "rejected": written.by_stage(stages),
        "flow": written.flow(stages),
        "counts": dict(counts),
        "tags": dict(written.tags.most_common()),
        "provenance": written.provenance.report(),
    }
    write_json(folder / "stats.json", stats)
    manifest = {
        "kind": "dataset",
        "fingerprint": key,
        "name": conf.data.name,
        "counts": {name: written.lines[name] for name in ("train", "eval", "rejected")},
        "schemas": {name: schema.schema.fingerprint for name, schema in source.schemas.items()},
        "parents": {
            "sources": {str(path): sha256_file(path) for path in source_files(conf.data)},
            "decontaminated_by": {str(path): sha256_file(path) for path in _evaluations(conf.data)},
        },
        "versions": {"oracle-sft": oracle_sft.__version__, "code": _code_digest()},
        "files": digest_folder(folder),
    }
    write_json(folder / "MANIFEST.json", manifest)


def _nothing_left(folder: Path, source: Gathered, conf: DataConf) -> str:
    reasons: Counter[str] = Counter()
    invalid = []
    for row in rejected_rows(folder):
        reasons[f"{row['stage']}: {row['reason']}"] += 1
        if row["stage"] == INVALID:
            invalid.append(row["provenance"].get("source"))
    shown = "\n".join(f"  {count} x {reason}" for reason, count in reasons.most_common(5))
    return (
        f"data={conf.name}: of {source.num_found} pairs none is left to train on; "
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
        "annotated": "with provenance completed from data.provenance",
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
