"""Rows from files: JSON, JSON lines, CSV, Parquet or INSERT scripts, still as they were written."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from oracle_sft.engine.number_forms import WrittenNumber
from oracle_sft.engine.result import LoadError
from oracle_sft.engine.row_files import RowFile, csv_header, csv_rows, decoded
from oracle_sft.sqltext.schema import Schema, Table

Rows = Mapping[str, Sequence[Mapping[str, object]]]
"""Table name to rows; a row is column name to value."""

_SUFFIXES = (".json", ".jsonl", ".csv", ".parquet", ".sql")

_LARGE_BYTES = 1 << 20
"""A CSV file of this size is left to DuckDB, which reads it in a tenth of the time."""

_LONG_DIGITS = 100
"""A number with so many digits stays text: no column takes it, and Python would not print it."""


def load_rows(path: Path, schema: Schema, *, clock: datetime | None = None) -> Rows:
    """The rows of a schema: from a JSON file of all tables (`{table: [row, ...]}`), from a script of
    INSERT statements (`.sql`), from a file `TABLE.json`, `.jsonl`, `.csv` or `.parquet` of one table, or
    from a folder of such files.

    Names are matched without regard to case. Values are checked when they are loaded into a
    database, not here. `clock` is what SYSDATE says in a script.

    Raises:
        LoadError: a missing or malformed file, an unknown table or column.
    """
    try:
        if path.is_dir():
            return _from_folder(path, schema, clock)
        if path.exists():
            return _from_file(path, schema, clock)
    except OSError as error:  # of the path itself, or of what is in the folder
        raise LoadError(f"{error.filename or path}: {error.strerror}") from None
    raise LoadError(f"no rows at {path}: give a file, or a folder with a file per table")


def _from_folder(path: Path, schema: Schema, clock: datetime | None) -> Rows:
    files = []
    for file in sorted(path.iterdir()):
        if file.suffix.lower() in _SUFFIXES:
            files.append(file)
        elif _find(schema, file.name.partition(".")[0]):  # of a table that would be empty
            raise _unknown_suffix(file)
    if not files:
        raise LoadError(f"no rows in {path}: expected files named TABLE{'|'.join(_SUFFIXES)}")
    rows: dict[str, Sequence[Mapping[str, object]]] = {}
    for file in files:
        for name, found in _from_file(file, schema, clock).items():
            if name in rows:
                raise LoadError(f"{file}: rows of table {name}, which another file has, too")
            rows[name] = found
    return rows


def _from_file(file: Path, schema: Schema, clock: datetime | None) -> Rows:
    suffix = file.suffix.lower()
    if suffix == ".sql":
        # Here, because it runs queries of its own, on databases that are filled from rows.
        from oracle_sft.engine.insert_script import read_inserts

        text = decoded(file).replace("\r\n", "\n")  # as SQL*Plus reads lines
        return read_inserts(file, text, schema, clock=clock)
    if suffix in (".json", ""):  # a pipe has no suffix
        found = _json(file, decoded(file))
        if isinstance(found, dict):
            return _tables(file, found, schema)
        named = _find(schema, file.stem)
        if named is None:
            raise LoadError(
                f"{file}: expected an object of table name to rows, "
                "or a list in a file that is named after its table"
            )
        return {named.name: _checked(file, named, found)}
    if suffix not in _SUFFIXES:
        raise _unknown_suffix(file)
    table = _named_after(file, schema)
    if suffix == ".jsonl":
        return {table.name: _checked(file, table, _json_lines(file))}
    if suffix == ".csv" and not _is_large(file):
        columns = csv_header(file)
        _check_names(f"{file}, line 1", columns, table)
        return {table.name: csv_rows(file, columns)}
    rows = RowFile(file)
    _check_names(str(file), rows.columns, table)
    return {table.name: rows}


def _tables(path: Path, found: Mapping[str, object], schema: Schema) -> Rows:
    rows: dict[str, list[Mapping[str, object]]] = {}
    for name, of_table in found.items():
        table = _find(schema, name)
        if table is None:
            raise LoadError(f"{path}: unknown table {name!r}; the schema has {_names(schema)}")
        if table.name in rows:
            raise LoadError(f"{path}: table {table.name} twice")
        rows[table.name] = _checked(path, table, of_table)
    return rows


def _is_large(file: Path) -> bool:
    # A blank line is a row of a file with one column, or it is none: that is not left to DuckDB.
    return file.stat().st_size >= _LARGE_BYTES and len(csv_header(file)) > 1


def _json_lines(file: Path) -> list[object]:
    return [
        _json(file, line, number)
        for number, line in enumerate(decoded(file).split("\n"), start=1)
        if line.strip()
    ]


def _json(file: Path, text: str, line: int | None = None) -> object:
    try:
        # Numbers keep their digits: 0.1 as a float would not be 0.1 any more.
        return json.loads(
            text, parse_float=WrittenNumber, parse_int=_whole, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        where = f"line {line or error.lineno}, column {error.colno}"
        said = error.msg if text.strip() else "it is empty"
        raise LoadError(f"{file}, {where}: not JSON: {said}") from None
    except _Twice as error:
        where = f"{file}, line {line}" if line else str(file)
        raise LoadError(f"{where}: {error.args[0]!r} twice in one object") from None
    except RecursionError:
        raise LoadError(f"{file}: nested too deeply") from None


def _whole(digits: str) -> object:
    return int(digits) if len(digits) < _LONG_DIGITS else WrittenNumber(digits)


class _Twice(Exception):
    """A name that an object has twice."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found


# --- names ----------------------------------------------------------------------------------------


def _find(schema: Schema, name: str) -> Table | None:
    return schema.table(name) or schema.table(name.upper())


def _named_after(file: Path, schema: Schema) -> Table:
    table = _find(schema, file.stem)
    if table is None:
        raise LoadError(
            f"{file}: no table {file.stem!r}, which the file is named after; the schema has {_names(schema)}"
        )
    return table


def _names(schema: Schema) -> str:
    return ", ".join(sorted(table.name for table in schema.tables)) or "no tables"


def _unknown_suffix(file: Path) -> LoadError:
    return LoadError(f"{file}: rows are read from files that end in {', '.join(_SUFFIXES)}")


def _checked(file: Path, table: Table, rows: object) -> list[Mapping[str, object]]:
    if not isinstance(rows, list):
        raise LoadError(f"{file}: table {table.name}: expected a list of rows")
    known = {column.name for column in table.columns}
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise LoadError(
                f"{file}: table {table.name}, row {number}: expected an object, column name to value"
            )
        for name in row:
            if name not in known and name.upper() not in known:
                raise _unknown(f"{file}: table {table.name}, row {number}", name, table)
    return rows


def _check_names(where: str, names: Sequence[str], table: Table) -> None:
    for name in names:
        if table.column(name) is None and table.column(name.upper()) is None:
            raise _unknown(f"{where}: table {table.name}", name, table)


def _unknown(where: str, name: str, table: Table) -> LoadError:
    known = ", ".join(sorted(column.name for column in table.columns))
    commas = "; values are separated by commas" if re.search(r"[;\t|]", name) else ""
    return LoadError(f"{where}: unknown column {name!r}; the table has {known}{commas}")
