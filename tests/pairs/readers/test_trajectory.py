"""Logs of sessions: whole or event by event, which answer counts, and where each pair came from."""

import json
import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle_sft.config.compose import compose
from oracle_sft.config.data import TrajectoryDataConf
from oracle_sft.pairs.build import find_or_build
from oracle_sft.pairs.provenance.rules import is_instant
from oracle_sft.pairs.readers import trajectory
from oracle_sft.pairs.readers.draft import Draft, Found, Unread
from oracle_sft.pairs.readers.sessions import Rules
from oracle_sft.pairs.readers.times import instant

ASK, SQL, OTHER = "Open shops?", "SELECT name FROM shop WHERE is_open = 1", "SELECT name FROM shop"


def event(session: str, role: str, content: Any, **more: Any) -> dict[str, Any]:
    return {"session_id": session, "role": role, "content": content, **more}


def found(folder: Path, *lines: object, **said: Any) -> list[Found]:
    path = folder / "log.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in lines), encoding="utf-8")
    conf = TrajectoryDataConf(path=str(path), **said)
    return list(trajectory.read(path, Rules.of(conf, source="trajectory")))


def kept(said: list[Found]) -> list[tuple[str, str]]:
    return [
        (each.question, each.sql)
        for each in said
        if isinstance(each, Draft) and not each.provenance.get("excluded")
    ]


def test_a_session_in_one_object(tmp_path: Path) -> None:
    said = found(
        tmp_path,
        {
            "session_id": "s1",
            "model": "m1",
            "turns": [
                {"role": "user", "content": ASK, "timestamp": "2026-05-02T14:00:00Z"},
                {"role": "assistant", "content": OTHER, "error": "ORA-00942"},
                {
                    "role": "assistant",
                    "content": SQL,
                    "model": "m2",
                    "timestamp": "2026-05-02T14:00:09Z",
                    "approved": True,
                },
                {"question": "All?", "sql": OTHER, "timestamp": "2026-05-02T14:01:00Z"},
            ],
        },
    )
    assert kept(said) == [(ASK, SQL), ("All?", OTHER)]
    failed, accepted, second = said
    assert isinstance(failed, Draft)
    assert failed.provenance["exclusion_reason"] == "its query failed: ORA-00942"
    assert failed.provenance["approved"] is False
    assert isinstance(accepted, Draft)
    assert accepted.provenance == {
        "source_session_id": "s1",
        "source": "trajectory",
        "model": "m2",
        "timestamp": "2026-05-02T14:00:09Z",
        "approved": True,
    }
    assert accepted.where.endswith("log.jsonl:1 turn 3")
    assert isinstance(second, Draft)
    assert second.provenance["model"] == "m1"
    assert second.provenance["timestamp"] == "2026-05-02T14:01:00Z"


def test_events_of_sessions_that_run_side_by_side(tmp_path: Path) -> None:
    said = found(
        tmp_path,
        {"session_id": "a", "type": "session_start", "model": "m1", "schema_id": "shop"},
        event("a", "user", ASK),
        event("b", "user", "All shops?"),
        event("a", "assistant", SQL, id="t1"),
        event("b", "assistant", f"```sql\n{OTHER}\n```", model="m2"),
        {"session_id": "a", "type": "feedback", "turn_id": "t1", "rating": "up"},
        {"session_id": "b", "type": "user", "message": {"role": "user", "content": "Thanks"}},
    )
    assert kept(said) == [(ASK, SQL), ("All shops?", OTHER)]
    start, first, second, thanks = said
    assert isinstance(start, Unread)
    assert start.reason == "an event that is no turn (session_start)"
    assert not start.is_fault
    assert isinstance(first, Draft)
    assert (first.schema_id, first.provenance["model"]) == ("shop", "m1")
    assert (first.provenance["approved"], first.provenance["source_session_id"]) == (True, "a")
    assert first.where.endswith("log.jsonl:4")
    assert isinstance(second, Draft)
    assert isinstance(thanks, Unread)


def test_only_accepted_answers_where_the_config_says_so(tmp_path: Path) -> None:
    lines = [
        event("a", "user", ASK),
        event("a", "assistant", SQL, status="accepted"),
        event("a", "user", "All?"),
        event("a", "assistant", OTHER),
    ]
    assert kept(found(tmp_path, *lines)) == [(ASK, SQL), ("All?", OTHER)]
    assert kept(found(tmp_path, *lines, require_accepted=True)) == [(ASK, SQL)]


SESSION_WORDS: dict[str, tuple[dict[str, Any], bool]] = {
    "approved": ({"approved": True}, True),
    "not approved": ({"approved": False}, False),
    "failed": ({"outcome": "failed"}, False),
    "excluded": ({"excluded": True, "exclusion_reason": "a test"}, False),
}


@pytest.mark.parametrize("case", SESSION_WORDS)
def test_what_is_said_of_a_whole_session(case: str, tmp_path: Path) -> None:
    words, is_kept = SESSION_WORDS[case]
    session = {"session_id": "a", "turns": [{"question": ASK, "sql": SQL}], **words}
    assert kept(found(tmp_path, session, require_accepted=True)) == (
        [(ASK, SQL)] if is_kept else []
    )


def test_events_stand_in_the_order_of_their_times(tmp_path: Path) -> None:
    lines = [
        event("a", "assistant", SQL, timestamp="2026-05-02T14:00:03Z"),
        event("a", "user", ASK, timestamp=1_777_730_400),
        event("a", "assistant", OTHER, timestamp="2026-05-02T16:00:02+02:00"),
    ]
    assert kept(found(tmp_path, *lines)) == [(ASK, SQL)]


def test_a_correction_names_the_turn(tmp_path: Path) -> None:
    said = found(
        tmp_path,
        event("a", "user", ASK, id="q1"),
        event("a", "assistant", OTHER, id="a1"),
        event("a", "user", "All?"),
        event("a", "assistant", OTHER, id="a2"),
        event("a", "user", "The first should have been only the open ones", corrects="a1"),
        event("a", "assistant", SQL),
    )
    assert [sql for _, sql in kept(said)] == [OTHER, SQL]
    superseded = said[0]
    assert isinstance(superseded, Draft)
    assert superseded.provenance["exclusion_reason"].endswith("log.jsonl:5")


def test_a_session_with_a_turn_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    said = found(
        tmp_path,
        event("a", "user", ASK),
        event("a", "assistant", SQL),
        event("a", "user", 5),
        event("b", "user", ASK),
        event("b", "assistant", SQL),
        {"role": "user", "content": "x"},
    )
    assert kept(said) == [(ASK, SQL)]
    faults = [each for each in said if isinstance(each, Unread) and each.is_fault]
    assert [(each.where[-1], each.reason.partition(";")[0]) for each in faults] == [
        ("3", "content is '5'"),
        ("6", "neither a session with its turns nor an event with its session_id"),
    ]
    assert "a turn of its session a cannot be read" in [
        each.reason for each in said if isinstance(each, Unread)
    ]


def test_a_step_that_failed_is_heard_and_a_permission_is_no_acceptance(tmp_path: Path) -> None:
    said = found(
        tmp_path,
        event("a", "user", ASK),
        event("a", "assistant", SQL),
        {"session_id": "a", "type": "db_step", "error": "ORA-00942"},
        event("b", "user", ASK),
        {"session_id": "b", "type": "permission", "approved": True},
        {"session_id": "b", "type": "init", "model": "m1"},
        event("b", "assistant", SQL),
        event("c", "user", ASK),
        event("c", "assistant", SQL),
        {"session_id": "c", "type": "session_end", "approved": True},
        require_accepted=True,
    )
    assert [
        (each.provenance["source_session_id"], each.provenance.get("exclusion_reason"))
        for each in said
        if isinstance(each, Draft)
    ] == [
        ("a", "its query failed: ORA-00942"),
        ("b", "nothing marks it as accepted (data.require_accepted=true)"),
        ("c", None),
    ]
    assert [each.provenance.get("model") for each in said if isinstance(each, Draft)][1] == "m1"


MARKS: dict[str, tuple[dict[str, Any], bool | None]] = {
    "accepted": ({"approved": True}, True),
    "unmarked": ({}, None),
    "failed": ({"error": "ORA-00942"}, False),
    "rejected": ({"rating": "down"}, False),
    "accepted and failed": ({"approved": True, "is_error": True}, False),
}


@settings(max_examples=60, deadline=None)
@given(marks=st.lists(st.sampled_from(sorted(MARKS)), min_size=1, max_size=6), strict=st.booleans())
def test_the_last_accepted_answer_wins(
    marks: list[str], strict: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    answers = [
        event("a", "assistant", f"{OTHER} WHERE id = {n}", **MARKS[mark][0])
        for n, mark in enumerate(marks)
    ]
    said = found(
        tmp_path_factory.mktemp("log"), event("a", "user", ASK), *answers, require_accepted=strict
    )
    words = [MARKS[mark][1] for mark in marks]
    accepted = [n for n, word in enumerate(words) if word]
    last = [] if strict or words[-1] is False else [len(words) - 1]
    assert [sql for _, sql in kept(said)] == [
        f"{OTHER} WHERE id = {n}" for n in (accepted or last)[-1:]
    ]
    assert len(said) == len(marks)


WORD = st.sampled_from(["user", "assistant", "tool", "feedback", "error", "s1", "t1", SQL, ASK])
VALUE = WORD | st.none() | st.booleans() | st.integers() | st.lists(WORD, max_size=2)
KEYS = (
    "session_id role type content sql id turn_id corrects rating approved status error model timestamp"
    " message metadata provenance tool_calls schema_id turns".split()
)
EVENT = st.dictionaries(
    st.sampled_from(KEYS),
    VALUE | st.dictionaries(st.sampled_from([*KEYS, "function", "arguments"]), VALUE, max_size=3),
    max_size=7,
)


@settings(max_examples=150, deadline=None)
@given(events=st.lists(EVENT, max_size=6))
def test_whatever_events_say_each_place_is_said(
    events: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    for one in found(tmp_path_factory.mktemp("log"), *events):
        assert one.where
        assert one.question and one.sql if isinstance(one, Draft) else one.reason


@settings(max_examples=100, deadline=None)
@given(events=st.lists(EVENT, min_size=1, max_size=6), indent=st.sampled_from([None, 1]))
def test_a_list_says_what_its_items_say_as_lines(
    events: list[dict[str, Any]], indent: int | None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("log")
    lines = found(folder, *events)
    path = folder / "log.json"
    path.write_text(json.dumps(events, indent=indent), encoding="utf-8")
    listed = list(
        trajectory.read(path, Rules.of(TrajectoryDataConf(path=str(path)), source="trajectory"))
    )
    as_lines = [re.sub(r"log\.json item (\d+)", r"log.jsonl:\1", repr(one)) for one in listed]
    assert as_lines == [repr(one) for one in lines]


TIMES = {
    "2026-05-02T14:00:00Z": "2026-05-02T14:00:00Z",
    "2026-05-02 16:00:00+02:00": "2026-05-02T14:00:00Z",
    "2026-05-02T16:00:00": "2026-05-02T14:00:00Z",
    "1777730400": "2026-05-02T14:00:00Z",
    1_777_730_400: "2026-05-02T14:00:00Z",
    1_777_730_400_000: "2026-05-02T14:00:00Z",
    1_777_730_400.5: "2026-05-02T14:00:00.500000Z",
    "yesterday": "yesterday",
    True: True,
}


@pytest.mark.parametrize("said", TIMES)
def test_times(said: object) -> None:
    assert instant(said, ZoneInfo("Europe/Vienna")) == TIMES[said]  # type: ignore[index]


def test_a_time_without_a_zone_stays_as_it_is() -> None:
    assert instant("2026-05-02T16:00:00", None) == "2026-05-02T16:00:00"


@given(said=st.none() | st.booleans() | st.integers() | st.floats() | st.text())
def test_any_time_is_an_instant_or_stays(said: object) -> None:
    found = instant(said, ZoneInfo("UTC"))
    assert found is said or is_instant(found)


def test_a_log_becomes_a_dataset(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    lines = []
    for n in range(1, 9):
        lines += [
            event(f"s{n}", "user", f"Name of {n}?", timestamp="2026-05-02T14:00:00Z"),
            event(f"s{n}", "assistant", f"SELECT nam FROM shop WHERE id = {n}", model="m1"),
            event(f"s{n}", "tool", "ORA-00904: invalid identifier"),
            event(
                f"s{n}",
                "assistant",
                f"SELECT name FROM shop WHERE id = {n}",
                model="m1",
                timestamp="2026-05-02T14:00:05Z",
            ),
        ]
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    (tmp_path / "shop.sql").write_text(
        "CREATE TABLE shop (id NUMBER(6) PRIMARY KEY, name VARCHAR2(20));"
    )
    (tmp_path / "rows.json").write_text(json.dumps({"shop": [{"id": 1, "name": "x"}]}))
    conf = compose(
        [
            "data=trajectory",
            f"data.path={path}",
            f"data.ddl={tmp_path / 'shop.sql'}",
            f"data.rows={tmp_path / 'rows.json'}",
            f"outputs_dir={tmp_path / 'outputs'}",
        ]
    )
    stats = find_or_build(conf, lambda done, total: None).stats
    assert stats["rejected"] == {"provenance": 8}
    assert stats["counts"] == {"read": 16, "executed": 8, "empty_result": 7, "annotated": 8}
    assert stats["provenance"]["by_source"] == {"trajectory": 16}


def test_the_example_of_the_page(tmp_path: Path) -> None:
    page = (Path(__file__).parents[3] / "docs" / "pairs.md").read_text(encoding="utf-8")
    section = page.partition("## Logs of sessions")[2]
    path = tmp_path / "log.jsonl"
    path.write_text(section.partition("```json\n")[2].partition("```")[0], encoding="utf-8")
    said = list(trajectory.read(path, Rules.of(TrajectoryDataConf(path=str(path)))))
    assert [sql for _, sql in kept(said)] == ["SELECT name FROM shop WHERE is_open = 1"]
    assert len(said) == 2
