"""`SELECT .. FROM (SELECT .., ROW_NUMBER() OVER (..) AS rn ..) WHERE rn <= 3`, without a sort.

DuckDB keeps the few first rows of each partition instead of sorting all of them, if it finds one
condition, on the row number itself. Ours stands above the conversion to a NUMBER: it is moved into
the view.
"""

from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.rewrite.groups.group_functions import name_of
from oracle_sft.engine.rewrite.tree import conjuncts, stored_name

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.frame import Frame, OutputColumn

_MIRRORED: dict[type, type] = {exp.GT: exp.LT, exp.GTE: exp.LTE, exp.EQ: exp.EQ}
_NUMBER = "CAST(", " AS DECIMAL(18,0))"
_MOVED = "moved into a view"
_LIMITED = "limited"


Limits = dict[str, list[tuple[exp.Expr, int]]]
"""Conditions that do no more than limit a column, by column, each with the largest value it keeps."""


def find(node: exp.Expr) -> Limits:
    """What the only query that reads a view keeps of its columns that are row numbers."""
    if node.args.get("limit") is not None or node.args.get("offset") is not None:
        return {}
    numbered = {
        stored_name(item.args["alias"]): item.this
        for item in node.expressions
        if isinstance(item, exp.Alias)
        and isinstance(item.this, exp.Window)
        and name_of(item.this.this) == "ROW_NUMBER"
    }
    source = _read_by(node) if numbered else None
    limits = _conditions(source) if source is not None else {}
    for name in numbered.keys() & limits.keys():
        numbered[name].meta[_LIMITED] = True
    return {name: limits[name] for name in numbered.keys() & limits.keys()}


def is_limited(window: exp.Expr) -> bool:
    """Whether only the first rows by this row number are kept."""
    return _LIMITED in window.meta


def apply(limits: Limits, columns: "list[OutputColumn]", frame: "Frame") -> None:
    """Keep only the rows up to the limits, and take the conditions off the query around."""
    before, behind = _NUMBER
    for column in columns:
        written = column.term.sql
        if column.name in limits and written.startswith(before) and written.endswith(behind):
            number = written.removeprefix(before).removesuffix(behind)
            conditions = limits[column.name]
            frame.filter(f"{number} <= {min(limit for _, limit in conditions)}")
            for condition, _ in conditions:
                condition.meta[_MOVED] = True


def is_moved(condition: exp.Expr) -> bool:
    """Whether the condition is kept inside of a view, and need not be tested again."""
    return _MOVED in condition.meta


def _read_by(view: exp.Expr) -> exp.Expr | None:
    """The entry of FROM that reads the view; None if several do, or a part of a query."""
    parent = view.parent
    if isinstance(parent, exp.Subquery):
        plain = all(not value or key in ("this", "alias") for key, value in parent.args.items())
        return parent if plain else None
    if not isinstance(parent, exp.CTE) or parent.args["alias"].args.get("columns"):
        return None
    name = stored_name(parent.args["alias"].this)
    root = view.root()
    same = [cte for cte in root.find_all(exp.CTE) if stored_name(cte.args["alias"].this) == name]
    read = [table for table in root.find_all(exp.Table) if stored_name(table.this) == name]
    owner = parent.parent.parent if parent.parent is not None else None
    inside = read[0].find_ancestor(exp.Query) if len(read) == 1 else None
    while inside is not None and inside is not owner:
        inside = inside.find_ancestor(exp.Query)
    if len(same) != 1 or inside is None:
        return None
    plain = all(not value or key in ("this", "alias") for key, value in read[0].args.items())
    return read[0] if plain else None


def _conditions(source: exp.Expr) -> Limits:
    """The conditions of the query around that no more than limit a column of the source."""
    entry = source.parent
    select = entry.parent if isinstance(entry, (exp.From, exp.Join)) else None
    if not isinstance(select, exp.Select) or select.args.get("connect") is not None:
        return {}
    where = select.args.get("where")
    if where is None or not all(map(_is_inner, select.args.get("joins") or [])):
        return {}
    if any(column.args.get("join_mark") for column in where.find_all(exp.Column)):
        return {}
    alias = source.args.get("alias")
    own = stored_name(alias.this if alias is not None else source.this) if _named(source) else None
    found: Limits = {}
    for condition in conjuncts(where.this):
        limit = _limit(condition)
        if limit is None:
            continue
        column, number = limit
        table = column.args.get("table")
        if table is None or stored_name(table) == own:
            found.setdefault(stored_name(column.this), []).append((condition, number))
    return found


def _is_inner(join: exp.Expr) -> bool:
    return not any(join.args.get(part) for part in ("side", "using", "method"))


def _named(source: exp.Expr) -> bool:
    return isinstance(source, exp.Table) or source.args.get("alias") is not None


def _limit(condition: exp.Expr) -> tuple[exp.Column, int] | None:
    """The column, and the number up to which the condition keeps all of its row numbers."""
    kind: type = type(condition)
    left, right = condition.this, condition.args.get("expression")
    if isinstance(condition, exp.Between):
        if _number(condition.args["low"]) not in (0, 1):
            return None
        kind, right = exp.LTE, condition.args["high"]
    elif isinstance(right, exp.Column):
        left, right = right, left
        kind = _MIRRORED.get(kind, exp.NEQ)
    number = _number(right)
    if not isinstance(left, exp.Column) or number is None:
        return None
    if kind is exp.LT:
        return left, ceil(number) - 1
    if kind is exp.LTE or (kind is exp.EQ and number == 1):
        return left, floor(number)
    return None


def _number(node: exp.Expr | None) -> Decimal | None:
    if not isinstance(node, exp.Literal) or node.args["is_string"]:
        return None
    number = Decimal(str(node.this))
    return number if number < 2**62 else None
