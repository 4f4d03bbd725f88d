"""Oracle SQL as tokens, read as Oracle reads it.

sqlglot's tokenizer is not asked where a literal or a comment ends: it takes Jinja marks for
comments, hides `@` inside identifiers, and older versions nest comments and do not know q-quotes.
Everything that must not be fooled reads these tokens, and `parse` cuts comments out by them.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal, NamedTuple

Kind = Literal["word", "quoted", "number", "string", "bind", "op", "comment", "bad"]


class Token(NamedTuple):
    """One token; `text == sql[start:end]`."""

    kind: Kind
    """`bad` is a literal, quoted name or comment without its end: it takes the rest of the text."""
    text: str
    start: int
    end: int
    name: str
    """A word in upper case, a quoted name without its quotes, an operator as it stands; '' for the
    rest.
    """

    @property
    def is_name(self) -> bool:
        """A word or a quoted name; whether the word is reserved is another question."""
        return self.kind == "word" or self.kind == "quoted"


# Oracle's white space. Other Unicode blanks are no blanks to Oracle and come out as operators.
_BLANK = r"[ \t\r\n\f\v]+"

# The order matters: a literal with a prefix (q'..', N'..') comes before the word that it begins
# with, and a word is taken whole, so that `seq'x'` is a word and a string. Possessive quantifiers
# keep every alternative linear.
_TOKEN = re.compile(
    rf"""
      (?P<blank>{_BLANK})
    | (?P<comment>--[^\n]*+|/\*.*?\*/)
    | (?P<string>
          [nN]?[qQ]'(?:
              \[.*?\]' | \{{.*?\}}' | \(.*?\)' | <.*?>'
            | (?P<delimiter>[^\[{{(<\s'\x00]).*?(?P=delimiter)'
          )
        | [nN]?'[^']*+'(?:'[^']*+')*+
      )
    | (?P<bad>/\*.* | [nN]?[qQ]?'.* | "[^"]*\Z | ""(?!"))
    | (?P<quoted>"[^"]++")
    | (?P<word>[^\W\d][\w$\#]*+)
    | (?P<number>(?:\d++(?:\.(?!\.)\d*+)?|\.\d++)(?:[eE][+-]?\d++)?[fFdD]?)
    | (?P<bind>:[^\W_][\w$\#]*+|:"[^"]++")
    | (?P<op><=>|->>|\|\||<=|>=|<>|!=|\^=|~=|¬=|:=|::|=>|->|<-|\*\*|\.\.|<<|>>|&&|.)
    """,
    re.VERBOSE | re.DOTALL,
)


# A NamedTuple's own constructor takes twice the time, and tokens are what every check begins with.
_make: Callable[[tuple[str, str, int, int, str]], Token] = partial(tuple.__new__, Token)


def tokens(sql: str, *, comments: bool = False, start: int = 0) -> Iterator[Token]:
    """The tokens of any text from `start` on, in order; blanks are left out, comments too unless asked for.

    Never raises and takes linear time: what is no Oracle token is an operator of one character, and
    what has no end is one last `bad` token.
    """
    for match in _TOKEN.finditer(sql, start):
        kind = match.lastgroup
        if kind == "blank":
            continue
        text = match[0]
        first, end = match.span()
        if kind == "word":
            yield _make(("word", text, first, end, text.upper()))
        elif kind == "op":
            yield _make(("op", text, first, end, text))
        elif kind == "quoted":
            yield _make(("quoted", text, first, end, text[1:-1]))
        elif kind == "comment":
            if comments:
                yield _make(("comment", text, first, end, ""))
        elif kind == "number" or kind == "bind":
            yield _make((kind, text, first, end, ""))
        elif kind == "bad":
            yield _make(("bad", sql[first:], first, len(sql), ""))
            return
        else:  # "string", or the delimiter inside of it, which `lastgroup` may name
            yield _make(("string", text, first, end, ""))


def blank_comments(sql: str) -> str:
    """The text with every comment and hint replaced by blanks of the same length; line ends stay.

    Offsets, lines and columns of everything else stay valid. A comment that never ends is kept:
    nobody knows what it was meant to hide.
    """
    if "--" not in sql and "/*" not in sql:
        return sql
    pieces: list[str] = []
    done = 0
    for token in tokens(sql, comments=True):
        if token.kind == "comment":
            pieces.append(sql[done : token.start])
            pieces.append(re.sub(r"[^\n]", " ", token.text))
            done = token.end
    pieces.append(sql[done:])
    return "".join(pieces)


_CLOSING = {"[": "]", "{": "}", "(": ")", "<": ">"}


def literal_value(token: Token) -> str:
    """What a string token says: without prefix and quotes, doubled apostrophes as one.

    Raises:
        ValueError: the token is no string.
    """
    if token.kind != "string":
        raise ValueError(f"not a string literal: {token.text[:40]!r}")
    prefix, _, body = token.text.partition("'")
    body = body[:-1]
    if prefix[-1:] in ("q", "Q"):
        return body[1:-1]
    return body.replace("''", "'")


def line_and_column(sql: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both from 1."""
    before = sql[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
