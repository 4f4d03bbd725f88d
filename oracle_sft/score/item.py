"""One answer of a model, and what became of it."""

from dataclasses import dataclass, fields
from typing import Any, Literal

from oracle_sft.engine.compare import CompareMode
from oracle_sft.model.generation import Generation

HEADLINE_MODE = CompareMode.BAG_ORDER.value
"""The comparison mode whose accuracy is the headline."""

Status = Literal[
    "ok",
    "truncated",
    "oracle_error",
    "unsupported",
    "timeout",
    "refused",
    "no_sql",
    "not_executed",
    "no_answer",
]
"""How execution ended. `refused` and `no_sql` were never executed; `not_executed`: there is no database;
`no_answer`: the endpoint failed, which says nothing about the model.
"""

GoldStatus = Literal["ok", "uninformative", "gold_error", "not_executed"]
"""`uninformative`: no rows, so an unrelated query can equal it; `gold_error`: it failed or was cut."""

Stage = Literal[
    "correct",
    "mismatch:empty",
    "mismatch:rows",
    "mismatch:values",
    "mismatch:order",
    "mismatch:columns",
    "truncated",
    "no_sql",
    "several_statements",
    "not_read_only",
    "refused",
    "parse_error",
    "lint",
    "schema_error",
    "group_error",
    "type_error",
    "runtime_error",
    "oracle_error",
    "unsupported",
    "timeout",
    "not_executed",
    "no_answer",
    "uninformative",
    "gold_error",
]
"""Where an item ended: each is in exactly one. What the gold cannot judge comes before all others."""

_LISTS = ("findings", "tags", "constructs", "gold_tables", "missing_tables")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a target answered to one pair."""

    pair_id: str
    suite: str
    target: str
    """base, adapter, merged, awq, ..."""
    answer: Generation


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One answer to a question that was asked several times: after a failure, or as a sample."""

    text: str
    sql: str | None
    validity: str
    allowed: bool
    status: Status
    code: str
    message: str
    stage: Stage
    equal: bool | None
    """In the headline mode; None where that cannot be said: no database, no gold, an unknown construct."""
    num_tokens: int | None
    prompt_tokens: int | None
    finish_reason: str
    seconds: float | None

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of this attempt."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The verdict on one prediction: a line of predictions.jsonl."""

    pair_id: str
    suite: str
    target: str
    schema_id: str
    question: str
    gold_sql: str
    text: str
    num_tokens: int | None
    finish_reason: str
    prompt_tokens: int | None = None
    seconds: float | None = None
    sql: str | None
    """The statement found in `text`, as the model wrote it; None where there was none."""
    validity: str
    """The guardrail's valid, invalid or unparsed; empty without a statement."""
    allowed: bool
    findings: tuple[dict[str, Any], ...] = ()
    """The guardrail's findings: rule, severity, message."""
    exact_match: bool
    """The canonical forms of both queries are the same text."""
    status: Status
    code: str = ""
    """Oracle's code of an `oracle_error`, the construct of an `unsupported`, the rule of a `refused`,
    the reason of a `no_sql`.
    """
    message: str = ""
    """What the engine or the guardrail said to a query that gave no rows."""
    gold_status: GoldStatus
    gold_message: str = ""
    """Why the gold is a `gold_error`."""
    nondeterministic_gold: bool = False
    """The gold's top-n ends between rows with equal sort keys: any choice of them was taken for right."""
    equal: dict[str, bool]
    """Comparison mode -> whether the result equals the gold's; empty where that cannot be said: the gold
    cannot judge, or the engine does not know the query.
    """
    label: str = ""
    """What the headline mode says of the two results: `equal`, or what differs."""
    detail: str = ""
    """The first difference, in a sentence."""
    stage: Stage
    suite_equal: bool | None = None
    """Whether the result equals the gold's on the perturbed databases too; None where there are none, or where
    `equal` is empty.
    """
    suite_detail: str = ""
    """The first difference on them, with the number of the database."""
    difficulty: str = ""
    tags: tuple[str, ...] = ()
    constructs: tuple[str, ...] = ()
    """What the gold is built of (`sqltext.constructs`)."""
    source: str = ""
    """Where the pair comes from: its provenance's source and what wrote it."""
    attempts: tuple[Attempt, ...] = ()
    """Every answer to the question, in their order; the fields above are about the last one."""
    stopped: str = ""
    """Why the model was not asked again after a failure: `repeated`, `exhausted`, `no_room`; empty otherwise."""
    samples: tuple[Attempt, ...] = ()
    """Answers drawn with a temperature, for pass@k and the majority; not among `attempts`."""
    majority: bool | None = None
    """Whether the result that most samples gave equals the gold's; None where that cannot be said."""
    votes: int = 0
    """How many samples gave that result."""
    shown_tables: int | None = None
    """How many tables the prompt showed of a schema that is over the budget; None: all of it."""
    gold_tables: tuple[str, ...] = ()
    """With `shown_tables`: the tables that the gold reads."""
    missing_tables: tuple[str, ...] = ()
    """Those of them that the prompt did not show."""

    def as_attempt(self) -> Attempt:
        """This score as one of several about the same question."""
        said = {
            field.name: getattr(self, field.name)
            for field in fields(Attempt)
            if field.name != "equal"
        }
        return Attempt(**said, equal=self.equal.get(HEADLINE_MODE))

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of this score: every field, in their order."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            **said,
            **{name: list(said[name]) for name in _LISTS},
            **{name: [one.as_dict() for one in said[name]] for name in ("attempts", "samples")},
        }

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Score":
        """The score that `as_dict` wrote."""
        lists = {name: tuple(said.get(name, ())) for name in _LISTS}
        asked = {
            name: tuple(Attempt(**one) for one in said.get(name, ()))
            for name in ("attempts", "samples")
        }
        return cls(**{**said, **lists, **asked})
