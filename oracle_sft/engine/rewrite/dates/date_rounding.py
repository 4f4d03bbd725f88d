"""TRUNC and ROUND of dates, by every format that they take."""

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.dates import date_format, date_range, time_zones
from oracle_sft.engine.rewrite.terms import DATE, Term, ora_error, over, quoted, refused

_UNITS = {
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
_WEEKS = ("week", "isoweek", "yearweek", "monthweek")
_CALENDAR = (*_WEEKS, "isoyear")


def rounded(how: str, value: Term, format_: Term | None) -> Term:
    """TRUNC (`how` is trunc) or ROUND of a date; the result is a DATE.

    Raises:
        OracleError: ORA-01898, ORA-01899 for a format that does not name one unit.
        UnsupportedSQL: rounding to a unit whose middle is not certain.
    """
    value = time_zones.local(value)
    if format_ is None:
        return _term(value, _body(how, "day"), {})
    if format_.is_null:
        return Term("CAST(NULL AS TIMESTAMP)", DATE)
    if not format_.type.is_text:
        raise UnsupportedSQL(f"{how.upper()} of a date by a {format_.type.family}")
    if isinstance(format_.constant, str):
        unit = _unit(format_.constant)
        if how == "round" and unit in ("isoyear", "century"):
            raise UnsupportedSQL(f"ROUND of a date to {format_.constant.upper()}")
        return _term(value, _body(how, unit), {})
    units: dict[str, list[str]] = {}
    for name, unit in _UNITS.items():
        units.setdefault(unit, []).append(quoted(name))
    cases = " ".join(
        f"WHEN upper($f) IN ({', '.join(names)}) THEN {_body(how, unit)}"
        for unit, names in units.items()
    )
    wrong = ora_error("ORA-01899")
    body = f"(CASE WHEN $f IS NULL THEN NULL {cases} ELSE {wrong} END)"
    return _term(value, body, {"f": format_.sql})


def _term(value: Term, body: str, more: dict[str, str]) -> Term:
    simple = not more and (value.is_simple or body.count("$d") == 1)
    return Term(over({"d": value.sql, **more}, body, simple=simple), DATE)


def _unit(format_: str) -> str:
    found = _UNITS.get(format_.upper())
    if found is None:
        try:
            several = len(date_format.read(format_)) > 1
        except OracleError:
            several = False
        if several:
            raise OracleError.of("ORA-01898")
        raise OracleError.of("ORA-01899")
    return found


def _body(how: str, unit: str) -> str:
    start = _STARTS.get(unit, f"date_trunc('{unit}', $d)")
    if how == "trunc":
        return date_range.modern(start) if unit in _CALENDAR else start
    if unit in _WEEKS:
        nearest = date_range.modern(_nearest_week(start, unit))
    elif unit in _ROUNDED:
        nearest = _ROUNDED[unit]
    else:
        return refused(f"ROUND of a date to the {unit}")
    beyond = ora_error("ORA-01841")
    return f"(CASE WHEN $d >= TIMESTAMP '9999-06-01' AND year({nearest}) > 9999 THEN {beyond} ELSE {nearest} END)"


_DAY_MICROS = 86_400_000_000


def _nearest_week(start: str, unit: str) -> str:
    """The nearest start of a week; sources disagree about the middle day, which is refused, and
    about the short week at the end of a year or month.
    """
    gone = f"(epoch_us($d) - epoch_us({start})) // {_DAY_MICROS}"
    middle = refused("ROUND of a date in the middle of the week")
    following = f"{start} + to_days(7)"
    period = {"yearweek": "year", "monthweek": "month"}.get(unit)
    short = ""
    if period is not None:
        last = refused(f"ROUND of a date in the last week of a {period}")
        short = f"WHEN {period}({following}) <> {period}($d) THEN {last} "
    return (
        f"(CASE WHEN {gone} < 3 THEN {start} WHEN {gone} = 3 THEN {middle} "
        f"{short}ELSE {following} END)"
    )
