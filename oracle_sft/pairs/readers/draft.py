"""What a reader finds in a file."""

from dataclasses import dataclass, field
from typing import Any

SHOWN_CHARS = 200


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
    """The first `SHOWN_CHARS` characters of what stands there."""
    is_fault: bool = True
    """False: the format has such places, as a chat has answers in words. They are counted among the rejected, and
    refuse no file."""


Found = Draft | Unread
