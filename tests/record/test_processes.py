"""Worker processes: they end with who started them, and a killed one is said."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from oracle_sft.errors import EnvironmentFault
from oracle_sft.record.processes import worker_processes

STARTED = """
import os, sys, time
from oracle_sft.record.processes import worker_processes
with worker_processes(2) as pool:
    print(*sorted({pool.submit(os.getpid).result() for _ in range(20)}), flush=True)
    time.sleep(600)
"""


def _end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_each_worker_begins_as_it_is_told() -> None:
    with worker_processes(1, os.putenv, "SAID_TO_WORKERS", "x") as pool:
        assert pool.submit(os.system, 'test "$SAID_TO_WORKERS" = x').result() == 0


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


def _lives(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
