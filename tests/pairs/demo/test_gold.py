"""The demo's queries on the demo's rows: all run, nearly all find something."""

import re
from collections.abc import Iterator

import pytest

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database
from oracle_sft.pairs.demo.generate import demo_pairs
from oracle_sft.pairs.demo.rows import CLOCK, demo_rows
from oracle_sft.pairs.demo.source import SCHEMA_ID, demo_ddl, demo_suites
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.ddl import read_ddl

SCHEMA = read_ddl(demo_ddl(), schema_id=SCHEMA_ID)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    opened = open_database(DatabaseSpec(schema=SCHEMA, rows=demo_rows(), clock=CLOCK))
    yield opened
    opened.close()


def _finds(database: Database, sql: str) -> bool:
    result = database.query(sql)
    assert not result.truncated, sql
    return any(value is not None for row in result.rows for value in row)


def test_a_sample_runs_and_finds_rows(database: Database) -> None:
    pairs = demo_pairs()
    sample = pairs[:: len(pairs) // 60]
    found = [_finds(database, pair.sql) for pair in sample]
    assert sum(found) >= 0.95 * len(found)


@pytest.mark.slow
def test_every_query_runs_and_nearly_all_find_rows(database: Database) -> None:
    queries = {pair.sql for pair in demo_pairs()}
    found = [_finds(database, sql) for sql in queries]
    assert sum(found) >= 0.95 * len(found)


@pytest.mark.slow
def test_no_query_is_in_two_suites_however_it_is_written() -> None:
    suites: dict[str, set[str]] = {}
    for pair in demo_suites():
        suites.setdefault(canonical(pair.sql, SCHEMA), set()).add(pair.suite)
    assert [sql for sql, within in suites.items() if len(within) > 1] == []


@pytest.mark.slow
def test_cuts_do_not_fall_between_equal_values(database: Database) -> None:
    """The nth and the next row differ in what they are sorted by: WITH TIES adds none."""
    inline = re.compile(r"SELECT \* FROM \((.*)\) WHERE ROWNUM <= (\d+)")
    with_ties = r"\1 FETCH FIRST \2 ROWS WITH TIES"
    queries = {p.sql for p in demo_pairs() if "ROWNUM" in p.sql or p.sql.endswith("ROWS ONLY")}
    for sql in queries:
        ties = inline.sub(with_ties, sql).replace("ROWS ONLY", "ROWS WITH TIES")
        assert ties.endswith("WITH TIES")
        assert len(database.query(sql).rows) == len(database.query(ties).rows), sql
