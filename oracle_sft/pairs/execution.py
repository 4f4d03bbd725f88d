"""Whether the queries of pairs run: each once, in a database with the rows of its schema."""

from collections import Counter
from collections.abc import Iterator, Mapping

import pyarrow

from oracle_sft.config.schema import FromDataConf, OracleServerConf, RunConf
from oracle_sft.engine.database import DatabaseSpec
from oracle_sft.engine.pool import DatabasePool, Outcome, Query, default_workers
from oracle_sft.engine.result import QueryError, QueryTimeout, UnsupportedSQL
from oracle_sft.pairs.batches import pairs_of, table_of
from oracle_sft.pairs.databases import database_spec
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.schemas import SchemaSource
from oracle_sft.pairs.workbench import Workbench

EXECUTED = pyarrow.schema([("place", pyarrow.int64()), ("reason", pyarrow.string())])
"""Why a pair whose query was run is set aside; empty for one that is kept."""


def execute(
    bench: Workbench, conf: RunConf, schemas: Mapping[str, SchemaSource]
) -> Iterator[Counter[str]]:
    """Run the queries of the pairs that were judged well, shard by shard; yields what was counted in each.

    Raises:
        LoadError: rows do not fit their schema.
        EnvironmentFault: a database cannot be reached.
    """
    specs = database_specs(conf, schemas)
    if not specs:
        for shard in range(bench.num_shards):
            yield Counter(not_executed=len(_kept(bench, shard)))
        return
    with DatabasePool(specs, workers=conf.data.workers or default_workers()) as pool:
        outcomes = pool.run(_queries(bench, conf, specs))
        for shard in range(bench.num_shards):
            counts: Counter[str] = Counter()
            rows = []
            for place, pair in _kept(bench, shard):
                if pair.schema_id in specs:
                    rows.append({"place": place, "reason": _verdict(next(outcomes), counts)})
                else:
                    counts["not_executed"] += 1
            bench.write("executed", shard, table_of(rows, EXECUTED))
            yield counts


def database_specs(conf: RunConf, schemas: Mapping[str, SchemaSource]) -> dict[str, DatabaseSpec]:
    """The databases that queries are run in, by schema id; none where nothing is to be run."""
    if not conf.data.check_execution or not isinstance(
        conf.database, FromDataConf | OracleServerConf
    ):
        return {}
    return {
        name: spec
        for name, schema in schemas.items()
        if (spec := database_spec(conf, schema.schema, schema.rows)) is not None
    }


def _kept(bench: Workbench, shard: int) -> list[tuple[int, Pair]]:
    judged = bench.read("judged", shard)
    kept = {
        place
        for place, stage in zip(
            judged["place"].to_pylist(), judged["stage"].to_pylist(), strict=True
        )
        if not stage
    }
    found = pairs_of(bench.read("drafts", shard), bench.read("resolved", shard))
    return [(place, pair) for place, pair in found if place in kept]


def _queries(bench: Workbench, conf: RunConf, specs: Mapping[str, DatabaseSpec]) -> Iterator[Query]:
    database = conf.database
    assert isinstance(database, FromDataConf | OracleServerConf)
    for shard in range(bench.num_shards):
        for _, pair in _kept(bench, shard):
            if pair.schema_id in specs:
                yield Query(
                    schema_id=pair.schema_id,
                    sql=pair.sql,
                    timeout_seconds=database.timeout_seconds,
                    max_rows=database.max_rows,
                )


def _verdict(outcome: Outcome, counts: Counter[str]) -> str:
    """Why a pair is set aside; '' for one that is kept."""
    if isinstance(outcome, UnsupportedSQL):
        counts["unsupported"] += 1  # the pair may be right; the embedded engine cannot say
        return ""
    if isinstance(outcome, QueryError):
        return f"timeout: {outcome}" if isinstance(outcome, QueryTimeout) else str(outcome)
    counts["executed"] += 1
    counts["empty_result"] += not outcome.rows
    return ""
