"""What a log says about an answer beside the answer: accepted, rejected, failed, replaced."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ACCEPTED = frozenset("accepted approved correct passed verified".split())
_NEUTRAL = frozenset(
    "ok success succeeded completed complete done finished stop none unmarked final sent delivered read seen"
    " open active closed resolved archived".split()
)
_AGAINST = frozenset(
    "rejected declined incorrect wrong error failed failure timeout cancelled canceled incomplete"
    " superseded corrected".split()
)
_STATUS_KEYS = ("status", "outcome", "verdict")
_UP = frozenset(
    "up thumbs_up thumbsup +1 1 true positive good like liked helpful \U0001f44d".split()
)
_DOWN = frozenset(
    "down thumbs_down thumbsdown -1 false negative bad dislike disliked unhelpful \U0001f44e".split()
)
_RATING_KEYS = ("feedback", "rating", "thumbs", "user_feedback")
_RATING_PARTS = ("rating", "value", "thumbs", "score", "type")
_CUT = frozenset({"length", "max_tokens", "content_filter"})
_RESULT_KEYS = ("result", "execution")
_FAILED = frozenset("error failed failure timeout".split())
_FLAGS = {"approved": True, "accepted": True, "success": True, "is_error": False, "excluded": False}
"""Flag -> the value that says nothing against the answer."""

# How a driver, SQL*Plus or an interpreter begin what they say instead of rows; rows may hold such words further on.
_FAILED_RESULT = re.compile(
    r"\s*(?:[\w.]*(?:Error|Exception)\b\s*[:(]|(?:ERROR|error)\b\s*[:(]|ERROR at line|Traceback \(most"
    r"|(?:ORA|PLS|SP2|DPY|DPI)-\d{3,5}\b)"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said; nothing at all where both are empty."""

    accepted: bool = False
    against: str = ""
    """Why the answer must not be learned."""


def mark_of(said: Mapping[str, Any]) -> Mark:
    """What the keys of a turn say about an answer. A value that cannot be read speaks against it."""
    against = next(_against(said), "")
    if against:
        return Mark(against=against)
    accepted = said.get("approved") is True or said.get("accepted") is True
    accepted |= any(_word(said.get(key)) in _ACCEPTED for key in _STATUS_KEYS)
    accepted |= any(_word(_rating(said.get(key))) in _UP for key in _RATING_KEYS)
    return Mark(accepted=accepted)


def failure_of(result: Any) -> str:
    """Why what a query returned is an error; empty where it is rows, or anything else.

    Of an object only what names an error is asked: it may be a row, whose columns have names, too.
    """
    if isinstance(result, str):
        if _FAILED_RESULT.match(result):
            return f"its query failed: {_shown(result)}"
        result = _object(result)
    if not isinstance(result, dict):
        return ""
    if error := result.get("error"):
        return f"its query failed: {_shown(error)}"
    for key, bad in (("is_error", True), ("success", False)):
        if result.get(key) is bad:
            return f"its query failed: {_shown(result)}"
    status = result.get("status")
    return f"its query failed: {_shown(result)}" if _word(status) in _FAILED else ""


def _object(text: str) -> Any:
    if not text.lstrip().startswith("{"):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _against(said: Mapping[str, Any]) -> Iterator[str]:
    for key, harmless in _FLAGS.items():
        if said.get(key) is not None and said[key] is not harmless:
            why = said.get("exclusion_reason") if key == "excluded" else None
            yield f"{key} is {_shown(said[key])}{f': {why}' if why else ''}"
    if error := said.get("error"):
        yield f"its query failed: {_shown(error)}"
    for key in ("superseded", "superseded_by"):
        if said.get(key):
            yield f"{key} is {_shown(said[key])}"
    for key in _STATUS_KEYS:
        if said.get(key) is not None and _word(said[key]) not in _ACCEPTED | _NEUTRAL:
            known = "" if _word(said[key]) in _AGAINST else ", which says neither yes nor no"
            yield f"{key} is {_shown(said[key])}{known}"
    for key in _RATING_KEYS:
        rating = _rating(said.get(key))
        if rating is not None and _word(rating) not in _UP:
            known = "" if _word(rating) in _DOWN else ", which says neither up nor down"
            yield f"{key} is {_shown(rating)}{known}"
    if _word(said.get("finish_reason")) in _CUT:
        yield f"the answer was cut: finish_reason is {said['finish_reason']}"
    for key in _RESULT_KEYS:
        if failure := failure_of(said.get(key)):
            yield failure


def _rating(value: Any) -> Any:
    """The rating in an object of feedback; the value itself where it is none."""
    if not isinstance(value, dict):
        return value
    return next((value[part] for part in _RATING_PARTS if value.get(part) is not None), None)


def _word(value: Any) -> str:
    return re.sub(r"[ -](?=\D)", "_", str(value).strip().lower())


def _shown(value: Any) -> str:
    return " ".join(str(value).split())[:160]
