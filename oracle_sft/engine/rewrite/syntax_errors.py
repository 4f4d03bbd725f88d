"""Why a text is no query: the first place where Oracle's grammar wants something else, by its code.

The parser takes some of these texts, so that every query is looked at. Where no rule finds a cause,
there is none to tell.
"""

import unicodedata
from collections.abc import Callable, Sequence
from itertools import pairwise

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.sqltext.lexer import Token
from oracle_sft.sqltext.names import RESERVED_WORDS

_NO_EXPRESSION = ("ORA-00936",)
_NO_KEYWORD = ("ORA-00905",)
_NO_SELECT = ("ORA-00928",)
_NO_BRACKET = ("ORA-00906",)
_NOT_CLOSED = ("ORA-00907",)
_NOT_ENDED = ("ORA-00933",)
_NO_TYPE = ("ORA-00902",)
_NO_BY = ("ORA-00924",)
_NO_NULL = ("ORA-00908",)
_NO_TABLE = ("ORA-00903",)
_NO_FROM = ("ORA-00923",)
_NO_SIMPLE_NAME = ("ORA-01748",)
_NO_COLUMN = ("ORA-01747",)

_COMPARISONS = frozenset(["=", "<", ">", "<=", ">=", "<>", "!=", "^="])
_WANT_VALUES = _COMPARISONS | set(
    "WHERE AND OR NOT ON HAVING WHEN THEN ELSE SELECT DISTINCT LIKE BETWEEN IN + - / || ,".split()
)
_WANT_NO_CONDITION = frozenset("SELECT DISTINCT THEN ELSE ,".split())
_NO_VALUES = frozenset(
    """FROM WHERE AND OR GROUP ORDER HAVING UNION MINUS INTERSECT THEN ELSE END ON USING CONNECT
    START FETCH AS LIKE BETWEEN IN IS SELECT DISTINCT ) , / ||""".split()
) | {"", *_COMPARISONS}
"""What no value begins with; '' is the end of the text."""

_AFTER_IS = frozenset("NULL JSON OF A EMPTY NAN INFINITE PRESENT ANY DANGLING".split())
_ENDS_OF_TABLES = frozenset(["", ")", ",", "WHERE", "ON", "GROUP", "ORDER", "HAVING", "UNION"])
_INCOMPLETE_TYPES = {
    **dict.fromkeys(["VARCHAR2", "VARCHAR", "NVARCHAR2"], _NO_BRACKET),
    "DOUBLE": ("ORA-02000", "PRECISION"),
}
"""What a CAST wants after these."""
_CLAUSES = frozenset("FROM WHERE GROUP ORDER HAVING UNION MINUS INTERSECT OR THEN".split())

_CLAUSE_BEGINS = frozenset("SELECT FROM WHERE GROUP ORDER HAVING CONNECT START".split())

Cause = tuple[str, ...]
"""The code of an error, and the details of its text."""

Rule = Callable[[Sequence[str], int], Cause | None]


_OTHER_GRAMMAR = frozenset(["MATCH_RECOGNIZE", "MODEL"])
"""Words of clauses in which operators are something else."""


def check_characters(lexed: Sequence[Token]) -> None:
    """Of what stands outside of literals and quoted names.

    Raises:
        OracleError: ORA-00911 for what Oracle reads as no part of a statement, like a typographic quote.
        UnsupportedSQL: a blank of another alphabet, which may be one.
    """
    for token in lexed:
        if token.kind != "op" or (token.text.isascii() and token.text.isprintable()):
            continue
        if unicodedata.category(token.text[0]) == "Zs" and token.text[0] != "\u00a0":
            raise UnsupportedSQL(f"the blank U+{ord(token.text[0]):04X}", (token.start, token.end))
        raise OracleError.of("ORA-00911")


def cause(lexed: Sequence[Token]) -> OracleError | None:
    """What Oracle would say about the first fault that is found; None if none is."""
    words = [_word(token, before) for before, token in pairwise([_NOTHING, *lexed])]
    if not _OTHER_GRAMMAR.isdisjoint(words):
        return None
    for index in range(len(words)):
        for rule in _RULES:
            found = rule(words, index)
            if found is not None:
                return OracleError.of(*found)
    if words and words[0] == "WITH" and not _ends_with_query(_outside_of_brackets(words)):
        return OracleError.of(*_NO_SELECT)
    return None


def too_much_behind(lexed: Sequence[Token]) -> OracleError:
    """What Oracle says where these tokens are fine and the next one is not: it wants them to end."""
    open_ = [""]
    for token in lexed:
        if token.text == "(":
            open_.append("")
        elif token.text == ")":
            open_.pop()
        elif token.kind == "word" and token.name in ("SELECT", "FROM"):
            open_[-1] = token.name
    if open_[-1] == "SELECT":
        return OracleError.of(*_NO_FROM)
    return OracleError.of(*(_NOT_CLOSED if len(open_) > 1 else _NOT_ENDED))


_NOTHING = Token("op", "", 0, 0, "")


def _word(token: Token, before: Token) -> str:
    """A keyword or an operator; for what is surely neither, as END behind a dot or in quotes, a value."""
    is_column = before.text == "." and token.kind == "word" and token.name not in RESERVED_WORDS
    is_quoted = token.kind == "quoted"
    if is_column or is_quoted or not (token.name or token.kind == "op"):
        return "\0value"
    return token.name


def _at(words: Sequence[str], index: int) -> str:
    return words[index] if 0 <= index < len(words) else ""


def _outside_of_brackets(words: Sequence[str]) -> list[str]:
    out, depth = [], 0
    for word in words:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth == 0:
            out.append(word)
    return out


def _ends_with_query(outside: Sequence[str]) -> bool:
    """Whether a query follows those of WITH, maybe in brackets of its own."""
    return "SELECT" in outside or (")", ")") in pairwise(outside)


def _value(words: Sequence[str], index: int) -> Cause | None:
    word, after = words[index], _at(words, index + 1)
    by_keys = word == "BY" and _at(words, index - 1) in ("ORDER", "GROUP", "PARTITION", "CONNECT")
    root = word == "WITH" and _at(words, index - 1) == "START"
    if word not in _WANT_VALUES and not by_keys and not root:
        return None
    if word == "NOT" and after in ("IN", "LIKE", "BETWEEN"):
        return None
    if word == "," and after == "COLUMNS" and _at(words, index + 2) == "(":
        return _NO_EXPRESSION
    if word == "," and after == "USING":
        return None  # the name of a column, maybe
    if after == "FETCH":
        return _NO_EXPRESSION if _at(words, index + 2) in ("FIRST", "NEXT") else None
    if after == "END" and not _is_in_case(words, index):
        return None  # the name of a column
    if word == "+" and after == ")" and _at(words, index - 1) == "(":
        return None  # an old outer join
    if word == "SELECT" and after == "DISTINCT":
        return None
    if word in _WANT_NO_CONDITION and after in ("NOT", "EXISTS"):
        return _NO_EXPRESSION
    return _NO_EXPRESSION if after in _NO_VALUES else None


def _table(words: Sequence[str], index: int) -> Cause | None:
    if words[index] == "," and _clause(words, index) == "FROM":
        return _NO_TABLE if _at(words, index + 1) in _ENDS_OF_TABLES - {","} else None
    if words[index] not in ("FROM", "JOIN"):
        return None
    return _NO_TABLE if _at(words, index + 1) in _ENDS_OF_TABLES else None


def _pivot(words: Sequence[str], index: int) -> Cause | None:
    if words[index] != "PIVOT" or _at(words, index + 1) != "(":
        return None
    return ("ORA-56902",) if _at(words, index + 3) == "FOR" else None


def _by(words: Sequence[str], index: int) -> Cause | None:
    word, after = words[index], _at(words, index + 1)
    if _at(words, index - 1) == "AS":
        return None  # a reserved word as an alias
    if word == "ORDER" and after not in ("BY", "SIBLINGS"):
        return _NO_BY
    if word == "GROUP" and after != "BY" and _at(words, index - 1) != "WITHIN":
        return _NO_BY
    return None


def _bounds(words: Sequence[str], index: int) -> Cause | None:
    """`2 PRECEDING AND ..` in a window wants BETWEEN."""
    if words[index] not in ("PRECEDING", "FOLLOWING") or _at(words, index + 1) != "AND":
        return None
    before = list(words[max(index - 12, 0) : index])
    kinds = [place for place, word in enumerate(before) if word in ("ROWS", "RANGE", "GROUPS")]
    if not kinds or before[kinds[-1] + 1 : kinds[-1] + 2] == ["BETWEEN"]:
        return None
    return _NOT_CLOSED


def _is(words: Sequence[str], index: int) -> Cause | None:
    if words[index] != "IS":
        return None
    after = _at(words, index + 1)
    if after == "NOT":
        after = _at(words, index + 2)
    return None if after in _AFTER_IS else _NO_NULL


def _join(words: Sequence[str], index: int) -> Cause | None:
    word, after = words[index], _at(words, index + 1)
    if (
        word == "INNER"
        and after != "JOIN"
        and not {"ON", "USING"}.isdisjoint(words[index + 2 : index + 4])
    ):
        return _NO_KEYWORD  # elsewhere it is a name
    if word in ("LEFT", "RIGHT", "FULL") and after == "OUTER" and _at(words, index + 2) != "JOIN":
        return _NO_KEYWORD
    return None


def _set_operator(words: Sequence[str], index: int) -> Cause | None:
    if words[index] not in ("UNION", "MINUS", "INTERSECT"):
        return None
    after = _at(words, index + 1)
    if after == "ALL":
        after = _at(words, index + 2)
    return None if after in ("SELECT", "(", "WITH") else _NO_SELECT


def _cast(words: Sequence[str], index: int) -> Cause | None:
    if words[index] != "AS":
        return None
    word, after = _at(words, index + 1), _at(words, index + 2)
    fault = _INCOMPLETE_TYPES.get(word) if after == ")" else None
    if word == "NVARCHAR" and after in (")", "("):
        fault = _NO_TYPE
    return fault if fault is not None and _called(words, index) == "CAST" else None


def _called(words: Sequence[str], index: int) -> str:
    """The word before the bracket that is open here."""
    depth = 0
    for place in range(index, -1, -1):
        depth += {")": 1, "(": -1}.get(words[place], 0)
        if depth < 0:
            return _at(words, place - 1)
    return ""


def _bracket(words: Sequence[str], index: int) -> Cause | None:
    word, after = words[index], _at(words, index + 1)
    if word == "EXISTS" and after not in ("(", "PATH"):
        return _NO_BRACKET
    if word == "AS" and after == "SELECT":
        return _NO_BRACKET if words[0] == "WITH" else _NO_FROM
    if word == "AS" and after == ")":
        return _NOT_CLOSED
    if word == "AS" and after in ("", ",", "FROM"):
        return _NO_FROM
    if word == "(" and after == ",":
        return _NO_EXPRESSION
    return None


def _name(words: Sequence[str], index: int) -> Cause | None:
    if words[index] == "." and _called(words, index) == "USING":
        return _NO_SIMPLE_NAME
    if words[index] == "." and _at(words, index - 1) in ("FROM", "JOIN"):
        return _NO_TABLE
    if words[index] == "." and _at(words, index - 1) in _WANT_VALUES | {"("}:
        return _NO_EXPRESSION
    if words[index] == "." and _at(words, index + 1) in _NO_VALUES:
        return _NO_COLUMN
    return None


def _between(words: Sequence[str], index: int) -> Cause | None:
    if words[index] != "BETWEEN":
        return None
    num_cases = 0
    for word in _same_level(words, index):
        num_cases += {"CASE": 1, "END": -1}.get(word, 0)
        if num_cases > 0:
            continue
        if word == "AND":
            return None
        if word in _CLAUSES:
            break
    return _NO_KEYWORD


def _case(words: Sequence[str], index: int) -> Cause | None:
    """Each WHEN with its THEN, and an END behind them."""
    if words[index] != "CASE":
        return None
    depth, last = 0, "CASE"
    for word in _same_level(words, index):
        if word == "CASE":
            depth += 1
        elif word == "END" and depth:
            depth -= 1
        elif depth == 0 and word in _AFTER_IN_CASE:
            if word not in _AFTER_IN_CASE[last]:
                return _NO_KEYWORD
            if word == "END":
                return None
            last = word
    return _NO_KEYWORD


_AFTER_IN_CASE = {
    "CASE": ("WHEN",),
    "WHEN": ("THEN",),
    "THEN": ("WHEN", "ELSE", "END"),
    "ELSE": ("END",),
    "END": (),
    "FROM": (),
}
"""The words of a CASE, and what of them may follow each."""


def _is_in_case(words: Sequence[str], index: int) -> bool:
    """Whether a CASE between the same brackets has begun here, and not ended."""
    depth = num_cases = 0
    for word in reversed(words[: index + 1]):
        depth += {")": 1, "(": -1}.get(word, 0)
        if depth < 0 or num_cases > 0:
            break
        if depth == 0:
            num_cases += {"CASE": 1, "END": -1}.get(word, 0)
    return num_cases > 0


def _clause(words: Sequence[str], index: int) -> str:
    """The clause of the query between the same brackets that this word stands in."""
    depth = 0
    for word in reversed(words[:index]):
        depth += {")": 1, "(": -1}.get(word, 0)
        if depth < 0:
            break
        if depth == 0 and word in _CLAUSE_BEGINS:
            return word
    return ""


def _same_level(words: Sequence[str], index: int) -> list[str]:
    """The words behind this one that stand between the same brackets."""
    found, depth = [], 0
    for word in words[index + 1 :]:
        depth += {"(": 1, ")": -1}.get(word, 0)
        if depth < 0:
            break
        if depth == 0:
            found.append(word)
    return found


_RULES: tuple[Rule, ...] = (
    _name,
    _set_operator,
    _by,
    _is,
    _bounds,
    _join,
    _bracket,
    _cast,
    _between,
    _case,
    _table,
    _pivot,
    _value,
)
