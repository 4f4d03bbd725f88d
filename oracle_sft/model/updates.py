"""What an adapter does to one tensor of its base, on a few rows at a time, with the very numbers of peft.

Floating-point sums depend on their order, so each update takes peft's steps in peft's order: the product of the two
matrices in float32, then times the scale, then added without being rounded first, except where peft rounds it. Row
tiles of a product have the bits of the whole product when they begin at a multiple of 16.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import torch

from oracle_sft.model.shards import Stored

Step = Callable[[torch.Tensor, int], None]
"""Changes a tile in place: rows of a tensor, and the number of the first of them."""
TILE_ROWS = 16
"""Tiles begin at multiples of it."""
_CACHED_NUMBERS = 1 << 19
"""Numbers that are worked on at once: 2 MB in float32, which stays in a core's cache."""


class Update(Protocol):
    """One change of one tensor."""

    @property
    def needs_all_rows(self) -> bool:
        """Whether the step must be given the whole tensor as one tile."""

    def ready(self) -> Step:
        """The step, with what it needs of the adapter read into memory."""


class Sums:
    """Squares of many tiles, which threads add in any order; their sum is that of exact arithmetic, rounded once."""

    def __init__(self, error: float = 0.0, delta: float = 0.0) -> None:
        self._errors, self._deltas = [error], [delta]

    def add_error(self, error: torch.Tensor) -> None:
        """Count what 4 bits changed."""
        self._errors.append(float(torch.linalg.vector_norm(error)) ** 2)

    def add_delta(self, delta: torch.Tensor) -> None:
        """Count what training changed."""
        self._deltas.append(float(torch.linalg.vector_norm(delta)) ** 2)

    @property
    def of_error(self) -> float:
        return math.fsum(self._errors)

    @property
    def of_delta(self) -> float:
        return math.fsum(self._deltas)


@dataclass(frozen=True, slots=True)
class Replace:
    """Another tensor stands there (modules_to_save, trained biases, saved embeddings)."""

    by: Stored

    needs_all_rows = False

    def ready(self) -> Step:
        def step(tile: torch.Tensor, first: int) -> None:
            tile.copy_(self.by.read(first, first + tile.shape[0]) if tile.dim() else self.by.read())

        return step


@dataclass(frozen=True, slots=True)
class Tokens:
    """Some rows of an embedding are others (trainable_token_indices)."""

    rows: tuple[int, ...]
    by: Stored

    needs_all_rows = False

    def ready(self) -> Step:
        values = self.by.read()

        def step(tile: torch.Tensor, first: int) -> None:
            for place, row in enumerate(self.rows):
                if first <= row < first + tile.shape[0]:
                    tile[row - first].copy_(values[place])

        return step


@dataclass(frozen=True, slots=True)
class AddBias:
    """The bias of `lora_B`, scaled (lora_bias)."""

    b: Stored
    scale: float

    needs_all_rows = True

    def ready(self) -> Step:
        added = self.b.read().float() * self.scale

        def step(tile: torch.Tensor, first: int) -> None:
            tile += added

        return step


@dataclass(frozen=True, slots=True)
class LowRank:
    """`W += (B @ A) * scale` (Hu et al. 2021) over a linear layer, a row of W for each output."""

    a: Stored
    b: Stored
    scale: float
    is_rounded: bool = False
    """Whether the sum takes the update in W's format: peft rounds it first where a parameter is the target."""
    sums: Sums | None = None

    needs_all_rows = False

    def ready(self) -> Step:
        down, up = _float32(self.a), _float32(self.b)

        def step(tile: torch.Tensor, first: int) -> None:
            for start, some, room in _pieces(tile):
                delta = torch.mm(up[first + start : first + start + len(some)], down, out=room)
                delta.mul_(self.scale)
                if self.sums is not None:
                    self.sums.add_delta(delta)
                if self.is_rounded:
                    some += delta.to(some.dtype)
                else:
                    some.copy_(delta.add_(some))  # in float32, rounded once

        return step


@dataclass(frozen=True, slots=True)
class TransposedLowRank:
    """The same over a weight with a row for each input: fan_in_fan_out, and embeddings, where the update is rounded."""

    a: Stored
    b: Stored
    scale: float
    is_rounded: bool = False
    sums: Sums | None = None

    needs_all_rows = True

    def ready(self) -> Step:
        down, up = _float32(self.a), _float32(self.b)

        def step(tile: torch.Tensor, first: int) -> None:
            delta = (up @ down).T * self.scale
            if self.sums is not None:
                self.sums.add_delta(delta)
            tile += delta.to(tile.dtype) if self.is_rounded else delta

        return step


@dataclass(frozen=True, slots=True)
class Dora:
    """The direction is changed, the length of each output's row learnt apart (Liu et al. 2024)."""

    a: Stored
    b: Stored
    magnitude: Stored
    scale: float
    is_transposed: bool = False
    sums: Sums | None = None

    @property
    def needs_all_rows(self) -> bool:
        return self.is_transposed

    def ready(self) -> Step:
        down, up, magnitude = _float32(self.a), _float32(self.b), self.magnitude.read().float()

        def plain(tile: torch.Tensor, first: int) -> None:
            for start, some, room in _pieces(tile):
                rows = slice(first + start, first + start + len(some))
                delta = torch.mm(up[rows], down, out=room)
                delta.mul_(self.scale)
                self._count(delta)
                changed = some + delta
                factor = magnitude[rows] / torch.linalg.norm(changed, dim=1)
                some.copy_(factor.view(-1, 1) * changed)

        def transposed(tile: torch.Tensor, first: int) -> None:
            delta = (up @ down).T * self.scale
            self._count(delta)
            length = torch.linalg.norm(tile.T + delta.T, dim=1)
            tile.copy_((magnitude / length).view(-1, 1).T * (tile + delta))

        return transposed if self.is_transposed else plain

    def _count(self, delta: torch.Tensor) -> None:
        if self.sums is not None:
            self.sums.add_delta(delta)


@dataclass(frozen=True, slots=True)
class Experts:
    """Low-rank updates of experts that lie in one tensor (target_parameters), an expert a row.

    The adapter holds all experts' matrices: A as (experts * rank, in), B as (out, rank * experts).
    """

    a: Stored
    b: Stored
    scale: float
    num_experts: int
    is_swapped: bool
    """Whether an expert's matrix is (out, in), as a linear layer's; else (in, out)."""
    part: tuple[int, int] | None = None
    """Where the base keeps each expert's matrix, or some of its rows, as a tensor: the expert, and the first row."""

    needs_all_rows = False

    def ready(self) -> Step:
        down, up = _float32(self.a), _float32(self.b)
        down = down.reshape(self.num_experts, -1, down.shape[-1])
        up = up.reshape(up.shape[0], -1, self.num_experts)

        order = "o r e, e r i -> e o i" if self.is_swapped else "o r e, e r i -> e i o"

        def stacked(tile: torch.Tensor, first: int) -> None:
            for place in range(tile.shape[0]):
                expert = slice(first + place, first + place + 1)
                delta = torch.einsum(order, up[:, :, expert], down[expert]) * self.scale
                tile[place] += delta[0].to(tile.dtype)

        def apart(tile: torch.Tensor, first: int) -> None:
            assert self.part is not None
            expert, begin = self.part
            rows = up[begin + first : begin + first + tile.shape[0], :, expert : expert + 1]
            delta = torch.einsum(order, rows, down[expert : expert + 1]) * self.scale
            tile += delta[0].to(tile.dtype)

        return stacked if self.part is None else apart


@dataclass(frozen=True, slots=True)
class ThroughNf4:
    """The weight as 4-bit training saw it: quantised to NF4 and unpacked (Dettmers et al. 2023)."""

    double_quant: bool
    block_size: int = 64
    keeps: bool = True
    """False: the weight stays as it is, and only the error is counted."""
    sums: Sums = field(default_factory=Sums)

    needs_all_rows = True

    def ready(self) -> Step:
        from bitsandbytes.functional import dequantize_4bit, quantize_4bit

        def step(tile: torch.Tensor, first: int) -> None:
            packed, state = quantize_4bit(
                tile,
                blocksize=self.block_size,
                compress_statistics=self.double_quant,
                quant_type="nf4",
            )
            seen = dequantize_4bit(packed, state)
            for start, some, _ in _pieces(tile):
                error = seen[start : start + len(some)].float() - some.float()
                self.sums.add_error(error)
            if self.keeps:
                tile.copy_(seen)

        return step


def _float32(stored: Stored) -> torch.Tensor:
    return stored.read().float()


def _pieces(tile: torch.Tensor) -> Iterator[tuple[int, torch.Tensor, torch.Tensor]]:
    """The tile in pieces that fit into a cache: first row, rows, and room for as many numbers in float32."""
    width = max(1, tile[0].numel()) if len(tile) else 1
    rows = max(TILE_ROWS, _CACHED_NUMBERS // width // TILE_ROWS * TILE_ROWS)
    room = torch.empty((min(rows, len(tile)), *tile.shape[1:]), dtype=torch.float32)
    for start in range(0, len(tile), rows):
        some = tile[start : start + rows]
        yield start, some, room[: len(some)]
