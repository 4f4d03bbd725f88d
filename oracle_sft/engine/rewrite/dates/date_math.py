"""Arithmetic with dates and intervals, and EXTRACT.

A number of days is exact to the second, as in Oracle's DATE.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from sqlglot import exp

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import convert, tree
from oracle_sft.engine.rewrite.dates import date_range, date_types, intervals, time_zones
from oracle_sft.engine.rewrite.frame import Frame
from oracle_sft.engine.rewrite.numeric import number_parse, numbers
from oracle_sft.engine.rewrite.terms import (
    DATE,
    INTERVAL_DS,
    UNKNOWN,
    VARCHAR2,
    OracleType,
    Term,
    date_literal,
    number_type,
    ora_error,
    over,
    quoted,
    refused,
)
from oracle_sft.engine.rewrite.tree import only, refuse

if TYPE_CHECKING:
    from oracle_sft.engine.rewrite.rewriter import Rewriter

_DAY_SECONDS = 86_400
SECONDS_A_DAY = numbers.literal(Decimal(_DAY_SECONDS))
_MICROS = intervals.MICROS
_SECONDS_DIGITS = 12
"""Digits of the seconds between any two dates."""
_MOST_DAYS = 10_000_000
"""More than lie between any two dates."""

_FIRST = datetime(1583, 1, 1)


def sum_of(left: Term, right: Term, sign: str) -> Term:
    """`+` and `-` where at least one side is a date or an interval.

    Raises:
        OracleError: ORA-00975 (date + date), ORA-00932, ORA-30081, ORA-01841.
    """
    if left.is_null or right.is_null:
        other = right if left.is_null else left
        if other.type.is_interval:
            return Term("CAST(NULL AS BIGINT)", other.type)
        if sign == "+" or right.is_null:
            return Term("CAST(NULL AS TIMESTAMP)", DATE)
        raise UnsupportedSQL("NULL minus a date")
    first, second = _is_moment(left), _is_moment(right)
    if first and second:
        if sign == "+":
            raise OracleError.of("ORA-00975")
        return _difference(left, right)
    if left.type.is_interval and right.type.is_interval:
        return intervals.added(left, right, sign)
    if second:
        if sign == "-":
            raise convert.inconsistent(left.type.short, "DATE")
        left, right = right, left
    elif not first:
        other = left if right.type.is_interval else right
        raise convert.inconsistent("INTERVAL", other.type.short)
    if right.type.is_interval:
        return _shifted(left, right, sign)
    # Text beside a date is a number of days, never another date.
    return _plus_days(time_zones.local(left), convert.as_number(right), sign)


def _is_moment(term: Term) -> bool:
    return term.type.is_date or term.type.is_zoned


def _plus_days(date: Term, days: Term, sign: str) -> Term:
    if sign == "-":
        days = numbers.negate(days)
    if isinstance(days.constant, Decimal):
        seconds = _seconds(days.constant)
        if isinstance(date.constant, datetime):
            return date_literal(
                _moved(date_types.without_fraction(date.constant), seconds * _MICROS)
            )
        return Term(
            moved_by_micros(date_types.whole_seconds(date), str(seconds * _MICROS), date), DATE
        )
    quotient = numbers.as_quotient(days)
    if quotient.type.binary:
        micros = _micros_of_double(quotient)
    else:
        seconds_term = numbers.rounded(numbers.multiply(days, SECONDS_A_DAY), 0)
        micros = f"CAST({seconds_term.sql} AS BIGINT) * {_MICROS}"
    return Term(moved_by_micros(date_types.whole_seconds(date), micros, date), DATE)


def _seconds(days: Decimal) -> int:
    """Days as whole seconds; half a second is refused, as Oracle's rounding is not certain."""
    if abs(days) > _MOST_DAYS:
        raise year_range()
    exact = numbers.WIDE.multiply(days, Decimal(_DAY_SECONDS))
    seconds = exact.quantize(Decimal(1), ROUND_HALF_UP, numbers.WIDE)
    if abs(abs(exact - seconds) - Decimal("0.5")) < Decimal("1e-9"):
        raise UnsupportedSQL("half a second added to a date")
    return int(seconds)


def _micros_of_double(days: Term) -> str:
    """Days, known to nearly 15 digits, as microseconds of whole seconds; half a second is refused."""
    half = refused("half a second added to a date")
    seconds = f"({days.sql} * {_DAY_SECONDS}e0)"
    near = f"abs(abs({seconds} - trunc({seconds})) - 0.5) < 0.001 + abs({seconds}) * 1e-13"
    return f"(CASE WHEN {near} THEN {half} ELSE CAST(round({seconds}) AS BIGINT) * {_MICROS} END)"


def moved_by_micros(sql: str, micros: str, date: Term) -> str:
    """SQL of a date plus microseconds, within the days that are certain and the years that Oracle has."""
    body = date_range.shown("make_timestamp(epoch_us($d) + $n)")
    simple = date.is_simple and len(sql) < 100 and len(micros) < 60
    return over({"d": sql, "n": f"({micros})"}, body, simple=simple)


def _moved(moment: datetime, micros: int) -> datetime:
    try:
        moved = moment + timedelta(microseconds=micros)
    except OverflowError:
        raise year_range() from None
    if moment < _FIRST or moved < _FIRST:
        raise UnsupportedSQL("the number of days of a date before 1583")
    return moved


def year_range() -> OracleError:
    return OracleError.of("ORA-01841")


def _difference(left: Term, right: Term) -> Term:
    families = {left.type.family, right.type.family}
    first, second = left.constant, right.constant
    if isinstance(first, datetime) and isinstance(second, datetime):
        if min(first, second) < _FIRST:
            raise UnsupportedSQL("the number of days of a date before 1583")
        micros = (first - second) // timedelta(microseconds=1)
        if families == {"DATE"}:
            return numbers.divide(numbers.literal(Decimal(micros // _MICROS)), SECONDS_A_DAY)
        return intervals.of_micros(micros, _difference_type(left.type, right.type))
    names = [
        name
        for name, moment in (("a", first), ("b", second))
        if not (isinstance(moment, datetime) and moment >= _FIRST)
    ]
    micros_body = "(epoch_us($a) - epoch_us($b))"
    body = date_range.modern(micros_body, *names, type_="BIGINT") if names else micros_body
    simple = left.is_simple and right.is_simple
    micros_sql = over({"a": left.sql, "b": right.sql}, body, simple=simple)
    if families != {"DATE"}:
        return Term(micros_sql, _difference_type(left.type, right.type))
    integer = f"({micros_sql} // {_MICROS})"
    seconds = numbers.whole_number(integer, _SECONDS_DIGITS)
    days = numbers.divide(seconds, SECONDS_A_DAY)
    # The last digits of an endless number are not known: Oracle may add days and a part of a day.
    # What is added up as wholes need not be made a DECIMAL first.
    days = replace(days, quotient=None, parts=(Term(integer, seconds.type), _DAY_SECONDS))
    return bounded(days, len("3652058"))


def bounded(quotient: Term, whole_digits: int) -> Term:
    """A quotient that is known to have no more than so many digits before the point."""
    quick = quotient.alternative
    if quick is None or quick.type.ratio is None:
        return quotient
    ratio = replace(quick.type.ratio, whole=whole_digits)
    return replace(quotient, alternative=replace(quick, type=replace(quick.type, ratio=ratio)))


def _difference_type(left: OracleType, right: OracleType) -> OracleType:
    """As precise as the more precise side; a DATE has no fraction."""
    digits = [0 if type_.family == "DATE" else type_.scale for type_ in (left, right)]
    return intervals.day_to_second(9, UNKNOWN if UNKNOWN in digits else max(digits))


def _shifted(date: Term, interval_: Term, sign: str) -> Term:
    type_ = date.type if date.type.family == "DATE" else replace(date.type, scale=UNKNOWN)
    if interval_.type.family == INTERVAL_DS.family:
        return Term(_shifted_by_micros(date, interval_, sign), type_)
    wall = time_zones.local(date)
    amount = interval_.sql if sign == "+" else f"(-{interval_.sql})"
    # Unlike ADD_MONTHS, the day of the month must exist.
    wrong = ora_error("ORA-01839")
    moved = "($d + to_months(CAST($m AS INTEGER)))"
    body = f"(CASE WHEN day({moved}) <> day($d) THEN {wrong} ELSE {date_range.shown(moved)} END)"
    simple = wall.is_simple and len(amount) < 30
    result = Term(over({"d": wall.sql, "m": amount}, body, simple=simple), wall.type)
    if date.type.is_zoned:
        result = time_zones.at_zone(result, time_zones.name(date.type))
    return replace(result, type=type_)


def _shifted_by_micros(date: Term, interval_: Term, sign: str) -> str:
    amount = interval_.constant
    if isinstance(amount, timedelta):
        micros = amount // timedelta(microseconds=1)
        micros = micros if sign == "+" else -micros
        if date.type.family == "DATE" and micros % _MICROS:
            raise UnsupportedSQL("a DATE with a fraction of a second added")
        if isinstance(date.constant, datetime):
            return date_literal(_moved(date.constant, micros)).sql
        return moved_by_micros(date.sql, str(micros), date)
    shift = interval_.sql if sign == "+" else f"-{interval_.sql}"
    if date.type.family == "DATE" and interval_.type.scale:
        lost = refused("a DATE with a fraction of a second added")
        body = f"(CASE WHEN $n % {_MICROS} <> 0 THEN {lost} ELSE $n END)"
        shift = over({"n": f"({shift})"}, body, simple=interval_.is_simple)
    return moved_by_micros(date.sql, shift, date)


_PRECISION_DEFAULTS = (2, 6)


def interval(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """An INTERVAL literal, or the difference of two dates `(a - b) DAY TO SECOND`."""
    only(node, "this", "unit")
    unit = node.args.get("unit")
    if unit is None:
        # What is added to an interval; the parser takes it for another one, and a number for text.
        value = rewriter.value(node.this, frame)
        text = value.constant
        known = number_parse.parsed(text) if isinstance(text, str) else None
        return value if known is None else convert.as_number(value)
    first, lead, fraction = _unit(unit.this if isinstance(unit, exp.IntervalSpan) else unit)
    last = first
    if isinstance(unit, exp.IntervalSpan):
        last, fraction, more = _unit(unit.expression)
        if more is not None or (fraction is not None and last != "SECOND"):
            raise OracleError.of("ORA-30089")
    elif fraction is not None and first != "SECOND":
        raise OracleError.of("ORA-30089")
    lead = 2 if lead is None else lead
    fraction = 6 if fraction is None else fraction
    if isinstance(node.this, exp.Literal):
        if not node.this.args["is_string"]:
            raise OracleError.of("ORA-00907")
        return intervals.literal(str(node.this.this), first, last, lead, fraction)
    return _interval_expression(rewriter, node, frame, (first, last), lead, fraction)


def _interval_expression(
    rewriter: "Rewriter",
    node: exp.Expr,
    frame: Frame,
    fields: tuple[str, str],
    lead: int,
    fraction: int,
) -> Term:
    inner = node.this.unnest()
    if not isinstance(inner, exp.Sub) or fields != ("DAY", "SECOND"):
        raise refuse("INTERVAL of something other than a literal", node)
    left, right = rewriter.value(inner.this, frame), rewriter.value(inner.expression, frame)
    if not (_is_moment(left) and _is_moment(right)):
        raise refuse("INTERVAL of something other than a literal or a difference of dates", node)
    # As TIMESTAMPs their difference is an interval and no number.
    left, right = (
        replace(term, type=OracleType("TIMESTAMP", scale=0)) if term.type is DATE else term
        for term in (left, right)
    )
    return intervals.with_precision(
        _difference(left, right), intervals.day_to_second(lead, fraction)
    )


def _unit(node: exp.Expr) -> tuple[str, int | None, int | None]:
    """The field, and the precisions in brackets behind it."""
    if isinstance(node, exp.Var):
        return node.name.upper(), None, None
    if not isinstance(node, exp.Anonymous):
        raise refuse("INTERVAL with this unit", node)
    sizes = [int(Decimal(str(size.this))) for size in node.expressions if _is_number(size)]
    if len(sizes) != len(node.expressions) or not 1 <= len(sizes) <= 2:
        raise refuse("INTERVAL with this precision", node)
    name = tree.undisguised(str(node.this)).upper()
    return name, sizes[0], sizes[1] if len(sizes) > 1 else None


def _is_number(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) and not node.args["is_string"]


_ZONE_FIELDS = ("TIMEZONE_HOUR", "TIMEZONE_MINUTE", "TIMEZONE_REGION", "TIMEZONE_ABBR")


def extract(rewriter: "Rewriter", node: exp.Expr, frame: Frame) -> Term:
    """EXTRACT(field FROM date, timestamp or interval); of a value WITH TIME ZONE in UTC."""
    only(node, "this", "expression")
    field = node.this.name.upper()
    value = rewriter.value(node.expression, frame)
    if field not in intervals.FIELDS and field not in _ZONE_FIELDS:
        raise OracleError.of("ORA-00907")
    if value.is_null:
        return convert.as_number(value)
    fields = intervals.FIELDS
    allowed = {
        "DATE": fields[:3],
        "TIMESTAMP": fields,
        "TIMESTAMP WITH TIME ZONE": (*fields, *_ZONE_FIELDS),
        "TIMESTAMP WITH LOCAL TIME ZONE": (*fields, *_ZONE_FIELDS),
        "INTERVAL DAY TO SECOND": fields[2:],
        "INTERVAL YEAR TO MONTH": fields[:2],
    }.get(value.type.family)
    if allowed is None or field not in allowed:
        raise OracleError.of("ORA-30076")
    if field in _ZONE_FIELDS:
        return _zone_field(value, field)
    if value.type.is_interval:
        return intervals.field(value, field)
    if field == "SECOND":
        micros = f"CAST(microsecond({value.sql}) AS DECIMAL(18,0))"
        return Term(f"({micros} * 0.000001)", number_type(18, 6))
    return numbers.whole_number(f"{field.lower()}({value.sql})", 4)


def _zone_field(value: Term, field: str) -> Term:
    if field == "TIMEZONE_REGION":
        region = time_zones.name(value.type)
        return Term(quoted("UNKNOWN" if region[0] in "+-" else region), VARCHAR2)
    if field == "TIMEZONE_ABBR":
        if time_zones.name(value.type)[0] in "+-":
            return Term(quoted("UNK"), VARCHAR2)
        raise UnsupportedSQL("EXTRACT(TIMEZONE_ABBR ..) of a region")
    operator = "//" if field == "TIMEZONE_HOUR" else "%"
    return numbers.whole_number(f"{time_zones.offset_minutes(value)} {operator} 60", 4)
