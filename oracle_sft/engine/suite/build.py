"""A suite: several databases of one schema on which a right query must agree with the gold's.

One database lets through what only other rows would tell apart. A suite's databases are made from
the original rows and from what the gold queries compare, the same for the same arguments.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import QueryError, Value
from oracle_sft.engine.rows import Rows
from oracle_sft.engine.suite.checks import RowsByTable, keep_checks
from oracle_sft.engine.suite.perturb import bare, perturbed
from oracle_sft.engine.suite.shapes import Shape, read_shape
from oracle_sft.engine.suite.tables import Original
from oracle_sft.sqltext.schema import Schema

SUITE_VERSION = 4
"""Raised whenever the same arguments give other rows."""


@dataclass(frozen=True, slots=True)
class Suite:
    """The original database and those made from it."""

    original: DatabaseSpec
    databases: tuple[DatabaseSpec, ...]
    """The perturbed ones."""
    fingerprint: str
    """SHA-256 (hex) of the schema, the rows, the golds, the seed, the clock and the version."""


def build_suite(
    schema: Schema,
    rows: Rows,
    golds: Iterable[str],
    k: int,
    seed: int = 0,
    *,
    clock: datetime | None = None,
) -> Suite:
    """Make k databases that tell the golds from queries that are nearly the same.

    Every row keeps the keys, foreign keys, NOT NULLs, CHECKs, sizes and precisions of the schema, and what
    the original rows hold to (no negative numbers, no times of the day, few texts) where a query does
    not ask for more. The order of `golds` does not matter.

    Raises:
        LoadError: rows that do not fit the schema.
    """
    texts = sorted(set(golds))
    original = DatabaseSpec(schema=schema, rows=rows, clock=clock)
    shapes = _shapes(original, texts)
    start = Original(schema, rows)
    databases = tuple(
        replace(original, rows=_rows(original, start, shapes, seed, number, k))
        for number in range(k)
    )
    said = {
        "version": SUITE_VERSION,
        "schema": schema.fingerprint,
        # Those of a file are read: what they say is meant, and not where they are.
        "rows": {name: list(given) for name, given in rows.items()},
        "golds": texts,
        "k": k,
        "seed": seed,
        "clock": clock,
    }
    text = json.dumps(said, sort_keys=True, default=str)
    return Suite(original, databases, hashlib.sha256(text.encode()).hexdigest())


def _rows(
    spec: DatabaseSpec, start: Original, shapes: list[Shape], seed: int, number: int, k: int
) -> RowsByTable:
    random = Random(f"{seed} {number}")
    if number % 2:
        # Every second one is for the queries that count rows, each of them in one of these databases.
        counting = [shape for shape in shapes if shape.counts]
        rows = bare(start, counting[number // 2 :: k // 2], random)
    else:
        rows = perturbed(start, shapes, random, _share(k))
    return keep_checks(replace(spec, rows=rows), rows)


def _share(k: int) -> float:
    """How much of what is wished for each database gets; together they have all of it, thrice."""
    return min(1.0, 3 / k) if k else 1.0


def _shapes(original: DatabaseSpec, golds: list[str]) -> list[Shape]:
    """What the golds ask, those that ask the same only once."""
    # Constants need no rows; rows that do not fit are refused here, before others are made of them.
    database = open_database(original)
    known: dict[str, Value] = {}

    def evaluate(text: str) -> Value:
        if text not in known:
            try:
                result = database.query(f"SELECT {text} FROM dual", timeout_seconds=1.0)
                known[text] = result.rows[0][0]
            except QueryError:
                known[text] = None
        return known[text]

    try:
        shapes = [read_shape(sql, original.schema, evaluate) for sql in golds]
    finally:
        database.close()
    return list({repr(shape): shape for shape in shapes}.values())
