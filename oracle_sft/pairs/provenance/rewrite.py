"""Change records of a JSONL file where they are, and nothing else in it.

A line that does not change keeps its bytes. In one that does, every value outside of its provenance keeps its
own bytes, and so do the keys of the record that are not touched. The new file takes the old one's place when it
is whole; a file in which nothing changes is not written at all.
"""

import fcntl
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from oracle_sft.errors import UserError
from oracle_sft.pairs.pair import pair_id
from oracle_sft.pairs.provenance.lines import (
    TYPED,
    NoPair,
    check_text,
    fields_of,
    has_record,
    is_plainly_right,
    value_of,
)
from oracle_sft.pairs.provenance.rules import SOURCES, ProvenanceMeta, filled, problems
from oracle_sft.pairs.provenance.tally import Tally
from oracle_sft.record.files import replacing, sweep_strays
from oracle_sft.record.jsonl import BOM, blocks, compression_of, create_stream, open_stream

MAX_LISTED = 1_000
"""Lines that are listed; further ones are counted."""

Fields = dict[str, msgspec.Raw]
Change = Callable[[Fields, dict[str, Any]], dict[str, Any]]
"""(fields of a pair, its record) -> the record as it shall be."""


@dataclass(slots=True)
class Rewritten:
    """What was done to a file."""

    changed: int = 0
    tally: Tally = field(default_factory=Tally)
    """The pairs as they are afterwards."""
    kept_back: list[tuple[int, str]] = field(default_factory=list)
    """Line numbers, from 1, of what could not be changed, with the reason; they stay as they are."""
    kept_back_left_out: int = 0
    found: set[str] = field(default_factory=set)
    """The ids that were asked for and are there."""

    def keep_back(self, number: int, reason: str) -> None:
        """Note a line that stays as it is although it may want a change."""
        if len(self.kept_back) < MAX_LISTED:
            self.kept_back.append((number, reason))
        else:
            self.kept_back_left_out += 1


def backfill(path: Path, said: ProvenanceMeta, *, sources: Sequence[str] = SOURCES) -> Rewritten:
    """Take what records leave open from `said`; a second time changes nothing.

    Raises:
        UserError: the file cannot be read, or another process writes it.
        EnvironmentFault: it cannot be written.
    """
    done = Rewritten()
    known = frozenset(sources)
    whole = filled({}, said)
    whole_json, is_valid = msgspec.json.encode(whole), not problems(whole, sources)

    def change(line: bytes, number: int) -> bytes | None:
        try:
            if not line.isascii():
                check_text(line)
            record = TYPED.decode(line).provenance
            if is_plainly_right(record, known):
                done.tally.add_record(record)
                return None
        except msgspec.ValidationError:
            if not has_record(line):
                done.tally.add(whole, valid=is_valid)
                done.changed += 1
                return _appended(line, whole_json)
        except (msgspec.DecodeError, NoPair, RecursionError):
            pass
        return _changed(line, number, complete, done, sources)

    def complete(fields: Fields, meta: dict[str, Any]) -> dict[str, Any]:
        return filled(meta, said)

    _rewrite(path, change, done)
    return done


def exclude(
    path: Path, ids: Collection[str], reason: str, *, sources: Sequence[str] = SOURCES
) -> Rewritten:
    """Mark the pairs with these ids as excluded, for a reason.

    Raises:
        UserError: as `backfill`.
        ValueError: the reason is empty.
    """
    if not reason.strip():
        raise ValueError("a pair is excluded for a reason; say it")
    done = Rewritten()
    wanted = frozenset(ids)
    mark = {"excluded": True, "exclusion_reason": reason, "approved": False}

    def mark_wanted(fields: Fields, meta: dict[str, Any]) -> dict[str, Any]:
        name = value_of(fields.get("id")) or pair_id(
            *(str(value_of(fields.get(key)) or "") for key in ("question", "sql", "schema_id"))
        )
        if not isinstance(name, str) or name not in wanted:
            return meta
        done.found.add(name)
        return {**meta, **mark}

    def change(line: bytes, number: int) -> bytes | None:
        return _changed(line, number, mark_wanted, done, sources)

    _rewrite(path, change, done)
    return done


def _changed(
    line: bytes, number: int, change: Change, done: Rewritten, sources: Sequence[str]
) -> bytes | None:
    """The line with its record changed; None where it stays as it is."""
    if not line or line.isspace():
        return None
    try:
        fields = fields_of(line)
        meta = value_of(fields.get("provenance"))
        is_record = meta is None or isinstance(meta, dict)
        after = change(fields, meta or {}) if is_record else None
    except NoPair as error:
        done.tally.add_unreadable()
        done.keep_back(number, str(error))
        return None
    if after is None:
        done.tally.add(None, valid=False)
        done.keep_back(number, f"provenance is {str(meta)[:40]!r}, not an object")
        return None
    before = meta or {}
    done.tally.add(after, valid=not problems(after, sources))
    if all(_stays(key, before, value) for key, value in after.items()):
        return None
    done.changed += 1
    if "provenance" not in fields:
        return _appended(line, msgspec.json.encode(after))
    fields["provenance"] = _spliced(fields["provenance"], before, after)
    return msgspec.json.encode(fields) + (b"\r" if line.endswith(b"\r") else b"")


def _appended(line: bytes, record: bytes) -> bytes:
    """A pair without a record, and the record behind what it has."""
    inside = line.rstrip()[:-1].rstrip()
    tail = line[len(line.rstrip()) :]
    comma = b"" if inside.lstrip() == b"{" else b", "
    return b"".join((inside, comma, b'"provenance": ', record, b"}", tail))


def _spliced(written: msgspec.Raw, before: dict[str, Any], after: dict[str, Any]) -> msgspec.Raw:
    """The changed record, in which values that stay keep their bytes."""
    old = fields_of(bytes(written)) if before else {}
    kept = {key: old[key] if _stays(key, before, value) else value for key, value in after.items()}
    return msgspec.Raw(msgspec.json.encode(kept))


def _stays(key: str, before: dict[str, Any], value: object) -> bool:
    """Whether the record says so already; 1 is not `true`, though Python takes them for equal."""
    return key in before and type(before[key]) is type(value) and before[key] == value


class _NothingChanged(Exception):
    pass


def _rewrite(path: Path, change: Callable[[bytes, int], bytes | None], done: Rewritten) -> None:
    target = path.resolve()  # a link stays one
    compression = compression_of(path)
    with _alone(path) as unchanged:
        sweep_strays(target.parent, of=target)
        try:
            with replacing(target, mode=path.stat().st_mode) as part:
                with create_stream(part, compression) as out:
                    if _starts_with_bom(path):
                        out.write(BOM)
                    for block in blocks(path):
                        lines = block.lines
                        for place, line in enumerate(lines):
                            new = change(line, block.first_line + place)
                            if new is not None:
                                lines[place] = new
                        out.write(b"\n".join(lines))
                        if block.ended:
                            out.write(b"\n")
                if not done.changed:
                    raise _NothingChanged
                unchanged()
        except _NothingChanged:
            pass


@contextmanager
def _alone(path: Path) -> Iterator[Callable[[], None]]:
    """Hold the file against other rewriters; yields a check that nobody has written to it meanwhile.

    Raises:
        UserError: another process rewrites it, or has written to it.
    """
    with path.open("rb") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(f"{path} is being rewritten by another process; wait for it") from None
        before = os.fstat(held.fileno())

        def check() -> None:
            after = path.stat()
            if (after.st_ino, after.st_size, after.st_mtime_ns) != (
                before.st_ino,
                before.st_size,
                before.st_mtime_ns,
            ):
                raise UserError(
                    f"{path} was written to while it was read; nothing was changed, start again"
                )

        yield check


def _starts_with_bom(path: Path) -> bool:
    with open_stream(path) as stream:
        return stream.read(len(BOM)) == BOM
