"""Deadlines for queries: one sleeping thread per database, not one per query."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Watchdog:
    """Calls `interrupt` when a watched block runs past its deadline. One block at a time."""

    def __init__(self, interrupt: Callable[[], None]) -> None:
        self._interrupt = interrupt
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._deadline: float | None = None
        self._wakes_at = float("inf")
        self._closed = False
        self.expired = False
        """The last watched block was interrupted."""

    @contextmanager
    def watch(self, seconds: float) -> Iterator[None]:
        """Interrupt what runs inside after so many seconds."""
        deadline = time.monotonic() + seconds
        with self._changed:
            self.expired = False
            self._deadline = deadline
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()
            # A thread that wakes too early looks again by itself: waking it for each query would
            # cost more than most queries do.
            if deadline < self._wakes_at:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._deadline = None

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                if self._deadline is not None and now >= self._deadline:
                    self.expired = True
                    self._deadline = None
                    self._interrupt()
                waiting = self._deadline
                self._wakes_at = float("inf") if waiting is None else waiting
                self._changed.wait(None if waiting is None else waiting - now)
