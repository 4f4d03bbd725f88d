"""From a command line to a checked `RunConf`. Hydra composes; nothing below this file sees a DictConfig."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hydra import compose as hydra_compose
from hydra import initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException
from yaml import YAMLError

from oracle_sft.config import checks
from oracle_sft.config.fields import all_keys, find_conf_dir, groups, nearest, options, owners
from oracle_sft.config.schema import SECTION_OPTIONS, RunConf
from oracle_sft.errors import UserError

_MAPPINGS = ("model.learning_rates.",)
"""Keys below these are the user's own names."""


def compose(overrides: list[str]) -> RunConf:
    """The config that these overrides make, whole and checked.

    Raises:
        UserError: every problem of the command line, or else every problem of the config, one a line.
    """
    return checked(typed(composed(overrides)))


def composed(overrides: list[str]) -> DictConfig:
    """The composed YAML, interpolations unresolved, before its types and rules are checked.

    Raises:
        UserError: a key, an option or a value that cannot be.
    """
    check_overrides(overrides)
    register_schema()
    try:
        with initialize_config_dir(str(find_conf_dir()), version_base="1.3"):
            return hydra_compose("config", overrides=overrides)
    except (HydraException, OmegaConfBaseException) as error:
        raise UserError(_explained(error)) from error


def typed(cfg: DictConfig) -> RunConf:
    """The dataclasses of a composed config, interpolations resolved.

    Raises:
        UserError: a required value is missing, or a value has the wrong type.
    """
    try:
        plain = OmegaConf.create(OmegaConf.to_container(cfg, resolve=False))
        missing = sorted(
            key for key in OmegaConf.missing_keys(plain) if not key.startswith("hydra")
        )
        _refuse([f"{key} is required by the chosen options; add {key}=..." for key in missing])
        conf = OmegaConf.to_object(cfg)
    except (OmegaConfBaseException, TypeError) as error:
        raise UserError(_explained(error)) from error
    assert isinstance(conf, RunConf)
    return conf


def checked(conf: RunConf) -> RunConf:
    """The same config, once every rule has been asked.

    Raises:
        UserError: every broken rule, one a line.
    """
    _refuse(list(checks.problems(conf)))
    return conf


def to_yaml(conf: RunConf) -> str:
    """The complete config as YAML, as config.yaml holds it."""
    return OmegaConf.to_yaml(OmegaConf.structured(conf))


def to_dict(conf: RunConf) -> dict[str, Any]:
    """The complete config as plain JSON values."""
    plain = OmegaConf.to_container(OmegaConf.structured(conf), resolve=True, enum_to_str=True)
    assert isinstance(plain, dict)
    return {str(key): value for key, value in plain.items()}


def load(path: Path) -> RunConf:
    """The config that `to_yaml` wrote.

    Raises:
        UserError: the file is not such a config (written by another version, or edited).
    """
    try:
        said = OmegaConf.load(path)
        assert isinstance(said, DictConfig)
        root = OmegaConf.structured(RunConf)
        for section, kinds in SECTION_OPTIONS.items():
            kind = kinds.get(str(said[section].get("name")), next(iter(kinds.values())))
            root[section] = OmegaConf.structured(kind)
        merged = OmegaConf.merge(root, said)
        assert isinstance(merged, DictConfig)
        return typed(merged)
    except (OmegaConfBaseException, OSError) as error:
        raise UserError(f"{path} is not a config of this version: {_explained(error)}") from error


def recorded(path: Path) -> dict[str, Any]:
    """What a file of `to_yaml` says, as `to_dict` does; it may be of an older version, with other keys.

    Raises:
        UserError: the file is no config.
    """
    try:
        said = OmegaConf.to_container(OmegaConf.load(path), resolve=True)
    except (OmegaConfBaseException, YAMLError, OSError) as error:
        raise UserError(f"{path} is no config of a run: {str(error).splitlines()[0]}") from error
    if not isinstance(said, dict):
        raise UserError(f"{path} is no config of a run: it holds a {type(said).__name__}")
    return {str(key): value for key, value in said.items()}


def check_overrides(overrides: list[str], *, sweep: bool = False) -> None:
    """Refuse overrides that name a key or an option that does not exist; `sweep` allows several values.

    Raises:
        UserError: every such override, one a line, each with the nearest name.
    """
    _refuse(list(_override_problems(overrides, sweep)))


def register_schema() -> None:
    """Put the dataclasses where the YAML files' `/schema/...` looks for them."""
    store = ConfigStore.instance()
    store.store(group="schema", name="run", node=RunConf)
    for section, kinds in SECTION_OPTIONS.items():
        for name, kind in kinds.items():
            store.store(group=f"schema/{section}", name=name, node=kind)


def differences(recorded: dict[str, Any], today: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Dotted keys whose values differ, each with both values."""
    for key in sorted({*recorded, *today}):
        before, after = recorded.get(key), today.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            yield from differences(before, after, f"{prefix}{key}.")
        elif before != after:
            yield f"{prefix}{key}: {before!r} -> {after!r}"


def _refuse(problems: list[str]) -> None:
    if problems:
        raise UserError("\n".join(problems))


def _override_problems(overrides: list[str], sweep: bool) -> Iterator[str]:
    for text in overrides:
        try:
            override = OverridesParser.create().parse_override(text)
        except HydraException as error:
            reason = str(error).splitlines()[0]
            yield f"{text!r} is no override: {reason}; write key=value, and quote values with blanks or commas"
            continue
        yield from _one_override_problem(text, override, overrides)
        if override.is_sweep_override() and not sweep:
            yield f"{text}: several values are several runs; add -m, or quote the value"


def _one_override_problem(text: str, override: Override, overrides: list[str]) -> Iterator[str]:
    key = override.key_or_group
    if key.startswith("hydra"):
        return
    conf_dirs = (find_conf_dir(), *_search_dirs(overrides))
    if override.is_delete():
        yield f"{text}: nothing of a run's config can be deleted; set {key} to the option or value that you want"
    elif key in groups(conf_dirs):
        known = options(key, conf_dirs)
        for choice in _choices(override):
            if choice not in known and not (key == "experiment" and choice == "null"):
                guess = nearest(choice, known) or ";"
                yield f"{key}={choice}: no such option{guess} {key} is one of {', '.join(known)}"
    elif key not in all_keys() and not key.startswith(_MAPPINGS):
        yield f"{text}: there is no key {key!r}{nearest(key, all_keys() + groups(conf_dirs))}"
    elif override.is_add() and not override.is_force_add():
        yield f"{text}: {key} exists; write {key}=... without the +"


def _choices(override: Override) -> list[str]:
    value = override.value()
    if override.is_sweep_override():
        return [str(choice) for choice in override.sweep_string_iterator()]
    return ["null" if value is None else str(value)]


def _search_dirs(overrides: list[str]) -> list[Path]:
    given = [text for text in overrides if text.startswith("hydra.searchpath=")]
    values = [OverridesParser.create().parse_override(text).value() for text in given]
    entries = [entry for value in values if isinstance(value, list) for entry in value]
    folders = [Path(str(entry).removeprefix("file://")) for entry in entries]
    return [folder for folder in folders if folder.is_dir()]


def _explained(error: Exception) -> str:
    """One line about a failed composition: the key, what is wrong with it, and the nearest key that exists."""
    cause = error.__cause__ if isinstance(error.__cause__, OmegaConfBaseException) else error
    # Hydra puts the file on a line of its own before OmegaConf's text, which names the key further down.
    lines = str(cause).splitlines()
    place = f"{lines.pop(0).partition(':')[0]}: " if lines[0].startswith("In '") else ""
    named = re.search(r"full_key: (\S+)", str(cause))
    key = named[1] if named else str(getattr(cause, "full_key", None) or "")
    reason = place + lines[0]
    if isinstance(cause, MissingMandatoryValue):
        return f"{key} is required by the chosen options; add {key}=..."
    if " not in '" in reason:
        kind = reason.rpartition(" not in ")[2].strip("'")
        section = key.rpartition(".")[0]
        if owners(key):
            options_of = SECTION_OPTIONS[section].items()
            chosen = next((name for name, node in options_of if node.__name__ == kind), kind)
            return f"{section}={chosen} has no key {key}; it comes with {' or '.join(owners(key))}"
        known = [name for name in all_keys() if not section or name.startswith(f"{section}.")]
        holder = f"{section} ({kind})" if section else "the config"
        return f"{place}there is no key {key!r} in {holder}{nearest(key, known)}"
    return f"{key}: {reason}" if key and key not in reason else reason
