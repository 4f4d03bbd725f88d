"""The pre-training corpus: made-up schemas, each with questions and the ANSI queries that answer them.

Nothing in it is Oracle's own: the dialect, the embedded demo and its schema are left to fine-tuning.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from oracle_sft.model.tiny import chains, computed, joins, nested, shapes, summaries
from oracle_sft.model.tiny.phrases import finished
from oracle_sft.model.tiny.schemas import World, random_world
from oracle_sft.sqltext.schema import Schema

SHAPES: tuple[tuple[Callable[[Random, World], shapes.Asked], int], ...] = (
    (shapes.listed, 14),
    (shapes.looked_up, 7),
    (shapes.distinct, 4),
    (summaries.counted, 8),
    (summaries.aggregated, 7),
    (summaries.grouped, 8),
    (summaries.having, 4),
    (computed.superlative, 6),
    (computed.versus_average, 3),
    (computed.cased, 3),
    (computed.coalesced, 3),
    (computed.computed, 4),
    (computed.text_functions, 3),
    (joins.joined, 9),
    (joins.joined_filter, 10),
    (joins.per_parent, 8),
    (joins.parents_having, 4),
    (nested.exists, 7),
    (chains.self_joined, 3),
    (chains.three_tables, 7),
    (nested.set_operation, 3),
    (nested.with_query, 4),
    (nested.ranked, 5),
    (computed.by_year, 3),
)


@dataclass(frozen=True, slots=True)
class Example:
    """One schema and what is asked about it: (question, SQL, name of the shape)."""

    schema: Schema
    asked: tuple[tuple[str, str, str], ...]


def examples(seed: str, *, asked: int) -> Iterator[Example]:
    """Endless examples with `asked` questions each; the same seed gives the same ones."""
    random = Random(seed)
    functions = [function for function, _ in SHAPES]
    weights = [weight for _, weight in SHAPES]
    while True:
        world = random_world(random)
        found: dict[str, tuple[str, str, str]] = {}
        for _ in range(asked * 20):
            function = random.choices(functions, weights)[0]
            pair = function(random, world)
            if pair is not None and pair[1] not in found:
                found[pair[1]] = (finished(random, pair[0]), pair[1], function.__name__)
            if len(found) == asked:
                break
        if len(found) == asked:
            yield Example(world.schema, tuple(found.values()))


def digest(seed: str, *, asked: int, first: int) -> str:
    """SHA-256 (hex) over the first examples."""
    said = hashlib.sha256()
    for _, example in zip(range(first), examples(seed, asked=asked), strict=False):
        said.update(json.dumps([example.schema.fingerprint, example.asked]).encode())
    return said.hexdigest()
