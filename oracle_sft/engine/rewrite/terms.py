"""Oracle's types, and an expression that is already written for DuckDB.

Every NUMBER is carried as a DECIMAL whose scale is known here, or as a DOUBLE where it may be inexact
(`OracleType.binary`); DATE and TIMESTAMP are DuckDB TIMESTAMPs, those with a time zone in UTC; an
INTERVAL is a number of microseconds or of months; '' never exists, it is NULL.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal, get_args

from oracle_sft.engine.result import OracleError

Family = Literal[
    "NUMBER",
    "BINARY_FLOAT",
    "BINARY_DOUBLE",
    "VARCHAR2",
    "CHAR",
    "DATE",
    "TIMESTAMP",
    "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMP WITH LOCAL TIME ZONE",
    "INTERVAL DAY TO SECOND",
    "INTERVAL YEAR TO MONTH",
    "RAW",
    "NULL",
]
_FAMILIES: dict[str, Family] = {name: name for name in get_args(Family)}
Constant = Decimal | str | datetime | timedelta
Place = Callable[[str], str]
"""Takes DuckDB's call of an aggregate, and gives the column in which a stage below computes it: over
the rows of a group, or of a window.
"""

MAX_PRECISION = 38
"""DuckDB's widest DECIMAL."""

NARROW_PRECISION = 18
"""Digits of a DECIMAL that DuckDB keeps in 64 bits."""

DIVISION_SCALE = 20
"""Decimals kept of a quotient. Oracle keeps about 40 significant digits; what is cut off is marked
inexact, so that it is never shown as text.
"""


@dataclass(frozen=True, slots=True)
class Ratio:
    """A quotient N / D of whole numbers, carried as a DOUBLE (see `quotients.py`)."""

    numerator: int
    """Digits of N at most."""
    divisor: int
    """Digits of D at most."""
    whole: int
    """Digits of the quotient before its point at most."""
    fresh: bool = True
    """The DOUBLE is the nearest one to the quotient; otherwise off by a few roundings."""


@dataclass(frozen=True, slots=True)
class OracleType:
    """`precision` and `scale` mean something for NUMBER, `size` for CHAR.

    Of a TIMESTAMP and an INTERVAL DAY TO SECOND, `scale` is the number of digits of a second that
    its text shows; of an INTERVAL, `precision` is that of its leading field; UNKNOWN where Oracle's
    answer is not known.
    """

    family: Family
    precision: int = MAX_PRECISION
    scale: int = 0
    binary: bool = False
    """Carried as a DOUBLE: right to about 15 significant digits."""
    exact: bool = True
    size: int | None = None
    zone: str | None = None
    """The time zone that every value has, an offset or the name of a region; None: not one."""
    lob: bool = False
    """Text of a CLOB: nothing may be compared with it, or sorted or grouped by it."""
    json: bool = False
    """Text that a JSON function made: another one takes it as JSON."""
    ratio: Ratio | None = None
    """What is known of a `binary` NUMBER that is a quotient; None: it may be off by any error."""

    @property
    def is_text(self) -> bool:
        return self.family in ("VARCHAR2", "CHAR")

    @property
    def is_date(self) -> bool:
        return self.family in ("DATE", "TIMESTAMP")

    @property
    def is_floating(self) -> bool:
        return self.family in ("BINARY_FLOAT", "BINARY_DOUBLE")

    @property
    def is_zoned(self) -> bool:
        """A moment in UTC, shown in a time zone."""
        return self.family.startswith("TIMESTAMP WITH")

    @property
    def is_interval(self) -> bool:
        return self.family.startswith("INTERVAL")

    @property
    def duckdb(self) -> str:
        """The type that a value of this type has in DuckDB."""
        if self.family == "NUMBER":
            return "DOUBLE" if self.binary else f"DECIMAL({self.precision},{self.scale})"
        if self.is_floating:
            return "FLOAT" if self.family == "BINARY_FLOAT" else "DOUBLE"
        if self.is_date or self.is_zoned:
            return "TIMESTAMP"
        return "BIGINT" if self.is_interval else "VARCHAR"

    @property
    def short(self) -> str:
        """The name that Oracle's ORA-00932 uses."""
        if self.lob:
            return "CLOB"
        return {"VARCHAR2": "CHAR", "RAW": "BINARY"}.get(self.family, self.family)


_SIMPLE = re.compile(r"\w+(\.(\w+|\"\w+\"))?")
_MAX_REPEATED = 250
"""Characters of an expression that is written more than once."""
_DEAR = re.compile(r"SELECT|lambda|regexp_|oracle_|list_|string_agg|json", re.IGNORECASE)

NULL = OracleType("NULL")
VARCHAR2 = OracleType("VARCHAR2")
CLOB = OracleType("VARCHAR2", lob=True)
RAW = OracleType("RAW")
DATE = OracleType("DATE")
TIMESTAMP = OracleType("TIMESTAMP", scale=6)
SESSION_ZONE = "+00:00"
"""The session's time zone, and the database's."""

TIMESTAMP_TZ = OracleType("TIMESTAMP WITH TIME ZONE", scale=6, zone=SESSION_ZONE)
TIMESTAMP_LTZ = OracleType("TIMESTAMP WITH LOCAL TIME ZONE", scale=6, zone=SESSION_ZONE)
UNKNOWN = -1
"""A number of digits that is not known."""

BINARY_DOUBLE = OracleType("BINARY_DOUBLE", exact=False)
BINARY_FLOAT = OracleType("BINARY_FLOAT", exact=False)
INTERVAL_DS = OracleType("INTERVAL DAY TO SECOND", UNKNOWN, UNKNOWN)
INTERVAL_YM = OracleType("INTERVAL YEAR TO MONTH", UNKNOWN)
INEXACT = OracleType("NUMBER", binary=True, exact=False)


def number_type(precision: int, scale: int = 0, *, exact: bool = True) -> OracleType:
    """A NUMBER as a DECIMAL of at most 18 digits, or of all 38.

    Nothing lies between: DuckDB joins two DECIMALs exactly while both are narrow, and cuts off
    decimals silently when one is wide, so that the wide ones are cast by hand (`numbers.aligned`).
    """
    wide = precision > NARROW_PRECISION
    return OracleType("NUMBER", MAX_PRECISION if wide else precision, scale, exact=exact)


COUNT = number_type(18)


def family_named(name: str) -> Family:
    """The family of types that a rule of the rewritten SQL names."""
    return _FAMILIES[name]


def char_type(size: int) -> OracleType:
    return OracleType("CHAR", size=size)


@dataclass(frozen=True, slots=True)
class Term:
    """One value: DuckDB SQL that can stand anywhere in an expression, and its Oracle type."""

    sql: str
    type: OracleType
    constant: Constant | None = None
    """The value, when it is known while rewriting. NULL is known by its type."""
    alternative: "Term | None" = None
    """The same number carried the other way, where it is at hand: a DECIMAL for a DOUBLE, because it
    keeps more digits, or a DOUBLE for a DECIMAL, because it is fast.
    """
    quotient: "tuple[Term, Term] | None" = None
    """What was divided by what, where nothing else was done to the number since."""
    parts: "tuple[Term, int] | None" = None
    """A whole number and the constant that it was divided by: many of them are added up as wholes."""

    @property
    def is_null(self) -> bool:
        return self.type.family == "NULL"

    @property
    def is_literal(self) -> bool:
        """A value that is the same wherever it stands, so that no stage has to hand it on."""
        return self.constant is not None or self.sql == "NULL"

    @property
    def is_simple(self) -> bool:
        """Cheap to write twice: a name, or a short expression of native functions.

        What is written once only has to stand in a lambda (`once`), where DuckDB computes every branch
        of a CASE for every row: ten times slower than a short expression that is computed again.
        """
        if self.constant is not None or _SIMPLE.fullmatch(self.sql) is not None:
            return True
        return len(self.sql) <= _MAX_REPEATED and _DEAR.search(self.sql) is None

    def at(self, sql: str) -> "Term":
        """The same value read from another place."""
        return replace(self, sql=sql, constant=None, alternative=None, quotient=None, parts=None)


NULL_TERM = Term("NULL", NULL)


def text_literal(text: str) -> Term:
    """A literal of type CHAR, as Oracle types them; the empty one is NULL."""
    if text == "":
        return NULL_TERM
    return Term(quoted(text), char_type(len(text)), text)


def date_literal(moment: datetime, type_: OracleType = DATE) -> Term:
    return Term(f"TIMESTAMP '{moment.isoformat(sep=' ')}'", type_, moment)


def quoted(text: str) -> str:
    """A DuckDB string literal."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A DuckDB identifier."""
    return '"' + name.replace('"', '""') + '"'


def once(terms: dict[str, str], body: str, *, variable: str = "v") -> str:
    """`body` with each `$name` standing for a value that is computed only once per row."""
    # To DuckDB `v.n` is a field of a column V before it is one of the parameter v.
    variable = f"__{variable}"
    while f"lambda {variable}:" in body:
        variable += "_"
    fields = ", ".join(f"'{name}': {sql}" for name, sql in terms.items())
    inner = filled({name: f"{variable}.{name}" for name in terms}, body)
    return f"list_transform([{{{fields}}}], lambda {variable}: {inner})[1]"


def over(terms: dict[str, str], body: str, *, simple: bool) -> str:
    """`once`, or `body` with the values written out where that is cheap."""
    return filled(terms, body) if simple else once(terms, body)


_NAME = re.compile(r"""'[^']*'|"[^"]*"|\$([a-z]\b)""")


def filled(terms: dict[str, str], body: str) -> str:
    """`body` with each `$name` replaced; what stands in a literal or in a quoted name is no such name."""
    # In one pass: what is put in may hold names of its own.
    return _NAME.sub(lambda match: terms.get(match[1] or "", match[0]), body)


def failing(message: str, type_: str) -> str:
    """SQL of a DuckDB type that fails with the message when it is reached.

    DuckDB takes `error(..)` for something that changes from call to call, and does not sort the rows of a
    window by it; a failing cast may stand there.
    """
    return f"CAST({quoted(message)} AS {type_})"


def refused(construct: str) -> str:
    """SQL that refuses the query by name when it is reached."""
    return f"error({quoted(f'unsupported: {construct}')})"


def ora_error(code: str, *details: object) -> str:
    """SQL that fails with Oracle's code and text when it is reached."""
    return f"error({quoted(str(OracleError.of(code, *details)))})"
