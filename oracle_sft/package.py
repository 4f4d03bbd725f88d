"""Package a run: merge the adapter into the base, quantise, and bundle the weights with their manifest."""

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

        return stage_process("package", package_stage, arguments)
    return hydra_command("package", __doc__ or "", package, arguments, expand=_expand)


def _expand(overrides: list[str]) -> list[str]:
    from oracle_sft.record.redo import with_recorded

    return with_recorded(overrides)


def package(conf: "RunConf", overrides: list[str]) -> None:
    """Do the package stage of a finished run again, or package weights of another origin."""
    from oracle_sft.errors import UserError
    from oracle_sft.model.quantizer_python import check_quantizer
    from oracle_sft.record.console import Console, log_to
    from oracle_sft.record.redo import check_drift
    from oracle_sft.record.run import finished_run, owning
    from oracle_sft.record.stages import run_stage
    from oracle_sft.record.tracking import tracked

    console = Console()
    if conf.package.base is not None:
        from oracle_sft.model.quiet import quiet_libraries

        quiet_libraries()
        from oracle_sft.model.package import package_foreign

        with console.step("merge") as step:
            step.done(package_foreign(conf, step.update).line)
        if conf.package.parity:
            console.say("compare       nothing: weights of another origin have no held-out pairs")
        console.say(f"merged        {conf.package.out}")
        return
    if conf.run is None:
        raise UserError(
            "package wants run=outputs/NAME, or package.base, package.adapter and package.out"
        )
    check_quantizer(conf.quant)
    run = finished_run(conf.run)
    check_drift(run, conf, overrides, console)
    with owning(run):
        log_to(run.log_path, conf.log_level.value)
        with tracked(conf, run, console) as tracking:
            run_stage(run, "package", conf, tracking.follow, overrides)


def package_stage(folder: Path, conf: "RunConf", console: "Console") -> dict[str, Any]:
    """Package in this process; returns the bundles by format for run.json."""
    from oracle_sft.model.quiet import quiet_libraries

    quiet_libraries()
    from oracle_sft.config.weights import QuantizerConf
    from oracle_sft.model.load_test import NUM_QUESTIONS
    from oracle_sft.model.package import (
        calibration,
        load_again,
        merge_run,
        parity_prompts,
        publish,
        quantize_run,
        record_answers,
        write_bundles,
    )
    from oracle_sft.record.run import Run
    from oracle_sft.score.parity import check_parity, compare_weights, parity_facts, parity_table

    run = Run(folder)
    with console.step("merge") as step:
        merged = merge_run(run, conf, step.update)
        step.done(merged.line)
    bundles = [merged]
    if isinstance(conf.quant, QuantizerConf):
        with console.step("quantisation") as step:
            shown = calibration(run, conf, conf.quant, merged)
            quantized = quantize_run(run, conf, merged, shown)
            step.done(quantized.line)
        bundles.append(quantized)
    asked = None
    if conf.package.parity or conf.package.load_test:
        asked = parity_prompts(run, conf, merged)
    parity = {}
    if asked is not None and conf.package.parity:
        compared = compare_weights(run, conf, bundles, asked, console)
        console.rich.print(parity_table(compared))
        check_parity(compared, merged.folder.parent)
        parity = {one.name: parity_facts(one, asked) for one in compared}
    elif asked is not None:
        with console.step("ask") as step:
            record_answers(conf, bundles, asked)
            step.done(f"{NUM_QUESTIONS} questions, for the load test")
    with console.step("bundle") as step:
        facts = write_bundles(run, conf, bundles, parity)
        step.done(", ".join(facts))
    if conf.package.load_test:
        with console.step("load test") as step:
            loaded = load_again(bundles)
            step.done("; ".join(f"{name} {found.line}" for name, found in loaded.items()))
    for final in publish(run, bundles):
        console.say(f"bundle        {final}")
    return {"bundles": facts}


if __name__ == "__main__":
    sys.exit(main())
