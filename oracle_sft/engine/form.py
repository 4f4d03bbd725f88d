"""What is known of a stored column: its type, and how its values are checked."""

from collections.abc import Callable
from dataclasses import dataclass

from oracle_sft.engine.rewrite.terms import OracleType


@dataclass(frozen=True, slots=True)
class Plain:
    """Values that need no look at each: a condition on the text `{x}` that holds for them only."""

    condition: str
    cast: str

    def of(self, text: str) -> tuple[str, str]:
        """Condition and cast for an expression of DuckDB."""
        return self.condition.replace("{x}", text), self.cast.replace("{x}", text)


@dataclass(frozen=True, slots=True)
class Form:
    """How a column's values are checked and stored."""

    type: OracleType
    sql: str
    text: Callable[[object], str | None]
    """The value as text that DuckDB casts; ValueError says what is wrong with it."""
    plain: Plain | None = None
    """None: each value is looked at."""


class UnknownType(Exception):
    """A type whose values are not stored here."""
