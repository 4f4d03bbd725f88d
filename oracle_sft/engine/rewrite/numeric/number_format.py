"""Number format models: their elements, read once, for TO_CHAR and TO_NUMBER."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from oracle_sft.engine.result import OracleError, UnsupportedSQL

Kind = Literal["digits", "roman", "hexadecimal", "shortest"]


@dataclass(frozen=True, slots=True)
class Symbols:
    """What the session, or the third argument, says about marks and money."""

    point: str = "."
    group: str = ","
    currency: str = "$"
    iso_currency: str = "USD"
    dual_currency: str = "$"


@dataclass(frozen=True, slots=True)
class Picture:
    """A number format: the digits before the point with their commas, those behind it, and marks."""

    whole: str = ""
    """9, 0 and `,`, from left to right; of a hexadecimal one 0 and X."""
    fraction: str | None = None
    """9 and 0 behind the point; None without a point."""
    kind: Kind = "digits"
    fill: bool = True
    """No FM: blanks fill the text up to its full width."""
    currency: str = ""
    """The sign of the currency in front of the digits."""
    currency_behind: bool = False
    currency_width: int | None = 0
    """Places that the currency takes without FM; None where sources do not say."""
    sign: str = ""
    """'' (a minus in front), S_ (S first), _S, MI, PR."""
    exponent: bool = False
    blank_zero: bool = False
    """B: zero is blank."""
    shift: int = 0
    """V: the number is multiplied by so many tens first."""
    point: str = "."
    group: str = ","
    lower: bool = False
    """Letters of a hexadecimal or Roman number, or of a TME, are small."""

    @property
    def digits(self) -> str:
        return self.whole.replace(",", "")

    @property
    def decimals(self) -> int:
        return len(self.fraction or "")


def invalid() -> OracleError:
    return OracleError.of("ORA-01481")


_SETTING = re.compile(r"\s*(\w+)\s*=\s*('(?:[^']|'')*'|\w+)\s*")
_SETTINGS = {
    "NLS_CURRENCY": "currency",
    "NLS_DUAL_CURRENCY": "dual_currency",
}


def symbols(parameters: str) -> Symbols:
    """The marks of an NLS argument.

    Raises:
        OracleError: ORA-12702.
        UnsupportedSQL: NLS_ISO_CURRENCY, which names a territory.
    """
    found = Symbols()
    position = 0
    while position < len(parameters):
        match = _SETTING.match(parameters, position)
        if match is None:
            raise OracleError.of("ORA-12702")
        position = match.end()
        name, value = match[1].upper(), match[2]
        if value.startswith("'"):
            value = value[1:-1].replace("''", "'")
        if name == "NLS_NUMERIC_CHARACTERS":
            if len(value) != 2 or value[0] == value[1] or set(value) & set("0123456789+-<>"):
                raise OracleError.of("ORA-12702")
            found = replace(found, point=value[0], group=value[1])
        elif name in _SETTINGS:
            found = replace(found, **{_SETTINGS[name]: value})
        elif name.startswith("NLS_"):
            raise UnsupportedSQL(f"a number format with {name}")
        else:
            raise OracleError.of("ORA-12702")
    return found


def read(format_: str, marks: Symbols | None = None) -> Picture:
    """The parts of a number format.

    Raises:
        OracleError: ORA-01481.
        UnsupportedSQL: an arrangement of elements that Oracle's documentation leaves open.
    """
    marks = marks or Symbols()
    text = format_.upper()
    if re.fullmatch(r"TM[9E]?", text):
        return Picture(kind="shortest", exponent=text.endswith("E"), lower=format_.endswith("e"))
    fill = not text.startswith("FM")
    bare = format_ if fill else format_[2:]
    text = text if fill else text[2:]
    if text == "RN":
        if bare not in ("RN", "rn"):
            raise UnsupportedSQL(f"the number format {format_}")
        return Picture(kind="roman", fill=fill, lower=bare == "rn")
    if re.fullmatch(r"0*X+", text):
        letters = set(bare) - {"0"}
        if len(letters) > 1 or len(text) > 15:
            raise UnsupportedSQL(f"the number format {format_}")
        return Picture(text, kind="hexadecimal", fill=fill, lower=letters == {"x"})
    return _digits(format_, text, fill, marks)


def _digits(format_: str, text: str, fill: bool, marks: Symbols) -> Picture:
    picture = Picture(fill=fill)
    picture, text = _marked(format_, picture, text, marks)
    if not re.fullmatch(r"[90.,DGVE]+", text):
        raise invalid() if re.search(r"[^90.,DGVEBCLU$SMIPRFTNX]", text) else _unknown(format_)
    if re.search("[DG]", text) and re.search("[.,]", text):
        raise invalid()
    if "D" in text or "G" in text:
        picture = replace(picture, point=marks.point, group=marks.group)
    text = text.replace("D", ".").replace("G", ",")
    exponent = text.endswith("EEEE")
    text = text.removesuffix("EEEE")
    if "E" in text:
        raise invalid()
    text, shifted, behind = text.partition("V")
    if shifted:
        if "V" in behind or not re.fullmatch("[90]*", text) or not re.fullmatch("[90]+", behind):
            raise _unknown(format_)
        picture = replace(picture, shift=len(behind))
        text += behind
    whole, point, fraction = text.partition(".")
    if "." in fraction or "," in fraction or whole.startswith(","):
        raise invalid()
    if not whole.strip(",") and not fraction:
        raise _unknown(format_)
    if exponent and ("," in whole or picture.currency or shifted):
        raise invalid()
    if picture.blank_zero and (exponent or not fill):
        raise _unknown(format_)
    return replace(picture, whole=whole, fraction=fraction if point else None, exponent=exponent)


def _unknown(format_: str) -> UnsupportedSQL:
    return UnsupportedSQL(f"the number format {format_}")


def _marked(format_: str, picture: Picture, text: str, marks: Symbols) -> tuple[Picture, str]:
    """Signs, currencies and B taken off both ends."""
    sign = ""
    if text.startswith("S"):
        sign, text = "S_", text[1:]
    for end, name in (("MI", "MI"), ("PR", "PR"), ("S", "_S")):
        if text.endswith(end):
            if sign:
                raise invalid()
            sign, text = name, text.removesuffix(end)
            break
    picture = replace(picture, sign=sign)
    while text[:1] in tuple("B$LCU"):
        first, text = text[0], text[1:]
        if first == "B":
            if picture.blank_zero:
                raise invalid()
            picture = replace(picture, blank_zero=True)
            continue
        picture = _with_currency(picture, first, marks, behind=False)
    if text[-1:] in tuple("$LCU"):
        # A dollar sign comes first wherever it is written.
        behind = text[-1] != "$"
        picture = _with_currency(picture, text[-1], marks, behind=behind)
        text = text[:-1]
    if text.startswith("S") or re.search("MI|PR|S$", text):
        raise invalid()
    return picture, text


def _with_currency(picture: Picture, letter: str, marks: Symbols, *, behind: bool) -> Picture:
    if picture.currency:
        raise invalid()
    if letter == "$":
        return replace(picture, currency="$", currency_width=1)
    shown = {"L": marks.currency, "C": marks.iso_currency, "U": marks.dual_currency}[letter]
    return replace(picture, currency=shown, currency_behind=behind, currency_width=None)
