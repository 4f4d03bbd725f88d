"""FROM: tables, inline views, joins, and the old outer joins with (+)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.blocks import (
    collection_table,
    outer_plus,
    partitioned_join,
    pivots,
    ties,
)
from oracle_sft.engine.rewrite.frame import Frame, Merged, OutputColumn, Relation
from oracle_sft.engine.rewrite.json import json_table
from oracle_sft.engine.rewrite.terms import VARCHAR2, Term, char_type, named
from oracle_sft.engine.rewrite.tree import only, refuse, stored_name, undisguised
from oracle_sft.sqltext.dictionary import is_dictionary

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.blocks import query
    from oracle_sft.engine.rewrite.rewriter import Rewriter


@dataclass(slots=True)
class Source:
    """A FROM clause for DuckDB."""

    sql: str
    remaining: list[exp.Expr]
    """Conditions of WHERE that are no part of an old outer join."""


@dataclass(slots=True)
class _Tree:
    """One entry between commas: a table, or tables joined with JOIN."""

    sql: str
    relations: list[Relation]
    lateral: bool = False
    """A view in it reads columns of tables before it."""
    partition: list[str] = field(default_factory=list)
    """Columns by which an outer join divides it."""


def rewrite(
    rewriter: "Rewriter", node: exp.Expr, conditions: list[exp.Expr], frame: Frame
) -> Source:
    """FROM of a block, with its relations put into the frame."""
    from_ = node.args["from_"]
    only(from_, "this")
    marked = [condition for condition in conditions if outer_plus.is_marked(condition)]
    joins = node.args.get("joins") or []
    trees = [_tree(rewriter, from_.this, frame, [])]
    joined = bool(from_.this.args.get("joins"))
    for join in joins:
        only(join, "this", "side", "kind", "method", "on", "using")
        before = [relation for tree in trees for relation in tree.relations]
        if _is_comma(join):
            trees.append(_tree(rewriter, join.this, frame, before))
            joined = joined or len(trees[-1].relations) > 1
        else:
            joined = True
            _join(rewriter, join, trees[-1], frame, before)
    frame.relations = [relation for tree in trees for relation in tree.relations]
    if any(tree.partition for tree in trees):
        raise refuse("PARTITION BY without an outer join", node)
    if not marked:
        # DuckDB lets a lateral view see the tables before a comma only if they are joined to it.
        sql = trees[0].sql
        for tree in trees[1:]:
            sql += f"{' CROSS JOIN ' if tree.lateral else ', '}{tree.sql}"
        return Source(sql, conditions)
    if any(tree.lateral for tree in trees):
        raise refuse("an old outer join (+) beside a lateral view", node)
    if joined:
        raise OracleError.of("ORA-25156")
    entries = [(tree.sql, tree.relations[0]) for tree in trees]
    sql, plain = outer_plus.rewrite(rewriter, entries, marked, frame)
    return Source(sql, [*(test for test in conditions if test not in marked), *plain])


def _is_comma(join: exp.Expr) -> bool:
    applied = isinstance(join.this, exp.Lateral) and join.this.args.get("cross_apply") is not None
    parts = ("side", "kind", "method", "on", "using")
    return not applied and not any(join.args.get(key) for key in parts)


def _tree(rewriter: "Rewriter", node: exp.Expr, frame: Frame, before: list[Relation]) -> _Tree:
    """A table or view with what is joined to it; `before` is what a lateral view sees."""
    if isinstance(node, (exp.Table, exp.Lateral)) and isinstance(node.this, exp.Anonymous):
        tree = _table_function(rewriter, node, frame, before)
    elif isinstance(node, exp.Table):
        tree = _table(rewriter, node, frame)
    elif isinstance(node, exp.Subquery) and isinstance(node.this, exp.Table):
        only(node, "this")
        tree = _tree(rewriter, node.this, frame, before)
        return _Tree(f"({tree.sql})", tree.relations, tree.lateral)
    elif isinstance(node, exp.Subquery):
        tree = _inline_view(rewriter, node, frame)
    elif isinstance(node, exp.Lateral):
        tree = _lateral(rewriter, node, frame, before)
    else:
        raise refuse(f"{node.key.upper()} in FROM", node)
    for pivot in node.args.get("pivots") or []:
        tree = _turned(rewriter, pivot, tree, frame)
    tree.partition = node.meta.get("partition") or []
    for join in node.args.get("joins") or []:
        _join(rewriter, join, tree, frame, [*before, *tree.relations])
    return tree


def _turned(rewriter: "Rewriter", pivot: exp.Expr, tree: _Tree, frame: Frame) -> _Tree:
    """PIVOT or UNPIVOT of what stands before it."""
    done = pivots.rewrite(rewriter, pivot, tree.sql, tree.relations[0], frame)
    alias = rewriter.alias("r")
    columns = _columns_of(done, alias)
    return _Tree(f"({done.sql}) AS {alias}", [Relation(_alias(pivot), columns)])


def _columns_of(done: "query.Query", alias: str) -> list[OutputColumn]:
    """The columns of a subquery that has this alias."""
    return [column.read_from(alias, index) for index, column in enumerate(done.columns, start=1)]


def _table(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> _Tree:
    only(node, "this", "alias", "db", "joins", "pivots")
    if not isinstance(node.this, exp.Identifier):
        raise refuse("a table function", node)
    name = stored_name(node.this)
    given = _alias(node) or name
    db = node.args.get("db")
    owner = stored_name(db) if db is not None else None
    columns = frame.ctes.get(name) if owner is None else None
    alias = rewriter.alias("r")
    if columns is not None:
        own = [column.read_from(alias, index) for index, column in enumerate(columns, start=1)]
        with_name = columns[0].term.sql.split(".")[0]
        return _Tree(f"{with_name} AS {alias}", [Relation(given, own, cte=with_name)])
    table = rewriter.tables.get(name)
    if table is None or owner not in (None, table.owner):
        if name == "DUAL" and owner in (None, "SYS", "PUBLIC"):
            dummy = OutputColumn("DUMMY", Term(f"{alias}.c1", char_type(1)))
            return _Tree(f"(SELECT 'X' AS c1) AS {alias}", [Relation(given, [dummy], is_dual=True)])
        if owner in (None, "SYS", "PUBLIC") and is_dictionary(name):
            raise refuse("a view of the data dictionary", node)
        raise OracleError.of("ORA-00942")
    stored = [
        OutputColumn(
            column,
            Term(f"{alias}.{named(column)}", type_),
            unreadable=table.unreadable.get(column, ""),
        )
        for column, type_ in table.columns
    ]
    relation = Relation(given, stored, owner=table.owner if given == name else "")
    return _Tree(f"{table.sql_name} AS {alias}", [relation])


def _alias(node: exp.Expr) -> str:
    alias = node.args.get("alias")
    if alias is None:
        return ""
    if alias.args.get("columns"):
        raise OracleError.of("ORA-00933")
    only(alias, "this")
    return stored_name(alias.this)


def _inline_view(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> _Tree:
    only(node, "this", "alias", "joins", "pivots", "with_")
    # An inline view sees the names of outer blocks only, not its neighbours.
    return _view(rewriter, node, Frame(parent=frame.parent, ctes=frame.ctes), frame)


def _view(rewriter: "Rewriter", node: exp.Expr, outside: Frame, frame: Frame) -> _Tree:
    alias = rewriter.alias("r")
    if node is rewriter.cut_view:
        done, keys = ties.with_keys(rewriter, node.this, outside)
        frame.view_keys = [(Term(f"{alias}.{key}", VARCHAR2), way) for key, way in keys]
    else:
        done = rewriter.query(node.this, outside, as_view=True)
    columns = _columns_of(done, alias)
    return _Tree(f"({done.sql}) AS {alias}", [Relation(_alias(node), columns)])


def _table_function(
    rewriter: "Rewriter", node: exp.Expr, frame: Frame, before: list[Relation]
) -> _Tree:
    """JSON_TABLE, which sees the tables before it, and TABLE over a list of constants."""
    only(node, "this", "alias", "joins", "pivots", "cross_apply")
    listed = collection_table.inline_view(node)
    if listed is not None:
        view = exp.Subquery(this=listed, alias=node.args.get("alias"))
        return _inline_view(rewriter, view, frame)
    collected = collection_table.multiset(node)
    if collected is not None:
        view = exp.Subquery(this=collected.query, alias=node.args.get("alias"))
        tree = _view(rewriter, view, _beside(frame, before), frame)
        tree.relations[0].columns = collected.columns(tree.relations[0].columns)
        return _Tree(f"LATERAL {tree.sql}", tree.relations, lateral=True)
    if undisguised(str(node.this.this)).upper() != "JSON_TABLE":
        raise refuse("a table function", node)
    sql, columns = json_table.rewrite(rewriter, node.this, _beside(frame, before))
    alias = rewriter.alias("r")
    own = [
        OutputColumn(column.name, column.term.at(f"{alias}.c{index}"))
        for index, column in enumerate(columns, start=1)
    ]
    return _Tree(f"LATERAL ({sql}) AS {alias}", [Relation(_alias(node), own)], lateral=True)


def _beside(frame: Frame, before: list[Relation]) -> Frame:
    """What a lateral view sees."""
    beside = Frame(parent=frame.parent, ctes=frame.ctes, merged=frame.merged, clause="on")
    beside.relations = before
    return beside


def _lateral(rewriter: "Rewriter", node: exp.Expr, frame: Frame, before: list[Relation]) -> _Tree:
    """A view that sees the tables before it: LATERAL (..) and what stands behind APPLY."""
    only(node, "this", "alias", "joins", "cross_apply")
    if not isinstance(node.this, exp.Subquery):
        raise refuse("LATERAL or APPLY of something other than a subquery", node)
    only(node.this, "this", "with_")
    tree = _view(rewriter, node.this, _beside(frame, before), frame)
    tree.relations[0].name = _alias(node)
    return _Tree(f"LATERAL {tree.sql}", tree.relations, lateral=True)


_SIDES = {"": "JOIN", "LEFT": "LEFT JOIN", "RIGHT": "RIGHT JOIN", "FULL": "FULL JOIN"}


def _join(
    rewriter: "Rewriter", join: exp.Expr, left: _Tree, frame: Frame, before: list[Relation]
) -> None:
    """Join the next table to the tree, which grows by it."""
    only(join, "this", "side", "kind", "method", "on", "using")
    side = str(join.args.get("side") or "").upper()
    kind = str(join.args.get("kind") or "").upper()
    method = str(join.args.get("method") or "").upper()
    on, using = join.args.get("on"), join.args.get("using")
    right = _tree(rewriter, join.this, frame, before)
    left.lateral = left.lateral or right.lateral
    if right.lateral and side in ("RIGHT", "FULL"):
        raise refuse(f"{side} JOIN with a lateral view", join)
    if left.lateral and side in ("RIGHT", "FULL"):
        raise refuse(f"{side} JOIN behind a lateral view", join)
    if side not in _SIDES or kind not in ("", "INNER", "OUTER", "CROSS"):
        raise refuse(f"{side} {kind} JOIN".strip(), join)
    both = [*left.relations, *right.relations]
    if isinstance(join.this, exp.Lateral) and join.this.args.get("cross_apply") is not None:
        inner = join.this.args["cross_apply"]
        word, on_all = ("CROSS JOIN", "") if inner else ("LEFT JOIN", " ON TRUE")
        left.sql = f"{left.sql} {word} {right.sql}{on_all}"
        left.relations = both
        return
    if method == "NATURAL":
        if on is not None or using:
            raise OracleError.of("ORA-00933")
        using_names = _common_names(left, right)
        condition = _merge(using_names, side, left, right, frame, is_natural=True)
    elif method:
        raise refuse(f"{method} JOIN", join)
    elif kind == "CROSS":
        if on is not None or using:
            raise OracleError.of("ORA-00933")
        left.sql = f"{left.sql} CROSS JOIN {right.sql}"
        left.relations = both
        return
    elif using:
        using_names = [stored_name(name) for name in using]
        condition = _merge(using_names, side, left, right, frame, is_natural=False)
    elif on is not None:
        if outer_plus.is_marked(on):
            raise OracleError.of("ORA-25156")
        merged = frame.merged
        with frame.among(both, "on"):
            frame.merged = merged
            condition = rewriter.condition(on, frame)
    else:
        raise OracleError.of("ORA-00905")
    if left.partition or right.partition:
        left.sql = _partitioned(rewriter, side, left, right, condition)
    else:
        left.sql = f"{left.sql} {_SIDES[side]} {right.sql} ON {condition}"
    left.relations = both


def _partitioned(rewriter: "Rewriter", side: str, left: _Tree, right: _Tree, condition: str) -> str:
    """The tree with a partitioned outer join; it must supply the NULLs."""
    sparse, dense = (left, right) if side == "RIGHT" else (right, left)
    if side not in ("LEFT", "RIGHT") or dense.partition or len(sparse.relations) != 1:
        raise refuse("PARTITION BY in a join of this form")
    names, relation = sparse.partition, sparse.relations[0]
    for name in names:
        _only_one(sparse, name)
    left.partition = []
    alias = rewriter.alias("p")
    return partitioned_join.joined(dense.sql, sparse.sql, relation, names, condition, alias)


def _common_names(left: _Tree, right: _Tree) -> list[str]:
    theirs = {column.name for relation in right.relations for column in relation.columns}
    names: list[str] = []
    for relation in left.relations:
        names += [
            column.name
            for column in relation.columns
            if column.name in theirs and column.name not in names
        ]
    return names


def _merge(
    names: list[str], side: str, left: _Tree, right: _Tree, frame: Frame, *, is_natural: bool
) -> str:
    """The condition of USING; each column is readable afterwards without a table name only."""
    tests = []
    made: dict[str, Merged] = {}
    for name in names:
        before = frame.merged.get(name)
        if before is not None and before.relations[0] not in left.relations:
            raise refuse(f"two joins with USING of {name} that are no one join")
        if before is not None:
            others = [entry for entry in left.relations if entry not in before.relations]
            if any(entry.find(name) for entry in others):
                raise OracleError.of("ORA-00918")
        first = before.term if before is not None else _only_one(left, name)
        second = _only_one(right, name)
        tests.append(convert.compare("=", first, second))
        type_, branches = convert.common([first, second])
        term = second if side == "RIGHT" else first
        if side == "FULL":
            term = Term(f"coalesce({', '.join(branches)})", type_)
        owners = [entry for entry in (*left.relations, *right.relations) if entry.find(name)]
        made[name] = Merged(term, tuple(owners), is_natural)
    if any(name not in frame.merged for name in made):
        frame.num_merging += 1
    frame.merged = {**frame.merged, **made}
    return f"({' AND '.join(tests) or 'TRUE'})"


def _only_one(tree: _Tree, name: str) -> Term:
    found = [term for relation in tree.relations for term in relation.find(name)]
    if not found:
        raise OracleError.of("ORA-00904", f'"{name}"')
    if len(found) > 1:
        raise OracleError.of("ORA-00918")
    return found[0]
