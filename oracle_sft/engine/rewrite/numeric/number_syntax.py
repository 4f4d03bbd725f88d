"""Numbers and their types as Oracle writes them, for a parser that reads some of them otherwise.

It takes `1.5d` for a column `D`, `1e3+1` for one literal, BINARY_FLOAT for FLOAT (which is a NUMBER),
and stops at NUMBER(6,-2). Such tokens are replaced by names of the same length, made of letters that
no query may use, and turned into what they stand for once the tree is there.
"""

import re
from collections.abc import Sequence

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.sqltext.lexer import Token

_LITERAL = "0123456789.+-eEdDfF"
_FIRST = 0xA51B
"""Vai syllables behind those of `clauses.py`."""

_TO_NAME = {ord(sign): chr(_FIRST + index) for index, sign in enumerate(_LITERAL)}
_FROM_NAME = {ord(name): chr(sign) for sign, name in _TO_NAME.items()}
_NAMES = re.compile(f"[{chr(_FIRST)}-{chr(_FIRST + len(_LITERAL) + 1)}]")
_TYPES = ("BINARY_FLOAT", "BINARY_DOUBLE", "REAL")
_INITIALS = {letter: chr(_FIRST + len(_LITERAL) + index) for index, letter in enumerate("BR")}
_FROM_INITIAL = {name: letter for letter, name in _INITIALS.items()}
"""The first letters of types that the parser takes for others."""

_SIZED = ("NUMBER", "NUMERIC", "DECIMAL", "DEC")
_NEGATIVE_SCALE = 90


def disguised(sql: str, lexed: Sequence[Token]) -> list[Token]:
    """The tokens as the parser is to see them.

    Raises:
        OracleError: ORA-01727 for NUMBER(0).
        UnsupportedSQL: a name with a letter that stands for a literal here.
    """
    if _NAMES.search(sql):
        for token in lexed:
            if token.is_name and _NAMES.search(token.text):
                raise UnsupportedSQL(
                    "a letter of the Vai script in a name", (token.start, token.end)
                )
    out: list[Token] = []
    for index, token in enumerate(lexed):
        if token.kind == "number" and _is_misread(lexed, index):
            name = token.text.translate(_TO_NAME)
            token = token._replace(kind="word", text=name, name=name)
        elif token.name in _TYPES and token.kind == "word":
            token = token._replace(text=_INITIALS[token.name[0]] + token.text[1:])
        elif index > 1 and lexed[index - 1].text == "(" and lexed[index - 2].name in _SIZED:
            token = _precision(token)
        elif token.text == "-" and index > 3 and lexed[index - 4].name in _SIZED:
            token = _scale_sign(token, lexed, index)
        out.append(token)
    return out


def _is_misread(lexed: Sequence[Token], index: int) -> bool:
    token = lexed[index]
    if token.text[-1] in "dDfF":
        return True
    following = lexed[index + 1] if index + 1 < len(lexed) else None
    return (
        following is not None
        and "e" in token.text.lower()
        and following.text in ("+", "-")
        and following.start == token.end
    )


def _precision(token: Token) -> Token:
    if token.text == "*":
        return token._replace(kind="number", text="0", name="")
    if token.kind == "number" and token.text.strip("0") == "":
        raise OracleError.of("ORA-01727")
    return token


def _scale_sign(token: Token, lexed: Sequence[Token], index: int) -> Token:
    """The minus of a scale as a 9 in front of its digits; `scale` reads it back."""
    adjacent = index + 1 < len(lexed) and lexed[index + 1].start == token.end
    if lexed[index - 3].text == "(" and lexed[index - 1].text == "," and adjacent:
        return token._replace(kind="number", text="9", name="")
    return token


def scale(written: int) -> int:
    """The scale that a type's second number stands for."""
    if written < _NEGATIVE_SCALE:
        return written
    return -int(str(written)[1:])


def restore(tree: exp.Expr) -> None:
    """Put literals and types back in the places of their names."""
    for column in list(tree.find_all(exp.Column)):
        if _NAMES.match(column.name) and column.name[0] not in _FROM_INITIAL:
            column.replace(_literal(column.name.translate(_FROM_NAME)))
    for identifier in tree.find_all(exp.Identifier):
        if identifier.name[:1] in _FROM_INITIAL:
            identifier.set("this", _FROM_INITIAL[identifier.name[0]] + identifier.name[1:])


def type_name(kind: object) -> str:
    """The name of a type that the parser took for one of the user's own."""
    name = str(kind).upper()
    return _FROM_INITIAL.get(name[:1], name[:1]) + name[1:]


def _literal(text: str) -> exp.Expr:
    if text[-1] in "dDfF":
        function = "TO_BINARY_DOUBLE" if text[-1] in "dD" else "TO_BINARY_FLOAT"
        return exp.Anonymous(this=function, expressions=[exp.Literal.string(text[:-1])])
    return exp.Literal.number(text)
