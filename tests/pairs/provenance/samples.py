"""Records and damaged lines for the tests of provenance."""

import json
from typing import Any

WHOLE = {
    "source_session_id": "s1",
    "source": "curated",
    "model": "human",
    "timestamp": "2026-01-02T03:04:05Z",
    "approved": True,
}


def line(pair: Any) -> bytes:
    return json.dumps(pair, ensure_ascii=False).encode()


def pair(**changes: Any) -> dict[str, Any]:
    return {"id": "p", "question": "wie groß", "sql": "SELECT 1", "provenance": WHOLE | changes}


UNREADABLE = {
    "cut": b'{"id": "a", "question": "wh',
    "NUL bytes": b"\0\0\0\0",
    "a NUL byte inside": b'{"id": "a\0"}',
    "no UTF-8": b'{"id": "\xff"}',
    "no UTF-8 in a key": b'{"\xff": 1}',
    "a list": b"[1, 2]",
    "a text": b'"pair"',
    "null": b"null",
    "two objects": b'{"a": 1}{"b": 2}',
    "NaN": b'{"a": NaN}',
    "a lone surrogate": b'{"a": "\\ud800"}',
    "nested without end": b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    "a comma too many": b'{"a": [1,]}',
}
"""Lines that hold no pair."""
