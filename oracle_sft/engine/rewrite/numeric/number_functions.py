"""Functions of numbers; ROUND and TRUNC of dates are handed on."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, Inexact

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import convert
from oracle_sft.engine.rewrite.convert import as_number, as_numeric
from oracle_sft.engine.rewrite.dates import date_rounding
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.numeric import binary_numbers, numbers
from oracle_sft.engine.rewrite.terms import (
    INEXACT,
    NULL_TERM,
    Term,
    failing,
    number_type,
    once,
    ora_error,
    over,
    refused,
)

_OUT_OF_RANGE = failing(str(OracleError.of("ORA-01428", "?")), "DOUBLE")
_OVERFLOW = failing(str(OracleError.of("ORA-01426")), "DOUBLE")


def _round(arguments: list[Term]) -> Term:
    return _rounded("round", arguments)


def _trunc(arguments: list[Term]) -> Term:
    return _rounded("trunc", arguments)


def _rounded(how: str, arguments: list[Term]) -> Term:
    value = arguments[0]
    if value.type.is_date or value.type.is_zoned:
        return date_rounding.rounded(how, value, arguments[1] if len(arguments) > 1 else None)
    if value.type.is_interval:
        raise UnsupportedSQL(f"{how.upper()} of an interval")
    number = as_number(value)
    digits = as_number(arguments[1]).constant if len(arguments) > 1 else Decimal(0)
    if len(arguments) > 1 and arguments[1].is_null:
        return as_number(NULL_TERM)
    if isinstance(digits, Decimal):
        return numbers.rounded(number, int(digits), how)
    return _rounded_by(number, numbers.rounded(as_number(arguments[1]), 0, "trunc"), how)


_FEWEST_DIGITS, _MOST_DIGITS = -10, 12


def _rounded_by(number: Term, digits: Term, how: str) -> Term:
    """ROUND or TRUNC to a number of digits that differs from row to row."""
    number = numbers.settled(number)
    scale, whole = number.type.scale, number.type.precision - number.type.scale
    low, high = max(-whole - 1, _FEWEST_DIGITS), min(scale, _MOST_DIGITS)
    type_ = number_type(whole + 1 + scale, scale, exact=number.type.exact)
    shared = Term("$x", number.type)
    whens = "".join(
        f"WHEN {places} THEN {numbers.cast(numbers.rounded(shared, places, how), type_)} "
        for places in range(low, high)
    )
    unsure = refused(f"{how.upper()} to this number of digits")
    small = unsure if low == _FEWEST_DIGITS else "0"
    large = unsure if high == _MOST_DIGITS and high < scale else "$x"
    body = (
        f"(CASE WHEN $x IS NULL THEN NULL ELSE CASE $d {whens}ELSE "
        f"(CASE WHEN $d < {low} THEN {small} WHEN $d >= {high} THEN {large} END) END END)"
    )
    sql = once({"x": number.sql, "d": digits.sql}, body, variable="r")
    return Term(f"CAST({sql} AS {type_.duckdb})", type_)


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
    # The nearest multiple; of two equally near ones sources disagree about which.
    rest = "($n % $d)"
    twice = f"abs({rest}) * 2."
    unsure = refused("REMAINDER halfway between two multiples")
    step = "sign($n) * abs($d)"
    body = (
        f"(CASE WHEN $n IS NULL OR $d IS NULL THEN NULL "
        f"WHEN $d = 0 THEN {ora_error('ORA-01476')} "
        f"WHEN {twice} = abs($d) THEN {unsure} WHEN {twice} < abs($d) THEN {rest} "
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
        return _constant_power(base.constant, power)
    body = (
        "(CASE WHEN ($b < 0 AND $e <> trunc($e)) OR ($b = 0 AND $e < 0) "
        f"THEN {_OUT_OF_RANGE} WHEN abs(pow($b, $e)) >= 1e126 THEN {_OVERFLOW} "
        "ELSE pow($b, $e) END)"
    )
    parts = {"b": numbers.double(base), "e": numbers.double(exponent)}
    return Term(over(parts, body, simple=base.is_simple and exponent.is_simple), INEXACT)


def _constant_power(base: Decimal, power: Decimal) -> Term:
    if not base and power < 0:
        raise OracleError.of("ORA-01428", "0")
    context = numbers.WIDE.copy()
    context.clear_flags()
    value = context.power(base, power)
    kept = numbers.oracle(value)
    if kept != value or context.flags[Inexact]:
        return Term(f"({float(kept)!r}::DOUBLE)", INEXACT)
    return numbers.literal(kept)


def _real(sql: str, *, refused: str | None = None, overflow: str | None = None) -> Function:
    """A function of one DOUBLE, with the conditions on `$x` that are ORA-01428 and ORA-01426."""

    def write(arguments: list[Term]) -> Term:
        number = as_number(arguments[0])
        body = sql
        if refused is not None:
            body = f"(CASE WHEN {refused} THEN {_OUT_OF_RANGE} ELSE {sql} END)"
        if overflow is not None:
            body = f"(CASE WHEN {overflow} THEN {_OVERFLOW} ELSE {sql} END)"
        return Term(over({"x": numbers.double(number)}, body, simple=number.is_simple), INEXACT)

    return fixed(write, 1)


def _log(arguments: list[Term]) -> Term:
    base, number = (numbers.double(as_number(term)) for term in arguments)
    body = f"(CASE WHEN $b <= 0 OR $b = 1 OR $x <= 0 THEN {_OUT_OF_RANGE} ELSE ln($x) / ln($b) END)"
    return Term(over({"b": base, "x": number}, body, simple=False), INEXACT)


def _bitand(arguments: list[Term]) -> Term:
    left, right = (numbers.settled(as_number(term)) for term in arguments)
    sides = [f"CAST(trunc({side.sql}) AS HUGEINT)" for side in (left, right)]
    return Term(f"CAST(({sides[0]} & {sides[1]}) AS DECIMAL(38,0))", number_type(38))


def _width_bucket(arguments: list[Term]) -> Term:
    if any(argument.type.is_date or argument.type.is_interval for argument in arguments):
        raise UnsupportedSQL("WIDTH_BUCKET of dates")
    value, low, high, count = (numbers.settled(as_number(term)) for term in arguments)
    if arguments[3].is_null or (isinstance(count.constant, Decimal) and count.constant < 1):
        raise OracleError.of("ORA-30494")
    if not isinstance(count.constant, Decimal) or count.constant % 1:
        raise UnsupportedSQL("WIDTH_BUCKET with a number of buckets that is not a whole literal")
    number = int(count.constant)
    if isinstance(low.constant, Decimal) and isinstance(high.constant, Decimal):
        if low.constant == high.constant:
            raise UnsupportedSQL("WIDTH_BUCKET with equal bounds")
        sql = _bucket(value, low, high, number, falling=low.constant > high.constant)
    else:
        rising = _bucket(value, low, high, number, falling=False)
        falling = _bucket(value, low, high, number, falling=True)
        unsure = refused("WIDTH_BUCKET with equal bounds")
        sql = (
            f"(CASE WHEN {convert.compare('<', low, high)} THEN {rising} "
            f"WHEN {convert.compare('>', low, high)} THEN {falling} "
            f"WHEN {convert.compare('=', low, high)} THEN {unsure} END)"
        )
    return Term(f"CAST({sql} AS DECIMAL(18,0))", number_type(18))


def _bucket(value: Term, low: Term, high: Term, count: int, *, falling: bool) -> str:
    """The bucket between two bounds; 0 in front of the first one, the count + 1 behind the last."""
    first, second = (low, value) if falling else (value, low)
    bounds = (low, high) if falling else (high, low)
    done = numbers.multiply(numbers.add(first, second, "-"), numbers.literal(Decimal(count)))
    bucket = numbers.whole(numbers.divide(done, numbers.add(*bounds, "-")), "floor")
    before = convert.compare(">" if falling else "<", value, low)
    behind = convert.compare("<=" if falling else ">=", value, high)
    return (
        f"(CASE WHEN {value.sql} IS NULL OR {low.sql} IS NULL OR {high.sql} IS NULL THEN NULL "
        f"WHEN {before} THEN 0. WHEN {behind} THEN {count + 1}. ELSE {bucket.sql} + 1. END)"
    )


def _bin_to_num(arguments: list[Term]) -> Term:
    bits = [as_number(argument) for argument in arguments]
    total = numbers.literal(Decimal(0))
    for bit in bits:
        if isinstance(bit.constant, Decimal):
            if bit.constant not in (0, 1):
                raise OracleError.of("ORA-01428", bit.constant)
        else:
            error = ora_error("ORA-01428", "?")
            checked = f"(CASE WHEN $b NOT IN (0, 1) THEN {error} ELSE $b END)"
            bit = Term(over({"b": bit.sql}, checked, simple=bit.is_simple), bit.type)
        total = numbers.add(numbers.multiply(total, numbers.literal(Decimal(2))), bit, "+")
    return total


def _nanvl(arguments: list[Term]) -> Term:
    return as_number(arguments[0])


def _atan2(arguments: list[Term]) -> Term:
    first, second = (numbers.double(as_number(term)) for term in arguments)
    body = f"(CASE WHEN $a = 0 AND $b = 0 THEN {_OUT_OF_RANGE} ELSE atan2($a, $b) END)"
    return Term(over({"a": first, "b": second}, body, simple=False), INEXACT)


def _numeric(name: str, write: Callable[[list[Term]], Term]) -> Callable[[list[Term]], Term]:
    """The function of NUMBERs, or of binary numbers where one of its arguments is one."""

    def either(arguments: list[Term]) -> Term:
        if binary_numbers.is_floating(*arguments):
            done = binary_numbers.call(name, [as_numeric(argument) for argument in arguments])
            if done is not None:
                return done
        return write(arguments)

    return either


_LARGE_POWER = "$x > 290.1"
"""EXP from here on leaves the range of NUMBER."""

_FUNCTIONS: dict[str, Function] = {
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
    "EXP": _real("exp($x)", overflow=_LARGE_POWER),
    "LN": _real("ln($x)", refused="$x <= 0"),
    "LOG": fixed(_log, 2),
    "SIN": _real("sin($x)"),
    "COS": _real("cos($x)"),
    "TAN": _real("tan($x)"),
    "ASIN": _real("asin($x)", refused="abs($x) > 1"),
    "ACOS": _real("acos($x)", refused="abs($x) > 1"),
    "ATAN": _real("atan($x)"),
    "SINH": _real("sinh($x)", overflow="abs($x) > 290.1"),
    "COSH": _real("cosh($x)", overflow="abs($x) > 290.1"),
    "TANH": _real("tanh($x)"),
    "ATAN2": fixed(_atan2, 2),
    "BITAND": fixed(_bitand, 2),
    "BIN_TO_NUM": Function(_bin_to_num, 1, 255),
    "NANVL": fixed(_nanvl, 2),
    "WIDTH_BUCKET": fixed(_width_bucket, 4),
}
FUNCTIONS: dict[str, Function] = {
    **{
        name: replace(function, write=_numeric(name, function.write))
        for name, function in _FUNCTIONS.items()
    },
}
