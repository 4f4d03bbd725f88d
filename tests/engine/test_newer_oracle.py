"""What 23ai takes and 19c does not."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from oracle_sft.engine.result import Database, OracleError, UnsupportedSQL
from tests.engine.library import library


@pytest.fixture(scope="module")
def newer() -> Iterator[Database]:
    opened = library(oracle_version="23ai")
    yield opened
    opened.close()


CHANGED = [
    ("SELECT 1 + 1", [(Decimal(2),)]),
    ("SELECT 'a' AS x WHERE 1 = 0", []),
    ("SELECT 1 UNION ALL SELECT 2 ORDER BY 1", [(Decimal(1),), (Decimal(2),)]),
    ("SELECT member_id FROM members EXCEPT SELECT member_id FROM loans", [(Decimal(14),)]),
    (
        "SELECT note FROM loans WHERE loan_id < 5 EXCEPT ALL SELECT 'ok' FROM dual ORDER BY 1",
        [("late",), ("ok",), (None,)],
    ),
    (
        "SELECT note FROM loans INTERSECT ALL (SELECT 'ok' FROM dual UNION ALL SELECT 'ok' FROM dual)",
        [("ok",), ("ok",)],
    ),
    (
        "SELECT TO_CHAR(taken, 'MM') AS mm, COUNT(*) AS n FROM loans GROUP BY mm HAVING n > 1 ORDER BY mm",
        [("01", Decimal(2)), ("02", Decimal(2)), ("03", Decimal(2))],
    ),
    (
        "SELECT book_id, SUM(pages) OVER (ORDER BY price GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) "
        "FROM books WHERE price < 40 ORDER BY 1",
        [
            (Decimal(number), Decimal(pages))
            for number, pages in ((100, 210), (101, 543), (103, 543))
        ],
    ),
    (
        "SELECT COUNT(*) OVER (ORDER BY price ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE "
        "TIES) FROM books WHERE price < 40 ORDER BY book_id",
        [(Decimal(1),), (Decimal(2),), (Decimal(2),)],
    ),
    (
        "SELECT SUM(loan_id) OVER w, COUNT(*) OVER w FROM loans WHERE loan_id < 4 "
        "WINDOW w AS (PARTITION BY member_id ORDER BY loan_id) ORDER BY loan_id",
        [(Decimal(1), Decimal(1)), (Decimal(3), Decimal(2)), (Decimal(3), Decimal(1))],
    ),
]


@pytest.mark.parametrize(("sql", "rows"), CHANGED)
def test_newer_grammar_has_an_answer(
    newer: Database, sql: str, rows: list[tuple[object, ...]]
) -> None:
    assert newer.query(sql).rows == rows


@pytest.mark.parametrize("sql", [sql for sql, _ in CHANGED])
def test_older_rules_do_not_take_it(database: Database, sql: str) -> None:
    with pytest.raises((OracleError, UnsupportedSQL)):
        database.query(sql)


def test_a_column_without_from_is_named_by_its_text(newer: Database) -> None:
    assert newer.query("SELECT 1 + 1, 'a' WHERE 1 = 1").columns == ("1+1", "'A'")


def test_there_is_no_column_without_from(newer: Database) -> None:
    with pytest.raises(OracleError, match="ORA-00904"):
        newer.query("SELECT dummy")


def test_an_alias_that_hides_a_column_is_refused_as_a_key(newer: Database) -> None:
    with pytest.raises(UnsupportedSQL, match="hides a column"):
        newer.query("SELECT UPPER(note) AS note, COUNT(*) FROM loans GROUP BY note")


@pytest.mark.parametrize(
    ("sql", "older"),
    [
        ("SELECT TRUE FROM dual", 'ORA-00904: "TRUE"'),
        ("SELECT FALSE AS no FROM dual", 'ORA-00904: "FALSE"'),
        ("SELECT NVL(false, 1) FROM dual", 'ORA-00904: "FALSE"'),
        ("SELECT 1 = 1 FROM dual", "ORA-00923"),
        ("SELECT TRUE AND FALSE FROM dual", "ORA-00923"),
        ("SELECT 1 FROM dual WHERE TRUE", "ORA-00920"),
        ("SELECT 1 FROM dual WHERE NOT FALSE OR 1 = 2", "ORA-00920"),
        ("SELECT CAST('yes' AS BOOLEAN) FROM dual", "ORA-00902"),
    ],
)
def test_boolean_is_refused_by_name_where_it_is_a_type(
    database: Database, newer: Database, sql: str, older: str
) -> None:
    with pytest.raises(OracleError, match=older):
        database.query(sql)
    with pytest.raises(UnsupportedSQL, match="BOOLEAN"):
        newer.query(sql)


@pytest.mark.slow
def test_a_list_has_at_most_1000_values_in_19c(database: Database, newer: Database) -> None:
    longest = ", ".join(map(str, range(1000)))
    assert len(database.query(f"SELECT 1 FROM dual WHERE 1 IN ({longest})").rows) == 1
    with pytest.raises(OracleError, match=r"ORA-01795: maximum .* in a list is 1000"):
        database.query(f"SELECT 1 FROM dual WHERE 1 IN ({longest}, 1000)")
    assert len(newer.query(f"SELECT 1 FROM dual WHERE 1 IN ({longest}, 1000)").rows) == 1
    rows = ", ".join(f"({number}, 1)" for number in range(1001))
    assert len(database.query(f"SELECT 1 FROM dual WHERE (1, 1) IN ({rows})").rows) == 1


def test_a_literal_that_not_each_server_takes_is_refused(database: Database) -> None:
    assert database.query(f"SELECT LENGTH('{'x' * 4000}') FROM dual").rows == [(Decimal(4000),)]
    for text in ("x" * 4001, "\u00e4" * 2001):
        for prefix in ("", "N"):
            with pytest.raises(UnsupportedSQL, match="a text literal of more than 4000 bytes"):
                database.query(f"SELECT {prefix}'{text}' FROM dual")
