"""TO_CHAR of numbers with a format: 9 0 . , D G FM S MI PR $ and EEEE, written natively."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import numbers
from oracle_sft.engine.rewrite.terms import VARCHAR2, Term, number_type, once, over, quoted


@dataclass(frozen=True, slots=True)
class Picture:
    """A number format: the digits before the point with their commas, those behind it, and marks."""

    whole: str
    """9, 0 and `,`, from left to right."""
    fraction: str | None
    """9 and 0 behind the point; None without a point."""
    fill: bool
    dollar: bool
    sign: str
    """'' (a minus in front), S_ (S first), _S, MI, PR."""
    exponent: bool


def read(format_: str) -> Picture:
    """The parts of a number format.

    Raises:
        OracleError: ORA-01481.
        UnsupportedSQL: an element that is not known here.
    """
    text = format_.upper()
    fill = not text.startswith("FM")
    text = text.removeprefix("FM")
    sign = ""
    if text.startswith("S"):
        sign, text = "S_", text[1:]
    elif text.endswith("MI"):
        sign, text = "MI", text[:-2]
    elif text.endswith("PR"):
        sign, text = "PR", text[:-2]
    elif text.endswith("S"):
        sign, text = "_S", text[:-1]
    dollar = text.startswith("$")
    text = text.removeprefix("$")
    exponent = text.endswith("EEEE")
    text = text.removesuffix("EEEE")
    for letter in text:
        if letter not in "90.,DG":
            if letter in "LCUVXBTMRN$":
                raise UnsupportedSQL(f"the number format {format_}")
            raise OracleError("ORA-01481", "invalid number format model")
    if ("D" in text or "G" in text) and ("." in text or "," in text):
        raise OracleError("ORA-01481", "invalid number format model")
    text = text.replace("D", ".").replace("G", ",")
    whole, point, fraction = text.partition(".")
    if "." in fraction or "," in fraction or whole.startswith(","):
        raise OracleError("ORA-01481", "invalid number format model")
    if not whole.strip(",") and not fraction:
        raise UnsupportedSQL(f"the number format {format_}")
    if exponent and ("," in whole or dollar):
        raise OracleError("ORA-01481", "invalid number format model")
    return Picture(whole, fraction if point else None, fill, dollar, sign, exponent)


def to_char(value: Term, format_: str) -> Term:
    """TO_CHAR(number, format); a number that does not fit becomes `####`."""
    picture = read(format_)
    if picture.exponent:
        return _scientific(value, picture, format_)
    digits = picture.whole.replace(",", "")
    decimals = len(picture.fraction or "")
    number = numbers.rounded(numbers.settled(value), decimals)
    if number.constant is None and number.sql != value.sql:
        number = Term(_without_negative_zero(value, number), number.type)
    if decimals > number.type.scale:
        type_ = number_type(number.type.precision + decimals, decimals)
        number = Term(numbers.cast(number, type_), type_)
    if _is_regular(picture.whole):
        body = _regular(picture, decimals)
        return Term(over({"v": number.sql}, body, simple=number.is_simple), VARCHAR2)
    parts = {"n": "($v < 0)", "t": "CAST(abs($v) AS VARCHAR)"}
    body = once(parts, _laid_out(picture, digits, decimals), variable="w")
    return Term(over({"v": number.sql}, body, simple=number.is_simple), VARCHAR2)


def _without_negative_zero(value: Term, number: Term) -> str:
    """The rounded number; sources disagree about the sign of a negative one that becomes zero."""
    unsure = quoted("unsupported: TO_CHAR of a negative number that is rounded to zero")
    body = f"(CASE WHEN $n = 0 AND $o < 0 THEN error({unsure}) ELSE $n END)"
    return once({"n": number.sql, "o": value.sql}, body)


_REGULAR = re.compile(r"9*[09]|[09]|9{1,3}(,999)*,99[09]")


def _is_regular(whole: str) -> bool:
    """Whether DuckDB's own grouping writes the digits: commas by threes, no filling zeros."""
    return _REGULAR.fullmatch(whole) is not None and len(whole) <= 22


def _regular(picture: Picture, decimals: int) -> str:
    """Text over `$v`, the rounded number, for the usual pictures: short and fast."""
    width = len(picture.whole.replace(",", ""))
    grouping = "{:,}" if "," in picture.whole else "{}"
    whole = f"format('{grouping}', CAST(trunc(abs($v)) AS BIGINT))"
    if decimals and not picture.whole.endswith("0"):
        whole = f"CASE WHEN abs($v) < 1 THEN '' ELSE {whole} END"
    pieces = [whole]
    if picture.fraction is not None:
        pieces.append("'.'")
        if decimals:
            pieces.append(_fraction(picture, f"right(CAST($v AS VARCHAR), {decimals})"))
    total = len(picture.whole) + (1 + decimals if picture.fraction is not None else 0)
    text = _signed(picture, f"concat({', '.join(pieces)})", "$v < 0", str(total))
    hashes = "#" * (total + _num_marks(picture))
    too_wide = f"abs($v) >= {10**width}."
    return f"(CASE WHEN $v IS NULL THEN NULL WHEN {too_wide} THEN '{hashes}' ELSE {text} END)"


def _num_marks(picture: Picture) -> int:
    return 1 + int(picture.dollar) + int(picture.sign == "PR")


def _laid_out(picture: Picture, digits: str, decimals: int) -> str:
    """Text over `$t` (the rounded number without sign) and `$n` (it is negative)."""
    width = len(digits)
    whole_text = "ltrim(split_part($t, '.', 1), '0')"
    first_zero = digits.find("0")
    # From the first 0 of the picture on, every place shows a digit.
    at_least = width - first_zero if first_zero >= 0 else 0
    if not decimals and not at_least:
        at_least = 1
    padded = f"lpad(lpad({whole_text}, CAST(greatest(length({whole_text}), {at_least}) AS INTEGER), '0'), {width}, ' ')"
    if at_least == 0:
        padded = f"lpad({whole_text}, {width}, ' ')"
    grouped = _grouped(picture.whole, padded)
    behind = ""
    if picture.fraction is not None:
        behind = " || '.'"
        if decimals:
            fraction = _fraction(picture, "split_part($t, '.', 2)")
            behind += f" || {fraction}"
    number = f"{grouped}{behind}"
    too_wide = f"length({whole_text}) > {width}"
    total = len(picture.whole) + (1 + decimals if picture.fraction is not None else 0)
    hashes = f"repeat('#', {total + _num_marks(picture)})"
    text = _signed(picture, f"ltrim({number}, ' ')", "$n", str(total))
    return f"(CASE WHEN $t IS NULL THEN NULL WHEN {too_wide} THEN {hashes} ELSE {text} END)"


def _fraction(picture: Picture, digits: str) -> str:
    fraction = picture.fraction or ""
    if picture.fill:
        return digits
    # Under FM trailing zeros go, but not those that a 0 of the picture asks for.
    kept = fraction.rfind("0") + 1
    if kept == 0:
        return f"rtrim({digits}, '0')"
    return f"(substring({digits}, 1, {kept}) || rtrim(substring({digits}, {kept + 1}), '0'))"


def _grouped(whole: str, padded: str) -> str:
    """The digits with commas; a comma before the first digit is a blank."""
    if "," not in whole:
        return padded
    places = []
    position = 0
    for part in whole.split(","):
        if position:
            before = f"substring({padded}, {position}, 1)"
            places.append(f"(CASE WHEN {before} = ' ' THEN ' ' ELSE ',' END)")
        if part:
            places.append(f"substring({padded}, {position + 1}, {len(part)})")
        position += len(part)
    return f"({' || '.join(places)})"


def _signed(picture: Picture, bare: str, negative: str, width: str) -> str:
    """The digits with their sign beside the first one, filled with blanks in front.

    `width` is how many places the picture has without its sign.
    """
    if picture.dollar:
        bare = f"'$' || {bare}"

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
    if not picture.fill:
        return f"({text})"
    return f"lpad({text}, {int(width) + _num_marks(picture)}, ' ')"


def _scientific(value: Term, picture: Picture, format_: str) -> Term:
    if picture.fill or picture.sign or picture.whole not in ("9", "0"):
        raise UnsupportedSQL(f"the number format {format_}")
    if not isinstance(value.constant, Decimal):
        raise UnsupportedSQL("EEEE for something other than a literal")
    decimals = len(picture.fraction or "")
    mantissa, _, power = f"{value.constant:.40E}".partition("E")
    rounded = Decimal(mantissa).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    exponent = int(power)
    if abs(rounded) >= 10:
        rounded, exponent = rounded / 10, exponent + 1
    text = f"{rounded:.{decimals}f}E{exponent:+03d}"
    return Term(quoted(text), VARCHAR2, text)


def to_number(value: Term, format_: str) -> Term:
    """TO_NUMBER(text, format) for a literal text, with digits, commas, a point and `$`."""
    picture = read(format_)
    if not isinstance(value.constant, str) or picture.exponent or picture.sign:
        raise UnsupportedSQL("TO_NUMBER with this format")
    text = value.constant.strip(" ")
    negative = text.startswith("-")
    text = text.removeprefix("-")
    if text.startswith("$"):
        if not picture.dollar:
            raise OracleError("ORA-01722", "invalid number")
        text = text[1:]
    whole, _, fraction = text.partition(".")
    bare = whole.replace(",", "")
    if not (bare + fraction).isdigit() or ("." in text and picture.fraction is None):
        raise OracleError("ORA-01722", "invalid number")
    if len(bare.lstrip("0")) > len(picture.whole.replace(",", "")) or len(fraction) > len(
        picture.fraction or ""
    ):
        raise OracleError("ORA-01722", "invalid number")
    if "," in whole and not _commas_fit(whole, picture.whole):
        raise OracleError("ORA-01722", "invalid number")
    number = Decimal(f"{bare or '0'}.{fraction or '0'}")
    return numbers.literal(-number if negative else number)


def _commas_fit(whole: str, picture: str) -> bool:
    """Each comma stands where the format has one, counted from the right."""
    places = [len(picture) - index for index, letter in enumerate(picture) if letter == ","]
    return all(len(whole) - index in places for index, letter in enumerate(whole) if letter == ",")
