"""A regular expression as a program of steps that keeps the order in which ways are tried."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from oracle_sft.engine.rewrite.patterns.pattern_chars import CharSet
from oracle_sft.engine.rewrite.patterns.pattern_syntax import (
    Anchor,
    Chars,
    Choice,
    Group,
    Node,
    Pattern,
    Repeat,
    Sequence,
    walk,
)

MAX_STEPS = 2000
"""Instructions of a program."""
END = ""
"""Stands for the end of the text where the next character is asked for."""


class TooLarge(Exception):
    """A program or a search in it that is not worth its time."""


@dataclass(slots=True)
class Program:
    """Instructions: a set of characters, an anchor, or a list of ways in order of preference."""

    steps: list[CharSet | str | list[int] | None] = field(default_factory=list)
    """None is the end of the pattern."""

    def add(self, step: CharSet | str | list[int] | None) -> int:
        if len(self.steps) >= MAX_STEPS:
            raise TooLarge
        self.steps.append(step)
        return len(self.steps) - 1


@dataclass(frozen=True, slots=True)
class Rule:
    """How a choice is made."""

    lazy: bool | None = None
    """All quantifiers are lazy or greedy; None: as they are written."""
    last_first: bool = False
    """Alternatives are tried from the last to the first."""


def compiled(pattern: Pattern, rule: Rule) -> Program:
    program = Program()

    def emit(node: Node, then: int) -> int:
        """The instruction that begins the node, which goes on at `then`."""
        if isinstance(node, Chars):
            at = program.add(node.set)
            program.add([then])
            return at
        if isinstance(node, Anchor):
            at = program.add(node.kind)
            program.add([then])
            return at
        if isinstance(node, Group):
            return emit(node.body, then)
        if isinstance(node, Sequence):
            for part in reversed(node.parts):
                then = emit(part, then)
            return then
        if isinstance(node, Choice):
            ways = [emit(branch, then) for branch in node.branches]
            return program.add(ways[::-1] if rule.last_first else ways)
        assert isinstance(node, Repeat)
        return repeat(node, then)

    def repeat(node: Repeat, then: int) -> int:
        lazy = node.lazy if rule.lazy is None else rule.lazy
        if node.most is None:
            ways: list[int] = []
            loop = program.add(ways)
            body = emit(node.body, loop)
            ways += [then, body] if lazy else [body, then]
            then = loop
        else:
            end = then
            for _ in range(node.most - node.least):
                body = emit(node.body, then)
                then = program.add([end, body] if lazy else [body, end])
        for _ in range(node.least):
            then = emit(node.body, then)
        return then

    begin = emit(pattern.root, program.add(None))
    program.steps.append([begin])
    return program


State = tuple[int, ...]


def closure(program: Program, starts: Iterable[int], before: str, after: str) -> list[int]:
    """Instructions that take a character, and those that end, in order of preference."""
    found: list[int] = []
    seen: set[int] = set()
    stack = list(starts)[::-1]
    while stack:
        at = stack.pop()
        if at in seen:
            continue
        seen.add(at)
        step = program.steps[at]
        if step is None or isinstance(step, CharSet):
            found.append(at)
        elif isinstance(step, list):
            stack.extend(step[::-1])
        elif holds(step, before, after):
            stack.append(at + 1)
    return found


def holds(kind: str, before: str, after: str) -> bool:
    if kind == "begin":
        return before == END
    if kind == "end":
        return after == END
    if kind == "line begin":
        return before in (END, "\n")
    return after in (END, "\n")


def cut(program: Program, found: list[int]) -> list[int]:
    """What is preferred to ending here."""
    for index, at in enumerate(found):
        if program.steps[at] is None:
            return found[: index + 1]
    return found


def after_letter(program: Program, found: list[int], letter: str) -> State:
    out = []
    for at in found:
        step = program.steps[at]
        if isinstance(step, CharSet) and step.holds(letter):
            out.append(at + 1)
    return tuple(out)


def letters_of(pattern: Pattern) -> list[str]:
    """Characters that stand for all others: any two outside of them meet the same sets."""
    sets = {node.set for node in walk(pattern.root) if isinstance(node, Chars)}
    edges = {0x21, 0x7E, 0xE9, 0xC9, 0x2014, 0x4E2D}
    for entry in sets:
        for low, high in entry.ranges:
            edges |= {low - 1, low, high, high + 1}
    every = [chr(code) for code in range(128)] + [
        chr(code)
        for code in sorted(edges)
        if 128 <= code < 0x110000 and unicodedata.category(chr(code)) != "Cs"
    ]
    chosen: dict[tuple[bool, ...], str] = {}
    for letter in every:
        signature = (letter == "\n", *(entry.holds(letter) for entry in sets))
        chosen.setdefault(signature, letter)
    return list(chosen.values())
