"""Sets of characters in a regular expression.

ASCII is certain. Beyond it only letters with case are: whether Oracle counts another character of
the text to a class is not known, so that `unsure` finds rows that hold one.
"""

import unicodedata
from dataclasses import dataclass

from oracle_sft.engine.result import OracleError

NEWLINE = 10

_ASCII: dict[str, str] = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r"\x09\x20",
    "cntrl": r"\x00-\x1F\x7F",
    "digit": "0-9",
    "graph": r"\x21-\x7E",
    "lower": "a-z",
    "print": r"\x20-\x7E",
    "punct": r"\x21-\x2F\x3A-\x40\x5B-\x60\x7B-\x7E",
    "space": r"\x09-\x0D\x20",
    "upper": "A-Z",
    "word": "0-9A-Z_a-z",
    "xdigit": "0-9A-Fa-f",
}
"""As RE2 writes them; `word` is Perl's `\\w`."""

_LETTERS = {
    "alnum": ("Lu", "Ll"),
    "alpha": ("Lu", "Ll"),
    "graph": ("Lu", "Ll"),
    "lower": ("Ll",),
    "print": ("Lu", "Ll"),
    "upper": ("Lu",),
    "word": ("Lu", "Ll"),
}
"""Categories beyond ASCII that belong to a class for sure."""

_NOT_LETTERS = r"\p{P}\p{S}\p{Z}"
_SURELY_OUTSIDE = {
    **dict.fromkeys(["alnum", "alpha", "lower", "upper", "word"], _NOT_LETTERS),
    **dict.fromkeys(["digit", "xdigit"], r"\p{L}\p{M}\p{P}\p{S}\p{Z}"),
    **dict.fromkeys(["blank", "space", "cntrl"], r"\p{L}\p{M}\p{N}\p{P}\p{S}"),
    "punct": r"\p{L}\p{M}\p{N}",
    "graph": "",
    "print": "",
}


def named_class(name: str) -> str:
    """Raises:
    OracleError: ORA-12729 for a name that is no class.
    """
    if name not in _ASCII or name == "word":
        raise OracleError.of("ORA-12729")
    return name


@dataclass(frozen=True, slots=True)
class CharSet:
    ranges: tuple[tuple[int, int], ...]
    """Code points, both ends included."""
    classes: frozenset[str]
    negated: bool = False

    def holds(self, letter: str) -> bool:
        code = ord(letter)
        inside = any(low <= code <= high for low, high in self.ranges) or any(
            _in_class(name, letter) for name in self.classes
        )
        return inside is not self.negated

    @property
    def holds_more_than_ascii(self) -> bool:
        if self.negated or any(_LETTERS.get(name) for name in self.classes):
            return True
        return any(high > 127 for _, high in self.ranges)

    @property
    def re2(self) -> str:
        """The set in RE2's syntax, where brackets know escapes."""
        if not self.ranges and not self.classes:
            return r"(?s:.)"
        if len(self.ranges) == 1 and not self.classes and not self.negated:
            low, high = self.ranges[0]
            if low == high:
                return _escaped(low)
        inner = "".join(
            _escaped(low) if low == high else f"{_escaped(low)}-{_escaped(high)}"
            for low, high in self.ranges
        )
        for name in sorted(self.classes):
            inner += _ASCII[name] + "".join(rf"\p{{{part}}}" for part in _LETTERS.get(name, ()))
        return f"[{'^' if self.negated else ''}{inner}]"


def _escaped(code: int) -> str:
    letter = chr(code)
    if letter.isascii() and not letter.isalnum() and letter not in " _,:;@'\"<>=!%&~`/#":
        return rf"\x{code:02X}"
    return letter


def _in_class(name: str, letter: str) -> bool:
    if not letter.isascii():
        return unicodedata.category(letter) in _LETTERS.get(name, ())
    return letter in _ascii_members(name)


_members: dict[str, frozenset[str]] = {}


def _ascii_members(name: str) -> frozenset[str]:
    if name not in _members:
        text = _ASCII[name].encode().decode("unicode_escape")
        found: set[str] = set()
        at = 0
        while at < len(text):
            if text[at + 1 : at + 2] == "-":
                found |= {chr(code) for code in range(ord(text[at]), ord(text[at + 2]) + 1)}
                at += 3
            else:
                found.add(text[at])
                at += 1
        _members[name] = frozenset(found)
    return _members[name]


def unsure(classes: frozenset[str]) -> str:
    """A set in RE2's syntax: what may or may not belong to one of the classes; '' for none."""
    outsides = {_SURELY_OUTSIDE[name] for name in classes}
    return "|".join(rf"[^\x00-\x7F\p{{Lu}}\p{{Ll}}{outside}]" for outside in sorted(outsides))
