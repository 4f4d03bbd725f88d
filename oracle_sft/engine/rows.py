"""Rows from files: JSON, JSON lines or CSV, still as they were written."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from oracle_sft.engine.result import LoadError
from oracle_sft.sqltext.schema import Schema, Table

Rows = Mapping[str, Sequence[Mapping[str, object]]]
"""Table name to rows; a row is column name to value."""

_SUFFIXES = (".json", ".jsonl", ".csv")


def load_rows(path: Path, schema: Schema) -> Rows:
    """The rows of a schema, from one JSON file (`{table: [row, ...]}`) or from a folder with a file
    `TABLE.json`, `.jsonl` or `.csv` for each table that has rows.

    Names are matched without regard to case. Values are checked when they are loaded into a
    database, not here.

    Raises:
        LoadError: a missing or malformed file, an unknown table or column.
    """
    if path.is_dir():
        return _from_folder(path, schema)
    if not path.exists():
        raise LoadError(f"no rows at {path}: give a JSON file or a folder with a file per table")
    found = _json(path, path.read_text(encoding="utf-8-sig"))
    if not isinstance(found, dict):
        raise LoadError(f"{path}: expected an object of table name to rows, found a list or value")
    return {
        _table(schema, name, path).name: _checked(path, _table(schema, name, path), rows)
        for name, rows in found.items()
    }


def _from_folder(path: Path, schema: Schema) -> Rows:
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in _SUFFIXES)
    if not files:
        raise LoadError(f"no rows in {path}: expected files named TABLE{'|'.join(_SUFFIXES)}")
    rows: dict[str, Sequence[Mapping[str, object]]] = {}
    for file in files:
        table = _table(schema, file.stem, file)
        if table.name in rows:
            raise LoadError(f"{file}: a second file for table {table.name}")
        rows[table.name] = _checked(file, table, _read(file))
    return rows


def _read(file: Path) -> object:
    text = file.read_text(encoding="utf-8-sig")
    if file.suffix.lower() == ".json":
        return _json(file, text)
    if file.suffix.lower() == ".jsonl":
        return [
            _json(file, line, number)
            for number, line in enumerate(text.split("\n"), start=1)
            if line.strip()
        ]
    reader = csv.DictReader(text.splitlines(keepends=True), restkey="", strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise LoadError(f"{file}, line {reader.line_num}: {error}") from None
    for number, row in enumerate(rows, start=1):
        if "" in row or None in row.values():
            raise LoadError(f"{file}, row {number}: not as many values as the header has names")
    return rows


def _json(file: Path, text: str, line: int | None = None) -> object:
    try:
        # Numbers keep their digits: 0.1 as a float would not be 0.1 any more.
        return json.loads(text, parse_float=_Number)
    except json.JSONDecodeError as error:
        where = f"line {line or error.lineno}, column {error.colno}"
        raise LoadError(f"{file}, {where}: not JSON: {error.msg}") from None


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
                raise LoadError(
                    f"{file}: table {table.name}, row {number}: unknown column {name!r}; "
                    f"the table has {', '.join(sorted(known))}"
                )
    return rows
