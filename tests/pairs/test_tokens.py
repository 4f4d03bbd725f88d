"""Rows that are too long are named, left out or cut, and nothing of that goes unsaid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.schema import TooLong
from oracle_sft.errors import UserError
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.tokens import TokenRow, check_rows, within_length


def row(pair_id: str, prompt: int, answer: int) -> TokenRow:
    return TokenRow(pair_id, tuple(range(prompt)), tuple(range(100, 100 + answer)))


def pair(pair_id: str, source: str, suite: str) -> Pair:
    said = {"source": source}
    return Pair(id=pair_id, question="q", sql="s", schema_id="x", suite=suite, provenance=said)


ROWS = [row("short", 3, 2), row("long", 3, 9), row("all prompt", 8, 2)]


def test_dropped_rows_are_listed_and_counted_by_source() -> None:
    fitted = within_length(ROWS, max_length_tokens=6, too_long=TooLong["drop"])
    assert [one.pair_id for one in fitted.rows] == ["short"]
    pairs = [pair("long", "chat", "train"), pair("all prompt", "curated", "validation")]
    assert fitted.report(pairs) == {
        "dropped": {
            "by_source": {"chat": 1, "curated": 1},
            "by_suite": {"train": 1, "validation": 1},
            "pairs": [{"id": "long", "tokens": 12}, {"id": "all prompt", "tokens": 10}],
        },
        "truncated": {"by_source": {}, "by_suite": {}, "pairs": []},
    }


def test_a_cut_answer_keeps_its_beginning_and_loses_its_end_token() -> None:
    fitted = within_length(ROWS, max_length_tokens=6, too_long=TooLong["truncate"])
    assert fitted.rows[1] == TokenRow("long", (0, 1, 2), (100, 101, 102))
    assert [one.pair_id for one in fitted.truncated] == ["long"]
    assert [one.pair_id for one in fitted.dropped] == ["all prompt"], (
        "nothing of it could be trained"
    )


def test_by_default_a_row_that_is_too_long_stops_the_run() -> None:
    fitted = within_length(ROWS, max_length_tokens=6, too_long=TooLong["raise"])
    assert fitted.rows == ROWS
    with pytest.raises(UserError, match=r"pairs long, all prompt of 3 are longer .*too_long=drop"):
        check_rows(fitted.rows, max_length_tokens=6)


@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12))),
    st.integers(1, 15),
    st.sampled_from([TooLong["drop"], TooLong["truncate"]]),
)
def test_each_row_is_trained_on_or_listed(
    sizes: list[tuple[int, int]], limit: int, policy: TooLong
) -> None:
    rows = [row(str(number), *size) for number, size in enumerate(sizes)]
    fitted = within_length(rows, max_length_tokens=limit, too_long=policy)
    check_rows(fitted.rows, max_length_tokens=limit)
    kept = {one.pair_id for one in fitted.rows}
    assert kept.isdisjoint(one.pair_id for one in fitted.dropped)
    assert len(fitted.rows) + len(fitted.dropped) == len(rows)
    whole = {one.pair_id: one for one in rows}
    changed = [one.pair_id for one in fitted.rows if one != whole[one.pair_id]]
    assert changed == [one.pair_id for one in fitted.truncated]
