"""What predictions are compared with: the result of each pair's own SQL."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oracle_sft.engine.result import ResultSet
from oracle_sft.pairs.pair import Pair
from oracle_sft.score.execution import Execution, Executor, Key
from oracle_sft.score.gold_cache import GoldCache
from oracle_sft.score.item import GoldStatus
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.constructs import constructs
from oracle_sft.sqltext.guardrail import SQLGuardrail, Verdict
from oracle_sft.sqltext.outermost import orders_outermost
from oracle_sft.sqltext.schema import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldResult:
    """What a prediction is compared with."""

    status: GoldStatus
    message: str = ""
    """Why it is a `gold_error`."""
    sql: str = ""
    """The statement that was executed."""
    result: ResultSet | None = None
    """None for `gold_error` and `not_executed`."""
    is_ordered: bool = False
    """The gold's outermost query orders its rows, so their order is part of the answer."""
    canonical: str
    constructs: tuple[str, ...]


class Golds:
    """The golds of several schemas, each text executed once, or found in the cache of its schema.

    A gold that fails, is refused, is not known to the engine, or gives more than `max_rows` rows is
    a `gold_error`. One without rows is `uninformative`: another query without rows equals it, whatever it asks.
    """

    def __init__(
        self,
        executor: Executor,
        guardrail: SQLGuardrail,
        schemas: Mapping[str, Schema],
        caches: Mapping[str, GoldCache],
    ) -> None:
        self._executor = executor
        self._guardrail = guardrail
        self._schemas = schemas
        self._caches = caches
        self._known: dict[Key, GoldResult] = {}

    def of(self, pair: Pair) -> GoldResult:
        """The gold of one pair."""
        self.prepare([pair])
        return self._known[pair.schema_id, pair.sql]

    def prepare(self, pairs: Iterable[Pair]) -> None:
        """Execute the golds of these pairs side by side, where they are not known yet."""
        unknown = {
            (pair.schema_id, pair.sql): None
            for pair in pairs
            if (pair.schema_id, pair.sql) not in self._known
        }
        if not unknown:
            return
        verdicts = {
            key: self._guardrail.check(key[1], schema=self._schemas[key[0]]) for key in unknown
        }
        executions = self._executions(
            [
                (schema_id, verdict.sql)
                for (schema_id, _), verdict in verdicts.items()
                if verdict.sql is not None and self._executor.has_database(schema_id)
            ]
        )
        for key, verdict in verdicts.items():
            found = None if verdict.sql is None else executions.get((key[0], verdict.sql))
            self._known[key] = self._gold(key, verdict, found)

    def _executions(self, keys: list[Key]) -> dict[Key, Execution]:
        found: dict[Key, Execution] = {}
        for schema_id, sql in keys:
            cache = self._caches.get(schema_id)
            cached = cache.get(sql) if cache is not None else None
            if cached is not None:
                found[schema_id, sql] = cached
        fresh = self._executor.run_golds(key for key in keys if key not in found)
        for (schema_id, sql), execution in fresh.items():
            if schema_id in self._caches:
                self._caches[schema_id].put(sql, execution)
        for cache in self._caches.values():
            cache.save()
        for key, execution in {**found, **fresh}.items():
            self._executor.keep(key, execution)
        return {**found, **fresh}

    def _gold(self, key: Key, verdict: Verdict, execution: Execution | None) -> GoldResult:
        schema_id, sql = key
        text, built_of = canonical(sql, self._schemas[schema_id]), constructs(sql)
        if not self._executor.has_database(schema_id):
            return GoldResult(status="not_executed", canonical=text, constructs=built_of)
        problem = self._problem(verdict, execution)
        if problem:
            return GoldResult(
                status="gold_error", message=problem, canonical=text, constructs=built_of
            )
        assert verdict.sql is not None
        assert execution is not None
        assert execution.result is not None
        return GoldResult(
            status="ok" if execution.result.rows else "uninformative",
            sql=verdict.sql,
            result=execution.result,
            is_ordered=orders_outermost(verdict.sql),
            canonical=text,
            constructs=built_of,
        )

    def _problem(self, verdict: Verdict, execution: Execution | None) -> str:
        if execution is None:
            return f"refused by the guardrail: {verdict.reason}"
        if execution.result is None:
            return execution.message
        if execution.result.truncated:
            return f"more than database.max_rows={self._executor.max_rows} rows"
        return ""
