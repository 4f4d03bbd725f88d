"""CAST to the types of numbers."""

from decimal import ROUND_HALF_UP, Decimal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.numeric import binary_numbers, number_parse, number_syntax, numbers
from oracle_sft.engine.rewrite.terms import (
    BINARY_DOUBLE,
    BINARY_FLOAT,
    MAX_PRECISION,
    OracleType,
    Term,
    failing,
    number_type,
    over,
)

TYPES = frozenset("DECIMAL INT SMALLINT FLOAT REAL DOUBLE BINARY_FLOAT BINARY_DOUBLE".split())
"""sqlglot's names; its DOUBLE is DOUBLE PRECISION, which is a NUMBER as FLOAT is."""

_TOO_LARGE = "ORA-01438"
_FLOAT_BITS = {"FLOAT": 126, "DOUBLE": 126, "REAL": 63}


def cast(value: Term, name: str, sizes: list[int], otherwise: Term | None) -> Term:
    """The value as a number of the type; `otherwise` stands in for a text that is none.

    Raises:
        OracleError: ORA-01438, ORA-01722, ORA-01727, ORA-01728, ORA-00932.
    """
    if name in ("BINARY_FLOAT", "BINARY_DOUBLE"):
        return to_binary(
            value, BINARY_FLOAT if name == "BINARY_FLOAT" else BINARY_DOUBLE, otherwise
        )
    number = _number(value, otherwise)
    if name in _FLOAT_BITS:
        bits = sizes[0] if sizes else _FLOAT_BITS[name]
        if not 1 <= bits <= 126:
            raise OracleError.of("ORA-01724")
        return _to_float(number, -(-bits * 30103 // 100000))
    if name != "DECIMAL":
        sizes = [MAX_PRECISION, 0]
    if not sizes or sizes == [0]:
        return number
    precision = sizes[0] or MAX_PRECISION
    scale = number_syntax.scale(sizes[1]) if len(sizes) > 1 else 0
    if not 1 <= precision <= MAX_PRECISION:
        raise OracleError.of("ORA-01727")
    if not -84 <= scale <= 127:
        raise OracleError.of("ORA-01728")
    if name == "DECIMAL":
        return _limited(numbers.rounded(number, scale), precision - scale)
    return numbers.rounded(number, scale)


def _number(value: Term, otherwise: Term | None) -> Term:
    if otherwise is not None and value.type.is_text:
        return number_parse.from_text(value, convert.as_number(otherwise))
    return convert.as_number(value)


def to_binary(value: Term, type_: OracleType, otherwise: Term | None = None) -> Term:
    """The value as BINARY_FLOAT or BINARY_DOUBLE."""
    if value.type.is_text:
        other = convert.as_numeric(otherwise) if otherwise is not None else None
        return binary_numbers.from_text(value, type_, other)
    return binary_numbers.converted(convert.as_numeric(value), type_)


def _limited(rounded: Term, whole: int) -> Term:
    """ORA-01438 from 10 to the power of `whole` on."""
    limit = Decimal(10) ** whole
    if isinstance(rounded.constant, Decimal):
        if abs(rounded.constant) >= limit:
            raise OracleError.of(_TOO_LARGE)
        return rounded
    if not rounded.type.binary and rounded.type.precision - rounded.type.scale <= whole:
        return rounded
    error = failing(str(OracleError.of(_TOO_LARGE)), rounded.type.duckdb)
    body = f"(CASE WHEN abs($n) >= {numbers.literal(limit).sql} THEN {error} ELSE $n END)"
    sql = over({"n": rounded.sql}, body, simple=rounded.is_simple)
    if rounded.type.binary:
        return Term(sql, rounded.type)
    type_ = number_type(
        max(whole, 0) + rounded.type.scale, rounded.type.scale, exact=rounded.type.exact
    )
    return Term(f"CAST({sql} AS {type_.duckdb})", type_)


def _to_float(number: Term, digits: int) -> Term:
    """The number rounded to so many significant digits."""
    if isinstance(number.constant, Decimal):
        value = number.constant
        if not value:
            return number
        unit = Decimal(1).scaleb(value.adjusted() - digits + 1)
        if int(value.as_tuple().exponent) >= int(unit.as_tuple().exponent):
            return number
        return numbers.literal(value.quantize(unit, ROUND_HALF_UP, numbers.WIDE))
    if digits >= MAX_PRECISION or (number.type.exact and number.type.precision <= digits):
        return number
    raise UnsupportedSQL(f"CAST to FLOAT of {digits} significant digits")
