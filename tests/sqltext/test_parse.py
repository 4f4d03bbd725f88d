import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlglot import exp

from oracle_sft.sqltext.lexer import tokens
from oracle_sft.sqltext.parse import SQLSyntaxError, parse, parse_tokens


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a FROM t",
        "SELECT a FROM t;",
        "SELECT a FROM t\n/",
        "SELECT a FROM t;\n/\n-- done\n",
        "WITH q AS (SELECT 1 a FROM dual) SELECT a FROM q",
        "(SELECT a FROM t)",
        "SELECT a FROM t UNION ALL SELECT b FROM u MINUS SELECT c FROM v",
        "SELECT a FROM t ORDER /* two words */ BY a",
        "SELECT a FROM t WHERE a ^= 1 AND b = :1",
        "SELECT q'[it's]' FROM dual",
        "SELECT e.a FROM e, d WHERE e.id(+) = d.id",
    ],
)
def test_one_query_is_parsed(sql: str) -> None:
    assert isinstance(parse(sql), exp.Query)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("", "no SQL statement (line 1, column 1)"),
        (" -- nothing", "no SQL statement (line 1, column 1)"),
        (";", "no SQL statement (line 1, column 1)"),
        ("SELECT 1 FROM dual; SELECT 2 FROM dual", "more than one statement (line 1, column 19)"),
        ("DELETE FROM t", "expected SELECT or WITH, found 'DELETE' (line 1, column 1)"),
        ("TABLE t", "expected SELECT or WITH, found 'TABLE' (line 1, column 1)"),
        ("SELECT a\nFROM t\nWHERE b = 'x", "string literal without its end (line 3, column 11)"),
        ('SELECT "a', "quoted name without its end (line 1, column 8)"),
        ("SELECT a /* x", "comment without its end (line 1, column 10)"),
        ('SELECT ""', "empty quoted name (line 1, column 8)"),
        (
            'SELECT "a""b" FROM t',
            "a quoted name may not contain a double quote (line 1, column 11)",
        ),
        ("SELECT 1 {# x #} FROM t", "unexpected '{' (line 1, column 10)"),
        ("SELECT a\nFROM t WHERE (b = 1", "Expecting ) near '1' (line 2, column 19)"),
    ],
)
def test_errors_say_what_and_where(sql: str, message: str) -> None:
    with pytest.raises(SQLSyntaxError) as raised:
        parse(sql)
    assert str(raised.value) == message


@pytest.mark.parametrize("unit", ["(", "not ", "- ", "case when 1=1 then "])
def test_deep_nesting_is_a_syntax_error(unit: str) -> None:
    with pytest.raises(SQLSyntaxError):
        parse("SELECT " + unit * 5000 + "1 FROM dual")


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        *[("STRUCT(", 60), ("OBJECT(", 60), ("UNION(", 60), ("(FROM t,", 60), ("JOIN t ", 60)],
        *[("FROM t,", 7000), ("(a,", 7000), ("a, ", 70_000)],
    ],
)
def test_what_the_parser_cannot_bear_is_refused_before_it(unit: str, count: int) -> None:
    # Each of these crashes the compiled parser or keeps it busy for ever.
    for start in ("SELECT ", "SELECT a FROM t "):
        with pytest.raises(SQLSyntaxError):
            parse(start + unit * count)


def test_many_joins_are_no_problem() -> None:
    joins = " ".join(f"JOIN u{n} ON t.a = u{n}.a CROSS JOIN v{n}" for n in range(60))
    assert isinstance(parse(f"SELECT 1 FROM t {joins}"), exp.Query)


def test_numbered_binds_come_back_as_numbers() -> None:
    names = [
        bind.name for bind in parse("SELECT :12, :x FROM t WHERE a = :0").find_all(exp.Placeholder)
    ]
    assert sorted(names) == ["0", "12", "x"]


def test_positions_are_offsets_into_the_original_text() -> None:
    sql = "SELECT /* c */ x,\n -- d\n yy FROM t"
    found = {column.name: column.this.meta["start"] for column in parse(sql).find_all(exp.Column)}
    assert found == {"x": sql.index("x"), "yy": sql.index("yy")}


@given(st.text(alphabet="SELCTFROMselctfrom ()*,'\"-/;:1a=\n{}", max_size=40))
def test_only_our_error_is_raised(text: str) -> None:
    for prefix in ("", "SELECT ", "SELECT a FROM "):
        with contextlib.suppress(SQLSyntaxError):
            assert isinstance(parse(prefix + text), exp.Query)


def test_changed_tokens_are_what_is_parsed() -> None:
    sql = "SELECT ROUND(a) FROM t"
    changed = [
        token._replace(text="XOUND") if token.text == "ROUND" else token for token in tokens(sql)
    ]
    assert parse_tokens(sql, changed).selects[0].name == "XOUND"
