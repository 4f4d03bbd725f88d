"""Values of a result as JSON, and as a reader sees them.

NUMBERs are JSON numbers with all their digits; a DATE is `YYYY-MM-DD HH:MM:SS`, a TIMESTAMP has its
fraction behind that where it is not zero, and its offset (`+02:00`) where it has one. An INTERVAL is
written as Oracle shows it (`+01 02:03:04.000000`, `+02-06`), RAW in hexadecimal. JSON has no numbers
for what is not finite: those are the texts `NaN`, `Infinity` and `-Infinity`. NULL is null.
"""

import json
import math
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from oracle_sft.engine.result import IntervalYM, Row, Value


def json_rows(rows: Sequence[Row]) -> str:
    """A JSON array of arrays."""
    return "[" + ", ".join(json_row(row) for row in rows) + "]"


def json_row(row: Row) -> str:
    """A JSON array."""
    return "[" + ", ".join(_json(value) for value in row) + "]"


def _json(value: Value) -> str:
    # By hand: `json` would make a Decimal a float, and 0.1 something that it is not.
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps(shown(value))
    if value is None or isinstance(value, (bool, int, float)):
        return json.dumps(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return json.dumps(shown(value), ensure_ascii=False)


def shown(value: Value) -> str:
    """The value as text; NULL is `NULL`."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        names = {math.inf: "Infinity", -math.inf: "-Infinity"}
        return "NaN" if math.isnan(value) else names.get(value, repr(value))
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return f"{value.isoformat()} 00:00:00"
    if isinstance(value, timedelta):
        return _interval(value)
    if isinstance(value, IntervalYM):
        sign = "-" if value.years < 0 or value.months < 0 else "+"
        return f"{sign}{abs(value.years):02}-{abs(value.months):02}"
    if isinstance(value, bytes):
        return value.hex().upper()
    return str(value)


def _moment(value: datetime) -> str:
    text = value.replace(tzinfo=None).isoformat(sep=" ")
    if value.tzinfo is None:
        return text
    offset = value.utcoffset()
    assert offset is not None
    minutes = int(offset.total_seconds() // 60)
    sign = "-" if minutes < 0 else "+"
    return f"{text} {sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def _interval(value: timedelta) -> str:
    sign = "-" if value < timedelta() else "+"
    value = abs(value)
    minutes, seconds = divmod(value.seconds, 60)
    clock = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{value.microseconds:06}"
    return f"{sign}{value.days:02} {clock}"
