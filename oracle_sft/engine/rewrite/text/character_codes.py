"""Characters as numbers and bytes, in AL32UTF8."""

import re

from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.convert import as_number, as_text
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.numeric import numbers
from oracle_sft.engine.rewrite.terms import NULL_TERM, VARCHAR2, Term, over, quoted, refused
from oracle_sft.engine.rewrite.text import instr
from oracle_sft.engine.rewrite.text.positions import known_whole, out_of_range, whole_sql
from oracle_sft.engine.rewrite.text.text_functions import substr


def _chr(arguments: list[Term]) -> Term:
    """The character whose bytes the number has: 50089 is é."""
    if arguments[0].is_null:
        return NULL_TERM
    code = known_whole(as_number(arguments[0]))
    if code is None:
        error = refused("CHR of a computed number beyond 127")
        body = f"(CASE WHEN $n < 1 OR $n > 127 THEN {error} ELSE chr(CAST($n AS INTEGER)) END)"
        sql = over({"n": whole_sql(arguments[0])}, body, simple=arguments[0].is_simple)
        return Term(sql, VARCHAR2)
    if code < 0:
        raise out_of_range(code)
    try:
        letter = code.to_bytes((code.bit_length() + 7) // 8 or 1).decode()
    except UnicodeDecodeError:
        letter = ""
    if len(letter) != 1 or letter == "\0":
        raise UnsupportedSQL(f"CHR({code}), which is no character of AL32UTF8")
    return Term(f"chr({ord(letter)})", VARCHAR2, letter)


def _nchr(arguments: list[Term]) -> Term:
    code = known_whole(as_number(arguments[0]))
    if arguments[0].is_null:
        return NULL_TERM
    if code is None or not 0 < code < 0xD800:
        raise UnsupportedSQL("NCHR of something other than a literal of a plain character")
    return Term(f"chr({code})", VARCHAR2, chr(code))


def _ascii(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return as_number(NULL_TERM)
    # The bytes of the first character, read as one number.
    low = "(128 + $u % 64)"
    two = f"(192 + $u // 64) * 256 + {low}"
    middle = "(128 + $u // 64 % 64) * 256"
    three = f"(224 + $u // 4096) * 65536 + {middle} + {low}"
    four = f"(240 + $u // 262144) * 16777216 + (128 + $u // 4096 % 64) * 65536 + {middle} + {low}"
    body = (
        f"(CASE WHEN $u < 128 THEN $u WHEN $u < 2048 THEN {two} "
        f"WHEN $u < 65536 THEN {three} ELSE {four} END)"
    )
    code = f"CAST(unicode({text.sql}) AS BIGINT)"
    return numbers.whole_number(over({"u": code}, body, simple=text.is_simple))


_UNIT = re.compile(r"\\(\\|[0-9a-fA-F]{4}|)")


def _unistr(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return NULL_TERM
    if not isinstance(text.constant, str):
        raise UnsupportedSQL("UNISTR of something other than a literal")

    def read(match: re.Match[str]) -> str:
        if not match[1]:
            raise OracleError.of("ORA-30186")
        return "\\" if match[1] == "\\" else chr(int(match[1], 16))

    units = _UNIT.sub(read, text.constant)
    try:
        shown = units.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise UnsupportedSQL("UNISTR of half a surrogate pair") from None
    if "\0" in shown:
        raise UnsupportedSQL("UNISTR with the character 0")
    return Term(quoted(shown), VARCHAR2, shown)


def _asciistr(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return NULL_TERM
    high = "printf('\\%04X\\%04X', 55296 + (unicode(e) - 65536) // 1024, 56320 + unicode(e) % 1024)"
    escaped = f"CASE WHEN unicode(e) > 65535 THEN {high} ELSE printf('\\%04X', unicode(e)) END"
    each = f"CASE WHEN unicode(e) < 128 AND e <> '\\' THEN e ELSE {escaped} END"
    letters = "string_split($s, '')"
    changed = f"array_to_string(list_transform({letters}, lambda e: {each}), '')"
    plain = "strlen($s) = length($s) AND NOT contains($s, '\\')"
    body = f"(CASE WHEN {plain} THEN $s ELSE {changed} END)"
    return Term(over({"s": text.sql}, body, simple=text.is_simple), VARCHAR2)


def _lengthb(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    return numbers.whole_number(f"strlen({text.sql})") if not text.is_null else as_number(text)


def _ascii_text(name: str, term: Term) -> Term:
    """The text, in which bytes are characters."""
    text = as_text(term)
    if text.is_null or (isinstance(text.constant, str) and text.constant.isascii()):
        return text
    error = refused(f"{name} of text beyond ASCII")
    body = f"(CASE WHEN strlen($s) <> length($s) THEN {error} ELSE $s END)"
    return Term(over({"s": text.sql}, body, simple=text.is_simple), text.type)


def _substrb(arguments: list[Term]) -> Term:
    return substr([_ascii_text("SUBSTRB", arguments[0]), *arguments[1:]])


def _instrb(arguments: list[Term]) -> Term:
    texts = [_ascii_text("INSTRB", argument) for argument in arguments[:2]]
    return instr.FUNCTIONS["INSTR"].write([*texts, *arguments[2:]])


def _reverse(arguments: list[Term]) -> Term:
    """Not documented, and of bytes: only where a character is a byte."""
    if not arguments[0].type.is_text and not arguments[0].is_null:
        raise UnsupportedSQL(f"REVERSE of a {arguments[0].type.family}")
    text = _ascii_text("REVERSE", arguments[0])
    return NULL_TERM if text.is_null else Term(f"reverse({text.sql})", text.type)


_BASES = {8: "%o", 10: "%d", 16: "%x"}


def _dump(arguments: list[Term]) -> Term:
    value = arguments[0]
    base = known_whole(as_number(arguments[1])) if len(arguments) > 1 else 10
    if not value.type.is_text or base not in _BASES or value.is_null:
        raise UnsupportedSQL("DUMP of anything but text in base 8, 10 or 16")
    kind = 96 if value.type.family == "CHAR" else 1
    pairs = "list_transform(range(1, strlen($s) + 1), lambda i: substring(hex($s), 2 * i - 1, 2))"
    shown = f"printf('{_BASES[base]}', CAST('0x' || h AS INTEGER))"
    bytes_ = f"array_to_string(list_transform({pairs}, lambda h: {shown}), ',')"
    body = (
        f"(CASE WHEN $s IS NULL THEN 'NULL' "
        f"ELSE concat('Typ={kind} Len=', strlen($s), ': ', {bytes_}) END)"
    )
    return Term(over({"s": value.sql}, body, simple=value.is_simple), VARCHAR2)


def _vsize(arguments: list[Term]) -> Term:
    value = arguments[0]
    if value.is_null or value.type.is_text:
        return _lengthb(arguments)
    if value.type.family != "DATE":
        raise UnsupportedSQL(f"VSIZE of a {value.type.family}")
    return numbers.whole_number(f"(CASE WHEN {value.sql} IS NOT NULL THEN 7 END)")


FUNCTIONS: dict[str, Function] = {
    "CHR": fixed(_chr, 1),
    "NCHR": fixed(_nchr, 1),
    "ASCII": fixed(_ascii, 1),
    "UNISTR": fixed(_unistr, 1),
    "ASCIISTR": fixed(_asciistr, 1),
    "LENGTHB": fixed(_lengthb, 1),
    "SUBSTRB": Function(_substrb, 2, 3),
    "INSTRB": Function(_instrb, 2, 4),
    "REVERSE": fixed(_reverse, 1),
    "DUMP": Function(_dump, 1, 2),
    "VSIZE": fixed(_vsize, 1),
}
