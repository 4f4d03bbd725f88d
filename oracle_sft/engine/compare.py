"""Whether two results say the same, under a named and versioned contract.

A published number names its mode and `COMPARE_VERSION`. A mode is never changed: a better one gets
a new name, or the version goes up.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice

from oracle_sft.engine.result import ResultSet, Value

COMPARE_VERSION = 1

RELATIVE_TOLERANCE = 1e-9
ABSOLUTE_TOLERANCE = 1e-12


class CompareMode(StrEnum):
    """How two results are compared; columns stand by position in all of them."""

    BIRD_SET = "bird_set"
    """Sets of rows: duplicates and order do not count. For comparison with published numbers."""
    BAG = "bag"
    """Multisets of rows: duplicates count, order does not."""
    BAG_ORDER = "bag_order"
    """Multisets of rows, and the same order where the gold query orders its result."""
    STRICT = "strict"
    """As bag_order, with the same column names and type families."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of one comparison."""

    equal: bool
    label: str
    """`equal`; `rows`, `values`, `order`, `columns`: what differs first; `column_permuted` and
    `extra_columns`: the right rows in other columns, which is no pass; `truncated`: a cut result
    equals nothing; `uninformative`: the gold result is empty, whatever `equal` says.
    """
    detail: str
    """One sentence with the first difference; '' for equal results."""


def compare(
    gold: ResultSet,
    predicted: ResultSet,
    *,
    ordered: bool,
    mode: CompareMode = CompareMode.BAG_ORDER,
    inexact_columns: frozenset[int] = frozenset(),
) -> Comparison:
    """Compare a predicted result with the gold one.

    `ordered` says whether the gold query orders its result (`sqltext.outermost.orders_outermost`).
    Rows whose order keys tie are not known here: an ordered result must have the gold's order.

    Values are compared with their types. NUMBER is exact, unless a float stands in the column on
    either side or `inexact_columns` (positions from 0) names it: then within a relative tolerance
    of 1e-9. '' is NULL, NULL equals NULL only, CHAR loses its padding, a DATE is compared with its
    seconds, times with a zone are compared in UTC.
    """
    if gold.truncated or predicted.truncated:
        which = "gold" if gold.truncated else "predicted"
        return Comparison(False, "truncated", f"the {which} result was cut off")
    inexact = _inexact(gold, predicted, inexact_columns)
    outcome = _compared(gold, predicted, ordered, mode, inexact)
    if not gold.rows:
        return Comparison(outcome.equal, "uninformative", outcome.detail or "the gold is empty")
    return outcome


def _compared(
    gold: ResultSet,
    predicted: ResultSet,
    ordered: bool,
    mode: CompareMode,
    inexact: frozenset[int],
) -> Comparison:
    width, other = len(gold.columns), len(predicted.columns)
    wanted = _normalised(gold)
    if width != other:
        found = _normalised(predicted)
        if other > width and gold.rows and _mapping(wanted, found, width, other, inexact):
            detail = f"{other} columns, {width} of them are the gold's"
            return Comparison(False, "extra_columns", detail)
        return Comparison(False, "columns", f"{other} columns instead of {width}")
    if mode is CompareMode.STRICT:
        problem = _other_header(gold, predicted)
        if problem:
            return Comparison(False, "columns", problem)
    found = _normalised(predicted)
    distinct = mode is CompareMode.BIRD_SET
    if not _same_rows(wanted, found, inexact, distinct=distinct):
        if gold.rows and _mapping(wanted, found, width, other, inexact):
            return Comparison(False, "column_permuted", "the gold's rows with columns exchanged")
        return _difference(wanted, found, inexact, distinct=distinct)
    if ordered and mode in (CompareMode.BAG_ORDER, CompareMode.STRICT):
        for number, (row, other_row) in enumerate(zip(wanted, found, strict=True), start=1):
            if not _rows_match(row, other_row, inexact):
                detail = f"row {number} is {_shown(other_row)}, expected {_shown(row)}"
                return Comparison(False, "order", detail)
    return Comparison(True, "equal", "")


# --- values ---------------------------------------------------------------------------------------

_Typed = tuple[str, object] | None
_Row = tuple[_Typed, ...]


def _normalised(result: ResultSet) -> list[_Row]:
    padded = [kind.upper() in ("CHAR", "NCHAR") for kind in result.types]
    padded += [False] * (len(result.columns) - len(padded))
    return [
        tuple(_typed(value, pad) for value, pad in zip(row, padded, strict=True))
        for row in result.rows
    ]


def _typed(value: Value, padded: bool) -> _Typed:
    """A value with its type family; None for NULL."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        # A CHAR of blanks is a blank, not NULL.
        return ("text", (value.rstrip(" ") or " ") if padded else value)
    if isinstance(value, float):
        return ("number", value)
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
    return (type(value).__name__, value)


def _inexact(gold: ResultSet, predicted: ResultSet, named: frozenset[int]) -> frozenset[int]:
    """The columns that are compared with a tolerance."""
    floats = {
        position
        for result in (gold, predicted)
        for row in result.rows
        for position, value in enumerate(row)
        if isinstance(value, float)
    }
    return named | floats


def _number(value: _Typed) -> float | None:
    """A finite number as float, None for everything else."""
    if value is None or value[0] != "number":
        return None
    number = float(value[1])  # type: ignore[arg-type]
    return number if math.isfinite(number) else None


def _close(value: float, other: float) -> bool:
    return math.isclose(value, other, rel_tol=RELATIVE_TOLERANCE, abs_tol=ABSOLUTE_TOLERANCE)


def _values_match(value: _Typed, other: _Typed, inexact: bool) -> bool:
    if inexact:
        number, second = _number(value), _number(other)
        if number is not None and second is not None:
            return _close(number, second)
        return _special(value) == _special(other)
    return value == other


def _special(value: _Typed) -> object:
    """Not-a-number equals itself in Oracle, and so do the infinities."""
    if value is not None and value[0] == "number" and _number(value) is None:
        return ("number", str(value[1]).lower())
    return value


def _rows_match(row: _Row, other: _Row, inexact: frozenset[int]) -> bool:
    return all(
        _values_match(value, second, position in inexact)
        for position, (value, second) in enumerate(zip(row, other, strict=True))
    )


# --- multisets of rows ----------------------------------------------------------------------------

_MAX_MATCHED = 300


def _split(row: _Row, inexact: frozenset[int]) -> tuple[tuple[object, ...], tuple[float, ...]]:
    """The part of a row that must be the same, and the numbers that must be close."""
    exact: list[object] = []
    close: list[float] = []
    for position, value in enumerate(row):
        number = _number(value) if position in inexact else None
        if number is None:
            exact.append(_special(value))
        else:
            exact.append("a number")
            close.append(number)
    return tuple(exact), tuple(close)


def _same_rows(
    gold: Sequence[_Row], predicted: Sequence[_Row], inexact: frozenset[int], *, distinct: bool
) -> bool:
    if not distinct and len(gold) != len(predicted):
        return False
    groups: tuple[defaultdict[object, list[tuple[float, ...]]], ...] = (
        defaultdict(list),
        defaultdict(list),
    )
    for rows, group in zip((gold, predicted), groups, strict=True):
        for row in rows:
            exact, close = _split(row, inexact)
            group[exact].append(close)
    wanted, found = groups
    if wanted.keys() != found.keys():
        return False
    if distinct:
        return all(_covered(rows, found[key]) for key, rows in wanted.items()) and all(
            _covered(rows, wanted[key]) for key, rows in found.items()
        )
    return all(_paired(sorted(rows), sorted(found[key])) for key, rows in wanted.items())


def _all_close(numbers: tuple[float, ...], others: tuple[float, ...]) -> bool:
    return all(_close(number, other) for number, other in zip(numbers, others, strict=True))


def _covered(rows: list[tuple[float, ...]], others: list[tuple[float, ...]]) -> bool:
    if rows and not rows[0]:
        return True
    known = set(others)
    return all(row in known or any(_all_close(row, other) for other in others) for row in rows)


def _paired(rows: list[tuple[float, ...]], others: list[tuple[float, ...]]) -> bool:
    """Whether the rows can be paired one to one, every pair within the tolerance.

    In sorted order they nearly always pair up as they stand; where a tie within the tolerance has
    sorted them differently, a matching is looked for.
    """
    if len(rows) != len(others):
        return False
    if all(_all_close(row, other) for row, other in zip(rows, others, strict=True)):
        return True
    return len(rows) <= _MAX_MATCHED and _perfect_matching(rows, others)


def _perfect_matching(rows: list[tuple[float, ...]], others: list[tuple[float, ...]]) -> bool:
    edges = [
        [place for place, other in enumerate(others) if _all_close(row, other)] for row in rows
    ]
    taken: dict[int, int] = {}

    def place(row: int, tried: set[int]) -> bool:
        for other in edges[row]:
            if other in tried:
                continue
            tried.add(other)
            if other not in taken or place(taken[other], tried):
                taken[other] = row
                return True
        return False

    return all(place(row, set()) for row in range(len(rows)))


# --- columns --------------------------------------------------------------------------------------

_MAX_COLUMNS = 30
_MAX_MAPPINGS = 200
_MAX_STEPS = 5_000


def _other_header(gold: ResultSet, predicted: ResultSet) -> str:
    for name, other in zip(gold.columns, predicted.columns, strict=True):
        if name != other:
            return f"column {other} instead of {name}"
    for name, kind, other in zip(gold.columns, gold.types, predicted.types, strict=True):
        if kind != other:
            return f"column {name} is {other} instead of {kind}"
    return ""


def _mapping(
    gold: Sequence[_Row],
    predicted: Sequence[_Row],
    width: int,
    other_width: int,
    inexact: frozenset[int],
) -> tuple[int, ...] | None:
    """Predicted columns that hold the gold's rows, in the gold's order; None if there are none.

    One mapping for whole rows: columns that fit one by one but pair values differently do not.
    """
    if len(gold) != len(predicted) or other_width > _MAX_COLUMNS:
        return None
    wanted = [_signature(gold, column) for column in range(width)]
    found = [_signature(predicted, column) for column in range(other_width)]
    fits = [
        [column for column, signature in enumerate(found) if signature == target]
        for target in wanted
    ]
    # A tolerance that holds in one position must hold in the other as well.
    loose = frozenset(range(width)) if inexact else inexact
    for columns in islice(_choices(fits), _MAX_MAPPINGS):
        projected = [tuple(row[column] for column in columns) for row in predicted]
        if _same_rows(gold, projected, loose, distinct=False):
            return columns
    return None


def _signature(rows: Sequence[_Row], column: int) -> Counter[object]:
    """The values of a column, numbers to nine digits."""
    counted: Counter[object] = Counter()
    for row in rows:
        number = _number(row[column])
        counted[f"{number:.8e}" if number is not None else _special(row[column])] += 1
    return counted


def _choices(fits: list[list[int]]) -> Iterator[tuple[int, ...]]:
    """Ways to give each gold column a column of its own, up to a bound of steps."""
    # The hardest column first: one that fits nowhere ends the search at once.
    order = sorted(range(len(fits)), key=lambda column: len(fits[column]))
    chosen: dict[int, int] = {}
    steps = 0

    def extend(depth: int) -> Iterator[tuple[int, ...]]:
        nonlocal steps
        if depth == len(order):
            yield tuple(chosen[column] for column in range(len(fits)))
            return
        for candidate in fits[order[depth]]:
            steps += 1
            if steps > _MAX_STEPS:
                return
            if candidate not in chosen.values():
                chosen[order[depth]] = candidate
                yield from extend(depth + 1)
                del chosen[order[depth]]

    return extend(0)


# --- what differs ---------------------------------------------------------------------------------


def _difference(
    gold: Sequence[_Row], predicted: Sequence[_Row], inexact: frozenset[int], *, distinct: bool
) -> Comparison:
    if len(gold) != len(predicted) and not distinct:
        return Comparison(False, "rows", f"{len(predicted)} rows instead of {len(gold)}")
    found = Counter(_split(row, inexact)[0] for row in predicted)
    missing = next((row for row in gold if _is_missing(row, found, predicted, inexact)), None)
    label = "values" if len(gold) == len(predicted) else "rows"
    if missing is None:
        return Comparison(False, label, "rows occur another number of times")
    return Comparison(False, label, f"row {_shown(missing)} is missing")


def _is_missing(
    row: _Row,
    found: Counter[tuple[object, ...]],
    predicted: Sequence[_Row],
    inexact: frozenset[int],
) -> bool:
    if _split(row, inexact)[0] not in found:
        return True
    return bool(inexact) and not any(_rows_match(row, other, inexact) for other in predicted)


def _shown(row: _Row) -> str:
    values = ["NULL" if value is None else str(value[1]) for value in row]
    shown = ", ".join(value if len(value) <= 40 else f"{value[:37]}..." for value in values[:8])
    return f"({shown}{', ...' if len(values) > 8 else ''})"
