"""Each pair that is set aside is a warning with its id and its place; a log stays readable."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from oracle_sft.pairs.rejected import MOST_LINES, log_rejected


def row(number: int, **more: Any) -> dict[str, Any]:
    return {"id": f"p{number}", "stage": "guardrail", "reason": "SAFE001: DROP", **more}


def test_a_warning_names_the_pair_and_its_place(caplog: pytest.LogCaptureFixture) -> None:
    rows = [
        row(1, where="pairs.jsonl:7"),
        row(2),
        {"where": "pairs.jsonl:9", "stage": "read", "reason": "no JSON"},
    ]
    with caplog.at_level(logging.INFO):
        log_rejected(rows, {"guardrail": 2, "read": 1})
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "pair p1 (pairs.jsonl:7) is set aside, guardrail: SAFE001: DROP"),
        ("WARNING", "pair p2 is set aside, guardrail: SAFE001: DROP"),
        ("WARNING", "pairs.jsonl:9 is set aside, read: no JSON"),
        ("INFO", "set aside: 3"),
    ]


def test_each_stage_has_its_first_rows_and_the_number_of_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    read = 0

    def rows() -> Iterator[dict[str, Any]]:
        nonlocal read
        for number in range(MOST_LINES + 5):
            yield row(number)
        yield row(0, stage="execution")
        while True:
            read += 1
            yield row(read)

    with caplog.at_level(logging.WARNING):
        log_rejected(rows(), {"guardrail": 5_000_000, "execution": 1})
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == MOST_LINES + 2
    assert said[-1] == "guardrail: 4,999,000 more are in rejected.jsonl"
    assert read == 0, "rows that no line is made of are not read"


def test_a_level_above_warnings_reads_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        raise AssertionError("read")
        yield {}

    with caplog.at_level(logging.ERROR):
        log_rejected(rows(), {"guardrail": 2})
    assert not caplog.records


def test_what_an_id_or_a_message_holds_cannot_begin_a_line_of_its_own(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        log_rejected([row(1, id="a\nERROR b\x1b[2J", reason="x\r\n\ty")], {"guardrail": 1})
    assert caplog.records[0].getMessage() == "pair a ERROR b?[2J is set aside, guardrail: x y"
