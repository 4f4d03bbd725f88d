"""Oracle's date format models, read into elements."""

from dataclasses import dataclass
from functools import lru_cache

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
_WITHOUT_SUFFIX = frozenset("FX X E EE DL DS TS TZH TZM TZR TZD".split())

_OUTPUT_ONLY = frozenset("Q WW W IW IYYY IYY IY I CC SCC YEAR SYEAR".split())
_ONCE = (
    ("ORA-01812", "SYYYY YYYY YYY YY Y Y,YYY RRRR RR"),
    ("ORA-01816", "MM MON MONTH RM"),
    ("ORA-01813", "HH24 HH12 HH"),
    ("ORA-01817", "D DY DAY"),
    ("ORA-01814", "AM PM A.M. P.M."),
    ("ORA-01815", "AD BC A.D. B.C."),
)
MERIDIANS = frozenset("AM PM A.M. P.M.".split())


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
    exact: bool = False
    """Under FX: what is read must look as it would be written."""


@lru_cache(maxsize=1024)
def read(format_: str) -> tuple[Element, ...]:
    """The elements of a date format.

    Raises:
        OracleError: ORA-01821.
    """
    elements: list[Element] = []
    fill, exact = True, False
    position = 0
    while position < len(format_):
        character = format_[position]
        if character == '"':
            end = format_.find('"', position + 1)
            if end < 0:
                raise not_recognized()
            text = format_[position + 1 : end]
            elements.append(Element("", text, fill, quoted=True, exact=exact))
            position = end + 1
            continue
        rest = format_[position : position + 5].upper()
        name = next((name for name in _ELEMENTS if rest.startswith(name)), None)
        if name is None:
            if character.isalnum():
                raise not_recognized()
            elements.append(Element("", character, fill, exact=exact))
            position += 1
            continue
        written = format_[position : position + len(name)]
        position += len(name)
        if name == "FM":
            fill = not fill
            continue
        if name == "FX":
            exact = not exact
            continue
        suffix = ""
        after = format_[position : position + 4].upper()
        if name not in _WITHOUT_SUFFIX:
            suffix = next((known for known in _SUFFIXES if after.startswith(known)), "")
            written += format_[position : position + len(suffix)]
            position += len(suffix)
        elements.append(Element(name, written, fill, suffix, exact=exact))
    return tuple(elements)


@lru_cache(maxsize=1024)
def read_for_input(format_: str) -> tuple[Element, ...]:
    """The elements of a format by which a text is to be read.

    Raises:
        OracleError: ORA-01821, or one of those for formats that nothing can be read by.
    """
    elements = read(format_)
    names = [element.name for element in elements if element.name]
    for element in elements:
        if element.name in _OUTPUT_ONLY or element.suffix:
            raise OracleError.of("ORA-01820")
    if len(set(names)) < len(names):
        raise OracleError.of("ORA-01810")
    for code, group in _ONCE:
        if len(set(group.split()) & set(names)) > 1:
            raise OracleError.of(code)
    if "HH24" in names and MERIDIANS & set(names):
        raise OracleError.of("ORA-01818")
    return elements


def not_recognized() -> OracleError:
    return OracleError.of("ORA-01821")
