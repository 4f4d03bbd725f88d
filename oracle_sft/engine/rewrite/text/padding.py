"""LPAD, RPAD and TRIM with its relatives."""

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.function_table import Function
from oracle_sft.engine.rewrite.terms import (
    NULL_TERM,
    VARCHAR2,
    Term,
    ora_error,
    over,
    quoted,
    refused,
    text_literal,
)
from oracle_sft.engine.rewrite.text.positions import known_whole, whole_sql

MAX_LENGTH = 4000
"""Of a VARCHAR2 in SQL, in bytes; what is longer Oracle cuts off."""

# Characters that a terminal shows in two columns or in none: LPAD counts columns.
_WIDE = (
    r"[\x{1100}-\x{115F}\x{2E80}-\x{A4CF}\x{AC00}-\x{D7A3}\x{F900}-\x{FAFF}\x{FE30}-\x{FE6F}"
    r"\x{FF00}-\x{FFE6}\x{10000}-\x{10FFFF}\p{M}]"
)
_WIDE_ERROR = refused("padding of characters that are not one column wide")
_LONG_ERROR = refused("padding to more than 4000 characters")


def _pad(function: str, arguments: list[Term]) -> Term:
    text, length = as_text(arguments[0]), as_number(arguments[1])
    filler = as_text(arguments[2]) if len(arguments) > 2 else text_literal(" ")
    if text.is_null or arguments[1].is_null or filler.is_null:
        return NULL_TERM
    size = known_whole(length)
    if size is not None and size < 1:
        return NULL_TERM
    if size is not None and size > MAX_LENGTH:
        raise UnsupportedSQL(f"{function.upper()} to more than {MAX_LENGTH} characters")
    parts = {"s": text.sql, "f": filler.sql}
    count = str(size)
    tests = ""
    if size is None:
        parts["n"] = whole_sql(length)
        count = f"CAST(least(greatest($n, 0), {MAX_LENGTH}) AS INTEGER)"
        tests = f"WHEN $n > {MAX_LENGTH} THEN {_LONG_ERROR} "
    for name, term in (("s", text), ("f", filler)):
        if not (isinstance(term.constant, str) and term.constant.isascii()):
            wide = f"regexp_matches(${name}, {quoted(_WIDE)})"
            tests += f"WHEN strlen(${name}) <> length(${name}) AND {wide} THEN {_WIDE_ERROR} "
    padded = f"{function}($s, {count}, $f)"
    if size is None:
        padded = f"nullif({padded}, '')"
    body = f"(CASE {tests}ELSE {padded} END)" if tests else padded
    simple = text.is_simple and filler.is_simple and (size is not None or length.is_simple)
    return Term(over(parts, body, simple=simple), VARCHAR2)


def _lpad(arguments: list[Term]) -> Term:
    return _pad("lpad", arguments)


def _rpad(arguments: list[Term]) -> Term:
    return _pad("rpad", arguments)


def trimmed(text: Term, character: Term, position: str) -> Term:
    """TRIM: one character, at the ends that `position` names."""
    if text.is_null or character.is_null:
        return NULL_TERM
    function = {"LEADING": "ltrim", "TRAILING": "rtrim", "BOTH": "trim"}[position]
    if isinstance(character.constant, str):
        if len(character.constant) != 1:
            raise OracleError.of("ORA-30001")
        return Term(f"nullif({function}({text.sql}, {quoted(character.constant)}), '')", VARCHAR2)
    found = f"nullif({function}($s, $c), '')"
    body = f"(CASE WHEN length($c) <> 1 THEN {ora_error('ORA-30001')} ELSE {found} END)"
    return Term(over({"s": text.sql, "c": character.sql}, body, simple=False), VARCHAR2)


def _strip(function: str, arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    characters = as_text(arguments[1]) if len(arguments) > 1 else text_literal(" ")
    if text.is_null or characters.is_null:
        return NULL_TERM
    return Term(f"nullif({function}({text.sql}, {characters.sql}), '')", VARCHAR2)


def _ltrim(arguments: list[Term]) -> Term:
    return _strip("ltrim", arguments)


def _rtrim(arguments: list[Term]) -> Term:
    return _strip("rtrim", arguments)


FUNCTIONS: dict[str, Function] = {
    "LPAD": Function(_lpad, 2, 3),
    "RPAD": Function(_rpad, 2, 3),
    "LTRIM": Function(_ltrim, 1, 2),
    "RTRIM": Function(_rtrim, 1, 2),
}
