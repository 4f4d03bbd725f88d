"""Pairs from rows with named columns, whatever the file that they come from."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from oracle_sft.config.data import PAIR_KEYS, RECORD_KEYS
from oracle_sft.errors import UserError
from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Found, Unread
from oracle_sft.pairs.readers.objects import drafts

TRUTHS = ("approved", "excluded")
"""The keys of a record that are true or false; the others are texts."""


def columns_by_key(names: Sequence[str], said: Mapping[str, str], *, file: Path) -> dict[str, str]:
    """Which of a file's columns holds which key of a pair; `said` is data.columns, or the part of it that matters.

    Raises:
        UserError: question or sql has no column, or a column that is wanted is not there or there twice.
    """
    found = {}
    for key in (*PAIR_KEYS, *RECORD_KEYS, "provenance"):
        column = said.get(key, key)
        if column in names:
            found[key] = column
        elif column != key or key in ("question", "sql"):
            shown = ", ".join(names[:20])
            raise UserError(
                f"{file} has no column {column!r} for the {key}; it has {shown}: "
                f"name the column as data.columns={{{key}: COLUMN}}"
            )
    counted = Counter(names)
    if twice := [column for column in found.values() if counted[column] > 1]:
        raise UserError(f"{file} has the column {twice[0]!r} twice; leave one of them out")
    if "provenance" in found and (apart := [key for key in RECORD_KEYS if key in found]):
        raise UserError(
            f"{file} says provenance twice: in {found['provenance']!r} and in {found[apart[0]]!r}; "
            "leave one of them out"
        )
    return found


def pairs_of(cells: Mapping[str, Any], where: str) -> Iterator[Found]:
    """The pair of a row, or a sentence for each thing that is wrong with it; a cell without a value is left out."""
    said = {key: cells[key] for key in PAIR_KEYS if cells.get(key) is not None}
    record = cells.get("provenance") or {key: cells[key] for key in RECORD_KEYS if key in cells}
    if isinstance(record, dict):
        record = {key: _written(value) for key, value in record.items() if value is not None}
        if wrong := list(_record_problems(record)):
            for reason in wrong:
                yield Unread(where=where, reason=reason, text=str(dict(cells))[:SHOWN_CHARS])
            return
    yield from drafts({**said, "provenance": record}, where)


def _written(value: object) -> object:
    """An instant as text; one without a zone stays without it, and is no valid timestamp."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


def _record_problems(record: Mapping[str, object]) -> Iterator[str]:
    for key, value in record.items():
        wanted: type = bool if key in TRUTHS else str
        if key in RECORD_KEYS:
            if not isinstance(value, wanted):
                yield f"{key} is {value!r} ({type(value).__name__}); it must be {wanted.__name__}"
            continue
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            yield f"provenance has {key}={value!r}, which JSON cannot hold"
