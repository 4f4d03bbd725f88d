"""Worker processes that end with the process that started them."""

import math
import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from oracle_sft.errors import EnvironmentFault

_Result = TypeVar("_Result")


_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def num_cores(quota: Path = _QUOTA) -> int:
    """The cores that this process may use: by its affinity, and by what its container is given of them.

    `quota` is the file of version 2 of Linux's control groups; where there is none, only the affinity counts.
    """
    cores = len(os.sched_getaffinity(0))
    try:
        microseconds, of_microseconds = map(int, quota.read_text().split())
    except (OSError, ValueError):  # no such file, or `max`
        return cores
    return min(cores, max(1, math.ceil(microseconds / of_microseconds)))


class Workers(ProcessPoolExecutor):
    """A pool of processes."""

    def results(
        self, function: Callable[..., _Result], *arguments: Iterable[Any]
    ) -> Iterator[_Result]:
        """What `function` gives for the first of each of the arguments, the second, and so on, in this order.

        Unlike `map` it cancels no call where a result is an error: Python 3.11 shows a traceback for those where
        processes end.
        """
        calls = deque(self.submit(function, *each) for each in zip(*arguments, strict=False))
        while calls:
            yield calls.popleft().result()


@contextmanager
def worker_processes(
    workers: int, begin: Callable[..., None] | None = None, *arguments: Any
) -> Iterator[Workers]:
    """Processes that each call `begin(*arguments)` first. They end with the block, at once where it ends by an error.

    They are spawned: forked ones would inherit whatever locks and threads the caller has. What they are to call may
    not be defined in the script that was started.

    Raises:
        EnvironmentFault: one of them was killed, as the kernel does where memory is short.
    """
    # Nobody writes to this pipe: it ends when this process closes its end of it, or is killed.
    ended, alive = multiprocessing.Pipe(duplex=False)
    with (
        ended,
        alive,
        Workers(
            workers, mp_context=_Context(), initializer=_begin, initargs=(ended, begin, arguments)
        ) as pool,
    ):
        try:
            yield pool
        except BaseException as error:
            alive.close()
            if not isinstance(error, BrokenProcessPool):
                raise
            raise EnvironmentFault(
                f"one of {workers} worker processes was killed, perhaps for want of memory; start again with fewer of "
                "them or more memory"
            ) from error


class _Process(SpawnProcess):
    """A process that neither Ctrl-C nor the script that was started reaches."""

    def start(self) -> None:
        # Ctrl-C goes to all processes of a terminal, and each would show a traceback. The mask is inherited; this
        # process gets a signal of meanwhile when the mask is lifted.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        # A new process runs the caller's script to find what is defined in it, and with it all that the script does
        # without a guard; it cannot even start where there is no file, as for one that is piped in.
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = script
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    Process = _Process


def _begin(
    ended: Connection, begin: Callable[..., None] | None, arguments: tuple[Any, ...]
) -> None:
    # A worker waits for its next task on a pipe that its siblings hold open, too: it would wait for ever where the
    # parent was killed.
    threading.Thread(target=_end_with, args=(ended,), daemon=True).start()
    if begin is not None:
        begin(*arguments)


def _end_with(ended: Connection) -> None:
    ended.poll(None)
    os._exit(1)
