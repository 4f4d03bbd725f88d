"""The demo's question/SQL pairs, drawn from the templates and dealt to suites.

- `train`, `validation`, `seen` come from the same templates. A query, and the values in its slots,
  belong to one suite only. Each template keeps one sentence layout out of training; the questions of
  `validation` and `seen` use that one.
- `unseen` comes from templates of its own, each with two features that training shows apart, never
  together.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from oracle_sft.pairs.demo.grammar import Draft, NoDraft
from oracle_sft.pairs.demo.rows import SCHEMA_ID, demo_rows
from oracle_sft.pairs.demo.templates import HELD_OUT, Template, held_out_templates, templates
from oracle_sft.pairs.demo.views import Shop
from oracle_sft.pairs.pair import Pair, pair_id

VERSION = "1"
"""Raised whenever the same seed gives other pairs."""

TRAIN_ROWS, VALIDATION_ROWS, SEEN_ROWS, UNSEEN_ROWS = 4000, 130, 210, 210

_SECOND_PHRASING = 0.35
"""Share of the training queries that are asked for in two ways."""
_TRIES = 600

PROVENANCE = {
    "source_session_id": f"demo-generator-{VERSION}",
    "source": "curated",
    "model": "template",
    "timestamp": "2026-01-15T09:30:00Z",
    "approved": True,
    "excluded": False,
    "exclusion_reason": "",
}

_UNCOUNTED = frozenset(
    "filter aggregate order_by date date_literal sysdate partition_by level to_char_number trunc".split()
)
_DOUBLE = frozenset(
    "analytic connect_by set_operator outer_join_plus correlated_subquery listagg keep join_3".split()
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One question of a suite with where it came from."""

    suite: str
    template: str
    draft: Draft
    question: str


def demo_pairs(seed: int = 0, elsewhere: Collection[str] = ()) -> list[Pair]:
    """All pairs but the hand-written ones, in a fixed order; the same for the same arguments.

    `elsewhere` are queries of other pairs, which no suite may repeat.
    """
    return [
        Pair(
            id=pair_id(drawn.question, drawn.draft.sql, SCHEMA_ID),
            question=drawn.question,
            sql=drawn.draft.sql,
            schema_id=SCHEMA_ID,
            difficulty=difficulty(drawn.draft.features),
            tags=tuple(sorted(drawn.draft.features)),
            template=drawn.template,
            suite=drawn.suite,
            provenance=dict(PROVENANCE),
        )
        for drawn in draw(seed, elsewhere)
    ]


def difficulty(features: frozenset[str]) -> str:
    """By points: two for each construct that changes the shape of a query, one for each other.

    Ordering, plain aggregates and the kind of a date condition count nothing. Up to one point is
    easy, two and three are medium, more is hard.
    """
    points = sum(2 if feature in _DOUBLE else 1 for feature in features - _UNCOUNTED)
    return "easy" if points <= 1 else "medium" if points <= 3 else "hard"


def draw(seed: int = 0, elsewhere: Collection[str] = ()) -> list[Drawn]:
    """Every question with its draft, template by template."""
    shop = Shop(demo_rows())
    taken = _Taken(queries={sql.lower() for sql in elsewhere})
    known, held_out = templates(), held_out_templates()
    drawn: list[Drawn] = []
    weights = [template.weight for template in known]
    quotas = zip(
        known,
        _deal(SEEN_ROWS, [1] * len(known)),
        _deal(VALIDATION_ROWS, [1] * len(known)),
        _deal(TRAIN_ROWS, weights),
        strict=True,
    )
    for place, (template, seen, validation, train) in enumerate(quotas):
        rng = Random(f"{seed} {template.name}")
        drafts = _drafts(rng, shop, template, taken)
        for suite, count in (("seen", seen), ("validation", validation)):
            for _ in range(count):
                draft = _next(drafts, template)
                drawn += taken.asked(rng, suite, template, draft, [place % len(draft.layouts)])
        drawn += _train(rng, drafts, template, taken, train, place)
    for template, count in zip(held_out, _deal(UNSEEN_ROWS, [1] * len(held_out)), strict=True):
        rng = Random(f"{seed} {template.name}")
        drafts = _drafts(rng, shop, template, taken)
        for _ in range(count):
            draft = _next(drafts, template)
            layout = rng.randrange(len(draft.layouts))
            drawn += taken.asked(rng, "unseen", template, draft, [layout])
    return drawn


def _train(
    rng: Random,
    drafts: Iterator[Draft],
    template: Template,
    taken: "_Taken",
    count: int,
    place: int,
) -> list[Drawn]:
    """`count` questions; a template with few queries asks for each of them in more ways."""
    drawn: list[Drawn] = []
    asked: list[Draft] = []
    while len(drawn) < count:
        draft = next(drafts, None)
        ways = 2 if rng.random() < _SECOND_PHRASING else 1
        if draft:
            asked.append(draft)
        else:
            draft = rng.choice(asked)
        layouts = [n for n in range(len(draft.layouts)) if n != place % len(draft.layouts)]
        drawn += taken.asked(rng, "train", template, draft, rng.sample(layouts, ways))
    return drawn[:count]


def _deal(total: int, weights: list[int]) -> list[int]:
    """`total` in whole shares after the weights."""
    ends = [0]
    for weight in weights:
        ends.append(ends[-1] + weight)
    places = [total * end // ends[-1] for end in ends]
    return [after - before for before, after in pairwise(places)]


@dataclass(slots=True)
class _Taken:
    """What may not be drawn again."""

    queries: set[str] = field(default_factory=set)
    values: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    questions: set[str] = field(default_factory=set)

    def free(self, template: Template, draft: Draft) -> bool:
        query, values = draft.sql.lower(), (template.name, draft.values)
        if query in self.queries or values in self.values:
            return False
        self.queries.add(query)
        self.values.add(values)
        return True

    def asked(
        self, rng: Random, suite: str, template: Template, draft: Draft, layouts: list[int]
    ) -> list[Drawn]:
        drawn = []
        for layout in layouts:
            question = draft.question(layout, rng)
            if question not in self.questions:
                self.questions.add(question)
                drawn.append(Drawn(suite, template.name, draft, question))
        return drawn


def _next(drafts: Iterator[Draft], template: Template) -> Draft:
    draft = next(drafts, None)
    if draft is None:
        raise RuntimeError(f"template {template.name} has too few queries for its suites")
    return draft


def _drafts(rng: Random, shop: Shop, template: Template, taken: _Taken) -> Iterator[Draft]:
    """Drafts of a template whose query nobody has, until it finds no new ones."""
    pairs = [frozenset(line[0]) for line in HELD_OUT]
    failed = 0
    while failed < _TRIES:
        try:
            draft = template.make(rng, shop)
        except NoDraft:
            failed += 1
            continue
        apart = not any(pair <= draft.features for pair in pairs)
        wanted = template.held_out <= draft.features if template.held_out else apart
        if wanted and taken.free(template, draft):
            failed = 0
            yield draft
        else:
            failed += 1
