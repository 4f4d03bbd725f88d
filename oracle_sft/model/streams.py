"""Tensors go from file to file through a few buffers: read, changed and written at the same time."""

import os
import queue
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch

from oracle_sft.errors import CheckFailed
from oracle_sft.model.shards import (
    Stored,
    descriptor,
    header_of,
    memoryview_of,
    read_at,
    write_at,
)
from oracle_sft.model.updates import TILE_ROWS, Step, Update

_TILE_BYTES = 8 << 20
_BUFFERS = 6
"""Two being read, one changed, two written, one to spare."""


@dataclass(frozen=True, slots=True)
class Output:
    """A tensor to be written: where it is read from, and what is changed on the way."""

    source: Stored
    shape: tuple[int, ...]
    updates: Sequence[Update] = ()

    @property
    def num_bytes(self) -> int:
        return self.row_bytes * self.num_rows

    @property
    def num_rows(self) -> int:
        return self.shape[0] if self.shape else 1

    @property
    def row_bytes(self) -> int:
        size = self.source.dtype.itemsize
        for length in self.shape[1:]:
            size *= length
        return size

    @property
    def is_resized(self) -> bool:
        return self.shape != self.source.shape


@dataclass(slots=True)
class _Tile:
    """Some rows on their way."""

    name: str
    output: Output
    steps: list[Step]
    first: int
    last: int
    start: int
    """Their place in the new file, in bytes."""
    buffer: torch.Tensor | None = None

    @property
    def num_bytes(self) -> int:
        return (self.last - self.first) * self.output.row_bytes

    @property
    def rows(self) -> torch.Tensor:
        """The rows, in the buffer."""
        assert self.buffer is not None
        shape = (self.last - self.first, *self.output.shape[1:]) if self.output.shape else ()
        return self.buffer[: self.num_bytes].view(self.output.source.dtype).reshape(shape)


def write_file(
    path: Path,
    outputs: Mapping[str, Output],
    metadata: Mapping[str, str],
    on_bytes: Callable[[int], None],
) -> None:
    """Write a safetensors file of `outputs` to `path`, and flush it to the disk.

    Args:
        path: a file that nobody reads yet.
        outputs: tensors by name; wide formats come first in the file, as safetensors wants them.
        metadata: of the file.
        on_bytes: told how many bytes were written, after each tile.

    Raises:
        CheckFailed: a changed tensor holds NaN or infinity.
        UserError: a file that is read became shorter.
    """
    ordered = dict(sorted(outputs.items(), key=lambda item: -item[1].source.dtype.itemsize))
    header, starts = header_of(
        {name: (each.source.dtype, each.shape) for name, each in ordered.items()}, metadata
    )
    with descriptor(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC) as out:
        write_at(out, memoryview(header), 0)
        end = len(header) + sum(each.num_bytes for each in ordered.values())
        # A disk that is too small says so now and not after an hour.
        os.posix_fallocate(out, 0, end)
        _stream(out, _tiles(ordered, starts), on_bytes)
        os.fsync(out)


def _tiles(outputs: Mapping[str, Output], starts: Mapping[str, int]) -> Iterator[_Tile]:
    """The rows of all tensors in turn; what an update needs of the adapter is read when its tensor's turn comes."""
    for name, output in outputs.items():
        steps = [update.ready() for update in output.updates]
        rows = output.num_rows
        if not any(update.needs_all_rows for update in output.updates):
            rows = max(1, _TILE_BYTES // max(1, output.row_bytes)) // TILE_ROWS * TILE_ROWS
        rows = max(rows, TILE_ROWS)
        for first in range(0, output.num_rows, rows):
            last = min(first + rows, output.num_rows)
            yield _Tile(name, output, steps, first, last, starts[name] + first * output.row_bytes)


def _stream(out: int, tiles: Iterator[_Tile], on_bytes: Callable[[int], None]) -> None:
    """Read ahead, change, write behind: at most `_BUFFERS` tiles are in memory."""
    files = _Files()
    free: queue.SimpleQueue[torch.Tensor] = queue.SimpleQueue()
    for _ in range(_BUFFERS):
        free.put(torch.empty(_TILE_BYTES, dtype=torch.uint8))
    reading: deque[tuple[_Tile, Future[None]]] = deque()
    writing: deque[Future[int]] = deque()
    with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(1) as writer:
        try:
            more = True
            while more or reading:
                while more and len(reading) < 2:
                    tile = next(tiles, None)
                    if tile is None:
                        more = False
                        break
                    while free.empty():
                        on_bytes(writing.popleft().result())
                    tile.buffer = _roomy(free.get(), tile.num_bytes)
                    reading.append((tile, reader.submit(files.fill, tile)))
                if not reading:
                    break
                tile, filled = reading.popleft()
                filled.result()
                _change(tile)
                writing.append(writer.submit(_write, out, tile, free))
            for written in writing:
                on_bytes(written.result())
        finally:
            # What is queued after a failure is of no use to anybody.
            reader.shutdown(cancel_futures=True)
            writer.shutdown(cancel_futures=True)
            files.close()


def _roomy(buffer: torch.Tensor, num_bytes: int) -> torch.Tensor:
    """The buffer, or for a tensor that goes as a whole one of its own size."""
    return buffer if num_bytes <= len(buffer) else torch.empty(num_bytes, dtype=torch.uint8)


def _change(tile: _Tile) -> None:
    if not tile.steps:
        return
    rows = tile.rows
    for step in tile.steps:
        step(rows, tile.first)
    # The sum is NaN or infinite where a number is, and much cheaper than a look at each; where the sum alone
    # overflows, each is looked at.
    is_doubtful = rows.is_floating_point() and not torch.isfinite(rows.sum(dtype=torch.float32))
    if is_doubtful and not torch.isfinite(rows).all():
        raise CheckFailed(
            f"{tile.name} holds NaN or infinity after the merge; the adapter is broken or too large for "
            f"{str(rows.dtype).removeprefix('torch.')}: lower train.learning_rate and train again"
        )


def _write(out: int, tile: _Tile, free: "queue.SimpleQueue[torch.Tensor]") -> int:
    assert tile.buffer is not None
    buffer, tile.buffer = tile.buffer, None
    write_at(out, memoryview_of(buffer[: tile.num_bytes]), tile.start)
    free.put(buffer if len(buffer) == _TILE_BYTES else torch.empty(_TILE_BYTES, dtype=torch.uint8))
    return tile.num_bytes


class _Files:
    """The files that are read, opened once."""

    def __init__(self) -> None:
        self._open: dict[Path, int] = {}

    def fill(self, tile: _Tile) -> None:
        """Read the tile's rows; rows that the source does not have stay as they are, an update brings them."""
        source = tile.output.source
        if tile.output.is_resized:
            return
        number = self._open.get(source.path)
        if number is None:
            number = self._open[source.path] = os.open(source.path, os.O_RDONLY)
        assert tile.buffer is not None
        read_at(
            number,
            memoryview_of(tile.buffer[: tile.num_bytes]),
            source.start + tile.first * tile.output.row_bytes,
        )

    def close(self) -> None:
        """Close them all."""
        for number in self._open.values():
            os.close(number)
