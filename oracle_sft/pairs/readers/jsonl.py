"""`data=jsonl`: one object a line, as docs/pairs.md has it."""

import json
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
    for block in blocks(path):
        for place, line in enumerate(block.lines):
            if not line or line.isspace():
                continue
            where = f"{path}:{block.first_line + place}"
            yield where, _object(line, where)


def _object(line: bytes, where: str) -> dict[str, Any] | Unread:
    def unread(reason: str, column: int | None = None) -> Unread:
        at = where if column is None else f"{where}:{column}"
        return Unread(where=at, reason=reason, text=line.decode(errors="replace")[:SHOWN_CHARS])

    try:
        said = json.loads(line.decode(), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        return unread(f"not UTF-8 at byte {error.start + 1}; convert the file")
    except json.JSONDecodeError as error:
        return unread(f"not JSON: {error.msg}; write one object a line", error.colno)
    except (ValueError, RecursionError) as error:
        return unread(f"not JSON: {error or 'nested too deeply'}; write one object a line")
    if not isinstance(said, dict):
        kind = type(said).__name__
        return unread(f"a {kind}, not an object with question and sql")
    return said


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")
