"""Files are whole or not there, whatever happens to their writer."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oracle_sft.errors import EnvironmentFault
from oracle_sft.record.files import (
    building_folder,
    read_json,
    read_jsonl,
    replacing,
    sweep_strays,
    write_json,
    write_jsonl,
    write_text,
)


def test_json_and_jsonl_come_back(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"ä": [1, None]})
    assert read_json(tmp_path / "a.json") == {"ä": [1, None]}
    assert write_jsonl(tmp_path / "b.jsonl", [{"n": 1}, {"n": 2}]) == 2
    assert read_jsonl(tmp_path / "b.jsonl") == [{"n": 1}, {"n": 2}]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "b.jsonl"]


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    write_text(tmp_path / "a", "old")
    with pytest.raises(RuntimeError), replacing(tmp_path / "a") as part:
        part.write_text("half")
        raise RuntimeError
    assert (tmp_path / "a").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_an_error_while_building_leaves_the_old_folder(tmp_path: Path) -> None:
    with building_folder(tmp_path / "d") as building:
        (building / "x").write_text("old")
    with pytest.raises(RuntimeError), building_folder(tmp_path / "d") as building:
        (building / "y").write_text("new")
        raise RuntimeError
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["x"]
    with building_folder(tmp_path / "d") as building:
        (building / "y").write_text("new")
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["y"]
    assert [path.name for path in tmp_path.iterdir()] == ["d"]


def test_files_are_readable_by_others(tmp_path: Path) -> None:
    write_text(tmp_path / "a", "x")
    mask = os.umask(0)
    os.umask(mask)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o666 & ~mask


def test_a_full_disk_is_the_machines_fault(tmp_path: Path) -> None:
    with (
        pytest.raises(EnvironmentFault, match=r"No space left on device.*free some space"),
        replacing(tmp_path / "a"),
        Path("/dev/full").open("wb", buffering=0) as full,
    ):
        full.write(b"x")
    assert not list(tmp_path.iterdir())


def test_a_full_disk_below_a_library_is_recognised(tmp_path: Path) -> None:
    with (
        pytest.raises(EnvironmentFault, match="No space left on device"),
        building_folder(tmp_path / "d"),
    ):
        raise RuntimeError("I/O error: No space left on device (os error 28)")


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    write_text(tmp_path / "a", "x")
    with pytest.raises(EnvironmentFault, match=r"a/b cannot be written"):
        write_text(tmp_path / "a" / "b", "y")


WRITER = """
import sys
from pathlib import Path
from oracle_sft.record.files import write_text
print("ready", flush=True)
while True:
    for letter in "ab":
        write_text(Path(sys.argv[1]), letter * 300_000)
"""


def test_killed_at_any_moment_old_or_new_stays_whole(tmp_path: Path) -> None:
    """Three kills here; the campaign of hundreds is benchmarks/kills.py."""
    draw = random.Random(0)
    for _ in range(3):
        command = [sys.executable, "-c", WRITER, str(tmp_path / "file")]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(draw.uniform(0.02, 0.2))
            writer.send_signal(signal.SIGKILL)
        text = (tmp_path / "file").read_text()
        assert text in ("a" * 300_000, "b" * 300_000)
    sweep_strays(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
