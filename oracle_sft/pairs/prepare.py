"""The dataset of a run: built or found, and recorded as its parent."""

from oracle_sft.config.schema import RunConf
from oracle_sft.pairs.build import find_or_build, summary_line
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.rejected import log_rejected
from oracle_sft.record.console import Console
from oracle_sft.record.files import write_json
from oracle_sft.record.run import Run


def prepare_dataset(conf: RunConf, run: Run, console: Console) -> Dataset:
    """Build or find the dataset, and keep its identity and its provenance statistics in the run.

    Raises:
        UserError: the sources are missing or malformed, or no pair is left.
    """
    with console.step("dataset") as step:
        dataset = find_or_build(conf, step.update)
        step.done(summary_line(dataset))
    log_rejected(dataset.rejected(), dataset.stats["rejected"])
    write_json(run.folder / "provenance.json", dataset.provenance)
    parent = {"path": str(dataset.folder), "fingerprint": dataset.fingerprint}
    run.note(parents={**run.state["parents"], "dataset": parent})
    return dataset
