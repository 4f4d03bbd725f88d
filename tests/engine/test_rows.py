"""Rows from files and into tables."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from oracle_sft.engine.database import DatabaseSpec, load_rows, open_database
from oracle_sft.engine.result import LoadError, Row
from oracle_sft.sqltext.ddl import read_ddl

DDL = """
CREATE TABLE item (
  id    NUMBER(4) NOT NULL,
  name  VARCHAR2(5 CHAR),
  code  CHAR(3 CHAR),
  price NUMBER(6,2),
  size_ NUMBER,
  made  DATE,
  seen  TIMESTAMP(3),
  CONSTRAINT item_pk PRIMARY KEY (id),
  CONSTRAINT item_uk UNIQUE (name, code)
);
CREATE TABLE box (id INTEGER);
"""
SCHEMA = read_ddl(DDL, schema_id="items")


def _stored(
    rows: list[dict[str, object]], sql: str = "SELECT * FROM item ORDER BY id"
) -> list[Row]:
    database = open_database(DatabaseSpec(schema=SCHEMA, rows={"item": rows}))
    try:
        return list(database.query(sql).rows)
    finally:
        database.close()


def _refused(rows: list[dict[str, object]]) -> str:
    with pytest.raises(LoadError) as raised:
        open_database(DatabaseSpec(schema=SCHEMA, rows={"item": rows})).close()
    return str(raised.value)


def test_values_take_the_form_of_their_columns() -> None:
    rows: list[dict[str, object]] = [
        {"ID": 1, "Name": "ab", "code": "x", "price": "9.995", "size_": 0.125},
        {"id": "2", "name": "", "price": -0.005, "size_": "1000", "made": "2024-02-29 10:00:00"},
    ]
    assert [row[:5] for row in _stored(rows)] == [
        (Decimal(1), "ab", "x  ", Decimal("10"), Decimal("0.125")),
        (Decimal(2), None, None, Decimal("-0.01"), Decimal("1000")),
    ]


def test_a_number_without_precision_keeps_all_its_digits() -> None:
    rows: list[dict[str, object]] = [
        {"id": 1, "size_": "1234567890.123456789"},
        {"id": 2, "size_": 3},
    ]
    assert [str(row[4]) for row in _stored(rows)] == ["1234567890.123456789", "3"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"id": None}, "row 1, column ID: ORA-01400"),
        ({"name": "a"}, "row 1, column ID: ORA-01400"),
        ({"id": 12345}, "column ID: 12345: ORA-01438"),
        ({"id": "4 "}, ""),
        ({"id": "four"}, "column ID: 'four': not a number"),
        ({"id": True}, "column ID: true: not a number; expected one as -1234.5"),
        ({"id": "NaN"}, "column ID: 'NaN': not a number"),
        ({"id": 1, "name": "abcdef"}, "column NAME: 'abcdef': ORA-12899"),
        ({"id": 1, "name": 5}, "column NAME: 5: a number where text is expected"),
        ({"id": 1, "made": "29.02.2024"}, "column MADE: '29.02.2024': not a date"),
        (
            {"id": 1, "made": "2024-02-29 10:00:00.5"},
            "column MADE: '2024-02-29 10:00:00.5': a DATE has",
        ),
        ({"id": 1, "seen": "2024-02-29 10:00:00.0005"}, "column SEEN"),
        ({"id": 1, "price": 12345}, "column PRICE: 12345: ORA-01438"),
        ({"id": 1, "ID": 2}, "row 1: column ID twice"),
        ({"id": 1, "colour": "red"}, "row 1: unknown column 'colour'; the table has CODE, ID,"),
    ],
)
def test_a_value_that_does_not_fit_is_named(row: dict[str, object], said: str) -> None:
    if not said:
        assert _stored([row])[0][0] == 4
        return
    assert said in _refused([row])


def test_keys_must_be_unique() -> None:
    assert "row 2, column ID: ORA-00001" in _refused([{"id": 1}, {"id": 1.0}])
    twice = [{"id": 1, "name": "a", "code": "b"}, {"id": 2, "name": "a", "code": "b"}]
    assert "row 2, column NAME, CODE: ORA-00001" in _refused(twice)
    _stored([{"id": 1, "code": None}, {"id": 2, "code": None}])


def test_rows_for_a_table_come_once() -> None:
    with pytest.raises(LoadError, match="rows for table BOX twice; the second time as 'BOX'"):
        open_database(DatabaseSpec(schema=SCHEMA, rows={"box": [{"id": 1}], "BOX": [{"id": 2}]}))


def test_rows_for_an_unknown_table() -> None:
    with pytest.raises(LoadError, match="unknown table 'boxes'; the schema has BOX, ITEM"):
        open_database(DatabaseSpec(schema=SCHEMA, rows={"boxes": []}))


def test_one_json_file(tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    file.write_text('{"Item": [{"id": 1, "price": 0.10}]}')
    rows = load_rows(file, SCHEMA)
    assert list(rows) == ["ITEM"]
    assert rows["ITEM"][0]["price"] == "0.10"


def test_a_folder_of_files(tmp_path: Path) -> None:
    (tmp_path / "ITEM.csv").write_text('id,name,price\n1,"a,b",\n2,,3.5\n')
    (tmp_path / "box.jsonl").write_text('{"id": 7}\n\n{"id": 8}\n')
    rows = load_rows(tmp_path, SCHEMA)
    database = open_database(DatabaseSpec(schema=SCHEMA, rows=rows))
    stored = database.query("SELECT name, price FROM item ORDER BY id").rows
    boxes = database.query("SELECT SUM(id) FROM box").rows
    database.close()
    assert stored == [("a,b", None), (None, Decimal("3.5"))]
    assert boxes == [(Decimal(15),)]


def test_a_folder_with_one_file_of_all_tables(tmp_path: Path) -> None:
    (tmp_path / "data.json").write_text('{"item": [{"id": 1}], "BOX": []}')
    (tmp_path / "schema.sql").write_text(DDL)
    rows = load_rows(tmp_path, SCHEMA)
    assert {name: len(found) for name, found in rows.items()} == {"ITEM": 1, "BOX": 0}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("item.json", '[{"id": 1,}]', r"item\.json, line 1, column 1\d: not JSON"),
        ("item.jsonl", '{"id": 1}\n{"id": }\n', r"item\.jsonl, line 2, column 8: not JSON"),
        ("item.json", '{"id": 1}', "unknown table 'id'; the schema has BOX, ITEM"),
        ("item.json", '[{"idd": 1}]', "table ITEM, row 1: unknown column 'idd'"),
        (
            "item.csv",
            "id,name\n1,a,b\n",
            r"item\.csv, line 2: 3 values where line 1 has 2 names",
        ),
        ("crate.json", "[]", "or a list in a file that is named after its table"),
        (
            "crate.csv",
            "id\n1\n",
            "no table 'crate', which the file is named after; the schema has BOX",
        ),
        ("item.csv", 'id,name\n1,a\n2,"b\n3,c\n', r"item\.csv, line 3: unexpected end of data"),
        ("item.csv", 'id,name\n1,"a"b\n', r"item\.csv, line 2: "),
        ("item.csv", "id,colour\n", r"item\.csv, line 1: table ITEM: unknown column 'colour'"),
        (
            "item.csv",
            "id;name\n1;a\n",
            "unknown column 'id;name'; .*; values are separated by commas",
        ),
        ("item.json", "", r"item\.json, line 1, column 1: not JSON: it is empty"),
        ("item.json", '[{"id": 1, "id": 2}]', r"item\.json: 'id' twice in one object"),
        ("item.jsonl", '{"id": 1}\n{"id": 1, "id": 2}\n', r"item\.jsonl, line 2: 'id' twice"),
        ("all.json", '{"item": [], "item": [{"id": 1}]}', r"all\.json: 'item' twice in one object"),
        ("all.json", '{"item": [], "ITEM": [{"id": 1}]}', r"all\.json: table ITEM twice"),
        ("item.csv.gz", "", r"item\.csv\.gz: rows are read from files that end in \.json, "),
        ("item.txt", "id\n1\n", r"item\.txt: rows are read from files that end in \.json, "),
    ],
)
def test_faults_in_a_folder_name_the_place(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(LoadError, match=said):
        load_rows(tmp_path, SCHEMA)


def test_faults_in_one_file_name_the_place(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no rows at"):
        load_rows(tmp_path / "none.json", SCHEMA)
    with pytest.raises(LoadError, match="no rows in"):
        load_rows(tmp_path, SCHEMA)
    file = tmp_path / "rows.txt"
    file.write_text("{}")
    with pytest.raises(
        LoadError, match=r"rows\.txt: rows are read from files that end in \.json, "
    ):
        load_rows(file, SCHEMA)
    file = tmp_path / "rows.json"
    file.write_text(json.dumps([1]))
    with pytest.raises(LoadError, match="expected an object of table name to rows"):
        load_rows(file, SCHEMA)


def test_a_file_of_one_table_may_be_json_too(tmp_path: Path) -> None:
    file = tmp_path / "item.json"
    file.write_text('[{"id": 1}]')
    assert load_rows(file, SCHEMA) == {"ITEM": [{"id": 1}]}


def test_what_only_looks_like_the_end_of_a_line_ends_no_row_of_csv(tmp_path: Path) -> None:
    file = tmp_path / "item.csv"
    file.write_bytes('id,name\r\n1,a\u2028\x0cb\r\n\r\n2,"c\r\nd"\r\n'.encode())
    assert load_rows(file, SCHEMA) == {
        "ITEM": [{"id": "1", "name": "a\u2028\x0cb"}, {"id": "2", "name": "c\r\nd"}]
    }


def test_a_value_of_csv_may_be_long(tmp_path: Path) -> None:
    file = tmp_path / "item.csv"
    file.write_text(f"id,name\n1,{'x' * 200_000}\n")
    assert load_rows(file, SCHEMA)["ITEM"][0]["name"] == "x" * 200_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"name": 1.5}', "column NAME: 1.5: a number where text is expected"),
        ('{"name": 1}', "column NAME: 1: a number where text is expected"),
        (f'{{"id": {"1" * 5000}}}', ".. (5,000 characters): ORA-01438"),
    ],
)
def test_a_number_of_a_file_is_kept_as_it_is_written(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "item.json"
    file.write_text(f"[{text}]")
    with pytest.raises(LoadError) as refused:
        open_database(DatabaseSpec(schema=SCHEMA, rows=load_rows(file, SCHEMA)))
    assert said in str(refused.value)
