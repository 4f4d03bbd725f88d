"""The commands as a user starts them: `python -m oracle_sft.NAME` in a folder of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OWN_DATA = ("data=jsonl", "data.path=pairs.jsonl", "data.ddl=schema.sql", "data.rows=rows.json")


def started(command: str, *arguments: str, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """The command on its way, with what it says in pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", f"oracle_sft.{command}", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "WANDB_MODE": "offline", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(
    command: str, *arguments: str, cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """The same, ended."""
    with started(command, *arguments, cwd=cwd, **environment) as process:
        out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def wandb_records(folder: Path) -> list[dict[str, Any]]:
    """What the offline runs of W&B below a folder hold, in their order."""
    wandb = str(Path(sys.executable).parent / "wandb")
    records: list[dict[str, Any]] = []
    for file in sorted(folder.rglob("*.wandb")):
        command = [wandb, "leet", "inspect", "--json", str(file)]
        said = subprocess.run(command, capture_output=True, text=True, check=True)
        records += [json.loads(line) for line in said.stdout.splitlines()]
    return records


def write_data(
    folder: Path, ddl: str, rows: Mapping[str, Any], pairs: Sequence[Mapping[str, Any]]
) -> None:
    """Put data of a user's own into a folder, for a command with `OWN_DATA` that runs there."""
    (folder / "schema.sql").write_text(ddl)
    (folder / "rows.json").write_text(json.dumps(rows))
    (folder / "pairs.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in pairs))
