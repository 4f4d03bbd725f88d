"""JSONL as a stream of raw lines: plain, gzip or zstd, in memory that a block bounds.

Nothing is parsed here and nothing is repaired: a line is the bytes between two line ends. Who rewrites a file
can put back every byte that it does not mean to change.
"""

import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from oracle_sft.errors import UserError

Compression = Literal["", "gzip", "zstd"]

BLOCK_BYTES = 4 << 20
MAX_LINE_BYTES = 256 << 20
"""A longer line is no pair, and would not fit into memory with its copies."""

BOM = b"\xef\xbb\xbf"
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Block:
    """Some whole lines that stand behind each other."""

    first_line: int
    """The number of the first of them, from 1."""
    lines: list[bytes]
    """Without their `\\n`; a `\\r` before it is still there."""
    ended: bool = True
    """Whether the last of them has its `\\n`."""


def compression_of(path: Path) -> Compression:
    """What the file's first bytes say, whatever its name says.

    Raises:
        UserError: the file cannot be read, is a pipe or a device, or is UTF-16.
    """
    with _read_faults(path):
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
            # It is read more than once, and what a pipe gave is gone.
            raise UserError(f"{path} is a pipe or a device; write the lines to a file first")
        with path.open("rb") as stream:
            start = stream.read(4)
    if start[:2] in _WIDE_BOMS:
        raise UserError(
            f"{path} is UTF-16; it must be UTF-8: convert it (iconv -f UTF-16 -t UTF-8)"
        )
    if start[:2] == _GZIP:
        return "gzip"
    return "zstd" if start == _ZSTD else ""


def blocks(path: Path, *, start: int = 0, end: int | None = None) -> Iterator[Block]:
    """The lines of a file, a block of them at a time; a BOM at its start is left out.

    `start` and `end` are byte offsets of an uncompressed file: the lines that begin between them, numbered from 1
    at `start`.

    Raises:
        UserError: the file cannot be read, is cut or damaged as a gzip or zstd file, or holds a line longer than
            `MAX_LINE_BYTES`.
    """
    with _read_faults(path), open_stream(path) as stream:
        number = 1
        rest = b""
        if start:
            stream.seek(start)
        left = None if end is None else end - start
        first = start == 0
        while left is None or left > 0:
            data = stream.read(BLOCK_BYTES if left is None else min(BLOCK_BYTES, left))
            if not data:
                break
            if left is not None:
                left -= len(data)
            if first:
                data, first = data.removeprefix(BOM), False
            *lines, last = data.split(b"\n")
            if lines:
                lines[0] = rest + lines[0]
                rest = last
                yield Block(number, lines)
                number += len(lines)
            else:
                rest += last
            if len(rest) > MAX_LINE_BYTES:
                raise UserError(
                    f"{path}:{number}: a line of more than {MAX_LINE_BYTES >> 20} MiB; is this JSONL, "
                    "one object a line?"
                )
        if rest:
            yield Block(number, [rest], ended=False)


def chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file, decompressed, a block of them at a time; a BOM at its start is left out.

    Raises:
        UserError: the file cannot be read, or is cut or damaged as a gzip or zstd file.
    """
    with _read_faults(path), open_stream(path) as stream:
        data = stream.read(BLOCK_BYTES).removeprefix(BOM)
        while data:
            yield data
            data = stream.read(BLOCK_BYTES)


def split_points(path: Path, parts: int) -> list[int]:
    """Byte offsets that cut an uncompressed file into about equal parts, each at the start of a line."""
    size = path.stat().st_size
    points = [0]
    with path.open("rb") as stream:
        for part in range(1, parts):
            stream.seek(max(size * part // parts, points[-1]))
            stream.readline()
            if points[-1] < stream.tell() < size:
                points.append(stream.tell())
    return [*points, size]


@contextmanager
def open_stream(path: Path) -> Iterator[BinaryIO]:
    """The bytes of a file, decompressed."""
    match compression_of(path):
        case "gzip":
            with gzip.open(path, "rb") as stream:
                yield cast("BinaryIO", stream)
        case "zstd":
            import pyarrow

            with pyarrow.input_stream(str(path), compression="zstd") as stream:
                yield stream
        case _:
            with path.open("rb", buffering=0) as stream:
                yield cast("BinaryIO", stream)


@contextmanager
def create_stream(path: Path, compression: Compression) -> Iterator[BinaryIO]:
    """A stream that writes a file from its start, compressed like the one that it replaces."""
    match compression:
        case "gzip":
            # Without a name and a time inside, the same lines give the same bytes.
            with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as stream:
                yield cast("BinaryIO", stream)
        case "zstd":
            import pyarrow

            with pyarrow.output_stream(str(path), compression="zstd") as stream:
                yield stream
        case _:
            with path.open("wb", buffering=BLOCK_BYTES) as stream:
                yield stream


@contextmanager
def _read_faults(path: Path) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UserError(f"{path} is damaged as a gzip file ({error}); fetch it again") from None
    except IsADirectoryError:
        raise UserError(f"{path} is a folder; give a JSONL file") from None
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else f"damaged as a zstd file: {error}"
        raise UserError(f"{path} cannot be read ({reason})") from None
