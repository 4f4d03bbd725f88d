"""Numbers in other notations than plain digits: EEEE and TME, Roman, hexadecimal."""

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.numeric.number_format import Picture
from oracle_sft.engine.rewrite.terms import VARCHAR2, Term, once, ora_error, quoted, refused

_INVALID = ora_error("ORA-01481")


def _exact(value: Term) -> Term:
    """Raises:
    UnsupportedSQL: a number whose last digits are not Oracle's, or that has too many for a DECIMAL.
    """
    if value.type.binary or not value.type.exact:
        raise UnsupportedSQL("the digits of a number that is not exact")
    return value


def with_sign(picture: Picture, bare: str, negative: str) -> str:
    """The text with the sign where the picture has it; `negative` is a condition."""

    def either(yes: str, no: str) -> str:
        return f"(CASE WHEN {negative} THEN '{yes}' ELSE '{no}' END)"

    match picture.sign:
        case "S_":
            text = f"{either('-', '+')} || {bare}"
        case "_S":
            text = f"{bare} || {either('-', '+')}"
        case "MI":
            text = f"{bare} || {either('-', ' ' if picture.fill else '')}"
        case "PR":
            text = f"{either('<', '')} || {bare} || {either('>', ' ' if picture.fill else '')}"
        case _:
            text = f"{either('-', '')} || {bare}"
    return f"({text})"


def scientific(value: Term, picture: Picture) -> Term:
    """EEEE: one digit before the point, at least two in the exponent.

    Raises:
        UnsupportedSQL: an inexact number; blanks beside anything but the usual `9.99EEEE`.
    """
    if picture.fill and (picture.sign or len(picture.whole) != 1):
        raise UnsupportedSQL("EEEE without FM in an unusual format")
    value = _exact(value)
    kept = picture.decimals + 1
    # $d are the significant digits without point; the first stands for 10 to the power of $e.
    digits = f"ltrim(replace(CAST(abs({value.sql}) AS VARCHAR), '.', ''), '0')"
    rounded = (
        f"(CASE WHEN $l > {kept} THEN CAST(CAST(left($d, {kept}) AS HUGEINT) + "
        f"(CASE WHEN substring($d, {kept + 1}, 1) >= '5' THEN 1 ELSE 0 END) AS VARCHAR) "
        f"ELSE rpad($d, {kept}, '0') END)"
    )
    point = "'.'" if picture.fraction is not None else "''"
    mantissa = f"substring($m, 1, 1) || {point} || substring($m, 2, {picture.decimals})"
    # Rounding up may have made one digit more.
    power = f"($p + (CASE WHEN length($m) > {kept} THEN 1 ELSE 0 END))"
    text = _with_exponent(mantissa, power, "'E'")
    text = with_sign(picture, text, "$n")
    if picture.fill:
        width = len(picture.whole) + (len(picture.fraction) + 1 if picture.fraction else 0) + 6
        text = f"lpad({text}, {width}, ' ')"
    parts = {"m": rounded, "p": f"($l - 1 - {value.type.scale})", "n": "$n"}
    zero = refused("EEEE of zero")
    inner = once(parts, text, variable="w")
    body = f"(CASE WHEN $d IS NULL THEN NULL WHEN $l = 0 THEN {zero} ELSE {inner} END)"
    fields = {"d": digits, "l": f"length({digits})", "n": f"({value.sql} < 0)"}
    return Term(once(fields, body), VARCHAR2)


def scientific_shortest(value: Term, *, lower: bool) -> Term:
    """TME: all significant digits, without trailing zeros."""
    value = _exact(value)
    digits = f"ltrim(replace(CAST(abs({value.sql}) AS VARCHAR), '.', ''), '0')"
    point = "(CASE WHEN length($m) > 1 THEN '.' ELSE '' END)"
    mantissa = f"substring($m, 1, 1) || {point} || substring($m, 2)"
    text = _with_exponent(mantissa, "$p", "'e'" if lower else "'E'")
    sign = f"(CASE WHEN {value.sql} < 0 THEN '-' ELSE '' END)"
    zero = refused("TME of zero")
    inner = once(
        {"m": "rtrim($d, '0')", "p": f"(length($d) - 1 - {value.type.scale})"}, text, variable="w"
    )
    body = f"(CASE WHEN $d IS NULL THEN NULL WHEN $d = '' THEN {zero} ELSE {sign} || {inner} END)"
    return Term(once({"d": digits}, body), VARCHAR2)


def _with_exponent(mantissa: str, power: str, letter: str) -> str:
    sign = f"(CASE WHEN {power} < 0 THEN '-' ELSE '+' END)"
    shown = f"CAST(abs({power}) AS VARCHAR)"
    padded = f"lpad({shown}, CAST(greatest(2, length({shown})) AS INTEGER), '0')"
    return f"({mantissa} || {letter} || {sign} || {padded})"


_ROMAN_PLACES = (
    (1000, ("", "M", "MM", "MMM")),
    (100, ("", "C", "CC", "CCC", "CD", "D", "DC", "DCC", "DCCC", "CM")),
    (10, ("", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC")),
    (1, ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")),
)
_ROMAN_WIDTH = 15


def roman(value: Term, picture: Picture) -> Term:
    """RN: 1 to 3999, fifteen places wide."""
    value = numbers.settled(value)
    places = []
    for unit, letters in _ROMAN_PLACES:
        listed = ", ".join(quoted(letter) for letter in letters)
        places.append(f"[{listed}][$i // {unit} % 10 + 1]")
    text = " || ".join(places)
    if picture.lower:
        text = f"lower({text})"
    if picture.fill:
        text = f"lpad({text}, {_ROMAN_WIDTH}, ' ')"
    inner = once({"i": "CAST($v AS INTEGER)"}, text, variable="w")
    body = (
        f"(CASE WHEN $v IS NULL THEN NULL WHEN $v <> trunc($v) THEN "
        f"{refused('RN of a number that is not whole')} "
        f"WHEN $v < 1 OR $v > 3999 THEN '{'#' * _ROMAN_WIDTH}' ELSE {inner} END)"
    )
    return Term(once({"v": value.sql}, body), VARCHAR2)


def hexadecimal(value: Term, picture: Picture) -> Term:
    """X: the number rounded to a whole one; a negative one is ORA-01481."""
    number = numbers.rounded(value, 0)
    width = len(picture.whole)
    letter = "x" if picture.lower else "X"
    text = f"format('{{:{letter}}}', CAST($v AS BIGINT))"
    if picture.whole.startswith("0"):
        text = f"lpad({text}, {width}, '0')"
    if picture.fill:
        text = f"lpad({text}, {width + 1}, ' ')"
    body = (
        f"(CASE WHEN $v IS NULL THEN NULL WHEN $v < 0 THEN {_INVALID} "
        f"WHEN $v >= {16**width}. THEN '{'#' * (width + 1)}' ELSE {text} END)"
    )
    return Term(once({"v": number.sql}, body), VARCHAR2)
