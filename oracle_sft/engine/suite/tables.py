"""Rows that are being made up, within the keys, sizes and NOT NULLs of their schema."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random
from typing import cast

from oracle_sft.engine.result import Value
from oracle_sft.engine.rows import Rows
from oracle_sft.engine.suite.boundaries import Domain, domain_of
from oracle_sft.sqltext.schema import ForeignKey, Schema, Table

MadeRow = dict[str, Value]
_TRIES = 20


class Original:
    """The rows that a suite starts from, under stored names, with the domains of their columns."""

    def __init__(self, schema: Schema, rows: Rows) -> None:
        self.schema = schema
        self.rows: dict[str, list[MadeRow]] = {table.name: [] for table in schema.tables}
        for name, given in rows.items():
            table = schema.table(name) or schema.table(name.upper())
            if table is not None:
                self.rows[table.name] = [_stored(table, row) for row in given]
        self.domains: dict[str, dict[str, Domain]] = {
            table.name: {
                column.name: domain_of(column, [row[column.name] for row in self.rows[table.name]])
                for column in table.columns
                if column.virtual is None
            }
            for table in schema.tables
        }

    def table(self, name: str) -> Table:
        table = self.schema.table(name)
        assert table is not None
        return table


def _stored(table: Table, row: Mapping[str, object]) -> MadeRow:
    folded = {key if table.column(key) else key.upper(): value for key, value in row.items()}
    found: MadeRow = {}
    for column in table.columns:
        value = folded.get(column.name)
        # What is no value was refused when the original database was opened.
        found[column.name] = None if value == "" else cast("Value", value)
    return found


class Tables:
    """A database in the making. `add` takes a row as wished and puts it in as far as keys allow."""

    def __init__(self, original: Original, random: Random) -> None:
        self.original = original
        self.random = random
        self.rows: dict[str, list[MadeRow]] = {table.name: [] for table in original.schema.tables}
        self._keys: dict[tuple[str, tuple[str, ...]], set[tuple[Value, ...]]] = {}
        self._by_key: dict[str, dict[Value, MadeRow]] = {name: {} for name in self.rows}
        self._next: dict[tuple[str, str], int] = {}
        for table in original.schema.tables:
            for key in _keys_of(table):
                self._keys[table.name, key] = set()

    def add(self, name: str, wished: MadeRow) -> MadeRow | None:
        """The row as it was put in; None where no row near to it is allowed."""
        table = self.original.table(name)
        row = {column: wished.get(column) for column in self.original.domains[name]}
        for foreign in table.foreign_keys:
            if not self._settle(table, foreign, row):
                return None
        if not self._fill(table, row):
            return None
        for key in _keys_of(table):
            if not self._make_unique(table, key, row):
                return None
        for key in _keys_of(table):
            self._keys[name, key].add(tuple(_comparable(row[column]) for column in key))
        self.rows[name].append(row)
        if len(table.primary_key) == 1:
            self._by_key[name][_comparable(row[table.primary_key[0]])] = row
        return row

    def any_row(self, name: str) -> MadeRow | None:
        return self.random.choice(self.rows[name]) if self.rows[name] else None

    def has_key(self, name: str, columns: Sequence[str], values: Sequence[Value]) -> bool:
        known = self._keys.get((name, tuple(columns)))
        if known is not None:
            return tuple(_comparable(value) for value in values) in known
        return any(
            all(
                _comparable(row[column]) == _comparable(value)
                for column, value in zip(columns, values, strict=True)
            )
            for row in self.rows[name]
        )

    def with_key(self, name: str, value: Value) -> MadeRow | None:
        """The row with that primary key of one column."""
        return self._by_key[name].get(_comparable(value))

    def shuffled(self) -> dict[str, list[MadeRow]]:
        for rows in self.rows.values():
            self.random.shuffle(rows)
        return self.rows

    def _settle(self, table: Table, foreign: ForeignKey, row: MadeRow) -> bool:
        """Point the foreign key at a row that is there."""
        values = [row[column] for column in foreign.columns]
        if any(value is None for value in values):
            if all(_nullable(table, column) for column in foreign.columns):
                return True
        elif self.original.schema.table(foreign.table) is None or self.has_key(
            foreign.table, foreign.referenced_columns, values
        ):
            return True
        target = self.any_row(foreign.table)
        if target is None:
            if not all(_nullable(table, column) for column in foreign.columns):
                return False
            row.update(dict.fromkeys(foreign.columns))
            return True
        for column, referenced in zip(foreign.columns, foreign.referenced_columns, strict=True):
            row[column] = target[referenced]
        return True

    def _fill(self, table: Table, row: MadeRow) -> bool:
        for column in row:
            if row[column] is None and not _nullable(table, column):
                known = [
                    other[column] for other in self.original.rows[table.name][:50]
                ] or self._made_up(table, column)
                row[column] = self.random.choice(known) if known else None
                if row[column] is None and column not in table.primary_key:
                    return False
        return True

    def _made_up(self, table: Table, column: str) -> list[Value]:
        domain = self.original.domains[table.name][column]
        texts: list[Value] = [Decimal(1), "A", "2024-01-31"]
        return [value for value in map(domain.fit, texts) if value is not None]

    def _make_unique(self, table: Table, key: tuple[str, ...], row: MadeRow) -> bool:
        known = self._keys[table.name, key]
        if key != table.primary_key and all(row[column] is None for column in key):
            return True
        for _ in range(_TRIES):
            values = tuple(_comparable(row[column]) for column in key)
            if None not in values and values not in known:
                return True
            if not self._move(table, key, row):
                return False
        return False

    def _move(self, table: Table, key: tuple[str, ...], row: MadeRow) -> bool:
        """Another value in one column of a key: a new number or text, or another parent."""
        referring = {
            column: foreign for foreign in table.foreign_keys for column in foreign.columns
        }
        own = [column for column in key if column not in referring]
        if own:
            value = self._fresh(table.name, own[-1], row[own[-1]])
            row[own[-1]] = value
            return value is not None
        foreign = referring[self.random.choice(key)]
        target = self.any_row(foreign.table)
        if target is None:
            return False
        for column, referenced in zip(foreign.columns, foreign.referenced_columns, strict=True):
            row[column] = target[referenced]
        return True

    def _fresh(self, name: str, column: str, value: Value) -> Value:
        domain = self.original.domains[name][column]
        if (name, column) not in self._next:
            numbers = [
                int(Decimal(str(row[column])))
                for row in self.original.rows[name]
                if domain.kind == "number" and row[column] is not None
            ]
            self._next[name, column] = max(numbers, default=0)
        self._next[name, column] += 1
        number = self._next[name, column]
        if domain.kind == "text":
            return domain.fit(f"{str(value or '')[: max(domain.size - 6, 0)]}{number}")
        if domain.kind == "date":
            return domain.fit(
                f"{1950 + number // 300 % 60}-{number // 25 % 12 + 1:02}-{number % 25 + 1:02}"
            )
        return domain.fit(number)


def _keys_of(table: Table) -> Iterator[tuple[str, ...]]:
    yield from filter(None, (table.primary_key, *table.unique_keys))


def is_key(table: Table, name: str) -> bool:
    """Whether the column is part of a key, also of one to another table."""
    keys = (table.primary_key, *table.unique_keys, *(key.columns for key in table.foreign_keys))
    return any(name in key for key in keys)


def _nullable(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and column.nullable and name not in table.primary_key


def _comparable(value: Value) -> Value:
    """Numbers and dates may come as texts."""
    if isinstance(value, (int, float, Decimal)):
        return Decimal(str(value))
    return value if value is None or isinstance(value, str) else str(value)
