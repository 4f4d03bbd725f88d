"""What a training saw is listed pair by pair, and its digests follow from the list and nothing else."""

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.schema import TooLong
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.tokens import TokenRow, within_length
from oracle_sft.pairs.trained import tokens_digest, trained_facts, trained_list
from oracle_sft.record.merkle import merkle_root


def row(pair_id: str, prompt: int, answer: int) -> TokenRow:
    return TokenRow(pair_id, tuple(range(prompt)), tuple(range(100, 100 + answer)))


def pair(pair_id: str) -> Pair:
    said = {"source": "chat", "model": "human"}
    return Pair(id=pair_id, question="q", sql="s", schema_id="x", provenance=said)


ROWS = [row("b", 3, 2), row("cut", 3, 9), row("all prompt", 8, 2), row("a", 2, 2), row("z", 1, 1)]


def test_each_pair_is_listed_with_what_became_of_it() -> None:
    fitted = within_length(ROWS, max_length_tokens=6, too_long=TooLong["truncate"])
    lines = trained_list([pair(one.pair_id) for one in ROWS], fitted, {"a", "b", "cut"})
    whole = row("cut", 3, 3)
    said = {"source": "chat", "model": "human"}
    assert lines == [
        {"id": "a", "state": "trained", **said, "tokens": 4, "sha256": tokens_digest(ROWS[3])},
        {"id": "all prompt", "state": "dropped", **said},
        {"id": "b", "state": "trained", **said, "tokens": 5, "sha256": tokens_digest(ROWS[0])},
        {"id": "cut", "state": "cut", **said, "tokens": 6, "sha256": tokens_digest(whole)},
        {"id": "z", "state": "unreached", **said},
    ]
    facts = trained_facts(lines)
    assert (facts["pairs"], facts["tokens"], facts["cut"], facts["dropped"]) == (3, 15, 1, 1)
    assert facts["unreached"] == 1
    assert facts["merkle_root"] == merkle_root(["a", "b", "cut"])


def test_the_digest_of_a_row_is_that_of_a_plain_json_text() -> None:
    text = json.dumps([[0, 1, 2], [100, 101]], separators=(",", ":"))
    assert tokens_digest(ROWS[0]) == hashlib.sha256(text.encode()).hexdigest()


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1), st.data())
def test_one_token_more_or_less_changes_the_digest(
    lengths: list[tuple[int, int]], data: st.DataObject
) -> None:
    rows = [row(f"pair-{n}", *length) for n, length in enumerate(lengths)]
    at = data.draw(st.integers(0, len(rows) - 1))
    changed = list(rows)
    moved = TokenRow(rows[at].pair_id, (*rows[at].prompt_ids, 7), rows[at].answer_ids)
    changed[at] = moved

    def digest(some: list[TokenRow]) -> str:
        fitted = within_length(some, max_length_tokens=99, too_long=TooLong["raise"])
        ids = {one.pair_id for one in some}
        listed = trained_list([pair(one.pair_id) for one in some], fitted, ids)
        return str(trained_facts(listed)["digest"])

    assert digest(rows) == digest(rows[::-1]) != digest(changed)
