"""What `gather` leaves on a workbench, as lists: for tests of a few pairs."""

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from oracle_sft.config.data import DataConf
from oracle_sft.pairs.batches import pairs_of
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.readers.draft import Unread
from oracle_sft.pairs.schemas import SchemaSource
from oracle_sft.pairs.sources import gather
from oracle_sft.pairs.workbench import Workbench


@dataclass(frozen=True)
class Source:
    pairs: list[Pair]
    schemas: dict[str, SchemaSource]
    is_split: bool
    unread: list[Unread]


@contextmanager
def workbench() -> Iterator[Workbench]:
    """An empty one; for one test at a time, since opening a database is slow."""
    bench = _workbench()
    try:
        yield bench
    finally:
        for kind, name in bench.rows(
            "SELECT 'TABLE', table_name FROM duckdb_tables() "
            "UNION ALL SELECT 'VIEW', view_name FROM duckdb_views() WHERE NOT internal"
        ):
            bench.execute(f"DROP {kind} {name}")
        for file in bench.folder.glob("*.parquet"):
            file.unlink()
        bench.ranges.clear()


@cache
def _workbench() -> Workbench:
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Workbench(Path(folder))


def read_source(conf: DataConf) -> Source:
    """The pairs, schemas and places without a pair of a data section."""
    with workbench() as bench:
        gathered = gather(conf, bench)
        pairs: list[Pair] = []
        unread: dict[int, Unread] = {}
        for shard in range(bench.num_shards):
            drafts, resolved = bench.read("drafts", shard), bench.read("resolved", shard)
            pairs += [pair for _, pair in pairs_of(drafts, resolved)]
            for row in bench.read("unread", shard).to_pylist():
                place = row.pop("place")
                unread[place] = Unread(**row)
            for draft, said in zip(drafts.to_pylist(), resolved.to_pylist(), strict=True):
                if said["reason"]:
                    unread[draft["place"]] = Unread(where=draft["where"], reason=said["reason"])
    return Source(
        pairs=pairs,
        schemas=gathered.schemas,
        is_split=gathered.is_split,
        unread=[unread[place] for place in sorted(unread)],
    )
