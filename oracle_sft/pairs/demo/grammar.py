"""The types of the generator: views that a query reads, parts that it is composed of, drafts.

A `Part` is a piece of SQL together with the words that ask for it. Themes (filters, projections,
measures, tails, ...) make parts for a `View`; sentences put parts together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import TypeVar

from oracle_sft.pairs.demo.vocabulary import Column

T = TypeVar("T")
Cell = None | int | Decimal | str | datetime
Record = dict[str, Cell]
"""One joined row: the value of each column under the SQL that names it (`salary`, `e.salary`)."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A column as a query names it and as a question calls it."""

    sql: str
    column: Column
    phrases: tuple[str, ...]
    outer: bool = False
    """On the optional side of an outer join: no filter may touch it."""
    foreign: bool = False
    """Of a joined parent rather than of the rows that the question is about."""


@dataclass(frozen=True, slots=True)
class View:
    """What a query reads."""

    slot: str
    """Names the view among the values of a template: `orders>customers`."""
    source: str
    nouns: tuple[str, ...]
    refs: tuple[Ref, ...]
    rows: Sequence[Record]
    joins: tuple[str, ...] = ()
    """Old-style join conditions, first in the WHERE clause."""
    features: frozenset[str] = frozenset()
    children: tuple[str, ...] = ()
    """In an outer join, what a question calls the rows on the optional side."""
    one: str = ""
    """One of the rows that the question is about."""

    def of_kind(self, *kinds: str, known: bool = False) -> list[Ref]:
        """The columns of these kinds that may be shown; with `known`, only those without NULL."""
        return [
            ref
            for ref in self.refs
            if ref.column.kind in kinds
            and (not known or all(row[ref.sql] is not None for row in self.rows))
        ]

    def ref(self, name: str) -> Ref:
        """The column of that name of the rows that the question is about."""
        return next(ref for ref in self.refs if ref.column.name == name and not ref.foreign)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of SQL and the words that ask for it; `wordings` all mean the same."""

    sql: str
    wordings: tuple[str, ...]
    values: tuple[str, ...] = ()
    features: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Filter(Part):
    test: Callable[[Record], bool] = field(default=lambda row: True, compare=False)
    """Whether a row passes; the rows of the view are what chooses values that find something."""
    uses: tuple[str, ...] = ()
    """SQL of the columns in it, which the select list then leaves out where it may."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A query with every way of asking for it."""

    sql: str
    values: tuple[str, ...]
    """What fills the slots of the template: with its name, the identity of the query."""
    features: frozenset[str]
    layouts: tuple[str, ...]
    """Sentences with named holes; a template keeps one of them for the scored suites."""
    parts: dict[str, tuple[str, ...]]
    """The wordings for each hole."""

    def question(self, layout: int, rng: Random) -> str:
        words = {hole: rng.choice(wordings) for hole, wordings in sorted(self.parts.items())}
        text = " ".join(self.layouts[layout].format(**words).split())
        text = text.replace(" ,", ",").replace(" .", ".").replace(" ?", "?").replace(" :", ":")
        return text[0].upper() + text[1:]


Computed = tuple[str, tuple[str, ...], tuple[str, ...], set[str]]
"""SQL of the last column, its wordings, the values in it, its features."""


class NoDraft(Exception):
    """This draw has no good query (nothing passes, a tie at the cut, ...): draw again."""


def literal(value: Cell) -> str:
    """A number or a text as SQL writes it."""
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, int | Decimal):
        return plain(value)
    raise TypeError(f"no literal for {value!r}")


def plain(value: Cell) -> str:
    """A value as a question writes it."""
    if isinstance(value, Decimal):
        value = value.normalize()
        return f"{value:f}"
    return str(value)


def spared(rng: Random, value: Cell) -> bool:
    """Whether to pass over a name with accents: a third of the names would be many for a small model."""
    return isinstance(value, str) and not value.isascii() and rng.random() < 0.75


def listed(words: Sequence[str]) -> str:
    """'a', 'a and b', 'a, b and c'."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def a_(noun: str) -> str:
    """'an order', 'a shop'."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def pick(rng: Random, choices: Sequence[T]) -> T:
    """One of them; without any there is no draft."""
    if not choices:
        raise NoDraft
    return rng.choice(choices)
