"""Which matches are certain: against engines that try every way."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.engine.result import Database, OracleError, UnsupportedSQL
from oracle_sft.engine.rewrite.patterns.pattern_match import (
    groups_are_clear,
    is_clear,
    may_be_empty,
)
from oracle_sft.engine.rewrite.patterns.pattern_syntax import Flags, Pattern, read_pattern
from tests.examples import examples

_quick = examples(60)
_atoms = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^b]", "\\w", "ab"])
_quantified = st.tuples(_atoms, st.sampled_from(["", "", "*", "+", "?", "{2}", "*?", "+?"])).map(
    "".join
)
_patterns = st.recursive(
    _quantified,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map("".join),
        st.tuples(inner, inner).map(lambda both: f"({both[0]}|{both[1]})"),
        st.tuples(inner, st.sampled_from(["", "?"])).map(lambda both: f"({both[0]}){both[1]}"),
    ),
    max_leaves=4,
)
_LETTERS = st.sampled_from("abc\n")


@st.composite
def _texts_for(draw: st.DrawFn, pattern: str) -> str:
    """A short text: any, or one with a match between other letters; few of the former have one."""
    if draw(st.booleans()):
        return draw(st.text(_LETTERS, min_size=1, max_size=7))
    before, behind = draw(st.text(_LETTERS, max_size=2)), draw(st.text(_LETTERS, max_size=2))
    match = draw(st.from_regex(pattern, fullmatch=True, alphabet="abc\n"))
    return f"{before}{match[:6]}{behind}" or "a"


def _tree(text: str) -> Pattern:
    return read_pattern(text, Flags())


def _ends(text: str, pattern: str, start: int) -> list[int]:
    """Every end that a match from here could have."""
    return [end for end in range(start, len(text) + 1) if _full(pattern, text, start, end)]


def _full(pattern: str, text: str, start: int, end: int) -> bool:
    return re.compile(pattern).fullmatch(text, start, end) is not None


def _is_clear_and_greedy(pattern: str) -> bool:
    return not re.search(r"[*+]\?", pattern) and is_clear(_tree(pattern))


@_quick
@given(pattern=_patterns.filter(_is_clear_and_greedy), data=st.data())
def test_a_clear_greedy_pattern_takes_the_longest_match(pattern: str, data: st.DataObject) -> None:
    text = data.draw(_texts_for(pattern))
    for start in range(len(text)):
        ends = _ends(text, pattern, start)
        found = re.compile(pattern).match(text, start)
        assert (found.end() if found else None) == (max(ends) if ends else None)


@_quick
@given(pattern=_patterns, data=st.data())
def test_the_functions_agree_with_one_list_of_matches(
    database: Database, pattern: str, data: st.DataObject
) -> None:
    text = data.draw(_texts_for(pattern))
    matches = [match for match in re.finditer(pattern, text)]
    literal = "'" + text.replace("\n", "' || CHR(10) || '") + "'"
    sql = (
        f"SELECT REGEXP_COUNT(s, '{pattern}') AS n, REGEXP_SUBSTR(s, '{pattern}', 1, 2) AS t, "
        f"REGEXP_INSTR(s, '{pattern}', 1, 2) AS i, REGEXP_INSTR(s, '{pattern}', 1, 1, 1) AS e, "
        f"REGEXP_REPLACE(s, '{pattern}', '#') AS r, REGEXP_REPLACE(s, '{pattern}', '#', 1, 2) AS q "
        f"FROM (SELECT {literal} AS s FROM dual)"
    )
    try:
        found = database.query(sql).rows[0]
    except UnsupportedSQL:
        assert not is_clear(_tree(pattern)) or may_be_empty(_tree(pattern), before_end=False)
        return
    second = matches[1] if len(matches) > 1 else None
    nth = text[: second.start()] + "#" + text[second.end() :] if second else text
    assert found == (
        len(matches),
        second[0] if second else None,
        second.start() + 1 if second else 0,
        matches[0].end() + 1 if matches else 0,
        re.sub(pattern, "#", text),
        nth,
    )


_greedy = st.lists(
    st.tuples(_atoms, st.sampled_from(["", "*", "+", "{2}"])).map("".join), min_size=1, max_size=2
).map("".join)
_parts = st.one_of(_greedy, st.tuples(_greedy, _greedy).map("|".join))


def _in_groups(parts: list[str]) -> str:
    return "".join(f"({part})" for part in parts)


def _are_clear(parts: list[str]) -> bool:
    tree = _tree(_in_groups(parts))
    return is_clear(tree) and groups_are_clear(tree)


@_quick
@given(parts=st.lists(_parts, min_size=2, max_size=3).filter(_are_clear), data=st.data())
def test_clear_subexpressions_are_the_leftmost_longest(
    parts: list[str], data: st.DataObject
) -> None:
    pattern = _in_groups(parts)
    text = data.draw(_texts_for(pattern))
    found = re.match(pattern, text)
    divisions = [
        ends
        for ends in itertools.combinations_with_replacement(range(len(text) + 1), len(parts))
        if all(
            _full(part, text, start, end)
            for part, start, end in zip(parts, (0, *ends), ends, strict=False)
        )
    ]
    longest = max(divisions, key=lambda ends: (ends[-1], ends), default=None)
    assert (tuple(end for _, end in found.regs[1:]) if found else None) == longest


@pytest.mark.parametrize(
    ("pattern", "clear"),
    [
        ("a|b", True),
        ("cat|dog|horse", True),
        ("a|ab", False),
        ("ab|a", True),
        ("(a|ab)c", True),
        ("(a|ab)(c|bcd)", True),
        ("(a|ab)(c|bcd)?", False),
        ("x*(xy)?", False),
        ("[a-z]+@[a-z]+(com|org)", True),
        ("(,|$)", True),
        (".*?,", True),
        (".*?,.*", False),
        ("^.*?,.*$", True),
        ("(a*)*", True),
    ],
)
def test_patterns_that_are_clear(pattern: str, clear: bool) -> None:
    assert is_clear(_tree(pattern)) is clear


@pytest.mark.parametrize(
    ("pattern", "clear"),
    [
        ("(.*)-(.*)", True),
        ("(a)|(b)", True),
        ("(a)|([ab])", False),
        ("^(.*?),(.*)$", True),
        ("^(.*?),(.*),(.*)$", False),
        ("(a|ab)(bc|c)", False),
        ("(a*)(a*)", True),
    ],
)
def test_patterns_whose_subexpressions_are_clear(pattern: str, clear: bool) -> None:
    assert groups_are_clear(_tree(pattern)) is clear


def test_a_pattern_that_is_too_large_to_decide_is_not_clear() -> None:
    assert not is_clear(_tree("(a|b){900}(c|d){900}"))


@given(text=st.text(st.sampled_from("ab()[]{}*+?|^$.\\-,:1 "), max_size=8))
def test_any_text_is_a_pattern_an_error_or_refused(text: str) -> None:
    try:
        read_pattern(text, Flags())
    except (OracleError, UnsupportedSQL):
        return
