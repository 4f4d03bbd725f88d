"""What the outermost query of a statement says about its result."""

from itertools import pairwise

from sqlglot import exp

from oracle_sft.sqltext.lexer import tokens
from oracle_sft.sqltext.parse import SQLSyntaxError, parse, statement_tokens


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


# Functions whose NUMBER result is rounded to the engine's digits.
_ROUNDED = {
    *("AVG", "STDDEV", "STDDEV_POP", "STDDEV_SAMP", "VARIANCE", "VAR_POP", "VAR_SAMP", "MEDIAN"),
    *("CORR", "COVAR_POP", "COVAR_SAMP", "RATIO_TO_REPORT", "PERCENT_RANK", "CUME_DIST", "SQRT"),
    *("POWER", "EXP", "LN", "LOG", "SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "ATAN2", "SINH"),
    *("COSH", "TANH", "PERCENTILE_CONT", "MONTHS_BETWEEN", "REGR_SLOPE", "REGR_INTERCEPT"),
    *("REGR_R2", "SYSDATE", "SYSTIMESTAMP"),
}


def inexact_columns(sql: str, width: int) -> frozenset[int]:
    """The columns of a result of `width` columns that `engine.compare` should not take to the digit.

    A column counts when its expression divides, averages or takes a root; all of them count when a
    subquery or the list itself (`*`) hides where that happens, or when the sides of a set operation
    differ in it.

    Raises:
        SQLSyntaxError: the text is no single query.
    """
    query: exp.Expr = parse(sql)
    if not any(token.text == "/" or token.name in _ROUNDED for token in tokens(sql)):
        return frozenset()
    while isinstance(query, exp.Subquery):
        query = query.this
    everything = frozenset(range(width))
    if not isinstance(query, exp.Select) or len(query.expressions) != width:
        return everything
    found = {number for number, item in enumerate(query.expressions) if _rounds(item)}
    hidden = any(
        _rounds(part)
        for part in (*query.find_all(exp.Subquery), *query.find_all(exp.CTE))
        if part.find_ancestor(exp.Select) is not None
    )
    return everything if hidden else frozenset(found)


def _rounds(item: exp.Expr) -> bool:
    return any(token.text == "/" or token.name in _ROUNDED for token in tokens(item.sql("oracle")))
