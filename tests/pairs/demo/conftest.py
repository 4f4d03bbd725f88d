"""The demo's schema, database and generated pairs, made once; read only."""

from collections.abc import Iterator

import pytest

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database
from oracle_sft.pairs.demo.generate import demo_pairs
from oracle_sft.pairs.demo.rows import CLOCK, SCHEMA_ID, demo_rows
from oracle_sft.pairs.demo.source import demo_ddl
from oracle_sft.pairs.pair import Pair
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.schema import Schema


@pytest.fixture(scope="session")
def schema() -> Schema:
    return read_ddl(demo_ddl(), schema_id=SCHEMA_ID)


@pytest.fixture(scope="session")
def database(schema: Schema) -> Iterator[Database]:
    opened = open_database(DatabaseSpec(schema=schema, rows=demo_rows(), clock=CLOCK))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def generated() -> list[Pair]:
    return demo_pairs()
