"""`data=csv`: one pair a row, with the columns' names in the first row.

Python's reader, since it alone goes on behind a row that is broken and says in which line each row begins.
"""

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from oracle_sft.config.data import RECORD_KEYS
from oracle_sft.errors import UserError
from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Found, Unread
from oracle_sft.pairs.readers.files import files_of
from oracle_sft.pairs.readers.tables import TRUTHS, columns_by_key, pairs_of
from oracle_sft.record.jsonl import blocks

_MAX_ROW_CHARS = 64 << 20
"""A longer row is one whose quote is not closed; it would fill the memory."""

_CONVERT = "convert the file (iconv -f WINDOWS-1252 -t UTF-8)"


def read(path: Path, *, columns: Mapping[str, str], delimiter: str) -> Iterator[Found]:
    """The pairs of a CSV file, plain or gzip or zstd, or of the files of a folder, in their order.

    Raises:
        UserError: a file cannot be read, is not UTF-8 in its first row, or has no column for the question or the sql.
    """
    csv.field_size_limit(sys.maxsize)  # a DDL is longer than what Python takes for a mistake
    for file in files_of(path, ".csv"):
        rows = _rows(file, delimiter)
        header = next(rows, None)
        if header is None:
            continue
        if isinstance(header, Unread):
            raise UserError(f"{header.where}: {header.reason}")
        names = _names(file, header[1], delimiter)
        keys = columns_by_key(names, columns, file=file)
        if "provenance" in keys:
            raise UserError(
                f"{file} has a column {keys['provenance']!r} for the provenance; in CSV each of its fields "
                f"has a column of its own: {', '.join(RECORD_KEYS)}"
            )
        for row in rows:
            if isinstance(row, Unread):
                yield row
            else:
                where, values = row
                yield from _pairs(values, names, keys, where)


def _pairs(
    values: Sequence[str], names: Sequence[str], keys: Mapping[str, str], where: str
) -> Iterator[Found]:
    text = " ".join(values)[:SHOWN_CHARS]
    if len(values) != len(names):
        yield Unread(
            where=where,
            reason=f"{len(values)} values where the first row has {len(names)} names; a value that holds "
            "a delimiter, a quote or a line end is quoted, and its quotes are doubled",
            text=text,
        )
        return
    by_name = dict(zip(names, values, strict=True))
    cells: dict[str, object] = {}
    for key, column in keys.items():
        value = by_name[column]
        if key in ("question", "sql"):
            cells[key] = value
        elif not value.strip():
            continue  # CSV has no other way to say that there is nothing
        elif key == "tags":
            cells[key] = [tag.strip() for tag in value.split(",") if tag.strip()]
        elif key in TRUTHS:
            truth = {"true": True, "false": False}.get(value.strip().lower())
            if truth is None:
                yield Unread(
                    where=where, reason=f"{key} is {value!r}; it must be true or false", text=text
                )
                return
            cells[key] = truth
        else:
            cells[key] = value
    yield from pairs_of(cells, where)


def _names(file: Path, header: Sequence[str], delimiter: str) -> list[str]:
    if any("\0" in name for name in header):
        raise UserError(
            f"{file} has NUL bytes in its first row, as UTF-16 has; convert it to UTF-8"
        )
    if len(header) == 1 and (other := [sign for sign in ",;\t|" if sign in header[0]]):
        raise UserError(
            f"{file} has one column, {header[0][:80]!r}; is {other[0]!r} what stands between its values, "
            f"and not {delimiter!r}? Say data.delimiter=comma|semicolon|tab|pipe"
        )
    return [name.strip() for name in header]


class _Lines:
    """The lines of a file as text, and where the row began that is being read."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.number = 0
        self.text = ""
        self._chars = 0

    def begin_row(self) -> None:
        self.text = ""
        self._chars = 0

    def __iter__(self) -> Iterator[str]:
        for block in blocks(self.file):
            for line in block.lines:
                self.number += 1
                # Bytes that are no UTF-8 pass as surrogates, so that the row that has them can be named.
                text = line.decode(errors="surrogateescape") + "\n"
                self._chars += len(text)
                if self._chars > _MAX_ROW_CHARS:
                    raise UserError(
                        f"{self.file}:{self.number}: a row of more than {_MAX_ROW_CHARS >> 20} Mi characters "
                        "ends nowhere before this line; is a quote not closed?"
                    )
                if len(self.text) < SHOWN_CHARS:
                    self.text += text[:SHOWN_CHARS]
                yield text


def _rows(file: Path, delimiter: str) -> Iterator[tuple[str, list[str]] | Unread]:
    """Each row that is not blank: where it begins, and its values."""
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        first = lines.number + 1
        # An editor counts lines, a spreadsheet rows.
        where = f"{file}:{first}" if row == first else f"{file}:{first} (row {row})"
        lines.begin_row()
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            text = lines.text.encode(errors="replace").decode()[:SHOWN_CHARS]
            yield Unread(where=where, reason=_broken(error, first, lines.number), text=text)
            continue
        if not values:
            continue
        try:
            "".join(values).encode()
        except UnicodeEncodeError as error:
            found = f"0x{ord(error.object[error.start]) - 0xDC00:02X}"
            text = " ".join(values).encode(errors="replace").decode()[:SHOWN_CHARS]
            yield Unread(where=where, reason=f"not UTF-8 (the byte {found}); {_CONVERT}", text=text)
            continue
        yield where, values


def _broken(error: csv.Error, first: int, last: int) -> str:
    reason = str(error)
    if "unexpected end" in reason:
        reason = "a quote is opened and not closed"
    elif "new-line" in reason:
        reason = "a line end of CR alone; end lines with LF or CR LF"
    if last > first:
        reason += f"; it takes the lines {first} to {last} with it"
    return f"not CSV: {reason}"
