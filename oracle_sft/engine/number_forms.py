"""Numbers of a column: how they are checked, and the DECIMAL that holds them."""

import math
import re
import struct
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from oracle_sft.engine.form import Form, Plain, UnknownType
from oracle_sft.engine.result import LoadError, OracleError
from oracle_sft.engine.rewrite.terms import (
    MAX_PRECISION,
    OracleType,
    number_type,
)

_EXACT = Context(prec=200, rounding=ROUND_HALF_UP)
WHOLE_NUMBER_TYPES = ("INTEGER", "INT", "SMALLINT")
_MAX_SCALE = 127
NOT_A_NUMBER = "not a number; expected one as -1234.5, or nothing for NULL"
_LOG10_OF_2 = 0.30103  # Oracle's documentation says so, digit for digit


class WrittenNumber(str):
    """A number of a file with its digits as they were written; where text is expected, it is none."""

    __slots__ = ()


def number_form(where: str, name: str, sizes: str, values: Callable[[], Iterable[object]]) -> Form:
    if name in WHOLE_NUMBER_TYPES:
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
        raise LoadError(f"{where}: {OracleError.of('ORA-01727')}")
    if not -84 <= scale <= _MAX_SCALE:
        raise LoadError(f"{where}: {OracleError.of('ORA-01728')}")
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
        raise LoadError(
            f"{where}: values that need more than {MAX_PRECISION} digits together, "
            "which no exact column has here; round them, or declare it NUMBER(p,s)"
        )
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
            raise ValueError(NOT_A_NUMBER)
        rounded = number.quantize(unit, ROUND_HALF_UP, _EXACT) if number.adjusted() < 99 else number
        if abs(rounded) >= limit:
            raise ValueError(
                f"ORA-01438: value larger than the column's precision ({precision},{scale})"
            )
        return f"{rounded:f}"

    return text


def float_form(where: str, bits: int, values: Callable[[], Iterable[object]]) -> Form:
    """FLOAT(b) is a NUMBER that keeps as many significant digits as b bits hold."""
    if not 1 <= bits <= 126:
        raise LoadError(f"{where}: {OracleError.of('ORA-01724')}")
    significant = Context(prec=math.ceil(bits * _LOG10_OF_2), rounding=ROUND_HALF_UP)

    def rounded(value: object) -> Decimal:
        number = _number(value)
        if number is None:
            raise ValueError(NOT_A_NUMBER)
        return number.normalize(significant)

    given = (value for value in values() if _number(value) is not None)
    inner = unsized(where, *_digits(rounded(value) for value in given))
    return Form(inner.type, inner.sql, lambda value: inner.text(rounded(value)))


_NOT_FINITE = re.compile(r"nan|[+-]?inf(inity)?", re.IGNORECASE)


def double(value: object) -> str:
    text = str(value).strip()
    if isinstance(value, bool) or not (_NUMBER.fullmatch(text) or _NOT_FINITE.fullmatch(text)):
        raise ValueError(NOT_A_NUMBER)
    number = float(text)
    if math.isinf(number) and "inf" not in str(value).lower():
        raise ValueError(str(OracleError.of("ORA-01426")))
    return repr(number + 0.0)  # Oracle has no negative zero


def single(value: object) -> str:
    text = double(value)
    try:
        struct.pack("<f", float(text))
    except OverflowError:
        raise ValueError(str(OracleError.of("ORA-01426"))) from None
    return text
