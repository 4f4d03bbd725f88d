"""TO_CHAR and TO_NUMBER: a value shown in a format, and a number read by one."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import by_format, clauses
from oracle_sft.engine.rewrite.convert import as_number, as_text, inconsistent
from oracle_sft.engine.rewrite.dates import date_calls
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.function_table import Function
from oracle_sft.engine.rewrite.numeric import (
    binary_numbers,
    number_casts,
    number_format,
    number_parse,
    number_text,
    numbers,
)
from oracle_sft.engine.rewrite.numeric.number_format import Picture
from oracle_sft.engine.rewrite.terms import (
    BINARY_DOUBLE,
    BINARY_FLOAT,
    NULL_TERM,
    VARCHAR2,
    OracleType,
    Term,
    text_literal,
)
from oracle_sft.sqltext.lexer import Token

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


_TO_NUMBERS: dict[str, Callable[..., Term]] = {
    "TO_NUMBER": _to_number,
    "TO_BINARY_FLOAT": partial(_to_binary, BINARY_FLOAT),
    "TO_BINARY_DOUBLE": partial(_to_binary, BINARY_DOUBLE),
}
"""Conversions of a value, a format and an NLS argument; of a default, too."""


def to_number_or_default(
    rewriter: "Rewriter", name: str, node: exp.Expr, frame: Frame
) -> Term | None:
    """TO_NUMBER(value DEFAULT other ON CONVERSION ERROR, format); None for another call."""
    if name not in _TO_NUMBERS:
        return None
    nodes, tokens = clauses.split(node)
    if not tokens:
        return None
    if not 1 <= len(nodes) <= 3:
        raise OracleError.of("ORA-00909")
    default = as_number(conversion_default(tokens))
    return _TO_NUMBERS[name]([rewriter.value(part, frame) for part in nodes], default)


_ON_CONVERSION_ERROR = ["ON", "CONVERSION", "ERROR"]


def conversion_default(tokens: list[Token]) -> Term:
    """The value of DEFAULT .. ON CONVERSION ERROR.

    Raises:
        UnsupportedSQL: it is neither NULL nor a literal.
    """
    words = [token.name or token.text for token in tokens]
    if words[0] != "DEFAULT" or words[-3:] != _ON_CONVERSION_ERROR:
        raise UnsupportedSQL(" ".join(words))
    *signs, last = tokens[1:-3] or tokens[:1]
    sign = "".join(token.text for token in signs)
    if last.name == "NULL" and not signs:
        return NULL_TERM
    if last.kind == "string" and not signs and last.text.startswith("'"):
        return text_literal(last.text[1:-1].replace("''", "'"))
    if last.kind == "number" and sign in ("", "+", "-") and last.text[-1] not in "fFdD":
        return numbers.literal(Decimal(sign + last.text))
    raise UnsupportedSQL("DEFAULT .. ON CONVERSION ERROR with something other than a literal")


FUNCTIONS: dict[str, Function] = {
    "TO_CHAR": Function(_to_char, 1, 3),
    "TO_NCHAR": Function(_to_char, 1, 3),
    **{name: Function(write, 1, 3) for name, write in _TO_NUMBERS.items()},
}
