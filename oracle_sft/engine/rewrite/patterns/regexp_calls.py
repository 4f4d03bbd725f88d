"""What the REGEXP functions share: the pattern with what is known of it, the text, the place to begin."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.patterns import pattern_match, pattern_re2
from oracle_sft.engine.rewrite.patterns.pattern_chars import unsure
from oracle_sft.engine.rewrite.patterns.pattern_references import spelled_out
from oracle_sft.engine.rewrite.patterns.pattern_syntax import (
    Anchor,
    Chars,
    Pattern,
    read_flags,
    read_pattern,
    walk,
)
from oracle_sft.engine.rewrite.terms import Term, filled, ora_error, over, quoted, refused
from oracle_sft.engine.rewrite.text.positions import known_whole, out_of_range, whole_sql

_BEYOND_ASCII = r"[^\x00-\x7F]"
GAP = "((?s:.*?))"
"""What lies before a match."""


@dataclass(frozen=True, slots=True)
class Regexp:
    """A pattern with its flags, and what is known about it. Kept: the proofs take milliseconds."""

    pattern: Pattern
    re2: str
    guard: str
    """Characters about which a class is unsure; '' for none."""

    @property
    def has_begin(self) -> bool:
        return any(
            isinstance(node, Anchor) and node.kind in ("begin", "line begin")
            for node in walk(self.pattern.root)
        )

    @property
    def has_anchor(self) -> bool:
        return any(isinstance(node, Anchor) for node in walk(self.pattern.root))


@lru_cache(maxsize=4096)
def regexp_of(text: str, flags: str | None) -> Regexp:
    meant = read_flags(flags)
    pattern = spelled_out(read_pattern(text, meant), ignore_case=meant.ignore_case)
    classes: set[str] = set()
    for node in walk(pattern.root):
        if isinstance(node, Chars):
            classes |= node.set.classes
    re2 = pattern_re2.written(pattern.root, captures=not pattern.is_spelled_out)
    guard = _BEYOND_ASCII if pattern.ascii_only else unsure(frozenset(classes))
    return Regexp(pattern, re2, guard)


@lru_cache(maxsize=4096)
def check_clear(regexp: Regexp, *, groups: bool) -> None:
    """Refuse a pattern whose matches depend on a rule that Oracle does not document.

    Raises:
        UnsupportedSQL: naming what is ambiguous.
    """
    if any(isinstance(node, Anchor) and node.kind == "Z" for node in walk(regexp.pattern.root)):
        raise UnsupportedSQL(r"\Z in a regular expression outside of REGEXP_LIKE")
    if not pattern_match.is_clear(regexp.pattern):
        raise UnsupportedSQL(
            "a regular expression with alternatives or quantifiers whose order of trial matters"
        )
    if groups and regexp.pattern.is_spelled_out:
        raise UnsupportedSQL("a subexpression of a regular expression with a backreference")
    if groups and not pattern_match.groups_are_clear(regexp.pattern):
        raise UnsupportedSQL("a subexpression of a regular expression that is not clear-cut")


def read(pattern: Term, flags: Term | None) -> Regexp:
    """Raises:
    UnsupportedSQL: the pattern or its flags are not known while rewriting.
    """
    if not isinstance(pattern.constant, str):
        raise UnsupportedSQL("a regular expression that is not a literal")
    if flags is None or flags.is_null:
        return regexp_of(pattern.constant, None)
    if not isinstance(flags.constant, str):
        raise UnsupportedSQL("a match parameter that is not a literal")
    return regexp_of(pattern.constant, flags.constant)


_UNICODE_LETTERS = re.compile(r"\\p\{L[lu]\}")


def guarded(regexp: Regexp, source: Term, body: str) -> str:
    """`body` over `$s`, unless the text holds a character that is not known to be in a class."""
    # Without the letters of Unicode, RE2 is twice as fast.
    short = _UNICODE_LETTERS.sub("", body)
    if isinstance(source.constant, str) and source.constant.isascii():
        return short
    if not regexp.guard:
        return body
    odd = f"regexp_matches($s, {quoted(regexp.guard)})"
    error = refused("a character beyond ASCII that may be in a class of characters")
    return (
        f"(CASE WHEN strlen($s) = length($s) THEN {short} WHEN {odd} THEN {error} ELSE {body} END)"
    )


@dataclass(slots=True)
class Call:
    """The arguments that the functions share, and the SQL that they are made of."""

    name: str
    source: Term
    regexp: Regexp
    position: Term
    occurrence: Term
    replacement: str | None = None
    """SQL of a replacement that is not known while rewriting: `$r`."""

    @property
    def first_only(self) -> bool:
        return known_whole(self.occurrence) == 1

    @property
    def text(self) -> str:
        """SQL of the part that is searched."""
        return "$s" if known_whole(self.position) == 1 else "substring($s, $p)"

    def finished(self, body: str) -> str:
        """The value of `body` over `$s`, `$p` (position) and `$n` (occurrence)."""
        body = guarded(self.regexp, self.source, body)
        parts = {"s": self.source.sql}
        if self.replacement is not None:
            parts["r"] = self.replacement
        checks = ""
        for letter, term, least in (("p", self.position, 1), ("n", self.occurrence, 1)):
            known = known_whole(term)
            if known is not None:
                body = filled({letter: str(known)}, body)
                continue
            parts[letter] = whole_sql(term)
            checks += f"WHEN ${letter} < {least} THEN {_OUT_OF_RANGE} "
            checks += f"WHEN ${letter} IS NULL THEN NULL "
        if checks:
            body = f"(CASE {checks}ELSE {body} END)"
        simple = self.source.is_simple and len(parts) == 1
        return over(parts, body, simple=simple)


_OUT_OF_RANGE = ora_error("ORA-01428", "?")
ONE = numbers.literal(Decimal(1))


def begun(
    name: str, arguments: list[Term], position: int, occurrence: int | None, flags: int
) -> Call | None:
    """The call with its arguments at these places; None if it gives NULL."""

    def at(index: int | None) -> Term | None:
        return arguments[index] if index is not None and index < len(arguments) else None

    source, pattern = as_text(arguments[0]), as_text(arguments[1])
    start = as_number(at(position) or ONE)
    nth = as_number(at(occurrence) or ONE)
    match = at(flags)
    if pattern.is_null and name == "REGEXP_REPLACE" and not source.is_null:
        raise UnsupportedSQL("REGEXP_REPLACE with a NULL pattern")
    if source.is_null or pattern.is_null:
        return None
    regexp = read(pattern, as_text(match) if match is not None else None)
    for term in (start, nth):
        if (at(position) or ONE).is_null or (at(occurrence) or ONE).is_null:
            raise UnsupportedSQL(f"{name} with NULL for a position or an occurrence")
        known = known_whole(term)
        if known is not None and known < (0 if name == "REGEXP_REPLACE" and term is nth else 1):
            raise out_of_range(known)
    if known_whole(start) != 1 and regexp.has_begin:
        raise UnsupportedSQL(f"{name} from a position with a pattern that begins with an anchor")
    return Call(name, source, regexp, start, nth)


def no_empty_matches(call: Call) -> None:
    if pattern_match.may_be_empty(call.regexp.pattern, before_end=False):
        raise UnsupportedSQL(f"{call.name} over several matches of which one may be empty")


def subexpression(call: Call, arguments: list[Term], index: int) -> int:
    if len(arguments) <= index:
        return 0
    number = known_whole(as_number(arguments[index]))
    if number is None:
        raise UnsupportedSQL(f"{call.name} with a subexpression that is not a literal")
    if not 0 <= number <= 9:
        raise out_of_range(number)
    return number
