"""A CLOB has no order and no equality, and stays one in most functions of text."""

from collections.abc import Iterator

import pytest

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database, OracleError
from oracle_sft.sqltext.ddl import read_ddl


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    ddl = "CREATE TABLE notes (id NUMBER(3), body CLOB, short VARCHAR2(20));"
    rows = {
        "notes": [
            {"id": 1, "body": "A long story", "short": "x"},
            {"id": 2, "body": None, "short": "y"},
        ]
    }
    opened = open_database(DatabaseSpec(schema=read_ddl(ddl, schema_id="notes"), rows=rows))
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("expression", "value", "type_"),
    [
        ("UPPER(body)", "A LONG STORY", "CLOB"),
        ("SUBSTR(body, 3, 4)", "long", "CLOB"),
        ("REPLACE(body, 'long ')", "A story", "CLOB"),
        ("body || '!'", "A long story!", "CLOB"),
        ("TRIM('A' FROM body)", " long story", "CLOB"),
        ("REGEXP_SUBSTR(body, '\\w+$')", "story", "CLOB"),
        ("NVL(body, short)", "A long story", "CLOB"),
        ("DECODE(id, 1, body, short)", "A long story", "CLOB"),
        ("TO_CLOB(short)", "x", "CLOB"),
        ("TO_CHAR(body)", "A long story", "VARCHAR2"),
        ("CAST(body AS VARCHAR2(6))", "A long", "VARCHAR2"),
        ("DBMS_LOB.SUBSTR(body, 4, 3)", "long", "VARCHAR2"),
        ("LENGTH(body)", 12, "NUMBER"),
        ("INSTR(body, 'story')", 8, "NUMBER"),
    ],
)
def test_functions_of_a_clob(
    database: Database, expression: str, value: object, type_: str
) -> None:
    found = database.query(f"SELECT {expression} FROM notes WHERE id = 1")
    assert (found.rows[0], found.types) == ((value,), (type_,))


@pytest.mark.parametrize(
    "condition",
    [
        "body LIKE 'A%'",
        "REGEXP_LIKE(body, 'y$')",
        "LENGTH(body) > 3",
        "TO_CHAR(body) = 'A long story'",
        "DBMS_LOB.SUBSTR(body, 1) = 'A'",
        "body IS NOT NULL",
    ],
)
def test_conditions_on_a_clob(database: Database, condition: str) -> None:
    assert list(database.query(f"SELECT id FROM notes WHERE {condition}").rows) == [(1,)]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM notes WHERE body = 'A long story'",
        "SELECT id FROM notes WHERE SUBSTR(body, 1, 1) = 'A'",
        "SELECT id FROM notes WHERE body || '' > 'A'",
        "SELECT id FROM notes WHERE NVL(body, '-') IN ('-', 'x')",
        "SELECT DECODE(body, 'x', 1) FROM notes",
        "SELECT GREATEST(body, 'x') FROM notes",
        "SELECT CASE WHEN id = 1 THEN body ELSE 'none' END FROM notes",
        "SELECT COALESCE(body, short) FROM notes",
        "SELECT COUNT(*) FROM notes GROUP BY TRIM(body)",
        "SELECT id FROM notes WHERE body IN (SELECT body FROM notes)",
        "SELECT id FROM notes WHERE (id, body) NOT IN (SELECT id, short FROM notes)",
        "SELECT id FROM notes WHERE short > ALL (SELECT body FROM notes)",
        "SELECT body FROM notes UNION ALL SELECT TO_CLOB(short) FROM notes ORDER BY body",
        "SELECT body FROM notes UNION ALL SELECT TO_CLOB(short) FROM notes ORDER BY 1",
    ],
)
def test_what_a_clob_cannot(database: Database, sql: str) -> None:
    with pytest.raises(OracleError) as raised:
        database.query(sql)
    assert raised.value.code == "ORA-00932"


def test_a_clob_and_other_text_in_one_column(database: Database) -> None:
    with pytest.raises(OracleError) as raised:
        database.query("SELECT body FROM notes UNION ALL SELECT short FROM notes")
    assert raised.value.code == "ORA-01790"
