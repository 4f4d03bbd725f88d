"""One answer of a model, and what became of it."""

from dataclasses import dataclass, fields
from typing import Any, Literal

Status = Literal[
    "ok", "truncated", "oracle_error", "unsupported", "timeout", "refused", "no_sql", "not_executed"
]
"""How execution ended. `refused` and `no_sql` were never executed; `not_executed`: there is no database."""

GoldStatus = Literal["ok", "uninformative", "gold_error", "not_executed"]
"""`uninformative`: no rows, so an unrelated query can equal it; `gold_error`: it failed or was cut."""

Stage = Literal[
    "correct",
    "mismatch:rows",
    "mismatch:values",
    "mismatch:order",
    "mismatch:columns",
    "truncated",
    "no_sql",
    "refused",
    "parse_error",
    "schema_error",
    "oracle_error",
    "unsupported",
    "timeout",
    "not_executed",
    "uninformative",
    "gold_error",
]
"""Where an item ended: each is in exactly one. What the gold cannot judge comes before all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a target answered to one pair."""

    pair_id: str
    suite: str
    target: str
    """base, adapter, merged, awq, ..."""
    text: str
    """The answer, as generated."""
    num_tokens: int
    finish_reason: str
    """`stop`, or `length` where the answer was cut at `eval.max_new_tokens`."""


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
    num_tokens: int
    finish_reason: str
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
    equal: dict[str, bool]
    """Comparison mode -> whether the result equals the gold's; empty where the gold cannot judge."""
    label: str = ""
    """What the headline mode says of the two results: `equal`, or what differs."""
    detail: str = ""
    """The first difference, in a sentence."""
    stage: Stage
    difficulty: str = ""
    tags: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The JSON object of this score: every field, in their order."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**said, "findings": list(self.findings), "tags": list(self.tags)}

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Score":
        """The score that `as_dict` wrote."""
        findings, tags = tuple(said["findings"]), tuple(said["tags"])
        return cls(**{**said, "findings": findings, "tags": tags})
