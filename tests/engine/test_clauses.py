"""What stands in a call's brackets and is no argument arrives as the tokens of a clause."""

import pytest
from sqlglot import exp

from oracle_sft.engine.result import UnsupportedSQL
from oracle_sft.engine.rewrite import clauses, tree


def _call(text: str) -> tuple[exp.Expr, list[str], list[str]]:
    """The call, its arguments and its clause, of an expression."""
    found = tree.parse_query(f"SELECT {text} AS v FROM t").expressions[0].this
    while not isinstance(found, exp.Anonymous):
        found = found.this
    arguments, tokens = clauses.split(found)
    shown = ["".join(map(tree.undisguised, node.sql("oracle"))) for node in arguments]
    return found, shown, [token.text for token in tokens]


@pytest.mark.parametrize(
    ("text", "arguments", "clause"),
    [
        ("JSON_VALUE(d, '$.a')", ["d", "'$.a'"], ""),
        (
            "JSON_VALUE(d, '$.a' RETURNING NUMBER(5,2) NULL ON ERROR)",
            ["d", "'$.a'"],
            "RETURNING NUMBER ( 5 , 2 ) NULL ON ERROR",
        ),
        ("JSON_VALUE(NULL, '$' DEFAULT 'x' ON EMPTY)", ["NULL", "'$'"], "DEFAULT 'x' ON EMPTY"),
        (
            "JSON_OBJECT(KEY 'a' VALUE 1, 'b':x ABSENT ON NULL)",
            ["'a'", "1", "'b'", "x"],
            "ABSENT ON NULL",
        ),
        ("JSON_OBJECT('a' : 1)", ["'a'", "1"], ""),
        ("JSON_ARRAY(RETURNING CLOB)", [], "RETURNING CLOB"),
        ("JSON_QUERY(d, '$' WITH WRAPPER)", ["d", "'$'"], "WITH WRAPPER"),
        (
            "LISTAGG(x, ',' ON OVERFLOW TRUNCATE) WITHIN GROUP (ORDER BY x)",
            ["x", "','"],
            "ON OVERFLOW TRUNCATE",
        ),
        (
            "TO_DATE(x DEFAULT NULL ON CONVERSION ERROR, 'YYYY')",
            ["x", "'YYYY'"],
            "DEFAULT NULL ON CONVERSION ERROR",
        ),
    ],
)
def test_a_clause_is_cut_off(text: str, arguments: list[str], clause: str) -> None:
    _, found, tokens = _call(text)
    assert (found, " ".join(tokens)) == (arguments, clause)


def test_a_clause_inside_of_another_call_stays_with_its_own() -> None:
    outer, _, tokens = _call("JSON_ARRAY(a, JSON_VALUE(b, '$' RETURNING DATE) NULL ON NULL)")
    assert tokens == ["NULL", "ON", "NULL"]
    inner = outer.expressions[1]
    assert [token.text for token in clauses.split(inner)[1]] == ["RETURNING", "DATE"]


def test_a_clause_behind_an_order_is_no_sort_key() -> None:
    call, _, tokens = _call("JSON_ARRAYAGG(x ORDER BY y DESC NULL ON NULL)")
    assert tokens == ["NULL", "ON", "NULL"]
    order = call.expressions[0]
    assert isinstance(order, exp.Order)
    assert len(order.expressions) == 1


def test_an_expression_of_a_clause_is_parsed_by_itself() -> None:
    node = tree.parse_expression("a + NVL(b, 1)")
    assert isinstance(node, exp.Add)
    assert tree.span(node) is None


def test_a_clause_that_nobody_reads_is_refused() -> None:
    call, _, _ = _call("TO_NUMBER(x DEFAULT 0 ON CONVERSION ERROR)")
    with pytest.raises(UnsupportedSQL, match="TO_NUMBER with DEFAULT 0"):
        clauses.refuse_clause(call, "TO_NUMBER")


def test_a_name_cannot_pose_as_a_mark() -> None:
    with pytest.raises(UnsupportedSQL, match="U\\+A51A"):
        tree.parse_query("SELECT \ua51a0 FROM t")
