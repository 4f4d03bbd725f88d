"""The number in FETCH FIRST, where it is more than a literal: the parser reads one token there."""

from collections.abc import Callable

from sqlglot import exp

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.sqltext.lexer import Token

_MARK = chr(0xA51B)
"""A letter to sqlglot, behind those that disguise the names of functions (`tree.py`)."""
_END = ("ROW", "ROWS", "PERCENT")


def fold(lexed: list[Token]) -> tuple[list[Token], dict[str, list[Token]]]:
    """The tokens with one mark in the place of each such expression, and the expressions by mark.

    Raises:
        UnsupportedSQL: a letter that would be taken for a mark.
    """
    if not any(token.name == "FETCH" for token in lexed):
        return lexed, {}
    marks: dict[str, list[Token]] = {}
    out: list[Token] = []
    index = 0
    while index < len(lexed):
        token = lexed[index]
        if token.is_name and _MARK in token.text:
            raise UnsupportedSQL(
                f"the letter U+{ord(_MARK):04X} in a name", (token.start, token.end)
            )
        out.append(token)
        index += 1
        if len(out) < 2 or out[-2].name != "FETCH" or token.name not in ("FIRST", "NEXT"):
            continue
        end = _end(lexed, index)
        if end - index > 1:
            mark = f"{_MARK}{len(marks)}"
            marks[mark] = lexed[index:end]
            start, stop = lexed[index].start, lexed[end - 1].end
            out.append(Token("word", mark.ljust(stop - start), start, stop, mark))
            index = end
    return out, marks


def _end(lexed: list[Token], start: int) -> int:
    """Where ROWS or PERCENT stands; `start` if it does not."""
    depth = 0
    for index in range(start, len(lexed)):
        token = lexed[index]
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth < 0:
            break
        if depth == 0 and token.kind == "word" and token.name in _END:
            return index
    return start


def attach(
    tree: exp.Expr, marks: dict[str, list[Token]], sql: str, parse: Callable[[str], exp.Expr]
) -> None:
    """Put the expressions at their marks in the tree."""
    if not marks:
        return
    for fetch in tree.find_all(exp.Fetch):
        count = fetch.args.get("count")
        found = marks.get(count.name) if isinstance(count, exp.Identifier) else None
        if found is not None:
            fetch.set("count", parse(sql[found[0].start : found[-1].end]))
