import pytest

from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.tables_read import tables_read

SCHEMA = read_ddl(
    """
    CREATE TABLE orders (id NUMBER PRIMARY KEY, shop NUMBER);
    CREATE TABLE shops (id NUMBER PRIMARY KEY);
    CREATE TABLE staff (id NUMBER PRIMARY KEY);
    CREATE TABLE "Odd Name" (id NUMBER PRIMARY KEY);
    """,
    schema_id="s",
)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT 1 FROM dual", ()),
        ("SELECT * FROM staff JOIN orders ON 1 = 1", ("ORDERS", "STAFF")),
        ("SELECT * FROM app.orders o, shops WHERE o.shop = shops.id(+)", ("ORDERS", "SHOPS")),
        ("SELECT (SELECT MAX(id) FROM shops) FROM staff", ("SHOPS", "STAFF")),
        ("SELECT 1 FROM dual WHERE EXISTS (SELECT 1 FROM orders)", ("ORDERS",)),
        ("SELECT id FROM orders MINUS SELECT id FROM shops", ("ORDERS", "SHOPS")),
        ('SELECT * FROM "Odd Name"', ("Odd Name",)),
        ('SELECT * FROM "shops"', ()),
        ("SELECT * FROM orders -- , shops\n", ("ORDERS",)),
        ("SELECT 'FROM shops' FROM orders", ("ORDERS",)),
        ("SELECT EXTRACT(YEAR FROM shop) FROM orders", ("ORDERS",)),
        ("WITH staff AS (SELECT * FROM orders) SELECT * FROM staff", ("ORDERS",)),
        ("WITH staff AS (SELECT * FROM staff) SELECT * FROM staff", ("STAFF",)),
        ("WITH a AS (SELECT * FROM shops) SELECT * FROM a, app.staff", ("SHOPS", "STAFF")),
        ("SELECT * FROM nowhere", ()),
        ("SELECT * FROM orders o CROSS APPLY (SELECT * FROM shops s)", ("ORDERS", "SHOPS")),
    ],
)
def test_tables_behind_any_from(sql: str, expected: tuple[str, ...]) -> None:
    assert tables_read(sql, SCHEMA) == expected
