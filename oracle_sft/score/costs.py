"""What the answers cost: tokens and seconds, each with the interval of its mean."""

from collections.abc import Iterable, Sequence
from math import ceil
from statistics import median
from typing import Any

from oracle_sft.score.intervals import mean
from oracle_sft.score.item import Attempt, Score
from oracle_sft.score.metrics import Resampling


def tokens(scores: Sequence[Score], resampling: Resampling | None = None) -> dict[str, Any]:
    """Length of the last answers: total, mean with its interval, median, longest, and how many were cut.

    `n` is less than the items where an endpoint does not say how long its answers are. `total_all` counts earlier
    attempts and samples too, `prompt_total` what was read for all of them.
    """
    lengths = [score.num_tokens for score in scores if score.num_tokens is not None]
    asked = [answer for score in scores for answer in _answers(score)]
    return {
        "total": sum(lengths),
        **_spread(lengths, "tokens", resampling or Resampling()),
        "cut": sum(score.finish_reason == "length" for score in scores),
        "total_all": sum(answer.num_tokens or 0 for answer in asked),
        "prompt_total": sum(answer.prompt_tokens or 0 for answer in asked),
    }


def latency(scores: Sequence[Score], resampling: Resampling | None = None) -> dict[str, Any]:
    """Seconds to an answer, as they were measured: in its batch, or in its request to an endpoint.

    `answer` is about single answers of all attempts, samples aside; `question` about all attempts on one question
    together.
    """
    resampling = resampling or Resampling()
    answers = [
        answer.seconds
        for score in scores
        for answer in (score.attempts or (score,))
        if answer.seconds is not None
    ]
    questions = [
        sum(answer.seconds or 0.0 for answer in (score.attempts or (score,)))
        for score in scores
        if score.seconds is not None
    ]
    return {
        "answer": _spread(answers, "answer", resampling),
        "question": _spread(questions, "question", resampling),
    }


def _answers(score: Score) -> Iterable[Attempt | Score]:
    return (*(score.attempts or (score,)), *score.samples)


def _spread(values: Sequence[float], name: str, resampling: Resampling) -> dict[str, Any]:
    if not values:
        return {"mean": 0, "low": 0, "high": 0, "n": 0, "median": 0, "p95": 0, "max": 0}
    found = mean(values, samples=resampling.samples, seed=f"{resampling.seed}/{name}")
    ascending = sorted(values)
    return {
        "mean": round(found.value, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "n": found.n,
        "median": round(median(values), 4),
        "p95": round(ascending[ceil(0.95 * len(ascending)) - 1], 4),
        "max": round(ascending[-1], 4),
    }
