"""From scores to figures: each a rate with its interval and the number of items behind it.

Which items a rate is over:

- `gold_error` and `no_answer` items are in no rate: they are counted and listed.
- extracted, allowed, valid_sql, exact_match: all other items.
- executable, unsupported: those of them that have a database.
- execution_accuracy, its other modes, the accuracy of the first attempts: those whose gold gave rows and
  whose query the engine knows. An `uninformative` gold (no rows) equals every other query without
  rows; what Oracle says to an `unsupported` query is not known. Both are counted apart (`left_out`), and
  `bounds` says where the headline would be if all unsupported ones were wrong, or right.
- test_suite_accuracy: the same, where there are perturbed databases: right on the original rows and on those.
- all_tables_shown, table_recall: all items whose prompt shows a part of its schema and whose gold reads a table of it:
  the golds all of whose tables were shown, and the share of a gold's tables that were (its mean).
- pass_at_k, majority: those of the items with samples whose gold gave rows and none of whose samples
  is unsupported or unanswered.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from oracle_sft.score.intervals import mean_share, paired_difference, wilson
from oracle_sft.score.item import HEADLINE_MODE, Attempt, Score
from oracle_sft.score.samples import pass_at

HEADLINE = "execution_accuracy"
EXACT_MATCH = "exact_match"
VALID_SQL = "valid_sql"
TEST_SUITE = "test_suite_accuracy"
FIRST = "execution_accuracy_first_attempt"
RETRY_GAIN = "retry_gain"
ALL_TABLES = "all_tables_shown"
TABLE_RECALL = "table_recall"
MAJORITY = "majority_vote"
SLICED = (VALID_SQL, EXACT_MATCH, HEADLINE, TEST_SUITE)

Metrics = dict[str, dict[str, float | int]]
"""Metric -> value, low, high, n. A metric over no item at all is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resampling:
    """How intervals are drawn that have no formula."""

    samples: int = 1000
    seed: str = "0"
    """Names the draw, so that the same scores give the same interval."""


def summarize(
    scores: Sequence[Score], *, pass_at_k: Sequence[int] = (), resampling: Resampling | None = None
) -> Metrics:
    """Every rate over the scores of one suite and target, with its 95% interval.

    Wilson's for yes/no outcomes; the bootstrap over items for pass@k and the retry gain.
    """
    resampling = resampling or Resampling()
    return {
        **_wilson_rates(scores),
        **_table_recall(scores, resampling),
        **_retry_gain(scores, resampling),
        **_pass_at(scores, pass_at_k, resampling),
    }


def outcomes(scores: Iterable[Score]) -> dict[str, dict[tuple[str, str], bool]]:
    """Yes/no metric -> item (pair id and gold SQL) -> outcome, for what two targets are compared by."""
    return {
        name: {(score.pair_id, score.gold_sql): holds(score) for score in over}
        for name, (over, holds) in _rates(list(scores)).items()
        if over
    }


def headline_outcomes(scores: Iterable[Score]) -> tuple[str, dict[tuple[str, str], bool]]:
    """The metric that targets are compared by, and its outcome by item: pair id and gold SQL.

    Execution accuracy in the headline mode; exact match where nothing was executed.
    """
    scores = list(scores)
    found = outcomes(scores)
    if any(_has_database(score) for score in scores):
        return HEADLINE, found.get(HEADLINE, {})
    return EXACT_MATCH, found.get(EXACT_MATCH, {})


def bounds(scores: Sequence[Score]) -> dict[str, float]:
    """The headline if every unsupported prediction were wrong (`low`), and if it were right (`high`)."""
    informative = [score for score in _scored(scores) if score.gold_status == "ok"]
    if not informative:
        return {}
    right = sum(_is_equal(score) for score in informative)
    unknown = sum(score.status == "unsupported" for score in informative)
    n = len(informative)
    return {"low": round(right / n, 6), "high": round((right + unknown) / n, 6)}


def left_out(scores: Sequence[Score]) -> dict[str, int]:
    """Items that the headline does not count, by the reason."""
    return {
        "gold_error": sum(score.stage == "gold_error" for score in scores),
        "no_answer": sum(score.stage == "no_answer" for score in scores),
        "uninformative": sum(score.stage == "uninformative" for score in scores),
        "unsupported": sum(score.stage == "unsupported" for score in scores),
        "not_executed": sum(score.gold_status == "not_executed" for score in scores),
    }


def slices(scores: Sequence[Score]) -> dict[str, dict[str, Metrics]]:
    """The main rates by difficulty, construct, schema, source, tag, and by whether the gold's tables were all shown.

    An item counts under each of its names.
    """
    kinds: dict[str, Callable[[Score], Iterable[str]]] = {
        "difficulty": lambda score: [score.difficulty] if score.difficulty else [],
        "construct": lambda score: score.constructs,
        "schema": lambda score: [score.schema_id],
        "source": lambda score: [score.source] if score.source else [],
        "tag": lambda score: score.tags,
        "tables": _tables_shown,
    }
    found: dict[str, dict[str, Metrics]] = {}
    for kind, names_of in kinds.items():
        groups: dict[str, list[Score]] = {}
        for score in scores:
            for name in names_of(score):
                groups.setdefault(name, []).append(score)
        found[kind] = {name: _sliced(groups[name]) for name in sorted(groups)}
    return found


def _tables_shown(score: Score) -> list[str]:
    if score.shown_tables is None:
        return []
    return [
        "one of the gold's is missing" if score.missing_tables else "all of the gold's are shown"
    ]


def taxonomy(scores: Iterable[Score]) -> dict[str, int]:
    """Items by the stage where they ended, most frequent first; adds up to all items."""
    return _counted(score.stage for score in scores)


def codes_by_stage(scores: Iterable[Score]) -> dict[str, dict[str, int]]:
    """Stage -> Oracle's code, rule, or construct -> items; stages without a code are left out."""
    by_stage: dict[str, list[str]] = {}
    for score in scores:
        if score.code:
            by_stage.setdefault(score.stage, []).append(score.code)
    return {stage: _counted(by_stage[stage]) for stage in sorted(by_stage)}


def error_codes(scores: Iterable[Score]) -> dict[str, int]:
    """Predictions that Oracle would refuse, by its code, most frequent first."""
    return _counted(score.code for score in scores if score.status == "oracle_error")


def unsupported_constructs(scores: Iterable[Score]) -> dict[str, int]:
    """Predictions that the engine did not answer, by what it does not know, most frequent first."""
    return _counted(score.code for score in scores if score.status == "unsupported")


def refusals(scores: Iterable[Score]) -> dict[str, int]:
    """Predictions that the guardrail refused, by the rule that decided, most frequent first."""
    return _counted(score.code for score in scores if score.status == "refused")


def gold_problems(scores: Iterable[Score]) -> dict[str, list[dict[str, Any]]]:
    """The items whose gold says little, listed: `gold_error` with its reason and `uninformative`, which judge nothing,
    and `nondeterministic`, which took several results for right.
    """
    errors, empty, loose = [], [], []
    for score in scores:
        if score.gold_status == "gold_error":
            errors.append({"id": score.pair_id, "sql": score.gold_sql, "why": score.gold_message})
        elif score.gold_status == "uninformative":
            empty.append({"id": score.pair_id, "sql": score.gold_sql})
        elif score.nondeterministic_gold:
            loose.append({"id": score.pair_id, "sql": score.gold_sql})
    return {"gold_error": errors, "uninformative": empty, "nondeterministic": loose}


def unanswered(scores: Iterable[Score]) -> list[dict[str, str]]:
    """The items to which an endpoint gave no answer, with what it did instead."""
    return [
        {"id": score.pair_id, "why": score.message}
        for score in scores
        if score.status == "no_answer"
    ]


def retries(scores: Sequence[Score]) -> dict[str, Any]:
    """How often the model was asked again, and why it was not asked any further."""
    asked = [score for score in scores if score.attempts]
    return {
        "questions": len(asked),
        "asked_again": sum(len(score.attempts) > 1 for score in asked),
        "attempts": sum(len(score.attempts) for score in asked),
        "stopped": _counted(score.stopped for score in asked if score.stopped),
    }


# --- which items, and what holds for them -------------------------------------------------------


def _rates(
    scores: Sequence[Score],
) -> dict[str, tuple[list[Score], Callable[[Score], bool]]]:
    scored = _scored(scores)
    executed = [score for score in scored if _has_database(score)]
    judged = [score for score in scored if _is_judged(score)]
    modes = sorted({mode for score in judged for mode in score.equal} - {HEADLINE_MODE})
    rates: dict[str, tuple[list[Score], Callable[[Score], bool]]] = {
        "extracted": (scored, lambda score: score.sql is not None),
        "allowed": (scored, lambda score: score.allowed),
        VALID_SQL: (scored, lambda score: score.validity == "valid"),
        "executable": (executed, lambda score: score.status in ("ok", "truncated")),
        "unsupported": (executed, lambda score: score.status == "unsupported"),
        EXACT_MATCH: (scored, lambda score: score.exact_match),
        HEADLINE: (judged, _is_equal),
    }
    for mode in modes:
        rates[f"{HEADLINE}_{mode}"] = (judged, partial(_equals_in, mode))
    rates[TEST_SUITE] = (
        [score for score in judged if score.suite_equal is not None],
        lambda score: bool(score.suite_equal),
    )
    rates[FIRST] = (_retried(scores), lambda score: bool(score.attempts[0].equal))
    rates[MAJORITY] = (
        [score for score in _sampled(scores) if score.majority is not None],
        lambda score: bool(score.majority),
    )
    rates[ALL_TABLES] = (_in_part(scores), lambda score: not score.missing_tables)
    return rates


def _wilson_rates(scores: Sequence[Score]) -> Metrics:
    return {
        name: wilson(sum(holds(score) for score in over), len(over)).as_dict()
        for name, (over, holds) in _rates(scores).items()
        if over
    }


def _scored(scores: Iterable[Score]) -> list[Score]:
    return [
        score
        for score in scores
        if score.gold_status != "gold_error" and score.status != "no_answer"
    ]


def _has_database(score: Score) -> bool:
    return score.gold_status in ("ok", "uninformative")


def _is_judged(score: Score) -> bool:
    return score.gold_status == "ok" and score.status != "unsupported"


def _is_equal(score: Score) -> bool:
    return score.equal.get(HEADLINE_MODE, False)


def _equals_in(mode: str, score: Score) -> bool:
    return score.equal.get(mode, False)


def _in_part(scores: Iterable[Score]) -> list[Score]:
    return [score for score in scores if score.shown_tables is not None and score.gold_tables]


def _table_recall(scores: Sequence[Score], resampling: Resampling) -> Metrics:
    shares = [1 - len(score.missing_tables) / len(score.gold_tables) for score in _in_part(scores)]
    if not shares:
        return {}
    seed = f"{resampling.seed}/{TABLE_RECALL}"
    return {TABLE_RECALL: mean_share(shares, samples=resampling.samples, seed=seed).as_dict()}


def _retried(scores: Sequence[Score]) -> list[Score]:
    """Items whose first and last attempt can both be judged; none where nobody was asked twice."""
    if not any(len(score.attempts) > 1 for score in scores):
        return []
    return [
        score
        for score in _scored(scores)
        if _is_judged(score) and score.attempts and score.attempts[0].equal is not None
    ]


def _retry_gain(scores: Sequence[Score], resampling: Resampling) -> Metrics:
    both = _retried(scores)
    if not both:
        return {}
    gained = sum(_is_equal(score) and not score.attempts[0].equal for score in both)
    lost = sum(bool(score.attempts[0].equal) and not _is_equal(score) for score in both)
    found = paired_difference(
        gained,
        lost,
        len(both),
        samples=resampling.samples,
        seed=f"{resampling.seed}/{RETRY_GAIN}",
    )
    return {RETRY_GAIN: found.interval.as_dict()}


def _sampled(scores: Sequence[Score]) -> list[Score]:
    return [
        score
        for score in scores
        if score.samples
        and score.gold_status == "ok"
        and all(_is_known(sample) for sample in score.samples)
    ]


def _is_known(sample: Attempt) -> bool:
    return sample.status not in ("unsupported", "no_answer")


def _pass_at(scores: Sequence[Score], ks: Sequence[int], resampling: Resampling) -> Metrics:
    sampled = _sampled(scores)
    found: Metrics = {}
    for k in ks:
        values = [
            pass_at(len(score.samples), sum(bool(one.equal) for one in score.samples), k)
            for score in sampled
            if len(score.samples) >= k
        ]
        if values:
            name = f"pass_at_{k}"
            seed = f"{resampling.seed}/{name}"
            found[name] = mean_share(values, samples=resampling.samples, seed=seed).as_dict()
    return found


def _sliced(scores: Sequence[Score]) -> Metrics:
    return {name: rate for name, rate in _wilson_rates(scores).items() if name in SLICED}


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts = Counter(names)
    return {name: counts[name] for name in sorted(counts, key=lambda name: (-counts[name], name))}
