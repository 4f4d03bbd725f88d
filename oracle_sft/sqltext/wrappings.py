"""What stands around an answer: chat marks, reasoning, JSON, answer tags, prompts of a client."""

import json
import re
from collections.abc import Iterator

from oracle_sft.sqltext.markdown import TooMuch

_MAX_TAGS = 5_000


def _in_quotes(text: str, start: int, end: int) -> bool:
    """Whether a mark stands between apostrophes on its line: it is text of a literal.

    Looks at 200 characters on each side, since marks may be many and lines long.
    """
    if text[start - 1 : start] == "'" == text[end : end + 1]:
        return True
    before = text[max(0, start - 200) : start].rpartition("\n")[2]
    behind = text[end : end + 200].partition("\n")[0]
    return len(_QUOTE.findall(before)) % 2 == 1 and "'" in behind


# An apostrophe, but not the one of `it's`.
_QUOTE = re.compile(r"(?<![^\W\d_])'|(?<=\b[nNqQ])'|'(?![^\W\d_])")


# --- chat marks -----------------------------------------------------------------------------------

_SPECIAL = (
    r"\|(?!(?:begin|end)_of_(?:thought|solution)\||(?:start|end)_thinking\|)"
    r"[A-Za-z][\w ]{0,40}\|>|\uff5c[^\uff5c<>\n]{1,40}\uff5c>"
)
# Patterns begin with a set of characters, by which `re` skips most of a text, and look ahead behind
# it, which turns away most of a hostile one.
_CHAT_MARK = re.compile(
    r"[<\[](?=[|/\uff5cesbpi])(?=[|\uff5c]|/?[sebpi][>notad])(?:(?<=<)"
    rf"(?:{_SPECIAL}|/?s>|(?:end|start)_of_turn>|(?:eos|bos|pad)>)|(?<=\[)/?INST\])",
    re.IGNORECASE,
)
_CHAT_START = re.compile(
    rf"(?:<(?:{_SPECIAL}|start_of_turn>)[ \t]*(?:(?:assistant|model)\b)?|<s>|<bos>|\[/INST\]|\s)+",
    re.IGNORECASE,
)
_PROMPT = re.compile(
    r"(?:<s>|<bos>|<\|begin_of_text\|>|\s)*+(?:\[INST\]|<start_of_turn>user|<\|(?:system|user)\|>"
    r"|<\|(?:im_start|start_header_id|start_of_role)\|>(?:system|user))",
)
_ASSISTANT = re.compile(
    r"\[/INST\]|<\|im_start\|>assistant|<\|start_header_id\|>assistant<\|end_header_id\|>"
    r"|<start_of_turn>model|<\|assistant\|>|<\|start_of_role\|>assistant<\|end_of_role\|>"
)
_CHANNEL = re.compile(r"<\|channel\|>\s*(\w+)[^<]{0,80}(?:<\|constrain\|>\w*)?<\|message\|>")
_BARE_CHANNELS = re.compile(r"analysis(?=[A-Z\s])")


def turns(text: str) -> list[str] | None:
    """What the model itself said: one text, or more where a prompt with examples is repeated.

    What follows a mark that ends the turn is no answer. None: only the reasoning is there.
    """
    channels = list(_CHANNEL.finditer(text, 0, 2_000_000)) if "<|channel|>" in text else []
    if channels:
        final = [found for found in channels if found.group(1) != "analysis"]
        return [_turn(text, final[-1].end())] if final else None
    if _BARE_CHANNELS.match(text) and "assistantfinal" in text:
        return [text.rpartition("assistantfinal")[2]]
    if _PROMPT.match(text):
        starts = [found.end() for found in _ASSISTANT.finditer(text)]
        if len(starts) > 50:
            raise TooMuch
        if starts:
            return [_turn(text, start) for start in starts]
    start = _CHAT_START.match(text)
    return [_turn(text, start.end() if start and start.group().strip() else 0)]


def _turn(text: str, start: int) -> str:
    for number, mark in enumerate(_CHAT_MARK.finditer(text, start)):
        if number > _MAX_TAGS:
            raise TooMuch
        if not _in_quotes(text, mark.start(), mark.end()):
            return text[start : mark.start()]
    return text[start:]


# --- reasoning ------------------------------------------------------------------------------------

_REASONING = "think|thinking|thought|thoughts|reasoning|reflection|analysis|scratchpad|planning"
_REASONING_TAG = re.compile(
    r"[<\[\u25c1](?=[/|a-z])(?=\||/?[a-z]{4})(?:(?<=<)"
    rf"(?:(?P<a>/?)(?:\w{{1,8}}:)?(?:ant)?(?:{_REASONING})(?:[ \t][^<>\n]{{0,80}})?>"
    r"|\|(?:begin|start|(?P<d>end))_(?:of_thought|thinking)\|>)"
    r"|(?<=\[)(?P<b>/?)THINK\]|(?<=\u25c1)(?P<c>/?)think\u25b7)",
    re.IGNORECASE,
)
_SOLUTION = re.compile(r"<\|(?:begin|end)_of_solution\|>")


def without_reasoning(text: str) -> str | None:
    """The text outside of reasoning blocks; None when a block never ends."""
    pieces: list[str] = []
    kept_from, depth = 0, 0
    for number, tag in enumerate(_REASONING_TAG.finditer(text)):
        if number > _MAX_TAGS:
            raise TooMuch
        if depth == 0 and _in_quotes(text, tag.start(), tag.end()):
            continue
        if not any(tag.groups()):
            if depth == 0:
                pieces.append(text[kept_from : tag.start()])
            depth += 1
        else:
            if depth == 0:
                pieces.clear()  # only the end is visible: all before it was reasoning
            depth = 0
            kept_from = tag.end()
    return None if depth else _SOLUTION.sub("\n", "".join([*pieces, text[kept_from:]]))


# --- JSON -----------------------------------------------------------------------------------------

SQL_FIELDS = frozenset(
    "sql sql_query sqlquery oracle_sql generated_sql final_sql sql_statement".split()
)
_MAYBE_SQL_FIELDS = frozenset(
    "query statement answer final_answer output response result code content input arguments"
    " parameters tool_input final_query generated_query".split()
)
_JSON_KEY = re.compile(
    rf'"(?=[a-z_]{{3}})(?:{"|".join(sorted(SQL_FIELDS | _MAYBE_SQL_FIELDS))})"\s{{0,20}}:',
    re.IGNORECASE,
)
_JSON_START = re.compile(r'(?:^|(?<=[\s:>\]]))(?=[\[{]\s{0,20}["{\[])')
_MAX_JSON_CHARS = 500_000
_MAX_JSON_NODES = 20_000
_MAX_JSON_VALUES = 20


class _Pairs(list[tuple[str, object]]):
    """A JSON object with every pair, also where a key stands twice."""


def json_fields(text: str) -> list[tuple[bool, str]]:
    """The texts in a JSON answer's fields for SQL, and whether the field's name says `sql`.

    The JSON may stand behind prose, and inside of a list, an object or a tool call; several values
    may follow each other.
    """
    if not _JSON_KEY.search(text) and not text.startswith('["'):
        return []
    decoder = json.JSONDecoder(strict=False, object_pairs_hook=_Pairs)
    window = text[:_MAX_JSON_CHARS]
    found: list[tuple[bool, str]] = []
    at = failed = values = 0
    while failed < 5 and values < _MAX_JSON_VALUES and (start := _JSON_START.search(window, at)):
        try:
            said, at = decoder.raw_decode(window, start.end())
        except (ValueError, RecursionError):
            at = start.end() + 1
            failed += 1
            continue
        values += 1
        found += _fields(said)
    return found


def is_json(text: str) -> bool:
    """Whether all of the text is one JSON object or list."""
    if text[:1] not in ("{", "[") or text[-1:] not in ("}", "]") or len(text) > _MAX_JSON_CHARS:
        return False
    try:
        json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return False
    return True


def _fields(said: object) -> Iterator[tuple[bool, str]]:
    waiting: list[tuple[str, object]] = [("query", said)]
    nodes = 0
    while waiting:
        name, value = waiting.pop()
        nodes += 1
        if nodes > _MAX_JSON_NODES:
            raise TooMuch
        if isinstance(value, _Pairs):
            waiting += [(str(key).lower(), inside) for key, inside in reversed(value)]
        elif isinstance(value, list):
            waiting += [(name, inside) for inside in reversed(value)]
        elif isinstance(value, str) and value.strip():
            if name in SQL_FIELDS:
                yield True, value.replace("\r\n", "\n")
            elif name in _MAYBE_SQL_FIELDS:
                yield False, value.replace("\r\n", "\n")


# --- answer tags ----------------------------------------------------------------------------------

_SAYS_SQL = frozenset(("sql", "sql_query", "sqlquery", "oracle_sql", "oracle", "query"))
_ANSWER_TAG = re.compile(
    r"(?P<open>[<\[])(?=[a-z])(?=[a-z]{3}|[bp]>)(?P<name>sql|sql_query|sqlquery|query|oracle_sql|oracle|answer|final_answer"
    r"|final|response|solution|output|result|statement|code|pre|b|strong|p|tool_call|function_call)"
    r"(?:[ \t]+\w+=[^<>\n]{0,80})?[>\]]",
    re.IGNORECASE,
)
_CLOSING_ONLY = re.compile(r"(?:</(?:sql|sql_query|query|answer|code)>|\[/SQL\])", re.IGNORECASE)
_CDATA = re.compile(r"\A\s*<!\[CDATA\[(.*?)\]\]>\s*\Z", re.DOTALL)
_MAX_ANSWER_TAGS = 2_000


def tagged_answers(text: str, blocks: list[tuple[int, int]]) -> list[tuple[bool, str]]:
    """The contents of answer tags outside of `blocks`, and whether the tag says that it is SQL.

    A tag that never ends holds the rest; one that never begins holds what stands before it.
    """
    found: list[tuple[bool, str]] = []
    at = block = 0
    for number, opening in enumerate(_ANSWER_TAG.finditer(text)):
        if number > _MAX_ANSWER_TAGS:
            raise TooMuch
        if opening.start() < at:
            continue
        while block < len(blocks) and blocks[block][1] <= opening.start():
            block += 1
        if block < len(blocks) and blocks[block][0] <= opening.start():
            continue
        name = opening["name"].lower()
        if (opening["open"] == "[") != (opening.group()[-1] == "]") or (
            opening["open"] == "[" and name not in ("sql", "answer")
        ):
            continue
        if _in_quotes(text, opening.start(), opening.end()):
            continue
        closing = rf"</{name}>" if opening["open"] == "<" else rf"\[/{name}\]"
        ending = re.compile(closing, re.IGNORECASE).search(text, opening.end())
        end = ending.start() if ending else -1
        inside = text[opening.end() : end if end >= 0 else len(text)]
        cdata = _CDATA.match(inside)
        inside = cdata.group(1) if cdata else inside
        if inside.strip():
            found.append((name in _SAYS_SQL, inside))
        at = end + 1 if end >= 0 else len(text)
    if not found and not blocks:
        ending = _CLOSING_ONLY.search(text)
        if ending and not _in_quotes(text, ending.start(), ending.end()):
            return [(False, text[: ending.start()])]
    return found


# --- clients and programs -------------------------------------------------------------------------

_PROMPT_LINE = re.compile(r"^[ \t]{0,8}SQL>[ \t]?", re.MULTILINE | re.IGNORECASE)
_NUMBERED = re.compile(r"[ \t]*(\d{1,3})[ \t]{1,2}")
_MAX_PROMPT_LINES = 5_000
_TRIPLE_QUOTED = re.compile(r'("""|\'\'\')(.*?)\1', re.DOTALL)


def without_prompts(text: str) -> str:
    """The text without SQL*Plus's prompt and the numbers of the lines that continue a statement."""
    if ">" not in text or not _PROMPT_LINE.search(text):
        return text
    lines = text.split("\n")
    if len(lines) > _MAX_PROMPT_LINES:
        raise TooMuch
    shown: list[str] = []
    expected = 0
    for line in lines:
        prompt = _PROMPT_LINE.match(line)
        numbered = _NUMBERED.match(line)
        if prompt:
            shown.append(line[prompt.end() :])
            expected = 2
        elif expected and numbered and int(numbered.group(1)) == expected:
            shown.append(line[numbered.end() :])
            expected += 1
        else:
            shown.append(line)
            expected = 0
    return "\n".join(shown)


def long_strings(program: str) -> list[str]:
    """The contents of a Python program's triple-quoted strings, as they stand."""
    found = [match.group(2) for match in _TRIPLE_QUOTED.finditer(program)]
    return [inside for inside in found if inside.strip()]
