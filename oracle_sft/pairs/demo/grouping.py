"""Aggregates: one measure over the rows that pass some filters, as a whole or for each group."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from oracle_sft.pairs.demo.conditions import conditions
from oracle_sft.pairs.demo.filters import OPERATORS, passes
from oracle_sft.pairs.demo.grammar import Cell, Draft, NoDraft, Part, Record, plain
from oracle_sft.pairs.demo.groups import GROUPS, Group
from oracle_sft.pairs.demo.listing import VIEWS, Make, also
from oracle_sft.pairs.demo.measures import MEASURES, Measure, fits
from oracle_sft.pairs.demo.views import Shop

TOTAL_LAYOUTS = (
    "What is the {measure} of {noun} {where}?",
    "Show the {measure} of {noun} {where}.",
    "Tell me the {measure} of {noun} {where}.",
    "Compute the {measure} of all {noun} {where}.",
    "For {noun} {where}, give the {measure}.",
    "I need the {measure} of {noun} {where}.",
)
GROUP_LAYOUTS = (
    "Show the {measure} of {noun} {where} per {group} {having} {tail}.",
    "For each {group}, give the {measure} of {noun} {where} {having} {tail}.",
    "What is the {measure} of {noun} {where} by {group} {having} {tail}?",
    "List every {group} with the {measure} of {noun} {where} {having} {tail}.",
    "Per {group}, I need the {measure} of {noun} {where} {having} {tail}.",
    "Give me {group} and {measure} of {noun} {where} {having} {tail}.",
)
"""The group is always the first column, the measure the second."""


def total(view: str, measure: str, filters: str) -> Make:
    """A template without groups."""

    def make(rng: Random, shop: Shop) -> Draft:
        seen = VIEWS[view](rng, shop)
        where = conditions(rng, shop, seen, filters.split())
        computed = MEASURES[measure](rng, seen)
        if not fits(computed, where.rows):
            raise NoDraft
        return Draft(
            f"SELECT {computed.sql} FROM {seen.source}{where.sql}",
            (seen.slot, *computed.values, *where.values),
            frozenset({"aggregate"}) | seen.features | computed.features | where.features,
            TOTAL_LAYOUTS,
            {"measure": computed.wordings, "noun": seen.nouns, "where": where.wordings},
        )

    return make


def grouped(
    view: str, group: str, measure: str, filters: str = "", having: str = "", tail: str = ""
) -> Make:
    """A template with groups: of which kind, HAVING 'count' or 'measure', and a tail of `_end`."""

    def make(rng: Random, shop: Shop) -> Draft:
        seen = VIEWS[view](rng, shop)
        where = conditions(rng, shop, seen, filters.split())
        by = GROUPS[group](rng, seen)
        if by.sql in where.uses:
            raise NoDraft
        computed = MEASURES[measure](rng, seen)
        groups = _split(where.rows, by)
        if by.sql == computed.column or not any(fits(computed, rows) for rows in groups.values()):
            raise NoDraft
        if any(sum(map(computed.length, rows)) > 1200 for rows in groups.values()):
            raise NoDraft
        kept, condition = _having(rng, groups, computed, having, seen.nouns)
        end = _end(rng, kept, by, computed, tail)
        query = (
            f"SELECT {by.sql}, {computed.sql} FROM {seen.source}{where.sql}"
            f" GROUP BY {by.sql}{condition.sql}"
        )
        noun, said = seen.nouns, where.wordings
        if seen.children:
            noun = seen.children
            said = tuple(
                f"of {seen.nouns[0]} {text} ({more})" for text in said for more in also(seen)
            )
        return Draft(
            end.sql.format(query=query),
            (
                seen.slot,
                *by.values,
                *computed.values,
                *where.values,
                *condition.values,
                *end.values,
            ),
            frozenset({"aggregate", "group_by"})
            | seen.features
            | by.features
            | computed.features
            | where.features
            | condition.features
            | end.features,
            GROUP_LAYOUTS,
            {
                "measure": computed.wordings,
                "noun": noun,
                "where": said,
                "group": by.wordings,
                "having": condition.wordings,
                "tail": end.wordings,
            },
        )

    return make


_COUNTED: dict[str, tuple[str, ...]] = {
    ">": ("more than", "over"),
    "<": ("fewer than", "less than"),
    ">=": ("at least", "no less than"),
    "<=": ("at most", "no more than"),
}

Groups = dict[Cell, list[Record]]


def _split(rows: Sequence[Record], by: Group) -> Groups:
    groups: Groups = {}
    for row in rows:
        groups.setdefault(by.key(row), []).append(row)
    if len(groups) < 2:
        raise NoDraft
    return groups


def _having(
    rng: Random, groups: Groups, measure: Measure, kind: str, nouns: Sequence[str]
) -> tuple[Groups, Part]:
    """A condition that some groups pass and some do not."""
    if not kind:
        return groups, Part("", ("",))
    if kind == "count":
        sql, sizes = "COUNT(*)", {key: Decimal(len(rows)) for key, rows in groups.items()}
    else:
        sql, sizes = measure.sql, {key: measure.of(rows) for key, rows in groups.items()}
    bound = _bound(rng, sorted(set(sizes.values())))
    operator = rng.choice((">", ">", ">=", ">=", "<", "<="))
    kept = {key: groups[key] for key, size in sizes.items() if passes(size, operator, bound)}
    if not kept or len(kept) == len(groups):
        raise NoDraft
    said = tuple(
        text
        for word in (_COUNTED if kind == "count" else OPERATORS)[operator]
        for text in (
            [f", only those with {word} {plain(bound)} {noun}" for noun in nouns]
            if kind == "count"
            else [f", only where the {name} is {word} {plain(bound)}" for name in measure.wordings]
        )
    )
    sql = f" HAVING {sql} {operator} {plain(bound)}"
    return kept, Part(sql, said, (kind, operator, plain(bound)), frozenset({"having"}))


def _bound(rng: Random, sizes: Sequence[Decimal]) -> Decimal:
    """One of the sizes, cut to two digits."""
    if len(sizes) < 2:
        raise NoDraft
    size = int(rng.choice(sizes))
    digits = 10 ** max(len(str(size)) - 2, 0)
    return Decimal(size // digits * digits)


def _end(rng: Random, groups: Groups, by: Group, measure: Measure, tail: str) -> Part:
    group, name = rng.choice(by.wordings), rng.choice(measure.wordings)
    match tail:
        case "":
            return Part("{query}", ("",))
        case "by_group":
            said = tuple(f", {word} by {group}" for word in ("sorted", "ordered"))
            return Part(f"{{query}} ORDER BY {by.sql}", said, (tail,), frozenset({"order_by"}))
        case "by_measure":
            said = tuple(f", {word} by {name}, highest first" for word in ("sorted", "ordered"))
            sql = f"{{query}} ORDER BY {measure.sql} DESC"
            return Part(sql, said, (tail,), frozenset({"order_by"}))
    count = _cut(rng, sorted((measure.of(rows) for rows in groups.values()), reverse=True), tail)
    ordered = f"{{query}} ORDER BY {measure.sql} DESC"
    match tail:
        case "rownum":
            sql = f"SELECT * FROM ({ordered}) WHERE ROWNUM <= {count}"
            said = tuple(
                f", {only} the {count} with the highest {name}" for only in ("only", "just")
            )
            return Part(sql, said, (tail, str(count)), frozenset({"rownum"}))
        case "fetch":
            sql = f"{ordered} FETCH FIRST {count} ROWS ONLY"
            said = (f", first {count} rows by {name}, highest first",)
            return Part(sql, said, (tail, str(count)), frozenset({"fetch_first", "order_by"}))
        case "ties":
            sql = f"{ordered} FETCH FIRST {count} ROWS WITH TIES"
            said = (
                f", the {count} with the highest {name}, ties included",
                f", the {count} with the highest {name}, with ties",
            )
            features = frozenset({"fetch_first", "with_ties", "order_by"})
            return Part(sql, said, (tail, str(count)), features)
    raise ValueError(f"unknown tail {tail!r}")


def _cut(rng: Random, sizes: Sequence[Decimal], tail: str) -> int:
    """How many groups to keep, not cutting between equals unless ties are kept."""
    counts = [
        n for n in range(1, min(len(sizes), 11)) if tail == "ties" or sizes[n - 1] != sizes[n]
    ]
    if not counts:
        raise NoDraft
    return rng.choice(counts)
