"""ROWNUM, in its real order: a row is numbered when it has passed every other condition of WHERE,
before it is grouped or sorted.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.rewrite.blocks import counter
from oracle_sft.engine.rewrite.frame import Frame, RowStage
from oracle_sft.engine.rewrite.groups import row_number_limits
from oracle_sft.engine.rewrite.terms import COUNT, Term
from oracle_sft.engine.rewrite.tree import own_nodes

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_MIRRORED: dict[type, type] = {
    exp.LT: exp.GT,
    exp.LTE: exp.GTE,
    exp.GT: exp.LT,
    exp.GTE: exp.LTE,
    exp.EQ: exp.EQ,
    exp.NEQ: exp.NEQ,
}


def rewrite(rewriter: "Rewriter", node: exp.Expr, conditions: list[exp.Expr], frame: Frame) -> None:
    """Filter the rows by WHERE, and number them if the block reads ROWNUM."""
    on_rownum = []
    for condition in conditions:
        if reads_rownum(condition):
            on_rownum.append(condition)
            continue
        written = rewriter.condition(condition, frame)
        if not row_number_limits.is_moved(condition):
            frame.filter(written)
    parts = [*node.expressions, *(node.args.get(key) for key in ("group", "having", "order"))]
    read = any(part is not None and reads_rownum(part) for part in parts)
    if not on_rownum and not read:
        return
    limit, others = _limit(rewriter, on_rownum, frame)
    if others:
        counter.push(rewriter, others, limit, frame)
        return
    stage = RowStage(rewriter.alias("n"), limit=limit)
    if node is rewriter.cut_block:
        frame.cut, stage.limit = stage.limit, None
    frame.push(stage)
    number = Term("CAST(row_number() OVER () AS DECIMAL(18,0))", COUNT)
    if read:
        frame.pseudo["ROWNUM"] = (stage.read(number), frame.depth)


def reads_rownum(node: exp.Expr) -> bool:
    """Whether the expression reads ROWNUM of its own block."""
    return any(
        isinstance(part, exp.Column)
        and part.name.upper() == "ROWNUM"
        and part.args.get("table") is None
        and not part.this.args.get("quoted")
        for part in own_nodes(node)
    )


def _limit(
    rewriter: "Rewriter", conditions: list[exp.Expr], frame: Frame
) -> tuple[int | None, list[exp.Expr]]:
    """How many rows the plain limits let through, None for all of them; and the other conditions."""
    limit: int | None = None
    others = []
    for condition in conditions:
        bound = _bound(rewriter, condition, frame)
        if bound is None:
            others.append(condition)
        elif bound.limit is not None:
            limit = bound.limit if limit is None else min(limit, bound.limit)
    return limit, others


@dataclass(frozen=True, slots=True)
class _Bound:
    limit: int | None
    """A number of rows; None: all of them."""


def _bound(rewriter: "Rewriter", condition: exp.Expr, frame: Frame) -> _Bound | None:
    """The limit that a comparison of ROWNUM with a literal sets; None for any other condition."""
    while isinstance(condition, exp.Paren):
        condition = condition.this
    if isinstance(condition, exp.Between) and isinstance(condition.this, exp.Column):
        low = _number(rewriter, condition.args["low"], frame)
        high = _number(rewriter, condition.args["high"], frame)
        if low is None or high is None:
            return None
        return _Bound(_floor(high) if low <= 1 else 0)
    kind = type(condition)
    if kind not in _MIRRORED:
        return None
    left, right = condition.this, condition.expression
    if not isinstance(left, exp.Column) or not reads_rownum(left):
        left, right, kind = right, left, _MIRRORED[kind]
    if not isinstance(left, exp.Column) or not reads_rownum(left):
        return None
    number = _number(rewriter, right, frame)
    return _Bound(_kept(kind, number)) if number is not None else None


def _kept(kind: type, number: Decimal) -> int | None:
    # The first row is a candidate for 1 until it is taken, so that nothing comes after a gap.
    if kind is exp.LTE:
        return _floor(number)
    if kind is exp.LT:
        return _floor(Decimal(ceil(number) - 1))
    if kind is exp.EQ:
        return 1 if number == 1 else 0
    if kind is exp.NEQ:
        whole = number == int(number) and number >= 1
        return _floor(number - 1) if whole else None
    if kind is exp.GTE:
        return None if number <= 1 else 0
    return None if number < 1 else 0


def _floor(number: Decimal) -> int:
    """A number of rows: never negative, and never more than there can be."""
    return min(max(floor(number), 0), 2**62)


def _number(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Decimal | None:
    """What a literal, or a sum of literals, says."""
    known = (exp.Literal, exp.Neg, exp.Paren, exp.Add, exp.Sub, exp.Mul, exp.Div)
    if not all(isinstance(part, known) for part in node.walk()):
        return None
    constant = rewriter.value(node, frame).constant
    return constant if isinstance(constant, Decimal) else None
