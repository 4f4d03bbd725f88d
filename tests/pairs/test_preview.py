"""What a preview says of rows: their lengths by source, and which of their tokens are trained."""

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from oracle_sft.pairs.preview import (
    PERCENTILES,
    TRAINED,
    lengths,
    lengths_facts,
    lengths_table,
    shown_row,
)
from oracle_sft.pairs.tokens import TokenRow


def row(pair_id: str, prompt: int, answer: int) -> TokenRow:
    return TokenRow(pair_id, tuple(range(prompt)), tuple(range(answer)))


class Letters:
    """A tokenizer whose tokens are letters."""

    def decode(self, ids: list[int], *, skip_special_tokens: bool) -> str:
        assert not skip_special_tokens
        return "".join(chr(ord("a") + one) for one in ids)


def test_figures_are_those_of_the_rows() -> None:
    found = lengths([row("a", 3, 2), row("b", 10, 1), row("c", 1, 1)], max_length_tokens=5)
    assert (found.rows, found.total, found.trained, found.too_long) == (3, 18, 4, 1)
    assert found.percentiles == (5, 11, 11, 11)


@given(st.lists(st.integers(0, 50), min_size=1))
def test_as_many_rows_as_a_percentile_says_are_not_longer(sizes: list[int]) -> None:
    found = lengths([row("p", size, 1) for size in sizes], max_length_tokens=20)
    for share, length in zip(PERCENTILES, found.percentiles, strict=True):
        assert sum(size + 1 <= length for size in sizes) * 100 >= share * len(sizes)
        assert length - 1 in sizes


def test_the_table_has_a_line_for_each_source_and_one_for_all() -> None:
    text = io.StringIO()
    rows = [row("a", 3, 2), row("b", 10, 1), row("c", 1, 1)]
    table = lengths_table(rows, {"a": "curated", "b": "chat"}, max_length_tokens=5)
    Console(file=text, width=100).print(table)
    lines = [line.split() for line in text.getvalue().splitlines()]
    assert lines[0] == [
        "tokens",
        "rows",
        "all",
        "trained",
        "50%",
        "90%",
        "99%",
        "longest",
        ">",
        "5",
    ]
    assert lines[1:] == [
        ["chat", "1", "11", "1", "11", "11", "11", "11", "1"],
        ["curated", "1", "5", "2", "5", "5", "5", "5", "0"],
        ["unknown", "1", "2", "1", "2", "2", "2", "2", "0"],
        ["all", "3", "18", "4", "5", "11", "11", "11", "1"],
    ]


def test_the_figures_as_json_name_what_they_are() -> None:
    rows = [row("a", 3, 2), row("b", 10, 1)]
    found = lengths_facts(rows, {"a": "curated", "b": "chat"}, max_length_tokens=5)
    names = ["rows", "tokens", "trained", "p50", "p90", "p99", "longest", "too_long"]
    assert list(found["all"].items()) == list(zip(names, (2, 16, 3, 5, 11, 11, 11, 1), strict=True))
    assert list(found["by_source"]) == ["chat", "curated"]
    assert found["by_source"]["curated"]["longest"] == 5
    assert lengths_facts([], {}, max_length_tokens=5) == {}


def test_trained_tokens_stand_out() -> None:
    heading, body = shown_row(row("p", 3, 2), Letters(), "shop")
    assert heading.plain == "--- p (shop): 3 tokens masked, 2 trained"
    assert body.plain == "abcab"
    assert [(span.start, span.end) for span in body.spans if span.style == TRAINED] == [(3, 5)]
