"""A pattern of Oracle's in RE2's syntax."""

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.patterns.pattern_syntax import (
    Anchor,
    Chars,
    Choice,
    Group,
    Node,
    Repeat,
    Sequence,
    walk,
)

_ANCHORS = {
    "begin": r"\A",
    "end": r"\z",
    "line begin": "(?m:^)",
    "line end": "(?m:$)",
    "Z": r"\n?\z",
}


def written(node: Node, *, captures: bool = True) -> str:
    """The node for RE2; `captures`: its subexpressions keep their numbers."""
    if isinstance(node, Chars):
        return node.set.re2
    if isinstance(node, Anchor):
        return _ANCHORS[node.kind]
    if isinstance(node, Group):
        return f"({'' if captures else '?:'}{written(node.body, captures=captures)})"
    if isinstance(node, Sequence):
        return "".join(written(part, captures=captures) for part in node.parts)
    if isinstance(node, Choice):
        return "|".join(written(branch, captures=captures) for branch in node.branches)
    assert isinstance(node, Repeat)
    body = written(node.body, captures=captures)
    most = "" if node.most is None else str(node.most)
    counts = str(node.least) if node.most == node.least else f"{node.least},{most}"
    short = {"0,": "*", "1,": "+", "0,1": "?"}.get(counts, f"{{{counts}}}")
    return f"{body}{short}{'?' if node.lazy else ''}"


def parted(root: Node, number: int) -> tuple[str, str, str]:
    """The pattern before a subexpression, the subexpression, and what follows it.

    Raises:
        UnsupportedSQL: it is part of an alternative or of something that is repeated.
    """
    parts = [root]
    while True:
        for index, part in enumerate(parts):
            if isinstance(part, Group) and part.number == number:
                before, after = parts[:index], parts[index + 1 :]
                return _all(before), _all([part.body]), _all(after)
            if any(isinstance(each, Group) and each.number == number for each in walk(part)):
                if isinstance(part, Group) and isinstance(part.body, Group | Sequence):
                    part = part.body
                elif not isinstance(part, Sequence):
                    raise UnsupportedSQL("the place of a subexpression that is optional")
                inner = part.parts if isinstance(part, Sequence) else (part,)
                parts[index : index + 1] = inner
                break


def _all(nodes: list[Node]) -> str:
    return "".join(f"(?:{written(node, captures=False)})" for node in nodes)
