"""Large files of rows, which DuckDB reads itself: CSV and Parquet.

They are sequences of rows like others, so that whoever wants the rows has them; a database loads
them without making a Python object of each value.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from oracle_sft.engine.result import LoadError
from oracle_sft.engine.rewrite.terms import named, quoted

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
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
            self.columns, self._texts, self.numeric = self._described(connection)

    def stage(self, connection: duckdb.DuckDBPyConnection, table: str) -> None:
        """Make a table of text columns `c0`, `c1`, ... in the order of `columns`.

        Raises:
            LoadError: the file cannot be read.
        """
        texts = ", ".join(f"{text} AS c{place}" for place, text in enumerate(self._texts))
        try:
            connection.execute(f"CREATE TEMP TABLE {table} AS SELECT {texts} FROM {self._read}")
        except duckdb.Error as error:
            raise LoadError(f"{self.path}: {_first_line(error)}") from None

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
    ) -> tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]:
        """Names, how each is read as text, and which of them are numbers."""
        try:
            found = connection.execute(f"DESCRIBE SELECT * FROM {self._read}").fetchall()
        except duckdb.Error as error:
            raise LoadError(f"{self.path}: {_first_line(error)}") from None
        texts, numeric = [], set()
        for name, type_, *_ in found:
            texts.append(_text(self.path, name, type_))
            if type_.removeprefix("U") in _INTEGERS or type_.startswith(
                ("DECIMAL", "DOUBLE", "FL")
            ):
                numeric.add(name)
        return tuple(row[0] for row in found), tuple(texts), frozenset(numeric)


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
    except OSError as error:
        raise LoadError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise LoadError(
            f"{path} is not UTF-8: {error.reason} at byte {error.start}; save it as UTF-8"
        ) from None
    except csv.Error as error:
        raise LoadError(f"{path}, line 1: {error}") from None
    if not names or "" in names:
        raise LoadError(f"{path}, line 1: expected the names of the columns")
    twice = [name for name in names if [other.upper() for other in names].count(name.upper()) > 1]
    if twice:
        raise LoadError(f"{path}, line 1: column {twice[0]!r} twice")
    return names


def _text(path: Path, name: str, type_: str) -> str:
    column = named(name)
    if type_ == "VARCHAR":
        return column
    if type_ == "BLOB":
        return f"hex({column})"
    if type_.removeprefix("U") in _CAST or type_.startswith(("DECIMAL", "TIMESTAMP_NS")):
        return f"CAST({column} AS VARCHAR)"
    raise LoadError(f"{path}: column {name!r} is of type {type_}, which no column here takes")


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]
