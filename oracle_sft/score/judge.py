"""From an answer to a verdict: extract, guard, execute, compare with the gold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from oracle_sft.engine.compare import CompareMode, Comparison, compare
from oracle_sft.engine.result import (
    Database,
    OracleError,
    QueryTimeout,
    ResultSet,
    UnsupportedSQL,
)
from oracle_sft.pairs.pair import Pair
from oracle_sft.score.item import GoldStatus, Prediction, Score, Stage, Status
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.extract import Extraction, extract
from oracle_sft.sqltext.guardrail import Finding, SQLGuardrail, Verdict
from oracle_sft.sqltext.outermost import orders_outermost
from oracle_sft.sqltext.schema import Schema

# Larger results are fetched again rather than kept for the other targets, which often give the same SQL.
_KEPT_ROWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """How one query ended in a database."""

    status: Status
    code: str = ""
    """Oracle's code, or the construct that the engine does not know."""
    message: str = ""
    result: ResultSet | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldResult:
    """What a prediction is compared with."""

    status: GoldStatus
    message: str = ""
    """Why it is a `gold_error`."""
    result: ResultSet | None = None
    """None for `gold_error` and `not_executed`."""
    is_ordered: bool = False
    """The gold's outermost query orders its rows, so their order is part of the answer."""
    canonical: str


class Judge:
    """Scores predictions against golds; every distinct query runs once.

    Only SQL that the guardrail allows is executed, the gold's too. A gold that fails, is refused, is
    not known to the engine, or gives more than `max_rows` rows is a `gold_error`: it is listed and
    never scored. A gold without rows is `uninformative`: its predictions are executed, and stand
    outside of the execution accuracy. A prediction that the engine does not know is `unsupported`:
    it counts as not correct, under its own name.
    """

    def __init__(
        self,
        databases: Mapping[str, Database | None],
        guardrail: SQLGuardrail,
        schemas: Mapping[str, Schema],
        *,
        timeout_seconds: float,
        max_rows: int,
    ) -> None:
        """`databases` and `schemas` are by schema id; None: nothing is executed on that schema."""
        self._databases = databases
        self._guardrail = guardrail
        self._schemas = schemas
        self._timeout_seconds = timeout_seconds
        self._max_rows = max_rows
        self._golds: dict[tuple[str, str], GoldResult] = {}
        self._executions: dict[tuple[str, str], Execution] = {}

    def gold(self, pair: Pair) -> GoldResult:
        """The result that the pair's own SQL gives; executed once for a schema and text."""
        key = (pair.schema_id, pair.sql)
        if key not in self._golds:
            self._golds[key] = self._gold(pair)
        return self._golds[key]

    def score(self, pair: Pair, prediction: Prediction) -> Score:
        """The verdict on one prediction.

        Raises:
            ValueError: the prediction is for another pair.
        """
        if prediction.pair_id != pair.id:
            raise ValueError(f"prediction for {prediction.pair_id} scored against pair {pair.id}")
        gold = self.gold(pair)
        extraction = extract(prediction.text)
        verdict = self._verdict(extraction, pair)
        execution = self._execution(extraction, verdict, gold, pair)
        headline = _headline(gold, execution)
        return Score(
            pair_id=pair.id,
            suite=prediction.suite,
            target=prediction.target,
            schema_id=pair.schema_id,
            question=pair.question,
            gold_sql=pair.sql,
            text=prediction.text,
            num_tokens=prediction.num_tokens,
            finish_reason=prediction.finish_reason,
            sql=extraction.sql,
            validity=verdict.validity if verdict else "",
            allowed=verdict is not None and verdict.allowed,
            findings=tuple(_finding(finding) for finding in verdict.findings) if verdict else (),
            exact_match=self._is_exact(extraction, gold, pair),
            status=execution.status,
            code=execution.code,
            message=execution.message,
            gold_status=gold.status,
            gold_message=gold.message,
            equal=_equal(gold, execution, headline),
            label=headline.label if headline else "",
            detail=headline.detail if headline else "",
            stage=_stage(gold, verdict, execution, headline),
            difficulty=pair.difficulty,
            tags=pair.tags,
        )

    def _gold(self, pair: Pair) -> GoldResult:
        text = canonical(pair.sql, self._schemas[pair.schema_id])
        if self._databases[pair.schema_id] is None:
            return GoldResult(status="not_executed", canonical=text)
        verdict = self._guardrail.check(pair.sql, schema=self._schemas[pair.schema_id])
        if verdict.sql is None:
            message = f"refused by the guardrail: {verdict.reason}"
            return GoldResult(status="gold_error", message=message, canonical=text)
        execution = self._run(pair.schema_id, verdict.sql)
        if execution.result is None:
            return GoldResult(status="gold_error", message=execution.message, canonical=text)
        if execution.result.truncated:
            message = f"more than database.max_rows={self._max_rows} rows"
            return GoldResult(status="gold_error", message=message, canonical=text)
        return GoldResult(
            status="ok" if execution.result.rows else "uninformative",
            result=execution.result,
            is_ordered=orders_outermost(verdict.sql),
            canonical=text,
        )

    def _verdict(self, extraction: Extraction, pair: Pair) -> Verdict | None:
        if extraction.sql is None:
            return None
        return self._guardrail.check(extraction.sql, schema=self._schemas[pair.schema_id])

    def _execution(
        self, extraction: Extraction, verdict: Verdict | None, gold: GoldResult, pair: Pair
    ) -> Execution:
        if verdict is None:
            # Several different statements are an answer that must not be guessed at; the rest is none.
            status: Status = "refused" if extraction.candidates else "no_sql"
            return Execution(status=status, code=extraction.reason)
        if verdict.sql is None:
            first = verdict.findings[0] if verdict.findings else None
            return Execution(
                status="refused", code=first.rule if first else "", message=verdict.reason
            )
        if gold.result is None:
            return Execution(status="not_executed")
        return self._run(pair.schema_id, verdict.sql)

    def _run(self, schema_id: str, sql: str) -> Execution:
        key = (schema_id, sql)
        if key in self._executions:
            return self._executions[key]
        execution = self._query(schema_id, sql)
        if execution.result is None or len(execution.result.rows) <= _KEPT_ROWS:
            self._executions[key] = execution
        return execution

    def _query(self, schema_id: str, sql: str) -> Execution:
        database = self._databases[schema_id]
        assert database is not None
        try:
            result = database.query(
                sql, timeout_seconds=self._timeout_seconds, max_rows=self._max_rows
            )
        except OracleError as error:
            return Execution(status="oracle_error", code=error.code, message=str(error))
        except UnsupportedSQL as error:
            return Execution(status="unsupported", code=error.construct, message=str(error))
        except QueryTimeout as error:
            return Execution(status="timeout", message=str(error))
        return Execution(status="truncated" if result.truncated else "ok", result=result)

    def _is_exact(self, extraction: Extraction, gold: GoldResult, pair: Pair) -> bool:
        if extraction.sql is None:
            return False
        return canonical(extraction.sql, self._schemas[pair.schema_id]) == gold.canonical


def _headline(gold: GoldResult, execution: Execution) -> Comparison | None:
    if gold.result is None or execution.result is None:
        return None
    return _compared(gold, execution.result, CompareMode.BAG_ORDER)


def _compared(gold: GoldResult, result: ResultSet, mode: CompareMode) -> Comparison:
    assert gold.result is not None
    # Either side may have divided: a price and a third of three prices agree but for the last digits.
    inexact = frozenset(_inexact(gold.result)) | frozenset(_inexact(result))
    return compare(gold.result, result, ordered=gold.is_ordered, mode=mode, inexact_columns=inexact)


def _inexact(result: ResultSet) -> Iterable[int]:
    return (column for column, is_inexact in enumerate(result.inexact) if is_inexact)


def _equal(gold: GoldResult, execution: Execution, headline: Comparison | None) -> dict[str, bool]:
    """Mode -> equal. A prediction without a result is unequal; without a gold there is nothing to say.

    Each mode asks for what the one before it asks and more: bird_set, bag, bag_order, strict. So
    only the mode on the far side of the headline's answer has to be compared.
    """
    if gold.status != "ok":
        return {}
    if headline is None or execution.result is None:
        return {mode.value: False for mode in CompareMode}
    in_bag = headline.equal or headline.label == "order"
    may_be_set = headline.label in ("rows", "values", "column_permuted")
    return {
        CompareMode.BIRD_SET.value: in_bag
        or (may_be_set and _compared(gold, execution.result, CompareMode.BIRD_SET).equal),
        CompareMode.BAG.value: in_bag,
        CompareMode.BAG_ORDER.value: headline.equal,
        CompareMode.STRICT.value: headline.equal
        and _compared(gold, execution.result, CompareMode.STRICT).equal,
    }


def _stage(
    gold: GoldResult,
    verdict: Verdict | None,
    execution: Execution,
    headline: Comparison | None,
) -> Stage:
    if gold.status == "gold_error" or gold.status == "uninformative":
        return gold.status
    match execution.status:
        case "ok":
            assert headline is not None
            return _MISMATCHES[headline.label]
        case "refused":
            return _refusal(verdict)
        case "oracle_error":
            return _STAGES_OF_CODES.get(execution.code, "oracle_error")
        case other:
            return other


def _refusal(verdict: Verdict | None) -> Stage:
    """What is no Oracle is a parse error, what the schema has not is a schema error, the rest is unsafe."""
    if verdict is None:
        return "refused"
    unsafe = {finding.rule for finding in verdict.findings if finding.severity == "unsafe"}
    if unsafe and unsafe <= {"unknown_table", "unknown_column"}:
        return "schema_error"
    return "parse_error" if verdict.validity == "invalid" else "refused"


def _finding(finding: Finding) -> dict[str, str]:
    return {"rule": finding.rule, "severity": finding.severity, "message": finding.message}


_MISMATCHES: dict[str, Stage] = {
    "equal": "correct",
    "rows": "mismatch:rows",
    "values": "mismatch:values",
    "order": "mismatch:order",
    "columns": "mismatch:columns",
    "column_permuted": "mismatch:columns",
    "extra_columns": "mismatch:columns",
}

_STAGES_OF_CODES: dict[str, Stage] = {
    **dict.fromkeys(("ORA-00904", "ORA-00918", "ORA-00942"), "schema_error"),
    **dict.fromkeys(
        (
            *("ORA-00900", "ORA-00902", "ORA-00905", "ORA-00906", "ORA-00907", "ORA-00908"),
            *("ORA-00911", "ORA-00917", "ORA-00920", "ORA-00921", "ORA-00923", "ORA-00928"),
            *("ORA-00933", "ORA-00935", "ORA-00936", "ORA-01747", "ORA-01756"),
        ),
        "parse_error",
    ),
}
