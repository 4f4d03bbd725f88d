"""TO_CHAR and TO_NUMBER: a value shown in a format, and a number read by one."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite import by_format, clauses
from oracle_sft.engine.rewrite.convert import as_number, as_text, inconsistent
from oracle_sft.engine.rewrite.dates import date_calls
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.function_table import Call, Function, values
from oracle_sft.engine.rewrite.numeric import (
    binary_numbers,
    number_casts,
    number_format,
    number_parse,
    number_text,
)
from oracle_sft.engine.rewrite.numeric.number_format import Picture
from oracle_sft.engine.rewrite.terms import (
    BINARY_DOUBLE,
    BINARY_FLOAT,
    NULL_TERM,
    VARCHAR2,
    OracleType,
    Term,
)

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


def _to_char(arguments: list[Term]) -> Term:
    value = arguments[0]
    if any(argument.is_null for argument in arguments):
        return NULL_TERM
    if len(arguments) == 1:
        text = as_text(value)
        return text if text.type == VARCHAR2 else Term(text.sql, VARCHAR2)
    if value.type.is_date or value.type.is_zoned or value.type.is_interval:
        return date_calls.to_char_of_date(arguments)
    if not isinstance(arguments[1].constant, str):
        return by_format.number_to_char(as_number(value), as_text(arguments[1]), _marks(arguments))
    return number_text.to_char(as_number(value), _picture(arguments))


def _literal(term: Term, what: str) -> str:
    if not isinstance(term.constant, str):
        raise UnsupportedSQL(f"{what} that is not a literal")
    return term.constant


def _picture(arguments: list[Term]) -> Picture:
    """The format and its marks, from the second and the third argument."""
    marks = number_format.symbols(_marks(arguments))
    return number_format.read(_literal(arguments[1], "a number format"), marks)


def _marks(arguments: list[Term]) -> str:
    return _literal(arguments[2], "an NLS argument") if len(arguments) > 2 else ""


def _to_number(arguments: list[Term], otherwise: Term | None = None) -> Term:
    if any(argument.is_null for argument in arguments):
        return as_number(NULL_TERM)
    value = arguments[0]
    if value.type.is_date or value.type.is_zoned or value.type.is_interval:
        raise inconsistent("NUMBER", value.type.short)
    if len(arguments) > 1 and not isinstance(arguments[1].constant, str) and otherwise is None:
        return by_format.to_number(as_text(value), as_text(arguments[1]), _marks(arguments))
    if len(arguments) > 1:
        return number_parse.with_format(as_text(value), _picture(arguments), otherwise)
    if value.type.is_text:
        return number_parse.from_text(value, otherwise)
    return as_number(value)


def _to_binary(type_: OracleType, arguments: list[Term], otherwise: Term | None = None) -> Term:
    if len(arguments) > 1 and not arguments[0].is_null:
        return binary_numbers.converted(_to_number(arguments, otherwise), type_)
    return number_casts.to_binary(arguments[0], type_, otherwise)


def _to_char_call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """TO_CHAR; of the idiom for a number in words the argument is no date that the engine has."""
    spelled = date_calls.spelled_number(rewriter, node, frame)
    if spelled is not None:
        return spelled
    return _to_char(values(rewriter, node.expressions, frame, 1, 3))


def _to_number_call(write: Callable[..., Term]) -> Call:
    """TO_NUMBER(value DEFAULT other ON CONVERSION ERROR, format, NLS argument)."""

    def call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
        nodes, tokens = clauses.split(node)
        arguments = values(rewriter, nodes, frame, 1, 3)
        default = date_calls.conversion_default(rewriter, tokens, frame)
        return write(arguments, as_number(default) if default is not None else None)

    return call


CALLS: dict[str, Call] = {
    "TO_CHAR": _to_char_call,
    "TO_NUMBER": _to_number_call(_to_number),
    "TO_BINARY_FLOAT": _to_number_call(partial(_to_binary, BINARY_FLOAT)),
    "TO_BINARY_DOUBLE": _to_number_call(partial(_to_binary, BINARY_DOUBLE)),
}
"""Calls by Oracle's name."""

FUNCTIONS: dict[str, Function] = {"TO_NCHAR": Function(_to_char, 1, 3)}
