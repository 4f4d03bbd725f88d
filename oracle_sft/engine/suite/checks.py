"""Made-up rows that break a CHECK, and taking them out again."""

from collections.abc import Mapping

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database, QueryError
from oracle_sft.engine.suite.tables import MadeRow
from oracle_sft.sqltext.names import written
from oracle_sft.sqltext.schema import Table

RowsByTable = dict[str, list[MadeRow]]


def keep_checks(spec: DatabaseSpec, rows: RowsByTable) -> RowsByTable:
    """The rows that every CHECK lets in, without those that referred to the others.

    A CHECK that the engine cannot read is taken to let everything in.
    """
    if not any(table.checks for table in spec.schema.tables):
        return rows
    database = open_database(spec)
    try:
        kept = {
            table.name: _allowed(database, table, rows[table.name]) for table in spec.schema.tables
        }
    finally:
        database.close()
    return _without_orphans(spec, kept)


def _allowed(database: Database, table: Table, rows: list[MadeRow]) -> list[MadeRow]:
    refused: set[int] = set()
    for check in table.checks:
        # A condition that is unknown lets the row in. The rows come in the order in which they were loaded.
        flags = f"SELECT CASE WHEN NOT ({check}) THEN 1 ELSE 0 END FROM {written(table.name)}"
        try:
            found = database.query(flags, max_rows=len(rows)).rows
        except QueryError:
            continue
        refused |= {place for place, (flag,) in enumerate(found) if flag}
    return [row for place, row in enumerate(rows) if place not in refused]


def _without_orphans(spec: DatabaseSpec, rows: RowsByTable) -> RowsByTable:
    while True:
        targets = _targets(spec, rows)
        kept = {
            table.name: [row for row in rows[table.name] if not _is_orphan(table, row, targets)]
            for table in spec.schema.tables
        }
        if all(len(kept[name]) == len(rows[name]) for name in rows):
            return kept
        rows = kept


_Key = tuple[str, tuple[str, ...]]


def _targets(spec: DatabaseSpec, rows: RowsByTable) -> Mapping[_Key, set[tuple[str, ...]]]:
    """What foreign keys may refer to: by table and columns, the values that are there."""
    wanted = {
        (key.table, key.referenced_columns)
        for table in spec.schema.tables
        for key in table.foreign_keys
        if key.table in rows
    }
    return {
        (name, columns): {tuple(str(row[column]) for column in columns) for row in rows[name]}
        for name, columns in wanted
    }


def _is_orphan(table: Table, row: MadeRow, targets: Mapping[_Key, set[tuple[str, ...]]]) -> bool:
    for key in table.foreign_keys:
        there = targets.get((key.table, key.referenced_columns))
        values = [row[column] for column in key.columns]
        if there is None or any(value is None for value in values):
            continue
        if tuple(map(str, values)) not in there:
            return True
    return False
