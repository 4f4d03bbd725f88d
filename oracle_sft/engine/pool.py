"""Many queries at once, each in a worker process that is killed at its deadline."""

import os
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

from oracle_sft.engine.database import DatabaseSpec
from oracle_sft.engine.result import QueryError, ResultSet
from oracle_sft.engine.workers import Worker

Outcome = ResultSet | QueryError
"""A query that failed is an outcome like another, and no exception."""

_MOST_WORKERS = 8
_AHEAD = 64
"""Queries per worker that `run` hands out before it waits for the first: results are held in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One query and the database that it is for."""

    schema_id: str
    sql: str
    timeout_seconds: float = 30.0
    max_rows: int = 10_000
    with_sort_keys: bool = False
    """For a gold query, so that `compare` knows which rows tie."""


def default_workers() -> int:
    """A process for each core that this one may use, up to a number whose databases fit beside each other."""
    return min(len(os.sched_getaffinity(0)), _MOST_WORKERS)


class DatabasePool:
    """Worker processes that hold the same databases. Close it when done, or use it in `with`."""

    def __init__(self, specs: Mapping[str, DatabaseSpec], *, workers: int = 2) -> None:
        """`specs` by schema id, which keeps its database. It is opened in a worker by the first query for it."""
        self._specs = dict(specs)
        self._size = workers
        self._local = threading.local()
        self._workers: list[Worker] = []
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="database-pool")

    def submit(self, query: Query) -> "Future[Outcome]":
        """Start a query as soon as a worker is free.

        The deadline counts from there. `result()` raises `LoadError` where the database itself
        cannot be opened, and `KeyError` for a schema id that is not in the pool.
        """
        return self._threads.submit(self._run, query)

    def run(self, queries: Iterable[Query]) -> Iterator[Outcome]:
        """The outcome of each query, in their order.

        Raises:
            LoadError: a database cannot be opened.
        """
        waiting: deque[Future[Outcome]] = deque()
        try:
            for query in queries:
                waiting.append(self.submit(query))
                if len(waiting) >= _AHEAD * self._size:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """End the workers; a query that still runs ends with them."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in self._workers:
            worker.stop()
        self._threads.shutdown()
        for worker in self._workers:
            worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, query: Query) -> Outcome:
        worker: Worker | None = getattr(self._local, "worker", None)
        if worker is None:
            worker = self._local.worker = Worker()
            self._workers.append(worker)
        return worker.query(
            query.schema_id,
            self._specs[query.schema_id],
            query.sql,
            timeout_seconds=query.timeout_seconds,
            max_rows=query.max_rows,
            with_sort_keys=query.with_sort_keys,
        )
