"""What rows would tell a query from its neighbours: sets of joined rows, one for each of its aliases."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from oracle_sft.engine.result import Value
from oracle_sft.engine.suite.boundaries import boundaries, violating
from oracle_sft.engine.suite.shapes import Comparison, Shape
from oracle_sft.engine.suite.tables import Original, is_key

Place = tuple[str, str]
"""A column: (alias, name)."""

_SURPLUS = 2
"""Rows more than the largest number that a query counts or fetches."""
_MOST_SURPLUS = 30
_MOST_COUNTED = 150
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
    twin: str = ""
    """The alias whose row stands there twice, each time with a row that refers to it."""


def few_wishes(original: Original, shape: Shape) -> Iterator[Wish]:
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
        yield Wish(twin=alias)
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
            yield from [Wish(values, apart=True)] * (largest + 1)
            yield Wish(values, num_last=largest + 1, tied=True)


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
    """Values of what is shown and sorted by with which a row stands first or last, `step` units from the ends."""
    low: dict[Place, Value] = {}
    high: dict[Place, Value] = {}
    for place in shape.columns:
        alias, name = place
        table = original.table(shape.sources[alias])
        domain = original.domains[table.name].get(name)
        is_compared = any((entry.alias, entry.column) == place for entry in shape.comparisons)
        if domain is None or is_compared or is_key(table, name):
            continue
        ends = domain.extremes(step)
        if None not in ends:
            low[place], high[place] = ends
    return [low, high] if low else []


def other_values(original: Original, shape: Shape, place: Place, random: Random) -> Iterator[Value]:
    """A value that makes a group of its own."""
    alias, name = place
    table = original.table(shape.sources[alias])
    domain = original.domains[table.name].get(name)
    if domain is None or is_key(table, name):
        return
    if any((entry.alias, entry.column) == place for entry in shape.comparisons):
        return
    if domain.kind == "date":
        yield domain.fit(datetime(random.randint(1950, 2019), random.randint(1, 12), 28))
    elif domain.kind == "text" and domain.known is None:
        known = [str(row[name]) for row in original.rows[table.name] if row[name]] or ["Group"]
        yield domain.fit(f"{random.choice(known)}{random.randint(2, 99)}")
