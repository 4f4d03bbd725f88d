"""Expressions that are values: columns, literals, operators, CASE, CAST, scalar subqueries."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import casts, convert, functions, tree
from oracle_sft.engine.rewrite.blocks import hierarchy
from oracle_sft.engine.rewrite.convert import as_numeric, as_text
from oracle_sft.engine.rewrite.dates import (
    date_calls,
    date_functions,
    date_literals,
    date_math,
    intervals,
)
from oracle_sft.engine.rewrite.frame import Frame, shown_name
from oracle_sft.engine.rewrite.groups import group_functions, windows
from oracle_sft.engine.rewrite.json import json_dots
from oracle_sft.engine.rewrite.numeric import binary_numbers, numbers
from oracle_sft.engine.rewrite.terms import (
    BINARY_DOUBLE,
    BINARY_FLOAT,
    NULL_TERM,
    TIMESTAMP,
    TIMESTAMP_TZ,
    Term,
    date_literal,
    text_literal,
)
from oracle_sft.engine.rewrite.text import package_functions, text_functions
from oracle_sft.engine.rewrite.tree import only, refuse, stored_name

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

Handler = Callable[["Rewriter", exp.Expr, Frame], Term]

_WITHOUT_MARKS = ("select", "order", "start with", "connect by")
_PSEUDO = ("LEVEL", "CONNECT_BY_ISLEAF", "CONNECT_BY_ISCYCLE")
_SPECIAL_NUMBERS = {
    f"{type_.family}_{name}": Term(f"'{value}'::{type_.duckdb}", type_)
    for type_ in (BINARY_FLOAT, BINARY_DOUBLE)
    for name, value in (("NAN", "nan"), ("INFINITY", "inf"))
}
_UNKNOWN_PSEUDO = ("ROWID", "USER", "UID", "ORA_ROWSCN")
_ZONES = ("SESSIONTIMEZONE", "DBTIMEZONE")


def name_of(node: exp.Expr) -> str:
    """What a refusal calls the node."""
    if isinstance(node, exp.Anonymous):
        return tree.undisguised(str(node.this)).upper()
    own = _OWN_NAMES.get(type(node))
    return own or _WORD_BEGINS.sub("_", type(node).__name__).upper()


_OWN_NAMES: dict[type, str] = {exp.XMLElement: "XMLELEMENT", exp.Rand: "DBMS_RANDOM"}


_WORD_BEGINS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def _column(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    assert isinstance(node, exp.Column)
    if isinstance(node.this, exp.Star):
        raise OracleError.of("ORA-00936")
    marks = ("join_mark",) if frame.clause == "outer join" else ()
    if node.args.get("join_mark") and frame.clause in _WITHOUT_MARKS:
        raise OracleError.of("ORA-30563")
    if node.args.get("db") is not None:
        dotted = json_dots.value(rewriter, node, frame)
        if dotted is not None:
            return dotted
    only(node, "this", "table", "db", *marks)
    name = stored_name(node.this)
    table = node.args.get("table")
    qualifier = stored_name(table) if table is not None else None
    db = node.args.get("db")
    owner = stored_name(db) if db is not None else None
    shown = shown_name(node, name, qualifier)
    if qualifier is None:
        if name == "ROWNUM":
            return _rownum(frame, node)
        if name in _PSEUDO and not _is_own_name(frame, node, name):
            return _pseudo(frame, name)
        if frame.clause == "order" and name in frame.aliases:
            return frame.aliases[name]
    elif name in ("NEXTVAL", "CURRVAL"):
        raise refuse(name, node)
    try:
        return frame.column(name, qualifier, shown, owner)
    except OracleError as error:
        if qualifier is None and error.code == "ORA-00904" and name in _SPECIAL_NUMBERS:
            return _SPECIAL_NUMBERS[name]
        of_rows = name in ("ROWID", "ORA_ROWSCN")
        unknown = of_rows or (qualifier is None and name in _UNKNOWN_PSEUDO)
        if error.code == "ORA-00904" and unknown:
            raise refuse(name, node) from None
        if qualifier is None and error.code == "ORA-00904" and name in _ZONES:
            return date_functions.session_zone()
        raise


def _rownum(frame: Frame, node: exp.Expr) -> Term:
    found = frame.pseudo.get("ROWNUM")
    if found is None:
        raise refuse(f"ROWNUM in {frame.clause.upper()}", node)
    return frame.reach(*found)


def _is_own_name(frame: Frame, node: exp.Column, name: str) -> bool:
    """Whether the name stands in quotes where it can only be that of a column."""
    if not node.this.args.get("quoted"):
        return False
    if frame.hierarchy is None and name not in frame.pseudo:
        return True
    if any(relation.find(name) for relation in frame.relations):
        raise refuse(f'"{name}" that is a column and a pseudocolumn', node)
    return False


def _pseudo(frame: Frame, name: str) -> Term:
    found = frame.pseudo.get(name)
    if found is None and frame.hierarchy is not None:
        raise UnsupportedSQL(f"{name} in {frame.clause.upper()}")
    if found is None:
        raise OracleError.of("ORA-01788")
    return frame.reach(*found)


_MAX_BYTES = 4000


def _literal(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node, "this", "is_string")
    if node.args["is_string"]:
        return _text(node)
    return numbers.literal(numbers.oracle(Decimal(str(node.this))))


def _national(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node, "this")
    return _text(node)


def _text(node: exp.Expr) -> Term:
    text = str(node.this)
    if len(text) > _MAX_BYTES // 4 and len(text.encode(errors="replace")) > _MAX_BYTES:
        raise refuse("a text literal of more than 4000 bytes", node)  # MAX_STRING_SIZE decides
    return text_literal(text)


def _null(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    return NULL_TERM


def _paren(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node, "this")
    return rewriter.value(node.this, frame)


def _negative(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node, "this")
    value = rewriter.value(node.this, frame)
    if value.type.is_interval:
        return intervals.negated(value)
    number = as_numeric(value)
    return number.at(f"(-{number.sql})") if number.type.is_floating else numbers.negate(number)


def _positive(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """A value behind a plus sign, which `tree` gives the parser as `~`."""
    only(node, "this")
    value = rewriter.value(node.this, frame)
    if value.type.is_text or value.type.is_date or value.type.is_zoned:
        # Whether Oracle makes a number of it or leaves it as it is, is not documented.
        raise refuse(f"a plus sign before a {value.type.family}", node)
    return value


def _sum(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node, "this", "expression")
    left, right = rewriter.value(node.this, frame), rewriter.value(node.expression, frame)
    return _added(left, right, "+" if isinstance(node, exp.Add) else "-")


def _added(left: Term, right: Term, sign: str) -> Term:
    for term in (left, right):
        if term.type.is_date or term.type.is_zoned or term.type.is_interval:
            return date_math.sum_of(left, right, sign)
    left, right = as_numeric(left), as_numeric(right)
    if binary_numbers.is_floating(left, right):
        return binary_numbers.combine(left, right, sign)
    return numbers.add(left, right, sign)


def _product(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node, "this", "expression", "typed", "safe")
    left, right = rewriter.value(node.this, frame), rewriter.value(node.expression, frame)
    if left.type.is_interval or right.type.is_interval:
        return intervals.product(left, right, divide=isinstance(node, exp.Div))
    left, right = as_numeric(left), as_numeric(right)
    if binary_numbers.is_floating(left, right):
        return binary_numbers.combine(left, right, "*" if isinstance(node, exp.Mul) else "/")
    if isinstance(node, exp.Mul):
        return numbers.multiply(left, right)
    return numbers.divide(left, right)


def _concatenation(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """`||`, which binds as `+` and `-` do: `a || b + c` is `(a || b) + c`.

    sqlglot takes it to bind weaker; a sum in brackets is a Paren and stays whole.
    """
    (_, first), *rest = _operands(node)
    result = rewriter.value(first, frame)
    parts = [result]
    for operator, operand in rest:
        value = rewriter.value(operand, frame)
        if operator == "||":
            parts.append(value)
            continue
        if len(parts) > 1:
            result = _joined(parts)
        result = _added(result, value, operator)
        parts = [result]
    return _joined(parts) if len(parts) > 1 else result


def _joined(parts: list[Term]) -> Term:
    texts = [as_text(part) for part in parts]
    return text_functions.concatenated([text for text in texts if not text.is_null])


def _operands(node: exp.Expr) -> list[tuple[str, exp.Expr]]:
    """From left to right, each with the operator in front of it."""
    if not isinstance(node, exp.DPipe):
        return [("", node)]
    only(node, "this", "expression", "safe")
    right: list[tuple[str, exp.Expr]] = []
    operand = node.expression
    while isinstance(operand, (exp.Add, exp.Sub)):
        only(operand, "this", "expression")
        right.append(("+" if isinstance(operand, exp.Add) else "-", operand.expression))
        operand = operand.this
    return [*_operands(node.this), ("||", operand), *right[::-1]]


def _case(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node, "this", "ifs", "default")
    subject = rewriter.value(node.this, frame) if node.args.get("this") is not None else None
    tests: list[str] = []
    results: list[Term] = []
    for branch in node.args["ifs"]:
        only(branch, "this", "true")
        if subject is None:
            tests.append(rewriter.condition(branch.this, frame))
        else:
            tests.append(_equal(subject, rewriter.value(branch.this, frame)))
        results.append(rewriter.value(branch.args["true"], frame))
    default = node.args.get("default")
    results.append(rewriter.value(default, frame) if default is not None else NULL_TERM)
    type_, branches = convert.common(results)
    whens = " ".join(f"WHEN {test} THEN {sql}" for test, sql in zip(tests, branches, strict=False))
    return Term(f"(CASE {whens} ELSE {branches[-1]} END)", type_)


def _equal(subject: Term, search: Term) -> str:
    """Unlike `=` and DECODE, a simple CASE converts nothing."""
    convert.comparable(subject, search)
    if not subject.is_null and not search.is_null:
        convert.common_type([subject.type, search.type])
    return convert.compare("=", subject, search)


def _scalar_subquery(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    tree.check_unsorted(node)
    done = rewriter.query(node, frame)
    if len(done.columns) != 1:
        raise OracleError.of("ORA-00913")
    return Term(f"({done.sql})", done.columns[0].term.type)


def _sysdate(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node, "sysdate")
    if node.args.get("sysdate"):
        return date_literal(rewriter.clock.replace(microsecond=0))
    return date_literal(rewriter.clock, TIMESTAMP_TZ)


def _current_date(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node)
    return date_literal(rewriter.clock.replace(microsecond=0))


def _systimestamp(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node)
    return date_literal(rewriter.clock, TIMESTAMP_TZ)


def _localtimestamp(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    only(node)
    return date_literal(rewriter.clock, TIMESTAMP)


def _dotted(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    found = json_dots.value(rewriter, node, frame)
    return found if found is not None else package_functions.call(rewriter, node, frame)


HANDLERS: dict[type, Handler] = {
    exp.Column: _column,
    exp.Literal: _literal,
    exp.National: _national,
    exp.RawString: _national,
    exp.Null: _null,
    exp.Paren: _paren,
    exp.Neg: _negative,
    exp.BitwiseNot: _positive,
    exp.Add: _sum,
    exp.Sub: _sum,
    exp.Mul: _product,
    exp.Div: _product,
    exp.DPipe: _concatenation,
    exp.Case: _case,
    exp.Cast: casts.cast,
    exp.Subquery: _scalar_subquery,
    exp.Select: _scalar_subquery,
    exp.CurrentTimestamp: _sysdate,
    exp.CurrentDate: _current_date,
    exp.Systimestamp: _systimestamp,
    exp.Localtimestamp: _localtimestamp,
    exp.DateStrToDate: date_literals.date,
    exp.StrToTime: date_literals.timestamp,
    exp.AtTimeZone: date_calls.at_time_zone,
    exp.Interval: date_math.interval,
    exp.Extract: date_math.extract,
    exp.Trim: functions.trim,
    exp.Anonymous: functions.call,
    exp.Dot: _dotted,
    exp.Window: windows.window,
    exp.WithinGroup: group_functions.value,
    exp.ConnectByRoot: hierarchy.connect_by_root,
    exp.Prior: hierarchy.prior,
}
