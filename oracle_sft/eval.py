"""Score a run by execution: generate, judge, execute, compare; base, adapter, merged and quantised weights alike."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oracle_sft.config.cli import hydra_command, is_stage_process

if TYPE_CHECKING:
    from oracle_sft.config.schema import RunConf
    from oracle_sft.record.console import Console


def main(arguments: list[str] | None = None) -> int:
    """Run the command, or be its stage; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if is_stage_process(arguments):
        from oracle_sft.record.stages import stage_process

        return stage_process("eval", eval_stage, arguments)
    return hydra_command("eval", __doc__ or "", evaluate, arguments, expand=_expand)


def _expand(overrides: list[str]) -> list[str]:
    from oracle_sft.record.redo import with_recorded

    return with_recorded(overrides)


def evaluate(conf: "RunConf", overrides: list[str]) -> None:
    """Do the eval stage of a finished run again."""
    from oracle_sft.errors import UserError
    from oracle_sft.record.console import Console, log_to
    from oracle_sft.record.redo import check_drift
    from oracle_sft.record.run import finished_run, owning
    from oracle_sft.record.stages import run_stage
    from oracle_sft.record.tracking import tracked
    from oracle_sft.score.final import show_run, summary_values

    if conf.run is None:
        raise UserError("eval wants run=outputs/NAME")
    console = Console()
    run = finished_run(conf.run)
    check_drift(run, conf, overrides)
    with owning(run):
        log_to(run.log_path, conf.log_level.value)
        with tracked(conf, run, console) as tracking:
            run_stage(run, "eval", conf, tracking.follow, overrides)
            tracking.summarize(summary_values(run.folder))
    show_run(run.folder, console)


def eval_stage(folder: Path, conf: "RunConf", console: "Console") -> dict[str, Any]:
    """Score in this process; returns speed and counts by target for run.json."""
    from oracle_sft.model.quiet import quiet_libraries

    quiet_libraries()
    from oracle_sft.model.bundle import record_eval
    from oracle_sft.model.targets import find_targets, generate_answers
    from oracle_sft.pairs.dataset import open_dataset
    from oracle_sft.record.metrics import MetricsWriter
    from oracle_sft.record.run import Run
    from oracle_sft.score.report import update_summary
    from oracle_sft.score.suites import chosen_suites, eval_settings, open_judge, score_target

    run = Run(folder)
    on_metrics = MetricsWriter(run.metrics_path, "eval")
    dataset = open_dataset(Path(run.state["parents"]["dataset"]["path"]))
    suites = chosen_suites(dataset, conf.eval)
    targets, missing = find_targets(run, conf)
    for reason in missing:
        console.say(f"left out      {reason}")
    pairs = [pair for suite in suites.values() for pair in suite]
    facts: dict[str, Any] = {}
    with open_judge(dataset, conf) as judge:
        for target in targets:
            with console.step(f"ask {target.name}") as step:
                answers = generate_answers(target, pairs, dataset, conf, step.update)
                step.done(answers.line)
            with console.step(f"score {target.name}") as step:
                settings = eval_settings(run, conf, target.name)
                scored = score_target(
                    folder,
                    target.name,
                    suites,
                    answers.by_pair,
                    judge,
                    settings,
                    on_metrics,
                    step.update,
                )
                step.done(scored.line)
            facts[target.name] = {**answers.facts, **scored.facts}
    summary = update_summary(folder, bootstrap_samples=conf.eval.bootstrap_samples, seed=conf.seed)
    for bundle in sorted(path.parent for path in folder.glob("package/*/MANIFEST.json")):
        record_eval(bundle, summary)
    return {"targets": facts}


if __name__ == "__main__":
    sys.exit(main())
