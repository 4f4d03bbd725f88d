"""SQLite's SQL in Oracle's words, and what is refused by its name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.pairs.sqlite.kinds import Refused
from oracle_sft.pairs.sqlite.schema import convert
from oracle_sft.pairs.sqlite.statement import rewrite
from oracle_sft.sqltext.parse import parse
from tests.pairs.sqlite.shop import TABLES, rows

CATALOGUE = convert("shop", TABLES, rows(), {}).catalogue

REWRITTEN = {
    "LIMIT": (
        "SELECT name FROM singer ORDER BY age LIMIT 3",
        "SELECT name FROM singer ORDER BY age NULLS FIRST FETCH FIRST 3 ROWS ONLY",
    ),
    "LIMIT with OFFSET": (
        "SELECT id FROM singer ORDER BY id DESC LIMIT 1, 2",
        "SELECT id FROM singer ORDER BY id DESC OFFSET 1 ROWS FETCH FIRST 2 ROWS ONLY",
    ),
    "a text in double quotes": (
        'SELECT id FROM singer WHERE name = "Ann"',
        "SELECT id FROM singer WHERE name = 'Ann'",
    ),
    "a name in double quotes": (
        'SELECT "name" FROM singer WHERE "Age" > 3',
        "SELECT name FROM singer WHERE age > 3",
    ),
    "backticks and a name with blanks": (
        "SELECT `Song Name` FROM concert",
        'SELECT "Song Name" FROM concert',
    ),
    "a reserved word": ("SELECT date FROM concert", 'SELECT "DATE" FROM concert'),
    "IFNULL": ("SELECT IFNULL(age, 0) FROM singer", "SELECT COALESCE(age, 0) FROM singer"),
    "IIF": (
        "SELECT IIF(age > 3, 'x', 'y') FROM singer",
        "SELECT CASE WHEN age > 3 THEN 'x' ELSE 'y' END FROM singer",
    ),
    "whole numbers divided": (
        "SELECT age / id FROM singer",
        "SELECT TRUNC(age / NULLIF(id, 0)) FROM singer",
    ),
    "a share": (
        "SELECT CAST(SUM(age) AS REAL) * 100 / COUNT(*) FROM singer",
        "SELECT SUM(age) * 100 / NULLIF(COUNT(*), 0) FROM singer",
    ),
    "a remainder": ("SELECT age % 2 FROM singer", "SELECT MOD(age, 2) FROM singer"),
    "NULL in a concatenation": (
        "SELECT name || '-' || age FROM singer",
        "SELECT CASE WHEN name IS NOT NULL AND age IS NOT NULL THEN name || '-' || TO_CHAR(age) END FROM singer",
    ),
    "LIKE without regard to case": (
        "SELECT id FROM singer WHERE name LIKE '%A%'",
        "SELECT id FROM singer WHERE LOWER(name) LIKE '%a%'",
    ),
    "a condition as a number": (
        "SELECT SUM(age > 3) FROM singer",
        "SELECT SUM(CASE WHEN age > 3 THEN 1 WHEN NOT (age > 3) THEN 0 END) FROM singer",
    ),
    "strftime of a date": (
        "SELECT strftime('%Y', date) FROM concert",
        "SELECT TO_CHAR(\"DATE\", 'YYYY') FROM concert",
    ),
    "a date and a text": (
        "SELECT id FROM concert WHERE date > '2014-05-06'",
        "SELECT id FROM concert WHERE \"DATE\" > DATE '2014-05-06'",
    ),
    "EXCEPT": (
        "SELECT id FROM singer EXCEPT SELECT singer_id FROM concert",
        "SELECT id FROM singer MINUS SELECT singer_id FROM concert",
    ),
    "a column that the key decides": (
        "SELECT T1.name, COUNT(*) FROM singer AS T1 JOIN concert AS T2 ON T1.id = T2.singer_id GROUP BY T2.singer_id",
        "SELECT t1.name, COUNT(*) FROM singer t1 JOIN concert t2 ON t1.id = t2.singer_id "
        "GROUP BY t2.singer_id, t1.name",
    ),
    "GROUP BY an alias": (
        "SELECT age > 3 AS old, COUNT(*) FROM singer GROUP BY old",
        "SELECT CASE WHEN age > 3 THEN 1 WHEN NOT (age > 3) THEN 0 END AS old, COUNT(*) FROM singer "
        "GROUP BY CASE WHEN age > 3 THEN 1 WHEN NOT (age > 3) THEN 0 END",
    ),
    "no table": ("SELECT 1", "SELECT 1 FROM dual"),
    "a number for a text column": (
        "SELECT id FROM singer WHERE name = 5",
        "SELECT id FROM singer WHERE name = '5'",
    ),
    "a text for a number column": (
        "SELECT id FROM singer WHERE age = '5'",
        "SELECT id FROM singer WHERE age = 5",
    ),
    "JOIN USING": (
        "SELECT id, name FROM singer JOIN concert USING (id)",
        "SELECT singer.id, singer.name FROM singer JOIN concert ON singer.id = concert.id",
    ),
    "NATURAL JOIN": (
        "SELECT COUNT(*) FROM singer NATURAL JOIN concert",
        "SELECT COUNT(*) FROM singer JOIN concert ON singer.id = concert.id",
    ),
    "a query in a query": (
        "SELECT name FROM singer WHERE id NOT IN (SELECT singer_id FROM concert)",
        "SELECT name FROM singer WHERE id NOT IN (SELECT concert.singer_id FROM concert)",
    ),
}


@pytest.mark.parametrize("case", REWRITTEN)
def test_rewritten(case: str) -> None:
    sql, wanted = REWRITTEN[case]
    assert rewrite(sql, CATALOGUE) == wanted


REFUSED = {
    "SELECT name, MAX(age) FROM singer": "a column beside the groups",
    "SELECT name FROM singer GROUP BY age": "a column beside the groups",
    "SELECT GROUP_CONCAT(name) FROM singer": "GROUP_CONCAT",
    "SELECT date('now')": "the current time",
    "SELECT date(date, '+1 day') FROM concert": "a date with modifiers",
    "SELECT strftime('%w', date) FROM concert": "strftime with %w",
    "SELECT name FROM singer WHERE name = ''": "an empty text",
    "SELECT colour FROM singer": "the column colour",
    "SELECT name FROM painter": "the table painter",
    "SELECT id FROM singer JOIN concert ON singer.id = singer_id": "the column id, which several",
    "SELECT name FROM singer WHERE name GLOB 'a*'": "GLOB",
    "SELECT * FROM singer JOIN concert USING (id)": "USING with",
    "SELECT name FROM singer LIMIT -1": "LIMIT with",
    "SELECT id FROM concert WHERE date > '2014'": "a column of a numeric type",
    "SELECT id FROM concert WHERE date < strftime('%Y', date)": "a column of a numeric type",
    "SELECT id FROM singer WHERE strftime('%Y', '2014-01-01') = 2014": "compared with a number",
    "SELECT substr(name, -2) FROM singer": "SUBSTR",
    "SELECT printf('%d', age) FROM singer": "PRINTF",
    "SELECT mixed FROM concert ORDER BY mixed": "numbers and texts",
    "SELECT 1 FROM concert c, singer s WHERE c.date < CAST(s.Age AS TEXT)": "may be a number",
    "SELECT 1 FROM concert c, singer s WHERE c.date = s.Name": "may be a number",
    "DELETE FROM singer": "not one SELECT",
    "SELECT 1; SELECT 2": "not one SELECT",
    "SELECT FROM WHERE (": "cannot be parsed",
}


@pytest.mark.parametrize("sql", REFUSED)
def test_refused_by_name(sql: str) -> None:
    with pytest.raises(Refused, match=REFUSED[sql].replace("(", r"\(")):
        rewrite(sql, CATALOGUE)


WORDS = [
    *("SELECT", "FROM", "WHERE", "singer", "concert", "name", "age", "id", "date", "(", ")", ","),
    *("COUNT(*)", "GROUP BY", "ORDER BY", "LIMIT", "1", "'a'", '"b"', "=", "AND", "JOIN", "ON"),
    *("IN", "UNION", "*", "/", "||", "LIKE", "NOT", "CASE", "WHEN", "THEN", "END", "AS", "t"),
]


@given(st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join))
def test_whatever_is_written_is_oracle_or_refused(sql: str) -> None:
    try:
        rewritten = rewrite(f"SELECT {sql}", CATALOGUE)
    except Refused:
        return
    parse(rewritten)
