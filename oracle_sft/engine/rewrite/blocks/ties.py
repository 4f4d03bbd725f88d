"""The outermost query with its sort keys, and with the rows that tie with those it cuts off.

ORDER BY leaves rows with equal keys in any order, and a top-n that ends between them may return any
of them. Whoever compares with such a result needs the keys of every row and the rows that Oracle
might have returned instead.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.rewrite.blocks import query, row_limit, rownum
from oracle_sft.engine.rewrite.groups import group_functions, numbered_view, sort_keys
from oracle_sft.engine.rewrite.tree import conjuncts, own_nodes

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.frame import Frame
    from oracle_sft.engine.rewrite.rewriter import Rewriter


@dataclass(frozen=True, slots=True)
class TieColumns:
    """What stands behind the columns of a query: `num_hidden` sort keys, and if `is_cut` the number of
    the row's tie group and whether the row is one of those that the query returns.
    """

    keys: tuple[int, ...]
    """Where the sort keys of the outermost ORDER BY are found in a row, in their order."""
    num_hidden: int
    is_cut: bool


def rewrite(rewriter: "Rewriter", node: exp.Expr) -> "tuple[query.Query, TieColumns]":
    """`query.rewrite` for a whole statement; rows that only might be returned come with the others."""
    while isinstance(node, exp.Subquery) and not any(
        value for key, value in node.args.items() if key != "this"
    ):
        node = node.this
    rewriter.item_texts(node)  # read before the tree may change
    numbers = numbered_view.widen(node)
    if numbers is not None:
        return _numbered(rewriter, node, numbers)
    if _is_cut_by_rownum(node):
        rewriter.cut_block = node
        rewriter.cut_view = _ordered_view(node)
    definitions, body, page = query.read(rewriter, node, None)
    hidden, positions = _hidden(body)
    cut = body.cut is not None or page.count is not None or page.skips
    columns = TieColumns(positions, len(hidden), cut)
    if cut:
        sql = _cut(rewriter, body, page, hidden)
    else:
        items = [f"{sql} AS c{place}" for place, sql in enumerate(body.items, start=1)]
        items += [f"{sql} AS k{place}" for place, sql in enumerate(hidden, start=1)]
        order = f" ORDER BY {', '.join(body.sort)}" if body.sort else ""
        distinct = "DISTINCT " if body.distinct else ""
        sql = f"SELECT {distinct}{', '.join(items)}{body.tail}{order}"
    return query.Query(definitions + sql, body.columns), columns


def _numbered(
    rewriter: "Rewriter", node: exp.Expr, numbers: numbered_view.Numbers
) -> "tuple[query.Query, TieColumns]":
    """A top-n by ROW_NUMBER: behind its items stand the number, the rank and the partition."""
    definitions, body, _ = query.read(rewriter, node, None)
    number, rank, part = body.items[-numbered_view.NUM_HIDDEN :]
    del body.items[-numbered_view.NUM_HIDDEN :]
    del body.columns[-numbered_view.NUM_HIDDEN :]
    hidden, positions = _hidden(body)
    items = [f"{sql} AS c{place}" for place, sql in enumerate(body.items, start=1)]
    items += [f"{sql} AS k{place}" for place, sql in enumerate(hidden, start=1)]
    items.append(f"concat_ws('/', {part}, {rank}) AS g")
    items.append(f"{number} BETWEEN {numbers.first} AND {numbers.last} AS chosen")
    order = f" ORDER BY {', '.join(body.sort)}" if body.sort else ""
    sql = f"{definitions}SELECT {', '.join(items)}{body.tail}{order}"
    return query.Query(sql, body.columns), TieColumns(positions, len(hidden), is_cut=True)


def with_keys(
    rewriter: "Rewriter", node: exp.Expr, parent: "Frame"
) -> "tuple[query.Query, list[tuple[str, str]]]":
    """A subquery that also shows its sort keys, and their columns with their directions."""
    definitions, body, _ = query.read(rewriter, node, parent)
    hidden, positions = _hidden(body)
    items = [f"{sql} AS c{place}" for place, sql in enumerate(body.items, start=1)]
    items += [f"{sql} AS k{place}" for place, sql in enumerate(hidden, start=1)]
    distinct = "DISTINCT " if body.distinct else ""
    order = f" ORDER BY {', '.join(body.sort)}"
    sql = f"{definitions}SELECT {distinct}{', '.join(items)}{body.tail}{order}"
    width = len(body.items)
    keys = [
        (
            f"c{position + 1}" if position < width else f"k{position - width + 1}",
            sort_keys.split(entry)[1],
        )
        for position, entry in zip(positions, body.sort, strict=True)
    ]
    return query.Query(sql, body.columns), keys


def _hidden(body: "query.Body") -> tuple[list[str], tuple[int, ...]]:
    """The sort keys that are no columns, and where each sort key is found."""
    hidden: list[str] = []
    positions: list[int] = []
    for entry in body.sort:
        key, _ = sort_keys.split(entry)
        if key.isdigit():
            positions.append(int(key) - 1)
        else:
            positions.append(len(body.items) + len(hidden))
            hidden.append(key)
    return hidden, tuple(positions)


def _cut(rewriter: "Rewriter", body: "query.Body", page: row_limit.Page, hidden: list[str]) -> str:
    """The rows that the cut takes, and those that tie with the first or the last of them."""
    inner, middle, outer = rewriter.alias("q"), rewriter.alias("q"), rewriter.alias("q")
    items = [f"{sql} AS c{place}" for place, sql in enumerate(body.items, start=1)]
    items += [f"{sql} AS k{place}" for place, sql in enumerate(hidden, start=1)]
    own_order = _order(body, inner)
    cut_order = own_order
    if body.cut is not None:
        entries = [sort_keys.split(entry) for entry in body.cut.keys]
        items += [f"{key} AS v{place}" for place, (key, _) in enumerate(entries, start=1)]
        cut_order = [f"{inner}.v{place} {way}" for place, (_, way) in enumerate(entries, start=1)]
    over = f"ORDER BY {', '.join(cut_order)}" if cut_order else ""
    same = ", ".join(sort_keys.split(entry)[0] for entry in cut_order) or "1"
    source = f"SELECT {'DISTINCT ' if body.distinct else ''}{', '.join(items)}{body.tail}"
    numbered = (
        f"SELECT {inner}.*, row_number() OVER ({over}) AS r, count(*) OVER () AS n, "
        f"{'rank()' if cut_order else '1'}{f' OVER ({over})' if cut_order else ''} AS g, "
        f"count(*) OVER (PARTITION BY {same}) AS s FROM ({source}) AS {inner}"
    )
    count = str(body.cut.count) if body.cut is not None else page.count
    last = f"{count} + {page.skip}" if count is not None else "n"
    # WITH TIES takes the whole of the last group, so that nothing is left out there.
    taken = f"g <= {last}" if page.ties and cut_order else f"r <= {last}"
    begun = row_limit.begun(page, "r", "g") if cut_order else f"r > {page.skip}"
    chosen = f"({begun} AND {taken})"
    marked = f"SELECT {middle}.*, {chosen} AS chosen FROM ({numbered}) AS {middle}"
    names = [f"c{place}" for place in range(1, len(body.items) + 1)]
    names += [f"k{place}" for place in range(1, len(hidden) + 1)]
    kept = f"{outer}.g <= {last} AND {outer}.g + {outer}.s - 1 > {page.skip}"
    order = _order(body, outer) if body.cut is not None and body.sort else [f"{outer}.r"]
    shown = ", ".join(f"{outer}.{name}" for name in [*names, "g", "chosen"])
    return f"SELECT {shown} FROM ({marked}) AS {outer} WHERE {kept} ORDER BY {', '.join(order)}"


def _order(body: "query.Body", alias: str) -> list[str]:
    """The sort keys over a subquery that shows the columns and the hidden keys."""
    order, num_hidden = [], 0
    for entry in body.sort:
        key, way = sort_keys.split(entry)
        if key.isdigit():
            order.append(f"{alias}.c{key} {way}")
        else:
            num_hidden += 1
            order.append(f"{alias}.k{num_hidden} {way}")
    return order


def _is_cut_by_rownum(node: exp.Expr) -> bool:
    """Whether the block is `SELECT .. FROM .. WHERE ROWNUM <= n`, and no more than a choice of rows
    hangs on the cut: no groups, windows, DISTINCT, ROWNUM as a value.
    """
    parts = ("connect", "group", "having", "distinct", "limit", "offset", "laterals")
    where = node.args.get("where")
    if not isinstance(node, exp.Select) or where is None:
        return False
    if node.args.get("from_") is None or any(node.args.get(part) for part in parts):
        return False
    if not any(rownum.reads_rownum(condition) for condition in conjuncts(where.this)):
        return False
    order = node.args.get("order")
    for value in (*node.expressions, *([order] if order is not None else [])):
        has_window = any(isinstance(part, exp.Window) for part in own_nodes(value))
        if has_window or group_functions.aggregates_in(value) or rownum.reads_rownum(value):
            return False
    # Rows of something unordered are all alike to the cut; what orders them otherwise is not seen here.
    return _ordered_view(node) is not None or not _orders_inside(node)


def _ordered_view(node: exp.Expr) -> exp.Expr | None:
    """The inline view with an ORDER BY that the block reads from, if nothing else cuts or joins it."""
    view = node.args["from_"].this
    inner = view.this if isinstance(view, exp.Subquery) else None
    if not isinstance(inner, exp.Query):
        return None
    order = inner.args.get("order")
    if order is None or order.args.get("siblings") or node.args.get("joins"):
        return None
    parts = [view.args.get("joins"), view.args.get("pivots")]
    parts += [inner.args.get("limit"), inner.args.get("offset")]
    return None if any(parts) else view


def _orders_inside(node: exp.Expr) -> bool:
    """Whether a query below the block has an ORDER BY."""
    return any(
        query.args.get("order") is not None
        for query in node.root().find_all(exp.Query)
        if query is not node
    )
