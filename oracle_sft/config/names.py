"""What a run is called: the same choices give the same name, on every rank and on every day."""

import hashlib
import json
from typing import Any

from oracle_sft.config.compose import to_dict
from oracle_sft.config.schema import RunConf

_SAYS_NOTHING_OF_THE_RESULT = (
    "run_name",
    "run",
    "outputs_dir",
    "stages",
    "sweep_name",
    "preview",
    "croissant",
    "about",
    "allow_config_drift",
    "log_level",
    "tracking",
    "package",
)


def of_result(said: dict[str, Any]) -> dict[str, Any]:
    """The part of a config that changes what comes out."""
    kept = {key: value for key, value in said.items() if key not in _SAYS_NOTHING_OF_THE_RESULT}
    return {key: _without_workers(value) for key, value in kept.items()}


def _without_workers(section: Any) -> Any:
    """A section without the number of its processes."""
    if not isinstance(section, dict):
        return section
    return {key: value for key, value in section.items() if key != "workers"}


def config_hash(conf: RunConf) -> str:
    """SHA-256 (hex) over what changes the result."""
    said = json.dumps(of_result(to_dict(conf)), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def run_name(conf: RunConf) -> str:
    """`run_name`, or model, adapter, quant and 8 digits of the config's hash."""
    default = f"{conf.model.name}-{conf.adapter.name}-{conf.quant.name}-{config_hash(conf)[:8]}"
    return conf.run_name or default


def sweep_name(overrides: list[str]) -> str:
    """The name of a multirun: 8 digits of the hash of what it varies and sets."""
    return f"sweep-{hashlib.sha256(json.dumps(sorted(overrides)).encode()).hexdigest()[:8]}"
