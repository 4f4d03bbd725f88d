"""Asking a model again after a refusal, with what was wrong and what it has tried already."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from oracle_sft.sqltext.extract import extract
from oracle_sft.sqltext.findings import Verdict
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of asking, with everything that was asked."""

    stopped: Literal["allowed", "repeated", "exhausted", "unanswered"]
    """`repeated`: the model gave a statement a second time, so asking further is of no use.
    `unanswered`: the hook did not work, which another statement would not change.
    """
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
    if max_attempts < 1:
        raise ValueError(f"max_attempts={max_attempts} must be 1 or more")
    if not prompt.strip():
        raise ValueError("the prompt is empty")
    attempts: list[Attempt] = []
    seen: set[tuple[str, ...]] = set()
    asked = prompt
    while True:
        attempt = _attempt(asked, generate(asked), guardrail, schema)
        attempts.append(attempt)
        if attempt.verdict is not None and attempt.verdict.allowed:
            return Outcome("allowed", attempt.verdict.sql, tuple(attempts))
        if attempt.verdict is not None and attempt.verdict.findings[0].severity == "unverified":
            return Outcome("unanswered", None, tuple(attempts))
        reading = _reading(attempt)
        if reading in seen:
            return Outcome("repeated", None, tuple(attempts))
        if len(attempts) == max_attempts:
            return Outcome("exhausted", None, tuple(attempts))
        seen.add(reading)
        asked = build_retry_prompt(
            prompt,
            attempt.sql,
            attempt.verdict,
            earlier=attempts[:-1],
            extraction=attempt.extraction,
        )


def _attempt(prompt: str, answer: str, guardrail: SQLGuardrail, schema: Schema | None) -> Attempt:
    found = extract(answer)
    verdict = None if found.sql is None else guardrail.check(found.sql, schema=schema)
    return Attempt(prompt, answer, found.reason, found.sql, verdict)


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
    return [f"{finding.rule}: {finding.message}" for finding in verdict.findings] or ["refused"]


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
