from collections.abc import Callable

from oracle_sft.score import metrics
from oracle_sft.score.intervals import wilson
from oracle_sft.score.item import Score

Make = Callable[..., Score]
NOTHING = dict.fromkeys(("bird_set", "bag", "bag_order", "strict"), False)


def test_each_metric_is_over_its_own_items(make_score: Make) -> None:
    scores = [
        make_score(),
        make_score(stage="mismatch:order", equal={**NOTHING, "bag": True, "bird_set": True}),
        make_score(stage="unsupported", status="unsupported", code="MODEL", validity="unparsed"),
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
        "execution_accuracy": (1, 7),
        "execution_accuracy_bag": (2, 7),
        "execution_accuracy_bird_set": (2, 7),
        "execution_accuracy_strict": (1, 7),
    }
    assert found["execution_accuracy"] == wilson(1, 7).as_dict()


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
    assert metrics.tokens([]) == {"total": 0, "mean": 0, "median": 0, "max": 0, "cut": 0}


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
        make_score(num_tokens=10),
        make_score(num_tokens=20),
        make_score(num_tokens=192, finish_reason="length"),
    ]
    assert metrics.tokens(scores) == {
        "total": 222,
        "mean": 74.0,
        "median": 20,
        "max": 192,
        "cut": 1,
    }


def test_causes_are_counted_by_name(make_score: Make) -> None:
    scores = [
        make_score(status="oracle_error", code="ORA-00904", stage="schema_error"),
        make_score(status="oracle_error", code="ORA-00904", stage="schema_error"),
        make_score(status="oracle_error", code="ORA-01476", stage="oracle_error"),
        make_score(status="unsupported", code="MODEL", stage="unsupported"),
        make_score(status="refused", allowed=False, code="write_verb", stage="refused"),
        make_score(),
    ]
    assert metrics.error_codes(scores) == {"ORA-00904": 2, "ORA-01476": 1}
    assert metrics.unsupported_constructs(scores) == {"MODEL": 1}
    assert metrics.refusals(scores) == {"write_verb": 1}


def test_gold_problems_are_listed(make_score: Make) -> None:
    scores = [
        make_score(pair_id="a"),
        make_score(pair_id="b", gold_status="gold_error", gold_message="ORA-00942: no", equal={}),
        make_score(pair_id="c", gold_status="uninformative", equal={}),
    ]
    sql = "SELECT COUNT(*) FROM bikes"
    assert metrics.gold_problems(scores) == {
        "gold_error": [{"id": "b", "sql": sql, "why": "ORA-00942: no"}],
        "uninformative": [{"id": "c", "sql": sql}],
    }
