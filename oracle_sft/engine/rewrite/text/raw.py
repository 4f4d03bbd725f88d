"""RAW: bytes, carried as their hexadecimal digits in upper case, which sort as the bytes do."""

import re

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.terms import RAW, VARCHAR2, Term, ora_error, over, quoted, refused

_INVALID = "ORA-01465"


def from_text(term: Term) -> Term:
    """Hexadecimal digits as a RAW; an odd number of them begins with half a byte.

    Raises:
        OracleError: ORA-01465, for a constant that has other characters.
    """
    if isinstance(term.constant, str):
        if not re.fullmatch(r"[0-9A-Fa-f]*", term.constant):
            raise OracleError.of(_INVALID)
        digits = term.constant.upper()
        return Term(quoted("0" * (len(digits) % 2) + digits), RAW)
    body = (
        f"(CASE WHEN NOT regexp_full_match($s, '[0-9A-Fa-f]*') THEN {ora_error(_INVALID)} "
        "WHEN length($s) % 2 = 1 THEN '0' || upper($s) ELSE upper($s) END)"
    )
    return Term(over({"s": term.sql}, body, simple=term.is_simple), RAW)


def as_text(term: Term) -> Term:
    """The digits, as RAWTOHEX and every implicit conversion give them."""
    return Term(term.sql, VARCHAR2)


def _hextoraw(arguments: list[Term]) -> Term:
    value = arguments[0]
    if value.is_null or value.type.family == "RAW":
        return value
    if not value.type.is_text:
        raise UnsupportedSQL(f"HEXTORAW of a {value.type.family}")
    return from_text(value)


def _rawtohex(arguments: list[Term]) -> Term:
    value = arguments[0]
    if value.type.family == "RAW":
        return as_text(value)
    if value.is_null:
        return value
    if not value.type.is_text or value.type.lob:
        raise UnsupportedSQL(f"RAWTOHEX of a {value.type.family}")
    return Term(f"hex({value.sql})", VARCHAR2)  # the bytes of the text itself


_HASHES = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256"}


def _standard_hash(arguments: list[Term]) -> Term:
    """STANDARD_HASH(text [, method]): of the bytes of the text."""
    value = arguments[0]
    method = arguments[1].constant if len(arguments) > 1 else "SHA1"
    if not isinstance(method, str):
        raise UnsupportedSQL("STANDARD_HASH with a method that is not a literal")
    if method.upper() not in _HASHES:
        raise UnsupportedSQL(f"STANDARD_HASH with the method {method!r}")
    if not value.type.is_text or value.type.lob:
        raise UnsupportedSQL(f"STANDARD_HASH of a {value.type.family}")
    unsure = refused("STANDARD_HASH of NULL")
    digest = f"upper({_HASHES[method.upper()]}($t))"
    body = f"(CASE WHEN $t IS NULL THEN {unsure} ELSE {digest} END)"
    return Term(over({"t": value.sql}, body, simple=value.is_simple), RAW)


def _nlssort(arguments: list[Term]) -> Term:
    """NLSSORT(text, 'NLS_SORT=BINARY'): its bytes and a zero behind them."""
    text = arguments[0]
    if text.is_null:
        return text
    if not text.type.is_text or text.type.lob:
        raise UnsupportedSQL(f"NLSSORT of a {text.type.family}")
    if len(arguments) > 1:
        setting = arguments[1].constant
        if not isinstance(setting, str) or setting.upper().replace(" ", "") != "NLS_SORT=BINARY":
            raise UnsupportedSQL("NLSSORT with a sort other than NLS_SORT=BINARY")
    return Term(f"(hex({text.sql}) || '00')", RAW)


FUNCTIONS: dict[str, Function] = {
    "HEXTORAW": fixed(_hextoraw, 1),
    "RAWTOHEX": fixed(_rawtohex, 1),
    "RAWTONHEX": fixed(_rawtohex, 1),
    "STANDARD_HASH": Function(_standard_hash, 1, 2),
    "NLSSORT": Function(_nlssort, 1, 2),
}
