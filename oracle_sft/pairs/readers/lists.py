"""The items of a JSON list, one at a time: memory holds a block of the file and the largest item."""

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oracle_sft.errors import UserError
from oracle_sft.pairs.readers.draft import SHOWN_CHARS, Unread
from oracle_sft.pairs.readers.jsonl import STRICT, Refused, kind_of, not_utf8, why_no_json
from oracle_sft.record.jsonl import MAX_LINE_BYTES, chunks

_BLANKS = re.compile(r"[ \t\r\n]*")
_IS_LIST = re.compile(rb"[ \t\r\n]*\[[ \t\r\n]*([{\]]|\Z)")
_ENDS = json.JSONDecoder(parse_int=str, parse_float=str)
"""Says where an item ends, also one that `STRICT` refuses."""
_LONGEST_SIGN = 16
"""An error this near to the end of what is read may be that of a word, a number or an escape that goes on."""


def is_list(path: Path) -> bool:
    """Whether a file begins as a list of objects, and not as lines do.

    Raises:
        UserError: the file cannot be read.
    """
    return _IS_LIST.match(next(chunks(path), b"")) is not None


def items(path: Path, *, wanted: str) -> Iterator[tuple[str, dict[str, Any] | Unread, bytes]]:
    """Each item of the list that a file holds: where it stands, its object, and the text that says it.

    `wanted` is what an object should have, for the message on an item that is none.

    Raises:
        UserError: the file cannot be read, or the list is cut or damaged; what stands behind that place is not known.
    """
    text = _Text(path)
    text.next_sign()
    text.at += 1
    number = 0
    sign = text.next_sign()
    while sign != "]":
        number += 1
        where = f"{path} item {number}"
        said, raw = _item(text, where)
        if not isinstance(said, dict | Unread):
            reason = f"{kind_of(said)}, not an object with {wanted}"
            said = Unread(where=where, reason=reason, text=str(said)[:SHOWN_CHARS])
        yield where, said, raw
        sign = text.next_sign()
        if sign == ",":
            text.at += 1
        elif sign != "]":
            raise text.fault(
                "a comma is missing" if sign else "the list does not end; was the file cut?"
            )
    text.at += 1
    if text.next_sign():
        raise text.fault("more stands behind the end of the list")


def _item(text: "_Text", where: str) -> tuple[Any, bytes]:
    """The next value and its text."""
    text.next_sign()
    reason = ""
    decoder = STRICT
    while True:
        try:
            said, end = decoder.raw_decode(text.text, text.at)
            if end < len(text.text) or not text.read_on():
                break  # a number that ends where the text does may go on behind it
        except json.JSONDecodeError as error:
            may_go_on = error.msg.startswith("Unterminated string") or (
                error.pos >= len(text.text) - _LONGEST_SIGN
            )
            if not (may_go_on and text.read_on()):
                text.at = error.pos
                raise text.fault(why_no_json(error)) from None
        except RecursionError:
            raise text.fault("nested too deeply") from None
        except (Refused, ValueError) as error:
            reason = str(error) if isinstance(error, Refused) else f"not JSON: {error}"
            decoder = _ENDS
    written = text.text[text.at : end]
    text.at = end
    raw = written.encode(errors="surrogateescape")
    try:
        if not written.isascii():
            raw.decode()
    except UnicodeDecodeError as error:
        reason = not_utf8(error)
    if reason:
        shown = raw.decode(errors="replace")[:SHOWN_CHARS]
        return Unread(where=where, reason=reason, text=shown), raw
    return said, raw


class _Text:
    """What is read of a file and not yet left behind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = ""
        self.at = 0
        """Where the next sign stands."""
        self._chunks = chunks(path)
        # Bytes that are no UTF-8 pass, so that the item that has them can be named.
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._line = 1
        """The number of the line in which `text` begins."""
        self._column = 1

    def next_sign(self) -> str:
        """The next sign that is not blank; empty at the end of the file."""
        while True:
            found = _BLANKS.match(self.text, self.at)
            assert found is not None
            self.at = found.end()
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.read_on():
                return ""

    def read_on(self) -> bool:
        """Read as much again as waits, and leave behind what stands before `at`; False at the end of the file.

        Raises:
            UserError: the file cannot be read, or one item is too large.
        """
        waiting = len(self.text) - self.at
        if waiting > MAX_LINE_BYTES:
            raise self.fault(
                f"an item of more than {MAX_LINE_BYTES >> 20} Mi characters; is a quote not closed?"
            )
        read = []
        length = 0
        for chunk in self._chunks:
            read.append(self._decoder.decode(chunk))
            length += len(read[-1])
            if length > waiting:
                break
        else:
            read.append(self._decoder.decode(b"", final=True))
            length += len(read[-1])
        if length:
            self._leave_behind()
            self.text = "".join((self.text, *read))
        return length > 0

    def fault(self, reason: str) -> UserError:
        """The list goes on in no way that is known, at the place of the next sign."""
        self._leave_behind()
        return UserError(
            f"{self.path}:{self._line}:{self._column}: not JSON: {reason}; mend the list there, or write one object "
            "a line, of which data.malformed=set_aside leaves out the broken ones"
        )

    def _leave_behind(self) -> None:
        line_ends = self.text.count("\n", 0, self.at)
        if line_ends:
            self._line += line_ends
            self._column = self.at - self.text.rindex("\n", 0, self.at)
        else:
            self._column += self.at
        self.text, self.at = self.text[self.at :], 0
