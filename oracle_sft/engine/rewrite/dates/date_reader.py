"""One text read by the elements of a date format, as TO_DATE and its relatives read it.

Without FX, Oracle takes any punctuation for any other, a number with fewer digits, a month by name
where a number is expected, and a time that is missing at the end.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.dates import time_zones
from oracle_sft.engine.rewrite.dates.date_format import MERIDIANS, Element

MONTHS = (
    "JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER"
).split()
DAYS = "SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY".split()
WIDTHS = {
    "YYYY": 4, "SYYYY": 4, "RRRR": 4, "YYY": 3, "YY": 2, "RR": 2, "Y": 1, "MM": 2, "DD": 2, "DDD": 3,
    "HH24": 2, "HH12": 2, "HH": 2, "MI": 2, "SS": 2, "SSSSS": 5, "J": 7, "D": 1,
}  # fmt: skip
_ZONE = frozenset("TZH TZM TZR".split())
_OTHERS = frozenset("MON MONTH DAY DY RM AD BC A.D. B.C. X Y,YYY".split()) | MERIDIANS | _ZONE
TIMES = frozenset("HH24 HH12 HH MI SS SSSSS X".split()) | MERIDIANS | _ZONE
"""Elements that may be missing at the end of a text; FF too."""

_RANGES = {
    "MM": (1, 12, "ORA-01843"),
    "DD": (1, 31, "ORA-01847"),
    "DDD": (1, 366, "ORA-01848"),
    "D": (1, 7, "ORA-01846"),
    "HH24": (0, 23, "ORA-01850"),
    "HH12": (1, 12, "ORA-01849"),
    "HH": (1, 12, "ORA-01849"),
    "MI": (0, 59, "ORA-01851"),
    "SS": (0, 59, "ORA-01852"),
    "SSSSS": (0, 86399, "ORA-01853"),
    "J": (1, 5_373_484, "ORA-01854"),
}
_MISMATCH = "ORA-01861"
_NOT_NUMERIC = "ORA-01858"
_YEAR_RANGE = "ORA-01841"
_WRONG_LENGTH = "ORA-01862"
_NOT_IN_MONTH = "ORA-01839"
_FIRST_JULIAN_DAY = 2_299_239  # 1583-01-01, see date_range
_EPOCH = datetime(1970, 1, 1)
_ROMAN = "VIII VII III XII IV VI IX XI II X V I".split()
_ROMAN_MONTHS = "I II III IV V VI VII VIII IX X XI XII".split()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says."""

    moment: datetime
    zone: str | None = None


def unknown_element(elements: tuple[Element, ...]) -> Element | None:
    """An element that is not read here."""
    for element in elements:
        name = element.name
        if name and name not in WIDTHS and name not in _OTHERS and not name.startswith("FF"):
            return element
    return None


def read(text: str, elements: tuple[Element, ...], clock: datetime) -> Reading:
    """The moment, with what the format does not say taken from the clock.

    Raises:
        OracleError: the text does not fit (ORA-01830, ORA-01840, ORA-01843, ORA-01861, ...).
        UnsupportedSQL: Oracle may read it, and how is not certain.
    """
    return _Reader(text, elements, clock).read()


class _Reader:
    def __init__(self, text: str, elements: tuple[Element, ...], clock: datetime) -> None:
        self.text = text.strip(" ")
        self.elements = elements
        self.clock = clock
        self.at = 0
        self.found: dict[str, int] = {}
        self.region: str | None = None

    def read(self) -> Reading:
        for index, element in enumerate(self.elements):
            if self.at >= len(self.text):
                self._check_rest(self.elements[index:])
                break
            if not element.name:
                self._literal(element, self.elements[index + 1 : index + 2])
                continue
            if not element.exact:
                self._blanks()
            self._element(element, self.elements[index + 1 : index + 2])
        if self.text[self.at :].strip(" "):
            raise OracleError.of("ORA-01830")
        return Reading(self._moment(), self._zone())

    def _check_rest(self, elements: tuple[Element, ...]) -> None:
        for element in elements:
            if element.name and element.name not in TIMES and not element.name.startswith("FF"):
                raise OracleError.of("ORA-01840")

    def _blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at] == " ":
            self.at += 1

    def _literal(self, element: Element, following: tuple[Element, ...]) -> None:
        if element.quoted or element.exact:
            if not self.text.startswith(element.written, self.at):
                raise OracleError.of(_MISMATCH)
            self.at += len(element.written)
            return
        if not self.text[self.at].isalnum():
            self.at += 1
            return
        # Punctuation may be left out before a number that is written with all its digits.
        width = WIDTHS.get(following[0].name, 0) if following else 0
        digits = self.text[self.at : self.at + width]
        if element.written.strip() and not (width and len(digits) == width and digits.isdigit()):
            raise OracleError.of(_MISMATCH)

    def _element(self, element: Element, following: tuple[Element, ...]) -> None:
        name = element.name
        if name in MERIDIANS:
            found = self._match(r"([AaPp])\.?[Mm]\.?", "ORA-01855")
            self.found["PM"] = int(found[1] in "Pp")
        elif name in ("AD", "BC", "A.D.", "B.C."):
            if self._match(r"([AaBb])\.?[DdCc]\.?", "ORA-01856")[1] in "Bb":
                raise UnsupportedSQL("a date before the year 1")
        elif name == "RM":
            self._roman()
            self._padding(element)
        elif name in ("MON", "MONTH") or (
            name == "MM" and not element.exact and self.text[self.at].isalpha()
        ):
            self._keep("MM", self._name(MONTHS, "ORA-01843") + 1)
            self._padding(element)
        elif name in ("DAY", "DY"):
            self._keep("D", self._name(DAYS, "ORA-01846") + 1)
            self._padding(element)
        elif name == "X":
            if self.text[self.at] != ".":
                raise UnsupportedSQL("a fraction of a second behind anything but a point")
            self.at += 1
        elif name.startswith("FF"):
            self._fraction(name)
        elif name in _ZONE:
            self._zone_part(name)
        else:
            self._number(element, adjoins=bool(following) and following[0].name in WIDTHS)

    def _match(self, pattern: str, code: str) -> re.Match[str]:
        match = re.compile(pattern, re.ASCII).match(self.text, self.at)
        if match is None:
            raise OracleError.of(code)
        self.at = match.end()
        return match

    def _keep(self, key: str, value: int) -> None:
        if key in self.found:
            raise UnsupportedSQL("a date format that says one thing twice")
        self.found[key] = value

    def _name(self, names: list[str], code: str) -> int:
        rest = self.text[self.at : self.at + 10].upper()
        for index, name in enumerate(names):
            for spelled in (name, name[:3]):
                if rest.startswith(spelled) and not rest[len(spelled) :][:1].isalpha():
                    self.at += len(spelled)
                    return index
        raise OracleError.of(code)

    def _padding(self, element: Element) -> None:
        """The blanks that TO_CHAR puts behind a name, where punctuation follows them."""
        rest = self.text[self.at :].lstrip(" ")
        if element.name in ("MONTH", "DAY", "RM") and rest and not rest[0].isalnum():
            self._blanks()

    def _roman(self) -> None:
        rest = self.text[self.at : self.at + 4].upper()
        name = next((name for name in _ROMAN if rest.startswith(name)), None)
        if name is None:
            raise OracleError.of("ORA-01843")
        self.at += len(name)
        self._keep("MM", _ROMAN_MONTHS.index(name) + 1)

    def _fraction(self, name: str) -> None:
        digits = self._match(rf"\d{{1,{name[2:] or 9}}}", _NOT_NUMERIC)[0]
        if len(digits.rstrip("0")) > 6:
            raise UnsupportedSQL("more than 6 digits of a second")
        self._keep("FF", int(digits.ljust(6, "0")[:6]))

    def _zone_part(self, name: str) -> None:
        if name == "TZR":
            found = self._match(r"[+-]?\d{1,2}:\d{2}|[A-Za-z_/+\-0-9]+", _MISMATCH)
            self.region = time_zones.checked(found[0])
            return
        sign = "[+-]?" if name == "TZH" else ""
        text = self._match(rf"{sign}\d{{1,2}}", _NOT_NUMERIC)[0]
        self._keep(name, int(text))
        if text[0] == "-":
            self.found["WEST"] = 1

    def _number(self, element: Element, *, adjoins: bool) -> None:
        name = element.name
        if name == "Y,YYY":
            year = self._match(r"(\d),(\d{3})", _NOT_NUMERIC)
            self._keep("YYYY", int(year[1] + year[2]))
            return
        if name == "SYYYY" and self.text[self.at] in "+-":
            if self.text[self.at] == "-":
                raise UnsupportedSQL("a date before the year 1")
            self.at += 1
        width = WIDTHS[name]
        match = re.compile(r"\d+", re.ASCII).match(self.text, self.at)
        if match is None:
            if not self.text[self.at].isalpha() and self.at and not element.exact:
                raise UnsupportedSQL("punctuation in a text where its date format has none")
            raise OracleError.of(_YEAR_RANGE if name == "YYYY" else _NOT_NUMERIC)
        if name in ("YY", "RR") and len(match[0]) == 4 and not element.exact and not adjoins:
            name, width = "YYYY", 4
        digits = match[0][:width]
        if element.exact and element.fill and len(digits) != width:
            raise OracleError.of(_WRONG_LENGTH)
        self.at += len(digits)
        value = int(digits)
        if name in _RANGES:
            low, high, code = _RANGES[name]
            if not low <= value <= high:
                raise OracleError.of(code)
        key = {"HH": "HH12", "SYYYY": "YYYY"}.get(name, name)
        if name == "RRRR":
            key = "YYYY" if len(digits) > 2 else "RR"
        if key == "YYYY" and value == 0:
            raise OracleError.of(_YEAR_RANGE)
        self._keep(key, value)

    def _moment(self) -> datetime:
        found = self.found
        day = self._julian_day() if "J" in found else self._date()
        hour = found.get("HH24", 0)
        if "HH12" in found:
            hour = found["HH12"] % 12 + 12 * found.get("PM", 0)
        elif "PM" in found:
            raise UnsupportedSQL("AM or PM without an hour")
        if "D" in found and (day.isoweekday() % 7) + 1 != found["D"]:
            raise OracleError.of("ORA-01835")
        minute, second = found.get("MI", 0), found.get("SS", 0)
        if "SSSSS" in found:
            self._check_seconds(hour, minute, second)
            day += timedelta(seconds=found["SSSSS"])
            return day.replace(microsecond=found.get("FF", 0))
        return day.replace(hour=hour, minute=minute, second=second, microsecond=found.get("FF", 0))

    def _check_seconds(self, hour: int, minute: int, second: int) -> None:
        total = self.found["SSSSS"]
        for names, value, expected, code in (
            (("HH24", "HH12"), hour, total // 3600, "ORA-01836"),
            (("MI",), minute, total // 60 % 60, "ORA-01837"),
            (("SS",), second, total % 60, "ORA-01838"),
        ):
            if set(names) & set(self.found) and value != expected:
                raise OracleError.of(code)

    def _julian_day(self) -> datetime:
        if {"MM", "DD", "DDD", "YYYY", "RR", "YY", "YYY", "Y"} & set(self.found):
            raise UnsupportedSQL("a Julian day with other parts of a date")
        if self.found["J"] < _FIRST_JULIAN_DAY:
            raise UnsupportedSQL("the number of days of a date before 1583")
        return _EPOCH + timedelta(days=self.found["J"] - 2_440_588)

    def _year(self) -> int:
        found, now = self.found, self.clock.year
        if "YYYY" in found:
            return found["YYYY"]
        if "RR" in found:
            century = now // 100 * 100
            if found["RR"] < 50 <= now % 100:
                century += 100
            elif now % 100 < 50 <= found["RR"]:
                century -= 100
            return century + found["RR"]
        for name, size in (("YYY", 1000), ("YY", 100), ("Y", 10)):
            if name in found:
                return now // size * size + found[name]
        return now

    def _date(self) -> datetime:
        found, year = self.found, self._year()
        if "DDD" in found:
            if {"MM", "DD"} & set(found):
                raise UnsupportedSQL("a day of the year with a month or a day")
            day = datetime(year, 1, 1) + timedelta(days=found["DDD"] - 1)
            if day.year != year:
                raise OracleError.of("ORA-01848")
            return day
        month, number = found.get("MM", self.clock.month), found.get("DD", 1)
        return checked_date(year, month, number)

    def _zone(self) -> str | None:
        if self.region is not None:
            return self.region
        if "TZH" not in self.found and "TZM" not in self.found:
            return None
        sign = "-" if "WEST" in self.found else "+"
        hours, minutes = abs(self.found.get("TZH", 0)), self.found.get("TZM", 0)
        return time_zones.checked(f"{sign}{hours}:{minutes:02}")


def checked_date(year: int, month: int, day: int) -> datetime:
    """The day, by Oracle's calendar.

    Raises:
        OracleError: ORA-01839.
        UnsupportedSQL: a day that the Gregorian calendar lacks or Oracle's does.
    """
    lost = (year, month) == (1582, 10) and 4 < day < 15
    gained = year < 1583 and year % 100 == 0 and year % 400 and (month, day) == (2, 29)
    if lost or gained:
        raise UnsupportedSQL("a day that not every calendar has")
    try:
        return datetime(year, month, day)
    except ValueError:
        raise OracleError.of(_NOT_IN_MONTH) from None
