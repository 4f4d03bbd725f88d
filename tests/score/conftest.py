from collections.abc import Callable
from typing import Any

import pytest

from oracle_sft.score.item import Score

MODES = ("bird_set", "bag", "bag_order", "strict")


@pytest.fixture
def make_score() -> Callable[..., Score]:
    """Builds a score of a correct answer; what differs is said by keyword."""
    count = 0

    def make(**said: Any) -> Score:
        nonlocal count
        count += 1
        correct = said.get("stage", "correct") == "correct"
        values: dict[str, Any] = {
            "pair_id": f"item{count}",
            "suite": "seen",
            "target": "adapter",
            "schema_id": "shops",
            "question": "how many bikes",
            "gold_sql": "SELECT COUNT(*) FROM bikes",
            "text": "SELECT COUNT(*) FROM bikes",
            "num_tokens": 10,
            "finish_reason": "stop",
            "sql": "SELECT COUNT(*) FROM bikes",
            "validity": "valid",
            "allowed": True,
            "exact_match": correct,
            "status": "ok",
            "gold_status": "ok",
            "equal": dict.fromkeys(MODES, correct),
            "stage": "correct",
        }
        return Score(**{**values, **said})

    return make
