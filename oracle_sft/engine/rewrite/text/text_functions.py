"""Functions of text. '' never leaves one: it is NULL."""

from oracle_sft.engine.result import OracleError
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import (
    CLOB,
    NULL_TERM,
    VARCHAR2,
    OracleType,
    Term,
    failing,
    over,
    quoted,
)
from oracle_sft.engine.rewrite.text.positions import known_whole, whole_sql

_MAX_BYTES = 4000
_TOO_LONG = failing(str(OracleError.of("ORA-01489")), "DOUBLE")


def _simple(terms: list[Term]) -> bool:
    return all(term.is_simple for term in terms)


def _length(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    return numbers.whole_number(f"length({text.sql})") if not text.is_null else as_number(text)


def substr(arguments: list[Term]) -> Term:
    """SUBSTR: from 0 as from 1, from the end where the position is negative."""
    text, start = as_text(arguments[0]), as_number(arguments[1])
    count = as_number(arguments[2]) if len(arguments) > 2 else None
    if any(term.is_null for term in arguments):
        return NULL_TERM
    first = known_whole(start)
    num = known_whole(count) if count is not None else None
    if num is not None and num < 1:
        return NULL_TERM
    if first is not None and (count is None or num is not None):
        length = f", {num}" if num is not None else ""
        if first >= 0:
            return Term(f"nullif(substring({text.sql}, {max(first, 1)}{length}), '')", VARCHAR2)
        if text.is_simple:
            last = f"substring({text.sql}, {first}{length})"
            long_enough = f"length({text.sql}) >= {-first}"
            return Term(f"(CASE WHEN {long_enough} THEN {last} END)", VARCHAR2)
    begin = "CASE WHEN $p > 0 THEN $p WHEN $p = 0 THEN 1 ELSE length($s) + $p + 1 END"
    parts = {"s": text.sql, "p": whole_sql(start)}
    if count is None:
        found = f"substring($s, {begin})"
        fits = "$p >= -length($s)"
    else:
        parts["n"] = whole_sql(count)
        found = f"substring($s, {begin}, greatest($n, 0))"
        fits = "$p >= -length($s) AND $n >= 1"
    body = f"(CASE WHEN {fits} THEN nullif({found}, '') END)"
    return Term(over(parts, body, simple=_simple(arguments)), VARCHAR2)


def _replace(arguments: list[Term]) -> Term:
    text, old = as_text(arguments[0]), as_text(arguments[1])
    new = as_text(arguments[2]) if len(arguments) > 2 else NULL_TERM
    if text.is_null:
        return NULL_TERM
    if old.is_null:
        return Term(text.sql, VARCHAR2)
    by = "''" if new.is_null else f"coalesce({new.sql}, '')"
    if isinstance(old.constant, str):
        return Term(f"nullif(replace({text.sql}, {old.sql}, {by}), '')", VARCHAR2)
    body = "(CASE WHEN $o IS NULL THEN $s ELSE nullif(replace($s, $o, $n), '') END)"
    parts = {"s": text.sql, "o": old.sql, "n": by}
    return Term(over(parts, body, simple=_simple(arguments)), VARCHAR2)


def _translate(arguments: list[Term]) -> Term:
    text, old, new = (as_text(term) for term in arguments)
    if text.is_null or old.is_null or new.is_null:
        return NULL_TERM
    return Term(f"nullif(translate({text.sql}, {old.sql}, {new.sql}), '')", VARCHAR2)


def _concat(arguments: list[Term]) -> Term:
    return concatenated([part for part in map(as_text, arguments) if not part.is_null])


def concatenated(parts: list[Term]) -> Term:
    """`||` of what is not NULL for sure: NULLs are left out, only NULLs make NULL.

    More than 4000 bytes are ORA-01489, but for a CLOB.
    """
    if not parts:
        return NULL_TERM
    texts = [part.constant for part in parts]
    # CHAR and CHAR make CHAR, whose length no longer matters.
    fixed_ = all(part.type.family == "CHAR" for part in parts)
    type_ = OracleType("CHAR") if fixed_ else VARCHAR2
    if any(part.type.lob for part in parts):
        type_ = CLOB
    if all(isinstance(text, str) for text in texts):
        whole = "".join(map(str, texts))
        return Term(quoted(whole), type_, whole)
    if len(parts) == 1:
        return Term(parts[0].sql, type_)
    joined = f"concat({', '.join(part.sql for part in parts)})"
    sure = any(isinstance(text, str) for text in texts)
    sql = joined if sure else f"nullif({joined}, '')"
    if not type_.lob:
        # DuckDB computes what is written twice only once.
        sql = f"(CASE WHEN strlen({joined}) > {_MAX_BYTES} THEN CAST({_TOO_LONG} AS VARCHAR) ELSE {sql} END)"
    return Term(sql, type_)


def _to_clob(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    return text if text.is_null else Term(text.sql, CLOB, text.constant)


FUNCTIONS: dict[str, Function] = {
    "TO_CLOB": fixed(_to_clob, 1),
    "TO_NCLOB": fixed(_to_clob, 1),
    "LENGTH": fixed(_length, 1),
    "LENGTH4": fixed(_length, 1),
    "SUBSTR4": Function(substr, 2, 3),
    "SUBSTR": Function(substr, 2, 3),
    "REPLACE": Function(_replace, 2, 3),
    "TRANSLATE": fixed(_translate, 3),
    "CONCAT": fixed(_concat, 2),
}
