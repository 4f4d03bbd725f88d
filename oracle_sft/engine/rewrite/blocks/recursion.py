"""Recursive WITH as a recursive CTE of DuckDB.

Each row carries, beside its own columns, the way from its first row (`way`, numbers by which siblings
sort) where SEARCH is said, and the values of its ancestors (`seen`) by which Oracle finds a cycle.
Without CYCLE these are the columns that the condition of the recursive branch reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.blocks import block, query, rownum, search_cycle, with_clause
from oracle_sft.engine.rewrite.frame import Frame, OutputColumn, Relation
from oracle_sft.engine.rewrite.groups import group_functions
from oracle_sft.engine.rewrite.terms import (
    COUNT,
    DIVISION_SCALE,
    MAX_PRECISION,
    VARCHAR2,
    OracleType,
    Term,
    number_type,
    ora_error,
    quoted,
    refused,
)
from oracle_sft.engine.rewrite.tree import only, own_nodes, refuse, stored_name

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_NUM_TRIES = 4
"""How often the columns' types are widened before a NUMBER's decimals are given up to grow."""


@dataclass(slots=True)
class _Recursive:
    """One recursive query of WITH."""

    name: str
    names: list[str]
    anchor: exp.Expr
    branch: exp.Expr
    extras: search_cycle.Extras


@dataclass(slots=True)
class _Branch:
    """The recursive branch, written over columns of given types."""

    body: "query.Body"
    relation: str
    """DuckDB's name of the recursive relation in it."""
    compared: list[int]
    """Positions of the columns that its conditions read."""


def mentions(node: exp.Expr, name: str) -> bool:
    """Whether the query reads a table or query of that name."""
    return bool(_tables(node, name))


def _tables(node: exp.Expr, name: str) -> list[exp.Table]:
    return [
        table
        for table in node.find_all(exp.Table)
        if table.args.get("db") is None and stored_name(table.this) == name
    ]


def rewrite(
    rewriter: "Rewriter", cte: exp.Expr, name: str, names: list[str], frame: Frame
) -> list[str]:
    """The CTEs of a query that reads itself; it is readable in the frame afterwards.

    Raises:
        OracleError: ORA-32038 to ORA-32044, ORA-32480 to ORA-32490, ORA-01789, ORA-01790.
    """
    recursive = _checked(cte, name, names)
    start = query.rewrite(rewriter, recursive.anchor, Frame(parent=frame.parent, ctes=frame.ctes))
    anchor = with_clause.renamed(start.columns, names)
    sql_name = rewriter.alias("w")
    types = [column.term.type for column in anchor]
    branch, types = _settled(rewriter, recursive, types, anchor, sql_name, frame)
    columns = [
        OutputColumn(column.name, Term("", type_))
        for column, type_ in zip(anchor, types, strict=True)
    ]
    written = [_cte(recursive, start.sql, anchor, branch, types, sql_name)]
    shown = _shown(rewriter, recursive.extras, columns, sql_name)
    if shown is not None:
        sql_name, more = shown
        written.append(more)
    frame.ctes[name] = with_clause.placed(columns, sql_name)
    return written


def _checked(cte: exp.Expr, name: str, names: list[str]) -> _Recursive:
    if not names:
        raise OracleError.of("ORA-32039")
    union = cte.this
    while isinstance(union, exp.Subquery):
        only(union, "this")
        union = union.this
    if not isinstance(union, exp.Union) or union.args.get("distinct") is not False:
        raise OracleError.of("ORA-32040")
    only(union, "this", "expression", "distinct")
    anchor, branch = union.this, union.expression
    if isinstance(anchor, exp.Union) and anchor.args.get("distinct") is False:
        raise OracleError.of("ORA-32041")
    if mentions(anchor, name):
        if mentions(branch, name):
            raise OracleError.of("ORA-32043")
        raise refuse("a recursive WITH whose first branch is the recursive one", cte)
    while isinstance(branch, exp.Subquery):
        only(branch, "this")
        branch = branch.this
    extras = cte.meta.get("extras") or search_cycle.Extras()
    search_cycle.check(extras, names)
    _check_branch(branch, name)
    return _Recursive(name, names, anchor, branch, extras)


def _check_branch(branch: exp.Expr, name: str) -> None:
    found = _tables(branch, name)
    if len(found) > 1:
        raise OracleError.of("ORA-32490")
    if not isinstance(branch, exp.Select):
        raise refuse("a recursive branch of WITH that is a set operation", branch)
    if not any(node is found[0] for node in own_nodes(branch)):
        raise OracleError.of("ORA-32042")
    forbidden = ("distinct", "group", "having", "connect", "match")
    aggregated = any(group_functions.aggregates_in(item) for item in branch.expressions)
    if aggregated or any(branch.args.get(key) for key in forbidden):
        raise OracleError.of("ORA-32486")
    for key in ("order", "limit", "offset", "with_"):
        if branch.args.get(key):
            raise refuse(f"a recursive branch of WITH with {key.strip('_').upper()}", branch)
    nodes = list(own_nodes(branch))
    if any(isinstance(node, exp.Window) for node in nodes):
        raise refuse("an analytic function in a recursive WITH", branch)
    if rownum.reads_rownum(branch):
        raise refuse("ROWNUM in a recursive WITH", branch)
    outer = any(node.args.get("side") for node in nodes if isinstance(node, exp.Join))
    marked = any(node.args.get("join_mark") for node in nodes if isinstance(node, exp.Column))
    if (outer or marked) and not _comes_first(branch, found[0], marked=marked):
        raise refuse("an outer join of a recursive WITH to something before it", branch)


def _comes_first(branch: exp.Expr, table: exp.Expr, *, marked: bool) -> bool:
    """Whether every row of the recursive relation is kept by the joins: it begins FROM, and each
    outer join is a LEFT one.
    """
    joins = branch.args.get("joins") or []
    sides = {str(join.args.get("side") or "").upper() for join in joins}
    return not marked and branch.args["from_"].this is table and sides <= {"", "LEFT"}


def _settled(
    rewriter: "Rewriter",
    recursive: _Recursive,
    types: list[OracleType],
    anchor: Sequence[OutputColumn],
    sql_name: str,
    frame: Frame,
) -> tuple[_Branch, list[OracleType]]:
    """The recursive branch and the columns' types, widened until the branch fits into them."""
    types = [_wide(type_) for type_ in types]
    for attempt in range(3 * _NUM_TRIES):
        branch = _written(rewriter, recursive, types, sql_name, frame)
        found = [column.term.type for column in branch.body.columns]
        if len(found) != len(anchor):
            raise OracleError.of("ORA-01789")
        wider = [
            _joined(type_, other, grows=attempt >= _NUM_TRIES)
            for type_, other in zip(types, found, strict=True)
        ]
        if wider == types:
            return branch, types
        types = wider
    raise UnsupportedSQL("a recursive WITH whose columns find no common type")


def _joined(type_: OracleType, other: OracleType, *, grows: bool) -> OracleType:
    known = [entry for entry in (type_, other) if entry.family != "NULL"]
    if not known:
        return type_
    if len({entry.is_floating for entry in known}) > 1:
        raise UnsupportedSQL("NUMBER together with BINARY_DOUBLE in a recursive WITH")
    joined = convert.common_type(known, code="ORA-01790")
    if joined.family != "NUMBER" or joined.binary:
        return joined
    exact = joined.exact and type_.exact
    scale = joined.scale
    if scale > type_.scale and grows:
        # Each step adds decimals, as `x * 1.05` does: keep as many as a quotient has.
        scale, exact = DIVISION_SCALE, False
    return number_type(MAX_PRECISION, min(scale, DIVISION_SCALE + 4), exact=exact)


def _wide(type_: OracleType) -> OracleType:
    """A NUMBER with room to grow; anything else as it is."""
    if type_.family != "NUMBER" or type_.binary:
        return type_
    return number_type(MAX_PRECISION, type_.scale, exact=type_.exact)


def _written(
    rewriter: "Rewriter",
    recursive: _Recursive,
    types: Sequence[OracleType],
    sql_name: str,
    frame: Frame,
) -> _Branch:
    columns = [
        OutputColumn(name, Term("", type_))
        for name, type_ in zip(recursive.names, types, strict=True)
    ]
    ctes = {**frame.ctes, recursive.name: with_clause.placed(columns, sql_name)}
    inner = Frame(parent=Frame(parent=frame.parent), ctes=ctes)
    body = block.select(rewriter, recursive.branch, inner)
    relation = next(entry for entry in inner.relations if entry.cte == sql_name)
    compared: list[int] = []
    if recursive.extras.cycle is not None:
        compared = [recursive.names.index(name) for name in recursive.extras.cycle.columns]
    else:
        compared = _read_in_conditions(recursive, relation, inner)
    alias = relation.columns[0].term.sql.split(".")[0]
    return _Branch(body, alias, compared)


def _read_in_conditions(recursive: _Recursive, relation: Relation, frame: Frame) -> list[int]:
    """The columns of the recursive relation that WHERE and ON read."""
    branch = recursive.branch
    conditions = [join.args.get("on") for join in branch.args.get("joins") or []]
    where = branch.args.get("where")
    conditions.append(where.this if where is not None else None)
    read: set[int] = set()
    for condition in filter(None, conditions):
        for column in condition.find_all(exp.Column):
            name = stored_name(column.this)
            table = column.args.get("table")
            owners = [
                entry
                for entry in frame.relations
                if entry.find(name) and (table is None or stored_name(table) == entry.name)
            ]
            if owners == [relation]:
                read.add(recursive.names.index(name))
    for join in branch.args.get("joins") or []:
        using = {stored_name(name) for name in join.args.get("using") or []}
        read |= {index for index, name in enumerate(recursive.names) if name in using}
    if not read:
        raise refuse("a recursive WITH whose condition reads none of its columns", branch)
    return sorted(read)


def _cte(
    recursive: _Recursive,
    anchor_sql: str,
    anchor: Sequence[OutputColumn],
    branch: _Branch,
    types: Sequence[OracleType],
    sql_name: str,
) -> str:
    search, cycle = recursive.extras.search, recursive.extras.cycle
    starts = _casts("a", [column.term.type for column in anchor], types)
    steps = _casts("x", [column.term.type for column in branch.body.columns], types)
    items = [f"{sql} AS c{index}" for index, sql in enumerate(branch.body.items, start=1)]
    carried = ["seen"] + (["way"] if search is not None else []) + (["marked"] if cycle else [])
    items += [f"{branch.relation}.{column} AS {column}" for column in carried]
    values = "{" + ", ".join(f"c{i + 1}: b.c{i + 1}" for i in branch.compared) + "}"
    again = f"list_contains(b.seen, {values})"
    if cycle is None:
        loop = ora_error("ORA-32044")
        seen = f"CASE WHEN {again} THEN {loop} ELSE list_append(b.seen, {values}) END"
    else:
        seen = f"list_append(b.seen, {values})"
    first, later = [f"[{values}] AS seen"], [f"{seen} AS seen"]
    if search is not None:
        keys = [
            f"b.c{recursive.names.index(key.column) + 1} {key.direction}" for key in search.keys
        ]
        first.append(f"[row_number() OVER (ORDER BY {', '.join(keys)})] AS way")
        order = ", ".join([*keys, "b.way"])
        later.append(f"list_append(b.way, row_number() OVER (ORDER BY {order})) AS way")
    if cycle is not None:
        first.append("FALSE AS marked")
        later.append(f"{again} AS marked")
    own = [f"b.c{index}" for index in range(1, len(types) + 1)]
    hidden = ", ".join(f"x.{column}" for column in carried)
    kept = " WHERE NOT x.marked" if cycle is not None else ""
    return (
        f"{sql_name} AS (SELECT {', '.join([*own, *first])} FROM "
        f"(SELECT {', '.join(starts)} FROM ({anchor_sql}) AS a) AS b UNION ALL "
        f"SELECT {', '.join([*own, *later])} FROM (SELECT {', '.join(steps)}, {hidden} FROM "
        f"(SELECT {', '.join(items)}{branch.body.tail}) AS x{kept}) AS b)"
    )


def _casts(alias: str, types: Sequence[OracleType], wanted: Sequence[OracleType]) -> list[str]:
    casts = []
    for index, (type_, target) in enumerate(zip(types, wanted, strict=True), start=1):
        known = VARCHAR2 if target.family == "NULL" else target
        casts.append(f"{convert.cast(Term(f'{alias}.c{index}', type_), known)} AS c{index}")
    return casts


def _shown(
    rewriter: "Rewriter", extras: search_cycle.Extras, columns: list[OutputColumn], sql_name: str
) -> tuple[str, str] | None:
    """The CTE that adds the columns of SEARCH and CYCLE, and its name; None where there are none.

    `columns` grow by them.
    """
    search, cycle = extras.search, extras.cycle
    if search is None and cycle is None:
        return None
    items = [f"{sql_name}.c{index} AS c{index}" for index in range(1, len(columns) + 1)]
    order = ""
    if search is not None:
        number, order = _numbered(search, sql_name)
        columns.append(OutputColumn(search.name, Term("", COUNT)))
        items.append(f"CAST({number} AS {COUNT.duckdb}) AS c{len(columns)}")
    if cycle is not None:
        columns.append(OutputColumn(cycle.name, Term("", VARCHAR2)))
        mark = f"CASE WHEN {sql_name}.marked THEN {quoted(cycle.marked)}"
        items.append(f"{mark} ELSE {quoted(cycle.unmarked)} END AS c{len(columns)}")
    shown = rewriter.alias("w")
    return shown, f"{shown} AS (SELECT {', '.join(items)} FROM {sql_name}{order})"


def _numbered(search: search_cycle.Search, sql_name: str) -> tuple[str, str]:
    """The sequence number of SEARCH, and the ORDER BY that follows it."""
    way = f"{sql_name}.way"
    if search.depth_first:
        return f"row_number() OVER (ORDER BY {way})", f" ORDER BY {way}"
    # Children of different parents: by their parents or by the keys alone? Where that shows,
    # nobody knows.
    by_parents = f"row_number() OVER (ORDER BY len({way}), {way})"
    by_keys = f"row_number() OVER (ORDER BY len({way}), {way}[-1])"
    unknown = refused("the order of cousins in SEARCH BREADTH FIRST")
    number = f"CASE WHEN {by_parents} <> {by_keys} THEN {unknown} ELSE {by_parents} END"
    return number, f" ORDER BY len({way}), {way}"
