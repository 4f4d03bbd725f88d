"""Names, types and calls as Oracle takes them."""

from collections.abc import Iterator

from oracle_sft.sqltext.datatypes import FOREIGN_TYPES
from oracle_sft.sqltext.findings import Finding
from oracle_sft.sqltext.names import RESERVED_WORDS
from oracle_sft.sqltext.reading import Reading


def _invalid(reading: Reading, rule: str, message: str, first: int, last: int) -> Finding:
    return reading.finding(rule, message, first, last, severity="invalid")


_BEFORE_NAMES = frozenset({".", "AS"})


def reserved(reading: Reading) -> Iterator[Finding]:
    """`reserved_word`: a reserved word is a name only in double quotes."""
    for place in reading.places(_BEFORE_NAMES):
        position = place + 1
        if reading.name(position) not in RESERVED_WORDS:
            continue
        token, before = reading.tokens[position], reading.name(place)
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


# Reserved words that have no role in an expression: where a value begins they are meant as names.
_NO_VALUES = frozenset(
    {
        *("ACCESS", "ADD", "CHECK", "COLUMN", "COMMENT", "COMPRESS", "EXCLUSIVE", "FILE", "LONG"),
        *("IDENTIFIED", "IMMEDIATE", "INDEX", "INITIAL", "MAXEXTENTS", "MODE", "NOCOMPRESS"),
        *("OFFLINE", "ONLINE", "OPTION", "PCTFREE", "RESOURCE", "SESSION", "SHARE", "SUCCESSFUL"),
        *("SYNONYM", "TRIGGER", "VIEW", "WHENEVER", "DATE", "NUMBER", "SIZE", "VARCHAR2", "RAW"),
        *("CLUSTER", "MODIFY", "VALIDATE", "PUBLIC", "ROW", "ROWS", "INTEGER", "FLOAT", "DECIMAL"),
    }
)
# The same of words that have a role in other places of a query.
_NO_ARGUMENTS = _NO_VALUES | {
    "UNIQUE",
    "TABLE",
    "VARCHAR",
    "CHAR",
    "SMALLINT",
    "INCREMENT",
    "VALUES",
}
_VALUE_BEGINS = {
    *("SELECT", "DISTINCT", ",", "(", "=", "<", ">", "<=", ">=", "<>", "!=", "+", "-", "*", "/"),
    *(
        "||",
        "WHERE",
        "AND",
        "OR",
        "BY",
        "HAVING",
        "WHEN",
        "THEN",
        "ELSE",
        "BETWEEN",
        "FROM",
        "JOIN",
    ),
}
_VALUE_ENDS = {
    *(",", "FROM", "=", "<", ">", "<=", ">=", "<>", "!=", "+", "-", "*", "/", "||", "AND", "OR"),
    *("IS", "IN", "LIKE", "BETWEEN", "ASC", "DESC", "AS", "WHERE", "GROUP", "ORDER", "THEN", ")"),
}


def reserved_values(reading: Reading) -> Iterator[Finding]:
    """Reserved words as a column or a table: `SELECT size`, `ORDER BY mode`."""
    if not reading.present & _NO_ARGUMENTS:
        return
    names = reading.statement.names
    for position, name in enumerate(names):
        if name not in _NO_ARGUMENTS or reading.name(position - 1) not in _VALUE_BEGINS:
            continue
        if _is_argument(reading, position):
            message = f"{name} is reserved; as a name it needs double quotes"
            yield _invalid(reading, "reserved_word", message, position, position)
            return
        if name not in _NO_VALUES:
            continue
        at_end = position + 1 == len(names)
        if not at_end and names[position + 1] not in _VALUE_ENDS:
            continue
        if names[position - 1] in ("(", ",") and not _in_select_list(reading, position):
            continue
        message = f"{name} is reserved; as a name it needs double quotes"
        yield _invalid(reading, "reserved_word", message, position, position)
        return


def _is_argument(reading: Reading, position: int) -> bool:
    """Whether a word is one whole argument of a call that takes values only."""
    before, following = reading.name(position - 1), reading.name(position + 1)
    if before not in ("(", ",") or following not in (",", ")"):
        return False
    opening = reading.statement.group_of[position]
    return reading.name(opening - 1) in _ARGUMENTS and reading.name(opening - 2) != "."


def _in_select_list(reading: Reading, position: int) -> bool:
    """Whether a token is at the depth of its block: inside of brackets words have other roles."""
    block = reading.statement.block_of[position]
    group_of = reading.statement.group_of
    return block is not None and group_of[position] == group_of[block.start]


# Numbers of arguments that each function takes.
_ARGUMENTS = {
    **dict.fromkeys(("COUNT", "SUM", "AVG", "MIN", "MAX", "UPPER", "LOWER", "LENGTH"), (1, 1)),
    **dict.fromkeys(("ABS", "SQRT", "SIGN", "INITCAP", "LAST_DAY", "TRIM", "ASCII"), (1, 1)),
    **dict.fromkeys(("NVL", "NULLIF", "ADD_MONTHS", "MONTHS_BETWEEN", "NEXT_DAY"), (2, 2)),
    **dict.fromkeys(("MOD", "POWER"), (2, 2)),
    **dict.fromkeys(("NVL2",), (3, 3)),
    **dict.fromkeys(("SUBSTR", "LPAD", "RPAD"), (2, 3)),
    **dict.fromkeys(("INSTR",), (2, 4)),
    **dict.fromkeys(("COALESCE",), (2, 65535)),
    **dict.fromkeys(("DECODE",), (3, 65535)),
    **dict.fromkeys(("ROUND", "TRUNC", "LTRIM", "RTRIM"), (1, 2)),
    **dict.fromkeys(("TO_DATE", "TO_CHAR", "TO_NUMBER", "TO_TIMESTAMP"), (1, 3)),
}


def arguments(reading: Reading) -> Iterator[Finding]:
    """`arguments`: a function has as many arguments as it takes."""
    names, group_of = reading.statement.names, reading.statement.group_of
    for position in reading.places(_ARGUMENTS.keys()):
        name = names[position]
        limits = _ARGUMENTS[name]
        if reading.name(position + 1) != "(" or names[position - 1] in (".", "@"):
            continue
        if position in reading.statement.cte_names:
            continue
        inside = reading.inside(position + 1)
        if not inside:
            count = 0
        else:
            opening = position + 1
            count = 1 + sum(names[at] == "," and group_of[at] == opening for at in inside)
        if (
            name == "COUNT"
            and names[position + 2] in ("DISTINCT", "UNIQUE")
            and names[position + 3] == "*"
        ) or (name != "COUNT" and count == 1 and names[position + 2] == "*"):
            count = 0
        if not limits[0] <= count <= limits[1]:
            message = f"{name} takes {_counted(limits)}, not {count}"
            yield _invalid(reading, "arguments", message, position, inside.stop)
            return


def _counted(limits: tuple[int, int]) -> str:
    least, most = limits
    if least == most:
        return f"{least} argument" + "s" * (least > 1)
    return f"{least} or more arguments" if most > 99 else f"{least} to {most} arguments"


_FIELDS = {
    *("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "TIMEZONE_HOUR", "TIMEZONE_MINUTE"),
    *("TIMEZONE_REGION", "TIMEZONE_ABBR"),
}


def fields(reading: Reading) -> Iterator[Finding]:
    """`extract_field`: EXTRACT knows few fields, and FROM stands behind them."""
    if "EXTRACT" not in reading.present:
        return
    for position, name in enumerate(reading.statement.names):
        if name != "EXTRACT" or reading.name(position + 1) != "(":
            continue
        field, following = reading.name(position + 2), reading.name(position + 3)
        if following == "FROM" and field not in _FIELDS:
            message = f"EXTRACT knows no {field or 'such field'}; use TO_CHAR(date, format)"
            yield _invalid(reading, "extract_field", message, position, position + 2)
        elif following == "," and field in _FIELDS and reading.tokens[position + 4].is_name:
            message = "EXTRACT needs FROM: EXTRACT(YEAR FROM date)"
            yield _invalid(reading, "extract_field", message, position, position + 3)


_MORE_FOREIGN = {
    **dict.fromkeys(("SIGNED", "HUGEINT", "UINT64", "BYTEINT"), "NUMBER"),
    **dict.fromkeys(("TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"), "TIMESTAMP"),
    **dict.fromkeys(("BIGNUMERIC", "NUMBER64", "FLOAT32"), "NUMBER"),
    **dict.fromkeys(("VARIANT", "BYTES"), "CLOB or BLOB"),
}
_KNOWN_FOREIGN = {**FOREIGN_TYPES, **_MORE_FOREIGN}
# Types that CAST takes with a length only.
_SIZED = {"VARCHAR2", "NVARCHAR2", "VARCHAR", "RAW"}
_CHARSET_TYPES = {
    *("VARCHAR", "VARCHAR2", "CHAR", "DATE", "DECIMAL", "FLOAT", "INTEGER", "SMALLINT", "NUMBER"),
    *("NVARCHAR", "NCHAR", "DATETIME", "BIGINT", "INT"),
}


def types(reading: Reading) -> Iterator[Finding]:
    """`foreign_type`: CAST is to a type of Oracle's.

    `type_size`: CAST has AS and a type, and VARCHAR2 and its like have their length.
    """
    if not reading.present & {"CAST", "CONVERT"}:
        return
    for opening in reading.statement.pairs:
        call = reading.name(opening - 1)
        if call == "CONVERT" and reading.name(opening + 1) in _CHARSET_TYPES:
            behind = opening + 2
            if reading.name(behind) == "(":
                behind = reading.inside(behind).stop + 1
            if reading.name(behind) == ",":
                message = "CONVERT changes a character set in Oracle; use CAST, TO_CHAR or TO_DATE"
                yield _invalid(reading, "foreign_type", message, opening - 1, opening + 1)
        if call == "CAST":
            yield from _cast(reading, opening)


def _cast(reading: Reading, opening: int) -> Iterator[Finding]:
    group_of = reading.statement.group_of
    inside = reading.inside(opening)
    has_type = False
    for position in inside:
        if reading.name(position - 1) != "AS" or group_of[position] != opening:
            continue
        has_type = True
        word, following = reading.name(position), reading.name(position + 1)
        if word in _KNOWN_FOREIGN and following not in ("PRECISION", "."):
            message = f"{word} is no Oracle type; use {_KNOWN_FOREIGN[word]}"
            yield _invalid(reading, "foreign_type", message, position, position)
        elif following in ("UNSIGNED", "SIGNED"):
            message = f"{following} is no type of Oracle's; use NUMBER"
            yield _invalid(reading, "foreign_type", message, position, position + 1)
        elif word in _SIZED and following != "(":
            message = f"{word} needs a length: {word}(30)"
            yield _invalid(reading, "type_size", message, position, position)
        elif following == "(" and reading.name(position + 2) == "MAX":
            message = "MAX is no length in Oracle; use CLOB or a number"
            yield _invalid(reading, "type_size", message, position, position + 2)
    if inside and not has_type:
        message = "CAST needs AS and a type"
        yield _invalid(reading, "type_size", message, opening - 1, inside.stop)


_NO_BRACKETS = {
    "SYSDATE",
    "SYSTIMESTAMP",
    "ROWNUM",
    "LEVEL",
    "USER",
    "UID",
    "CURRENT_DATE",
    "CURRENT_TIMESTAMP",
    "LOCALTIMESTAMP",
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


def names(reading: Reading) -> Iterator[Finding]:
    """`name`: a name begins with a letter and has at most 128 bytes."""
    present = reading.present
    if max(present) < "_" and max(map(len, present)) <= 40 and "quoted" not in reading.kinds:
        return  # `_` sorts behind all capital letters
    for position, token in enumerate(reading.tokens):
        if token.kind == "word" and token.text[0] == "_":
            message = f"{token.text[:30]} begins with an underscore; it needs double quotes"
            yield _invalid(reading, "name", message, position, position)
            return
        if token.end - token.start > 40 and token.is_name and len(token.name.encode()) > 128:
            message = "a name of more than 128 bytes"
            yield _invalid(reading, "name", message, position, position)
            return


RULES = (reserved, reserved_values, types, brackets, fields, arguments, names)
