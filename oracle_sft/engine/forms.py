"""How the values of a column are checked and stored: Oracle's types, one by one.

Every value becomes text that DuckDB casts. What Oracle would refuse is a ValueError with Oracle's code.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache

from oracle_sft.engine import number_forms, zoned_forms
from oracle_sft.engine.form import Form, Plain, UnknownType
from oracle_sft.engine.result import IntervalYM, LoadError, OracleError
from oracle_sft.engine.rewrite.terms import (
    BINARY_DOUBLE,
    BINARY_FLOAT,
    CLOB,
    DATE,
    INTERVAL_DS,
    INTERVAL_YM,
    RAW,
    TIMESTAMP,
    VARCHAR2,
    char_type,
)

MAX_FRACTION_DIGITS = 6
"""Digits of a second that are kept; a value with more is refused, whatever its column allows."""

_TYPE = re.compile(r"([A-Z_0-9]+)(?:\((.*?)\))?(?: (.*))?")
_INTERVAL = re.compile(r"INTERVAL (YEAR|DAY)(?:\((\d+)\))? TO (MONTH|SECOND)(?:\((\d+)\))?")


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
    if name in ("NUMBER", "NUMERIC", "DECIMAL", *number_forms.WHOLE_NUMBER_TYPES):
        return number_forms.number_form(where, name, sizes, values)
    if name in ("FLOAT", "REAL"):
        bits = 63 if name == "REAL" else int(sizes or 126)
        return number_forms.float_form(where, bits, values)
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
        return Form(BINARY_DOUBLE, "DOUBLE", number_forms.double)
    if name == "BINARY_FLOAT":
        return Form(BINARY_FLOAT, "FLOAT", number_forms.single)
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


_LONGEST = (2000, 32767)
"""CHAR and VARCHAR2, this with MAX_STRING_SIZE=EXTENDED."""


# --- text -----------------------------------------------------------------------------------------


def _text_form(where: str, name: str, sizes: str) -> Form:
    size_text, _, unit = sizes.partition(" ")
    if not size_text and "VAR" in name:
        raise LoadError(f"{where}: {name} without a size")
    size = int(size_text or 1)
    longest = _LONGEST["VAR" in name]
    if not 1 <= size <= longest:
        error = OracleError.of("ORA-00910" if size else "ORA-01723")
        raise LoadError(f"{where}: {name}({sizes}): {error} (1 to {longest:,})")
    in_characters = unit.strip() == "CHAR" or name.startswith("N")

    def check(value: object) -> str:
        text = _text(value)
        length = len(text) if in_characters else len(text.encode())
        if length > size:
            counted = f"; {name}({size} CHAR) would count characters" if len(text) <= size else ""
            raise ValueError(f"{_too_large(length, size)}{counted}")
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


def _too_large(length: int, size: int) -> str:
    return str(OracleError.of("ORA-12899", length, size))


def _text(value: object) -> str:
    if isinstance(value, bool | dict | list | date | timedelta | bytes):
        raise ValueError("no text; write it as a string")
    if isinstance(value, int | float | Decimal | number_forms.WrittenNumber):
        raise ValueError("a number where text is expected; write it as a string")
    text = str(value)
    try:
        _ = text.isascii() or text.encode()
    except UnicodeEncodeError:
        raise ValueError("it has half of a surrogate pair, which is no character") from None
    return text


def _bytes(size: int) -> Callable[[object], str]:
    def text(value: object) -> str:
        if isinstance(value, bytes | bytearray | memoryview):
            digits = bytes(value).hex().upper()
        elif isinstance(value, str) and re.fullmatch(r"[0-9A-Fa-f]*", value):
            digits = "0" * (len(value) % 2) + value.upper()
        else:
            raise ValueError(f"{OracleError.of('ORA-01465')}; bytes are written in hexadecimal")
        if len(digits) > 2 * size:
            raise ValueError(_too_large(len(digits) // 2, size))
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
_ZONED = f"a date with a time zone, which this column has not; {_EXPECTED}"
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
                raise ValueError(_ZONED)
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
        raise ValueError(_ZONED)
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
            raise ValueError(str(OracleError.of("ORA-01873")))
        return str(total)

    return text


def _micros(leading: int, digits: int) -> Callable[[object], str]:
    unit = 10 ** max(MAX_FRACTION_DIGITS - digits, 0)

    def text(value: object) -> str:
        total = _delta(value) // timedelta(microseconds=1)
        if abs(total) // 86_400_000_000 >= 10**leading:
            raise ValueError(str(OracleError.of("ORA-01873")))
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
