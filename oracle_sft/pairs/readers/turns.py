"""The turns of a conversation in the layouts that people have, as one."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from oracle_sft.pairs.readers.marks import Mark, failure_of, mark_of

Role = Literal["user", "assistant", "tool", "feedback", "system"]

ROLES: dict[str, Role] = {
    **dict.fromkeys(("user", "human", "prompter"), "user"),
    **dict.fromkeys(("assistant", "gpt", "chatgpt", "model", "ai", "bot", "agent"), "assistant"),
    **dict.fromkeys(("function_call", "tool_call"), "assistant"),
    **dict.fromkeys(("tool", "function", "observation", "ipython"), "tool"),
    **dict.fromkeys(("tool_response", "tool_result", "function_response"), "tool"),
    **dict.fromkeys(("execution", "execution_result", "query_result", "error"), "tool"),
    "feedback": "feedback",
    **dict.fromkeys(("function_call_output", "tool_call_output"), "tool"),
    **dict.fromkeys(("system", "developer", "reasoning", "thinking"), "system"),
}
LISTS = ("messages", "conversations", "conversation", "turns", "events")
"""Keys under which an object holds its turns."""
SESSION_KEYS = (
    "source_session_id",
    "session_id",
    "sessionId",
    "session",
    "conversation_id",
    "thread_id",
)
_TIME_KEYS = ("timestamp", "time", "ts", "created_at", "create_time", "created")
_TEXT_KEYS = ("content", "value", "text", "output", "message")
_SAID_BESIDE = (
    *SESSION_KEYS,
    *_TIME_KEYS,
    *"model schema_id evidence ddl approved accepted feedback rating thumbs user_feedback".split(),
    *"superseded superseded_by excluded exclusion_reason".split(),
)
"""Keys that may stand in `metadata` or `provenance`, too."""
_ROLE_KEYS = ("role", "from", "type")
_QUESTION_KEYS = ("question", "user", "user_input", "prompt")
_ANSWER_KEYS = ("answer", "assistant", "response", "completion")


class Malformed(Exception):
    """A turn that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """A query that was sent to a tool, as the call's arguments say it."""

    text: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came back from a tool."""

    call_id: str
    """Empty: of the first call that has none yet."""
    failure: str
    """Empty: it ran."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one side says at once."""

    where: str
    role: Role
    text: str = ""
    sql: str = ""
    """A query that the turn holds in a key of its own."""
    calls: tuple[Call, ...] = ()
    results: tuple[Result, ...] = ()
    mark: Mark = field(default_factory=Mark)
    id: str = ""
    about: str = ""
    """Id of the turn that feedback is on, or that is corrected. Empty: the one before."""
    corrects: bool = False
    model: Any = None
    time: Any = None
    schema_id: str = ""
    evidence: str = ""


def turns_of(said: Any, where: str) -> Iterator[Turn]:
    """The turns that an entry of a list, or an event, stands for: one, or a question and its answer.

    Raises:
        Malformed: it is no turn.
    """
    if not isinstance(said, dict):
        raise Malformed(f"a turn is {str(said)[:80]!r}; it must be an object with role and content")
    said = unwrapped(said)
    if role := _role(said):
        yield _turn(said, role, where)
        return
    question = next((said[key] for key in _QUESTION_KEYS if said.get(key) is not None), None)
    answer = next((said[key] for key in _ANSWER_KEYS if said.get(key) is not None), None)
    if question is None:
        named = next((said[key] for key in _ROLE_KEYS if key in said), None)
        known = "user, assistant, tool, system and feedback, and other tools' names for them"
        raise Malformed(f"the turn's role is {str(named)[:80]!r}; known are {known}")
    yield _turn(
        {"content": question, **_kept(said, "evidence", "schema_id", *_TIME_KEYS)}, "user", where
    )
    if answer is not None or said.get("sql"):
        yield _turn({**said, "content": answer, "evidence": None}, "assistant", where)


def is_turn(said: Mapping[str, Any]) -> bool:
    """Whether an event says that it is a turn: logs hold starts, steps and snapshots, too."""
    said = unwrapped(said)
    return _role(said) is not None or any(
        said.get(key) is not None for key in ("role", "from", *_QUESTION_KEYS)
    )


def failed_step(said: Mapping[str, Any], where: str) -> Turn | None:
    """What an event that is no turn says of a query that failed; None where it says nothing of the kind."""
    texts = (said.get(key) for key in (*_TEXT_KEYS, "result"))
    failure = next((why for each in (said, *texts) if (why := failure_of(each))), "")
    if not failure:
        return None
    call_id = str(first_of(said, ("tool_call_id", "call_id")) or "")
    return Turn(where=where, role="tool", results=(Result(call_id, failure),), time=time_of(said))


def unwrapped(said: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of an object and of what it wraps: an API's message, a record of provenance, some metadata."""
    merged = dict(said)
    for key in ("message", "data"):
        inner = said.get(key)
        if isinstance(inner, dict) and ("content" in inner or "role" in inner):
            merged = {**{name: merged[name] for name in merged if name != key}, **inner}
    for key in ("metadata", "provenance"):
        inner = said.get(key)
        if isinstance(inner, dict):
            merged = {name: inner[name] for name in _SAID_BESIDE if name in inner} | merged
    return merged


def text_key(said: Mapping[str, Any], key: str) -> str:
    """The text of a key that may be left out.

    Raises:
        Malformed: something else stands there.
    """
    value = said.get(key)
    if value is not None and not isinstance(value, str):
        raise Malformed(f"{key} is {str(value)[:80]!r}; it must be text")
    return value or ""


def first_of(said: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    """The value of the first of these keys that says something."""
    return next((said[key] for key in keys if said.get(key) not in (None, "")), None)


def session_of(said: Mapping[str, Any], *more: str) -> str:
    """The id of a session, as text; empty where there is none."""
    found = first_of(said, (*SESSION_KEYS, *more))
    return "" if found is None else str(found)


def time_of(said: Mapping[str, Any]) -> Any:
    """When it was said, as it stands there."""
    return first_of(said, _TIME_KEYS)


def _kept(said: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    return {key: said.get(key) for key in keys}


def _role(said: Mapping[str, Any]) -> Role | None:
    for key in _ROLE_KEYS:
        if isinstance(said.get(key), str) and (role := ROLES.get(said[key].strip().lower())):
            return role
    return None


def _turn(said: Mapping[str, Any], role: Role, where: str) -> Turn:
    named = str(first_of(said, ("role", "from", "type"))).lower()
    text, calls, results = _content(first_of(said, _TEXT_KEYS))
    if role == "assistant":
        calls += _calls(said)
        if named in ("function_call", "tool_call"):
            said_call = text or _arguments(first_of(said, ("arguments", "input")))
            text, calls = (
                "",
                [*calls, Call(said_call, str(first_of(said, ("call_id", "id")) or ""))],
            )
    mark = mark_of(said)
    if role == "user" and results and not text.strip():
        role = "tool"  # how some APIs send what a tool returned
    elif role == "tool":
        failure = mark.against or _failure(first_of(said, _TEXT_KEYS), text)
        if named == "error":
            failure = failure or f"its query failed: {' '.join(text.split())[:160]}"
        results = [Result(str(first_of(said, ("tool_call_id", "call_id")) or ""), failure)]
    corrects = said.get("corrects")
    about = first_of(said, ("about", "turn_id", "message_id")) if role == "feedback" else None
    if isinstance(corrects, str):
        about = corrects
    return Turn(
        where=where,
        role=role,
        text=text.strip(),
        sql=text_key(said, "sql").strip(),
        calls=tuple(calls),
        results=tuple(results),
        mark=Mark() if role in ("tool", "system") else mark,
        id=str(first_of(said, ("id", "turn_id", "uuid")) or ""),
        about=str(about or ""),
        corrects=bool(corrects),
        model=said.get("model"),
        time=time_of(said),
        schema_id=text_key(said, "schema_id"),
        evidence=text_key(said, "evidence"),
    )


def _calls(said: Mapping[str, Any]) -> list[Call]:
    """The calls of an OpenAI message, of today's layout and of the one before it."""
    listed = said.get("tool_calls") or []
    if not isinstance(listed, list) or not all(isinstance(call, dict) for call in listed):
        raise Malformed(f"tool_calls is {str(listed)[:80]!r}; it must be a list of objects")
    if isinstance(said.get("function_call"), dict):
        listed = [*listed, said["function_call"]]
    calls = []
    for call in listed:
        function = call["function"] if isinstance(call.get("function"), dict) else call
        arguments = first_of(function, ("arguments", "args", "input", "parameters"))
        calls.append(Call(_arguments(arguments), str(call.get("id") or "")))
    return calls


def _arguments(said: Any) -> str:
    return said if isinstance(said, str) else json.dumps(said or {}, ensure_ascii=False)


def _failure(content: Any, text: str) -> str:
    return failure_of(content if isinstance(content, dict) else text)


def _content(said: Any) -> tuple[str, list[Call], list[Result]]:
    """The text of a content and, where it is in parts, its calls and results; reasoning and pictures are left out."""
    if said is None or isinstance(said, str):
        return said or "", [], []
    if isinstance(said, dict):
        said = [said]
    if not isinstance(said, list):
        raise Malformed(f"content is {str(said)[:80]!r}; it must be text or a list of parts")
    texts: list[str] = []
    calls: list[Call] = []
    results: list[Result] = []
    for part in said:
        if isinstance(part, str):
            texts.append(part)
            continue
        if not isinstance(part, dict):
            raise Malformed(f"a part of the content is {str(part)[:80]!r}; it must be an object")
        kind = part.get("type")
        if kind in ("tool_use", "tool_call", "function_call"):
            arguments = first_of(part, ("input", "arguments", "args"))
            calls.append(Call(_arguments(arguments), str(first_of(part, ("id", "call_id")) or "")))
        elif kind == "tool_result":
            text = _content(part.get("content"))[0]
            failure = mark_of(part).against or _failure(part.get("content"), text)
            results.append(Result(str(part.get("tool_use_id") or ""), failure))
        elif kind in (None, "text", "input_text", "output_text"):
            text = first_of(part, ("text", "content"))
            if not isinstance(text, str | None):
                raise Malformed(f"a part's text is {str(text)[:80]!r}; it must be text")
            texts.append(text or "")
    return "\n".join(texts), calls, results
