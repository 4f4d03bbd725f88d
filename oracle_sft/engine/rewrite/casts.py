"""CAST."""

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert, numbers
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.terms import (
    DATE,
    NULL_TERM,
    TIMESTAMP,
    VARCHAR2,
    Term,
    char_type,
    number_type,
    ora_error,
    over,
)
from oracle_sft.engine.rewrite.tree import only, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


_NO_TYPES = frozenset("TEXT BIGINT TINYINT BOOLEAN DATETIME UUID MONEY MEDIUMINT TIME YEAR".split())


def cast(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """CAST(value AS type)."""
    only(node, "this", "to")
    to = node.args["to"]
    only(to, "this", "expressions", "nested", "kind")
    value = rewriter.value(node.this, frame)
    name = to.this.name
    sizes = [_size(size) for size in to.expressions]
    if name in _NO_TYPES:
        raise OracleError("ORA-00902", "invalid datatype")
    if name in ("DECIMAL", "INT", "SMALLINT"):
        if name != "DECIMAL":
            sizes = [38, 0]
        return _to_number(convert.as_number(value), sizes)
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


def _to_number(value: Term, sizes: list[int]) -> Term:
    if not sizes:
        return value
    precision, scale = sizes[0], sizes[1] if len(sizes) > 1 else 0
    if not 1 <= precision <= 38 or not 0 <= scale <= precision:
        raise refuse(f"CAST to NUMBER({precision},{scale})")
    rounded = numbers.rounded(value, scale)
    if isinstance(rounded.constant, Decimal):
        return rounded
    if rounded.type.precision - rounded.type.scale <= precision - scale:
        return rounded
    limit = 10 ** (precision - scale)
    too_big = ora_error(
        "ORA-01438", "value larger than specified precision allowed for this column"
    )
    body = f"(CASE WHEN abs($n) >= {limit}. THEN {too_big} ELSE $n END)"
    sql = over({"n": rounded.sql}, body, simple=rounded.is_simple)
    type_ = number_type(precision, rounded.type.scale)
    return Term(f"CAST({sql} AS {type_.duckdb})", type_)


def _to_text(text: Term, size: int, *, fixed: bool) -> Term:
    if text.is_null:
        return NULL_TERM
    short = f"substring({text.sql}, 1, {size})"
    if not fixed:
        return Term(short, VARCHAR2)
    return Term(f"rpad({text.sql}, {size}, ' ')", char_type(size))
