"""Laying SQL out changes nothing but blanks."""

from oracle_sft.engine.layout import laid_out


def _words(sql: str) -> str:
    return "".join(sql.split())


def test_clauses_and_subqueries_get_lines_of_their_own() -> None:
    sql = (
        "SELECT a, 'FROM (SELECT' AS b, sum(c) OVER (ORDER BY d) FROM (SELECT 1 AS a WHERE a IS "
        'DISTINCT FROM 2) AS x LEFT JOIN "FROM" AS y ON (x.a = y.a) ORDER BY 1'
    )
    assert laid_out(sql).splitlines() == [
        "SELECT a, 'FROM (SELECT' AS b, sum(c) OVER (ORDER BY d)",
        "FROM (",
        "  SELECT 1 AS a",
        "  WHERE a IS DISTINCT FROM 2",
        ") AS x",
        'LEFT JOIN "FROM" AS y ON (x.a = y.a)',
        "ORDER BY 1",
    ]
    assert _words(laid_out(sql)) == _words(sql)


def test_text_keeps_its_blanks() -> None:
    assert laid_out("SELECT 'a  \n b' || \"c  d\"") == "SELECT 'a  \n b' || \"c  d\""
