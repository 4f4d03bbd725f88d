"""DATE '...' and TIMESTAMP '...'."""

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.dates import time_zones
from oracle_sft.engine.rewrite.dates.date_reader import checked_date
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.terms import TIMESTAMP, Term, date_literal
from oracle_sft.engine.rewrite.tree import only, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_DATE = r"\s*(?P<year>[+-]?\d{1,4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_TIMESTAMP = re.compile(
    _DATE
    + r"\s+(?P<hour>\d{1,2}):(?P<minute>\d{1,2}):(?P<second>\d{1,2})(?:\.(?P<fraction>\d{1,9}))?"
    r"\s*(?P<zone>[+-]\s*\d{1,2}:\d{2}|[A-Za-z][\w/+-]*)?\s*",
    re.ASCII,
)
_DAY = re.compile(_DATE + r"\s*", re.ASCII)
_CUT_SHORT = re.compile(_DATE + r"(\s+\d{1,2}(:\d{1,2})?)?\s*", re.ASCII)
_MISMATCH = "ORA-01861"


def date(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """A DATE literal.

    Raises:
        OracleError: ORA-01861, or what is wrong with a part of it.
    """
    only(node, "this")
    if not isinstance(node.this, exp.Literal):
        raise refuse("DATE of something other than a literal", node)
    match = _DAY.fullmatch(str(node.this.this))
    if match is None:
        raise OracleError.of(_MISMATCH)
    return date_literal(_day(match))


def timestamp(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """A TIMESTAMP literal, with or without a time zone.

    Raises:
        OracleError: ORA-01861, or what is wrong with a part of it.
    """
    only(node, "this", "format", "zone")
    if not isinstance(node.this, exp.Literal):
        raise refuse("TIMESTAMP of something other than a literal", node)
    match = _TIMESTAMP.fullmatch(str(node.this.this))
    if match is None:
        if _CUT_SHORT.fullmatch(str(node.this.this)):
            # Whether Oracle takes the rest as zeros is not certain.
            raise UnsupportedSQL("a TIMESTAMP literal without seconds")
        raise OracleError.of(_MISMATCH)
    for part, most, code in (
        ("hour", 23, "ORA-01850"),
        ("minute", 59, "ORA-01851"),
        ("second", 59, "ORA-01852"),
    ):
        if int(match[part]) > most:
            raise OracleError.of(code)
    digits = (match["fraction"] or "").rstrip("0")
    if len(digits) > 6:
        raise UnsupportedSQL("more than 6 digits of a second")
    moment = _day(match).replace(
        hour=int(match["hour"]),
        minute=int(match["minute"]),
        second=int(match["second"]),
        microsecond=int(digits.ljust(6, "0")),
    )
    wall = date_literal(moment, replace(TIMESTAMP, scale=9))
    if match["zone"] is None:
        return wall
    return time_zones.at_zone(wall, time_zones.checked("".join(match["zone"].split())))


def _day(match: re.Match[str]) -> datetime:
    year, month, day = (int(match[part]) for part in ("year", "month", "day"))
    if year < 1:
        # Other than TO_DATE, a literal has a year 0.
        raise UnsupportedSQL("a date before the year 1")
    if not 1 <= month <= 12:
        raise OracleError.of("ORA-01843")
    if not 1 <= day <= 31:
        raise OracleError.of("ORA-01847")
    return checked_date(year, month, day)
