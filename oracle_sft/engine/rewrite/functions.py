"""Calls: the table of functions, each with its number of arguments."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import clauses, conversions, convert, null_functions
from oracle_sft.engine.rewrite.blocks import connect_path
from oracle_sft.engine.rewrite.dates import date_calls, date_casts, date_functions
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.function_names import ORACLE_FUNCTIONS
from oracle_sft.engine.rewrite.function_table import Function
from oracle_sft.engine.rewrite.groups import group_functions, windows
from oracle_sft.engine.rewrite.json import json_build, json_functions
from oracle_sft.engine.rewrite.numeric import number_functions
from oracle_sft.engine.rewrite.patterns import regexp_replace, regexps
from oracle_sft.engine.rewrite.refused_functions import REFUSED_FUNCTIONS
from oracle_sft.engine.rewrite.terms import CLOB, Term, text_literal
from oracle_sft.engine.rewrite.text import (
    character_codes,
    instr,
    letter_case,
    padding,
    raw,
    soundex,
    text_functions,
)
from oracle_sft.engine.rewrite.tree import only, span, undisguised

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

FUNCTIONS: dict[str, Function] = {
    **text_functions.FUNCTIONS,
    **letter_case.FUNCTIONS,
    **padding.FUNCTIONS,
    **instr.FUNCTIONS,
    **character_codes.FUNCTIONS,
    **soundex.FUNCTIONS,
    **conversions.FUNCTIONS,
    **number_functions.FUNCTIONS,
    **date_functions.FUNCTIONS,
    **null_functions.FUNCTIONS,
    **regexps.FUNCTIONS,
    **regexp_replace.FUNCTIONS,
    **raw.FUNCTIONS,
}
"""Scalar functions by Oracle's name."""

OWN_GRAMMAR: dict[str, Callable[["Rewriter", exp.Expr, Frame], Term]] = {
    **date_calls.CALLS,
    "CAST": date_casts.cast_with_clause,
    "VALIDATE_CONVERSION": date_casts.validate_conversion,
    "JSON_VALUE": json_functions.call,
    "JSON_QUERY": json_functions.call,
    "JSON_OBJECT": json_build.call,
    "JSON_ARRAY": json_build.call,
}
"""Calls that take a clause in their brackets, or ask the clock."""


def call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """A function call.

    Raises:
        OracleError: ORA-00904 for a name that Oracle does not have, ORA-00909, ORA-00938 or
            ORA-00939 for the wrong number of arguments.
        UnsupportedSQL: a function of Oracle's that is not known here.
    """
    only(node, "this", "expressions")
    name = undisguised(str(node.this)).upper()
    defaulted = conversions.to_number_or_default(rewriter, name, node, frame)
    if defaulted is not None:
        return defaulted
    special = OWN_GRAMMAR.get(name)
    if special is not None:
        return special(rewriter, node, frame)
    if name not in json_build.AGGREGATES:
        clauses.refuse_clause(node, name)
    spelled = date_calls.spelled_number(rewriter, node, frame) if name == "TO_CHAR" else None
    if spelled is not None:
        return spelled
    if group_functions.is_aggregate(name):
        return group_functions.value(rewriter, node, frame)
    if windows.needs_over(name):
        raise OracleError.of("ORA-30484")
    if name == "SYS_CONNECT_BY_PATH":
        return connect_path.write(rewriter, node, frame)
    function = FUNCTIONS.get(name)
    if function is None:
        if name in ORACLE_FUNCTIONS and name not in ("REGEXP_LIKE", "JSON_EXISTS"):
            raise UnsupportedSQL(name, span(node), REFUSED_FUNCTIONS.get(name, ""))
        if name == "CURSOR":
            raise UnsupportedSQL("a CURSOR expression", span(node))
        # What is a condition only is no function either.
        raise OracleError.of("ORA-00904", f'"{name}"')
    check_arity(function, len(node.expressions))
    for argument in node.expressions:
        if isinstance(argument, (exp.Star, exp.Distinct, exp.Order)):
            raise OracleError.of("ORA-00936")
    arguments = [rewriter.value(argument, frame) for argument in node.expressions]
    return _of_clob(name, arguments, function.write(arguments))


_OF_CLOB = frozenset(
    "SUBSTR SUBSTRB REPLACE LTRIM RTRIM TRIM LPAD RPAD INITCAP REGEXP_SUBSTR REGEXP_REPLACE".split()
)
"""Functions that make a CLOB of a CLOB."""


def _of_clob(name: str, arguments: list[Term], made: Term) -> Term:
    if name in _OF_CLOB and arguments and arguments[0].type.lob and made.type.is_text:
        return replace(made, type=CLOB)
    return made


def check_arity(function: Function, count: int) -> None:
    if function.least <= count <= function.most:
        return
    if function.least == function.most:
        raise OracleError.of("ORA-00909")
    if count < function.least:
        raise OracleError.of("ORA-00938")
    raise OracleError.of("ORA-00939")


def trim(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """TRIM([LEADING|TRAILING|BOTH] [character] FROM text)."""
    only(node, "this", "expression", "position")
    text = convert.as_text(rewriter.value(node.this, frame))
    written = node.args.get("expression")
    character = convert.as_text(rewriter.value(written, frame)) if written is not None else None
    position = str(node.args.get("position") or "BOTH").upper()
    trimmed = padding.trimmed(text, character or text_literal(" "), position)
    return _of_clob("TRIM", [text], trimmed)
