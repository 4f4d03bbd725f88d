"""SQLite's schemas in Oracle's terms."""

import sqlite3
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.engine.duckdb_database import DuckDBDatabase
from oracle_sft.errors import UserError
from oracle_sft.pairs.sqlite.database import (
    Cell,
    SQLiteColumn,
    SQLiteDatabase,
    SQLiteError,
    SQLiteTable,
)
from oracle_sft.pairs.sqlite.schema import Converted, convert
from oracle_sft.sqltext.ddl import read_ddl, write_ddl
from tests.examples import examples

TYPES = {
    "whole numbers": ("INTEGER", [1, -2, None], "NUMBER(10)"),
    "long whole numbers": ("INTEGER", [2**62], "NUMBER(19)"),
    "truth values": ("BOOLEAN", [0, 1], "NUMBER(1)"),
    "numbers": ("REAL", [1.5, 0.1], "NUMBER"),
    "numbers of very different size": ("REAL", [1e30, 1e-30], "BINARY_DOUBLE"),
    "texts": ("TEXT", ["a", "b" * 40], "VARCHAR2(50)"),
    "texts of a declared length": ("VARCHAR(30)", ["a"], "VARCHAR2(30)"),
    "texts longer than declared": ("VARCHAR(3)", ["abcd" * 5], "VARCHAR2(50)"),
    "letters of two bytes": ("VARCHAR(10)", ["\u00e4" * 10], "VARCHAR2(50)"),
    "long texts": ("TEXT", ["x" * 5000], "CLOB"),
    "days": ("DATE", ["2014-05-06", None, ""], "DATE"),
    "seconds": ("DATETIME", ["2014-05-06 07:08:09"], "DATE"),
    "a day that there was not": ("DATE", ["2014-02-30"], "VARCHAR2(10)"),
    "days and seconds": ("DATE", ["2014-05-06", "2014-05-06 07:08:09"], "VARCHAR2(50)"),
    "days in a text column": ("TEXT", ["2014-05-06"], "VARCHAR2(10)"),
    "texts in a number column": ("INT", ["x", 5], "VARCHAR2(10)"),
    "bytes": ("BLOB", [b"x"], "BLOB"),
    "nothing": ("INTEGER", [], "NUMBER(10)"),
}


def table(name: str, *columns: SQLiteColumn, key: tuple[str, ...] = ()) -> SQLiteTable:
    return SQLiteTable(name=name, columns=columns, primary_key=key)


def column(name: str, type_: str = "INTEGER") -> SQLiteColumn:
    return SQLiteColumn(name=name, type=type_)


def one_column(type_: str, values: list[Cell]) -> Converted:
    return convert("x", [table("t", column("a", type_))], {"t": [(value,) for value in values]}, {})


@pytest.mark.parametrize("case", TYPES)
def test_types_follow_the_rows(case: str) -> None:
    type_, values, wanted = TYPES[case]
    made = one_column(type_, values)
    assert made.schema.tables[0].columns[0].type == wanted
    if made.rows is not None:
        DuckDBDatabase(made.schema, made.rows).close()


def test_a_key_that_rows_break_is_left_out_and_said() -> None:
    keyed = table("t", column("a"), key=("a",))
    assert convert("x", [keyed], {"t": [(1,), (2,)]}, {}).schema.tables[0].primary_key == ("A",)
    for rows, said in (([(1,), (None,)], "as rows have none"), ([(1,), (1,)], "as rows share it")):
        made = convert("x", [keyed], {"t": rows}, {})
        assert made.schema.tables[0].primary_key == ()
        assert made.notes == (f"t: the primary key is left out, {said}",)


@pytest.mark.parametrize("name", ["", 'a"b', "x" * 129])
def test_a_name_that_oracle_cannot_have_is_refused(name: str) -> None:
    with pytest.raises(UserError, match="the name"):
        convert("x", [table("t", column(name))], None, {})


NAMES = st.text(st.characters(codec="utf-8", exclude_characters='"\0'), min_size=1, max_size=8)


@given(st.lists(NAMES, min_size=1, max_size=4, unique_by=lambda name: name.upper()), NAMES)
@examples(100)
def test_whatever_the_names_the_ddl_says_the_same(names: list[str], comment: str) -> None:
    made = convert(
        "x",
        [table(names[0], *map(column, names))],
        None,
        {(names[0].lower(), names[0].lower()): comment},
    )
    assert read_ddl(write_ddl(made.schema), schema_id="x") == made.schema


@given(st.binary(max_size=300))
@examples(50)
def test_bytes_that_are_no_database_are_refused(
    tmp_path_factory: pytest.TempPathFactory, said: bytes
) -> None:
    path: Path = tmp_path_factory.mktemp("bytes") / "x.sqlite"
    path.write_bytes(b"SQLite format 3\0" + said)
    with suppress(UserError):  # nothing else
        SQLiteDatabase(path, max_rows=5).close()


def test_the_file_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript("CREATE TABLE t (a INT); INSERT INTO t VALUES (1), (2);")
    connection.close()
    before = path.read_bytes()
    database = SQLiteDatabase(path, max_rows=1)
    for sql in ("DELETE FROM main.t", "ATTACH 'y.db' AS y", "PRAGMA writable_schema = 1"):
        with pytest.raises(SQLiteError, match=r"not authorized|readonly"):
            database.query(sql, timeout_seconds=1, max_rows=5)
    assert database.query("SELECT a FROM t", timeout_seconds=1, max_rows=5) == (("a",), [(1,)])
    database.close()
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["x.sqlite"]
