"""Time zones. A value WITH TIME ZONE is carried in UTC; the zone that it is shown in is part of its type.

Rows of one column with different zones have a type without zone: such moments can be compared and
subtracted, and are refused where their zone would show.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.dates.date_range import OUT_OF_RANGE, shifted
from oracle_sft.engine.rewrite.terms import (
    SESSION_ZONE,
    TIMESTAMP,
    TIMESTAMP_TZ,
    OracleType,
    Term,
    date_literal,
    ora_error,
    over,
    quoted,
    refused,
)

_OFFSET = re.compile(r"\s*([+-]?)(\d{1,2}):(\d{2})\s*", re.ASCII)
_DISPUTED = frozenset("EST MST HST CST PST AST AKST".split())
"""Names that are zones of their own to Oracle, with rules that are not the public database's."""


@lru_cache(maxsize=256)
def checked(zone: str) -> str:
    """The zone as it is kept: an offset like `+02:00`, or the name of a region.

    Raises:
        OracleError: ORA-01882, ORA-01874, ORA-01875.
        UnsupportedSQL: a name that may be a zone to Oracle and is not known here.
    """
    match = _OFFSET.fullmatch(zone)
    if match is not None:
        hours, minutes = int(match[2]), int(match[3])
        if minutes > 59:
            raise OracleError.of("ORA-01875")
        if not -12 * 60 <= int(f"{match[1]}1") * (hours * 60 + minutes) <= 14 * 60:
            raise OracleError.of("ORA-01874")
        sign = "+" if match[1] != "-" or hours == minutes == 0 else "-"
        return f"{sign}{hours:02}:{minutes:02}"
    region = zone.strip()
    if region.upper() in _DISPUTED:
        raise UnsupportedSQL(f"the time zone {region}")
    for name in (region, region.upper(), region.title()):
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    if "/" in region and _has_database():
        raise OracleError.of("ORA-01882")
    raise UnsupportedSQL(f"the time zone {region}")


def named_by(term: Term) -> str:
    """The time zone that a literal names.

    Raises:
        OracleError: ORA-01882 and its like.
        UnsupportedSQL: a zone that is known only when the query runs.
    """
    if not isinstance(term.constant, str):
        raise UnsupportedSQL("a time zone that is not a literal")
    return checked(term.constant)


@lru_cache(maxsize=1)
def _has_database() -> bool:
    try:
        ZoneInfo("Europe/London")
    except (ZoneInfoNotFoundError, OSError):
        return False
    return True


def fixed_offset(zone: str) -> int | None:
    """Minutes east of UTC; None for a region."""
    match = _OFFSET.fullmatch(zone)
    if match is None:
        return 0 if zone in ("UTC", "GMT", "Etc/UTC") else None
    return int(f"{match[1]}1") * (int(match[2]) * 60 + int(match[3]))


def name(type_: OracleType) -> str:
    """What TZR shows."""
    if type_.zone is None:
        raise UnsupportedSQL("the time zone of a column with several")
    return type_.zone


def local(term: Term) -> Term:
    """The date and time that a value WITH TIME ZONE shows in its zone, as a TIMESTAMP; any other
    value as it is.

    Raises:
        UnsupportedSQL: the values are in several zones, or a known one is out of the years 1 to 9999.
    """
    if not term.type.is_zoned:
        return term
    zone = name(term.type)
    type_ = replace(TIMESTAMP, scale=term.type.scale)
    offset = fixed_offset(zone)
    if offset == 0:
        return replace(term, type=type_)
    if isinstance(term.constant, datetime):
        return date_literal(shown(term.constant, term.type).replace(tzinfo=None), type_)
    moved = f"($d + to_minutes({offset}))" if offset is not None else _in_region("$d", zone)
    return Term(over({"d": term.sql}, shifted(moved), simple=term.is_simple), type_)


def _in_region(sql: str, zone: str) -> str:
    return f"timezone({quoted(zone)}, timezone('UTC', {sql}))"


def _zone(zone: str) -> tzinfo:
    offset = fixed_offset(zone)
    return ZoneInfo(zone) if offset is None else timezone(timedelta(minutes=offset))


_GAP = "ORA-01878"
_REGION_DAYS = "TIMESTAMP '1970-01-02'"


def at_zone(wall: Term, zone: str) -> Term:
    """A TIMESTAMP that is the time in a zone, as a value WITH TIME ZONE.

    Raises:
        OracleError: ORA-01878 where clocks were put forward past that time.
        UnsupportedSQL: as `instant`, for a time that is known now.
    """
    type_ = replace(TIMESTAMP_TZ, zone=zone, scale=_scale(wall.type))
    offset = fixed_offset(zone)
    if offset is not None:
        if not offset:
            return replace(wall, type=type_)
        if isinstance(wall.constant, datetime):
            return date_literal(instant(wall.constant, zone), type_)
        moved = shifted(f"($d - to_minutes({offset}))")
        return Term(over({"d": wall.sql}, moved, simple=wall.is_simple), type_)
    utc = f"timezone('UTC', timezone({quoted(zone)}, $d))"
    # Of the two moments when clocks were put back, Oracle takes the one in standard time.
    later = f"({utc} + to_hours(1))"
    body = (
        f"(CASE WHEN $d < {_REGION_DAYS} THEN {_before_1970()} "
        f"WHEN {_in_region(utc, zone)} <> $d THEN {ora_error(_GAP)} "
        f"WHEN {_in_region(later, zone)} = $d THEN {later} ELSE {shifted(utc)} END)"
    )
    return Term(over({"d": wall.sql}, body, simple=wall.is_simple), type_)


def _before_1970() -> str:
    return refused("a region with a time zone before 1970")


def _scale(type_: OracleType) -> int:
    return 0 if type_.family == "DATE" else type_.scale


def moved_to(term: Term, zone: str) -> Term:
    """AT TIME ZONE: the same moment shown in another zone; a value without zone is in the session's."""
    if not term.type.is_zoned:
        term = at_zone(term, SESSION_ZONE)
    type_ = replace(TIMESTAMP_TZ, zone=zone, scale=term.type.scale)
    if fixed_offset(zone) is not None:
        return replace(term, type=type_)
    body = f"(CASE WHEN $d < {_REGION_DAYS} THEN {_before_1970()} ELSE $d END)"
    if isinstance(term.constant, datetime) and term.constant.year >= 1971:
        return replace(term, type=type_)
    return Term(over({"d": term.sql}, body, simple=term.is_simple), type_)


def utc(term: Term) -> Term:
    """The moment in UTC as a TIMESTAMP; a value without zone is in the session's."""
    if not term.type.is_zoned:
        term = at_zone(term, SESSION_ZONE)
    return replace(term, type=replace(TIMESTAMP, scale=term.type.scale))


def offset_minutes(term: Term) -> str:
    """SQL of how many minutes east of UTC the value's zone is at its moment."""
    offset = fixed_offset(name(term.type)) if term.type.is_zoned else 0
    if offset is not None:
        return str(offset)
    return f"((epoch_us({local(term).sql}) - epoch_us({term.sql})) // 60000000)"


def instant(wall: datetime, zone: str) -> datetime:
    """The moment in UTC of a time in a zone.

    Raises:
        OracleError: ORA-01878.
        UnsupportedSQL: a region before 1970, or a moment out of the years 1 to 9999.
    """
    try:
        return _instant(wall, zone)
    except OverflowError:
        raise UnsupportedSQL(OUT_OF_RANGE) from None


def _instant(wall: datetime, zone: str) -> datetime:
    offset = fixed_offset(zone)
    if offset is not None:
        return wall - timedelta(minutes=offset)
    if wall.year < 1971:
        raise UnsupportedSQL("a region with a time zone before 1970")
    # Of the two moments when clocks were put back, fold=1 is the one in standard time.
    moment = wall.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC)
    if moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall:
        raise OracleError.of(_GAP)
    return moment.replace(tzinfo=None)


def shown(moment: datetime, type_: OracleType) -> datetime:
    """A moment in UTC as Python's driver-independent value: aware, in the zone of its type.

    Raises:
        UnsupportedSQL: out of the years 1 to 9999 there.
    """
    aware = moment.replace(tzinfo=UTC)
    try:
        return aware if type_.zone is None else aware.astimezone(_zone(type_.zone))
    except OverflowError:
        raise UnsupportedSQL(OUT_OF_RANGE) from None
