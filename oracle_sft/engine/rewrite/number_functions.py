"""Functions of numbers; ROUND and TRUNC of dates are handed on."""

from decimal import Decimal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import date_math, numbers
from oracle_sft.engine.rewrite.convert import as_number
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.terms import INEXACT, NULL_TERM, Term, number_type, ora_error, over


def _round(arguments: list[Term]) -> Term:
    return _rounded("round", arguments)


def _trunc(arguments: list[Term]) -> Term:
    return _rounded("trunc", arguments)


def _rounded(how: str, arguments: list[Term]) -> Term:
    value = arguments[0]
    if value.type.is_date:
        return date_math.rounded(how, value, arguments[1] if len(arguments) > 1 else None)
    if value.type.is_interval:
        raise UnsupportedSQL(f"{how.upper()} of an interval")
    number = as_number(value)
    digits = as_number(arguments[1]).constant if len(arguments) > 1 else Decimal(0)
    if len(arguments) > 1 and arguments[1].is_null:
        return as_number(NULL_TERM)
    if not isinstance(digits, Decimal):
        raise UnsupportedSQL(f"{how.upper()} to a number of digits that is not a literal")
    return numbers.rounded(number, int(digits), how)


def _ceil(arguments: list[Term]) -> Term:
    return numbers.whole(as_number(arguments[0]), "ceil")


def _floor(arguments: list[Term]) -> Term:
    return numbers.whole(as_number(arguments[0]), "floor")


def _abs(arguments: list[Term]) -> Term:
    number = as_number(arguments[0])
    if isinstance(number.constant, Decimal):
        return numbers.literal(abs(number.constant))
    return Term(f"abs({number.sql})", number.type)


def _sign(arguments: list[Term]) -> Term:
    number = numbers.settled(as_number(arguments[0]))
    return Term(f"CAST(sign({number.sql}) AS DECIMAL(1,0))", number_type(1))


def _mod(arguments: list[Term]) -> Term:
    return numbers.modulo(as_number(arguments[0]), as_number(arguments[1]))


def _remainder(arguments: list[Term]) -> Term:
    left, right = (numbers.settled(as_number(term)) for term in arguments)
    type_ = numbers.common_type([left.type, right.type])
    # The nearest multiple; of two equally near ones the even one.
    rest = "($n % $d)"
    twice = f"abs({rest}) * 2."
    even = "(trunc($n / $d) % 2 = 0)"
    step = "sign($n) * abs($d)"
    body = (
        f"(CASE WHEN $d = 0 THEN {ora_error('ORA-01476', 'divisor is equal to zero')} "
        f"WHEN {twice} < abs($d) OR ({twice} = abs($d) AND {even}) THEN {rest} "
        f"ELSE {rest} - {step} END)"
    )
    parts = {"n": numbers.cast(left, type_), "d": numbers.cast(right, type_)}
    sql = over(parts, body, simple=left.is_simple and right.is_simple)
    return Term(f"CAST({sql} AS {type_.duckdb})", type_)


def _power(arguments: list[Term]) -> Term:
    base, exponent = (as_number(term) for term in arguments)
    power = exponent.constant
    if isinstance(power, Decimal) and power == int(power) and 0 <= power <= 3:
        result = numbers.literal(Decimal(1))
        for factor in [base] * int(power):
            result = numbers.multiply(result, factor)
        return result
    if isinstance(base.constant, Decimal) and isinstance(power, Decimal) and power == int(power):
        return numbers.literal(numbers.ORACLE.power(base.constant, power))
    out_of_range = ora_error("ORA-01428", "argument is out of range")
    body = (
        "(CASE WHEN ($b < 0 AND $e <> trunc($e)) OR ($b = 0 AND $e < 0) "
        f"THEN {out_of_range} ELSE pow($b, $e) END)"
    )
    parts = {"b": numbers.double(base), "e": numbers.double(exponent)}
    return Term(over(parts, body, simple=base.is_simple and exponent.is_simple), INEXACT)


def _real(sql: str, *, refused: str | None = None) -> Function:
    """A function of one DOUBLE; `refused` is a condition on `$x` that is ORA-01428."""

    def write(arguments: list[Term]) -> Term:
        number = as_number(arguments[0])
        body = sql
        if refused is not None:
            error = ora_error("ORA-01428", "argument is out of range")
            body = f"(CASE WHEN {refused} THEN {error} ELSE {sql} END)"
        return Term(over({"x": numbers.double(number)}, body, simple=number.is_simple), INEXACT)

    return fixed(write, 1)


def _log(arguments: list[Term]) -> Term:
    base, number = (numbers.double(as_number(term)) for term in arguments)
    error = ora_error("ORA-01428", "argument is out of range")
    body = f"(CASE WHEN $b <= 0 OR $b = 1 OR $x <= 0 THEN {error} ELSE ln($x) / ln($b) END)"
    return Term(over({"b": base, "x": number}, body, simple=False), INEXACT)


def _bitand(arguments: list[Term]) -> Term:
    left, right = (numbers.settled(as_number(term)) for term in arguments)
    sides = [f"CAST(trunc({side.sql}) AS HUGEINT)" for side in (left, right)]
    return Term(f"CAST(({sides[0]} & {sides[1]}) AS DECIMAL(38,0))", number_type(38))


def _width_bucket(arguments: list[Term]) -> Term:
    value, low, high, count = (numbers.settled(as_number(term)) for term in arguments)
    if not isinstance(count.constant, Decimal) or count.constant < 1:
        raise OracleError(
            "ORA-30494", "The argument [4] of WIDTH_BUCKET function is NULL or invalid"
        )
    if not (isinstance(low.constant, Decimal) and isinstance(high.constant, Decimal)):
        raise UnsupportedSQL("WIDTH_BUCKET with bounds that are not literals")
    if low.constant >= high.constant:
        raise UnsupportedSQL("WIDTH_BUCKET with bounds in descending order")
    bucket = numbers.whole(
        numbers.divide(
            numbers.multiply(numbers.add(value, low, "-"), count), numbers.add(high, low, "-")
        ),
        "floor",
    )
    last = int(count.constant)
    sql = (
        f"(CASE WHEN {value.sql} IS NULL THEN NULL WHEN {value.sql} < {low.sql} THEN 0. "
        f"WHEN {value.sql} >= {high.sql} THEN {last + 1}. ELSE {bucket.sql} + 1. END)"
    )
    return Term(f"CAST({sql} AS DECIMAL(18,0))", number_type(18))


FUNCTIONS: dict[str, Function] = {
    "ROUND": Function(_round, 1, 2),
    "TRUNC": Function(_trunc, 1, 2),
    "CEIL": fixed(_ceil, 1),
    "FLOOR": fixed(_floor, 1),
    "ABS": fixed(_abs, 1),
    "SIGN": fixed(_sign, 1),
    "MOD": fixed(_mod, 2),
    "REMAINDER": fixed(_remainder, 2),
    "POWER": fixed(_power, 2),
    "SQRT": _real("sqrt($x)", refused="$x < 0"),
    "EXP": _real("exp($x)"),
    "LN": _real("ln($x)", refused="$x <= 0"),
    "LOG": fixed(_log, 2),
    "SIN": _real("sin($x)"),
    "COS": _real("cos($x)"),
    "TAN": _real("tan($x)"),
    "ASIN": _real("asin($x)", refused="abs($x) > 1"),
    "ACOS": _real("acos($x)", refused="abs($x) > 1"),
    "ATAN": _real("atan($x)"),
    "BITAND": fixed(_bitand, 2),
    "WIDTH_BUCKET": fixed(_width_bucket, 4),
}
