"""TO_DATE and its relatives: a literal is read while rewriting, a column in three steps.

Texts that look as the format says are read by `try_strptime`, those that look a little different by
one regular expression, and what is left by the reader in Python, which knows all that Oracle takes
and its errors.
"""

import re
from dataclasses import replace
from datetime import datetime

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import date_format, date_range, date_reader, time_zones
from oracle_sft.engine.rewrite.date_format import MERIDIANS, Element
from oracle_sft.engine.rewrite.date_reader import MONTHS, WIDTHS
from oracle_sft.engine.rewrite.terms import (
    SESSION_ZONE,
    OracleType,
    Term,
    date_literal,
    once,
    over,
    quoted,
)

READ_DATE = "oracle_read_date"
"""The function that serves the reader: text, format, rule -> TIMESTAMP."""


def to_date(
    term: Term, format_: str, type_: OracleType, clock: datetime, *, or_null: bool = False
) -> Term:
    """TO_DATE(text, format) or, by `type_`, TO_TIMESTAMP or TO_TIMESTAMP_TZ.

    `or_null`: NULL for a text that does not fit.

    Raises:
        OracleError: the format or a literal text is wrong (ORA-01821, ORA-01861, ORA-01843, ...).
        UnsupportedSQL: a format element that is not known here, by name.
    """
    elements = elements_for(format_, type_)
    if isinstance(term.constant, str):
        try:
            reading = date_reader.read(term.constant, elements, clock)
        except OracleError:
            if or_null:
                return Term("CAST(NULL AS TIMESTAMP)", type_)
            raise
        literal = date_literal(reading.moment, type_)
        if type_.is_zoned:
            wall = date_literal(reading.moment, OracleType("TIMESTAMP", scale=type_.scale))
            zoned = time_zones.at_zone(wall, reading.zone or SESSION_ZONE)
            return replace(zoned, type=replace(zoned.type, family=type_.family))
        return literal
    return Term(_from_column(term, format_, elements, type_, clock, or_null), type_)


def elements_for(format_: str, type_: OracleType) -> tuple[Element, ...]:
    """The elements of a format that a type can be read by.

    Raises:
        OracleError: ORA-01821 and what `date_format.read_for_input` raises.
        UnsupportedSQL: an element that is not read here.
    """
    elements = date_format.read_for_input(format_)
    for element in elements:
        fine = element.name.startswith("FF") or element.name in ("TZH", "TZM", "TZR", "TZD")
        if fine and type_.family == "DATE":
            raise date_format.not_recognized()
        if element.name.startswith("TZ") and not type_.is_zoned:
            raise date_format.not_recognized()
    unknown = date_reader.unknown_element(elements)
    if unknown is not None:
        raise UnsupportedSQL(f"TO_DATE with the date format element {unknown.written}")
    return elements


def rule(type_: OracleType, clock: datetime, *, or_null: bool) -> str:
    """How `READ_DATE` is to read, as its last argument."""
    return f"{type_.family}|{clock.isoformat()}|{'null' if or_null else 'error'}"


def _from_column(
    term: Term,
    format_: str,
    elements: tuple[Element, ...],
    type_: OracleType,
    clock: datetime,
    or_null: bool,
) -> str:
    steps = []
    if not type_.is_zoned and not any(element.exact for element in elements):
        steps = [_by_strptime(elements, clock), _by_pattern(elements, clock)]
    rest = f"{READ_DATE}($t, {quoted(format_)}, {quoted(rule(type_, clock, or_null=or_null))})"
    known = ", ".join(step for step in (*steps, rest) if step is not None)
    body = f"(CASE WHEN $t IS NULL THEN NULL ELSE coalesce({known}) END)"
    return over({"t": term.sql}, body, simple=term.is_simple)


_STRPTIME = {
    "YYYY": "%Y", "RRRR": "%Y", "YY": "%y", "RR": "%y", "MM": "%m", "MON": "%b", "MONTH": "%B",
    "DD": "%d", "HH24": "%H", "HH12": "%I", "HH": "%I", "MI": "%M", "SS": "%S", "X": ".", "FF": "%f",
    "FF6": "%f", "AM": "%p", "PM": "%p",
}  # fmt: skip


def _by_strptime(elements: tuple[Element, ...], clock: datetime) -> str | None:
    """For texts with all the elements and the format's own punctuation; NULL for others."""
    names = {element.name for element in elements}
    if not _has_date(names) or ("PM" in names or "AM" in names) != bool({"HH", "HH12"} & names):
        return None
    format_ = ""
    for element in elements:
        if not element.name:
            format_ += element.written.replace("%", "%%")
        elif element.name in _STRPTIME:
            format_ += _STRPTIME[element.name]
        else:
            return None
    found = f"try_strptime($t, {quoted(format_)})"
    # `epoch` and `infinity` are 1900 to strptime; two digits of a year follow another rule.
    sure = f"{found} >= {date_range.FIRST_MODERN} AND {found} <> TIMESTAMP '1900-01-01'"
    year = found
    if "YY" in names or "RR" in names:
        if not 2000 <= clock.year < 2050:
            return None
        old, new = f"{found} - INTERVAL 100 YEAR", f"{found} + INTERVAL 100 YEAR"
        year = f"CASE WHEN {found} < TIMESTAMP '2000-01-01' THEN {new} ELSE {found} END"
        if "RR" in names:
            year = f"CASE WHEN {found} >= TIMESTAMP '2050-01-01' THEN {old} ELSE {found} END"
    return f"(CASE WHEN {sure} THEN {year} END)"


def _has_date(names: set[str]) -> bool:
    return bool({"YYYY", "RRRR", "YY", "RR"} & names) and bool({"MM", "MON", "MONTH"} & names)


_NUMERIC = ("YYYY", "RRRR", "YY", "RR", "MM", "DD", "HH24", "HH12", "HH", "MI", "SS")
_PUNCTUATION = r"[^\pL\pN]"


def _by_pattern(elements: tuple[Element, ...], clock: datetime) -> str | None:
    """For texts with other punctuation, more blanks, fewer digits or without a time; NULL for others."""
    names = {element.name for element in elements}
    if "DD" not in names or not _has_date(names) or not 2000 <= clock.year < 2050:
        return None
    if ({"AM", "PM"} & names and not {"HH", "HH12"} & names) or len(elements) > 24:
        return None
    pattern, groups, num_open = "^ *", [], 0
    for index, element in enumerate(elements):
        ahead = next((later for later in elements[index:] if later.name), None)
        if ahead is not None and ahead.name in date_reader.TIMES and index:
            pattern += "(?:"
            num_open += 1
        elif num_open:
            return None  # a date behind a time
        piece = _pattern_of(element, elements[index + 1] if index + 1 < len(elements) else None)
        if piece is None:
            return None
        pattern += piece
        if element.name:
            groups.append(_GROUPS.get(element.name, element.name))
    pattern += ")?" * num_open + " *$"
    listed = ", ".join(quoted(group) for group in groups)
    found = f"regexp_extract($t, {quoted(pattern)}, [{listed}])"
    return once({"m": found}, _assembled(set(groups)), variable="w")


_GROUPS = {
    "HH": "HH12", "MONTH": "MON", "AM": "PM", "A.M.": "PM", "P.M.": "PM",
}  # fmt: skip


def _pattern_of(element: Element, following: Element | None) -> str | None:
    name = element.name
    adjoins = following is not None and bool(following.name)
    if not name:
        if element.quoted:
            return re.escape(element.written) if element.written.isascii() else None
        return _PUNCTUATION
    if name in ("MON", "MONTH"):
        return " *([A-Za-z]{3,9})"
    if name in MERIDIANS:
        return r" *([AaPp])\.?[Mm]\.?"
    if name not in _NUMERIC:
        return None
    # Before another number only with all its digits, so that there is one way to match.
    if adjoins:
        return rf" *([0-9]{{{WIDTHS[name]}}})"
    if name in ("RR", "YY"):
        return " *([0-9]{4}|[0-9]{1,2})"
    return rf" *([0-9]{{1,{WIDTHS[name]}}})"


_MONTH_NAMES = ", ".join(quoted(name) for name in [*(name[:3] for name in MONTHS), *MONTHS])


def _assembled(groups: set[str]) -> str:
    """The TIMESTAMP of the parts in `$m`, NULL where one of them is out of its range or missing."""

    def part(name: str) -> str:
        return f"TRY_CAST($m.{name} AS BIGINT)"

    def time(name: str) -> str:
        return f"coalesce({part(name)}, 0)" if name in groups else "0"

    if "YYYY" in groups:
        year = part("YYYY")
    elif "RRRR" in groups:
        short = f"length($m.RRRR) <= 2 THEN {_rr(part('RRRR'))}"
        year = f"(CASE WHEN {short} ELSE {part('RRRR')} END)"
    else:
        name = "RR" if "RR" in groups else "YY"
        short = _rr(part(name)) if name == "RR" else f"2000 + {part(name)}"
        year = f"(CASE WHEN length($m.{name}) <= 2 THEN {short} ELSE {part(name)} END)"
    month = part("MM")
    if "MON" in groups:
        month = f"((nullif(list_position([{_MONTH_NAMES}], upper($m.MON)), 0) - 1) % 12 + 1)"
    hour = time("HH24")
    if "HH12" in groups:
        # Without an hour in the text there is none of twelve.
        hour = "(CASE WHEN $m.HH12 = '' THEN 0 WHEN {0} BETWEEN 1 AND 12 THEN {0} % 12{1} END)"
        noon = " + (CASE WHEN $m.PM IN ('P', 'p') THEN 12 ELSE 0 END)" if "PM" in groups else ""
        hour = hour.format(part("HH12"), noon)
    moment = (
        f"TRY(make_timestamp({year}, {month}, {part('DD')}, {hour}, {time('MI')}, "
        f"CAST({time('SS')} AS DOUBLE)))"
    )
    return f"(CASE WHEN {moment} >= {date_range.FIRST_MODERN} THEN {moment} END)"


def _rr(digits: str) -> str:
    return f"({digits} + CASE WHEN {digits} < 50 THEN 2000 ELSE 1900 END)"
