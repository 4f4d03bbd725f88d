"""Columns that a check holds to be JSON."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database, OracleError, UnsupportedSQL
from oracle_sft.sqltext.ddl import read_ddl

_DDL = """
CREATE TABLE orders (
  id  NUMBER(3) PRIMARY KEY,
  doc CLOB CONSTRAINT orders_doc CHECK (doc IS JSON),
  plain VARCHAR2(100)
);
"""
_ROWS = {
    "orders": [
        {
            "id": 1,
            "doc": '{"ship":{"city":"Ulm"},"total":12.5,"items":[{"n":1},{"n":2}]}',
            "plain": "{}",
        },
        {"id": 2, "doc": '{"ship":{"city":"Bonn","zip":"53"},"Total":7,"items":[]}', "plain": None},
        {"id": 3, "doc": None, "plain": None},
    ]
}


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    schema = read_ddl(_DDL, schema_id="orders")
    opened = open_database(DatabaseSpec(schema=schema, rows=_ROWS))
    yield opened
    opened.close()


def test_dots_find_scalars_objects_and_arrays(database: Database) -> None:
    found = database.query(
        "SELECT o.doc.ship.city, o.doc.ship, o.doc.items.n, o.doc.total, o.doc.zip FROM orders o "
        "ORDER BY o.id"
    )
    assert found.columns == ("CITY", "SHIP", "N", "TOTAL", "ZIP")
    assert list(found.rows) == [
        ("Ulm", '{"city":"Ulm"}', "[1,2]", "12.5", None),
        ("Bonn", '{"city":"Bonn","zip":"53"}', None, None, None),
        (None, None, None, None, None),
    ]


def test_dots_in_conditions_groups_and_sums(database: Database) -> None:
    found = database.query(
        "SELECT o.doc.ship.city AS c, SUM(o.doc.total) AS s FROM orders o "
        "WHERE o.doc.ship.city IN ('Ulm', 'Bonn') GROUP BY o.doc.ship.city ORDER BY o.doc.ship.city"
    )
    assert list(found.rows) == [("Bonn", None), ("Ulm", Decimal("12.5"))]


def test_json_table_over_the_column(database: Database) -> None:
    found = database.query(
        "SELECT o.id, j.n FROM orders o, JSON_TABLE(o.doc, '$.items[*]' COLUMNS (n NUMBER PATH '$.n')) j "
        "ORDER BY o.id, j.n"
    )
    assert list(found.rows) == [(1, 1), (1, 2)]


@pytest.mark.parametrize("names", ["o.plain.city", "doc.ship.city", "o.nothing.city"])
def test_dots_need_an_alias_and_a_column_of_json(database: Database, names: str) -> None:
    with pytest.raises(OracleError) as raised:
        database.query(f"SELECT {names} FROM orders o")
    assert raised.value.code == "ORA-00904"


def test_a_place_of_an_array_behind_dots_is_refused(database: Database) -> None:
    with pytest.raises(UnsupportedSQL, match="dot notation"):
        database.query("SELECT o.doc.items[0].n FROM orders o")


@pytest.mark.parametrize("names", ['"a*"', 'ship."c*"'])
def test_a_name_that_reads_as_a_path_is_refused(database: Database, names: str) -> None:
    with pytest.raises(UnsupportedSQL, match=r"the name .* in JSON dot notation"):
        database.query(f"SELECT o.doc.{names} FROM orders o")


def test_a_column_of_json_in_another_document_is_refused(database: Database) -> None:
    with pytest.raises(UnsupportedSQL, match="FORMAT JSON"):
        database.query("SELECT JSON_OBJECT('d' VALUE o.doc) AS j FROM orders o")
    found = database.query(
        "SELECT JSON_OBJECT('d' VALUE o.doc.ship FORMAT JSON) AS j FROM orders o WHERE o.id = 1"
    )
    assert list(found.rows) == [('{"d":{"city":"Ulm"}}',)]


def test_columns_may_have_the_names_of_our_own_variables() -> None:
    names = "abcdefghijklmnopqrstuvwxyz"
    columns = ", ".join(f"{name} VARCHAR2(40)" for name in names)
    schema = read_ddl(f"CREATE TABLE letters ({columns});", schema_id="letters")
    row = {**dict.fromkeys(names, "x"), "d": '{"k":[1,2]}', "s": "ann-bo", "n": "3"}
    database = open_database(DatabaseSpec(schema=schema, rows={"letters": [row]}))
    found = database.query(
        "SELECT JSON_VALUE(d, '$.k[1]' RETURNING NUMBER) AS a, INSTR(s, 'n', 1, n - 1) AS b, "
        "INITCAP(s) AS c, SOUNDEX(s) AS f, REGEXP_INSTR(s, 'n|b', 1, n) AS g, LPAD(s, n + 4, v) AS h, "
        "JSON_OBJECT('k' VALUE k, 't' VALUE t) AS j, GREATEST(n / 7, 1) AS m FROM letters"
    )
    assert list(found.rows) == [(2, 3, "Ann-Bo", "A510", 5, "xann-bo", '{"k":"x","t":"x"}', 1)]
    database.close()
