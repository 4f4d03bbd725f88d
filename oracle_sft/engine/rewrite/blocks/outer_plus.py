"""Old outer joins: `a.id = b.id(+)` as LEFT JOIN."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.frame import Frame, Relation, shown_name
from oracle_sft.engine.rewrite.tree import own_nodes, refuse, stored_name

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


def is_marked(condition: exp.Expr) -> bool:
    """Whether a column of the condition carries (+)."""
    return any(
        isinstance(node, exp.Column) and node.args.get("join_mark") for node in own_nodes(condition)
    )


def rewrite(
    rewriter: "Rewriter",
    entries: list[tuple[str, Relation]],
    conditions: list[exp.Expr],
    frame: Frame,
) -> tuple[str, list[exp.Expr]]:
    """The FROM clause: tables without a mark first, then each marked one by LEFT JOIN. With it come
    the conditions that are plain ones in spite of their marks.

    Raises:
        OracleError: ORA-01719, ORA-01468, ORA-01416.
    """
    relations = [relation for _, relation in entries]
    tests: dict[int, list[exp.Expr]] = {}
    needs: dict[int, set[int]] = {}
    correlated: set[int] = set()
    for condition in conditions:
        sides = _sides(condition, relations, frame)
        _check_form(condition)
        if len(sides.marked) > 1:
            raise OracleError.of("ORA-01468")
        (table,) = sides.marked
        if table in sides.others:
            raise refuse("a condition with and without (+) on one table", condition)
        tests.setdefault(table, []).append(condition)
        needs.setdefault(table, set()).update(sides.others)
        if sides.reads_outside:
            correlated.add(table)
    plain: list[exp.Expr] = []
    for table in [table for table, others in needs.items() if not others]:
        if table not in correlated:
            raise refuse(f"(+) on {relations[table].name} without a join to another table")
        # A table of an outer block is joined to nothing here: the mark has no effect.
        plain += [_unmarked(test) for test in tests.pop(table)]
    done = [index for index in range(len(entries)) if index not in tests]
    if not done:
        raise OracleError.of("ORA-01416")
    sql = " CROSS JOIN ".join(entries[index][0] for index in done)
    waiting = [index for index in range(len(entries)) if index in tests]
    while waiting:
        ready = [index for index in waiting if needs[index] <= set(done)]
        if not ready:
            raise OracleError.of("ORA-01416")
        table = ready[0]
        frame.clause = "outer join"
        on = " AND ".join(rewriter.condition(test, frame) for test in tests[table])
        frame.clause = "where"
        sql = f"{sql} LEFT JOIN {entries[table][0]} ON {on}"
        done.append(table)
        waiting.remove(table)
    return sql, plain


def _unmarked(condition: exp.Expr) -> exp.Expr:
    copied = condition.copy()
    for column in copied.find_all(exp.Column):
        column.set("join_mark", False)
    return copied


@dataclass(slots=True)
class _Sides:
    """The tables (by position) whose columns a condition reads."""

    marked: set[int] = field(default_factory=set)
    others: set[int] = field(default_factory=set)
    reads_outside: bool = False
    """Columns of an outer block too."""


def _sides(condition: exp.Expr, relations: list[Relation], frame: Frame) -> _Sides:
    sides = _Sides()
    for node in own_nodes(condition):
        if not isinstance(node, exp.Column):
            continue
        name = stored_name(node.this)
        table = node.args.get("table")
        qualifier = stored_name(table) if table is not None else None
        frame.column(name, qualifier, shown_name(node, name, qualifier))
        found = {
            index
            for index, relation in enumerate(relations)
            if relation.find(name) and qualifier in (None, relation.name)
        }
        (sides.marked if node.args.get("join_mark") else sides.others).update(found)
        sides.reads_outside = sides.reads_outside or not found
    return sides


def _check_form(condition: exp.Expr) -> None:
    for node in own_nodes(condition):
        if isinstance(node, exp.Or):
            if all(_reads_marked_only(part) for part in (node.this, node.expression)):
                raise refuse("OR of conditions with (+)", condition)
            raise _in_or()
        # A list of constants is fine since 11gR2, one of columns is not.
        if isinstance(node, exp.In) and any(
            isinstance(part, exp.Column) for item in node.expressions for part in own_nodes(item)
        ):
            raise _in_or()
        if any(isinstance(child, exp.Query) for child in node.iter_expressions()):
            raise refuse("an outer join (+) to a subquery", condition)


def _reads_marked_only(node: exp.Expr) -> bool:
    columns = [part for part in own_nodes(node) if isinstance(part, exp.Column)]
    return bool(columns) and all(column.args.get("join_mark") for column in columns)


def _in_or() -> OracleError:
    return OracleError.of("ORA-01719")
