"""What a query gives back, and the ways in which it can fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from oracle_sft.engine.messages import message_of
from oracle_sft.errors import UserError


@dataclass(frozen=True, slots=True)
class IntervalYM:
    """An INTERVAL YEAR TO MONTH; both parts have its sign."""

    years: int
    months: int


Value = None | str | int | float | Decimal | date | datetime | timedelta | IntervalYM | bytes
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """A top-n that ends between rows with equal sort keys: which of them it returns is left open."""

    kept: tuple[int, ...]
    """Positions in `rows` of those that this result has."""
    left_out: Sequence[Row]
    """Those that it might have had instead; any `len(kept)` of them all are a right answer."""
    left_out_keys: Sequence[Row]
    """Their sort keys by the outermost ORDER BY; rows of () without one."""
    left_out_places: Sequence[int]
    """How many of `rows` stand before each of them in the order of the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSet:
    """Rows as Oracle would return them.

    NUMBER is `Decimal`, BINARY_FLOAT and BINARY_DOUBLE are `float`, DATE and TIMESTAMP are `datetime` (aware
    WITH TIME ZONE), '' is None, CHAR keeps its padding, INTERVALs are `timedelta` and `IntervalYM`.
    """

    columns: tuple[str, ...]
    """Names as Oracle reports them: upper case unless quoted."""
    types: tuple[str, ...]
    """Oracle's type family of each column: NUMBER, BINARY_DOUBLE, VARCHAR2, CHAR, DATE, TIMESTAMP, ..."""
    rows: Sequence[Row]
    truncated: bool = False
    """More rows existed than `max_rows`; a truncated result never equals another."""
    inexact: tuple[bool, ...] = ()
    """Per column, whether a division or a function of real numbers is behind its NUMBERs, so that
    the last digits may not be Oracle's; () where nothing is known.
    """
    sort_keys: Sequence[Row] | None = None
    """What the outermost ORDER BY sorts each row by; None without one, or where it was not asked for."""
    cuts: tuple[Cut, ...] = ()
    """Where other rows would have been as right; known only where sort keys were asked for."""


class QueryError(Exception):
    """A statement gave no rows; the subclasses say why."""


class OracleError(QueryError):
    """What Oracle itself would raise, under its own code."""

    def __init__(self, code: str, message: str) -> None:
        """`code` like 'ORA-00942', `message` without the code."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    @classmethod
    def of(cls, code: str, *details: object) -> "OracleError":
        """The error in Oracle's words; `details` fill the gaps of its text."""
        return cls(code, message_of(code, *details))

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.code, self.message)  # results cross processes, errors too


class UnsupportedSQL(QueryError):
    """The engine does not know what Oracle would answer here, and does not guess."""

    def __init__(
        self, construct: str, span: tuple[int, int] | None = None, reason: str = ""
    ) -> None:
        """`construct` names what is unknown, `reason` says why it is refused on purpose; `span` are
        character offsets into the SQL, end exclusive.
        """
        super().__init__(f"unsupported: {construct}" + (f" ({reason})" if reason else ""))
        self.construct = construct
        self.span = span
        self.reason = reason

    def __reduce__(self) -> tuple[type, tuple[str, tuple[int, int] | None, str]]:
        return type(self), (self.construct, self.span, self.reason)


class EngineBroken(UnsupportedSQL):
    """The embedded engine broke down on the query (memory, a crash); it must be opened again."""


class QueryTimeout(QueryError):
    """The deadline passed and the query was stopped."""


class Database(Protocol):
    """A place to run one read-only Oracle query."""

    def query(
        self,
        sql: str,
        *,
        timeout_seconds: float = 30.0,
        max_rows: int = 10_000,
        with_sort_keys: bool = False,
    ) -> ResultSet:
        """Run one SELECT; for a gold query `with_sort_keys`, so that `compare` knows which rows tie.

        Raises:
            OracleError: Oracle would refuse it or fail on it.
            UnsupportedSQL: the engine does not know the construct.
            QueryTimeout: it ran past `timeout_seconds`.
        """
        ...

    def close(self) -> None: ...


class LoadError(UserError):
    """DDL or rows that cannot be loaded; the message names table, row and column."""
