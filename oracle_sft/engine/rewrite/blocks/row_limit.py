"""OFFSET and FETCH: how many rows of a query are skipped, and how many are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.convert import as_number
from oracle_sft.engine.rewrite.frame import Frame, OutputColumn
from oracle_sft.engine.rewrite.groups import sort_keys
from oracle_sft.engine.rewrite.numeric.numbers import double
from oracle_sft.engine.rewrite.terms import Term, refused
from oracle_sft.engine.rewrite.tree import only, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.blocks.query import Body
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_MOST = 2**60
"""More rows than there can be; twice as many still fit into a BIGINT."""


@dataclass(frozen=True, slots=True)
class Page:
    """What OFFSET and FETCH let through."""

    skip: str = "0"
    """SQL of a number of rows."""
    count: str | None = None
    """SQL of a number of rows, over `n` for all of them; None: no FETCH."""
    ties: bool = False
    percent: bool = False

    @property
    def skips(self) -> bool:
        return self.skip != "0"


def page(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Page:
    """What the query says about its rows.

    Raises:
        OracleError: ORA-00933 for LIMIT.
    """
    limit, offset = node.args.get("limit"), node.args.get("offset")
    skip = "0"
    if offset is not None:
        only(offset, "expression")
        # An unknown number of rows to skip leaves none.
        skip = _row_count(rewriter, offset.expression, frame, unknown=_MOST)
    if limit is None:
        return Page(skip)
    if not isinstance(limit, exp.Fetch):
        raise OracleError.of("ORA-00933")
    only(limit, "direction", "count", "limit_options")
    count, options = limit.args.get("count"), limit.args.get("limit_options")
    percent = ties = False
    if options is not None:
        only(options, "percent", "rows", "with_ties")
        percent, ties = bool(options.args.get("percent")), bool(options.args.get("with_ties"))
    if percent:
        if count is None:
            raise OracleError.of("ORA-00905")
        return Page(skip, _share(rewriter, count, frame), ties, percent=True)
    if count is None:
        return Page(skip, "1", ties)
    return Page(skip, _row_count(rewriter, count, frame, unknown=0), ties)


def _row_count(rewriter: "Rewriter", node: exp.Expr, frame: Frame, *, unknown: int) -> str:
    """A number of rows: fractions are cut off, negative ones are 0."""
    written = _written(rewriter, node, frame)
    if written.is_null:
        return str(unknown)
    term = as_number(written)
    if isinstance(term.constant, Decimal):
        return str(min(max(int(term.constant), 0), _MOST))
    rows = f"CAST(least(greatest(trunc({term.sql}), 0), {_MOST}) AS BIGINT)"
    return f"(SELECT coalesce({rows}, {unknown}))"


def _share(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    """The number of rows that a percentage means, rounded up."""
    term = as_number(_written(rewriter, node, frame))
    if isinstance(term.constant, Decimal):
        return f"ceil(n * {max(term.constant, Decimal(0)):f} / 100)"
    if not term.type.exact:
        raise refuse("FETCH of a percentage that is not exact", node)
    share = double(term) if term.type.binary else term.sql
    return f"ceil(n * coalesce(greatest((SELECT {share}), 0), 0) / 100)"


def _written(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """The value, which reads no column of the query itself."""
    if isinstance(node, exp.Placeholder):
        raise OracleError.of("ORA-01008")
    return rewriter.value(node, Frame(parent=frame.parent, ctes=frame.ctes, clause="fetch"))


def check(page: Page, columns: Sequence[OutputColumn], node: exp.Expr) -> None:
    """What may not stand beside OFFSET and FETCH.

    Raises:
        OracleError: ORA-00918 for two columns of one name.
    """
    if page.count is None and not page.skips:
        return
    named = [column.name for column in columns if not column.named_by_text]
    if len(set(named)) != len(named):
        raise OracleError.of("ORA-00918")
    if len({column.name for column in columns}) != len(columns):
        raise refuse("FETCH or OFFSET with two columns named by the same expression", node)
    order = node.args.get("order")
    if order is not None and any(isinstance(part, exp.Query) for part in order.walk()):
        raise refuse("a subquery in ORDER BY together with FETCH or OFFSET", node)


def paged(rewriter: "Rewriter", body: "Body", page: Page) -> str:
    """The SELECT with its sort keys, and what FETCH and OFFSET leave of it."""
    offset = f" OFFSET {page.skip}" if page.skips else ""
    if page.count is None:
        return _select(body) + offset
    if page.percent or (page.ties and body.sort):
        return _ranked(rewriter, body, page)
    return f"{_select(body)} LIMIT {page.count}{offset}"


def _select(body: "Body") -> str:
    items = ", ".join(f"{sql} AS c{index}" for index, sql in enumerate(body.items, start=1))
    order = f" ORDER BY {', '.join(body.sort)}" if body.sort else ""
    return f"SELECT {'DISTINCT ' if body.distinct else ''}{items}{body.tail}{order}"


def _ranked(rewriter: "Rewriter", body: "Body", page: Page) -> str:
    """FETCH of a percentage or WITH TIES, by row number and rank."""
    inner, outer = rewriter.alias("q"), rewriter.alias("q")
    items = [f"{sql} AS c{index}" for index, sql in enumerate(body.items, start=1)]
    keys = []
    for index, entry in enumerate(body.sort, start=1):
        key, direction = sort_keys.split(entry)
        if key.isdigit():
            keys.append(f"{inner}.c{key} {direction}")
        else:
            items.append(f"{key} AS k{index}")
            keys.append(f"{inner}.k{index} {direction}")
    source = f"SELECT {'DISTINCT ' if body.distinct else ''}{', '.join(items)}{body.tail}"
    order = f"ORDER BY {', '.join(keys)}" if keys else ""
    names = [f"c{index}" for index in range(1, len(body.items) + 1)]
    # Row numbers without ties are given after the sort, in the order of the rows.
    numbered = (
        f"SELECT {', '.join(f'{inner}.{name}' for name in names)}, "
        f"row_number() OVER ({order}) AS r, count(*) OVER () AS n, "
        f"{'rank' if keys else 'row_number'}() OVER ({order}) AS k "
        f"FROM ({source}) AS {inner}"
    )
    last = f"{page.count} + {page.skip}"
    kept = f"{outer}.{'k' if page.ties else 'r'} <= {last}"
    if page.skips:
        kept += f" AND {begun(page, f'{outer}.r', f'{outer}.k')}"
    chosen = ", ".join(f"{outer}.{name} AS {name}" for name in names)
    return f"SELECT {chosen} FROM ({numbered}) AS {outer} WHERE {kept} ORDER BY {outer}.r"


def begun(page: Page, row: str, rank: str) -> str:
    """The condition that a row, by its number and its rank, lies behind OFFSET.

    Whether WITH TIES skips rows or ranks shows where rows tie across the end of the offset.
    """
    if not page.ties:
        return f"{row} > {page.skip}"
    unknown = refused("OFFSET with WITH TIES between rows that tie")
    split = f"{row} > {page.skip} AND {rank} <= {page.skip}"
    return f"CASE WHEN {split} THEN {unknown} ELSE {row} > {page.skip} END"
