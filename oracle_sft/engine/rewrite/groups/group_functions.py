"""Group functions as they stand in a query: COUNT(*), LISTAGG(..) WITHIN GROUP (..), .. KEEP (..)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.groups import (
    aggregates,
    hypothetical,
    keep,
    listagg,
    quantiles,
    sort_keys,
    statistics,
)
from oracle_sft.engine.rewrite.groups.group_stage import GroupStage
from oracle_sft.engine.rewrite.groups.sort_keys import SortKey
from oracle_sft.engine.rewrite.json import json_build
from oracle_sft.engine.rewrite.terms import Place, Term
from oracle_sft.engine.rewrite.tree import only, refuse, shape, undisguised

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_PERCENTILES = frozenset(["PERCENTILE_CONT", "PERCENTILE_DISC"])
_OF_GROUPING = frozenset(["GROUPING", "GROUPING_ID", "GROUP_ID"])
NAMES = (
    aggregates.NAMES
    | statistics.PAIRS
    | _PERCENTILES
    | _OF_GROUPING
    | json_build.AGGREGATES
    | {"LISTAGG"}
)
"""Calls of these stand for groups even without OVER."""

WITHOUT_WINDOW = frozenset(["MEDIAN", "LISTAGG", "KEEP"]) | _PERCENTILES
"""Group functions whose OVER takes PARTITION BY and nothing else."""


def aggregates_in(node: exp.Expr) -> list[exp.Expr]:
    """The outermost group functions of the block below the node; those with OVER are none, but
    their arguments may hold some.
    """
    if isinstance(node, exp.Query):
        return []
    if isinstance(node, exp.Window) and str(node.args.get("over")) == "OVER":
        inner = node.this
        while isinstance(inner, (exp.Window, exp.IgnoreNulls, exp.RespectNulls, exp.WithinGroup)):
            inner = inner.this
        parts = [*inner.iter_expressions(), *_others(node)]
        return [found for part in parts for found in aggregates_in(part)]
    if isinstance(node, (exp.WithinGroup, exp.Window)):
        return [node]
    if isinstance(node, exp.Anonymous) and name_of(node) in NAMES:
        return [node]
    return [found for child in node.iter_expressions() for found in aggregates_in(child)]


def name_of(call: exp.Expr) -> str:
    return undisguised(str(call.this)).upper() if isinstance(call, exp.Anonymous) else ""


def _others(window: exp.Expr) -> list[exp.Expr]:
    return [child for child in window.iter_expressions() if child is not window.this]


def is_nested(node: exp.Expr) -> bool:
    """Whether a group function holds another one: MAX(COUNT(*))."""
    return any(aggregates_in(child) for found in aggregates_in(node) for child in _inside(found))


def _inside(aggregate: exp.Expr) -> list[exp.Expr]:
    """What a group function is applied to, and its sort keys."""
    if isinstance(aggregate, (exp.Window, exp.WithinGroup)):
        return [*aggregate.this.iter_expressions(), *_others(aggregate)]
    return list(aggregate.iter_expressions())


def value(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """A group function without OVER: a call, or one with WITHIN GROUP or KEEP behind it."""
    group = _group_of(node, frame)
    name = name_of(node)
    if name in _OF_GROUPING:
        term = _of_grouping(rewriter, name, node, group, frame)
        return frame.reach(term, frame.group_depth)
    with frame.at_depth(frame.group_depth - 1, "group"):
        term = written(rewriter, node, frame, group.column)
    return frame.reach(term, frame.group_depth)


def not_allowed_here() -> OracleError:
    return OracleError.of("ORA-00934")


def _group_of(node: exp.Expr, frame: Frame) -> GroupStage:
    """The groups that a group function is computed over.

    Raises:
        OracleError: ORA-00934 where there are none, ORA-00935.
        UnsupportedSQL: it reads columns of outer blocks only, and may belong to one of them.
    """
    if frame.group is None:
        if frame.clause == "group" and frame.depth < len(frame.stages):
            raise OracleError.of("ORA-00935")
        raise not_allowed_here()
    columns = [part for part in node.find_all(exp.Column) if isinstance(part.this, exp.Identifier)]
    columns = [column for column in columns if "clause" not in column.meta]
    if any(frame.owns(column) for column in columns):
        return frame.group
    # A name that no block knows is left to the reading of the argument, which raises ORA-00904.
    if any(outer.owns(column) for outer in _outer_blocks(frame) for column in columns):
        raise refuse("a group function over columns of an outer query only", node)
    return frame.group


def _outer_blocks(frame: Frame) -> Iterator[Frame]:
    outer = frame.parent
    while outer is not None:
        yield outer
        outer = outer.parent


def _of_grouping(
    rewriter: "Rewriter", name: str, node: exp.Expr, group: GroupStage, frame: Frame
) -> Term:
    """GROUPING, GROUPING_ID and GROUP_ID.

    Raises:
        OracleError: ORA-30481 without GROUP BY, ORA-00979 for what is no key.
    """
    if frame.clause == "group":
        raise refuse(f"{name} inside of a group function", node)
    if not group.explicit:
        raise OracleError.of("ORA-30481")
    if name == "GROUP_ID":
        if node.expressions:
            raise OracleError.of("ORA-00909")
        return group.copy_number()
    if not node.expressions or (name == "GROUPING" and len(node.expressions) > 1):
        raise OracleError.of("ORA-00909")
    keys = []
    with frame.at_depth(frame.group_depth - 1, "group"):
        for argument in node.expressions:
            while isinstance(argument, exp.Paren):
                argument = argument.this
            keys.append(rewriter.value(argument, frame).sql)
            shapes = group.shapes.get(type(argument), set())
            if not isinstance(argument, exp.Column) and shape(argument) not in shapes:
                raise OracleError.of("ORA-00979")
    if any(key not in group.keys for key in keys):
        raise OracleError.of("ORA-00979")
    return group.grouping(tuple(keys))


def written(
    rewriter: "Rewriter",
    node: exp.Expr,
    frame: Frame,
    place: Place,
    *,
    windowed: bool = False,
    lower: Place | None = None,
) -> Term:
    """What a group function writes, its arguments read at the present depth. Over a window, `lower`
    places calls one stage below.

    Raises:
        OracleError: wrong arguments.
        UnsupportedSQL: a form that is not known here.
    """
    if isinstance(node, exp.Window):
        return _keep(rewriter, node, frame, place, lower)
    keys = None
    if isinstance(node, exp.WithinGroup):
        only(node, "this", "expression")
        if not isinstance(node.expression, exp.Order):
            raise OracleError.of("ORA-02000", "ORDER")
        only(node.expression, "expressions")
        keys = sort_keys.read(rewriter, node.expression.expressions, frame)
        num_keys = len(node.expression.expressions)
        node = node.this
    name = name_of(node)
    if not name:
        raise refuse("WITHIN GROUP of this form", node)
    only(node, "this", "expressions")
    if name in json_build.AGGREGATES:
        if windowed or keys is not None:
            raise refuse(f"{name} with OVER or WITHIN GROUP", node)
        return json_build.aggregate(rewriter, node, frame, place)
    arguments, distinct = _arguments(node)
    if name == "LISTAGG":
        return _listagg(rewriter, node, arguments, keys, distinct, frame, place, windowed)
    if keys is not None:
        return _within_group(rewriter, name, arguments, keys, num_keys, frame, place, windowed)
    if name in _PERCENTILES:
        raise OracleError.of("ORA-02000", "WITHIN")
    if name in statistics.PAIRS:
        if len(arguments) != 2:
            raise OracleError.of("ORA-00909")
        if distinct:
            raise OracleError.of("ORA-30482")
        first, second = (rewriter.value(argument, frame) for argument in arguments)
        return statistics.of_pairs(name, first, second, place)
    if len(arguments) != 1:
        raise OracleError.of("ORA-00909")
    if isinstance(arguments[0], exp.Star):
        if name != "COUNT" or distinct:
            raise OracleError.of("ORA-00936")
        only(arguments[0])
        return aggregates.count_rows(place)
    return aggregates.plain(
        name, rewriter.value(arguments[0], frame), distinct=distinct, place=place
    )


def _arguments(call: exp.Expr) -> tuple[list[exp.Expr], bool]:
    """The arguments, and whether DISTINCT stands before them."""
    arguments, distinct = [], False
    for node in call.expressions:
        if isinstance(node, exp.Distinct):
            only(node, "expressions")
            arguments += node.expressions
            distinct = True
        else:
            arguments.append(node)
    return arguments, distinct


def _listagg(
    rewriter: "Rewriter",
    node: exp.Expr,
    arguments: list[exp.Expr],
    keys: list[SortKey] | None,
    distinct: bool,
    frame: Frame,
    place: Place,
    windowed: bool,
) -> Term:
    clause = [token for entry in arguments for token in entry.meta.get("clause", ())]
    arguments = [entry for entry in arguments if "clause" not in entry.meta]
    if not 1 <= len(arguments) <= 2:
        raise OracleError.of("ORA-00909")
    item = rewriter.value(arguments[0], frame)
    separator, is_constant = "''", True
    if len(arguments) > 1:
        between = as_text(rewriter.value(arguments[1], frame))
        if not between.is_null:
            separator, is_constant = between.sql, between.constant is not None
        if not is_constant:
            if windowed:
                raise refuse("LISTAGG OVER with a separator that is not a literal", node)
            _check_fixed(arguments[1], between, frame)
    items = listagg.Items(item, separator, is_constant, keys, distinct, listagg.truncates(clause))
    return listagg.written(items, place)


def _check_fixed(argument: exp.Expr, value: Term, frame: Frame) -> None:
    """Take only what is the same for all of a group.

    Raises:
        OracleError: ORA-30497.
    """
    if value.constant is not None or value.is_null:
        return
    groups = frame.stages[frame.depth]
    reads = any(isinstance(part, (exp.Column, exp.Query)) for part in argument.walk())
    if reads and (not isinstance(groups, GroupStage) or value.sql not in groups.keys):
        raise OracleError.of("ORA-30497")


def _within_group(
    rewriter: "Rewriter",
    name: str,
    arguments: list[exp.Expr],
    keys: list[SortKey],
    num_keys: int,
    frame: Frame,
    place: Place,
    windowed: bool,
) -> Term:
    values = [rewriter.value(argument, frame) for argument in arguments]
    if name in hypothetical.NAMES and not windowed:
        for argument, found in zip(arguments, values, strict=True):
            _check_fixed(argument, found, frame)
        if len(keys) < num_keys:
            raise refuse(f"{name} WITHIN GROUP ordered by a constant")
        return hypothetical.written(name, values, keys, place)
    if name not in _PERCENTILES:
        raise refuse(f"{name} WITHIN GROUP{' OVER' if windowed else ''}")
    if len(values) != 1:
        raise OracleError.of("ORA-00909")
    part = as_number(values[0])
    if not isinstance(part.constant, Decimal):
        raise refuse(f"{name} of a part that is not a literal")
    if name == "PERCENTILE_DISC" and not part.type.exact:
        raise refuse(f"{name} of a part that is not exact")
    if num_keys != 1 or not keys:
        raise refuse(f"{name} ordered by several keys or a constant")
    return quantiles.percentile(name, part.constant, keys[0], place)


def _keep(
    rewriter: "Rewriter", node: exp.Expr, frame: Frame, place: Place, lower: Place | None
) -> Term:
    only(node, "this", "order", "alias", "over", "first")
    call = node.this
    rank, first = node.args.get("alias"), node.args.get("first")
    name = name_of(call)
    if not name or rank is None or first is None:
        raise refuse("KEEP of this form", node)
    if rank.name.upper() != "DENSE_RANK":
        raise OracleError.of("ORA-02000", "DENSE_RANK")
    if name not in keep.NAMES:
        raise refuse(f"{name} with KEEP", node)
    arguments, distinct = _arguments(call)
    if len(arguments) != 1:
        raise OracleError.of("ORA-00909")
    if distinct:
        raise refuse("DISTINCT with KEEP", node)
    order = node.args.get("order")
    if order is None:
        raise refuse("KEEP without ORDER BY", node)
    term = None
    if not isinstance(arguments[0], exp.Star):
        term = rewriter.value(arguments[0], frame)
    elif name != "COUNT":
        raise OracleError.of("ORA-00936")
    keys = sort_keys.read(rewriter, order.expressions, frame)
    if lower is None or not keys or name in ("MIN", "MAX"):
        return keep.written(name, term, keys, first=bool(first), place=place)
    with frame.at_depth(frame.depth - 1):
        below = sort_keys.read(rewriter, order.expressions, frame)
    return keep.windowed(name, term, keys, keep.end(below, first=bool(first), place=lower), place)
