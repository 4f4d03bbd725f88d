"""Worker processes: they end with who started them, and a killed one is said."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oracle_sft.errors import EnvironmentFault
from oracle_sft.record.processes import num_cores, worker_processes
from oracle_sft.sqltext.parse import SQLSyntaxError

STARTED = """
import os, sys, time
from oracle_sft.record.processes import num_cores, worker_processes
with worker_processes(2) as pool:
    print(*sorted({pool.submit(os.getpid).result() for _ in range(20)}), flush=True)
    time.sleep(600)
"""


AT_WORK = """
import sys, time
from oracle_sft.record.processes import num_cores, worker_processes
with worker_processes(2) as pool:
    first = pool.submit(abs, -1)
    if sys.argv[1] == "they work":
        first.result()
    print("ready", flush=True)
    list(pool.results(time.sleep, [60] * 5))
"""
UNGUARDED = """
from oracle_sft.record.processes import num_cores, worker_processes
print("begins")
with worker_processes(2) as pool:
    print([pool.submit(abs, -n).result() for n in range(3)])
"""


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_each_worker_begins_as_it_is_told() -> None:
    with worker_processes(1, os.putenv, "SAID_TO_WORKERS", "x") as pool:
        assert pool.submit(os.system, 'test "$SAID_TO_WORKERS" = x').result() == 0


def _refuse(sql: str) -> None:
    raise SQLSyntaxError(f"no query: {sql}", 3, 7)


def test_an_error_of_a_call_comes_as_it_was_raised() -> None:
    with (
        pytest.raises(SQLSyntaxError, match=r"no query: x \(line 3, column 7\)") as said,
        worker_processes(1) as pool,
    ):
        list(pool.results(_refuse, ["x"]))
    assert (said.value.message, said.value.line, said.value.column) == ("no query: x", 3, 7)


def test_a_worker_that_is_killed_is_a_fault_of_the_machine() -> None:
    with (
        pytest.raises(EnvironmentFault, match="one of 1 worker processes was killed"),
        worker_processes(1) as pool,
    ):
        pool.submit(_end).result()


def test_workers_end_when_their_parent_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTED], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        workers = [int(one) for one in parent.stdout.readline().split()]
        assert workers
        parent.kill()
    deadline = time.monotonic() + 20
    while any(_lives(pid) for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("moment", ["they start", "they work"])
def test_ctrl_c_ends_workers_at_once_and_without_a_word_of_theirs(moment: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", AT_WORK, moment],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as parent:
        assert parent.stdout is not None
        assert parent.stderr is not None
        assert parent.stdout.readline() == "ready\n"
        time.sleep(0.1)
        os.killpg(parent.pid, signal.SIGINT)
        # The pipe ends when the last process that holds it does.
        said = parent.stderr.read()
        assert parent.wait(20) == -signal.SIGINT
    assert said.count("KeyboardInterrupt") == said.count("Traceback") == 1


@pytest.mark.parametrize("piped", [False, True])
def test_a_script_needs_no_guard_and_no_file(tmp_path: Path, piped: bool) -> None:
    script = tmp_path / "unguarded.py"
    script.write_text(UNGUARDED)
    command = [sys.executable, "-" if piped else str(script)]
    ended = subprocess.run(
        command, input=UNGUARDED, capture_output=True, text=True, env=os.environ, timeout=60
    )
    assert (ended.stdout, ended.stderr) == ("begins\n[0, 1, 2]\n", "")


def _lives(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(
    ("said", "cores"),
    [("max 100000\n", None), ("100000 100000\n", 1), ("50000 100000\n", 1), ("", None)],
)
def test_a_container_that_is_given_less_has_fewer_cores(
    tmp_path: Path, said: str, cores: int | None
) -> None:
    (tmp_path / "cpu.max").write_text(said)
    assert num_cores(tmp_path / "cpu.max") == (cores or len(os.sched_getaffinity(0)))
    assert num_cores(tmp_path / "none") == len(os.sched_getaffinity(0))
