"""The schemas that pairs speak of: from the config, or brought by the pairs."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle_sft.config.data import FilesDataConf
from oracle_sft.engine.database import load_rows
from oracle_sft.errors import UserError
from oracle_sft.pairs.readers.draft import Draft, Unread
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


def read_schemas(conf: FilesDataConf, drafts: Sequence[Draft]) -> dict[str, SchemaSource]:
    """The schemas of data.ddl or data.schemas by id; that of data.ddl has the id that the pairs use for it.

    Raises:
        UserError: a file is missing or holds no table; or the pairs name several schemas and data.ddl gives one.
    """
    if conf.ddl is not None:
        rows = Path(conf.rows) if conf.rows is not None else None
        schema_id = _only_id(conf, drafts) or Path(conf.ddl).stem
        return {schema_id: _read_schema(Path(conf.ddl), rows, schema_id)}
    return _read_folders(Path(conf.schemas)) if conf.schemas is not None else {}


def with_inline(
    schemas: dict[str, SchemaSource], drafts: Iterable[Draft]
) -> tuple[dict[str, SchemaSource], list[Unread]]:
    """The schemas with those that pairs bring, and what is wrong with some of these."""
    found, first = dict(schemas), dict[str, str]()
    wrong: list[Unread] = []
    for draft in drafts:
        if not draft.ddl:
            continue
        schema_id = id_of(draft)
        reason = ""
        if schema_id in schemas:
            reason = f"schema_id {schema_id!r} has a schema from the config; leave out its ddl"
        elif schema_id not in found:
            try:
                schema = read_ddl(draft.ddl, schema_id=schema_id)
            except UserError as error:
                reason = f"ddl: {error}"
            else:
                reason = "" if schema.tables else "ddl holds no CREATE TABLE"
                if schema.tables:
                    found[schema_id] = SchemaSource(schema=schema, ddl=draft.ddl, rows=None)
                    first[schema_id] = draft.where
        elif found[schema_id].ddl != draft.ddl:
            reason = (
                f"its ddl for schema_id {schema_id!r} is another than that of {first[schema_id]}; "
                "give the two schemas two ids"
            )
        if reason:
            wrong.append(Unread(where=draft.where, reason=reason, text=draft.ddl[:80]))
    return found, wrong


def id_of(draft: Draft) -> str:
    """The id of the pair's schema as the pair says it; of one that it brings without an id, one made from the DDL."""
    if draft.ddl and not draft.schema_id:
        return f"ddl-{hashlib.sha256(draft.ddl.encode()).hexdigest()[:8]}"
    return draft.schema_id


def _only_id(conf: FilesDataConf, drafts: Sequence[Draft]) -> str:
    named = sorted({draft.schema_id for draft in drafts if draft.schema_id and not draft.ddl})
    if len(named) > 1:
        raise UserError(
            f"{conf.path}: the pairs name several schemas ({', '.join(named[:5])}) but data.ddl gives one; "
            "use data.schemas=DIR with one folder for each"
        )
    return named[0] if named else ""


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
