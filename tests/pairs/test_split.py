"""The split: no key and no canonical SQL on two sides, and a new pair moves no other."""

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.data import JsonlDataConf, SplitBy
from oracle_sft.errors import UserError
from oracle_sft.pairs.build import summary_line
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.split import draw, split, split_key
from tests.pairs.gathering import workbench
from tests.pairs.test_build import build, conf, pair

ALIVE = """
    CREATE TABLE alive (place BIGINT, suite VARCHAR, query_key BLOB, query_draw DOUBLE, split_key VARCHAR,
        split_draw DOUBLE)
    """


def settings(split_by: SplitBy, share: float = 0.4) -> JsonlDataConf:
    return JsonlDataConf(
        path="", split_by=split_by, eval_fraction=share, validation_fraction=share / 2
    )


def suites(
    pairs: list[Pair], split_by: SplitBy, *, seed: int = 0, counts: Counter[str] | None = None
) -> list[str]:
    counts = Counter() if counts is None else counts
    conf = settings(split_by)
    rows: list[dict[str, Any]] = []
    for place, each in enumerate(pairs):
        key = split_key(each, each.provenance, conf)
        rows.append(
            {
                "place": place,
                "suite": "train",
                "query_key": f"{each.schema_id} {each.sql}".encode(),
                "query_draw": draw(str(seed), each.schema_id, each.sql),
                "split_key": key or None,
                "split_draw": draw(str(seed), split_by.value, key) if key else None,
            }
        )
    with workbench() as bench:
        bench.execute(ALIVE)
        bench.insert("alive", pyarrow.Table.from_pylist(rows))
        counts.update(split(bench, conf))
        return [suite for (suite,) in bench.rows("SELECT suite FROM alive ORDER BY place")]


def of(n: int, sql: str, template: str, session: str, schema: str) -> Pair:
    provenance = {"source_session_id": session}
    return Pair(
        id=str(n), question="q", sql=sql, schema_id=schema, template=template, provenance=provenance
    )


FEW = st.sampled_from(["", "a", "b", "c", "d"])
SOME = st.sampled_from([f"SELECT {n} FROM T" for n in range(12)])
PAIRS = st.lists(st.tuples(SOME, FEW, FEW, st.sampled_from("uvw")), min_size=1, max_size=25).map(
    lambda rows: [of(n, *row) for n, row in enumerate(rows)]
)

VALUE = {
    SplitBy.canonical: lambda each: "",
    SplitBy.template: lambda each: each.template,
    SplitBy.session: lambda each: each.provenance["source_session_id"],
    SplitBy.schema: lambda each: each.schema_id,
}


@given(pairs=PAIRS, split_by=st.sampled_from(list(SplitBy)), seed=st.integers(0, 50))
def test_no_key_and_no_query_stands_on_two_sides(
    pairs: list[Pair], split_by: SplitBy, seed: int
) -> None:
    try:
        found = suites(pairs, split_by, seed=seed)
    except UserError:
        assert split_by is not SplitBy.canonical
        return
    sides = defaultdict(set)
    for each, suite in zip(pairs, found, strict=True):
        sides["sql", each.schema_id, each.sql].add(suite)
        if value := VALUE[split_by](each):
            sides["key", value].add(suite)
    assert all(len(side) == 1 for side in sides.values())
    # Nor does the order in which they stand matter.
    assert suites(pairs[::-1], split_by, seed=seed) == found[::-1]


@given(pairs=PAIRS, split_by=st.sampled_from(list(SplitBy)))
def test_a_pair_of_a_group_of_its_own_moves_no_other(pairs: list[Pair], split_by: SplitBy) -> None:
    try:
        found = suites(pairs, split_by)
    except UserError:
        return
    alone = of(99, "SELECT 99 FROM T", "new", "new", "new")
    assert suites([alone, *pairs], split_by)[1:] == found


def test_a_chain_of_both_keys_is_one_group() -> None:
    one, two, three = (f"SELECT {n} FROM T" for n in range(3))
    for seed in range(40):
        said = [(one, "a"), (two, "a"), (two, "b"), (three, "b"), ("SELECT 9 FROM T", "z")]
        pairs = [of(n, sql, template, "", "u") for n, (sql, template) in enumerate(said)]
        assert len(set(suites(pairs, SplitBy.template, seed=seed)[:4])) == 1


def test_each_side_gets_about_its_part() -> None:
    pairs = [of(n, f"SELECT {n} FROM T", f"t{n // 3}", "", "u") for n in range(3000)]
    counts = Counter(suites(pairs, SplitBy.template))
    assert {name: round(count / 3000, 1) for name, count in counts.items()} == {
        "heldout": 0.4,
        "validation": 0.2,
        "train": 0.4,
    }


def test_a_session_that_was_filled_in_is_none() -> None:
    sessions = ["import", "backfill", "unknown", "", "chat-1", "chat-1"]
    pairs = [of(n, f"SELECT {n} FROM T", "", name, "u") for n, name in enumerate(sessions)]
    counts: Counter[str] = Counter()
    suites(pairs, SplitBy.session, counts=counts)
    assert counts == {"no_split_key": 4, "split_groups": 5, "largest_split_group": 2}


def test_where_all_belong_together_nothing_is_split() -> None:
    pairs = [of(n, f"SELECT {n} FROM T", "", "", "u") for n in range(5)]
    with pytest.raises(UserError, match=r"data\.split_by=schema: all 5 pairs belong together"):
        suites(pairs, SplitBy.schema)


def test_a_dataset_that_is_split_by_template(tmp_path: Path) -> None:
    pairs = [pair(n, template=f"t{n % 4}") if n < 7 else pair(n) for n in range(1, 9)]
    wanted = conf(tmp_path, pairs, "data.split_by=template", "data.eval_fraction=0.5", "seed=3")
    dataset = build(wanted)
    trained = {each.template for each in dataset.train_pairs()} - {""}
    scored = {each.template for suite in dataset.suites().values() for each in suite} - {""}
    assert trained
    assert scored
    assert not trained & scored
    assert dataset.stats["counts"]["split_groups"] == 6
    assert "2 without what data.split_by asks for, split by their SQL" in summary_line(dataset)


@pytest.mark.slow
def test_a_split_without_a_heldout_pair_is_said(tmp_path: Path) -> None:
    pairs = [pair(n, template=f"t{n % 2}") for n in range(1, 9)]
    by_template = ("data.split_by=template", "data.eval_fraction=0.05")
    dataset = build(conf(tmp_path, pairs, *by_template))
    assert "heldout" not in dataset.stats["suites"]
    assert "no heldout pair: none of 2 groups was drawn for it" in summary_line(dataset)
    scored = build(conf(tmp_path, pairs, "data.eval_fraction=0.5", "seed=3"))
    assert "no heldout pair" not in summary_line(scored)
    unasked = build(conf(tmp_path, pairs, "data.eval_fraction=0"))
    assert "no heldout pair" not in summary_line(unasked)
