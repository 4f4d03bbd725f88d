"""TO_CHAR of numbers with a format, written natively."""

import re
from decimal import Decimal

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.numeric import (
    decimal_division,
    number_notations,
    numbers,
    quotient_text,
    quotients,
)
from oracle_sft.engine.rewrite.numeric.number_format import Picture
from oracle_sft.engine.rewrite.terms import (
    DIVISION_SCALE,
    VARCHAR2,
    OracleType,
    Ratio,
    Term,
    number_type,
    once,
    over,
    quoted,
)


def to_char(value: Term, picture: Picture) -> Term:
    """TO_CHAR(number, format); a number that does not fit becomes `####`.

    Raises:
        UnsupportedSQL: the width of a currency, or another thing that sources leave open.
    """
    if picture.kind == "shortest":
        if picture.exponent:
            return number_notations.scientific_shortest(value, lower=picture.lower)
        return as_text(value)
    if picture.kind == "roman":
        return number_notations.roman(value, picture)
    if picture.kind == "hexadecimal":
        return number_notations.hexadecimal(value, picture)
    if picture.fill and picture.currency_width is None:
        raise UnsupportedSQL("TO_CHAR with L, C or U and without FM, which pads to an open width")
    if picture.currency_behind and picture.sign not in ("", "S_"):
        raise UnsupportedSQL("TO_CHAR with a currency and a sign behind the number")
    if picture.exponent:
        return number_notations.scientific(value, picture)
    if picture.shift:
        value = numbers.multiply(value, numbers.literal(Decimal(10) ** picture.shift))
    number = _to_places(value, picture.decimals)
    if _is_regular(picture):
        body = _regular(picture, number.type.precision - number.type.scale)
        return Term(over({"v": number.sql}, body, simple=number.is_simple), VARCHAR2)
    parts = {"n": "($v < 0)", "t": "CAST(abs($v) AS VARCHAR)"}
    body = once(parts, _laid_out(picture), variable="w")
    return Term(over({"v": number.sql}, body, simple=number.is_simple), VARCHAR2)


_MOST_SHOWN = 40
"""Digits of a NUMBER as text without a format; beyond them Oracle turns to other notations."""


def shown(value: Decimal) -> str:
    """TO_CHAR(number) without a format.

    Raises:
        UnsupportedSQL: it has so many places that Oracle might write it with an exponent.
    """
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in ("", "-", "-0"):
        return "0"
    text = text.replace("-0.", "-.", 1) if text.startswith("-") else text.removeprefix("0") or "0"
    if len(text.strip("-").replace(".", "")) > _MOST_SHOWN:
        raise UnsupportedSQL("the text of a number with more than 40 places")
    return text


def as_text(term: Term) -> Term:
    """TO_CHAR(number) without a format.

    Raises:
        UnsupportedSQL: the number is inexact, so that its digits are not Oracle's.
    """
    if isinstance(term.constant, Decimal):
        return Term(quoted(shown(term.constant)), VARCHAR2, shown(term.constant))
    if term.quotient is not None and quotient_text.is_possible(*term.quotient):
        return quotient_text.written(*term.quotient, decimal_division.BY_ZERO)
    if term.type.ratio is not None and term.alternative is None:
        return _quotient_as_text(term, term.type.ratio)
    term = numbers.exactly(term)
    if term.type.binary:
        raise UnsupportedSQL(_ENDLESS)
    if not term.type.scale:
        return Term(f"CAST({term.sql} AS VARCHAR)", VARCHAR2)
    digits = _shortest(term.type)
    below_one = "$n > -1 AND $n < 1 AND $n <> 0"
    text = f"(CASE WHEN {below_one} THEN replace({digits}, '0.', '.') ELSE {digits} END)"
    if term.type.exact:
        return Term(over({"n": term.sql}, text, simple=len(term.sql) < 100), VARCHAR2)
    # An endless quotient is cut after 20 decimals: if the last eight are not zeros, Oracle would
    # show more digits than are known here.
    more = f"$n <> trunc($n, {DIVISION_SCALE - 8})"
    body = f"(CASE WHEN {more} THEN error({quoted(numbers.NOT_EXACT)}) ELSE {text} END)"
    return Term(over({"n": term.sql}, body, simple=term.is_simple), VARCHAR2)


def _shortest(type_: OracleType) -> str:
    """The digits of a DECIMAL `$n` without trailing zeros."""
    if type_.scale > _FEW_DECIMALS:
        return "rtrim(rtrim(CAST($n AS VARCHAR), '0'), '.')"
    # Casting to the scale that is needed is several times faster than trimming.
    whens = ""
    for scale in range(type_.scale):
        unit = f"{Decimal(1).scaleb(-scale):f}" if scale else "1."
        shorter = f"DECIMAL({type_.precision},{scale})"
        whens += f"WHEN $n % {unit} = 0 THEN CAST(CAST($n AS {shorter}) AS VARCHAR) "
    return f"(CASE {whens}ELSE CAST($n AS VARCHAR) END)"


_FEW_DECIMALS = 4
_ENDLESS = numbers.NOT_EXACT.removeprefix("unsupported: ")


def _quotient_as_text(term: Term, ratio: Ratio) -> Term:
    """The text of a quotient that ends early, known by its DOUBLE alone."""
    decimals = quotients.shown_digits(ratio)
    if decimals < 1:
        raise UnsupportedSQL(_ENDLESS)
    type_ = number_type(ratio.whole + decimals, decimals)
    near = Term(f"CAST($q AS {type_.duckdb})", type_)
    off = f"abs($q - CAST({near.sql} AS DOUBLE)) > 4e-15 * abs($q)"
    body = f"(CASE WHEN {off} THEN error({quoted(numbers.NOT_EXACT)}) ELSE {as_text(near).sql} END)"
    return Term(once({"q": term.sql}, body), VARCHAR2)


def _to_places(value: Term, decimals: int) -> Term:
    """The number rounded to so many decimals, and with a scale that shows them all."""
    number = numbers.rounded(value, decimals)
    if number.constant is None and number.sql != value.sql:
        number = Term(_without_negative_zero(value, number), number.type)
    if isinstance(number.constant, Decimal) and value.constant != 0 and not number.constant:
        number = Term(_without_negative_zero(value, number), number.type)
    if number.type.binary or decimals > number.type.scale:
        number = numbers.settled(number)
        type_ = number_type(number.type.precision + decimals, max(decimals, number.type.scale))
        number = Term(numbers.cast(number, type_), type_)
    return number


def _without_negative_zero(value: Term, number: Term) -> str:
    """The rounded number; sources disagree about the sign of a negative one that becomes zero."""
    unsure = quoted("unsupported: TO_CHAR of a negative number that is rounded to zero")
    body = f"(CASE WHEN $n = 0 AND $o < 0 THEN error({unsure}) ELSE $n END)"
    return once({"n": number.sql, "o": value.sql}, body)


_REGULAR = re.compile(r"9*[09]|[09]|9{1,3}(,999)*,99[09]")


def _is_regular(picture: Picture) -> bool:
    """Whether DuckDB's own grouping writes the digits: commas by threes, no filling zeros."""
    return (
        _REGULAR.fullmatch(picture.whole) is not None
        and len(picture.digits) <= 18
        and (picture.point, picture.group) == (".", ",")
    )


def _regular(picture: Picture, most: int) -> str:
    """Text over `$v`, the rounded number, for the usual pictures: short and fast. The number has at
    `most` so many digits before the point.
    """
    width = len(picture.digits)
    if picture.sign or picture.currency or _is_trimmed(picture):
        text = _signed(picture, _digits(picture, "abs($v)", most), "$v < 0")
    else:
        text = _filled(picture, _digits(picture, "$v", most))
    too_wide = f"WHEN abs($v) >= {10**width}. THEN {_hashes(picture)} " if most > width else ""
    special = _special(picture, "$v = 0", "abs($v) < 1")
    return f"(CASE WHEN $v IS NULL THEN NULL {too_wide}{special}ELSE {text} END)"


def _is_trimmed(picture: Picture) -> bool:
    """Whether FM takes zeros away behind the point."""
    return (
        not picture.fill and bool(picture.decimals) and not (picture.fraction or "").endswith("0")
    )


def _digits(picture: Picture, value: str, most: int) -> str:
    """The digits of `$v` with commas and point; `value` is `$v`, or `abs($v)` for none but digits."""
    with_commas = "," in picture.whole and most > 3
    if _is_trimmed(picture):
        return _in_two(picture, value, with_commas=with_commas)
    text = f"CAST({value} AS VARCHAR)"
    if picture.fraction == "":
        text = f"({text} || '.')"
    if picture.decimals and not picture.whole.endswith("0"):
        text = f"(CASE WHEN abs($v) < 1 THEN replace({text}, '0.', '.') ELSE {text} END)"
    if not with_commas:
        return text
    return f"(CASE WHEN abs($v) < 1000 THEN {text} ELSE {_in_two(picture, value)} END)"


def _in_two(picture: Picture, value: str, *, with_commas: bool = True) -> str:
    """The digits before and behind the point, written one by one: slow."""
    integer = f"CAST(trunc({value}) AS BIGINT)"
    whole = f"format('{{:,}}', {integer})" if with_commas else f"CAST({integer} AS VARCHAR)"
    if _is_trimmed(picture) and not picture.whole.endswith("0"):
        whole = f"CASE WHEN abs($v) < 1 THEN '' ELSE {whole} END"
    pieces = [whole]
    if picture.fraction is not None:
        pieces.append("'.'")
        if picture.decimals:
            pieces.append(_fraction(picture, f"right(CAST($v AS VARCHAR), {picture.decimals})"))
    return f"concat({', '.join(pieces)})"


def _width(picture: Picture) -> int:
    """Places of the whole text when blanks fill it."""
    point = 1 + picture.decimals if picture.fraction is not None else 0
    marks = 1 + (picture.currency_width or 0) + int(picture.sign == "PR")
    return len(picture.whole) + point + marks


def _hashes(picture: Picture) -> str:
    if picture.currency_width is None:
        unsure = "unsupported: a number that is too wide for a format with L, C or U"
        return f"error({quoted(unsure)})"
    return quoted("#" * _width(picture))


def _special(picture: Picture, is_zero: str, below_one: str) -> str:
    """WHEN branches for zero, where its text is not that of other numbers."""
    if picture.blank_zero:
        blank = f"WHEN {is_zero} THEN {quoted(' ' * _width(picture))} "
        if picture.decimals and "0" in picture.whole:
            unsure = "unsupported: B with 0 in the format, and a number below one"
            blank += f"WHEN {below_one} THEN error({quoted(unsure)}) "
        return blank
    nines = picture.fraction is not None and "0" not in picture.whole + picture.fraction
    if not picture.fill and nines and picture.decimals and picture.whole:
        # Without FM it is `.00`; with FM, which takes those zeros away, one stands before the point.
        zero = _signed(picture, quoted(f"0{picture.point}"), "false")
        return f"WHEN {is_zero} THEN {zero} "
    return ""


def _laid_out(picture: Picture) -> str:
    """Text over `$t` (the rounded number without sign) and `$n` (it is negative)."""
    width = len(picture.digits)
    whole_text = "ltrim(split_part($t, '.', 1), '0')"
    first_zero = picture.digits.find("0")
    # From the first 0 of the picture on, every place shows a digit.
    at_least = width - first_zero if first_zero >= 0 else 0
    if not picture.decimals and not at_least:
        at_least = 1
    padded = f"lpad(lpad({whole_text}, CAST(greatest(length({whole_text}), {at_least}) AS INTEGER), '0'), {width}, ' ')"
    if at_least == 0:
        padded = f"lpad({whole_text}, {width}, ' ')"
    behind = ""
    if picture.fraction is not None:
        behind = f" || {quoted(picture.point)}"
        if picture.decimals:
            fraction = _fraction(picture, "split_part($t, '.', 2)")
            behind += f" || {fraction}"
    number = f"{_grouped(picture, padded)}{behind}"
    too_wide = f"WHEN length({whole_text}) > {width} THEN {_hashes(picture)} "
    is_zero = "ltrim($t, '0.') = ''"
    special = _special(picture, is_zero, f"{whole_text} = ''")
    text = _signed(picture, f"ltrim({number}, ' ')", "$n")
    return f"(CASE WHEN $t IS NULL THEN NULL {too_wide}{special}ELSE {text} END)"


def _fraction(picture: Picture, digits: str) -> str:
    fraction = picture.fraction or ""
    if picture.fill:
        return digits
    # Under FM trailing zeros go, but not those that a 0 of the picture asks for.
    kept = fraction.rfind("0") + 1
    if kept == 0:
        return f"rtrim({digits}, '0')"
    if kept == len(fraction):
        return digits
    return f"(substring({digits}, 1, {kept}) || rtrim(substring({digits}, {kept + 1}), '0'))"


def _grouped(picture: Picture, padded: str) -> str:
    """The digits with commas; a comma before the first digit is a blank."""
    if "," not in picture.whole:
        return padded
    comma = quoted(picture.group)
    places = []
    position = 0
    for part in picture.whole.split(","):
        if position:
            before = f"substring({padded}, {position}, 1)"
            places.append(f"(CASE WHEN {before} = ' ' THEN ' ' ELSE {comma} END)")
        if part:
            places.append(f"substring({padded}, {position + 1}, {len(part)})")
        position += len(part)
    return f"({' || '.join(places)})"


def _signed(picture: Picture, bare: str, negative: str) -> str:
    """The digits with currency and sign beside them, filled with blanks in front."""
    if picture.currency_behind:
        bare = f"{bare} || {quoted(picture.currency)}"
    elif picture.currency:
        bare = f"{quoted(picture.currency)} || {bare}"
    return _filled(picture, number_notations.with_sign(picture, bare, negative))


def _filled(picture: Picture, text: str) -> str:
    """The text, which is not NULL, with blanks in front up to its full width, unless FM leaves them out."""
    if not picture.fill:
        return text
    # Half as slow as `lpad`.
    width = _width(picture)
    return f"right(concat({quoted(' ' * width)}, {text}), {width})"
