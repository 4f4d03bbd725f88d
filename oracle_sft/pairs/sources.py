"""From what a config names to drafts on the workbench, each with its id and its schema, and the schemas."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow

from oracle_sft.config.data import (
    BenchmarkDataConf,
    ChatDataConf,
    CsvDataConf,
    DataConf,
    DemoDataConf,
    FilesDataConf,
    JsonlDataConf,
    Malformed,
    ParquetDataConf,
    TrajectoryDataConf,
)
from oracle_sft.errors import UserError
from oracle_sft.pairs.batches import DRAFTS, RESOLVED, UNREAD, table_of, written_json
from oracle_sft.pairs.pair import Pair, pair_id
from oracle_sft.pairs.readers import benchmark, chat, csv, jsonl, parquet, trajectory
from oracle_sft.pairs.readers.draft import Draft, Found, Unread, storable
from oracle_sft.pairs.readers.sessions import Rules
from oracle_sft.pairs.schemas import (
    Named,
    SchemaSource,
    brought_schemas,
    ddl_digest,
    id_of,
    read_schemas,
)
from oracle_sft.pairs.workbench import SHARD_BYTES, SHARD_PAIRS, Workbench
from oracle_sft.sqltext.ddl import read_ddl

_MAX_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What was found; the pairs lie on the workbench as `drafts` and `resolved`, places without one as `unread`."""

    schemas: dict[str, SchemaSource]
    is_split: bool
    """The pairs name their suites already."""
    num_found: int
    """Pairs, and places without one."""


def gather(conf: DataConf, bench: Workbench) -> Gathered:
    """Put the pairs that a data section names on the workbench.

    Raises:
        UserError: a file is missing or empty; or places in it hold no pair, and data.malformed=refuse.
    """
    match conf:
        case DemoDataConf():
            return _gather_demo(bench)
        case FilesDataConf():
            return _gather_files(conf, bench)
    raise UserError(f"data={conf.name} has no reader")


def source_files(conf: DataConf) -> list[Path]:
    """The files whose contents decide what `gather` finds, sorted."""
    if not isinstance(conf, FilesDataConf):
        return []
    named = [
        Path(path) for path in (conf.path, conf.ddl, conf.rows, conf.schemas) if path is not None
    ]
    if isinstance(conf, BenchmarkDataConf):
        named += benchmark.files(conf)
    files = [path for path in named if path.is_file()]
    for folder in (path for path in named if path.is_dir()):
        files += [path for path in folder.rglob("*") if path.is_file()]
    return sorted(files)


def _gather_demo(bench: Workbench) -> Gathered:
    from oracle_sft.pairs.demo.rows import demo_rows
    from oracle_sft.pairs.demo.source import SCHEMA_ID, demo_ddl, demo_suites

    ddl = demo_ddl()
    schema = read_ddl(ddl, schema_id=SCHEMA_ID)
    schemas = {SCHEMA_ID: SchemaSource(schema=schema, ddl=ddl, rows=demo_rows())}
    num_found = _spool(demo_suites(), bench)
    _resolve_all(bench, partial(resolve, schemas=schemas, named=Named(), wrong={}))
    return Gathered(schemas=schemas, is_split=True, num_found=num_found)


def _gather_files(conf: FilesDataConf, bench: Workbench) -> Gathered:
    named = Named()
    schemas: dict[str, SchemaSource] | None = None
    found: Iterable[Found]
    if isinstance(conf, BenchmarkDataConf):
        found, schemas = benchmark.read(conf)
    else:
        found = map(storable, _reader(conf)(Path(conf.path)))
    num_found = _spool(_seen(found, named), bench)
    if not num_found:
        raise UserError(
            f"data.path={conf.path} holds no pairs; give a file with a question and its sql for each"
        )
    if schemas is None:
        schemas = read_schemas(conf, named)
    brought, wrong = brought_schemas(named, schemas)
    schemas = {**schemas, **brought}
    _resolve_all(bench, partial(resolve, schemas=schemas, named=named, wrong=wrong))
    if conf.malformed is Malformed.refuse:
        _refuse_faults(bench)
    return Gathered(schemas=schemas, is_split=False, num_found=num_found)


def _reader(conf: FilesDataConf) -> Callable[[Path], Iterator[Found]]:
    match conf:
        case JsonlDataConf():
            return jsonl.read
        case ChatDataConf():
            return partial(chat.read, rules=Rules.of(conf))
        case TrajectoryDataConf():
            return partial(trajectory.read, rules=Rules.of(conf, source="trajectory"))
        case CsvDataConf():
            return partial(csv.read, columns=asdict(conf.columns), delimiter=conf.delimiter.value)
        case ParquetDataConf():
            return partial(parquet.read, columns=asdict(conf.columns))
    raise UserError(f"data={conf.name} has no reader")


# --- onto the disk --------------------------------------------------------------------------------


def _seen(found: Iterable[Found], named: Named) -> Iterator[Found]:
    for one in found:
        if isinstance(one, Draft):
            named.see(one)
        yield one


def _spool(found: Iterable[Found | Pair], bench: Workbench) -> int:
    """Write what is found in shards; returns how many places there are."""
    drafts: list[dict[str, Any]] = []
    unread: list[dict[str, Any]] = []
    first = place = num_bytes = 0

    def close() -> None:
        bench.write("drafts", bench.num_shards, table_of(drafts, DRAFTS))
        if unread:
            bench.write("unread", bench.num_shards, table_of(unread, UNREAD))
        bench.ranges.append((first, place))

    for one in found:
        if isinstance(one, Unread):
            unread.append({**asdict(one), "place": place})
            num_bytes += len(one.text)
        else:
            row = _row(one, place)
            drafts.append(row)
            num_bytes += sum(len(row[key]) for key in ("question", "sql", "evidence", "provenance"))
        place += 1
        if place - first >= SHARD_PAIRS or num_bytes >= SHARD_BYTES:
            close()
            drafts, unread, first, num_bytes = [], [], place, 0
    if place > first:
        close()
    return place


def _row(one: Draft | Pair, place: int) -> dict[str, Any]:
    ddl = one.ddl if isinstance(one, Draft) else ""
    return {
        "place": place,
        "where": one.where,
        "id": one.id,
        "question": one.question,
        "sql": one.sql,
        "schema_id": id_of(one) if isinstance(one, Draft) else one.schema_id,
        "evidence": one.evidence,
        "difficulty": one.difficulty,
        "template": one.template,
        "tags": list(one.tags),
        "suite": "train" if isinstance(one, Draft) else one.suite,
        "provenance": written_json(one.provenance),
        "ddl_digest": ddl_digest(ddl) if ddl else "",
    }


# --- ids and schemas ------------------------------------------------------------------------------


def resolve(
    drafts: pyarrow.Table,
    *,
    schemas: dict[str, SchemaSource],
    named: Named,
    wrong: dict[str, str],
) -> pyarrow.Table:
    """The id and the schema of each draft, or why it has none; `wrong` says why schemas that pairs bring are none."""
    columns = ("place", "id", "question", "sql", "schema_id", "ddl_digest")
    rows = []
    for place, own_id, question, sql, said, digest in zip(
        *(drafts[name].to_pylist() for name in columns), strict=True
    ):
        schema_id, reason = _schema_of(said, schemas)
        if digest:
            schema_id, reason = said, wrong.get(said, "")
            if not reason and digest != named.brought[said].digest:
                reason = (
                    f"its ddl for schema_id {said!r} is another than that of {named.brought[said].where}; "
                    "give the two schemas two ids"
                )
        content = json.dumps([question, sql, schema_id]).encode()
        rows.append(
            {
                "place": place,
                "id": own_id or pair_id(question, sql, schema_id),
                "schema_id": schema_id,
                "reason": reason,
                "content": hashlib.blake2b(content, digest_size=16).digest(),
            }
        )
    return table_of(rows, RESOLVED)


def _schema_of(schema_id: str, schemas: dict[str, SchemaSource]) -> tuple[str, str]:
    """The id of the pair's schema, or why it has none."""
    if not schemas:
        return "", (
            "the pair names no schema; give data.ddl=SCHEMA.sql, data.schemas=DIR, or a ddl in each pair"
        )
    if not schema_id and len(schemas) > 1:
        return "", (f"the pair has no schema_id, and there are several schemas: {_listed(schemas)}")
    if schema_id and schema_id not in schemas:
        return "", f"schema_id {schema_id!r} is not among the schemas: {_listed(schemas)}"
    return schema_id or next(iter(schemas)), ""


def _listed(schemas: dict[str, SchemaSource]) -> str:
    more = f" and {len(schemas) - _MAX_SHOWN} more" if len(schemas) > _MAX_SHOWN else ""
    return ", ".join(list(schemas)[:_MAX_SHOWN]) + more


def _resolve_all(bench: Workbench, resolved: Callable[[pyarrow.Table], pyarrow.Table]) -> None:
    """Resolve each shard, and take the id away from pairs that share it with another one before."""
    for shard in range(bench.num_shards):
        bench.write("resolved", shard, resolved(bench.read("drafts", shard)))
    # One id names one pair in lineage, in rejected.jsonl and in the list of rows that were cut.
    bench.execute(
        f"""
        CREATE TABLE clashing AS
        WITH good AS (SELECT place, id, content FROM {bench.rows_of("resolved")} WHERE reason = ''),
        first AS (
            SELECT id, min(place) AS place, arg_min(content, place) AS content
            FROM good GROUP BY id HAVING count(DISTINCT content) > 1
        )
        SELECT good.place, good.id, draft."where" AS first
        FROM good JOIN first USING (id) JOIN {bench.rows_of("drafts")} draft ON draft.place = first.place
        WHERE good.content <> first.content
        """
    )
    for shard, (start, end) in enumerate(bench.ranges):
        clashing = "SELECT place, id, first FROM clashing WHERE place >= $1 AND place < $2"
        if found := bench.rows(clashing, [start, end]):
            reasons = {
                place: f"the id {own_id!r} is that of {first}, another pair; give it one of its own, or none"
                for place, own_id, first in found
            }
            bench.write("resolved", shard, _with_reasons(bench.read("resolved", shard), reasons))


def _with_reasons(resolved: pyarrow.Table, reasons: dict[int, str]) -> pyarrow.Table:
    rows = resolved.to_pylist()
    return table_of(
        ({**row, "reason": reasons.get(row["place"], row["reason"])} for row in rows), RESOLVED
    )


def _refuse_faults(bench: Workbench) -> None:
    """Raise where a place holds no pair and should."""
    faults = f"""
        SELECT place, "where", reason FROM {bench.rows_of("resolved")} JOIN {bench.rows_of("drafts")} USING (place)
        WHERE reason <> ''
        """
    if bench.has("unread"):
        faults += f"""
        UNION ALL SELECT place, "where", reason FROM {bench.rows_of("unread")} WHERE is_fault
        """
    count = bench.value(f"SELECT count(*) FROM ({faults})")
    if not count:
        return
    first = bench.rows(f'SELECT "where", reason FROM ({faults}) ORDER BY place LIMIT {_MAX_SHOWN}')
    shown = [f"{where}: {reason}" for where, reason in first]
    if count > _MAX_SHOWN:
        shown.append(f"... and {count - _MAX_SHOWN} more")
    shown.append(
        "nothing is built: correct the source, or build without such places (data.malformed=set_aside)"
    )
    raise UserError("\n".join(shown))
