"""Events wait on disk for their session's others: in order, in little memory, and nothing is left behind."""

import json
import tempfile
import tracemalloc
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.config.data import TrajectoryDataConf
from oracle_sft.errors import EnvironmentFault
from oracle_sft.pairs.readers import trajectory
from oracle_sft.pairs.readers.draft import Draft
from oracle_sft.pairs.readers.sessions import Rules
from oracle_sft.pairs.readers.shelf import Shelf

EVENTS = st.lists(
    st.tuples(st.sampled_from("abc\ud800"), st.text(max_size=5), st.binary(max_size=9))
)


@given(events=EVENTS)
def test_sessions_come_as_they_began_and_their_events_in_order(
    events: list[tuple[str, str, bytes]],
) -> None:
    wanted: dict[str, list[tuple[str, bytes]]] = {}
    with closing(Shelf()) as shelf:
        for session_id, where, raw in events:
            shelf.put(session_id, where, raw)
            wanted.setdefault(session_id, []).append((where, raw))
        assert list(shelf.sessions()) == list(wanted.items())


def test_no_file_is_left_also_by_who_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with closing(Shelf()) as shelf:
        shelf.put("a", "log.jsonl:1", b"x" * 100_000)
        assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    full = Path("/dev/full").open("w+b")  # noqa: SIM115  the shelf closes it
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: full)
    with (
        pytest.raises(EnvironmentFault, match=r"No space left on device.*set TMPDIR to a disk"),
        closing(Shelf()) as shelf,
    ):
        for _ in range(9):
            shelf.put("a", "log.jsonl:1", b"x" * 10_000)


def _events(number: int) -> list[dict[str, Any]]:
    said = [
        ("user", "Open shops?"),
        ("assistant", f"SELECT name FROM shop WHERE id = {number}"),
        ("reasoning", "It may be open. " * 6000),
    ]
    return [
        {"session_id": f"s{number}", "role": role, "content": content} for role, content in said
    ]


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["lines", "a list"])
def test_memory_holds_a_session_and_not_the_log(layout: str, tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    # All users ask before the first answer: every session is open at once.
    events = [json.dumps(_events(number)[place]) for place in range(3) for number in range(300)]
    between = "\n" if layout == "lines" else ",\n"
    text = between.join(events)
    path.write_text(text if layout == "lines" else f"[{text}]")
    size = path.stat().st_size
    del events, text
    rules = Rules.of(TrajectoryDataConf(path=str(path)))
    tracemalloc.start()
    sessions = [
        one.provenance["source_session_id"]
        for one in trajectory.read(path, rules)
        if isinstance(one, Draft)
    ]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sessions == [f"s{number}" for number in range(300)]
    assert size > 25_000_000
    assert peak < 19_000_000  # some blocks of 4 MiB each, and 300 names
