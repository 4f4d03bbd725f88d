"""Tensors go from file to file through a few buffers: read, changed and written at the same time."""

import os
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

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
from oracle_sft.record.processes import num_cores

_TILE_BYTES = 8 << 20


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


@dataclass(frozen=True, slots=True)
class _Tile:
    """Some rows on their way."""

    name: str
    output: Output
    steps: list[Step]
    first: int
    last: int
    start: int
    """Their place in the new file, in bytes."""

    @property
    def num_bytes(self) -> int:
        return (self.last - self.first) * self.output.row_bytes

    @property
    def is_large(self) -> bool:
        """Whether it is a whole tensor that is larger than the buffers."""
        return self.num_bytes > _TILE_BYTES


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
    """Each core takes a tile after the other: while one waits for the disk the others compute.

    Inside of a tile torch uses one thread: two that share so little work mostly wait for each other.
    """
    workers = num_cores() + 1
    running: deque[Future[int]] = deque()
    with _one_thread_each(), _Files() as files, ThreadPoolExecutor(workers) as pool:
        try:
            for tile in tiles:
                # A tensor that goes as a whole goes alone: only one such is in memory.
                while running and (tile.is_large or len(running) > workers):
                    on_bytes(running.popleft().result())
                running.append(pool.submit(_carry, tile, files, out))
                if tile.is_large:
                    on_bytes(running.popleft().result())
            while running:
                on_bytes(running.popleft().result())
        finally:
            # What is queued after a failure is of no use to anybody.
            pool.shutdown(cancel_futures=True)


def _carry(tile: _Tile, files: "_Files", out: int) -> int:
    """Read, change and write the rows of a tile; returns their bytes."""
    buffer = files.buffer(tile.num_bytes)
    output = tile.output
    shape = (tile.last - tile.first, *output.shape[1:]) if output.shape else ()
    rows = buffer.view(output.source.dtype).reshape(shape)
    if not output.is_resized:  # else an update brings the rows
        place = output.source.start + tile.first * output.row_bytes
        read_at(files.number(output.source.path), memoryview_of(buffer), place)
    _change(tile, rows)
    write_at(out, memoryview_of(buffer), tile.start)
    return tile.num_bytes


@contextmanager
def _one_thread_each() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _change(tile: _Tile, rows: torch.Tensor) -> None:
    if not tile.steps:
        return
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


class _Files:
    """The files that are read, opened once, and a buffer for each thread."""

    def __init__(self) -> None:
        self._open: dict[Path, int] = {}
        self._lock = threading.Lock()
        self._own = threading.local()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        for number in self._open.values():
            os.close(number)

    def number(self, path: Path) -> int:
        """The descriptor of an open file."""
        with self._lock:
            if path not in self._open:
                self._open[path] = os.open(path, os.O_RDONLY)
            return self._open[path]

    def buffer(self, num_bytes: int) -> torch.Tensor:
        """Room for a tile: this thread's own, or for a large one some of its own."""
        if num_bytes > _TILE_BYTES:
            return torch.empty(num_bytes, dtype=torch.uint8)
        if not hasattr(self._own, "buffer"):
            self._own.buffer = torch.empty(_TILE_BYTES, dtype=torch.uint8)
        own: torch.Tensor = self._own.buffer
        return own[:num_bytes]
