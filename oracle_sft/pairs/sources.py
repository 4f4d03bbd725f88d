"""From what a config names to raw pairs and the schemas that they speak of."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

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
from oracle_sft.pairs.pair import Pair, pair_id
from oracle_sft.pairs.readers import benchmark, chat, csv, jsonl, parquet, trajectory
from oracle_sft.pairs.readers.draft import Draft, Found, Unread, storable
from oracle_sft.pairs.readers.sessions import Rules
from oracle_sft.pairs.schemas import SchemaSource, id_of, read_schemas, with_inline
from oracle_sft.sqltext.ddl import read_ddl

_MAX_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What was found."""

    pairs: list[Pair]
    """Ids are filled in; provenance may be empty; `suite` is `train` where the source does not split."""
    schemas: dict[str, SchemaSource]
    is_split: bool
    """The pairs name their suites already."""
    unread: tuple[Unread, ...] = ()
    """Places without a pair; faults among them only where data.malformed=set_aside."""


def read_source(conf: DataConf) -> Source:
    """The pairs and schemas that a data section names.

    Raises:
        UserError: a file is missing or empty; or places in it hold no pair, and data.malformed=refuse.
    """
    match conf:
        case DemoDataConf():
            return _read_demo()
        case FilesDataConf():
            return _read_files(conf)
    raise UserError(f"data={conf.name} has no reader")


def source_files(conf: DataConf) -> list[Path]:
    """The files whose contents decide what `read_source` returns, sorted."""
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


def _read_demo() -> Source:
    from oracle_sft.pairs.demo.rows import demo_rows
    from oracle_sft.pairs.demo.source import SCHEMA_ID, demo_ddl, demo_suites

    ddl = demo_ddl()
    schema = read_ddl(ddl, schema_id=SCHEMA_ID)
    demo = SchemaSource(schema=schema, ddl=ddl, rows=demo_rows())
    return Source(pairs=demo_suites(), schemas={SCHEMA_ID: demo}, is_split=True)


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


def _read_files(conf: FilesDataConf) -> Source:
    given: dict[str, SchemaSource] | None = None
    if isinstance(conf, BenchmarkDataConf):
        found, given = benchmark.read(conf)
    else:
        found = [storable(one) for one in _reader(conf)(Path(conf.path))]
    if not found:
        raise UserError(
            f"data.path={conf.path} holds no pairs; give a file with a question and its sql for each"
        )
    drafts = [one for one in found if isinstance(one, Draft)]
    unread = [one for one in found if isinstance(one, Unread)]
    schemas, wrong = with_inline(read_schemas(conf, drafts) if given is None else given, drafts)
    unread += wrong
    pairs: list[Pair] = []
    named: dict[str, Pair] = {}
    misplaced = {one.where for one in wrong}
    for draft in drafts:
        if draft.where in misplaced:
            continue
        schema_id, reason = _schema_of(draft, schemas)
        if reason:
            unread.append(Unread(where=draft.where, reason=reason, text=draft.question))
            continue
        pair = _pair(draft, schema_id)
        first = named.setdefault(pair.id, pair)
        if _said(pair) != _said(first):
            reason = f"the id {pair.id!r} is that of {first.where}, another pair; give it one of its own, or none"
            unread.append(Unread(where=draft.where, reason=reason, text=draft.question))
            continue
        pairs.append(pair)
    faults = [one for one in unread if one.is_fault]
    if faults and conf.malformed is Malformed.refuse:
        raise UserError(_refusal(faults, found))
    return Source(pairs=pairs, schemas=schemas, is_split=False, unread=tuple(unread))


def _schema_of(draft: Draft, schemas: dict[str, SchemaSource]) -> tuple[str, str]:
    """The id of the pair's schema, or why it has none."""
    schema_id = id_of(draft)
    if not schemas:
        return "", (
            "the pair names no schema; give data.ddl=SCHEMA.sql, data.schemas=DIR, or a ddl in each pair"
        )
    if not schema_id and len(schemas) > 1:
        return "", (
            f"the pair has no schema_id, and there are several schemas: {', '.join(schemas)}"
        )
    if schema_id and schema_id not in schemas:
        return "", f"schema_id {schema_id!r} is not among the schemas: {', '.join(schemas)}"
    return schema_id or next(iter(schemas)), ""


def _pair(draft: Draft, schema_id: str) -> Pair:
    return Pair(
        id=draft.id or pair_id(draft.question, draft.sql, schema_id),
        question=draft.question,
        sql=draft.sql,
        schema_id=schema_id,
        evidence=draft.evidence,
        difficulty=draft.difficulty,
        template=draft.template,
        tags=draft.tags,
        provenance=draft.provenance,
        where=draft.where,
    )


def _said(pair: Pair) -> tuple[str, str, str]:
    """What makes it this pair and no other."""
    return pair.question, pair.sql, pair.schema_id


def _refusal(unread: list[Unread], found: list[Found]) -> str:
    """The first places in the file's order, and how many more there are."""
    order = {one.where: place for place, one in enumerate(found)}
    ordered = sorted(unread, key=lambda one: order.get(one.where, -1))
    shown = [f"{one.where}: {one.reason}" for one in ordered[:_MAX_SHOWN]]
    if len(ordered) > _MAX_SHOWN:
        shown.append(f"... and {len(ordered) - _MAX_SHOWN} more")
    return "\n".join(shown)
