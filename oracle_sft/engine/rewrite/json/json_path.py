"""Oracle's path expressions: `$.items[0 to 2]?(@.price > 5).name`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from oracle_sft.engine.result import OracleError, UnsupportedSQL


@dataclass(frozen=True, slots=True)
class Member:
    """`.name`; `.*` without a name."""

    name: str | None


@dataclass(frozen=True, slots=True)
class Elements:
    """`[..]`: pairs of the first and last index; None alone for `[*]`. An index counted from the
    end is negative: -1 is `last`.
    """

    ranges: tuple[tuple[int, int], ...] | None


@dataclass(frozen=True, slots=True)
class Method:
    """`.size()` and `.type()`; they end a path."""

    name: str


@dataclass(frozen=True, slots=True)
class Exists:
    """The relative path finds something."""

    path: "Path"


@dataclass(frozen=True, slots=True)
class Comparison:
    """The relative path finds something for which this holds."""

    path: "Path"
    operator: str
    value: Decimal | str | bool | None


@dataclass(frozen=True, slots=True)
class Not:
    condition: "Condition"


@dataclass(frozen=True, slots=True)
class Both:
    """`&&`, or `||` where `word` says OR."""

    word: str
    left: "Condition"
    right: "Condition"


Condition = Exists | Comparison | Not | Both


@dataclass(frozen=True, slots=True)
class Filter:
    condition: Condition


Step = Member | Elements | Method | Filter
Path = tuple[Step, ...]

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<op>\.\.|==|!=|<>|<=|>=|&&|\|\||[.$@?()\[\]*,=<>!-])
    )""",
    re.VERBOSE,
)
_OPERATORS = {
    "==": "=",
    "=": "=",
    "!=": "<>",
    "<>": "<>",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_UNKNOWN_TESTS = ("starts", "has", "like", "like_regex", "regex", "in", "eq_regex", "ci_regex")


def read(text: str) -> Path:
    """The steps behind `$`.

    Raises:
        OracleError: ORA-40597.
        UnsupportedSQL: syntax that is not known here.
    """
    reader = _Reader(text)
    if reader.take_word("lax"):
        pass
    elif reader.take_word("strict"):
        raise UnsupportedSQL("a strict JSON path")
    reader.expect("$")
    path = reader.steps()
    if reader.at < len(reader.found):
        raise reader.wrong()
    return path


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[tuple[str, str]] = []
        self.at = 0
        position = 0
        end = len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                raise self.wrong()
            assert match.lastgroup is not None
            self.found.append((match.lastgroup, match[match.lastgroup]))
            position = match.end()

    def wrong(self) -> OracleError:
        return OracleError.of("ORA-40597", self.text)

    def peek(self, offset: int = 0) -> tuple[str, str]:
        index = self.at + offset
        return self.found[index] if index < len(self.found) else ("", "")

    def take(self, text: str) -> bool:
        taken = self.peek() == ("op", text)
        self.at += taken
        return taken

    def take_word(self, word: str) -> bool:
        kind, text = self.peek()
        taken = kind == "word" and text.lower() == word
        self.at += taken
        return taken

    def expect(self, text: str) -> None:
        if not self.take(text):
            raise self.wrong()

    def steps(self) -> Path:
        steps: list[Step] = []
        while True:
            if self.peek() == ("op", ".."):
                raise UnsupportedSQL("a descendant step in a JSON path")
            if self.take("."):
                steps.append(self._member())
            elif self.take("["):
                steps.append(self._elements())
            elif self.take("?"):
                self.expect("(")
                steps.append(Filter(self._either()))
                self.expect(")")
            else:
                break
        for step in steps[:-1]:
            if isinstance(step, Method):
                raise UnsupportedSQL(f"a JSON path that goes on behind .{step.name}()")
        return tuple(steps)

    def _member(self) -> Step:
        if self.take("*"):
            return Member(None)
        kind, text = self.peek()
        if kind not in ("word", "string"):
            raise self.wrong()
        self.at += 1
        if kind == "string":
            text = text[1:-1]
            if "\\" in text or text == "*" or '"' in text:
                raise UnsupportedSQL("a JSON path with this quoted name")
            return Member(text)
        if self.take("("):
            self.expect(")")
            if text not in ("size", "type"):
                raise UnsupportedSQL(f"the item method {text}() in a JSON path")
            return Method(text)
        return Member(text)

    def _elements(self) -> Elements:
        if self.take("*"):
            self.expect("]")
            return Elements(None)
        ranges = []
        while True:
            low = self._index()
            high = self._index() if self.take_word("to") else low
            if (low < 0) != (high < 0) or high < low:
                raise UnsupportedSQL("a JSON path with this range of an array")
            ranges.append((low, high))
            if not self.take(","):
                break
        self.expect("]")
        if len(ranges) > 1 and any(low < 0 for low, _ in ranges):
            raise UnsupportedSQL("a JSON path with a list of places counted from the end")
        for (_, before), (after, _) in pairwise(ranges):
            if after <= before:
                raise UnsupportedSQL("a JSON path with places that do not ascend")
        return Elements(tuple(ranges))

    def _index(self) -> int:
        if self.take_word("last"):
            kind, text = self.peek()
            if kind == "number" and text.startswith("-"):
                self.at += 1
                return int(text) - 1
            if self.take("-"):
                return -self._index() - 1
            return -1
        kind, text = self.peek()
        if kind != "number" or not text.isdecimal():
            raise self.wrong()
        self.at += 1
        return int(text)

    def _either(self) -> Condition:
        found = self._both()
        while self.take("||"):
            found = Both("OR", found, self._both())
        return found

    def _both(self) -> Condition:
        found = self._test()
        while self.take("&&"):
            found = Both("AND", found, self._test())
        return found

    def _test(self) -> Condition:
        if self.take("!"):
            self.expect("(")
            found: Condition = Not(self._either())
            self.expect(")")
            return found
        if self.take("("):
            found = self._either()
            self.expect(")")
            return found
        if self.take_word("exists"):
            self.expect("(")
            self.expect("@")
            path = self.steps()
            self.expect(")")
            return Exists(path)
        if self.take("@"):
            path = self.steps()
            operator = self._operator()
            return Comparison(path, operator, self._literal())
        value = self._literal()
        operator = _MIRRORED[self._operator()]
        self.expect("@")
        return Comparison(self.steps(), operator, value)

    def _operator(self) -> str:
        kind, text = self.peek()
        if kind == "word" and text in _UNKNOWN_TESTS:
            raise UnsupportedSQL(f"a JSON path with {text} in a filter")
        if text not in _OPERATORS:
            raise self.wrong()
        self.at += 1
        return _OPERATORS[text]

    def _literal(self) -> Decimal | str | bool | None:
        kind, text = self.peek()
        self.at += 1
        if kind == "number":
            return Decimal(text)
        if kind == "string":
            if "\\" in text:
                raise UnsupportedSQL("an escape in a literal of a JSON path")
            return text[1:-1]
        if kind == "word" and text in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[text]
        if text == "$":
            raise UnsupportedSQL("a variable in a filter of a JSON path")
        raise self.wrong()
