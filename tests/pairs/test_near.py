"""Near duplicates: the first stays, the others name it, and only the true resemblance decides."""

import itertools
import random
from pathlib import Path

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.compose import compose
from oracle_sft.errors import UserError
from oracle_sft.pairs.duplicates import drop_near_duplicates
from oracle_sft.pairs.near import features, num_bands, sketches
from oracle_sft.pairs.pair import Pair
from tests.pairs.gathering import workbench
from tests.pairs.test_build import build, conf, pair

WORDS = (
    "shops customers orders bikes sold bought month region revenue oldest cheapest average".split()
)


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other)


def near(pairs: list[Pair], threshold: float) -> dict[str, str]:
    """Id of each pair that is set aside, and why."""
    kept = [(place, each, each.sql) for place, each in enumerate(pairs)]
    with workbench() as bench:
        # Two shards: what is alike may stand in either.
        for shard, some in enumerate((kept[::2], kept[1::2])):
            bench.write("sketches", shard, sketches(some, threshold))
        bench.execute("CREATE TABLE alive (place BIGINT, id VARCHAR)")
        ids = [each.id for each in pairs]
        bench.insert("alive", pyarrow.table({"place": list(range(len(pairs))), "id": ids}))
        bench.execute("CREATE TABLE set_aside (place BIGINT, stage VARCHAR, reason VARCHAR)")
        drop_near_duplicates(bench, threshold)
        rows = bench.rows("SELECT place, reason FROM set_aside ORDER BY place")
    return {pairs[place].id: reason for place, reason in rows}


def of(name: str, question: str, sql: str = "SELECT A FROM T", schema_id: str = "s") -> Pair:
    return Pair(id=name, question=question, sql=sql, schema_id=schema_id)


def test_the_first_of_a_cluster_stays_and_the_others_name_it() -> None:
    ten = "one two three four five six seven eight nine ten"
    pairs = [of("a", ten), of("far", "what else"), of("b", f"{ten} eleven"), of("c", f"{ten}!")]
    # 9 pairs of words and 4 tokens; b has one pair of words more.
    assert near(pairs, 0.9) == {
        "b": "resembles a (Jaccard 0.929; data.near_duplicates=0.9)",
        "c": "resembles a (Jaccard 1.000; data.near_duplicates=0.9)",
    }
    assert set(near(pairs, 0.95)) == {"c"}
    assert set(near(pairs[::-1], 0.9)) == {"b", "a"}


def test_pairs_of_two_schemas_do_not_resemble_each_other() -> None:
    assert near([of("a", "how many", schema_id="s"), of("b", "how many", schema_id="u")], 0.5) == {}


def test_what_resembles_only_a_pair_that_is_gone_stays() -> None:
    words = [f"w{n}" for n in range(40)]
    chain = [of(str(n), " ".join(words[n : n + 20])) for n in range(6)]
    gone = near(chain, 0.8)
    # 3 resembles 2 by 0.917, and 2 is gone.
    assert {name: reason.split()[1] for name, reason in gone.items()} == {
        "1": "0",
        "2": "0",
        "4": "3",
        "5": "3",
    }


def test_a_token_that_stands_twice_counts_twice() -> None:
    once, twice = features("q", "SELECT A FROM T"), features("q", "SELECT A , A FROM T")
    assert jaccard(once, twice) == len(once) / (len(once) + 2)


def drawn(count: int) -> list[Pair]:
    """Pairs of which many resemble each other."""
    dice = random.Random(5)
    pairs = []
    for n in range(count):
        words = dice.choices(WORDS, k=12)
        if pairs and dice.random() < 0.6:
            words = dice.choice(pairs).question.split()
            words[dice.randrange(len(words))] = dice.choice(WORDS)
        pairs.append(of(str(n), " ".join(words), f"SELECT {words[0]} FROM {words[1]} WHERE A = 1"))
    return pairs


@pytest.mark.slow  # compares each pair with each
@pytest.mark.parametrize("threshold", [0.5, 0.7, 0.9])
def test_the_same_as_comparing_each_with_each(threshold: float) -> None:
    pairs = drawn(400)
    kept: list[Pair] = []
    expected = {}
    for each in pairs:
        own = features(each.question, each.sql)
        alike = [(jaccard(own, features(k.question, k.sql)), -n) for n, k in enumerate(kept)]
        most, place = max(alike, default=(0.0, 0))
        if most >= threshold:
            expected[each.id] = f"resembles {kept[-place].id} (Jaccard {most:.3f}"
        else:
            kept.append(each)
    found = near(pairs, threshold)
    assert len(expected) > 20
    assert {name: reason.partition(";")[0] for name, reason in found.items()} == expected
    assert near(pairs, threshold) == found


@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.75, 0.9, 0.99, 1.0])
def test_a_pair_at_the_threshold_is_missed_once_in_a_thousand_times(threshold: float) -> None:
    bands = num_bands(threshold)
    assert 240 % bands == 0
    assert (1 - threshold ** (240 // bands)) ** bands <= 0.001


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8)), max_size=6))
def test_whatever_the_texts_are_equal_pairs_resemble_each_other(
    said: list[tuple[str, str]],
) -> None:
    pairs = [of(f"{n}-{k}", *texts) for n, texts in enumerate(said) for k in (1, 2)]
    gone = near(pairs, 1.0)
    kept = [each for each in pairs if each.id not in gone]
    sets = [features(each.question, each.sql) for each in kept]
    assert all(one != other for one, other in itertools.combinations(sets, 2))


@pytest.mark.slow  # builds datasets
def test_they_are_a_stage_of_the_build_where_the_config_asks(tmp_path: Path) -> None:
    long = "which of all the customers in our shops bought more than one bike in the month of May"
    pairs = [
        *(pair(n) for n in range(1, 8)),
        pair(8, question=long),
        pair(8, question=f"{long}, '19"),
    ]
    assert "near_duplicate" not in build(conf(tmp_path, pairs)).stats["rejected"]
    dataset = build(conf(tmp_path, pairs, "data.near_duplicates=0.95"))
    assert dataset.stats["rejected"] == {"near_duplicate": 1}
    with pytest.raises(
        UserError, match=r"data\.near_duplicates=0\.1 is no threshold; use 0\.5 to 1"
    ):
        compose([*"data=jsonl data.near_duplicates=0.1 data.path=x".split()])
