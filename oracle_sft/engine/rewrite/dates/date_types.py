"""A date of one type as another: DATE, TIMESTAMP, and TIMESTAMP with a time zone or in the session's."""

from dataclasses import replace
from datetime import datetime

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.dates import time_zones
from oracle_sft.engine.rewrite.terms import (
    DATE,
    SESSION_ZONE,
    TIMESTAMP_LTZ,
    OracleType,
    Term,
    over,
    refused,
)

_MICROS = 1_000_000
_FRACTION = "a TIMESTAMP with a fraction of a second used as a DATE"


def without_fraction(moment: datetime) -> datetime:
    """The moment, which must have no fraction of a second."""
    if moment.microsecond:
        raise UnsupportedSQL(_FRACTION)
    return moment


def whole_seconds(date: Term) -> str:
    """DuckDB SQL of a DATE; of a TIMESTAMP only while it has no fraction, which Oracle might round."""
    if date.type.family == "DATE" or (date.type.family == "TIMESTAMP" and not date.type.scale):
        return date.sql
    if isinstance(date.constant, datetime):
        without_fraction(date.constant)
        return date.sql
    lost = refused(_FRACTION)
    body = f"(CASE WHEN epoch_us($d) % {_MICROS} <> 0 THEN {lost} ELSE $d END)"
    return over({"d": date.sql}, body, simple=date.is_simple)


def as_type(value: Term, type_: OracleType) -> Term:
    """A date of any type as another."""
    if type_.family == "DATE":
        wall = time_zones.local(value)
        return Term(whole_seconds(wall), DATE, wall.constant)
    if not type_.is_zoned:
        wall = time_zones.local(value)
        return Term(_fitting(wall, type_), replace(type_, zone=None), wall.constant)
    zoned = value if value.type.is_zoned else time_zones.at_zone(value, SESSION_ZONE)
    zone = SESSION_ZONE if type_.family == TIMESTAMP_LTZ.family else zoned.type.zone
    return Term(_fitting(zoned, type_), replace(type_, zone=zone), zoned.constant)


def _fitting(value: Term, type_: OracleType) -> str:
    """The value, if its fraction of a second fits into the type's digits."""
    if type_.scale >= 6 or value.type.family == "DATE":
        return value.sql
    unit = 10 ** (6 - type_.scale)
    if isinstance(value.constant, datetime) and value.constant.microsecond % unit == 0:
        return value.sql
    lost = refused("CAST to a TIMESTAMP that cuts off digits of a second")
    body = f"(CASE WHEN epoch_us($d) % {unit} <> 0 THEN {lost} ELSE $d END)"
    return over({"d": value.sql}, body, simple=value.is_simple)
