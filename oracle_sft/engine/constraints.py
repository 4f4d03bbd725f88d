"""Keys and conditions of loaded tables.

What an answer may rest on must hold: NOT NULL, primary and unique keys. A row that breaks a foreign
key or a CHECK changes no answer, and rows that were taken from somewhere often do: it is noted.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

import duckdb

from oracle_sft.engine import serving
from oracle_sft.engine.result import LoadError, QueryError
from oracle_sft.engine.rewrite.rewriter import OracleVersion, Rewriter, StoredTable
from oracle_sft.engine.rewrite.terms import named
from oracle_sft.sqltext.names import written
from oracle_sft.sqltext.schema import ForeignKey, Schema, Table


def check_keys(connection: duckdb.DuckDBPyConnection, table: Table, stored: StoredTable) -> None:
    """Raises:
    LoadError: a NULL where none may be, or a key twice; it names the row.
    """
    required = [
        column.name
        for column in table.columns
        if not column.nullable and column.name not in stored.unreadable
    ]
    if required:
        tests = ", ".join(f"min(rowid) FILTER (WHERE {named(name)} IS NULL)" for name in required)
        found = connection.execute(f"SELECT {tests} FROM {stored.sql_name}").fetchone()
        assert found is not None
        missing = [
            (row, name) for row, name in zip(found, required, strict=True) if row is not None
        ]
        if missing:
            row, name = min(missing, key=lambda entry: int(entry[0]))
            within = " in a primary key" if name in table.primary_key else ""
            raise LoadError(
                f"table {table.name}, row {row + 1}, column {name}: "
                f"ORA-01400: cannot be NULL{within}"
            )
    for key in filter(None, (table.primary_key, *table.unique_keys)):
        if not set(key) & set(stored.unreadable):
            _check_unique(connection, table, stored, key)


def _check_unique(
    connection: duckdb.DuckDBPyConnection, table: Table, stored: StoredTable, key: tuple[str, ...]
) -> None:
    names = ", ".join(named(name) for name in key)
    # Rows that are NULL in all of a key are not in its index; NULL in a part of it is a value.
    any_value = " OR ".join(f"{named(name)} IS NOT NULL" for name in key)
    twice = connection.execute(
        f"SELECT {names} FROM {stored.sql_name} WHERE {any_value} GROUP BY ALL HAVING count(*) > 1"
        " LIMIT 1"
    ).fetchone()
    if twice is None:
        return
    found = connection.execute(
        f"SELECT first, row, {names} FROM (SELECT min(rowid) OVER (PARTITION BY {names}) AS first, "
        f"rowid AS row, {names} FROM {stored.sql_name} WHERE {any_value}) "
        "WHERE row > first ORDER BY row LIMIT 1"
    ).fetchone()
    assert found is not None
    first, second, *values = found
    shown = ", ".join(str(value) for value in values)
    raise LoadError(
        f"table {table.name}, row {second + 1}, column {', '.join(key)}: ORA-00001: "
        f"({shown}) is already in row {first + 1}; the key must be unique"
    )


def broken(
    connection: duckdb.DuckDBPyConnection,
    schema: Schema,
    tables: Mapping[str, StoredTable],
    oracle_version: OracleVersion,
) -> Iterator[str]:
    """A sentence for each foreign key and CHECK that rows break, or that cannot be checked."""
    for table in schema.tables:
        stored = tables[table.name]
        if connection.execute(f"SELECT 1 FROM {stored.sql_name} LIMIT 1").fetchone() is None:
            continue
        for key in table.foreign_keys:
            yield from _orphans(connection, table, stored, key, tables)
        for check in table.checks:
            rewriter = Rewriter({table.name: stored}, datetime(2000, 1, 1), oracle_version)
            yield from _violations(connection, table, check, rewriter)


def _orphans(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    stored: StoredTable,
    key: ForeignKey,
    tables: Mapping[str, StoredTable],
) -> Iterator[str]:
    target = tables.get(key.table)
    if target is None or len(key.referenced_columns) != len(key.columns):
        return
    if set(key.columns) & set(stored.unreadable):
        return
    if set(key.referenced_columns) & set(target.unreadable):
        return
    pairs = zip(key.columns, key.referenced_columns, strict=True)
    same = " AND ".join(f"c.{named(own)} = p.{named(theirs)}" for own, theirs in pairs)
    whole = " AND ".join(f"c.{named(own)} IS NOT NULL" for own in key.columns)
    count, first = _counted(
        connection,
        f"SELECT count(*), min(c.rowid) FROM {stored.sql_name} AS c WHERE {whole} AND NOT EXISTS "
        f"(SELECT 1 FROM {target.sql_name} AS p WHERE {same})",
    )
    if count:
        yield (
            f"table {table.name}: ORA-02291: {_rows(count)} {'has' if count == 1 else 'have'} no {key.table} for "
            f"({', '.join(key.columns)}); the first is row {first + 1}"
        )


def _violations(
    connection: duckdb.DuckDBPyConnection, table: Table, check: str, rewriter: Rewriter
) -> Iterator[str]:
    query = f"SELECT COUNT(*) FROM {written(table.name)} WHERE NOT ({check})"
    try:
        for_duckdb = rewriter.rewrite(query).sql
        serving.serve(connection, for_duckdb)
        count = _counted(connection, for_duckdb)[0]
    except (QueryError, duckdb.Error) as error:
        yield f"table {table.name}: not checked: CHECK ({check}): {str(error).splitlines()[0]}"
        return
    if count:
        yield f"table {table.name}: ORA-02290: {_rows(count)} against CHECK ({check})"


def _counted(connection: duckdb.DuckDBPyConnection, sql: str) -> tuple[int, int]:
    found = connection.execute(sql).fetchone()
    assert found is not None
    return int(found[0]), int(found[1] or 0) if len(found) > 1 else 0


def _rows(count: int) -> str:
    return f"{count} row{'' if count == 1 else 's'}"
