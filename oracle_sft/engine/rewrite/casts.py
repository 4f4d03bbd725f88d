"""CAST."""

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert, number_casts, number_syntax
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.terms import (
    DATE,
    NULL_TERM,
    TIMESTAMP,
    VARCHAR2,
    Term,
    char_type,
)
from oracle_sft.engine.rewrite.tree import only, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


_NO_TYPES = frozenset("TEXT BIGINT TINYINT BOOLEAN DATETIME UUID MONEY MEDIUMINT TIME YEAR".split())


def cast(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """CAST(value AS type)."""
    only(node, "this", "to", "default")
    to = node.args["to"]
    only(to, "this", "expressions", "nested", "kind")
    value = rewriter.value(node.this, frame)
    name = to.this.name
    sizes = [_size(size) for size in to.expressions]
    default = node.args.get("default")
    otherwise = rewriter.value(default, frame) if default is not None else None
    if name == "USERDEFINED":
        name = number_syntax.type_name(to.args.get("kind"))
    if name in number_casts.TYPES:
        return number_casts.cast(value, name, sizes, otherwise)
    if otherwise is not None:
        raise refuse("CAST with DEFAULT .. ON CONVERSION ERROR", node)
    if name in _NO_TYPES:
        raise OracleError("ORA-00902", "invalid datatype")
    if name in ("VARCHAR", "NVARCHAR", "CHAR", "NCHAR") and len(sizes) <= 1:
        text = convert.as_text(value)
        if "VAR" in name and not sizes:
            raise refuse("CAST to VARCHAR2 without a size", node)
        return _to_text(text, sizes[0] if sizes else 1, fixed="VAR" not in name)
    if name == "DATE":
        date = convert.as_date(value)
        if date.type.family == "TIMESTAMP":
            raise refuse("CAST of a TIMESTAMP to DATE", node)
        return Term(f"CAST({date.sql} AS TIMESTAMP)", DATE, date.constant)
    if name == "TIMESTAMP" and value.type.is_date and (not sizes or sizes == [6]):
        return Term(value.sql, TIMESTAMP, value.constant)
    raise refuse(f"CAST to {to.sql('oracle')}", node)


def _size(parameter: exp.Expr) -> int:
    unit = parameter.args.get("expression")
    size = parameter.this
    if not isinstance(size, exp.Literal) or size.args["is_string"]:
        raise OracleError("ORA-00906", "missing left parenthesis")
    if unit is not None and unit.name.upper() not in ("CHAR", "BYTE"):
        raise refuse("a type with this size", parameter)
    return int(Decimal(str(size.this)))


def _to_text(text: Term, size: int, *, fixed: bool) -> Term:
    if text.is_null:
        return NULL_TERM
    short = f"substring({text.sql}, 1, {size})"
    if not fixed:
        return Term(short, VARCHAR2)
    return Term(f"rpad({text.sql}, {size}, ' ')", char_type(size))
