"""Functions of dates."""

from decimal import Decimal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_date, as_number
from oracle_sft.engine.rewrite.dates import date_math, date_range, date_types, intervals, time_zones
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import (
    DATE,
    NULL_TERM,
    SESSION_ZONE,
    TIMESTAMP_TZ,
    VARCHAR2,
    OracleType,
    Term,
    ora_error,
    over,
    quoted,
    text_literal,
)

_NO_DATE = Term("CAST(NULL AS TIMESTAMP)", DATE)
_TIME = "($d - date_trunc('day', $d))"
_LAST_DAY = "CAST(last_day({}) AS TIMESTAMP)"
_FEW_MONTHS = 1200
_INNER_YEARS = "$d BETWEEN TIMESTAMP '1700-01-01' AND TIMESTAMP '9800-01-01'"
"""Years that a few months lead neither to the days of old nor past 9999."""


def _a_date(term: Term) -> Term:
    """A DATE; a TIMESTAMP only while it has no fraction of a second."""
    date = time_zones.local(as_date(term))
    if date.type.family != "TIMESTAMP":
        return date
    return Term(date_types.whole_seconds(date), DATE)


def _add_months(arguments: list[Term]) -> Term:
    date, months = _a_date(arguments[0]), as_number(arguments[1])
    if date.is_null or arguments[1].is_null:
        return _NO_DATE
    if isinstance(months.constant, Decimal):
        count = str(int(months.constant))
    else:
        count = f"CAST({numbers.rounded(months, 0, 'trunc').sql} AS INTEGER)"
    moved = "($d + to_months($m))"
    # The last day of a month stays the last day; a day that does not exist becomes the last one.
    last = f"{_LAST_DAY.format(moved)} + {_TIME}"
    kept = f"(CASE WHEN day($d) = day(last_day($d)) THEN {last} ELSE {moved} END)"
    body = date_range.shown(moved, kept)
    if isinstance(months.constant, Decimal) and abs(months.constant) <= _FEW_MONTHS:
        # Before the 28th the day of the month is neither the last one nor missing elsewhere.
        early = f"WHEN {_INNER_YEARS} AND day($d) < 28 THEN {moved}"
        body = f"(CASE {early} WHEN {_INNER_YEARS} THEN {kept} ELSE {body} END)"
    simple = date.is_simple and (months.constant is not None or months.is_simple)
    return Term(over({"d": date.sql, "m": count}, body, simple=simple), DATE)


def _last_day(arguments: list[Term]) -> Term:
    date = _a_date(arguments[0])
    if date.is_null:
        return _NO_DATE
    body = date_range.modern(f"({_LAST_DAY.format('$d')} + {_TIME})")
    return Term(over({"d": date.sql}, body, simple=date.is_simple), DATE)


_MONTH_SECONDS = 31 * 86_400


def _months_between(arguments: list[Term]) -> Term:
    left, right = (_a_date(term) for term in arguments)
    if left.is_null or right.is_null:
        return as_number(NULL_TERM)
    months = "((year($a) - year($b)) * 12 + month($a) - month($b))"
    ends = "(day($a) = day(last_day($a)) AND day($b) = day(last_day($b)))"
    days = "((day($a) - day($b)) * 86400"
    times = " + (epoch_us($a - date_trunc('day', $a)) - epoch_us($b - date_trunc('day', $b))) // 1000000)"
    rest = f"(CASE WHEN day($a) = day($b) OR {ends} THEN 0 ELSE {days}{times} END)"
    body = date_range.modern(f"({months} * {_MONTH_SECONDS} + {rest})", "a", "b", type_="BIGINT")
    simple = left.is_simple and right.is_simple
    seconds = over({"a": left.sql, "b": right.sql}, body, simple=simple)
    # A month counts 31 days, so that one division gives whole months and the fraction.
    whole = numbers.literal(Decimal(_MONTH_SECONDS))
    months_term = numbers.divide(numbers.whole_number(seconds, 12), whole)
    return date_math.bounded(months_term, len("119987"))


_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIRST_WEEK, _LAST_WEEK = date_range.FIRST_MODERN, "TIMESTAMP '9999-12-24'"
_NO_DAY = "ORA-01846"


def _next_day(arguments: list[Term]) -> Term:
    date, day = _a_date(arguments[0]), arguments[1]
    if date.is_null or day.is_null:
        return _NO_DATE
    if not day.type.is_text:
        raise UnsupportedSQL("NEXT_DAY with a day that is no text")
    parts = {"d": date.sql}
    if isinstance(day.constant, str):
        name = day.constant.strip().upper()[:3]
        if name not in _DAYS:
            raise OracleError.of(_NO_DAY)
        target = str(_DAYS.index(name))
    else:
        listed = ", ".join(quoted(name) for name in _DAYS)
        parts["n"] = f"(list_position([{listed}], upper(trim({day.sql})[1:3])) - 1)"
        parts["t"] = day.sql
        target = "$n"
    following = f"($d + to_days(CAST(({target} - dayofweek($d) + 6) % 7 + 1 AS INTEGER)))"
    body = date_range.within(following, _FIRST_WEEK, _LAST_WEEK)
    if "n" in parts:
        wrong = f"$t IS NOT NULL AND coalesce($n, -1) < 0 THEN {ora_error(_NO_DAY)}"
        body = f"(CASE WHEN $d IS NULL OR $t IS NULL THEN NULL WHEN {wrong} ELSE {body} END)"
    return Term(over(parts, body, simple=date.is_simple and len(parts) == 1), DATE)


def _unit(term: Term, known: tuple[str, ...]) -> str | None:
    """The unit that a literal names; None where the unit is not a literal."""
    if not isinstance(term.constant, str):
        return None
    name = term.constant.strip().upper()
    if name not in known:
        raise OracleError.of("ORA-01760")
    return name


def _num_to(units: tuple[str, ...], type_: OracleType, arguments: list[Term]) -> Term:
    if arguments[0].is_null or arguments[1].is_null:
        return Term("CAST(NULL AS BIGINT)", type_)
    number, unit = as_number(arguments[0]), _unit(arguments[1], units)
    if unit is not None:
        return intervals.from_number(number, unit)
    if not arguments[1].type.is_text:
        raise UnsupportedSQL("an interval unit that is no text")
    cases = " ".join(
        f"WHEN {quoted(name)} THEN {intervals.from_number(number, name).sql}" for name in units
    )
    wrong = ora_error("ORA-01760")
    empty = f"{arguments[1].sql} IS NULL"
    sql = (
        f"(CASE WHEN {empty} THEN NULL ELSE "
        f"(CASE upper(trim({arguments[1].sql})) {cases} ELSE {wrong} END) END)"
    )
    return Term(sql, type_)


def _num_to_ds(arguments: list[Term]) -> Term:
    return _num_to(tuple(intervals.FIELD_MICROS), intervals.day_to_second(9, 9), arguments)


def _num_to_ym(arguments: list[Term]) -> Term:
    return _num_to(("YEAR", "MONTH"), intervals.year_to_month(9), arguments)


def _from_tz(arguments: list[Term]) -> Term:
    value = arguments[0]
    if value.is_null or arguments[1].is_null:
        return Term(_NO_DATE.sql, TIMESTAMP_TZ)
    if value.type.family != "TIMESTAMP":
        raise OracleError.of("ORA-00932", "TIMESTAMP", value.type.short)
    return time_zones.at_zone(value, time_zones.named_by(arguments[1]))


def _sys_extract_utc(arguments: list[Term]) -> Term:
    value = arguments[0]
    if value.is_null:
        return Term(_NO_DATE.sql, OracleType("TIMESTAMP", scale=6))
    if value.type.family != "TIMESTAMP" and not value.type.is_zoned:
        raise UnsupportedSQL(f"SYS_EXTRACT_UTC of a {value.type.family}")
    return time_zones.utc(value)


def _tz_offset(arguments: list[Term]) -> Term:
    if arguments[0].is_null:
        return NULL_TERM
    zone = time_zones.named_by(arguments[0])
    offset = time_zones.fixed_offset(zone)
    if offset is None:
        raise UnsupportedSQL("TZ_OFFSET of a region")
    sign = "-" if offset < 0 else "+"
    return text_literal(f"{sign}{abs(offset) // 60:02}:{abs(offset) % 60:02}")


_NEW_TIME_ZONES = {
    "AST": -240, "ADT": -180, "BST": -660, "BDT": -600, "CST": -360, "CDT": -300, "EST": -300,
    "EDT": -240, "GMT": 0, "HST": -600, "HDT": -540, "MST": -420, "MDT": -360, "NST": -210,
    "PST": -480, "PDT": -420, "YST": -540, "YDT": -480,
}  # fmt: skip


def _new_time(arguments: list[Term]) -> Term:
    date = _a_date(arguments[0])
    if any(term.is_null for term in (date, *arguments[1:])):
        return _NO_DATE
    offsets = []
    for zone in arguments[1:]:
        if not isinstance(zone.constant, str):
            raise UnsupportedSQL("NEW_TIME with a time zone that is not a literal")
        offset = _NEW_TIME_ZONES.get(zone.constant.strip().upper())
        if offset is None:
            raise OracleError.of("ORA-01857")
        offsets.append(offset)
    micros = str((offsets[1] - offsets[0]) * 60_000_000)
    return Term(date_math.moved_by_micros(date.sql, micros, date), DATE)


def session_zone() -> Term:
    """SESSIONTIMEZONE and DBTIMEZONE."""
    return Term(quoted(SESSION_ZONE), VARCHAR2, SESSION_ZONE)


FUNCTIONS: dict[str, Function] = {
    "ADD_MONTHS": fixed(_add_months, 2),
    "LAST_DAY": fixed(_last_day, 1),
    "MONTHS_BETWEEN": fixed(_months_between, 2),
    "NEXT_DAY": fixed(_next_day, 2),
    "NUMTODSINTERVAL": fixed(_num_to_ds, 2),
    "NUMTOYMINTERVAL": fixed(_num_to_ym, 2),
    "FROM_TZ": fixed(_from_tz, 2),
    "SYS_EXTRACT_UTC": fixed(_sys_extract_utc, 1),
    "TZ_OFFSET": fixed(_tz_offset, 1),
    "NEW_TIME": fixed(_new_time, 3),
}
