"""CAST."""

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.dates import date_casts
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.numeric import number_casts, number_syntax
from oracle_sft.engine.rewrite.terms import (
    Term,
)
from oracle_sft.engine.rewrite.text import text_casts
from oracle_sft.engine.rewrite.tree import only, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


_DATE_TYPES = {
    "DATE": "DATE",
    "TIMESTAMP": "TIMESTAMP",
    "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMPLTZ": "TIMESTAMP WITH LOCAL TIME ZONE",
}
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
    if name == "BOOLEAN" and rewriter.oracle_version == "23ai":
        raise refuse("CAST to BOOLEAN", node)
    if name in _NO_TYPES:
        raise OracleError.of("ORA-00902")
    if name in ("VARCHAR", "NVARCHAR", "CHAR", "NCHAR") and len(sizes) <= 1:
        if "VAR" in name and not sizes:
            raise OracleError.of("ORA-00906")
        unit = to.expressions[0].args.get("expression") if sizes else None
        in_characters = name[0] == "N" or (unit is not None and unit.name.upper() == "CHAR")
        size = sizes[0] if sizes else 1
        return text_casts.to_text(value, size, fixed="VAR" not in name, in_characters=in_characters)
    words = _DATE_TYPES.get(name)
    if words is not None and len(sizes) <= 1:
        date_type = date_casts.type_named(words, [sizes[0] if sizes else None, None])
        assert date_type is not None
        return date_casts.converted(rewriter, value, date_type)
    raise refuse(f"CAST to {to.sql('oracle')}", node)


def _size(parameter: exp.Expr) -> int:
    unit = parameter.args.get("expression")
    size = parameter.this
    if not isinstance(size, exp.Literal) or size.args["is_string"]:
        raise OracleError.of("ORA-00906")
    if unit is not None and unit.name.upper() not in ("CHAR", "BYTE"):
        raise refuse("a type with this size", parameter)
    return int(Decimal(str(size.this)))
