"""UPPER, LOWER, INITCAP and their NLS_ forms under NLS_SORT=BINARY: one letter becomes one letter."""

import re
from collections.abc import Callable

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.terms import Term, over, quoted

_HIDDEN = "chr(57344)"
"""Stands for the letter that DuckDB makes a capital of and Oracle does not."""


def _upper(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return text
    if isinstance(text.constant, str) and text.constant.isascii():
        return Term(quoted(text.constant.upper()), text.type, text.constant.upper())
    return Term(over({"s": text.sql}, _raised("$s"), simple=text.is_simple), text.type)


def _raised(sql: str) -> str:
    kept = f"replace(upper(replace({sql}, 'ß', {_HIDDEN})), {_HIDDEN}, 'ß')"
    return f"(CASE WHEN contains({sql}, 'ß') THEN {kept} ELSE upper({sql}) END)"


def _lower(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return text
    if isinstance(text.constant, str) and text.constant.isascii():
        return Term(quoted(text.constant.lower()), text.type, text.constant.lower())
    return Term(f"lower({text.sql})", text.type)


def _initcap(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return text
    # In most texts a letter that begins a word is the first sign of all, or stands behind a blank.
    plain = "strlen($s) = length($s) AND NOT regexp_matches($s, '[^A-Za-z0-9 ][A-Za-z]')"
    # DuckDB computes lambdas for all rows, whatever stands around them; for NULLs they cost nothing.
    parts = f"string_split(CASE WHEN {plain} THEN lower($s) END, ' ')"
    quick = f"array_to_string({_capitals(parts, 'upper(left(w, 1))')}, ' ')"
    words = r"'[\p{L}\p{N}]+|[^\p{L}\p{N}]+'"
    words = f"regexp_extract_all(CASE WHEN NOT ({plain}) THEN lower($s) END, {words})"
    dear = f"array_to_string({_capitals(words, _raised('left(w, 1)'))}, '')"
    body = f"coalesce({quick}, {dear})"
    return Term(over({"s": text.sql}, body, simple=text.is_simple), text.type)


def _capitals(words: str, first: str) -> str:
    """SQL of words with their first letters changed."""
    return f"list_transform({words}, lambda w: concat({first}, substring(w, 2)))"


_BINARY = re.compile(r"\s*NLS_SORT\s*=\s*BINARY\s*", re.IGNORECASE)


def _national(write: Callable[[list[Term]], Term]) -> Function:
    def checked(arguments: list[Term]) -> Term:
        for parameter in arguments[1:]:
            text = parameter.constant
            if not isinstance(text, str) or not _BINARY.fullmatch(text):
                raise UnsupportedSQL("letters of a linguistic sort other than NLS_SORT=BINARY")
        return write(arguments[:1])

    return Function(checked, 1, 2)


FUNCTIONS: dict[str, Function] = {
    "UPPER": fixed(_upper, 1),
    "LOWER": fixed(_lower, 1),
    "INITCAP": fixed(_initcap, 1),
    "NLS_UPPER": _national(_upper),
    "NLS_LOWER": _national(_lower),
    "NLS_INITCAP": _national(_initcap),
}
