"""Running queries on all databases of a suite, and whether two say the same on each."""

from dataclasses import dataclass, replace
from typing import Self

from oracle_sft.engine.compare import CompareMode, compare
from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database, QueryError, ResultSet
from oracle_sft.engine.suite.build import Suite
from oracle_sft.sqltext.outermost import orders_outermost
from oracle_sft.sqltext.parse import SQLSyntaxError


@dataclass(frozen=True, slots=True)
class GoldOnSuite:
    """What a gold query gives on each database of a suite: the original first, then the perturbed."""

    results: tuple[ResultSet | None, ...]
    """None where the database is no evidence: see `reasons`."""
    reasons: tuple[str, ...]
    """Why there is no result: the gold fails there (the message), gives too many rows, or other rows
    when the tables' rows lie in another order. '' where there is one.
    """
    is_ordered: bool


@dataclass(frozen=True, slots=True)
class SuiteVerdict:
    """Whether a query says what the gold says."""

    equal_on_original: bool | None
    """None where the gold has no result there."""
    equal_on_all: bool
    """On the original database and on every perturbed one; False where no database has a result."""
    database: int | None
    """The first one with a difference: 0 for the original, from 1 for the perturbed."""
    detail: str
    """What differs there; '' for equal queries."""


class SuiteRunner:
    """The databases of a suite, opened. Close it when done, or use it in a `with`."""

    def __init__(
        self, suite: Suite, *, timeout_seconds: float = 10.0, max_rows: int = 10_000
    ) -> None:
        self._timeout_seconds = timeout_seconds
        self._max_rows = max_rows
        self._databases: list[Database] = []
        self._reversed: list[Database] = []
        self._golds: dict[str, GoldOnSuite] = {}
        try:
            for spec in (suite.original, *suite.databases):
                self._databases.append(open_database(spec))
                self._reversed.append(open_database(backwards(spec)))
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for database in (*self._databases, *self._reversed):
            database.close()

    def gold(self, sql: str) -> GoldOnSuite:
        """The gold's results; computed once."""
        if sql not in self._golds:
            self._golds[sql] = self._gold(sql)
        return self._golds[sql]

    def equal_on_all(
        self, gold_sql: str, predicted_sql: str, mode: CompareMode = CompareMode.BAG_ORDER
    ) -> SuiteVerdict:
        """Whether the predicted query gives the gold's result on all databases that say something."""
        gold = self.gold(gold_sql)
        on_original: bool | None = None
        for number, (database, wanted) in enumerate(
            zip(self._databases, gold.results, strict=True)
        ):
            if wanted is None:
                continue
            problem = self._difference(database, gold, wanted, predicted_sql, mode)
            if number == 0:
                on_original = not problem
            if problem:
                return SuiteVerdict(on_original, False, number, problem)
        if not any(result is not None for result in gold.results):
            return SuiteVerdict(None, False, None, "the gold has no result on any database")
        return SuiteVerdict(on_original, True, None, "")

    def _difference(
        self, database: Database, gold: GoldOnSuite, wanted: ResultSet, sql: str, mode: CompareMode
    ) -> str:
        try:
            found = self._query(database, sql)
        except QueryError as error:
            return str(error)
        outcome = compare(wanted, found, ordered=gold.is_ordered, mode=mode)
        return "" if outcome.equal else f"{outcome.label}: {outcome.detail}"

    def _gold(self, sql: str) -> GoldOnSuite:
        try:
            is_ordered = orders_outermost(sql)
        except SQLSyntaxError as error:
            nothing: tuple[ResultSet | None, ...] = (None,) * len(self._databases)
            return GoldOnSuite(nothing, (str(error),) * len(nothing), False)
        found = [
            self._gold_on(database, backwards, sql, is_ordered)
            for database, backwards in zip(self._databases, self._reversed, strict=True)
        ]
        return GoldOnSuite(
            tuple(result for result, _ in found), tuple(reason for _, reason in found), is_ordered
        )

    def _gold_on(
        self, database: Database, backwards: Database, sql: str, is_ordered: bool
    ) -> tuple[ResultSet | None, str]:
        try:
            result = self._query(database, sql, with_sort_keys=True)
            again = self._query(backwards, sql)
        except QueryError as error:
            return None, str(error)
        problem = no_evidence(result, again, is_ordered=is_ordered)
        return (None, problem) if problem else (result, "")

    def _query(self, database: Database, sql: str, *, with_sort_keys: bool = False) -> ResultSet:
        return database.query(
            sql,
            timeout_seconds=self._timeout_seconds,
            max_rows=self._max_rows,
            with_sort_keys=with_sort_keys,
        )


def no_evidence(result: ResultSet, again: ResultSet, *, is_ordered: bool) -> str:
    """Why a gold's result is nothing to compare with, or ''; `again` is what it gives on `backwards`."""
    if result.truncated:
        return f"more than {len(result.rows)} rows"
    if not compare(result, again, ordered=is_ordered).equal:
        return "other rows when the tables' rows lie in another order"
    return ""


def backwards(spec: DatabaseSpec) -> DatabaseSpec:
    """The same database with its tables' rows in the opposite order."""
    return replace(spec, rows={name: list(rows)[::-1] for name, rows in spec.rows.items()})
