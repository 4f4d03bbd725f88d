"""Grammar inside of a call's brackets that is no list of arguments, folded away before parsing.

`JSON_VALUE(doc, '$.a' RETURNING NUMBER DEFAULT 0 ON ERROR)` reaches the parser as a call of three
arguments, the last of them a mark that carries the tokens of its clause. Who serves the function takes
the mark off with `split` and reads the tokens; a mark that nobody takes is refused by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.sqltext.lexer import Kind, Token

_MARK = chr(0xA51A)
"""A letter to sqlglot, behind those that disguise the names of functions (`tree.py`)."""

_ANY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Grammar:
    begins: dict[str, frozenset[str]]
    """Word that begins a clause -> the words that may follow it; none listed: any."""
    to_end: bool = True
    """The clause goes to the closing bracket, and not to the next comma."""
    separators: frozenset[str] = frozenset()
    """What stands between arguments besides the comma; `KEY` in front of one is left out."""


def _followed_by(*words: str) -> frozenset[str]:
    return frozenset(words)


_ON_ERROR = {
    "RETURNING": _ANY,
    "FORMAT": _followed_by("JSON"),
    "PASSING": _ANY,
    "DEFAULT": _ANY,
    **dict.fromkeys(("NULL", "ERROR", "EMPTY", "TRUE", "FALSE", "ABSENT"), _followed_by("ON")),
}
_JSON_OUTPUT = {
    "RETURNING": _ANY,
    "STRICT": _ANY,
    "FORMAT": _followed_by("JSON"),
    "WITH": _followed_by("UNIQUE"),
    **dict.fromkeys(("NULL", "ABSENT"), _followed_by("ON")),
}
_CONVERSION = _Grammar({"DEFAULT": _ANY}, to_end=False)
_TYPE = _Grammar({"AS": _ANY}, to_end=False)

_GRAMMARS = {
    "JSON_VALUE": _Grammar(_ON_ERROR),
    "JSON_EXISTS": _Grammar(_ON_ERROR),
    "JSON_QUERY": _Grammar(
        {
            **_ON_ERROR,
            **dict.fromkeys(("WITH", "WITHOUT", "PRETTY", "ASCII", "ALLOW", "DISALLOW"), _ANY),
            "EMPTY": _followed_by("ON", "ARRAY", "OBJECT"),
        }
    ),
    "JSON_TABLE": _Grammar({**_ON_ERROR, "COLUMNS": _ANY}),
    "JSON_OBJECT": _Grammar(_JSON_OUTPUT, separators=frozenset(("VALUE", ":"))),
    "JSON_OBJECTAGG": _Grammar(_JSON_OUTPUT, separators=frozenset(("VALUE", ":"))),
    "JSON_ARRAY": _Grammar(_JSON_OUTPUT),
    "JSON_ARRAYAGG": _Grammar(_JSON_OUTPUT),
    "JSON_SERIALIZE": _Grammar({**_ON_ERROR, "PRETTY": _ANY, "ASCII": _ANY}),
    **dict.fromkeys(("TRANSLATE", "CHR"), _Grammar({"USING": _followed_by("NCHAR_CS", "CHAR_CS")})),
    "LISTAGG": _Grammar({"ON": _followed_by("OVERFLOW")}),
    "CAST": _TYPE,
    "VALIDATE_CONVERSION": _TYPE,
    **dict.fromkeys(
        """TO_DATE TO_TIMESTAMP TO_TIMESTAMP_TZ TO_NUMBER TO_BINARY_DOUBLE TO_BINARY_FLOAT
        TO_DSINTERVAL TO_YMINTERVAL""".split(),
        _CONVERSION,
    ),
}

ALWAYS_CALLS = frozenset(name for name in _GRAMMARS if name.startswith("JSON_"))
"""Calls that sqlglot would read with a grammar of its own even where no clause stands in them."""


@dataclass(frozen=True, slots=True)
class Folded:
    """The tokens to parse, and what the marks among them stand for."""

    tokens: list[Token]
    clauses: dict[str, list[Token]]
    """Mark -> the tokens of its clause, with offsets into the query's own text."""
    calls: frozenset[int]
    """Where the names of calls begin that had a clause."""


def fold(lexed: Sequence[Token]) -> Folded:
    """Replace the clauses in calls by marks.

    Raises:
        UnsupportedSQL: a letter that would be taken for a mark.
    """
    clauses: dict[str, list[Token]] = {}
    calls: set[int] = set()
    out: list[Token] = []
    _fold_into(out, lexed, 0, len(lexed), clauses, calls)
    return Folded(out, clauses, frozenset(calls))


def _fold_into(
    out: list[Token],
    lexed: Sequence[Token],
    start: int,
    stop: int,
    clauses: dict[str, list[Token]],
    calls: set[int],
) -> None:
    index = start
    while index < stop:
        token = lexed[index]
        if token.kind in ("word", "quoted") and _MARK in token.text:
            raise UnsupportedSQL(
                f"the letter U+{ord(_MARK):04X} in a name", (token.start, token.end)
            )
        out.append(token)
        index += 1
        grammar = _GRAMMARS.get(token.name) if token.kind == "word" else None
        if grammar is None or index >= stop or lexed[index].text != "(":
            continue
        if index > 1 and lexed[index - 2].text == ".":
            continue
        end = _closing(lexed, index)
        if token.name == "CAST" and not _has_more_than_type(lexed, index + 1, end):
            continue
        out.append(lexed[index])
        before = len(clauses)
        _fold_call(out, lexed, index + 1, min(end, stop), grammar, clauses, calls)
        if len(clauses) > before:
            calls.add(token.start)
        index = min(end, stop)


def _fold_call(
    out: list[Token],
    lexed: Sequence[Token],
    start: int,
    end: int,
    grammar: _Grammar,
    clauses: dict[str, list[Token]],
    calls: set[int],
) -> None:
    """The arguments between the brackets of one call; `end` is where the closing one stands."""
    index = argument = start
    depth = num_entries = num_separators = 0
    while index < end:
        token = lexed[index]
        num_entries += depth == 0 and (index == start or token.text == ",")
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        following = lexed[index + 1].name if index + 1 < len(lexed) else ""
        if depth == 0 and token.kind == "word" and _begins(grammar, token, following):
            num_entries -= index == start
            _fold_into(out, lexed, argument, index, clauses, calls)
            last = end if grammar.to_end else _next_comma(lexed, index, end)
            mark = f"{_MARK}{len(clauses)}"
            clauses[mark] = list(lexed[index:last])
            text = mark if out[-1].text == "(" else f",{mark}"
            stop = lexed[last - 1].end
            out.append(Token("word", text.ljust(stop - token.start), token.start, stop, mark))
            index = argument = last
            continue
        if depth == 0 and grammar.separators:
            separated = _separated(token, lexed[index - 1], grammar)
            if separated is not None:
                num_separators += bool(separated)
                _fold_into(out, lexed, argument, index, clauses, calls)
                out.extend(separated)
                argument = index + 1
        index += 1
    if grammar.separators and num_separators != num_entries and lexed[start].text != "*":
        raise UnsupportedSQL("a JSON object of columns without names")
    _fold_into(out, lexed, argument, end, clauses, calls)


def _has_more_than_type(lexed: Sequence[Token], start: int, end: int) -> bool:
    """Whether a CAST to a date says more than `value AS type`, or a type that the parser reads only in
    part.
    """
    depth = 0
    behind_as = of_date = False
    for token in lexed[start:end]:
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth:
            continue
        if of_date and token.name in (",", "DEFAULT"):
            return True
        of_date = of_date or (behind_as and token.name in ("DATE", "TIMESTAMP", "INTERVAL"))
        if of_date and token.name == "INTERVAL":
            return True
        behind_as = token.name == "AS"
    return False


def _begins(grammar: _Grammar, token: Token, following: str) -> bool:
    allowed = grammar.begins.get(token.name)
    return allowed is not None and (not allowed or following in allowed)


def _separated(token: Token, before: Token, grammar: _Grammar) -> list[Token] | None:
    """What stands in the place of `VALUE`, `:` and `KEY`; None for any other token."""
    blank = " " * (token.end - token.start - 1)
    if token.kind == "word" and token.name == "KEY" and before.text in ("(", ","):
        return []
    if token.text in grammar.separators or token.name in grammar.separators:
        return [Token("op", f",{blank}", token.start, token.end, ",")]
    if token.kind == "bind" and before.kind == "string":
        # Read as a bind variable: 'key':column without a blank.
        name = token.text[1:]
        kind: Kind = "quoted" if name[0] == '"' else "word"
        stored = name[1:-1] if kind == "quoted" else name.upper()
        return [
            Token("op", ",", token.start, token.start + 1, ","),
            Token(kind, name, token.start + 1, token.end, stored),
        ]
    return None


def _closing(lexed: Sequence[Token], opening: int) -> int:
    """The index of the bracket that closes the one at `opening`; past the end if none does."""
    depth = 0
    for index in range(opening, len(lexed)):
        depth += {"(": 1, ")": -1}.get(lexed[index].text, 0)
        if depth == 0:
            return index
    return len(lexed)


def _next_comma(lexed: Sequence[Token], start: int, end: int) -> int:
    depth = 0
    for index in range(start, end):
        depth += {"(": 1, ")": -1}.get(lexed[index].text, 0)
        if depth == 0 and lexed[index].text == ",":
            return index
    return end


def attach(tree: exp.Expr, clauses: dict[str, list[Token]]) -> None:
    """Put the tokens of each clause at its mark in the tree."""
    if not clauses:
        return
    for column in list(tree.find_all(exp.Column)):
        tokens = clauses.get(column.name)
        if tokens is None:
            continue
        column.meta["clause"] = tokens
        if isinstance(column.parent, exp.Ordered):
            # Behind an ORDER BY in the brackets the mark was read as one more sort key.
            order = column.parent.parent
            column.parent.pop()
            assert isinstance(order, exp.Order)
            assert order.parent is not None
            order.parent.append("expressions", column)


def split(call: exp.Expr) -> tuple[list[exp.Expr], list[Token]]:
    """The arguments of a call without its mark, and the tokens of its clause: [] if it has none."""
    arguments = [node for node in call.expressions if "clause" not in node.meta]
    found = [node.meta["clause"] for node in call.expressions if "clause" in node.meta]
    return arguments, [token for tokens in found for token in tokens]


def refuse_clause(call: exp.Expr, name: str) -> None:
    """Refuse a clause that the function's server does not read.

    Raises:
        UnsupportedSQL: naming the function and the first words of the clause.
    """
    _, tokens = split(call)
    if tokens:
        words = " ".join(token.text.upper() for token in tokens[:2])
        raise UnsupportedSQL(f"{name} with {words}", (tokens[0].start, tokens[-1].end))
