"""Texts that resemble a date format: a regular expression brings them into one form for `try_strptime`.

Other punctuation, more blanks, fewer digits, a year with two digits more, no time. Each reading is
NULL for the texts that it does not know. The clock stands between 2000 and 2049.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from oracle_sft.engine.rewrite.dates import date_reader
from oracle_sft.engine.rewrite.dates.date_format import MERIDIANS, Element
from oracle_sft.engine.rewrite.terms import quoted

_PUNCTUATION = r"[^\pL\pN]"
_FULL_YEAR = ("(1[6-9][0-9]{2}|[2-9][0-9]{3})", "")
_YEARS = {
    "YYYY": (_FULL_YEAR,),
    "YY": (("([0-9]{2})", "20"), _FULL_YEAR),
    "RR": (("([0-4][0-9])", "20"), ("([5-9][0-9])", "19"), _FULL_YEAR),
}
_YEARS["RRRR"] = _YEARS["RR"]
"""Element -> patterns of a year, and the century in front of what each finds."""

_MONTHS = ("MM", "MON", "MONTH", "RM")
_PARTS = {
    "DDD": "j", "MM": "m", "MON": "b", "MONTH": "b", "DD": "d", "HH24": "H", "HH12": "I", "HH": "I", "MI": "M",
    "SS": "S", **dict.fromkeys(MERIDIANS, "p"),
}  # fmt: skip
"""Element -> the directive that reads it."""

_MOST_GROUPS = 9
"""What the replacement of a regular expression can name."""


def has_date(names: set[str]) -> bool:
    """Whether a format says year and month, so that nothing but the day is taken from elsewhere."""
    return bool(_YEARS.keys() & names) and bool({"MM", "MON", "MONTH"} & names)


def readings(elements: tuple[Element, ...], clock: datetime) -> list[str]:
    """SQL of TIMESTAMPs of the text `$t`, to be tried one after the other; a year or month that the
    format does not say is the clock's.
    """
    names = {element.name for element in elements}
    if names & MERIDIANS and not names & {"HH", "HH12"}:
        return []
    if "DDD" in names and names & {*_MONTHS, "DD"}:
        return []
    given = "" if names & _YEARS.keys() else f"{clock.year} "
    form = "%Y " if given else ""
    if not names & {*_MONTHS, "DDD"}:
        given, form = f"{given}{clock.month} ", f"{form}%m "
    year = next((element.name for element in elements if element.name in _YEARS), "YYYY")
    found = []
    for part in _with_and_without_time(elements):
        for pattern, century in _YEARS[year]:
            reading = _reading(part, pattern, century, given, form)
            if reading is not None:
                found.append(reading)
    return found


def _with_and_without_time(elements: tuple[Element, ...]) -> Iterator[tuple[Element, ...]]:
    yield elements
    last = max(
        (index for index, element in enumerate(elements) if element.name and not _is_time(element)),
        default=len(elements),
    )
    rest = elements[last + 1 :]
    if any(element.name for element in rest) and not any(element.exact for element in elements):
        yield elements[: last + 1]


def _is_time(element: Element) -> bool:
    return element.name in date_reader.TIMES or element.name.startswith("FF")


def _reading(
    elements: tuple[Element, ...], year: str, century: str, given: str, form: str
) -> str | None:
    """`given` is what the clock says, in the form `form`."""
    pattern = ""
    groups: dict[str, int] = {}
    has_meridian = any(element.name in MERIDIANS for element in elements)
    for element, following in zip(elements, [*elements[1:], None], strict=True):
        adjoins = following is not None and bool(following.name)
        piece = _pattern(element, year, adjoins, has_meridian)
        if piece is None:
            return None
        if element.name and element.name != "X":
            pattern += "" if element.exact else " *"
            directive = "Y" if element.name in _YEARS else _PARTS.get(element.name, "f")
            groups[directive] = len(groups) + 1
        pattern += piece
    if len(groups) > _MOST_GROUPS:
        return None
    replacement = given
    for directive, group in groups.items():
        # Of an hour from 1 to 11 without AM or PM, strptime needs to know no half of the day.
        known = "H" if directive == "I" and not has_meridian else directive
        form += f"%{known} "
        replacement += f"{century if directive == 'Y' else ''}\\{group}"
        replacement += "M " if directive == "p" else " "
    whole = quoted(f"^ *{pattern} *$")
    text = f"regexp_replace($t, {whole}, {quoted(replacement)})"
    # What is not brought into the form is kept from strptime, which is slow to find that out.
    return f"CASE WHEN regexp_matches($t, {whole}) THEN try_strptime({text}, {quoted(form)}) END"


def _pattern(element: Element, year: str, adjoins: bool, has_meridian: bool) -> str | None:
    name = element.name
    if not name:
        if not element.quoted and not element.exact:
            return _PUNCTUATION
        return re.escape(element.written) if element.written.isascii() else None
    if name in _YEARS:
        # Four digits instead of two only where it is clear that they are the year.
        return (
            None if adjoins and len(year) > len("([0-4][0-9])") and name in ("YY", "RR") else year
        )
    if name in ("MON", "MONTH"):
        return None if element.exact else "([A-Za-z]{3})"
    if name in MERIDIANS:
        return None if element.exact else r"([AaPp])\.?[Mm]\.?"
    if name == "X":
        return r"\."
    if name.startswith("FF"):
        return None if adjoins or element.exact else f"([0-9]{{1,{min(int(name[2:] or 6), 6)}}})"
    if name == "DDD":
        # The 366th day is one of some years only, which strptime does not look at.
        return "(36[0-5]|3[0-5][0-9]|[12][0-9][0-9]|0[1-9][0-9]|00[1-9])"
    if name not in _PARTS:
        return None
    if name in ("HH", "HH12") and not has_meridian:
        return "(0[1-9]|1[01])" if adjoins or element.exact else "(0?[1-9]|1[01])"
    # Before another number only with all its digits, so that there is one way to match.
    whole = adjoins or (element.exact and element.fill)
    return "([0-9]{2})" if whole else "([0-9]{1,2})"
