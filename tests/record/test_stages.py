"""A stage is a process: how each of its endings reaches run.json, the user and the exit code."""

import os
import signal
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.errors import CheckFailed, EnvironmentFault, Interrupted, UserError
from oracle_sft.record import stages
from oracle_sft.record.run import Run, claim
from oracle_sft.record.stages import StageBug, run_stage

pytestmark = pytest.mark.slow

CHILD = """
import sys, os, signal, time
from oracle_sft.errors import *
from oracle_sft.record.stages import stage_process

def work(folder, conf, console):
    console.say("seen by the user")
    print("library chatter")
    os.write(2, b"chatter from below\\n")
    {body}
    return {{"figure": conf.seed}}

sys.exit(stage_process("train", work, sys.argv[1:]))
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    said = [f"outputs_dir={tmp_path}", "run_name=r", "seed=4"]
    with claim(compose(said), said) as run:
        return run


def child(run: Run, monkeypatch: pytest.MonkeyPatch, body: str) -> dict[str, object]:
    """Run a stage whose work is `body`, by way of a stand-in for `python -m oracle_sft.train`."""
    script = run.folder / "child.py"
    script.write_text(CHILD.format(body=body))
    popen = stages.subprocess.Popen
    monkeypatch.setattr(
        stages.subprocess,
        "Popen",
        lambda command: popen([sys.executable, str(script), *command[3:]]),
    )
    return run_stage(run, "train", compose(run.overrides), lambda: None, overrides=[])


def record(run: Run) -> dict[str, object]:
    return dict(Run(run.folder).state["stages"]["train"])


def test_facts_reach_run_json_and_chatter_the_log(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert child(run, monkeypatch, "pass") == {"figure": 4}
    assert record(run)["status"] == "done"
    assert record(run)["figure"] == 4
    seen = capfd.readouterr()
    assert seen.out == "seen by the user\n"
    assert seen.err == ""
    assert "library chatter" in run.log_path.read_text()
    assert "chatter from below" in run.log_path.read_text()


@pytest.mark.parametrize("kind", [UserError, EnvironmentFault, CheckFailed, Interrupted])
def test_an_error_keeps_its_kind_and_its_words(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    kind: type[Exception],
) -> None:
    with pytest.raises(kind, match="stage train: the reason"):
        child(run, monkeypatch, f"raise {kind.__name__}('the reason')")
    assert "the reason" in str(record(run)["reason"])
    assert capfd.readouterr().err == ""  # the owner tells it, once


def test_a_bug_shows_its_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(StageBug, match="ZeroDivisionError"):
        child(run, monkeypatch, "1 / 0")
    assert "Traceback" in capfd.readouterr().err
    assert record(run)["status"] == "failed"


def test_a_killed_stage_is_the_machines_fault(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EnvironmentFault, match=r"SIGKILL.*micro_batch_rows"):
        child(run, monkeypatch, "os.kill(os.getpid(), signal.SIGKILL)")


def test_an_interrupted_owner_ends_its_stage(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pid_file = tmp_path / "pid"
    body = f"open({str(pid_file)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    ready = threading.Event()

    def interrupt_when_started() -> None:
        while not (pid_file.exists() and pid_file.read_text()):
            ready.wait(0.05)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt_when_started, daemon=True).start()
    with pytest.raises(KeyboardInterrupt):
        child(run, monkeypatch, textwrap.dedent(body))
    assert record(run)["status"] == "interrupted"
    assert not Path(f"/proc/{pid_file.read_text()}").exists()
