"""Functions of dates."""

import re
from decimal import Decimal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import date_math, date_text, numbers
from oracle_sft.engine.rewrite.convert import as_date, as_number, as_text
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.terms import (
    DATE,
    INTERVAL_DS,
    INTERVAL_YM,
    TIMESTAMP,
    Term,
    over,
)

_NO_DATE = Term("CAST(NULL AS TIMESTAMP)", DATE)
_TIME = "($d - date_trunc('day', $d))"
_LAST_DAY = "CAST(last_day({}) AS TIMESTAMP)"


def _a_date(term: Term) -> Term:
    """A DATE; a TIMESTAMP only while it has no fraction of a second."""
    date = as_date(term)
    if date.type.family != "TIMESTAMP":
        return date
    return Term(date_math.whole_seconds(date), DATE)


def _add_months(arguments: list[Term]) -> Term:
    date, months = _a_date(arguments[0]), as_number(arguments[1])
    if date.is_null or months.is_null:
        return _NO_DATE
    if isinstance(months.constant, Decimal):
        count = str(int(months.constant))
    else:
        count = f"CAST({numbers.rounded(months, 0, 'trunc').sql} AS INTEGER)"
    moved = "($d + to_months($m))"
    # The last day of a month stays the last day; a day that does not exist becomes the last one.
    body = (
        f"(CASE WHEN day($d) = day(last_day($d)) THEN {_LAST_DAY.format(moved)} + {_TIME} "
        f"ELSE {moved} END)"
    )
    simple = date.is_simple and (months.constant is not None or months.is_simple)
    return Term(over({"d": date.sql, "m": count}, body, simple=simple), DATE)


def _last_day(arguments: list[Term]) -> Term:
    date = _a_date(arguments[0])
    if date.is_null:
        return _NO_DATE
    body = f"({_LAST_DAY.format('$d')} + {_TIME})"
    return Term(over({"d": date.sql}, body, simple=date.is_simple), DATE)


_MONTH_SECONDS = 31 * 86_400


def _months_between(arguments: list[Term]) -> Term:
    left, right = (_a_date(term) for term in arguments)
    if left.is_null or right.is_null:
        return as_number(left if left.is_null else right)
    months = "((year($a) - year($b)) * 12 + month($a) - month($b))"
    ends = "(day($a) = day(last_day($a)) AND day($b) = day(last_day($b)))"
    days = "((day($a) - day($b)) * 86400"
    times = " + (epoch_us($a - date_trunc('day', $a)) - epoch_us($b - date_trunc('day', $b))) // 1000000)"
    rest = f"(CASE WHEN day($a) = day($b) OR {ends} THEN 0 ELSE {days}{times} END)"
    body = f"({months} * {_MONTH_SECONDS} + {rest})"
    simple = left.is_simple and right.is_simple
    seconds = over({"a": left.sql, "b": right.sql}, body, simple=simple)
    # A month counts 31 days, so that one division gives whole months and the fraction.
    whole = numbers.literal(Decimal(_MONTH_SECONDS))
    return numbers.divide(numbers.whole_number(seconds), whole)


_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


def _next_day(arguments: list[Term]) -> Term:
    date, day = _a_date(arguments[0]), arguments[1]
    if date.is_null or day.is_null:
        return _NO_DATE
    if not isinstance(day.constant, str):
        raise UnsupportedSQL("NEXT_DAY with a day that is not a literal")
    name = day.constant.strip().upper()
    if name[:3] not in _DAYS:
        raise OracleError("ORA-01846", "not a valid day of the week")
    target = _DAYS.index(name[:3])
    body = f"($d + to_days(CAST(({target} - dayofweek($d) + 6) % 7 + 1 AS INTEGER)))"
    return Term(over({"d": date.sql}, body, simple=date.is_simple), DATE)


def _to_date(arguments: list[Term]) -> Term:
    value = arguments[0]
    format_ = _format(arguments, date_text.DEFAULT_FORMAT)
    if value.is_null or format_ is None:
        return _NO_DATE
    if value.type.is_date:
        raise UnsupportedSQL("TO_DATE of a date")
    return date_text.to_date(as_text(value), format_)


def _to_timestamp(arguments: list[Term]) -> Term:
    if len(arguments) == 1:
        raise UnsupportedSQL("TO_TIMESTAMP without a format")
    value, format_ = arguments[0], _format(arguments, "")
    if value.is_null or format_ is None:
        return Term(_NO_DATE.sql, TIMESTAMP)
    if value.type.is_date:
        raise UnsupportedSQL("TO_TIMESTAMP of a date")
    return date_text.to_date(as_text(value), format_, type_=TIMESTAMP)


def _format(arguments: list[Term], default: str) -> str | None:
    if len(arguments) == 1:
        return default
    format_ = arguments[1]
    if format_.is_null:
        return None
    if not isinstance(format_.constant, str):
        raise UnsupportedSQL("TO_DATE with a format that is not a literal")
    return format_.constant


_UNIT_SECONDS = {"DAY": 86_400, "HOUR": 3_600, "MINUTE": 60, "SECOND": 1}


def _unit(term: Term, known: tuple[str, ...]) -> str:
    if not isinstance(term.constant, str):
        raise UnsupportedSQL("an interval unit that is not a literal")
    name = term.constant.strip().upper()
    if name not in known:
        raise OracleError("ORA-01760", "illegal argument for function")
    return name


def _num_to_ds(arguments: list[Term]) -> Term:
    number, unit = as_number(arguments[0]), _unit(arguments[1], tuple(_UNIT_SECONDS))
    micros = numbers.literal(Decimal(_UNIT_SECONDS[unit] * 1_000_000))
    rounded = numbers.rounded(numbers.multiply(number, micros), 0)
    return Term(f"CAST({rounded.sql} AS BIGINT)", INTERVAL_DS)


def _num_to_ym(arguments: list[Term]) -> Term:
    number, unit = as_number(arguments[0]), _unit(arguments[1], ("YEAR", "MONTH"))
    factor = numbers.literal(Decimal(12 if unit == "YEAR" else 1))
    rounded = numbers.rounded(numbers.multiply(number, factor), 0)
    return Term(f"CAST({rounded.sql} AS BIGINT)", INTERVAL_YM)


def _to_ds_interval(arguments: list[Term]) -> Term:
    return _interval(arguments[0], "DAY TO SECOND")


def _to_ym_interval(arguments: list[Term]) -> Term:
    return _interval(arguments[0], "YEAR TO MONTH")


def _interval(term: Term, unit: str) -> Term:
    if not isinstance(term.constant, str) or re.match(r"\s*P", term.constant):
        raise UnsupportedSQL(f"an interval {unit} of something other than a plain literal")
    return date_math.interval_of(term.constant, unit)


FUNCTIONS: dict[str, Function] = {
    "ADD_MONTHS": fixed(_add_months, 2),
    "LAST_DAY": fixed(_last_day, 1),
    "MONTHS_BETWEEN": fixed(_months_between, 2),
    "NEXT_DAY": fixed(_next_day, 2),
    "TO_DATE": Function(_to_date, 1, 2),
    "TO_TIMESTAMP": Function(_to_timestamp, 1, 2),
    "NUMTODSINTERVAL": fixed(_num_to_ds, 2),
    "NUMTOYMINTERVAL": fixed(_num_to_ym, 2),
    "TO_DSINTERVAL": fixed(_to_ds_interval, 1),
    "TO_YMINTERVAL": fixed(_to_ym_interval, 1),
}
