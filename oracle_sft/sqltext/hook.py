"""Asking a database, or anybody else, about a statement that passed the rules.

A hook runs in a thread of its own and gets a deadline. One that does not answer is abandoned: Python
cannot end a thread, so it goes on until it returns by itself, and after a few of those no further
one is started.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from oracle_sft.sqltext.findings import HookResult

Hook = Callable[[str], HookResult]
"""Gets the text of one statement that every safety rule has let pass."""

TIMEOUT = "HOOK_TIMEOUT"
FAILED = "HOOK_FAILED"
UNANSWERED = frozenset({TIMEOUT, FAILED})
"""Codes that say nothing about the statement: the hook itself did not work."""

_MAX_ABANDONED = 4


@dataclass(slots=True)
class HookRunner:
    """Calls one hook under a deadline; may be used from several threads."""

    hook: Hook
    deadline_seconds: float
    _abandoned: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, sql: str) -> HookResult:
        """The hook's answer, or one with a code in `UNANSWERED`; never raises."""
        started = time.monotonic()
        stuck = self._still_running()
        if stuck >= _MAX_ABANDONED:
            message = f"not asked: {stuck} earlier calls of the hook have not come back"
            return HookResult(False, TIMEOUT, message, 0.0)
        answers: list[object] = []

        def call() -> None:
            try:
                answers.append(self.hook(sql))
            except BaseException as error:  # a thread has nobody else who could tell
                answers.append(error)

        thread = threading.Thread(target=call, name="guardrail-hook", daemon=True)
        thread.start()
        thread.join(self.deadline_seconds)
        elapsed = time.monotonic() - started
        if not answers:
            with self._lock:
                self._abandoned.append(thread)
            message = f"the hook gave no answer within {self.deadline_seconds:g} s"
            return HookResult(False, TIMEOUT, message, elapsed)
        return _checked(answers[0], elapsed)

    def _still_running(self) -> int:
        with self._lock:
            self._abandoned[:] = [thread for thread in self._abandoned if thread.is_alive()]
            return len(self._abandoned)


def _checked(answer: object, elapsed: float) -> HookResult:
    """A hook may be anybody's code: what is no well-formed answer is none."""
    if isinstance(answer, BaseException):
        said = f"{type(answer).__name__}: {answer}" if str(answer) else type(answer).__name__
        return HookResult(False, FAILED, f"the hook raised {said}", elapsed)
    if not isinstance(answer, HookResult):
        message = f"the hook returned {type(answer).__name__}, not HookResult"
        return HookResult(False, FAILED, message, elapsed)
    if not (
        isinstance(answer.ok, bool)
        and isinstance(answer.code, str)
        and isinstance(answer.message, str)
    ):
        message = "the hook's HookResult needs ok: bool, code: str and message: str"
        return HookResult(False, FAILED, message, elapsed)
    return answer
