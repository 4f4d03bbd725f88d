"""Views over the demo's rows: one table, a join, a join of three tables, an old outer join."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from random import Random

from oracle_sft.pairs.demo.grammar import Cell, Filter, NoDraft, Record, Ref, View
from oracle_sft.pairs.demo.rows import Rows
from oracle_sft.pairs.demo.vocabulary import ENTITIES, RELATIONS, Entity, Relation


class Shop:
    """The demo's rows with dates and numbers as values, and the views over them."""

    def __init__(self, rows: Rows) -> None:
        self.entities = {entity.table: entity for entity in ENTITIES}
        self.tables: dict[str, list[Record]] = {
            entity.table: [
                {
                    column.name: _cell(row[column.name], date=column.kind == "date")
                    for column in entity.columns
                }
                for row in rows[entity.table]
            ]
            for entity in ENTITIES
        }
        self._views: dict[str, View] = {}

    def single(self, entity: Entity, *, alias: bool = False) -> View:
        """One table; with `alias`, for queries that a subquery refers back to."""
        prefix = f"{entity.alias}." if alias else ""
        return self._kept(
            f"{entity.table}{' ' + entity.alias if alias else ''}",
            lambda slot: View(
                slot,
                slot,
                entity.nouns,
                tuple(_refs(entity, prefix)),
                [_prefixed(row, prefix) for row in self.tables[entity.table]],
                one=entity.one,
            ),
        )

    def joined(self, relation: Relation) -> View:
        """Children with their parent; children without one are not in it."""
        child, parent = relation.child, relation.parent

        def make(slot: str) -> View:
            parents = self.by_key(parent, relation.key)
            rows = [
                _prefixed(row, f"{child.alias}.")
                | _prefixed(parents[row[relation.key]], f"{parent.alias}.")
                for row in self.tables[child.table]
                if row[relation.key] is not None
            ]
            source = (
                f"{child.table} {child.alias} JOIN {parent.table} {parent.alias}"
                f" ON {child.alias}.{relation.key} = {parent.alias}.{relation.key}"
            )
            refs = (*_refs(child, f"{child.alias}."), *_parent_refs(relation))
            return View(slot, source, child.nouns, refs, rows, features=frozenset({"join"}))

        return self._kept(f"{child.table}>{relation.role}", make)

    def joined_twice(self, first: Relation, second: Relation) -> View:
        """Children with their parent and with a second parent, of the child or of the parent."""

        def make(slot: str) -> View:
            base = self.joined(first)
            alias = second.parent.alias
            parents = self.by_key(second.parent, second.key)
            here = f"{second.child.alias}.{second.key}"
            rows = [
                row | _prefixed(parents[row[here]], f"{alias}.")
                for row in base.rows
                if row[here] is not None
            ]
            return View(
                slot,
                f"{base.source} JOIN {second.parent.table} {alias} ON {here} = {alias}.{second.key}",
                base.nouns,
                (*base.refs, *_parent_refs(second)),
                rows,
                features=frozenset({"join", "join_3"}),
            )

        return self._kept(f"{first.child.table}>{first.role}>{second.role}", make)

    def outer(self, relation: Relation, only: Filter | None = None) -> View:
        """Every parent with its children, with (+): parents without children have NULLs there.

        `only` is a filter on the children, written for their columns without a prefix: it chooses
        among the children and leaves every parent in.
        """
        child, parent = relation.child, relation.parent
        slot = f"{parent.table}+{child.table}.{relation.role}"
        joins = [f"{parent.alias}.{relation.key} = {child.alias}.{relation.key}(+)"]
        nouns = child.nouns
        if only:
            slot += f" {' '.join(only.values)}"
            column, _, condition = only.sql.partition(" ")
            joins.append(f"{child.alias}.{column}(+) {condition}")
            nouns = tuple(f"{noun} {text}" for noun in nouns for text in only.wordings)

        def make(slot: str) -> View:
            children: dict[Cell, list[Record]] = {}
            for row in self.tables[child.table]:
                if only is None or only.test(row):
                    children.setdefault(row[relation.key], []).append(row)
            nothing: Record = dict.fromkeys((column.name for column in child.columns), None)
            rows = [
                _prefixed(row, f"{parent.alias}.") | _prefixed(found, f"{child.alias}.")
                for row in self.tables[parent.table]
                for found in children.get(row[relation.key], [nothing])
            ]
            optional = _refs(child, f"{child.alias}.", f"{child.one} ")
            return View(
                slot,
                f"{parent.table} {parent.alias}, {child.table} {child.alias}",
                parent.nouns,
                (
                    *_refs(parent, f"{parent.alias}."),
                    *(replace(ref, outer=True, foreign=True) for ref in optional),
                ),
                rows,
                tuple(joins),
                frozenset({"outer_join_plus"}),
                nouns,
                parent.one,
            )

        return self._kept(slot, make)

    def by_key(self, entity: Entity, key: str) -> dict[Cell, Record]:
        return {row[key]: row for row in self.tables[entity.table]}

    def _kept(self, slot: str, make: Callable[[str], View]) -> View:
        if slot not in self._views:
            self._views[slot] = make(slot)
        return self._views[slot]


def children_of(entity: Entity) -> list[Relation]:
    return [relation for relation in RELATIONS if relation.parent is entity]


def pairs_of_relations() -> Iterator[tuple[Relation, Relation]]:
    """Two relations that make a join of three different tables with different aliases."""
    for first in RELATIONS:
        for second in RELATIONS:
            tables = {first.child.alias, first.parent.alias, second.parent.alias}
            side = second.child is first.parent
            if len(tables) == 3 and (side or (second.child is first.child and first != second)):
                yield first, second


def relation_of(rng: Random, relations: list[Relation]) -> Relation:
    if not relations:
        raise NoDraft
    return rng.choice(relations)


def _refs(entity: Entity, prefix: str, called: str = "") -> Iterator[Ref]:
    for column in entity.columns:
        phrases = tuple(_called(called, phrase) for phrase in column.called)
        yield Ref(prefix + column.name, column, phrases)


def _called(prefix: str, phrase: str) -> str:
    """'order ' and 'order date' make 'order date', not 'order order date'."""
    return phrase if phrase.startswith(prefix) else prefix + phrase


def _parent_refs(relation: Relation) -> Iterator[Ref]:
    for ref in _refs(relation.parent, f"{relation.parent.alias}.", f"{relation.role} "):
        yield replace(ref, foreign=True)


def _prefixed(row: Record, prefix: str) -> Record:
    return {prefix + name: value for name, value in row.items()}


def _cell(value: object, *, date: bool) -> Cell:
    if isinstance(value, float):
        return Decimal(str(value))
    if date and isinstance(value, str):
        return datetime.fromisoformat(value)
    assert value is None or isinstance(value, int | str)
    return value
