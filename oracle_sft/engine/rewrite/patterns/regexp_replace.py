"""REGEXP_REPLACE on DuckDB's RE2."""

import re

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.function_table import Function
from oracle_sft.engine.rewrite.patterns import pattern_match, pattern_re2
from oracle_sft.engine.rewrite.patterns.regexp_calls import (
    GAP,
    ONE,
    Call,
    begun,
    check_clear,
    no_empty_matches,
)
from oracle_sft.engine.rewrite.terms import NULL_TERM, VARCHAR2, Term, over, quoted, refused
from oracle_sft.engine.rewrite.text.positions import known_whole

_REFERENCE = re.compile(r"\\(.?)", re.DOTALL)


def _replacement(call: Call, arguments: list[Term]) -> tuple[str, bool]:
    """SQL of the replacement as RE2 wants it, and whether it refers to subexpressions."""
    by = as_text(arguments[2]) if len(arguments) > 2 else NULL_TERM
    if by.is_null:
        return "''", False
    if not isinstance(by.constant, str):
        unsure = refused("a backslash in a replacement of REGEXP_REPLACE that is no literal")
        body = f"(CASE WHEN contains($t, '\\') THEN {unsure} ELSE $t END)"
        plain = over({"t": by.sql}, body, simple=by.is_simple)
        call.replacement = f"coalesce({plain}, '')"
        return "$r", False
    for letter in _REFERENCE.findall(by.constant):
        if letter != "\\" and (not letter.isdecimal() or letter == "0"):
            raise UnsupportedSQL(f"\\{letter} in the replacement of REGEXP_REPLACE")
        if letter.isdecimal() and int(letter) > call.regexp.pattern.num_groups:
            raise UnsupportedSQL("a reference to a subexpression that the pattern does not have")
    refers = any(letter.isdecimal() for letter in _REFERENCE.findall(by.constant))
    return quoted(by.constant), refers


def _replace(arguments: list[Term]) -> Term:
    call = begun("REGEXP_REPLACE", arguments, 3, 4, 5)
    if call is None:
        return NULL_TERM
    new, refers = _replacement(call, arguments)
    first_only = refers and call.regexp.pattern.begins_with_reference and _first_only(new)
    check_clear(call.regexp, groups=refers and not first_only)
    root = call.regexp.pattern.root
    nth = known_whole(call.occurrence) if len(arguments) > 4 else 0
    if nth is None:
        raise UnsupportedSQL("REGEXP_REPLACE of an occurrence that is not a literal")
    pattern = quoted(call.regexp.re2)
    several = nth != 1 and not pattern_match.begins_text(root)
    if several and (nth > 1 or new != "''") and pattern_match.length(root) != 0:
        no_empty_matches(call)
    if first_only:
        if nth or known_whole(call.position) != 1:
            raise UnsupportedSQL("REGEXP_REPLACE of some matches of a pattern with a backreference")
        body = _replaced_by_first(call, new)
    elif nth < 2:
        call.occurrence = ONE
        everywhere = ", 'g'" if nth == 0 else ""
        body = f"regexp_replace({call.text}, {pattern}, {new}{everywhere})"
    else:
        if call.regexp.has_anchor:  # the match is replaced on its own
            raise UnsupportedSQL("REGEXP_REPLACE of one occurrence of a pattern with anchors")
        body = _replaced_nth(call, new)
    if known_whole(call.position) != 1:
        body = f"concat(substring($s, 1, $p - 1), {body})"
        body = f"(CASE WHEN $s IS NOT NULL THEN {body} END)"
    return Term(f"nullif({call.finished(body)}, '')", VARCHAR2)


def _first_only(new: str) -> bool:
    """Whether a replacement refers to the first subexpression only."""
    return all(letter in "1\\" for letter in _REFERENCE.findall(new))


def _replaced_by_first(call: Call, new: str) -> str:
    """SQL of the text with all matches replaced, of a pattern whose first subexpression is the first
    character of each match.
    """
    inner = pattern_re2.written(call.regexp.pattern.root, captures=False)
    found = f"regexp_extract_all($s, {quoted(f'{GAP}({inner})')}, "
    changed = f"regexp_replace({found}2)[i], '(?s)\\A(.).*\\z', {new})"
    pieces = (
        f"list_transform(range(1, len({found}2)) + 1), lambda i: concat({found}1)[i], {changed}))"
    )
    matched = f"length(concat(array_to_string({found}1), ''), array_to_string({found}2), '')))"
    rest = f"substring($s, {matched} + 1)"
    return f"(CASE WHEN $s IS NOT NULL THEN concat(array_to_string({pieces}, ''), {rest}) END)"


def _replaced_nth(call: Call, new: str) -> str:
    """SQL of the text with its n-th match replaced: the pieces around it are put together."""
    inner = pattern_re2.written(call.regexp.pattern.root, captures=False)
    found = f"regexp_extract_all({call.text}, {quoted(f'{GAP}({inner})')}, "
    before = (
        f"array_to_string(list_transform(range(1, $n + 1), lambda i: "
        f"concat({found}1)[i], CASE WHEN i < $n THEN {found}2)[i] END)), '')"
    )
    match = f"{found}2)[$n]"
    changed = f"regexp_replace({match}, {quoted(call.regexp.re2)}, {new})"
    rest = f"substring({call.text}, length({before}) + length({match}) + 1)"
    whole = f"concat({before}, {changed}, {rest})"
    return f"(CASE WHEN {match} IS NULL THEN {call.text} ELSE {whole} END)"


FUNCTIONS: dict[str, Function] = {"REGEXP_REPLACE": Function(_replace, 2, 6)}
