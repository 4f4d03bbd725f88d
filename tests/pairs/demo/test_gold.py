"""The demo's queries on the demo's rows: all run, nearly all find something."""

import re

import pytest

from oracle_sft.engine.result import Database
from oracle_sft.pairs.demo.source import demo_suites
from oracle_sft.pairs.pair import Pair
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.schema import Schema
from tests.pairs.demo.test_generate import drawn


def _finds(database: Database, sql: str) -> bool:
    result = database.query(sql)
    assert not result.truncated, sql
    return any(value is not None for row in result.rows for value in row)


@pytest.mark.slow
def test_a_sample_runs_and_finds_rows(database: Database) -> None:
    sample = drawn()[:: len(drawn()) // 60]
    found = [_finds(database, one.draft.sql) for one in sample]
    assert sum(found) >= 0.95 * len(found)


@pytest.mark.slow
def test_every_query_runs_and_nearly_all_find_rows(
    database: Database, generated: list[Pair]
) -> None:
    queries = {pair.sql for pair in generated}
    found = [_finds(database, sql) for sql in queries]
    assert sum(found) >= 0.95 * len(found)


@pytest.mark.slow
def test_no_query_is_in_two_suites_however_it_is_written(schema: Schema) -> None:
    suites: dict[str, set[str]] = {}
    for pair in demo_suites():
        suites.setdefault(canonical(pair.sql, schema), set()).add(pair.suite)
    assert [sql for sql, within in suites.items() if len(within) > 1] == []


@pytest.mark.slow
def test_cuts_do_not_fall_between_equal_values(database: Database, generated: list[Pair]) -> None:
    """The nth and the next row differ in what they are sorted by: WITH TIES adds none."""
    inline = re.compile(r"SELECT \* FROM \((.*)\) WHERE ROWNUM <= (\d+)")
    with_ties = r"\1 FETCH FIRST \2 ROWS WITH TIES"
    queries = {p.sql for p in generated if "ROWNUM" in p.sql or p.sql.endswith("ROWS ONLY")}
    for sql in queries:
        ties = inline.sub(with_ties, sql).replace("ROWS ONLY", "ROWS WITH TIES")
        assert ties.endswith("WITH TIES")
        assert len(database.query(sql).rows) == len(database.query(ties).rows), sql
