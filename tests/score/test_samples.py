"""pass@k and the majority, against counting by hand."""

from collections import Counter
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.engine.result import ResultSet
from oracle_sft.score.samples import Vote, majority, pass_at


def result(*values: int, inexact: bool = False) -> ResultSet:
    rows = [(Decimal(value),) for value in values]
    return ResultSet(columns=("A",), types=("NUMBER",), rows=rows, inexact=(inexact,))


@given(st.lists(st.booleans(), min_size=1, max_size=8), st.data())
def test_pass_at_k_is_the_share_of_subsets_with_a_right_answer(
    answers: list[bool], data: st.DataObject
) -> None:
    k = data.draw(st.integers(1, len(answers)))
    subsets = list(combinations(answers, k))
    share = sum(any(subset) for subset in subsets) / len(subsets)
    assert pass_at(len(answers), sum(answers), k) == pytest.approx(share)


@pytest.mark.parametrize(("n", "correct", "k"), [(3, 1, 4), (3, 1, 0), (3, 4, 1), (0, 0, 1)])
def test_pass_at_k_of_too_few_answers_is_a_mistake(n: int, correct: int, k: int) -> None:
    with pytest.raises(ValueError, match="pass@"):
        pass_at(n, correct, k)


@given(st.lists(st.none() | st.integers(0, 3), max_size=8))
def test_the_majority_is_the_most_frequent_result_and_the_first_of_those(
    answers: list[int | None],
) -> None:
    found = majority([None if one is None else (result(one), False) for one in answers])
    counts = Counter(one for one in answers if one is not None)
    if not counts:
        assert found is None
        return
    most = max(counts.values())
    first = min(answers.index(one) for one in counts if counts[one] == most)
    assert found == Vote(chosen=first, votes=most)


def test_results_vote_and_not_texts() -> None:
    one, same_rows, other = result(1, 2), result(2, 1), result(3)
    assert majority([(other, False), (one, False), (same_rows, False)]) == Vote(1, 2)


def test_two_queries_that_order_must_agree_in_the_order() -> None:
    one, turned = result(1, 2), result(2, 1)
    assert majority([(one, True), (turned, True)]) == Vote(0, 1)
    assert majority([(one, True), (turned, False)]) == Vote(0, 2)


def test_a_result_without_rows_has_a_vote() -> None:
    assert majority([(result(), False), (result(1), False), (result(), False)]) == Vote(0, 2)


def test_a_cut_result_is_like_no_other() -> None:
    cut = ResultSet(columns=("A",), types=("NUMBER",), rows=[(Decimal(1),)], truncated=True)
    again = ResultSet(columns=("A",), types=("NUMBER",), rows=[(Decimal(1),)], truncated=True)
    assert majority([(cut, False), (again, False)]) == Vote(0, 1)
