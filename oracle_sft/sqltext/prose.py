"""SQL statements in bare text: where they begin among words, and where they end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from oracle_sft.sqltext.lexer import Token, tokens
from oracle_sft.sqltext.markdown import TooMuch, without_quoting
from oracle_sft.sqltext.openings import COMMAND, PROGRAM, START, STATEMENT, statement_start
from oracle_sft.sqltext.parse import SQLSyntaxError, parse

_CONNECTORS = frozenset("but which and so then while because or to that it this since as".split())
_ARTICLES = frozenset("A AN THE YOUR MY OUR THOSE THESE WHICH SOME EVERY".split())

# Words that go on with a query; any other word on a new line is an alias or the end of it.
_CONTINUATION = frozenset(
    """
    SELECT FROM WHERE AND OR NOT ON USING JOIN INNER LEFT RIGHT FULL OUTER CROSS NATURAL LATERAL
    GROUP ORDER HAVING BY CONNECT START UNION INTERSECT MINUS EXCEPT ALL DISTINCT FETCH OFFSET FOR
    WITH AS IN IS BETWEEN LIKE EXISTS CASE WHEN THEN ELSE END PIVOT UNPIVOT MODEL MATCH_RECOGNIZE
    QUALIFY WINDOW SAMPLE PARTITION SUBPARTITION OVER WITHIN ASC DESC NULLS LIMIT ROWS ROW RANGE
    GROUPS KEEP IGNORE RESPECT SEARCH CYCLE SET RETURN REFERENCE DIMENSION MEASURES RULES MAIN
    VERSIONS PARTITIONED LOG RETURNING INTO VALUES UPDATE NOWAIT SKIP WAIT ESCAPE COLLATE AT
    MULTISET MEMBER SUBMULTISET APPLY ANY ONLY PERCENT TIES NOCYCLE PRIOR ROLLUP CUBE GROUPING
    CONTAINERS SHARDS EXTERNAL XML INCLUDE EXCLUDE DEFINE PATTERN AFTER ONE PER MATCH SUBSET
    """.split()
)
_CLOSING_MARKS = dict(zip("“‘«「『„[{*", "”’»」』“]}*", strict=True))
_ENTITY = re.compile(r"&#?\w{1,10}\Z")
# A query does not end before these, whatever stands there.
_CLAUSES = frozenset("WHERE GROUP ORDER HAVING UNION INTERSECT MINUS JOIN FETCH CONNECT".split())

_LABEL = re.compile(
    r"[ \t*_#>]*+[A-Za-z][A-Za-z ]{0,24}(?:\*\*|__)?[:：](?:\*\*|__)?(?:[ \t]|$)", re.MULTILINE
)
# Behind a statement these labels open talk about it, whose words are no further statements.
_TALK = re.compile(
    r"^[ \t*_#>]*+(?:explanations?|notes?|reason(?:ing)?|(?:sql)?result|output|observation)\b"
    r"[ *_]{0,4}:",
    re.MULTILINE | re.IGNORECASE,
)
_LINE_LEAD = re.compile(r"[ \t>*_#(\[•\u2013-]*(?:\d{1,3}[.)][ \t]*)?[ \t*_(]*")
_AFTER_LABEL = re.compile(r"[:：>;；][*_]*[ \t]*[(*_\"“'‘«「『]*\Z")
_LISTED = re.compile(r"^[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+[*_(]*\Z", re.MULTILINE)
_RULE = re.compile(r"(?:\s*^-{3,}[ \t]*\n(?=[ \t]*\n))+", re.MULTILINE)
_WORD = re.compile(r"[A-Za-z]+")
_BLOCK_COMMENT = re.compile(r"/\*.*?\*/")
_OPEN_BRACKETS = re.compile(r"(?:\([ \t\r\n]*)+\Z")
_COMMENTS_BEFORE = re.compile(
    r"(?:^[ \t]*+(?:--[^\n]*+\n|(?:/\*(?:(?!\*/).)*+\*/[ \t]*+)++\n?))++[ \t]*\Z",
    re.MULTILINE | re.DOTALL,
)
_BLANK_LINE = re.compile(r"\n[ \t]*+\n")
_BETWEEN = re.compile(r"(?:\s|;|/(?!\*)|--[^\n]*+(?:\n|\Z)|(?>/\*.*?\*/))++", re.DOTALL)
_MAX_PARSED_CHARS = 20_000
_MAX_STARTS = 20_000
_MAX_CUTS = 30
_MAX_LEAD = 2_000
MAX_STATEMENT_CHARS = 60_000


@dataclass(slots=True)
class Found:
    sql: str
    is_set_apart: bool
    """It begins its line or stands behind a label or a terminator: no words of a sentence."""


@dataclass(slots=True)
class _Scan:
    """What one pass over the tokens behind a statement's start saw."""

    lexed: list[Token] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """Where the statement may end: before a new paragraph, at the end of a sentence."""
    paragraphs: list[int] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """Line ends behind which no word follows that goes on with a query."""
    commas: list[int] = field(default_factory=list)
    """Commas before words that go on with a sentence."""
    last: int = 0
    is_terminated: bool = False
    is_cut: bool = False
    """`last` is only where the reading stopped."""

    def end(self) -> int:
        """The first end that no parser is asked for."""
        if self.is_cut and not self.paragraphs:
            raise TooMuch
        return self.paragraphs[0] if self.paragraphs else self.last

    reads_at: int = -1
    """Where the first FROM stands."""


class Reader:
    """Finds statements in text, within a budget for one answer.

    The budget bounds the time of any answer: hostile texts have many places that look like the
    start of a statement. Methods raise `TooMuch` when it is spent.
    """

    def __init__(self) -> None:
        """With the whole budget."""
        self._chars_to_parse = 100_000
        self._chars_to_lex = 250_000

    def is_query(self, sql: str) -> bool:
        """Whether the parser reads it as one query."""
        if len(sql) > _MAX_PARSED_CHARS:
            return False
        self._chars_to_parse -= len(sql)
        if self._chars_to_parse < 0:
            raise TooMuch
        try:
            parse(sql)
        except SQLSyntaxError:
            return False
        return True

    def lexed(self, sql: str) -> list[Token]:
        """The tokens of a candidate."""
        self._chars_to_lex -= len(sql)
        if self._chars_to_lex < 0:
            raise TooMuch
        return list(tokens(sql))

    def names(self, sql: str) -> list[str]:
        """What two texts share when they are the same statement."""
        return [token.name or token.text for token in self.lexed(sql)]

    def statements(self, text: str) -> list[Found]:
        """The statements in text without any marking, in order."""
        text = without_quoting(text)
        rule = _RULE.match(text)  # Markdown's, and no comment
        text = text[rule.end() :] if rule else text
        first = statement_start(text)
        found: list[Found] = []
        at, talk = first, len(text)
        for number, word in enumerate(START.finditer(text, first)):
            if number > _MAX_STARTS:
                raise TooMuch
            start = word.start()
            if start < at or not STATEMENT.match(text, start):
                continue
            set_apart = start == first or _is_set_apart(text, start)
            is_query = word.group().upper() in ("SELECT", "WITH")
            if not set_apart and not is_query:
                continue
            if is_query and start > talk and not _is_set_apart(text, start, labels=False):
                continue
            if set_apart:
                start = max(at, _with_brackets(text, start))
            end = self._end(text, start, word, set_apart=set_apart, is_query=is_query)
            if end is None:
                continue
            end = self._with_following(text, start, end)
            if not found:
                following = _TALK.search(text, end, end + MAX_STATEMENT_CHARS)
                talk = following.start() if following else talk
            found.append(Found(text[_lead(text, start, first, at) : end], set_apart))
            at = end
        return found

    def _end(
        self, text: str, start: int, word: re.Match[str], *, set_apart: bool, is_query: bool
    ) -> int | None:
        """Where the statement that begins at `start` ends; None if it is prose."""
        if PROGRAM.match(text, start):
            return len(text)  # its semicolons end nothing
        scan = self._scan(text, start)
        if not is_query:
            return scan.end()
        keyword = word.group()
        shouted = keyword.isupper()
        if scan.reads_at < 0:
            return None
        if not shouted and _second_word(scan.lexed) in _ARTICLES:
            return None
        quote = text[start - 1] if start and text[start - 1] in "\"'" else ""
        for cut in (*scan.ends[:_MAX_CUTS], *([] if scan.is_cut else [scan.last])):
            if cut > scan.reads_at and self.is_query(text[start:cut]):
                if quote and text[cut : cut + 2].lstrip(";")[:1] != quote:
                    return None
                if set_apart or shouted or quote or scan.is_terminated:
                    return cut
                return None
        if scan.is_terminated and (set_apart or shouted):
            return scan.last
        for cut in scan.lines[::-1][:_MAX_CUTS]:
            if cut > scan.reads_at and self.is_query(text[start:cut]):
                return cut if set_apart or shouted else None
        for cut in scan.commas[:_MAX_CUTS]:
            if cut > scan.reads_at and self.is_query(text[start:cut]):
                return cut if set_apart or shouted else None
        # Legal SQL that the parser does not know is still SQL where it is all there is.
        is_listed = _LISTED.search(text[max(0, start - 80) : start]) is not None
        if set_apart and not is_listed and not quote and (shouted or keyword.islower()):
            return scan.end()
        return None

    def _with_following(self, text: str, start: int, end: int) -> int:
        """The end with what follows at once and is a statement too: the guard must see it."""
        following = _BETWEEN.match(text, end)
        after = following.end() if following else end
        if COMMAND.match(text, after):
            return len(text)
        if self._is_rest_of_query(text, start, after):
            return len(text)
        word = START.match(text, after)
        if text.startswith("(", after) and STATEMENT.match(text, after):
            return len(text)
        if word is None or not STATEMENT.match(text, after):
            return end
        is_query = word.group().upper() in ("SELECT", "WITH")
        more = self._end(text, after, word, set_apart=True, is_query=is_query)
        return end if more is None else len(text)

    def _is_rest_of_query(self, text: str, start: int, after: int) -> bool:
        """Whether a clause stands behind the terminator: nobody knows what was meant."""
        word = _WORD.match(text, after)
        if word is None or word.group().istitle():
            return False
        if word.group().upper() in _CLAUSES:
            return True
        shouted = text[start : start + 2].isupper()
        return shouted and word.group().isupper() and word.group() in ("AND", "OR", "ON", "FROM")

    def _scan(self, text: str, start: int) -> _Scan:
        """Read tokens up to what surely ends the statement: `;`, a label, a code fence, the end."""
        scan = _Scan(last=min(len(text), start + MAX_STATEMENT_CHARS))
        depth, before = 0, start
        piece = text[start : scan.last]
        for token in tokens(piece):
            begins = start + token.start
            is_end = token.text == ";" and not _ENTITY.search(
                text[max(start, begins - 12) : begins]
            )
            if is_end or (token.text == "`" and text.startswith("```", begins)):
                scan.last, scan.is_terminated = begins, is_end
                break
            if token.kind == "bad":
                scan.ends.append(begins)  # the quote that closes around the statement
                scan.is_cut = scan.last < len(text)
                before = len(piece) + start
                break
            if token.text == ")" and depth == 0:
                scan.last = begins
                break
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0 and scan.lexed and self._is_outside(text, before, token, start, scan):
                break
            if token.name == "FROM" and scan.lexed and scan.reads_at < 0:
                scan.reads_at = begins
            scan.lexed.append(token)
            before = start + token.end
        else:
            scan.is_cut = scan.last < len(text)
        self._chars_to_lex -= max(before - start, 100)
        if self._chars_to_lex < 0:
            raise TooMuch
        return scan

    def _is_outside(self, text: str, before: int, token: Token, start: int, scan: _Scan) -> bool:
        """Note the ends that may lie before a token; true where a label ends the statement."""
        begins = start + token.start
        gap = text[before:begins]
        opener = text[start - 1] if start else ""
        if token.kind == "op" and (
            token.text in ("。", "**", _CLOSING_MARKS.get(opener)) or _ends_sentence(text, begins)
        ):
            scan.ends.append(before)
        if scan.lexed[-1].text == "," and token.text in _CONNECTORS:
            scan.commas.append(start + scan.lexed[-1].start)
        if "\n" not in gap:
            return False
        if _LABEL.match(text, text.rfind("\n", before, begins) + 1):
            scan.last = before
            return True
        if not _goes_on(token, scan.lexed):
            line_end = before + gap.rindex("\n") if "--" not in gap and "/*" not in gap else before
            scan.lines.append(before)
            if _BLANK_LINE.search(gap):
                scan.ends.append(line_end if line_end < begins else before)
                scan.paragraphs.append(before)
        return False


def _is_set_apart(text: str, start: int, *, labels: bool = True) -> bool:
    window = text[max(0, start - 80) : start]
    line = window.rpartition("\n")[2]
    if labels and _AFTER_LABEL.search(line):
        return True
    if len(line) == 80 or line.lstrip().startswith("--"):
        return False
    return _LINE_LEAD.fullmatch(_BLOCK_COMMENT.sub("", line)) is not None


def _with_brackets(text: str, start: int) -> int:
    brackets = _OPEN_BRACKETS.search(text[max(0, start - 200) : start])
    return start - len(brackets.group()) if brackets else start


def _lead(text: str, start: int, first: int, at: int) -> int:
    """Where to begin a statement: with its comments and indent, without prose."""
    if start <= first:
        return 0
    window = text[max(at, start - _MAX_LEAD) : start]
    comments = _COMMENTS_BEFORE.search(window)
    if comments:
        return start - len(comments.group())
    line = window.rpartition("\n")[2]
    return start if line.strip() else start - len(line)


def _second_word(lexed: Sequence[Token]) -> str:
    return next((token.name for token in islice(lexed, 1, 2)), "")


def _ends_sentence(text: str, at: int) -> bool:
    """Whether a full stop ends a sentence; Oracle's stands between names without a blank."""
    if text[at] not in ".!?！？":
        return False
    behind = text[at + 1 : at + 40]
    following = behind.lstrip(" \t\r\n*_\"'”’)")
    return not following or (behind[:1].isspace() and not following[0].islower())


def _goes_on(token: Token, lexed: Sequence[Token]) -> bool:
    """Whether a query goes on with this token on a new line."""
    if token.kind != "word":
        return token.text not in ("#", "*", "-", "**", "<", "|") and token.kind != "number"
    if lexed[-1].kind == "op" and lexed[-1].text not in (")", "*"):
        return True
    if token.name in ("UNION", "INTERSECT", "MINUS"):
        return True
    if token.text.istitle() and len(token.text) > 1 and not lexed[0].text.istitle():
        return False  # `For each shop` below `SELECT`
    return token.name in _CONTINUATION
