"""The shape of an entry in the tables of functions."""

from collections.abc import Callable
from dataclasses import dataclass

from oracle_sft.engine.rewrite.terms import Term


@dataclass(frozen=True, slots=True)
class Function:
    """A scalar function: what it writes for its arguments, and how many it takes."""

    write: Callable[[list[Term]], Term]
    least: int
    most: int


def fixed(write: Callable[[list[Term]], Term], count: int) -> Function:
    return Function(write, count, count)
