"""Dates as Oracle's documentation describes them, written slowly and without a look at the engine."""

import calendar
from datetime import date, datetime, timedelta
from decimal import Decimal

_MONTHS = [
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER"),
    *("OCTOBER", "NOVEMBER", "DECEMBER"),
]
_DAYS = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"]


def is_month_end(moment: datetime) -> bool:
    return (moment + timedelta(days=1)).day == 1 if moment < datetime(9999, 12, 31) else True


def add_months(moment: datetime, months: int) -> datetime:
    year, month = moment.year, moment.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        elif month == 0:
            year, month = year - 1, 12
    last = calendar.monthrange(year, month)[1]
    day = last if is_month_end(moment) else min(moment.day, last)
    return moment.replace(year=year, month=month, day=day)


def months_between(left: datetime, right: datetime) -> Decimal:
    months = Decimal(12 * (left.year - right.year) + (left.month - right.month))
    if left.day == right.day or (is_month_end(left) and is_month_end(right)):
        return months

    def seconds(moment: datetime) -> int:
        return ((moment.day * 24 + moment.hour) * 60 + moment.minute) * 60 + moment.second

    return months + Decimal(seconds(left) - seconds(right)) / Decimal(31 * 24 * 60 * 60)


def next_day(moment: datetime, name: str) -> datetime:
    moment += timedelta(days=1)
    while _DAYS[moment.weekday()][:3] != name[:3].upper():
        moment += timedelta(days=1)
    return moment


def trunc(moment: datetime, unit: str) -> datetime:
    day = datetime(moment.year, moment.month, moment.day)
    january = datetime(moment.year, 1, 1)
    if unit in ("CC", "SCC"):
        year = moment.year
        while year % 100 != 1:
            year -= 1
        return datetime(year, 1, 1)
    if unit in ("SYYYY", "YYYY", "YEAR", "SYEAR", "YYY", "YY", "Y"):
        return january
    if unit in ("IYYY", "IYY", "IY", "I"):
        # The ISO year begins on the Monday of the week that has the first Thursday.
        thursday = day
        while thursday.weekday() != 3:
            thursday += timedelta(days=1 if day.weekday() < 3 else -1)
        first = datetime(thursday.year, 1, 1)
        while first.weekday() != 3:
            first += timedelta(days=1)
        return first - timedelta(days=3)
    if unit == "Q":
        return datetime(moment.year, {0: 1, 1: 4, 2: 7, 3: 10}[(moment.month - 1) // 3], 1)
    if unit in ("MONTH", "MON", "MM", "RM"):
        return datetime(moment.year, moment.month, 1)
    if unit in ("DDD", "DD", "J"):
        return day
    if unit in ("HH", "HH12", "HH24"):
        return day + timedelta(hours=moment.hour)
    if unit == "MI":
        return day + timedelta(hours=moment.hour, minutes=moment.minute)
    start_weekday = {
        "WW": january.weekday(),
        "W": day.replace(day=1).weekday(),
        "IW": 0,
        **dict.fromkeys(("DAY", "DY", "D"), 6),
    }[unit]
    while day.weekday() != start_weekday:
        day -= timedelta(days=1)
    return day


def round_(moment: datetime, unit: str) -> datetime:
    """ROUND, for the units whose middle is documented."""
    start = trunc(moment, unit)
    if unit in ("SYYYY", "YYYY", "YEAR", "SYEAR", "YYY", "YY", "Y"):
        return datetime(start.year + 1, 1, 1) if moment.month >= 7 else start
    if unit == "Q":
        middle = add_months(start, 1).replace(day=16)
        return add_months(start, 3) if moment >= middle else start
    if unit in ("MONTH", "MON", "MM", "RM"):
        return add_months(start, 1) if moment.day >= 16 else start
    size = {"DDD": 86400, "DD": 86400, "J": 86400, "MI": 60}.get(unit, 3600)
    half = timedelta(seconds=size // 2)
    return start + timedelta(seconds=size) if moment - start >= half else start


def _words(number: int) -> str:
    small = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen"
    ).split()
    if number < 20:
        return small[number]
    if number < 100:
        tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()[number // 10 - 2]
        return tens if number % 10 == 0 else f"{tens}-{small[number % 10]}"
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            head = f"{_words(number // size)} {name}"
            return head if number % size == 0 else f"{head} {_words(number % size)}"
    raise AssertionError(number)


def _nth(number: int) -> str:
    if number // 10 % 10 == 1:
        return "TH"
    return {1: "ST", 2: "ND", 3: "RD"}.get(number % 10, "TH")


def element(moment: datetime, name: str) -> str:
    """What TO_CHAR writes for one element in upper case, without FM."""
    day = date(moment.year, moment.month, moment.day)
    iso_year, iso_week, _ = day.isocalendar()
    twelve = 12 if moment.hour % 12 == 0 else moment.hour % 12
    year = f"{moment.year:04d}"
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    nth_day = (day - date(day.year, 1, 1)).days + 1
    return {
        "YYYY": lambda: year,
        "YYY": lambda: year[1:],
        "YY": lambda: year[2:],
        "Y": lambda: year[3:],
        "RR": lambda: year[2:],
        "RRRR": lambda: year,
        "SYYYY": lambda: " " + year,
        "Y,YYY": lambda: f"{year[0]},{year[1:]}",
        "IYYY": lambda: f"{iso_year:04d}",
        "IYY": lambda: f"{iso_year:04d}"[1:],
        "IY": lambda: f"{iso_year:04d}"[2:],
        "I": lambda: f"{iso_year:04d}"[3:],
        "CC": lambda: f"{-(-moment.year // 100):02d}",
        "Q": lambda: "111222333444"[moment.month - 1],
        "MM": lambda: f"{moment.month:02d}",
        "MON": lambda: _MONTHS[moment.month - 1][:3],
        "MONTH": lambda: _MONTHS[moment.month - 1].ljust(9),
        "RM": lambda: ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"][
            moment.month - 1
        ].ljust(4),
        "WW": lambda: f"{(nth_day + 6) // 7:02d}",
        "W": lambda: str((moment.day + 6) // 7),
        "IW": lambda: f"{iso_week:02d}",
        "DDD": lambda: f"{nth_day:03d}",
        "DD": lambda: f"{moment.day:02d}",
        "D": lambda: str((day.weekday() + 1) % 7 + 1),
        "DAY": lambda: _DAYS[day.weekday()].ljust(9),
        "DY": lambda: _DAYS[day.weekday()][:3],
        "J": lambda: str(2451545 + (day - date(2000, 1, 1)).days),
        "HH24": lambda: f"{moment.hour:02d}",
        "HH12": lambda: f"{twelve:02d}",
        "HH": lambda: f"{twelve:02d}",
        "MI": lambda: f"{moment.minute:02d}",
        "SS": lambda: f"{moment.second:02d}",
        "SSSSS": lambda: f"{seconds:05d}",
        "AM": lambda: "AM" if moment.hour < 12 else "PM",
        "P.M.": lambda: "A.M." if moment.hour < 12 else "P.M.",
        "DDTH": lambda: f"{moment.day:02d}{_nth(moment.day)}",
        "DDSP": lambda: _words(moment.day).upper(),
        "JSP": lambda: _words(2451545 + (day - date(2000, 1, 1)).days).upper(),
        "YYYYSP": lambda: _words(moment.year).upper(),
    }[name]()


CALENDAR_ELEMENTS = frozenset("IYYY IYY IY I WW IW DDD D DAY DY J JSP".split())
"""Elements that depend on how the days of old are counted."""

ELEMENTS = (
    "YYYY YYY YY Y RR RRRR SYYYY Y,YYY IYYY IYY IY I CC Q MM MON MONTH RM WW W IW DDD DD D DAY DY J "
    "HH24 HH12 HH MI SS SSSSS AM P.M. DDTH DDSP JSP YYYYSP"
).split()
