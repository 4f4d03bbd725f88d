"""INSTR: occurrences may overlap, and are counted backwards from a negative position."""

from decimal import Decimal

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.function_table import Function
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import NULL_TERM, Term, ora_error, over, refused
from oracle_sft.engine.rewrite.text.positions import known_whole, out_of_range, whole_sql

_FROM_ZERO = "INSTR from position 0"
_OUT_OF_RANGE = ora_error("ORA-01428", "?")
_ONE = numbers.literal(Decimal(1))


def _instr(arguments: list[Term]) -> Term:
    text, wanted = as_text(arguments[0]), as_text(arguments[1])
    if any(term.is_null for term in arguments):
        return as_number(NULL_TERM)
    start = as_number(arguments[2]) if len(arguments) > 2 else _ONE
    nth = as_number(arguments[3]) if len(arguments) > 3 else _ONE
    position, occurrence = known_whole(start), known_whole(nth)
    if occurrence is not None and occurrence < 1:
        raise out_of_range(occurrence)
    if position == 0:
        raise UnsupportedSQL(_FROM_ZERO)
    if (position, occurrence) == (1, 1):
        return numbers.whole_number(f"instr({text.sql}, {wanted.sql})")
    parts = {"s": text.sql, "w": wanted.sql}
    if occurrence is not None and position is not None and _cannot_overlap(wanted):
        if position > 0:
            return numbers.whole_number(over(parts, _split(position, occurrence), simple=False))
        if position == -1:
            return numbers.whole_number(over(parts, _split_back(occurrence), simple=False))
    tests = "WHEN $s IS NULL OR $w IS NULL THEN NULL "
    if position is None:
        parts["p"] = whole_sql(start)
        zero = refused(f"{_FROM_ZERO}")
        tests += f"WHEN $p IS NULL THEN NULL WHEN $p = 0 THEN {zero} "
    if occurrence is None:
        parts["n"] = whole_sql(nth)
        tests += f"WHEN $n IS NULL THEN NULL WHEN $n < 1 THEN {_OUT_OF_RANGE} "
    places = _places("$p" if position is None else str(position), position)
    number = "$n" if occurrence is None else str(occurrence)
    found = f"list_filter({places}, lambda i: substring($s, i, length($w)) = $w)[{number}]"
    sql = over(parts, f"(CASE {tests}ELSE coalesce({found}, 0) END)", simple=False)
    return numbers.whole_number(sql)


def _places(shown: str, position: int | None) -> str:
    last = "length($s) - length($w) + 1"
    forwards = f"range({shown}, {last} + 1)"
    backwards = f"range(least({last}, length($s) + {shown} + 1), 0, -1)"
    if position is None:
        return f"(CASE WHEN {shown} > 0 THEN {forwards} ELSE {backwards} END)"
    return forwards if position > 0 else backwards


def _cannot_overlap(wanted: Term) -> bool:
    """Whether no two occurrences share a character."""
    text = wanted.constant
    return isinstance(text, str) and not any(
        text.startswith(text[index:]) for index in range(1, len(text))
    )


def _split(position: int, occurrence: int) -> str:
    """The place by the length of all that comes before: several times faster than trying each."""
    rest = "$s" if position == 1 else f"substring($s, {position})"
    return _counted(f"string_split({rest}, $w)", str(occurrence), occurrence, position)


def _split_back(occurrence: int) -> str:
    pieces = "string_split($s, $w)"
    if occurrence == 1:
        place = f"length($s) - length({pieces}[-1]) - length($w) + 1"
        return f"(CASE WHEN contains($s, $w) THEN {place} WHEN $s IS NOT NULL THEN 0 END)"
    return _counted(pieces, f"(len({pieces}) - {occurrence})", occurrence, 1)


def _counted(pieces: str, before: str, least: int, start: int) -> str:
    """SQL of the place behind the first `before` pieces, if there are more than `least`."""
    lengths = f"list_sum(list_transform({pieces}[1:{before}], lambda e: length(e)))"
    place = f"CAST({lengths} AS BIGINT) + ({before} - 1) * length($w) + {start}"
    return f"(CASE WHEN len({pieces}) > {least} THEN {place} WHEN $s IS NOT NULL THEN 0 END)"


FUNCTIONS: dict[str, Function] = {
    "INSTR": Function(_instr, 2, 4),
    "INSTR4": Function(_instr, 2, 4),
}
