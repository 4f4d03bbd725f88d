"""One line of a JSONL file as a pair with its record, and why it is none."""

from collections.abc import Collection
from typing import Any, TypeVar

import msgspec

from oracle_sft.pairs.provenance.rules import is_instant

# Control characters, lone surrogates, NaN and numbers that are none are refused by the decoder, also in
# values that nobody asks for; bytes that are not UTF-8 are not.
_ANY = msgspec.json.Decoder()
_FIELDS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_NO_OBJECT = "no JSON object"
_WHY = {
    "Input data was truncated": "the line ends in the middle of a value",
    "trailing characters": "more stands behind the end of the object",
    "unexpected end of hex escape": "half of a surrogate pair",
}
"""The decoder's reasons that say little to who looks at the line."""

T = TypeVar("T")


class Record(msgspec.Struct):
    """A record whose types are right. What decodes into it still wants its values looked at."""

    source_session_id: str
    source: str
    model: str
    timestamp: str
    approved: bool
    excluded: bool = False
    exclusion_reason: str = ""


def is_plainly_right(record: Record, sources: Collection[str]) -> bool:
    """Whether `rules.problems` would find nothing; the same rules for what has its types already."""
    return (
        record.source in sources
        and bool(record.source_session_id.strip() and record.model.strip())
        and is_instant(record.timestamp)
        and (not record.excluded or bool(not record.approved and record.exclusion_reason.strip()))
    )


class _Line(msgspec.Struct):
    provenance: Record


class _LooseLine(msgspec.Struct):
    provenance: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


TYPED = msgspec.json.Decoder(_Line)
"""Decodes a line whose record is complete and of the right types; everything else of the line is skipped."""

_LOOSE = msgspec.json.Decoder(_LooseLine)


class NoPair(ValueError):
    """The line holds no pair; the message says why."""


def pair_of(line: bytes) -> dict[str, Any]:
    """The object of a line.

    Raises:
        NoPair: the line is no JSON object in UTF-8.
    """
    check_text(line)
    found = decode(_ANY, line)
    if not isinstance(found, dict):
        raise NoPair(_NO_OBJECT)
    return found


def fields_of(line: bytes) -> dict[str, msgspec.Raw]:
    """The object of a line with its values as they are written.

    Raises:
        NoPair: the line is no JSON object in UTF-8.
    """
    check_text(line)
    return decode(_FIELDS, line)


def has_record(line: bytes) -> bool:
    """Whether an object names its provenance; True for a line that is none, too."""
    try:
        return _LOOSE.decode(line).provenance is not msgspec.UNSET
    except (msgspec.DecodeError, RecursionError):
        return True


def value_of(written: msgspec.Raw | None) -> Any:
    """A value of `fields_of`; None for one that is not there.

    Raises:
        NoPair: it is a number beyond all bounds.
    """
    return None if written is None else decode(_ANY, written)


def decode(decoder: "msgspec.json.Decoder[T]", line: bytes | msgspec.Raw) -> T:
    """What the decoder reads.

    Raises:
        NoPair: the line is not JSON.
    """
    try:
        return decoder.decode(line)
    except msgspec.ValidationError as error:
        # Where anything may stand, only a number beyond all bounds is refused.
        raise NoPair(f"not JSON: {error}" if decoder is _ANY else _NO_OBJECT) from None
    except msgspec.DecodeError as error:
        raise NoPair(_reason(bytes(line), error)) from None
    except RecursionError:
        raise NoPair("nested too deeply") from None


def check_text(line: bytes) -> None:
    """Pass when the line is UTF-8.

    Raises:
        NoPair: says where it is not.
    """
    if line.isascii():
        return
    try:
        line.decode()
    except UnicodeDecodeError as error:
        raise NoPair(f"not UTF-8 at byte {error.start + 1}") from None


def _reason(line: bytes, error: Exception) -> str:
    if b"\0" in line:
        return f"not JSON: a NUL byte at byte {line.index(0) + 1}, as a file has that was cut while it was written"
    reason = str(error).removeprefix("JSON is malformed: ")
    for known, words in _WHY.items():
        reason = reason.replace(known, words)
    return f"not JSON: {reason}"
