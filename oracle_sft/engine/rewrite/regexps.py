"""Regular expressions: POSIX as Oracle reads it is not yet known here."""

from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.tree import refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


def like(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    raise refuse("REGEXP_LIKE", node)
