"""WITH: named queries, each a CTE for DuckDB, and the recursive ones."""

from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.blocks import recursion
from oracle_sft.engine.rewrite.frame import Frame, OutputColumn
from oracle_sft.engine.rewrite.tree import only, refuse, stored_name

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


def rewrite(rewriter: "Rewriter", with_: exp.Expr, frame: Frame) -> str:
    """The WITH clause for DuckDB; its queries are readable in the frame afterwards.

    Raises:
        OracleError: ORA-32038, ORA-32488, and what `recursion.rewrite` raises.
    """
    only(with_, "expressions", "recursive")
    if with_.args.get("recursive"):
        raise OracleError.of("ORA-00905")
    written: list[str] = []
    defined: set[str] = set()
    word = "WITH"
    for cte in with_.expressions:
        only(cte, "this", "alias")
        alias = cte.args["alias"]
        only(alias, "this", "columns")
        name = stored_name(alias.this)
        names = [stored_name(column) for column in alias.args.get("columns") or []]
        extras = cte.meta.get("extras")
        if name in defined:
            raise refuse(f"two queries of WITH named {name}", cte)
        defined.add(name)
        if recursion.mentions(cte.this, name):
            word = "WITH RECURSIVE"
            parts = recursion.rewrite(rewriter, cte, name, names, frame)
            written += parts
            continue
        if extras is not None:
            raise OracleError.of("ORA-32480")
        outside = Frame(parent=frame.parent, ctes=frame.ctes)
        done = rewriter.query(cte.this, outside, as_view=True)
        columns = renamed(done.columns, names)
        sql_name = rewriter.alias("w")
        frame.ctes[name] = placed(columns, sql_name)
        written.append(f"{sql_name} AS ({done.sql})")
    return f"{word} {', '.join(written)} "


def renamed(columns: list[OutputColumn], names: list[str]) -> list[OutputColumn]:
    """The columns under the names of the list behind the query's name, if there is one."""
    if not names:
        return columns
    if len(names) != len(columns):
        raise OracleError.of("ORA-32038")
    return [OutputColumn(name, column.term) for name, column in zip(names, columns, strict=True)]


def placed(columns: list[OutputColumn], sql_name: str) -> list[OutputColumn]:
    """The columns as they are read from the CTE."""
    return [column.read_from(sql_name, index) for index, column in enumerate(columns, start=1)]
