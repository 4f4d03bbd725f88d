"""Values and rows of results in the form in which they are compared."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from oracle_sft.engine.result import IntervalYM, ResultSet, Row, Value

RELATIVE_TOLERANCE = 1e-9
ABSOLUTE_TOLERANCE = 1e-12

Typed = tuple[str, object] | None
"""A value with its type family; None for NULL."""
TypedRow = tuple[Typed, ...]


def padded_columns(*results: ResultSet) -> frozenset[int]:
    """The columns that are CHAR in one of the results: there blanks at the end say nothing."""
    return frozenset(
        place
        for result in results
        for place, kind in enumerate(result.types)
        if kind.upper() in ("CHAR", "NCHAR")
    )


def inexact_of(*results: ResultSet) -> frozenset[int]:
    """The columns whose last digits are not known in one of the results.

    Either side may have divided: a price and a third of three prices agree but for the last digits.
    """
    marked = {
        place for result in results for place, is_inexact in enumerate(result.inexact) if is_inexact
    }
    floats = {
        place
        for result in results
        for row in result.rows
        for place, value in enumerate(row)
        if isinstance(value, float)
    }
    return frozenset(marked | floats)


def typed_rows(rows: Sequence[Row], padded: frozenset[int]) -> list[TypedRow]:
    return [tuple(typed(value, place in padded) for place, value in enumerate(row)) for row in rows]


def typed(value: Value, padded: bool) -> Typed:
    """The value as it is compared: '' and an empty RAW are NULL, a zone is UTC, a date is its midnight."""
    if value is None or value == "" or value == b"":
        return None
    if isinstance(value, str):
        # A CHAR of blanks is a blank, not NULL.
        return ("text", (value.rstrip(" ") or " ") if padded else value)
    if isinstance(value, float):
        # Not-a-number equals itself in Oracle.
        return ("number", "nan") if math.isnan(value) else ("number", value)
    if isinstance(value, Decimal) and value.is_nan():
        return ("number", "nan")
    if isinstance(value, (int, Decimal)):
        return ("number", Decimal(value))
    if isinstance(value, datetime):
        if value.tzinfo is not None:
            return ("instant", value.astimezone(UTC))
        return ("time", value)
    if isinstance(value, date):
        return ("time", datetime(value.year, value.month, value.day))
    if isinstance(value, (bytes, bytearray, memoryview)):
        return ("bytes", bytes(value))
    if isinstance(value, IntervalYM):
        return ("months", value.years * 12 + value.months)
    return (type(value).__name__, value)


def number(value: Typed) -> float | None:
    """A finite number as float, None for everything else."""
    if value is None or not isinstance(value[1], (float, Decimal)):
        return None
    found = float(value[1])
    return found if math.isfinite(found) else None


def are_close(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)


def values_match(value: Typed, other: Typed, inexact: bool) -> bool:
    if inexact:
        first, second = number(value), number(other)
        if first is not None and second is not None:
            return are_close(first, second)
    return value == other


def rows_match(row: TypedRow, other: TypedRow, inexact: frozenset[int]) -> bool:
    return all(
        values_match(value, second, place in inexact)
        for place, (value, second) in enumerate(zip(row, other, strict=True))
    )


def shown(row: TypedRow) -> str:
    """The row for a message."""
    values = ["NULL" if value is None else str(value[1]) for value in row]
    cut = ", ".join(value if len(value) <= 40 else f"{value[:37]}..." for value in values[:8])
    return f"({cut}{', ...' if len(values) > 8 else ''})"
