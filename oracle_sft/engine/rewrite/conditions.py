"""Conditions: what may stand in WHERE, ON, HAVING and CASE WHEN."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert, membership
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.function_names import ORACLE_FUNCTIONS
from oracle_sft.engine.rewrite.json import json_functions
from oracle_sft.engine.rewrite.numeric import binary_numbers
from oracle_sft.engine.rewrite.patterns import regexps
from oracle_sft.engine.rewrite.terms import ora_error, over
from oracle_sft.engine.rewrite.tree import check_unsorted, only, refuse, undisguised

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

Handler = Callable[["Rewriter", exp.Expr, Frame], str]

_UNKNOWN = "CAST(NULL AS BOOLEAN)"


def _logical(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    only(node, "this", "expression")
    word = "AND" if isinstance(node, exp.And) else "OR"
    parts = [rewriter.condition(part, frame) for part in _operands(node, type(node))]
    return f"({f' {word} '.join(parts)})"


def _operands(node: exp.Expr, kind: type) -> list[exp.Expr]:
    parts: list[exp.Expr] = []
    while isinstance(node, kind):
        parts.append(node.expression)
        node = node.this
    parts.append(node)
    return parts[::-1]


def _not(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    only(node, "this")
    return f"(NOT {rewriter.condition(node.this, frame)})"


def _paren(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    only(node, "this")
    return rewriter.condition(node.this, frame)


_OPERATORS: dict[type, str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.LT: "<",
    exp.LTE: "<=",
}


def _comparison(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    only(node, "this", "expression")
    operator = _OPERATORS[type(node)]
    left, right = node.this, node.expression
    if membership.is_quantified(right):
        return membership.quantified(rewriter, node, operator, frame)
    if isinstance(left, exp.Tuple):
        return membership.rows_compared(rewriter, node, operator, frame)
    if isinstance(right, exp.Tuple):
        raise OracleError.of("ORA-01797")
    return convert.compare(operator, rewriter.value(left, frame), rewriter.value(right, frame))


def _is(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    only(node, "this", "expression")
    what = node.expression.name.upper()
    if isinstance(node.expression, exp.Column) and what in ("NAN", "INFINITE"):
        number = convert.as_numeric(rewriter.value(node.this, frame))
        return binary_numbers.infinite_or_nan(number, what)
    if isinstance(node.expression, exp.JSON):
        return json_functions.is_json(rewriter, node, frame)
    if not isinstance(node.expression, exp.Null):
        raise refuse(f"IS {node.expression.key.upper()}", node)
    term = rewriter.value(node.this, frame)
    return f"({term.sql} IS NULL)"


def _between(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    only(node, "this", "low", "high")
    value = rewriter.value(node.this, frame)
    low = convert.compare(">=", value, rewriter.value(node.args["low"], frame))
    high = convert.compare("<=", value, rewriter.value(node.args["high"], frame))
    return f"({low} AND {high})"


def _exists(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    only(node, "this")
    check_unsorted(node.this)
    return f"EXISTS ({rewriter.query(node.this, frame).sql})"


def _like(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    escape = None
    if isinstance(node, exp.Escape):
        only(node, "this", "expression")
        escape = rewriter.value(node.expression, frame)
        node = node.this
        if not isinstance(node, exp.Like):
            raise refuse("ESCAPE without LIKE", node)
    only(node, "this", "expression", "negate")
    value = as_text(rewriter.value(node.this, frame))
    pattern = as_text(rewriter.value(node.expression, frame))
    if value.is_null or pattern.is_null:
        return _UNKNOWN
    word = "NOT LIKE" if node.args.get("negate") else "LIKE"
    if escape is None:
        return f"({value.sql} {word} {pattern.sql})"
    if not escape.is_null and not isinstance(escape.constant, str):
        raise refuse("ESCAPE with something other than a literal", node)
    if not isinstance(escape.constant, str) or len(escape.constant) != 1:
        raise OracleError.of("ORA-01425")
    letter = rf"\x{{{ord(escape.constant):X}}}"
    illegal = f"NOT regexp_full_match($p, '(?s:(?:[^{letter}]|{letter}[{letter}%_])*)')"
    failed = ora_error("ORA-01424")
    body = f"(CASE WHEN {illegal} THEN {failed} ELSE $s {word} $p ESCAPE {escape.sql} END)"
    # A constant pattern is checked when the query is planned.
    return over({"s": value.sql, "p": pattern.sql}, body, simple=pattern.is_simple)


def _call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    name = undisguised(str(node.this)).upper()
    if name == "REGEXP_LIKE":
        return regexps.like(rewriter, node, frame)
    if name == "JSON_EXISTS":
        return json_functions.exists(rewriter, node, frame)
    if name == "LNNVL":
        if len(node.expressions) != 1:
            raise OracleError.of("ORA-00909")
        if isinstance(node.expressions[0].unnest(), (exp.And, exp.Or, exp.Between)):
            # Oracle takes no compound condition; by which error is not documented.
            raise refuse("LNNVL of a condition with AND, OR or BETWEEN", node)
        inner = rewriter.condition(node.expressions[0], frame)
        return f"(({inner}) IS NOT TRUE)"
    if name in ORACLE_FUNCTIONS and name.endswith(("_EXISTS", "_EQUAL", "EXISTS")):
        raise refuse(name, node)
    raise OracleError.of("ORA-00920")


HANDLERS: dict[type, Handler] = {
    exp.And: _logical,
    exp.Or: _logical,
    exp.Not: _not,
    exp.Paren: _paren,
    exp.EQ: _comparison,
    exp.NEQ: _comparison,
    exp.GT: _comparison,
    exp.GTE: _comparison,
    exp.LT: _comparison,
    exp.LTE: _comparison,
    exp.Is: _is,
    exp.Between: _between,
    exp.In: membership.contained,
    exp.Exists: _exists,
    exp.Like: _like,
    exp.Escape: _like,
    exp.Anonymous: _call,
}
