"""Running queries: each distinct one once, several side by side, and how each ended as a value."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from oracle_sft.engine.pool import Outcome, Query
from oracle_sft.engine.result import OracleError, QueryTimeout, ResultSet, UnsupportedSQL
from oracle_sft.score.item import Status

# Larger results are fetched again rather than kept for the other targets, which often give the same SQL.
_KEPT_ROWS = 1_000

Key = tuple[str, str]
"""Schema id and SQL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """How one query ended in a database."""

    status: Status
    code: str = ""
    """Oracle's code, or the construct that the engine does not know."""
    message: str = ""
    result: ResultSet | None = None


class Runner(Protocol):
    """What runs queries, as `engine.pool.DatabasePool` does."""

    def run(self, queries: Iterable[Query]) -> Iterator[Outcome]:
        """The outcome of each, in their order."""
        ...


class Executor:
    """Runs queries on the databases of several schemas and keeps what they gave."""

    def __init__(
        self,
        runner: Runner,
        schema_ids: Collection[str],
        *,
        timeout_seconds: float,
        max_rows: int,
    ) -> None:
        """`schema_ids` are those that `runner` has a database for; nothing is executed on others."""
        self._runner = runner
        self._schema_ids = frozenset(schema_ids)
        self._timeout_seconds = timeout_seconds
        self.max_rows = max_rows
        self._kept: dict[Key, Execution] = {}

    def has_database(self, schema_id: str) -> bool:
        return schema_id in self._schema_ids

    def run(self, keys: Iterable[Key]) -> dict[Key, Execution]:
        """How each of these queries ends; only what the guardrail allows may be given.

        The caller's dictionary is the only place where large results stay.
        """
        wanted = list(dict.fromkeys(keys))
        fresh = self._executed([key for key in wanted if key not in self._kept])
        found = {key: fresh[key] if key in fresh else self._kept[key] for key in wanted}
        for key, execution in fresh.items():
            self.keep(key, execution)
        return found

    def run_golds(self, keys: Iterable[Key]) -> dict[Key, Execution]:
        """The same for golds: their results know which rows tie."""
        return self._executed(list(dict.fromkeys(keys)), with_sort_keys=True)

    def keep(self, key: Key, execution: Execution) -> None:
        """Know how a query ends: it is not run again."""
        result = execution.result
        if result is None or len(result.rows) <= _KEPT_ROWS:
            self._kept[key] = execution

    def _executed(self, keys: list[Key], *, with_sort_keys: bool = False) -> dict[Key, Execution]:
        queries = [
            Query(
                schema_id=schema_id,
                sql=sql,
                timeout_seconds=self._timeout_seconds,
                max_rows=self.max_rows,
                with_sort_keys=with_sort_keys,
            )
            for schema_id, sql in keys
        ]
        outcomes = self._runner.run(queries)
        return {key: _execution(outcome) for key, outcome in zip(keys, outcomes, strict=True)}


def _execution(outcome: Outcome) -> Execution:
    match outcome:
        case ResultSet():
            return Execution(status="truncated" if outcome.truncated else "ok", result=outcome)
        case OracleError():
            return Execution(status="oracle_error", code=outcome.code, message=str(outcome))
        case UnsupportedSQL():
            return Execution(status="unsupported", code=outcome.construct, message=str(outcome))
        case QueryTimeout():
            return Execution(status="timeout", message=str(outcome))
    raise outcome
