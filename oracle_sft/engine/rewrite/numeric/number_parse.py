"""Text to NUMBER: implicit conversion, TO_NUMBER with and without a format."""

import re
from decimal import Decimal

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.numeric.number_format import Picture
from oracle_sft.engine.rewrite.terms import (
    MAX_PRECISION,
    OracleType,
    Term,
    failing,
    number_type,
    over,
    quoted,
)

_INVALID = "ORA-01722"
SCALE = 18
"""Decimals that a NUMBER made of text keeps where the text is not known while rewriting."""

_NUMBER = re.compile(r" *[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)? *")
_KEPT = r" *[+-]?([0-9]{1,20}(\.[0-9]{0,18})?|\.[0-9]{1,18}) *"
_ROUND_POWER = r" *[+-]?[0-9]{1,10}(\.[0-9]{0,8})?[eE]([+]?[0-9]|-[0-9]|-10) *"
OPEN = r"[\s]*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?[\s]*"


def parsed(text: str) -> Decimal | None:
    """The number that a text stands for in an implicit conversion, or None.

    Raises:
        UnsupportedSQL: white space other than blanks around it.
    """
    if _NUMBER.fullmatch(text):
        return numbers.oracle(Decimal(text.strip(" ")))
    if re.fullmatch(OPEN, text):
        raise UnsupportedSQL("the number in a text with tabs or line ends")
    return None


def from_text(term: Term, otherwise: Term | None = None) -> Term:
    """TO_NUMBER without a format; `otherwise` stands in for what is no number.

    Raises:
        OracleError: ORA-01722, without `otherwise`.
    """
    if isinstance(term.constant, str):
        value = parsed(term.constant)
        if value is not None:
            return numbers.literal(value)
        if otherwise is None:
            raise OracleError.of(_INVALID)
        return otherwise
    type_ = number_type(MAX_PRECISION, SCALE)
    known = f"CAST(trim($t) AS {type_.duckdb})"
    tests = [
        f"WHEN regexp_full_match($t, {quoted(_KEPT)}) THEN {known}",
        f"WHEN regexp_full_match($t, {quoted(_ROUND_POWER)}) THEN {known}",
        f"WHEN regexp_full_match($t, {quoted(OPEN)}) THEN "
        + _refused("the number in a text with many digits or unusual blanks", type_),
    ]
    done = _chosen(term, tests, type_, otherwise)
    if not term.is_simple:
        return done
    # Most texts are digits and a point: telling so is much faster than a regular expression.
    plain = f"strlen({term.sql}) <= {SCALE} AND NOT ({term.sql} GLOB '*[!0-9.-]*')"
    quick = f"CASE WHEN {plain} THEN TRY_CAST({term.sql} AS {type_.duckdb}) END"
    # Nothing but digits is even more frequent; what no BIGINT holds is NULL.
    whole = f"TRY_CAST(CASE WHEN NOT ({term.sql} GLOB '*[!0-9]*') THEN {term.sql} END AS BIGINT)"
    sql = (
        f"(CASE WHEN {whole} IS NOT NULL THEN CAST({whole} AS {type_.duckdb}) "
        f"WHEN {term.sql} IS NULL THEN NULL ELSE coalesce({quick}, {done.sql}) END)"
    )
    return Term(sql, done.type)


def _refused(what: str, type_: OracleType) -> str:
    return failing(f"unsupported: {what}", type_.duckdb)


def _chosen(term: Term, tests: list[str], type_: OracleType, otherwise: Term | None) -> Term:
    failed = failing(str(OracleError.of(_INVALID)), type_.duckdb)
    if otherwise is not None:
        common = numbers.common_type([type_, otherwise.type])
        if common.binary:
            raise UnsupportedSQL("DEFAULT .. ON CONVERSION ERROR with this many digits")
        failed, type_ = numbers.cast(otherwise, common), common
    body = f"(CASE WHEN $t IS NULL THEN NULL {' '.join(tests)} ELSE {failed} END)"
    sql = over({"t": term.sql}, body, simple=term.is_simple)
    return Term(f"CAST({sql} AS {type_.duckdb})", type_)


def with_format(term: Term, picture: Picture, otherwise: Term | None = None) -> Term:
    """TO_NUMBER(text, format).

    Raises:
        OracleError: ORA-01722, without `otherwise`.
        UnsupportedSQL: a text about which Oracle's documentation says nothing.
    """
    if picture.kind == "hexadecimal":
        return _from_hexadecimal(term, picture, otherwise)
    if picture.kind != "digits" or picture.shift or picture.blank_zero or picture.currency_behind:
        raise UnsupportedSQL("TO_NUMBER with this format")
    exact, open_ = _shapes(picture)
    if isinstance(term.constant, str):
        if re.fullmatch(exact, term.constant):
            return numbers.literal(_value(term.constant, picture))
        if re.fullmatch(open_, term.constant):
            raise UnsupportedSQL(f"TO_NUMBER of {term.constant!r} with this format")
        if otherwise is None:
            raise OracleError.of(_INVALID)
        return otherwise
    if picture.exponent:
        raise UnsupportedSQL("TO_NUMBER with EEEE of something other than a literal")
    type_ = number_type(len(picture.digits) + picture.decimals, picture.decimals)
    digits = f"regexp_replace($t, {quoted('[^0-9' + re.escape(picture.point) + ']')}, '', 'g')"
    if picture.point != ".":
        digits = f"replace({digits}, {quoted(picture.point)}, '.')"
    number = f"CAST({digits} AS {type_.duckdb})"
    negative = f"regexp_matches($t, {quoted(_NEGATIVE)})"
    number = f"(CASE WHEN {negative} THEN -{number} ELSE {number} END)"
    if picture.sign in ("", "S_") and not picture.currency and picture.point == ".":
        bare = f"replace($t, {quoted(picture.group)}, '')" if "," in picture.whole else "$t"
        number = f"CAST({bare} AS {type_.duckdb})"
    tests = [
        f"WHEN regexp_full_match($t, {quoted(exact)}) THEN {number}",
        f"WHEN regexp_full_match($t, {quoted(open_)}) "
        f"THEN {_refused('TO_NUMBER of a text that only resembles its format', type_)}",
    ]
    return _chosen(term, tests, type_, otherwise)


_NEGATIVE = "^ *[-<]|- *$"


def _value(text: str, picture: Picture) -> Decimal:
    negative = re.search(_NEGATIVE, text) is not None
    mantissa, _, power = text.partition("E") if picture.exponent else (text, "", "")
    digits = re.sub(f"[^0-9{re.escape(picture.point)}]", "", mantissa).replace(picture.point, ".")
    value = Decimal(digits).scaleb(int(power or 0))
    return -value if negative else value


def _shapes(picture: Picture) -> tuple[str, str]:
    """Regular expressions of the texts that certainly fit, and of those that may or may not."""
    point, group = re.escape(picture.point), re.escape(picture.group)
    currency = re.escape(picture.currency)
    whole = _grouped(picture.whole, group)
    fraction = ""
    if picture.fraction is not None and picture.decimals:
        fraction = f"({point}[0-9]{{1,{picture.decimals}}})?"
    bare = f"(({whole}){fraction}"
    if picture.fraction is not None and picture.decimals:
        bare += f"|{point}[0-9]{{1,{picture.decimals}}}"
    bare = f"{currency}{bare})"
    if picture.exponent:
        bare += "E[+-][0-9]{2,3}"
    signed = {
        "": f"-?{bare}",
        "S_": f"[+-]{bare}",
        "_S": f"{bare}[+-]",
        "MI": f"{bare}[- ]?",
        "PR": f"(<{bare}>|{bare} ?)",
    }[picture.sign]
    # Signs, blanks, currencies and group marks that Oracle may or may not ask for.
    most = len(picture.digits)
    loose_whole = rf"([0-9]{{0,{most}}}|{whole})"
    loose_fraction = "" if picture.fraction is None else f"({point}[0-9]{{0,{picture.decimals}}})?"
    exponent = "([eE][+-]?[0-9]{1,3})" if picture.exponent else ""
    loose = rf"\s*[<+-]?\s*({currency})?\s*[+-]?{loose_whole}{loose_fraction}{exponent}\s*[->+]?\s*"
    return f" *{signed}", loose


def _grouped(whole: str, group: str) -> str:
    """Digits with group marks exactly where the format has them, counted from the right."""
    first, *rest = whole.split(",")
    fits = f"[0-9]{{1,{len(first)}}}"
    choices = []
    sizes = [len(part) for part in rest]
    for start in range(len(sizes) + 1):
        behind = "".join(f"{group}[0-9]{{{size}}}" for size in sizes[start:])
        lead = fits if start == 0 else f"[0-9]{{1,{sizes[start - 1]}}}"
        choices.append(lead + behind)
    return "|".join(choices)


def _from_hexadecimal(term: Term, picture: Picture, otherwise: Term | None) -> Term:
    width = len(picture.whole)
    shape = f"[0-9A-Fa-f]{{1,{width}}}"
    if isinstance(term.constant, str):
        text = term.constant
        if re.fullmatch(shape, text):
            return numbers.literal(Decimal(int(text, 16)))
        if re.fullmatch(rf"\s*{shape}\s*", text):
            raise UnsupportedSQL("TO_NUMBER of a hexadecimal number with blanks")
        if otherwise is None:
            raise OracleError.of(_INVALID)
        return otherwise
    type_ = number_type(18 if width < 15 else 19)
    tests = [
        f"WHEN regexp_full_match($t, '{shape}') "
        f"THEN CAST(CAST(concat('0x', $t) AS BIGINT) AS {type_.duckdb})",
        rf"WHEN regexp_full_match($t, '\s*{shape}\s*') "
        f"THEN {_refused('TO_NUMBER of a hexadecimal number with blanks', type_)}",
    ]
    return _chosen(term, tests, type_, otherwise)
