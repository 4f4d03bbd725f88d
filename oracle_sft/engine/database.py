"""Opening a database: from now on, Oracle SQL in and Oracle's rows out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oracle_sft.engine.duckdb_database import DuckDBDatabase
from oracle_sft.engine.oracle_database import OracleDatabase
from oracle_sft.engine.oracle_driver import OracleLogin
from oracle_sft.engine.result import Database
from oracle_sft.engine.rewrite.rewriter import OracleVersion
from oracle_sft.engine.rows import load_rows
from oracle_sft.errors import UserError
from oracle_sft.sqltext.schema import Schema

__all__ = ["DatabaseSpec", "load_rows", "open_database", "rules_of"]

KINDS = ("duckdb", "oracle")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSpec:
    """Everything that a database is made of."""

    kind: str = "duckdb"
    schema: Schema
    rows: Mapping[str, Sequence[Mapping[str, object]]]
    """Table name to rows; '' is NULL, dates are `YYYY-MM-DD HH:MM:SS` or datetimes."""
    clock: datetime | None = None
    """What SYSDATE says; None: the time of each query."""
    oracle_version: OracleVersion = "19c"
    memory_limit: str = "1GB"
    """DuckDB's notation: `512MB`, `2GB`."""
    threads: int = 1
    oracle: OracleLogin | None = None
    """Of kind oracle: the rows are there, and so is the clock."""


def rules_of(oracle_version: str | None) -> OracleVersion:
    """The version that the engine follows when a run says 19c, 23ai or neither."""
    return "23ai" if oracle_version == "23ai" else "19c"


def open_database(spec: DatabaseSpec) -> Database:
    """A database that answers as Oracle would; close it when done.

    Raises:
        LoadError: rows that do not fit the schema.
        UserError: a kind that does not exist.
    """
    if spec.kind == "oracle":
        if spec.oracle is None:
            raise UserError("a database of kind oracle needs a login")
        return OracleDatabase(spec.oracle)
    if spec.kind != "duckdb":
        raise UserError(f"database kind {spec.kind!r} is not known; known: {', '.join(KINDS)}")
    return DuckDBDatabase(
        spec.schema,
        spec.rows,
        clock=spec.clock,
        oracle_version=spec.oracle_version,
        memory_limit=spec.memory_limit,
        threads=spec.threads,
    )
