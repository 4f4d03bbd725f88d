"""Readers: from what a config names to raw pairs and the schemas that they speak of."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle_sft.config.schema import DataConf, DemoDataConf, JsonlDataConf
from oracle_sft.engine.database import load_rows
from oracle_sft.errors import UserError
from oracle_sft.pairs.pair import Pair, pair_id
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.ddl_tables import DDLError
from oracle_sft.sqltext.schema import Schema

_MAX_SHOWN = 10
_OPTIONAL_TEXT = ("id", "schema_id", "evidence", "difficulty", "template")

Rows = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSource:
    """A schema with the DDL text that it was read from, and its rows where there are some."""

    schema: Schema
    ddl: str
    rows: Rows | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a reader found."""

    pairs: list[Pair]
    """Ids are filled in; provenance may be empty; `suite` is `train` where the reader does not split."""
    schemas: dict[str, SchemaSource]
    is_split: bool
    """The pairs name their suites already."""


def read_source(conf: DataConf) -> Source:
    """The pairs and schemas that a data section names.

    Raises:
        UserError: a file is missing, empty or malformed; every malformed line is named by file, line and column.
    """
    match conf:
        case DemoDataConf():
            return _read_demo()
        case JsonlDataConf():
            schemas = _read_schemas(conf)
            return Source(
                pairs=_read_pairs(Path(conf.path), schemas), schemas=schemas, is_split=False
            )
    raise UserError(f"data={conf.name} has no reader")


def source_files(conf: DataConf) -> list[Path]:
    """The files whose contents decide what `read_source` returns, sorted."""
    if not isinstance(conf, JsonlDataConf):
        return []
    named = [
        Path(path) for path in (conf.path, conf.ddl, conf.rows, conf.schemas) if path is not None
    ]
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


def _read_schemas(conf: JsonlDataConf) -> dict[str, SchemaSource]:
    if conf.ddl is None and conf.schemas is None:
        return {}  # each pair brings its own
    if conf.ddl is not None:
        rows = Path(conf.rows) if conf.rows is not None else None
        return {"": _read_schema(Path(conf.ddl), rows, Path(conf.ddl).stem)}
    assert conf.schemas is not None  # config/checks.py
    folders = sorted(path.parent for path in Path(conf.schemas).glob("*/schema.sql"))
    if not folders:
        raise UserError(
            f"data.schemas={conf.schemas} holds no SCHEMA_ID/schema.sql; give a folder of schemas"
        )
    found = {}
    for folder in folders:
        rows = next(
            (path for path in (folder / "rows.json", folder / "rows") if path.exists()), None
        )
        found[folder.name] = _read_schema(folder / "schema.sql", rows, folder.name)
    return found


def _read_schema(ddl_path: Path, rows_path: Path | None, schema_id: str) -> SchemaSource:
    ddl = _read_text(ddl_path)
    try:
        schema = read_ddl(ddl, schema_id=schema_id)
    except DDLError as error:
        raise error.of(ddl_path) from error
    if not schema.tables:
        raise UserError(
            f"{ddl_path} holds no CREATE TABLE; give the DDL of the schema that the pairs query"
        )
    rows = load_rows(rows_path, schema) if rows_path is not None else None
    return SchemaSource(schema=schema, ddl=ddl, rows=rows)


def _read_pairs(path: Path, schemas: dict[str, SchemaSource]) -> list[Pair]:
    problems: list[str] = []
    raw = list(_read_objects(path, problems))
    if not raw and not problems:
        raise UserError(
            f"data.path={path} holds no pairs; give one JSON object a line with question and sql"
        )
    inline = _inline_schemas(path, raw, problems)
    if "" in schemas:
        _name_only_schema(path, schemas, raw, set(inline))
    _add_inline(path, schemas, inline, problems)
    pairs = []
    for line, said in raw:
        wrong = list(_pair_problems(said, schemas))
        problems += [f"{path}:{line}: {sentence}" for sentence in wrong]
        if not wrong:
            pairs.append(_pair(said, schemas))
    if problems:
        more = f"\n... and {len(problems) - _MAX_SHOWN} more" if len(problems) > _MAX_SHOWN else ""
        raise UserError("\n".join(problems[:_MAX_SHOWN]) + more)
    return pairs


def _read_objects(path: Path, problems: list[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            said = json.loads(line)
        except json.JSONDecodeError as error:
            problems.append(
                f"{path}:{number}:{error.colno}: not JSON: {error.msg}; write one object a line"
            )
            continue
        if isinstance(said, dict):
            yield number, said
        else:
            problems.append(
                f"{path}:{number}: a {type(said).__name__}, not an object with question and sql"
            )


def _inline_schemas(
    path: Path, raw: list[tuple[int, dict[str, Any]]], problems: list[str]
) -> dict[str, tuple[int, str]]:
    """The DDL that pairs bring, by schema id, with the line that it was first seen on; such pairs get that id."""
    found: dict[str, tuple[int, str]] = {}
    for line, said in raw:
        ddl = said.get("ddl")
        if ddl is None:
            continue
        if not isinstance(ddl, str) or not ddl.strip():
            problems.append(f"{path}:{line}: ddl is {ddl!r}; it must be CREATE TABLE statements")
            continue
        named = said.get("schema_id")
        schema_id = named if isinstance(named, str) and named else inline_schema_id(ddl)
        first, known = found.setdefault(schema_id, (line, ddl))
        if known != ddl:
            problems.append(
                f"{path}:{line}: its ddl for schema_id {schema_id!r} is another than that of line {first}; "
                "give the two schemas two ids"
            )
        said["schema_id"] = schema_id
    return found


def _add_inline(
    path: Path,
    schemas: dict[str, SchemaSource],
    inline: dict[str, tuple[int, str]],
    problems: list[str],
) -> None:
    for schema_id, (line, ddl) in inline.items():
        if schema_id in schemas:
            problems.append(
                f"{path}:{line}: schema_id {schema_id!r} has a schema from the config; leave out its ddl"
            )
            continue
        try:
            schema = read_ddl(ddl, schema_id=schema_id)
        except UserError as error:
            problems.append(f"{path}:{line}: ddl: {error}")
            continue
        if not schema.tables:
            problems.append(f"{path}:{line}: ddl holds no CREATE TABLE")
        schemas[schema_id] = SchemaSource(schema=schema, ddl=ddl, rows=None)


def inline_schema_id(ddl: str) -> str:
    """The id of a schema that has none: its first 8 hex digits of SHA-256."""
    return f"ddl-{hashlib.sha256(ddl.encode()).hexdigest()[:8]}"


def _name_only_schema(
    path: Path,
    schemas: dict[str, SchemaSource],
    raw: list[tuple[int, dict[str, Any]]],
    inline: set[str],
) -> None:
    """Give the schema of data.ddl the id that the pairs use for it."""
    only = schemas.pop("")
    named = sorted({str(said["schema_id"]) for _, said in raw if said.get("schema_id")} - inline)
    if len(named) > 1:
        raise UserError(
            f"{path}: the pairs name several schemas ({', '.join(named[:5])}) but data.ddl gives one; "
            "use data.schemas=DIR with one folder for each"
        )
    schema_id = named[0] if named else only.schema.id
    schema = read_ddl(only.ddl, schema_id=schema_id)
    schemas[schema_id] = SchemaSource(schema=schema, ddl=only.ddl, rows=only.rows)


def _pair_problems(said: dict[str, Any], schemas: dict[str, SchemaSource]) -> Iterator[str]:
    for name in ("question", "sql"):
        if name not in said:
            yield f"the pair has no {name!r}; every pair wants a question and the sql that answers it"
        elif not isinstance(said[name], str) or not said[name].strip():
            yield f"{name} is {said[name]!r}; it must be text that is not empty"
    for name in _OPTIONAL_TEXT:
        if said.get(name) is not None and not isinstance(said[name], str):
            yield f"{name} is {said[name]!r}; it must be text"
    if not isinstance(said.get("provenance") or {}, dict):
        yield f"provenance is {said['provenance']!r}; it must be an object"
    tags = said.get("tags") or []
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        yield f"tags is {tags!r}; it must be a list of texts"
    schema_id = said.get("schema_id")
    if not schemas:
        yield "the pair names no schema; give data.ddl=SCHEMA.sql, data.schemas=DIR, or a ddl in each pair"
    elif schema_id is None and len(schemas) > 1:
        yield f"the pair has no schema_id, and there are several schemas: {', '.join(schemas)}"
    elif isinstance(schema_id, str) and schema_id not in schemas:
        yield f"schema_id {schema_id!r} is not among the schemas: {', '.join(schemas)}"


def _pair(said: dict[str, Any], schemas: dict[str, SchemaSource]) -> Pair:
    question, sql = said["question"].strip(), said["sql"].strip()
    schema_id = said.get("schema_id") or next(iter(schemas))
    return Pair(
        id=said.get("id") or pair_id(question, sql, schema_id),
        question=question,
        sql=sql,
        schema_id=schema_id,
        evidence=said.get("evidence") or "",
        difficulty=said.get("difficulty") or "",
        template=said.get("template") or "",
        tags=tuple(said.get("tags") or ()),
        provenance=dict(said.get("provenance") or {}),
    )


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 at byte {error.start}; convert it") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
