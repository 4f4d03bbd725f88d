"""Pairs that say nearly the same: found by MinHash (Broder 1997), judged by their true resemblance."""

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from oracle_sft.pairs.pair import Pair
from oracle_sft.sqltext.lexer import tokens

_HASHES = 240
"""A number with many divisors: bands are of equal length."""
_SEED = 0
_MOST_MISSED = 1e-3
"""The chance that two pairs which resemble each other just as much as the threshold are not compared."""
_MARGIN = 0.15
"""Pairs whose estimate lies further below the threshold are not compared: more than four standard deviations."""
_CACHED = 1 << 14
_WORD = re.compile(r"\w+")


def judge_near_duplicates(
    pairs: Sequence[Pair], canonicals: Mapping[int, str], threshold: float
) -> Iterator[tuple[Pair, str]]:
    """Each pair, and which earlier pair that stays it resembles, where one does.

    Compared are pairs of one schema. The resemblance is the Jaccard index of their `features`; a pair is measured
    against those that stay, so that a chain of small steps does not drag in what resembles no pair that is left.
    `canonicals` has the canonical SQL by `id(pair)`.
    """
    from rensa import RMinHash, RMinHashLSH

    bands = num_bands(threshold)
    indexes: dict[str, RMinHashLSH] = {}
    sketches: dict[int, RMinHash] = {}
    hashed: dict[int, array[int]] = {}  # a feature as a number: sets of texts would fill the memory

    @lru_cache(maxsize=_CACHED)  # pairs from one template are compared again and again
    def numbers_at(place: int) -> frozenset[int]:
        return frozenset(hashed[place])

    for place, pair in enumerate(pairs):
        index = indexes.setdefault(pair.schema_id, RMinHashLSH(threshold, _HASHES, bands))
        found = features(pair.question, canonicals[id(pair)])
        own = frozenset(map(hash, found))
        sketch = RMinHash(_HASHES, _SEED)
        sketch.update(sorted(found))
        first, most = -1, 0.0
        for candidate in sorted(index.query(sketch)):
            if sketch.jaccard(sketches[candidate]) > threshold - _MARGIN:
                resemblance = jaccard(own, numbers_at(candidate))
                if resemblance > most:
                    first, most = candidate, resemblance
        if most >= threshold:
            yield (
                pair,
                f"resembles {pairs[first].id} (Jaccard {most:.3f}; "
                f"data.near_duplicates={threshold:g})",
            )
        else:
            index.insert(place, sketch)
            sketches[place], hashed[place] = sketch, array("q", own)
            yield pair, ""


def features(question: str, canonical: str) -> frozenset[str]:
    """What two pairs are compared by: each two words of the question that stand together, and the tokens of the
    canonical SQL, the second `A` of a query being another feature than the first.
    """
    words = _WORD.findall(question.casefold())
    shingles = [f"question {one} {two}" for one, two in pairwise(words)]
    if len(words) == 1:
        shingles.append(f"question {words[0]}")
    seen: Counter[str] = Counter()
    for token in tokens(canonical):
        seen[token.text] += 1
        shingles.append(f"sql {seen[token.text]} {token.text}")
    return frozenset(shingles)


def jaccard(one: frozenset[Any], other: frozenset[Any]) -> float:
    """The part of what either has that both have; 1 for two empty sets."""
    both = len(one & other)
    either = len(one) + len(other) - both
    return both / either if either else 1.0


def num_bands(threshold: float) -> int:
    """Into how many bands the hashes are cut: as few as find pairs at the threshold all but surely."""
    for bands in range(1, _HASHES):
        missed = (1 - threshold ** (_HASHES // bands)) ** bands
        if _HASHES % bands == 0 and missed <= _MOST_MISSED:
            return bands
    return _HASHES
