"""One stage of a finished run again: its recorded overrides plus new ones, and nothing else changed."""

from collections.abc import Iterator

from oracle_sft.config.compose import differences, to_dict
from oracle_sft.config.schema import SECTION_OPTIONS, RunConf
from oracle_sft.errors import UserError
from oracle_sft.record.run import Run, finished_run

_ABOUT_THE_COMMAND = (
    "run",
    "allow_config_drift",
    "outputs_dir",
    "stages",
    "log_level",
    "run_name",
    "sweep_name",
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


def check_drift(run: Run, conf: RunConf, overrides: list[str]) -> None:
    """Pass when nothing but what `overrides` add to the run's own composes to something else today.

    Raises:
        UserError: something else does; each such key is listed with both values.
    """
    changed = {_key(override) for override in overrides if override not in run.overrides}
    drift = list(_drift(to_dict(run.conf), to_dict(conf), changed))
    if drift and not conf.allow_config_drift:
        listed = "\n  ".join(drift)
        raise UserError(
            f"run={run.folder}: the recorded config composes to something else today; "
            f"name the change on the command line, or add allow_config_drift=true:\n  {listed}"
        )


def last_of_each_key(overrides: list[str]) -> list[str]:
    """The overrides with only the last one for each key: Hydra refuses a group that is chosen twice."""
    return list({_key(override): override for override in overrides}.values())


def _drift(
    recorded: dict[str, object], today: dict[str, object], changed: set[str]
) -> Iterator[str]:
    for difference in differences(recorded, today):
        key = difference.partition(":")[0]
        section = key.partition(".")[0]
        named = key in changed or (section in changed and section in SECTION_OPTIONS)
        if not named and key not in _ABOUT_THE_COMMAND and "experiment" not in changed:
            yield difference


def _key(override: str) -> str:
    return override.partition("=")[0].lstrip("+~")
