import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.sqltext.lexer import blank_comments, line_and_column, literal_value, tokens


def kinds(sql: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokens(sql)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'plain'", "plain"),
        ("'it''s'", "it's"),
        ("''", ""),
        ("N'żółć'", "żółć"),
        ("q'[it's]'", "it's"),
        ("Q'{a'}b}'", "a'}b"),
        ("nq'<x>'", "x"),
        ("q'(o'k)'", "o'k"),
        ("q'Xit's xx;X'", "it's xx;"),
        ("q'!--;/*!'", "--;/*"),
        ("'two\nlines; --'", "two\nlines; --"),
        (r"'C:\'", "C:\\"),
    ],
)
def test_string_literals_end_where_oracle_ends_them(text: str, value: str) -> None:
    (token,) = tokens(text)
    assert token.kind == "string"
    assert literal_value(token) == value


@pytest.mark.parametrize("text", ["'open", "q'[open]", "q'!open'", '"open', "/* open", '""', "n'x"])
def test_what_has_no_end_is_one_bad_token(text: str) -> None:
    assert kinds("a " + text) == [("word", "a"), ("bad", text)]


@pytest.mark.parametrize("delimiter", [" ", "\t", "\r", "\n"])
def test_blanks_do_not_delimit_q_quotes(delimiter: str) -> None:
    assert kinds(f"q'{delimiter}a{delimiter}'")[0][0] == "bad"


def test_a_word_that_ends_in_q_is_no_prefix() -> None:
    assert kinds("seq'x'") == [("word", "seq"), ("string", "'x'")]


def test_comments_do_not_nest() -> None:
    assert kinds("1 /* /* */ , f -- */\n + 2") == [
        *[("number", "1"), ("op", ","), ("word", "f"), ("op", "+"), ("number", "2")]
    ]


def test_comment_marks_in_literals_are_text_and_quotes_in_comments_are_not() -> None:
    assert kinds("'--' -- it's\n'/*' /* ' */ x") == [
        *[("string", "'--'"), ("string", "'/*'"), ("word", "x")]
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.5e-3d", ["1.5e-3d"]),
        (".5", [".5"]),
        ("1..2", ["1", "..", "2"]),
        ("t.1", ["t", ".1"]),
        ("1e", ["1", "e"]),
        ("a@b", ["a", "@", "b"]),
        ("x$y#z_1", ["x$y#z_1"]),
        (":1 :name :ab#", [":1", ":name", ":ab#"]),
        ("a(+)=b", ["a", "(", "+", ")", "=", "b"]),
        ("a<>b!=c^=d", ["a", "<>", "b", "!=", "c", "^=", "d"]),
        ("x::y", ["x", "::", "y"]),
        ("f=>1", ["f", "=>", "1"]),
        ('"A b".c', ['"A b"', ".", "c"]),
        ("a\u00a0b", ["a", "\u00a0", "b"]),
    ],
)
def test_token_boundaries(text: str, expected: list[str]) -> None:
    assert [token.text for token in tokens(text)] == expected


def test_names_are_as_oracle_stores_them() -> None:
    assert [token.name for token in tokens('select "Mixed Case", dé')] == [
        *["SELECT", "Mixed Case", ",", "DÉ"]
    ]


def test_blanked_comments_keep_offsets_and_lines() -> None:
    sql = "SELECT /*+ h */ a -- x\n/* y\n z */ FROM t"
    blanked = blank_comments(sql)
    assert blanked == "SELECT" + " " * 10 + "a     \n    \n      FROM t"
    assert len(blanked) == len(sql)


def test_line_and_column_count_from_one() -> None:
    assert line_and_column("ab\ncd", 0) == (1, 1)
    assert line_and_column("ab\ncd", 4) == (2, 2)


@given(st.text(alphabet="abq'n[]{}<>()\"-/*\n ;:1.e@\u200b\x00é", max_size=60))
def test_tokens_cover_any_text_in_order(text: str) -> None:
    found = list(tokens(text, comments=True))
    done = 0
    for token in found:
        assert token.text == text[token.start : token.end]
        assert not text[done : token.start].strip(" \t\r\n\f\v")
        assert token.start >= done
        done = token.end
    assert not text[done:].strip(" \t\r\n\f\v")


@given(st.text(alphabet="ab'q-/*\n ;", max_size=60))
def test_blanking_comments_changes_no_other_token(text: str) -> None:
    blanked = blank_comments(text)
    assert len(blanked) == len(text)
    assert list(tokens(blanked)) == list(tokens(text))


@pytest.mark.parametrize("unit", ["q'!", "'", "/*", '"', "--", "nq'", "1e", "q'a b", "/*'", "("])
def test_linear_time_on_hostile_text(unit: str) -> None:
    start = time.perf_counter()
    for _ in tokens(unit * (100_000 // len(unit))):
        pass
    assert time.perf_counter() - start < 3
