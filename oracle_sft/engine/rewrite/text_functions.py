"""Functions of text. '' never leaves one: it is NULL."""

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite import numbers
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.positions import known_whole, whole_sql
from oracle_sft.engine.rewrite.terms import (
    NULL_TERM,
    VARCHAR2,
    OracleType,
    Term,
    over,
    quoted,
    text_literal,
)


def _simple(terms: list[Term]) -> bool:
    return all(term.is_simple for term in terms)


def _upper(arguments: list[Term]) -> Term:
    return _cased("upper", arguments)


def _lower(arguments: list[Term]) -> Term:
    return _cased("lower", arguments)


def _cased(function: str, arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return text
    if isinstance(text.constant, str) and text.constant.isascii():
        changed = text.constant.upper() if function == "upper" else text.constant.lower()
        return Term(quoted(changed), text.type, changed)
    return Term(f"{function}({text.sql})", text.type)


def _initcap(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return text
    words = f"regexp_extract_all(lower({text.sql}), '[\\p{{L}}\\p{{N}}]+|[^\\p{{L}}\\p{{N}}]+')"
    sql = f"array_to_string(list_transform({words}, lambda w: concat(upper(w[1]), w[2:])), '')"
    return Term(sql, text.type)


def _length(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    return numbers.whole_number(f"length({text.sql})") if not text.is_null else as_number(text)


def _lengthb(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    return numbers.whole_number(f"strlen({text.sql})") if not text.is_null else as_number(text)


def _substr(arguments: list[Term]) -> Term:
    text, start = as_text(arguments[0]), as_number(arguments[1])
    count = as_number(arguments[2]) if len(arguments) > 2 else None
    if any(term.is_null for term in arguments):
        return NULL_TERM
    first = known_whole(start)
    num = known_whole(count) if count is not None else None
    if num is not None and num < 1:
        return NULL_TERM
    if first is not None and first >= 0 and (count is None or num is not None):
        length = f", {num}" if num is not None else ""
        return Term(f"nullif(substring({text.sql}, {max(first, 1)}{length}), '')", VARCHAR2)
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


def _instr(arguments: list[Term]) -> Term:
    text, wanted = as_text(arguments[0]), as_text(arguments[1])
    if any(term.is_null for term in arguments):
        return as_number(NULL_TERM)
    position = known_whole(as_number(arguments[2])) if len(arguments) > 2 else 1
    occurrence = known_whole(as_number(arguments[3])) if len(arguments) > 3 else 1
    if not position or occurrence is None:
        raise UnsupportedSQL("INSTR from a position that is 0 or not a literal")
    if occurrence < 1:
        raise OracleError("ORA-01428", f"argument '{occurrence}' is out of range")
    if (position, occurrence) == (1, 1):
        return numbers.whole_number(f"instr({text.sql}, {wanted.sql})")
    # Occurrences may overlap, so that each position is tried.
    last = "length($s) - length($w) + 1"
    if position > 0:
        places = f"range({position}, {last} + 1)"
    else:
        places = f"range(least({last}, length($s) + {position} + 1), 0, -1)"
    found = f"list_filter({places}, lambda i: substring($s, i, length($w)) = $w)[{occurrence}]"
    body = f"(CASE WHEN $s IS NULL OR $w IS NULL THEN NULL ELSE coalesce({found}, 0) END)"
    sql = over({"s": text.sql, "w": wanted.sql}, body, simple=False)
    return numbers.whole_number(sql)


def _pad(function: str, arguments: list[Term]) -> Term:
    text, length = as_text(arguments[0]), as_number(arguments[1])
    filler = as_text(arguments[2]) if len(arguments) > 2 else text_literal(" ")
    if any(term.is_null for term in arguments):
        return NULL_TERM
    size = known_whole(length)
    if size is not None and size < 1:
        return NULL_TERM
    if size is not None and size > 4000:
        raise UnsupportedSQL(f"{function.upper()} to more than 4000 characters")
    count = str(size) if size is not None else f"CAST(greatest({whole_sql(length)}, 0) AS INTEGER)"
    sql = f"{function}({text.sql}, {count}, {filler.sql})"
    return Term(sql if size is not None else f"nullif({sql}, '')", VARCHAR2)


def _lpad(arguments: list[Term]) -> Term:
    return _pad("lpad", arguments)


def _rpad(arguments: list[Term]) -> Term:
    return _pad("rpad", arguments)


def trimmed(text: Term, character: Term, position: str) -> Term:
    """TRIM: one character, at the ends that `position` names."""
    if text.is_null or character.is_null:
        return NULL_TERM
    if not isinstance(character.constant, str):
        raise UnsupportedSQL("TRIM of a character that is not a literal")
    if len(character.constant) != 1:
        raise OracleError("ORA-30001", "trim set should have only one character")
    function = {"LEADING": "ltrim", "TRAILING": "rtrim", "BOTH": "trim"}[position]
    return Term(f"nullif({function}({text.sql}, {quoted(character.constant)}), '')", VARCHAR2)


def _strip(function: str, arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    characters = as_text(arguments[1]) if len(arguments) > 1 else text_literal(" ")
    if text.is_null or characters.is_null:
        return NULL_TERM
    return Term(f"nullif({function}({text.sql}, {characters.sql}), '')", VARCHAR2)


def _ltrim(arguments: list[Term]) -> Term:
    return _strip("ltrim", arguments)


def _rtrim(arguments: list[Term]) -> Term:
    return _strip("rtrim", arguments)


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
    """`||` of what is not NULL for sure: NULLs are left out, only NULLs make NULL."""
    if not parts:
        return NULL_TERM
    texts = [part.constant for part in parts]
    # CHAR and CHAR make CHAR, whose length no longer matters.
    fixed_ = all(part.type.family == "CHAR" for part in parts)
    type_ = OracleType("CHAR") if fixed_ else VARCHAR2
    if all(isinstance(text, str) for text in texts):
        whole = "".join(map(str, texts))
        return Term(quoted(whole), type_, whole)
    if len(parts) == 1:
        return Term(parts[0].sql, type_)
    joined = f"concat({', '.join(part.sql for part in parts)})"
    sure = any(isinstance(text, str) for text in texts)
    return Term(joined if sure else f"nullif({joined}, '')", type_)


def _chr(arguments: list[Term]) -> Term:
    code = known_whole(as_number(arguments[0]))
    if code is None or not 0 < code < 128:
        raise UnsupportedSQL("CHR of something other than a literal from 1 to 127")
    return (
        Term(f"chr({code})", VARCHAR2, chr(code)) if code > 31 else Term(f"chr({code})", VARCHAR2)
    )


def _ascii(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return as_number(NULL_TERM)
    other = f"error({quoted('unsupported: ASCII of a character beyond 127')})"
    body = f"(CASE WHEN unicode($s) > 127 THEN {other} ELSE unicode($s) END)"
    return numbers.whole_number(over({"s": text.sql}, body, simple=text.is_simple))


FUNCTIONS: dict[str, Function] = {
    "UPPER": fixed(_upper, 1),
    "LOWER": fixed(_lower, 1),
    "INITCAP": fixed(_initcap, 1),
    "LENGTH": fixed(_length, 1),
    "LENGTHB": fixed(_lengthb, 1),
    "SUBSTR": Function(_substr, 2, 3),
    "INSTR": Function(_instr, 2, 4),
    "LPAD": Function(_lpad, 2, 3),
    "RPAD": Function(_rpad, 2, 3),
    "LTRIM": Function(_ltrim, 1, 2),
    "RTRIM": Function(_rtrim, 1, 2),
    "REPLACE": Function(_replace, 2, 3),
    "TRANSLATE": fixed(_translate, 3),
    "CONCAT": fixed(_concat, 2),
    "CHR": fixed(_chr, 1),
    "ASCII": fixed(_ascii, 1),
}
