"""Times of a log -> ISO 8601 with a zone."""

from datetime import UTC, datetime, tzinfo
from typing import Any

_MOST_OF_A_UNIT = 1e11
"""Seconds up to the year 5138; a larger number counts thousandths, millionths or billionths."""


def instant(said: Any, zone: tzinfo | None) -> Any:
    """The time in UTC, or as it stands where it is none, or names no zone and `zone` is None."""
    found = _moment(said)
    if found is None:
        return said
    if found.tzinfo is None:
        if zone is None:
            return said
        found = found.replace(tzinfo=zone)
    try:
        text = found.astimezone(UTC).isoformat(timespec="auto")
    except OverflowError:
        return said
    return text.replace("+00:00", "Z")


def _moment(said: Any) -> datetime | None:
    if isinstance(said, bool) or said is None:
        return None
    if isinstance(said, str):
        try:
            return datetime.fromisoformat(said.strip())
        except ValueError:
            pass
    try:
        seconds = float(said)
        while abs(seconds) > _MOST_OF_A_UNIT and seconds - seconds == 0:
            seconds /= 1000
        return datetime.fromtimestamp(round(seconds, 6), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None
