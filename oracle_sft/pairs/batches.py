"""Pairs as Arrow tables: what one step of a build hands to the next."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow

from oracle_sft.pairs.pair import Pair

DRAFTS = pyarrow.schema(
    [
        ("place", pyarrow.int64()),
        *(
            (name, pyarrow.string())
            for name in ("where", "id", "question", "sql", "schema_id", "evidence", "difficulty")
        ),
        ("template", pyarrow.string()),
        ("tags", pyarrow.list_(pyarrow.string())),
        ("suite", pyarrow.string()),
        ("provenance", pyarrow.string()),  # JSON: a source may say what it likes in it
        ("ddl_digest", pyarrow.string()),
    ]
)
"""A pair as its source says it; `place` numbers what is found in a source, from 0."""

UNREAD = pyarrow.schema(
    [
        ("place", pyarrow.int64()),
        *((name, pyarrow.string()) for name in ("where", "reason", "text")),
        ("is_fault", pyarrow.bool_()),
    ]
)
"""A place without a pair."""

RESOLVED = pyarrow.schema(
    [
        ("place", pyarrow.int64()),
        *((name, pyarrow.string()) for name in ("id", "schema_id", "reason")),
        ("content", pyarrow.binary()),
    ]
)
"""A draft's id and schema, or the reason why it has none; `content` is equal for pairs that are one and the same."""


def pairs_of(drafts: pyarrow.Table, resolved: pyarrow.Table) -> Iterator[tuple[int, Pair]]:
    """The pairs of a shard that have an id and a schema, each with its place."""
    found = zip(
        resolved["id"].to_pylist(),
        resolved["schema_id"].to_pylist(),
        resolved["reason"].to_pylist(),
        strict=True,
    )
    for said, (pair_id, schema_id, reason) in zip(drafts.to_pylist(), found, strict=True):
        if not reason:
            yield said["place"], _pair(said, pair_id, schema_id)


def _pair(said: dict[str, Any], pair_id: str, schema_id: str) -> Pair:
    return Pair(
        id=pair_id,
        question=said["question"],
        sql=said["sql"],
        schema_id=schema_id,
        evidence=said["evidence"],
        difficulty=said["difficulty"],
        template=said["template"],
        tags=tuple(said["tags"]),
        suite=said["suite"],
        provenance=json.loads(said["provenance"]),
        where=said["where"],
    )


def table_of(rows: Iterable[dict[str, Any]], schema: pyarrow.Schema) -> pyarrow.Table:
    """Rows as a table."""
    return pyarrow.Table.from_pylist(list(rows), schema=schema)


def written_json(value: Any) -> str:
    """A value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False)
