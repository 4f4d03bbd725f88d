"""What the user sees: one line for each long step, and nothing that a library has to say.

On a terminal the line moves; elsewhere (a log, CI) it is printed once, when the step ends.
"""

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from rich.console import Console as RichConsole
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

_TITLE_WIDTH = 14
_LOG_WIDTH = 120  # where nothing says how wide it is: a log, a pipe


class Step:
    """A long step in progress."""

    def __init__(self, title: str, progress: Progress | None) -> None:
        """`progress` is None where nothing moves."""
        self.title = title
        self.result = ""
        self._progress = progress
        self._task = progress.add_task(title, total=None, note="") if progress else None

    def update(self, done: int, total: int | None = None, note: str = "") -> None:
        """Show how far the step is."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=done, total=total, note=note)

    def done(self, result: str) -> None:
        """Say what the step gave; shown when it ends."""
        self.result = result


class Console:
    """The way to the user of one process."""

    def __init__(self, stream: TextIO | None = None) -> None:
        """`stream` defaults to standard output."""
        stream = stream or sys.stdout
        width = None if stream.isatty() else _LOG_WIDTH
        self.rich = RichConsole(file=stream, highlight=False, soft_wrap=True, width=width)

    def say(self, text: str) -> None:
        """One line of plain text."""
        self.rich.print(text, markup=False)

    def warn(self, text: str) -> None:
        """One line that must not be missed; it goes to the log too."""
        self.rich.print(f"warning: {text}", style="yellow", markup=False)
        logging.getLogger("oracle_sft").warning(text)

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """Show a step while the block runs, then its result and its seconds."""
        started = time.monotonic()
        if self.rich.is_terminal:
            with self._progress() as progress:
                step = Step(title, progress)
                yield step
        else:
            step = Step(title, None)
            yield step
        seconds = time.monotonic() - started
        line = f"{step.title:<{_TITLE_WIDTH - 1}} {step.result}  [{_duration(seconds)}]"
        self.say(line)
        logging.getLogger("oracle_sft").info(line)

    def _progress(self) -> Progress:
        return Progress(
            TextColumn(f"{{task.description:<{_TITLE_WIDTH - 1}}}"),
            BarColumn(bar_width=24),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
            console=self.rich,
            transient=True,
        )


def log_to(path: Path, level: str) -> None:
    """Send every log record and Python warning of this process to the end of `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    logging.raiseExceptions = False  # a log on a full disk must not bury the message that matters


@contextmanager
def logged_to(path: Path, level: str) -> Iterator[None]:
    """`log_to` while the block runs, in a process that goes on behind it."""
    root = logging.getLogger()
    handlers, level_before = root.handlers, root.level
    log_to(path, level)
    try:
        yield
    finally:
        for handler in root.handlers:
            handler.close()
        root.handlers = handlers
        root.setLevel(level_before)
        logging.captureWarnings(False)


def quiet_console(log_path: Path) -> Console:
    """A console on the real standard output, whose process then prints into `log_path`.

    Libraries write to the file descriptors themselves (progress bars, banners, C++ warnings), so the descriptors are
    moved, not only Python's streams.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    log = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    user = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    return Console(user)


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60:02d} s"
