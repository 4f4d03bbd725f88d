"""Fine-tune a model to write Oracle SQL, then package and score it: one run, one folder below outputs/."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from oracle_sft.config.cli import hydra_command, is_stage_process

if TYPE_CHECKING:
    from oracle_sft.config.schema import RunConf
    from oracle_sft.pairs.pair import Pair
    from oracle_sft.pairs.tokens import Fitted, TokenRow
    from oracle_sft.record.console import Console


def main(arguments: list[str] | None = None) -> int:
    """Run the command, or be its train stage; returns the exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if is_stage_process(arguments):
        from oracle_sft.record.stages import stage_process

        return stage_process("train", train_stage, arguments)
    return hydra_command("train", __doc__ or "", train, arguments, sweep=sweep)


def train(conf: "RunConf", overrides: list[str]) -> None:
    """Own a run from its config to its scores."""
    from oracle_sft.config.schema import Stage
    from oracle_sft.model.base import prepare_base
    from oracle_sft.model.quantizer_python import check_quantizer
    from oracle_sft.pairs.admission import check_dataset
    from oracle_sft.pairs.calibration import check_calibration
    from oracle_sft.pairs.prepare import prepare_dataset
    from oracle_sft.record.console import Console, log_to
    from oracle_sft.record.run import claim
    from oracle_sft.record.stages import run_stage
    from oracle_sft.record.tracking import tracked
    from oracle_sft.score.final import show_run, summary_values
    from oracle_sft.score.suites import chosen_suites

    console = Console()
    if Stage.package in conf.stages:
        check_quantizer(conf.quant)  # not only when the training is done
    with claim(conf, overrides) as run:
        console.say(f"run           {run.folder}")
        log_to(run.log_path, conf.log_level.value)
        with tracked(conf, run, console) as tracking:
            with run.stage("dataset"):
                dataset = prepare_dataset(conf, run, console)
                if Stage.train in conf.stages:
                    check_dataset(dataset, conf.data)
                if Stage.package in conf.stages:
                    check_calibration(conf.quant, dataset)
                if Stage.eval in conf.stages:
                    chosen_suites(dataset, conf.eval)  # not only when the training is done
                prepare_base(conf, run)
            tracking.summarize({"provenance": dataset.provenance})
            for stage in (stage for stage in Stage if stage in conf.stages):
                if run.is_done(stage.value):
                    console.say(
                        f"{stage.value:<14}done before, {run.state['stages'][stage.value]['ended']}"
                    )
                    continue
                run_stage(run, stage.value, conf, tracking.follow, overrides=[])
            tracking.summarize(summary_values(run.folder))
        show_run(run.folder, console)


def sweep(overrides: list[str]) -> None:
    """One run for each combination of values, then one summary of them all."""
    from oracle_sft.record.console import Console
    from oracle_sft.record.sweep import multirun, raise_for_failures
    from oracle_sft.score.sweep import summarize_sweep

    folder = multirun("train", train, overrides)
    jobs = summarize_sweep(folder, Console())
    raise_for_failures(jobs)


def train_stage(folder: Path, conf: "RunConf", console: "Console") -> dict[str, Any]:
    """Train in this process; returns the figures of the training for run.json."""
    from oracle_sft.model.quiet import quiet_libraries

    quiet_libraries()
    from oracle_sft.errors import UserError
    from oracle_sft.model import adapter, fit, load
    from oracle_sft.model.bundle import prompt_facts
    from oracle_sft.pairs.admission import check_pairs
    from oracle_sft.pairs.dataset import open_dataset
    from oracle_sft.pairs.recall import recall
    from oracle_sft.pairs.tokens import token_rows, within_length
    from oracle_sft.pairs.trained import TRAINED_LIST, trained_facts, trained_list
    from oracle_sft.record.files import write_jsonl
    from oracle_sft.record.metrics import MetricsWriter
    from oracle_sft.record.run import Run

    run = Run(folder)
    dataset = open_dataset(Path(run.state["parents"]["dataset"]["path"]))
    pairs, watched = dataset.train_pairs(), dataset.validation_pairs()
    check_pairs([*pairs, *watched], dataset, conf.data)
    with console.step("base model") as step:
        base_path = Path(run.state["parents"]["base_model"]["path"])
        base = load.load_base(base_path, conf.adapter, compute_dtype=conf.train.compute_dtype)
        model = adapter.attach(base, conf.adapter, conf.seed)
        step.done(load.facts_line(base))
    with console.step("tokens") as step:
        schemas = dataset.schemas()
        rows, rows_watched = (
            token_rows(some, schemas, conf.prompt, base.tokenizer) for some in (pairs, watched)
        )
        fitted, fitted_watched = (
            within_length(
                some,
                max_length_tokens=conf.train.max_length_tokens,
                too_long=conf.train.too_long,
            )
            for some in (rows, rows_watched)
        )
        longest = max((row.num_tokens for row in fitted.rows), default=0)
        step.done(f"{len(fitted.rows):,} rows, longest {longest} tokens")
    sources = {pair.id: pair.source for pair in (*pairs, *watched)}
    _show_tokens(rows, rows_watched, sources, conf.train.max_length_tokens, folder, console)
    in_part = recall(row.part for row in (*fitted.rows, *fitted_watched.rows))
    if in_part.prompts:
        console.say(f"tables        {in_part.line}; the others are put there")
    lengths = _said_of_lengths(fitted + fitted_watched, [*pairs, *watched], folder, console)
    if not fitted.rows:
        raise UserError(
            f"train.max_length_tokens={conf.train.max_length_tokens} with train.too_long="
            f"{conf.train.too_long.value} leaves no row to train on; raise it (too_long.json has the lengths)"
        )
    with console.step("training") as step:
        result = fit.fit(
            model,
            base.tokenizer,
            fitted.rows,
            fitted_watched.rows,
            conf.train,
            seed=conf.seed,
            out_dir=folder / "checkpoints",
            on_metrics=MetricsWriter(run.metrics_path, "train"),
            on_progress=step.update,
        )
        adapter.save(
            model,
            base.tokenizer,
            folder / "adapter",
            conf.adapter,
            base_quant=base.facts["base_quant"],
        )
        step.done(fit.result_line(result))
    saw = trained_list(pairs, fitted, result.reached)
    write_jsonl(folder / TRAINED_LIST, saw)
    prompt = {**prompt_facts(conf.prompt, base.tokenizer), "in_part": in_part.facts}
    facts = {"saw": trained_facts(saw), "prompt": prompt, "model": base.facts}
    return {**fit.result_facts(result), **lengths, **facts}


def _show_tokens(
    rows: "list[TokenRow]",
    rows_watched: "list[TokenRow]",
    sources: dict[str, str],
    max_length_tokens: int,
    folder: Path,
    console: "Console",
) -> None:
    """Show the token counts of the training rows by source, and keep those of all rows in the run."""
    from oracle_sft.pairs.preview import lengths_facts, lengths_table
    from oracle_sft.record.files import write_json

    console.rich.print(lengths_table(rows, sources, max_length_tokens=max_length_tokens))
    facts = {
        suite: lengths_facts(some, sources, max_length_tokens=max_length_tokens)
        for suite, some in (("train", rows), ("validation", rows_watched))
    }
    write_json(folder / "tokens.json", {"max_length_tokens": max_length_tokens, **facts})


def _said_of_lengths(
    fitted: "Fitted", pairs: "list[Pair]", folder: Path, console: "Console"
) -> dict[str, Any]:
    """Say which rows were left out or cut for their length, keep the list in the run; their counts by source."""
    from oracle_sft.record.files import write_json

    report = {verb: said for verb, said in fitted.report(pairs).items() if said["pairs"]}
    if report:
        write_json(folder / "too_long.json", report)
    for verb, said in report.items():
        counts = ", ".join(f"{count:,} {source}" for source, count in said["by_source"].items())
        suites = ", ".join(f"{count:,} {suite}" for suite, count in said["by_suite"].items())
        first = said["pairs"][0]["id"]
        console.warn(
            f"{verb} for their length: {counts} ({suites}); the first is {first}, all are in too_long.json"
        )
    return {f"rows_{verb}": said["by_source"] for verb, said in report.items()}


if __name__ == "__main__":
    sys.exit(main())
