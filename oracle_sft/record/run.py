"""The run directory: who owns it, what it was asked for, how each of its stages ended."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from oracle_sft.config.compose import differences, recorded, to_dict, to_yaml
from oracle_sft.config.names import config_hash, of_result, run_name
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import EnvironmentFault, Interrupted, OracleSftError, UserError
from oracle_sft.record.environment import command_line, environment
from oracle_sft.record.files import read_json, sweep_strays, write_json, write_text
from oracle_sft.record.lock import exclusive


class FinishedRun(UserError):
    """The run directory holds this very run, finished."""

    def __init__(self, folder: Path) -> None:
        """`folder` is the run's."""
        super().__init__(
            f"{folder} already holds this run, finished. See it: python -m oracle_sft.report {folder}; "
            f"do a stage again: python -m oracle_sft.package run={folder} (or eval); "
            "train anew: set run_name=..., or remove the folder"
        )
        self.folder = folder


class Run:
    """One folder below outputs_dir, written by the process that owns it."""

    def __init__(self, folder: Path) -> None:
        """`folder` must hold a run.json; `claim` and `finished_run` see to it.

        Raises:
            UserError: it is no record of a run.
        """
        self.folder = folder
        path = folder / "run.json"
        try:
            self.state: dict[str, Any] = read_json(path)
            _ = self.state["stages"], self.state["overrides"], self.state["config_hash"]
        except (OSError, ValueError, KeyError, TypeError):
            raise UserError(
                f"{path} is no record of a run; give another folder (outputs/NAME), or remove this one"
            ) from None

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def config(self) -> dict[str, Any]:
        """The config that the run was started with, with the keys that there were then."""
        return recorded(self.folder / "config.yaml")

    @property
    def overrides(self) -> list[str]:
        """The overrides that the run was started with."""
        return list(self.state["overrides"])

    @property
    def log_path(self) -> Path:
        return self.folder / "log.txt"

    @property
    def metrics_path(self) -> Path:
        return self.folder / "metrics.jsonl"

    def is_done(self, stage: str) -> bool:
        """Whether a stage ended well."""
        return bool(self.state["stages"].get(stage, {}).get("status") == "done")

    def note(self, **facts: Any) -> None:
        """Keep facts in run.json."""
        self.state.update(facts)
        write_json(self.folder / "run.json", self.state)

    @contextmanager
    def stage(self, name: str, overrides: list[str] | None = None) -> Iterator[dict[str, Any]]:
        """Record how a stage ends; the block may put facts into the record.

        An error is recorded with its reason and goes on.
        """
        record: dict[str, Any] = {"status": "running", "started": now()}
        if overrides:
            record["overrides"] = overrides
        self.state["stages"][name] = record
        self.note()
        started = time.monotonic()
        try:
            yield record
        except BaseException as error:
            stopped = isinstance(error, (Interrupted, KeyboardInterrupt))
            record["status"] = "interrupted" if stopped else "failed"
            record["reason"] = str(error) or type(error).__name__
            if isinstance(error, OracleSftError):
                record["exit_code"] = error.exit_code
            raise
        else:
            record["status"] = "done"
        finally:
            record["seconds"] = round(time.monotonic() - started, 1)
            record["ended"] = now()
            self.note()


@contextmanager
def claim(conf: RunConf, overrides: list[str]) -> Iterator[Run]:
    """Own the run directory of a config while the block runs: a new one, or one that was left unfinished.

    Raises:
        FinishedRun: the directory holds this run, finished.
        UserError: it holds a run of another config, or one that is running now.
        EnvironmentFault: the directory cannot be written.
    """
    folder = Path(conf.outputs_dir) / run_name(conf)
    make_folder(folder)
    busy = f"{folder} is being written by another process; wait for it, or set another run_name"
    with exclusive(folder / ".lock", wait=False, busy=busy):
        sweep_strays(folder)
        run = (
            _unfinished(folder, conf)
            if (folder / "run.json").exists()
            else _new(folder, conf, overrides)
        )
        yield run


@contextmanager
def scoring(conf: RunConf, overrides: list[str]) -> Iterator[Run]:
    """Own a folder for scores of something that no run here has made; the same config again scores it again.

    Raises:
        UserError: the folder holds something else, or is being written now.
        EnvironmentFault: the folder cannot be written.
    """
    folder = Path(conf.outputs_dir) / (conf.run_name or f"eval-{config_hash(conf)[:8]}")
    make_folder(folder)
    busy = f"{folder} is being written by another process; wait for it, or set another run_name"
    with exclusive(folder / ".lock", wait=False, busy=busy):
        sweep_strays(folder)
        if (folder / "run.json").exists():
            run = Run(folder)
            if run.state["config_hash"] != config_hash(conf):
                raise _other_config(folder, run, conf)
            yield run
        else:
            yield _new(folder, conf, overrides)


def finished_run(path: str) -> Run:
    """The run in a folder, its train stage done.

    Raises:
        UserError: there is no run there, or it has nothing to package or score yet.
    """
    folder = Path(path)
    if not (folder / "run.json").is_file():
        raise UserError(f"run={path} holds no run.json; give the folder of a run, as outputs/NAME")
    run = Run(folder)
    if not run.is_done("train"):
        status = run.state["stages"].get("train", {}).get("status", "not started")
        raise UserError(
            f"run={path}: its train stage is {status}; start its own command again first: "
            f"{run.state.get('command', 'python -m oracle_sft.train ...')}"
        )
    return run


@contextmanager
def owning(run: Run) -> Iterator[None]:
    """Keep others from writing a finished run while one of its stages is done again."""
    busy = f"{run.folder} is being written by another process; wait for it"
    with exclusive(run.folder / ".lock", wait=False, busy=busy):
        sweep_strays(run.folder)
        yield


def make_folder(folder: Path) -> None:
    """Make a folder and its parents.

    Raises:
        EnvironmentFault: it cannot be made, or not written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise EnvironmentFault(
            f"{folder} cannot be written ({error.strerror}); check its permissions or set outputs_dir"
        ) from error


def now() -> str:
    """This moment, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _new(folder: Path, conf: RunConf, overrides: list[str]) -> Run:
    write_text(folder / "config.yaml", to_yaml(conf))
    state = {
        "run_name": folder.name,
        "config_hash": config_hash(conf),
        "command": command_line(),
        "overrides": overrides,
        "created": now(),
        "stages": {},
        "parents": {},
        "environment": environment(),
    }
    write_json(folder / "run.json", state)
    return Run(folder)


def _unfinished(folder: Path, conf: RunConf) -> Run:
    run = Run(folder)
    if run.state["config_hash"] != config_hash(conf):
        raise _other_config(folder, run, conf)
    if all(run.is_done(stage.value) for stage in conf.stages):
        raise FinishedRun(folder)
    return run


def _other_config(folder: Path, run: Run, conf: RunConf) -> UserError:
    changed = "\n  ".join(differences(of_result(run.config), of_result(to_dict(conf))))
    return UserError(
        f"{folder} holds a run of another config; set another run_name, or remove the folder. "
        f"What differs:\n  {changed}"
    )
