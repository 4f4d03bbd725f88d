"""What a reader finds in a file."""

import json
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any

SHOWN_CHARS = 200
_MAX_NAME_BYTES = 255
"""A file system has no longer names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A pair as its source says it; nothing about its schema or its SQL is checked."""

    where: str
    """`FILE:LINE`, or the file and what names the place in it."""
    question: str
    """Not blank."""
    sql: str
    """Not blank."""
    id: str = ""
    """Empty: made from the content."""
    schema_id: str = ""
    ddl: str = ""
    """The DDL of its schema, where the pair brings it."""
    evidence: str = ""
    difficulty: str = ""
    template: str = ""
    tags: tuple[str, ...] = ()
    provenance: dict[str, Any] = field(default_factory=dict)
    """What the source says of it; what it leaves open comes from the config."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A place that should hold a pair and does not."""

    where: str
    reason: str
    """A sentence: what is wrong, the value, and what is wanted."""
    text: str = ""
    """What stands there, up to some hundred characters."""
    is_fault: bool = True
    """False: the format has such places, as a chat has answers in words. They are counted among the rejected, and
    refuse no file."""


Found = Draft | Unread


def storable(one: Found) -> Found:
    """What is found, with a pair that no dataset can hold as a place without one, and every text as UTF-8.

    JSON can say half of a surrogate pair and a number without end; a schema_id becomes the name of a folder.
    """
    if isinstance(one, Draft):
        reason = _not_storable(one)
        if not reason:
            return one
        one = Unread(where=one.where, reason=reason, text=one.question[:SHOWN_CHARS])
    return replace(one, where=_utf8(one.where), reason=_utf8(one.reason), text=_utf8(one.text))


def _not_storable(one: Draft) -> str:
    texts = (one.id, one.question, one.sql, one.schema_id, one.ddl, one.evidence)
    said = [*texts, one.difficulty, one.template, one.tags, one.provenance]
    try:
        json.dumps(said, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError as error:
        half = f"U+{ord(error.object[error.start]):04X}"
        return f"it holds {half}, half of a surrogate pair, as a text that is cut has; mend or leave out the character"
    except (ValueError, RecursionError) as error:
        return f"its provenance cannot be written as JSON ({error}); leave it out"
    name = one.schema_id
    is_name = name.isprintable() and "\\" not in name and name not in (".", "..")
    if name and not (is_name and PurePosixPath(name).name == name):
        return f"schema_id is {name!r}; it must be a name that a folder can have"
    if len(name.encode()) > _MAX_NAME_BYTES:
        return f"schema_id is {name[:80]!r}...; a folder's name has at most {_MAX_NAME_BYTES} bytes"
    return ""


def _utf8(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()
