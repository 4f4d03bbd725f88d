"""BIRD's database_description: a CSV file for each table, with a sentence for each column."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

_LONGEST = 300
"""Characters of a comment; some descriptions are pages."""


def read_descriptions(folder: Path) -> tuple[dict[tuple[str, str], str], list[str]]:
    """(table, column) in lower case -> comment; and what could not be read."""
    found: dict[tuple[str, str], str] = {}
    notes: list[str] = []
    for path in sorted(folder.glob("*.csv")) if folder.is_dir() else ():
        try:
            found.update(_comments(path))
        except (OSError, csv.Error) as error:
            notes.append(f"{path.name}: the descriptions cannot be read: {error}")
    return found, notes


def _comments(path: Path) -> Iterator[tuple[tuple[str, str], str]]:
    for row in csv.DictReader(io.StringIO(_text(path.read_bytes()), newline="")):
        name = (row.get("original_column_name") or "").strip()
        said = (row.get("column_description") or row.get("column_name") or "").strip()
        comment = " ".join(said.split())[:_LONGEST].replace("\0", "")
        if name and comment and comment.lower() != name.lower():
            yield (path.stem.lower(), name.lower()), comment


def _text(said: bytes) -> str:
    """Some files are of Windows."""
    try:
        return said.decode("utf-8-sig")
    except UnicodeDecodeError:
        return said.decode("cp1252", errors="replace")
