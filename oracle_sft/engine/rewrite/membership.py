"""A value, or a row of values, against many: IN, ANY, ALL, and rows compared with rows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.terms import NARROW_PRECISION, Term
from oracle_sft.engine.rewrite.tree import check_unsorted, only, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.blocks.query import Query
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_LONGEST_LIST = {"19c": 1000, "23ai": 65535}
_EQUALITY = ("=", "<>")


def row_of(node: exp.Expr) -> list[exp.Expr]:
    """The expressions of a list in brackets, or the expression itself."""
    while isinstance(node, exp.Paren) and isinstance(node.this, (exp.Paren, exp.Tuple)):
        node = node.this
    return list(node.expressions) if isinstance(node, exp.Tuple) else [node]


def is_quantified(right: exp.Expr) -> bool:
    """Whether the right side of a comparison is ANY (..), SOME (..) or ALL (..)."""
    if isinstance(right, exp.Anonymous):
        return str(right.this).upper() in ("ANY", "SOME", "ALL")
    return isinstance(right, (exp.Any, exp.All))


def rows_compared(rewriter: "Rewriter", node: exp.Expr, operator: str, frame: Frame) -> str:
    """`(a, b) = ((1, 2))` and `(a, b) = (SELECT ..)`.

    Raises:
        OracleError: ORA-00920 where Oracle has no grammar for it; ORA-01427 where it runs.
    """
    if operator not in _EQUALITY:
        raise OracleError.of("ORA-00920")
    lefts = [rewriter.value(part, frame) for part in row_of(node.this)]
    right = node.expression
    if isinstance(right, exp.Subquery):
        check_unsorted(right)
        done = rewriter.query(right, frame)
        _check_width(done, lefts)
        alias = rewriter.alias("s")
        same = _same(lefts, _columns(done, alias))
        equal = f"(SELECT {same} FROM ({done.sql}) AS {alias})"
    else:
        if not isinstance(right, exp.Paren):  # one pair of brackets is the row, one is the list
            raise OracleError.of("ORA-00920")
        rights = [rewriter.value(part, frame) for part in row_of(right)]
        equal = _same(lefts, _checked(rights, lefts))
    return equal if operator == "=" else f"(NOT {equal})"


def _same(lefts: Sequence[Term], rights: Sequence[Term]) -> str:
    pairs = zip(lefts, rights, strict=True)
    return f"({' AND '.join(convert.compare('=', left, right) for left, right in pairs)})"


def _checked(rights: list[Term], lefts: Sequence[Term]) -> list[Term]:
    if len(rights) != len(lefts):
        raise OracleError.of("ORA-00920")
    return rights


def _check_width(done: "Query", lefts: Sequence[Term]) -> None:
    if len(done.columns) < len(lefts):
        raise OracleError.of("ORA-00947")
    if len(done.columns) > len(lefts):
        raise OracleError.of("ORA-00913")


def _columns(done: "Query", alias: str) -> list[Term]:
    return [
        Term(f"{alias}.c{index}", column.term.type)
        for index, column in enumerate(done.columns, start=1)
    ]


def quantified(rewriter: "Rewriter", node: exp.Expr, operator: str, frame: Frame) -> str:
    """`= ANY (..)`, `> ALL (..)` over a list or a subquery."""
    right = node.expression
    if isinstance(right, exp.Anonymous):
        any_ = str(right.this).upper() != "ALL"
        operands = list(right.expressions)
    else:
        only(right, "this")
        any_ = isinstance(right, exp.Any)
        operands = list(right.this.expressions) if _is_list(right.this) else [right.this]
    parts = row_of(node.this)
    lefts = [rewriter.value(part, frame) for part in parts]
    if len(lefts) > 1 and operator not in _EQUALITY:
        raise OracleError.of("ORA-00920")
    operand = operands[0]
    if len(operands) == 1 and isinstance(operand, exp.Query):
        return _over_query(rewriter, lefts, operator, operand, frame, any_=any_)
    tests = []
    for item in operands:
        rights = [rewriter.value(part, frame) for part in row_of(item)]
        if len(lefts) == 1:
            tests.append(convert.compare(operator, lefts[0], _checked(rights, lefts)[0]))
        else:
            same = _same(lefts, _checked(rights, lefts))
            tests.append(same if operator == "=" else f"(NOT {same})")
    return f"({(' OR ' if any_ else ' AND ').join(tests)})"


def _is_list(node: exp.Expr) -> bool:
    return isinstance(node, exp.Tuple)


def _over_query(
    rewriter: "Rewriter",
    lefts: Sequence[Term],
    operator: str,
    subquery: exp.Expr,
    frame: Frame,
    *,
    any_: bool,
) -> str:
    check_unsorted(subquery)
    reads = frame.num_reads_from_inside
    done = rewriter.query(subquery, frame)
    _check_width(done, lefts)
    alias = rewriter.alias("s")
    rights = _columns(done, alias)
    is_correlated = frame.num_reads_from_inside > reads
    if _is_plain(lefts, rights) and not (is_correlated and len(lefts) > 1):
        pairs = [_aligned(left, right) for left, right in zip(lefts, rights, strict=True)]
        ours, theirs = [left for left, _ in pairs], ", ".join(right for _, right in pairs)
        left = ours[0] if len(ours) == 1 else f"({', '.join(ours)})"
        source = f"(SELECT {theirs} FROM ({done.sql}) AS {alias})"
        if (operator, any_) == ("=", True):
            return f"({left} IN {source})"
        if (operator, any_) == ("<>", False):
            return f"({left} NOT IN {source})"
        if len(lefts) == 1:
            return f"({left} {operator} {'ANY' if any_ else 'ALL'} {source})"
    if len(lefts) == 1:
        test = convert.compare(operator, lefts[0], rights[0])
    else:
        test = _same(lefts, rights)
        test = test if operator == "=" else f"(NOT {test})"
    return _folded(test, f"({done.sql}) AS {alias}", rewriter.alias("s"), any_=any_)


def _is_plain(lefts: Sequence[Term], rights: Sequence[Term]) -> bool:
    """Whether DuckDB compares these as Oracle does, once they are in one type."""
    return not any(term.is_null or not term.type.exact for term in (*lefts, *rights))


def _aligned(left: Term, right: Term) -> tuple[str, str]:
    convert.comparable(left, right)
    first, second = convert.meet(left, right)
    type_, (left_sql, right_sql) = convert.common([first, second])
    if type_.is_text:
        return convert.key(first, second.type), convert.key(second, first.type)
    return left_sql, right_sql


def _folded(test: str, source: str, alias: str, *, any_: bool) -> str:
    """The test over all rows: for ANY true if it is for one, unknown if it is for one, or false."""
    wanted, other = ("TRUE", "FALSE") if any_ else ("FALSE", "TRUE")
    found = f"count(*) FILTER (WHERE {alias}.t IS {wanted}) > 0"
    unknown = f"count(*) > count({alias}.t)"
    return (
        f"(SELECT CASE WHEN {found} THEN {wanted} WHEN {unknown} THEN NULL ELSE {other} END "
        f"FROM (SELECT {test} AS t FROM {source}) AS {alias})"
    )


def contained(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    """IN over a list or a subquery; one literal needs no brackets."""
    if isinstance(node.args.get("field"), exp.Literal):
        node.set("expressions", [node.args["field"].pop()])
    only(node, "this", "expressions", "query")
    lefts = [rewriter.value(part, frame) for part in row_of(node.this)]
    subquery = node.args.get("query")
    if subquery is not None:
        return _over_query(rewriter, lefts, "=", subquery, frame, any_=True)
    if len(lefts) == 1:
        longest = _LONGEST_LIST[rewriter.oracle_version]
        if len(node.expressions) > longest:
            raise OracleError.of("ORA-01795", longest)
        return _in_values(lefts[0], [rewriter.value(item, frame) for item in node.expressions])
    tests = []
    for item in node.expressions:
        if isinstance(item, exp.Query):
            raise refuse("a subquery in a list of rows", item)
        rights = [rewriter.value(part, frame) for part in row_of(item)]
        tests.append(_same(lefts, _checked(rights, lefts)))
    return f"({' OR '.join(tests)})"


def _in_values(value: Term, items: Sequence[Term]) -> str:
    convert.comparable(value, *items)
    types = {item.type.family for item in items}
    plain = all(item.constant is not None for item in items) and len(types) == 1
    if plain and not value.is_null and value.type.family in types | {"CHAR", "VARCHAR2"}:
        same = value.type.family == "VARCHAR2" and types <= {"CHAR", "VARCHAR2"}
        narrow = all(term.type.precision <= NARROW_PRECISION for term in (value, *items))
        if same or (value.type.family == "NUMBER" and narrow and value.type.exact):
            return f"({value.sql} IN ({', '.join(item.sql for item in items)}))"
    return f"({' OR '.join(convert.compare('=', value, item) for item in items)})"
