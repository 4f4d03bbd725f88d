"""Large files of rows, which DuckDB reads itself: CSV and Parquet.

They are sequences of rows like others, so that whoever wants the rows has them; a database loads
them without making a Python object of each value.
"""

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from oracle_sft.config import inputs
from oracle_sft.engine.result import LoadError
from oracle_sft.engine.rewrite.terms import named, quoted
from oracle_sft.errors import UserError

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_KINDS = {"BLOB": "bytes", "DATE": "dates", "TIMESTAMP": "dates"}
_ALL_NULL = '"NULL"'
_CAST = (*_INTEGERS, "DOUBLE", "FLOAT", "DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS")


class RowFile(Sequence[Mapping[str, object]]):
    """The rows of one file. Values are text; numbers keep their digits."""

    def __init__(self, path: Path) -> None:
        """Raises:
        LoadError: a file that is none of its kind.
        """
        self.path = path
        self._rows: list[dict[str, str | None]] | None = None
        self._read = _source(path)
        with _opened() as connection:
            self.columns, self._texts, self.kinds = self._described(connection)

    def stage(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """Make a table of text columns `c0`, `c1`, ... in the order of `columns`.

        Raises:
            LoadError: the file cannot be read.
        """
        texts = ", ".join(f"{text} AS c{place}" for place, text in enumerate(self._texts))
        try:
            connection.execute(f"CREATE TEMP TABLE {table} AS SELECT {texts} FROM {self._read}")
        except duckdb.Error as error:
            if self.path.suffix.lower() == ".csv":
                csv_rows(self.path, self.columns)  # says more of what is wrong
            raise self._wrong(error) from None

    def __len__(self) -> int:
        return len(self._all())

    # One signature: `overload` would keep this module, and DuckDB's types with it, beyond the end of the interpreter,
    # which DuckDB then reports on a page of its own.
    def __getitem__(self, index: Any) -> Any:
        return self._all()[index]

    def __iter__(self) -> Iterator[Mapping[str, object]]:
        return iter(self._all())

    def __reduce__(self) -> tuple[type, tuple[Path]]:
        return type(self), (self.path,)  # another process reads the file itself

    def _all(self) -> list[dict[str, str | None]]:
        if self._rows is None:
            with _opened() as connection:
                self.stage(connection, "staged")
                found = connection.execute("SELECT * FROM staged").fetchall()
            self._rows = [dict(zip(self.columns, row, strict=True)) for row in found]
        return self._rows

    def _described(
        self, connection: duckdb.DuckDBPyConnection
    ) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]:
        """Names, how each is read as text, and what those are that are no text."""
        try:
            found = connection.execute(f"DESCRIBE SELECT * FROM {self._read}").fetchall()
        except duckdb.Error as error:
            raise self._wrong(error) from None
        texts, kinds = [], {}
        for name, type_, *_ in found:
            texts.append(_text(self.path, name, type_))
            if type_ not in ("VARCHAR", _ALL_NULL):
                kinds[name] = next(
                    (_KINDS[word] for word in _KINDS if type_.startswith(word)), "numbers"
                )
        return tuple(row[0] for row in found), tuple(texts), kinds

    def _wrong(self, error: duckdb.Error) -> LoadError:
        kind, _, said = str(error).splitlines()[0].rpartition("Error: ")
        return LoadError(f"{self.path}: {said or kind}")


def _opened() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:", config={"threads": 1})


def _source(path: Path) -> str:
    file = quoted(str(path))
    if path.suffix.lower() == ".parquet":
        return f"read_parquet({file})"
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in csv_header(path))
    return (
        f"read_csv({file}, columns = {{{columns}}}, header = true, auto_detect = false, delim = ',',"
        " quote = '\"', escape = '\"', strict_mode = true, null_padding = false)"
    )


def csv_header(path: Path) -> list[str]:
    """Raises:
    LoadError: no names, or one twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file, strict=True), [])
    except (OSError, UnicodeDecodeError):
        decoded(path)  # says what is wrong
        raise
    except csv.Error as error:
        raise LoadError(f"{path}, line 1: {error}") from None
    if not names or "" in names:
        raise LoadError(f"{path}, line 1: expected the names of the columns")
    twice = [name for name in names if [other.upper() for other in names].count(name.upper()) > 1]
    if twice:
        raise LoadError(f"{path}, line 1: column {twice[0]!r} twice")
    return names


def csv_rows(file: Path, columns: Sequence[str]) -> list[Mapping[str, object]]:
    """The rows of a CSV file with these columns.

    Raises:
        LoadError: a line that is not of the format, or has more or fewer values.
    """
    csv.field_size_limit(sys.maxsize)  # a CLOB is longer than what Python takes for a mistake
    reader = csv.reader(io.StringIO(decoded(file), newline=""), strict=True)
    rows: list[Mapping[str, object]] = []
    begins = 1
    try:
        for values in reader:
            if begins > 1 and values and len(values) != len(columns):
                raise LoadError(
                    f"{file}, line {begins}: {len(values)} values where line 1 has {len(columns)} names"
                )
            if begins > 1 and values:
                rows.append(dict(zip(columns, values, strict=True)))
            begins = reader.line_num + 1
    except csv.Error as error:
        raise LoadError(f"{file}, line {begins}: {error}") from None
    return rows


def decoded(file: Path) -> str:
    """Raises:
    LoadError: the file cannot be read, or is not UTF-8.
    """
    try:
        return inputs.decoded(inputs.read_input(str(file)), str(file))
    except UserError as error:
        raise LoadError(str(error)) from None


def _text(path: Path, name: str, type_: str) -> str:
    column = named(name)
    if type_ == "VARCHAR":
        return column
    if type_ == _ALL_NULL:
        return "CAST(NULL AS VARCHAR)"
    if type_ == "BLOB":
        return f"hex({column})"
    if type_.removeprefix("U") in _CAST or type_.startswith(("DECIMAL", "TIMESTAMP_NS")):
        return f"CAST({column} AS VARCHAR)"
    raise LoadError(f"{path}: column {name!r} is of type {type_}, which no column here takes")
