import threading
import time
from typing import Any

import pytest

from oracle_sft.sqltext.guardrail import GuardrailPolicy, HookResult, SQLGuardrail
from oracle_sft.sqltext.hook import FAILED, TIMEOUT, HookRunner

QUERY = "SELECT name FROM customers"
UNPARSED = "SELECT * FROM bills PIVOT XML (SUM(a) FOR c IN (ANY))"
INVALID = "SELECT name FROM customers LIMIT 5"


def yes(sql: str) -> HookResult:
    return HookResult(True, "", "", 0.0)


def no(sql: str) -> HookResult:
    return HookResult(False, "ORA-00942", "ORA-00942: table or view does not exist", 0.0)


def broken(sql: str) -> HookResult:
    raise OSError("the wire is cut")


def check(sql: str, hook: Any, **policy: Any) -> Any:
    return SQLGuardrail(GuardrailPolicy(**policy), hook=hook).check(sql)


def test_what_the_hook_takes_is_valid() -> None:
    verdict = check(QUERY, yes)
    assert (verdict.allowed, verdict.validity, verdict.sql) == (True, "valid", QUERY)
    assert verdict.hook == HookResult(True, "", "", 0.0)


def test_what_the_hook_refuses_is_invalid_at_every_level() -> None:
    for level in ("strict", "standard", "lenient"):
        verdict = check(QUERY, no, level=level)
        assert (verdict.allowed, verdict.sql, verdict.validity) == (False, None, "invalid")
        assert verdict.findings[0].rule == "hook_refused"
        assert verdict.reason == "ORA-00942: table or view does not exist"


def test_the_hook_settles_what_the_parser_does_not_know() -> None:
    assert not check(UNPARSED, None, level="strict").allowed
    settled = check(UNPARSED, yes, level="strict")
    assert (settled.allowed, settled.validity) == (True, "valid")
    assert not check(UNPARSED, no, level="standard").allowed


@pytest.mark.parametrize(
    "sql",
    [
        "DROP TABLE customers",
        "SELECT wipe() FROM customers",
        "SELECT name FROM customers; DELETE FROM bills",
        "SELECT name FROM customers FOR UPDATE",
        "SELECT 'x",
        "",
        INVALID,
    ],
)
def test_what_the_rules_refuse_is_never_shown_to_the_hook(sql: str) -> None:
    shown: list[str] = []

    def hook(text: str) -> HookResult:
        shown.append(text)
        return yes(text)

    verdict = check(sql, hook)
    assert not verdict.allowed
    assert verdict.hook is None
    assert shown == []


def test_the_hook_gets_the_statement_without_its_end() -> None:
    shown: list[str] = []

    def hook(text: str) -> HookResult:
        shown.append(text)
        return yes(text)

    check("-- all\nSELECT name -- c\nFROM customers;\n/\n", hook)
    assert shown == ["SELECT name -- c\nFROM customers"]


@pytest.mark.parametrize("unanswered", ["refuse", "allow"])
def test_a_hook_that_hangs_is_given_up(unanswered: str) -> None:
    release = threading.Event()

    def hangs(sql: str) -> HookResult:
        release.wait(30)
        return yes(sql)

    started = time.monotonic()
    verdict = check(QUERY, hangs, hook_timeout_seconds=0.05, hook_unanswered=unanswered)
    elapsed = time.monotonic() - started
    release.set()
    assert elapsed < 10
    assert verdict.allowed == (unanswered == "allow")
    assert verdict.findings[0].rule == "hook_timeout"
    assert verdict.hook.code == TIMEOUT
    assert 0.05 <= verdict.hook.elapsed_seconds <= elapsed
    assert verdict.validity == "valid", "that the hook was silent says nothing about the text"


def test_hooks_that_hang_do_not_pile_up() -> None:
    release = threading.Event()
    calls: list[str] = []

    def hangs(sql: str) -> HookResult:
        calls.append(sql)
        release.wait(30)
        return yes(sql)

    runner = HookRunner(hangs, deadline_seconds=0.01)
    said = [runner.ask(QUERY) for _ in range(10)]
    assert len(calls) == 4
    assert all(result.code == TIMEOUT for result in said)
    assert "not asked: 4 earlier calls" in said[-1].message
    release.set()
    deadline = time.monotonic() + 10
    while not runner.ask(QUERY).ok and time.monotonic() < deadline:
        time.sleep(0.01)
    assert runner.ask(QUERY).ok, "it is asked again once they have come back"


def quits(sql: str) -> HookResult:
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("hook", "message"),
    [
        (broken, "the hook raised OSError: the wire is cut"),
        (quits, "the hook raised SystemExit: 3"),
        (lambda sql: (True, "", ""), "the hook returned tuple, not HookResult"),
        (lambda sql: None, "the hook returned NoneType, not HookResult"),
        (lambda sql: True, "the hook returned bool, not HookResult"),
        (lambda sql: HookResult("no", "", "", 0.0), "needs ok: bool"),  # type: ignore[arg-type]
        (lambda sql: HookResult(False, None, "", 0.0), "code: str"),  # type: ignore[arg-type]
        (lambda: yes(""), "the hook raised TypeError"),
    ],
)
def test_a_hook_that_does_not_work_is_a_finding(hook: Any, message: str) -> None:
    verdict = check(QUERY, hook)
    assert not verdict.allowed
    assert verdict.findings[0].rule == "hook_failed"
    assert message in verdict.findings[0].message
    assert verdict.hook.code == FAILED
    assert check(QUERY, hook, hook_unanswered="allow").allowed
    assert not check(UNPARSED, hook, level="strict", hook_unanswered="allow").allowed


def test_a_refusal_without_words_is_one() -> None:
    verdict = check(QUERY, lambda sql: HookResult(False, "", "", 0.0))
    assert not verdict.allowed
    assert verdict.reason == "the hook refused it (no code)"
