"""The pairs that shipped comparators fail, the traps of literals, and golds compared with themselves."""

from pathlib import Path

import pytest

from benchmarks.comparators import NOTED, PAIRS, Pair, ours
from oracle_sft.engine.compare import COMPARE_VERSION, CompareMode, compare
from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database, QueryError, ResultSet
from oracle_sft.pairs.demo.rows import CLOCK, SCHEMA_ID, demo_rows
from oracle_sft.pairs.demo.source import demo_ddl, demo_suites, hand_written
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.outermost import orders_outermost
from tests.engine.library import read_cases

DOC = Path(__file__).resolve().parent.parent.parent / "docs" / "comparison.md"


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.name for pair in PAIRS])
def test_a_pair_gets_the_label_that_it_ought_to(pair: Pair) -> None:
    assert ours(pair) == pair.want


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.name for pair in PAIRS])
def test_each_mode_asks_for_more_than_the_one_before(pair: Pair) -> None:
    gold, predicted = pair.results()
    equal = [
        compare(gold, predicted, ordered=pair.ordered, mode=mode).equal for mode in CompareMode
    ]
    assert equal == sorted(equal, reverse=True)


def test_there_are_the_noted_pairs() -> None:
    assert len(NOTED) == 19


def test_the_doc_shows_what_the_code_answers() -> None:
    lines = DOC.read_text(encoding="utf-8").splitlines()
    shown = {
        cells[0]: (cells[1], cells[2])
        for line in lines
        if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) > 4
    }
    for pair in PAIRS:
        assert shown[pair.name] == (pair.want, ours(pair))
    assert f"version {COMPARE_VERSION}" in lines[0]
    for mode in CompareMode:
        assert any(line.startswith(f"| `{mode.value}` |") for line in lines)


LITERALS = [
    ("SELECT 'distinct' FROM dual", "SELECT '' FROM dual"),
    ("SELECT 'ROUND(x)' FROM dual", "SELECT 'x' FROM dual"),
    ("SELECT 'a;b' FROM dual", "SELECT 'a' FROM dual"),
    ("SELECT q'[order by]' FROM dual", "SELECT 'ORDER BY' FROM dual"),
    (
        "SELECT ROUND(TO_DATE('2024-05-20', 'YYYY-MM-DD'), 'MM') FROM dual",
        "SELECT TO_DATE('2024-05-20', 'YYYY-MM-DD') FROM dual",
    ),
    (
        "SELECT DISTINCT member_id FROM loans WHERE note = 'distinct' OR 1 = 1",
        "SELECT member_id FROM loans",
    ),
]


@pytest.mark.parametrize(("gold", "other"), LITERALS)
def test_words_inside_literals_are_text(database: Database, gold: str, other: str) -> None:
    wanted = database.query(gold, with_sort_keys=True)
    ordered = orders_outermost(gold)
    assert compare(wanted, database.query(gold), ordered=ordered).equal
    assert not compare(wanted, database.query(other), ordered=ordered).equal


def test_order_by_in_a_literal_orders_nothing(database: Database) -> None:
    gold = "SELECT name, 'order by' FROM members"
    assert not orders_outermost(gold)
    other = database.query(f"{gold} ORDER BY name DESC")
    wanted = database.query(gold, with_sort_keys=True)
    assert wanted.sort_keys is None
    assert compare(wanted, other, ordered=orders_outermost(gold)).equal


def test_a_sample_of_the_hand_written_golds_equals_itself() -> None:
    schema = read_ddl(demo_ddl(), schema_id=SCHEMA_ID)
    opened = open_database(DatabaseSpec(schema=schema, rows=demo_rows(), clock=CLOCK))
    try:
        golds = sorted({pair.sql for pair in hand_written()})
        unequal = [sql for sql in golds[::9] if not _equals_itself(opened, sql)]
    finally:
        opened.close()
    assert unequal == []


@pytest.mark.slow
def test_every_gold_of_the_demo_equals_itself() -> None:
    schema = read_ddl(demo_ddl(), schema_id=SCHEMA_ID)
    opened = open_database(DatabaseSpec(schema=schema, rows=demo_rows(), clock=CLOCK))
    try:
        golds = sorted({pair.sql for pair in demo_suites()})
        assert [sql for sql in golds if not _equals_itself(opened, sql)] == []
    finally:
        opened.close()


@pytest.mark.slow
def test_every_case_of_the_engine_equals_itself(database: Database) -> None:
    """With sort keys as without them: asking for them changes no answer."""
    unequal = []
    for case in read_cases():
        if case.error or case.unsupported:
            continue
        sql = case.sql.strip().rstrip(";")
        try:
            plain = database.query(sql)
        except QueryError:
            continue  # a case of another version
        gold = database.query(sql, with_sort_keys=True)
        if not _is_strictly_equal(gold, plain, sql):
            unequal.append(case.name)
    assert unequal == []


def _equals_itself(database: Database, sql: str) -> bool:
    gold = database.query(sql, with_sort_keys=True)
    return _is_strictly_equal(gold, database.query(sql), sql)


def _is_strictly_equal(gold: ResultSet, again: ResultSet, sql: str) -> bool:
    # A mode asks for all that the ones before it ask.
    return compare(gold, again, ordered=orders_outermost(sql), mode=CompareMode.STRICT).equal
