"""Build a dataset: sources -> checked, split, fingerprinted pairs; or find the one that is there.

preview=20      show so many training pairs as the model reads them, and the token counts of all
croissant=true  describe the dataset in Croissant JSON-LD, beside its files; about.license=URL and the like are put in
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from oracle_sft.config.cli import hydra_command

if TYPE_CHECKING:
    from oracle_sft.config.schema import RunConf
    from oracle_sft.pairs.dataset import Dataset
    from oracle_sft.record.console import Console


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = sys.argv[1:] if arguments is None else arguments
    return hydra_command("data", __doc__ or "", data, arguments)


def data(conf: "RunConf", overrides: list[str]) -> None:
    """Build or find the dataset of a config, and say where it is and what was set aside."""
    from oracle_sft.pairs.admission import invalid_records
    from oracle_sft.pairs.build import find_or_build, summary_line
    from oracle_sft.pairs.rejected import log_rejected
    from oracle_sft.record.console import Console, logged_to
    from oracle_sft.record.run import make_folder

    console = Console()
    datasets = Path(conf.outputs_dir) / "datasets"
    make_folder(datasets)
    with logged_to(datasets / "log.txt", conf.log_level.value):
        with console.step("dataset") as step:
            dataset = find_or_build(conf, step.update)
            step.done(summary_line(dataset))
        console.say(f"dataset       {dataset.folder}")
        log_rejected(dataset.rejected(), dataset.stats["rejected"])
        _show_flow(dataset, console)
        if fault := invalid_records(dataset, conf.data):
            console.warn(fault)
        if conf.croissant:
            _describe(conf, dataset, console)
        if conf.preview:
            _preview(conf, dataset, console)


def _show_flow(dataset: "Dataset", console: "Console") -> None:
    """Pairs in and out of each stage that set some aside, by source."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for title in ("stage", "source"):
        table.add_column(title)
    for title in ("in", "out", "set aside"):
        table.add_column(title, justify="right")
    for row in dataset.stats["flow"]:
        aside = row["in"] - row["out"]
        if aside:
            figures = (f"{number:,}" for number in (row["in"], row["out"], aside))
            table.add_row(row["stage"], row["source"], *figures)
    if table.row_count:
        console.rich.print(table)


def _describe(conf: "RunConf", dataset: "Dataset", console: "Console") -> None:
    """Write croissant.json, and say what only the user can say and did not."""
    from oracle_sft.pairs.croissant import NAME, WANTED, described
    from oracle_sft.record.files import write_json

    write_json(dataset.folder / NAME, described(dataset, conf.about))
    console.say(f"croissant     {dataset.folder / NAME}")
    if unsaid := [f"about.{name}" for name in WANTED if getattr(conf.about, name) is None]:
        console.say(f"              without {', '.join(unsaid)}: set them before you publish it")


def _preview(conf: "RunConf", dataset: "Dataset", console: "Console") -> None:
    """Some pairs as the model reads them, and the token counts of all."""
    from oracle_sft.model.quiet import quiet_libraries

    quiet_libraries()
    from oracle_sft.model.base import base_folder
    from oracle_sft.model.load import load_tokenizer
    from oracle_sft.pairs.preview import lengths_table, shown_row
    from oracle_sft.pairs.recall import recall
    from oracle_sft.pairs.tokens import token_rows

    tokenizer = load_tokenizer(base_folder(conf))
    pairs = dataset.train_pairs()
    with console.step("tokens") as step:
        rows = token_rows(pairs, dataset.schemas(), conf.prompt, tokenizer)
        step.done(f"{len(rows):,} training pairs")
    in_part = recall(row.part for row in rows)
    if in_part.prompts:
        console.say(f"tables        {in_part.line}; training puts the others there")
    for row, pair in list(zip(rows, pairs, strict=True))[: conf.preview]:
        for text in shown_row(row, tokenizer, pair.schema_id):
            console.rich.print(text)
    sources = {pair.id: pair.source for pair in pairs}
    limit = conf.train.max_length_tokens
    console.rich.print(lengths_table(rows, sources, max_length_tokens=limit))


if __name__ == "__main__":
    sys.exit(main())
