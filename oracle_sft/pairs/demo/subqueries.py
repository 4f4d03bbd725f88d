"""Conditions that look at other rows: IN, EXISTS, and comparisons with an aggregate."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random
from typing import Any

from oracle_sft.pairs.demo.dates import DATE_FILTERS
from oracle_sft.pairs.demo.filters import FILTERS
from oracle_sft.pairs.demo.grammar import Cell, Filter, NoDraft, Record, Ref, View, a_, pick
from oracle_sft.pairs.demo.views import Shop, children_of, relation_of
from oracle_sft.pairs.demo.vocabulary import Entity

_INNER = ("equal", "compare", "in_year", "since", "missing", "in_month", "last_months")
"""Conditions inside a subquery."""


def _child_filter(rng: Random, view: View, names: Sequence[str]) -> Filter:
    name = rng.choice(names)
    make = FILTERS.get(name) or DATE_FILTERS[name]
    return make(rng, view, rng.choice(view.rows))


def _entity(shop: Shop, view: View) -> tuple[Entity, str]:
    """The table of a view of one table, and the prefix of its columns."""
    table, _, alias = view.slot.partition(" ")
    if table not in shop.entities:
        raise NoDraft
    return shop.entities[table], f"{alias}." if alias else ""


def in_subquery(rng: Random, shop: Shop, view: View, inner: Sequence[str] = _INNER) -> Filter:
    """Parents with a child that passes a filter of its own."""
    entity, prefix = _entity(shop, view)
    relation = relation_of(rng, children_of(entity))
    child = shop.single(relation.child)
    where = _child_filter(rng, child, inner)
    keys = {row[relation.key] for row in child.rows if where.test(row)}
    key = prefix + relation.key
    nouns = relation.child.nouns
    verb = "that have" if relation.role != "seller" else "that sold"
    return Filter(
        f"{key} IN (SELECT {relation.key} FROM {relation.child.table} WHERE {where.sql})",
        tuple(f"{verb} {noun} {said}" for noun in nouns for said in where.wordings),
        (relation.child.table, *where.values),
        frozenset({"subquery", "in_subquery"}) | where.features,
        test=lambda row: row[key] in keys,
    )


def _exists(rng: Random, shop: Shop, view: View, *, negated: bool) -> Filter:
    entity, prefix = _entity(shop, view)
    if not prefix:
        raise NoDraft
    relation = relation_of(rng, children_of(entity))
    child = shop.single(relation.child, alias=True)
    where = _child_filter(rng, child, ("equal", "compare", "in_year", "since"))
    link = f"{relation.child.alias}.{relation.key}"
    keys = {row[link] for row in child.rows if where.test(row)}
    key = prefix + relation.key
    one = relation.child.one
    opening = (
        (f"for which no {one} exists", f"with not a single {one}")
        if negated
        else (f"for which {a_(one)} exists", f"with at least one {one}")
    )
    return Filter(
        f"{'NOT ' if negated else ''}EXISTS (SELECT 1 FROM {child.source}"
        f" WHERE {link} = {key} AND {where.sql})",
        tuple(f"{word} {said}" for word in opening for said in where.wordings),
        (relation.child.table, *where.values),
        frozenset({"subquery", "not_exists" if negated else "exists"}) | where.features,
        test=lambda row: (row[key] in keys) != negated,
    )


def exists(rng: Random, shop: Shop, view: View) -> Filter:
    return _exists(rng, shop, view, negated=False)


def not_exists(rng: Random, shop: Shop, view: View) -> Filter:
    return _exists(rng, shop, view, negated=True)


def _number(view: View, rng: Random) -> Ref:
    return pick(rng, view.of_kind("number"))


def average(rows: Sequence[Record], column: str) -> Decimal:
    known = [row[column] for row in rows if row[column] is not None]
    if not known:
        raise NoDraft
    return sum((Decimal(str(value)) for value in known), Decimal(0)) / len(known)


def above_average(rng: Random, shop: Shop, view: View, inner: Sequence[str] = ()) -> Filter:
    """Above or below the average of all rows, or of those that pass a filter of their own."""
    _entity(shop, view)
    ref = _number(view, rng)
    where = None
    if inner or rng.random() < 0.5:
        where = _child_filter(rng, view, inner or ("equal", "in_year"))
    rows = [row for row in view.rows if where is None or where.test(row)]
    bound = average(rows, ref.sql)
    operator, word = rng.choice(((">", "above"), ("<", "below")))
    inside = f"SELECT AVG({ref.sql}) FROM {view.source}"
    said: tuple[str, ...] = ("",)
    if where:
        inside += f" WHERE {where.sql}"
        said = tuple(f" of {noun} {text}" for noun in view.nouns for text in where.wordings)
    return Filter(
        f"{ref.sql} {operator} ({inside})",
        tuple(f"with {name} {word} the average{text}" for name in ref.phrases for text in said),
        (ref.sql, operator, *(where.values if where else ())),
        frozenset({"subquery", "scalar_subquery"}) | (where.features if where else frozenset()),
        test=lambda row: _beyond(row[ref.sql], operator, bound),
        uses=(ref.sql,),
    )


def _beyond(value: Cell, operator: str, bound: Decimal) -> bool:
    if value is None:
        return False
    return Decimal(str(value)) > bound if operator == ">" else Decimal(str(value)) < bound


def above_group_average(rng: Random, shop: Shop, view: View) -> Filter:
    """Compared with the average of the rows that agree in another column."""
    entity, prefix = _entity(shop, view)
    if not prefix:
        raise NoDraft
    ref = _number(view, rng)
    group = pick(
        rng, [other for other in view.of_kind("choice", "key") if other is not view.refs[0]]
    )
    operator, word = rng.choice(((">", "above"), ("<", "below")))
    groups: dict[Cell, list[Record]] = {}
    for row in view.rows:
        groups.setdefault(row[group.sql], []).append(row)
    number, key = ref.column.name, group.column.name
    called = key.removesuffix("_id")

    averages: dict[Cell, Decimal] = {}
    for value, rows in groups.items():
        if value is not None and any(row[ref.sql] is not None for row in rows):
            averages[value] = average(rows, ref.sql)

    def test(row: Record) -> bool:
        bound = averages.get(row[group.sql])
        return bound is not None and _beyond(row[ref.sql], operator, bound)

    return Filter(
        f"{ref.sql} {operator} (SELECT AVG(x.{number}) FROM {entity.table} x"
        f" WHERE x.{key} = {group.sql})",
        tuple(
            f"with {name} {word} the average {of} {called}"
            for name in ref.phrases
            for of in ("of the same", "within the same")
        ),
        (ref.sql, operator, group.sql),
        frozenset({"subquery", "correlated_subquery"}),
        test=test,
        uses=(ref.sql,),
    )


def extreme(rng: Random, shop: Shop, view: View) -> Filter:
    """The rows that hold the highest or lowest value, all of them where several do."""
    _entity(shop, view)
    ref = pick(rng, view.of_kind("number", "date", known=True))
    where = _child_filter(rng, view, ("equal", "in_year"))
    rows: list[Any] = [row[ref.sql] for row in view.rows if where.test(row)]
    function, word = rng.choice((("MAX", "highest"), ("MIN", "lowest")))
    if ref.column.kind == "date":
        word = "latest" if function == "MAX" else "earliest"
    bound = (max if function == "MAX" else min)(rows)
    return Filter(
        f"{where.sql} AND {ref.sql} ="
        f" (SELECT {function}({ref.sql}) FROM {view.source} WHERE {where.sql})",
        tuple(
            f"{text} with the {word} {name} of all such {noun}"
            for name in ref.phrases
            for noun in view.nouns
            for text in where.wordings
        ),
        (ref.sql, function, *where.values),
        frozenset({"subquery", "scalar_subquery"}) | where.features,
        test=lambda row: where.test(row) and row[ref.sql] == bound,
        uses=(ref.sql,),
    )


SUBQUERIES: dict[str, Callable[[Random, Shop, View], Filter]] = {
    "in_subquery": in_subquery,
    "exists": exists,
    "not_exists": not_exists,
    "above_average": above_average,
    "above_group_average": above_group_average,
    "extreme": extreme,
}
