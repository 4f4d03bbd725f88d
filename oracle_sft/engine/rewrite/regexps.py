"""REGEXP_LIKE, REGEXP_SUBSTR, REGEXP_INSTR, REGEXP_COUNT and REGEXP_REPLACE on DuckDB's RE2."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import numbers, pattern_match, pattern_re2
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.function_table import Function
from oracle_sft.engine.rewrite.pattern_chars import unsure
from oracle_sft.engine.rewrite.pattern_syntax import (
    Anchor,
    Chars,
    Pattern,
    read_flags,
    read_pattern,
    walk,
)
from oracle_sft.engine.rewrite.positions import known_whole, out_of_range, whole_sql
from oracle_sft.engine.rewrite.terms import (
    NULL_TERM,
    VARCHAR2,
    Term,
    ora_error,
    over,
    quoted,
)

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_UNKNOWN = "CAST(NULL AS BOOLEAN)"
_GAP = "((?s:.*?))"
"""What lies before a match."""


@dataclass(frozen=True, slots=True)
class _Regexp:
    """A pattern with its flags, and what is known about it. Kept: the proofs take milliseconds."""

    pattern: Pattern
    re2: str
    guard: str
    """Characters about which a class is unsure; '' for none."""

    @property
    def has_begin(self) -> bool:
        return any(
            isinstance(node, Anchor) and node.kind in ("begin", "line begin")
            for node in walk(self.pattern.root)
        )

    @property
    def has_anchor(self) -> bool:
        return any(isinstance(node, Anchor) for node in walk(self.pattern.root))


@lru_cache(maxsize=4096)
def _regexp(text: str, flags: str | None) -> _Regexp:
    pattern = read_pattern(text, read_flags(flags))
    classes: set[str] = set()
    for node in walk(pattern.root):
        if isinstance(node, Chars):
            classes |= node.set.classes
    return _Regexp(pattern, pattern_re2.written(pattern.root), unsure(frozenset(classes)))


@lru_cache(maxsize=4096)
def _check_clear(regexp: _Regexp, *, groups: bool) -> None:
    """Refuse a pattern whose matches depend on a rule that Oracle does not document.

    Raises:
        UnsupportedSQL: naming what is ambiguous.
    """
    if any(isinstance(node, Anchor) and node.kind == "Z" for node in walk(regexp.pattern.root)):
        raise UnsupportedSQL(r"\Z in a regular expression outside of REGEXP_LIKE")
    if not pattern_match.is_clear(regexp.pattern):
        raise UnsupportedSQL(
            "a regular expression with alternatives or quantifiers whose order of trial matters"
        )
    if groups and not pattern_match.groups_are_clear(regexp.pattern):
        raise UnsupportedSQL("a subexpression of a regular expression that is not clear-cut")


def _read(pattern: Term, flags: Term | None) -> _Regexp:
    """Raises:
    UnsupportedSQL: the pattern or its flags are not known while rewriting.
    """
    if not isinstance(pattern.constant, str):
        raise UnsupportedSQL("a regular expression that is not a literal")
    if flags is None or flags.is_null:
        return _regexp(pattern.constant, None)
    if not isinstance(flags.constant, str):
        raise UnsupportedSQL("a match parameter that is not a literal")
    return _regexp(pattern.constant, flags.constant)


def _guarded(regexp: _Regexp, source: Term, body: str) -> str:
    """`body` over `$s`, unless the text holds a character that is not known to be in a class."""
    if not regexp.guard or (isinstance(source.constant, str) and source.constant.isascii()):
        return body
    message = "unsupported: a character beyond ASCII that may be in a class of characters"
    odd = f"strlen($s) <> length($s) AND regexp_matches($s, {quoted(regexp.guard)})"
    return f"(CASE WHEN {odd} THEN error({quoted(message)}) ELSE {body} END)"


def like(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    """REGEXP_LIKE(text, pattern [, flags]) as a condition."""
    if not 2 <= len(node.expressions) <= 3:
        raise OracleError("ORA-00909", "invalid number of arguments")
    source, pattern, *flags = (rewriter.value(part, frame) for part in node.expressions)
    source, pattern = as_text(source), as_text(pattern)
    if source.is_null or pattern.is_null:
        return _UNKNOWN
    regexp = _read(pattern, as_text(flags[0]) if flags else None)
    body = _guarded(regexp, source, f"regexp_matches($s, {quoted(regexp.re2)})")
    return f"({over({'s': source.sql}, body, simple=source.is_simple or not regexp.guard)})"


@dataclass(slots=True)
class _Call:
    """The arguments that the functions share, and the SQL that they are made of."""

    name: str
    source: Term
    regexp: _Regexp
    position: Term
    occurrence: Term
    replacement: str | None = None
    """SQL of a replacement that is not known while rewriting: `$r`."""

    @property
    def first_only(self) -> bool:
        return known_whole(self.occurrence) == 1

    @property
    def text(self) -> str:
        """SQL of the part that is searched."""
        return "$s" if known_whole(self.position) == 1 else "substring($s, $p)"

    def finished(self, body: str) -> str:
        """The value of `body` over `$s`, `$p` (position) and `$n` (occurrence)."""
        body = _guarded(self.regexp, self.source, body)
        parts = {"s": self.source.sql}
        if self.replacement is not None:
            parts["r"] = self.replacement
        checks = ""
        for letter, term, least in (("p", self.position, 1), ("n", self.occurrence, 1)):
            known = known_whole(term)
            if known is not None:
                body = re.sub(rf"\${letter}\b", str(known), body)
                continue
            parts[letter] = whole_sql(term)
            checks += f"WHEN ${letter} < {least} THEN {_OUT_OF_RANGE} "
            checks += f"WHEN ${letter} IS NULL THEN NULL "
        if checks:
            body = f"(CASE {checks}ELSE {body} END)"
        simple = self.source.is_simple and len(parts) == 1
        return over(parts, body, simple=simple)


_OUT_OF_RANGE = ora_error("ORA-01428", "argument is out of range")
_ONE = numbers.literal(Decimal(1))


def _begun(
    name: str, arguments: list[Term], position: int, occurrence: int | None, flags: int
) -> _Call | None:
    """The call with its arguments at these places; None if it gives NULL."""

    def at(index: int | None) -> Term | None:
        return arguments[index] if index is not None and index < len(arguments) else None

    source, pattern = as_text(arguments[0]), as_text(arguments[1])
    start = as_number(at(position) or _ONE)
    nth = as_number(at(occurrence) or _ONE)
    match = at(flags)
    if pattern.is_null and name == "REGEXP_REPLACE" and not source.is_null:
        raise UnsupportedSQL("REGEXP_REPLACE with a NULL pattern")
    if source.is_null or pattern.is_null:
        return None
    regexp = _read(pattern, as_text(match) if match is not None else None)
    for term in (start, nth):
        if (at(position) or _ONE).is_null or (at(occurrence) or _ONE).is_null:
            raise UnsupportedSQL(f"{name} with NULL for a position or an occurrence")
        known = known_whole(term)
        if known is not None and known < (0 if name == "REGEXP_REPLACE" and term is nth else 1):
            raise out_of_range(known)
    if known_whole(start) != 1 and regexp.has_begin:
        raise UnsupportedSQL(f"{name} from a position with a pattern that begins with an anchor")
    return _Call(name, source, regexp, start, nth)


def _no_empty_matches(call: _Call) -> None:
    if pattern_match.may_be_empty(call.regexp.pattern, before_end=False):
        raise UnsupportedSQL(f"{call.name} over several matches of which one may be empty")


def _subexpression(call: _Call, arguments: list[Term], index: int) -> int:
    if len(arguments) <= index:
        return 0
    number = known_whole(as_number(arguments[index]))
    if number is None:
        raise UnsupportedSQL(f"{call.name} with a subexpression that is not a literal")
    if not 0 <= number <= 9:
        raise out_of_range(number)
    return number


def _substr(arguments: list[Term]) -> Term:
    call = _begun("REGEXP_SUBSTR", arguments, 2, 3, 4)
    if call is None:
        return NULL_TERM
    group = _subexpression(call, arguments, 5)
    _check_clear(call.regexp, groups=group > 0)
    if group > call.regexp.pattern.num_groups:
        return NULL_TERM
    pattern = quoted(call.regexp.re2)
    if call.first_only:
        found = f"regexp_extract({call.text}, {pattern}, {group})"
    else:
        if pattern_match.may_be_empty(call.regexp.pattern):
            raise UnsupportedSQL("REGEXP_SUBSTR over several matches of which one may be empty")
        found = f"regexp_extract_all({call.text}, {pattern}, {group})[$n]"
    return Term(f"nullif({call.finished(found)}, '')", VARCHAR2)


def _count(arguments: list[Term]) -> Term:
    call = _begun("REGEXP_COUNT", arguments, 2, None, 3)
    if call is None:
        return as_number(NULL_TERM)
    _check_clear(call.regexp, groups=False)
    if pattern_match.length(call.regexp.pattern.root) != 0:
        _no_empty_matches(call)
    found = f"len(regexp_extract_all({call.text}, {quoted(call.regexp.re2)}))"
    return numbers.whole_number(call.finished(found))


def _instr(arguments: list[Term]) -> Term:
    call = _begun("REGEXP_INSTR", arguments, 2, 3, 5)
    if call is None:
        return as_number(NULL_TERM)
    end = known_whole(as_number(arguments[4])) if len(arguments) > 4 else 0
    if end is None:
        raise UnsupportedSQL("REGEXP_INSTR with a return option that is not a literal")
    if end not in (0, 1):
        raise out_of_range(end)
    group = _subexpression(call, arguments, 6)
    _check_clear(call.regexp, groups=group > 0)
    root = call.regexp.pattern.root
    if group > call.regexp.pattern.num_groups:
        return numbers.literal(Decimal(0))
    if not call.first_only:
        _no_empty_matches(call)
    if group:
        before, wanted, after = pattern_re2.parted(root, group)
        whole = f"{_GAP}(({before})({wanted}){after})"
    else:
        whole = f"{_GAP}(()({pattern_re2.written(root, captures=False)}))"
    found = f"regexp_extract_all({call.text}, {quoted(whole)}, "
    at = f"length(({found}3))[$n]) + 1"
    if end:
        at += f" + length(({found}4))[$n])"
    sums = " + ".join(
        f"coalesce(list_sum(list_transform({found}{part})[1:{last}], lambda e: length(e))), 0)"
        for part, last in ((1, "$n"), (2, "$n - 1"))
    )
    skipped = "" if known_whole(call.position) == 1 else " + $p - 1"
    body = f"coalesce({at} + {sums}{skipped}, 0)"
    body = f"(CASE WHEN $s IS NOT NULL THEN {body} END)"
    return numbers.whole_number(f"CAST({call.finished(body)} AS BIGINT)")


_DOLLAR = "' || chr(36) || '"
_REFERENCE = re.compile(r"\\(.?)", re.DOTALL)


def _replacement(call: _Call, arguments: list[Term]) -> tuple[str, bool]:
    """SQL of the replacement as RE2 wants it, and whether it refers to subexpressions."""
    by = as_text(arguments[2]) if len(arguments) > 2 else NULL_TERM
    if by.is_null:
        return "''", False
    if not isinstance(by.constant, str):
        message = "unsupported: a backslash in a replacement of REGEXP_REPLACE that is no literal"
        body = f"(CASE WHEN contains($t, '\\') THEN error({quoted(message)}) ELSE $t END)"
        plain = over({"t": by.sql}, body, simple=by.is_simple)
        call.replacement = f"coalesce({plain}, '')"
        return "$r", False
    for letter in _REFERENCE.findall(by.constant):
        if letter != "\\" and (not letter.isdecimal() or letter == "0"):
            raise UnsupportedSQL(f"\\{letter} in the replacement of REGEXP_REPLACE")
        if letter.isdecimal() and int(letter) > call.regexp.pattern.num_groups:
            raise UnsupportedSQL("a reference to a subexpression that the pattern does not have")
    refers = any(letter.isdecimal() for letter in _REFERENCE.findall(by.constant))
    # A `$` of the text would be taken for a name of `over`.
    return f"({quoted(by.constant).replace('$', _DOLLAR)})", refers


def _replace(arguments: list[Term]) -> Term:
    call = _begun("REGEXP_REPLACE", arguments, 3, 4, 5)
    if call is None:
        return NULL_TERM
    new, refers = _replacement(call, arguments)
    _check_clear(call.regexp, groups=refers)
    root = call.regexp.pattern.root
    nth = known_whole(call.occurrence) if len(arguments) > 4 else 0
    if nth is None:
        raise UnsupportedSQL("REGEXP_REPLACE of an occurrence that is not a literal")
    pattern = quoted(call.regexp.re2)
    several = nth != 1 and not pattern_match.begins_text(root)
    if several and (nth > 1 or new != "''") and pattern_match.length(root) != 0:
        _no_empty_matches(call)
    if nth < 2:
        call.occurrence = _ONE
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


def _replaced_nth(call: _Call, new: str) -> str:
    """SQL of the text with its n-th match replaced: the pieces around it are put together."""
    inner = pattern_re2.written(call.regexp.pattern.root, captures=False)
    found = f"regexp_extract_all({call.text}, {quoted(f'{_GAP}({inner})')}, "
    before = (
        f"array_to_string(list_transform(range(1, $n + 1), lambda i: "
        f"concat({found}1)[i], CASE WHEN i < $n THEN {found}2)[i] END)), '')"
    )
    match = f"{found}2)[$n]"
    changed = f"regexp_replace({match}, {quoted(call.regexp.re2)}, {new})"
    rest = f"substring({call.text}, length({before}) + length({match}) + 1)"
    whole = f"concat({before}, {changed}, {rest})"
    return f"(CASE WHEN {match} IS NULL THEN {call.text} ELSE {whole} END)"


FUNCTIONS: dict[str, Function] = {
    "REGEXP_SUBSTR": Function(_substr, 2, 6),
    "REGEXP_COUNT": Function(_count, 2, 4),
    "REGEXP_INSTR": Function(_instr, 2, 7),
    "REGEXP_REPLACE": Function(_replace, 2, 6),
}
