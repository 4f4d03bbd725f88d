import pytest

from oracle_sft.sqltext.outermost import orders_outermost
from oracle_sft.sqltext.parse import SQLSyntaxError


@pytest.mark.parametrize(
    ("sql", "ordered"),
    [
        ("SELECT a FROM t ORDER BY a", True),
        ("(SELECT a FROM t ORDER BY a)", True),
        ("((SELECT a FROM t)) ORDER BY 1", True),
        ("SELECT a FROM t UNION SELECT b FROM u ORDER BY 1", True),
        ("SELECT a FROM t CONNECT BY PRIOR a = b ORDER SIBLINGS BY a", True),
        ("WITH q AS (SELECT a FROM t ORDER BY a) SELECT a FROM q", False),
        ("WITH q AS (SELECT a FROM t) SELECT a FROM q ORDER BY a", True),
        ("SELECT a FROM (SELECT a FROM t ORDER BY a) WHERE ROWNUM <= 3", False),
        ("SELECT ROW_NUMBER() OVER (ORDER BY a) FROM t", False),
        ("SELECT LISTAGG(a) WITHIN GROUP (ORDER BY a) FROM t", False),
        ("SELECT 'order by' FROM t -- order by a", False),
        ("(SELECT a FROM t ORDER BY a) UNION SELECT b FROM u", False),
        ("(SELECT a FROM t) UNION (SELECT b FROM u) ORDER BY 1", True),
        ("((SELECT a FROM t ORDER BY a)) FETCH FIRST 3 ROWS ONLY", True),
        ("SELECT LISTAGG(a, ',' ON OVERFLOW TRUNCATE) WITHIN GROUP (ORDER BY a) FROM t;", False),
        (
            "SELECT LISTAGG(a, ',' ON OVERFLOW TRUNCATE) WITHIN GROUP (ORDER BY a) FROM t ORDER BY 1",
            True,
        ),
        ("SELECT (SELECT MAX(b) FROM u ORDER BY 1) FROM t", False),
    ],
)
def test_orders_outermost(sql: str, ordered: bool) -> None:
    assert orders_outermost(sql) is ordered


@pytest.mark.parametrize(
    "sql", ["", "DROP TABLE t", "SELECT (a FROM t", "SELECT 1 FROM t; SELECT 2"]
)
def test_what_is_no_query_has_no_order(sql: str) -> None:
    with pytest.raises(SQLSyntaxError):
        orders_outermost(sql)
