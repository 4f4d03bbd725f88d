"""Partitioned outer joins: `LEFT JOIN t PARTITION BY (k) ON ..` makes each partition of the table as
dense as the other side.

sqlglot does not read PARTITION BY in FROM; it is cut out before parsing.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.sqltext.lexer import Token

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.frame import OutputColumn, Relation

_JOIN_WORDS = frozenset("LEFT RIGHT FULL NATURAL INNER OUTER JOIN ON USING".split())
_NOT_TABLES = frozenset("MODEL ROWS REFERENCE ON DIMENSION".split())


def cut(lexed: list[Token]) -> tuple[list[Token], dict[int, list[Token]]]:
    """The tokens without these clauses, and the names in each by where the table's name begins.

    Raises:
        UnsupportedSQL: of anything but columns, or of a view without alias.
    """
    if not any(token.name == "PARTITION" for token in lexed):
        return lexed, {}
    found: dict[int, list[Token]] = {}
    out: list[Token] = []
    index = 0
    while index < len(lexed):
        token = lexed[index]
        following = lexed[index + 1].name if index + 1 < len(lexed) else ""
        before = out[-1] if out else None
        if token.name == "PARTITION" and following == "BY" and before is not None:
            end = _end(lexed, index + 2)
            if end and before.text == ")":
                span = token.start, lexed[end - 1].end
                raise UnsupportedSQL("PARTITION BY behind a view without alias", span)
            if end and before.is_name and before.name not in _NOT_TABLES:
                found[before.start] = _columns(lexed[index + 2 : end])
                if not found[before.start]:
                    raise OracleError.of("ORA-00936")
                index = end
                continue
        out.append(token)
        index += 1
    return out, found


def _end(lexed: Sequence[Token], start: int) -> int:
    """Where the next word of a join stands behind the clause; 0 if something else does."""
    depth = 0
    for index in range(start, len(lexed)):
        token = lexed[index]
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth < 0:
            return 0
        if depth == 0 and token.kind == "word" and token.name in _JOIN_WORDS:
            return index
        if depth == 0 and not (token.is_name or token.text in (",", ".", ")")):
            return 0
    return 0


def _columns(tokens: Sequence[Token]) -> list[Token]:
    names: list[Token] = []
    for token, following in zip_longest(tokens, tokens[1:]):
        if token.is_name and (following is None or following.text != "."):
            names.append(token)
        elif not token.is_name and token.text not in ("(", ")", ",", "."):
            span = tokens[0].start, tokens[-1].end
            raise UnsupportedSQL("PARTITION BY of an expression in a join", span)
    return names


def attach(tree: exp.Expr, found: dict[int, list[Token]]) -> None:
    """Put the names at the nodes of their tables.

    Raises:
        UnsupportedSQL: the table is not to be found in the tree.
    """
    waiting = dict(found)
    for node in tree.find_all(exp.Table, exp.Subquery) if found else ():
        alias = node.args.get("alias")
        identifier = alias.this if alias is not None else node.this
        start = identifier.meta.get("start") if isinstance(identifier, exp.Identifier) else None
        if start in waiting:
            node.meta["partition"] = [token.name for token in waiting.pop(start)]
    if waiting:
        raise UnsupportedSQL("PARTITION BY in FROM")


def joined(
    dense: str, sparse: str, relation: "Relation", names: list[str], condition: str, alias: str
) -> str:
    """FROM of a partitioned outer join; the partition's columns are read from its own list then.

    `condition` is written over the relation as it was before.
    """
    keys = [relation.find(name)[0] for name in names]
    listed = ", ".join(f"{key.sql} AS k{place}" for place, key in enumerate(keys, start=1))
    same = " AND ".join(
        f"{key.sql} IS NOT DISTINCT FROM {alias}.k{place}"
        for place, key in enumerate(keys, start=1)
    )
    relation.columns = [_of_partition(column, names, alias) for column in relation.columns]
    return (
        f"{dense} CROSS JOIN (SELECT DISTINCT {listed} FROM {sparse}) AS {alias} "
        f"LEFT JOIN {sparse} ON {same} AND {condition}"
    )


def _of_partition(column: "OutputColumn", names: list[str], alias: str) -> "OutputColumn":
    if column.name not in names:
        return column
    return replace(column, term=column.term.at(f"{alias}.k{names.index(column.name) + 1}"))
