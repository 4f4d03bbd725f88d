"""A small run of the campaign in benchmarks/fuzz.py, with the checks of its second opinion."""

import os
import random
import time
from itertools import islice

import pytest

from oracle_sft.sqltext.guardrail import GuardrailPolicy, SQLGuardrail
from tests.examples import share
from tests.sqltext.mutations import bared, mutants, seeds, unsafe_piece

LENIENT = SQLGuardrail(GuardrailPolicy(level="lenient"))


def test_mutated_cases_give_no_exception_and_no_unsafe_pass() -> None:
    everything = seeds()
    allowed = [sql for sql in everything if SQLGuardrail().check(sql).allowed]
    assert len(allowed) > 50
    seed = 0 if os.environ.get("CI") else time.time_ns()
    for mutant in islice(mutants(allowed, everything, random.Random(seed)), share(4_000)):
        verdict = LENIENT.check(mutant.text)
        assert verdict.allowed == (verdict.sql is not None)
        if verdict.sql is not None:
            assert not mutant.must_block, (seed, mutant)
            assert unsafe_piece(verdict.sql) is None, (seed, mutant)


def test_every_allowed_seed_is_safe_to_the_second_opinion_too() -> None:
    for sql in seeds():
        verdict = LENIENT.check(sql)
        if verdict.sql is not None:
            assert unsafe_piece(verdict.sql) is None, sql


@pytest.mark.parametrize(
    ("sql", "piece"),
    [
        ("SELECT 1 FROM t FOR /**/ UPDATE", "FOR"),
        ("SELECT zz_wipe (1) FROM t", "zz_wipe"),
        ("SELECT utl_http . request('x') FROM t", "utl_http"),
        ("SELECT a FROM t@l", "@"),
        ("DROP TABLE t", "DROP"),
        ("SELECT TRIM(utl_inaddr.name FROM a) FROM t", "utl_inaddr"),
        ("SELECT JSON_TRANSFORM(j, RENAME '$.a' = 'b') INTO x FROM t", "INTO"),
        ("SELECT PREDICTION(INTO x m USING *) FROM t", "INTO"),
    ],
)
def test_the_second_opinion_finds_what_is_unsafe(sql: str, piece: str) -> None:
    found = unsafe_piece(sql)
    assert found is not None
    assert piece in found


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 'FOR UPDATE; @', q'[it's; @]', N'@', \"a@b\" FROM t -- ; @\n/* @ */",
        "SELECT seq'x' FROM t",
    ],
)
def test_the_second_opinion_reads_literals_as_oracle_does(sql: str) -> None:
    assert unsafe_piece(sql) is None
    assert all(0 < gap <= len(sql) for gap in bared(sql).gaps)
