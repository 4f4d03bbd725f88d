"""INTERVALs: literals, arithmetic, conversions and their text.

An INTERVAL DAY TO SECOND is carried as microseconds, an INTERVAL YEAR TO MONTH as months, both
BIGINT. Oracle keeps nanoseconds: what does not end within a microsecond is refused by value.
"""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import (
    INTERVAL_DS,
    INTERVAL_YM,
    UNKNOWN,
    VARCHAR2,
    OracleType,
    Term,
    number_type,
    ora_error,
    over,
    refused,
)

FIELDS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
MICROS = 1_000_000
FIELD_MICROS = {
    "DAY": 86_400 * MICROS,
    "HOUR": 3_600 * MICROS,
    "MINUTE": 60 * MICROS,
    "SECOND": MICROS,
}
READ_INTERVAL = "oracle_read_interval"
"""The function that reads a column of texts: text, DS or YM, error or null -> BIGINT."""

_MOST = 2**63 - 1
_INVALID = "ORA-01867"
_TOO_SMALL = "ORA-01873"
_TOO_FINE = refused("a fraction of a microsecond in an INTERVAL")
_LIMITS = {
    "MONTH": (11, "ORA-01843"),
    "HOUR": (23, "ORA-01850"),
    "MINUTE": (59, "ORA-01851"),
    "SECOND": (59, "ORA-01852"),
}
_SEPARATORS = {"DAY": r"\s+", "HOUR": r"\s*:\s*", "MINUTE": r"\s*:\s*", "YEAR": r"\s*-\s*"}


def day_to_second(lead: int, fraction: int) -> OracleType:
    return replace(INTERVAL_DS, precision=lead, scale=fraction)


def year_to_month(lead: int) -> OracleType:
    return replace(INTERVAL_YM, precision=lead)


def of_micros(micros: int, type_: OracleType = INTERVAL_DS) -> Term:
    if abs(micros) > _MOST:
        raise UnsupportedSQL("an INTERVAL of more than 100 million days")
    return Term(f"CAST({micros} AS BIGINT)", type_, timedelta(microseconds=micros))


def of_months(months: int, type_: OracleType = INTERVAL_YM) -> Term:
    return Term(f"CAST({months} AS BIGINT)", type_)


def literal(text: str, first: str, last: str, lead: int = 2, fraction: int = 6) -> Term:
    """INTERVAL 'text' first(lead) TO last(fraction).

    Raises:
        OracleError: ORA-01867, ORA-01873, ORA-30089, ORA-01850 and their like.
    """
    if first not in FIELDS or last not in FIELDS:
        raise OracleError.of("ORA-30089")
    at, end = FIELDS.index(first), FIELDS.index(last)
    if at > end or (at < 2) != (end < 2):
        raise OracleError.of("ORA-30089")
    if not 0 <= lead <= 9 or not 0 <= fraction <= 9:
        raise OracleError.of("ORA-30088")
    names = FIELDS[at : end + 1]
    pattern = ""
    for name in names:
        digits = r"\d+(?:\.\d+)?" if name == "SECOND" else r"\d+"
        pattern += f"(?P<{name}>{digits})"
        pattern += _SEPARATORS[name] if name != last else ""
    match = re.fullmatch(r"\s*(?P<sign>[+-]?)\s*" + pattern + r"\s*", text, re.ASCII)
    if match is None:
        raise OracleError.of(_INVALID)
    found = {name: Decimal(match[name]) for name in names}
    if len(str(int(found[first]))) > lead and int(found[first]):
        raise OracleError.of(_TOO_SMALL)
    _check_fields(found, names[1:])
    sign = -1 if match["sign"] == "-" else 1
    if first in ("YEAR", "MONTH"):
        months = int(found.get("YEAR", 0)) * 12 + int(found.get("MONTH", 0))
        known = lead if first == "YEAR" or lead == 2 else UNKNOWN
        return of_months(sign * months, year_to_month(known))
    known = lead if first == "DAY" or lead == 2 else UNKNOWN
    return of_micros(sign * _micros(found, fraction), day_to_second(known, fraction))


def _check_fields(found: dict[str, Decimal], names: tuple[str, ...]) -> None:
    for name in names:
        most, code = _LIMITS[name]
        if int(found[name]) > most:
            raise OracleError.of(code)


def _micros(found: dict[str, Decimal], fraction: int = 9) -> int:
    if "SECOND" in found:
        unit = Decimal(1).scaleb(-fraction)
        found["SECOND"] = found["SECOND"].quantize(unit, ROUND_HALF_UP)
    micros = sum((value * FIELD_MICROS[name] for name, value in found.items()), Decimal(0))
    if micros != int(micros):
        raise UnsupportedSQL("a fraction of a microsecond in an INTERVAL")
    return int(micros)


_DS_TEXT = re.compile(
    r"\s*(?P<sign>[+-]?)\s*(?P<DAY>\d{1,9})\s+(?P<HOUR>\d{1,2})\s*:\s*(?P<MINUTE>\d{1,2})"
    r"\s*:\s*(?P<SECOND>\d{1,2}(?:\.\d{1,9})?)\s*",
    re.ASCII,
)
_DS_ISO = re.compile(
    r"(?P<sign>-?)P(?:(?P<DAY>\d{1,9})D)?"
    r"(?P<T>T(?:(?P<HOUR>\d{1,9})H)?(?:(?P<MINUTE>\d{1,9})M)?(?:(?P<SECOND>\d{1,9}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_YM_TEXT = re.compile(
    r"\s*(?P<sign>[+-]?)\s*(?P<YEAR>\d{1,9})\s*-\s*(?P<MONTH>\d{1,2})\s*", re.ASCII
)
_YM_ISO = re.compile(r"(?P<sign>-?)P(?:(?P<YEAR>\d{1,9})Y)?(?:(?P<MONTH>\d{1,9})M)?", re.ASCII)


def read_micros(text: str) -> int:
    """TO_DSINTERVAL: `days hours:minutes:seconds` or the ISO duration `P3DT4H5M6S`.

    Raises:
        OracleError: ORA-01867, ORA-01850, ORA-01851, ORA-01852.
        UnsupportedSQL: nanoseconds; an ISO duration with years or months.
    """
    iso = text.startswith(("P", "-P"))
    match = (_DS_ISO if iso else _DS_TEXT).fullmatch(text)
    if match is None and iso and re.fullmatch(r"-?P(\d+[YMD])+(T.*)?", text):
        raise UnsupportedSQL("an ISO duration with years or months as an INTERVAL DAY TO SECOND")
    if match is None or (iso and (match["T"] == "T" or text.endswith("P"))):
        raise OracleError.of(_INVALID)
    found = {name: Decimal(match[name]) for name in FIELDS[2:] if match[name] is not None}
    if not iso:
        _check_fields(found, FIELDS[3:])
    return (-1 if match["sign"] == "-" else 1) * _micros(found)


def read_months(text: str) -> int:
    """TO_YMINTERVAL: `years-months` or the ISO duration `P1Y2M`.

    Raises:
        OracleError: ORA-01867, ORA-01843.
        UnsupportedSQL: an ISO duration with days or a time.
    """
    iso = text.startswith(("P", "-P"))
    match = (_YM_ISO if iso else _YM_TEXT).fullmatch(text)
    if match is None and iso and re.fullmatch(r"-?P(\d+[YMD])*(T.*)?", text):
        raise UnsupportedSQL("an ISO duration with days or a time as an INTERVAL YEAR TO MONTH")
    if match is None or text.endswith("P"):
        raise OracleError.of(_INVALID)
    years, months = Decimal(match["YEAR"] or 0), Decimal(match["MONTH"] or 0)
    if not iso:
        _check_fields({"MONTH": months}, ("MONTH",))
    return (-1 if match["sign"] == "-" else 1) * int(years * 12 + months)


def from_number(number: Term, unit: str, type_: OracleType | None = None) -> Term:
    """NUMTODSINTERVAL and NUMTOYMINTERVAL, and the products of an interval's units."""
    if unit in ("YEAR", "MONTH"):
        factor = numbers.literal(Decimal(12 if unit == "YEAR" else 1))
        return _whole_months(numbers.multiply(number, factor), type_ or year_to_month(9))
    micros = numbers.multiply(number, numbers.literal(Decimal(FIELD_MICROS[unit])))
    return _whole_micros(micros, type_ or day_to_second(9, 9))


def _whole_micros(micros: Term, type_: OracleType) -> Term:
    if isinstance(micros.constant, Decimal) and micros.constant == int(micros.constant):
        return of_micros(int(micros.constant), type_)
    if micros.type.exact and not micros.type.scale:
        return Term(f"CAST({micros.sql} AS BIGINT)", type_)
    nanos = numbers.rounded(numbers.multiply(micros, numbers.literal(Decimal(1000))), 0)
    body = f"(CASE WHEN $n % 1000 <> 0 THEN {_TOO_FINE} ELSE CAST($n // 1000 AS BIGINT) END)"
    sql = over({"n": f"CAST({nanos.sql} AS HUGEINT)"}, body, simple=nanos.is_simple)
    return Term(sql, type_)


def negated(term: Term) -> Term:
    return Term(f"(-{term.sql})", replace(term.type, precision=UNKNOWN, scale=UNKNOWN))


def added(left: Term, right: Term, sign: str) -> Term:
    """Two intervals of one kind; ORA-30081 for two kinds."""
    if left.type.family != right.type.family:
        raise OracleError.of("ORA-30081")
    type_ = replace(left.type, precision=UNKNOWN, scale=UNKNOWN if left.type.scale else 0)
    return Term(f"({left.sql} {sign} {right.sql})", type_)


def scaled(interval: Term, number: Term, *, divide: bool = False) -> Term:
    """An interval times or divided by a number."""
    amount = numbers.whole_number(interval.sql)
    result = numbers.divide(amount, number) if divide else numbers.multiply(amount, number)
    type_ = replace(interval.type, precision=UNKNOWN)
    if interval.type.family == INTERVAL_DS.family:
        return _whole_micros(result, replace(type_, scale=UNKNOWN))
    return _whole_months(result, type_)


def _whole_months(result: Term, type_: OracleType) -> Term:
    if result.type.exact and not result.type.scale:
        return Term(f"CAST({result.sql} AS BIGINT)", type_)
    part = refused("a part of a month in an INTERVAL")
    settled = numbers.settled(result)
    body = f"(CASE WHEN $n <> round($n, 0) THEN {part} ELSE CAST($n AS BIGINT) END)"
    return Term(over({"n": settled.sql}, body, simple=settled.is_simple), type_)


def product(left: Term, right: Term, *, divide: bool) -> Term:
    """`*` and `/` where one side is an interval.

    Raises:
        OracleError: ORA-00932 for anything but a number on the other side.
        UnsupportedSQL: a text on the other side.
    """
    interval, number = left, right
    if right.type.is_interval:
        interval, number = right, left
    if number.is_null:
        return Term("CAST(NULL AS BIGINT)", interval.type)
    if number.type.is_text:
        raise UnsupportedSQL("an INTERVAL times a text")
    if number.type.family != "NUMBER" or (divide and interval is right):
        raise OracleError.of("ORA-00932", "NUMBER", right.type.short)
    return scaled(interval, number, divide=divide)


def with_precision(term: Term, type_: OracleType) -> Term:
    """CAST of an interval, or `(a - b) DAY(n) TO SECOND`: ORA-01873 where the days or years do not
    fit; digits of a second are rounded.
    """
    small = ora_error(_TOO_SMALL)
    if type_.family == INTERVAL_YM.family:
        limit = 12 * 10**type_.precision
        body = f"(CASE WHEN abs($n) >= {limit} THEN {small} ELSE $n END)"
        return Term(over({"n": term.sql}, body, simple=term.is_simple), type_)
    rounded = "$n"
    if type_.scale < 6:
        rounded = f"CAST(round(CAST($n AS DECIMAL(18,0)), {type_.scale - 6}) AS BIGINT)"
    checked = f"(CASE WHEN abs({rounded}) >= $l THEN {small} ELSE {rounded} END)"
    limit = min(10**type_.precision * FIELD_MICROS["DAY"], _MOST)
    body = checked.replace("$l", str(limit))
    return Term(over({"n": term.sql}, body, simple=term.is_simple), type_)


def field(value: Term, name: str) -> Term:
    """EXTRACT(name FROM interval); every field has the interval's sign."""
    if value.type.family == INTERVAL_YM.family:
        return numbers.whole_number(f"{value.sql} {'//' if name == 'YEAR' else '%'} 12")
    if name == "DAY":
        return numbers.whole_number(f"{value.sql} // {FIELD_MICROS['DAY']}")
    above = {"HOUR": "DAY", "MINUTE": "HOUR", "SECOND": "MINUTE"}[name]
    rest = f"{value.sql} % {FIELD_MICROS[above]}"
    if name == "SECOND":
        return Term(f"(CAST({rest} AS DECIMAL(18,0)) * 0.000001)", number_type(18, 6))
    return numbers.whole_number(f"({rest}) // {FIELD_MICROS[name]}")


def as_text(term: Term) -> Term:
    """`+02 10:00:00.000000` and `+01-02`, as wide as the type's precision says.

    Raises:
        UnsupportedSQL: the precision of what arithmetic gives is not known.
    """
    lead, digits = term.type.precision, term.type.scale
    if lead in (UNKNOWN, 0) or (term.type.family == INTERVAL_DS.family and digits == UNKNOWN):
        raise UnsupportedSQL(f"the text of an {term.type.family} whose precision is not known")

    def part(number: str, width: int) -> str:
        return f"lpad(CAST({number} AS VARCHAR), {width}, '0')"

    sign = "(CASE WHEN $n < 0 THEN '-' ELSE '+' END)"
    if term.type.family == INTERVAL_YM.family:
        body = f"({sign} || {part('abs($n) // 12', lead)} || '-' || {part('abs($n) % 12', 2)})"
        return Term(over({"n": term.sql}, body, simple=term.is_simple), VARCHAR2)
    seconds = f"abs($n) // {MICROS}"
    time = " || ':' || ".join(
        part(number, 2)
        for number in (f"{seconds} // 3600 % 24", f"{seconds} // 60 % 60", f"{seconds} % 60")
    )
    text = f"{sign} || {part(f'{seconds} // 86400', lead)} || ' ' || {time}"
    if digits:
        micros = part(f"abs($n) % {MICROS}", 6)
        fraction = f"rpad({micros}, {digits}, '0')" if digits > 6 else micros
        text += f" || '.' || substring({fraction}, 1, {digits})"
    return Term(over({"n": term.sql}, f"({text})", simple=term.is_simple), VARCHAR2)
