from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from oracle_sft.score import costs, metrics
from oracle_sft.score.intervals import wilson
from oracle_sft.score.item import Score

Make = Callable[..., Score]
NOTHING = dict.fromkeys(("bird_set", "bag", "bag_order", "strict"), False)


def test_each_metric_is_over_its_own_items(make_score: Make) -> None:
    scores = [
        make_score(),
        make_score(stage="mismatch:order", equal={**NOTHING, "bag": True, "bird_set": True}),
        make_score(
            stage="unsupported", status="unsupported", code="MODEL", validity="unparsed", equal={}
        ),
        make_score(stage="no_answer", status="no_answer", equal={}, sql=None, text=""),
        make_score(stage="timeout", status="timeout"),
        make_score(stage="truncated", status="truncated"),
        make_score(stage="refused", status="refused", allowed=False, validity="valid"),
        make_score(stage="no_sql", status="no_sql", allowed=False, validity="", sql=None),
        make_score(stage="uninformative", gold_status="uninformative", equal={}, exact_match=True),
        make_score(stage="gold_error", gold_status="gold_error", equal={}, status="not_executed"),
    ]
    found = metrics.summarize(scores)
    counted = {name: (round(rate["value"] * rate["n"]), rate["n"]) for name, rate in found.items()}
    assert counted == {
        "extracted": (7, 8),
        "allowed": (6, 8),
        "valid_sql": (6, 8),
        "executable": (4, 8),
        "unsupported": (1, 8),
        "exact_match": (2, 8),
        "execution_accuracy": (1, 6),
        "execution_accuracy_bag": (2, 6),
        "execution_accuracy_bird_set": (2, 6),
        "execution_accuracy_strict": (1, 6),
    }
    assert found["execution_accuracy"] == wilson(1, 6).as_dict()
    assert metrics.left_out(scores) == {
        "gold_error": 1,
        "no_answer": 1,
        "uninformative": 1,
        "unsupported": 1,
        "not_executed": 0,
    }
    assert metrics.bounds(scores) == {"low": round(1 / 7, 6), "high": round(2 / 7, 6)}


def test_without_a_database_nothing_is_said_about_execution(make_score: Make) -> None:
    scores = [
        make_score(
            stage="not_executed", status="not_executed", gold_status="not_executed", equal={}
        ),
        make_score(
            stage="not_executed",
            status="not_executed",
            gold_status="not_executed",
            equal={},
            exact_match=True,
        ),
    ]
    assert set(metrics.summarize(scores)) == {"extracted", "allowed", "valid_sql", "exact_match"}
    metric, outcomes = metrics.headline_outcomes(scores)
    assert metric == "exact_match"
    assert sorted(outcomes.values()) == [False, True]


def test_no_scores_give_no_rates() -> None:
    assert metrics.summarize([]) == {}
    assert costs.tokens([])["total"] == 0
    assert costs.latency([])["answer"]["n"] == 0
    assert metrics.bounds([]) == {}


def test_headline_outcomes_leave_out_what_the_gold_cannot_judge(make_score: Make) -> None:
    scores = [
        make_score(pair_id="a"),
        make_score(pair_id="b", stage="no_sql"),
        make_score(pair_id="c", stage="uninformative", gold_status="uninformative", equal={}),
        make_score(pair_id="d", stage="gold_error", gold_status="gold_error", equal={}),
    ]
    metric, outcomes = metrics.headline_outcomes(scores)
    assert metric == "execution_accuracy"
    gold = "SELECT COUNT(*) FROM bikes"
    assert outcomes == {("a", gold): True, ("b", gold): False}


def test_taxonomy_counts_every_item_once(make_score: Make) -> None:
    stages = ["correct", "mismatch:rows", "mismatch:rows", "no_sql", "gold_error"]
    counted = metrics.taxonomy([make_score(stage=stage) for stage in stages])
    assert counted == {"mismatch:rows": 2, "correct": 1, "gold_error": 1, "no_sql": 1}
    assert next(iter(counted)) == "mismatch:rows"


def test_slices_by_construct_schema_and_source(make_score: Make) -> None:
    scores = [
        make_score(constructs=("join", "date"), source="curated/template"),
        make_score(constructs=("join",), stage="mismatch:rows", schema_id="other"),
    ]
    found = metrics.slices(scores)
    assert found["construct"]["join"]["execution_accuracy"]["value"] == 0.5
    assert found["construct"]["date"]["execution_accuracy"]["n"] == 1
    assert list(found["schema"]) == ["other", "shops"]
    assert list(found["source"]) == ["curated/template"]


def test_slices_by_difficulty_and_by_each_tag(make_score: Make) -> None:
    scores = [
        make_score(difficulty="easy", tags=("rownum", "join")),
        make_score(difficulty="easy", tags=("join",), stage="mismatch:rows"),
        make_score(difficulty="hard"),
        make_score(stage="mismatch:rows"),
    ]
    found = metrics.slices(scores)
    assert list(found["difficulty"]) == ["easy", "hard"]
    assert found["difficulty"]["easy"]["execution_accuracy"]["value"] == 0.5
    assert found["tag"]["join"]["execution_accuracy"]["n"] == 2
    assert found["tag"]["rownum"]["execution_accuracy"]["value"] == 1.0
    assert set(found["tag"]["join"]) == {"exact_match", "valid_sql", "execution_accuracy"}


def test_tokens_and_cut_answers(make_score: Make) -> None:
    scores = [
        make_score(num_tokens=10, prompt_tokens=100),
        make_score(num_tokens=20, prompt_tokens=100),
        make_score(num_tokens=192, finish_reason="length"),
        make_score(num_tokens=None),
    ]
    found = costs.tokens(scores)
    assert {name: found[name] for name in ("total", "mean", "n", "median", "max", "cut")} == {
        "total": 222,
        "mean": 74.0,
        "n": 3,
        "median": 20,
        "max": 192,
        "cut": 1,
    }
    assert found["low"] <= 74 <= found["high"]
    assert found["prompt_total"] == 200


def test_latency_is_by_answer_and_by_question(make_score: Make) -> None:
    one = make_score(seconds=2.0)
    twice = replace(one, attempts=(one.as_attempt(), one.as_attempt()))
    found = costs.latency([twice, make_score(seconds=1.0), make_score(seconds=None)])
    assert (found["answer"]["n"], found["answer"]["max"]) == (3, 2.0)
    assert (found["question"]["n"], found["question"]["max"]) == (2, 4.0)
    assert found["question"]["mean"] == 2.5


def asked(make_score: Make, outcomes: list[str], **said: Any) -> Score:
    """A score with one attempt for each of these: right, wrong or unknown."""
    made = [
        make_score(
            stage={"right": "correct", "wrong": "schema_error", "unknown": "unsupported"}[outcome],
            status="unsupported" if outcome == "unknown" else "ok",
            **({"equal": {}} if outcome == "unknown" else {}),
        ).as_attempt()
        for outcome in outcomes
    ]
    stage = {"right": "correct", "wrong": "schema_error", "unknown": "unsupported"}[outcomes[-1]]
    status = "unsupported" if outcomes[-1] == "unknown" else "ok"
    equal = {"equal": {}} if outcomes[-1] == "unknown" else {}
    return make_score(stage=stage, status=status, attempts=tuple(made), **equal, **said)


def test_the_retry_gain_is_the_last_attempt_against_the_first(make_score: Make) -> None:
    scores = [
        asked(make_score, ["right"]),
        asked(make_score, ["wrong", "right"]),
        asked(make_score, ["wrong", "wrong", "right"]),
        asked(make_score, ["wrong", "wrong"], stopped="repeated"),
        asked(make_score, ["wrong", "unknown"]),
    ]
    found = metrics.summarize(scores)
    assert (found["execution_accuracy"]["value"], found["execution_accuracy"]["n"]) == (0.75, 4)
    assert found["execution_accuracy_first_attempt"]["value"] == 0.25
    assert found["retry_gain"]["value"] == 0.5
    assert found["retry_gain"]["n"] == 4
    assert metrics.retries(scores) == {
        "questions": 5,
        "asked_again": 4,
        "attempts": 10,
        "stopped": {"repeated": 1},
    }


def test_nobody_asked_twice_is_no_retry_gain(make_score: Make) -> None:
    assert "retry_gain" not in metrics.summarize([asked(make_score, ["wrong"])])


def sampled(make_score: Make, outcomes: str, **said: Any) -> Score:
    """A score with one sample a letter: 1 is right, 0 is wrong, ? is unknown to the engine."""
    samples = tuple(
        asked(make_score, [{"1": "right", "0": "wrong", "?": "unknown"}[one]]).attempts[0]
        for one in outcomes
    )
    return make_score(samples=samples, **said)


def test_pass_at_k_and_majority_leave_out_what_is_not_known(make_score: Make) -> None:
    scores = [
        sampled(make_score, "1000", majority=False),
        sampled(make_score, "1100", majority=True),
        sampled(make_score, "?111", majority=True),
        sampled(make_score, "1111", gold_status="uninformative", equal={}),
    ]
    found = metrics.summarize(scores, pass_at_k=[1, 2, 4, 5])
    assert found["pass_at_1"]["value"] == pytest.approx((1 / 4 + 2 / 4) / 2)
    assert found["pass_at_2"]["value"] == pytest.approx((1 - 3 / 6 + 1 - 1 / 6) / 2, abs=1e-6)
    assert found["pass_at_4"]["value"] == 1.0
    assert found["pass_at_4"]["low"] < 1.0
    assert "pass_at_5" not in found
    assert (found["majority_vote"]["value"], found["majority_vote"]["n"]) == (0.5, 2)


def test_causes_are_counted_by_name(make_score: Make) -> None:
    scores = [
        make_score(status="oracle_error", code="ORA-00904", stage="schema_error"),
        make_score(status="oracle_error", code="ORA-00904", stage="schema_error"),
        make_score(status="oracle_error", code="ORA-01476", stage="oracle_error"),
        make_score(status="unsupported", code="MODEL", stage="unsupported"),
        make_score(status="refused", allowed=False, code="write_verb", stage="refused"),
        make_score(),
    ]
    assert metrics.codes_by_stage(scores) == {
        "schema_error": {"ORA-00904": 2},
        "oracle_error": {"ORA-01476": 1},
        "unsupported": {"MODEL": 1},
        "refused": {"write_verb": 1},
    }
    assert metrics.error_codes(scores) == {"ORA-00904": 2, "ORA-01476": 1}
    assert metrics.unsupported_constructs(scores) == {"MODEL": 1}
    assert metrics.refusals(scores) == {"write_verb": 1}


def test_gold_problems_are_listed(make_score: Make) -> None:
    scores = [
        make_score(pair_id="a"),
        make_score(pair_id="b", gold_status="gold_error", gold_message="ORA-00942: no", equal={}),
        make_score(pair_id="c", gold_status="uninformative", equal={}),
        make_score(pair_id="d", nondeterministic_gold=True),
    ]
    sql = "SELECT COUNT(*) FROM bikes"
    assert metrics.gold_problems(scores) == {
        "gold_error": [{"id": "b", "sql": sql, "why": "ORA-00942: no"}],
        "uninformative": [{"id": "c", "sql": sql}],
        "nondeterministic": [{"id": "d", "sql": sql}],
    }
