"""Files that DuckDB reads itself must give what the careful way gives, value by value."""

import csv
import pickle
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oracle_sft.engine import rows as rows_module
from oracle_sft.engine.database import DatabaseSpec, load_rows, open_database
from oracle_sft.engine.result import LoadError, Row
from oracle_sft.engine.row_files import RowFile
from oracle_sft.sqltext.ddl import read_ddl
from tests.examples import examples

DDL = """
CREATE TABLE item (
  id NUMBER(6), price NUMBER(5,2), any_ NUMBER, whole INTEGER, name VARCHAR2(4), code CHAR(3 CHAR),
  made DATE, seen TIMESTAMP(3), ratio BINARY_DOUBLE, left_out XMLTYPE
);
"""
SCHEMA = read_ddl(DDL, schema_id="items")
NAMES = [column.name.lower() for column in SCHEMA.tables[0].columns]


@pytest.fixture
def all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "_LARGE_BYTES", 0)


def loaded(path: Path) -> list[Row] | str:
    try:
        database = open_database(DatabaseSpec(schema=SCHEMA, rows=load_rows(path, SCHEMA)))
    except LoadError as error:
        return str(error).split(": ", 1)[1]
    columns = ", ".join(NAMES[:-1])
    found = list(database.query(f"SELECT {columns} FROM item ORDER BY id").rows)
    database.close()
    return found


def csv_of(folder: Path, lines: list[str], header: str = ",".join(NAMES)) -> Path:
    file = folder / "ITEM.csv"
    file.write_text("\n".join([header, *lines]) + "\n")
    return file


_NUMBERS = """0 1 -1 12.5 999.99 999.995 0.005 -0.00 1e2 x 1,5 +3 .5 5. 1000 00012 1E-3 NaN 1.100
    123456789012345678901.5 --1""".split()
_TEXTS = ["a", "abcd", "abcde", "äö", "äöü", " ", "'", '"', "a,b", "\\N"]
_TEXTS += ["x\ny", "x\r\ny", "x\x0cy", "x\x1c", "\x85", "\u2028"]
_DATES = """2024-02-29|2024-02-30|2024-02-29 10:00:00|2024-02-29T10:00:00|0000-01-01|29.02.2024|
    2024-02-29 24:00:00|2024-02-29 10:00:00.5|2024-02-29 10:00:00.1234|0001-01-01|2024-2-9|
    9999-12-31 23:59:59|10000-01-01|2024-02-29 10:00""".replace("\n    ", "").split("|")
_VALUES = {"name": _TEXTS, "code": _TEXTS, "made": _DATES, "seen": _DATES}


@settings(examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=st.sampled_from(NAMES[1:-1]).flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.lists(
                st.sampled_from(["", " 7 ", *_VALUES.get(name, _NUMBERS)]), min_size=1, max_size=4
            ),
        )
    ),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_a_large_file_loads_as_a_small_one(
    asked: tuple[str, list[str]],
    quoting: Literal[0, 1],
    end: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, values = asked
    file = tmp_path / "ITEM.csv"
    with file.open("w", newline="") as opened:
        writer = csv.writer(opened, quoting=quoting, lineterminator=end)
        writer.writerows([["id", name], *enumerate(values)])
    small = loaded(file)
    with monkeypatch.context() as patch:
        patch.setattr(rows_module, "_LARGE_BYTES", 0)
        assert isinstance(load_rows(file, SCHEMA)["ITEM"], RowFile)
        assert str(loaded(file)) == str(small)  # NaN is no equal of itself


@pytest.mark.usefixtures("all_are_large")
def test_rows_of_a_large_file_are_rows(tmp_path: Path) -> None:
    file = csv_of(tmp_path, ['1,"a,b"', "2,"], "ID,name")
    rows = load_rows(file, SCHEMA)["ITEM"]
    for read in (rows, pickle.loads(pickle.dumps(rows))):
        assert [dict(row) for row in read] == [
            {"ID": "1", "name": "a,b"},
            {"ID": "2", "name": None},
        ]
        assert (len(read), read[-1]["ID"]) == (2, "2")


@pytest.mark.usefixtures("all_are_large")
@pytest.mark.parametrize(
    ("header", "lines", "said"),
    [
        ("id,nothing", ["1,2"], "unknown column 'nothing'"),
        ("id,ID", ["1,2"], "column 'id' twice"),
        ("id,", ["1,2"], "expected the names of the columns"),
        ("id,name", ["1,2", "1,2,3"], "ITEM.csv, line 3: 3 values where line 1 has 2 names"),
        ("id,name", ["1"], "ITEM.csv, line 2: 1 values where line 1 has 2 names"),
        ("id,name", ['1,"a'], "ITEM.csv, line 2: unexpected end of data"),
    ],
)
def test_a_malformed_large_file_is_refused(
    tmp_path: Path, header: str, lines: list[str], said: str
) -> None:
    file = csv_of(tmp_path, lines, header)
    with pytest.raises(LoadError, match=said):
        open_database(DatabaseSpec(schema=SCHEMA, rows=load_rows(file, SCHEMA)))


def parquet_of(folder: Path, select: str) -> Path:
    file = folder / "item.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select}) TO '{file}' (FORMAT parquet)")
    return file


def test_parquet_keeps_its_values(tmp_path: Path) -> None:
    file = parquet_of(
        tmp_path,
        "SELECT 1 AS ID, CAST(1.50 AS DECIMAL(9,3)) AS price, CAST(0.1 AS DOUBLE) AS any_, "
        "CAST(7 AS UTINYINT) AS whole, 'ab' AS name, 'x' AS code, DATE '2024-02-29' AS made, "
        "TIMESTAMP '2024-02-29 10:00:00.25' AS seen, CAST('nan' AS FLOAT) AS ratio "
        "UNION ALL SELECT 2, NULL, NULL, NULL, '', NULL, NULL, NULL, NULL",
    )
    first, second = loaded(file)
    assert isinstance(first, tuple)
    assert first[:8] == (
        Decimal(1), Decimal("1.5"), Decimal("0.1"), Decimal(7), "ab", "x  ",
        datetime(2024, 2, 29), datetime(2024, 2, 29, 10, 0, 0, 250000),
    )  # fmt: skip
    assert str(first[8]) == "nan"
    assert second == (Decimal(2), *[None] * 8)
    assert [row["made"] for row in load_rows(file, SCHEMA)["ITEM"]] == [
        str(date(2024, 2, 29)), None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("select", "said"),
    [
        ("SELECT [1, 2] AS name", r"column 'name' is of type INTEGER\[\]"),
        ("SELECT 5 AS name", "column NAME has numbers where text is expected"),
        ("SELECT DATE '2024-02-29' AS name", "column NAME has dates where text is expected"),
        ("SELECT now()::TIMESTAMP AS name", "column NAME has dates where text is expected"),
        ("SELECT 'ab'::BLOB AS name", "column NAME has bytes where text is expected"),
        ("SELECT true AS id", "column 'id' is of type BOOLEAN"),
        ("SELECT 1 AS nothing", "unknown column 'nothing'"),
        ("SELECT 12345678 AS id", "row 1, column ID: '12345678': ORA-01438"),
    ],
)
def test_parquet_that_does_not_fit_is_refused(tmp_path: Path, select: str, said: str) -> None:
    with pytest.raises(LoadError, match=said):
        open_database(
            DatabaseSpec(schema=SCHEMA, rows=load_rows(parquet_of(tmp_path, select), SCHEMA))
        )
    (tmp_path / "item.parquet").write_text("no parquet")
    with pytest.raises(
        LoadError, match=r"item\.parquet: No magic bytes|item\.parquet: File .* too small"
    ):
        load_rows(tmp_path / "item.parquet", SCHEMA)


def test_a_column_of_parquet_without_a_value_is_null(tmp_path: Path) -> None:
    found = loaded(
        parquet_of(tmp_path, "SELECT 1 AS id, NULL AS name, NULL AS price, NULL AS made")
    )
    assert found == [(Decimal(1), *[None] * 8)]
