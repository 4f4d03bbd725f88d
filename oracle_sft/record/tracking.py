"""Trackers: fed by the owner of the run from metrics.jsonl, so that every dashboard shows what the files say.

A tracker that cannot start, or that fails later, is said in one line and never stops a run.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from oracle_sft.config.compose import to_dict
from oracle_sft.config.schema import RunConf, TrackingConf, WandbConf
from oracle_sft.optional import require
from oracle_sft.record.console import Console
from oracle_sft.record.metrics import MetricsFollower
from oracle_sft.record.run import Run


class Tracker:
    """The files-only tracker, and the interface of the others: all are fed the same rows."""

    said: str = "files only (metrics.jsonl, report.json)"
    """What is tracked where, in one line."""

    def log(self, row: dict[str, Any]) -> None:
        """Take one row of metrics.jsonl."""

    def summarize(self, values: dict[str, Any]) -> None:
        """Take final values by name."""

    def finish(self) -> None:
        """Close; nothing may be logged afterwards."""


class WandbTracker(Tracker):
    """One W&B run for a run directory."""

    def __init__(self, conf: RunConf, tracking: WandbConf, run: Run) -> None:
        """Start or continue the W&B run whose id is in run.json.

        Raises:
            EnvironmentFault: wandb is not installed.
        """
        # W&B stages artifacts and caches in the home directory unless it is told where; set before its import.
        for variable in (
            "WANDB_DATA_DIR",
            "WANDB_CACHE_DIR",
            "WANDB_CONFIG_DIR",
            "WANDB_ARTIFACT_DIR",
        ):
            os.environ.setdefault(variable, str((run.folder / "wandb").resolve()))
        os.environ.setdefault("WANDB_SILENT", "true")
        (run.folder / "wandb").mkdir(exist_ok=True)
        wandb = require("wandb", extra="track")
        mode = os.environ.get("WANDB_MODE") or ("online" if _has_login(wandb) else "offline")
        self._run = wandb.init(
            project=tracking.project,
            entity=tracking.entity,
            name=run.name,
            id=run.state.get("tracker", {}).get("wandb_id"),
            resume="allow",
            group=conf.sweep_name,
            dir=str(run.folder),
            mode=mode,
            config={"cfg": to_dict(conf)},
            reinit="finish_previous",
            settings=wandb.Settings(console="off"),
        )
        self._run.define_metric("train/step")
        self._run.define_metric("train/*", step_metric="train/step")
        run.note(tracker={"wandb_id": self._run.id, "mode": mode})
        where = "offline, no login; send it with: wandb sync" if mode == "offline" else mode
        self.said = f"wandb {where} ({run.folder / 'wandb'})"

    def log(self, row: dict[str, Any]) -> None:
        stage = row["stage"]
        values = {key: value for key, value in row.items() if key not in ("stage", "time")}
        self._run.log({f"{stage}/{key}": value for key, value in values.items()})

    def summarize(self, values: dict[str, Any]) -> None:
        self._run.summary.update(values)

    def finish(self) -> None:
        self._run.finish()


class Tracking:
    """The tracker of a run together with its place in metrics.jsonl; failures end the tracker, not the run."""

    def __init__(self, conf: RunConf, run: Run, console: Console) -> None:
        """Start the tracker that the config names, or say why not."""
        self._console = console
        self._run = run
        self._follower = MetricsFollower(run.metrics_path, run.state.get("tracked_bytes", 0))
        self._tracker = Tracker()
        self._guarded(lambda: setattr(self, "_tracker", _open(conf.tracking, conf, run)))
        console.say(f"tracking      {self._tracker.said}")

    def follow(self) -> None:
        """Hand the new rows of metrics.jsonl to the tracker."""
        for row in self._follower:
            self._guarded(partial(self._tracker.log, row))

    def summarize(self, values: dict[str, Any]) -> None:
        """Hand final values to the tracker."""
        self._guarded(lambda: self._tracker.summarize(values))

    def finish(self) -> None:
        """Hand over what is left and close."""
        self.follow()
        self._guarded(self._tracker.finish)
        self._run.note(tracked_bytes=self._follower.offset)

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception as error:  # whatever a tracker does, the run goes on
            name = type(self._tracker).__name__
            self._tracker = Tracker()
            self._console.warn(
                f"tracking failed ({name}: {error}); the run goes on with files only"
            )
            logging.getLogger(__name__).info("tracker failure", exc_info=True)


@contextmanager
def tracked(conf: RunConf, run: Run, console: Console) -> Iterator[Tracking]:
    """A run's tracking while the block runs; closed however it ends."""
    tracking = Tracking(conf, run, console)
    try:
        yield tracking
    finally:
        tracking.finish()


def _open(tracking: TrackingConf, conf: RunConf, run: Run) -> Tracker:
    match tracking:
        case WandbConf():
            return WandbTracker(conf, tracking, run)
        case _:
            return Tracker()


def _has_login(wandb: Any) -> bool:
    netrc = Path(os.environ.get("NETRC", "~/.netrc")).expanduser()
    has_netrc = netrc.is_file() and "wandb" in netrc.read_text(encoding="utf-8", errors="replace")
    return bool(os.environ.get("WANDB_API_KEY")) or has_netrc
