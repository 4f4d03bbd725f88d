"""The split into what is trained on, watched and scored: what belongs together never stands on two sides."""

import hashlib
from array import array
from collections import Counter
from typing import Any

import pyarrow

from oracle_sft.config.data import FilesDataConf, SplitBy
from oracle_sft.errors import UserError
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.provenance.tracker import BACKFILL_SESSION, UNKNOWN_SESSION
from oracle_sft.pairs.workbench import Workbench


def split_key(pair: Pair, record: dict[str, Any], conf: FilesDataConf) -> str:
    """What the pair shares with those that belong to it beside its SQL; empty where it says no such thing."""
    match conf.split_by:
        case SplitBy.template:
            value = pair.template
        case SplitBy.session:
            value = str(record.get("source_session_id") or "")
            if value in (conf.provenance.session, BACKFILL_SESSION, UNKNOWN_SESSION):
                value = ""  # filled in for want of one: its pairs have nothing in common
        case SplitBy.schema:
            value = pair.schema_id
        case SplitBy.canonical:
            value = ""
    return value if value.strip() else ""


def draw(seed: str, *name: str) -> float:
    """A number from 0 to 1 for a group of pairs, from its name."""
    digest = hashlib.sha256("\0".join(["split", seed, *name]).encode()).digest()
    return int.from_bytes(digest[:8]) / 2**64


def split(bench: Workbench, conf: FilesDataConf) -> Counter[str]:
    """Set `suite` in the table `alive` to `train`, `validation` or `heldout`; returns what the keys are worth.

    Pairs with one canonical SQL on one schema belong together, and so do those with one key of `data.split_by`, and
    whatever hangs together by a chain of both. The side of a group is its least key's draw, so that a pair that comes
    later moves others only where it ties two groups together.

    Raises:
        UserError: all pairs belong together, and some are to be scored or watched.
    """
    counts: Counter[str] = Counter()
    if conf.split_by is SplitBy.canonical:
        # A query is a group, and its draw its own.
        bench.execute(
            "CREATE TABLE drawn AS SELECT DISTINCT query_key, query_draw AS draw FROM alive"
        )
    else:
        _draw_groups(bench)
        counts["no_split_key"] = bench.value("SELECT count(*) FROM alive WHERE split_key IS NULL")
        sizes = "SELECT count(*) AS size FROM alive JOIN drawn USING (query_key) GROUP BY root"
        counts["split_groups"] = bench.value(f"SELECT count(*) FROM ({sizes})")
        counts["largest_split_group"] = bench.value(f"SELECT coalesce(max(size), 0) FROM ({sizes})")
        _check(counts, conf)
    watched = conf.eval_fraction + conf.validation_fraction
    bench.execute(
        """
        UPDATE alive SET suite = CASE
            WHEN drawn.draw < $1 THEN 'heldout' WHEN drawn.draw < $2 THEN 'validation' ELSE 'train' END
        FROM drawn WHERE drawn.query_key = alive.query_key
        """,
        [conf.eval_fraction, watched],
    )
    if conf.eval_fraction > 0 and not bench.value(
        "SELECT count(*) FROM alive WHERE suite = 'heldout'"
    ):
        groups = "query_key" if conf.split_by is SplitBy.canonical else "root"
        counts["groups_none_heldout"] = bench.value(f"SELECT count(DISTINCT {groups}) FROM drawn")
    return counts


def _draw_groups(bench: Workbench) -> None:
    """Create `drawn(query_key, root, draw)`: the group of each query, and the group's draw."""
    bench.execute(
        """
        CREATE TABLE node AS
        SELECT query_key, split_key, row_number() OVER () - 1 AS number FROM (
            SELECT query_key, NULL AS split_key FROM alive GROUP BY query_key
            UNION ALL
            SELECT NULL, split_key FROM alive WHERE split_key IS NOT NULL GROUP BY split_key
        )
        """
    )
    groups = _Groups(bench.value("SELECT count(*) FROM node"))
    ties = """
        SELECT DISTINCT query.number AS one, key.number AS other FROM alive
        JOIN node query ON query.query_key = alive.query_key
        JOIN node key ON key.split_key = alive.split_key
        """
    for batch in bench.stream(ties):
        for one, other in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            groups.tie(one, other)
    bench.execute("CREATE TABLE tied (number BIGINT, root BIGINT)")
    for numbers, roots in groups.batches():
        bench.insert("tied", pyarrow.table({"number": numbers, "root": roots}))
    bench.execute(
        """
        CREATE TABLE drawn AS
        WITH member AS (SELECT root, query_key, split_key FROM node JOIN tied USING (number)),
        key AS (SELECT DISTINCT split_key, split_draw FROM alive WHERE split_key IS NOT NULL),
        query AS (SELECT DISTINCT query_key, query_draw FROM alive),
        named AS (
            -- By a key of data.split_by where the group has one, else by a query.
            SELECT root,
                coalesce(arg_min(split_draw, split_key), arg_min(query_draw, query_key)) AS draw
            FROM member LEFT JOIN key USING (split_key) LEFT JOIN query USING (query_key) GROUP BY root
        )
        SELECT member.query_key, root, draw FROM member JOIN named USING (root)
        WHERE member.query_key IS NOT NULL
        """
    )


class _Groups:
    """Numbers that hang together (union-find)."""

    def __init__(self, size: int) -> None:
        self._parents = array("q", range(size))

    def root(self, number: int) -> int:
        """Some number of the same group, the same for all of them."""
        parents = self._parents
        while (parent := parents[number]) != number:
            parents[number] = parents[parent]
            number = parent
        return number

    def tie(self, one: int, other: int) -> None:
        """Make two groups one."""
        self._parents[self.root(one)] = self.root(other)

    def batches(self, rows: int = 1 << 16) -> "Any":
        """All numbers with their roots, a batch at a time."""
        for start in range(0, len(self._parents), rows):
            numbers = range(start, min(start + rows, len(self._parents)))
            yield list(numbers), [self.root(number) for number in numbers]


def _check(counts: Counter[str], conf: FilesDataConf) -> None:
    fractions = conf.eval_fraction + conf.validation_fraction
    if counts["split_groups"] == 1 and fractions > 0 and conf.eval_fraction < 1:
        raise UserError(
            f"data.split_by={conf.split_by.value}: all {counts['largest_split_group']} pairs belong together, so that "
            "none can be scored or watched; use another data.split_by, or set data.eval_fraction and "
            "data.validation_fraction to 0"
        )
