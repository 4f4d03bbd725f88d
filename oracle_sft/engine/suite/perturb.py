"""One perturbed database: the original rows shaken, and rows made for each gold query.

For a query whose conditions are met by some rows, others are made that differ from them in one
column by the least that matters: the literal itself, one unit beside it, NULL. Around them stand
doubles, ties, parents without children and children without parents.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from oracle_sft.engine.result import Value
from oracle_sft.engine.suite.boundaries import boundaries, satisfying
from oracle_sft.engine.suite.shapes import Comparison, Shape, sources_in_order
from oracle_sft.engine.suite.tables import MadeRow, Original, Tables
from oracle_sft.sqltext.schema import Schema, Table

Place = tuple[str, str]
"""A column: (alias, name)."""

_BASE_ROWS = 1_500
_NULL, _TIED, _POOLED, _REDRAWN, _DOUBLED = 0.10, 0.15, 0.10, 0.10, 0.05
_SURPLUS = 2
"""Rows more than the largest number that a query counts or fetches."""
_MOST_SURPLUS = 30


@dataclass(frozen=True, slots=True)
class Wish:
    """One set of joined rows, one for each alias of a query."""

    values: dict[Place, Value] = field(default_factory=dict)
    """What differs from the rows that meet the conditions."""
    without: str = ""
    """The alias that has no row."""
    num_last: int = 1
    """How many rows the alias has that refers to the others."""
    tied: bool = False
    """Those rows are doubles of each other."""


def perturbed(
    original: Original, shapes: Sequence[Shape], random: Random, share: float
) -> dict[str, list[MadeRow]]:
    """The rows of a database; `share` of the wishes for each query come true in it."""
    tables = Tables(original, random)
    pools = _pools(original, shapes)
    _shake(tables, pools)
    for shape in shapes:
        for wish in wishes(original, shape, random):
            if random.random() < share:
                _grant(tables, shape, wish)
    return tables.shuffled()


def _pools(original: Original, shapes: Sequence[Shape]) -> dict[tuple[str, str], list[Value]]:
    """Table and column to the values that queries compare it with, and their neighbours."""
    pools: dict[tuple[str, str], list[Value]] = {}
    for shape in shapes:
        for comparison in shape.comparisons:
            name = shape.sources[comparison.alias]
            domain = original.domains[name].get(comparison.column)
            if domain is not None:
                found = boundaries(domain, comparison.operator, comparison.values)
                pools.setdefault((name, comparison.column), []).extend(found)
    return {place: list(dict.fromkeys(values)) for place, values in pools.items()}


# --- the original rows, shaken --------------------------------------------------------------------


def _shake(tables: Tables, pools: dict[tuple[str, str], list[Value]]) -> None:
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
        keep = random.uniform(0.5, 0.9)
        for row in kept:
            if random.random() > keep and not _is_named(table, row, pools):
                continue
            made = tables.add(name, _shaken(tables, table, row, rows, pools))
            if made is not None and random.random() < _DOUBLED:
                tables.add(name, made)


def _keep_tree(tables: Tables, table: Table, pools: dict[tuple[str, str], list[Value]]) -> None:
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
                tables.add(name, {**shaken, **fixed})
            else:
                waiting.append(row)
        if len(waiting) == len(rows):
            return
        rows = waiting


def _is_named(table: Table, row: MadeRow, pools: dict[tuple[str, str], list[Value]]) -> bool:
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
    pools: dict[tuple[str, str], list[Value]],
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


# --- rows for one query ---------------------------------------------------------------------------


def wishes(original: Original, shape: Shape, random: Random) -> Iterator[Wish]:
    """What rows would tell the query from its neighbours."""
    most = min(max(shape.counts, default=1) + _SURPLUS, _MOST_SURPLUS)
    for _ in range(most):
        yield Wish()
    yield Wish(num_last=2, tied=True)
    yield Wish(num_last=3)
    for comparison in shape.comparisons:
        yield from _beside(original, shape, comparison)
    for alias in shape.sources:
        yield Wish(without=alias)
    for place in shape.keys:
        for value in _other_values(original, shape, place, random):
            yield Wish({place: value}, num_last=2)
    for alias, name in shape.sources.items():
        for column in original.table(name).columns:
            if column.nullable:
                yield Wish({(alias, column.name): None})
    for count in shape.counts:
        for number in (count - 1, count, count + 1):
            if 0 < number <= _MOST_SURPLUS:
                fresh = {
                    place: value
                    for place in shape.keys
                    for value in _other_values(original, shape, place, random)
                }
                yield Wish(fresh, num_last=number)


def _beside(original: Original, shape: Shape, comparison: Comparison) -> Iterator[Wish]:
    place = (comparison.alias, comparison.column)
    domain = original.domains[shape.sources[comparison.alias]].get(comparison.column)
    if domain is None:
        return
    for value in boundaries(domain, comparison.operator, comparison.values):
        yield Wish({place: value})
    if domain.known is not None:
        for text in sorted(domain.known)[:4]:
            yield Wish({place: text})


def _other_values(
    original: Original, shape: Shape, place: Place, random: Random
) -> Iterator[Value]:
    """A value that makes a group of its own."""
    alias, name = place
    table = original.table(shape.sources[alias])
    domain = original.domains[table.name].get(name)
    if domain is None or name in table.primary_key:
        return
    if any(name in key.columns for key in table.foreign_keys):
        return
    if any((entry.alias, entry.column) == place for entry in shape.comparisons):
        return
    if domain.kind == "date":
        yield domain.fit(datetime(random.randint(1950, 2019), random.randint(1, 12), 28))
    elif domain.kind == "text" and domain.known is None:
        known = [str(row[name]) for row in original.rows[table.name] if row[name]] or ["Group"]
        yield domain.fit(f"{random.choice(known)}{random.randint(2, 99)}")


def _grant(tables: Tables, shape: Shape, wish: Wish) -> None:
    """Add the rows of a wish: those that others refer to first."""
    placed: dict[str, MadeRow] = {}
    order = sources_in_order(shape, tables.original.schema)
    for place, (alias, name) in enumerate(order):
        if alias == wish.without:
            continue
        is_last = place == len(order) - 1
        first: MadeRow | None = None
        for _ in range(wish.num_last if is_last else 1):
            row = _wished(tables, shape, wish, alias, placed)
            if first is not None and wish.tied:
                row = dict(first)
            made = tables.add(name, row)
            if made is None:
                return
            first = first or made
            placed[alias] = made


def _wished(
    tables: Tables, shape: Shape, wish: Wish, alias: str, placed: dict[str, MadeRow]
) -> MadeRow:
    random, original = tables.random, tables.original
    table = original.table(shape.sources[alias])
    rows = original.rows[table.name]
    row: MadeRow = dict(random.choice(rows)) if rows else {}
    for comparison in shape.comparisons:
        if comparison.alias == alias:
            domain = original.domains[table.name].get(comparison.column)
            meeting = satisfying(domain, comparison.operator, comparison.values) if domain else []
            if meeting:
                row[comparison.column] = random.choice(meeting)
    for key in table.foreign_keys:
        targets = [
            other
            for other, name in shape.sources.items()
            if name == key.table and other in placed and other != alias
        ]
        if targets:
            target = placed[targets[0]]
            for column, referenced in zip(key.columns, key.referenced_columns, strict=True):
                row[column] = target[referenced]
        elif any(name == key.table for name in shape.sources.values()) and key.table != table.name:
            row.update(dict.fromkeys(key.columns))
    for left, right in shape.pairs:
        for here, there in ((left, right), (right, left)):
            if here[0] == alias and there[0] in placed and here[1] not in table.primary_key:
                row[here[1]] = placed[there[0]][there[1]]
    row.update({name: value for (other, name), value in wish.values.items() if other == alias})
    return row
