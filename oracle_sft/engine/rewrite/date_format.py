"""Oracle's date format models, read into elements."""

from dataclasses import dataclass

from oracle_sft.engine.result import OracleError

# Longest first, so that each position takes the longest element that fits.
_ELEMENTS = sorted(
    """SYYYY YYYY YYY YY Y,YYY Y RRRR RR IYYY IYY IY I SYEAR YEAR MONTH MON MM RM DAY DY DDD DD D J Q
    WW W IW HH24 HH12 HH MI SSSSS SS AM PM A.M. P.M. AD BC A.D. B.C. SCC CC FM FX FF1 FF2 FF3 FF4
    FF5 FF6 FF7 FF8 FF9 FF TZH TZM TZR TZD TS DL DS EE E X""".split(),
    key=len,
    reverse=True,
)
_SUFFIXES = ("THSP", "SPTH", "TH", "SP")


@dataclass(frozen=True, slots=True)
class Element:
    """One element; `name` is '' for text that stands for itself."""

    name: str
    written: str
    """As the format spells it: its case decides the case of names."""
    fill: bool = True
    """Padded with blanks and zeros: not under FM."""
    suffix: str = ""
    """TH, SP or both."""
    quoted: bool = False


def read(format_: str) -> list[Element]:
    """The elements of a date format.

    Raises:
        OracleError: ORA-01821.
    """
    elements: list[Element] = []
    fill = True
    position = 0
    while position < len(format_):
        character = format_[position]
        if character == '"':
            end = format_.find('"', position + 1)
            if end < 0:
                raise _not_recognized()
            elements.append(Element("", format_[position + 1 : end], quoted=True))
            position = end + 1
            continue
        rest = format_[position:].upper()
        name = next((name for name in _ELEMENTS if rest.startswith(name)), None)
        if name is None:
            if character.isalnum():
                raise _not_recognized()
            elements.append(Element("", character))
            position += 1
            continue
        written = format_[position : position + len(name)]
        position += len(name)
        if name == "FM":
            fill = not fill
            continue
        suffix = ""
        after = format_[position:].upper()
        if name not in ("FX", "X", "E", "EE", "DL", "DS", "TS"):
            suffix = next((known for known in _SUFFIXES if after.startswith(known)), "")
            written += format_[position : position + len(suffix)]
            position += len(suffix)
        elements.append(Element(name, written, fill, suffix))
    return elements


def _not_recognized() -> OracleError:
    return OracleError("ORA-01821", "date format not recognized")
