"""An OpenAI-compatible endpoint: a real server on this machine, which also fails."""

import time
from typing import Any

import pytest

from oracle_sft.config.scoring import EvalConf
from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.model import endpoint
from oracle_sft.model.answers import Ask
from oracle_sft.model.endpoint import Endpoint
from oracle_sft.model.generation import Generation
from tests.model.endpoint_server import Server, completion, serving

KEY = "sk-test-5ecret"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def conf(server: Server | str, **said: Any) -> EvalConf:
    url = server if isinstance(server, str) else server.url
    values = {"endpoint_tries": 3, "endpoint_timeout_seconds": 5.0, "endpoint_model": "tiny"}
    return EvalConf(endpoint=url, **{**values, **said})


def ask(settings: EvalConf, *prompts: str) -> list[Generation]:
    return Endpoint(settings).answer([Ask(prompt) for prompt in prompts], lambda *said: None)


def echo(body: dict[str, Any], before: int) -> dict[str, Any]:
    return completion(f"SELECT {body['messages'][0]['content']} FROM dual")


def test_answers_come_in_the_order_of_the_questions_and_say_what_they_cost() -> None:
    told: list[tuple[int, int, int]] = []
    with serving(echo) as server:
        asking = Endpoint(conf(server, endpoint_concurrency=4))
        prompts = [str(number) for number in range(40)]
        found = asking.answer([Ask(prompt) for prompt in prompts], lambda *said: told.append(said))
    assert [answer.text for answer in found] == [f"SELECT {prompt} FROM dual" for prompt in prompts]
    assert {(one.num_tokens, one.prompt_tokens, one.finish_reason) for one in found} == {
        (7, 100, "stop")
    }
    assert all(one.seconds is not None and one.seconds > 0 for one in found)
    assert told[-1] == (40, 40, 280)
    assert 1 < server.most_at_once <= 4
    body = server.bodies[0]
    assert (body["model"], body["temperature"], body["max_tokens"]) == ("tiny", 0.0, 192)
    assert "seed" not in body


def test_samples_are_drawn_with_a_temperature_and_a_seed() -> None:
    with serving(echo) as server:
        asking = Endpoint(conf(server, temperature=0.7))
        asking.answer([Ask("1", "a"), Ask("1", "b"), Ask("1", "a")], lambda *said: None)
    seeds = [body["seed"] for body in server.bodies]
    assert len(set(seeds)) == 2
    assert all(0 <= seed < 2**31 for seed in seeds)
    assert {body["temperature"] for body in server.bodies} == {0.7}


def test_the_only_model_of_a_server_needs_no_name() -> None:
    with serving(echo) as server:
        assert Endpoint(conf(server, endpoint_model=None)).model == "tiny"
        server.models = ["a", "b"]
        with pytest.raises(UserError, match=r"has 2 models \(a, b\); set eval.endpoint_model"):
            Endpoint(conf(server, endpoint_model=None))


def test_the_path_of_the_request_may_be_in_the_url() -> None:
    with serving(echo) as server:
        (found,) = ask(conf(f"{server.url}/chat/completions"), "1")
    assert found.text == "SELECT 1 FROM dual"


def test_an_answer_in_parts_is_one_text() -> None:
    parts = [{"type": "text", "text": "SELECT 1 "}, {"type": "text", "text": "FROM dual"}]
    said = {"choices": [{"message": {"content": parts}, "finish_reason": "stop"}]}
    with serving(lambda body, before: said) as server:
        (found,) = ask(conf(server), "1")
    assert found.text == "SELECT 1 FROM dual"


def test_a_server_that_does_not_count_tokens() -> None:
    with serving(lambda body, before: completion("x", tokens=None, reason="length")) as server:
        (found,) = ask(conf(server), "1")
    assert (found.num_tokens, found.prompt_tokens, found.finish_reason) == (None, None, "length")


@pytest.mark.parametrize(
    "failure", [500, 503, 429, b"<html>", b'{"choices": []}', b'{"error": "busy"}', b"[]"]
)
def test_a_failure_that_passes_is_tried_again(failure: Any) -> None:
    with serving(lambda body, before: failure if before < 2 else completion("SELECT 1")) as server:
        (found,) = ask(conf(server), "1")
    assert (found.text, found.failure) == ("SELECT 1", "")
    assert len(server.bodies) == 3


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (500, "HTTP 500: status 500 (3 tries)"),
        (b"<html>", "the answer is no JSON, it begins with '<html>' (3 tries)"),
        (b"{}", "the answer is no chat completion (3 tries)"),
        (400, "HTTP 400: status 400"),
        (302, "HTTP 302: status 302"),
    ],
)
def test_a_question_that_stays_without_an_answer_says_why(failure: Any, reason: str) -> None:
    def reply(body: dict[str, Any], before: int) -> Any:
        return failure if body["messages"][0]["content"] == "bad" else completion("SELECT 1")

    with serving(reply) as server:
        first, bad, last = ask(conf(server), "one", "bad", "two")
    assert [first.failure, bad.failure, last.failure] == ["", reason, ""]
    assert bad.text == ""


def test_a_server_says_when_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "_FIRST_WAIT_SECONDS", 5.0)
    started = time.monotonic()
    with serving(lambda body, before: 429 if before < 2 else completion("SELECT 1")) as server:
        server.retry_after = "0.1"
        (found,) = ask(conf(server), "1")
    assert found.text == "SELECT 1"
    assert 0.2 <= time.monotonic() - started < 4


def test_failures_between_answers_do_not_end_the_evaluation() -> None:
    def reply(body: dict[str, Any], before: int) -> Any:
        return 400 if int(body["messages"][0]["content"]) % 2 else completion("SELECT 1")

    with serving(reply) as server:
        found = ask(conf(server, endpoint_concurrency=1), *map(str, range(60)))
    assert sum(bool(one.failure) for one in found) == 30


def test_a_request_that_takes_too_long_is_given_up() -> None:
    def reply(body: dict[str, Any], before: int) -> Any:
        return 5.0 if body["messages"][0]["content"] == "slow" else completion("SELECT 1")

    started = time.monotonic()
    with serving(reply) as server:
        fast, slow = ask(
            conf(server, endpoint_timeout_seconds=0.2, endpoint_tries=2), "fast", "slow"
        )
    assert fast.failure == ""
    assert slow.failure == "no answer within eval.endpoint_timeout_seconds=0.2 (2 tries)"
    assert time.monotonic() - started < 3


def test_nobody_there_is_said_once_and_soon() -> None:
    with serving(echo) as server:
        url = server.url
    with pytest.raises(EnvironmentFault) as raised:
        ask(conf(url), "1", "2", "3")
    said = f"eval.endpoint={url}: Connection refused; is a server running there? (3 tries)"
    assert str(raised.value) == said
    with pytest.raises(EnvironmentFault, match="its models cannot be listed"):
        ask(conf(url, endpoint_model=None), "1")


def test_a_server_that_answers_nothing_is_said_once() -> None:
    with (
        serving(lambda body, before: 500) as server,
        pytest.raises(
            EnvironmentFault, match=r"HTTP 500: status 500 .*; look at the server, and at"
        ),
    ):
        ask(conf(server), *(str(number) for number in range(50)))
    assert len(server.bodies) < 100


def test_a_page_for_people_is_shown_where_it_begins_and_without_the_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    page = f"<html>{KEY}<title>Welcome</title>{'.' * 900}".encode()
    with (
        serving(lambda body, before: page) as server,
        pytest.raises(EnvironmentFault) as raised,
    ):
        ask(conf(server), *map(str, range(50)))
    assert "it begins with '<html>***<title>Welcome</title>....." in str(raised.value)
    assert len(str(raised.value)) < 350


def test_a_server_that_stops_answering_is_not_asked_a_thousand_times() -> None:
    def reply(body: dict[str, Any], before: int) -> Any:
        return completion("x") if int(body["messages"][0]["content"]) < 10 else 400

    with (
        serving(reply) as server,
        pytest.raises(EnvironmentFault, match="does not answer any more: 20 in a row"),
    ):
        ask(conf(server), *(str(number) for number in range(1000)))
    assert len(server.bodies) < 100


def test_a_wrong_key_is_said_without_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(echo) as server:
        server.key = "the right one"
        with pytest.raises(UserError, match="OPENAI_API_KEY is not set, so no key was sent"):
            ask(conf(server), "1")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        with pytest.raises(UserError) as raised:
            ask(conf(server), "1")
        assert KEY not in str(raised.value)
        assert "Incorrect API key provided: ***" in str(raised.value)
        monkeypatch.setenv("OTHER_KEY", "the right one\n")
        (found,) = ask(conf(server, endpoint_key_variable="OTHER_KEY"), "1")
    assert found.failure == ""


def test_a_key_that_cannot_be_sent_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\nX-Other: 1")
    with pytest.raises(UserError, match="holds no key") as raised:
        Endpoint(conf("http://127.0.0.1:1/v1"))
    assert KEY not in str(raised.value)


def test_an_unknown_path_says_what_to_check() -> None:
    with (
        serving(echo) as server,
        pytest.raises(UserError, match=r"HTTP 404: no such path; check the URL \(it often ends"),
    ):
        ask(conf(server.url.removesuffix("/v1")), "1")
