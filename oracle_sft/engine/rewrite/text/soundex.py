"""SOUNDEX as Knuth describes it: letters with h or w between them count as adjacent."""

from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.terms import NULL_TERM, VARCHAR2, Term, over, quoted

_SOUNDS = {"BFPV": 1, "CGJKQSXZ": 2, "DT": 3, "L": 4, "MN": 5, "R": 6}
_PASSED_OVER = "[^A-GI-VX-Z]"  # signs, H and W
_UNSURE = (
    f"error({quoted('unsupported: SOUNDEX of signs between letters or letters beyond ASCII')})"
)


def _coded(text: str) -> str:
    """SQL of the digits of a text in capitals that begins with a letter."""
    # Unlike other H and W, the first letter is not passed over: it is as good as an A.
    first = f"regexp_replace({text}, '^[HW]', 'A')"
    return _digits(f"regexp_replace({first}, '{_PASSED_OVER}+', '', 'g')")


def _coded_letters(text: str) -> str:
    """The same of nothing but letters."""
    first = f"CASE WHEN left({text}, 1) IN ('H', 'W') THEN 'A' ELSE left({text}, 1) END"
    return _digits(f"concat({first}, replace(replace(substring({text}, 2), 'H', ''), 'W', ''))")


def _digits(sql: str) -> str:
    """Equal neighbours have one digit, and the first letter has none."""
    for letters, digit in _SOUNDS.items():
        sql = f"regexp_replace({sql}, '[{letters}]+', '{digit}', 'g')"
    return f"rpad(left(regexp_replace(substring({sql}, 2), '[A-Z]+', '', 'g'), 3), 3, '0')"


def _soundex(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return NULL_TERM
    start = "regexp_extract(upper($s), '(?s)[A-Z].*')"
    start = f"CASE WHEN $s GLOB '[A-Za-z]*' THEN upper($s) ELSE {start} END"
    # Where a sign between letters of one sound would matter, Oracle's answer is not documented.
    neighbours = "|".join(f"[{letters}]{_PASSED_OVER}+[{letters}]" for letters in _SOUNDS)
    parted = f"regexp_replace({start}, '[^A-Z]', 'A', 'g')"
    body = (
        "(CASE WHEN NOT ($s GLOB '*[!A-Za-z]*') "
        f"THEN upper(left($s, 1)) || {_coded_letters('upper($s)')} "
        f"WHEN strlen($s) <> length($s) THEN {_UNSURE} "
        f"WHEN regexp_matches(upper($s), '{neighbours}') AND {_coded(start)} <> {_coded(parted)} "
        f"THEN {_UNSURE} WHEN {start} <> '' THEN left({start}, 1) || {_coded(start)} END)"
    )
    return Term(over({"s": text.sql}, body, simple=text.is_simple), VARCHAR2)


FUNCTIONS: dict[str, Function] = {"SOUNDEX": fixed(_soundex, 1)}
