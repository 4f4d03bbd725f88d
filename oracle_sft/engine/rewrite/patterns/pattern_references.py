r"""Backreferences inside of a pattern: `([aeiou])\1` as `aa|ee|ii|oo|uu`.

RE2 has none. Where the subexpression is a single character, the pattern is spelled out for each that
it may be; only ASCII is, so that other texts are refused when they come.
"""

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.patterns.pattern_chars import CharSet
from oracle_sft.engine.rewrite.patterns.pattern_syntax import (
    Backreference,
    Chars,
    Choice,
    Group,
    Node,
    Pattern,
    Repeat,
    Sequence,
    walk,
)


def spelled_out(pattern: Pattern, *, ignore_case: bool) -> Pattern:
    """The pattern without backreferences.

    Raises:
        UnsupportedSQL: one to something longer than a character, or from elsewhere than behind it.
    """
    if not pattern.is_spelled_out:
        return pattern
    numbers = {node.number for node in walk(pattern.root) if isinstance(node, Backreference)}
    groups = [node for node in walk(pattern.root) if isinstance(node, Group)]
    bodies = [group.body for group in groups if group.number in numbers]
    root = _spelled(pattern.root, ignore_case=ignore_case)
    if any(isinstance(node, Backreference) for node in walk(root)):
        raise UnsupportedSQL("a backreference inside of a regular expression")
    beyond = any(isinstance(body, Chars) and body.set.holds_more_than_ascii for body in bodies)
    first = pattern.root.parts[0] if isinstance(pattern.root, Sequence) else pattern.root
    begins = isinstance(first, Group) and isinstance(first.body, Chars)
    return Pattern(root, pattern.num_groups, True, beyond, begins)


def _spelled(node: Node, *, ignore_case: bool) -> Node:
    if isinstance(node, Group):
        return Group(node.number, _spelled(node.body, ignore_case=ignore_case))
    if isinstance(node, Repeat):
        body = _spelled(node.body, ignore_case=ignore_case)
        return Repeat(body, node.least, node.most, node.lazy)
    if isinstance(node, Choice):
        return Choice(tuple(_spelled(part, ignore_case=ignore_case) for part in node.branches))
    if not isinstance(node, Sequence):
        return node
    parts = [_spelled(part, ignore_case=ignore_case) for part in node.parts]
    for index, part in enumerate(parts):
        if not isinstance(part, Group) or not isinstance(part.body, Chars):
            continue
        places = [place for place, other in enumerate(parts) if _refers(other, part.number)]
        if not places or places[0] < index:
            continue
        last = places[-1] + 1
        branches = tuple(
            Sequence(
                (
                    Group(part.number, Chars(letters)),
                    *(_with(other, part.number, letters) for other in parts[index + 1 : last]),
                )
            )
            for letters in _members(part.body.set, ignore_case=ignore_case)
        )
        # In a group of its own, since a choice binds weaker than a sequence.
        whole = Group(0, Choice(branches))
        rest = Sequence((*parts[:index], whole, *parts[last:]))
        return _spelled(rest, ignore_case=ignore_case)
    return Sequence(tuple(parts))


def _refers(node: Node, number: int) -> bool:
    body = node.body if isinstance(node, Repeat) else node
    return isinstance(body, Backreference) and body.number == number


def _with(node: Node, number: int, letters: CharSet) -> Node:
    if not _refers(node, number):
        return node
    if isinstance(node, Repeat):
        return Repeat(Chars(letters), node.least, node.most, node.lazy)
    return Chars(letters)


def _members(found: CharSet, *, ignore_case: bool) -> list[CharSet]:
    """A set for each character that the set holds, with both of its cases if they are one."""
    members: list[CharSet] = []
    done: set[str] = set()
    for code in range(128):
        letter = chr(code)
        if letter in done or not found.holds(letter):
            continue
        same = {letter, letter.swapcase()} if ignore_case else {letter}
        done |= same
        members.append(CharSet(tuple((ord(each), ord(each)) for each in sorted(same)), frozenset()))
    return members
