import pytest

from oracle_sft.sqltext.constructs import constructs


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT a FROM t", ""),
        ("SELECT a FROM t WHERE b = 'JOIN (+) SYSDATE' -- ROWNUM", ""),
        ("SELECT a FROM t, u WHERE t.id = u.id", "join"),
        ("SELECT a FROM t, u WHERE t.id = u.id(+)", "join outer_join"),
        ("SELECT a FROM t LEFT JOIN u ON t.id = u.id", "join outer_join"),
        ("SELECT a FROM t NATURAL JOIN u", "join"),
        ("SELECT a, COUNT(*) FROM t GROUP BY a HAVING COUNT(*) > 1", "aggregate group_by having"),
        ("SELECT SUM(a) FROM t GROUP BY ROLLUP(b)", "aggregate group_by grouping_sets"),
        ("SELECT SUM(a) OVER (ORDER BY b) FROM t", "analytic"),
        ("SELECT MAX(a) KEEP (DENSE_RANK FIRST ORDER BY b) FROM t", "keep"),
        ("SELECT LEVEL FROM dual CONNECT BY LEVEL <= 3", "hierarchy"),
        ("WITH x AS (SELECT 1 a FROM dual) SELECT a FROM x", "with"),
        (
            "WITH x(a) AS (SELECT 1 FROM dual UNION ALL SELECT a + 1 FROM x WHERE a < 3) "
            "SELECT a FROM x",
            "recursive_with set_operator with",
        ),
        ("SELECT a FROM t MINUS SELECT a FROM u", "set_operator"),
        ("(SELECT a FROM t) UNION (SELECT a FROM u)", "set_operator"),
        ("SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u)", "exists subquery"),
        ("SELECT a FROM t WHERE a IN (SELECT a FROM u)", "in_subquery subquery"),
        ("SELECT a FROM t WHERE a = (SELECT MAX(a) FROM u)", "aggregate scalar_subquery subquery"),
        ("SELECT a FROM (SELECT a FROM t) WHERE ROWNUM < 3", "inline_view rownum subquery"),
        ("SELECT DISTINCT a FROM t ORDER BY a", "distinct order_by"),
        ("(SELECT a FROM t)", ""),
        ("SELECT COUNT(DISTINCT a) FROM t", "aggregate"),
        ("SELECT a FROM t FETCH FIRST 3 ROWS ONLY", "row_limit"),
        ("SELECT * FROM t PIVOT (SUM(a) FOR b IN (1, 2))", "aggregate pivot"),
        ("SELECT CASE WHEN a = 1 THEN 2 END FROM t", "case"),
        ("SELECT DECODE(a, 1, 2) FROM t", "case"),
        ("SELECT a FROM t WHERE d > SYSDATE - 1", "date"),
        ("SELECT a FROM t WHERE d > DATE '2020-01-01'", "date"),
        ("SELECT d + INTERVAL '1' DAY FROM t", "date"),
        ("SELECT TO_CHAR(d, 'YYYY') FROM t", "conversion"),
        ("SELECT NVL(a, 0) FROM t WHERE b IS NOT NULL", "null_handling"),
        ("SELECT a || 'x' FROM t", "text"),
        ("SELECT a FROM t WHERE REGEXP_LIKE(a, 'b')", "regexp"),
        ("SELECT JSON_VALUE(a, '$.b') FROM t", "json"),
        ("SELECT LISTAGG(a, ',') WITHIN GROUP (ORDER BY a) FROM t", "aggregate listagg"),
        ("SELEC a FROM t", "unparsed"),
    ],
)
def test_constructs_come_from_the_tree(sql: str, expected: str) -> None:
    assert " ".join(constructs(sql)) == expected
