"""Text functions against slow references written from Oracle's documentation."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.engine.result import Database, OracleError, Row, UnsupportedSQL
from tests.examples import examples

_quick = examples(40)
_texts = st.text(st.sampled_from("aabB-é '"), max_size=8)
_sets = st.text(st.sampled_from("abB-"), max_size=3)


def _row(database: Database, expressions: str, **values: object) -> Row:
    """The expressions over the values as columns, which are not known while rewriting."""
    columns = ", ".join(f"{_literal(value)} AS {name}" for name, value in values.items())
    return database.query(f"SELECT {expressions} FROM (SELECT {columns} FROM dual)").rows[0]


def _literal(value: object) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


def _padded(text: str, length: int, filler: str, *, left: bool) -> str | None:
    if not text or not filler or length < 1:
        return None
    missing = max(length - len(text), 0)
    fill = (filler * missing)[:missing]
    return (fill + text if left else text + fill)[:length]


@_quick
@given(text=_texts, length=st.integers(-2, 12), filler=_sets)
def test_padding(database: Database, text: str, length: int, filler: str) -> None:
    expected = (
        _padded(text, length, filler, left=True),
        _padded(text, length, filler, left=False),
        _padded(text, length, " ", left=True),
    )
    assert _row(
        database, "LPAD(s, n, f), RPAD(s, n, f), LPAD(s, n)", s=text, n=length, f=filler
    ) == (expected)
    found = _row(database, f"LPAD(s, {length}, f), RPAD(s, {length}, f)", s=text, f=filler)
    assert found == expected[:2]


@_quick
@given(text=_texts, letters=_sets)
def test_trimming(database: Database, text: str, letters: str) -> None:
    found = _row(database, "LTRIM(s, f), RTRIM(s, f), TRIM(s), LTRIM(s)", s=text, f=letters)
    cut = (text.lstrip(letters), text.rstrip(letters)) if letters else (None, None)
    assert found == (
        cut[0] or None,
        cut[1] or None,
        text.strip(" ") or None,
        text.lstrip(" ") or None,
    )


@_quick
@given(text=_texts, old=st.text(st.sampled_from("abB-"), min_size=1, max_size=4), new=_sets)
def test_translate(database: Database, text: str, old: str, new: str) -> None:
    mapping: dict[str, str] = {}
    for index, letter in enumerate(old):
        mapping.setdefault(letter, new[index : index + 1])
    expected = "".join(mapping.get(letter, letter) for letter in text) if new else None
    assert _row(database, "TRANSLATE(s, o, n)", s=text, o=old, n=new) == (expected or None,)


@_quick
@given(text=_texts, old=_sets, new=_sets)
def test_replace(database: Database, text: str, old: str, new: str) -> None:
    expected = text.replace(old, new) if old else text
    assert _row(database, "REPLACE(s, o, n)", s=text, o=old, n=new) == (expected or None,)


@_quick
@given(
    text=_texts,
    wanted=st.text(st.sampled_from("ab"), min_size=1, max_size=2),
    position=st.integers(-9, 9).filter(bool),
    nth=st.integers(1, 3),
)
def test_instr(database: Database, text: str, wanted: str, position: int, nth: int) -> None:
    last = len(text) + position
    begins = range(position - 1, len(text)) if position > 0 else range(last, -1, -1)
    places = [at + 1 for at in begins if text.startswith(wanted, at)]
    expected = (places[nth - 1] if len(places) >= nth else 0) if text else None
    found = _row(
        database,
        f"INSTR(s, w, p, n), INSTR(s, '{wanted}', {position}, {nth}), INSTR(s, w, {position}, n)",
        s=text,
        w=wanted,
        p=position,
        n=nth,
    )
    assert found == (expected, expected, expected)


@_quick
@given(text=_texts)
def test_initcap(database: Database, text: str) -> None:
    expected = re.sub(r"[^\W_]+", lambda word: word[0].capitalize(), text)
    assert _row(database, "INITCAP(s)", s=text) == (expected or None,)


_CODES = {
    letter: digit
    for digit, letters in enumerate(("", "BFPV", "CGJKQSXZ", "DT", "L", "MN", "R"))
    for letter in letters
}


def _sound(name: str) -> str:
    """By the steps of the documentation: codes, then neighbours, then vowels."""
    name = name.upper()
    coded = [(letter, _CODES.get(letter, 0)) for letter in name]
    kept = [coded[0]]
    last = coded[0][1]
    for letter, code in coded[1:]:
        if letter in "HW":
            continue
        if code and code != last:
            kept.append((letter, code))
        last = code
    return (kept[0][0] + "".join(str(code) for _, code in kept[1:]) + "000")[:4]


@_quick
@given(name=st.text(st.sampled_from("abcdfghiklmnprstwyz"), min_size=1, max_size=9))
def test_soundex(database: Database, name: str) -> None:
    assert _row(database, "SOUNDEX(s)", s=name) == (_sound(name),)


@_quick
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=5))
def test_unistr_undoes_asciistr(database: Database, text: str) -> None:
    (shown,) = _row(database, "ASCIISTR(s)", s=text)
    assert isinstance(shown, str)
    assert shown.isascii()
    assert _row(
        database, f"UNISTR({_literal(shown.replace(chr(92) + '005C', chr(92) * 2))})", d=1
    ) == (text,)


@_quick
@given(letter=st.characters(codec="utf-8", exclude_characters="\0"))
def test_chr_undoes_ascii(database: Database, letter: str) -> None:
    (code,) = _row(database, "ASCII(s)", s=letter)
    assert code == int.from_bytes(letter.encode())
    assert _row(database, f"CHR({code})", d=1) == (letter,)


@_quick
@given(text=_texts, pattern=st.text(st.sampled_from("aB%_!'"), max_size=5))
def test_like_with_escape(database: Database, text: str, pattern: str) -> None:
    parts = re.findall(r"![!%_]|[^!]", pattern)
    legal = "".join(parts) == pattern
    regex = "".join(
        re.escape(part[-1]) if part[0] == "!" else {"%": ".*", "_": "."}.get(part, re.escape(part))
        for part in parts
    )
    condition = "CASE WHEN s LIKE p ESCAPE '!' THEN 1 ELSE 0 END"
    if text and not legal:
        with pytest.raises(OracleError, match="ORA-01424"):
            _row(database, condition, s=text, p=pattern)
        return
    found = _row(database, condition, s=text, p=pattern)
    matched = bool(text and pattern and re.fullmatch(regex, text, re.DOTALL))
    assert found == (int(matched),)


@_quick
@given(text=_texts, size=st.integers(1, 10))
def test_cast_to_text(database: Database, text: str, size: int) -> None:
    columns = f"CAST(s AS VARCHAR2({size} CHAR)), CAST(s AS CHAR({size} CHAR))"
    short = text[:size]
    assert _row(database, columns, s=text) == ((short, short.ljust(size)) if text else (None, None))
    try:
        found = _row(database, f"CAST(s AS VARCHAR2({size}))", s=text)
    except UnsupportedSQL:
        assert not text.isascii()
        return
    assert found == (text.encode()[:size].decode() or None,)
