"""The generated pairs: counts, suites that share nothing, and queries that Oracle's grammar knows."""

from collections import Counter, defaultdict
from functools import cache

import pytest
import sqlglot

from oracle_sft.pairs.demo.generate import PROVENANCE, Drawn, difficulty, draw
from oracle_sft.pairs.demo.templates import HELD_OUT
from oracle_sft.pairs.pair import Pair
from oracle_sft.sqltext.parse import parse

ORACLE_ONLY = {"rownum", "decode", "nvl", "nvl2", "outer_join_plus", "connect_by", "add_months"}
ORACLE_ONLY |= {"listagg", "to_char", "trunc_month", "keep"}

pytestmark = pytest.mark.slow  # draws the whole demo


@cache
def drawn() -> tuple[Drawn, ...]:
    return tuple(draw())


def suite(name: str) -> list[Drawn]:
    return [one for one in drawn() if one.suite == name]


def test_counts() -> None:
    counts = Counter(one.suite for one in drawn())
    assert set(counts) == {"train", "validation", "seen", "unseen"}
    assert counts["train"] >= 3300
    assert counts["validation"] >= 120
    assert counts["seen"] >= 200
    assert counts["unseen"] >= 200


@pytest.mark.slow  # a second draw
def test_pairs_are_the_same_for_the_same_seed_and_complete(generated: list[Pair]) -> None:
    assert [pair.question for pair in generated] == [one.question for one in drawn()]
    assert len({pair.id for pair in generated}) == len(generated)
    assert all(pair.provenance == PROVENANCE and pair.tags and pair.template for pair in generated)
    assert {pair.difficulty for pair in generated} == {"easy", "medium", "hard"}


def test_no_query_and_no_values_on_two_sides() -> None:
    queries, slots = defaultdict(set), defaultdict(set)
    for one in drawn():
        queries[" ".join(one.draft.sql.lower().split())].add(one.suite)
        slots[one.template, one.draft.values].add(one.suite)
    assert all(len(suites) == 1 for suites in queries.values())
    assert all(len(suites) == 1 for suites in slots.values())


def test_no_question_has_two_answers() -> None:
    assert len({one.question for one in drawn()}) == len(drawn())


def test_seen_asks_known_templates_in_a_new_layout() -> None:
    trained = defaultdict(set)
    for one in suite("train"):
        trained[one.template].add(_layout(one))
    for one in suite("seen") + suite("validation"):
        assert len(trained[one.template]) >= 4
        assert _layout(one) not in trained[one.template], one.question


def _layout(one: Drawn) -> str:
    """The opening of the sentence, which differs between the layouts of a draft."""
    openings = {layout.split("{")[0].lower(): layout for layout in one.draft.layouts}
    return max((o for o in openings if one.question.lower().startswith(o)), key=len)


def test_unseen_joins_features_that_training_shows_apart() -> None:
    trained = [one.draft.features for one in suite("train")]
    together = [frozenset(line[0]) for line in HELD_OUT]
    for pair in together:
        assert pair & ORACLE_ONLY
        assert not any(pair <= features for features in trained)
        for feature in pair:
            others = {features - {feature} for features in trained if feature in features}
            assert len(others) >= 2, feature
    for one in suite("unseen"):
        assert any(pair <= one.draft.features for pair in together)
    assert {
        pair for pair in together if any(pair <= o.draft.features for o in suite("unseen"))
    } == set(together)


def test_queries_are_oracle_and_short() -> None:
    for one in drawn():
        parse(one.draft.sql)
        assert len(sqlglot.tokenize(one.draft.sql, read="oracle")) <= 80
        assert len(one.draft.sql) <= 260


def test_questions_are_sentences() -> None:
    for one in drawn():
        assert one.question[-1] in ".?"
        assert "  " not in one.question
        assert not set("{}") & set(one.question)


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        ({"order_by"}, "easy"),
        ({"nvl"}, "easy"),
        ({"nvl", "rownum"}, "medium"),
        ({"connect_by", "level"}, "medium"),
        ({"outer_join_plus", "group_by", "rownum"}, "hard"),
    ],
)
def test_difficulty_counts_constructs(features: set[str], expected: str) -> None:
    assert difficulty(frozenset(features)) == expected
