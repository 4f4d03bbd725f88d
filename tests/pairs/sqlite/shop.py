"""A small SQLite database for tests."""

import sqlite3
from pathlib import Path

from oracle_sft.pairs.sqlite.database import Cell, SQLiteColumn, SQLiteTable

SCRIPT = """
CREATE TABLE singer (ID INTEGER PRIMARY KEY, Name TEXT, Age INT, Rate REAL, Paid BOOLEAN);
CREATE TABLE concert (
  id INTEGER PRIMARY KEY, singer_id INT, "Song Name" VARCHAR(20) NOT NULL, date DATE, mixed, gone_id INT,
  FOREIGN KEY (singer_id) REFERENCES singer (ID), FOREIGN KEY (gone_id) REFERENCES gone (id));
INSERT INTO singer VALUES (1, 'Ann', 30, 1.5, 1), (2, 'Bob', NULL, 2.25, 0), (3, 'cara', 22, NULL, 1),
  (4, NULL, 30, 0.1, NULL);
INSERT INTO concert VALUES (1, 1, 'One', '2014-05-06', 1, NULL), (2, 1, 'Two', '2015-01-01', 'x', NULL),
  (3, 2, 'three', NULL, NULL, 9);
"""


def make(path: Path, script: str = SCRIPT) -> None:
    """A database file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()


def _column(name: str, type_: str, not_null: bool = False) -> SQLiteColumn:
    return SQLiteColumn(name=name, type=type_, not_null=not_null)


TABLES = (
    SQLiteTable(
        name="singer",
        columns=(
            _column("ID", "INTEGER"),
            _column("Name", "TEXT"),
            _column("Age", "INT"),
            _column("Rate", "REAL"),
            _column("Paid", "BOOLEAN"),
        ),
        primary_key=("ID",),
    ),
    SQLiteTable(
        name="concert",
        columns=(
            _column("id", "INTEGER"),
            _column("singer_id", "INT"),
            _column("Song Name", "VARCHAR(20)", not_null=True),
            _column("date", "DATE"),
            _column("mixed", ""),
            _column("gone_id", "INT"),
        ),
        primary_key=("id",),
        foreign_keys=((("singer_id",), "singer", ("ID",)), (("gone_id",), "gone", ("id",))),
    ),
)


def rows() -> dict[str, list[tuple[Cell, ...]]]:
    """What `SCRIPT` puts into them."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCRIPT)
    return {
        table.name: connection.execute(f"SELECT * FROM {table.name}").fetchall() for table in TABLES
    }
