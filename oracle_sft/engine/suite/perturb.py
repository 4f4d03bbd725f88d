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
from oracle_sft.engine.suite.boundaries import boundaries, satisfying, violating
from oracle_sft.engine.suite.shapes import Comparison, Shape, sources_in_order
from oracle_sft.engine.suite.tables import MadeRow, Original, Tables
from oracle_sft.sqltext.schema import Schema, Table

Place = tuple[str, str]
"""A column: (alias, name)."""

_BASE_ROWS = 1_500
_NULL, _TIED, _POOLED, _DOUBLED = 0.10, 0.15, 0.10, 0.05
_SURPLUS = 2
"""Rows more than the largest number that a query counts or fetches."""
_MOST_SURPLUS = 30
_MOST_COUNTED = 150
_BARE_ROWS = 4
_MOST_COMPARISONS = 5
_STEPS = 300


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
    apart: bool = False
    """What the query groups and partitions by gets values of its own."""


def perturbed(
    original: Original, shapes: Sequence[Shape], random: Random, share: float
) -> dict[str, list[MadeRow]]:
    """The rows of a database; `share` of the wishes for each query come true in it."""
    tables = Tables(original, random)
    _shake(tables, _pools(original, shapes), bare=False)
    for shape in shapes:
        wanted = [wish for wish in wishes(original, shape, random) if random.random() < share]
        # Where several wish for one row, any of them may have the last word.
        random.shuffle(wanted)
        for wish in wanted:
            _grant(tables, shape, wish)
    return tables.shuffled()


def bare(original: Original, shapes: Sequence[Shape], random: Random) -> dict[str, list[MadeRow]]:
    """The rows of a database with few rows besides those for these queries, so that what else there is
    does not fill a top-n.
    """
    tables = Tables(original, random)
    _shake(tables, _pools(original, shapes), bare=True)
    for shape in shapes:
        for wish in _few_wishes(original, shape):
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


def _shake(tables: Tables, pools: dict[tuple[str, str], list[Value]], *, bare: bool) -> None:
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


def _few_wishes(original: Original, shape: Shape) -> Iterator[Wish]:
    """Those for a top-n that is not full."""
    yield Wish(num_last=2, tied=True)
    for comparison in shape.comparisons:
        place = (comparison.alias, comparison.column)
        domain = original.domains[shape.sources[comparison.alias]].get(comparison.column)
        if domain is not None:
            for value in boundaries(domain, comparison.operator, comparison.values):
                yield Wish({place: value})
    for alias in shape.sources:
        yield Wish(without=alias)


def wishes(original: Original, shape: Shape, random: Random) -> Iterator[Wish]:
    """What rows would tell the query from its neighbours."""
    largest = min(max(shape.counts, default=0), _MOST_SURPLUS)
    yield from [Wish()] * (largest + _SURPLUS)
    yield Wish(num_last=2, tied=True)
    yield Wish(num_last=2, tied=True, apart=True)
    for comparison in shape.comparisons:
        yield from _beside(original, shape, comparison, random)
    for alias in shape.sources:
        yield Wish(without=alias)
        yield Wish(without=alias, apart=True)
    for alias, name in shape.sources.items():
        for column in original.table(name).columns:
            if column.nullable:
                yield Wish({(alias, column.name): None})
    for count in shape.counts:
        for number in (count - 1, count, count + 1):
            if 0 < number <= _MOST_COUNTED:
                yield Wish(num_last=number, apart=True)
    if shape.counts:
        # Rows of equal sort keys, before all others or behind them.
        for values in _extremes(original, shape, 0):
            for _ in range(largest + 1):
                yield Wish(values, apart=True)


def _beside(
    original: Original, shape: Shape, comparison: Comparison, random: Random
) -> Iterator[Wish]:
    place = (comparison.alias, comparison.column)
    domain = original.domains[shape.sources[comparison.alias]].get(comparison.column)
    if domain is None:
        return
    others = sorted(domain.known)[:4] if domain.known is not None else []
    for value in [*boundaries(domain, comparison.operator, comparison.values), *others]:
        yield Wish({place: value})
        yield Wish({place: value}, apart=True)
        for unmet in _unmet(original, shape, place, random):
            yield Wish({**unmet, place: value}, apart=True)
        if shape.counts:
            for values in _extremes(original, shape, random.randrange(1, _STEPS)):
                yield Wish({**values, place: value})


def _unmet(
    original: Original, shape: Shape, place: Place, random: Random
) -> Iterator[dict[Place, Value]]:
    """One of the other comparisons not met: what OR, MINUS and CASE would hide otherwise."""
    for other in shape.comparisons[:_MOST_COMPARISONS]:
        domain = original.domains[shape.sources[other.alias]].get(other.column)
        if domain is None or (other.alias, other.column) == place:
            continue
        found = violating(domain, other.operator, other.values)
        if found:
            yield {(other.alias, other.column): random.choice(found)}


def _extremes(original: Original, shape: Shape, step: int) -> list[dict[Place, Value]]:
    """Values of the sort keys with which a row stands first or last, `step` units from the very ends."""
    low: dict[Place, Value] = {}
    high: dict[Place, Value] = {}
    for place in shape.keys:
        alias, name = place
        table = original.table(shape.sources[alias])
        domain = original.domains[table.name].get(name)
        is_compared = any((entry.alias, entry.column) == place for entry in shape.comparisons)
        if domain is None or is_compared or _is_key(table, name):
            continue
        ends = domain.extremes(step)
        if None not in ends:
            low[place], high[place] = ends
    return [low, high] if low else []


def _is_key(table: Table, name: str) -> bool:
    keys = (table.primary_key, *table.unique_keys, *(key.columns for key in table.foreign_keys))
    return any(name in key for key in keys)


def _other_values(
    original: Original, shape: Shape, place: Place, random: Random
) -> Iterator[Value]:
    """A value that makes a group of its own."""
    alias, name = place
    table = original.table(shape.sources[alias])
    domain = original.domains[table.name].get(name)
    if domain is None or _is_key(table, name):
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
    original = tables.original
    placed: dict[str, MadeRow] = {}
    own: dict[Place, Value] = {}
    if wish.apart:
        for place in shape.keys:
            if place not in wish.values:
                for value in _other_values(original, shape, place, tables.random):
                    own[place] = value
        own.update(_parents_apart(tables, shape))
    whole = Wish({**own, **wish.values}, wish.without, wish.num_last, wish.tied)
    order = sources_in_order(shape, original.schema)
    for number, (alias, name) in enumerate(order):
        if alias == wish.without:
            continue
        is_last = number == len(order) - 1
        first: MadeRow | None = None
        for _ in range(wish.num_last if is_last else 1):
            row = _wished(tables, shape, whole, alias, placed)
            if first is not None and wish.tied:
                row = dict(first)
            named = _named_row(tables, shape, alias, row)
            if named is not None:
                named = _near_in_tree(tables, name, named)
            if named is not None:
                # A query that begins at one row by its key sees only that row and those around it.
                _rewrite(tables, name, named, whole, alias)
                made: MadeRow | None = named
            else:
                made = tables.add(name, row)
            if made is None:
                return
            first = first or made
            placed[alias] = made


def _parents_apart(tables: Tables, shape: Shape) -> dict[Place, Value]:
    """New rows for the foreign keys that a query names and that no alias stands for.

    Aliases that refer to the same table get the same new row.
    """
    found: dict[Place, Value] = {}
    new: dict[str, MadeRow] = {}
    compared = {(entry.alias, entry.column) for entry in shape.comparisons}
    for alias, name in shape.columns:
        table = tables.original.table(shape.sources[alias])
        for key in table.foreign_keys:
            is_open = key.columns == (name,) and key.table not in shape.sources.values()
            if not is_open or (alias, name) in compared:
                continue
            rows = tables.original.rows.get(key.table)
            if key.table not in new and rows:
                made = tables.add(key.table, dict(tables.random.choice(rows)))
                if made is not None:
                    new[key.table] = made
            if key.table in new:
                found[alias, name] = new[key.table][key.referenced_columns[0]]
    return found


def _named_row(tables: Tables, shape: Shape, alias: str, row: MadeRow) -> MadeRow | None:
    """The row that the query names by its key, if it is there."""
    table = tables.original.table(shape.sources[alias])
    if len(table.primary_key) != 1:
        return None
    (key,) = table.primary_key
    for comparison in shape.comparisons:
        if (comparison.alias, comparison.column, comparison.operator) == (alias, key, "="):
            return tables.with_key(table.name, row[key])
    return None


def _near_in_tree(tables: Tables, name: str, row: MadeRow) -> MadeRow:
    """The row, or one of those above it where the table refers to itself."""
    table = tables.original.table(name)
    own = [key for key in table.foreign_keys if key.table == name and len(key.columns) == 1]
    while own and row[own[0].columns[0]] is not None and tables.random.random() < 0.5:
        parent = tables.with_key(name, row[own[0].columns[0]])
        if parent is None or parent is row:
            break
        row = parent
    return row


def _rewrite(tables: Tables, name: str, row: MadeRow, wish: Wish, alias: str) -> None:
    table = tables.original.table(name)
    for (other, column), value in wish.values.items():
        found = table.column(column)
        allowed = found is not None and (found.nullable or value is not None)
        if other == alias and allowed and not _is_key(table, column):
            row[column] = value


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
