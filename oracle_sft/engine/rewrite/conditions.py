"""Conditions: what may stand in WHERE, ON, HAVING and CASE WHEN."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import binary_numbers, convert, regexps
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.function_names import ORACLE_FUNCTIONS
from oracle_sft.engine.rewrite.terms import NARROW_PRECISION, Term, ora_error, over
from oracle_sft.engine.rewrite.tree import only, refuse, undisguised

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
    if isinstance(right, (exp.Any, exp.All)):
        only(right, "this")
        return _quantified(rewriter, left, operator, right, frame)
    if isinstance(right, exp.Anonymous) and str(right.this).upper() in ("ANY", "SOME", "ALL"):
        return _quantified(rewriter, left, operator, right, frame)
    lefts, rights = _row(left), _row(right)
    if len(lefts) > 1 or isinstance(left, exp.Tuple):
        if operator not in ("=", "<>"):
            raise refuse(f"a list of expressions with {operator}", node)
        if isinstance(right, exp.Subquery):
            found = _in_query(
                rewriter, [rewriter.value(part, frame) for part in lefts], right, frame
            )
            return found if operator == "=" else f"(NOT {found})"
        if len(lefts) != len(rights):
            raise OracleError("ORA-00920", "invalid relational operator")
        pairs = zip(lefts, rights, strict=True)
        same = [
            convert.compare("=", rewriter.value(a, frame), rewriter.value(b, frame))
            for a, b in pairs
        ]
        equal = f"({' AND '.join(same)})"
        return equal if operator == "=" else f"(NOT {equal})"
    return convert.compare(operator, rewriter.value(left, frame), rewriter.value(right, frame))


def _row(node: exp.Expr) -> list[exp.Expr]:
    if isinstance(node, exp.Tuple):
        return list(node.expressions)
    return [node]


def _quantified(
    rewriter: "Rewriter", left: exp.Expr, operator: str, right: exp.Expr, frame: Frame
) -> str:
    """`= ANY (..)`, `> ALL (..)` over a list or a subquery."""
    value = rewriter.value(left, frame)
    if isinstance(right, exp.Anonymous):
        any_ = str(right.this).upper() != "ALL"
        operands = list(right.expressions)
    else:
        any_ = isinstance(right, exp.Any)
        operands = _row(right.this)
    operand = operands[0]
    if len(operands) > 1 or not isinstance(operand, exp.Query):
        items = [rewriter.value(item, frame) for item in operands]
        tests = [convert.compare(operator, value, item) for item in items]
        return f"({(' OR ' if any_ else ' AND ').join(tests)})"
    done = rewriter.query(operand, frame)
    if len(done.columns) != 1:
        raise OracleError("ORA-00913", "too many values")
    inner = rewriter.alias("s")
    theirs = Term(f"{inner}.c1", done.columns[0].term.type)
    ours, other = convert.meet(value, theirs) if not value.is_null else (value, theirs)
    if value.is_null or theirs.is_null:
        raise refuse(f"NULL with {operator} {'ANY' if any_ else 'ALL'}", right)
    type_, (left_sql, right_sql) = convert.common([ours, other])
    if type_.is_text:
        left_sql, right_sql = convert.key(ours, other.type), convert.key(other, ours.type)
    word = "ANY" if any_ else "ALL"
    return f"({left_sql} {operator} {word} (SELECT {right_sql} FROM ({done.sql}) AS {inner}))"


def _is(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    only(node, "this", "expression")
    what = node.expression.name.upper()
    if isinstance(node.expression, exp.Column) and what in ("NAN", "INFINITE"):
        number = convert.as_numeric(rewriter.value(node.this, frame))
        return binary_numbers.infinite_or_nan(number, what)
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


def _in(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    only(node, "this", "expressions", "query")
    lefts = [rewriter.value(part, frame) for part in _row(node.this)]
    subquery = node.args.get("query")
    if subquery is not None:
        return _in_query(rewriter, lefts, subquery, frame)
    items = [
        item.this if isinstance(item, exp.Paren) and isinstance(item.this, exp.Tuple) else item
        for item in node.expressions
    ]
    if len(lefts) > 1:
        return _in_rows(rewriter, lefts, items, frame)
    return _in_values(lefts[0], [rewriter.value(item, frame) for item in items])


def _in_rows(
    rewriter: "Rewriter", lefts: Sequence[Term], items: Sequence[exp.Expr], frame: Frame
) -> str:
    tests = []
    for item in items:
        rights = [rewriter.value(part, frame) for part in _row(item)]
        if len(rights) != len(lefts):
            raise OracleError("ORA-00920", "invalid relational operator")
        pairs = zip(lefts, rights, strict=True)
        tests.append(f"({' AND '.join(convert.compare('=', a, b) for a, b in pairs)})")
    return f"({' OR '.join(tests)})"


def _in_values(value: Term, items: Sequence[Term]) -> str:
    types = {item.type.family for item in items}
    plain = all(item.constant is not None for item in items) and len(types) == 1
    if plain and not value.is_null and value.type.family in types | {"CHAR", "VARCHAR2"}:
        same = value.type.family == "VARCHAR2" and types <= {"CHAR", "VARCHAR2"}
        narrow = all(term.type.precision <= NARROW_PRECISION for term in (value, *items))
        if same or (value.type.family == "NUMBER" and narrow and value.type.exact):
            return f"({value.sql} IN ({', '.join(item.sql for item in items)}))"
    return f"({' OR '.join(convert.compare('=', value, item) for item in items)})"


def _in_query(rewriter: "Rewriter", lefts: Sequence[Term], subquery: exp.Expr, frame: Frame) -> str:
    done = rewriter.query(subquery, frame)
    if len(done.columns) != len(lefts):
        few = len(done.columns) < len(lefts)
        raise OracleError(
            "ORA-00947" if few else "ORA-00913", f"{'not enough' if few else 'too many'} values"
        )
    inner = rewriter.alias("s")
    ours: list[str] = []
    theirs: list[str] = []
    for index, (left, column) in enumerate(zip(lefts, done.columns, strict=True), start=1):
        right = Term(f"{inner}.c{index}", column.term.type)
        if left.is_null or right.is_null:
            ours.append(convert.cast(left, right.type) if left.is_null else left.sql)
            theirs.append(convert.cast(right, left.type) if right.is_null else right.sql)
            continue
        first, second = convert.meet(left, right)
        type_, (left_sql, right_sql) = convert.common([first, second])
        if type_.is_text:
            left_sql, right_sql = convert.key(first, second.type), convert.key(second, first.type)
        ours.append(left_sql)
        theirs.append(right_sql)
    tuple_ = ours[0] if len(ours) == 1 else f"({', '.join(ours)})"
    return f"({tuple_} IN (SELECT {', '.join(theirs)} FROM ({done.sql}) AS {inner}))"


def _exists(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    only(node, "this")
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
        raise OracleError("ORA-01425", "escape character must be character string of length 1")
    letter = rf"\x{{{ord(escape.constant):X}}}"
    illegal = f"NOT regexp_full_match($p, '(?s:(?:[^{letter}]|{letter}[{letter}%_])*)')"
    failed = ora_error("ORA-01424", "missing or illegal character following the escape character")
    body = f"(CASE WHEN {illegal} THEN {failed} ELSE $s {word} $p ESCAPE {escape.sql} END)"
    # A constant pattern is checked when the query is planned.
    return over({"s": value.sql, "p": pattern.sql}, body, simple=pattern.is_simple)


def _call(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    name = undisguised(str(node.this)).upper()
    if name == "REGEXP_LIKE":
        return regexps.like(rewriter, node, frame)
    if name == "LNNVL":
        if len(node.expressions) != 1:
            raise OracleError("ORA-00909", "invalid number of arguments")
        inner = rewriter.condition(node.expressions[0], frame)
        return f"(({inner}) IS NOT TRUE)"
    if name in ORACLE_FUNCTIONS and name.endswith(("_EXISTS", "_EQUAL", "EXISTS")):
        raise refuse(name, node)
    raise OracleError("ORA-00920", "invalid relational operator")


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
    exp.In: _in,
    exp.Exists: _exists,
    exp.Like: _like,
    exp.Escape: _like,
    exp.Anonymous: _call,
}
