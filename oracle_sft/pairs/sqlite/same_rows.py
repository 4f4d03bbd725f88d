"""Whether a query gives the same rows in SQLite and, rewritten, in the embedded engine."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from oracle_sft.engine.compare import compare
from oracle_sft.engine.pool import Outcome
from oracle_sft.engine.result import QueryError, ResultSet, Row, Value
from oracle_sft.pairs.sqlite.database import Cell, SQLiteDatabase, SQLiteError
from oracle_sft.sqltext.outermost import orders_outermost


def difference(
    original: str,
    database: SQLiteDatabase,
    rewritten: str,
    outcome: Outcome,
    *,
    timeout_seconds: float,
    max_rows: int,
) -> str:
    """The first difference, as a sentence; '' where there is none.

    `outcome` is that of the rewritten query with its sort keys, so that rows which tie may change places.
    """
    try:
        names, found = database.query(original, timeout_seconds=timeout_seconds, max_rows=max_rows)
    except SQLiteError as error:
        return f"the SQL as it was fails in SQLite: {error}"
    if isinstance(outcome, QueryError):
        return f"the rewritten SQL gives no rows: {outcome}"
    ours = _as_oracle(names, found[:max_rows], outcome, is_cut=len(found) > max_rows)
    compared = compare(outcome, ours, ordered=orders_outermost(rewritten))
    if compared.equal:
        return ""
    return f"SQLite gives other rows than the rewritten SQL: {compared.label}, {compared.detail}"


def _as_oracle(
    names: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], like: ResultSet, *, is_cut: bool
) -> ResultSet:
    types = like.types if len(like.types) == len(names) else ("VARCHAR2",) * len(names)
    return ResultSet(
        columns=names,
        types=types,
        rows=[_row(row, types) for row in rows],
        truncated=is_cut,
    )


def _row(row: tuple[Cell, ...], types: Sequence[str]) -> Row:
    return tuple(_value(cell, type_) for cell, type_ in zip(row, types, strict=True))


def _value(cell: Cell, type_: str) -> Value:
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, str) and type_ in ("DATE", "TIMESTAMP"):
        try:
            return datetime.fromisoformat(cell)
        except ValueError:
            return cell
    return cell or None if isinstance(cell, str) else cell
