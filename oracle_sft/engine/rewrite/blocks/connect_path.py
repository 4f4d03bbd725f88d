"""SYS_CONNECT_BY_PATH: the values from the root to a row, gathered while the hierarchy is walked."""

from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.blocks import hierarchy
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.terms import VARCHAR2, Term, filled, ora_error
from oracle_sft.engine.rewrite.tree import own_nodes, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


def write(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """SYS_CONNECT_BY_PATH(expression, separator)."""
    if len(node.expressions) != 2:
        raise OracleError.of("ORA-00909")
    stage = hierarchy.stage_of(frame)
    if frame.clause in ("start with", "connect by"):
        raise OracleError.of("ORA-30002")
    separator = rewriter.value(node.expressions[1], frame)
    if separator.is_null:
        raise OracleError.of("ORA-30003")
    if any(isinstance(part, exp.Column) for part in own_nodes(node.expressions[1])):
        raise OracleError.of("ORA-30003")
    if not isinstance(separator.constant, str):
        raise refuse("SYS_CONNECT_BY_PATH with a separator that is not a literal", node)
    hierarchy.check_base(node.expressions[0])
    stages, frame.stages = frame.stages, []
    try:
        with frame.at_depth(0, "connect by"):
            text = as_text(rewriter.value(node.expressions[0], frame))
    finally:
        frame.stages = stages
    column = stage.column(text.sql if not text.is_null else "CAST(NULL AS VARCHAR)")
    step = f"{separator.sql} || {_path_part(separator)}"
    root = filled({"t": f"{stage.rows}.{column}"}, step)
    names = [name for name, known, _ in stage.carried if known == root]
    if names:
        name = names[0]
    else:
        name = f"s{len(stage.carried) + 1}"
        child = filled({"t": f"{stage.child}.{column}"}, step)
        stage.carried.append((name, root, f"{stage.walk}.{name} || {child}"))
    long = ora_error("ORA-01489")
    whole = f"{stage.walk}.{name}"
    sql = f"CASE WHEN strlen({whole}) > 4000 THEN {long} ELSE {whole} END"
    return frame.reach(stage.output(sql, Term("", VARCHAR2)), 1)


def _path_part(separator: Term) -> str:
    """The text of one row in a path, over `$t`."""
    inside = ora_error("ORA-30004")
    return f"(CASE WHEN contains($t, {separator.sql}) THEN {inside} ELSE coalesce($t, '') END)"
