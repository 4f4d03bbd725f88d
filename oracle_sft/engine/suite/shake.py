"""The original rows, shaken: some left out, NULLs, ties, doubles, values that queries compare with."""

from collections.abc import Sequence

from oracle_sft.engine.result import Value
from oracle_sft.engine.suite.tables import MadeRow, Tables, is_key
from oracle_sft.sqltext.schema import Schema, Table

Pools = dict[tuple[str, str], list[Value]]
"""Table and column to the values that queries compare it with, and their neighbours."""

_BASE_ROWS = 1_500
_NULL, _TIED, _POOLED, _DOUBLED = 0.10, 0.15, 0.10, 0.08
_BARE_ROWS = 4


def shake(tables: Tables, pools: Pools, *, bare: bool) -> None:
    random, original = tables.random, tables.original
    for name in _parents_first(original.schema):
        table = original.table(name)
        rows = original.rows[name]
        is_tree = any(key.table == name for key in table.foreign_keys)
        if is_tree:
            # A tree stays whole: a parent drawn anew might make it a ring.
            _keep_tree(tables, table, pools)
            continue
        kept = rows if len(rows) <= _BASE_ROWS else random.sample(rows, _BASE_ROWS)
        keep = random.uniform(0.5, 0.9) if not bare else _BARE_ROWS / max(len(rows), 1)
        for row in kept:
            if random.random() > keep and not _is_named(table, row, pools):
                continue
            made = tables.add(name, _shaken(tables, table, row, rows, pools))
            if made is not None and random.random() < _DOUBLED:
                tables.add(name, made)


def _keep_tree(tables: Tables, table: Table, pools: Pools) -> None:
    """All rows of a table that refers to itself, parents before children."""
    name = table.name
    rows = list(tables.original.rows[name])
    own = [key for key in table.foreign_keys if key.table == name]
    while rows:
        waiting: list[MadeRow] = []
        for row in rows:
            ready = all(
                any(row[column] is None for column in key.columns)
                or tables.has_key(name, key.referenced_columns, [row[c] for c in key.columns])
                for key in own
            )
            if ready:
                fixed = {column: row[column] for key in own for column in key.columns}
                shaken = _shaken(tables, table, row, tables.original.rows[name], pools)
                if tables.random.random() < _DOUBLED:
                    shaken |= _like_parent(tables, table, row)
                tables.add(name, {**shaken, **fixed})
            else:
                waiting.append(row)
        if len(waiting) == len(rows):
            return
        rows = waiting


def _like_parent(tables: Tables, table: Table, row: MadeRow) -> MadeRow:
    """What the row above has, but for the keys."""
    for key in table.foreign_keys:
        if key.table == table.name and len(key.columns) == 1:
            parent = tables.with_key(table.name, row[key.columns[0]])
            if parent is not None:
                return {
                    column: value for column, value in parent.items() if not is_key(table, column)
                }
    return {}


def _is_named(table: Table, row: MadeRow, pools: Pools) -> bool:
    """Whether a query names the row by its key."""
    return len(table.primary_key) == 1 and any(
        str(row[table.primary_key[0]]) == str(value)
        for value in pools.get((table.name, table.primary_key[0]), ())
    )


def _shaken(
    tables: Tables,
    table: Table,
    row: MadeRow,
    others: Sequence[MadeRow],
    pools: Pools,
) -> MadeRow:
    random = tables.random
    made = dict(row)
    referring = {column for key in table.foreign_keys for column in key.columns}
    for column in table.columns:
        name = column.name
        if name in table.primary_key or any(name in key for key in table.unique_keys):
            continue
        draw = random.random()
        if draw < _NULL:
            if column.nullable:
                made[name] = None
        elif draw < _NULL + _TIED:
            made[name] = random.choice(others)[name]
        elif draw < _NULL + _TIED + _POOLED and name not in referring:
            pool = pools.get((table.name, name))
            if pool:
                made[name] = random.choice(pool)
    return made


def _parents_first(schema: Schema) -> list[str]:
    left = {table.name: table for table in schema.tables}
    placed: list[str] = []
    while left:
        free = [
            name
            for name, table in left.items()
            if not any(key.table in left and key.table != name for key in table.foreign_keys)
        ]
        for name in free or list(left)[:1]:
            placed.append(name)
            del left[name]
    return placed
