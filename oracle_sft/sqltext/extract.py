"""From a model's answer to the SQL in it, or a reason why there is none.

Nothing is repaired and nothing is dropped that a guard should see: a second statement stays beside
the first, an invisible character stays in its keyword. Only the wrapping goes. Every step is linear
in the length of the answer, and what could take long has a budget.
"""

import re
import textwrap
import unicodedata
from dataclasses import dataclass

from oracle_sft.sqltext.markdown import (
    SQL_LANGUAGES,
    TEXT_LANGUAGES,
    CodeBlock,
    TooMuch,
    code_spans,
    fenced_blocks,
)
from oracle_sft.sqltext.openings import begins_statement, statement_start
from oracle_sft.sqltext.prose import MAX_STATEMENT_CHARS, Reader
from oracle_sft.sqltext.wrappings import (
    is_json,
    json_fields,
    long_strings,
    tagged_answers,
    turns,
    without_prompts,
    without_reasoning,
)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What was found in one answer."""

    sql: str | None
    """The statement's own text without its terminator, or None."""
    reason: str
    """`found`, or why not: `empty`, `no_sql`, `several`, `too_long`, `unfinished_reasoning`."""
    candidates: tuple[str, ...] = ()
    """Everything that was taken for SQL, without repetitions."""


def extract(text: str) -> Extraction:
    """The one SQL statement of a model's answer.

    Reasoning blocks are dropped first. Then the first wrapping that holds SQL decides: a JSON
    object with a field for it, `<sql>` tags, fenced blocks, inline code, bare text. Two different
    statements in separate places are a refusal; two in one place are left for the guardrail.
    """
    try:
        return _extract(text, Reader())
    except TooMuch:
        return Extraction(None, "too_long")


_INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00a0\u00ad\u061c\u180e\u2028\u2029\u3000"
_INVISIBLE += "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_INVISIBLE_ENDS = " \t\n\r\f\v" + _INVISIBLE
_HIDDEN = dict.fromkeys(map(ord, _INVISIBLE))
_LEADING_BLANK_LINES = re.compile(r"(?:[ \t\r\f\v]*+\n)++")
_MAX_DEPTH = 4
_MAX_CANDIDATES = 1_000


def _extract(text: str, reader: Reader) -> Extraction:
    text = _ends_stripped(text.replace("\r\n", "\n"))
    if not text:
        return Extraction(None, "empty")
    if _is_bare_query(text, reader):
        return _chosen([found.sql for found in reader.statements(text)] or [text], reader)
    if is_json(text):  # its texts may hold any mark
        return _chosen(_in_json(text, reader, 0), reader)
    said = turns(text)
    answers = [without_reasoning(turn) for turn in said or []]
    if not answers or None in answers:
        return Extraction(None, "unfinished_reasoning")
    shown = [_ends_stripped(answer) for answer in answers if answer]
    if not any(shown):
        return Extraction(None, "empty")
    return _chosen([sql for answer in shown for sql in _candidates(answer, reader, 0)], reader)


def _ends_stripped(text: str) -> str:
    """Without blanks and invisible characters at the ends; the first line keeps its indent."""
    text = text.lstrip(_INVISIBLE).rstrip(_INVISIBLE_ENDS)
    leading = _LEADING_BLANK_LINES.match(text)
    return text[leading.end() :].lstrip(_INVISIBLE) if leading else text


_SELECT_OR_WITH = re.compile(r"[\s(]*(?:SELECT|WITH)\b", re.IGNORECASE)
_FROM = re.compile(r"\bFROM\b", re.IGNORECASE)
_FEW_WORDS = re.compile(r"[\w\s]{0,200}")


def _is_bare_query(text: str, reader: Reader) -> bool:
    """Whether the answer is a query and nothing else; its literals may hold any wrapping."""
    if len(text) > MAX_STATEMENT_CHARS:
        return False
    start = statement_start(text)
    if not _SELECT_OR_WITH.match(text, start) or not reader.is_query(text):
        return False
    # `Select wisely` is a query without FROM to the parser.
    is_shouted = text[start : start + 6].strip("( \n").isupper()
    return is_shouted or not _FEW_WORDS.fullmatch(text) or _FROM.search(text) is not None


def _chosen(found: list[str], reader: Reader) -> Extraction:
    distinct: dict[tuple[str, ...], str] = {}
    for candidate in dict.fromkeys(found):
        if len(candidate) > MAX_STATEMENT_CHARS or len(distinct) > _MAX_CANDIDATES:
            return Extraction(None, "too_long")
        sql, reading = _trimmed(candidate, reader)
        if sql:
            distinct.setdefault(reading, sql)
    candidates = tuple(distinct.values())
    if not candidates:
        return Extraction(None, "no_sql")
    if len(candidates) > 1:
        return Extraction(None, "several", candidates)
    return Extraction(candidates[0], "found", candidates)


def _trimmed(candidate: str, reader: Reader) -> tuple[str, tuple[str, ...]]:
    """Without common indent, blank ends and terminators; '' where no token is left.

    A statement that only repeats itself is one. With the text comes what two candidates share when
    they are the same statement.
    """
    sql = textwrap.dedent(_ends_stripped(candidate)).strip(_INVISIBLE_ENDS)
    lexed = reader.lexed(sql)
    reading = [token.name or token.text for token in lexed]
    body = len(lexed)
    while body and reading[body - 1] in (";", "/"):
        body -= 1
    if not body:
        return "", ()
    if ";" in reading[:body]:
        one = reading.index(";")
        step = one + 1 + (reading[one + 1 : one + 2] == ["/"])
        rest = reading[step:body]
        if one and all(
            rest[at : at + step] in (reading[:step], reading[:one])
            for at in range(0, len(rest), step)
        ):
            body = one
    if body < len(lexed):
        sql = sql[: lexed[body - 1].end].rstrip(_INVISIBLE_ENDS)
    return sql, tuple(reading[:body])


# --- wrappings, the outermost first ---------------------------------------------------------------


def _candidates(text: str, reader: Reader, depth: int, *, says_sql: bool = False) -> list[str]:
    """Candidates of an answer or of what is wrapped in it; `says_sql`: all of it is meant as SQL."""
    if depth > _MAX_DEPTH:
        return []
    if text.startswith(("{", "[{", '["')):
        found = _in_json(text, reader, depth)
        if found:
            return found
    blocks, rest = fenced_blocks(text)
    tagged = tagged_answers(text, [(block.start, block.end) for block in blocks])
    found = [
        sql
        for says, inside in tagged
        for sql in _candidates(_ends_stripped(inside), reader, depth + 1, says_sql=says)
    ]
    if found:
        return found
    before = _BARE_FENCE.search(text) if "```" in text else None
    if before and _ends_a_query(text, before.start(), blocks, reader):
        return _unmarked(text[: before.start()], reader) + _candidates(
            text[before.end() :], reader, depth + 1
        )
    found = _in_blocks(blocks, reader, depth)
    if found:
        return found
    return (
        _in_json(rest, reader, depth)
        or _in_spans_and_prose(rest, reader)
        or ([text] if says_sql and not blocks else [])
    )


_BARE_FENCE = re.compile(r"^[ \t]*```+[ \t]*$", re.MULTILINE)


def _ends_a_query(text: str, at: int, blocks: list[CodeBlock], reader: Reader) -> bool:
    """Whether the first fence closes a query that the answer began with, its own fence unseen."""
    if not begins_statement(text) or (blocks and blocks[0].start < at):
        return False
    before = text[:at].rstrip()
    return before.endswith(";") or reader.is_query(before)


def _in_json(text: str, reader: Reader, depth: int) -> list[str]:
    found: list[str] = []
    for says_sql, value in json_fields(text):
        found += _candidates(_ends_stripped(value), reader, depth + 1, says_sql=says_sql)
    return found


# What a step of an explanation shows of a query; none of it can be run.
_FRAGMENT = re.compile(
    r"(?:FROM|WHERE|(?:INNER|LEFT|RIGHT|FULL|CROSS|NATURAL)\b|JOIN|ON|GROUP\s+BY|ORDER\s+BY|HAVING"
    r"|AND|OR|FETCH|OFFSET|CONNECT\s+BY|START\s+WITH)\b",
    re.IGNORECASE,
)


def _in_blocks(blocks: list[CodeBlock], reader: Reader, depth: int) -> list[str]:
    found: list[str] = []
    fragments: list[str] = []
    mislabelled: list[str] = []
    for block in blocks:
        says_sql = block.language in SQL_LANGUAGES
        if says_sql or block.language in TEXT_LANGUAGES:
            content = without_prompts(block.content)
            if begins_statement(content):
                found += _unmarked(content, reader)
            elif says_sql and _FRAGMENT.match(content, statement_start(content)):
                fragments.append(content)
            elif says_sql:
                found += _in_labelled_block(content, reader)
            else:
                found += _candidates(content.strip("\n"), reader, depth + 1)
        elif block.language in _PROGRAMS:
            for inside in long_strings(block.content):
                if begins_statement(inside):
                    found += _unmarked(inside, reader)
        elif block.language in _CARRIERS:
            found += _candidates(block.content.strip(), reader, depth + 1)
        elif block.language in _OTHER_MARKUP:
            mislabelled += _candidates(block.content.strip(), reader, depth + 1)
        elif begins_statement(block.content):
            mislabelled += _unmarked(block.content, reader)
    return found or fragments or mislabelled


_PROGRAMS = {"python", "py", "python3", "ipython", "java", "kotlin"}
_CARRIERS = set("markdown md json jsonc json5 jsonl tool_call tool_code answer".split())
# What these hold is an answer only where no other block is one.
_OTHER_MARKUP = set("xml html yaml yml console".split())


def _unmarked(content: str, reader: Reader) -> list[str]:
    """Statements of a text that begins with one."""
    return [found.sql for found in reader.statements(content)] or [content]


def _in_labelled_block(content: str, reader: Reader) -> list[str]:
    """Of a block that says it is SQL and begins otherwise: behind a label, or all of it."""
    if statement_start(content) >= len(content.rstrip(_INVISIBLE_ENDS)):
        return []
    found = [each for each in reader.statements(content) if each.is_set_apart]
    if not found:
        return [content]
    head = content[: content.find(found[0].sql)]
    return [content] if ";" in head else [each.sql for each in found]


def _in_spans_and_prose(text: str, reader: Reader) -> list[str]:
    text = without_prompts(text)
    spans = [span for span in code_spans(text) if _is_whole_statement(span.content, reader)]
    outside: list[str] = []
    done = 0
    for span in spans:
        outside += [text[done : span.start], " " * (span.end - span.start)]
        done = span.end
    outside.append(text[done:])
    bare = reader.statements("".join(outside))
    if not spans:
        return [found.sql for found in bare] or _hidden_statement(text)
    apart = [found.sql for found in bare if found.is_set_apart]
    # Beside a statement of its own, a span that repeats a part of it is talk about it.
    shown = [" ".join(reader.names(sql)) for sql in apart]
    others = {
        span.content: None
        for span in spans
        if not any(" ".join(reader.names(span.content)) in sql for sql in shown)
    }
    return [*apart, *others]


def _is_whole_statement(span: str, reader: Reader) -> bool:
    """Whether inline code is a statement: talk about SQL shows words and clauses of it too."""
    if not begins_statement(span):
        return False
    return not _SELECT_OR_WITH.match(span) or "FROM" in reader.names(span)


def _hidden_statement(text: str) -> list[str]:
    """A text that is a statement but for its characters: the guardrail shall name them."""
    if len(text) > MAX_STATEMENT_CHARS or text.isascii():
        return []
    seen = unicodedata.normalize("NFKC", text.translate(_HIDDEN))
    return [text] if begins_statement(seen) and _FROM.search(seen) else []
