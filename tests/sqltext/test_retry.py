import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.sqltext.findings import Finding, HookResult, Verdict
from oracle_sft.sqltext.guardrail import SQLGuardrail
from oracle_sft.sqltext.retry import (
    Attempt,
    Conversation,
    Outcome,
    build_retry_prompt,
    database_refusal,
    generate_with_retry,
)

PROMPT = "Schema: CUSTOMERS (NAME, CITY)\nQuestion: the first five names"
LIMIT = "SELECT name FROM customers LIMIT 5"
GOOD = "SELECT name FROM customers FETCH FIRST 5 ROWS ONLY"


def refused(sql: str) -> Verdict:
    verdict = SQLGuardrail().check(sql)
    assert not verdict.allowed
    return verdict


# --- the prompt -----------------------------------------------------------------------------------


@pytest.mark.parametrize("prompt", ["", "  \n\t"])
def test_an_empty_prompt_is_refused(prompt: str) -> None:
    with pytest.raises(ValueError, match="prompt is empty"):
        build_retry_prompt(prompt, LIMIT, refused(LIMIT))
    with pytest.raises(ValueError, match="prompt is empty"):
        generate_with_retry(lambda _: GOOD, prompt, SQLGuardrail())


def test_an_allowed_statement_is_nothing_to_ask_again_about() -> None:
    with pytest.raises(ValueError, match="was allowed"):
        build_retry_prompt(PROMPT, GOOD, SQLGuardrail().check(GOOD))


def test_the_prompt_has_the_question_the_statement_the_finding_and_a_hint() -> None:
    prompt = build_retry_prompt(PROMPT, LIMIT, refused(LIMIT))
    assert prompt.startswith(PROMPT)
    assert LIMIT in prompt
    assert "limit: LIMIT is no Oracle; use FETCH FIRST n ROWS ONLY" in prompt
    assert "Oracle limits rows with FETCH FIRST n ROWS ONLY at the end" in prompt


def test_the_prompt_has_all_earlier_attempts_and_the_newest_last() -> None:
    statements = ["DELETE FROM customers", "SELECT wipe() FROM customers", LIMIT]
    earlier = [Attempt(PROMPT, sql, "found", sql, refused(sql)) for sql in statements[:2]]
    prompt = build_retry_prompt(PROMPT, LIMIT, refused(LIMIT), earlier=earlier)
    places = [prompt.index(sql) for sql in statements]
    assert places == sorted(places)
    assert "Attempt 1 was refused" in prompt
    assert "Attempt 3 was refused" in prompt
    assert "dml:" in prompt


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("ORA-00942", "Use only the tables and columns"),
        ("ORA-00979", "belongs into GROUP BY"),
        ("ORA-01861", "DATE '2024-01-31'"),
        ("ORA-00933", "no LIMIT"),
    ],
)
def test_what_the_database_said_has_a_hint_of_its_own(code: str, said: str) -> None:
    finding = Finding("hook_refused", "invalid", f"{code}: something", (0, 5))
    verdict = Verdict(
        False, None, (finding,), "invalid", HookResult(False, code, finding.message, 0.1)
    )
    prompt = build_retry_prompt(PROMPT, GOOD, verdict)
    assert f"{code}: something" in prompt
    assert said in prompt


def test_an_answer_without_a_statement_is_told_so() -> None:
    prompt = build_retry_prompt(PROMPT, None, None, extraction="several")
    assert "several different statements" in prompt


def test_a_long_statement_is_cut_and_that_is_said() -> None:
    sql = f"SELECT wipe('{'x' * 9_000}') FROM customers"
    prompt = build_retry_prompt(PROMPT, sql, refused(sql))
    assert len(prompt) < 6_000
    assert "more characters)" in prompt


# --- the loop -------------------------------------------------------------------------------------


def asked(*answers: str, attempts: int = 3) -> tuple[Outcome, list[str]]:
    prompts: list[str] = []
    left = iter(answers)

    def generate(prompt: str) -> str:
        prompts.append(prompt)
        return next(left)

    return generate_with_retry(generate, PROMPT, SQLGuardrail(), max_attempts=attempts), prompts


def test_the_first_good_answer_ends_it() -> None:
    outcome, prompts = asked(f"```sql\n{GOOD};\n```")
    assert (outcome.stopped, outcome.sql) == ("allowed", GOOD)
    assert prompts == [PROMPT]


def test_a_refused_answer_is_asked_again_with_the_newest_finding() -> None:
    outcome, prompts = asked(LIMIT, "I cannot answer that.", GOOD)
    assert (outcome.stopped, outcome.sql) == ("allowed", GOOD)
    assert [attempt.extraction for attempt in outcome.attempts] == ["found", "no_sql", "found"]
    assert [attempt.prompt for attempt in outcome.attempts] == prompts
    assert "no SQL in the answer" in prompts[2]
    assert LIMIT in prompts[2]


def test_a_statement_that_comes_again_ends_it() -> None:
    outcome, prompts = asked(
        LIMIT, "DELETE FROM customers", "SELECT  NAME\nFROM customers limit 5;"
    )
    assert (outcome.stopped, outcome.sql) == ("repeated", None)
    assert len(prompts) == 3
    outcome, _ = asked("no idea", "no idea")
    assert outcome.stopped == "repeated"


def test_the_attempts_are_used_up() -> None:
    outcome, _ = asked(LIMIT, "DELETE FROM t", "SELECT a FROM t FOR UPDATE", GOOD)
    assert (outcome.stopped, outcome.sql, len(outcome.attempts)) == ("exhausted", None, 3)
    assert asked(LIMIT, attempts=1)[0].stopped == "exhausted"
    with pytest.raises(ValueError, match="max_attempts=0"):
        asked(GOOD, attempts=0)


def test_a_hook_that_does_not_work_is_not_the_models_fault() -> None:
    def hook(sql: str) -> HookResult:
        raise OSError("no listener")

    outcome = generate_with_retry(lambda _: GOOD, PROMPT, SQLGuardrail(hook=hook))
    assert (outcome.stopped, outcome.sql, len(outcome.attempts)) == ("unanswered", None, 1)


@given(
    st.lists(
        st.sampled_from([LIMIT, GOOD, "DROP TABLE t", "?", "SELECT wipe() FROM t"]), min_size=3
    )
)
def test_a_retry_never_lets_pass_what_a_check_would_not(answers: list[str]) -> None:
    outcome, _ = asked(*answers)
    assert (outcome.sql is not None) == (outcome.stopped == "allowed")
    if outcome.sql is not None:
        assert SQLGuardrail().check(outcome.sql).allowed
    assert [attempt.answer for attempt in outcome.attempts] == answers[: len(outcome.attempts)]


# --- a conversation that its caller leads ---------------------------------------------------------


def test_a_conversation_tells_what_the_database_said() -> None:
    asking = Conversation(PROMPT, max_attempts=2)
    assert asking.ask == PROMPT
    refusal = database_refusal("ORA-00979", "ORA-00979: not a GROUP BY expression", GOOD)
    asking.take(GOOD, "found", GOOD, refusal)
    assert asking.stopped is None
    assert "ORA-00979: not a GROUP BY expression" in asking.ask
    assert "belongs into GROUP BY" in asking.ask
    asking.take(LIMIT, "found", LIMIT, refused(LIMIT))
    assert asking.stopped == "exhausted"
    with pytest.raises(ValueError, match="exhausted"):
        asking.take(GOOD, "found", GOOD, None)


def test_a_conversation_ends_when_the_statement_comes_again() -> None:
    asking = Conversation(PROMPT, max_attempts=5)
    asking.take(LIMIT, "found", LIMIT, refused(LIMIT))
    asking.take("Sorry.", "no_sql", None, None)
    again = LIMIT.lower()
    asking.take(again, "found", again, refused(again))
    assert asking.stopped == "repeated"
    assert len(asking.attempts) == 3
