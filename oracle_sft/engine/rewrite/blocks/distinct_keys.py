"""Sort keys of SELECT DISTINCT that are made of what it selects: ORDER BY UPPER(name)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.groups import group_functions, sort_keys

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.blocks import query
    from oracle_sft.engine.rewrite.rewriter import Rewriter


def is_made_of(
    rewriter: "Rewriter",
    key: exp.Expr,
    items: Sequence[exp.Expr],
    sql_of_items: Sequence[str],
    frame: Frame,
) -> bool:
    """Whether rows that are equal in the select list are equal in this key."""
    if any(key == (item.this if isinstance(item, exp.Alias) else item) for item in items):
        return True
    if isinstance(key, exp.Column):
        return rewriter.value(key, frame).sql in sql_of_items
    if isinstance(key, exp.Query) or group_functions.aggregates_in(key)[:1] == [key]:
        return False
    return all(
        is_made_of(rewriter, part, items, sql_of_items, frame) for part in key.iter_expressions()
    )


def add(rewriter: "Rewriter", body: "query.Body", keys: Sequence[str]) -> None:
    """Let the DISTINCT rows carry these keys, so that the rows can be sorted by them."""
    alias = rewriter.alias("q")
    names = [f"c{index}" for index in range(1, len(body.items) + 1)]
    items = [f"{sql} AS {name}" for sql, name in zip(body.items, names, strict=True)]
    places = {key: f"k{index}" for index, key in enumerate(dict.fromkeys(keys), start=1)}
    items += [f"{key} AS {name}" for key, name in places.items()]
    body.tail = f" FROM (SELECT DISTINCT {', '.join(items)}{body.tail}) AS {alias}"
    body.items = [f"{alias}.{name}" for name in names]
    for place, entry in enumerate(body.sort):
        key, direction = sort_keys.split(entry)
        if key in places:
            body.sort[place] = f"{alias}.{places[key]} {direction}"
    body.distinct = False
