"""Asking an OpenAI-compatible server: many requests at once, each with a deadline and a bounded number of tries.

A server that cannot be used at all (nobody there, a wrong key, no such model) ends the evaluation with one message. A
request that fails although others are answered is a question without an answer: it says nothing about the model.
"""

import hashlib
import http.client
import json
import os
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from queue import Empty, SimpleQueue
from typing import Any

from oracle_sft.config.scoring import EvalConf
from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.model.answers import Ask, OnAnswers
from oracle_sft.model.generation import Generation

_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 30.0
_MAX_BYTES = 16 << 20
_SHOWN_CHARS = 300
_BEGINNING_CHARS = 60
_MAX_FAILED_IN_A_ROW = 20
"""Questions; a server that has stopped answering is not asked a thousand times more."""


class _Retryable(Exception):
    """A failure that may be gone at the next try."""

    def __init__(
        self, reason: str, *, wait_seconds: float | None = None, is_unreachable: bool = False
    ) -> None:
        """`wait_seconds`: what the server asks for; `is_unreachable`: there was no connection to it."""
        super().__init__(reason)
        self.wait_seconds = wait_seconds
        self.is_unreachable = is_unreachable


class _Refused(Exception):
    """The server does not take this one request; another try would end the same way."""


class Endpoint:
    """A server that answers chat completions."""

    def __init__(self, conf: EvalConf, tokenizer: Callable[[], Any] | None = None) -> None:
        """`tokenizer` reads that of the weights behind the server, where they are known.

        Raises:
        UserError: the model is not named and the server has several; or it refuses the key.
        EnvironmentFault: nobody answers.
        """
        assert conf.endpoint is not None
        self._url = conf.endpoint.rstrip("/").removesuffix("/chat/completions")
        self._conf = conf
        self._tokenizer = tokenizer
        self._key = _key(conf.endpoint_key_variable)
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._has_answered = False
        self._failed_in_a_row = 0
        self._opener = urllib.request.build_opener(_NoRedirects())
        self.model = conf.endpoint_model or self._only_model()

    def check_reachable(self) -> None:
        """Pass when a server answers something, whatever that is.

        Raises:
            EnvironmentFault: there is no connection to it.
        """
        try:
            self._request("models", None)
        except _Retryable as error:
            if error.is_unreachable:
                raise EnvironmentFault(f"eval.endpoint={self._url}: {error}") from None
        except (
            _Refused,
            UserError,
        ):  # it need not list its models; the first question shows the rest
            pass

    @property
    def facts(self) -> dict[str, Any]:
        return {"model": self.model}

    @property
    def tokenizer(self) -> Any:
        return None if self._tokenizer is None else self._tokenizer()

    def room(self, prompt: str) -> int | None:
        return None

    def answer(self, asks: Sequence[Ask], on_progress: OnAnswers) -> list[Generation]:
        """An answer to each; `failure` says why there is none.

        Raises:
            UserError: the server refuses the key, the model or every request.
            EnvironmentFault: nobody answers, or nobody any more.
        """
        self._stop.clear()
        todo: SimpleQueue[int] = SimpleQueue()
        ended: SimpleQueue[tuple[int, Generation | Exception]] = SimpleQueue()
        for place in range(len(asks)):
            todo.put(place)

        def work() -> None:
            while not self._stop.is_set():
                try:
                    place = todo.get_nowait()
                except Empty:
                    return
                try:
                    ended.put((place, self._answer(asks[place])))
                except Exception as error:
                    ended.put((place, error))

        # Daemons: an interrupted evaluation does not wait for a server that hangs.
        for _ in range(min(self._conf.endpoint_concurrency, len(asks))):
            threading.Thread(target=work, name="endpoint", daemon=True).start()
        answers: dict[int, Generation] = {}
        tokens = 0
        try:
            while len(answers) < len(asks):
                place, answer = ended.get()
                if isinstance(answer, Exception):
                    raise answer
                answers[place] = answer
                tokens += answer.num_tokens or 0
                on_progress(len(answers), len(asks), tokens)
        finally:
            self._stop.set()
        if asks and not self._has_answered:
            raise EnvironmentFault(f"eval.endpoint={self._url}: {answers[0].failure}")
        return [answers[place] for place in range(len(asks))]

    def _answer(self, ask: Ask) -> Generation:
        body: dict[str, Any] = {
            "model": self.model,
            "messages": [{"role": "user", "content": ask.prompt}],
            "max_tokens": self._conf.max_new_tokens,
            "temperature": 0.0,
        }
        if ask.seed is not None:
            seed = int.from_bytes(hashlib.sha256(ask.seed.encode()).digest()[:4], "big")
            body.update(temperature=self._conf.temperature, seed=seed >> 1)
        try:
            answer = self._tried("chat/completions", body)
        except (_Refused, _Retryable) as error:
            return self._failed(error)
        with self._lock:
            self._has_answered = True
            self._failed_in_a_row = 0
        return answer

    def _failed(self, error: _Refused | _Retryable) -> Generation:
        """No answer to one question, unless it shows that there will be none to others either."""
        with self._lock:
            self._failed_in_a_row += 1
            failed, has_answered = self._failed_in_a_row, self._has_answered
        unreachable = isinstance(error, _Retryable) and error.is_unreachable
        if not has_answered and unreachable:
            raise EnvironmentFault(f"eval.endpoint={self._url}: {error}")
        if failed >= (_MAX_FAILED_IN_A_ROW if has_answered else self._conf.endpoint_concurrency):
            what = "does not answer any more" if has_answered else "answers no question"
            raise EnvironmentFault(
                f"eval.endpoint={self._url} {what}: {failed} in a row failed, the last one with: {error}; look at the "
                "server, and at the URL (it often ends with /v1)"
            )
        return Generation(text="", num_tokens=None, finish_reason="", failure=str(error))

    def _tried(self, path: str, body: Mapping[str, Any]) -> Generation:
        """The answer to one request, sent up to `endpoint_tries` times."""
        pause = _FIRST_WAIT_SECONDS
        tries = self._conf.endpoint_tries
        for number in range(1, tries + 1):
            started = time.monotonic()
            try:
                said = self._request(path, body)
                return replace(_generation(said), seconds=round(time.monotonic() - started, 4))
            except _Retryable as error:
                wanted = pause if error.wait_seconds is None else error.wait_seconds
                if number == tries or self._stop.wait(min(wanted, _LONGEST_WAIT_SECONDS)):
                    reason = f"{error} ({number} tries)" if number > 1 else str(error)
                    raise _Retryable(reason, is_unreachable=error.is_unreachable) from None
                pause *= 2
        raise AssertionError("endpoint_tries is at least 1")

    def _only_model(self) -> str:
        try:
            said = self._request("models", None)
            names = [str(model["id"]) for model in said["data"]]
        except (_Retryable, _Refused) as error:
            kind = EnvironmentFault if isinstance(error, _Retryable) else UserError
            raise kind(
                f"eval.endpoint={self._url}: {error}; its models cannot be listed: check the URL (it often ends with "
                "/v1), or set eval.endpoint_model"
            ) from None
        except (KeyError, TypeError):
            names = []
        if len(names) != 1:
            listed = ", ".join(names[:10]) or "none"
            raise UserError(
                f"eval.endpoint={self._url} has {len(names)} models ({listed}); set eval.endpoint_model"
            )
        return names[0]

    def _request(self, path: str, body: Mapping[str, Any] | None) -> Any:
        """The JSON that the server answers; GET without a body.

        Raises:
            UserError: the key or the model is wrong.
        """
        request = urllib.request.Request(
            f"{self._url}/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )
        if self._key:
            request.add_unredirected_header("Authorization", f"Bearer {self._key}")
        timeout = self._conf.endpoint_timeout_seconds
        deadline = time.monotonic() + timeout
        try:
            with self._opener.open(request, timeout=timeout) as response:
                content = _read(response, deadline)
        except urllib.error.HTTPError as error:
            with error:
                self._raise_for(error)
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                raise _Retryable(
                    f"no answer within eval.endpoint_timeout_seconds={timeout:g}"
                ) from None
            raise _Retryable(
                f"{_sentence(reason)}; is a server running there?", is_unreachable=True
            ) from None
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            begins = self._shown(content.decode(errors="replace"))[:_BEGINNING_CHARS]
            raise _Retryable(f"the answer is no JSON, it begins with {begins!r}") from None

    def _raise_for(self, error: urllib.error.HTTPError) -> None:
        try:
            told = error.read(_MAX_BYTES).decode(errors="replace")
        except (OSError, http.client.HTTPException):
            told = ""
        reason = f"HTTP {error.code}: {self._shown(told) or error.reason}"
        if error.code in (401, 403):
            variable = self._conf.endpoint_key_variable
            state = "holds the key that was sent" if self._key else "is not set, so no key was sent"
            raise UserError(
                f"eval.endpoint={self._url} refuses access: {reason}; {variable} {state}"
            )
        if error.code == 404:
            raise UserError(
                f"eval.endpoint={self._url}: {reason}; check the URL (it often ends with /v1) and eval.endpoint_model"
            )
        if error.code in (408, 409, 425, 429) or error.code >= 500:
            asked = _retry_after(error.headers.get("Retry-After"))
            raise _Retryable(reason, wait_seconds=asked)
        raise _Refused(reason)

    def _shown(self, text: str) -> str:
        """What a server says in an error, on one line and without the key, which some repeat."""
        try:
            said = json.loads(text)
            said = said.get("error", said) if isinstance(said, dict) else said
            text = str(said.get("message", text)) if isinstance(said, dict) else str(said)
        except (ValueError, RecursionError):
            pass
        if self._key:
            text = text.replace(self._key, "***")
        line = " ".join(text.split())
        return line if len(line) <= _SHOWN_CHARS else f"{line[:_SHOWN_CHARS]} ..."


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the prompts somewhere else."""

    def redirect_request(self, *said: Any, **more: Any) -> None:
        return None


def _read(response: Any, deadline: float) -> bytes:
    """The whole body; a server that sends a byte now and then does not get past the deadline."""
    parts, size = [], 0
    while part := response.read1(1 << 16):
        parts.append(part)
        size += len(part)
        if size > _MAX_BYTES:
            raise _Refused(f"the answer is longer than {_MAX_BYTES >> 20} MiB")
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(parts)


def _generation(said: Any) -> Generation:
    """The answer in a chat completion."""
    try:
        choice = said["choices"][0]
        text = choice["message"].get("content") or ""
        if isinstance(text, list):  # in parts, of which some are no text
            text = "".join(part.get("text") or "" for part in text)
        usage = said.get("usage") or {}
        if not isinstance(text, str):
            raise TypeError
        return Generation(
            text=text,
            num_tokens=_count(usage.get("completion_tokens")),
            finish_reason=str(choice.get("finish_reason") or ""),
            prompt_tokens=_count(usage.get("prompt_tokens")),
        )
    except (KeyError, IndexError, TypeError, AttributeError):
        raise _Retryable("the answer is no chat completion") from None


def _count(said: Any) -> int | None:
    return said if isinstance(said, int) and said >= 0 else None


def _key(variable: str) -> str:
    """The key, which no message shows."""
    key = os.environ.get(variable, "").strip()
    if not (key.isascii() and key.isprintable()):
        raise UserError(
            f"the environment variable {variable} holds no key: only printable ASCII is sent"
        )
    return key


def _retry_after(said: str | None) -> float | None:
    try:
        return max(0.0, float(said)) if said else None
    except ValueError:
        return None


def _sentence(reason: object) -> str:
    text = getattr(reason, "strerror", None) or str(reason)
    return text or type(reason).__name__
