"""Scoring a target on the suites of a dataset, with one judge for them all."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from oracle_sft.config.compose import to_dict
from oracle_sft.config.schema import FromDataConf, OracleServerConf, RunConf
from oracle_sft.config.scoring import EvalConf
from oracle_sft.engine.database import DatabaseSpec, load_rows
from oracle_sft.engine.pool import DatabasePool, default_workers
from oracle_sft.engine.suite.build import Suite as PerturbedSuite
from oracle_sft.engine.suite.build import build_suite
from oracle_sft.errors import UserError
from oracle_sft.pairs.databases import database_spec
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.guard import guardrail
from oracle_sft.pairs.pair import Pair
from oracle_sft.pairs.selection import SELECTION_VERSION
from oracle_sft.record.environment import versions
from oracle_sft.record.run import Run
from oracle_sft.score.asking import pass_at_k
from oracle_sft.score.execution import Executor
from oracle_sft.score.gold_cache import GoldCache
from oracle_sft.score.item import Score
from oracle_sft.score.judge import Judge
from oracle_sft.score.metrics import EXACT_MATCH, HEADLINE, Resampling
from oracle_sft.score.perturbed import PerturbedDatabases, specs_of
from oracle_sft.score.report import write_report


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
    settings = conf.database
    if not isinstance(settings, FromDataConf | OracleServerConf):
        settings = FromDataConf()
    specs: dict[str, DatabaseSpec] = {}
    caches: dict[str, GoldCache] = {}
    for schema_id, schema in schemas.items():
        rows = dataset.rows_path(schema_id)
        loaded = None
        if rows is not None and isinstance(conf.database, FromDataConf):
            loaded = load_rows(rows, schema)
        spec = database_spec(conf, schema, loaded)
        if spec is None:
            continue
        specs[schema_id] = spec
        # What lies on a server may change; what lies in the dataset is in the cache's name.
        if conf.eval.gold_cache and isinstance(settings, FromDataConf):
            world = _world(dataset, schema_id, conf, settings)
            caches[schema_id] = GoldCache(Path(conf.outputs_dir) / "cache" / "gold", world)
    suites = _suites(dataset, specs, conf)
    perturbed = {
        name: spec
        for schema_id, suite in suites.items()
        for name, spec in specs_of(schema_id, suite).items()
    }
    workers = conf.eval.workers or default_workers()
    with DatabasePool({**specs, **perturbed}, workers=workers) as pool:
        executor = Executor(
            pool, specs, timeout_seconds=settings.timeout_seconds, max_rows=settings.max_rows
        )
        yield Judge(
            executor,
            guardrail(conf),
            schemas,
            gold_caches=caches,
            perturbed=PerturbedDatabases(executor, suites) if suites else None,
        )


def _suites(
    dataset: Dataset, specs: Mapping[str, DatabaseSpec], conf: RunConf
) -> dict[str, PerturbedSuite]:
    """A suite for each schema with rows, made from all golds that the dataset scores, whatever part is scored now."""
    if not conf.eval.perturbed_databases or isinstance(conf.database, OracleServerConf):
        return {}
    golds: dict[str, list[str]] = {schema_id: [] for schema_id in specs}
    for pairs in dataset.suites().values():
        for pair in pairs:
            if pair.schema_id in golds:
                golds[pair.schema_id].append(pair.sql)
    found = {}
    for schema_id, spec in specs.items():
        made = build_suite(
            spec.schema,
            spec.rows,
            golds[schema_id],
            conf.eval.perturbed_databases,
            conf.seed,
            clock=spec.clock,
        )
        databases = tuple(replace(spec, rows=database.rows) for database in made.databases)
        found[schema_id] = replace(made, original=spec, databases=databases)
    return found


def _world(
    dataset: Dataset, schema_id: str, conf: RunConf, settings: FromDataConf
) -> dict[str, Any]:
    """Everything beside the SQL that the result of a gold depends on; the dataset's files have been checked."""
    files = {
        name: facts["sha256"]
        for name, facts in dataset.manifest["files"].items()
        if name.startswith(f"schemas/{schema_id}/")
    }
    return {"files": files, "database": asdict(settings), "oracle_version": conf.oracle_version}


def eval_settings(run: Run, dataset: Dataset, conf: RunConf, judge: Judge) -> dict[str, Any]:
    """How targets are asked and judged, as a report keeps it."""
    said = to_dict(conf)
    said["prompt"]["selection_version"] = SELECTION_VERSION
    return {
        "run": run.name,
        "dataset": dataset.fingerprint,
        "perturbed": judge.suite_fingerprints,
        **{name: said[name] for name in ("seed", "eval", "prompt", "guardrail", "database")},
        "versions": versions(),
    }


def write_scores(
    run_folder: Path,
    target: str,
    scores: Mapping[str, Sequence[Score]],
    conf: RunConf,
    settings: Mapping[str, Any],
    on_metrics: Callable[[dict[str, Any]], None],
) -> dict[str, float]:
    """Write a target's report for each suite; returns the headline by suite."""
    headlines = {}
    for suite, found in scores.items():
        report = write_report(
            run_folder / "eval",
            suite,
            target,
            found,
            settings=settings,
            pass_at_k=pass_at_k(conf.eval),
            resampling=Resampling(samples=conf.eval.bootstrap_samples, seed=f"{conf.seed}/{suite}"),
        )
        values = {name: metric["value"] for name, metric in report["metrics"].items()}
        on_metrics({f"{suite}/{target}/{name}": value for name, value in values.items()})
        headline = values.get(HEADLINE, values.get(EXACT_MATCH))
        if headline is not None:
            headlines[suite] = headline
    return headlines
