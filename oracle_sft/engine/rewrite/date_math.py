"""Arithmetic with dates and intervals.

A number of days is exact to the second, as in Oracle's DATE. An INTERVAL DAY TO SECOND is carried as
microseconds, an INTERVAL YEAR TO MONTH as months, both BIGINT.
"""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import convert, numbers
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.terms import (
    DATE,
    INTERVAL_DS,
    INTERVAL_YM,
    Term,
    date_literal,
    number_type,
    ora_error,
    over,
    quoted,
)
from oracle_sft.engine.rewrite.tree import only, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_DAY_SECONDS = 86_400
SECONDS_A_DAY = numbers.literal(Decimal(_DAY_SECONDS))
_MICROS = 1_000_000


def sum_of(left: Term, right: Term, sign: str) -> Term:
    """`+` and `-` where at least one side is a date or an interval.

    Raises:
        OracleError: ORA-00975 (date + date), ORA-00932, ORA-30081.
    """
    if left.is_null or right.is_null:
        other = right if left.is_null else left
        if other.type.is_date and (sign == "+" or right.is_null):
            return Term("CAST(NULL AS TIMESTAMP)", DATE)
        raise UnsupportedSQL("NULL minus a date, or an interval with NULL")
    if left.type.is_date and right.type.is_date:
        if sign == "+":
            raise OracleError("ORA-00975", "date + date not allowed")
        return _difference(left, right)
    if left.type.is_interval and right.type.is_interval:
        if left.type.family != right.type.family:
            raise OracleError("ORA-30081", "invalid data type for datetime/interval arithmetic")
        return Term(f"({left.sql} {sign} {right.sql})", left.type)
    if right.type.is_date:
        if sign == "-":
            raise convert.inconsistent(left.type.short, "DATE")
        left, right = right, left
    if not left.type.is_date:
        raise convert.inconsistent("INTERVAL", right.type.short)
    if right.type.is_interval:
        return _shifted(left, right, sign)
    if right.type.is_text:
        raise UnsupportedSQL("a date with text added")
    return _plus_days(left, convert.as_number(right), sign)


def _plus_days(date: Term, days: Term, sign: str) -> Term:
    if sign == "-":
        days = numbers.negate(days)
    if isinstance(days.constant, Decimal):
        seconds = int((days.constant * _DAY_SECONDS).quantize(Decimal(1), ROUND_HALF_UP))
        if isinstance(date.constant, datetime):
            try:
                moved = _without_fraction(date.constant) + timedelta(seconds=seconds)
            except OverflowError:
                raise _year_range() from None
            return date_literal(moved)
        return Term(f"({whole_seconds(date)} + to_seconds({seconds}))", DATE)
    seconds_term = numbers.rounded(numbers.multiply(days, SECONDS_A_DAY), 0)
    micros = f"CAST({seconds_term.sql} AS BIGINT) * {_MICROS}"
    return Term(f"({whole_seconds(date)} + to_microseconds({micros}))", DATE)


def _year_range() -> OracleError:
    message = "(full) year must be between -4713 and +9999, and not be 0"
    return OracleError("ORA-01841", message)


def _without_fraction(moment: datetime) -> datetime:
    if moment.microsecond:
        raise UnsupportedSQL("a TIMESTAMP with a fraction of a second used as a DATE")
    return moment


def whole_seconds(date: Term) -> str:
    """DuckDB SQL of a DATE; of a TIMESTAMP only while it has no fraction, which Oracle might round."""
    if date.type.family == "DATE":
        return date.sql
    message = "unsupported: a TIMESTAMP with a fraction of a second used as a DATE"
    body = f"(CASE WHEN epoch_us($d) % {_MICROS} <> 0 THEN error({quoted(message)}) ELSE $d END)"
    return over({"d": date.sql}, body, simple=date.is_simple)


def _difference(left: Term, right: Term) -> Term:
    if "TIMESTAMP" in (left.type.family, right.type.family):
        return Term(f"(epoch_us({left.sql}) - epoch_us({right.sql}))", INTERVAL_DS)
    if isinstance(left.constant, datetime) and isinstance(right.constant, datetime):
        seconds = Decimal(round((left.constant - right.constant).total_seconds()))
        return numbers.divide(numbers.literal(seconds), SECONDS_A_DAY)
    micros = f"(epoch_us({left.sql}) - epoch_us({right.sql})) // {_MICROS}"
    return numbers.divide(numbers.whole_number(micros), SECONDS_A_DAY)


def _shifted(date: Term, interval_: Term, sign: str) -> Term:
    amount = interval_.sql if sign == "+" else f"(-{interval_.sql})"
    if interval_.type is INTERVAL_DS:
        return Term(f"({date.sql} + to_microseconds({amount}))", date.type)
    # Unlike ADD_MONTHS, the day of the month must exist.
    wrong = ora_error("ORA-01839", "date not valid for month specified")
    moved = "($d + to_months(CAST($m AS INTEGER)))"
    body = f"(CASE WHEN day({moved}) <> day($d) THEN {wrong} ELSE {moved} END)"
    simple = date.is_simple and len(amount) < 20
    return Term(over({"d": date.sql, "m": amount}, body, simple=simple), date.type)


_TRUNCATED = {
    **dict.fromkeys("SYYYY YYYY YEAR SYEAR YYY YY Y".split(), "year"),
    **dict.fromkeys(["Q"], "quarter"),
    **dict.fromkeys("MONTH MON MM RM".split(), "month"),
    **dict.fromkeys("DDD DD J".split(), "day"),
    **dict.fromkeys("HH HH12 HH24".split(), "hour"),
    **dict.fromkeys(["MI"], "minute"),
    **dict.fromkeys(["IW"], "isoweek"),
    **dict.fromkeys("DAY DY D".split(), "week"),
    **dict.fromkeys(["WW"], "yearweek"),
    **dict.fromkeys(["W"], "monthweek"),
    **dict.fromkeys("IYYY IYY IY I".split(), "isoyear"),
    **dict.fromkeys("CC SCC".split(), "century"),
}
_DAY = "date_trunc('day', $d)"
_STARTS = {
    "isoweek": "CAST(date_trunc('week', $d) AS TIMESTAMP)",
    "week": f"({_DAY} - to_days(CAST(dayofweek($d) AS INTEGER)))",
    "yearweek": f"({_DAY} - to_days(CAST((dayofyear($d) - 1) % 7 AS INTEGER)))",
    "monthweek": f"({_DAY} - to_days(CAST((day($d) - 1) % 7 AS INTEGER)))",
    "isoyear": "CAST(date_trunc('week', make_timestamp(isoyear($d), 1, 4, 0, 0, 0)) AS TIMESTAMP)",
    "century": "make_timestamp((year($d) - 1) // 100 * 100 + 1, 1, 1, 0, 0, 0)",
}
_ROUNDED = {
    "year": "date_trunc('year', $d + to_months(6))",
    "quarter": (
        "(date_trunc('quarter', $d) + to_months(CASE WHEN (month($d) - 1) % 3 = 2 "
        "OR ((month($d) - 1) % 3 = 1 AND day($d) >= 16) THEN 3 ELSE 0 END))"
    ),
    "month": "(date_trunc('month', $d) + to_months(CASE WHEN day($d) >= 16 THEN 1 ELSE 0 END))",
    "day": "date_trunc('day', $d + to_hours(12))",
    "hour": "date_trunc('hour', $d + to_minutes(30))",
    "minute": "date_trunc('minute', $d + to_seconds(30))",
}


def rounded(how: str, value: Term, format_: Term | None) -> Term:
    """TRUNC and ROUND of a date; the result is a DATE."""
    unit = "day"
    if format_ is not None:
        if not isinstance(format_.constant, str):
            raise UnsupportedSQL(f"{how.upper()} of a date by something other than a literal")
        written = format_.constant.upper()
        found = _TRUNCATED.get(written)
        if found is None:
            raise OracleError("ORA-01899", "bad precision specifier")
        unit = found
    start = _STARTS.get(unit, f"date_trunc('{unit}', $d)")
    if how == "trunc":
        body = start
    elif unit in _ROUNDED:
        body = _ROUNDED[unit]
    elif unit in ("week", "isoweek"):
        body = _nearest_week(start)
    else:
        raise UnsupportedSQL(f"ROUND of a date to {unit}")
    simple = value.is_simple or body.count("$d") == 1
    return Term(over({"d": value.sql}, body, simple=simple), DATE)


def _nearest_week(start: str) -> str:
    """The nearest start of a week; sources disagree about the middle day, which is refused."""
    gone = f"(epoch_us($d) - epoch_us({start})) // {_DAY_SECONDS * _MICROS}"
    middle = quoted("unsupported: ROUND of a date in the middle of the week")
    return (
        f"(CASE WHEN {gone} < 3 THEN {start} WHEN {gone} > 3 THEN {start} + to_days(7) "
        f"ELSE error({middle}) END)"
    )


_FIELDS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_FIELD_MICROS = {
    "DAY": _DAY_SECONDS * _MICROS,
    "HOUR": 3600 * _MICROS,
    "MINUTE": 60 * _MICROS,
    "SECOND": _MICROS,
}
_INTERVAL_TEXTS = {
    "DAY TO HOUR": r"(?P<DAY>\d+) (?P<HOUR>\d+)",
    "DAY TO MINUTE": r"(?P<DAY>\d+) (?P<HOUR>\d+):(?P<MINUTE>\d+)",
    "DAY TO SECOND": r"(?P<DAY>\d+) (?P<HOUR>\d+):(?P<MINUTE>\d+):(?P<SECOND>\d+(\.\d+)?)",
    "HOUR TO MINUTE": r"(?P<HOUR>\d+):(?P<MINUTE>\d+)",
    "HOUR TO SECOND": r"(?P<HOUR>\d+):(?P<MINUTE>\d+):(?P<SECOND>\d+(\.\d+)?)",
    "MINUTE TO SECOND": r"(?P<MINUTE>\d+):(?P<SECOND>\d+(\.\d+)?)",
    "YEAR TO MONTH": r"(?P<YEAR>\d+)-(?P<MONTH>\d+)",
}


def interval(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """An INTERVAL literal."""
    only(node, "this", "unit")
    unit = node.args.get("unit")
    if not isinstance(node.this, exp.Literal) or not node.this.args["is_string"] or unit is None:
        raise refuse("INTERVAL of something other than a literal", node)
    if isinstance(unit, exp.IntervalSpan):
        span = f"{unit.this.name} TO {unit.expression.name}".upper()
        return interval_of(str(node.this.this), span)
    if not isinstance(unit, exp.Var):
        raise refuse("INTERVAL with a precision", node)
    return interval_of(str(node.this.this), unit.name.upper())


def interval_of(text: str, unit: str) -> Term:
    """The interval that a text stands for.

    Raises:
        OracleError: ORA-01867, ORA-01873.
    """
    pattern = _INTERVAL_TEXTS.get(unit)
    if pattern is None:
        if unit not in _FIELDS:
            raise UnsupportedSQL(f"INTERVAL .. {unit}")
        fraction = r"(\.\d+)?" if unit == "SECOND" else ""
        pattern = rf"(?P<{unit}>\d+{fraction})"
    match = re.fullmatch(r"\s*(?P<sign>[+-]?)" + pattern + r"\s*", text)
    if match is None:
        raise OracleError("ORA-01867", "the interval is invalid")
    found = {name: Decimal(value) for name, value in match.groupdict().items() if name in _FIELDS}
    leading = next(iter(found.values()))
    if leading > 99:
        raise OracleError("ORA-01873", "the leading precision of the interval is too small")
    limits = {"HOUR": 23, "MINUTE": 59, "SECOND": 59, "MONTH": 11}
    for name in list(found)[1:]:
        if int(found[name]) > limits[name]:
            raise OracleError("ORA-01867", "the interval is invalid")
    sign = -1 if match["sign"] == "-" else 1
    if "YEAR" in found or "MONTH" in found:
        months = int(found.get("YEAR", 0)) * 12 + int(found.get("MONTH", 0))
        return Term(f"({sign * months})", INTERVAL_YM)
    micros = sum(value * _FIELD_MICROS[name] for name, value in found.items())
    return Term(f"CAST({sign * int(micros)} AS BIGINT)", INTERVAL_DS)


def extract(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """EXTRACT(field FROM date, timestamp or interval)."""
    only(node, "this", "expression")
    field = node.this.name.upper()
    value = rewriter.value(node.expression, frame)
    if value.is_null:
        return convert.as_number(value)
    if field not in _FIELDS:
        raise refuse(f"EXTRACT({field} ..)", node)
    family = value.type.family
    allowed = {
        "DATE": _FIELDS[:3],
        "TIMESTAMP": _FIELDS,
        "INTERVAL DAY TO SECOND": _FIELDS[2:],
        "INTERVAL YEAR TO MONTH": _FIELDS[:2],
    }.get(family)
    if allowed is None or field not in allowed:
        raise OracleError("ORA-30076", "invalid extract field for extract source")
    if family == "INTERVAL DAY TO SECOND":
        return _interval_field(value, field)
    if family == "INTERVAL YEAR TO MONTH":
        return numbers.whole_number(f"{value.sql} {'//' if field == 'YEAR' else '%'} 12")
    if field == "SECOND":
        micros = f"CAST(microsecond({value.sql}) AS DECIMAL(18,0))"
        return Term(f"({micros} * 0.000001)", number_type(18, 6))
    return numbers.whole_number(f"{field.lower()}({value.sql})")


def _interval_field(value: Term, field: str) -> Term:
    if field == "DAY":
        return numbers.whole_number(f"{value.sql} // {_FIELD_MICROS['DAY']}")
    above = {"HOUR": "DAY", "MINUTE": "HOUR", "SECOND": "MINUTE"}[field]
    rest = f"{value.sql} % {_FIELD_MICROS[above]}"
    if field == "SECOND":
        return Term(f"(CAST({rest} AS DECIMAL(18,0)) * 0.000001)", number_type(18, 6))
    return numbers.whole_number(f"({rest}) // {_FIELD_MICROS[field]}")
