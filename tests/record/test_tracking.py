"""Trackers are fed from metrics.jsonl; what fails is said and stops nothing. W&B is the real one, offline."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.record.console import Console
from oracle_sft.record.metrics import MetricsWriter
from oracle_sft.record.run import Run, claim
from oracle_sft.record.tracking import tracked
from tests.command import wandb_records

ROOT = Path(__file__).resolve().parents[2]


def new_run(folder: Path, *overrides: str) -> Run:
    said = [f"outputs_dir={folder}", "run_name=r", *overrides]
    with claim(compose(said), said) as run:
        return run


def test_files_only_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = new_run(tmp_path, "tracking=files")
    with tracked(compose(run.overrides), run, Console()) as tracking:
        tracking.follow()
    assert "files only" in capsys.readouterr().out


@pytest.mark.usefixtures("_no_login")
def test_a_tracker_that_cannot_start_is_said_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path)
    monkeypatch.setitem(sys.modules, "wandb", None)
    with tracked(compose(run.overrides), run, Console()) as tracking:
        MetricsWriter(run.metrics_path, "train")({"step": 1, "loss": 1.0})
        tracking.follow()
        tracking.summarize({"x": 1})
    assert "tracking failed" in capsys.readouterr().out
    assert json.loads(run.metrics_path.read_text())["loss"] == 1.0


@pytest.fixture
def _no_login(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WANDB_API_KEY", raising=False)
    monkeypatch.delenv("WANDB_MODE", raising=False)
    monkeypatch.setenv("NETRC", str(tmp_path / "no-netrc"))


TWO_STARTS = """
import sys
from pathlib import Path
from oracle_sft.config.compose import compose
from oracle_sft.record.console import Console
from oracle_sft.record.metrics import MetricsWriter
from oracle_sft.record.run import claim
from oracle_sft.record.tracking import tracked

said = [f"outputs_dir={sys.argv[1]}", "run_name=r", "seed=11"]
conf = compose(said)
first = int(sys.argv[2])
with claim(conf, said) as run, tracked(conf, run, Console()) as tracking:
    write = MetricsWriter(run.metrics_path, "train")
    for step in (first, first + 1):
        write({"step": step, "loss": 1.0 / step})
    tracking.follow()
    tracking.summarize({"provenance": {"total": 5}})
"""


@pytest.mark.slow
@pytest.mark.usefixtures("_no_login")
def test_wandb_offline_has_each_step_once_across_two_starts(tmp_path: Path) -> None:
    for first in (1, 3):
        said = subprocess.run(
            [sys.executable, "-c", TWO_STARTS, str(tmp_path), str(first)],
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )
        assert "wandb offline" in said.stdout
    home = tmp_path / "r" / "wandb"
    records = wandb_records(home)
    history = [json.dumps(record) for record in records if record["type"] == "history"]
    steps = [sum(f'"train/step": {step}' in row for row in history) for step in (1, 2, 3, 4)]
    assert steps == [1, 1, 1, 1], history
    summaries = [record["summary"]["update"] for record in records if record["type"] == "summary"]
    assert {"provenance": {"total": 5}} in summaries
    ids = {path.name.rsplit("-", 1)[1] for path in home.rglob("offline-run-*") if path.is_dir()}
    assert len(ids) == 1, "one tracker run for one run directory"
