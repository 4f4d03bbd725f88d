"""Queries: WITH, set operators, ORDER BY and FETCH around query blocks."""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.blocks import block, row_limit, with_clause
from oracle_sft.engine.rewrite.frame import Frame, OutputColumn
from oracle_sft.engine.rewrite.groups import sort_keys
from oracle_sft.engine.rewrite.terms import VARCHAR2, Term
from oracle_sft.engine.rewrite.tree import only, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter


@dataclass(slots=True)
class Query:
    """DuckDB SQL whose columns are named c1, c2, ..."""

    sql: str
    columns: list[OutputColumn]
    """Under Oracle's names; the terms say only the types, and what else of a quotient is at hand."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The first `count` rows in an order that is not the query's own."""

    keys: list[str]
    count: int


@dataclass(slots=True)
class Body:
    """A query before ORDER BY and FETCH: its pieces, so that sort keys can be added."""

    items: list[str]
    tail: str
    """From FROM on."""
    columns: list[OutputColumn]
    distinct: bool = False
    sort: list[str] = field(default_factory=list)
    """Sort keys: `3 ASC NULLS LAST` for the third column, or an expression."""
    quotients: dict[int, Term] = field(default_factory=dict)
    """What is known of columns that are quotients, by their places from 0."""
    cut: Cut | None = None
    """A limit on ROWNUM that is still to be applied; only where `ties` asks for it."""


_SET_OPERATORS: dict[type, str] = {
    exp.Union: "UNION",
    exp.Except: "EXCEPT",
    exp.Intersect: "INTERSECT",
}
_WRAPPED = ("with_", "order", "limit", "offset")


def rewrite(
    rewriter: "Rewriter", node: exp.Expr, parent: Frame | None, *, as_view: bool = False
) -> Query:
    """The query for DuckDB. `parent` is the block around a subquery, for correlated names.

    `as_view`: it is read in a FROM, where more columns may stand behind its own.
    """
    definitions, body, page = read(rewriter, node, parent)
    if as_view and not body.distinct:
        _show_quotients(body)
    return Query(definitions + row_limit.paged(rewriter, body, page), body.columns)


def _show_quotients(body: Body) -> None:
    """Put DOUBLEs of columns that are none, and what was divided by what, behind the columns.

    DuckDB computes only what is read of them, but that for all rows.
    """

    def shown(term: Term) -> Term:
        if term.constant is not None:
            return term
        body.items.append(term.sql)
        return term.at(f"c{len(body.items)}")

    for place, term in body.quotients.items():
        column = body.columns[place]
        seen = column.term
        if term.alternative is not None and term.alternative.type.binary:
            seen = replace(seen, alternative=shown(term.alternative))
        if term.quotient is not None:
            seen = replace(seen, quotient=(shown(term.quotient[0]), shown(term.quotient[1])))
        body.columns[place] = replace(column, term=seen)


def read(
    rewriter: "Rewriter", node: exp.Expr, parent: Frame | None
) -> tuple[str, Body, row_limit.Page]:
    """The query in its parts: WITH as SQL, the body, and what is left of its rows."""
    frame = Frame(parent=parent, ctes=dict(parent.ctes) if parent is not None else {})
    with_ = node.args.get("with_")
    definitions = with_clause.rewrite(rewriter, with_, frame) if with_ is not None else ""
    body = _body(rewriter, node, frame)
    page = row_limit.page(rewriter, node, frame)
    row_limit.check(page, body.columns, node)
    return definitions, body, page


def _body(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Body:
    if isinstance(node, exp.Select):
        return block.select(rewriter, node, frame)
    if isinstance(node, exp.Subquery):
        only(node, "this", *_WRAPPED)
        inner = rewrite(rewriter, node.this, frame)
        alias = rewriter.alias("q")
        items = [f"{alias}.c{index}" for index in range(1, len(inner.columns) + 1)]
        body = Body(items, f" FROM ({inner.sql}) AS {alias}", inner.columns)
        _sort_by_columns(rewriter, body, node)
        return body
    if type(node) in _SET_OPERATORS:
        body = _set_operation(rewriter, node, frame)
        _sort_by_columns(rewriter, body, node)
        return body
    raise refuse(node.key.upper(), node)


def _set_operation(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Body:
    only(node, "this", "expression", "distinct", *_WRAPPED)
    word = _SET_OPERATORS[type(node)]
    distinct = node.args.get("distinct") is not False
    if not distinct and not isinstance(node, exp.Union) and rewriter.oracle_version == "19c":
        raise refuse(f"{'MINUS' if word == 'EXCEPT' else word} ALL", node)
    branches = [rewrite(rewriter, branch, frame) for branch in _branches(node)]
    first = branches[0]
    if any(len(branch.columns) != len(first.columns) for branch in branches):
        raise OracleError.of("ORA-01789")
    aliases = [rewriter.alias("u") for _ in branches]
    sides: list[list[str]] = [[] for _ in branches]
    columns = []
    for place, column in enumerate(first.columns):
        terms = [
            Term(f"{alias}.c{place + 1}", branch.columns[place].term.type)
            for alias, branch in zip(aliases, branches, strict=True)
        ]
        if distinct and all(term.is_null or term.type.is_text for term in terms):
            convert.comparable(*terms)
        type_, casts = convert.common(terms, code="ORA-01790")
        if len(terms) > 2 and terms[0].is_null and terms[1].is_null and not type_.is_text:
            # Taken two by two, the first two are text, which fits nothing else.
            raise refuse("a set operation whose first two branches are NULL", node)
        if type_.family == "NULL":
            type_ = VARCHAR2
        for side, sql in zip(sides, casts, strict=True):
            side.append(f"{sql} AS c{place + 1}")
        columns.append(OutputColumn(column.name, Term("", type_), column.named_by_text))
    parts = [
        f"(SELECT {', '.join(side)} FROM ({branch.sql}) AS {alias})"
        for side, branch, alias in zip(sides, branches, aliases, strict=True)
    ]
    whole = f" {word}{'' if distinct else ' ALL'} ".join(parts)
    alias = rewriter.alias("q")
    items = [f"{alias}.c{index}" for index in range(1, len(columns) + 1)]
    return Body(items, f" FROM ({whole}) AS {alias}", columns)


def _branches(node: exp.Expr) -> list[exp.Expr]:
    """The two sides of a set operation; all branches of a chain of UNION ALL."""
    branches = [node.expression]
    left = node.this
    while _is_union_all(node) and _is_union_all(left) and not any(map(left.args.get, _WRAPPED)):
        branches.append(left.expression)
        left = left.this
    return [left, *branches[::-1]]


def _is_union_all(node: exp.Expr) -> bool:
    return isinstance(node, exp.Union) and node.args.get("distinct") is False


def _sort_by_columns(rewriter: "Rewriter", body: Body, node: exp.Expr) -> None:
    """ORDER BY of a set operation: positions and names of the first branch."""
    order = node.args.get("order")
    if order is None:
        return
    only(order, "expressions")
    frame = Frame(clause="order")
    for item, column in zip(body.items, body.columns, strict=True):
        frame.aliases.setdefault(column.name, column.term.at(item))
    for entry in order.expressions:
        only(entry, "this", "desc", "nulls_first")
        position = sort_keys.position_of(entry.this, len(body.items))
        if position is not None:
            convert.comparable(body.columns[position - 1].term)
            body.sort.append(f"{position} {sort_keys.direction(entry)}")
            continue
        if not isinstance(entry.this, exp.Column):
            raise OracleError.of("ORA-01785")
        term = rewriter.value(entry.this, frame)
        convert.comparable(term)
        if not term.is_literal:
            body.sort.append(f"{term.sql} {sort_keys.direction(entry)}")
