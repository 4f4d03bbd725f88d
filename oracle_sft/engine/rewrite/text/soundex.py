"""SOUNDEX as Knuth describes it: letters with h or w between them count as adjacent."""

from oracle_sft.engine.rewrite.convert import as_text
from oracle_sft.engine.rewrite.function_table import Function, fixed
from oracle_sft.engine.rewrite.terms import NULL_TERM, VARCHAR2, Term, over, refused

_SOUNDS = ("BFPV", "CGJKQSXZ", "DT", "L", "MN", "R")
_VOWELS = "AEIOUY"
_CODES = "0" + "".join(
    str(next((i for i, sound in enumerate(_SOUNDS, start=1) if letter in sound), 0))
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
"""The code of no letter, and of each."""

_UNSURE = refused("SOUNDEX of signs between letters or letters beyond ASCII")
_CODED = "".join(_SOUNDS)
_PASSED_OVER = f"[^{_CODED}{_VOWELS}]"  # signs, H and W


def _run(sound: str) -> str:
    """Pattern of letters of one sound, and what is passed over among them."""
    return f"[{sound}][^{''.join(sorted({*_CODED, *_VOWELS} - {*sound}))}]*"


_RUN = "|".join(map(_run, _SOUNDS))
_REST = f"[^{_CODED}]*"


def _code(text: str, number: int) -> str:
    """SQL of the code of the first, second or third sound behind that of the first letter of a text in
    capitals.

    Nothing in the pattern has to be there, so that RE2 makes every part of it as long as it can.
    """
    before = f"^[^A-Z]*(?:{_RUN}|[A-Z]){_REST}" + f"(?:(?:{_RUN}){_REST})?" * (number - 1)
    letter = f"regexp_extract({text}, '{before}([{_CODED}]?)', 1)"
    # The last five bits of a letter are its number.
    return f"substring('{_CODES}', (ascii({letter}) & 31) + 1, 1)"


def _codes(text: str) -> str:
    return f"concat({', '.join(_code(text, number) for number in (1, 2, 3))})"


def _soundex(arguments: list[Term]) -> Term:
    text = as_text(arguments[0])
    if text.is_null:
        return NULL_TERM
    # Where a sign between letters of one sound would matter, Oracle's answer is not documented.
    neighbours = "|".join(f"[{sound}]{_PASSED_OVER}+[{sound}]" for sound in _SOUNDS)
    # Letters of either case in a pattern are four times as slow as a text in capitals.
    capitals = "upper($s)"
    parted = f"regexp_replace(regexp_extract({capitals}, '(?s)[A-Z].*'), '[^A-Z]', 'A', 'g')"
    near = f"$s GLOB '*[!A-Za-z]*' AND regexp_matches({capitals}, '{neighbours}')"
    codes = _codes(capitals)
    first = f"nullif(regexp_extract({capitals}, '[A-Z]'), '')"
    body = (
        f"(CASE WHEN strlen($s) <> length($s) THEN {_UNSURE} "
        f"WHEN {near} AND {codes} <> {_codes(parted)} THEN {_UNSURE} ELSE {first} || {codes} END)"
    )
    return Term(over({"s": text.sql}, body, simple=text.is_simple), VARCHAR2)


FUNCTIONS: dict[str, Function] = {"SOUNDEX": fixed(_soundex, 1)}
