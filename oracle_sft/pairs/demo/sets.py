"""UNION, INTERSECT and MINUS of a column that two tables share."""

from random import Random

from oracle_sft.pairs.demo.conditions import conditions
from oracle_sft.pairs.demo.grammar import Draft, NoDraft
from oracle_sft.pairs.demo.listing import Make
from oracle_sft.pairs.demo.views import Shop
from oracle_sft.pairs.demo.vocabulary import (
    CUSTOMERS,
    EMPLOYEES,
    ORDER_LINES,
    ORDERS,
    PAYMENTS,
    PRODUCTS,
    REPAIRS,
    SHOPS,
    Entity,
)

LAYOUTS = (
    "Show the {column} values {sets}.",
    "Which {column} values are {sets}?",
    "List every {column} {sets}.",
    "Give me each {column} {sets}.",
    "I need all {column} values {sets}.",
    "Find the {column} values {sets}.",
)

SHARED: dict[str, tuple[Entity, ...]] = {
    "customer_id": (CUSTOMERS, ORDERS, REPAIRS),
    "employee_id": (EMPLOYEES, ORDERS, REPAIRS),
    "shop_id": (SHOPS, EMPLOYEES, ORDERS),
    "order_id": (ORDERS, ORDER_LINES, PAYMENTS),
    "product_id": (PRODUCTS, ORDER_LINES),
    "city": (SHOPS, CUSTOMERS),
}

_WORDS = {
    "MINUS": ("of {one} but not of {two}", "of {one} that are not of {two}"),
    "INTERSECT": ("of both {one} and {two}", "of {one} and also of {two}"),
    "UNION": ("of {one} or of {two}", "of either {one} or {two}"),
}


def set_operation(operator: str, first: str, second: str) -> Make:
    """A template for `operator`, with the filters of its two queries by name."""

    def make(rng: Random, shop: Shop) -> Draft:
        column = rng.choice(sorted(SHARED))
        left, right = (shop.single(entity) for entity in rng.sample(SHARED[column], 2))
        one = conditions(rng, shop, left, first.split())
        two = conditions(rng, shop, right, second.split())
        if column in (*one.uses, *two.uses):
            raise NoDraft
        found = {row[column] for row in one.rows} - {None}
        others = {row[column] for row in two.rows} - {None}
        kept = {"MINUS": found - others, "INTERSECT": found & others, "UNION": found | others}
        if not kept[operator] or kept[operator] in (found, others):
            raise NoDraft  # nothing left, or the second query changes nothing
        ways = {
            words.format(
                one=f"{rng.choice(left.nouns)} {rng.choice(one.wordings)}".strip(),
                two=f"{rng.choice(right.nouns)} {rng.choice(two.wordings)}".strip(),
            )
            for words in _WORDS[operator]
            for _ in range(3)
        }
        return Draft(
            f"SELECT {column} FROM {left.source}{one.sql}"
            f" {operator} SELECT {column} FROM {right.source}{two.sql}",
            (operator, column, left.slot, *one.values, right.slot, *two.values),
            frozenset({"set_operator", operator.lower()}) | one.features | two.features,
            LAYOUTS,
            {"column": (column.replace("_", " "),), "sets": tuple(sorted(ways))},
        )

    return make
