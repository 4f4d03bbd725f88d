"""Signs, words and phrases that mean something elsewhere and nothing in Oracle."""

from collections.abc import Iterator

from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.lint.groups import clause_at
from oracle_sft.sqltext.lint.pieces import ends_operand, may_end_value
from oracle_sft.sqltext.reading import Reading


def _invalid(reading: Reading, rule: str, message: str, first: int, last: int) -> Finding:
    return reading.finding(rule, message, first, last, severity="invalid")


_SIGNS = {
    "`": ("backtick", "backticks quote nothing in Oracle; use double quotes or none"),
    "::": ("double_colon_cast", "`::` is no cast in Oracle; use CAST(.. AS ..)"),
    "==": ("foreign_operator", "`==` is no operator in Oracle; use ="),
    "%": ("foreign_operator", "`%` is no operator in Oracle; use MOD(a, b)"),
    "!": ("foreign_operator", "`!` is no operator in Oracle; use NOT"),
    "\\": ("foreign_operator", "a backslash has no meaning in Oracle"),
    "<<": ("foreign_operator", "`<<` is no operator in Oracle"),
    ">>": ("foreign_operator", "`>>` is no operator in Oracle"),
    ":=": ("foreign_operator", "`:=` belongs to PL/SQL"),
    "->>": ("foreign_operator", "`->>` is no operator in Oracle; use JSON_VALUE"),
    "{": ("foreign_operator", "braces have no place in a query"),
    "}": ("foreign_operator", "braces have no place in a query"),
    "?": ("foreign_operator", "`?` is no bind variable in Oracle; use :name"),
    "~": ("foreign_operator", "`~` is no operator in Oracle; use REGEXP_LIKE"),
    "#": ("foreign_operator", "`#` begins no comment in Oracle; use --"),
    "$": ("foreign_operator", "`$` is no operator in Oracle"),
    ":": ("foreign_operator", "a lone colon"),
    "->": ("foreign_operator", "`->` is no operator in Oracle; use JSON_VALUE"),
    "[": ("foreign_operator", "square brackets quote nothing in Oracle; use double quotes or none"),
    "..": ("foreign_operator", "`..` stands in no name of Oracle's; write owner.table"),
    "|": ("foreign_operator", "`|` is no operator in Oracle"),
    "^": ("foreign_operator", "`^` is no operator in Oracle; use POWER(a, b)"),
}
_PATTERN_SIGNS = {"{", "}", "?", "$", "->", "|", "^", "~", "!", ":"}
# Operators that may be written with a blank inside.
_SPACED = {("!", "="), ("^", "="), ("~", "=")}


def signs(reading: Reading) -> Iterator[Finding]:
    """`backtick`: nothing is quoted with backticks.

    `double_colon_cast`: `::` is no cast of Oracle's.

    `foreign_operator`: no sign or word that is an operator elsewhere: ILIKE, ==, %, ->>.
    """
    if not reading.present & _SIGNS.keys():
        return
    has_pattern = any(token.name in ("MATCH_RECOGNIZE", "GRAPH_TABLE") for token in reading.tokens)
    for position, token in enumerate(reading.tokens):
        if token.kind == "op" and token.text in _SIGNS:
            if has_pattern and token.text in _PATTERN_SIGNS:
                continue
            if token.text in ("{", "}", ":") and "JSON" in reading.present:
                continue  # JSON {'a' : 1}
            if token.text == ".." and "&" in reading.text:
                continue  # SQL*Plus ends the name of a variable with a dot: &owner..customers
            if _is_half(reading, position, token.text) or _is_json_value(reading, position):
                continue
            rule, message = _SIGNS[token.text]
            yield _invalid(reading, rule, message, position, position)
            return


def _is_json_value(reading: Reading, position: int) -> bool:
    """The colon of JSON_OBJECT(key : value), or two where the value is a bind variable."""
    if reading.name(position) not in (":", "::"):
        return False
    call = reading.name(reading.statement.group_of[position] - 1)
    return call in ("JSON_OBJECT", "JSON_OBJECTAGG")


def _is_half(reading: Reading, position: int, sign: str) -> bool:
    """Whether a sign has another one beside it that makes it Oracle's: `! =`, `| |`, `: 1`."""
    before, following = reading.name(position - 1), reading.name(position + 1)
    if sign == "|":
        return "|" in (before, following)
    if sign == "[":
        # An index behind a name is one of MODEL or JSON; an edge of a graph stands behind an arrow.
        is_index = before in ("-", "<-") or may_end_value(reading, position - 1)
        is_index = is_index and (before not in _NO_INDEX or reading.name(position - 2) == ".")
        return is_index or bool(reading.present & {"JSON", "MODEL"})
    if sign == "#":
        return (before, following) == ("<", ">")
    if sign == ":":
        # The colon of JSON_OBJECT('a' : 1), or a bind variable with a blank.
        return reading.tokens[position - 1].kind in ("string", "quoted") or (
            before in _BEFORE_BIND and position + 1 < len(reading.tokens)
        )
    return (sign, following) in _SPACED


_NO_INDEX = {"JOIN", "APPLY", "CASE", "WHEN", "ESCAPE", "ARRAY"}
_BEFORE_BIND = {"=", "<", ">", "<=", ">=", "<>", "!=", "(", ","}

_PHRASES = {
    *("LIMIT", "ILIKE", "RLIKE", "REGEXP", "TOP", "RECURSIVE", "DISTINCT", "INTERVAL", "OFFSET"),
    *("DATE", "TIMESTAMP"),
}
_LIKES = {"ILIKE": "UPPER(a) LIKE UPPER(b)", "RLIKE": "REGEXP_LIKE", "REGEXP": "REGEXP_LIKE"}


def words(reading: Reading) -> Iterator[Finding]:
    """`limit`: FETCH FIRST limits rows in Oracle, not LIMIT.

    `top`: FETCH FIRST limits rows in Oracle, not TOP.

    `recursive`: a recursive WITH has no word RECURSIVE.

    `distinct_on`: DISTINCT has no ON.

    `interval`: INTERVAL, DATE and TIMESTAMP have a quoted literal, and INTERVAL its unit.

    `offset`: OFFSET has its ROWS.
    """
    if not reading.present & _PHRASES:
        return
    name = reading.name
    for position, token in enumerate(reading.tokens):
        if token.kind != "word" or name(position - 1) == ".":
            continue
        word, after = token.name, position + 1
        following = reading.tokens[after] if after < len(reading.tokens) else None
        kind = following.kind if following else ""
        if word == "LIMIT" and (kind in ("number", "bind") or name(after) in ("ALL", "(")):
            message = "LIMIT is no Oracle; use FETCH FIRST n ROWS ONLY"
            yield _invalid(reading, "limit", message, position, after)
        elif word in _LIKES and name(position - 1) not in (",", "SELECT", ""):
            if kind in ("string", "bind", "word", "quoted") or name(after) == "(":
                message = f"{word} is no Oracle; use {_LIKES[word]}"
                yield _invalid(reading, "foreign_operator", message, position, position)
        elif (
            word == "TOP"
            and name(position - 1) in ("SELECT", "DISTINCT", "ALL")
            and (kind in ("number", "bind") or (name(after) == "(" and _is_value(reading, after)))
        ):
            message = "TOP is no Oracle; use FETCH FIRST n ROWS ONLY"
            yield _invalid(reading, "top", message, position, after)
        elif word == "RECURSIVE" and name(position - 1) == "WITH" and kind in ("word", "quoted"):
            if name(after) not in ("AS", "("):
                message = "Oracle recurses without the word RECURSIVE"
                yield _invalid(reading, "recursive", message, position, position)
        elif word == "DISTINCT" and name(after) == "ON" and name(after + 1) == "(":
            message = "DISTINCT ON is no Oracle; use ROW_NUMBER()"
            yield _invalid(reading, "distinct_on", message, position, after)
        elif word == "INTERVAL" and kind == "number":
            message = "INTERVAL needs a quoted number and a unit: INTERVAL '1' DAY"
            yield _invalid(reading, "interval", message, position, after)
        elif word == "INTERVAL" and kind == "string" and name(after + 1) not in _UNITS:
            message = "INTERVAL needs a unit behind its literal: INTERVAL '1' DAY"
            yield _invalid(reading, "interval", message, position, after)
        elif word in ("DATE", "TIMESTAMP") and kind == "number":
            message = f"{word} needs a quoted literal: {word} '2024-01-31'"
            yield _invalid(reading, "interval", message, position, after)
        elif (
            word == "OFFSET"
            and kind == "number"
            and name(after + 1) not in ("ROW", "ROWS")
            and not (name(position - 1) and reading.tokens[position - 1].kind == "op")
            and "ANALYTIC" not in reading.present
        ):
            message = "OFFSET needs ROWS behind its number"
            yield _invalid(reading, "offset", message, position, after)


def _is_value(reading: Reading, opening: int) -> bool:
    """TOP (5) name: a bracketed number, and a value behind it."""
    inside = reading.inside(opening)
    behind = inside.stop + 1
    return (
        len(inside) == 1
        and reading.tokens[inside.start].kind in ("number", "bind")
        and behind < len(reading.tokens)
        and (reading.tokens[behind].is_name or reading.name(behind) == "*")
        and reading.name(behind) not in ("FROM", "AS")
    )


# Two words that never follow each other in Oracle, and what to write instead.
_PAIRS = {
    ("SIMILAR", "TO"): "REGEXP_LIKE",
    ("DISTINCT", "FROM"): "DECODE(a, b, 1, 0) = 0, for IS DISTINCT FROM",
    ("WITH", "NOLOCK"): "nothing; readers do not block in Oracle",
    ("WITH", "ROLLUP"): "GROUP BY ROLLUP (..)",
    ("WITH", "CUBE"): "GROUP BY CUBE (..)",
    ("WITH", "TOTALS"): "GROUP BY ROLLUP (..)",
    ("WITH", "UR"): "nothing",
    ("SELECT", "STRAIGHT_JOIN"): "a hint: /*+ ORDERED */",
    ("SELECT", "SQL_CALC_FOUND_ROWS"): "COUNT(*) OVER ()",
    ("SELECT", "SQL_NO_CACHE"): "nothing",
    ("SELECT", "HIGH_PRIORITY"): "nothing",
    ("FOR", "XML"): "XMLAGG",
    ("FOR", "JSON"): "JSON_ARRAYAGG",
    ("FOR", "BROWSE"): "nothing",
    ("FOR", "SYSTEM_TIME"): "AS OF TIMESTAMP",
    ("ON", "CONFLICT"): "MERGE",
    ("ON", "DUPLICATE"): "MERGE",
    ("LATERAL", "VIEW"): "JSON_TABLE",
    ("ROW", "("): "brackets alone: (a, b)",
    ("BETWEEN", "SYMMETRIC"): "BETWEEN LEAST(b, c) AND GREATEST(b, c)",
    ("LIKE", "ANY"): "several LIKE with OR",
    ("LIKE", "ALL"): "several LIKE with AND",
    ("LIKE", "SOME"): "several LIKE with OR",
}
_PAIR_WORDS = frozenset(first for first, _ in _PAIRS)


def phrases(reading: Reading) -> Iterator[Finding]:
    """`foreign_phrase`: no words that only stand together elsewhere, like WITH (NOLOCK) or FOR JSON."""
    if reading.present & _PAIR_WORDS:
        names = reading.statement.names
        for position in reading.places(_PAIR_WORDS):
            if position + 1 == len(names):
                continue
            pair = (names[position], names[position + 1])
            if pair not in _PAIRS and not (
                pair == ("WITH", "(") and names[position - 1] != "START"
            ):
                continue
            if names[position - 1] == "." or not _is_phrase(reading, position, pair):
                continue
            remedy = _PAIRS.get(pair, "a hint: /*+ .. */")
            message = f"{pair[0]} {pair[1]} is no Oracle; instead: {remedy}"
            yield _invalid(reading, "foreign_phrase", message, position, position + 1)
            return
    if "INDEX" in reading.present:
        for position, name in enumerate(reading.statement.names):
            if (
                name == "INDEX"
                and reading.name(position - 1) in ("USE", "FORCE", "IGNORE")
                and reading.name(position + 1) == "("
            ):
                message = "no index hints outside of comments; write /*+ INDEX(..) */"
                yield _invalid(reading, "foreign_phrase", message, position - 1, position)
                return


def _is_phrase(reading: Reading, position: int, pair: tuple[str, str]) -> bool:
    if pair == ("DISTINCT", "FROM"):
        return reading.name(position - 1) in ("IS", "NOT")
    if pair[0] == "BETWEEN":
        behind = position + 2
        return behind < len(reading.tokens) and reading.name(behind) not in _BEHIND_COLUMN
    if pair == ("LIKE", "SOME"):
        return reading.name(position + 2) == "("
    if pair[0] == "SELECT":
        following = reading.tokens[position + 2] if position + 2 < len(reading.tokens) else None
        return (
            following is not None
            and (following.is_name or following.text == "*")
            and (following.name not in ("FROM", "AS"))
        )
    if pair[0] in ("WITH", "FOR", "ON"):
        # Not inside of the brackets of some call, where words have roles of their own.
        block = reading.statement.block_of[position]
        group_of = reading.statement.group_of
        return block is not None and group_of[position] == group_of[block.start]
    return True


_UNITS = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"}
_BEHIND_COLUMN = {"AND", ".", "+", "-", "*", "/", "||"}


# Operators of other databases that are written as words, and what Oracle has for each.
_FOREIGN_WORDS = {
    "ISNULL": "IS NULL",
    "NOTNULL": "IS NOT NULL",
    "DIV": "TRUNC(a / b)",
    "GLOB": "LIKE or REGEXP_LIKE",
}
_OPERATOR_WORDS = frozenset(_FOREIGN_WORDS)
# Words with a role beside values that are as often columns.
_COLUMNS = {"A", "DAY", "MONTH", "YEAR", "TIME", "TYPE", "FORMAT", "VALUE", "CONTENT", "DOCUMENT"}


def operator_words(reading: Reading) -> Iterator[Finding]:
    """`foreign_operator` for DIV, GLOB, ISNULL, NOTNULL; each may also be a name or an alias."""
    if not reading.present & _OPERATOR_WORDS:
        return
    for position in reading.places(_OPERATOR_WORDS):
        before = reading.name(position - 1)
        if not position or not (before in _COLUMNS or ends_operand(reading, position - 1)):
            continue
        word, after = reading.name(position), position + 1
        kind = reading.tokens[after].kind if after < len(reading.tokens) else ""
        block = reading.statement.block_of[position]
        if word in ("DIV", "GLOB"):
            is_operator = kind in ("number", "string", "bind") or (
                block is not None
                and position + 1 < block.clauses.get("FROM", block.end)
                and (kind == "quoted" or kind == "word")
                and (reading.name(after) in _COLUMNS or ends_operand(reading, after))
            )
        else:
            clause = clause_at(block, position) if block is not None else ""
            is_operator = (
                _in_join_condition(reading, position)
                or clause in ("WHERE", "HAVING")
                or reading.name(after)
                in (
                    "THEN",
                    "AND",
                    "OR",
                )
            )
            is_operator = is_operator and kind in ("", "word", "op") and reading.name(after) != "("
        if is_operator:
            message = f"{word} is no operator in Oracle; use {_FOREIGN_WORDS[word]}"
            yield _invalid(reading, "foreign_operator", message, position, position)
            return


def _in_join_condition(reading: Reading, position: int) -> bool:
    group_of = reading.statement.group_of
    for at in range(position - 1, -1, -1):
        if group_of[at] == group_of[position]:
            if reading.name(at) in ("JOIN", "APPLY", "FROM", "SELECT", "WHERE", ","):
                return False
            if reading.name(at) == "ON":
                return True
    return False


def qualify(reading: Reading) -> Iterator[Finding]:
    """`qualify`: no QUALIFY, which neither 19c nor 23ai has."""
    for position in reading.places(_QUALIFY):
        block = reading.statement.block_of[position]
        is_clause = block is not None and block.clauses.get("QUALIFY") == position
        if is_clause and reading.name(position + 1) not in (",", "=", "."):
            message = (
                "QUALIFY is in no supported version; filter the window function in an outer query"
            )
            yield _invalid(reading, "qualify", message, position, position)


_QUALIFY = frozenset({"QUALIFY"})

RULES = (signs, words, phrases, qualify, operator_words)
