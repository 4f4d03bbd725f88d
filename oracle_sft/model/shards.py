"""Safetensors files by positioned reads and writes: a few rows of a tensor at a time, never a map of the file.

Mapped pages count in a process's peak memory as if it had read the file whole. The format: eight bytes with the length
of the header, the header as JSON (format, shape and place of each tensor), then the tensors' bytes.
"""

import json
import math
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from oracle_sft.errors import UserError
from oracle_sft.model.load import read_object

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
    "F8_E4M3": torch.float8_e4m3fn,
    "F8_E5M2": torch.float8_e5m2,
}
_NAMES = {dtype: name for name, dtype in DTYPES.items()}
_MAX_HEADER = 100_000_000
"""What safetensors itself accepts."""
_ALIGNED = 8
_AGAIN = "copy or download it again"


@dataclass(frozen=True, slots=True)
class Stored:
    """A tensor in a file."""

    path: Path
    dtype: torch.dtype
    shape: tuple[int, ...]
    start: int
    """Its first byte, counted from the start of the file."""

    @property
    def num_bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def row_bytes(self) -> int:
        """Of one step along the first dimension; all of it where it has none."""
        return self.num_bytes // self.shape[0] if self.shape and self.shape[0] else self.num_bytes

    def read(self, first: int = 0, last: int | None = None) -> torch.Tensor:
        """The tensor, or its rows from `first` up to `last`, in memory of its own."""
        shape = self.shape
        if last is not None:
            shape = (last - first, *self.shape[1:])
        out = torch.empty(shape, dtype=self.dtype)
        with self.path.open("rb") as file:
            read_at(file.fileno(), memoryview_of(out), self.start + first * self.row_bytes)
        return out


def memoryview_of(tensor: torch.Tensor) -> memoryview:
    """The bytes of a contiguous tensor on the CPU, to be read into or written from."""
    flat: Any = tensor.reshape(-1).view(torch.uint8).numpy()
    return memoryview(flat)


def read_at(descriptor: int, buffer: memoryview, start: int) -> None:
    """Fill `buffer` with the bytes of a file from `start` on.

    Raises:
        UserError: the file ends before that; it became shorter since its header was read.
    """
    done = 0
    while done < len(buffer):
        count = os.preadv(descriptor, [buffer[done:]], start + done)
        if not count:
            raise UserError(
                f"a file of weights ended {len(buffer) - done:,} bytes too early; {_AGAIN}"
            )
        done += count


def write_at(descriptor: int, buffer: memoryview, start: int) -> None:
    """Write all of `buffer` into a file from `start` on."""
    done = 0
    while done < len(buffer):
        done += os.pwrite(descriptor, buffer[done:], start + done)


def read_header(path: Path) -> tuple[dict[str, Stored], dict[str, str]]:
    """The tensors of a safetensors file by name, and its metadata.

    Raises:
        UserError: the file is missing, cut, or no safetensors file; the message says which.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            length = int.from_bytes(file.read(8), "little")
            if size < 8 or length > min(_MAX_HEADER, size - 8):
                raise UserError(
                    f"{path} is damaged (its header wants {length:,} bytes, the file has {size:,}); {_AGAIN}"
                )
            header = json.loads(file.read(length))
    except OSError as error:
        raise UserError(f"{path} cannot be read ({error.strerror}); {_AGAIN}") from error
    except ValueError as error:
        raise UserError(f"{path} is damaged (its header is no JSON); {_AGAIN}") from error
    if not isinstance(header, dict):
        raise UserError(f"{path} is damaged (its header is no JSON object); {_AGAIN}")
    metadata = header.pop("__metadata__", None) or {}
    tensors = {}
    for name, facts in header.items():
        stored, end = _stored(path, name, facts, 8 + length)
        if end > size:
            raise UserError(
                f"{path} is cut: {name} ends at byte {end:,} and the file at {size:,}; {_AGAIN}"
            )
        tensors[name] = stored
    return tensors, metadata


def _stored(path: Path, name: str, facts: Any, data: int) -> tuple[Stored, int]:
    """A tensor as the header tells of it, and the byte after its last; the data begin at byte `data`."""
    try:
        first, last = facts["data_offsets"]
        dtype, shape = facts["dtype"], tuple(int(size) for size in facts["shape"])
    except (TypeError, KeyError, ValueError) as error:
        raise UserError(
            f"{path} is damaged (its header says nonsense of {name}); {_AGAIN}"
        ) from error
    if dtype not in DTYPES:
        raise UserError(
            f"{path} holds {name} as {dtype}, which this version cannot read; known: {', '.join(DTYPES)}"
        )
    stored = Stored(path, DTYPES[dtype], shape, data + first)
    if last - first != stored.num_bytes:
        raise UserError(
            f"{path} is damaged ({name} has {last - first:,} bytes where {dtype} {list(shape)} takes "
            f"{stored.num_bytes:,}); {_AGAIN}"
        )
    return stored, data + last


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The weights in a folder: one safetensors file, or several with an index."""

    folder: Path
    files: Mapping[str, dict[str, Stored]]
    """The tensors of each file, in the order in which they lie there."""
    metadata: Mapping[str, dict[str, str]]

    def tensors(self) -> Iterator[tuple[str, Stored]]:
        """All tensors, file by file."""
        for held in self.files.values():
            yield from held.items()

    @property
    def parameters(self) -> int:
        """Numbers in all tensors together."""
        return sum(math.prod(stored.shape) for _, stored in self.tensors())

    @property
    def num_bytes(self) -> int:
        return sum(stored.num_bytes for _, stored in self.tensors())

    @property
    def dtype(self) -> torch.dtype:
        """The format of most numbers.

        Raises:
            UserError: no tensor holds floating-point numbers.
        """
        counts: dict[torch.dtype, int] = {}
        for _, stored in self.tensors():
            if stored.dtype.is_floating_point:
                counts[stored.dtype] = counts.get(stored.dtype, 0) + math.prod(stored.shape)
        if not counts:
            raise UserError(f"{self.folder} has no floating-point weights in safetensors; {_AGAIN}")
        return max(counts, key=lambda dtype: counts[dtype])


def open_checkpoint(folder: Path) -> Checkpoint:
    """The weights in `folder`, each header read and held against the index and the file's size.

    Raises:
        UserError: there are none, a file is missing, cut or damaged, or the index names what no file holds.
    """
    index_path = folder / INDEX
    if index_path.is_file():
        named = read_object(index_path, _AGAIN).get("weight_map")
        if not isinstance(named, dict) or not named:
            raise UserError(f"{index_path} has no weight_map; {_AGAIN}")
        names = sorted(set(named.values()))
    else:
        named, names = None, [SINGLE]
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise UserError(
            f"{folder} lacks {', '.join(missing[:3])} of its {len(names)} files of weights; {_AGAIN}"
        )
    headers = {name: read_header(folder / name) for name in names}
    files = {
        name: dict(sorted(tensors.items(), key=lambda item: item[1].start))
        for name, (tensors, _) in headers.items()
    }
    if named is not None:
        for tensor, name in named.items():
            if tensor not in files[name]:
                raise UserError(
                    f"{index_path} says that {name} holds {tensor}, and it does not; {_AGAIN}"
                )
        # What the index does not name is not loaded either, so it is no part of the model.
        files = {
            name: {tensor: held for tensor, held in tensors.items() if named.get(tensor) == name}
            for name, tensors in files.items()
        }
    return Checkpoint(folder, files, {name: said for name, (_, said) in headers.items()})


def header_of(
    tensors: Mapping[str, tuple[torch.dtype, tuple[int, ...]]], metadata: Mapping[str, str]
) -> tuple[bytes, dict[str, int]]:
    """The first bytes of a file that holds tensors of these formats and shapes in this order, and where each starts."""
    said: dict[str, Any] = {"__metadata__": {"format": "pt", **metadata}}
    ends, end = {}, 0
    for name, (dtype, shape) in tensors.items():
        size = math.prod(shape) * dtype.itemsize
        said[name] = {
            "dtype": _NAMES[dtype],
            "shape": list(shape),
            "data_offsets": [end, end + size],
        }
        ends[name] = end
        end += size
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNED)
    data = 8 + len(text)
    return len(text).to_bytes(8, "little") + text, {name: data + at for name, at in ends.items()}


@contextmanager
def descriptor(path: Path, flags: int) -> Iterator[int]:
    """An open file, by number; closed at the end."""
    number = os.open(path, flags, 0o666)
    try:
        yield number
    finally:
        os.close(number)
