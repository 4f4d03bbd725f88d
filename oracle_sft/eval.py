"""Score by execution: a run's weights, a bundle, an adapter, or a server; generate, judge, execute, compare.

run=outputs/NAME                    the weights of a finished run, again
bundle=DIR                          a bundle without its run
eval.base=DIR eval.adapter=DIR      an adapter of another origin
eval.endpoint=URL                   an OpenAI-compatible server; with run=... on the run's pairs
"""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oracle_sft.config.cli import hydra_command, is_stage_process
from oracle_sft.errors import UserError

if TYPE_CHECKING:
    from oracle_sft.config.schema import RunConf
    from oracle_sft.model.targets import Target
    from oracle_sft.pairs.dataset import Dataset
    from oracle_sft.record.console import Console
    from oracle_sft.record.run import Run
    from oracle_sft.score.asking import Suites
    from oracle_sft.score.judge import Judge


def main(arguments: list[str] | None = None) -> int:
    """Run the command, or be its stage; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if is_stage_process(arguments):
        from oracle_sft.record.stages import stage_process

        return stage_process("eval", eval_stage, arguments)
    return hydra_command("eval", __doc__ or "", evaluate, arguments, expand=_expand)


def _expand(overrides: list[str]) -> list[str]:
    from oracle_sft.record.redo import last_of_each_key, with_recorded

    if any(text.startswith("run=") for text in overrides):
        return with_recorded(overrides)
    return last_of_each_key(["stages=[eval]", *_said_by_bundle(overrides), *overrides])


def _said_by_bundle(overrides: list[str]) -> list[str]:
    """How the bundle that `bundle=DIR` names wants to be asked, as overrides."""
    named = [text.partition("=")[2] for text in overrides if text.startswith("bundle=")]
    if not named or named[-1] == "null":
        return []
    from oracle_sft.model.manifest import recorded_overrides

    return recorded_overrides(Path(named[-1]))


def evaluate(conf: "RunConf", overrides: list[str]) -> None:
    """Do the eval stage of a finished run again, or score something that no run here has made."""
    from oracle_sft.errors import UserError
    from oracle_sft.record.console import Console, log_to
    from oracle_sft.record.redo import check_drift
    from oracle_sft.record.run import finished_run, owning, scoring

    console = Console()
    if conf.eval.endpoint is not None:
        from oracle_sft.model.endpoint import Endpoint

        Endpoint(conf.eval).check_reachable()  # before a dataset is built for it
    if conf.run is not None:
        run = finished_run(conf.run)
        check_drift(run, conf, overrides, console)
        with owning(run):
            log_to(run.log_path, conf.log_level.value)
            _score(run, conf, overrides, console)
    elif conf.bundle is not None or conf.eval.adapter is not None or conf.eval.endpoint is not None:
        from oracle_sft.pairs.prepare import prepare_dataset

        with scoring(conf, overrides) as run:
            log_to(run.log_path, conf.log_level.value)
            prepare_dataset(conf, run, console)
            _score(run, conf, overrides, console)
    else:
        raise UserError(
            "eval wants run=outputs/NAME, bundle=DIR, eval.base=DIR with eval.adapter=DIR, or eval.endpoint=URL"
        )


def _score(run: "Run", conf: "RunConf", overrides: list[str], console: "Console") -> None:
    from oracle_sft.record.stages import run_stage
    from oracle_sft.record.tracking import tracked
    from oracle_sft.score.final import show_run, summary_values

    with tracked(conf, run, console) as tracking:
        run_stage(run, "eval", conf, tracking.follow, overrides)
        tracking.summarize(summary_values(run.folder))
    show_run(run.folder, console)


def eval_stage(folder: Path, conf: "RunConf", console: "Console") -> dict[str, Any]:
    """Score in this process; returns speed and scores by target for run.json."""
    if conf.eval.endpoint is None:
        from oracle_sft.model.quiet import quiet_libraries

        quiet_libraries()

    from oracle_sft.model.targets import ENDPOINT, find_targets
    from oracle_sft.pairs.dataset import open_dataset
    from oracle_sft.record.run import Run
    from oracle_sft.score.report import update_summary
    from oracle_sft.score.suites import chosen_suites, open_judge

    run = Run(folder)
    dataset = open_dataset(Path(run.state["parents"]["dataset"]["path"]))
    suites = chosen_suites(dataset, conf.eval)
    targets, missing = find_targets(run, conf)
    for reason in missing:
        console.say(f"left out      {reason}")
    with ExitStack() as opened:
        with console.step("databases") as step:
            judge = opened.enter_context(open_judge(dataset, conf))
            step.done(judge.line)
        facts = {
            target.name: _score_target(target, suites, dataset, judge, run, conf, console)
            for target in targets
        }
    summary = update_summary(folder, bootstrap_samples=conf.eval.bootstrap_samples, seed=conf.seed)
    # Nobody has checked that a server has these weights.
    own = {name: said for name, said in summary["targets"].items() if name != ENDPOINT}
    bundles = _record_in_bundles(folder, {"targets": own}, console)
    return {"targets": facts, **({"bundles": bundles} if bundles else {})}


def _record_in_bundles(
    folder: Path, summary: dict[str, Any], console: "Console"
) -> dict[str, dict[str, Any]]:
    """Put the scores into the run's bundles; returns `{format: {digest}}` with the new digest of each manifest."""
    written = {}
    for bundle in sorted(path.parent for path in folder.glob("package/*/MANIFEST.json")):
        from oracle_sft.model.bundle import record_eval

        try:
            written[bundle.name] = {"digest": record_eval(bundle, summary)["digest"]}
        except UserError as error:
            console.warn(f"the scores are not in the bundle's card: {error}")
    return written


def _score_target(
    target: "Target",
    suites: "Suites",
    dataset: "Dataset",
    judge: "Judge",
    run: "Run",
    conf: "RunConf",
    console: "Console",
) -> dict[str, Any]:
    """Ask one target and write its reports; its weights are gone from memory afterwards."""
    from oracle_sft.record.metrics import MetricsWriter
    from oracle_sft.score.asking import Asking
    from oracle_sft.score.suites import eval_settings, write_scores

    trained_on = target.origin.get("dataset", dataset.fingerprint)
    if trained_on != dataset.fingerprint:
        console.warn(
            f"{target.name} was trained on dataset {trained_on[:12]}, and is scored on "
            f"{dataset.fingerprint[:12]}: nobody has checked that none of these pairs was trained on"
        )
    answerer = target.open()
    schemas = dataset.schemas()
    asking = Asking(target.name, answerer, judge, schemas, conf, console, trained_on=target.prompt)
    asking.ask(suites)
    with console.step(f"report {target.name}") as step:
        scores = asking.scores()
        settings = eval_settings(run, dataset, conf, judge)
        settings["target"] = {**target.origin, **answerer.facts}
        on_metrics = MetricsWriter(run.metrics_path, "eval")
        headlines = write_scores(run.folder, target.name, scores, conf, settings, on_metrics)
        step.done(", ".join(f"{suite} {value:.1%}" for suite, value in headlines.items()))
    return {**asking.speed.facts, "scores": headlines}


if __name__ == "__main__":
    sys.exit(main())
