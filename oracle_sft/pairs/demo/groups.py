"""What the rows of a view are grouped by."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from oracle_sft.pairs.demo.grammar import Cell, NoDraft, Part, Record, View, pick


@dataclass(frozen=True, slots=True)
class Group(Part):
    key: Callable[[Record], Cell] = lambda row: None


Grouper = Callable[[Random, View], Group]


def _by_choice(rng: Random, view: View) -> Group:
    ref = pick(rng, [ref for ref in view.of_kind("choice") if not ref.foreign])
    return Group(ref.sql, ref.phrases, (ref.sql,), key=lambda row: row[ref.sql])


def _by_key(rng: Random, view: View) -> Group:
    own = view.refs[0].sql
    ref = pick(rng, [ref for ref in view.of_kind("key") if not ref.foreign and ref.sql != own])
    return Group(ref.sql, ref.phrases, (ref.sql,), key=lambda row: row[ref.sql])


def _by_parent(rng: Random, view: View) -> Group:
    refs = [ref for ref in view.of_kind("choice", "text") if ref.foreign]
    ref = pick(rng, [ref for ref in refs if ref.column.name != "email"])
    return Group(ref.sql, ref.phrases, (ref.sql,), key=lambda row: row[ref.sql])


def _by_name(rng: Random, view: View) -> Group:
    """The parent itself in an outer join, where the rows are parents with their children."""
    ref = pick(rng, [ref for ref in view.of_kind("text", "choice") if not ref.outer])
    if ref.column.name in ("email", "vip"):
        raise NoDraft
    words = tuple(f"{view.one} {name}" for name in ref.phrases)
    return Group(ref.sql, words, (ref.sql,), key=lambda row: row[ref.sql])


def _date(row: Record, column: str) -> datetime | None:
    value = row[column]
    return value if isinstance(value, datetime) else None


def _by_month(rng: Random, view: View) -> Group:
    ref = pick(rng, [ref for ref in view.of_kind("date", known=True) if not ref.foreign])
    if not ref.column.timed:
        raise NoDraft  # months of birth, hiring and opening make groups of one
    words = tuple(
        text
        for name in ref.phrases
        for text in (f"month of {name} (YYYY-MM)", f"{name} as YYYY-MM")
    )
    return Group(
        f"TO_CHAR({ref.sql}, 'YYYY-MM')",
        words,
        ("month", ref.sql),
        frozenset({"to_char", "date"}),
        key=lambda row: day.strftime("%Y-%m") if (day := _date(row, ref.sql)) else None,
    )


def _by_year(rng: Random, view: View) -> Group:
    ref = pick(rng, [ref for ref in view.of_kind("date", known=True) if not ref.foreign])
    words = tuple(text for name in ref.phrases for text in (f"year of {name}", f"{name} year"))
    return Group(
        f"EXTRACT(YEAR FROM {ref.sql})",
        words,
        ("year", ref.sql),
        frozenset({"extract", "date"}),
        key=lambda row: day.year if (day := _date(row, ref.sql)) else None,
    )


GROUPS: dict[str, Grouper] = {
    "choice": _by_choice,
    "key": _by_key,
    "parent": _by_parent,
    "name": _by_name,
    "month": _by_month,
    "year": _by_year,
}
