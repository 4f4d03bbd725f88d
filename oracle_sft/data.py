"""Build a dataset: sources -> checked, split, fingerprinted pairs; or find the one that is there."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from oracle_sft.config.cli import hydra_command

if TYPE_CHECKING:
    from oracle_sft.config.schema import RunConf


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    return hydra_command("data", __doc__ or "", data, arguments)


def data(conf: "RunConf", overrides: list[str]) -> None:
    """Build or find the dataset of a config, and say where it is and what was set aside."""
    from oracle_sft.pairs.build import find_or_build, summary_line
    from oracle_sft.record.console import Console
    from oracle_sft.record.run import make_folder

    console = Console()
    make_folder(Path(conf.outputs_dir))
    with console.step("dataset") as step:
        dataset = find_or_build(conf, step.update)
        step.done(summary_line(dataset))
    console.say(f"dataset       {dataset.folder}")


if __name__ == "__main__":
    sys.exit(main())
