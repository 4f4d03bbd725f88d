"""A file is changed where a record is, and nowhere else; it is the old one or the new one at any moment."""

import fcntl
import gzip
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.pairs.provenance import ProvenanceMeta, ProvenanceTracker, rewrite
from oracle_sft.pairs.provenance.rewrite import backfill, exclude
from tests.pairs.provenance.samples import UNREADABLE, WHOLE, line, pair

SAID = ProvenanceMeta("import", "backfill", "hermes", "2026-01-01T00:00:00Z")


def test_a_partial_record_is_completed_and_keeps_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line({"id": "p", "provenance": {"model": "mine", "source": " "}}) + b"\n")
    assert backfill(path, SAID).changed == 1
    assert json.loads(path.read_bytes())["provenance"] == {
        "model": "mine",
        "source": "backfill",
        "source_session_id": "import",
        "timestamp": "2026-01-01T00:00:00Z",
        "approved": True,
    }


def test_an_excluded_pair_stays_unapproved(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line({"provenance": {"excluded": True, "exclusion_reason": "bad"}}))
    backfill(path, SAID)
    assert json.loads(path.read_bytes())["provenance"]["approved"] is False


def test_everything_else_keeps_its_bytes(tmp_path: Path) -> None:
    kept = [
        b'{ "b" : 1.10, "provenance": ' + line(WHOLE) + b"}",
        b"",
        b" \t",
        *UNREADABLE.values(),
        b'{"provenance": "analysts"}',
    ]
    changed = (
        b'{"z": 1.10,"a": "\\u00e9 \xc3\xa9", "n": 123456789012345678901234567890, "big": 1e400}'
    )
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join([*kept, changed]))
    done = backfill(path, SAID)
    *found, last = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\r\n")
    assert found == kept
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert last.startswith(changed[:-1] + b', "provenance": {')
    assert done.changed == 1
    assert [number for number, _ in done.kept_back] == list(range(4, 5 + len(UNREADABLE)))


def test_a_second_time_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line({"id": "a"}) + b"\n" + line(pair(source="scraped")) + b"\n")
    assert backfill(path, SAID).changed == 1
    before = path.stat()
    again = backfill(path, SAID)
    after = path.stat()
    assert (again.changed, again.tally.valid, again.tally.total) == (0, 1, 2)
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_packed_file_stays_packed(tmp_path: Path, compression: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(pyarrow.compress(line({"id": "a"}) + b"\n", compression, asbytes=True))
    assert backfill(path, SAID).changed == 1
    with pyarrow.input_stream(str(path), compression=compression) as stream:
        assert json.loads(stream.read())["provenance"]["model"] == "hermes"
    if compression == "gzip":
        assert gzip.decompress(path.read_bytes()).endswith(b"}\n")


def test_mode_and_link_of_a_file_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "a.jsonl", tmp_path / "link.jsonl"
    path.write_bytes(line({"id": "a"}))
    path.chmod(0o640)
    link.symlink_to(path)
    backfill(link, SAID)
    assert link.is_symlink()
    assert (path.stat().st_mode & 0o777, backfill(path, SAID).changed) == (0o640, 0)


def test_pairs_are_excluded_by_id_for_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(pair() | {"id": "a"}) + b"\n" + line(pair() | {"id": "b"}) + b"\n")
    done = exclude(path, {"b", "c"}, "wrong join")
    first, second = (json.loads(one)["provenance"] for one in path.read_bytes().splitlines())
    assert first == WHOLE
    assert second == WHOLE | {"approved": False, "excluded": True, "exclusion_reason": "wrong join"}
    assert (done.changed, done.found, done.tally.excluded) == (1, {"b"}, 1)
    with pytest.raises(ValueError, match="for a reason"):
        exclude(path, {"a"}, " ")


def test_a_pair_without_an_id_is_named_by_its_content(tmp_path: Path) -> None:
    from oracle_sft.pairs.pair import pair_id

    path = tmp_path / "a.jsonl"
    path.write_bytes(line({"question": "q", "sql": "s", "schema_id": "x"}))
    assert exclude(path, {pair_id("q", "s", "x")}, "bad").changed == 1


def test_an_id_of_another_type_is_nobodys_and_no_bug(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    before = b'{"id": [1]}\n{"id": {"a": 1}}\n{"id": 5}\n{"id": 1e999}\n'
    path.write_bytes(before + b'{"id": "p"}\n')
    done = exclude(path, {"p", "5"}, "wrong")
    assert (done.found, done.changed) == ({"p"}, 1)
    assert [number for number, _ in done.kept_back] == [4]
    assert "out of range" in done.kept_back[0][1]
    assert path.read_bytes().startswith(before)


def test_a_number_in_the_place_of_a_truth_value_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line(pair(excluded=1, approved=0, exclusion_reason="wrong")) + b"\n")
    assert exclude(path, {"p"}, "wrong").changed == 1
    found = json.loads(path.read_bytes())["provenance"]
    assert (found["excluded"], found["approved"]) == (True, False)
    assert isinstance(found["excluded"], bool)
    assert isinstance(found["approved"], bool)
    assert exclude(path, {"p"}, "wrong").changed == 0


def test_a_file_that_somebody_else_rewrites_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line({"id": "a"}))
    with path.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(UserError, match="being rewritten by another process"):
            backfill(path, SAID)


def test_a_file_that_grows_meanwhile_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line({"id": "a"}) + b"\n")
    read = rewrite.blocks

    def read_and_append(which: Path) -> Any:
        yield from read(which)
        with which.open("ab") as more:
            more.write(line({"id": "b"}) + b"\n")

    monkeypatch.setattr(rewrite, "blocks", read_and_append)
    with pytest.raises(UserError, match="written to while it was read"):
        backfill(path, SAID)
    assert path.read_bytes() == line({"id": "a"}) + b"\n" + line({"id": "b"}) + b"\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(line({"id": "a"}) + b"\n")

    def full(part: Path, compression: str) -> Any:
        return Path("/dev/full").open("wb", buffering=0)

    monkeypatch.setattr(rewrite, "create_stream", full)
    with pytest.raises(EnvironmentFault, match="No space left"):
        backfill(path, SAID)
    assert path.read_bytes() == line({"id": "a"}) + b"\n"
    assert list(tmp_path.iterdir()) == [path]


KILLED = """
import sys
from pathlib import Path
from oracle_sft.pairs.provenance import ProvenanceMeta
from oracle_sft.pairs.provenance.rewrite import backfill
print("ready", flush=True)
said = ProvenanceMeta("import", "backfill", "hermes", "2026-01-01T00:00:00Z")
backfill(Path(sys.argv[1]), said)
"""


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.02, 0.06])
def test_a_kill_leaves_the_old_file_or_the_new_one(tmp_path: Path, seconds: float) -> None:
    path = tmp_path / "a.jsonl"
    lines = [line({"id": str(number), "question": "q" * 200}) for number in range(20_000)]
    old = b"\n".join(lines) + b"\n"
    path.write_bytes(old)
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        os.kill(process.pid, signal.SIGKILL)
    found = path.read_bytes()
    assert found == old or found.count(b'"model":"hermes"') == found.count(b"\n") == len(lines)
    backfill(path, SAID)
    assert list(tmp_path.iterdir()) == [path], "what a killed writer left is swept"


metas = st.none() | st.fixed_dictionaries(
    {},
    optional={
        "source": st.sampled_from(["curated", "", "other"]),
        "model": st.sampled_from(["m", "", None]),
        "approved": st.booleans(),
        "excluded": st.booleans(),
        "note": st.integers(),
    },
)


@given(st.lists(metas, max_size=6))
def test_a_file_is_completed_as_its_pairs_are(
    tmp_path_factory: pytest.TempPathFactory, said: list[Any]
) -> None:
    path = tmp_path_factory.mktemp("backfill") / "a.jsonl"
    pairs = [{"id": str(number), "provenance": meta} for number, meta in enumerate(said)]
    path.write_bytes(b"".join(line(one) + b"\n" for one in pairs))
    tracker = ProvenanceTracker()
    tracker.backfill_file(path, source="backfill", model="hermes")
    found = [json.loads(one) for one in path.read_bytes().splitlines()]
    other = ProvenanceTracker()
    for one in pairs:
        one["provenance"] = one["provenance"] or {}
        other.backfill(one, source="backfill", model="hermes")
    for one, expected in zip(found, pairs, strict=True):
        wanted = expected["provenance"]
        got = one["provenance"]
        assert {**got, "timestamp": ""} | {
            key: wanted[key] for key in ("excluded", "exclusion_reason") if key not in got
        } == {**wanted, "timestamp": ""}
    assert tracker.report() == {**other.report()}
