"""From scores to figures: each a rate with its interval and the number of items behind it.

Which items a rate is over:

- `gold_error` items are in no rate: they are counted and listed.
- extracted, allowed, valid_sql, exact_match: all other items.
- executable, unsupported: those of them that have a database.
- execution_accuracy and its other modes: those of them whose gold gave rows. An `uninformative`
  gold (no rows) equals every other query without rows, so it is counted apart and its `n` is less.
  A prediction that the engine does not know (`unsupported`) is in the denominator and is not
  correct; the rate `unsupported` says how much of the headline that could be.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Any

from oracle_sft.engine.compare import CompareMode
from oracle_sft.score.intervals import wilson
from oracle_sft.score.item import Score

HEADLINE_MODE = CompareMode.BAG_ORDER.value
HEADLINE = "execution_accuracy"
EXACT_MATCH = "exact_match"
VALID_SQL = "valid_sql"
_SLICED = (VALID_SQL, EXACT_MATCH, HEADLINE)

Metrics = dict[str, dict[str, float | int]]
"""Metric -> value, low, high, n. A metric over no item at all is not there."""


def summarize(scores: Sequence[Score]) -> Metrics:
    """Every rate over the scores of one suite and target, with Wilson's 95% interval."""
    return {
        name: wilson(sum(outcomes), len(outcomes)).as_dict()
        for name, outcomes in _outcomes(scores).items()
        if outcomes
    }


def headline_outcomes(scores: Iterable[Score]) -> tuple[str, dict[tuple[str, str], bool]]:
    """The metric that targets are compared by, and its outcome by item: pair id and gold SQL.

    Execution accuracy in the headline mode; exact match where nothing was executed.
    """
    scored = [score for score in scores if score.gold_status != "gold_error"]
    if any(_has_database(score) for score in scored):
        over = [score for score in scored if _is_informative(score)]
        return HEADLINE, {(score.pair_id, score.gold_sql): _is_equal(score) for score in over}
    return EXACT_MATCH, {(score.pair_id, score.gold_sql): score.exact_match for score in scored}


def slices(scores: Sequence[Score]) -> dict[str, dict[str, Metrics]]:
    """The main rates by difficulty and by tag; an item counts in each of its tags."""
    by_difficulty: dict[str, list[Score]] = {}
    by_tag: dict[str, list[Score]] = {}
    for score in scores:
        if score.difficulty:
            by_difficulty.setdefault(score.difficulty, []).append(score)
        for tag in score.tags:
            by_tag.setdefault(tag, []).append(score)
    return {
        "difficulty": {name: _sliced(by_difficulty[name]) for name in sorted(by_difficulty)},
        "tag": {name: _sliced(by_tag[name]) for name in sorted(by_tag)},
    }


def taxonomy(scores: Iterable[Score]) -> dict[str, int]:
    """Items by the stage where they ended, most frequent first; adds up to all items."""
    return _counted(score.stage for score in scores)


def error_codes(scores: Iterable[Score]) -> dict[str, int]:
    """Predictions that Oracle would refuse, by its code, most frequent first."""
    return _counted(score.code for score in scores if score.status == "oracle_error")


def unsupported_constructs(scores: Iterable[Score]) -> dict[str, int]:
    """Predictions that the engine did not answer, by what it does not know, most frequent first."""
    return _counted(score.code for score in scores if score.status == "unsupported")


def refusals(scores: Iterable[Score]) -> dict[str, int]:
    """Predictions that the guardrail refused, by the rule that decided, most frequent first."""
    return _counted(score.code for score in scores if score.status == "refused")


def tokens(scores: Sequence[Score]) -> dict[str, float | int]:
    """Length of the answers: total, mean, median, longest, and how many were cut."""
    lengths = [score.num_tokens for score in scores]
    return {
        "total": sum(lengths),
        "mean": round(sum(lengths) / len(lengths), 1) if lengths else 0,
        "median": median(lengths) if lengths else 0,
        "max": max(lengths, default=0),
        "cut": sum(score.finish_reason == "length" for score in scores),
    }


def gold_problems(scores: Iterable[Score]) -> dict[str, list[dict[str, Any]]]:
    """The items that the gold could not judge, listed: `gold_error` with its reason, and `uninformative`."""
    errors, empty = [], []
    for score in scores:
        if score.gold_status == "gold_error":
            errors.append({"id": score.pair_id, "sql": score.gold_sql, "why": score.gold_message})
        elif score.gold_status == "uninformative":
            empty.append({"id": score.pair_id, "sql": score.gold_sql})
    return {"gold_error": errors, "uninformative": empty}


def _outcomes(scores: Iterable[Score]) -> dict[str, list[bool]]:
    scored = [score for score in scores if score.gold_status != "gold_error"]
    executed = [score for score in scored if _has_database(score)]
    informative = [score for score in scored if _is_informative(score)]
    modes = sorted({mode for score in informative for mode in score.equal} - {HEADLINE_MODE})
    rates: dict[str, tuple[list[Score], Callable[[Score], bool]]] = {
        "extracted": (scored, lambda score: score.sql is not None),
        "allowed": (scored, lambda score: score.allowed),
        VALID_SQL: (scored, lambda score: score.validity == "valid"),
        "executable": (executed, lambda score: score.status in ("ok", "truncated")),
        "unsupported": (executed, lambda score: score.status == "unsupported"),
        EXACT_MATCH: (scored, lambda score: score.exact_match),
        HEADLINE: (informative, _is_equal),
    }
    outcomes = {name: [holds(score) for score in over] for name, (over, holds) in rates.items()}
    for mode in modes:
        outcomes[f"{HEADLINE}_{mode}"] = [score.equal.get(mode, False) for score in informative]
    return outcomes


def _has_database(score: Score) -> bool:
    return score.gold_status in ("ok", "uninformative")


def _is_informative(score: Score) -> bool:
    return score.gold_status == "ok"


def _is_equal(score: Score) -> bool:
    return score.equal.get(HEADLINE_MODE, False)


def _sliced(scores: Sequence[Score]) -> Metrics:
    return {name: rate for name, rate in summarize(scores).items() if name in _SLICED}


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts = Counter(names)
    return {name: counts[name] for name in sorted(counts, key=lambda name: (-counts[name], name))}
