"""Tables under the owner that the DDL gives them."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database, OracleError
from oracle_sft.sqltext.ddl import read_ddl, write_ddl

DDL = """
CREATE TABLE hr.staff (id NUMBER(3), name VARCHAR2(10));
CREATE TABLE "Shop"."Items" (id NUMBER(3));
CREATE TABLE notes (id NUMBER(3));
"""


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    rows = {"STAFF": [{"ID": 1, "NAME": "Ann"}], "Items": [{"ID": 7}], "NOTES": [{"ID": 9}]}
    opened = open_database(DatabaseSpec(schema=read_ddl(DDL, schema_id="owned"), rows=rows))
    yield opened
    opened.close()


def test_the_ddl_says_who_owns_a_table() -> None:
    schema = read_ddl(DDL, schema_id="owned")
    assert schema.owners == (("STAFF", "HR"), ("Items", "Shop"))
    assert read_ddl(write_ddl(schema), schema_id="owned") == schema


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM hr.staff",
        "SELECT id FROM HR.staff s WHERE s.name = 'Ann'",
        "SELECT hr.staff.id FROM hr.staff",
        "SELECT staff.id FROM hr.staff WHERE hr.staff.name = 'Ann'",
        "SELECT id FROM staff",
        "SELECT hr.staff.id FROM staff",
    ],
)
def test_a_table_is_read_with_its_owner_and_without(database: Database, sql: str) -> None:
    assert database.query(sql).rows == [(Decimal(1),)]


def test_a_star_takes_an_owner(database: Database) -> None:
    assert database.query("SELECT hr.staff.* FROM hr.staff").rows == [(Decimal(1), "Ann")]


def test_quoted_owners_are_exact(database: Database) -> None:
    assert database.query('SELECT id FROM "Shop"."Items"').rows == [(Decimal(7),)]
    with pytest.raises(OracleError, match="ORA-00942"):
        database.query('SELECT id FROM shop."Items"')


@pytest.mark.parametrize("sql", ["SELECT id FROM sales.staff", "SELECT id FROM hr.notes"])
def test_another_owner_has_no_such_table(database: Database, sql: str) -> None:
    with pytest.raises(OracleError, match="ORA-00942"):
        database.query(sql)


def test_an_alias_hides_the_owner(database: Database) -> None:
    with pytest.raises(OracleError, match="ORA-00904"):
        database.query("SELECT hr.staff.id FROM hr.staff s")


def test_a_query_of_with_hides_no_table_that_is_named_with_its_owner(database: Database) -> None:
    sql = "WITH staff AS (SELECT 5 AS id FROM dual) SELECT a.id, b.id FROM staff a, hr.staff b"
    assert database.query(sql).rows == [(Decimal(5), Decimal(1))]
