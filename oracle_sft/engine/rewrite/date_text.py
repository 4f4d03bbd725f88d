"""TO_CHAR of dates, natively: a constant format becomes strftime and what strftime does not know."""

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import date_format, date_parse
from oracle_sft.engine.rewrite.date_format import Element
from oracle_sft.engine.rewrite.terms import VARCHAR2, Term, over, quoted

DEFAULT_FORMAT = "DD-MON-RR"
"""NLS_DATE_FORMAT."""

# Elements that strftime writes as Oracle does, padded with zeros.
_STRFTIME = {
    "YYYY": "%Y",
    "RRRR": "%Y",
    "YY": "%y",
    "RR": "%y",
    "MM": "%m",
    "DD": "%d",
    "DDD": "%j",
    "HH24": "%H",
    "HH12": "%I",
    "HH": "%I",
    "MI": "%M",
    "SS": "%S",
    "IYYY": "%G",
    "IW": "%V",
}
# As numbers, for FM and for what strftime lacks, with the width that zeros fill.
_NUMBERS = {
    "YYYY": ("year($d)", 4),
    "RRRR": ("year($d)", 4),
    "YYY": ("year($d) % 1000", 3),
    "YY": ("year($d) % 100", 2),
    "RR": ("year($d) % 100", 2),
    "Y": ("year($d) % 10", 1),
    "IYYY": ("isoyear($d)", 4),
    "IYY": ("isoyear($d) % 1000", 3),
    "IY": ("isoyear($d) % 100", 2),
    "I": ("isoyear($d) % 10", 1),
    "MM": ("month($d)", 2),
    "DD": ("day($d)", 2),
    "DDD": ("dayofyear($d)", 3),
    "D": ("(dayofweek($d) + 1)", 1),
    "J": ("(CAST($d AS DATE) - DATE '1970-01-01' + 2440588)", 7),
    "Q": ("quarter($d)", 1),
    "WW": ("((dayofyear($d) - 1) // 7 + 1)", 2),
    "W": ("((day($d) - 1) // 7 + 1)", 1),
    "IW": ("week($d)", 2),
    "HH24": ("hour($d)", 2),
    "HH12": ("((hour($d) + 11) % 12 + 1)", 2),
    "HH": ("((hour($d) + 11) % 12 + 1)", 2),
    "MI": ("minute($d)", 2),
    "SS": ("second($d)", 2),
    "SSSSS": ("(hour($d) * 3600 + minute($d) * 60 + second($d))", 5),
    "CC": ("((year($d) + 99) // 100)", 2),
}
_NAMES = {"MONTH": ("%B", 9), "MON": ("%b", 0), "DAY": ("%A", 9), "DY": ("%a", 0)}
_MERIDIANS = {"AM": "", "PM": "", "A.M.": ".", "P.M.": "."}
_ROMAN = "['I','II','III','IV','V','VI','VII','VIII','IX','X','XI','XII']"


def to_char(term: Term, format_: str) -> Term:
    """TO_CHAR(date, format).

    Raises:
        OracleError: ORA-01821.
        UnsupportedSQL: an element that is not known here, by name.
    """
    pieces: list[str] = []
    plain = ""
    for element in date_format.read(format_):
        known = _strftime(element)
        if known is not None:
            plain += known
            continue
        if plain:
            pieces.append(f"strftime($d, {quoted(plain)})")
            plain = ""
        pieces.append(_piece(element, term))
    if plain:
        pieces.append(f"strftime($d, {quoted(plain)})")
    if not pieces:
        raise UnsupportedSQL("TO_CHAR with a format without elements")
    body = " || ".join(pieces)
    num_uses = body.count("$d")
    return Term(
        f"({over({'d': term.sql}, body, simple=term.is_simple or num_uses == 1)})", VARCHAR2
    )


def _strftime(element: Element) -> str | None:
    """The element as a part of a strftime format, or None."""
    if not element.name:
        return element.written.replace("%", "%%")
    if element.suffix:
        return None
    if element.fill and element.name in _STRFTIME:
        return _STRFTIME[element.name]
    directive, width = _NAMES.get(element.name, ("", 0))
    if directive and _case(element) == "title" and not (width and element.fill):
        return directive
    return None


def _case(element: Element) -> str:
    """upper, title or lower: the first two letters of the element decide."""
    first, second = element.written[0], element.written[1:2]
    if first.islower():
        return "lower"
    return "title" if second.islower() else "upper"


def _piece(element: Element, term: Term) -> str:
    name = element.name
    if element.suffix:
        return _ordinal(element)
    if name in _NAMES:
        directive, width = _NAMES[name]
        text = f"strftime($d, '{directive}')"
        case = _case(element)
        if case != "title":
            text = f"{case}({text})"
        return f"rpad({text}, {width}, ' ')" if width and element.fill else text
    if name in _NUMBERS:
        number, width = _NUMBERS[name]
        if name == "SSSSS" or not element.fill:
            width = 1 if not element.fill else width
        text = f"CAST({number} AS VARCHAR)"
        return f"lpad({text}, {width}, '0')" if width > 1 else text
    if name in _MERIDIANS:
        dot = _MERIDIANS[name]
        upper = _case(element) != "lower"
        am, pm = f"A{dot}M{dot}", f"P{dot}M{dot}"
        if not upper:
            am, pm = am.lower(), pm.lower()
        elif element.written[1:].strip(".").islower():
            raise UnsupportedSQL(f"TO_CHAR with the date format element {element.written}")
        return f"CASE WHEN hour($d) < 12 THEN '{am}' ELSE '{pm}' END".join("()")
    if name == "RM":
        text = f"{_ROMAN}[month($d)]"
        if _case(element) == "lower":
            text = f"lower({text})"
        return f"rpad({text}, 4, ' ')" if element.fill else text
    if name in ("AD", "A.D.", "BC", "B.C."):
        dot = "." if "." in name else ""
        return quoted(f"A{dot}D{dot}" if _case(element) != "lower" else f"a{dot}d{dot}")
    if name == "Y,YYY":
        return "CAST(year($d) // 1000 AS VARCHAR) || ',' || lpad(CAST(year($d) % 1000 AS VARCHAR), 3, '0')"
    if name == "SYYYY" and element.fill:
        return "' ' || strftime($d, '%Y')"
    if name.startswith("FF") and name != "FF":
        if term.type.family == "DATE":
            raise OracleError("ORA-01821", "date format not recognized")
        digits = int(name[2:])
        micros = "lpad(CAST(microsecond($d) % 1000000 AS VARCHAR), 6, '0')"
        if digits > 6:
            return f"rpad({micros}, {digits}, '0')"
        return f"substring({micros}, 1, {digits})"
    raise UnsupportedSQL(f"TO_CHAR with the date format element {element.written}")


def _ordinal(element: Element) -> str:
    """The day of the month with TH: 05TH, 1st."""
    if (
        element.name != "DD"
        or element.suffix != "TH"
        or element.written not in ("DDTH", "ddth", "Ddth")
    ):
        raise UnsupportedSQL(f"TO_CHAR with the date format element {element.written}")
    number, width = _NUMBERS[element.name]
    text = f"CAST({number} AS VARCHAR)"
    if element.fill:
        text = f"lpad({text}, {width}, '0')"
    ending = (
        "(CASE WHEN day($d) IN (11, 12, 13) THEN 'TH' WHEN day($d) % 10 = 1 THEN 'ST' "
        "WHEN day($d) % 10 = 2 THEN 'ND' WHEN day($d) % 10 = 3 THEN 'RD' ELSE 'TH' END)"
    )
    return f"{text} || {ending if element.written == 'DDTH' else f'lower({ending})'}"


to_date = date_parse.to_date
