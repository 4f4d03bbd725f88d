"""WHERE clauses: filters by name, put together on rows that pass all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from oracle_sft.pairs.demo.dates import DATE_FILTERS
from oracle_sft.pairs.demo.filters import FILTERS
from oracle_sft.pairs.demo.grammar import Filter, NoDraft, Record, View
from oracle_sft.pairs.demo.subqueries import SUBQUERIES
from oracle_sft.pairs.demo.views import Shop


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a query keeps of a view."""

    sql: str
    """' WHERE ...' or nothing."""
    wordings: tuple[str, ...]
    values: tuple[str, ...]
    features: frozenset[str]
    rows: Sequence[Record]
    uses: tuple[str, ...]


def conditions(rng: Random, shop: Shop, view: View, names: Sequence[str]) -> Conditions:
    """Filters of these names that at least one row passes together."""
    anchor = rng.choice(view.rows)
    filters = [_filter(rng, shop, view, name, anchor) for name in names]
    columns = [column for chosen in filters for column in chosen.uses]
    if len(set(columns)) < len(columns):
        raise NoDraft
    rows = view.rows
    for chosen in filters:
        rows = [row for row in rows if chosen.test(row)]
    if not rows:
        raise NoDraft
    clauses = [*view.joins, *(chosen.sql for chosen in filters)]
    return Conditions(
        f" WHERE {' AND '.join(clauses)}" if clauses else "",
        _joined(rng, filters),
        tuple(value for chosen in filters for value in chosen.values),
        frozenset({"filter"} if filters else ()).union(*(chosen.features for chosen in filters)),
        rows,
        tuple(columns),
    )


def _filter(rng: Random, shop: Shop, view: View, name: str, anchor: Record) -> Filter:
    if name in SUBQUERIES:
        return SUBQUERIES[name](rng, shop, view)
    return (FILTERS.get(name) or DATE_FILTERS[name])(rng, view, anchor)


def _joined(rng: Random, filters: Sequence[Filter]) -> tuple[str, ...]:
    """A few ways to say all of them, in the order of the SQL."""
    ways = {" and ".join(rng.choice(chosen.wordings) for chosen in filters) for _ in range(6)}
    return tuple(sorted(ways))
