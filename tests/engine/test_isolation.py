"""No query reaches a file, the network or a setting: not by Oracle's grammar, and not behind it."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from oracle_sft.engine.database import DatabaseSpec
from oracle_sft.engine.duckdb_database import DuckDBDatabase
from oracle_sft.engine.result import OracleError, UnsupportedSQL
from oracle_sft.sqltext.ddl import read_ddl

ODD = """
CREATE TABLE t (id NUMBER(4), s VARCHAR2(4000));
CREATE TABLE "x ; ATTACH 'a.db'; --" ("y FROM read_text('z') --" NUMBER(4));
"""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBDatabase]:
    schema = read_ddl(ODD, schema_id="odd")
    rows = {table.name: [{table.columns[0].name: 1}] for table in schema.tables}
    spec = DatabaseSpec(schema=schema, rows=rows)
    opened = DuckDBDatabase(spec.schema, spec.rows)
    yield opened
    opened.close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.csv"
    file.write_text("a,b\n1,hidden\n")
    return file


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM TABLE(read_csv('{file}'))",
        "SELECT * FROM TABLE(read_text('{file}')) x",
        "SELECT * FROM '{file}'",
        'SELECT * FROM "{file}"',
        'SELECT * FROM "{file}" x, t',
        "SELECT read_text('{file}') FROM dual",
        "SELECT content FROM LATERAL (SELECT * FROM read_text('{file}')) x",
        "SELECT (SELECT content FROM read_text('{file}')) FROM dual",
        "WITH x AS (SELECT * FROM glob('/*')) SELECT * FROM x",
        "SELECT * FROM parquet_scan('{file}')",
        "SELECT * FROM sniff_csv('{file}')",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM t UNION ALL SELECT 1, content FROM read_text('{file}')",
        "SELECT * FROM sqlite_scan('{file}', 't')",
        "SELECT * FROM query('SELECT 1')",
        "SELECT * FROM query_table('t')",
        "SELECT getvariable('x') FROM dual",
        "SELECT current_setting('home_directory') FROM dual",
        "FROM '{file}'",
        "COPY t TO '{file}'",
        "COPY t FROM '{file}'",
        "EXPORT DATABASE '{file}'",
        "IMPORT DATABASE '{file}'",
        "ATTACH '{file}' AS x",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CREATE TABLE x AS SELECT * FROM read_csv('{file}')",
        "SELECT 1 FROM dual; COPY t TO '{file}'",
        "SELECT 1 FROM dual -- \n; ATTACH '{file}'",
        "CALL pragma_version()",
        "PRAGMA version",
        "SET memory_limit = '1TB'",
        "RESET threads",
        "DROP TABLE t",
        "DELETE FROM t",
    ],
)
def test_the_grammar_has_no_way_out(database: DuckDBDatabase, secret: Path, sql: str) -> None:
    with pytest.raises((OracleError, UnsupportedSQL)) as refused:
        database.query(sql.format(file=secret))
    assert "hidden" not in str(refused.value)
    assert secret.read_text() == "a,b\n1,hidden\n"


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT '''; COPY t TO ''x.csv''; --' AS a FROM t",
        "SELECT q'[' || (SELECT content FROM read_text('/etc/hosts')) || ']' AS a FROM t",
        "SELECT s AS \"a, (SELECT 1 FROM read_text('/etc/hosts')) AS b\" FROM t",
        "SELECT '$a $b $c {x} %s' || id AS a FROM t",
        """SELECT * FROM "x ; ATTACH 'a.db'; --" """,
        """SELECT z."y FROM read_text('z') --" FROM "x ; ATTACH 'a.db'; --" z""",
        "SELECT /*+ x */ '\\'' AS a, ' -- ' AS b FROM t",
    ],
)
def test_text_that_looks_like_sql_stays_text(database: DuckDBDatabase, sql: str) -> None:
    if "\\''" in sql:
        with pytest.raises(OracleError):  # Oracle has no backslash escapes: the literal goes on
            database.query(sql)
        return
    assert len(database.query(sql).rows) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM glob('/*')",
        "COPY t.T TO '{file}'",
        "COPY t.T FROM '{file}'",
        "EXPORT DATABASE '{folder}/x'",
        "ATTACH '{folder}/new.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "LOAD '{file}'",
        "SELECT * FROM 'https://example.com/x.csv'",
        "SELECT * FROM 's3://bucket/x.parquet'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "SET memory_limit = '1TB'",
        "SET threads = 64",
        "SET temp_directory = '{folder}'",
        "SET python_enable_replacements = true",
        "SET extension_directory = '{folder}'",
        "PRAGMA enable_logging",
        "SELECT * FROM LOCAL_OF_THIS_TEST",
    ],
)
def test_the_connection_behind_it_is_locked(
    database: DuckDBDatabase, secret: Path, statement: str
) -> None:
    LOCAL_OF_THIS_TEST = [1]  # noqa: F841 (what DuckDB would find by its name)
    with pytest.raises(duckdb.Error):
        database._connection.execute(statement.format(file=secret, folder=secret.parent))
    assert [path.name for path in secret.parent.iterdir()] == ["secret.csv"]
    assert secret.read_text() == "a,b\n1,hidden\n"


def test_a_sort_larger_than_memory_writes_nothing(tmp_path: Path) -> None:
    schema = read_ddl("CREATE TABLE t (id NUMBER(8), s VARCHAR2(4000))", schema_id="one")
    rows = {"T": [{"id": number, "s": str(number) * 500} for number in range(1000)]}
    opened = DuckDBDatabase(schema, rows, memory_limit="20MB")
    files = set(Path.cwd().iterdir())
    with pytest.raises(UnsupportedSQL, match="more memory"):
        opened.query("SELECT MAX(x) FROM (SELECT a.s || b.s AS x FROM t a, t b ORDER BY 1)")
    opened.close()
    assert set(Path.cwd().iterdir()) == files
