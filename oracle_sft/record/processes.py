"""Worker processes that end with the process that started them."""

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from oracle_sft.errors import EnvironmentFault


def num_cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))


@contextmanager
def worker_processes(
    workers: int, begin: Callable[..., None] | None = None, *arguments: Any
) -> Iterator[ProcessPoolExecutor]:
    """Processes that each call `begin(*arguments)` first.

    They are spawned: forked ones would inherit whatever locks and threads the caller has.

    Raises:
        EnvironmentFault: one of them was killed, as the kernel does where memory is short.
    """
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(begin, arguments),
    )
    try:
        yield pool
    except BrokenProcessPool as error:
        raise EnvironmentFault(
            f"one of {workers} worker processes was killed, perhaps for want of memory; start again with fewer of them "
            "or more memory"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(begin: Callable[..., None] | None, arguments: tuple[Any, ...]) -> None:
    # A worker waits for its next task on a pipe that its siblings hold open, too: it would wait for ever where the
    # parent was killed.
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if begin is not None:
        begin(*arguments)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
