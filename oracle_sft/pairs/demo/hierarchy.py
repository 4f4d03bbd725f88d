"""CONNECT BY over the two trees of the demo: who reports to whom, and categories within categories."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from oracle_sft.pairs.demo.dates import DATE_FILTERS
from oracle_sft.pairs.demo.filters import FILTERS
from oracle_sft.pairs.demo.grammar import (
    Draft,
    Filter,
    NoDraft,
    Record,
    View,
    literal,
    plain,
    spared,
)
from oracle_sft.pairs.demo.grouping import TOTAL_LAYOUTS
from oracle_sft.pairs.demo.listing import LAYOUTS, Make
from oracle_sft.pairs.demo.measures import MEASURES, fits
from oracle_sft.pairs.demo.projections import PROJECTIONS
from oracle_sft.pairs.demo.views import Shop
from oracle_sft.pairs.demo.vocabulary import CATEGORIES, EMPLOYEES, Entity


@dataclass(frozen=True, slots=True)
class Tree:
    entity: Entity
    key: str
    parent: str
    up: tuple[str, ...]
    """What the rows above one are called."""


TREES = (
    Tree(EMPLOYEES, "employee_id", "manager_id", ("managers", "bosses")),
    Tree(CATEGORIES, "category_id", "parent_id", ("parent categories", "categories")),
)


@dataclass(frozen=True, slots=True)
class Branch:
    """Where a walk starts and what it meets."""

    sql: str
    """'START WITH ... CONNECT BY ...'"""
    wordings: tuple[str, ...]
    values: tuple[str, ...]
    levels: Sequence[tuple[int, Record]]


def _walk(rows: Sequence[Record], start: Record, here: str, there: str) -> list[tuple[int, Record]]:
    """Rows with their level, in the order of the walk; `there` of the next is `here` of this."""
    met: list[tuple[int, Record]] = []
    todo = [(1, start)]
    while todo:
        level, row = todo.pop()
        met.append((level, row))
        if row[here] is not None:
            todo += [(level + 1, found) for found in rows if found[there] == row[here]]
    return met


def _start(rng: Random, tree: Tree, row: Record) -> tuple[str, str]:
    """The condition for one row, by name or number, and what the question calls the row."""
    if rng.random() < 0.6 and not spared(rng, row["name"]):
        return f"name = {literal(row['name'])}", plain(row["name"])
    return f"{tree.key} = {row[tree.key]}", f"{tree.entity.one} {row[tree.key]}"


def _down(rng: Random, tree: Tree, view: View) -> Branch:
    parents = {row[tree.parent] for row in view.rows}
    row = rng.choice([row for row in view.rows if row[tree.key] in parents])
    met = _walk(view.rows, row, tree.key, tree.parent)
    start, who = _start(rng, tree, row)
    return Branch(
        f"START WITH {start} CONNECT BY PRIOR {tree.key} = {tree.parent}",
        (f"under {who} (included)", f"below and including {who}"),
        (tree.entity.table, start),
        met,
    )


def _up(rng: Random, tree: Tree, view: View) -> Branch:
    row = rng.choice([row for row in view.rows if row[tree.parent] is not None])
    start, who = _start(rng, tree, row)
    return Branch(
        f"START WITH {start} CONNECT BY PRIOR {tree.parent} = {tree.key}",
        (f"above {who} (included)", f"from {who} up to the top"),
        (tree.entity.table, "up", start),
        _walk(view.rows, row, tree.parent, tree.key),
    )


def _top(rng: Random, tree: Tree, view: View) -> Branch:
    roots = [row for row in view.rows if row[tree.parent] is None]
    met = [found for root in roots for found in _walk(view.rows, root, tree.key, tree.parent)]
    return Branch(
        f"START WITH {tree.parent} IS NULL CONNECT BY PRIOR {tree.key} = {tree.parent}",
        ("from the top of the hierarchy down", "in the hierarchy from the top"),
        (tree.entity.table, "top"),
        met,
    )


WALKS: dict[str, Callable[[Random, Tree, View], Branch]] = {
    "down": _down,
    "up": _up,
    "top": _top,
}


def _level(rng: Random) -> tuple[str, str, str]:
    return "LEVEL", "level", "level"


def _path(rng: Random) -> tuple[str, str, str]:
    separator = rng.choice(("/", " > ", " | ", ": ", " / "))  # in no name: ORA-30004
    said = f"path of names separated by '{separator}'"
    return f"SYS_CONNECT_BY_PATH(name, '{separator}')", said, "connect_by_path"


def _root(rng: Random) -> tuple[str, str, str]:
    return "CONNECT_BY_ROOT name", "root name", "connect_by_root"


EXTRAS: dict[str, Callable[[Random], tuple[str, str, str]]] = {
    "level": _level,
    "path": _path,
    "root": _root,
}
"""Columns that only a walk has: SQL, words, feature."""


def tree(walk: str, extra: str = "", projection: str = "plain", only: str = "") -> Make:
    """A template that lists the rows of a walk, with the column `extra` first.

    `only` is what it keeps of them: `level`, leaves, or a filter by its name.
    """

    def make(rng: Random, shop: Shop) -> Draft:
        chosen = rng.choice(TREES)
        view = shop.single(chosen.entity)
        branch = WALKS[walk](rng, chosen, view)
        where, rows = _only(rng, view, branch, only)
        shown = PROJECTIONS[projection](rng, replace(view, rows=rows), where.uses)
        columns, said, features = shown.sql, shown.wordings, {"connect_by"}
        if extra:
            sql, words, feature = EXTRAS[extra](rng)
            columns = f"{sql}, {columns}"
            said = tuple(words + (", " if " and " in text else " and ") + text for text in said)
            features.add(feature)
        return Draft(
            f"SELECT {columns} FROM {chosen.entity.table}{where.sql} {branch.sql}",
            (*branch.values, columns, *where.values),
            frozenset(features) | shown.features | where.features,
            LAYOUTS,
            {
                "columns": said,
                "noun": _nouns(chosen, walk),
                "where": _both(branch, where),
                "tail": ("",),
            },
        )

    return make


def tree_total(walk: str, measure: str, only: str = "") -> Make:
    """A template that computes one number over a walk, or one for each level (`levels`)."""

    def make(rng: Random, shop: Shop) -> Draft:
        chosen = rng.choice(TREES)
        view = shop.single(chosen.entity)
        branch = WALKS[walk](rng, chosen, view)
        where, rows = _only(rng, view, branch, only)
        features = frozenset({"connect_by", "aggregate"}) | where.features
        levels = measure == "levels"
        computed = MEASURES["count" if levels else measure](rng, replace(view, rows=rows))
        if not fits(computed, rows):
            raise NoDraft
        said, columns, end = computed.wordings, computed.sql, ""
        if levels:
            said = tuple(f"{text} per level" for text in said)
            columns, end = f"LEVEL, {columns}", " GROUP BY LEVEL"
            features |= {"group_by", "level"}
        return Draft(
            f"SELECT {columns} FROM {chosen.entity.table}{where.sql} {branch.sql}{end}",
            (*branch.values, columns, *where.values),
            features | computed.features,
            TOTAL_LAYOUTS,
            {"measure": said, "noun": _nouns(chosen, walk), "where": _both(branch, where)},
        )

    return make


def _nouns(chosen: Tree, walk: str) -> tuple[str, ...]:
    return chosen.up if walk == "up" else chosen.entity.nouns


def _both(branch: Branch, where: Filter) -> tuple[str, ...]:
    return tuple(
        " ".join(filter(None, (text, more))) for text in branch.wordings for more in where.wordings
    )


def _only(rng: Random, view: View, branch: Branch, only: str) -> tuple[Filter, list[Record]]:
    """The WHERE clause, which Oracle applies to the rows met, and the rows that pass."""
    rows = [row for _, row in branch.levels]
    if len(rows) < 2:
        raise NoDraft
    if not only:
        return Filter("", ("",)), rows
    if only == "level":
        return _at_level(rng, branch)
    chosen = (FILTERS.get(only) or DATE_FILTERS[only])(rng, view, rng.choice(rows))
    kept = [row for row in rows if chosen.test(row)]
    if not kept:
        raise NoDraft
    return replace(chosen, sql=f" WHERE {chosen.sql}"), kept


def _at_level(rng: Random, branch: Branch) -> tuple[Filter, list[Record]]:
    deepest = max(level for level, _ in branch.levels)
    level = rng.randrange(2, deepest + 1)
    operator, words = rng.choice(
        (
            ("=", (f"at level {level}", f"exactly on level {level}")),
            ("<=", (f"down to level {level}", f"up to level {level}")),
            (">", (f"deeper than level {level - 1}", f"beyond level {level - 1}")),
        )
    )
    bound = level - 1 if operator == ">" else level
    kept = [
        row
        for found, row in branch.levels
        if (
            found == bound
            if operator == "="
            else found <= bound
            if operator == "<="
            else found > bound
        )
    ]
    where = Filter(
        f" WHERE LEVEL {operator} {bound}",
        words,
        ("level", operator, str(bound)),
        frozenset({"level"}),
    )
    return where, kept
