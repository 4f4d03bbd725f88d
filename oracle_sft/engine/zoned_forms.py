"""How values of a column WITH TIME ZONE are checked and stored: as their moment in UTC."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from oracle_sft.engine.result import QueryError
from oracle_sft.engine.rewrite.dates import time_zones
from oracle_sft.engine.rewrite.terms import (
    SESSION_ZONE,
    TIMESTAMP_LTZ,
    TIMESTAMP_TZ,
    OracleType,
)

_TEXT = re.compile(r"(.*?\d)(Z|\s*[+-]\d{1,2}:\d{2}|\s+[A-Za-z][\w/+-]*)?", re.ASCII | re.DOTALL)


def zoned_type(rest: str, digits: int, values: Callable[[], Iterable[object]]) -> OracleType | None:
    """The type of a TIMESTAMP column by the words behind its size; None if they name none.

    Where all values are in one time zone, the type says which.
    """
    if rest == "WITH LOCAL TIME ZONE":
        return replace(TIMESTAMP_LTZ, scale=digits)
    if rest != "WITH TIME ZONE":
        return None
    zones = set()
    for value in values():
        try:
            zones.add(_parts(value)[1])
        except ValueError:
            continue  # told with its row when it is stored
    zone = zones.pop() if len(zones) == 1 else None if zones else SESSION_ZONE
    return replace(TIMESTAMP_TZ, scale=digits, zone=zone)


def moment(digits: int) -> Callable[[object], str]:
    """A value's text in UTC; ValueError says what is wrong with it."""
    unit = 10 ** max(6 - digits, 0)

    def text(value: object) -> str:
        wall, zone = _parts(value)
        if wall.microsecond % unit:
            raise ValueError(f"more than {digits} digits of a second")
        try:
            return time_zones.instant(wall, zone).isoformat(sep=" ")
        except QueryError as error:
            raise ValueError(str(error)) from None

    return text


def _parts(value: object) -> tuple[datetime, str]:
    """The time that a value shows, and its time zone."""
    if isinstance(value, datetime):
        wall, offset = value.replace(tzinfo=None), value.utcoffset()
        minutes = (offset or timedelta(0)) // timedelta(minutes=1)
        sign = "-" if minutes < 0 else "+"
        return wall, f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    match = _TEXT.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("not a date; expected YYYY-MM-DD HH:MM:SS and a time zone")
    zone = (match[2] or SESSION_ZONE).strip()
    try:
        return datetime.fromisoformat(match[1]), time_zones.checked("UTC" if zone == "Z" else zone)
    except ValueError:
        raise ValueError("not a date; expected YYYY-MM-DD HH:MM:SS and a time zone") from None
    except QueryError as error:
        raise ValueError(str(error)) from None
