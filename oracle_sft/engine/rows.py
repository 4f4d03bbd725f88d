"""Rows from files: JSON, JSON lines, CSV, Parquet or INSERT scripts, still as they were written."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from oracle_sft.engine.result import LoadError
from oracle_sft.engine.row_files import RowFile, csv_header
from oracle_sft.sqltext.schema import Schema, Table

Rows = Mapping[str, Sequence[Mapping[str, object]]]
"""Table name to rows; a row is column name to value."""

_SUFFIXES = (".json", ".jsonl", ".csv", ".parquet", ".sql")

_LARGE_BYTES = 1 << 20
"""A CSV file of this size is left to DuckDB, which reads it in a tenth of the time."""


def load_rows(path: Path, schema: Schema, *, clock: datetime | None = None) -> Rows:
    """The rows of a schema: from one JSON file (`{table: [row, ...]}`), from a script of INSERT
    statements (`.sql`), from a file `TABLE.jsonl`, `.csv` or `.parquet`, or from a folder of such
    files, in which `.json` may be a file of one table too.

    Names are matched without regard to case. Values are checked when they are loaded into a
    database, not here. `clock` is what SYSDATE says in a script.

    Raises:
        LoadError: a missing or malformed file, an unknown table or column.
    """
    if path.is_dir():
        return _from_folder(path, schema, clock)
    if not path.exists():
        raise LoadError(f"no rows at {path}: give a file, or a folder with a file per table")
    if path.suffix.lower() in _SUFFIXES[1:]:
        return _from_file(path, schema, clock)
    found = _json(path, _decoded(path))
    if not isinstance(found, dict):
        raise LoadError(f"{path}: expected an object of table name to rows, found a list or value")
    return _tables(path, found, schema)


def _tables(path: Path, found: Mapping[str, object], schema: Schema) -> Rows:
    return {
        _table(schema, name, path).name: _checked(path, _table(schema, name, path), rows)
        for name, rows in found.items()
    }


def _from_folder(path: Path, schema: Schema, clock: datetime | None) -> Rows:
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES)
    if not files:
        raise LoadError(f"no rows in {path}: expected files named TABLE{'|'.join(_SUFFIXES)}")
    rows: dict[str, Sequence[Mapping[str, object]]] = {}
    for file in files:
        for name, found in _from_file(file, schema, clock).items():
            if name in rows:
                raise LoadError(f"{file}: a second file for table {name}")
            rows[name] = found
    return rows


def _from_file(file: Path, schema: Schema, clock: datetime | None) -> Rows:
    suffix = file.suffix.lower()
    if suffix == ".sql":
        # Here, because it runs queries of its own, on databases that are filled from rows.
        from oracle_sft.engine.insert_script import read_inserts

        return read_inserts(file, _decoded(file), schema, clock=clock)
    if suffix == ".json" and not (schema.table(file.stem) or schema.table(file.stem.upper())):
        found = _json(file, _decoded(file))
        if isinstance(found, dict):  # of table name to rows, as a file of its own may be
            return _tables(file, found, schema)
    table = _table(schema, file.stem, file)
    if suffix == ".parquet" or (suffix == ".csv" and _is_large(file)):
        return {table.name: _checked_names(file, table, RowFile(file))}
    return {table.name: _checked(file, table, _read(file))}


def _is_large(file: Path) -> bool:
    # A blank line is a row of a file with one column, or it is none: that is not left to DuckDB.
    return file.stat().st_size >= _LARGE_BYTES and len(csv_header(file)) > 1


def _read(file: Path) -> object:
    text = _decoded(file)
    if file.suffix.lower() == ".json":
        return _json(file, text)
    if file.suffix.lower() == ".jsonl":
        return [
            _json(file, line, number)
            for number, line in enumerate(text.split("\n"), start=1)
            if line.strip()
        ]
    csv_header(file)
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="", strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise LoadError(f"{file}, line {reader.line_num}: {error}") from None
    for number, row in enumerate(rows, start=1):
        if "" in row or None in row.values():
            raise LoadError(f"{file}, row {number}: not as many values as the header has names")
    return rows


def _decoded(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LoadError(f"{file} is not UTF-8: {error.reason} at byte {error.start}") from None
    except OSError as error:
        raise LoadError(f"{file}: {error.strerror}") from None


def _json(file: Path, text: str, line: int | None = None) -> object:
    try:
        # Numbers keep their digits: 0.1 as a float would not be 0.1 any more.
        return json.loads(text, parse_float=_Number)
    except json.JSONDecodeError as error:
        where = f"line {line or error.lineno}, column {error.colno}"
        raise LoadError(f"{file}, {where}: not JSON: {error.msg}") from None
    except RecursionError:
        raise LoadError(f"{file}: nested too deeply") from None


class _Number(str):
    """A JSON number with a fraction, as it was written."""

    __slots__ = ()


def _table(schema: Schema, name: str, file: Path) -> Table:
    table = schema.table(name) or schema.table(name.upper())
    if table is None:
        known = ", ".join(sorted(table.name for table in schema.tables))
        raise LoadError(f"{file}: unknown table {name!r}; the schema has {known}")
    return table


def _checked(file: Path, table: Table, rows: object) -> list[Mapping[str, object]]:
    if not isinstance(rows, list):
        raise LoadError(f"{file}: table {table.name}: expected a list of rows")
    known = {column.name for column in table.columns}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise LoadError(f"{file}: table {table.name}, row {number}: expected an object")
        for name in row:
            if name not in known and name.upper() not in known:
                raise _unknown(f"{file}: table {table.name}, row {number}", name, table)
    return rows


def _checked_names(file: Path, table: Table, rows: RowFile) -> RowFile:
    for name in rows.columns:
        if table.column(name) is None and table.column(name.upper()) is None:
            raise _unknown(f"{file}: table {table.name}", name, table)
    return rows


def _unknown(where: str, name: str, table: Table) -> LoadError:
    known = ", ".join(sorted(column.name for column in table.columns))
    return LoadError(f"{where}: unknown column {name!r}; the table has {known}")
