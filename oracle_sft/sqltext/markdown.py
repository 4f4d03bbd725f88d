"""Code in Markdown, found by CommonMark's rules and in linear time."""

import re
from collections import deque
from dataclasses import dataclass
from itertools import islice, pairwise

from oracle_sft.sqltext.lexer import tokens

SQL_LANGUAGES = frozenset(
    "sql oracle plsql pl/sql oraclesql oracle-sql oracle_sql oracle-plsql sqlplus sqlcl"
    " ansi-sql postgresql postgres pgsql mysql mariadb sqlite tsql t-sql mssql".split()
)
TEXT_LANGUAGES = frozenset(("", "text", "txt", "plaintext", "plain", "code", "query"))


class TooMuch(Exception):
    """The text holds more than any answer does, and reading on would take too long."""


@dataclass(frozen=True, slots=True)
class CodeBlock:
    language: str
    """The first word of the fence's info, lower case; '' without one."""
    content: str
    start: int
    """Where the opening fence stands."""
    end: int
    """Behind the closing fence; the text's length when there is none."""


@dataclass(frozen=True, slots=True)
class CodeSpan:
    content: str
    start: int
    end: int
    """Offsets with the backticks."""


_RUN = re.compile(r"[`~](?:(?<=`)``+|(?<=~)~~+)")  # begins with a set: `re` skips to it
_TICKS = re.compile(r"`+")
_BEFORE_OPENING = re.compile(
    r"(?P<quote>(?:[ \t]*>)*)[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?P<label>[^`~]*)"
)
_BEFORE_CLOSING = re.compile(r"(?:[ \t]*>)*[ \t]*")
_WORD = re.compile(r"[\w/+-]+")
_STATEMENT_IN_INFO = re.compile(
    r"\(?\s*(?:SELECT|WITH|INSERT|UPDATE|DELETE|MERGE|DROP|CREATE|ALTER|TRUNCATE|BEGIN|DECLARE)\s",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n[ \t]*+\n")
_MAX_PREFIX = 200
_MAX_RUNS = 20_000
_MAX_INNER_RUNS = 20
_MAX_INNER_CHARS = 20_000


def fenced_blocks(text: str) -> tuple[list[CodeBlock], str]:
    """The fenced blocks of a text, and the text without them.

    A fence is closed by the same character, at least as often, alone on its line; one that is not
    closed runs to the end. A fence of backticks has none in its info. Three things are read that
    CommonMark does not know, and that no SQL can mean: a fence behind a label on its line, a
    statement that begins in the info, and backticks behind SQL, outside of its literals and
    comments, that end the block without a line of their own.

    Raises:
        TooMuch: more fences than any answer has.
    """
    blocks: list[CodeBlock] = []
    if "```" not in text and "~~~" not in text:
        return blocks, text
    at = 0
    inner_runs = 0
    mark = language = head = ""
    depth = opened = content_from = 0

    def close(content_to: int, end: int) -> None:
        content = text[content_from:content_to]
        if depth:
            content = re.sub(rf"^(?:[ \t]*>){{1,{depth}}} ?", "", content, flags=re.MULTILINE)
        content = f"{head}\n{content}" if head else content
        if content.strip():
            blocks.append(CodeBlock(language, content, opened, end))

    for number, run in enumerate(_RUN.finditer(text)):
        if number >= _MAX_RUNS:
            raise TooMuch
        if run.start() < at:
            continue
        before = _line_before(text, run.start())
        if before is None:
            continue
        line_end = text.find("\n", run.end())
        line_end = len(text) if line_end < 0 else line_end
        behind = text[run.end() : line_end]
        if mark:
            if run.group()[0] != mark[0] or len(run.group()) < len(mark):
                continue
            own_line = _BEFORE_CLOSING.fullmatch(before) is not None
            if own_line and not behind.strip():
                close(max(run.start() - len(before) - 1, content_from), line_end)
                mark, at = "", line_end
                continue
            inner_runs += 1
            if inner_runs > _MAX_INNER_RUNS or not _ends_sql(
                language, mark, text[content_from : run.start()]
            ):
                continue
            close(run.start(), run.end())
            mark, at = "", run.end()
            if not (own_line and _opens(run.group(), behind)):
                continue
        opening = _BEFORE_OPENING.fullmatch(before)
        if opening is None or not _opens(run.group(), behind):
            continue
        language, head = _info(behind)
        if opening["label"] and (run.group()[0] == "~" or language not in SQL_LANGUAGES):
            language = head = ""
            continue
        mark, depth = run.group(), opening["quote"].count(">")
        opened, content_from = run.start() - len(before), min(line_end + 1, len(text))
        at = run.end()
        if mark[0] == "~" and head.rstrip().endswith(mark):
            head = head.rstrip().removesuffix(mark)
            close(content_from, line_end) if not head else blocks.append(
                CodeBlock(language, head, opened, line_end)
            )
            mark, at = "", line_end
    if mark:
        close(len(text), len(text))
    outside: list[str] = []
    done = 0
    for block in blocks:
        outside.append(text[done : block.start])
        done = block.end
    outside.append(text[done:])
    return blocks, "\n".join(outside)


def _line_before(text: str, at: int) -> str | None:
    """What stands before `at` on its line; None where that is too long for a fence."""
    window = text[max(0, at - _MAX_PREFIX) : at]
    line_start = window.rfind("\n")
    if line_start < 0 and len(window) == _MAX_PREFIX:
        return None
    return window[line_start + 1 :]


def _opens(mark: str, info: str) -> bool:
    return mark[0] == "~" or "`" not in info


def _ends_sql(language: str, mark: str, content: str) -> bool:
    """Whether backticks here stand outside of all literals and comments of a block of SQL."""
    if mark[0] == "~" or language not in SQL_LANGUAGES | TEXT_LANGUAGES:
        return False
    if len(content) > _MAX_INNER_CHARS:
        return False
    last = next(iter(deque(tokens(content, comments=True), maxlen=1)), None)
    if last is None or last.kind == "bad":
        return False
    return not (last.text.startswith("--") and last.end == len(content))


def _info(info: str) -> tuple[str, str]:
    """The language of a fence, and the statement that begins behind it on the same line."""
    info = info.strip()
    if _STATEMENT_IN_INFO.match(info):
        return "", info
    word = _WORD.search(info)
    if word is None:
        return "", ""
    behind = info[word.end() :].strip()
    language = word.group().lower()
    return language, behind if _STATEMENT_IN_INFO.match(behind) else ""


def code_spans(text: str) -> list[CodeSpan]:
    """What stands between two runs of equally many backticks in one paragraph.

    Raises:
        TooMuch: more backticks than any answer has.
    """
    if "`" not in text:
        return []
    runs = list(islice(_TICKS.finditer(text), _MAX_RUNS + 1))
    if len(runs) > _MAX_RUNS:
        raise TooMuch
    breaks = {
        number
        for number, (left, right) in enumerate(pairwise(runs))
        if _BLANK_LINE.search(text, left.end(), right.start())
    }
    closing: dict[int, int] = {}
    partner: dict[int, int] = {}
    for number in range(len(runs) - 1, -1, -1):
        if number in breaks:
            closing.clear()
        width = len(runs[number].group())
        if width in closing:
            partner[number] = closing[width]
        closing[width] = number
    spans: list[CodeSpan] = []
    number = 0
    while number < len(runs):
        if number not in partner:
            number += 1
            continue
        left, right = runs[number], runs[partner[number]]
        inside = text[left.end() : right.start()].strip()
        if len(left.group()) >= 3:
            inside = re.sub(r"^(?:sql|oracle|plsql)\s+", "", inside, flags=re.IGNORECASE)
        spans.append(CodeSpan(inside, left.start(), right.end()))
        number = partner[number] + 1
    return spans


_QUOTED_LINES = re.compile(  # begins with a set of characters, by which `re` skips most of a text
    r"[ \t>](?:(?<=\n\n.)|(?<=[:：]\n.)|(?<=\A.))(?:(?<=>)|[ \t]{0,2}>)[^\n]*+(?:\n|\Z)"
    r"(?:[ \t]{0,3}>[^\n]*+(?:\n|\Z))*+"
)


def without_quoting(text: str) -> str:
    """The text with its block quotes as plain paragraphs."""
    if ">" not in text:
        return text
    return _QUOTED_LINES.sub(
        lambda lines: re.sub(r"^[ \t]*> ?", "", lines.group(), flags=re.MULTILINE), text
    )
