"""The shape of an entry in the tables of functions, and the arguments of a call."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.terms import Term

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.frame import Frame
    from oracle_sft.engine.rewrite.rewriter import Rewriter

Call = Callable[["Rewriter", exp.Expr, "Frame"], Term]
"""Writes a call that is more than a list of values."""


@dataclass(frozen=True, slots=True)
class Function:
    """A scalar function: what it writes for its arguments, and how many it takes."""

    write: Callable[[list[Term]], Term]
    least: int
    most: int


def fixed(write: Callable[[list[Term]], Term], count: int) -> Function:
    return Function(write, count, count)


def values(
    rewriter: "Rewriter", nodes: Sequence[exp.Expr], frame: "Frame", least: int, most: int
) -> list[Term]:
    """The arguments of a call that takes so many.

    Raises:
        OracleError: ORA-00909, ORA-00938 or ORA-00939 for another number; ORA-00936 for what is no value.
    """
    if not least <= len(nodes) <= most:
        if least == most:
            raise OracleError.of("ORA-00909")
        raise OracleError.of("ORA-00938" if len(nodes) < least else "ORA-00939")
    if any(isinstance(node, (exp.Star, exp.Distinct, exp.Order)) for node in nodes):
        raise OracleError.of("ORA-00936")
    return [rewriter.value(node, frame) for node in nodes]
