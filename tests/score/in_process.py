"""Queries in this process, one after the other: what a pool does, without its processes."""

from collections.abc import Iterable, Iterator, Mapping

from oracle_sft.engine.pool import Outcome, Query
from oracle_sft.engine.result import Database, QueryError


class InProcess:
    def __init__(self, databases: Mapping[str, Database]) -> None:
        """`databases` are by schema id."""
        self._databases = databases

    def run(self, queries: Iterable[Query]) -> Iterator[Outcome]:
        for query in queries:
            try:
                yield self._databases[query.schema_id].query(
                    query.sql,
                    timeout_seconds=query.timeout_seconds,
                    max_rows=query.max_rows,
                    with_sort_keys=query.with_sort_keys,
                )
            except QueryError as error:
                yield error
