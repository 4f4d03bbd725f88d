"""A stage as a process of its own, so that its memory is given back when it ends."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oracle_sft.config.cli import STAGE_FLAG, guarded
from oracle_sft.config.compose import load, to_yaml
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import (
    BUG_EXIT_CODE,
    CheckFailed,
    EnvironmentFault,
    Interrupted,
    OracleSftError,
    UserError,
)
from oracle_sft.record.console import Console, log_to, quiet_console
from oracle_sft.record.files import full_disk, read_json, write_json, write_text
from oracle_sft.record.run import Run

_POLL_SECONDS = 0.5
_GRACE_SECONDS = 20.0

StageWork = Callable[[Path, RunConf, Console], dict[str, Any]]
"""What a stage does in its own process: run folder, config, console -> facts for run.json."""


class StageBug(OracleSftError):
    """A stage ended with a traceback; it was shown."""

    exit_code = BUG_EXIT_CODE


def run_stage(
    run: Run, stage: str, conf: RunConf, follow: Callable[[], None], overrides: list[str]
) -> dict[str, Any]:
    """Run one stage of a run in a child process and record how it ended; returns its facts.

    `follow` is called about twice a second while the stage runs, and once when it has ended.

    Raises:
        UserError, EnvironmentFault, CheckFailed, Interrupted: as the stage did.
        StageBug: the stage ended in any other way.
    """
    with run.stage(stage, overrides) as record:
        config_path = run.folder / "stages" / f"{stage}.yaml"
        outcome_path = run.folder / "stages" / f"{stage}.json"
        outcome_path.unlink(missing_ok=True)
        write_text(config_path, to_yaml(conf))
        command = [sys.executable, "-m", f"oracle_sft.{stage}", STAGE_FLAG, str(run.folder)]
        exit_code = _wait(subprocess.Popen(command), follow)
        outcome = read_json(outcome_path) if outcome_path.exists() else {}
        if exit_code != 0:
            raise _failure(stage, exit_code, outcome, run)
        record.update(outcome["facts"])
        # Kept beside the stages: one that is done again forgets what it made before, and that is still there.
        for name, bundle in outcome["facts"].get("bundles", {}).items():
            run.state.setdefault("bundles", {})[name] = bundle["digest"]
        return dict(outcome["facts"])


def stage_process(stage: str, work: StageWork, arguments: list[str]) -> int:
    """Be the child of `run_stage`: do the work, leave facts or the reason behind; returns the exit code."""
    folder = Path(arguments[1])
    _die_with_parent()
    return guarded(lambda: _work(stage, work, folder), tell=False)


def _work(stage: str, work: StageWork, folder: Path) -> None:
    conf = load(folder / "stages" / f"{stage}.yaml")
    outcome_path = folder / "stages" / f"{stage}.json"
    with _errors_to(outcome_path), _libraries_to(folder / "log.txt", conf) as console:
        with full_disk(folder):
            facts = work(folder, conf, console)
        write_json(outcome_path, {"facts": facts})


@contextmanager
def _libraries_to(log_path: Path, conf: RunConf) -> Iterator[Console]:
    """Move this process's output into the log while the block runs; errors still reach the terminal."""
    terminal = os.dup(2)
    console = quiet_console(log_path)
    log_to(log_path, conf.log_level.value)
    try:
        yield console
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.dup2(terminal, 2)
        os.close(terminal)


@contextmanager
def _errors_to(outcome_path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException as error:
        reason = str(error) or type(error).__name__
        if not isinstance(error, OracleSftError | KeyboardInterrupt):
            reason = f"{type(error).__name__}: {reason}"
        try:
            write_json(outcome_path, {"reason": reason})
        except (
            OracleSftError
        ):  # the full disk that stopped the stage: the owner cannot read the reason, the user can
            print(f"error: {reason}", file=sys.stderr)
        raise


def _wait(process: "subprocess.Popen[bytes]", follow: Callable[[], None]) -> int:
    try:
        while True:
            try:
                return process.wait(timeout=_POLL_SECONDS)
            except subprocess.TimeoutExpired:
                follow()
    except BaseException:
        _stop(process)
        raise
    finally:
        follow()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """End the stage: ask, wait, then kill."""
    process.terminate()
    try:
        process.wait(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _failure(stage: str, exit_code: int, outcome: dict[str, Any], run: Run) -> OracleSftError:
    reason = str(outcome.get("reason", "")) or f"it ended with exit code {exit_code}"
    if exit_code == -signal.SIGKILL:
        reason = "it was killed (SIGKILL); out of memory is the usual cause: lower train.micro_batch_rows"
        return EnvironmentFault(f"stage {stage}: {reason}")
    by_code = {
        error.exit_code: error for error in (CheckFailed, UserError, EnvironmentFault, Interrupted)
    }
    kind = by_code.get(exit_code, StageBug)
    return kind(f"stage {stage}: {reason} (log: {run.log_path})")


def _die_with_parent() -> None:
    """Have the kernel send SIGTERM when the owner of the run dies, so that no stage works on for nobody."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
