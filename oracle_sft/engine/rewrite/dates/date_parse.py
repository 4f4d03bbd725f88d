"""TO_DATE and its relatives: a literal is read while rewriting, a column in three steps.

Texts that look as the format says are read by `try_strptime`. Those that look a little different are
brought into one form by a regular expression, and read by it too. What is left goes to the reader in
Python, which knows all that Oracle takes, and its errors.
"""

from dataclasses import replace
from datetime import datetime

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.dates import (
    date_format,
    date_patterns,
    date_range,
    date_reader,
    time_zones,
)
from oracle_sft.engine.rewrite.dates.date_format import Element
from oracle_sft.engine.rewrite.terms import (
    SESSION_ZONE,
    OracleType,
    Term,
    date_literal,
    family_named,
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


def read_rule(written: str) -> tuple[OracleType, datetime, bool]:
    """What `rule` was given: the type, the clock and whether NULL stands for what does not fit."""
    family, clock, on_error = written.split("|")
    return OracleType(family_named(family)), datetime.fromisoformat(clock), on_error == "null"


def _from_column(
    term: Term,
    format_: str,
    elements: tuple[Element, ...],
    type_: OracleType,
    clock: datetime,
    or_null: bool,
) -> str:
    rest = f"{READ_DATE}($t, {quoted(format_)}, {quoted(rule(type_, clock, or_null=or_null))})"
    first = None
    if not type_.is_zoned and 2000 <= clock.year < 2050:
        patterns = date_patterns.readings(elements, clock)
        rest = f"coalesce({', '.join([*patterns, rest])})" if patterns else rest
        first = _by_strptime(elements)
    # What is read first is also tested first, so that DuckDB reads it only once.
    sure = f"WHEN {first[0]} THEN {first[1]} " if first is not None else ""
    body = f"(CASE {sure}WHEN $t IS NULL THEN NULL ELSE {rest} END)"
    return over({"t": term.sql}, body, simple=term.is_simple)


_STRPTIME = {
    "YYYY": "%Y", "RRRR": "%Y", "YY": "%y", "RR": "%y", "MM": "%m", "MON": "%b", "MONTH": "%B",
    "DD": "%d", "HH24": "%H", "HH12": "%I", "HH": "%I", "MI": "%M", "SS": "%S", "X": ".", "FF": "%f",
    "FF6": "%f", "AM": "%p", "PM": "%p",
}  # fmt: skip


_WIDTHS = date_reader.WIDTHS | {"MON": 3, "AM": 2, "PM": 2}


def _shape(elements: tuple[Element, ...]) -> str | None:
    """What a text with all digits looks like, as a pattern of GLOB, which tells most texts at half the
    cost; None for a format of no fixed width.
    """
    places: list[str] = []
    for element in elements:
        if not element.name:
            places += [f"[{sign}]" if sign in "*?[\\" else sign for sign in element.written]
        elif element.name == "X":
            places.append(".")
        elif element.name in _WIDTHS:
            kind = "[0-9]" if element.name in date_reader.WIDTHS else "[A-Za-z]"
            places += [kind] * _WIDTHS[element.name]
        else:
            return None
    beside = [" ", *places, " "]
    # strptime looks at all but the white space that it skips: at both ends, and beside a blank.
    return "".join(
        "?" if len(place) > 3 and not (before.isspace() or after.isspace()) else place
        for before, place, after in zip(beside, places, beside[2:], strict=False)
    )


def _by_strptime(elements: tuple[Element, ...]) -> tuple[str, str] | None:
    """For texts with all the elements and the format's own punctuation: a condition that holds when
    one was read, and the moment.
    """
    names = {element.name for element in elements}
    if not date_patterns.has_date(names) or any(element.exact for element in elements):
        return None
    if ("PM" in names or "AM" in names) != bool({"HH", "HH12"} & names):
        return None
    format_ = ""
    for element in elements:
        if not element.name:
            format_ += element.written.replace("%", "%%")
        elif element.name in _STRPTIME:
            format_ += _STRPTIME[element.name]
        else:
            return None
    # What strptime cannot read costs it ten times what it can: other punctuation is sorted out before.
    # So are tabs and ends of lines, which it skips, and words like `epoch`, which it knows.
    marks = {element.written for element in elements if not (element.name or element.quoted)} - {
        " "
    }
    likely = [f"contains($t, {quoted(mark)})" for mark in sorted(marks)]
    likely += ["$t GLOB '*[0-9]*'", r"NOT ($t GLOB E'*[\t-\r]*')"]
    tests = [" AND ".join(likely)]
    shape = _shape(elements)
    if shape is not None:
        tests.insert(0, f"$t GLOB {quoted(shape)}")
    text = f"CASE {' '.join(f'WHEN {test} THEN $t' for test in tests)} END"
    found = f"try_strptime({text}, {quoted(format_)})"
    sure = f"{found} >= {date_range.FIRST_MODERN}"
    if "YY" in names:
        new = f"{found} + INTERVAL 100 YEAR"
        return sure, f"(CASE WHEN {found} < TIMESTAMP '2000-01-01' THEN {new} ELSE {found} END)"
    if "RR" in names:
        old = f"{found} - INTERVAL 100 YEAR"
        return sure, f"(CASE WHEN {found} >= TIMESTAMP '2050-01-01' THEN {old} ELSE {found} END)"
    return sure, found
