"""The tables of a schema in the order in which a question seems to need them.

No model and no rows: only the words of the question and its evidence against names, comments and foreign keys.

1. Tables whose whole name is said (`order items` for ORDER_ITEMS), or written as it stands.
2. BM25 over the tables, each a document of its name, its comment, its columns and their comments, in this order of
   weight. Names are split and stemmed; two neighbouring words of a name count once more together. A word that is no
   name itself may be an abbreviation of one, or one of it. What stands in most tables says nothing.
3. The best of these are the seeds: each for words that no seed before it explains. The tables on the shortest paths of
   foreign keys between the seeds come next: a join needs them, and no word says so.
4. All others follow by their score; a table next to one with a score gains by it.
5. Tables without any score come last, in an order drawn from the question's text: the same at training and at serving,
   and another for the next question, so that a table that training had to put there does not stand out.
"""

import math
import zlib
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from random import Random

from oracle_sft.pairs.words import SAYS_NOTHING, likeness, stem, stems, words
from oracle_sft.sqltext.schema import Schema, Table

_NAME, _TABLE_COMMENT, _COLUMN, _COLUMN_COMMENT = 4.0, 2.0, 1.5, 0.75
_SATURATION, _LENGTH_SHARE = 1.2, 0.4  # BM25's k1 and b
_IN_MOST_TABLES = 0.5
_BESIDE_A_NAME = 0.5
"""What a likeness counts for where the very word is some table's, too."""
_MAX_SEEDS, _SEED_SHARE = 5, 0.25
_MAX_STEPS = 4
_NEIGHBOUR_SHARE = 0.4
_KNOWN_WORDS, _KNOWN_STARTS = 8192, 1024
_SILENT = frozenset(stem(word) for word in SAYS_NOTHING)


class TableRanker:
    """Ranks the tables of one schema; what does not depend on a question is done once."""

    def __init__(self, schema: Schema) -> None:
        self._schema_id = schema.id
        self._names = [table.name for table in schema.tables]
        places = {name: place for place, name in enumerate(self._names)}
        self._neighbours = _neighbours(schema.tables, places)
        self._said_as: dict[str, list[int]] = {}
        """Name as it stands, lower case -> tables."""
        self._spoken_as: dict[tuple[str, ...], list[int]] = {}
        """Stems of a name -> tables."""
        for place, name in enumerate(self._names):
            parts = stems(name)
            if not parts or _SILENT.issuperset(parts):  # LISTS is not said by "List all shops"
                continue
            self._said_as.setdefault(name.casefold(), []).append(place)
            self._spoken_as.setdefault(tuple(parts), []).append(place)
        self._lengths = sorted({len(spoken) for spoken in self._spoken_as})
        self._postings = _postings([_document(table) for table in schema.tables])
        self._by_letter: dict[str, list[str]] = {}
        for term in self._postings:
            if " " not in term:
                self._by_letter.setdefault(term[0], []).append(term)
        self._of_word = lru_cache(_KNOWN_WORDS)(self._scores_of_word)
        self._steps_from = lru_cache(_KNOWN_STARTS)(self._shortest_steps)

    def rank(self, question: str, evidence: str = "") -> list[int]:
        """The places of all tables in the schema, the one that is needed most surely first."""
        spoken = [words(question), words(evidence)]
        said = self._said(spoken)
        scores: dict[int, float] = {}
        for one in said:
            for place, score in one.items():
                scores[place] = scores.get(place, 0.0) + score
        named = self._named(
            [[stem(word) for word in some] for some in spoken], f"{question} {evidence}"
        )
        seeds = self._seeds(named, said, scores)
        first = [*seeds, *self._between(seeds), *named]
        text = "/".join([self._schema_id, *question.split(), "", *evidence.split()])
        chance = Random(zlib.crc32(text.encode(errors="surrogatepass")))
        drawn = [chance.random() for _ in self._names]
        near = self._with_neighbours(scores)
        rest = sorted(range(len(drawn)), key=lambda place: (-near.get(place, 0.0), drawn[place]))
        return list(dict.fromkeys([*first, *rest]))

    def _said(self, spoken: Sequence[Sequence[str]]) -> list[Mapping[int, float]]:
        """What each word, and each two neighbours, say about each table.

        In the order in which they stand: sums of fractions depend on it, and a set has another in each process.
        """
        telling = (stem(word) for some in spoken for word in some if word not in SAYS_NOTHING)
        found = [self._of_word(term) for term in dict.fromkeys(telling)]
        for one, other in dict.fromkeys(pair for some in spoken for pair in pairwise(some)):
            # As two words of a name (ORDER_DATE), or as one (HIREDATE).
            for term in (f"{stem(one)} {stem(other)}", stem(one + other)):
                found.append(self._postings.get(term, {}))
        return [one for one in found if one]

    def _named(self, spoken: Iterable[list[str]], text: str) -> list[int]:
        """Tables whose whole name is said, longer names first: `order items` says ORDER_ITEMS before ORDERS."""
        found: dict[int, float] = {}
        for written in set(text.casefold().replace('"', " ").replace(".", " ").split()):
            for place in self._said_as.get(written.strip(",;:?!()'`"), ()):
                found[place] = math.inf
        for terms in spoken:
            for length in self._lengths:
                for start in range(len(terms) - length + 1):
                    for place in self._spoken_as.get(tuple(terms[start : start + length]), ()):
                        found[place] = max(found.get(place, 0), length)
        return sorted(found, key=lambda place: (-found[place], place))

    def _seeds(
        self, named: Sequence[int], said: Sequence[Mapping[int, float]], scores: Mapping[int, float]
    ) -> list[int]:
        """The named tables, and the best others, each for words that those before it do not explain."""
        found = list(named[:_MAX_SEEDS])
        explained = [max((one.get(place, 0.0) for place in found), default=0.0) for one in said]
        enough = _SEED_SHARE * max(scores.values(), default=0.0)
        while len(found) < _MAX_SEEDS:
            gains: dict[int, float] = {}
            for one, known in zip(said, explained, strict=True):
                for place, score in one.items():
                    if score > known:
                        gains[place] = gains.get(place, 0.0) + score - known
            best = min(gains, key=lambda place: (-round(gains[place], 6), place), default=None)
            if best is None or gains[best] < enough:
                break
            found.append(best)
            explained = [
                max(known, one.get(best, 0.0)) for one, known in zip(said, explained, strict=True)
            ]
        return found

    def _between(self, seeds: Sequence[int]) -> list[int]:
        """Tables on the shortest paths between the seeds."""
        found: list[int] = []
        for place, seed in enumerate(seeds):
            steps = self._steps_from(seed)
            for other in seeds[place + 1 :]:
                back = steps.get(other)
                while back is not None and back != seed:
                    found.append(back)
                    back = steps[back]
        return found

    def _shortest_steps(self, start: int) -> dict[int, int]:
        """Table -> the one before it on a shortest path from `start`, for tables in reach."""
        before, depth, waiting = {start: start}, {start: 0}, deque([start])
        while waiting:
            here = waiting.popleft()
            if depth[here] == _MAX_STEPS:
                break
            for there in self._neighbours[here]:
                if there not in before:
                    before[there], depth[there] = here, depth[here] + 1
                    waiting.append(there)
        return before

    def _with_neighbours(self, scores: Mapping[int, float]) -> dict[int, float]:
        gained: dict[int, float] = {}
        for place, score in scores.items():
            # What many tables refer to says little about each of them.
            share = _NEIGHBOUR_SHARE * score / math.log2(2 + len(self._neighbours[place]))
            for neighbour in self._neighbours[place]:
                gained[neighbour] = max(gained.get(neighbour, 0.0), share)
        return {
            place: round(scores.get(place, 0.0) + gained.get(place, 0.0), 6)
            for place in scores.keys() | gained.keys()
        }

    def _scores_of_word(self, word: str) -> dict[int, float]:
        """What one word says about each table; of several terms that it may mean the best one counts."""
        found = dict(self._postings.get(word, {}))
        factor = _BESIDE_A_NAME if found else 1.0
        for term in self._by_letter.get(word[0], ()):
            sure = 0.0 if term == word else factor * likeness(word, term)
            if sure:
                for place, score in self._postings[term].items():
                    found[place] = max(found.get(place, 0.0), sure * score)
        return found


def _neighbours(tables: Sequence[Table], places: Mapping[str, int]) -> list[list[int]]:
    found: list[set[int]] = [set() for _ in tables]
    for place, table in enumerate(tables):
        for key in table.foreign_keys:
            other = places.get(key.table)
            if other is not None and other != place:
                found[place].add(other)
                found[other].add(place)
    return [sorted(some) for some in found]


def _document(table: Table) -> dict[str, float]:
    """Term -> how much the table speaks of it; two neighbouring words of a name are a term, too."""
    said: dict[str, float] = {}
    names = [(table.name, _NAME), *((column.name, _COLUMN) for column in table.columns)]
    for text, weight in names:
        terms = stems(text)
        for term in (*terms, *(" ".join(pair) for pair in pairwise(terms))):
            said[term] = said.get(term, 0.0) + weight
    comments = [(table.comment, _TABLE_COMMENT)]
    comments += [(column.comment, _COLUMN_COMMENT) for column in table.columns]
    for text, weight in comments:
        for word in words(text):
            if word not in SAYS_NOTHING:
                term = stem(word)
                said[term] = said.get(term, 0.0) + weight
    return said


def _postings(documents: Sequence[Mapping[str, float]]) -> dict[str, dict[int, float]]:
    """Term -> table -> BM25 weight; terms of most tables are left out where there are more than a few tables."""
    holders: dict[str, list[int]] = {}
    for place, said in enumerate(documents):
        for term in said:
            holders.setdefault(term, []).append(place)
    lengths = [sum(said.values()) for said in documents]
    mean = sum(lengths) / len(lengths) or 1.0
    found: dict[str, dict[int, float]] = {}
    for term, places in holders.items():
        if len(places) > max(2, _IN_MOST_TABLES * len(documents)):
            continue
        rarity = math.log(1 + (len(documents) - len(places) + 0.5) / (len(places) + 0.5))
        found[term] = {}
        for place in places:
            amount = documents[place][term]
            slack = _SATURATION * (1 - _LENGTH_SHARE + _LENGTH_SHARE * lengths[place] / mean)
            found[term][place] = rarity * amount * (_SATURATION + 1) / (amount + slack)
    return found
