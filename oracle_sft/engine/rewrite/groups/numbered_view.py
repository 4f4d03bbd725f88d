"""A top-n by ROW_NUMBER: `SELECT .. FROM (SELECT .., ROW_NUMBER() OVER (.. ORDER BY ..) rn ..) WHERE rn <= 2`.

Rows with equal sort keys are numbered in any order. For whoever compares, the view also ranks its rows,
and the rows that tie with those that are taken come with them.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

from sqlglot import exp

from oracle_sft.engine.rewrite.groups import group_functions
from oracle_sft.engine.rewrite.tree import conjuncts, own_nodes, stored_name, undisguised

_RANK, _SIZE, _PART = "tie rank", "tie size", "tie part"
NUM_HIDDEN = 3
"""How many items `widen` adds behind those of the query: the number, its rank, its partition."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The row numbers that the query takes."""

    first: int
    last: int


def widen(node: exp.Expr) -> Numbers | None:
    """Let the query also take the rows that tie, and show what tells them apart; the tree is changed.

    None, and no change, where the query is no such top-n, or where more than a choice of rows hangs on
    it: further conditions, groups, windows, the number as a value.
    """
    if not isinstance(node, exp.Select):
        return None
    others = ("joins", "connect", "group", "having", "distinct", "limit", "offset", "laterals")
    from_, where = node.args.get("from_"), node.args.get("where")
    if from_ is None or where is None or any(node.args.get(part) for part in others):
        return None
    view = from_.this
    if not isinstance(view, exp.Subquery) or view.args.get("joins"):
        return None
    inner = view.this
    if not isinstance(inner, exp.Select) or inner.args.get("distinct") is not None:
        return None
    tests = conjuncts(where.this)
    name, numbers = _taken(tests)
    window = _row_number(inner, name)
    if numbers is None or window is None or not _shows_rows(node, name):
        return None
    _rank(inner, window)
    rank, size = exp.column(_quoted(_RANK)), exp.column(_quoted(_SIZE))
    last = exp.LTE(this=rank, expression=_number(numbers.last))
    end = exp.Add(this=rank.copy(), expression=size)
    first = exp.GT(this=end, expression=_number(numbers.first))
    where.set("this", exp.And(this=last, expression=first))
    for hidden in (exp.to_identifier(name, quoted=True), _quoted(_RANK), _quoted(_PART)):
        node.append("expressions", exp.column(hidden))
    return numbers


def _quoted(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def _number(value: int) -> exp.Expr:
    return exp.Literal.number(value)


def _taken(tests: list[exp.Expr]) -> tuple[str, Numbers | None]:
    """The column that all conditions are on, and the numbers that they let through."""
    first, last = 1, None
    names = set()
    for test in tests:
        column, low, high = _bounds(test)
        names.add(column)
        if low is not None:
            first = max(first, low)
        if high is not None:
            last = high if last is None else min(last, high)
    if len(names) != 1 or "" in names or last is None or not 1 <= first <= last:
        return "", None
    return names.pop(), Numbers(first, last)


def _bounds(test: exp.Expr) -> tuple[str, int | None, int | None]:
    """Column, least and largest number; no column for another kind of condition."""
    column = test.this
    if not isinstance(column, exp.Column) or isinstance(column.this, exp.Star):
        return "", None, None
    name = stored_name(column.this)
    if isinstance(test, exp.Between):
        low, high = _value(test.args["low"]), _value(test.args["high"])
        if low is None or high is None:
            return "", None, None
        return name, ceil(low), floor(high)
    value = _value(test.args.get("expression"))
    if value is None:
        return "", None, None
    if isinstance(test, exp.EQ) and value == int(value):
        return name, int(value), int(value)
    if isinstance(test, exp.LTE):
        return name, None, floor(value)
    if isinstance(test, exp.LT):
        return name, None, ceil(value) - 1
    if isinstance(test, exp.GTE):
        return name, ceil(value), None
    if isinstance(test, exp.GT):
        return name, floor(value) + 1, None
    return "", None, None


def _value(node: exp.Expr | None) -> Decimal | None:
    if isinstance(node, exp.Literal) and not node.args["is_string"]:
        return Decimal(str(node.this))
    return None


def _row_number(inner: exp.Select, name: str) -> exp.Window | None:
    """The window of the item of that name, if it is a plain ROW_NUMBER with an order."""
    for item in inner.expressions:
        if isinstance(item, exp.Alias) and stored_name(item.args["alias"]) == name:
            window = item.this
            if not isinstance(window, exp.Window) or not isinstance(window.this, exp.Anonymous):
                return None
            is_number = undisguised(str(window.this.this)).upper() == "ROW_NUMBER"
            has_order = window.args.get("order") is not None and not window.args.get("spec")
            return window if is_number and has_order else None
    return None


def _shows_rows(node: exp.Select, name: str) -> bool:
    """Whether the block shows columns of the view other than the number, row by row."""
    order = node.args.get("order")
    for value in (*node.expressions, *([order] if order is not None else [])):
        if group_functions.aggregates_in(value):
            return False
        for part in own_nodes(value):
            if isinstance(part, (exp.Star, exp.Window)):
                return False
            if isinstance(part, exp.Column) and stored_name(part.this) in (name, "ROWNUM"):
                return False
    return True


def _rank(inner: exp.Select, window: exp.Window) -> None:
    """Show rank, tie group's size and partition beside the row number."""
    rank = window.copy()
    rank.set("this", exp.Anonymous(this="RANK"))
    partition = [key.copy() for key in window.args.get("partition_by") or []]
    keys = [entry.this.copy() for entry in window.args["order"].expressions]
    size = exp.Window(
        this=exp.Anonymous(this="COUNT", expressions=[exp.Star()]),
        partition_by=[*(key.copy() for key in partition), *keys],
        over="OVER",
    )
    part: exp.Expr = exp.Literal.number(1)
    if partition:
        ordered = [exp.Ordered(this=key) for key in partition]
        part = exp.Window(
            this=exp.Anonymous(this="DENSE_RANK"), order=exp.Order(expressions=ordered), over="OVER"
        )
    for name, value in ((_RANK, rank), (_SIZE, size), (_PART, part)):
        inner.append("expressions", exp.Alias(this=value, alias=_quoted(name)))
