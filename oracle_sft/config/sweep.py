"""Several runs from one command line, through Hydra's own sweeper and launcher."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import HydraException
from omegaconf import DictConfig

from oracle_sft.config.compose import check_overrides, checked, register_schema, typed
from oracle_sft.config.fields import find_conf_dir
from oracle_sft.config.names import sweep_name
from oracle_sft.errors import CheckFailed, Interrupted, OracleSftError, UserError

if TYPE_CHECKING:
    from oracle_sft.config.schema import RunConf


def multirun(
    command: str, work: Callable[["RunConf", list[str]], None], overrides: list[str]
) -> None:
    """Call `work` once for each combination of values; a failing job is told and does not stop the others.

    Raises:
        UserError: an override cannot be; nothing was started.
        CheckFailed: every job had its turn, and some failed.
    """
    if command != "train":
        raise UserError(f"-m sweeps train only; call {command} once for each run")
    check_overrides(overrides, sweep=True)
    if not any(override.startswith("sweep_name=") for override in overrides):
        overrides = [*overrides, f"sweep_name={sweep_name(overrides)}"]
    failures: list[str] = []

    def job(cfg: DictConfig) -> None:
        mine = [text for text in HydraConfig.get().overrides.task]
        try:
            work(checked(typed(cfg)), mine)
        except (Interrupted, KeyboardInterrupt):
            raise
        except OracleSftError as error:
            failures.append(f"{' '.join(mine)}: {error}")
            print(f"error: {failures[-1]}", file=sys.stderr)
        except (
            Exception
        ) as error:  # Hydra would end the sweep; the other jobs have nothing to do with this bug
            traceback.print_exc()
            failures.append(f"{' '.join(mine)}: {type(error).__name__}: {error}")

    register_schema()
    # Hydra prints its own half of an error and exits with 1 unless told to leave errors alone.
    os.environ["HYDRA_FULL_ERROR"] = "1"
    arguments, sys.argv = sys.argv, [f"oracle_sft.{command}", *overrides, "-m"]
    try:
        hydra.main(version_base="1.3", config_path=str(find_conf_dir()), config_name="config")(
            job
        )()
    except HydraException as error:
        raise UserError(str(error)) from error
    finally:
        sys.argv = arguments
    if failures:
        raise CheckFailed(f"{len(failures)} job(s) of the sweep failed:\n" + "\n".join(failures))
