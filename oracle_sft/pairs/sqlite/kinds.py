"""What SQLite makes of a value: the type of an expression as far as Oracle would answer otherwise."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from oracle_sft.sqltext.names import PLAIN_NAME

Family = Literal["int", "real", "number", "text", "date", "bool", "null", "other"]

NUMBERS = ("int", "real", "number")
DAY = "YYYY-MM-DD"
SECOND = "YYYY-MM-DD HH24:MI:SS"
_NUMERIC = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)


class Refused(Exception):
    """A construct that cannot be rewritten so that it surely means the same; its name is the message."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Of `number` it is not known whether the value is whole; `other` may hold anything."""

    family: Family
    format: str = ""
    """How SQLite's text of it reads, in Oracle's notation: of a date, and of a text column of dates only."""
    has_affinity: bool = False
    """A column or a CAST: SQLite converts what it is compared with."""
    is_numeric: bool = False
    """Of a text or date: its column is of a numeric type, and a text that looks like a number is compared as one."""
    has_digits: bool = False
    """Of a text: nothing but a few digits, in all rows that are loaded."""
    nullable: bool = True

    @property
    def is_number(self) -> bool:
        return self.family in NUMBERS


NULL = Kind("null")
BOOL = Kind("bool")
INT = Kind("int")
REAL = Kind("real")
TEXT = Kind("text")


@dataclass(frozen=True, slots=True)
class Known:
    """A column: its name as Oracle stores it, and what it holds."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class KnownTable:
    """A table and its columns, these by SQLite's names in lower case."""

    name: str
    """As Oracle stores it."""
    columns: Mapping[str, Known]
    key: tuple[str, ...] = ()
    """SQLite's names of the primary key's columns."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The tables that queries may name, by SQLite's name in lower case."""

    tables: Mapping[str, KnownTable] = field(default_factory=dict)
    has_rows: bool = False
    """Both sides are run and compared."""


def stored(name: str) -> str:
    """SQLite's name as Oracle stores it."""
    upper = name.upper()
    return upper if name.isascii() and PLAIN_NAME.fullmatch(upper) else name


def looks_numeric(text: str) -> bool:
    """Whether SQLite takes a text for a number where a number is wanted."""
    return _NUMERIC.fullmatch(text) is not None


def arithmetic_kind(left: Kind, right: Kind) -> Kind:
    nullable = left.nullable or right.nullable
    families = {left.family, right.family} - {"null"}
    if families == {"int"}:
        return Kind("int", nullable=nullable)
    return Kind("real" if "real" in families else "number", nullable=nullable)
