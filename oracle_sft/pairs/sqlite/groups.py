"""Columns beside the groups: SQLite takes any row's, Oracle only what the groups decide."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlglot import exp

from oracle_sft.pairs.sqlite.expressions import PLACE
from oracle_sft.pairs.sqlite.kinds import Refused
from oracle_sft.pairs.sqlite.scope import Source
from oracle_sft.pairs.sqlite.values import AGGREGATES


def with_dependents(
    group: list[exp.Expr],
    beside: Sequence[exp.Expr],
    sources: Iterable[Source],
    joined: Iterable[exp.Expr],
) -> list[exp.Expr]:
    """The group with the columns that stand beside it and that it decides.

    `joined` are the conditions that hold for every row.

    Raises:
        Refused: another column stands there.
    """
    if not group and not any(_calls_aggregate(each) for each in beside):
        return group
    texts = {key.sql(dialect="oracle") for key in group}
    bare = [column for each in beside for column in _bare(each, texts)]
    own = {key.meta[PLACE] for key in group if PLACE in key.meta}
    decided = _closure(own, list(sources), joined)
    finished = list(group)
    for column in bare:
        if column.meta[PLACE] not in decided:
            raise Refused("a column beside the groups, of which SQLite takes any row's")
        if column.sql(dialect="oracle") not in texts:
            texts.add(column.sql(dialect="oracle"))
            finished.append(column.copy())
    return finished


def _closure(decided: set[Any], sources: Sequence[Source], joined: Iterable[exp.Expr]) -> set[Any]:
    """With the columns that they decide by a comparison, and with those of each table whose key is among them."""
    decisions = [pair for condition in joined for pair in _decisions(condition)]
    while True:
        more = {other for one, other in decisions if one in decided}
        for source in sources:
            if source.key and all((source.alias, name) in decided for name in source.key):
                more |= {(source.alias, name) for name in source.columns}
        if more <= decided:
            return decided
        decided = decided | more


def _decisions(node: exp.Expr) -> Iterator[tuple[Any, Any]]:
    """(one, other): wherever the condition holds, the first column decides the second."""
    if isinstance(node, exp.And):
        yield from _decisions(node.left)
        yield from _decisions(node.right)
    elif isinstance(node, exp.Paren):
        yield from _decisions(node.this)
    elif isinstance(node, exp.EQ):
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, exp.Anonymous) and one.name == "TO_NUMBER":
                one = one.expressions[0]
            if PLACE in one.meta and PLACE in other.meta:
                yield one.meta[PLACE], other.meta[PLACE]


def _is_aggregate(node: exp.Expr) -> bool:
    return isinstance(node, exp.Anonymous) and node.name in AGGREGATES


def _calls_aggregate(node: exp.Expr) -> bool:
    if isinstance(node, exp.Window):
        return False
    if _is_aggregate(node):
        return True
    if isinstance(node, exp.Query):
        return False
    return any(_calls_aggregate(child) for child in node.iter_expressions())


def _bare(node: exp.Expr, grouped: set[str]) -> Iterator[exp.Column]:
    """The columns outside of aggregates and of queries."""
    if node.sql(dialect="oracle") in grouped or isinstance(node, exp.Query) or _is_aggregate(node):
        return
    if isinstance(node, exp.Star) or (
        isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
    ):
        raise Refused("* beside groups")
    if isinstance(node, exp.Column):
        if PLACE in node.meta:
            yield node
        return
    for child in node.iter_expressions():
        yield from _bare(child, grouped)
