"""What a build has under its hands: shards of pairs on disk, and a DuckDB for what concerns all of them.

A step that looks at pairs one by one is a function from Arrow tables to an Arrow table and works shard by shard,
in any process. A step that compares pairs asks DuckDB, which spills to the disk. So memory is bounded by the shard,
and nothing depends on the number of workers.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pyarrow.parquet

from oracle_sft.errors import UserError
from oracle_sft.record.processes import num_cores

SHARD_PAIRS = 2_048
SHARD_BYTES = 16 << 20
"""Of text: a shard is closed at whichever comes first."""
MEMORY_MIB = 512
"""What DuckDB may take before it writes to the disk."""
_MOST_THREADS = 4
"""Each wants its part of the memory: 64 of them cannot compare 3,000,000 pairs in 512 MiB, spilling or not."""
_BATCH_ROWS = 8_192


class Workbench:
    """A folder with files `KIND-SHARD.parquet`. Each row of each kind has its pair's `place` in the source."""

    def __init__(self, folder: Path) -> None:
        """`folder` is there, empty, and nobody else's.

        Raises:
            UserError: DuckDB takes its path for another one.
        """
        # DuckDB and Arrow read a `~` at the start of a path as the home.
        self.folder = folder.absolute()
        path = str(self.folder)
        if wrong := [sign for sign in "\\?" if sign in path]:
            raise UserError(
                f"{path} has a {wrong[0]} in it, where DuckDB takes it for another path; set outputs_dir to one without"
            )
        self.ranges: list[tuple[int, int]] = []
        """The places of each shard: the first, and the one behind the last."""
        self._connection = duckdb.connect(
            f"{path}/work.duckdb",
            config={
                "memory_limit": f"{MEMORY_MIB}MiB",
                "temp_directory": f"{path}/spilled",
                "threads": min(num_cores(), _MOST_THREADS),
                # What is read in an order says so; keeping the order of everything else costs memory.
                "preserve_insertion_order": False,
            },
        )

    @property
    def num_shards(self) -> int:
        return len(self.ranges)

    def write(self, kind: str, shard: int, table: pyarrow.Table) -> None:
        """Keep a shard's rows of a kind."""
        write_shard(self.folder, kind, shard, table)

    def read(self, kind: str, shard: int) -> pyarrow.Table:
        """A shard's rows of a kind, as they were written; none where nothing was."""
        return read_shard(self.folder, kind, shard)

    def has(self, kind: str) -> bool:
        """Whether any shard has rows of a kind."""
        return any(self.folder.glob(f"{kind}-*.parquet"))

    def rows_of(self, kind: str) -> str:
        """The name of a view over a kind's rows of all shards; some shard must have been written."""
        folder = re.sub(r"[*[]", r"[\g<0>]", str(self.folder)).replace("'", "''")
        # Unless it is told otherwise, DuckDB takes a folder `place=7` above for a column of all rows.
        files = f"read_parquet('{folder}/{kind}-*.parquet', hive_partitioning = false)"
        self.execute(f"CREATE VIEW IF NOT EXISTS {kind} AS SELECT * FROM {files}")
        return kind

    def execute(self, sql: str, parameters: list[Any] | None = None) -> None:
        """Run a statement for what it does."""
        with _interruptible():
            self._connection.execute(sql, parameters)

    def value(self, sql: str) -> Any:
        """The one value that a query gives."""
        with _interruptible():
            row = self._connection.execute(sql).fetchone()
        return None if row is None else row[0]

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """The few rows that a query gives."""
        with _interruptible():
            return self._connection.execute(sql, parameters).fetchall()

    def stream(self, sql: str) -> Iterator[pyarrow.RecordBatch]:
        """The many rows that a query gives, a batch at a time; other queries may run meanwhile."""
        # A cursor of its own: the next statement on a connection ends the result before.
        with self._connection.cursor() as cursor, _interruptible():
            batches: pyarrow.RecordBatchReader = cursor.sql(sql).to_arrow_reader(_BATCH_ROWS)
            yield from batches

    def insert(self, table: str, rows: pyarrow.Table) -> None:
        """Append rows to a table, by the names of the columns."""
        self._connection.register("incoming", rows)
        self.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
        self._connection.unregister("incoming")

    def close(self) -> None:
        """Let go of the database file."""
        self._connection.close()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Give a signal its say: DuckDB drops what its handler raises."""
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise


def write_shard(folder: Path, kind: str, shard: int, table: pyarrow.Table) -> None:
    """`Workbench.write`, for a process that has no database open."""
    pyarrow.parquet.write_table(table, _path(folder, kind, shard), compression="lz4")


def read_shard(folder: Path, kind: str, shard: int) -> pyarrow.Table:
    """`Workbench.read`, for a process that has no database open."""
    path = _path(folder, kind, shard)
    return pyarrow.parquet.read_table(path) if path.exists() else pyarrow.table({})


def _path(folder: Path, kind: str, shard: int) -> Path:
    return folder / f"{kind}-{shard:06d}.parquet"
