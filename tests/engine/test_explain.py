"""What a query becomes, over the cases of the library."""

import pytest

from oracle_sft.engine.duckdb_database import DuckDBDatabase
from oracle_sft.engine.explain import explain
from oracle_sft.engine.result import Database, QueryError, UnsupportedSQL
from tests.engine.library import read_cases


def test_each_piece_stands_where_it_says_and_the_sql_is_what_runs(database: Database) -> None:
    assert isinstance(database, DuckDBDatabase)
    explained = 0
    for case in list(read_cases())[::6]:
        try:
            said = explain(database, case.sql)
        except QueryError:
            continue
        explained += 1
        assert "".join(said.sql.split()) == "".join(database.rewrite(case.sql).sql.split())
        for step in said.steps:
            assert case.sql[slice(*step.span)] == step.oracle
            assert step.duckdb or step.why
    assert explained > 50


def test_a_query_without_values_has_nothing_to_explain(database: Database) -> None:
    assert isinstance(database, DuckDBDatabase)
    assert explain(database, "SELECT * FROM branches").steps == ()


def test_a_query_that_is_too_deep_is_refused_by_name(database: Database) -> None:
    assert isinstance(database, DuckDBDatabase)
    with pytest.raises(UnsupportedSQL, match="nested this deeply"):
        explain(database, "SELECT " + "+".join(["1"] * 3000) + " FROM dual")
