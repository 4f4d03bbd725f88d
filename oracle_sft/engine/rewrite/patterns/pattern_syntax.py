r"""Oracle's regular expressions as a tree: POSIX extended ones with some of Perl's additions.

What Oracle's documentation leaves open (a second quantifier, `\t`, an empty alternative) is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.patterns.pattern_chars import NEWLINE, CharSet, named_class

MAX_BYTES = 512
"""Oracle's limit for a pattern."""

_MAX_COUNT = 1000
"""RE2's limit for `{n}`."""


@dataclass(frozen=True, slots=True)
class Flags:
    """The match parameter."""

    ignore_case: bool = False
    dot_is_newline: bool = False
    lines: bool = False
    """`^` and `$` match at every line."""
    skip_blanks: bool = False


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of a set."""

    set: CharSet
    in_brackets: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """`^` and `$` (of a line too, with the flag m); `Z` is the end or the newline before it."""

    kind: Literal["begin", "end", "line begin", "line end", "Z"]


@dataclass(frozen=True, slots=True)
class Group:
    """A subexpression, counted from 1 by its opening bracket."""

    number: int
    body: "Node"


@dataclass(frozen=True, slots=True)
class Repeat:
    body: "Node"
    least: int
    most: int | None
    lazy: bool = False


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    branches: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Backreference:
    """The text of a subexpression again. A pattern that has been read has none: see `backreferences`."""

    number: int


Node = Chars | Anchor | Group | Repeat | Sequence | Choice | Backreference


@dataclass(frozen=True, slots=True)
class Pattern:
    root: Node
    num_groups: int
    is_spelled_out: bool = False
    """Backreferences were spelled out, so that groups occur several times."""
    ascii_only: bool = False
    """That was done for ASCII characters only, though others would match too."""
    begins_with_reference: bool = False
    """The first subexpression is the first character of each match."""


def children(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Group | Repeat):
        return (node.body,)
    if isinstance(node, Sequence):
        return node.parts
    return node.branches if isinstance(node, Choice) else ()


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in children(node):
        yield from walk(child)


def read_flags(text: str | None) -> Flags:
    """The match parameter; of `i` and `c` the last one counts.

    Raises:
        OracleError: ORA-01760 for another letter.
    """
    text = text or ""
    for letter in text:
        if letter not in "icnmx":
            raise OracleError.of("ORA-01760")
    return Flags(
        ignore_case=text.rfind("i") > text.rfind("c"),
        dot_is_newline="n" in text,
        lines="m" in text,
        skip_blanks="x" in text,
    )


def read_pattern(text: str, flags: Flags) -> Pattern:
    """The tree of a pattern that is not empty.

    Raises:
        OracleError: ORA-12725 to ORA-12733 for a pattern that Oracle refuses.
        UnsupportedSQL: syntax whose meaning is not documented, or that RE2 cannot express.
    """
    if len(text.encode()) > MAX_BYTES:
        raise OracleError.of("ORA-12733")
    reader = _Reader(text, flags)
    root = reader.choice()
    if reader.more:
        raise OracleError.of("ORA-12725")
    return Pattern(root, reader.num_groups, reader.has_backreference)


_BARE_CLASS = re.compile(r"\^?:\w+:\]")
_QUANTIFIERS = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_PERL_CLASSES = {"d": "digit", "w": "word", "s": "space"}


@dataclass(slots=True)
class _Reader:
    text: str
    flags: Flags
    at: int = 0
    num_groups: int = 0
    closed: set[int] = field(default_factory=set)
    has_backreference: bool = False

    @property
    def more(self) -> bool:
        self._skip()
        return self.at < len(self.text)

    def _skip(self) -> None:
        while self.flags.skip_blanks and self.text[self.at : self.at + 1].isspace():
            self.at += 1

    def _next(self) -> str:
        self._skip()
        return self.text[self.at : self.at + 1]

    def choice(self) -> Node:
        branches = [self._sequence()]
        while self._next() == "|":
            self.at += 1
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self.more and self._next() not in "|)":
            parts.append(self._quantified())
        if not parts and self.num_groups > len(self.closed) and not self.more:
            raise OracleError.of("ORA-12725")
        if not parts:
            raise UnsupportedSQL("an empty alternative or group in a regular expression")
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _quantified(self) -> Node:
        atom = self._atom()
        counts = self._quantifier()
        if counts is None:
            return atom
        if isinstance(atom, Anchor):
            raise UnsupportedSQL("a quantifier behind an anchor in a regular expression")
        lazy = self._next() == "?"
        self.at += lazy
        if self.more and (self._next() in "*+?" or self._next() == "{"):
            raise UnsupportedSQL("a quantifier behind a quantifier in a regular expression")
        return Repeat(atom, *counts, lazy and counts[0] != counts[1])

    def _quantifier(self) -> tuple[int, int | None] | None:
        letter = self._next()
        if letter in _QUANTIFIERS:
            self.at += 1
            return _QUANTIFIERS[letter]
        if letter != "{":
            return None
        end = self.text.find("}", self.at)
        least, comma, most = self.text[self.at + 1 : max(end, self.at + 1)].partition(",")
        digits = least.isdecimal() and (most.isdecimal() or not most) and (least + most).isascii()
        if not digits or end < 0:
            raise UnsupportedSQL("a brace that is no {n,m} in a regular expression")
        self.at = end + 1
        low = int(least)
        high = low if not comma else int(most) if most else None
        if high is not None and high < low:
            raise OracleError.of("ORA-12732")
        if max(low, high or 0) > _MAX_COUNT:
            raise UnsupportedSQL(f"a repetition of more than {_MAX_COUNT} in a regular expression")
        return low, high

    def _atom(self) -> Node:
        letter = self._next()
        self.at += 1
        if letter == "(":
            return self._group()
        if letter == "[":
            return Chars(self._bracket(), in_brackets=True)
        if letter == ".":
            everything = CharSet((), frozenset(), negated=True)
            line = CharSet(((NEWLINE, NEWLINE),), frozenset(), negated=True)
            return Chars(everything if self.flags.dot_is_newline else line)
        if letter == "^":
            return Anchor("line begin" if self.flags.lines else "begin")
        if letter == "$":
            return Anchor("line end" if self.flags.lines else "end")
        if letter == "\\":
            return self._escape()
        if letter in "*+?{":
            raise UnsupportedSQL(f"a leading {letter} in a regular expression")
        return Chars(self._cased([(ord(letter), ord(letter))]))

    def _group(self) -> Node:
        if self._next() == "?":
            raise UnsupportedSQL("a group (?...) in a regular expression")
        self.num_groups += 1
        number = self.num_groups
        body = self.choice()
        if self._next() != ")":
            raise OracleError.of("ORA-12725")
        self.at += 1
        self.closed.add(number)
        return Group(number, body)

    def _escape(self) -> Node:
        letter = self.text[self.at : self.at + 1]
        self.at += 1
        if letter.lower() in _PERL_CLASSES and letter:
            name = _PERL_CLASSES[letter.lower()]
            return Chars(CharSet((), frozenset([name]), negated=letter.isupper()))
        if letter == "A":
            return Anchor("begin")
        if letter == "z":
            return Anchor("end")
        if letter == "Z":
            return Anchor("Z")
        if letter.isdecimal() and letter != "0":
            if int(letter) not in self.closed:
                raise OracleError.of("ORA-12727")
            self.has_backreference = True
            return Backreference(int(letter))
        is_blank = letter == " " and not self.flags.skip_blanks
        if not letter or letter.isalnum() or (letter.isspace() and not is_blank):
            raise UnsupportedSQL(f"the escape \\{letter} in a regular expression")
        return Chars(self._cased([(ord(letter), ord(letter))]))

    def _bracket(self) -> CharSet:
        text = self.text
        if _BARE_CLASS.match(text, self.at):
            raise UnsupportedSQL("[:class:] without outer brackets in a regular expression")
        negated = text[self.at : self.at + 1] == "^"
        self.at += negated
        ranges: list[tuple[int, int]] = []
        classes: set[str] = set()
        first = True
        while first or text[self.at : self.at + 1] != "]":
            if self.at >= len(text):
                raise OracleError.of("ORA-12726")
            first = False
            low = self._member(classes)
            if text[self.at : self.at + 1] != "-" or text[self.at + 1 : self.at + 2] == "]":
                if low is not None:
                    ranges.append((low, low))
                continue
            self.at += 1
            high = self._member(classes)
            if low is None or high is None or high < low:
                raise OracleError.of("ORA-12728")
            if text[self.at : self.at + 1] == "-" and text[self.at + 1 : self.at + 2] != "]":
                raise UnsupportedSQL("a range behind a range in a regular expression")
            ranges.append((low, high))
        self.at += 1
        cased = self._cased(ranges, classes)
        return CharSet(cased.ranges, cased.classes, negated)

    def _member(self, classes: set[str]) -> int | None:
        """The next character of a bracket; None if it is a class, which is added."""
        text = self.text
        kind = text[self.at : self.at + 2]
        if kind not in ("[:", "[=", "[."):
            if self.at >= len(text):
                raise OracleError.of("ORA-12726")
            letter = text[self.at]
            if self.flags.skip_blanks and letter.isspace():
                raise UnsupportedSQL("a blank in brackets of a regular expression with flag x")
            self.at += 1
            return ord(letter)
        end = text.find(kind[1] + "]", self.at + 2)
        if end < 0:
            raise OracleError.of("ORA-12726")
        name = text[self.at + 2 : end]
        self.at = end + 2
        if kind == "[:":
            classes.add(named_class(name))
            return None
        if len(name) == 1 and kind == "[.":
            return ord(name)
        what = "an equivalence class" if kind == "[=" else "a collating element"
        raise UnsupportedSQL(f"{what} in a regular expression")

    def _cased(self, ranges: list[tuple[int, int]], classes: set[str] | None = None) -> CharSet:
        names = frozenset(classes or ())
        if not self.flags.ignore_case:
            return CharSet(tuple(ranges), names)
        if names & {"upper", "lower"}:
            raise UnsupportedSQL("[:upper:] or [:lower:] with flag i in a regular expression")
        return CharSet((*ranges, *_other_case(ranges)), names)


_FEW = 512
"""Characters of a range that are looked at one by one."""


def _other_case(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found: set[int] = set()
    for low, high in ranges:
        if high - low > _FEW:
            raise UnsupportedSQL("a range this wide with flag i in a regular expression")
        for code in range(low, high + 1):
            letter = chr(code)
            swapped = letter.swapcase()
            if len(swapped) == 1 and swapped.swapcase() == letter:
                found.add(ord(swapped))
            elif letter.isalpha():
                raise UnsupportedSQL(f"the letter {letter} with flag i in a regular expression")
    return [(code, code) for code in sorted(found)]
