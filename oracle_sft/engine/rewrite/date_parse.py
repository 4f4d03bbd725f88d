"""TO_DATE: a literal is read here and now, a column by a pattern.

Without FX, Oracle takes any punctuation for any other, a number with fewer digits, a month by name
where a number is expected, and a time that is missing at the end.
"""

import re
from datetime import datetime, timedelta

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import date_format
from oracle_sft.engine.rewrite.date_format import Element
from oracle_sft.engine.rewrite.terms import (
    DATE,
    TIMESTAMP,
    OracleType,
    Term,
    date_literal,
    ora_error,
    over,
    quoted,
)

MONTHS = (
    "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER"
).split()
DAYS = "SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY".split()
_WIDTHS = {
    "YYYY": 4, "RRRR": 4, "YYY": 3, "YY": 2, "RR": 2, "Y": 1, "MM": 2, "DD": 2, "DDD": 3,
    "HH24": 2, "HH12": 2, "HH": 2, "MI": 2, "SS": 2, "SSSSS": 5, "J": 7,
}  # fmt: skip
_TIMES = frozenset("HH24 HH12 HH MI SS SSSSS AM PM A.M. P.M. FF".split())
_RANGES = {
    "MM": (1, 12, "ORA-01843", "not a valid month"),
    "DD": (1, 31, "ORA-01847", "day of month must be between 1 and last day of month"),
    "DDD": (1, 366, "ORA-01848", "day of year must be between 1 and 365 (366 for leap year)"),
    "HH24": (0, 23, "ORA-01850", "hour must be between 0 and 23"),
    "HH12": (1, 12, "ORA-01849", "hour must be between 1 and 12"),
    "HH": (1, 12, "ORA-01849", "hour must be between 1 and 12"),
    "MI": (0, 59, "ORA-01851", "minutes must be between 0 and 59"),
    "SS": (0, 59, "ORA-01852", "seconds must be between 0 and 59"),
    "SSSSS": (0, 86399, "ORA-01853", "seconds in day must be between 0 and 86399"),
}
_EPOCH = datetime(1970, 1, 1)
_MISMATCH = ("ORA-01861", "literal does not match format string")


def to_date(term: Term, format_: str, *, type_: OracleType = DATE) -> Term:
    """TO_DATE(text, format) or, with `type_`, TO_TIMESTAMP.

    Raises:
        OracleError: the format or a literal text is wrong (ORA-01821, ORA-01861, ORA-01843, ...).
        UnsupportedSQL: a format element that is not known here, by name.
    """
    elements = date_format.read(format_)
    for element in elements:
        known = element.name in _WIDTHS or element.name in _TIMES or element.name in (
            "", "MON", "MONTH", "DAY", "DY",
        )  # fmt: skip
        fraction = element.name.startswith("FF") and type_ is TIMESTAMP
        if element.suffix or not (known or fraction):
            raise UnsupportedSQL(f"TO_DATE with the date format element {element.written}")
    if isinstance(term.constant, str):
        return date_literal(_Reader(term.constant, elements).moment(), type_)
    return _from_column(term, elements, type_)


class _Reader:
    """Reads one text by the elements of a format."""

    def __init__(self, text: str, elements: list[Element]) -> None:
        self.text = text.strip(" ")
        self.elements = elements
        self.at = 0
        self.found: dict[str, int] = {}

    def moment(self) -> datetime:
        for index, element in enumerate(self.elements):
            if self.at >= len(self.text):
                self._check_rest(self.elements[index:])
                break
            if element.name:
                self._blanks()
                self._element(element)
            else:
                self._literal(element, self.elements[index + 1 : index + 2])
        if self.text[self.at :].strip():
            message = "date format picture ends before converting entire input string"
            raise OracleError("ORA-01830", message)
        return self._assembled()

    def _check_rest(self, elements: list[Element]) -> None:
        for element in elements:
            if element.name and element.name not in _TIMES and not element.name.startswith("FF"):
                raise OracleError("ORA-01840", "input value not long enough for date format")

    def _blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at] == " ":
            self.at += 1

    def _literal(self, element: Element, following: list[Element]) -> None:
        if element.quoted:
            if not self.text.startswith(element.written, self.at):
                raise OracleError(*_MISMATCH)
            self.at += len(element.written)
            return
        character = self.text[self.at]
        if not character.isalnum():
            self.at += 1
            return
        # Punctuation may be left out before a number that is written with all its digits.
        width = _WIDTHS.get(following[0].name, 0) if following else 0
        digits = self.text[self.at : self.at + width]
        if element.written.strip() and not (width and len(digits) == width and digits.isdigit()):
            raise OracleError(*_MISMATCH)

    def _element(self, element: Element) -> None:
        name = element.name
        if name in ("AM", "PM", "A.M.", "P.M."):
            match = re.compile(r"([AP])\.?M\.?", re.IGNORECASE).match(self.text, self.at)
            if match is None:
                raise OracleError("ORA-01855", "AM/A.M. or PM/P.M. required")
            self.found["PM"] = int(match[1].upper() == "P")
            self.at = match.end()
        elif name in ("MON", "MONTH") or (name == "MM" and self.text[self.at].isalpha()):
            self.found["MM"] = self._name(MONTHS, "ORA-01843", "not a valid month") + 1
        elif name in ("DAY", "DY"):
            self.found["D"] = self._name(DAYS, "ORA-01846", "not a valid day of the week")
        elif name.startswith("FF"):
            self._fraction(name)
        else:
            self._number(name)

    def _name(self, names: list[str], code: str, message: str) -> int:
        rest = self.text[self.at :].upper()
        for index, name in enumerate(names):
            for spelled in (name, name[:3]):
                if rest.startswith(spelled) and not rest[len(spelled) :][:1].isalpha():
                    self.at += len(spelled)
                    return index
        raise OracleError(code, message)

    def _fraction(self, name: str) -> None:
        match = re.compile(r"\d{1,9}").match(self.text, self.at)
        if match is None:
            raise OracleError("ORA-01858", _NOT_NUMERIC)
        digits = match[0]
        if len(digits.rstrip("0")) > 6:
            raise UnsupportedSQL("more than 6 digits of a second")
        self.found["FF"] = int(digits.ljust(6, "0")[:6])
        self.at = match.end()

    def _number(self, name: str) -> None:
        width = _WIDTHS[name]
        match = re.compile(r"\d+").match(self.text, self.at)
        if match is None:
            raise OracleError("ORA-01858", _NOT_NUMERIC)
        if name in ("YY", "RR") and len(match[0]) == 4:
            name, width = "YYYY", 4
        digits = match[0][:width]
        self.at += len(digits)
        value = int(digits)
        if name in _RANGES:
            low, high, code, message = _RANGES[name]
            if not low <= value <= high:
                raise OracleError(code, message)
        key = {"HH": "HH12", "RRRR": "YYYY" if len(digits) > 2 else "RR"}.get(name, name)
        if key == "YYYY" and value == 0:
            message = "(full) year must be between -4713 and +9999, and not be 0"
            raise OracleError("ORA-01841", message)
        if key in self.found:
            raise UnsupportedSQL("a date format that says one thing twice")
        self.found[key] = value

    def _assembled(self) -> datetime:
        found = self.found
        day = _EPOCH + timedelta(days=found["J"] - 2440588) if "J" in found else self._date()
        hour = found.get("HH24", 0)
        if "HH12" in found:
            hour = found["HH12"] % 12 + 12 * found.get("PM", 0)
        if "D" in found and (day.isoweekday() % 7) != found["D"]:
            raise OracleError("ORA-01835", "day of week conflicts with Julian date")
        if "SSSSS" in found:
            return day + timedelta(seconds=found["SSSSS"])
        minute, second = found.get("MI", 0), found.get("SS", 0)
        return day.replace(hour=hour, minute=minute, second=second, microsecond=found.get("FF", 0))

    def _date(self) -> datetime:
        found = self.found
        if "YYYY" in found:
            year = found["YYYY"]
        elif "RR" in found:
            # The clock stands between 2000 and 2049.
            year = found["RR"] + (2000 if found["RR"] < 50 else 1900)
        elif "YY" in found:
            year = 2000 + found["YY"]
        else:
            raise UnsupportedSQL("TO_DATE with a format without a year")
        if "DDD" in found:
            day = datetime(year, 1, 1) + timedelta(days=found["DDD"] - 1)
            if day.year != year:
                message = "day of year must be between 1 and 365 (366 for leap year)"
                raise OracleError("ORA-01848", message)
            return day
        if "MM" not in found:
            raise UnsupportedSQL("TO_DATE with a format without a month")
        try:
            return datetime(year, found["MM"], found.get("DD", 1))
        except ValueError:
            raise OracleError("ORA-01839", "date not valid for month specified") from None


_NOT_NUMERIC = "a non-numeric character was found where a numeric was expected"
_COLUMN_ELEMENTS = ("YYYY", "MM", "MON", "DD", "HH24", "MI", "SS")


def _from_column(term: Term, elements: list[Element], type_: OracleType) -> Term:
    """By a pattern for texts that are written exactly as the format says; others are refused when
    they come, because Oracle may still read them.
    """
    pattern, names = "", []
    for element in elements:
        if element.name:
            if element.name not in _COLUMN_ELEMENTS or element.name in names:
                raise UnsupportedSQL(f"TO_DATE of a column with {element.written}")
            names.append(element.name)
            width = _WIDTHS.get(element.name)
            pattern += f"([0-9]{{{width}}})" if width else "([A-Za-z]{3})"
        else:
            pattern += re.escape(element.written)
    month = "MM" if "MM" in names else "MON"
    if not {"YYYY", month, "DD"} <= set(names):
        raise UnsupportedSQL("TO_DATE of a column without year, month and day")

    def part(name: str) -> str:
        if name not in names:
            return "0"
        text = f"regexp_extract($t, {quoted(pattern)}, {names.index(name) + 1})"
        if name == "MON":
            short = ", ".join(quoted(known[:3]) for known in MONTHS)
            return f"list_position([{short}], upper({text}))"
        return f"CAST({text} AS BIGINT)"

    parts = ", ".join(part(name) for name in ("YYYY", month, "DD", "HH24", "MI", "SS"))
    other = f"error({quoted('unsupported: TO_DATE of a text that is not exactly as its format')})"
    wrong = ora_error("ORA-01839", "date not valid for month specified")
    body = (
        f"(CASE WHEN $t IS NULL THEN NULL WHEN NOT regexp_full_match($t, {quoted(pattern)}) "
        f"THEN {other} ELSE coalesce(TRY(make_timestamp({parts})), {wrong}) END)"
    )
    return Term(over({"t": term.sql}, body, simple=term.is_simple), type_)
