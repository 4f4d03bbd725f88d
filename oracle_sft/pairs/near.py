"""Pairs that say nearly the same: found by MinHash (Broder 1997), judged by their true resemblance."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from typing import Any

import numpy
import pyarrow

from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.workbench import Workbench

SKETCHES = pyarrow.schema(
    [
        ("place", pyarrow.int64()),
        ("buckets", pyarrow.list_(pyarrow.uint64())),
        ("features", pyarrow.list_(pyarrow.uint64())),
    ]
)
"""Pairs that resemble each other share a bucket, all but surely; the features, sorted, say how much they do."""

_HASHES = 240
"""A number with many divisors: bands are of equal length."""
_SEED = 0
_MOST_MISSED = 1e-3
"""The chance that two pairs which resemble each other just as much as the threshold are not compared."""
_MARKS = 1 << 20
"""Features are told apart by so many marks first, and exactly where that leaves a doubt."""
_WORD = re.compile(r"\w+")
# Canonical text has no comments and one way to quote: a tenth of the lexer's time.
_PART = re.compile(r"""'[^']*+'|"[^"]*+"|\d++(?:\.\d++)?|[\w$#]++|[<>=!|^:]++|\S""")
_Array = numpy.ndarray[Any, Any]


def sketches(kept: Sequence[tuple[int, Pair, str]], threshold: float) -> pyarrow.Table:
    """The sketches of pairs, given with their places and canonical SQL: a `SKETCHES` table.

    Pairs of two schemas have no feature in common.
    """
    from rensa import RMinHash

    if not kept:
        return SKETCHES.empty_table()
    bands = num_bands(threshold)
    hashed = RMinHash.hash_token_sets(
        [features(pair.question, query) or [""] for _, pair, query in kept]
    )
    sizes = numpy.fromiter(map(len, hashed), dtype=numpy.int64, count=len(kept))
    schemas = numpy.fromiter((_of_schema(pair.schema_id) for _, pair, _ in kept), numpy.uint64)
    own = numpy.fromiter(chain.from_iterable(hashed), numpy.uint64) ^ numpy.repeat(schemas, sizes)
    starts = numpy.concatenate(([0], numpy.cumsum(sizes)))
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(own, starts.astype("u8"), _HASHES, _SEED)
    cut = numpy.array(matrix.to_rows(), dtype=numpy.uint64).reshape(len(kept), bands, -1)
    buckets = _buckets(cut)
    columns = [
        pyarrow.array([place for place, _, _ in kept], pyarrow.int64()),
        _lists(numpy.arange(0, buckets.size + 1, bands), buckets.ravel()),
        _lists(starts, own),
    ]
    return pyarrow.table(columns, SKETCHES)


def _buckets(cut: _Array) -> _Array:
    """A number for each band of each pair, (pairs, bands, hashes of a band) to (pairs, bands), all but surely
    another for other hashes.

    A sum of products with odd numbers, mixed (multilinear hashing, Lemire and Kaser 2014): an accident of it only
    makes two pairs be compared.
    """
    dice = numpy.random.Generator(numpy.random.PCG64(_SEED))
    shape = cut.shape[1:]
    factors = dice.integers(0, 1 << 64, size=shape, dtype=numpy.uint64) | numpy.uint64(1)
    summed = (cut * factors).sum(axis=2, dtype=numpy.uint64)
    summed += dice.integers(0, 1 << 64, size=shape[0], dtype=numpy.uint64)
    mixed: _Array = (summed ^ (summed >> numpy.uint64(32))) * factors[:, 0]
    return mixed


def _lists(starts: _Array, values: _Array) -> pyarrow.ListArray:
    return pyarrow.ListArray.from_arrays(
        pyarrow.array(starts, pyarrow.int32()), pyarrow.array(values)
    )


def near_duplicates(bench: Workbench, threshold: float) -> None:
    """Fill the table `near(place, first, resemblance)` from `sketches` of the pairs in `alive`.

    In it is each pair that resembles an earlier one, of those that stay, as much as `threshold` or more: measured by
    the Jaccard index of their features, so that a chain of small steps does not drag in what resembles no pair that
    is left. Only pairs that share a bucket with another are looked at, and those that stay are held in memory.
    """
    bench.execute("CREATE TABLE near (place BIGINT, first BIGINT, resemblance DOUBLE)")
    if not bench.has("sketches"):
        return
    bench.execute(
        f"""
        CREATE TABLE shared AS
        WITH cut AS (
            SELECT place, unnest(buckets) AS bucket FROM {bench.rows_of("sketches")} SEMI JOIN alive USING (place)
        ),
        bucket AS (
            SELECT bucket, row_number() OVER () - 1 AS number FROM cut GROUP BY bucket HAVING count(*) > 1
        )
        SELECT place, list(number) AS buckets FROM cut JOIN bucket USING (bucket) GROUP BY place
        """
    )
    wanted = f"""
        SELECT place, shared.buckets, features FROM shared JOIN {bench.rows_of("sketches")} USING (place) ORDER BY place
        """
    staying = _Staying(threshold)
    for batch in bench.stream(wanted):
        found = [
            row
            for place, buckets, own in zip(
                *(_values(batch, name) for name in batch.schema.names), strict=True
            )
            if (row := staying.look(int(place), buckets, own)) is not None
        ]
        if found:
            columns = zip(*found, strict=True)
            bench.insert("near", pyarrow.table(dict(zip(_FOUND, map(list, columns), strict=True))))


_FOUND = ("place", "first", "resemblance")


def _values(batch: pyarrow.RecordBatch, name: str) -> Iterator[Any]:
    """The numbers of a column, or an array of them for each row of a column of lists."""
    column = batch.column(name)
    if not pyarrow.types.is_list(column.type):
        yield from column.to_numpy()
        return
    numbers, ends = column.values.to_numpy(), column.offsets.to_numpy()
    for start, end in pairwise(ends):
        yield numbers[start:end]


class _Staying:
    """The pairs that stay, by their buckets."""

    def __init__(self, threshold: float) -> None:
        self._threshold = threshold
        self._places: list[int] = []
        self._members: dict[int, list[int]] = {}
        self._starts = numpy.zeros(1024, dtype=numpy.int64)
        self._features = numpy.zeros(1 << 15, dtype=numpy.uint64)
        self._marks = numpy.zeros(_MARKS, dtype=bool)

    def look(self, place: int, buckets: _Array, own: _Array) -> tuple[int, int, float] | None:
        """The row for a pair that resembles one that stays; None for one that stays itself."""
        most, first = self._most_alike(buckets, own)
        if first is not None and most >= self._threshold:
            return place, self._places[first], most
        self._add(place, buckets, own)
        return None

    def _most_alike(self, buckets: _Array, own: _Array) -> tuple[float, int | None]:
        """The earliest of the most alike among the pairs in the same buckets, and how much it is."""
        met: set[int] = set()
        for bucket in buckets.tolist():
            met.update(self._members.get(bucket, ()))
        candidates = numpy.array(sorted(met), dtype=numpy.int64)
        if not len(candidates):
            return 0.0, None
        most, first = 0.0, None
        # The marks overestimate what two pairs have in common: whoever stays below the threshold so is out.
        estimates = self._estimates(candidates, own)
        for place in numpy.flatnonzero(estimates >= self._threshold):
            resemblance = _jaccard(own, self._features_of(int(candidates[place])))
            if resemblance > most:
                most, first = resemblance, int(candidates[place])
        return most, first

    def _estimates(self, candidates: _Array, own: _Array) -> _Array:
        """The Jaccard index with each candidate, or a little more."""
        starts = self._starts[candidates]
        sizes = self._starts[candidates + 1] - starts
        ends = numpy.cumsum(sizes)
        places = numpy.arange(ends[-1]) + numpy.repeat(starts - (ends - sizes), sizes)
        marked = own & numpy.uint64(_MARKS - 1)
        self._marks[marked] = True
        hits = self._marks[self._features[places] & numpy.uint64(_MARKS - 1)]
        self._marks[marked] = False
        both = numpy.add.reduceat(hits, ends - sizes, dtype=numpy.int64)
        both = numpy.minimum(both, numpy.minimum(sizes, len(own)))
        estimates: _Array = both / (sizes + len(own) - both)
        return estimates

    def _features_of(self, number: int) -> _Array:
        return self._features[self._starts[number] : self._starts[number + 1]]

    def _add(self, place: int, buckets: _Array, own: _Array) -> None:
        number = len(self._places)
        self._places.append(place)
        for bucket in buckets.tolist():
            self._members.setdefault(bucket, []).append(number)
        start = int(self._starts[number])
        self._features = _with_room(self._features, start + len(own))
        self._features[start : start + len(own)] = own
        self._starts = _with_room(self._starts, number + 2)
        self._starts[number + 1] = start + len(own)


def _with_room(numbers: _Array, size: int) -> _Array:
    if len(numbers) >= size:
        return numbers
    grown = numpy.zeros(max(size, 2 * len(numbers)), dtype=numbers.dtype)
    grown[: len(numbers)] = numbers
    return grown


def _jaccard(one: _Array, other: _Array) -> float:
    both = len(numpy.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def features(question: str, canonical: str) -> frozenset[str]:
    """What two pairs are compared by: each two words of the question that stand together, and the parts of the
    canonical SQL, the second `A` of a query being another feature than the first.
    """
    words = _WORD.findall(question.casefold())
    shingles = [f"question {one} {two}" for one, two in pairwise(words)]
    if len(words) == 1:
        shingles.append(f"question {words[0]}")
    seen: dict[str, int] = {}
    for part in _PART.findall(canonical):
        seen[part] = count = seen.get(part, 0) + 1
        shingles.append(f"sql {count} {part}")
    return frozenset(shingles)


def num_bands(threshold: float) -> int:
    """Into how many bands the hashes are cut: as few as find pairs at the threshold all but surely."""
    for bands in range(1, _HASHES):
        missed = (1 - threshold ** (_HASHES // bands)) ** bands
        if _HASHES % bands == 0 and missed <= _MOST_MISSED:
            return bands
    return _HASHES


@lru_cache
def _of_schema(schema_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(schema_id.encode(), digest_size=8).digest(), "little")
