"""How the values of a column are checked and stored: Oracle's types, one by one.

Every value becomes text that DuckDB casts. What Oracle would refuse is a ValueError with Oracle's code.
"""

import math
import re
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import cache

from oracle_sft.engine import zoned_forms
from oracle_sft.engine.result import IntervalYM, LoadError
from oracle_sft.engine.rewrite.terms import (
    BINARY_DOUBLE,
    BINARY_FLOAT,
    CLOB,
    DATE,
    INTERVAL_DS,
    INTERVAL_YM,
    MAX_PRECISION,
    RAW,
    TIMESTAMP,
    VARCHAR2,
    OracleType,
    char_type,
    number_type,
)

MAX_FRACTION_DIGITS = 6
"""Digits of a second that are kept; a value with more is refused, whatever its column allows."""

_EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
_TYPE = re.compile(r"([A-Z_0-9]+)(?:\((.*?)\))?(?: (.*))?")
_INTERVAL = re.compile(r"INTERVAL (YEAR|DAY)(?:\((\d+)\))? TO (MONTH|SECOND)(?:\((\d+)\))?")
_WHOLE_NUMBER_TYPES = ("INTEGER", "INT", "SMALLINT")
_MAX_SCALE = 127
_LOG10_OF_2 = 0.30103  # Oracle's documentation says so, digit for digit


@dataclass(frozen=True, slots=True)
class Plain:
    """Values that need no look at each: a condition on the text `{x}` that holds for them only."""

    condition: str
    cast: str

    def of(self, text: str) -> tuple[str, str]:
        """Condition and cast for an expression of DuckDB."""
        return self.condition.replace("{x}", text), self.cast.replace("{x}", text)


@dataclass(frozen=True, slots=True)
class Form:
    """How a column's values are checked and stored."""

    type: OracleType
    sql: str
    text: Callable[[object], str | None]
    """The value as text that DuckDB casts; ValueError says what is wrong with it."""
    plain: Plain | None = None
    """None: each value is looked at."""


class UnknownType(Exception):
    """A type whose values are not stored here."""


def column_form(where: str, type_: str, values: Callable[[], Iterable[object]]) -> Form:
    """The form of a column; `values` is asked for by a NUMBER without precision and WITH TIME ZONE only.

    Raises:
        UnknownType: the engine has no such type.
        LoadError: a type that Oracle refuses, or values that have no common form.
    """
    interval = _INTERVAL.fullmatch(type_)
    if interval is not None:
        return _interval_form(interval)
    match = _TYPE.fullmatch(type_)
    if match is None:
        raise UnknownType
    name, sizes, rest = match[1], (match[2] or "").strip(), match[3] or ""
    if rest and name != "TIMESTAMP":
        raise UnknownType
    if name in ("NUMBER", "NUMERIC", "DECIMAL", *_WHOLE_NUMBER_TYPES):
        return _number_form(where, name, sizes, values)
    if name in ("FLOAT", "REAL"):
        bits = 63 if name == "REAL" else int(sizes or 126)
        return _float_form(where, bits, values)
    if name in ("VARCHAR2", "NVARCHAR2", "VARCHAR", "CHAR", "NCHAR"):
        return _text_form(where, name, sizes)
    if name in ("CLOB", "NCLOB", "LONG"):
        return Form(CLOB, "VARCHAR", _text, Plain("true", "{x}"))
    if name == "RAW":
        return Form(RAW, "VARCHAR", _bytes(int(sizes or 2000)))
    if name == "DATE":
        return Form(DATE, "TIMESTAMP", _seconds, _plain_moment(0))
    if name == "TIMESTAMP" and not rest:
        digits = int(sizes or 6)
        plain = _plain_moment(min(digits, MAX_FRACTION_DIGITS))
        of_digits = replace(TIMESTAMP, scale=digits)
        return Form(of_digits, "TIMESTAMP", _fraction(digits), plain)
    if name == "TIMESTAMP":
        zoned = zoned_forms.zoned_type(rest, int(sizes or 6), values)
        if zoned is not None:
            return Form(zoned, "TIMESTAMP", zoned_forms.moment(zoned.scale))
    if name == "BINARY_DOUBLE":
        return Form(BINARY_DOUBLE, "DOUBLE", _double)
    if name == "BINARY_FLOAT":
        return Form(BINARY_FLOAT, "FLOAT", _single)
    raise UnknownType


@cache
def is_stored(type_: str) -> bool:
    """Whether the engine has the type of a column at all."""
    try:
        column_form("", type_, tuple)
    except UnknownType:
        return False
    except LoadError:
        return True
    return True


# --- numbers --------------------------------------------------------------------------------------


def _number_form(where: str, name: str, sizes: str, values: Callable[[], Iterable[object]]) -> Form:
    if name in _WHOLE_NUMBER_TYPES:
        return _sized(where, MAX_PRECISION, 0)
    if not sizes and name != "NUMBER":
        return _sized(where, MAX_PRECISION, 0)  # of DECIMAL and NUMERIC the scale is 0
    if not sizes:
        return unsized(where, *_digits(values()))
    first, _, second = sizes.partition(",")
    precision = MAX_PRECISION if first.strip() == "*" else int(first)
    return _sized(where, precision, int(second) if second.strip() else 0)


def _sized(where: str, precision: int, scale: int) -> Form:
    if not 1 <= precision <= MAX_PRECISION:
        raise LoadError(
            f"{where}: ORA-01727: numeric precision specifier is out of range (1 to 38)"
        )
    if not -84 <= scale <= _MAX_SCALE:
        raise LoadError(f"{where}: ORA-01728: numeric scale specifier is out of range (-84 to 127)")
    whole = precision - scale
    if scale > MAX_PRECISION or whole > MAX_PRECISION:
        raise UnknownType
    stored = number_type(max(precision, whole, scale), max(scale, 0))
    plain = None
    if whole > 0 and scale >= 0:
        # Anything that needs rounding, or is too large, is looked at in `text`.
        fraction = rf"(\.\d{{1,{scale}}})?" if scale else ""
        plain = _numeric(rf"-?\d{{1,{whole}}}{fraction}", stored)
    return Form(stored, stored.duckdb, _number_text(precision, scale), plain)


def unsized(where: str, whole: int, scale: int) -> Form:
    """A NUMBER without precision, whose values have so many digits before and behind the point."""
    if max(whole, 1) + scale > MAX_PRECISION:
        raise LoadError(f"{where}: values that need more than {MAX_PRECISION} digits together")
    type_ = number_type(max(whole, 1) + scale, scale)
    return Form(type_, type_.duckdb, _number_text(MAX_PRECISION, scale), _numeric(".*", type_))


PLAIN_NUMBER = r"-?\d+(\.\d+)?"
"""A number whose digits can be counted as they are written."""


def _numeric(pattern: str, type_: OracleType) -> Plain:
    condition = f"regexp_full_match({{x}}, '{PLAIN_NUMBER}')"
    if pattern != ".*":
        condition = f"regexp_full_match({{x}}, '{pattern}')"
    return Plain(condition, f"CAST({{x}} AS {type_.duckdb})")


def _digits(values: Iterable[object]) -> tuple[int, int]:
    """The most digits before and behind the point."""
    whole, scale = 1, 0
    for value in values:
        number = _number(value) if value is not None and value != "" else None
        if number:
            whole = max(whole, number.adjusted() + 1)
            scale = max(scale, -int(number.normalize(_EXACT).as_tuple().exponent))
    return whole, scale


# Python takes `1_000` and the digits of other scripts too.
_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value)):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _number_text(precision: int, scale: int) -> Callable[[object], str]:
    unit = Decimal(1).scaleb(-scale)
    limit = Decimal(10) ** (precision - scale)

    whole = 10 ** min(max(precision - scale, 0), MAX_PRECISION) if scale >= 0 else 0

    def text(value: object) -> str:
        if type(value) is int and -whole < value < whole:
            return str(value)  # most numbers, in a tenth of the time
        number = _number(value)
        if number is None:
            raise ValueError("not a number")
        rounded = number.quantize(unit, ROUND_HALF_UP, _EXACT) if number.adjusted() < 99 else number
        if abs(rounded) >= limit:
            raise ValueError(
                f"ORA-01438: value larger than the column's precision ({precision},{scale})"
            )
        return f"{rounded:f}"

    return text


def _float_form(where: str, bits: int, values: Callable[[], Iterable[object]]) -> Form:
    """FLOAT(b) is a NUMBER that keeps as many significant digits as b bits hold."""
    if not 1 <= bits <= 126:
        raise LoadError(f"{where}: ORA-01724: floating point precision is out of range (1 to 126)")
    significant = Context(prec=math.ceil(bits * _LOG10_OF_2), rounding=ROUND_HALF_UP)

    def rounded(value: object) -> Decimal:
        number = _number(value)
        if number is None:
            raise ValueError("not a number")
        return number.normalize(significant)

    given = (value for value in values() if _number(value) is not None)
    inner = unsized(where, *_digits(rounded(value) for value in given))
    return Form(inner.type, inner.sql, lambda value: inner.text(rounded(value)))


_NOT_FINITE = re.compile(r"nan|[+-]?inf(inity)?", re.IGNORECASE)


def _double(value: object) -> str:
    text = str(value).strip()
    if isinstance(value, bool) or not (_NUMBER.fullmatch(text) or _NOT_FINITE.fullmatch(text)):
        raise ValueError("not a number")
    number = float(text)
    if math.isinf(number) and "inf" not in str(value).lower():
        raise ValueError("ORA-01426: numeric overflow")
    return repr(number + 0.0)  # Oracle has no negative zero


def _single(value: object) -> str:
    text = _double(value)
    try:
        struct.pack("<f", float(text))
    except OverflowError:
        raise ValueError("ORA-01426: numeric overflow") from None
    return text


# --- text -----------------------------------------------------------------------------------------


def _text_form(where: str, name: str, sizes: str) -> Form:
    size_text, _, unit = sizes.partition(" ")
    if not size_text and "VAR" in name:
        raise LoadError(f"{where}: {name} without a size")
    size = int(size_text or 1)
    in_characters = unit.strip() == "CHAR" or name.startswith("N")

    def check(value: object) -> str:
        text = _text(value)
        length = len(text) if in_characters else len(text.encode())
        if length > size:
            raise ValueError(
                f"ORA-12899: value too large for column (actual: {length}, maximum: {size})"
            )
        return text

    fits = f"{'length' if in_characters else 'strlen'}({{x}}) <= {size}"
    if "VAR" in name:
        return Form(VARCHAR2, "VARCHAR", check, Plain(fits, "{x}"))

    def padded(value: object) -> str:
        # CHAR(n BYTE) is padded to n bytes; the length in characters is then no longer one number.
        text = check(value)
        return text + " " * (size - (len(text) if in_characters else len(text.encode())))

    ascii_only = f"length({{x}}) = strlen({{x}}) AND {fits}"
    return Form(char_type(size), "VARCHAR", padded, Plain(ascii_only, f"rpad({{x}}, {size}, ' ')"))


def _text(value: object) -> str:
    if isinstance(value, bool | dict | list):
        raise ValueError("not text")
    if isinstance(value, int | float | Decimal):
        raise ValueError("a number where text is expected; write it as a string")
    return str(value)


def _bytes(size: int) -> Callable[[object], str]:
    def text(value: object) -> str:
        if isinstance(value, bytes | bytearray | memoryview):
            digits = bytes(value).hex().upper()
        elif isinstance(value, str) and re.fullmatch(r"[0-9A-Fa-f]*", value):
            digits = "0" * (len(value) % 2) + value.upper()
        else:
            raise ValueError("ORA-01465: invalid hex number; bytes are written in hexadecimal")
        if len(digits) > 2 * size:
            raise ValueError(
                f"ORA-12899: value too large for column (actual: {len(digits) // 2}, maximum: {size})"
            )
        return digits

    return text


# --- dates ----------------------------------------------------------------------------------------


def _plain_moment(digits: int) -> Plain:
    fraction = rf"(\.\d{{1,{digits}}})?" if digits else ""
    clock = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
    pattern = rf"\d{{4}}-\d\d-\d\d( {clock}{fraction})?"
    # The pattern lets 2024-02-30 pass, and the year 0000, which DuckDB takes for one.
    return Plain(
        f"regexp_full_match({{x}}, '{pattern}') AND TRY_CAST({{x}} AS TIMESTAMP) IS NOT NULL"
        " AND {x} >= '0001'",
        "CAST({x} AS TIMESTAMP)",
    )


_EXPECTED = "expected YYYY-MM-DD or YYYY-MM-DD HH:MM:SS"
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?)?", re.ASCII)
_ZONE = re.compile(r".*\d(Z|[+-]\d\d(:?\d\d)?)", re.ASCII)
_FINER = re.compile(r"[.,]\d{6}\d*[1-9]")


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        moment = value
    elif isinstance(value, date):
        moment = datetime(value.year, value.month, value.day)
    elif isinstance(value, str):
        text = value.strip()
        if not _MOMENT.fullmatch(text):
            zoned = "T" in text or ":" in text
            if zoned and _ZONE.fullmatch(text):
                raise ValueError("a date with a time zone")
            raise ValueError(f"not a date; {_EXPECTED}")
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise ValueError(f"not a date; {_EXPECTED}") from None
        if _FINER.search(value):
            raise ValueError(f"at most {MAX_FRACTION_DIGITS} digits of a second are kept here")
    else:
        raise ValueError(f"not a date; {_EXPECTED}")
    if moment.tzinfo is not None:
        raise ValueError("a date with a time zone")
    return moment


def _seconds(value: object) -> str:
    moment = _moment(value)
    if moment.microsecond:
        raise ValueError("a DATE has no fractions of a second")
    return moment.isoformat(sep=" ")


def _fraction(digits: int) -> Callable[[object], str]:
    unit = 10 ** max(MAX_FRACTION_DIGITS - digits, 0)

    def text(value: object) -> str:
        moment = _moment(value)
        if moment.microsecond % unit:
            raise ValueError(f"more than {digits} digits of a second")
        return moment.isoformat(sep=" ")

    return text


# --- intervals ------------------------------------------------------------------------------------

_YEARS_MONTHS = re.compile(r"([+-]?)(\d+)-(\d+)")
_DAYS_SECONDS = re.compile(r"([+-]?)(\d+) (\d+):(\d+):(\d+)(?:\.(\d{1,9}))?")


def _interval_form(match: re.Match[str]) -> Form:
    leading = int(match[2] or 2)
    if match[1] == "YEAR":
        return Form(replace(INTERVAL_YM, precision=leading), "BIGINT", _months(leading))
    digits = int(match[4] or 6)
    type_ = replace(INTERVAL_DS, precision=leading, scale=digits)
    return Form(type_, "BIGINT", _micros(leading, digits))


def _months(leading: int) -> Callable[[object], str]:
    def text(value: object) -> str:
        if isinstance(value, IntervalYM):
            total = value.years * 12 + value.months
        else:
            match = _YEARS_MONTHS.fullmatch(value.strip()) if isinstance(value, str) else None
            if match is None or int(match[3]) > 11:
                raise ValueError("not an interval; expected +YY-MM")
            total = (int(match[2]) * 12 + int(match[3])) * (-1 if match[1] == "-" else 1)
        if abs(total) // 12 >= 10**leading:
            raise ValueError("ORA-01873: the leading precision of the interval is too small")
        return str(total)

    return text


def _micros(leading: int, digits: int) -> Callable[[object], str]:
    unit = 10 ** max(MAX_FRACTION_DIGITS - digits, 0)

    def text(value: object) -> str:
        total = _delta(value) // timedelta(microseconds=1)
        if abs(total) // 86_400_000_000 >= 10**leading:
            raise ValueError("ORA-01873: the leading precision of the interval is too small")
        if total % unit:
            raise ValueError(f"more than {digits} digits of a second")
        return str(total)

    return text


def _delta(value: object) -> timedelta:
    if isinstance(value, timedelta):
        return value
    match = _DAYS_SECONDS.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("not an interval; expected +DD HH:MM:SS.FFFFFF")
    days, hours, minutes, seconds = (int(match[group]) for group in (2, 3, 4, 5))
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError("not an interval; expected +DD HH:MM:SS.FFFFFF")
    fraction = (match[6] or "").ljust(9, "0")
    if fraction[MAX_FRACTION_DIGITS:].strip("0"):
        raise ValueError(f"at most {MAX_FRACTION_DIGITS} digits of a second are kept here")
    micros = int(fraction[:MAX_FRACTION_DIGITS])
    span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=micros)
    return -span if match[1] == "-" else span
