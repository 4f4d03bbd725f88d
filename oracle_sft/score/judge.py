"""From an answer to a verdict: extract, guard, execute, compare with the gold."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from oracle_sft.engine.compare import CompareMode, Comparison, compare
from oracle_sft.engine.result import ResultSet
from oracle_sft.pairs.pair import Pair
from oracle_sft.score.execution import Execution, Executor
from oracle_sft.score.gold import GoldResult, Golds
from oracle_sft.score.gold_cache import GoldCache
from oracle_sft.score.item import HEADLINE_MODE, Prediction, Score
from oracle_sft.score.perturbed import Asked, PerturbedDatabases
from oracle_sft.score.stages import stage_of
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.extract import Extraction, extract
from oracle_sft.sqltext.guardrail import Finding, SQLGuardrail, Verdict
from oracle_sft.sqltext.schema import Schema

_TOGETHER = 256
"""Answers whose queries run side by side; their results are in memory until they are compared."""

OnProgress = Callable[[int, int], None]
_NO_PROGRESS: OnProgress = lambda done, total: None  # noqa: E731


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A score, with what a score does not keep."""

    score: Score
    extraction: Extraction
    verdict: Verdict | None
    """None where there was no statement to judge."""
    result: ResultSet | None


class Judge:
    """Scores predictions against golds; every distinct query runs once.

    Only SQL that the guardrail allows is executed, the gold's too. A gold that fails is a `gold_error`: it is listed
    and never scored. A gold without rows is `uninformative`: its predictions are executed, and stand outside of the
    execution accuracy. So does a prediction that the engine does not know (`unsupported`): what Oracle would answer
    is not known, so it is neither right nor wrong.
    """

    def __init__(
        self,
        executor: Executor,
        guardrail: SQLGuardrail,
        schemas: Mapping[str, Schema],
        *,
        gold_caches: Mapping[str, GoldCache] | None = None,
        perturbed: PerturbedDatabases | None = None,
    ) -> None:
        """`schemas` and `gold_caches` are by schema id; `perturbed` for the test-suite accuracy."""
        self._perturbed = perturbed
        self._executor = executor
        self._guardrail = guardrail
        self._schemas = schemas
        self._golds = Golds(executor, guardrail, schemas, gold_caches or {})
        self._verdicts: dict[tuple[str, str], Verdict] = {}
        self._canonicals: dict[tuple[str, str], str] = {}

    def gold(self, pair: Pair) -> GoldResult:
        """The result that the pair's own SQL gives; executed once for a schema and text."""
        return self._golds.of(pair)

    def score(self, pair: Pair, prediction: Prediction) -> Score:
        """The verdict on one prediction; see `judge`."""
        return next(self.judge([(pair, prediction)])).score

    def judge(
        self,
        asked: Sequence[tuple[Pair, Prediction]],
        on_progress: OnProgress = _NO_PROGRESS,
    ) -> Iterator[Judged]:
        """The verdict on each prediction, in their order; their queries run side by side.

        Raises:
            ValueError: a prediction is for another pair.
        """
        for start in range(0, len(asked), _TOGETHER):
            some = asked[start : start + _TOGETHER]
            self._golds.prepare(pair for pair, _ in some)
            read = [self._read(pair, prediction) for pair, prediction in some]
            results = self._executor.run(
                (pair.schema_id, verdict.sql)
                for (pair, _), (_, verdict) in zip(some, read, strict=True)
                if verdict is not None
                and verdict.sql is not None
                and self.gold(pair).result is not None
            )
            for number, ((pair, prediction), (extraction, verdict)) in enumerate(
                zip(some, read, strict=True), start=start + 1
            ):
                execution = _unexecuted(extraction, verdict, prediction)
                if execution is None:
                    assert verdict is not None
                    assert verdict.sql is not None
                    execution = results.get(
                        (pair.schema_id, verdict.sql), Execution(status="not_executed")
                    )
                yield self._judged(pair, prediction, extraction, verdict, execution)
                on_progress(number, len(asked))

    @property
    def line(self) -> str:
        """What queries are executed on, for the user."""
        executed = sum(self._executor.has_database(schema_id) for schema_id in self._schemas)
        perturbed = 0 if self._perturbed is None else self._perturbed.num_databases
        return (
            f"{executed} of {len(self._schemas)} schemas executed, {perturbed} perturbed databases"
        )

    @property
    def suite_fingerprints(self) -> dict[str, str]:
        """Which perturbed databases `on_suites` asks, by schema id."""
        return {} if self._perturbed is None else self._perturbed.fingerprints

    def on_suites(self, asked: Sequence[tuple[Pair, Score]]) -> list[Score]:
        """The same scores with what the perturbed databases say, where there are some.

        An answer that is wrong on the original rows is wrong; a right one must agree with its gold on the others too.
        """
        found = [score for _, score in asked]
        if self._perturbed is None:
            return found
        questions: dict[int, Asked] = {}
        for place, (pair, score) in enumerate(asked):
            equal = score.equal.get(HEADLINE_MODE)
            if equal is None or not self._perturbed.has(pair.schema_id):
                continue
            found[place] = replace(score, suite_equal=equal)
            if equal:
                statement = self._verdicts[pair.schema_id, score.sql or ""].sql or ""
                questions[place] = Asked(pair.schema_id, self.gold(pair).sql, statement)
        details = self._perturbed.differences(list(questions.values()))
        for place, detail in zip(questions, details, strict=True):
            found[place] = replace(found[place], suite_equal=not detail, suite_detail=detail)
        return found

    def _read(self, pair: Pair, prediction: Prediction) -> tuple[Extraction, Verdict | None]:
        if prediction.pair_id != pair.id:
            raise ValueError(f"prediction for {prediction.pair_id} scored against pair {pair.id}")
        extraction = extract(prediction.answer.text)
        if extraction.sql is None:
            return extraction, None
        key = (pair.schema_id, extraction.sql)
        if key not in self._verdicts:
            schema = self._schemas[pair.schema_id]
            self._verdicts[key] = self._guardrail.check(extraction.sql, schema=schema)
        return extraction, self._verdicts[key]

    def _judged(
        self,
        pair: Pair,
        prediction: Prediction,
        extraction: Extraction,
        verdict: Verdict | None,
        execution: Execution,
    ) -> Judged:
        gold = self.gold(pair)
        headline = _headline(gold, execution)
        result = execution.result
        score = Score(
            pair_id=pair.id,
            suite=prediction.suite,
            target=prediction.target,
            schema_id=pair.schema_id,
            question=pair.question,
            gold_sql=pair.sql,
            text=prediction.answer.text,
            num_tokens=prediction.answer.num_tokens,
            finish_reason=prediction.answer.finish_reason,
            prompt_tokens=prediction.answer.prompt_tokens,
            seconds=prediction.answer.seconds,
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
            nondeterministic_gold=gold.result is not None and bool(gold.result.cuts),
            equal=_equal(gold, execution, headline),
            label=headline.label if headline else "",
            detail=headline.detail if headline else "",
            stage=stage_of(
                gold.status,
                verdict,
                execution.status,
                execution.code,
                headline,
                is_empty=result is not None and not result.rows,
            ),
            difficulty=pair.difficulty,
            tags=pair.tags,
            constructs=gold.constructs,
            source=_source(pair),
        )
        return Judged(score=score, extraction=extraction, verdict=verdict, result=result)

    def _is_exact(self, extraction: Extraction, gold: GoldResult, pair: Pair) -> bool:
        if extraction.sql is None:
            return False
        if extraction.sql == pair.sql:
            return True
        key = (pair.schema_id, extraction.sql)
        if key not in self._canonicals:
            self._canonicals[key] = canonical(extraction.sql, self._schemas[pair.schema_id])
        return self._canonicals[key] == gold.canonical


def _unexecuted(
    extraction: Extraction, verdict: Verdict | None, prediction: Prediction
) -> Execution | None:
    """How an answer ends that gives nothing to execute; None for all others."""
    if prediction.answer.failure:
        return Execution(status="no_answer", message=prediction.answer.failure)
    if verdict is None:
        # Several different statements are an answer that must not be guessed at; the rest is none.
        is_refusal = bool(extraction.candidates)
        return Execution(status="refused" if is_refusal else "no_sql", code=extraction.reason)
    if verdict.sql is None:
        first = verdict.findings[0] if verdict.findings else None
        return Execution(status="refused", code=first.rule if first else "", message=verdict.reason)
    return None


def _source(pair: Pair) -> str:
    said = (pair.provenance.get("source"), pair.provenance.get("model"))
    return "/".join(str(part) for part in said if part)


def _headline(gold: GoldResult, execution: Execution) -> Comparison | None:
    if gold.result is None or execution.result is None:
        return None
    return _compared(gold, execution.result, CompareMode.BAG_ORDER)


def _compared(gold: GoldResult, result: ResultSet, mode: CompareMode) -> Comparison:
    assert gold.result is not None
    if result is gold.result and result.rows:
        return Comparison(True, "equal", "", nondeterministic_gold=bool(result.cuts))
    return compare(gold.result, result, ordered=gold.is_ordered, mode=mode)


def _equal(gold: GoldResult, execution: Execution, headline: Comparison | None) -> dict[str, bool]:
    """Mode -> equal. A prediction without a result is unequal; without a gold there is nothing to say.

    Each mode asks for what the one before it asks and more: bird_set, bag, bag_order, strict. So
    only the mode on the far side of the headline's answer has to be compared.
    """
    if gold.status != "ok" or execution.status in ("unsupported", "no_answer"):
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


def _finding(finding: Finding) -> dict[str, str]:
    return {"rule": finding.rule, "severity": finding.severity, "message": finding.message}
