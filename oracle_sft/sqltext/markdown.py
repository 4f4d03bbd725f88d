"""Code in Markdown, found by CommonMark's rules and in linear time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_FENCE = re.compile(
    r"^(?P<quote>(?:[ \t]*>)*)[ \t]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?"
    r"(?P<mark>`{3,}|~{3,})(?P<info>.*)$"
)
_CLOSING = re.compile(r"^(?:[ \t]*>)*[ \t]*(`{3,}|~{3,})[ \t]*$")
_MAX_FENCES = 10_000  # no answer has more; what follows is not looked at
_TICKS = re.compile(r"`+")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    language: str
    """The first word of the fence's info, lower case; '' without one."""
    content: str


def fenced_blocks(text: str) -> tuple[list[CodeBlock], str]:
    """The fenced blocks of a text, and the text without them.

    A fence is closed by the same character, at least as often, alone on its line; one that is not
    closed runs to the end. A fence of backticks has none in its info.
    """
    blocks: list[CodeBlock] = []
    outside: list[str] = []
    inside: list[str] = []
    mark = language = ""
    quoted = False
    fences = 0
    for line in text.split("\n"):
        if mark:
            closing = _CLOSING.match(line)
            if closing and closing.group(1)[0] == mark[0] and len(closing.group(1)) >= len(mark):
                if inside:
                    blocks.append(CodeBlock(language, "\n".join(inside)))
                inside, mark = [], ""
            else:
                inside.append(re.sub(r"^(?:[ \t]*>)+ ?", "", line) if quoted else line)
            continue
        opening = _FENCE.match(line) if "```" in line or "~~~" in line else None
        if opening and not (opening["mark"][0] == "`" and "`" in opening["info"]):
            mark = opening["mark"]
            fences += 1
            if fences > _MAX_FENCES:
                break
            language = _language(opening["info"])
            quoted = bool(opening["quote"])
        else:
            outside.append(line)
    if mark:
        blocks.append(CodeBlock(language, "\n".join(inside)))
    return blocks, "\n".join(outside)


def _language(info: str) -> str:
    words = info.strip().strip("{}").split()
    return words[0].lstrip(".").lower() if words else ""


def code_spans(text: str) -> Iterator[str]:
    """What stands between two runs of equally many backticks on one line."""
    for line in text.split("\n"):
        if "`" not in line:
            continue
        runs = list(_TICKS.finditer(line))
        closing: dict[int, int] = {}
        partner: dict[int, int] = {}
        for number in range(len(runs) - 1, -1, -1):
            width = len(runs[number].group())
            if width in closing:
                partner[number] = closing[width]
            closing[width] = number
        number = 0
        while number < len(runs):
            if number not in partner:
                number += 1
                continue
            end = partner[number]
            inside = line[runs[number].end() : runs[end].start()].strip()
            if len(runs[number].group()) >= 3:
                inside = re.sub(r"^(?:sql|oracle|plsql)\s+", "", inside, flags=re.IGNORECASE)
            yield inside
            number = end + 1
