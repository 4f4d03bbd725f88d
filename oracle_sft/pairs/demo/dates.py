"""Conditions on dates, in each of Oracle's ways to write one. The clock stands at rows.CLOCK."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from oracle_sft.pairs.demo.filters import Maker, moment, usable
from oracle_sft.pairs.demo.grammar import Cell, Filter, NoDraft, Record, Ref, View, pick
from oracle_sft.pairs.demo.rows import CLOCK

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _date_ref(rng: Random, view: View, anchor: Record) -> Ref:
    """A date that an event is told by (`orders placed`), or a parent's date by its name."""
    return pick(rng, [ref for ref in usable(view, anchor, "date") if not ref.foreign])


def _told(ref: Ref, when: str) -> tuple[str, ...]:
    return (f"{ref.column.verb} {when}", *(f"with {name} {when}" for name in ref.phrases))


def _date_filter(
    ref: Ref,
    sql: str,
    when: str | tuple[str, ...],
    values: tuple[str, ...],
    features: set[str],
    test: Callable[[datetime], bool],
) -> Filter:
    whens = (when,) if isinstance(when, str) else when

    def passes(row: Record) -> bool:
        value = row[ref.sql]
        return isinstance(value, datetime) and test(value)

    return Filter(
        sql,
        tuple(text for when in whens for text in _told(ref, when)),
        (ref.sql, *values),
        frozenset({"date", *features}),
        test=passes,
        uses=(ref.sql,),
    )


def _since(rng: Random, view: View, anchor: Record) -> Filter:
    ref = _date_ref(rng, view, anchor)
    day, after = _near(rng, anchor[ref.sql])
    sql = f"{ref.sql} {'>=' if after else '<'} DATE '{day}'"
    when = (f"since {day}", f"on or after {day}") if after else (f"before {day}",)
    return _date_filter(
        ref, sql, when, (str(after), str(day)), {"date_literal"}, _after(day, after)
    )


def _near(rng: Random, value: Cell) -> tuple[date, bool]:
    """A day at most four months off, and whether the value lies on or after it."""
    after = rng.random() < 0.6
    day = moment(value).date() + timedelta(days=rng.randrange(1, 120) * (-1 if after else 1))
    return day, after


def _after(day: date, after: bool) -> Callable[[datetime], bool]:
    return lambda value: (value.date() >= day) == after


def _to_date(rng: Random, view: View, anchor: Record) -> Filter:
    """The question writes the day in a local format, and so does TO_DATE."""
    ref = _date_ref(rng, view, anchor)
    day, after = _near(rng, anchor[ref.sql])
    pattern, mask = rng.choice((("%d/%m/%Y", "DD/MM/YYYY"), ("%d.%m.%Y", "DD.MM.YYYY")))
    said = day.strftime(pattern)
    sql = f"{ref.sql} {'>=' if after else '<'} TO_DATE('{said}', '{mask}')"
    when = (f"since {said}", f"on or after {said}") if after else (f"before {said}",)
    return _date_filter(ref, sql, when, (str(after), said), {"to_date"}, _after(day, after))


def _span(rng: Random, view: View, anchor: Record) -> Filter:
    ref = _date_ref(rng, view, anchor)
    first = moment(anchor[ref.sql]).date() - timedelta(days=rng.randrange(1, 60))
    last = moment(anchor[ref.sql]).date() + timedelta(days=rng.randrange(2, 60))
    return _date_filter(
        ref,
        f"{ref.sql} >= DATE '{first}' AND {ref.sql} < DATE '{last}'",
        (f"since {first} and before {last}", f"on or after {first} and before {last}"),
        (str(first), str(last)),
        {"date_literal"},
        lambda value: first <= value.date() < last,
    )


def _on_day(rng: Random, view: View, anchor: Record) -> Filter:
    ref = _date_ref(rng, view, anchor)
    day = moment(anchor[ref.sql]).date()
    return _date_filter(
        ref,
        f"TRUNC({ref.sql}) = DATE '{day}'",
        (f"on {day}", f"on the day {day}"),
        (str(day),),
        {"trunc", "date_literal"},
        lambda value: value.date() == day,
    )


def _in_month(rng: Random, view: View, anchor: Record) -> Filter:
    ref = _date_ref(rng, view, anchor)
    month = moment(anchor[ref.sql]).date().replace(day=1)
    said = f"{MONTHS[month.month - 1]} {month.year}"
    return _date_filter(
        ref,
        f"TRUNC({ref.sql}, 'MM') = DATE '{month}'",
        (f"in {said}", f"during {said}"),
        (str(month),),
        {"trunc_month", "date_literal"},
        lambda value: value.date().replace(day=1) == month,
    )


def _in_month_text(rng: Random, view: View, anchor: Record) -> Filter:
    ref = _date_ref(rng, view, anchor)
    said = moment(anchor[ref.sql]).strftime("%Y-%m")
    return _date_filter(
        ref,
        f"TO_CHAR({ref.sql}, 'YYYY-MM') = '{said}'",
        (f"in {said}", f"in the month {said}"),
        (said,),
        {"to_char"},
        lambda value: value.strftime("%Y-%m") == said,
    )


def _in_year(rng: Random, view: View, anchor: Record) -> Filter:
    ref = _date_ref(rng, view, anchor)
    year = moment(anchor[ref.sql]).year
    return _date_filter(
        ref,
        f"EXTRACT(YEAR FROM {ref.sql}) = {year}",
        (f"in {year}", f"in the year {year}"),
        (str(year),),
        {"extract"},
        lambda value: value.year == year,
    )


def _last_months(rng: Random, view: View, anchor: Record) -> Filter:
    ref = _date_ref(rng, view, anchor)
    age = _age_days(anchor[ref.sql])
    months = age // 28 + rng.randrange(1, 7)
    if months > 60:
        raise NoDraft
    start = _months_back(months)
    return _date_filter(
        ref,
        f"{ref.sql} >= ADD_MONTHS(SYSDATE, -{months})",
        (f"in the last {months} months", f"within the past {months} months"),
        (str(months),),
        {"add_months", "sysdate"},
        lambda value: value >= start,
    )


def _last_days(rng: Random, view: View, anchor: Record) -> Filter:
    ref = _date_ref(rng, view, anchor)
    days = _age_days(anchor[ref.sql]) + rng.randrange(2, 30)
    if days > 500:
        raise NoDraft
    start = CLOCK - timedelta(days=days)
    return _date_filter(
        ref,
        f"{ref.sql} >= SYSDATE - {days}",
        (f"in the last {days} days", f"within the past {days} days"),
        (str(days),),
        {"sysdate"},
        lambda value: value >= start,
    )


def _age_days(value: Cell) -> int:
    return max((CLOCK - moment(value)).days, 0)


def _months_back(months: int) -> datetime:
    """ADD_MONTHS(CLOCK, -months); the clock's day, the 15th, is in every month."""
    count = CLOCK.year * 12 + CLOCK.month - 1 - months
    return CLOCK.replace(year=count // 12, month=count % 12 + 1)


DATE_FILTERS: dict[str, Maker] = {
    "since": _since,
    "to_date": _to_date,
    "span": _span,
    "on_day": _on_day,
    "in_month": _in_month,
    "in_month_text": _in_month_text,
    "in_year": _in_year,
    "last_months": _last_months,
    "last_days": _last_days,
}
