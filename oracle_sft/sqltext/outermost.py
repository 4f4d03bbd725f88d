"""What the outermost query of a statement says about its result."""

from itertools import pairwise

from oracle_sft.sqltext.lexer import tokens
from oracle_sft.sqltext.parse import SQLSyntaxError, statement_tokens


def orders_outermost(sql: str) -> bool:
    """Whether the outermost query says ORDER BY: the order of its rows is part of the answer.

    An ORDER BY in a subquery, a window, LISTAGG or a literal does not count; that of a query in
    brackets does. Told by the tokens, so that it also works for grammar that the parser does not know.

    Raises:
        SQLSyntaxError: the text is no query, or more than one.
    """
    lexed = list(statement_tokens(list(tokens(sql))))
    depth = 0
    depths = []
    for token in lexed:
        depth -= token.text == ")"
        depths.append(depth)
        depth += token.text == "("
    words = [token.name if token.kind == "word" else token.text for token in lexed]
    if depth or min(depths, default=-1) < 0 or ";" in words or words[0] not in _BEGINNINGS:
        raise SQLSyntaxError("not a single SELECT", 1, 1)
    within = _wrapping(words, depths)
    return any(
        first == "ORDER" and second in ("BY", "SIBLINGS") and depth <= within
        for (first, second), depth in zip(pairwise(words), depths, strict=False)
    )


_BEGINNINGS = ("SELECT", "WITH", "(")


def _wrapping(words: list[str], depths: list[int]) -> int:
    """How many brackets stand around the whole query; what follows them belongs to it too."""
    within = 0
    while words[within] == "(":
        closing = next(
            place
            for place in range(within + 1, len(words))
            if words[place] == ")" and depths[place] == within
        )
        if any(word in _SET_OPERATORS for word in words[closing + 1 :]):
            break
        within += 1
    return within


_SET_OPERATORS = ("UNION", "MINUS", "INTERSECT", "EXCEPT")
