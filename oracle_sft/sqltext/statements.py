"""A script of SQL*Plus as statements: what ends with `;`, with a lone `/`, or with its line."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from oracle_sft.sqltext.lexer import Token, tokens

# Commands of SQL*Plus end with their line, and what follows them need not be Oracle tokens.
_CLIENT_COMMAND = re.compile(
    r"(?:REM(?:ARK)?|PRO(?:MPT)?|SET|SPOOL|WHENEVER|DEF(?:INE)?|UNDEFINE|ACCEPT|CONN(?:ECT)?"
    r"|EXEC(?:UTE)?|SHOW|COLUMN|HOST|EXIT|QUIT|START|PAUSE|CLEAR|VAR(?:IABLE)?|DESC(?:RIBE)?"
    r"|TTITLE|BTITLE|BREAK|TIMING)\b[^\n]*|@[^\n]*",
    re.IGNORECASE,
)
_BLANKS_AND_COMMENTS = re.compile(r"(?:[ \t\r\n\f\v;]+|--[^\n]*|/\*.*?\*/)+", re.DOTALL)
_LONE_SLASH = re.compile(r"[ \t]*/[ \t]*\r?(?:\n|\Z)")
_PLSQL_OBJECTS = {"TRIGGER", "PROCEDURE", "FUNCTION", "PACKAGE", "TYPE", "LIBRARY", "JAVA"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A statement, or a command of the client."""

    start: int
    end: int
    """Where the next one may begin."""
    tokens: list[Token]
    """Empty for a command."""
    command: str = ""
    """The command's first word, in upper case."""


def pieces(text: str, error: Callable[[int, str], Exception]) -> Iterator[Piece]:
    """The pieces of a script, in order; `error` makes what is raised at an offset, with a sentence."""
    offset = 0
    while offset < len(text):
        blanks = _BLANKS_AND_COMMENTS.match(text, offset)
        if blanks:
            offset = blanks.end()
        elif slash := _LONE_SLASH.match(text, offset):
            offset = slash.end()
        elif command := _CLIENT_COMMAND.match(text, offset):
            word = command.group().split()[0].upper()[:20]
            yield Piece(offset, command.end(), [], word)
            offset = command.end()
        else:
            piece = _statement(text, offset, error)
            yield piece
            offset = piece.end


def _statement(text: str, offset: int, error: Callable[[int, str], Exception]) -> Piece:
    found: list[Token] = []
    plsql = False
    for token in tokens(text, start=offset):
        if token.kind == "bad":
            raise error(token.start, f"no end for what begins with {token.text[:20]!r}")
        if token.text == "/" and _on_its_own_line(text, token):
            return Piece(offset, token.end, found)
        if token.text == ";" and not plsql:
            return Piece(offset, token.end, found)
        found.append(token)
        if len(found) <= 6:
            plsql = _is_plsql(found)
    return Piece(offset, len(text), found)


def _on_its_own_line(text: str, token: Token) -> bool:
    line_start = text.rfind("\n", 0, token.start) + 1
    return _LONE_SLASH.match(text, line_start) is not None


def _is_plsql(found: list[Token]) -> bool:
    words = [token.name for token in found]
    if words[0] in ("BEGIN", "DECLARE"):
        return True
    if words[0] != "CREATE":
        return False
    rest = [word for word in words[1:] if word not in ("OR", "REPLACE", "EDITIONABLE")]
    rest = [word for word in rest if word != "NONEDITIONABLE"]
    if rest[:1] == ["TYPE"]:
        return rest[1:2] == ["BODY"]
    return bool(rest) and rest[0] in _PLSQL_OBJECTS
