"""Mutated SQL for the guardrail, and a second opinion on what it lets pass.

Nothing here uses the guardrail's own lexer or lists: where both were wrong in the same way, a fuzz run
would see nothing.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CASES = Path(__file__).parent / "guardrail"
_EXPECT = re.compile(r"^-- expect: (\w+)(?: \| (.*))?\n", re.MULTILINE)

# What must never pass, wherever it stands between two tokens of a query.
BLOCKED = (
    *("UTL_HTTP.REQUEST('http://x')", "zz_wipe(1)", "zz_app.wipe(2)", "sys.dbms_lock.sleep(9)"),
    *("@zz_link", "; DELETE FROM t", "; ", "&zz_value", "INTO zz_target", "FOR UPDATE"),
    *("DROP TABLE t", "zz_app.zz_sub.f(1)", "DBMS_PIPE.RECEIVE_MESSAGE('a', 9)", "GRANT dba TO x"),
    *(
        "HTTPURITYPE('http://x').getclob()",
        '"SYS"."DBMS_SQL"."PARSE"(1)',
        "UTL_INADDR.GET_HOST_NAME('x')",
    ),
)
_PIECES = (
    *(
        "'",
        '"',
        "(",
        ")",
        ",",
        ".",
        ";",
        "--",
        "/*",
        "*/",
        "\n",
        "/",
        "@",
        "q'[",
        "]'",
        "N'",
        "nq'{",
        "}'",
    ),
    *(
        "||",
        "=",
        "*",
        "+",
        ":a",
        "1",
        "1e9",
        "\t",
        "\r",
        "\x00",
        "\u200b",
        "\u2019",
        "\uff08",
        "\u00a0",
        "$",
    ),
    *(
        "#",
        "`",
        "{",
        "}",
        "[",
        "]",
        "?",
        "!",
        "\\",
        "%",
        "::",
        ":=",
        "=>",
        "\ud800",
        "e",
        "é",
        "''",
        '""',
    ),
    *(
        " SELECT ",
        " FROM ",
        " WHERE ",
        " WITH ",
        " UNION ",
        " FUNCTION ",
        " FROM dual ",
        " dual ",
        " AS ",
    ),
    *(
        " CONNECT BY ",
        " LEVEL ",
        " PRIOR ",
        " v$session ",
        " all_users ",
        " sys.",
        " LATERAL ",
        " TABLE(",
    ),
    *(
        " JOIN ",
        " ON ",
        " MODEL ",
        " PIVOT ",
        " XML ",
        " MATCH_RECOGNIZE ",
        " CURSOR(",
        " OVER (",
        " IN (",
    ),
    *(
        " FOR ",
        " UPDATE ",
        " INTO ",
        " OF ",
        " CASE ",
        " END ",
        " EXTERNAL ",
        " JSON_TABLE(",
        " XMLTABLE(",
    ),
)


def seeds() -> list[str]:
    """The SQL of every case file, refused ones too, and a few longer queries."""
    found = [
        sql.rstrip("\n")
        for path in sorted(CASES.glob("*.sql"))
        for sql in _EXPECT.split(path.read_text(encoding="utf-8"))[3::3]
    ]
    return [*found, *LONG]


LONG = (
    "SELECT c.city, COUNT(*) AS n FROM customers c JOIN bills b ON b.customer_id = c.id "
    "WHERE b.amount > 100 GROUP BY c.city ORDER BY 2",
    "WITH a AS (SELECT id, name FROM customers), b AS (SELECT * FROM a WHERE id IN (SELECT id FROM bills)) "
    "SELECT b.name, (SELECT MAX(amount) FROM bills x WHERE x.id = b.id) FROM b LEFT JOIN a ON a.id = b.id",
    "SELECT name, RANK() OVER (PARTITION BY city ORDER BY amount DESC) r FROM (SELECT c.name, c.city, b.amount "
    "FROM customers c, bills b WHERE b.customer_id(+) = c.id) WHERE ROWNUM <= 10",
    "SELECT LPAD(' ', 2 * (LEVEL - 1)) || name, q'[it's]', N'x', DATE '2024-01-01' + INTERVAL '1' DAY FROM staff "
    "START WITH boss IS NULL CONNECT BY PRIOR id = boss ORDER SIBLINGS BY name",
    "SELECT CASE WHEN a > 1 THEN 'x' ELSE TO_CHAR(d, 'YYYY') END k, SUM(v) FROM t WHERE d BETWEEN :a AND :b "
    "GROUP BY ROLLUP (a, d) HAVING SUM(v) > 1 UNION ALL SELECT 'a', 1 FROM dual",
)


# --- an independent reading -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bared:
    """A text with the inside of its literals, quoted names and comments blanked, character by character."""

    text: str
    gaps: tuple[int, ...]
    """Offsets at which a piece can be put between two tokens."""
    quoted: tuple[str, ...]
    """What stood between double quotes."""


_CLOSERS = {"[": "]", "{": "}", "(": ")", "<": ">"}


def bared(sql: str) -> Bared:
    """Read `sql` one character at a time, as Oracle's manual describes literals and comments."""
    out = list(sql)
    quoted: list[str] = []
    covered = [False] * (len(sql) + 1)  # offsets inside of something
    at = 0
    while at < len(sql):
        end = _end_of_inert(sql, at)
        if end is None:
            at += 1
            continue
        if sql[at] == '"':
            quoted.append(sql[at + 1 : end - 1])
        for place in range(at, end):
            out[place] = "\n" if sql[place] == "\n" else " "
            covered[place] = place > at
        if sql[at] not in "-/":
            out[at] = "'"  # a literal or name stood here
        elif sql[at] == "-":
            covered[end] = True  # before its line end a line comment goes on
        at = end
    text = "".join(out)
    gaps = tuple(
        place
        for place in range(1, len(sql) + 1)
        if not covered[place] and not (_in_word(text, place) or _in_sign(text, place))
    )
    return Bared(text, gaps, tuple(quoted))


def _end_of_inert(sql: str, at: int) -> int | None:
    """Where the comment, literal or quoted name that begins here ends; None where none begins."""
    if sql.startswith("--", at):
        end = sql.find("\n", at)
        return len(sql) if end < 0 else end
    if sql.startswith("/*", at):
        end = sql.find("*/", at + 2)
        return len(sql) if end < 0 else end + 2
    if sql[at] == '"':
        end = sql.find('"', at + 1)
        return len(sql) if end < 0 else end + 1
    if at and (sql[at - 1].isalnum() or sql[at - 1] in "_$#"):
        prefix = 0  # the letters before belong to a word
    else:
        match = re.match(r"[nN]?[qQ](?=')|[nN](?=')", sql[at : at + 3])
        prefix = len(match.group()) if match else 0
    start = at + prefix
    if start >= len(sql) or sql[start] != "'":
        return None
    if prefix and sql[start - 1] in "qQ":
        if start + 1 >= len(sql):
            return len(sql)
        end = sql.find(_CLOSERS.get(sql[start + 1], sql[start + 1]) + "'", start + 2)
        return len(sql) if end < 0 else end + 2
    end = start + 1
    while True:
        end = sql.find("'", end)
        if end < 0:
            return len(sql)
        if sql[end + 1 : end + 2] != "'":
            return end + 1
        end += 2


def _in_word(text: str, place: int) -> bool:
    around = text[place - 1 : place + 1]
    return len(around) == 2 and all(char.isalnum() or char in "_$#.:'" for char in around)


_SIGNS = {"||", "<=", ">=", "<>", "!=", "^=", "=>", ":=", "::", "->", "**", "--", "/*", "*/", ".."}


def _in_sign(text: str, place: int) -> bool:
    return text[place - 1 : place + 1] in _SIGNS


# `$` and `#` are letters of Oracle's words, which `\b` does not know.
_UNSAFE = (
    r"[@&;]",
    r"(?<![$#:])\b(?:DROP|ALTER|GRANT|REVOKE|LOCK|NOAUDIT|AUDIT)\b(?![$#])",
    r"\bFOR\s+UPDATE\b(?![$#])",
    r"\bWITH\s+(?:FUNCTION|PROCEDURE)\s+\w+\s*(?:RETURN|\(|IS\b)",
    r"(?<![$#:])\b(?:FROM|JOIN)\s+(?:SYS\s*\.\s*)?(?:G?V_?|X)\$",
    r"(?<![$#:])\bUTL_(?:HTTP|FILE|TCP|SMTP|INADDR|MAIL)\s*\.\s*(?!\d)\w",
    r"(?<![$#:])\bDBMS_(?!RANDOM\b|LOB\b)\w+\s*\.\s*(?!\d)\w",
    r"(?<![$#])\b(?:HTTP|DB|XDB)URITYPE\s*\(",
    r"(?<![$#])\bzz_wipe\s*\(\s*1\s*\)",
    r"(?<![$#])\bzz_app\s*\.\s*\w",
    r"(?<![$#:])\b[A-Za-z_]\w*\s*\.\s*(?:NEXTVAL|CURRVAL)\b(?![$#])",
)
_VERBS = re.compile(r"(?<![$#:])\b(?:CREATE|INTO|RENAME)\b(?![$#])", re.IGNORECASE)
# What Oracle itself has of these words: `SET '$.a' = 1 CREATE ON MISSING`, `RENAME '$.a' = 'b'`,
# `CLUSTER_ID(INTO 4 USING *)`, and the FROM of TRIM and EXTRACT, which names no table.
_OWN_VERBS = re.compile(r"\bCREATE\s+ON\b|\bRENAME\s*'|\(\s*INTO\s*[:\d]", re.IGNORECASE)
_OWN_FROM = re.compile(r"\b(?:TRIM|EXTRACT)\s*\([^()]*\)", re.IGNORECASE)
_DICTIONARY = re.compile(
    r"(?<![$#])\b(?:FROM|JOIN)\s+(ALL_USERS|DBA_USERS|USER_TABLES|ALL_TABLES|DBA_TABLES)\b(?![$#])",
    re.IGNORECASE,
)
_UNSAFE_PATTERN = re.compile("|".join(f"(?:{pattern})" for pattern in _UNSAFE), re.IGNORECASE)


def unsafe_piece(sql: str) -> str | None:
    """What of an allowed text should not have passed, by patterns over the bared text; None if nothing."""
    seen = bared(sql)
    if not re.match(r"[\s(]*(?:SELECT|WITH)\b", seen.text, re.IGNORECASE):
        return seen.text[:20]
    text = _OWN_FROM.sub(
        lambda call: re.sub(r"\bFROM\b", "    ", call.group(), flags=re.IGNORECASE), seen.text
    )
    match = _UNSAFE_PATTERN.search(text) or _VERBS.search(_OWN_VERBS.sub(" ", text))
    if match:
        return match.group()
    for view in _DICTIONARY.finditer(text):
        if not re.search(rf"\b{view[1]}\s*(?:\([^)]*\)\s*)?AS\s*\(", seen.text, re.IGNORECASE):
            return view.group()  # no WITH query has its name
    return None


# --- mutations ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mutant:
    kind: str
    text: str
    must_block: bool = False
    """A blocked piece was put between two tokens of a query that was allowed."""


def mutants(allowed: list[str], everything: list[str], random_: random.Random) -> Iterator[Mutant]:
    """Endlessly many; `allowed` are queries that pass as they stand."""
    gaps = {sql: bared(sql).gaps for sql in allowed}
    words = [word for sql in everything for word in re.findall(r"\w+|[^\w\s]", sql)]
    while True:
        kind = random_.choice(
            ("insert blocked", "insert", "delete", "swap words", "splice", "repeat")
        )
        if kind == "insert blocked":
            sql = random_.choice(allowed)
            at, piece = random_.choice(gaps[sql]), random_.choice(BLOCKED)
            left = random_.choice((" ", "\n", "/**/", " --x\n"))
            right = random_.choice((" ", "\n", "/* y */"))
            # A terminator behind everything else ends the statement, as it may.
            harmless = piece == "; " and not bared(sql).text[at:].strip()
            yield Mutant(kind, sql[:at] + left + piece + right + sql[at:], not harmless)
            continue
        sql = random_.choice(everything)
        for _ in range(random_.choice((1, 1, 2, 4, 8))):
            sql = _mutated(kind, sql, everything, words, random_)
        yield Mutant(kind, sql[:20_000])


def _mutated(
    kind: str, sql: str, everything: list[str], words: list[str], random_: random.Random
) -> str:
    at, end = sorted((random_.randint(0, len(sql)), random_.randint(0, len(sql))))
    match kind:
        case "insert":
            return sql[:at] + random_.choice(_PIECES) + sql[at:]
        case "delete":
            return sql[:at] + sql[min(end, at + random_.randint(1, 12)) :]
        case "swap words":
            pieces = re.split(r"(\W+)", sql)
            pieces[random_.randrange(len(pieces))] = random_.choice(words)
            return "".join(pieces)
        case "splice":
            other = random_.choice(everything)
            cut = random_.randint(0, len(other))
            return sql[:at] + random_.choice((" ", "\n", "(", ")")) + other[cut:]
        case _:
            return sql[:at] + sql[at:end] * random_.randint(2, 6) + sql[end:]
