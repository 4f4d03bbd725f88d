"""From a model's answer to the SQL in it, or a reason why there is none.

Nothing is repaired and nothing is dropped that a guard should see: a second statement stays beside
the first, an invisible character stays in its keyword. Only the wrapping goes. Every step is linear
in the length of the answer.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from oracle_sft.sqltext.lexer import Token, tokens
from oracle_sft.sqltext.markdown import code_spans, fenced_blocks
from oracle_sft.sqltext.parse import SQLSyntaxError, parse, statement_tokens


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
    statements in separate places are a refusal; two in one block are left for the guardrail.
    """
    text = _ends_stripped(text.replace("\r\n", "\n"))
    if not text:
        return Extraction(None, "empty")
    if _is_one_query(text):
        return _chosen([text])
    shown = _without_reasoning(_without_chat_marks(text))
    if shown is None:
        return Extraction(None, "unfinished_reasoning")
    shown = _ends_stripped(shown)
    if not shown:
        return Extraction(None, "empty")
    return _chosen(_candidates(shown))


_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060\u00a0"
_INVISIBLE_ENDS = " \t\n\r\f\v" + _INVISIBLE
_LEADING_BLANK_LINES = re.compile(r"(?:[ \t\r\f\v]*+\n)++")
_MAX_PARSED_CHARS = 20_000
_MAX_STATEMENT_CHARS = 60_000


def _ends_stripped(text: str) -> str:
    """Without blanks and invisible characters at the ends; the first line keeps its indent."""
    text = text.lstrip(_INVISIBLE).rstrip(_INVISIBLE_ENDS)
    leading = _LEADING_BLANK_LINES.match(text)
    return text[leading.end() :] if leading else text


def _chosen(found: list[str]) -> Extraction:
    distinct: dict[tuple[str, ...], str] = {}
    for candidate in found:
        if len(candidate) > _MAX_STATEMENT_CHARS:
            return Extraction(None, "too_long")
        sql = _trimmed(candidate)
        if sql:
            distinct.setdefault(_reading(sql), sql)
    candidates = tuple(distinct.values())
    if not candidates:
        return Extraction(None, "no_sql")
    if len(candidates) > 1:
        return Extraction(None, "several", candidates)
    return Extraction(candidates[0], "found", candidates)


def _trimmed(candidate: str) -> str:
    """Without common indent, blank ends and the last terminator; '' where no token is left."""
    sql = textwrap.dedent(_ends_stripped(candidate)).strip(_INVISIBLE_ENDS)
    lexed = list(tokens(sql))
    body = statement_tokens(lexed)
    if not body:
        return ""
    return sql[: body[-1].end] if len(body) < len(lexed) else sql


def _reading(sql: str) -> tuple[str, ...]:
    """What two candidates share when they are the same statement."""
    return tuple(token.name or token.text for token in tokens(sql))


def _is_one_query(text: str) -> bool:
    if len(text) > _MAX_PARSED_CHARS or not _QUERY_START.match(text):
        return False
    try:
        parse(text)
    except SQLSyntaxError:
        return False
    return True


def _candidates(text: str) -> list[str]:
    found = _from_json(text)
    if found:
        return [sql for inside in found for sql in _in_markdown(inside, trusted=True)]
    tagged = _from_tags(text)
    if tagged:
        return [sql for says, inside in tagged for sql in _in_markdown(inside, trusted=says)]
    return _in_markdown(text, trusted=False)


def _in_markdown(text: str, *, trusted: bool) -> list[str]:
    """Candidates of Markdown; `trusted` text is SQL as a whole when it has no blocks."""
    blocks, rest = fenced_blocks(text)
    found: list[str] = []
    for block in blocks:
        if block.language in ("json", "jsonc"):
            found += _from_json(block.content.strip())
        elif block.language in _MARKDOWN and "```" in block.content:
            found += _in_markdown(block.content, trusted=False)
        elif block.language in _SQL_TAGS | _TEXT_TAGS and _is_sql(
            block.content, tagged=block.language in _SQL_TAGS
        ):
            found.append(block.content)
    if found:
        return found
    if trusted and not blocks:
        return [text]
    spans = [span for span in code_spans(rest) if _is_sql(span, tagged=False)]
    if spans and not _STATEMENT.match(rest.lstrip()):
        return spans
    return list(_in_prose(rest))


_SQL_TAGS = {"sql", "oracle", "plsql", "pl/sql", "oraclesql", "oracle-sql", "oracle_sql", "sqlplus"}
_TEXT_TAGS = {"", "text", "txt", "plaintext", "code", "query"}
_MARKDOWN = {"", "markdown", "md"}


# --- reasoning, chat marks, JSON, tags ------------------------------------------------------------

_REASONING = "think|thinking|thought|thoughts|reasoning|reflection|analysis|scratchpad"
_REASONING_TAG = re.compile(rf"<(/?)(?:{_REASONING})>", re.IGNORECASE)
_CHAT_MARK = re.compile(
    r"<\|(?:im_end|eot_id|endoftext|end_of_text|end|eom_id)\|>|</s>|<end_of_turn>|\[/INST\]"
    r"|<\uff5cend\u2581of\u2581sentence\uff5c>"
)
_CHAT_START = re.compile(
    r"(?:<s>|<\|begin_of_text\|>|<\|im_start\|>\w*|<\|start_header_id\|>\w*<\|end_header_id\|>"
    r"|<\|assistant\|>|<start_of_turn>\w*|\s)+"
)


def _without_chat_marks(text: str) -> str:
    start = _CHAT_START.match(text)
    text = text[start.end() :] if start else text
    for mark in _CHAT_MARK.finditer(text):
        if not _in_quotes(text, mark.start(), mark.end()):
            return text[: mark.start()]
    return text


def _in_quotes(text: str, start: int, end: int) -> bool:
    """Whether a mark stands between apostrophes on its line: it is text of a literal.

    Looks at 200 characters on each side, since marks may be many and lines long.
    """
    before = text[max(0, start - 200) : start].rpartition("\n")[2]
    behind = text[end : end + 200].partition("\n")[0]
    return before.count("'") % 2 == 1 and behind.count("'") % 2 == 1


def _without_reasoning(text: str) -> str | None:
    """The text outside of reasoning blocks; None when a block never ends."""
    pieces: list[str] = []
    kept_from, depth = 0, 0
    for number, tag in enumerate(_REASONING_TAG.finditer(text)):
        if number > _MAX_TAGS:
            return None
        if depth == 0 and _in_quotes(text, tag.start(), tag.end()):
            continue
        if not tag.group(1):
            if depth == 0:
                pieces.append(text[kept_from : tag.start()])
            depth += 1
        else:
            if depth == 0:
                pieces.clear()  # only the end is visible: all before it was reasoning
            depth = 0
            kept_from = tag.end()
    return None if depth else "".join([*pieces, text[kept_from:]])


_SQL_FIELDS = ("sql", "sql_query", "sqlquery", "query", "statement", "oracle_sql", "answer")


def _from_json(text: str) -> list[str]:
    if not text.startswith("{"):
        return []
    try:
        said, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return []
    fields = {str(key).lower(): value for key, value in said.items()}
    for name in _SQL_FIELDS:
        value = fields.get(name)
        if isinstance(value, str) and value.strip():
            return [value.replace("\r\n", "\n")]
    return []


_ANSWER_TAG = re.compile(r"<(sql|sql_query|query|oracle_sql|answer|final_answer)>", re.IGNORECASE)


def _from_tags(text: str) -> list[tuple[bool, str]]:
    """The contents of answer tags, and whether the tag says that it is SQL.

    A tag that never ends holds the rest.
    """
    found: list[tuple[bool, str]] = []
    lowered = text.lower()
    at = 0
    while opening := _ANSWER_TAG.search(text, at):
        end = lowered.find(f"</{opening.group(1).lower()}>", opening.end())
        inside = text[opening.end() : end if end >= 0 else len(text)]
        if inside.strip():
            found.append(("answer" not in opening.group(1).lower(), inside))
        at = end + 1 if end >= 0 else len(text)
    return found


# --- statements in bare text ----------------------------------------------------------------------

_QUERY_START = re.compile(
    r"(?:\s|--[^\n]*+\n|(?>/\*.*?\*/)|\()*+(?:SELECT|WITH)\b", re.IGNORECASE | re.DOTALL
)

# What a statement looks like, and prose with the same first word does not.
_OBJECT = r"(?:TABLE|VIEW|INDEX|USER|ROLE|SEQUENCE|SYNONYM|TRIGGER|PROCEDURE|FUNCTION|PACKAGE|TYPE)"
_STATEMENT = re.compile(
    rf"""
    (?: SELECT\b
      | WITH \s+ (?: "[^"]+" | \w[\w$#]* ) \s* (?: \([\w$#",\s]*\) \s* )? AS \s* \(
      | WITH \s+ (?:FUNCTION|PROCEDURE) \s+ \w
      | \( \s* SELECT\b
      | DELETE \s+ FROM \s+ \S
      | UPDATE \s+ [\w$#."]+ (?: \s+ \w+ )? \s+ SET \s
      | INSERT \s+ (?:INTO|ALL|FIRST) \s
      | MERGE \s+ INTO \s
      | TRUNCATE \s+ TABLE \s
      | DROP \s+ {_OBJECT} \s
      | ALTER \s+ (?: SESSION | SYSTEM | DATABASE | {_OBJECT} ) \s
      | CREATE \s+ (?: OR \s+ REPLACE \s | GLOBAL \s | UNIQUE \s | {_OBJECT} \s )
      | (?: GRANT | REVOKE ) \s+ [\w\s,]+? \s (?: ON | TO | FROM ) \s
      | DECLARE \s+ \w | BEGIN \s+ [\w<:] | CALL \s+ [\w.]+ \s* \(
      | EXEC(?:UTE)? \s+ [\w.]+ | (?: COMMIT | ROLLBACK ) \s* ; | LOCK \s+ TABLE \s
      | EXPLAIN \s+ PLAN \s
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
_STATEMENT_WORD = re.compile(r"(?<![\w$#.\"'`])(?:SELECT|WITH)\b", re.IGNORECASE)
_LABEL = re.compile(
    r"^[ \t*_#>]*+[A-Za-z][A-Za-z ]{0,24}(?:\*\*)?:(?:\*\*)?(?:[ \t]|$)", re.MULTILINE
)
# Behind a statement these labels open talk about it, whose words are no further statements.
_TALK = re.compile(
    r"^[ \t*_#>]*+(?:explanations?|notes?|reason(?:ing)?|(?:sql)?result|output|observation)\b"
    r"[ *_]*:",
    re.MULTILINE | re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n[ \t]*+\n")
_LEADING_COMMENTS = re.compile(r"(?:\s|--[^\n]*+(?:\n|\Z)|(?>/\*.*?\*/))++", re.DOTALL)
_BETWEEN_STATEMENTS = re.compile(r"(?:\s|;|/(?!\*)|--[^\n]*+(?:\n|\Z)|(?>/\*.*?\*/))++", re.DOTALL)
_MAX_STARTS = 20
_MAX_TAGS = 10_000
_MAX_CUTS = 30


def _is_sql(text: str, *, tagged: bool) -> bool:
    """Whether a block holds SQL; of a block that says so itself only that it is not empty."""
    comments = _LEADING_COMMENTS.match(text)
    begins = text[comments.end() :] if comments else text
    if tagged:
        return bool(begins.strip(_INVISIBLE_ENDS))
    found = _STATEMENT.match(begins)
    if found is None:
        return False
    if found.group().upper() != "SELECT":
        return True
    return len(list(islice(tokens(begins), 2))) == 2


def _in_prose(text: str) -> Iterator[str]:
    """Statements in text without any marking."""
    comments = _LEADING_COMMENTS.match(text)
    first = comments.end() if comments else 0
    if _STATEMENT.match(text, first) and not _STATEMENT_WORD.match(text, first):
        yield text  # begins like DML, DDL or a bracketed query: all of it is for the guardrail
        return
    at = spent = 0
    talk = len(text)
    for number, start in enumerate(_STATEMENT_WORD.finditer(text)):
        if number >= _MAX_STARTS or spent > _MAX_STATEMENT_CHARS or start.start() > talk:
            return
        if start.start() < at or not _STATEMENT.match(text, start.start()):
            continue
        end = _statement_end(text, start.start(), whole=start.start() == first)
        if end is None:
            spent += min(len(text) - start.start(), _MAX_STATEMENT_CHARS)
        else:
            following = _TALK.search(text, end)
            talk = following.start() if following else talk
            # Comments before the first statement belong to it, prose does not; its indent does.
            begins = 0 if start.start() == first else _line_start(text, start.start())
            yield text[begins:end]
            at = end


def _line_start(text: str, at: int) -> int:
    """The start of the line if only blanks stand before `at` on it, else `at`."""
    line = text.rfind("\n", 0, at) + 1
    return at if text[line:at].strip() else line


def _statement_end(text: str, start: int, *, whole: bool) -> int | None:
    """Where the statement that begins at `start` ends; None if it is prose."""
    limit = min(_label_after(text, start), start + _MAX_STATEMENT_CHARS)
    lexed: list[Token] = []
    ended = None
    for token in tokens(text[start:limit]):
        if token.text == ";":
            ended = start + token.end
            break
        lexed.append(token)
    if not _reads_from(lexed):
        return None
    if ended is None:
        ended = _longest_query(text, start, limit)
    if ended is not None:
        # What follows at once and is a statement too stays: the guardrail must see it.
        following = _BETWEEN_STATEMENTS.match(text, ended)
        after = following.end() if following else ended
        more = _STATEMENT.match(text, after) and not _is_mere_word(text, after)
        return len(text) if more else ended
    # Legal SQL that the parser does not know is still SQL where it is all there is.
    alone = (
        whole
        or text[_line_start(text, start) : start].strip() == ""
        or text[max(start - 2, 0)] == ":"
    )
    return limit if alone and text[start : start + 4] in ("SELE", "sele", "WITH", "with") else None


def _label_after(text: str, start: int) -> int:
    """Where the next `Label:` line begins, or the end."""
    line_end = text.find("\n", start)
    if line_end < 0:
        return len(text)
    label = _LABEL.search(text, line_end + 1)
    return label.start() if label else len(text)


def _is_mere_word(text: str, at: int) -> bool:
    """Whether SELECT or WITH is a word of a sentence here (`SELECT is read-only.`)."""
    word = _STATEMENT_WORD.match(text, at)
    return word is not None and not _reads_from(list(islice(tokens(text[at : at + 2000]), 400)))


def _reads_from(lexed: list[Token]) -> bool:
    return any(token.name == "FROM" for token in lexed[1:])


def _longest_query(text: str, start: int, end: int) -> int | None:
    """The end of the longest run of lines from `start` that is one query."""
    if end - start > _MAX_PARSED_CHARS:
        return None
    paragraphs = [start + found.start() for found in _BLANK_LINE.finditer(text[start:end])]
    lines = [start + found.start() for found in re.finditer(r"\n", text[start:end])]
    for cut in (end, *paragraphs[::-1][:_MAX_CUTS], *lines[::-1][:_MAX_CUTS]):
        query = text[start:cut].rstrip()
        if _is_one_query(query):
            return cut
        if query.endswith(".") and _is_one_query(query[:-1]):  # the end of a sentence
            return start + len(query) - 1
    return None
