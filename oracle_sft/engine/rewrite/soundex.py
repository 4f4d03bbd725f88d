"""SOUNDEX as Knuth describes it: letters with h or w between them count as adjacent."""

from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.terms import NULL_TERM, VARCHAR2, Term, once, quoted

_LETTERS = "ABCDEFGIJKLMNOPQRSTUVXYZ"  # without H and W
_CODES = "012301202245501262301202"
_UNSURE = (
    f"error({quoted('unsupported: SOUNDEX of signs between letters or letters beyond ASCII')})"
)


def _coded(letters: str) -> str:
    """SQL of the digits of letters: the first one's in front, equal neighbours as one."""
    first = f"translate({letters}[1], 'HW{_LETTERS}', '00{_CODES}')"
    rest = f"translate({letters}[2:], '{_LETTERS}HW', '{_CODES}')"
    digits = f"concat({first}, {rest})"
    for digit in "123456":
        digits = f"regexp_replace({digits}, '{digit}+', '{digit}', 'g')"
    return f"rpad(left(replace({digits}[2:], '0', ''), 3), 3, '0')"


def _soundex(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return NULL_TERM
    # Where a sign between letters would matter, Oracle's answer is not documented.
    letters = "regexp_replace(upper($s), '[^A-Z]', '', 'g')"
    parted = "regexp_replace(upper(regexp_replace($s, '^[^A-Za-z]+', '')), '[^A-Z]', 'A', 'g')"
    code = f"concat({letters}[1], {_coded(letters)})"
    body = (
        f"(CASE WHEN strlen($s) <> length($s) OR {_coded(letters)} <> {_coded(parted)} "
        f"THEN {_UNSURE} WHEN {letters} <> '' THEN {code} END)"
    )
    return Term(once({"s": text.sql}, body), VARCHAR2)


FUNCTIONS: dict[str, Function] = {"SOUNDEX": fixed(_soundex, 1)}
