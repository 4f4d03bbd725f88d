"""Scoring a target on the suites of a dataset, with one judge for them all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oracle_sft.config.compose import to_dict
from oracle_sft.config.schema import EvalConf, FromDataConf, RunConf
from oracle_sft.engine.database import DatabaseSpec, load_rows, open_database, rules_of
from oracle_sft.errors import UserError
from oracle_sft.model.generate import Generation
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.guard import guardrail
from oracle_sft.pairs.pair import Pair
from oracle_sft.record.environment import versions
from oracle_sft.record.run import Run
from oracle_sft.score.item import Prediction
from oracle_sft.score.judge import Judge
from oracle_sft.score.metrics import EXACT_MATCH, HEADLINE
from oracle_sft.score.report import write_report

if TYPE_CHECKING:
    from oracle_sft.engine.result import Database

Suites = Mapping[str, Sequence[Pair]]
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The headline of a target on each suite."""

    facts: dict[str, Any]
    line: str


def chosen_suites(dataset: Dataset, conf: EvalConf) -> dict[str, list[Pair]]:
    """The suites that eval.suites names (all, where it is empty), cut at eval.limit.

    Raises:
        UserError: the dataset has no such suite, or none at all.
    """
    suites = dataset.suites()
    if not suites:
        raise UserError(f"{dataset.folder} has no pair to score; raise data.eval_fraction")
    unknown = [name for name in conf.suites if name not in suites]
    if unknown:
        raise UserError(f"eval.suites has {unknown[0]!r}; the dataset has {', '.join(suites)}")
    return {name: suites[name][: conf.limit] for name in conf.suites or suites}


@contextmanager
def open_judge(dataset: Dataset, conf: RunConf) -> Iterator[Judge]:
    """A judge with a database for each schema that has rows."""
    schemas = dataset.schemas()
    settings = conf.database if isinstance(conf.database, FromDataConf) else FromDataConf()
    with ExitStack() as stack:
        databases: dict[str, Database | None] = {}
        for schema_id, schema in schemas.items():
            rows = dataset.rows_path(schema_id)
            databases[schema_id] = None
            if rows is not None and isinstance(conf.database, FromDataConf):
                spec = DatabaseSpec(
                    kind="duckdb",
                    schema=schema,
                    rows=load_rows(rows, schema),
                    clock=datetime.fromisoformat(settings.clock),
                    oracle_version=rules_of(conf.oracle_version),
                    memory_limit=f"{settings.memory_limit_mib}MiB",
                )
                database = open_database(spec)
                stack.callback(database.close)
                databases[schema_id] = database
        yield Judge(
            databases,
            guardrail(conf),
            schemas,
            timeout_seconds=settings.timeout_seconds,
            max_rows=settings.max_rows,
        )


def eval_settings(run: Run, conf: RunConf, target: str) -> dict[str, Any]:
    """How a target was asked and judged, as its report keeps it."""
    said = to_dict(conf)
    return {
        "run": run.name,
        "target": target,
        "weights": run.state["parents"]["base_model"],
        "dataset": run.state["parents"]["dataset"]["fingerprint"],
        **{name: said[name] for name in ("eval", "prompt", "guardrail", "database")},
        "versions": versions(),
    }


def score_target(
    run_folder: Path,
    target: str,
    suites: Suites,
    answers: Mapping[str, Generation],
    judge: Judge,
    settings: Mapping[str, Any],
    on_metrics: Callable[[dict[str, Any]], None],
    on_progress: OnProgress,
) -> Scored:
    """Judge every answer of a target and write its report for each suite."""
    total = sum(len(pairs) for pairs in suites.values())
    done = 0
    facts: dict[str, Any] = {}
    for suite, pairs in suites.items():
        scores = []
        for pair in pairs:
            answer = answers[pair.id]
            prediction = Prediction(
                pair_id=pair.id,
                suite=suite,
                target=target,
                text=answer.text,
                num_tokens=answer.num_tokens,
                finish_reason=answer.finish_reason,
            )
            scores.append(judge.score(pair, prediction))
            done += 1
            on_progress(done, total)
        report = write_report(run_folder / "eval", suite, target, scores, settings=settings)
        values = {name: metric["value"] for name, metric in report["metrics"].items()}
        on_metrics({f"{suite}/{target}/{name}": value for name, value in values.items()})
        facts[suite] = values.get(HEADLINE, values[EXACT_MATCH])
    line = ", ".join(f"{suite} {value:.1%}" for suite, value in facts.items())
    return Scored(facts={"scores": facts}, line=line)
