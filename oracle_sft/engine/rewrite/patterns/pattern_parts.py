"""A pattern of which parts come with the rows: `'(^|,)' || id || '(,|$)'`.

Such a part stands in the pattern as one letter of Unicode's private area, and the text that takes
its place may hold nothing that means something in a pattern.
"""

from collections.abc import Sequence

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.patterns.pattern_re2 import written
from oracle_sft.engine.rewrite.patterns.pattern_syntax import (
    Chars,
    Repeat,
    read_flags,
    read_pattern,
    walk,
)
from oracle_sft.engine.rewrite.terms import Term, over, quoted, refused

_FIRST = 0xE000
_PLAIN = r"""[A-Za-z0-9 _,;:@#%&=<>/~"'-]+"""
_NOT_PLAIN = refused("a text with special signs, or NULL, as a part of a regular expression")


def like(source: Term, parts: Sequence[Term], flags: str | None) -> str:
    """REGEXP_LIKE as a condition, of a pattern that is joined from these parts.

    Raises:
        UnsupportedSQL: a part stands in brackets or before a quantifier.
    """
    given = [part.constant for part in parts if isinstance(part.constant, str)]
    if any(_is_mark(letter) for text in given for letter in text):
        raise UnsupportedSQL("a letter of the private area in a regular expression")
    meant = read_flags(flags)
    if meant.skip_blanks or meant.ignore_case:
        raise UnsupportedSQL("a regular expression that is not a literal, with flag i or x")
    pieces = [
        part.constant if isinstance(part.constant, str) else chr(_FIRST + index)
        for index, part in enumerate(parts)
    ]
    pattern = read_pattern("".join(pieces), meant)
    for node in walk(pattern.root):
        if isinstance(node, Repeat) and _marks(node.body):
            raise UnsupportedSQL("a quantifier behind a part of a pattern that is not a literal")
        if isinstance(node, Chars) and (node.set.classes or not _marks(node)) and _has_mark(node):
            raise UnsupportedSQL("a part of a pattern in brackets that is not a literal")
        if isinstance(node, Chars) and node.set.classes:
            raise UnsupportedSQL("a class in a regular expression that is not a literal")
    sql = ""
    for letter in written(pattern.root, captures=False):
        if not _is_mark(letter):
            sql += letter
            continue
        sql += f"' || {_plain(parts[ord(letter) - _FIRST])} || '"
    return f"regexp_matches({source.sql}, '{sql}')"


def _is_mark(letter: str) -> bool:
    return _FIRST <= ord(letter) < 0xF900


def _marks(node: object) -> bool:
    """Whether the node is a part that comes with the rows, and nothing else."""
    return (
        isinstance(node, Chars)
        and not node.in_brackets
        and len(node.set.ranges) == 1
        and _is_mark(chr(node.set.ranges[0][0]))
    )


def _has_mark(node: Chars) -> bool:
    return any(_is_mark(chr(low)) or _is_mark(chr(high)) for low, high in node.set.ranges)


def _plain(part: Term) -> str:
    body = f"(CASE WHEN regexp_full_match($t, {quoted(_PLAIN)}) THEN $t ELSE {_NOT_PLAIN} END)"
    text = as_text(part)
    return over({"t": text.sql}, body, simple=text.is_simple)
