"""Functions of Oracle's packages that a query may call: DBMS_LOB, and UTL_RAW's bytes of text."""

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import functions
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import NULL_TERM, RAW, VARCHAR2, Term
from oracle_sft.engine.rewrite.text import raw
from oracle_sft.engine.rewrite.text.positions import known_whole
from oracle_sft.engine.rewrite.tree import only, refuse, stored_name, undisguised

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_ONE = numbers.literal(Decimal(1))


def _length(arguments: list[Term]) -> Term:
    return functions.FUNCTIONS["LENGTH"].write(arguments)


def _substr(arguments: list[Term]) -> Term:
    """The amount comes before the offset; an offset below 1 gives NULL."""
    text = as_text(arguments[0])
    if len(arguments) == 1:
        return text
    start = arguments[2] if len(arguments) > 2 else _ONE
    offset = known_whole(start)
    if offset is None:
        raise UnsupportedSQL("DBMS_LOB.SUBSTR from a computed offset")
    if offset < 1:
        return NULL_TERM
    return functions.FUNCTIONS["SUBSTR"].write([text, start, arguments[1]])


def _instr(arguments: list[Term]) -> Term:
    for term in arguments[2:]:
        if (known_whole(term) or 0) < 1:
            raise UnsupportedSQL("DBMS_LOB.INSTR from a computed offset")
    return functions.FUNCTIONS["INSTR"].write(arguments)


def _cast_to_raw(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    return text if text.is_null else Term(f"hex({text.sql})", RAW)


def _cast_to_varchar2(arguments: list[Term]) -> Term:
    value = arguments[0]
    if value.is_null:
        return value
    digits = value if value.type.family == "RAW" else raw.from_text(as_text(value))
    return Term(f"decode(unhex({digits.sql}))", VARCHAR2)


_FUNCTIONS: dict[tuple[str, str], Function] = {
    ("UTL_RAW", "CAST_TO_RAW"): fixed(_cast_to_raw, 1),
    ("UTL_RAW", "CAST_TO_VARCHAR2"): fixed(_cast_to_varchar2, 1),
    ("DBMS_LOB", "GETLENGTH"): fixed(_length, 1),
    ("DBMS_LOB", "SUBSTR"): Function(_substr, 1, 3),
    ("DBMS_LOB", "INSTR"): Function(_instr, 2, 4),
}


def call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """`package.function(..)`.

    Raises:
        OracleError: ORA-06553 for the wrong number of arguments.
        UnsupportedSQL: any other name with a dot.
    """
    only(node, "this", "expression")
    function = node.expression
    if not isinstance(node.this, exp.Identifier) or not isinstance(function, exp.Anonymous):
        raise refuse("an attribute or a method", node)
    names = stored_name(node.this), undisguised(str(function.this)).upper()
    entry = _FUNCTIONS.get(names)
    if entry is None:
        raise refuse(".".join(names), node)
    only(function, "this", "expressions")
    if not entry.least <= len(function.expressions) <= entry.most:
        raise OracleError.of("ORA-06553", names[1])
    return entry.write([rewriter.value(argument, frame) for argument in function.expressions])
