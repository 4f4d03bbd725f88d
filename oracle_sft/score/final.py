"""The end of a run: its table, its paths, and the values that a tracker keeps."""

from pathlib import Path
from typing import Any

from oracle_sft.errors import UserError
from oracle_sft.record.console import Console
from oracle_sft.record.files import read_json
from oracle_sft.score.table import final_view


def show_run(folder: Path, console: Console) -> None:
    """Print the scores of a run, where it has some, and where everything lies."""
    if (folder / "summary.json").exists():
        console.say("")
        console.rich.print(final_view(read_summary(folder)))
        console.say("")
    console.say(f"run           {folder}")
    if (folder / "eval").is_dir():
        console.say(f"report        {folder / 'eval'}")
    bundles = sorted(folder.glob("package/*/MANIFEST.json"), key=lambda path: path.stat().st_mtime)
    if bundles:
        console.say(f"bundle        {bundles[-1].parent}")


def summary_values(folder: Path) -> dict[str, Any]:
    """`target/suite/metric` -> value, from summary.json; empty where nothing was scored."""
    if not (folder / "summary.json").exists():
        return {}
    return {
        f"{target}/{suite}/{metric}": said["value"]
        for target, suites in read_summary(folder)["targets"].items()
        for suite, metrics in suites.items()
        for metric, said in metrics.items()
    }


def read_summary(folder: Path) -> dict[str, Any]:
    """The summary.json of a scored run.

    Raises:
        UserError: it is damaged.
    """
    path = folder / "summary.json"
    try:
        summary: dict[str, Any] = read_json(path)
        _ = summary["targets"], summary["differences"]
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(
            f"{path} is damaged; score the run again: python -m oracle_sft.eval run={folder}"
        ) from None
    return summary


def scored_run(path: str) -> Path:
    """The folder of a run that has scores.

    Raises:
        UserError: it is no run, or nothing of it was scored yet.
    """
    folder = Path(path)
    if not (folder / "run.json").is_file():
        raise UserError(f"{path} holds no run.json; give the folder of a run, as outputs/NAME")
    if not (folder / "summary.json").is_file():
        raise UserError(f"{path} has no scores yet; run: python -m oracle_sft.eval run={path}")
    return folder
