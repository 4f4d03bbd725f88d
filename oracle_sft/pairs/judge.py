"""What is decided about each pair alone: its provenance, the guardrail, evaluations that hold it, and its keys.

A `Judge` is a function from a shard of drafts to a table of verdicts. It has no state and reads no file, so that
any process may judge any shard.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path
from typing import Any

import pyarrow

from oracle_sft.config.data import DataConf, FilesDataConf
from oracle_sft.config.schema import RunConf
from oracle_sft.pairs.admission import INVALID, known_sources
from oracle_sft.pairs.batches import pairs_of, table_of, written_json
from oracle_sft.pairs.contamination import HeldOut
from oracle_sft.pairs.guard import guardrail
from oracle_sft.pairs.near import SKETCHES, sketches
from oracle_sft.pairs.pair import Pair, normal_question
from oracle_sft.pairs.provenance.rules import (
    REQUIRED_FIELDS,
    ProvenanceMeta,
    filled,
    is_open,
    problems,
)
from oracle_sft.pairs.split import draw, split_key
from oracle_sft.pairs.workbench import Workbench, read_shard, write_shard
from oracle_sft.record.processes import worker_processes
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.guardrail import SQLGuardrail
from oracle_sft.sqltext.schema import Schema

JUDGED = pyarrow.schema(
    [
        ("place", pyarrow.int64()),
        *((name, pyarrow.string()) for name in ("stage", "reason", "source", "provenance")),
        ("is_annotated", pyarrow.bool_()),
        ("query_key", pyarrow.binary()),
        ("pair_key", pyarrow.binary()),
        ("split_key", pyarrow.string()),
        ("query_draw", pyarrow.float64()),
        ("split_draw", pyarrow.float64()),
    ]
)
"""Why a pair is set aside and by which stage, both empty for one that is kept; its record as it is written.

Pairs with one `query_key` have one canonical SQL on one schema; with one `pair_key`, one normal question, too. Pairs
with one `split_key`, where it is not empty, never stand on two sides of the split; the draws decide on which.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """All that verdicts depend on beside the pair."""

    conf: RunConf
    schemas: Mapping[str, Schema]
    held_out: HeldOut
    timestamp: str
    """For records that have none."""

    def __call__(
        self, drafts: pyarrow.Table, resolved: pyarrow.Table
    ) -> tuple[pyarrow.Table, pyarrow.Table]:
        """The verdicts on the pairs of a shard (`JUDGED`), and sketches of those that are kept (`SKETCHES`)."""
        queries = _Queries(guardrail(self.conf), self.schemas)
        rows = []
        kept: list[tuple[int, Pair, str]] = []
        for place, pair in pairs_of(drafts, resolved):
            row, query = self._judged(pair, queries)
            rows.append({**row, "place": place})
            if not row["stage"]:
                kept.append((place, pair, query))
        data = self.conf.data
        threshold = data.near_duplicates if isinstance(data, FilesDataConf) else None
        sketched = SKETCHES.empty_table() if threshold is None else sketches(kept, threshold)
        return table_of(rows, JUDGED), sketched

    def _judged(self, pair: Pair, queries: "_Queries") -> tuple[dict[str, Any], str]:
        """The verdict on a pair, and its canonical SQL where it was wanted."""
        record, is_annotated = annotated(pair.provenance, self.conf.data, self.timestamp)
        row: dict[str, Any] = {
            "source": str(record.get("source") or "unknown"),
            "provenance": written_json(record),
            "is_annotated": is_annotated,
        }
        query = ""
        stage, reason = INVALID, "; ".join(problems(record, known_sources(self.conf.data)))
        if not reason:
            stage, reason = "provenance", standing(record)
        if not reason:
            stage = "guardrail"
            reason, query = queries.look(pair)
        if not reason:
            question = normal_question(pair.question)
            stage, reason = "contaminated", self.held_out.reason(pair.schema_id, question, query)
            row |= self._keys(pair, record, question, query)
        return {**row, "stage": stage if reason else "", "reason": reason}, query

    def _keys(
        self, pair: Pair, record: dict[str, Any], question: str, query: str
    ) -> dict[str, Any]:
        seed = str(self.conf.seed)
        keys: dict[str, Any] = {
            "query_key": _key(pair.schema_id, query),
            "pair_key": _key(pair.schema_id, query, question),
            "query_draw": draw(seed, pair.schema_id, query),
        }
        data = self.conf.data
        key = split_key(pair, record, data) if isinstance(data, FilesDataConf) else ""
        if key and isinstance(data, FilesDataConf):
            keys |= {"split_key": key, "split_draw": draw(seed, data.split_by.value, key)}
        return keys


def judge_shards(bench: Workbench, judge: Judge, *, workers: int) -> Iterator[None]:
    """Judge the shards of a workbench, on so many processes; yields after each.

    Raises:
        EnvironmentFault: a process was killed.
    """
    shards = range(bench.num_shards)
    workers = min(workers, bench.num_shards)
    if workers < 2:
        for shard in shards:
            _judge_shard(bench.folder, shard, judge)
            yield
        return
    with worker_processes(workers, _keep, judge) as pool:
        yield from pool.results(_judge_with_kept, repeat(bench.folder), shards)


_kept: list[Judge] = []
"""The judge of this worker process: schemas are sent once, not with each shard."""


def _keep(judge: Judge) -> None:
    _kept[:] = [judge]


def _judge_with_kept(folder: Path, shard: int) -> None:
    _judge_shard(folder, shard, _kept[0])


def _judge_shard(folder: Path, shard: int, judge: Judge) -> None:
    drafts, resolved = read_shard(folder, "drafts", shard), read_shard(folder, "resolved", shard)
    judged, sketched = judge(drafts, resolved)
    write_shard(folder, "judged", shard, judged)
    if len(sketched):
        write_shard(folder, "sketches", shard, sketched)


def annotated(
    record: dict[str, Any], conf: DataConf, timestamp: str
) -> tuple[dict[str, Any], bool]:
    """A record with what it leaves open taken from data.provenance, and whether there was any such thing.

    What it says stays, right or wrong.
    """
    if not isinstance(conf, FilesDataConf) or not any(
        is_open(record, name) for name in REQUIRED_FIELDS
    ):
        return record, False
    said = conf.provenance
    meta = ProvenanceMeta(
        source_session_id=said.session, source=said.source, model=said.model, timestamp=timestamp
    )
    found = filled(record, meta)
    found.setdefault("excluded", False)
    found.setdefault("exclusion_reason", "")
    return found, True


def standing(record: dict[str, Any]) -> str:
    """Why a pair with this valid record is not trained on; empty for one that is."""
    if record.get("excluded"):
        return str(record["exclusion_reason"])
    return "" if record["approved"] else "not approved"


class _Queries:
    """What is known of queries that were looked at before: paraphrases of a question stand together."""

    def __init__(self, guard: SQLGuardrail, schemas: Mapping[str, Schema]) -> None:
        self._guard, self._schemas = guard, schemas
        self._found: dict[tuple[str, str], tuple[str, str]] = {}

    def look(self, pair: Pair) -> tuple[str, str]:
        """Why the guardrail refuses a pair's query, or its canonical text; the other is empty."""
        key = (pair.schema_id, pair.sql)
        if key not in self._found:
            self._found[key] = self._looked_at(pair.sql, self._schemas[pair.schema_id])
        return self._found[key]

    def _looked_at(self, sql: str, schema: Schema) -> tuple[str, str]:
        verdict, reading = self._guard.check_and_read(sql, schema=schema)
        if verdict.allowed:
            return "", canonical(sql, schema, reading=reading)
        found = [f"{finding.rule}: {finding.message}" for finding in verdict.findings]
        return "; ".join(found) or "refused", ""


def _key(*said: str) -> bytes:
    return hashlib.blake2b(written_json(said).encode(), digest_size=16).digest()
