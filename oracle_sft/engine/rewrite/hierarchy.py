"""CONNECT BY as a recursive query.

The rows of FROM (after its joins) become a numbered base; a recursive query walks it by row numbers
and remembers for each row its level, its parent, its root and the way to it. The way sorts the rows
as Oracle returns them: depth first. WHERE filters what comes out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import sort_keys
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.terms import (
    COUNT,
    VARCHAR2,
    Term,
    number_type,
    ora_error,
    over,
)
from oracle_sft.engine.rewrite.tree import only, own_nodes, refuse, stored_name

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.from_clause import Source
    from oracle_sft.engine.rewrite.rewriter import Rewriter


@dataclass(slots=True)
class _View:
    """The base under one alias, while START WITH or CONNECT BY is written."""

    stage: "HierarchyStage"
    alias: str

    def read(self, term: Term, name: str) -> Term:
        if term.constant is not None or term.sql == "NULL":
            return term
        return term.at(f"{self.alias}.{self.stage.column(term.sql)}")

    def wrap(self, tail: str) -> str:
        return tail


@dataclass(slots=True)
class HierarchyStage:
    """The walked rows; what is read of them is listed as it is asked for."""

    alias: str
    nocycle: bool = False
    has_prior: bool = False
    start: str = ""
    connect: str = ""
    prior_alias: str = "p"
    """What PRIOR reads while CONNECT BY is written."""
    connect_again: str = ""
    """The condition for CONNECT_BY_ISCYCLE: from a row `b` that came out to a row `k`."""
    siblings: list[str] = field(default_factory=list)
    base: dict[str, str] = field(default_factory=dict)
    """DuckDB SQL over FROM -> column of the base."""
    carried: list[tuple[str, str, str]] = field(default_factory=list)
    """What the walk accumulates: name, SQL for a root, SQL for a child."""
    outputs: dict[str, str] = field(default_factory=dict)
    """DuckDB SQL over the walk -> column above."""
    levels: str = ""
    """SQL of the number of levels, where DUAL only generates rows."""

    def column(self, sql: str) -> str:
        return self.base.setdefault(sql, f"c{len(self.base) + 1}")

    def output(self, sql: str, term: Term) -> Term:
        """The column above for something that the walk knows."""
        return term.at(f"{self.alias}.{self.outputs.setdefault(sql, f'o{len(self.outputs) + 1}')}")

    def read(self, term: Term, name: str) -> Term:
        if term.constant is not None or term.sql == "NULL":
            return term
        return self.output(f"b.{self.column(term.sql)}", term)

    def wrap(self, tail: str) -> str:
        outputs = ", ".join(f"{sql} AS {name}" for sql, name in self.outputs.items())
        base = ", ".join(f"{sql} AS {name}" for sql, name in self.base.items())
        comma = ", " if base else ""
        if self.levels:
            base_sql = f"SELECT {base or '1 AS c0'}{tail}"
            levels = f"SELECT unnest(range(1, greatest(coalesce({self.levels}, 1), 1) + 1)) AS lvl"
            return (
                f" FROM (SELECT {outputs or '1 AS o0'} FROM ({levels}) AS h "
                f"CROSS JOIN ({base_sql}) AS b) AS {self.alias}"
            )
        order = f"ORDER BY {', '.join(self.siblings)}" if self.siblings else ""
        numbered = f"SELECT {base}{comma}row_number() OVER ({order}) AS rid{tail}"
        roots = "".join(f", {root} AS {name}" for name, root, _ in self.carried)
        children = "".join(f", {child}" for _, _, child in self.carried)
        seen = "list_contains(h.way, c.rid)"
        child, keep = "c.rid", self.connect
        if self.nocycle:
            keep = f"{keep} AND NOT {seen}"
        elif self.has_prior:
            loop = ora_error("ORA-01436", "CONNECT BY loop in user data")
            child = f"CASE WHEN {seen} THEN {loop} ELSE c.rid END"
        start = f" WHERE {self.start}" if self.start else ""
        walk = (
            f"SELECT b.rid AS rid, CAST(1 AS BIGINT) AS lvl, [b.rid] AS way, b.rid AS root, "
            f"CAST(NULL AS BIGINT) AS parent{roots} FROM b{start} UNION ALL "
            f"SELECT {child}, h.lvl + 1, list_append(h.way, c.rid), h.root, h.rid{children} "
            f"FROM h JOIN b AS p ON p.rid = h.rid JOIN b AS c ON {keep}"
        )
        used = " ".join(self.outputs)
        joins = " JOIN b ON b.rid = h.rid"
        if "root." in used:
            joins += " JOIN b AS root ON root.rid = h.root"
        if "parent." in used:
            joins += " LEFT JOIN b AS parent ON parent.rid = h.parent"
        return (
            f" FROM (WITH RECURSIVE b AS MATERIALIZED ({numbered}), h AS ({walk}) "
            f"SELECT {outputs or '1 AS o0'} FROM h{joins} ORDER BY h.way) AS {self.alias}"
        )


def rewrite(
    rewriter: "Rewriter", node: exp.Expr, connect: exp.Expr, source: "Source", frame: Frame
) -> list[exp.Expr]:
    """Put the hierarchy on top of FROM; what is left of WHERE comes back.

    Of WHERE, conditions that join two tables come before the hierarchy.
    """
    only(connect, "start", "connect", "nocycle")
    later = []
    for condition in source.remaining:
        if len(frame.relations) > 1 and _num_relations(condition, frame) > 1:
            frame.filter(rewriter.condition(condition, frame))
        else:
            later.append(condition)
    stage = HierarchyStage(rewriter.alias("h"), nocycle=bool(connect.args.get("nocycle")))
    condition = connect.args["connect"]
    stage.has_prior = any(isinstance(part, exp.Prior) for part in own_nodes(condition))
    frame.hierarchy = stage
    start = connect.args.get("start")
    if start is None and _is_generator(rewriter, condition, stage, frame):
        level = Term("CAST(h.lvl AS DECIMAL(18,0))", COUNT)
        frame.push(stage)
        frame.pseudo["LEVEL"] = (stage.output(level.sql, level), frame.depth)
        return later
    with _viewed(frame, stage, "b", "start with"):
        if start is not None:
            stage.start = rewriter.condition(start, frame)
    with _viewed(frame, stage, "c", "connect by"):
        frame.pseudo["LEVEL"] = (Term("CAST(h.lvl + 1 AS DECIMAL(18,0))", COUNT), 1)
        stage.connect = rewriter.condition(condition, frame)
    with _viewed(frame, stage, "k", "connect by"):
        frame.pseudo["LEVEL"] = (Term("CAST(h.lvl + 1 AS DECIMAL(18,0))", COUNT), 1)
        stage.prior_alias = "b"
        stage.connect_again = rewriter.condition(condition, frame)
    order = node.args.get("order")
    if order is not None and order.args.get("siblings"):
        keys = sort_keys.read(rewriter, _sibling_keys(order, node, frame), frame)
        stage.siblings = [key.sql for key in keys]
    frame.push(stage)
    _add_pseudo_columns(stage, frame)
    return later


def _add_pseudo_columns(stage: HierarchyStage, frame: Frame) -> None:
    level = Term("CAST(h.lvl AS DECIMAL(18,0))", COUNT)
    frame.pseudo["LEVEL"] = (stage.output(level.sql, level), frame.depth)
    frame.pseudo["WAY"] = (stage.output("h.way", Term("h.way", VARCHAR2)), frame.depth)
    flag = number_type(1)
    if stage.nocycle:
        cycle = f"EXISTS (SELECT 1 FROM b AS k WHERE {stage.connect_again} AND list_contains(h.way, k.rid))"
        sql = f"CAST(CASE WHEN {cycle} THEN 1 ELSE 0 END AS DECIMAL(1,0))"
        frame.pseudo["CONNECT_BY_ISCYCLE"] = (stage.output(sql, Term(sql, flag)), frame.depth)
    else:
        child = "h.way IN (SELECT k.way[:-2] FROM h AS k WHERE k.lvl > 1)"
        sql = f"CAST(CASE WHEN {child} THEN 0 ELSE 1 END AS DECIMAL(1,0))"
        frame.pseudo["CONNECT_BY_ISLEAF"] = (stage.output(sql, Term(sql, flag)), frame.depth)


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


def _is_generator(
    rewriter: "Rewriter", condition: exp.Expr, stage: HierarchyStage, frame: Frame
) -> bool:
    """Whether this is `FROM dual CONNECT BY LEVEL <= n`: then DuckDB's range makes the rows."""
    if [relation.is_dual for relation in frame.relations] != [True]:
        return False
    if not isinstance(condition, (exp.LTE, exp.LT)) or not isinstance(condition.this, exp.Column):
        return False
    if condition.this.args.get("table") is not None or stored_name(condition.this.this) not in (
        "LEVEL",
        "ROWNUM",
    ):
        return False
    if any(isinstance(part, (exp.Column, exp.Prior)) for part in own_nodes(condition.expression)):
        return False
    with frame.at_depth(0, "connect by"):
        bound = as_number(rewriter.value(condition.expression, frame))
    function = "floor" if isinstance(condition, exp.LTE) else "ceil"
    less = "" if function == "floor" else " - 1"
    stage.levels = f"CAST({function}({bound.sql}) AS BIGINT){less}"
    return True


def _sibling_keys(order: exp.Expr, node: exp.Expr, frame: Frame) -> list[exp.Expr]:
    """The sort keys; an alias or a position stands for its expression."""
    only(order, "expressions", "siblings")
    keys = []
    for entry in order.expressions:
        key = entry.this
        if isinstance(key, exp.Literal):
            position = int(str(key.this)) - 1
            if not 0 <= position < len(node.expressions):
                message = "ORDER BY item must be the number of a SELECT-list expression"
                raise OracleError("ORA-01785", message)
            key = node.expressions[position].unalias()
        elif isinstance(key, exp.Column) and key.args.get("table") is None:
            name = stored_name(key.this)
            for item in node.expressions:
                if isinstance(item, exp.Alias) and stored_name(item.args["alias"]) == name:
                    key = item.this
        copied = entry.copy()
        copied.set("this", key.copy())
        keys.append(copied)
    return keys


def sibling_order(frame: Frame, *, distinct: bool) -> list[str]:
    """The sort key of ORDER SIBLINGS BY; none where groups or DISTINCT end the hierarchy."""
    if distinct or frame.group is not None:
        raise UnsupportedSQL("ORDER SIBLINGS BY with DISTINCT or groups")
    term, depth = frame.pseudo["WAY"]
    return [f"{frame.reach(term, 'WAY', depth).sql} ASC NULLS LAST"]


def _stage(frame: Frame) -> HierarchyStage:
    if frame.hierarchy is None:
        raise OracleError("ORA-01788", "CONNECT BY clause required in this query block")
    if frame.hierarchy.levels:
        raise UnsupportedSQL("PRIOR or CONNECT_BY_ROOT over rows generated from DUAL")
    return frame.hierarchy


def _base_column(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> tuple[str, Term]:
    """The expression as a column of the base."""
    stages, frame.stages = frame.stages, []
    pseudo, frame.pseudo = frame.pseudo, {}
    try:
        with frame.at_depth(0, "connect by"):
            term = rewriter.value(node, frame)
    finally:
        frame.stages, frame.pseudo = stages, pseudo
    return _stage(frame).column(term.sql), term


def connect_by_root(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """CONNECT_BY_ROOT expression."""
    only(node, "this")
    stage = _stage(frame)
    if frame.clause in ("start with", "connect by"):
        raise OracleError("ORA-30002", "SYS_CONNECT_BY_PATH function is not allowed here")
    column, term = _base_column(rewriter, node.this, frame)
    return frame.reach(stage.output(f"root.{column}", term), "CONNECT_BY_ROOT", 1)


def prior(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """PRIOR expression: of the parent row."""
    only(node, "this")
    if isinstance(node.this, exp.Binary):
        # sqlglot gives PRIOR the whole sum, Oracle only what follows it directly.
        raise refuse("PRIOR before an expression without brackets", node)
    stage = _stage(frame)
    if frame.clause == "start with":
        raise OracleError("ORA-00976", "Specified pseudocolumn or operator not allowed here.")
    column, term = _base_column(rewriter, node.this, frame)
    if frame.clause == "connect by":
        return term.at(f"{stage.prior_alias}.{column}")
    return frame.reach(stage.output(f"parent.{column}", term), "PRIOR", 1)


def path(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """SYS_CONNECT_BY_PATH(expression, separator)."""
    if len(node.expressions) != 2:
        raise OracleError("ORA-00909", "invalid number of arguments")
    stage = _stage(frame)
    if frame.clause in ("start with", "connect by"):
        raise OracleError("ORA-30002", "SYS_CONNECT_BY_PATH function is not allowed here")
    separator = rewriter.value(node.expressions[1], frame)
    if not isinstance(separator.constant, str):
        raise refuse("SYS_CONNECT_BY_PATH with a separator that is not a literal", node)
    stages, frame.stages = frame.stages, []
    try:
        with frame.at_depth(0, "connect by"):
            text = as_text(rewriter.value(node.expressions[0], frame))
    finally:
        frame.stages = stages
    message = (
        "when using SYS_CONNECT_BY_PATH function, cannot have separator as part of column value"
    )
    inside = ora_error("ORA-30004", message)
    body = f"(CASE WHEN contains($t, {separator.sql}) THEN {inside} ELSE coalesce($t, '') END)"
    column = stage.column(over({"t": text.sql}, body, simple=text.is_simple))
    name = f"s_{column}_{len(separator.constant)}"
    step = f"{separator.sql} || {{}}.{column}"
    entry = (name, step.format("b"), f"h.{name} || {step.format('c')}")
    if entry not in stage.carried:
        if any(known == name for known, _, _ in stage.carried):
            raise refuse("SYS_CONNECT_BY_PATH twice with different separators", node)
        stage.carried.append(entry)
    return frame.reach(stage.output(f"h.{name}", Term("", VARCHAR2)), "SYS_CONNECT_BY_PATH", 1)
