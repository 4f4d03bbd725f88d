"""TO_CHAR of dates, natively: a constant format becomes strftime and what strftime does not know."""

from dataclasses import dataclass

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite.dates import date_format, date_range, date_words, time_zones
from oracle_sft.engine.rewrite.dates.date_format import Element
from oracle_sft.engine.rewrite.terms import (
    DATE,
    UNKNOWN,
    VARCHAR2,
    OracleType,
    Term,
    over,
    quoted,
    refused,
)

DEFAULT_FORMAT = "DD-MON-RR"
"""NLS_DATE_FORMAT."""

TIMESTAMP_FORMAT = "DD-MON-RR HH.MI.SSXFF AM"
"""NLS_TIMESTAMP_FORMAT of NLS_TERRITORY=AMERICA."""

TIMESTAMP_TZ_FORMAT = f"{TIMESTAMP_FORMAT} TZR"


def default_format(type_: OracleType) -> str:
    """The format that shows and reads a type where none is given."""
    if type_.family == "DATE":
        return DEFAULT_FORMAT
    zoned = type_.family == "TIMESTAMP WITH TIME ZONE"
    return TIMESTAMP_TZ_FORMAT if zoned else TIMESTAMP_FORMAT


# Elements that strftime writes as Oracle does: padded with zeros, and under FM.
_STRFTIME = {
    "YYYY": ("%Y", None),
    "RRRR": ("%Y", None),
    "YY": ("%y", None),
    "RR": ("%y", None),
    "MM": ("%m", "%-m"),
    "DD": ("%d", "%-d"),
    "DDD": ("%j", "%-j"),
    "HH24": ("%H", "%-H"),
    "HH12": ("%I", "%-I"),
    "HH": ("%I", "%-I"),
    "MI": ("%M", "%-M"),
    "SS": ("%S", "%-S"),
    "IYYY": ("%G", None),
    "IW": ("%V", None),
    "FF3": ("%g", None),
    "FF6": ("%f", None),
    "X": (".", "."),
}
# As numbers, for FM, for words and for what strftime lacks: the width that zeros fill, and the most.
_NUMBERS = {
    "YYYY": ("year($d)", 4, 9999),
    "RRRR": ("year($d)", 4, 9999),
    "YYY": ("(year($d) % 1000)", 3, 999),
    "YY": ("(year($d) % 100)", 2, 99),
    "RR": ("(year($d) % 100)", 2, 99),
    "Y": ("(year($d) % 10)", 1, 9),
    "IYYY": ("isoyear($d)", 4, 9999),
    "IYY": ("(isoyear($d) % 1000)", 3, 999),
    "IY": ("(isoyear($d) % 100)", 2, 99),
    "I": ("(isoyear($d) % 10)", 1, 9),
    "MM": ("month($d)", 2, 12),
    "DD": ("day($d)", 2, 31),
    "DDD": ("dayofyear($d)", 3, 366),
    "D": ("(dayofweek($d) + 1)", 1, 7),
    "J": ("(CAST($d AS DATE) - DATE '1970-01-01' + 2440588)", 7, 9_999_999),
    "Q": ("quarter($d)", 1, 4),
    "WW": ("((dayofyear($d) - 1) // 7 + 1)", 2, 53),
    "W": ("((day($d) - 1) // 7 + 1)", 1, 5),
    "IW": ("week($d)", 2, 53),
    "HH24": ("hour($d)", 2, 23),
    "HH12": ("((hour($d) + 11) % 12 + 1)", 2, 12),
    "HH": ("((hour($d) + 11) % 12 + 1)", 2, 12),
    "MI": ("minute($d)", 2, 59),
    "SS": ("second($d)", 2, 59),
    "SSSSS": ("(hour($d) * 3600 + minute($d) * 60 + second($d))", 5, 86_399),
    "CC": ("((year($d) + 99) // 100)", 2, 100),
}
_NAMES = {"MONTH": ("%B", 9), "MON": ("%b", 0), "DAY": ("%A", 9), "DY": ("%a", 0)}
_MERIDIANS = {"AM": "", "PM": "", "A.M.": ".", "P.M.": "."}
_ROMAN = "['I','II','III','IV','V','VI','VII','VIII','IX','X','XI','XII']"
_CALENDAR = frozenset("DAY DY D DDD WW IW IYYY IYY IY I J".split())
"""Elements that depend on how Oracle counts the days of old."""


def to_char(term: Term, format_: str) -> Term:
    """TO_CHAR(date, format).

    Raises:
        OracleError: ORA-01821.
        UnsupportedSQL: an element that is not known here, by name.
    """
    elements = _with_digits(date_format.read(format_), term.type)
    if not elements:
        return Term("CAST(NULL AS VARCHAR)", VARCHAR2)
    pieces = _pieces(elements, term.type)
    body = " || ".join(piece.sql for piece in pieces)
    if not any(piece.strict for piece in pieces):
        body = f"CASE WHEN $d IS NULL THEN NULL ELSE {body} END"
    if any(element.name in _CALENDAR for element in elements):
        body = date_range.modern(f"({body})")
    local = time_zones.local(term)
    parts = {"d": local.sql}
    if "$z" in body:
        parts["z"] = time_zones.offset_minutes(term)
    # The rows of a constant are not worth a lambda.
    simple = local.is_simple or (body.count("$d") == 1 and len(parts) == 1)
    sql = over(parts, body, simple=simple)
    empty = all(not element.name and not element.written for element in elements)
    return Term(f"nullif({sql}, '')" if empty else f"({sql})", VARCHAR2)


def of_julian_day(number: str, format_: str) -> str:
    """SQL of the number of a Julian day in a format that has no element but J."""
    pieces = _pieces(list(date_format.read(format_)), DATE)
    return " || ".join(piece.sql for piece in pieces).replace(_NUMBERS["J"][0], number)


def _with_digits(elements: tuple[Element, ...], type_: OracleType) -> list[Element]:
    """FF as the FFn of the type's own precision."""
    found = []
    for element in elements:
        if element.name == "FF" and type_.family != "DATE":
            if type_.scale in (UNKNOWN, 0):
                raise UnsupportedSQL("TO_CHAR with FF of a timestamp of this precision")
            element = Element(f"FF{type_.scale}", f"FF{type_.scale}", element.fill)
        found.append(element)
    return found


@dataclass(frozen=True, slots=True)
class _Piece:
    sql: str
    strict: bool = True
    """NULL for a date that is NULL."""


def _pieces(elements: list[Element], type_: OracleType) -> list[_Piece]:
    """The parts of the text; runs of elements that strftime knows are one part."""
    pieces: list[_Piece] = []
    plain, case = "", ""
    for element in elements:
        written, wanted = _strftime(element, type_)
        if written is None or (wanted and case and wanted != case):
            _flush(pieces, plain, case)
            plain, case = "", ""
        if written is None:
            pieces.append(_piece(element, type_))
            continue
        plain += written
        case = wanted or case
    _flush(pieces, plain, case)
    return pieces


def _flush(pieces: list[_Piece], plain: str, case: str) -> None:
    if not plain:
        return
    if "%" not in plain.replace("%%", ""):
        pieces.append(_Piece(quoted(plain.replace("%%", "%")), strict=False))
        return
    text = f"strftime($d, {quoted(plain)})"
    pieces.append(_Piece(f"{case}({text})" if case in ("upper", "lower") else text))


def _strftime(element: Element, type_: OracleType) -> tuple[str | None, str]:
    """The element as a part of a strftime format, and the case in which the whole must stand."""
    if not element.name:
        text = element.written
        if text.upper() == text.lower():
            return text.replace("%", "%%"), ""
        case = "upper" if text.isupper() else "lower" if text.islower() else "as is"
        return text.replace("%", "%%"), case if text.isascii() else "as is"
    if element.suffix or (element.name.startswith("FF") and type_.family == "DATE"):
        return None, ""
    if element.name in _STRFTIME:
        return _STRFTIME[element.name][0 if element.fill else 1], ""
    directive, width = _NAMES.get(element.name, ("", 0))
    if element.name in ("AM", "PM") and _case(element) != "title":
        return "%p", _case(element)
    if directive and not (width and element.fill):
        case = _case(element)
        return directive, "as is" if case == "title" else case
    return None, ""


def _case(element: Element) -> str:
    """upper, title or lower: the first two letters of the element decide."""
    first, second = element.written[0], element.written[1:].lstrip(".")[:1]
    if first.islower():
        return "lower"
    return "title" if second.islower() else "upper"


def _piece(element: Element, type_: OracleType) -> _Piece:
    name = element.name
    if element.suffix:
        return _Piece(_spelled(element))
    if name in _NAMES:
        directive, width = _NAMES[name]
        text = f"strftime($d, '{directive}')"
        case = _case(element)
        if case != "title":
            text = f"{case}({text})"
        return _Piece(f"rpad({text}, {width}, ' ')")
    if name in _NUMBERS:
        return _Piece(_number(element))
    if name in _MERIDIANS and _case(element) != "title":
        dot = _MERIDIANS[name]
        am, pm = quoted(f"A{dot}M{dot}"), quoted(f"P{dot}M{dot}")
        if _case(element) == "lower":
            am, pm = am.lower(), pm.lower()
        return _Piece(f"(CASE WHEN hour($d) < 12 THEN {am} ELSE {pm} END)", strict=False)
    if name == "RM" and _case(element) != "title":
        text = f"{_ROMAN}[month($d)]"
        if _case(element) == "lower":
            text = f"lower({text})"
        return _Piece(f"rpad({text}, 4, ' ')" if element.fill else text)
    if name in ("AD", "A.D.", "BC", "B.C.") and _case(element) != "title":
        dot = "." if "." in name else ""
        text = f"A{dot}D{dot}"
        return _Piece(quoted(text.lower() if _case(element) == "lower" else text), strict=False)
    if name == "Y,YYY":
        thousands = "CAST(year($d) // 1000 AS VARCHAR)"
        return _Piece(f"{thousands} || ',' || lpad(CAST(year($d) % 1000 AS VARCHAR), 3, '0')")
    if name == "SYYYY":
        year = "strftime($d, '%Y')"
        return _Piece(f"' ' || {year}" if element.fill else "CAST(year($d) AS VARCHAR)")
    if name == "YEAR":
        sure = refused("the YEAR of a date in words")
        words = f"coalesce({date_words.year('year($d)')}, {sure})"
        return _Piece(f"(CASE WHEN $d IS NULL THEN NULL ELSE {_cased(words, _case(element))} END)")
    if name.startswith("FF") and name != "FF":
        return _fraction(element, type_)
    if name in ("TZH", "TZM", "TZR", "TZD"):
        return _zone(element, type_)
    if name == "FF":
        raise date_format.not_recognized()
    raise UnsupportedSQL(f"TO_CHAR with the date format element {element.written}")


def _number(element: Element) -> str:
    number, width, _ = _NUMBERS[element.name]
    if element.name == "CC" and element.fill:
        return f"printf('%02d', {number})"  # of three digits from 9901 on
    text = f"CAST({number} AS VARCHAR)"
    return f"lpad({text}, {width}, '0')" if width > 1 and element.fill else text


def _fraction(element: Element, type_: OracleType) -> _Piece:
    if type_.family == "DATE":
        raise date_format.not_recognized()
    if not element.fill:
        raise UnsupportedSQL(f"TO_CHAR with the date format element {element.written} under FM")
    digits = int(element.name[2:])
    micros = "strftime($d, '%f')"
    if digits > 6:
        return _Piece(f"rpad({micros}, {digits}, '0')")
    return _Piece(f"substring({micros}, 1, {digits})")


def _zone(element: Element, type_: OracleType) -> _Piece:
    if type_.family == "DATE":
        raise date_format.not_recognized()
    if not type_.is_zoned or element.name == "TZD" or not element.fill:
        raise UnsupportedSQL(f"TO_CHAR of a {type_.family} with {element.written}")
    if element.name == "TZR":
        return _Piece(quoted(time_zones.name(type_)), strict=False)
    if element.name == "TZM":
        return _Piece("lpad(CAST(abs($z) % 60 AS VARCHAR), 2, '0')")
    hours = "lpad(CAST(abs($z) // 60 AS VARCHAR), 2, '0')"
    return _Piece(f"(CASE WHEN $z < 0 THEN '-' ELSE '+' END) || {hours}")


def _cased(words: str, case: str) -> str:
    if case == "title":
        return date_words.titled(words)
    return words if case == "upper" else f"lower({words})"


def _spelled(element: Element) -> str:
    """A number with TH, in words, or both: 05TH, FIVE, FIFTH."""
    if element.name not in _NUMBERS:
        raise UnsupportedSQL(f"TO_CHAR with the date format element {element.written}")
    # The element's own letters decide, whatever the suffix has: DDth is 05TH, Ddth is 05th.
    case = _case(element)
    own = element.written[: len(element.name)]
    expected = {"upper": str.upper, "lower": str.lower, "title": str.capitalize}[case]
    if len(own) == 1:
        own = element.written
    if expected(own) != own:
        raise UnsupportedSQL(f"TO_CHAR with the date format element {element.written}")
    number, _, most = _NUMBERS[element.name]
    if element.suffix == "TH":
        ending = date_words.ending(number)
        return f"{_number(element)} || {ending if case == 'upper' else f'lower({ending})'}"
    ordinal = element.suffix != "SP"
    text = date_words.words(number, most, ordinal=ordinal)
    if ordinal:
        zero = refused("the ordinal number of zero")
        text = f"(CASE WHEN {number} = 0 THEN {zero} ELSE {text} END)"
    return f"(CASE WHEN {number} IS NULL THEN NULL ELSE {_cased(text, case)} END)"
