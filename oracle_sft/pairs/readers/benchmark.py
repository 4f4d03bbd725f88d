"""`data=spider` and `data=bird`: questions about SQLite databases, with the SQL rewritten for Oracle."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from oracle_sft.config.data import BenchmarkDataConf, BirdDataConf, SpiderDataConf
from oracle_sft.engine.database import DatabaseSpec
from oracle_sft.engine.pool import DatabasePool, Query, default_workers
from oracle_sft.engine.result import LoadError
from oracle_sft.errors import UserError
from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Draft, Found, Unread, storable
from oracle_sft.pairs.readers.jsonl import kind_of
from oracle_sft.pairs.schemas import SchemaSource
from oracle_sft.pairs.sqlite.database import SQLiteDatabase, SQLiteTable
from oracle_sft.pairs.sqlite.descriptions import read_descriptions
from oracle_sft.pairs.sqlite.kinds import Catalogue, Refused
from oracle_sft.pairs.sqlite.same_rows import difference
from oracle_sft.pairs.sqlite.schema import convert
from oracle_sft.pairs.sqlite.statement import rewrite
from oracle_sft.pairs.sqlite.tables_json import read_tables
from oracle_sft.sqltext.ddl import write_ddl

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """What a benchmark calls its keys."""

    model: str
    sql: str


_LAYOUTS: dict[type, _Layout] = {
    SpiderDataConf: _Layout(model="spider", sql="query"),
    BirdDataConf: _Layout(model="bird", sql="SQL"),
}


@dataclass(slots=True, kw_only=True)
class _Database:
    source: SchemaSource
    catalogue: Catalogue
    sqlite: SQLiteDatabase | None


def read(conf: BenchmarkDataConf) -> tuple[list[Found], dict[str, SchemaSource]]:
    """The pairs of a questions file, rewritten, and the schemas that they speak of.

    Raises:
        UserError: the questions or data.tables cannot be read.
    """
    with ExitStack() as opened:
        databases = _Databases(conf, opened)
        questions = _questions(Path(conf.path), _LAYOUTS[type(conf)])
        found = [_pair(storable(one), databases) for one in questions]
        originals = {one.where: original for one, original in found if isinstance(one, Draft)}
        kept = [one for one, _ in found]
        if conf.check_execution:
            kept = _compared(kept, originals, databases, conf)
        used = {one.schema_id for one in kept if isinstance(one, Draft)}
        sources = {name: databases.of(name) for name in sorted(used)}
        return kept, {
            name: each.source for name, each in sources.items() if isinstance(each, _Database)
        }


def files(conf: BenchmarkDataConf) -> list[Path]:
    """What `read` may read beside data.path."""
    found = [Path(conf.tables)] if conf.tables is not None else []
    if conf.databases is not None:
        for pattern in ("*/*.sqlite", "*/schema.sql", "*/database_description/*.csv"):
            found += Path(conf.databases).glob(pattern)
    return found


def _questions(path: Path, layout: _Layout) -> Iterator[Found]:
    """As the file says them, with SQLite's SQL."""
    said = read_json(path)
    if not isinstance(said, list):
        raise UserError(f"{path}: {kind_of(said)}, not a list of questions")
    for place, one in enumerate(said):
        where = f"{path}[{place}]"
        wrong = list(_problems(one, layout))
        if wrong:
            yield Unread(where=where, reason="; ".join(wrong), text=str(one)[:SHOWN_CHARS])
            continue
        number = one.get("question_id")
        yield Draft(
            where=where,
            id="" if number is None else f"{layout.model}-{path.stem}-{number}",
            question=one["question"].strip(),
            sql=one[layout.sql].strip(),
            schema_id=one["db_id"],
            evidence=(one.get("evidence") or "").strip(),
            difficulty=one.get("difficulty") or "",
            provenance={
                "source_session_id": path.name,
                "source": "curated",
                "model": layout.model,
                "approved": True,
            },
        )


def _problems(one: Any, layout: _Layout) -> Iterator[str]:
    if not isinstance(one, dict):
        yield f"{kind_of(one)}, not an object with db_id, question and {layout.sql}"
        return
    for name in ("db_id", "question", layout.sql):
        if not isinstance(one.get(name), str) or not one[name].strip():
            yield f"{name} is {one.get(name)!r}; it must be text that is not empty"
    for name in ("evidence", "difficulty"):
        if one.get(name) is not None and not isinstance(one[name], str):
            yield f"{name} is {one[name]!r}; it must be text"
    if isinstance(one.get("question_id"), bool | float | list | dict):
        yield f"question_id is {one['question_id']!r}; it must be a number or text"


def _pair(one: Found, databases: "_Databases") -> tuple[Found, str]:
    """The pair in Oracle's words, and its SQL as it was."""
    if isinstance(one, Unread):
        return one, ""
    database = databases.of(one.schema_id)
    if isinstance(database, str):
        return Unread(where=one.where, reason=database, text=_shown(one, one.sql)), one.sql
    try:
        return replace(one, sql=rewrite(one.sql, database.catalogue)), one.sql
    except Refused as refused:
        return _aside(one, f"not rewritten for Oracle: {refused}", one.sql), one.sql


def _aside(one: Draft, reason: str, sql: str) -> Unread:
    """A pair of the other dialect that is none of Oracle's: the file is not at fault."""
    return Unread(where=one.where, reason=reason, text=_shown(one, sql), is_fault=False)


def _shown(one: Draft, sql: str) -> str:
    """The question, too: who looks through what was set aside wants to know what was asked."""
    return f"{one.question[:SHOWN_CHARS]}\n{sql[: 2 * SHOWN_CHARS]}"


def _compared(
    found: list[Found],
    originals: Mapping[str, str],
    databases: "_Databases",
    conf: BenchmarkDataConf,
) -> list[Found]:
    """Without the pairs whose SQL gives other rows than it did."""
    by_database: dict[str, list[Draft]] = defaultdict(list)
    for one in found:
        if isinstance(one, Draft):
            by_database[one.schema_id].append(one)
    compared: dict[str, _Database] = {}
    for db_id in by_database:
        database = databases.of(db_id)
        if isinstance(database, _Database) and database.source.rows is not None:
            compared[db_id] = database
    specs = {
        db_id: DatabaseSpec(schema=database.source.schema, rows=database.source.rows or {})
        for db_id, database in compared.items()
    }
    reasons: dict[str, str] = {}
    with DatabasePool(specs, workers=conf.workers or default_workers()) as pool:
        for db_id, database in compared.items():
            drafts = by_database[db_id]
            reasons.update(_differences(drafts, originals, database, pool, conf))
    kept: list[Found] = []
    for one in found:
        if isinstance(one, Draft) and reasons.get(one.where):
            one = _aside(one, reasons[one.where], f"{originals[one.where]} -> {one.sql}")
        kept.append(one)
    return kept


def _differences(
    drafts: list[Draft],
    originals: Mapping[str, str],
    database: _Database,
    pool: DatabasePool,
    conf: BenchmarkDataConf,
) -> Iterator[tuple[str, str]]:
    """Where each pair of a database stands, and in what its two results differ; '' where they are the same."""
    assert database.sqlite is not None
    queries = (
        Query(
            schema_id=one.schema_id,
            sql=one.sql,
            timeout_seconds=conf.timeout_seconds,
            max_rows=conf.max_result_rows,
            with_sort_keys=True,
        )
        for one in drafts
    )
    try:
        for one, outcome in zip(drafts, pool.run(queries), strict=True):
            reason = difference(
                originals[one.where],
                database.sqlite,
                one.sql,
                outcome,
                timeout_seconds=conf.timeout_seconds,
                max_rows=conf.max_result_rows,
            )
            yield one.where, reason
    except LoadError as error:
        for one in drafts:
            yield one.where, f"the rows of {one.schema_id} cannot be loaded: {error}"


class _Databases:
    """The databases by db_id, each made once."""

    def __init__(self, conf: BenchmarkDataConf, opened: ExitStack) -> None:
        self._conf = conf
        self._opened = opened
        self._tables: Mapping[str, tuple[SQLiteTable, ...]] = (
            read_tables(Path(conf.tables), read_json(Path(conf.tables)))
            if conf.tables is not None
            else {}
        )
        self._made: dict[str, _Database | str] = {}

    def of(self, db_id: str) -> _Database | str:
        """The database, or why there is none."""
        if db_id not in self._made:
            try:
                self._made[db_id] = self._make(db_id)
            except UserError as error:
                self._made[db_id] = f"db_id {db_id!r}: {error}"
        return self._made[db_id]

    def _make(self, db_id: str) -> _Database:
        path = self._file(db_id)
        if path is None:
            tables = self._tables.get(db_id)
            if tables is None:
                raise UserError("neither data.tables nor data.databases has it")
            made = convert(db_id, tables, None, {})
            sqlite = None
        else:
            sqlite = SQLiteDatabase(path, max_rows=self._conf.max_rows_per_table)
            self._opened.callback(sqlite.close)
            rows = {table.name: sqlite.rows(table) for table in sqlite.tables}
            comments, notes = read_descriptions(path.parent / "database_description")
            made = convert(db_id, sqlite.tables, rows, comments)
            made = replace(made, notes=(*notes, *made.notes))
            for table, left in sqlite.cut.items():
                _LOG.warning(
                    "%s: %s: %d rows are left out (data.max_rows_per_table)", path, table, left
                )
        for note in made.notes:
            _LOG.warning("%s: %s", path or self._conf.tables, note)
        if not made.schema.tables:
            raise UserError(f"{path or self._conf.tables} has no table of it")
        ddl = "".join(f"-- {' '.join(note.split())}\n" for note in made.notes) + write_ddl(
            made.schema
        )
        source = SchemaSource(schema=made.schema, ddl=ddl, rows=made.rows)
        is_compared = made.catalogue.has_rows and self._conf.check_execution
        catalogue = replace(made.catalogue, has_rows=is_compared)
        return _Database(source=source, catalogue=catalogue, sqlite=sqlite)

    def _file(self, db_id: str) -> Path | None:
        if self._conf.databases is None or Path(db_id).name != db_id:
            return None
        folder = Path(self._conf.databases) / db_id
        for path in (folder / f"{db_id}.sqlite", folder / "schema.sql"):
            if path.is_file():
                return path
        return None


def read_json(path: Path) -> Any:
    """Raises:
    UserError: the file cannot be read, or is no JSON.
    """
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{path} is not UTF-8 at byte {error.start + 1}; convert it") from error
    except json.JSONDecodeError as error:
        raise UserError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{path}: not JSON: {error}") from error
