"""The schemas that pairs speak of: from the config, or brought by the pairs."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle_sft.config.data import FilesDataConf
from oracle_sft.engine.database import load_rows
from oracle_sft.errors import UserError
from oracle_sft.pairs.readers.draft import Draft
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.ddl_tables import DDLError
from oracle_sft.sqltext.schema import Schema

Rows = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSource:
    """A schema with the DDL text that it was read from, and its rows where there are some."""

    schema: Schema
    ddl: str
    rows: Rows | None


class Named:
    """What the pairs of a source say about their schemas, gathered while they are read."""

    def __init__(self) -> None:
        self.ids: set[str] = set()
        """The schemas that pairs without DDL name."""
        self.brought: dict[str, Brought] = {}
        """The first DDL that a pair brings for each id."""

    def see(self, draft: Draft) -> None:
        """Note what a pair says."""
        if draft.ddl:
            first = Brought(ddl=draft.ddl, digest=ddl_digest(draft.ddl), where=draft.where)
            self.brought.setdefault(id_of(draft), first)
        elif draft.schema_id:
            self.ids.add(draft.schema_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """DDL that a pair brings."""

    ddl: str
    digest: str
    where: str


def read_schemas(conf: FilesDataConf, named: Named) -> dict[str, SchemaSource]:
    """The schemas of data.ddl or data.schemas by id; that of data.ddl has the id that the pairs use for it.

    Raises:
        UserError: a file is missing or holds no table; or the pairs name several schemas and data.ddl gives one.
    """
    if conf.ddl is not None:
        rows = Path(conf.rows) if conf.rows is not None else None
        schema_id = _only_id(conf, named) or Path(conf.ddl).stem
        return {schema_id: _read_schema(Path(conf.ddl), rows, schema_id)}
    return _read_folders(Path(conf.schemas)) if conf.schemas is not None else {}


def brought_schemas(
    named: Named, given: Mapping[str, SchemaSource]
) -> tuple[dict[str, SchemaSource], dict[str, str]]:
    """The schemas that pairs bring beside those of the config, and by id why the others cannot be used."""
    found: dict[str, SchemaSource] = {}
    wrong: dict[str, str] = {}
    for schema_id, brought in named.brought.items():
        if schema_id in given:
            wrong[schema_id] = (
                f"schema_id {schema_id!r} has a schema from the config; leave out its ddl"
            )
            continue
        try:
            schema = read_ddl(brought.ddl, schema_id=schema_id)
        except UserError as error:
            wrong[schema_id] = f"ddl: {error}"
            continue
        if schema.tables:
            found[schema_id] = SchemaSource(schema=schema, ddl=brought.ddl, rows=None)
        else:
            wrong[schema_id] = "ddl holds no CREATE TABLE"
    return found, wrong


def id_of(draft: Draft) -> str:
    """The id of the pair's schema as the pair says it; of one that it brings without an id, one made from the DDL."""
    if draft.ddl and not draft.schema_id:
        return f"ddl-{ddl_digest(draft.ddl)[:8]}"
    return draft.schema_id


def ddl_digest(ddl: str) -> str:
    """SHA-256 (hex) of a DDL's text."""
    return hashlib.sha256(ddl.encode()).hexdigest()


def _only_id(conf: FilesDataConf, named: Named) -> str:
    ids = sorted(named.ids)
    if len(ids) > 1:
        raise UserError(
            f"{conf.path}: the pairs name several schemas ({', '.join(ids[:5])}) but data.ddl gives one; "
            "use data.schemas=DIR with one folder for each"
        )
    return ids[0] if ids else ""


def _read_folders(parent: Path) -> dict[str, SchemaSource]:
    folders = sorted(path.parent for path in parent.glob("*/schema.sql"))
    if not folders:
        raise UserError(
            f"data.schemas={parent} holds no SCHEMA_ID/schema.sql; give a folder of schemas"
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


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 at byte {error.start}; convert it") from error
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
