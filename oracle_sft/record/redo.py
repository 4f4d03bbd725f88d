"""One stage of a finished run again: its recorded overrides plus new ones, and nothing else changed."""

from typing import Any

from oracle_sft.config.compose import differences, to_dict
from oracle_sft.config.fields import all_keys
from oracle_sft.config.schema import SECTION_OPTIONS, RunConf
from oracle_sft.errors import UserError
from oracle_sft.record.console import Console
from oracle_sft.record.run import Run, finished_run

_ABOUT_THE_COMMAND = (
    "run",
    "allow_config_drift",
    "outputs_dir",
    "stages",
    "log_level",
    "run_name",
    "sweep_name",
    "preview",
    "croissant",
    "about",
)


def with_recorded(overrides: list[str]) -> list[str]:
    """The overrides that the run named by `run=...` recorded, then these; without `run=`, only these.

    Raises:
        UserError: there is no run there, or its train stage is not done.
    """
    named = [text.partition("=")[2] for text in overrides if text.startswith("run=")]
    if not named:
        return overrides
    return last_of_each_key([*finished_run(named[-1]).overrides, *overrides])


def check_drift(run: Run, conf: RunConf, overrides: list[str], console: Console) -> None:
    """Pass when nothing but what `overrides` add to the run's own composes to something else today.

    A key that is newer than the run has today's value, and the user is told.

    Raises:
        UserError: something else does; each such key is listed with both values.
    """
    changed = {_key(override) for override in overrides if override not in run.overrides}
    then, today = run.config, to_dict(conf)
    newer = {key for key in all_keys() if _is_newer(key, then)}
    drift = []
    for difference in differences(then, today):
        key, _, values = difference.partition(": ")
        section = key.partition(".")[0]
        named = key in changed or (section in changed and section in SECTION_OPTIONS)
        if named or key in _ABOUT_THE_COMMAND or "experiment" in changed:
            continue
        if key in newer:
            value = values.partition(" -> ")[2]
            console.say(f"config        the run is older than {key}, which is {value} today")
        else:
            drift.append(difference)
    if drift and not conf.allow_config_drift:
        listed = "\n  ".join(drift)
        raise UserError(
            f"run={run.folder}: the recorded config composes to something else today; "
            f"name the change on the command line, or add allow_config_drift=true:\n  {listed}"
        )


def last_of_each_key(overrides: list[str]) -> list[str]:
    """The overrides with only the last one for each key: Hydra refuses a group that is chosen twice."""
    return list({_key(override): override for override in overrides}.values())


def _is_newer(key: str, recorded: dict[str, Any]) -> bool:
    """Whether a recorded config does not have the key, in a section that it has."""
    section, _, name = key.rpartition(".")
    holder = recorded.get(section) if section else recorded
    return isinstance(holder, dict) and name not in holder


def _key(override: str) -> str:
    return override.partition("=")[0].lstrip("+~")
