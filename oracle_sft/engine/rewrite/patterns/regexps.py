"""REGEXP_LIKE, REGEXP_SUBSTR, REGEXP_INSTR and REGEXP_COUNT on DuckDB's RE2."""

from decimal import Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.function_table import Function
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.patterns import pattern_match, pattern_parts, pattern_re2
from oracle_sft.engine.rewrite.patterns.regexp_calls import (
    GAP,
    Call,
    begun,
    check_clear,
    guarded,
    no_empty_matches,
    read,
    subexpression,
)
from oracle_sft.engine.rewrite.terms import NULL_TERM, VARCHAR2, Term, once, over, quoted
from oracle_sft.engine.rewrite.text.positions import known_whole, out_of_range

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_UNKNOWN = "CAST(NULL AS BOOLEAN)"


def like(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> str:
    """REGEXP_LIKE(text, pattern [, flags]) as a condition."""
    if not 2 <= len(node.expressions) <= 3:
        raise OracleError.of("ORA-00909")
    source, pattern, *flags = (rewriter.value(part, frame) for part in node.expressions)
    source, pattern = as_text(source), as_text(pattern)
    if source.is_null or pattern.is_null:
        return _UNKNOWN
    if pattern.constant is None:
        parts = [as_text(rewriter.value(part, frame)) for part in _joined(node.expressions[1])]
        if flags and not flags[0].is_null and not isinstance(flags[0].constant, str):
            raise UnsupportedSQL("a match parameter that is not a literal")
        given = flags[0].constant if flags else None
        return pattern_parts.like(source, parts, given if isinstance(given, str) else None)
    regexp = read(pattern, as_text(flags[0]) if flags else None)
    body = guarded(regexp, source, f"regexp_matches($s, {quoted(regexp.re2)})")
    return f"({over({'s': source.sql}, body, simple=source.is_simple or not regexp.guard)})"


def _joined(node: exp.Expr) -> list[exp.Expr]:
    """What `||` joins, from left to right."""
    while isinstance(node, exp.Paren):
        node = node.this
    if isinstance(node, exp.DPipe):
        return [*_joined(node.this), *_joined(node.expression)]
    return [node]


def _substr(arguments: list[Term]) -> Term:
    call = begun("REGEXP_SUBSTR", arguments, 2, 3, 4)
    if call is None:
        return NULL_TERM
    group = subexpression(call, arguments, 5)
    check_clear(call.regexp, groups=group > 0)
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
    call = begun("REGEXP_COUNT", arguments, 2, None, 3)
    if call is None:
        return as_number(NULL_TERM)
    check_clear(call.regexp, groups=False)
    if pattern_match.length(call.regexp.pattern.root) != 0:
        no_empty_matches(call)
    found = f"len(regexp_extract_all({call.text}, {quoted(call.regexp.re2)}))"
    return numbers.whole_number(call.finished(found))


def _instr(arguments: list[Term]) -> Term:
    call = begun("REGEXP_INSTR", arguments, 2, 3, 5)
    if call is None:
        return as_number(NULL_TERM)
    end = known_whole(as_number(arguments[4])) if len(arguments) > 4 else 0
    if end is None:
        raise UnsupportedSQL("REGEXP_INSTR with a return option that is not a literal")
    if end not in (0, 1):
        raise out_of_range(end)
    group = subexpression(call, arguments, 6)
    check_clear(call.regexp, groups=group > 0)
    if group > call.regexp.pattern.num_groups:
        return numbers.literal(Decimal(0))
    if not call.first_only:
        no_empty_matches(call)
    empty = pattern_match.may_be_empty(call.regexp.pattern, before_end=False)
    if call.first_only and not group and not call.regexp.has_anchor and not empty:
        body = _first_place(call, end)
    else:
        body = _counted_place(call, group, end)
    return numbers.whole_number(f"CAST({call.finished(body)} AS BIGINT)")


def _first_place(call: Call, end: int) -> str:
    """Without anchors, the first match is where its text occurs first."""
    match = f"regexp_extract({call.text}, {quoted(call.regexp.re2)})"
    at = f"instr({call.text}, $m)" + (" + length($m)" if end else "")
    at += "" if known_whole(call.position) == 1 else " + $p - 1"
    return once(
        {"m": match}, f"(CASE WHEN $m <> '' THEN {at} WHEN $m = '' THEN 0 END)", variable="m"
    )


def _counted_place(call: Call, group: int, end: int) -> str:
    """The place by the lengths of all matches before, and of what lies between them."""
    root = call.regexp.pattern.root
    if group:
        before, wanted, after = pattern_re2.parted(root, group)
        whole = f"{GAP}(({before})({wanted}){after})"
    else:
        whole = f"{GAP}(()({pattern_re2.written(root, captures=False)}))"
    found = f"regexp_extract_all({call.text}, {quoted(whole)}, "
    at = f"length(({found}3))[$n]) + 1"
    if end:
        at += f" + length(({found}4))[$n])"
    sums = " + ".join(
        f"coalesce(list_sum(list_transform({found}{part})[1:{last}], lambda e: length(e))), 0)"
        for part, last in ((1, "$n"), (2, "$n - 1"))
    )
    skipped = "" if known_whole(call.position) == 1 else " + $p - 1"
    return f"(CASE WHEN $s IS NOT NULL THEN coalesce({at} + {sums}{skipped}, 0) END)"


FUNCTIONS: dict[str, Function] = {
    "REGEXP_SUBSTR": Function(_substr, 2, 6),
    "REGEXP_COUNT": Function(_count, 2, 4),
    "REGEXP_INSTR": Function(_instr, 2, 7),
}
