"""From a text to one safe, valid Oracle query, or the reasons why not.

The safety rules read tokens and never ask the parser, so they hold for what it does not know as
well. This is a check of text: a database account that can only read is what enforces it.
"""

from collections.abc import Iterator
from itertools import islice

from oracle_sft.sqltext.block_reader import read_statement
from oracle_sft.sqltext.findings import (
    Finding,
    GuardrailPolicy,
    HookResult,
    Validity,
    Verdict,
)
from oracle_sft.sqltext.hook import TIMEOUT, UNANSWERED, Hook, HookRunner
from oracle_sft.sqltext.lexer import tokens
from oracle_sft.sqltext.parse import statement_tokens
from oracle_sft.sqltext.reading import Reading
from oracle_sft.sqltext.rules import RULES, characters, malformed, statement
from oracle_sft.sqltext.schema import Schema
from oracle_sft.sqltext.validity import lint_findings, validity_findings, validity_of

__all__ = ["Finding", "GuardrailPolicy", "Hook", "HookResult", "SQLGuardrail", "Verdict"]

_MAX_FINDINGS = 20
"""Of one rule: nobody reads more, and a hostile text has thousands."""


class SQLGuardrail:
    """Checks texts against one policy; one guardrail may serve several threads.

    With a hook, what passes the rules is shown to it as well, and to nobody else.
    """

    def __init__(self, policy: GuardrailPolicy | None = None, hook: Hook | None = None) -> None:
        self.policy = policy or GuardrailPolicy()
        self._allowed = frozenset(name.upper() for name in self.policy.allowed_functions)
        self._runner = None if hook is None else HookRunner(hook, self.policy.hook_timeout_seconds)

    def check(self, text: str, *, schema: Schema | None = None) -> Verdict:
        """Judge the text of one statement; a model's answer goes through `extract` first.

        With `schema` only its tables and columns may be read. Never raises on text, nor for what a
        hook does.
        """
        return self.check_and_read(text, schema=schema)[0]

    def check_and_read(
        self, text: str, *, schema: Schema | None = None
    ) -> tuple[Verdict, Reading | None]:
        """`check`, and the text as the rules saw it, for whoever has to read it next; None where it was no text for
        them.
        """
        findings = list(self._text_findings(text))
        if findings:
            return _refusal(findings), None
        lexed = list(tokens(text, comments=True))
        body = statement_tokens([token for token in lexed if token.kind != "comment"])
        findings = [] if text.isascii() else list(characters.odd_characters(lexed))
        reading = Reading(
            text=text,
            all_tokens=lexed,
            statement=read_statement(body),
            policy=self.policy,
            schema=schema,
            allowed=self._allowed,
        )
        return self._verdict(reading, findings), reading

    def _verdict(self, reading: Reading, findings: list[Finding]) -> Verdict:
        # Without its brackets and ends a text cannot be read any further.
        findings += [*malformed.lexical(reading), *statement.nesting(reading)]
        if findings:
            return _refusal(findings)
        for rule in RULES:
            findings += islice(rule(reading), _MAX_FINDINGS)
        if findings:
            return _refusal([*findings, *lint_findings(reading)])
        findings = list(validity_findings(reading))
        validity = validity_of(findings)
        text, body = reading.text, reading.tokens
        span = (body[0].start, body[-1].end)
        allowed = self._accepts(validity)
        # A database is not asked for what is refused anyway; what only the parser does not know it may settle.
        if self._runner is not None and (allowed or validity == "unparsed"):
            return self._ask(self._runner, text, span, findings, validity)
        return Verdict(allowed, text[slice(*span)] if allowed else None, tuple(findings), validity)

    def _ask(
        self,
        runner: HookRunner,
        text: str,
        span: tuple[int, int],
        findings: list[Finding],
        validity: Validity,
    ) -> Verdict:
        """The verdict on a text that passed the rules, after the hook has spoken.

        `hook_refused`: the database does not take the statement.

        `hook_timeout`: the hook gave no answer in time; the policy says what becomes of the statement.

        `hook_failed`: the hook raised, or returned no `HookResult`; the policy says what becomes of it.
        """
        sql = text[slice(*span)]
        answer = runner.ask(sql)
        if answer.ok:
            return Verdict(True, sql, tuple(findings), "valid", answer)
        if answer.code in UNANSWERED:
            rule = "hook_timeout" if answer.code == TIMEOUT else "hook_failed"
            said = Finding(rule, "unverified", answer.message, span)
            allowed = self._accepts(validity) and self.policy.hook_unanswered == "allow"
            return Verdict(allowed, sql if allowed else None, (said, *findings), validity, answer)
        message = answer.message or f"the hook refused it ({answer.code or 'no code'})"
        said = Finding("hook_refused", "invalid", message, span)
        return Verdict(False, None, (said, *findings), "invalid", answer)

    def _text_findings(self, text: str) -> Iterator[Finding]:
        yield from characters.size(text, self.policy)
        yield from characters.control_characters(text)
        if not text.isascii():
            yield from characters.bidi_controls(text)

    def _accepts(self, validity: Validity) -> bool:
        match self.policy.level:
            case "strict":
                return validity == "valid"
            case "standard":
                return validity != "invalid"
            case "lenient":
                return True


def _refusal(findings: list[Finding]) -> Verdict:
    # What is refused as unsafe was not parsed, unless a rule of Oracle's syntax speaks against it.
    return Verdict(False, None, tuple(findings), validity_of(findings, default="unparsed"))
