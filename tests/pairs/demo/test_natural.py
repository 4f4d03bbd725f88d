"""The hand-written pairs: their suites, their tags, and that every query runs and finds something."""

import re
from collections import Counter, defaultdict
from functools import cache

import pytest

from oracle_sft.engine.result import Database
from oracle_sft.pairs.demo.rows import SCHEMA_ID
from oracle_sft.pairs.demo.source import hand_written
from oracle_sft.pairs.demo.templates import HELD_OUT
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.provenance import ProvenanceTracker
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.guardrail import GuardrailPolicy, SQLGuardrail
from oracle_sft.sqltext.parse import parse
from oracle_sft.sqltext.schema import Schema

CONSTRUCTS = {
    "add_months": r"\bADD_MONTHS\(",
    "analytic": r"\bOVER \(",
    "case": r"\bCASE ",
    "concat": r"\|\|",
    "connect_by": r"\bCONNECT BY\b",
    "decode": r"\bDECODE\(",
    "extract": r"\bEXTRACT\(",
    "fetch_first": r"\bFETCH FIRST\b",
    "group_by": r"\bGROUP BY\b",
    "having": r"\bHAVING\b",
    "join": r" JOIN ",
    "keep": r" KEEP \(",
    "listagg": r"\bLISTAGG\(",
    "months_between": r"\bMONTHS_BETWEEN\(",
    "nvl": r"\bNVL\(",
    "nvl2": r"\bNVL2\(",
    "outer_join_plus": r"\(\+\)",
    "ratio_to_report": r"\bRATIO_TO_REPORT\(",
    "rownum": r"\bROWNUM\b",
    "set_operator": r"\b(UNION|MINUS|INTERSECT)\b",
    "subquery": r"\(SELECT\b",
    "sysdate": r"\bSYSDATE\b",
    "to_char": r"\bTO_CHAR\(",
    "to_date": r"\bTO_DATE\(",
    "trunc_month": r"\bTRUNC\([\w.]+, 'MM'\)",
}
ORACLE_ONLY = {"add_months", "connect_by", "date_difference", "decode", "keep", "listagg", "minus"}
ORACLE_ONLY |= {"months_between", "nvl", "nvl2", "outer_join_plus", "ratio_to_report", "rownum"}
ORACLE_ONLY |= {"sysdate", "to_char", "to_date", "trunc", "trunc_month"}


@cache
def pairs() -> tuple[Pair, ...]:
    return tuple(hand_written())


def suite(name: str) -> list[Pair]:
    return [pair for pair in pairs() if pair.suite == name]


def test_counts_and_fields() -> None:
    assert Counter(pair.suite for pair in pairs()) == {"natural": 165, "train": 499}
    assert len({pair.id for pair in pairs()}) == len(pairs())
    assert len({pair.question.casefold() for pair in pairs()}) == len(pairs())
    assert {pair.schema_id for pair in pairs()} == {SCHEMA_ID}
    check = ProvenanceTracker().validate
    assert [pair.id for pair in pairs() if check({"provenance": pair.provenance})] == []


def test_shares_of_difficulty_and_of_oracle_constructs() -> None:
    held_back = suite("natural")
    shares = Counter(pair.difficulty for pair in held_back)
    assert set(shares) == {"easy", "medium", "hard"}
    assert 0.4 <= shares["easy"] / len(held_back) <= 0.6
    assert shares["hard"] / len(held_back) >= 0.1
    for name, share in {"natural": 0.4, "train": 0.2}.items():
        oracle = sum(bool(ORACLE_ONLY & set(pair.tags)) for pair in suite(name))
        assert oracle / len(suite(name)) >= share, name


def test_tags_name_the_constructs_of_the_query() -> None:
    for tag, pattern in CONSTRUCTS.items():
        said = {pair.id for pair in pairs() if tag in pair.tags}
        assert said == {pair.id for pair in pairs() if re.search(pattern, pair.sql)}, tag


def test_training_rows_show_no_combination_that_unseen_holds_out() -> None:
    held_out = [frozenset(line[0]) for line in HELD_OUT]
    shown = [pair.id for pair in suite("train") if any(two <= set(pair.tags) for two in held_out)]
    assert shown == []


def test_queries_are_one_parsable_line_and_fit_the_tiny_model() -> None:
    for pair in pairs():
        parse(pair.sql)
        assert pair.sql == " ".join(pair.sql.split()), pair.id
        assert not pair.sql.endswith(";"), pair.id
        assert len(pair.sql) <= 300, pair.id


def test_no_query_twice_and_none_on_two_sides(schema: Schema) -> None:
    asked = defaultdict(list)
    for pair in pairs():
        asked[canonical(pair.sql, schema)].append(pair.id)
    assert [ids for ids in asked.values() if len(ids) > 1] == []


def test_the_standard_guardrail_lets_all_pass(schema: Schema) -> None:
    guard = SQLGuardrail(GuardrailPolicy(level="standard"))
    refused = {
        pair.id: [finding.message for finding in verdict.findings]
        for pair in pairs()
        if not (verdict := guard.check(pair.sql, schema=schema)).allowed
    }
    assert refused == {}


@pytest.mark.slow  # executes all of them
def test_all_run_and_nearly_all_find_something(database: Database) -> None:
    empty = []
    for pair in pairs():
        rows = database.query(pair.sql).rows
        if not any(value is not None for row in rows for value in row):
            empty.append(pair.id)
    assert len(empty) <= 0.05 * len(pairs()), empty


@pytest.mark.slow  # executes all of them
def test_no_cut_lies_between_equal_rows(database: Database) -> None:
    """The first n rows are the only right answer: asking for ties gives no more of them."""
    cuts = [pair for pair in pairs() if {"rownum", "fetch_first"} & set(pair.tags)]
    assert cuts
    for pair in cuts:
        with_ties = re.sub(
            r"^SELECT \* FROM \((.*)\) WHERE ROWNUM <= (\d+)$",
            r"\1 FETCH FIRST \2 ROWS ONLY",
            pair.sql,
        ).replace("ROWS ONLY", "ROWS WITH TIES")
        assert with_ties.endswith("ROWS WITH TIES"), pair.id
        assert len(database.query(with_ties).rows) == len(database.query(pair.sql).rows), pair.id
