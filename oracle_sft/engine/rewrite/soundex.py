"""SOUNDEX as Knuth describes it: letters with h or w between them count as adjacent."""

from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.terms import NULL_TERM, VARCHAR2, Term, once, quoted

_LETTERS = "ABCDEFGIJKLMNOPQRSTUVXYZ"  # without H and W
_CODES = "012301202245501262301202"
_EQUAL = "|".join(f"({digit}){digit}+" for digit in "123456")
_ONE_OF_THEM = "".join(rf"\{number}" for number in range(1, 7))
_UNSURE = (
    f"error({quoted('unsupported: SOUNDEX of signs between letters or letters beyond ASCII')})"
)


def _coded(letters: str) -> str:
    """SQL of the digits of letters: the first one's in front, equal neighbours as one."""
    first = f"translate({letters}[1], 'HW{_LETTERS}', '00{_CODES}')"
    rest = f"translate({letters}[2:], '{_LETTERS}HW', '{_CODES}')"
    digits = f"regexp_replace(concat({first}, {rest}), '{_EQUAL}', '{_ONE_OF_THEM}', 'g')"
    return f"rpad(left(replace({digits}[2:], '0', ''), 3), 3, '0')"


def _soundex(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return NULL_TERM
    # Where a sign between letters would matter, Oracle's answer is not documented.
    parted = "regexp_replace(upper(regexp_replace($s, '^[^A-Za-z]+', '')), '[^A-Z]', 'A', 'g')"
    signs = f"regexp_matches($s, '[A-Za-z][^A-Za-z]+[A-Za-z]') AND $c <> {_coded(parted)}"
    body = (
        f"(CASE WHEN strlen($s) <> length($s) THEN {_UNSURE} WHEN {signs} THEN {_UNSURE} "
        "WHEN $l <> '' THEN concat($l[1], $c) END)"
    )
    coded = once({"c": _coded("$l")}, body, variable="c")
    letters = "regexp_replace(upper($s), '[^A-Z]+', '', 'g')"
    sql = once({"s": text.sql}, once({"l": letters}, coded, variable="l"), variable="s")
    return Term(sql, VARCHAR2)


FUNCTIONS: dict[str, Function] = {"SOUNDEX": fixed(_soundex, 1)}
