"""Whether an answer that is right on the rows at hand is right on other rows too: test-suite accuracy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oracle_sft.engine.compare import compare
from oracle_sft.engine.database import DatabaseSpec
from oracle_sft.engine.suite.build import Suite
from oracle_sft.engine.suite.run import backwards, no_evidence
from oracle_sft.score.execution import Execution, Executor
from oracle_sft.sqltext.outermost import orders_outermost

_TOGETHER = 64
"""Answers that are judged side by side; the results of all databases are in memory until then."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer that is equal to its gold on the original rows, both as the guardrail let them pass."""

    schema_id: str
    gold_sql: str
    sql: str


class PerturbedDatabases:
    """The suites of several schemas."""

    def __init__(self, executor: Executor, suites: Mapping[str, Suite]) -> None:
        """`suites` are by schema id; `executor` has all databases that `specs_of` names."""
        self._executor = executor
        self._suites = suites

    @property
    def fingerprints(self) -> dict[str, str]:
        """Schema id -> digest of everything that its suite was made from."""
        return {schema_id: suite.fingerprint for schema_id, suite in self._suites.items()}

    @property
    def num_databases(self) -> int:
        return sum(len(suite.databases) for suite in self._suites.values())

    def has(self, schema_id: str) -> bool:
        return schema_id in self._suites

    def differences(self, asked: Sequence[Asked]) -> list[str]:
        """The first difference of each answer from its gold, with the number of the database; '' for none.

        A database counts where the gold is evidence on it and the engine knows the answer. The gold's own text agrees
        with it and is not run.
        """
        found = [""] * len(asked)
        others = [place for place, one in enumerate(asked) if one.sql != one.gold_sql]
        for start in range(0, len(others), _TOGETHER):
            some = others[start : start + _TOGETHER]
            for place, detail in zip(some, self._first([asked[at] for at in some]), strict=True):
                found[place] = detail
        return found

    def _first(self, asked: Sequence[Asked]) -> list[str]:
        found = [""] * len(asked)
        sizes = [len(self._suites[one.schema_id].databases) for one in asked]
        for number in range(1, max(sizes) + 1):
            left = [at for at, size in enumerate(sizes) if not found[at] and number <= size]
            details = self._differences([asked[at] for at in left], number)
            for at, detail in zip(left, details, strict=True):
                if detail:
                    found[at] = f"database {number}: {detail}"
        return found

    def _differences(self, asked: Sequence[Asked], number: int) -> list[str]:
        """What differs on one perturbed database, for each answer; '' for nothing."""
        golds = self._executor.run_golds(
            (database_id(one.schema_id, number), one.gold_sql) for one in asked
        )
        again = self._executor.run(
            (database_id(one.schema_id, number, is_backwards=True), one.gold_sql) for one in asked
        )
        answers = self._executor.run((database_id(one.schema_id, number), one.sql) for one in asked)
        return [
            _difference(
                one,
                golds[database_id(one.schema_id, number), one.gold_sql],
                again[database_id(one.schema_id, number, is_backwards=True), one.gold_sql],
                answers[database_id(one.schema_id, number), one.sql],
            )
            for one in asked
        ]


def database_id(schema_id: str, number: int, *, is_backwards: bool = False) -> str:
    """The name of a perturbed database; schema ids are names of folders and have no `/`."""
    return f"{schema_id}/{number}{'/backwards' if is_backwards else ''}"


def specs_of(schema_id: str, suite: Suite) -> dict[str, DatabaseSpec]:
    """The databases that a pool needs to judge on a suite, by their id."""
    specs = {}
    for number, spec in enumerate(suite.databases, start=1):
        specs[database_id(schema_id, number)] = spec
        specs[database_id(schema_id, number, is_backwards=True)] = backwards(spec)
    return specs


def _difference(asked: Asked, gold: Execution, again: Execution, answer: Execution) -> str:
    if gold.result is None or again.result is None:
        return ""
    is_ordered = orders_outermost(asked.gold_sql)
    if no_evidence(gold.result, again.result, is_ordered=is_ordered):
        return ""
    if answer.status == "unsupported":
        return ""  # neither right nor wrong, as on the original rows
    if answer.result is None:
        return answer.message
    outcome = compare(gold.result, answer.result, ordered=is_ordered)
    return "" if outcome.equal else f"{outcome.label}: {outcome.detail}"
