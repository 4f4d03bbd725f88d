"""Which tables come first: one rule a test, on a small shop."""

import subprocess
import sys

import pytest

from oracle_sft.pairs.ranking import TableRanker
from oracle_sft.sqltext.ddl import read_ddl

DDL = """
CREATE TABLE countries (country_id NUMBER PRIMARY KEY, iso_code CHAR(2));
CREATE TABLE customers (customer_id NUMBER PRIMARY KEY, country_id NUMBER REFERENCES countries, vip CHAR(1));
CREATE TABLE orders (order_id NUMBER PRIMARY KEY, customer_id NUMBER REFERENCES customers, placed_on DATE);
CREATE TABLE order_items (order_id NUMBER REFERENCES orders, article_id NUMBER, qty NUMBER);
CREATE TABLE articles (article_id NUMBER PRIMARY KEY, unit_price NUMBER);
CREATE TABLE hr_empl (emp_id NUMBER PRIMARY KEY, hiredate DATE, dept_id NUMBER);
CREATE TABLE t_0815 (id NUMBER PRIMARY KEY, remark VARCHAR2(20));
CREATE TABLE audit_log (id NUMBER PRIMARY KEY, happened_at DATE);
COMMENT ON TABLE t_0815 IS 'Complaints of shoppers';
"""
SCHEMA = read_ddl(DDL, schema_id="shop")
RANKER = TableRanker(SCHEMA)


def ranked(question: str, evidence: str = "") -> list[str]:
    return [SCHEMA.tables[place].name for place in RANKER.rank(question, evidence)]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How many customers are there?", "CUSTOMERS"),
        ("every order item, please", "ORDER_ITEMS"),
        ("rows of T_0815", "T_0815"),
        ("what shoppers complain about: all complaints", "T_0815"),
        ("the unit price, please", "ARTICLES"),
        ("total quantity", "ORDER_ITEMS"),
        ("employees by department", "HR_EMPL"),
        ("hire date of the newest one", "HR_EMPL"),
        ("Where is the ISO code kept", "COUNTRIES"),
    ],
)
def test_what_is_said_comes_first(question: str, first: str) -> None:
    assert ranked(question)[0] == first


def test_evidence_counts_as_the_question_does() -> None:
    assert ranked("who matters most?", "matters = vip is Y")[0] == "CUSTOMERS"


def test_the_longer_of_two_names_comes_first() -> None:
    assert ranked("order items")[:2] == ["ORDER_ITEMS", "ORDERS"]


def test_tables_between_two_that_are_said_come_next() -> None:
    assert set(ranked("articles of each of the countries")[:5]) >= {"ARTICLES", "COUNTRIES"}
    assert set(ranked("order items by countries")[:4]) == {
        "ORDER_ITEMS",
        "ORDERS",
        "CUSTOMERS",
        "COUNTRIES",
    }


def test_neighbours_come_before_what_nobody_spoke_of() -> None:
    order = ranked("the customers")
    assert set(order[1:3]) == {"ORDERS", "COUNTRIES"}


def test_a_word_that_asks_names_no_table() -> None:
    schema = read_ddl(
        "CREATE TABLE lists (id NUMBER); CREATE TABLE guests (age NUMBER);", schema_id="s"
    )
    assert TableRanker(schema).rank("list all by age")[0] == 1


def test_tables_that_explain_the_same_words_do_not_bring_what_is_between_them() -> None:
    order = ranked("the order of the items: order_id, article_id and quantity of order items")
    assert order[0] == "ORDER_ITEMS"
    assert "COUNTRIES" not in order[:4]


def test_every_table_has_a_place() -> None:
    for question in ("", "???", "customers customers", "x" * 5000, "\ud800 shop"):
        assert sorted(RANKER.rank(question)) == list(range(len(SCHEMA.tables)))


def test_what_nobody_spoke_of_is_in_no_fixed_order() -> None:
    assert len({tuple(RANKER.rank("?" * number)) for number in range(20)}) > 10


def test_the_order_is_the_same_in_another_process() -> None:
    questions = [
        "",
        "quantity by department and vip",
        "orders shipped to the countries of customers",
    ]
    code = (
        "from tests.pairs.test_ranking import RANKER\n"
        f"print([RANKER.rank(question) for question in {questions!r}])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert said == {f"{[RANKER.rank(question) for question in questions]}\n"}
