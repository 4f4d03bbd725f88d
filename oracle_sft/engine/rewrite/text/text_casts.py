"""CAST to VARCHAR2(n) and CHAR(n): text is cut to its size, a number must fit."""

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.terms import (
    NULL_TERM,
    VARCHAR2,
    OracleType,
    Term,
    char_type,
    ora_error,
    over,
    quoted,
    refused,
)

_MAX_SIZE = {False: 4000, True: 2000}
_BYTES = refused("CAST of text beyond ASCII to a size in bytes")


def to_text(value: Term, size: int, *, fixed: bool, in_characters: bool) -> Term:
    """The value as VARCHAR2(size) or, `fixed`, as CHAR(size).

    Raises:
        OracleError: ORA-00910 or ORA-01723 for the size, ORA-25137 for a number that does not fit.
    """
    if size > _MAX_SIZE[fixed]:
        raise OracleError.of("ORA-00910")
    if size == 0:
        raise OracleError.of("ORA-01723")
    text = as_text(value)
    if text.is_null:
        return NULL_TERM
    if isinstance(text.constant, str) and (in_characters or text.constant.isascii()):
        if len(text.constant) > size and not value.type.is_text:
            raise OracleError.of("ORA-25137")
        cut = text.constant[:size].ljust(size if fixed else 0)
        return Term(quoted(cut), char_type(size) if fixed else VARCHAR2, cut)
    measure = "length" if in_characters else "strlen"
    if value.type.family == "NUMBER":
        cut = ora_error("ORA-25137")
    elif not value.type.is_text:
        cut = refused(f"CAST of {value.type.family} to text that is too short for it")
    else:
        cut = f"substring($s, 1, {size})"
        if not in_characters:
            odd = f"strlen({cut}) <> {size}"  # a cut through a character leaves blanks
            cut = f"CASE WHEN {odd} THEN {_BYTES} ELSE {cut} END"
    whole = f"concat($s, repeat(' ', {size} - {measure}($s)))" if fixed else "$s"
    if fixed:
        whole = f"CASE WHEN $s IS NOT NULL THEN {whole} END"
    body = f"(CASE WHEN {measure}($s) > {size} THEN {cut} ELSE {whole} END)"
    # Padded to so many bytes, text is of no fixed length in characters.
    type_ = VARCHAR2 if not fixed else char_type(size) if in_characters else OracleType("CHAR")
    return Term(over({"s": text.sql}, body, simple=text.is_simple), type_)
