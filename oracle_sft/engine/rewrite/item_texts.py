"""How a query writes the items of its select lists: the names that Oracle gives to columns without alias."""

from collections.abc import Iterator, Sequence

from sqlglot import exp

from oracle_sft.engine.rewrite.groups import aggregate_syntax
from oracle_sft.sqltext.lexer import Token, tokens

_IN_SOURCE_ORDER = ("with_", "expressions", "from_", "joins", "laterals", "where", "connect")


def of_selects(sql: str, tree: exp.Expr) -> dict[int, list[str]]:
    """How each SELECT (by `id`) writes its items: upper case, blanks removed.

    That text is the name that Oracle gives to a column without alias.
    """
    blocks = list(_selects(tree))
    texts = _written_items(list(tokens(sql)))
    if len(blocks) != len(texts):
        return {}
    return {
        id(block): written
        for block, written in zip(blocks, texts, strict=True)
        if len(block.expressions) == len(written)
    }


def _selects(node: exp.Expr) -> Iterator[exp.Select]:
    keys = [key for key in _IN_SOURCE_ORDER if key in node.args]
    keys += [key for key in node.args if key not in _IN_SOURCE_ORDER]
    for key in keys:
        if key == "expressions" and isinstance(node, exp.Select):
            yield node  # behind the queries of its WITH
        value = node.args[key]
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, exp.Expr):
                yield from _selects(child)


def _written_items(lexed: Sequence[Token]) -> list[list[str]]:
    found: list[list[str]] = []
    inside = aggregate_syntax.nth_value_from(lexed)
    for index, token in enumerate(lexed):
        if token.kind == "word" and token.name == "SELECT":
            found.append(_items_from(lexed, index + 1, inside))
    return found


_ENDS_OF_ITEMS = frozenset("FROM WHERE UNION MINUS INTERSECT EXCEPT".split())
"""What may follow the items; without FROM it is not FROM. GROUP may stand in WITHIN GROUP."""


def _items_from(lexed: Sequence[Token], index: int, inside: set[int]) -> list[str]:
    """The items from `index` up to FROM; `inside` are places of FROM that ends no items."""
    if index < len(lexed) and lexed[index].name in ("DISTINCT", "UNIQUE", "ALL"):
        index += 1
    items = [""]
    depth = 0
    for place in range(index, len(lexed)):
        token = lexed[place]
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth -= 1
        ends = token.kind == "word" and token.name in _ENDS_OF_ITEMS and place not in inside
        if depth < 0 or (depth == 0 and ends):
            break
        if depth == 0 and token.text == ",":
            items.append("")
        else:
            items[-1] += "".join(token.text.upper().split())
    return items
