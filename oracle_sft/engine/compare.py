"""Whether two results say the same, under a named and versioned contract.

A published number names its mode and `COMPARE_VERSION`. A mode is never changed: a better one gets
a new name, or the version goes up. `docs/comparison.md` has the contract in words.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from oracle_sft.engine.comparison.columns import mapping, other_header
from oracle_sft.engine.comparison.multisets import first_missing, same_rows
from oracle_sft.engine.comparison.tie_order import as_it_is, as_predicted, wrong_order
from oracle_sft.engine.comparison.values import (
    TypedRow,
    inexact_of,
    padded_columns,
    shown,
    typed_rows,
)
from oracle_sft.engine.result import ResultSet

COMPARE_VERSION = 2
"""2: order by tie groups, other cuts of a tied top-n, tolerance for what either side divides."""


class CompareMode(StrEnum):
    """How two results are compared; columns stand by position in all of them."""

    BIRD_SET = "bird_set"
    """Sets of rows: duplicates and order do not count. For comparison with published numbers."""
    BAG = "bag"
    """Multisets of rows: duplicates count, order does not."""
    BAG_ORDER = "bag_order"
    """Multisets of rows, and the order of the gold query's sort keys where it orders its result."""
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
    nondeterministic_gold: bool = False
    """The gold's top-n ends between rows with equal sort keys: each choice of them was accepted."""


def compare(
    gold: ResultSet,
    predicted: ResultSet,
    *,
    ordered: bool,
    mode: CompareMode = CompareMode.BAG_ORDER,
) -> Comparison:
    """Compare a predicted result with the gold one.

    `ordered` says whether the gold query orders its result (`sqltext.outermost.orders_outermost`).
    Run the gold `with_sort_keys`: then rows with equal keys may change places, and a top-n that ends
    between such rows may have taken others of them. Without keys an ordered result must have the
    gold's order, row by row.

    Values are compared with their types. NUMBER is exact, unless a float stands in the column on
    either side, or one of the results says that it was divided: then within a relative tolerance of
    1e-9. '' is NULL, NULL equals NULL only, a column that is CHAR on either side loses its padding, a
    DATE is compared with its seconds, times with a zone are compared in UTC.
    """
    if gold.truncated or predicted.truncated:
        which = "gold" if gold.truncated else "predicted"
        return Comparison(False, "truncated", f"the {which} result was cut off")
    outcome = _compared(gold, predicted, ordered, mode)
    if not gold.rows:
        return Comparison(outcome.equal, "uninformative", outcome.detail or "the gold is empty")
    return replace(outcome, nondeterministic_gold=bool(gold.cuts))


def _compared(
    gold: ResultSet,
    predicted: ResultSet,
    ordered: bool,
    mode: CompareMode,
) -> Comparison:
    width, other = len(gold.columns), len(predicted.columns)
    inexact = inexact_of(gold, predicted)
    if width != other:
        wanted = typed_rows(gold.rows, padded_columns(gold))
        found = typed_rows(predicted.rows, padded_columns(predicted))
        if other > width and mapping(wanted, found, inexact):
            detail = f"{other} columns, {width} of them are the gold's"
            return Comparison(False, "extra_columns", detail)
        return Comparison(False, "columns", f"{other} columns instead of {width}")
    if mode is CompareMode.STRICT:
        problem = other_header(gold, predicted)
        if problem:
            return Comparison(False, "columns", problem)
    padded = padded_columns(gold, predicted)
    found = typed_rows(predicted.rows, padded)
    settled = as_predicted(gold, found, padded, inexact)
    distinct = mode is CompareMode.BIRD_SET
    if not same_rows(settled.rows, found, inexact, distinct=distinct):
        own = as_it_is(gold, padded).rows
        if mapping(own, found, inexact):
            return Comparison(False, "column_permuted", "the gold's rows with columns exchanged")
        return _difference(own, found, inexact, distinct=distinct)
    if ordered and mode in (CompareMode.BAG_ORDER, CompareMode.STRICT):
        problem = wrong_order(settled, found, inexact)
        if problem:
            return Comparison(False, "order", problem)
    return Comparison(True, "equal", "")


def _difference(
    gold: Sequence[TypedRow],
    predicted: Sequence[TypedRow],
    inexact: frozenset[int],
    *,
    distinct: bool,
) -> Comparison:
    if len(gold) != len(predicted) and not distinct:
        return Comparison(False, "rows", f"{len(predicted)} rows instead of {len(gold)}")
    missing = first_missing(gold, predicted, inexact)
    label = "values" if len(gold) == len(predicted) else "rows"
    if missing is None:
        return Comparison(False, label, "rows occur another number of times")
    return Comparison(False, label, f"row {shown(missing)} is missing")
