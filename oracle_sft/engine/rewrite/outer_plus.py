"""Old outer joins: `a.id = b.id(+)` as LEFT JOIN."""

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
) -> str:
    """The FROM clause: tables without a mark first, then each marked one by LEFT JOIN.

    Raises:
        OracleError: ORA-01719, ORA-01468, ORA-01416.
    """
    relations = [relation for _, relation in entries]
    tests: dict[int, list[exp.Expr]] = {}
    needs: dict[int, set[int]] = {}
    for condition in conditions:
        marked, others = _sides(condition, relations, frame)
        _check_form(condition)
        if len(marked) > 1:
            raise OracleError("ORA-01468", "a predicate may reference only one outer-joined table")
        (table,) = marked
        if table in others:
            raise refuse("a condition with and without (+) on one table", condition)
        tests.setdefault(table, []).append(condition)
        needs.setdefault(table, set()).update(others)
    for table, others in needs.items():
        if not others:
            raise refuse(f"(+) on {relations[table].name} without a join to another table")
    done = [index for index in range(len(entries)) if index not in tests]
    if not done:
        raise OracleError("ORA-01416", "two tables cannot be outer-joined to each other")
    sql = " CROSS JOIN ".join(entries[index][0] for index in done)
    waiting = [index for index in range(len(entries)) if index in tests]
    while waiting:
        ready = [index for index in waiting if needs[index] <= set(done)]
        if not ready:
            raise OracleError("ORA-01416", "two tables cannot be outer-joined to each other")
        table = ready[0]
        frame.clause = "outer join"
        on = " AND ".join(rewriter.condition(test, frame) for test in tests[table])
        frame.clause = "where"
        sql = f"{sql} LEFT JOIN {entries[table][0]} ON {on}"
        done.append(table)
        waiting.remove(table)
    return sql


def _sides(
    condition: exp.Expr, relations: list[Relation], frame: Frame
) -> tuple[set[int], set[int]]:
    """The tables (by position) with a mark, and those without."""
    marked: set[int] = set()
    others: set[int] = set()
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
        (marked if node.args.get("join_mark") else others).update(found)
    return marked, others


def _check_form(condition: exp.Expr) -> None:
    for node in own_nodes(condition):
        if isinstance(node, exp.Or) or (isinstance(node, exp.In) and len(node.expressions) != 1):
            message = "outer join operator (+) not allowed in operand of OR or IN"
            raise OracleError("ORA-01719", message)
        if any(isinstance(child, exp.Query) for child in node.iter_expressions()):
            raise OracleError("ORA-01799", "a column may not be outer-joined to a subquery")
