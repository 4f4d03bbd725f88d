"""A SQLite database that is only read: its tables, their first rows, and queries on those rows."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from oracle_sft.errors import UserError

_STEPS = 10_000
"""Instructions of SQLite's machine between two looks at the clock."""

_SCRIPT_SECONDS = 120
"""A script that runs longer is stopped."""

_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, 33}
"""33: a recursive WITH, for which the module has no name."""
_MAKING = _READING | {
    *(sqlite3.SQLITE_CREATE_TABLE, sqlite3.SQLITE_CREATE_INDEX, sqlite3.SQLITE_INSERT),
    *(sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE, sqlite3.SQLITE_TRANSACTION),
    *(sqlite3.SQLITE_DROP_TABLE, sqlite3.SQLITE_ALTER_TABLE, sqlite3.SQLITE_REINDEX),
}

Cell = None | int | float | str | bytes


class SQLiteError(Exception):
    """A query failed, or ran past its deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SQLiteColumn:
    name: str
    type: str
    """As it was declared, upper case; '' where it was not."""
    not_null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SQLiteTable:
    name: str
    columns: tuple[SQLiteColumn, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = ()
    """(columns, table, its columns); the last is empty where the primary key is meant."""
    collates: bool = False
    """Some column compares its texts in another way than byte by byte."""


class SQLiteDatabase:
    """A file, or a script that is run in memory. Close it when done."""

    def __init__(self, path: Path, *, max_rows: int) -> None:
        """`max_rows`: of each table only the first ones are there, for queries too.

        Raises:
            UserError: no database, a script that fails, or a file with a journal beside it.
        """
        self.path = path
        self._max_rows = max_rows
        self.cut: dict[str, int] = {}
        """Tables that have more rows, and how many more."""
        try:
            self._connection = _script(path) if path.suffix == ".sql" else _file(path)
            # Values that are no UTF-8 are shown as what they are not, but the same on both sides.
            self._connection.text_factory = lambda said: said.decode(errors="replace")
            self.tables = tuple(self._table(*row) for row in self._listed())
            self._first = {table.name: self._cut(table) for table in self.tables}
            self._connection.set_authorizer(_only(_READING))
        except (sqlite3.Error, OSError) as error:
            raise UserError(f"{path} cannot be read as a SQLite database: {error}") from error

    def rows(self, table: SQLiteTable) -> Sequence[tuple[Cell, ...]]:
        """The first rows of a table, in the order of their rowid or key.

        Raises:
            UserError: the file is damaged.
        """
        try:
            return self._connection.execute(self._first[table.name]).fetchall()
        except sqlite3.Error as error:
            raise UserError(f"{self.path}, table {table.name}: {error}") from error

    def query(
        self, sql: str, *, timeout_seconds: float, max_rows: int
    ) -> tuple[tuple[str, ...], list[tuple[Cell, ...]]]:
        """Names of the columns, and at most one row more than `max_rows`.

        Raises:
            SQLiteError: it fails, or is not done in time.
        """
        deadline = time.monotonic() + timeout_seconds
        self._connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        try:
            cursor = self._connection.execute(sql)
            found = cursor.fetchmany(max_rows + 1)
        except (sqlite3.Error, sqlite3.Warning, OverflowError, ValueError) as error:
            late = time.monotonic() > deadline
            raise SQLiteError(
                f"stopped after {timeout_seconds:g} s" if late else str(error)
            ) from None
        finally:
            self._connection.set_progress_handler(None, 0)
        return tuple(column[0] for column in cursor.description or ()), found

    def close(self) -> None:
        self._connection.close()

    def _listed(self) -> list[tuple[str, str]]:
        return self._connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
            "ORDER BY rowid"
        ).fetchall()

    def _table(self, name: str, sql: str) -> SQLiteTable:
        said = self._connection.execute(f"PRAGMA table_info({_quoted(name)})").fetchall()
        keyed = sorted((row for row in said if row[5]), key=lambda row: row[5])
        keys: dict[int, list[tuple[str, str, str | None]]] = {}
        for row in self._connection.execute(f"PRAGMA foreign_key_list({_quoted(name)})"):
            keys.setdefault(row[0], []).append((row[3], row[2], row[4]))
        return SQLiteTable(
            name=name,
            columns=tuple(
                SQLiteColumn(name=row[1], type=row[2].upper().strip(), not_null=bool(row[3]))
                for row in said
            ),
            primary_key=tuple(row[1] for row in keyed),
            foreign_keys=tuple(
                (
                    tuple(own for own, _, _ in parts),
                    parts[0][1],
                    tuple(other for _, _, other in parts if other is not None),
                )
                for _, parts in sorted(keys.items(), reverse=True)
            ),
            collates="COLLATE" in sql.upper(),
        )

    def _cut(self, table: SQLiteTable) -> str:
        """The query of a table's first rows; where there are more, queries of others see no more either."""
        name = _quoted(table.name)
        order = "rowid"
        try:
            self._connection.execute(f"SELECT rowid FROM main.{name} LIMIT 0")
        except sqlite3.OperationalError:  # a table WITHOUT ROWID has a key
            order = ", ".join(_quoted(column) for column in table.primary_key)
        first = f"SELECT * FROM main.{name} ORDER BY {order} LIMIT {self._max_rows}"
        (count,) = self._connection.execute(f"SELECT count(*) FROM main.{name}").fetchone()
        if count > self._max_rows:
            self.cut[table.name] = count - self._max_rows
            # A temporary view comes before the table of its name.
            self._connection.execute(f"CREATE TEMP VIEW {name} AS {first}")
        return first


def _file(path: Path) -> sqlite3.Connection:
    for suffix in ("-wal", "-journal"):
        beside = Path(f"{path}{suffix}")
        if beside.exists() and beside.stat().st_size:
            raise UserError(
                f"{beside} holds changes that are not in {path}; close the database first"
            )
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    connection.execute("PRAGMA temp_store = MEMORY")
    return connection


def _script(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.set_authorizer(_only(_MAKING))
    deadline = time.monotonic() + _SCRIPT_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
    lines = path.read_bytes().decode(errors="replace").splitlines()
    # Scripts of the benchmarks switch foreign keys on or off, which a script without PRAGMA leaves off.
    kept = (line for line in lines if not line.strip().upper().startswith("PRAGMA"))
    connection.executescript("\n".join(kept))
    connection.set_authorizer(None)
    connection.set_progress_handler(None, 0)
    return connection


def _only(allowed: set[int]) -> Callable[..., int]:
    def judge(action: int, first: str | None, second: str | None, *_: object) -> int:
        loads = action == sqlite3.SQLITE_FUNCTION and second == "load_extension"
        return sqlite3.SQLITE_OK if action in allowed and not loads else sqlite3.SQLITE_DENY

    return judge


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
