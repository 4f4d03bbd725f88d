"""`data=jsonl`: one object a line, as docs/pairs.md has it."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Found, Unread
from oracle_sft.pairs.readers.objects import drafts
from oracle_sft.record.jsonl import blocks


def read(path: Path) -> Iterator[Found]:
    """The pairs of a JSONL file, plain or gzip or zstd, in their order.

    Raises:
        UserError: the file cannot be read.
    """
    for where, said in objects(path):
        if isinstance(said, Unread):
            yield said
        else:
            yield from drafts(said, where)


def objects(path: Path) -> Iterator[tuple[str, dict[str, Any] | Unread]]:
    """Each line that is not blank: where it stands, and its object.

    Raises:
        UserError: the file cannot be read.
    """
    for where, said, _ in object_lines(path, wanted="question and sql"):
        yield where, said


def object_lines(
    path: Path, *, wanted: str
) -> Iterator[tuple[str, dict[str, Any] | Unread, bytes]]:
    """The same, and the line. `wanted` is what an object should have, for the message on a line that holds none.

    Raises:
        UserError: the file cannot be read.
    """
    for block in blocks(path):
        for place, line in enumerate(block.lines):
            if not line or line.isspace():
                continue
            where = f"{path}:{block.first_line + place}"
            yield where, object_of(line, where, wanted), line


def object_of(line: bytes, where: str, wanted: str) -> dict[str, Any] | Unread:
    """The object of a line, or why it has none."""

    def unread(reason: str, column: int | None = None) -> Unread:
        at = where if column is None else f"{where}:{column}"
        return Unread(where=at, reason=reason, text=line.decode(errors="replace")[:SHOWN_CHARS])

    try:
        said = STRICT.decode(line.decode())
    except UnicodeDecodeError as error:
        return unread(not_utf8(error))
    except json.JSONDecodeError as error:
        return unread(f"not JSON: {why_no_json(error)}; write one object a line", error.colno)
    except RecursionError:
        return unread("not JSON: nested too deeply; write one object a line")
    except Refused as error:
        return unread(str(error))
    except ValueError as error:  # a number of thousands of digits
        return unread(f"not JSON: {error}")
    if not isinstance(said, dict):
        return unread(f"{kind_of(said)}, not an object with {wanted}")
    return said


def kind_of(value: object) -> str:
    """What JSON calls it."""
    match value:
        case bool():
            return "a truth value"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case dict():
            return "an object"
    return "null"


def not_utf8(error: UnicodeDecodeError) -> str:
    """What is wrong with the bytes, and what mends them."""
    return f"not UTF-8 at byte {error.start + 1}; convert the file (iconv -f WINDOWS-1252 -t UTF-8)"


class Refused(Exception):
    """Python's decoder takes it, and no pair may rest on it; the message says why."""


def _no_number(name: str) -> float:
    raise Refused(f"not JSON: {name} is no number of JSON; write null or a text")


def _with_unique_keys(entries: list[tuple[str, Any]]) -> dict[str, Any]:
    said = dict(entries)
    if len(said) < len(entries):
        counted = Counter(key for key, _ in entries)
        key = next(key for key in counted if counted[key] > 1)
        raise Refused(f"the key {key!r} stands twice in an object; leave one of them out")
    return said


STRICT = json.JSONDecoder(parse_constant=_no_number, object_pairs_hook=_with_unique_keys)
"""Raises `Refused` beside what Python's decoder raises."""
_WHY = {
    "Expecting value": "a value is missing",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Expecting property name enclosed in double quotes": "a key in double quotes is missing",
    "Extra data": "more stands behind the end of the value",
    "Unterminated string starting at": "a text begins here and does not end",
    "Invalid control character at": "a control character stands in a text",
}


def why_no_json(error: json.JSONDecodeError) -> str:
    """The decoder's reason as a clause that says what is at the place."""
    if error.doc[error.pos : error.pos + 1] == "\0":
        return "a NUL byte, as a file has that was cut while it was written"
    return _WHY.get(error.msg, error.msg)
