"""What Oracle refuses and the parser accepts: rules about validity, not about safety."""

from collections.abc import Iterator

from oracle_sft.sqltext.blocks import Block
from oracle_sft.sqltext.datatypes import FOREIGN_TYPES
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.names import RESERVED_WORDS
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
}
_PATTERN_SIGNS = {"{", "}", "?", "$", "->"}


def signs(reading: Reading) -> Iterator[Finding]:
    """`backtick`, `double_colon_cast`, `foreign_operator`: signs that mean something elsewhere."""
    if not reading.present & _SIGNS.keys():
        return
    has_pattern = any(token.name in ("MATCH_RECOGNIZE", "GRAPH_TABLE") for token in reading.tokens)
    for position, token in enumerate(reading.tokens):
        if token.kind == "op" and token.text in _SIGNS:
            if has_pattern and token.text in _PATTERN_SIGNS:
                continue
            if token.text == ":" and reading.tokens[position - 1].kind == "string":
                continue  # JSON_OBJECT('a' : 1)
            rule, message = _SIGNS[token.text]
            yield _invalid(reading, rule, message, position, position)
            return


_PHRASES = {
    *("LIMIT", "ILIKE", "RLIKE", "REGEXP", "TOP", "RECURSIVE", "DISTINCT", "INTERVAL", "OFFSET"),
}
_LIKES = {"ILIKE": "UPPER(a) LIKE UPPER(b)", "RLIKE": "REGEXP_LIKE", "REGEXP": "REGEXP_LIKE"}


def words(reading: Reading) -> Iterator[Finding]:
    """`limit`, `top`, `recursive`, `distinct_on`, `interval`, `offset`: phrases of others."""
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
        elif word == "TOP" and name(position - 1) in ("SELECT", "DISTINCT") and kind == "number":
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
        elif word == "OFFSET" and kind == "number" and name(after + 1) not in ("ROW", "ROWS"):
            message = "OFFSET needs ROWS behind its number"
            yield _invalid(reading, "offset", message, position, after)


_UNITS = {"YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"}


def shape(reading: Reading) -> Iterator[Finding]:
    """`table_alias_as`, `select_list`, `join_condition`: clauses that miss or have a piece."""
    for block in reading.statement.blocks:
        for source in block.sources:
            if source.alias_as is not None and source.alias is not None:
                message = "no AS before the alias of a table in Oracle"
                yield _invalid(reading, "table_alias_as", message, source.alias_as, source.alias)
        yield from _select_list(reading, block)
        yield from _joins(reading, block)


def _select_list(reading: Reading, block: Block) -> Iterator[Finding]:
    first = block.start + 1
    if reading.name(first) in ("DISTINCT", "UNIQUE", "ALL"):
        first += 1
    source = block.clauses.get("FROM")
    if source is not None:
        if first == source:
            yield _invalid(reading, "select_list", "nothing is selected", block.start, source)
        elif reading.name(source - 1) == ",":
            message = "a comma before FROM"
            yield _invalid(reading, "select_list", message, source - 1, source)
    if reading.name(first) == "*" and reading.name(first + 1) == ",":
        message = "`*` stands alone in Oracle; write table.* beside other columns"
        yield _invalid(reading, "select_list", message, first, first + 1)


def literals(reading: Reading) -> Iterator[Finding]:
    """`adjacent_literals`: two literals side by side; Oracle joins them with `||` only."""
    if "string" not in reading.kinds:
        return
    for position in range(1, len(reading.tokens)):
        kinds = (reading.tokens[position - 1].kind, reading.tokens[position].kind)
        if kinds == ("string", "string"):
            message = "two literals side by side; join them with ||"
            yield _invalid(reading, "adjacent_literals", message, position - 1, position)
            return


def _joins(reading: Reading, block: Block) -> Iterator[Finding]:
    joins = conditions = 0
    last = 0
    for position in range(block.clauses.get("FROM", block.end), block.from_end):
        if reading.statement.block_of[position] is not block:
            continue
        word = reading.name(position)
        if word == "JOIN":
            before = {reading.name(position - 1), reading.name(position - 2)}
            before.add(reading.name(position - 3))
            if not before & {"CROSS", "NATURAL"}:
                joins += 1
                last = position
        elif word in ("ON", "USING"):
            conditions += 1
    if joins > conditions:
        yield _invalid(reading, "join_condition", "JOIN needs ON or USING", last, last)


_ALLOWED_BEHIND_DOT = {
    "ROWID",
    "ROWNUM",
    "LEVEL",
    "COLUMN_VALUE",
    "NESTED_TABLE_ID",
    "DATE",
    "NUMBER",
}


def reserved(reading: Reading) -> Iterator[Finding]:
    """`reserved_word`: a reserved word is a name only in double quotes."""
    for position, token in enumerate(reading.tokens):
        if token.kind != "word" or token.name not in RESERVED_WORDS:
            continue
        before = reading.name(position - 1)
        behind_dot = before == "." and reading.tokens[position - 2].is_name
        called = reading.name(position + 1) == "("
        named = before == "AS" and reading.name(position + 1) in (",", "FROM")
        if behind_dot and token.name in ("ROWID", "COLUMN_VALUE", "NESTED_TABLE_ID"):
            continue
        if (behind_dot and not called) or (named and not _is_type(reading, position)):
            message = f"{token.name} is reserved; as a name it needs double quotes"
            yield _invalid(reading, "reserved_word", message, position, position)
            return


def _is_type(reading: Reading, position: int) -> bool:
    around = set(reading.statement.calls_around(position))
    return bool(around & {"CAST", "TREAT", "XMLCAST", "XMLSERIALIZE", "VALIDATE_CONVERSION"})


def types(reading: Reading) -> Iterator[Finding]:
    """`foreign_type`: CAST to a type of another database."""
    if "CAST" not in reading.present:
        return
    for opening in reading.statement.pairs:
        if reading.name(opening - 1) != "CAST":
            continue
        for position in reading.inside(opening):
            if reading.name(position - 1) != "AS":
                continue
            word = reading.name(position)
            if word in FOREIGN_TYPES and reading.name(position + 1) != "PRECISION":
                message = f"{word} is no Oracle type; use {FOREIGN_TYPES[word]}"
                yield _invalid(reading, "foreign_type", message, position, position)


_NO_BRACKETS = {
    "SYSDATE",
    "SYSTIMESTAMP",
    "ROWNUM",
    "LEVEL",
    "USER",
    "UID",
    "CURRENT_DATE",
    "ROWID",
}


def brackets(reading: Reading) -> Iterator[Finding]:
    """`no_brackets`: SYSDATE and its like are written without brackets."""
    if not reading.present & _NO_BRACKETS:
        return
    for position, token in enumerate(reading.tokens):
        empty = reading.name(position + 1) == "(" and reading.name(position + 2) == ")"
        if empty and token.kind == "word" and token.name in _NO_BRACKETS:
            message = f"{token.name} takes no brackets"
            yield _invalid(reading, "no_brackets", message, position, position + 2)


def version(reading: Reading) -> Iterator[Finding]:
    """`needs_23ai`: what the policy's Oracle version does not have yet."""
    if reading.policy.oracle_version is None or not _is_before_23(reading.policy.oracle_version):
        return
    for position, token in enumerate(reading.tokens):
        if token.kind != "word" or reading.name(position - 1) == ".":
            continue
        if token.name in ("TRUE", "FALSE") and reading.name(position + 1) != "(":
            message = f"{token.name} needs 23ai; before, use 'Y'/'N' or 1/0"
            yield _invalid(reading, "needs_23ai", message, position, position)
    for block in reading.statement.blocks:
        if "FROM" not in block.clauses:
            message = "SELECT without FROM needs 23ai; use FROM dual"
            yield _invalid(reading, "needs_23ai", message, block.start, block.start)


def _is_before_23(version: str) -> bool:
    digits = "".join(character for character in version[:2] if character.isdigit())
    return bool(digits) and int(digits) < 23


RULES = (signs, words, shape, literals, reserved, types, brackets, version)
