"""Several answers to one question: the chance that one of k is right, and what most of them say."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

from oracle_sft.engine.compare import compare
from oracle_sft.engine.result import ResultSet


def pass_at(n: int, correct: int, k: int) -> float:
    """The chance that at least one of `k` answers is correct, from `n` answers of which `correct` are.

    The unbiased estimator of Chen et al. (Evaluating Large Language Models Trained on Code, 2021): the share of the
    subsets of size k that hold a correct answer.

    Raises:
        ValueError: not 1 <= k <= n, or not 0 <= correct <= n.
    """
    if not 1 <= k <= n or not 0 <= correct <= n:
        raise ValueError(f"pass@{k} of {n} answers, {correct} of them correct")
    return 1.0 - comb(n - correct, k) / comb(n, k)


@dataclass(frozen=True, slots=True)
class Vote:
    """The result that most answers gave."""

    chosen: int
    """Position of the first answer that gave it."""
    votes: int
    """How many gave it."""


def majority(results: Sequence[tuple[ResultSet, bool] | None]) -> Vote | None:
    """The result that most of the answers gave; None where none gave one.

    Answers are told apart by what they return and not by their text: each comes with whether its query orders its rows,
    and two that do must have the same order. A cut result is like no other. Of several results with equally many votes
    the first one to appear is taken.
    """
    groups: list[list[int]] = []
    for place, answer in enumerate(results):
        if answer is None:
            continue
        for group in groups:
            first = results[group[0]]
            assert first is not None
            if _same(first, answer):
                group.append(place)
                break
        else:
            groups.append([place])
    if not groups:
        return None
    largest = max(groups, key=len)
    return Vote(chosen=largest[0], votes=len(largest))


def _same(one: tuple[ResultSet, bool], other: tuple[ResultSet, bool]) -> bool:
    first, second = one[0], other[0]
    if first is second:
        return True
    return compare(first, second, ordered=one[1] and other[1]).equal
