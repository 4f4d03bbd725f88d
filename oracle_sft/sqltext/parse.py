"""One Oracle query as sqlglot's tree, to analyse and never to write back.

Generating SQL from the tree changes its meaning in places (CROSS APPLY, time zones, hints): whoever
runs or returns a query uses its original text.
"""

import logging
import re
from collections.abc import Sequence
from functools import cache

from sqlglot import exp
from sqlglot.dialects import Oracle
from sqlglot.errors import ParseError, SqlglotError

from oracle_sft.errors import UserError
from oracle_sft.sqltext.lexer import Token, line_and_column, tokens

_ORACLE = Oracle()


class SQLSyntaxError(UserError):
    """Text that is not one Oracle query, or not one that the parser knows."""

    def __init__(self, message: str, line: int, column: int) -> None:
        """`line` and `column` count from 1."""
        super().__init__(f"{message} (line {line}, column {column})")
        self.message = message
        self.line = line
        self.column = column


class TooLargeToParse(SQLSyntaxError):
    """Text that the parser is not given, or gave up on: it may well be a query."""


def parse(sql: str) -> exp.Query:
    """The tree of exactly one query: SELECT, WITH, a set operation, or one of them in brackets.

    Comments and hints are not in the tree; positions in it are offsets into `sql`. One trailing `;`
    and one trailing `/` are tolerated. What sqlglot accepts beyond Oracle (LIMIT, `FROM t AS a`) is
    accepted here too: the guardrail judges that.

    Raises:
        SQLSyntaxError: anything else, also text that nests too deeply for the parser.
    """
    return parse_tokens(sql, list(tokens(sql)), as_written=True)


def parse_tokens(sql: str, lexed: Sequence[Token], *, as_written: bool = False) -> exp.Query:
    """`parse` for a caller that has read the tokens of `sql` already (without comments).

    Their text is what is parsed, which may be another one than `sql` has in their place, unless
    `as_written` says that it is not: then the parser gets `sql` itself where it can read it.
    """
    body = statement_tokens(lexed)
    if not body:
        raise SQLSyntaxError("no SQL statement", 1, 1)
    _check_lexical(sql, body)
    as_it_is = as_written and not _UNREADABLE.search(sql)
    if not (as_it_is and _is_everyday(sql)):
        _check_cost(sql, body)
    _silence_sqlglot()
    readable = sql[: body[-1].end] if as_it_is else _readable(sql, body)
    try:
        trees = _ORACLE.parse(readable)
    except ParseError as error:
        if as_it_is:
            raise _translated(error) from None
        raise _in_own_text(error, sql, body, readable) from None
    except SqlglotError as error:
        raise SQLSyntaxError(str(error).splitlines()[0], *line_and_column(sql, 0)) from None
    except RecursionError:
        raise TooLargeToParse("nested too deeply for the parser", *_at(sql, body[0])) from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise SQLSyntaxError("not a single SELECT", *_at(sql, body[0]))
    tree = trees[0]
    if not as_it_is and any(bind.text[1].isdigit() for bind in body if bind.kind == "bind"):
        for placeholder in tree.find_all(exp.Placeholder):
            placeholder.set("this", placeholder.name.translate(_TO_DIGITS))
    return tree


@cache
def _silence_sqlglot() -> None:
    """Keep sqlglot from logging what it could not read: that is told by what is raised."""
    logging.getLogger("sqlglot").addFilter(_drop)


def _drop(record: logging.LogRecord) -> bool:
    return record.levelno > logging.WARNING


def statement_tokens(lexed: Sequence[Token]) -> Sequence[Token]:
    """The tokens without what ends the statement: one `;`, one `/`, or `;` and then `/`."""
    end = len(lexed)
    if end and lexed[end - 1].text == "/":
        end -= 1
    if end and lexed[end - 1].text == ";":
        end -= 1
    return lexed[:end]


def _at(sql: str, token: Token) -> tuple[int, int]:
    return line_and_column(sql, token.start)


_UNENDED = {
    "'": "string literal",
    '"': "quoted name",
    "/": "comment",
}


def _check_lexical(sql: str, body: Sequence[Token]) -> None:
    """Refuse what sqlglot would read otherwise than Oracle does."""
    last = body[-1]
    if last.kind == "bad":
        what = _UNENDED.get(last.text[0], "string literal")
        fault = f"empty {what}" if last.text.startswith('""') else f"{what} without its end"
        raise SQLSyntaxError(fault, *_at(sql, last))
    if not (body[0].kind == "word" and body[0].name in ("SELECT", "WITH")) and body[0].text != "(":
        raise SQLSyntaxError(
            f"expected SELECT or WITH, found {body[0].text[:40]!r}", *_at(sql, body[0])
        )
    if not _NEEDS_A_LOOK.search(sql):
        return
    previous = None
    for token in body:
        text = token.text
        if token.kind == "op" and text in _NEVER:
            raise SQLSyntaxError(_NEVER[text], *_at(sql, token))
        if (
            token.kind == "quoted"
            and previous is not None
            and previous.kind == "quoted"
            and previous.end == token.start
        ):
            raise SQLSyntaxError("a quoted name may not contain a double quote", *_at(sql, token))
        previous = token


_NEVER = {
    ";": "more than one statement",
    "{": "unexpected '{'",  # Jinja to sqlglot, which would take `{# .. #}` for a comment
    "}": "unexpected '}'",
    "\x00": "NUL character",
}

_NEEDS_A_LOOK = re.compile(r'[;{}\x00]|""')

# The compiled parser recurses without a check of its own, and tries some constructs twice at every
# level. What would crash it or take for ever is refused before: none of it is Oracle's.
_MAX_CHARS = 200_000
_MAX_NESTING = 200
_MAX_OPEN_JOINS = 8
_MAX_TRIED_TWICE = 6
_TRIED_TWICE = frozenset({"STRUCT", "OBJECT", "UNION", "NESTED", "ARRAY", "MAP", "TUPLE"})


_JOIN = re.compile(r"\bJOIN\b", re.IGNORECASE)
_FROM_FIRST = re.compile(r"[(,]\s*FROM\b", re.IGNORECASE)


def _is_everyday(sql: str) -> bool:
    """Whether a text without comments is too short and has too few brackets and joins to cost anything."""
    return (
        len(sql) < 10_000
        and sql.count("(") <= _MAX_TRIED_TWICE
        and len(_JOIN.findall(sql)) <= _MAX_OPEN_JOINS
        and not _FROM_FIRST.search(sql)
    )


def _check_cost(sql: str, body: Sequence[Token]) -> None:
    if len(sql) > _MAX_CHARS:
        raise TooLargeToParse(f"longer than {_MAX_CHARS} characters", *_at(sql, body[0]))
    depth = retried = 0
    opened: list[tuple[bool, int]] = []  # was the bracket one that is tried twice; joins before it
    joins = 0  # without their ON or USING
    unconditional = False
    before = ""
    for token in body:
        name = token.name if token.kind == "word" else token.text
        if name == "(":
            twice = before in _TRIED_TWICE
            depth += 1
            retried += twice
            opened.append((twice, joins))
            joins = 0
        elif name == ")" and opened:
            twice, joins = opened.pop()
            depth -= 1
            retried -= twice
        elif name == "JOIN":
            joins += not unconditional
            unconditional = False
        elif name in ("CROSS", "NATURAL"):
            unconditional = True
        elif name in ("ON", "USING"):
            joins = max(joins - 1, 0)
        elif name == "FROM" and before in ("(", ","):
            raise SQLSyntaxError("FROM without SELECT", *_at(sql, token))
        if depth > _MAX_NESTING or retried > _MAX_TRIED_TWICE:
            raise TooLargeToParse("nested too deeply for the parser", *_at(sql, token))
        if joins > _MAX_OPEN_JOINS:
            raise SQLSyntaxError("JOIN without ON or USING", *_at(sql, token))
        before = name


# Where none of these stands, sqlglot reads what we read.
_UNREADABLE = re.compile(r"--|/\*|:|[\^~¬]=|[qQ]'[^\x00-\x7f]")

# sqlglot has no numbered binds, no `^=` and no delimiter of a q-quote beyond ASCII; they are shown to
# it as something of the same length that it knows. The letters are of a script that nobody names
# binds in, and are turned back in the tree.
_FIRST_LETTER = 0xA840
_TO_LETTERS = {ord("0") + digit: chr(_FIRST_LETTER + digit) for digit in range(10)}
_TO_DIGITS = {_FIRST_LETTER + digit: chr(ord("0") + digit) for digit in range(10)}


def _readable(sql: str, body: Sequence[Token]) -> str:
    """The statement as sqlglot can read it, every token at its own offset.

    What stands between the tokens, comments too, becomes blanks: a comment inside a two-word
    keyword breaks the parser.
    """
    pieces: list[str] = []
    done = 0
    for token in body:
        if token.start > done:
            gap = sql[done : token.start]
            pieces.append(gap if gap.isspace() else _blanked(gap))
        text = token.text
        if token.kind == "bind" and text[1].isdigit():
            text = text.translate(_TO_LETTERS)
        elif text in ("^=", "~=", "¬="):
            text = "!="
        elif token.kind == "string" and text[0] in "qQnN":
            text = _with_known_delimiter(text)
        pieces.append(text)
        done = token.end
    return "".join(pieces)


def _with_known_delimiter(text: str) -> str:
    """The same q-quote between characters that sqlglot knows; anything else as it is."""
    prefix, _, quoted = text.partition("'")
    if prefix[-1] not in "qQ" or quoted[0].isascii():
        return text
    value = quoted[1:-2]
    for delimiter in "!#$%+-./:;=?@^_|~":
        if f"{delimiter}'" not in value:
            return f"{prefix}'{delimiter}{value}{delimiter}'"
    return text


def _blanked(gap: str) -> str:
    return "\n".join(" " * len(line) for line in gap.split("\n"))


def _translated(error: ParseError) -> SQLSyntaxError:
    if not error.errors:
        return SQLSyntaxError(str(error).splitlines()[0], 1, 1)
    description, near, line, column = _said(error)
    message = f"{description} near {near!r}" if near else description
    return SQLSyntaxError(message, line, column)


def _said(error: ParseError) -> tuple[str, str, int, int]:
    """What sqlglot says first, the token that it says it of, and the line and column of that token."""
    first = error.errors[0]
    description = str(first.get("description") or "cannot be parsed")
    near = str(first.get("highlight") or "")
    # sqlglot's column is the one behind the last character of the token.
    column = int(first.get("col") or 1) - max(len(near) - 1, 0)
    return _OF_THE_PARSER.sub("", description), near, int(first.get("line") or 1), max(column, 1)


_OF_THE_PARSER = re.compile(r" for <class '[^']*'>| but got <Token .*>", re.DOTALL)


def _in_own_text(
    error: ParseError, sql: str, body: Sequence[Token], readable: str
) -> SQLSyntaxError:
    """`_translated` for a text in which some tokens have another text than `sql` has.

    The message names the token only as it stands in `sql`, and that is where its position is.
    """
    if not error.errors:
        return _translated(error)
    description, _, line, column = _said(error)
    offset = sum(len(one) + 1 for one in readable.split("\n")[: line - 1]) + column - 1
    longer = 0  # how much further than in `sql` a token stands
    at = body[0]
    for token in body:
        if token.start + longer > offset:
            break
        at = token
        longer += len(token.text) - (token.end - token.start)
    near = sql[at.start : at.end]
    message = f"{description} near {near[:40]!r}" if near == at.text else description
    return SQLSyntaxError(message, *_at(sql, at))
