"""Several runs from one command line, through Hydra's own sweeper and launcher."""

import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from omegaconf import DictConfig

from oracle_sft.config.compose import check_overrides, checked, composed, register_schema, typed
from oracle_sft.config.fields import find_conf_dir
from oracle_sft.config.names import run_name, sweep_name
from oracle_sft.config.schema import RunConf
from oracle_sft.errors import CheckFailed, Interrupted, OracleSftError, UserError
from oracle_sft.record.files import write_json
from oracle_sft.record.run import FinishedRun

Work = Callable[[RunConf, list[str]], None]


def multirun(command: str, work: Work, overrides: list[str]) -> Path:
    """Call `work` once for each combination of values; returns the sweep's folder.

    Each job leaves jobs/<run name>.json behind: its overrides and how it ended. A job that fails stops no other, and a
    run that a former start of the same sweep finished is taken as it is.

    Raises:
        UserError: an override cannot be; nothing was started.
    """
    check_overrides(overrides, sweep=True)
    if not any(override.startswith("sweep_name=") for override in overrides):
        overrides = [*overrides, f"sweep_name={sweep_name(overrides)}"]
    fixed = [text for text in overrides if text.partition("=")[0] in ("outputs_dir", "sweep_name")]
    settings = composed(fixed)
    folder: Path = Path(settings.outputs_dir) / "sweeps" / str(settings.sweep_name)
    register_schema()
    # Hydra prints its own half of an error and exits with 1 unless told to leave errors alone.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    arguments, sys.argv = sys.argv, [f"oracle_sft.{command}", *overrides, "-m"]
    start = hydra.main(version_base="1.3", config_path=str(find_conf_dir()), config_name="config")
    try:
        start(lambda cfg: _job(cfg, work, folder))()
    except HydraException as error:
        raise UserError(str(error)) from error
    finally:
        sys.argv = arguments
    return folder


def raise_for_failures(jobs: list[dict[str, str]]) -> None:
    """Say which jobs of a sweep failed.

    Raises:
        CheckFailed: at least one did.
    """
    failed = [job for job in jobs if job["status"] == "failed"]
    if failed:
        listed = "\n".join(f"  {job['overrides']}: {job['reason']}" for job in failed)
        raise CheckFailed(f"{len(failed)} of {len(jobs)} jobs of the sweep failed:\n{listed}")


def _job(cfg: DictConfig, work: Work, folder: Path) -> None:
    mine = list(HydraConfig.get().overrides.task)
    said = {"overrides": " ".join(text for text in mine if not text.startswith("sweep_name="))}
    print(f"\n{said['overrides']}", flush=True)
    name = f"job-{HydraConfig.get().job.num}"
    try:
        conf = checked(typed(cfg))
        name = run_name(conf)
        work(conf, mine)
        said |= {"status": "done"}
    except FinishedRun as finished:
        print(f"done before: {finished.folder}")
        said |= {"status": "done"}
    except (Interrupted, KeyboardInterrupt):
        raise
    except OracleSftError as error:
        print(f"error: {error}", file=sys.stderr)
        said |= {"status": "failed", "reason": str(error)}
    except (
        Exception
    ) as error:  # Hydra would end the sweep; the other jobs have nothing to do with this bug
        traceback.print_exc()
        said |= {"status": "failed", "reason": f"{type(error).__name__}: {error}"}
    write_json(folder / "jobs" / f"{name}.json", {"run_name": name, **said})
