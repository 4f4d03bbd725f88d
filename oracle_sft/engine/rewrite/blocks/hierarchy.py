"""CONNECT BY: its clauses, its operators PRIOR and CONNECT_BY_ROOT, its pseudocolumns.

The rows of FROM (after its joins) are walked by `walk`; WHERE filters what comes out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.blocks.walk import HierarchyStage
from oracle_sft.engine.rewrite.convert import as_number
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.groups import sort_keys
from oracle_sft.engine.rewrite.terms import COUNT, VARCHAR2, Term, number_type, refused
from oracle_sft.engine.rewrite.tree import (
    conjuncts,
    only,
    own_nodes,
    refuse,
    stored_name,
    undisguised,
)

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.blocks.from_clause import Source
    from oracle_sft.engine.rewrite.rewriter import Rewriter


@dataclass(slots=True)
class _View:
    """The base under one alias, while START WITH or CONNECT BY is written."""

    stage: HierarchyStage
    alias: str

    def read(self, term: Term) -> Term:
        if term.is_literal:
            return term
        return term.at(f"{self.alias}.{self.stage.column(term.sql)}")

    def wrap(self, tail: str) -> str:
        return tail


def rewrite(
    rewriter: "Rewriter", node: exp.Expr, connect: exp.Expr, source: "Source", frame: Frame
) -> list[exp.Expr]:
    """Put the hierarchy on top of FROM; what is left of WHERE comes back.

    Of WHERE, conditions that join two tables come before the hierarchy.
    """
    only(connect, "start", "connect", "nocycle")
    _check_joins(node, frame)
    later = []
    for test in source.remaining:
        if len(frame.relations) > 1 and _num_relations(test, frame) > 1:
            frame.filter(rewriter.condition(test, frame))
        else:
            later.append(test)
    stage = HierarchyStage(rewriter.alias("h"), nocycle=bool(connect.args.get("nocycle")))
    frame.hierarchy = stage
    condition = _without_random(connect.args["connect"], stage)
    parts = list(own_nodes(condition)) if condition is not None else []
    stage.has_prior = any(isinstance(part, exp.Prior) for part in parts)
    stage.reads_level = any(_is_pseudo(part, "LEVEL") for part in parts)
    if stage.nocycle and not stage.has_prior:
        raise refuse("NOCYCLE without PRIOR", connect)
    start = connect.args.get("start")
    is_dual = [relation.is_dual for relation in frame.relations] == [True]
    if is_dual and start is None and condition is not None and not _looks_back(node):
        stage.levels = _num_levels(rewriter, condition, frame)
    if not stage.levels:
        stage.is_single = is_dual and (stage.is_unique or not stage.has_prior)
        _write_conditions(rewriter, start, condition, stage, frame)
    order = node.args.get("order")
    if order is not None and order.args.get("siblings"):
        keys = sort_keys.read(rewriter, _sibling_keys(order, node, frame), frame)
        stage.siblings = [key.sql for key in keys]
    frame.push(stage)
    _add_pseudo_columns(node, stage, frame)
    return later


def _write_conditions(
    rewriter: "Rewriter",
    start: exp.Expr | None,
    condition: exp.Expr | None,
    stage: HierarchyStage,
    frame: Frame,
) -> None:
    """START WITH and CONNECT BY, over the base."""
    if start is not None:
        with _viewed(frame, stage, stage.rows, "start with"):
            stage.start = rewriter.condition(start, frame)
    if condition is None:
        stage.connect = "TRUE"
        return
    level = (Term(f"CAST({stage.walk}.lvl + 1 AS {COUNT.duckdb})", COUNT), 1)
    stage.prior_alias = stage.parent
    with _viewed(frame, stage, stage.child, "connect by"):
        frame.pseudo["LEVEL"] = level
        stage.connect = rewriter.condition(condition, frame)
    if stage.nocycle:
        stage.prior_alias = stage.rows
        with _viewed(frame, stage, stage.again, "connect by"):
            frame.pseudo["LEVEL"] = level
            stage.connect_again = rewriter.condition(condition, frame)


def _check_joins(node: exp.Expr, frame: Frame) -> None:
    """Whether ON conditions on one table come before the hierarchy or behind it is not known."""
    joins = list(node.args.get("joins") or [])
    joins += node.args["from_"].this.args.get("joins") or []
    for join in joins:
        on = join.args.get("on")
        if on is None or join.args.get("side"):
            continue
        if any(_num_relations(condition, frame) == 1 for condition in conjuncts(on)):
            raise refuse("a condition on one table in ON together with CONNECT BY", join)


def _without_random(condition: exp.Expr, stage: HierarchyStage) -> exp.Expr | None:
    """The condition without `PRIOR SYS_GUID() IS NOT NULL`, whose only use is that no row equals
    another one then; None if nothing else is left.
    """
    kept = []
    for part in conjuncts(condition):
        test = part.this if isinstance(part, exp.Not) else None
        value = test.this if isinstance(test, exp.Is) else None
        if isinstance(value, exp.Prior) and _is_random(value.this):
            stage.is_unique = True
        else:
            kept.append(part)
    if not stage.is_unique:
        return condition
    left = None
    for part in kept:
        left = part if left is None else exp.And(this=left, expression=part)
    return left


def _is_random(node: exp.Expr) -> bool:
    if isinstance(node, exp.Anonymous) and not node.expressions:
        return undisguised(str(node.this)).upper() == "SYS_GUID"
    return isinstance(node, exp.Rand) and not any(node.args.values())


def _is_pseudo(node: exp.Expr, *names: str) -> bool:
    return (
        isinstance(node, exp.Column)
        and isinstance(node.this, exp.Identifier)
        and node.args.get("table") is None
        and stored_name(node.this) in names
    )


def _looks_back(node: exp.Expr) -> bool:
    """Whether the block reads more of its hierarchy than LEVEL."""
    for part in own_nodes(node):
        if isinstance(part, (exp.Prior, exp.ConnectByRoot)) or _is_pseudo(part, *_FLAGS):
            return True
        if isinstance(part, exp.Anonymous) and undisguised(str(part.this)).upper() == PATH:
            return True
    return False


_FLAGS = ("CONNECT_BY_ISLEAF", "CONNECT_BY_ISCYCLE")
PATH = "SYS_CONNECT_BY_PATH"


def _add_pseudo_columns(node: exp.Expr, stage: HierarchyStage, frame: Frame) -> None:
    level = Term(f"CAST({stage.walk}.lvl AS {COUNT.duckdb})", COUNT)
    frame.pseudo["LEVEL"] = (stage.output(level.sql, level), frame.depth)
    if stage.siblings:
        way = f"{stage.walk}.way"
        frame.pseudo["WAY"] = (stage.output(way, Term(way, VARCHAR2)), frame.depth)
    for part in own_nodes(node):
        if _is_pseudo(part, "CONNECT_BY_ISCYCLE"):
            _add_flag("CONNECT_BY_ISCYCLE", _is_cycle(stage), stage, frame)
        elif _is_pseudo(part, "CONNECT_BY_ISLEAF"):
            _add_flag("CONNECT_BY_ISLEAF", _is_leaf(stage), stage, frame)


def _add_flag(name: str, condition: str, stage: HierarchyStage, frame: Frame) -> None:
    sql = f"CAST(CASE WHEN {condition} THEN 1 ELSE 0 END AS DECIMAL(1,0))"
    frame.pseudo[name] = (stage.output(sql, Term(sql, number_type(1))), frame.depth)


def _is_cycle(stage: HierarchyStage) -> str:
    if not stage.nocycle:
        raise OracleError.of("ORA-30930")
    again = stage.again
    return (
        f"EXISTS (SELECT 1 FROM {stage.rows} AS {again} WHERE {stage.connect_again} "
        f"AND list_contains({stage.walk}.way, {again}.rid))"
    )


def _is_leaf(stage: HierarchyStage) -> str:
    walk, below = stage.walk, f"{stage.alias}l"
    if stage.is_single:
        return f"{walk}.lvl = (SELECT max({below}.lvl) FROM {walk} AS {below})"
    ways = f"SELECT {below}.way[:-2] FROM {walk} AS {below} WHERE {below}.lvl > 1"
    if not stage.nocycle:
        return f"{walk}.way NOT IN ({ways})"
    # Whether a row is a leaf whose only children would close a loop is not known.
    unknown = refused("CONNECT_BY_ISLEAF of a row that closes a loop")
    return (
        f"CASE WHEN {walk}.way IN ({ways}) THEN FALSE WHEN {_is_cycle(stage)} "
        f"THEN {unknown} ELSE TRUE END"
    )


@contextmanager
def _viewed(frame: Frame, stage: HierarchyStage, alias: str, clause: str) -> Iterator[None]:
    """The frame reads the base under this alias."""
    before = frame.pseudo
    frame.pseudo = {}
    frame.stages.append(_View(stage, alias))
    try:
        with frame.at_depth(1, clause):
            yield
    finally:
        frame.stages.pop()
        frame.pseudo = before


def _num_relations(condition: exp.Expr, frame: Frame) -> int:
    found = set()
    for node in own_nodes(condition):
        if isinstance(node, exp.Column):
            name = stored_name(node.this)
            table = node.args.get("table")
            qualifier = stored_name(table) if table is not None else None
            for index, relation in enumerate(frame.relations):
                if relation.find(name) and qualifier in (None, relation.name):
                    found.add(index)
    return len(found)


def _num_levels(rewriter: "Rewriter", condition: exp.Expr, frame: Frame) -> str:
    """SQL of the number of levels that `LEVEL <= n` makes of one row; '' for another condition."""
    if not isinstance(condition, (exp.LTE, exp.LT)):
        return ""
    if not _is_pseudo(condition.this, "LEVEL", "ROWNUM"):
        return ""
    if any(isinstance(part, (exp.Column, exp.Prior)) for part in own_nodes(condition.expression)):
        return ""
    with frame.at_depth(0, "connect by"):
        bound = as_number(rewriter.value(condition.expression, frame))
    if isinstance(condition, exp.LTE):
        return f"CAST(floor({bound.sql}) AS BIGINT)"
    return f"CAST(ceil({bound.sql}) AS BIGINT) - 1"


def _sibling_keys(order: exp.Expr, node: exp.Expr, frame: Frame) -> list[exp.Expr]:
    """The sort keys; an alias or a position stands for its expression."""
    only(order, "expressions", "siblings")
    keys = []
    for entry in order.expressions:
        key = entry.this
        if isinstance(key, exp.Literal) and not key.is_string and node.is_star:
            raise refuse("ORDER SIBLINGS BY a position in a list with *", key)
        position = sort_keys.position_of(key, len(node.expressions))
        if position is not None:
            key = node.expressions[position - 1].unalias()
        elif isinstance(key, exp.Column) and key.args.get("table") is None:
            name = stored_name(key.this)
            for item in node.expressions:
                if isinstance(item, exp.Alias) and stored_name(item.args["alias"]) == name:
                    key = item.this
        for part in own_nodes(key):
            if isinstance(part, exp.ConnectByRoot):
                raise _no_root()
            if isinstance(part, exp.Prior) or _is_pseudo(part, "LEVEL", "ROWNUM", *_FLAGS):
                raise refuse("ORDER SIBLINGS BY of something that the hierarchy makes", key)
        copied = entry.copy()
        copied.set("this", key.copy())
        keys.append(copied)
    return keys


def sibling_order(frame: Frame, *, distinct: bool) -> list[str]:
    """The sort key of ORDER SIBLINGS BY; none where groups or DISTINCT end the hierarchy."""
    if distinct or frame.group is not None:
        raise UnsupportedSQL("ORDER SIBLINGS BY with DISTINCT or groups")
    if "WAY" not in frame.pseudo:
        return []  # sorted by constants only
    term, depth = frame.pseudo["WAY"]
    return [f"{frame.reach(term, depth).sql} ASC NULLS LAST"]


def stage_of(frame: Frame) -> HierarchyStage:
    """The hierarchy of the block; ORA-01788 where it has none."""
    if frame.hierarchy is None:
        raise OracleError.of("ORA-01788")
    return frame.hierarchy


def check_base(node: exp.Expr) -> None:
    """Refuse what is made by the walk where only a row of FROM can be read."""
    for part in own_nodes(node):
        made = isinstance(part, (exp.Prior, exp.ConnectByRoot))
        if made or _is_pseudo(part, "LEVEL", "ROWNUM", *_FLAGS):
            raise refuse("a hierarchy's operator over something that the hierarchy makes", node)


def _base_column(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> tuple[str, Term]:
    """The expression as a column of the base."""
    check_base(node)
    stages, frame.stages = frame.stages, []
    pseudo, frame.pseudo = frame.pseudo, {}
    try:
        with frame.at_depth(0, "connect by"):
            term = rewriter.value(node, frame)
    finally:
        frame.stages, frame.pseudo = stages, pseudo
    return stage_of(frame).column(term.sql), term


def connect_by_root(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """CONNECT_BY_ROOT expression."""
    only(node, "this")
    stage = stage_of(frame)
    if frame.clause in ("start with", "connect by"):
        raise _no_root()
    if isinstance(node.find_ancestor(exp.Group, exp.Query), exp.Group):
        raise refuse("CONNECT_BY_ROOT in GROUP BY", node)
    column, term = _base_column(rewriter, node.this, frame)
    return frame.reach(stage.output(f"{stage.root}.{column}", term), 1)


def _no_root() -> OracleError:
    return OracleError.of("ORA-30007")


def prior(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """PRIOR expression: of the parent row."""
    only(node, "this")
    stage = stage_of(frame)
    if frame.clause == "start with":
        raise OracleError.of("ORA-00976")
    column, term = _base_column(rewriter, node.this, frame)
    if frame.clause == "connect by":
        stage.priors.add(column)
        return term.at(f"{stage.prior_alias}.{column}")
    return frame.reach(stage.output(f"{stage.up}.{column}", term), 1)
