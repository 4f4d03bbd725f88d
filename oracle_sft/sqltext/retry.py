"""Asking a model again after a refusal, with what was wrong and what it has tried already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from oracle_sft.sqltext.extract import extract
from oracle_sft.sqltext.findings import Finding, HookResult, Verdict
from oracle_sft.sqltext.guardrail import SQLGuardrail
from oracle_sft.sqltext.hints import hint
from oracle_sft.sqltext.lexer import tokens
from oracle_sft.sqltext.schema import Schema


@dataclass(frozen=True, slots=True)
class Attempt:
    """One answer of the model and what became of it."""

    prompt: str
    answer: str
    extraction: str
    """What `extract` said about the answer: `found`, or why there is no statement in it."""
    sql: str | None
    """The statement of the answer, None without one; refused ones are kept here for the record."""
    verdict: Verdict | None
    """None where there was no statement to judge."""


Stop = Literal["allowed", "repeated", "exhausted", "unanswered"]
"""`repeated`: the model gave a statement a second time, so asking further is of no use.
`unanswered`: the hook did not work, which another statement would not change.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking, with everything that was asked."""

    stopped: Stop
    sql: str | None
    """The allowed statement; None for every other end."""
    attempts: tuple[Attempt, ...]


def build_retry_prompt(
    original_prompt: str,
    previous_sql: str | None,
    verdict: Verdict | None,
    *,
    earlier: Sequence[Attempt] = (),
    extraction: str = "no_sql",
) -> str:
    """The original prompt, every statement tried so far with its reason, and how Oracle wants it.

    `previous_sql` and `verdict` are the newest attempt's; both None when the answer held no statement,
    and then `extraction` says why. `earlier` are the attempts before it, oldest first.

    Raises:
        ValueError: the prompt is empty, or the verdict allows the statement.
    """
    if not original_prompt.strip():
        raise ValueError("the original prompt is empty; a retry needs the question and the schema")
    if verdict is not None and verdict.allowed:
        raise ValueError("the statement was allowed; there is nothing to ask again")
    tried = [(attempt.sql, _reasons(attempt.verdict, attempt.extraction)) for attempt in earlier]
    tried.append((previous_sql, _reasons(verdict, extraction)))
    parts = [original_prompt.rstrip(), ""]
    for number, (sql, reasons) in enumerate(tried, start=1):
        newest = number == len(tried)
        parts.append(f"Attempt {number} was refused:" if len(tried) > 1 else "This was refused:")
        parts.append(_shown(sql))
        parts += [f"- {reason}" for reason in (reasons if newest else reasons[:1])]
        parts.append("")
    hints = _hints(verdict)
    if hints:
        parts += [*hints, ""]
    parts.append("Answer with one corrected Oracle query that is none of the above.")
    return "\n".join(parts)


class Conversation:
    """One question until its answer is allowed, the model repeats itself, or the attempts are used up.

    For a caller that asks about many questions at once, and that may have executed the answer: `ask` is
    what to ask next, `take` what came of it.
    """

    def __init__(self, prompt: str, *, max_attempts: int = 3) -> None:
        """Raises:
        ValueError: the prompt is empty, or `max_attempts` is below 1.
        """
        if max_attempts < 1:
            raise ValueError(f"max_attempts={max_attempts} must be 1 or more")
        if not prompt.strip():
            raise ValueError("the prompt is empty")
        self._prompt = prompt
        self._max_attempts = max_attempts
        self._seen: set[tuple[str, ...]] = set()
        self.attempts: list[Attempt] = []
        self.stopped: Stop | None = None
        """None while there is something to ask."""
        self.ask = prompt
        """The prompt of the next attempt."""

    def take(self, answer: str, extraction: str, sql: str | None, verdict: Verdict | None) -> None:
        """The answer to `ask`, with what `extract` and whoever judges the statement said of it.

        Raises:
            ValueError: the conversation is over.
        """
        if self.stopped is not None:
            raise ValueError(f"nothing was asked any more: {self.stopped}")
        attempt = Attempt(self.ask, answer, extraction, sql, verdict)
        self.attempts.append(attempt)
        reading = _reading(attempt)
        if verdict is not None and verdict.allowed:
            self.stopped = "allowed"
        elif verdict is not None and verdict.findings[0].severity == "unverified":
            self.stopped = "unanswered"
        elif reading in self._seen:
            self.stopped = "repeated"
        elif len(self.attempts) == self._max_attempts:
            self.stopped = "exhausted"
        else:
            self._seen.add(reading)
            self.ask = build_retry_prompt(
                self._prompt,
                sql,
                verdict,
                earlier=self.attempts[:-1],
                extraction=extraction,
            )


def generate_with_retry(
    generate: Callable[[str], str],
    prompt: str,
    guardrail: SQLGuardrail,
    *,
    schema: Schema | None = None,
    max_attempts: int = 3,
) -> Outcome:
    """Ask until an answer is allowed, the model repeats itself, or the attempts are used up.

    `generate` maps a prompt to the model's answer. Each answer is judged by the same guardrail: a retry
    never weakens it.

    Raises:
        ValueError: the prompt is empty, or `max_attempts` is below 1.
    """
    asking = Conversation(prompt, max_attempts=max_attempts)
    while asking.stopped is None:
        answer = generate(asking.ask)
        found = extract(answer)
        verdict = None if found.sql is None else guardrail.check(found.sql, schema=schema)
        asking.take(answer, found.reason, found.sql, verdict)
    last = asking.attempts[-1].verdict
    sql = last.sql if asking.stopped == "allowed" and last is not None else None
    return Outcome(asking.stopped, sql, tuple(asking.attempts))


def database_refusal(code: str, message: str, sql: str) -> Verdict:
    """The verdict on a statement that the guardrail let pass and the database does not take."""
    finding = Finding("hook_refused", "invalid", message, (0, len(sql)))
    return Verdict(False, None, (finding,), "invalid", HookResult(False, code, message, 0.0))


def _reading(attempt: Attempt) -> tuple[str, ...]:
    """What two attempts share that say the same: their tokens, or the answer where there is no statement."""
    if attempt.sql is None:
        return ("", attempt.answer.strip())
    return tuple(token.name or token.text for token in tokens(attempt.sql))


_MAX_SHOWN_CHARS = 4_000

_NO_STATEMENT = {
    "empty": "the answer was empty",
    "no_sql": "there was no SQL in the answer",
    "several": "there were several different statements in the answer; give exactly one",
    "too_long": "the statement was too long",
    "unfinished_reasoning": "the answer ended before the query; reason less",
}


def _reasons(verdict: Verdict | None, extraction: str) -> list[str]:
    if verdict is None:
        return [_NO_STATEMENT.get(extraction, extraction)]
    return [_said(finding) for finding in verdict.findings] or ["refused"]


def _said(finding: Finding) -> str:
    """What a database says reads as its own message; everything else has the rule's name before it."""
    is_database = finding.rule == "hook_refused"
    return finding.message if is_database else f"{finding.rule}: {finding.message}"


def _shown(sql: str | None) -> str:
    if sql is None:
        return "(no statement)"
    if len(sql) <= _MAX_SHOWN_CHARS:
        return sql
    return f"{sql[:_MAX_SHOWN_CHARS]}\n... ({len(sql) - _MAX_SHOWN_CHARS} more characters)"


def _hints(verdict: Verdict | None) -> list[str]:
    if verdict is None:
        return []
    found = [hint(finding.rule, finding.message) for finding in verdict.findings]
    return list(dict.fromkeys(line for line in found if line))
