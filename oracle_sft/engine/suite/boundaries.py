"""Values at and beside what a query compares a column with."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from oracle_sft.engine.result import Value
from oracle_sft.sqltext.schema import Column

_CLOSED_DOMAIN = 3
"""A text column with so few values is taken to have no others, as if a CHECK said so."""
_ENOUGH_ROWS = 20
_SIZES = re.compile(r"\((\*|\d+)(?:,(-?\d+))?")


@dataclass(frozen=True, slots=True)
class Domain:
    """What may stand in a column, as far as its type and its rows say."""

    column: Column
    kind: Literal["number", "text", "date", "other"]
    unit: Decimal = Decimal(1)
    """Of a number: its last decimal."""
    limit: Decimal = Decimal(10) ** 38
    """Of a number: larger than each value."""
    lowest: Decimal | None = None
    """Of a number: 0 where no row is below it."""
    size: int = 4000
    """Of a text, in bytes."""
    has_time: bool = True
    """Of a date: a row has a time of the day."""
    known: frozenset[str] | None = None
    """Of a text: the only values."""

    def fit(self, value: Value) -> Value:
        """The value as the column can hold it; None where it cannot."""
        if self.kind == "number":
            return self._number(value)
        if self.kind == "date":
            return self._date(value)
        if self.kind == "text":
            return self._text(value)
        return None

    def extremes(self, step: int) -> tuple[Value, Value]:
        """Values below and above what the rows are likely to have, `step` units from the last ones."""
        if self.kind == "number":
            high = min(self.limit, Decimal(10) ** 9) - 1 - step * self.unit
            low = step * self.unit if self.lowest is not None else -high
            return self.fit(low), self.fit(high)
        if self.kind == "date":
            days = timedelta(days=step)
            return datetime(1950, 1, 1) + days, datetime(2049, 12, 31) - days
        if self.kind == "text" and self.known is None:
            return self.fit("A"), self.fit("zz")
        return None, None

    def _number(self, value: Value) -> Value:
        try:
            number = Decimal(str(value))
            fitted = number.quantize(self.unit)
        except InvalidOperation:
            return None
        too_low = self.lowest is not None and fitted < self.lowest
        return None if too_low or abs(fitted) >= self.limit else fitted

    def _date(self, value: Value) -> Value:
        moment = _moment(value)
        if moment is None or not 1 < moment.year < 9999:
            return None
        moment = moment.replace(microsecond=0)
        return moment if self.has_time else moment.replace(hour=0, minute=0, second=0)

    def _text(self, value: Value) -> Value:
        if value is None or isinstance(value, (datetime, date)):
            return None
        text = str(value)
        if not text or len(text.encode()) > self.size:
            return None
        return text if self.known is None or text in self.known else None


def domain_of(column: Column, values: Sequence[Value]) -> Domain:
    """The domain of a column, from its type and the values of its rows."""
    there = [value for value in values if value is not None and value != ""]
    sizes = _SIZES.search(column.type)
    if column.kind == "number":
        numbers = [Decimal(str(value)) for value in there]
        scale = int(sizes[2] or 0) if sizes else max(map(_scale, numbers), default=0)
        precision = int(sizes[1]) if sizes and sizes[1] != "*" else 38
        return Domain(
            column,
            "number",
            unit=Decimal(1).scaleb(-scale),
            limit=Decimal(10) ** (precision - scale),
            lowest=Decimal(0) if all(number >= 0 for number in numbers) else None,
        )
    if column.kind == "text":
        texts = frozenset(str(value) for value in there)
        closed = len(texts) <= _CLOSED_DOMAIN and len(there) >= _ENOUGH_ROWS
        size = int(sizes[1]) if sizes and sizes[1] != "*" else 1
        if column.type.startswith(("CLOB", "NCLOB", "LONG")):
            size = 4000
        return Domain(column, "text", size=size, known=texts if closed else None)
    if column.kind == "date" and "ZONE" not in column.type:
        moments = [_moment(value) for value in there]
        has_time = any(moment is not None and moment.time() != _MIDNIGHT for moment in moments)
        return Domain(column, "date", has_time=has_time)
    return Domain(column, "other")


_MIDNIGHT = datetime(2000, 1, 1).time()


def _scale(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def satisfying(domain: Domain, operator: str, values: Sequence[Value]) -> list[Value]:
    """Values for which the comparison holds, as far as the column alone decides."""
    found: Iterable[Value]
    if operator in ("=", "<=", ">=", "IN", "BETWEEN"):
        found = list(values)
    elif operator == "LIKE":
        found = [_pattern_core(str(value)) for value in values]
    else:
        down = operator == "<"
        found = [near for value in values for near in _beside(domain, value, down=down)]
    return _fitted(domain, found)


def violating(domain: Domain, operator: str, values: Sequence[Value]) -> list[Value]:
    """Values beside the literals that do not meet the comparison, as far as that can be told."""
    meeting = satisfying(domain, operator, values)
    found = [value for value in boundaries(domain, operator, values) if value not in meeting]
    if domain.kind in ("number", "date"):
        places = [_place(value) for value in meeting]
        if operator in ("<", "<="):
            return [value for value in found if all(_place(value) > place for place in places)]
        if operator in (">", ">="):
            return [value for value in found if all(_place(value) < place for place in places)]
    if domain.known is not None:
        found += sorted(domain.known - {str(value) for value in meeting})
    return found


def boundaries(domain: Domain, operator: str, values: Sequence[Value]) -> list[Value]:
    """The values themselves, and those that a slip would take them for."""
    found: list[Value] = []
    for value in values:
        if operator == "LIKE":
            core = _pattern_core(str(value))
            found += [core, f"x{core}", f"{core}x", core.upper(), core.lower(), core[1:], core[:-1]]
            continue
        found.append(value)
        found += _beside(domain, value, down=True)
        found += _beside(domain, value, down=False)
    if operator == "BETWEEN" and len(values) == 2 and domain.kind == "number":
        low, high = (domain.fit(value) for value in values)
        if isinstance(low, Decimal) and isinstance(high, Decimal):
            found.append((low + high) / 2)
    return _fitted(domain, found)


def _place(value: Value) -> tuple[Decimal, datetime]:
    """Where a number or a date of a domain stands among others of its kind."""
    if isinstance(value, datetime):
        return Decimal(0), value
    assert isinstance(value, Decimal)
    return value, datetime.min


def _fitted(domain: Domain, found: Iterable[Value]) -> list[Value]:
    fitted = (domain.fit(value) for value in found)
    return list(dict.fromkeys(value for value in fitted if value is not None))


def _beside(domain: Domain, value: Value, *, down: bool) -> Iterator[Value]:
    if domain.kind == "number":
        number = domain.fit(value)
        if isinstance(number, Decimal):
            for step in (domain.unit, Decimal(1)):
                yield number - step if down else number + step
    elif domain.kind == "date":
        moment = _moment(value)
        if moment is not None:
            yield from _moments_beside(moment, domain.has_time, down=down)
    elif domain.kind == "text" and isinstance(value, str):
        if down:
            yield value[:-1]
            yield value.swapcase()
        else:
            yield f"{value}x"
            yield f"A{value}"


def _moments_beside(moment: datetime, has_time: bool, *, down: bool) -> Iterator[datetime]:
    """The neighbours in days, and the ends of the month and the year that begin or end there."""
    if has_time:
        yield moment + timedelta(seconds=-1 if down else 1)
    yield moment + timedelta(days=-1 if down else 1)
    last_day = monthrange(moment.year, moment.month)[1]
    if down:
        yield moment.replace(day=1)
        yield moment.replace(day=1) - timedelta(days=1)
        return
    if has_time:
        yield moment.replace(hour=23, minute=59, second=59)
    month_end = moment.replace(day=last_day)
    yield month_end
    yield month_end + timedelta(days=1)
    if has_time:
        yield month_end.replace(hour=23, minute=59, second=59)
    if (moment.month, moment.day) == (1, 1):
        yield moment.replace(month=12, day=31)
        yield moment.replace(year=moment.year + 1)


_TEXT_MOMENTS = (
    (re.compile(r"\d{4}-\d{2}-\d{2}.*"), "%Y-%m-%d"),
    (re.compile(r"\d{4}-\d{2}"), "%Y-%m"),
    (re.compile(r"\d{8}"), "%Y%m%d"),
    (re.compile(r"\d{6}"), "%Y%m"),
    (re.compile(r"\d{4}"), "%Y"),
    (re.compile(r"\d{2}/\d{4}"), "%m/%Y"),
    (re.compile(r"\d{2}\.\d{2}\.\d{4}"), "%d.%m.%Y"),
    (re.compile(r"\d{2}/\d{2}/\d{4}"), "%d/%m/%Y"),
)


def _moment(value: Value) -> datetime | None:
    """The date that a value means: a text or a year as a query compares a part of a date with it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = str(value)
    if len(text) > 10:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            return None
    for form, written in _TEXT_MOMENTS:
        if form.fullmatch(text):
            try:
                return datetime.strptime(text, written)
            except ValueError:
                return None
    if text.isdigit() and 1 <= int(text) <= 12:
        return datetime(2024, int(text), 1)
    return None


def _pattern_core(pattern: str) -> str:
    """A text that a LIKE pattern matches."""
    return pattern.replace("%", "").replace("_", "a")
