"""Mutants: one slip each, on Oracle's own text."""

import pytest

from oracle_sft.engine.suite.mutants import KINDS, mutants
from oracle_sft.sqltext.ddl import read_ddl

SCHEMA = read_ddl(
    "CREATE TABLE d (id NUMBER(3) PRIMARY KEY, city VARCHAR2(9), opened DATE NOT NULL);"
    "CREATE TABLE e (id NUMBER(4) PRIMARY KEY, d_id NUMBER(3) REFERENCES d (id), boss NUMBER(4),"
    " name VARCHAR2(9), pay NUMBER(6,2), hired DATE);",
    schema_id="staff",
)


def made(sql: str, kind: str) -> set[str]:
    return {mutant.sql for mutant in mutants(sql, SCHEMA) if mutant.kind == kind}


@pytest.mark.parametrize(
    ("kind", "sql", "wanted"),
    [
        ("comparison", "SELECT name FROM e WHERE pay < 5", "SELECT name FROM e WHERE pay <= 5"),
        ("comparison", "SELECT name FROM e WHERE pay IN (1)", "SELECT name FROM e WHERE pay NOT IN (1)"),
        ("connective", "SELECT name FROM e WHERE pay = 1 AND boss = 2",
         "SELECT name FROM e WHERE pay = 1 OR boss = 2"),
        ("join", "SELECT name FROM e JOIN d ON e.d_id = d.id", "SELECT name FROM e LEFT JOIN d ON e.d_id = d.id"),
        ("join", "SELECT name FROM e LEFT OUTER JOIN d ON e.d_id = d.id",
         "SELECT name FROM e RIGHT JOIN d ON e.d_id = d.id"),
        ("join", "SELECT name FROM e, d WHERE e.d_id = d.id(+)", "SELECT name FROM e, d WHERE e.d_id(+) = d.id"),
        ("join", "SELECT name FROM e, d WHERE e.d_id = d.id(+)", "SELECT name FROM e, d WHERE e.d_id = d.id"),
        ("aggregate", "SELECT SUM(pay) FROM e", "SELECT AVG(pay) FROM e"),
        ("aggregate", "SELECT COUNT(boss) FROM e", "SELECT COUNT(*) FROM e"),
        ("distinct", "SELECT DISTINCT name FROM e", "SELECT   name FROM e"),
        ("distinct", "SELECT name FROM e", "SELECT DISTINCT name FROM e"),
        ("distinct", "SELECT COUNT(boss) FROM e", "SELECT COUNT(DISTINCT boss) FROM e"),
        ("bound", "SELECT name FROM e WHERE pay < 5", "SELECT name FROM e WHERE pay < 6"),
        ("bound", "SELECT name FROM e FETCH FIRST 3 ROWS ONLY", "SELECT name FROM e FETCH FIRST 2 ROWS ONLY"),
        ("bound", "SELECT name FROM e WHERE hired > DATE '2024-01-31'",
         "SELECT name FROM e WHERE hired > (DATE '2024-01-31' + 1)"),
        ("condition", "SELECT name FROM e WHERE pay BETWEEN 1 AND 2 AND boss = 2 ORDER BY 1",
         "SELECT name FROM e WHERE   boss = 2 ORDER BY 1"),
        ("condition", "SELECT name FROM e WHERE pay = 1", "SELECT name FROM e  "),
        ("order", "SELECT name FROM e ORDER BY pay DESC, name", "SELECT name FROM e ORDER BY pay ASC, name"),
        ("order", "SELECT name FROM e ORDER BY pay DESC, name", "SELECT name FROM e ORDER BY pay DESC  "),
        ("order", "SELECT name FROM e ORDER BY pay NULLS FIRST", "SELECT name FROM e ORDER BY pay NULLS LAST"),
        ("null", "SELECT NVL(pay, 0) FROM e", "SELECT pay FROM e"),
        ("null", "SELECT name FROM e WHERE pay IS NULL", "SELECT name FROM e WHERE pay IS NOT NULL"),
        ("group", "SELECT boss, COUNT(*) FROM e GROUP BY boss, d_id", "SELECT boss, COUNT(*) FROM e GROUP BY boss  "),
        ("column", "SELECT name FROM e WHERE pay = 1", "SELECT name FROM e WHERE id = 1"),
        ("set operator", "SELECT id FROM e UNION SELECT id FROM d", "SELECT id FROM e UNION ALL SELECT id FROM d"),
        ("set operator", "SELECT id FROM e MINUS SELECT id FROM d", "SELECT id FROM e INTERSECT SELECT id FROM d"),
        ("top", "SELECT name FROM e ORDER BY pay FETCH FIRST 3 ROWS ONLY",
         "SELECT name FROM e ORDER BY pay FETCH FIRST 3 ROWS WITH TIES"),
        ("hierarchy", "SELECT name FROM e CONNECT BY PRIOR id = boss",
         "SELECT name FROM e CONNECT BY id = PRIOR boss"),
        ("date part", "SELECT TRUNC(hired, 'MM') FROM e", "SELECT TRUNC(hired, 'YYYY') FROM e"),
        ("date part", "SELECT EXTRACT(YEAR FROM hired) FROM e", "SELECT EXTRACT(MONTH FROM hired) FROM e"),
    ],
)  # fmt: skip
def test_a_slip_of_each_kind(kind: str, sql: str, wanted: str) -> None:
    assert " ".join(wanted.split()) in {" ".join(text.split()) for text in made(sql, kind)}


def test_every_kind_is_tested() -> None:
    marks = test_a_slip_of_each_kind.pytestmark  # type: ignore[attr-defined]
    assert {entry[0] for entry in marks[0].args[1]} == set(KINDS)


def test_literals_are_left_alone() -> None:
    sql = "SELECT name FROM e WHERE name = 'a AND b < 1 ORDER BY'"
    assert all(
        "'a AND b < 1 ORDER BY'" in mutant.sql or mutant.kind == "condition"
        for mutant in mutants(sql, SCHEMA)
    )


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT DISTINCT id FROM e WHERE id IN (SELECT boss FROM e)",
        "SELECT id, name FROM e",
        "SELECT boss, COUNT(*) FROM e GROUP BY boss",
        "SELECT name FROM d WHERE EXISTS (SELECT 1 FROM e)",
    ],
)  # fmt: skip
def test_no_distinct_is_added_where_rows_differ_anyway(sql: str) -> None:
    added = {
        text
        for text in made(sql, "distinct")
        if text.upper().count("DISTINCT") > sql.count("DISTINCT")
    }
    assert all("EXISTS (SELECT DISTINCT" not in text for text in added)
    assert "SELECT DISTINCT id, name FROM e" not in added
    assert "SELECT DISTINCT boss, COUNT(*) FROM e GROUP BY boss" not in added


def test_no_outer_join_is_tried_where_every_row_matches() -> None:
    schema = read_ddl(
        "CREATE TABLE d (id NUMBER PRIMARY KEY); CREATE TABLE e (d_id NUMBER NOT NULL REFERENCES d (id));",
        schema_id="s",
    )
    found = {mutant.sql for mutant in mutants("SELECT d.id FROM e JOIN d ON e.d_id = d.id", schema)}
    assert not any("LEFT JOIN" in text for text in found)
    assert any("RIGHT JOIN" in text for text in found)
