"""Calls: the table of functions, each with its number of arguments."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, QueryError, UnsupportedSQL
from oracle_sft.engine.rewrite import clauses, conversions, convert, null_functions
from oracle_sft.engine.rewrite.blocks import connect_path
from oracle_sft.engine.rewrite.dates import date_calls, date_casts, date_functions
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.function_names import ORACLE_FUNCTIONS
from oracle_sft.engine.rewrite.function_table import Call, Function, values
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

OWN_GRAMMAR: dict[str, Call] = {
    **date_calls.CALLS,
    **conversions.CALLS,
    **dict.fromkeys(group_functions.NAMES, group_functions.value),
    **dict.fromkeys(windows.ANALYTIC, windows.without_over),
    "CAST": date_casts.cast_with_clause,
    "VALIDATE_CONVERSION": date_casts.validate_conversion,
    "JSON_VALUE": json_functions.call,
    "JSON_QUERY": json_functions.call,
    "JSON_OBJECT": json_build.call,
    "JSON_ARRAY": json_build.call,
    "SYS_CONNECT_BY_PATH": connect_path.write,
}
"""Calls that are more than a list of values: with a clause in their brackets, over groups or a hierarchy,
or of the clock.
"""


def call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """A function call.

    Raises:
        OracleError: ORA-00904 for a name that Oracle does not have, ORA-00909, ORA-00938 or
            ORA-00939 for the wrong number of arguments.
        UnsupportedSQL: a function of Oracle's that is not known here.
    """
    only(node, "this", "expressions")
    name = undisguised(str(node.this)).upper()
    special = OWN_GRAMMAR.get(name)
    if special is not None:
        return special(rewriter, node, frame)
    clauses.refuse_clause(node, name)
    function = FUNCTIONS.get(name)
    if function is None:
        raise _not_served(name, node)
    arguments = values(rewriter, node.expressions, frame, function.least, function.most)
    return _of_clob(name, arguments, function.write(arguments))


def _not_served(name: str, node: exp.Expr) -> QueryError:
    if name in ORACLE_FUNCTIONS and name not in ("REGEXP_LIKE", "JSON_EXISTS"):
        return UnsupportedSQL(name, span(node), REFUSED_FUNCTIONS.get(name, ""))
    if name == "CURSOR":
        return UnsupportedSQL("a CURSOR expression", span(node))
    # What is a condition only is no function either.
    return OracleError.of("ORA-00904", f'"{name}"')


_OF_CLOB = frozenset(
    "SUBSTR SUBSTRB REPLACE LTRIM RTRIM TRIM LPAD RPAD INITCAP REGEXP_SUBSTR REGEXP_REPLACE".split()
)
"""Functions that make a CLOB of a CLOB."""


def _of_clob(name: str, arguments: list[Term], made: Term) -> Term:
    if name in _OF_CLOB and arguments and arguments[0].type.lob and made.type.is_text:
        return replace(made, type=CLOB)
    return made


def trim(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """TRIM([LEADING|TRAILING|BOTH] [character] FROM text)."""
    only(node, "this", "expression", "position")
    text = convert.as_text(rewriter.value(node.this, frame))
    written = node.args.get("expression")
    character = convert.as_text(rewriter.value(written, frame)) if written is not None else None
    position = str(node.args.get("position") or "BOTH").upper()
    trimmed = padding.trimmed(text, character or text_literal(" "), position)
    return _of_clob("TRIM", [text], trimmed)
