"""Validate and count the records of a JSONL file of any size, in one pass over all cores."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

from oracle_sft.pairs.provenance.lines import (
    TYPED,
    NoPair,
    check_text,
    fields_of,
    is_plainly_right,
    value_of,
)
from oracle_sft.pairs.provenance.rules import SOURCES, problems
from oracle_sft.pairs.provenance.tally import Tally
from oracle_sft.record.jsonl import BLOCK_BYTES, blocks, compression_of, split_points
from oracle_sft.record.processes import num_cores, worker_processes

MAX_ERRORS = 1_000
_SMALL_BYTES = 8 * BLOCK_BYTES
"""Below this a second process costs more than it saves."""

_PLACE = re.compile(r" (\(byte \d+\)|at byte \d+)")
# "UTF-8" and "ISO 8601" are words.
_VALUE = re.compile(r"""["'{\[]|(?<![\w-])\d""")


@dataclass(slots=True)
class Scan:
    """What a file holds."""

    tally: Tally = field(default_factory=Tally)
    errors: list[tuple[int, list[str]]] = field(default_factory=list)
    """Line numbers, from 1, with what is wrong there; the first `max_errors` of them."""
    errors_left_out: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    """How many lines have each error, without the values that they name; also of those left out."""
    num_lines: int = 0

    def validation(self) -> dict[str, Any]:
        """`{valid, invalid, errors: [{line, errors}], errors_left_out, kinds: {error: lines}}`."""
        return {
            "valid": self.tally.valid,
            "invalid": self.tally.total - self.tally.valid,
            "errors": [{"line": line, "errors": errors} for line, errors in self.errors],
            "errors_left_out": self.errors_left_out,
            "kinds": dict(self.kinds.most_common()),
        }


def scan(
    path: Path,
    *,
    sources: Sequence[str] = SOURCES,
    max_errors: int = MAX_ERRORS,
    workers: int | None = None,
) -> Scan:
    """Validate and count all lines of a file; blank lines are none.

    Memory is bounded by a block of lines a worker, whatever the file's size. `workers` defaults to the cores.

    Raises:
        UserError: the file cannot be read, or is damaged as a gzip or zstd file.
    """
    compression = compression_of(path)
    workers = num_cores() if workers is None else workers
    if compression or workers < 2 or path.stat().st_size < _SMALL_BYTES:
        return _scan_part(path, 0, None, tuple(sources), max_errors)
    points = split_points(path, workers)
    with worker_processes(workers) as pool:
        parts = pool.results(
            _scan_part,
            [path] * (len(points) - 1),
            points[:-1],
            points[1:],
            [tuple(sources)] * (len(points) - 1),
            [max_errors] * (len(points) - 1),
        )
        return _merged(parts, max_errors)


def _scan_part(
    path: Path, start: int, end: int | None, sources: tuple[str, ...], max_errors: int
) -> Scan:
    scan = Scan()
    known = frozenset(sources)
    decode = TYPED.decode
    for block in blocks(path, start=start, end=end):
        for place, line in enumerate(block.lines):
            try:
                if not line.isascii():
                    check_text(line)
                record = decode(line).provenance
                if is_plainly_right(record, known):
                    scan.tally.add_record(record)
                    continue
            except (msgspec.DecodeError, NoPair, RecursionError):
                pass
            if not line or line.isspace():
                continue
            _look(line, block.first_line + place, sources, scan, max_errors)
        scan.num_lines += len(block.lines)
    return scan


def _look(line: bytes, number: int, sources: Sequence[str], scan: Scan, max_errors: int) -> None:
    """Say what is wrong with a line whose record is not plainly right."""
    try:
        meta = value_of(fields_of(line).get("provenance"))
    except NoPair as error:
        scan.tally.add_unreadable()
        errors = [str(error)]
    else:
        errors = problems(meta, sources)
        scan.tally.add(meta, valid=not errors)
    if not errors:
        return
    scan.kinds.update(_kind(error) for error in errors)
    if len(scan.errors) < max_errors:
        scan.errors.append((number, errors))
    else:
        scan.errors_left_out += 1


def _kind(error: str) -> str:
    """The error up to the value that it names, so that there are only so many."""
    error = _PLACE.sub("", error)
    found = _VALUE.search(error)
    return f"{error[: found.start()]}..." if found else error


def _merged(parts: Iterable[Scan], max_errors: int) -> Scan:
    whole = Scan()
    for part in parts:
        whole.tally.merge(part.tally)
        found = [(line + whole.num_lines, errors) for line, errors in part.errors]
        room = max_errors - len(whole.errors)
        whole.errors += found[:room]
        whole.errors_left_out += part.errors_left_out + len(found[room:])
        whole.kinds += part.kinds
        whole.num_lines += part.num_lines
    return whole
