"""Listings: a projection of the rows of a view that pass some filters, ordered or cut at the end."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from oracle_sft.pairs.demo.conditions import conditions
from oracle_sft.pairs.demo.filters import FILTERS
from oracle_sft.pairs.demo.grammar import Draft, NoDraft, View
from oracle_sft.pairs.demo.projections import PROJECTIONS
from oracle_sft.pairs.demo.tails import TAILS
from oracle_sft.pairs.demo.views import Shop, pairs_of_relations
from oracle_sft.pairs.demo.vocabulary import CATEGORIES, ENTITIES, ORDER_LINES, RELATIONS

LAYOUTS = (
    "Show the {columns} of {noun} {where} {tail}.",
    "List {noun} {where} with their {columns} {tail}.",
    "What are the {columns} of {noun} {where} {tail}?",
    "For {noun} {where}, give the {columns} {tail}.",
    "I need the {columns} for all {noun} {where} {tail}.",
    "Find {noun} {where} and return {columns} {tail}.",
    "Give me {columns} of the {noun} {where} {tail}.",
)
"""Sentences around the parts of a listing."""

Make = Callable[[Random, Shop], Draft]

_LISTED = tuple(entity for entity in ENTITIES if entity is not CATEGORIES)


def _joined(rng: Random, shop: Shop) -> View:
    return shop.joined(rng.choice(RELATIONS))


def _joined_twice(rng: Random, shop: Shop) -> View:
    return shop.joined_twice(*rng.choice(list(pairs_of_relations())))


def _outer(rng: Random, shop: Shop) -> View:
    return shop.outer(rng.choice(_OUTER))


def _outer_only(rng: Random, shop: Shop) -> View:
    """The children that pass a filter, and every parent all the same."""
    relation = rng.choice(_OUTER)
    children = shop.single(relation.child)
    only = FILTERS["equal"](rng, children, rng.choice(children.rows))
    return shop.outer(relation, only)


_OUTER = [relation for relation in RELATIONS if relation.child is not ORDER_LINES]

VIEWS: dict[str, Callable[[Random, Shop], View]] = {
    "one": lambda rng, shop: shop.single(rng.choice(_LISTED)),
    "aliased": lambda rng, shop: shop.single(rng.choice(_LISTED), alias=True),
    "join": _joined,
    "join_3": _joined_twice,
    "outer": _outer,
    "outer_only": _outer_only,
}


def listing(view: str, projection: str, filters: str = "", tail: str = "none") -> Make:
    """A template: a view, a projection, filters separated by blanks and a tail, by their names."""

    def make(rng: Random, shop: Shop) -> Draft:
        seen = VIEWS[view](rng, shop)
        where = conditions(rng, shop, seen, filters.split())
        shown = PROJECTIONS[projection](rng, replace(seen, rows=where.rows), where.uses)
        end = TAILS[tail](rng, seen, where.rows, shown)
        names = [column.split(".")[-1] for column in shown.sql.split(", ")]
        if tail == "rownum" and len(set(names)) < len(names):
            raise NoDraft  # an inline view whose columns share a name: ORA-00918
        noun = seen.nouns
        said = where.wordings
        if seen.children:
            said = tuple(f"{words} ({more})" for words in said for more in also(seen))
        rest = f"FROM {seen.source}{where.sql}"
        return Draft(
            end.sql.format(query=f"SELECT {shown.sql} {rest}", columns=shown.sql, rest=rest),
            (seen.slot, *shown.values, *where.values, *end.values),
            seen.features | shown.features | where.features | end.features,
            LAYOUTS,
            {"columns": shown.wordings, "noun": noun, "where": said, "tail": end.wordings},
        )

    return make


def also(view: View) -> tuple[str, ...]:
    """How a question asks for an outer join."""
    many = view.children[0].split()[0]
    return (f"also those without {many}", f"even without {many}", f"including ones without {many}")
