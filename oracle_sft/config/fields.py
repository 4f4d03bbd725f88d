"""The keys that exist, and the nearest one to a key that does not."""

import difflib
from dataclasses import fields, is_dataclass
from pathlib import Path

from oracle_sft.config.schema import SECTION_OPTIONS, RunConf
from oracle_sft.errors import UserError


def find_conf_dir() -> Path:
    """conf/ as it lies in a checkout (beside the package) or in a wheel (inside it)."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "conf"
    return inside if inside.is_dir() else package.parent / "conf"


def options(group: str, conf_dirs: tuple[Path, ...]) -> list[str]:
    """Names that may stand behind `group=`, sorted."""
    names = {file.stem for folder in conf_dirs for file in (folder / group).glob("*.yaml")}
    return sorted(names)


def groups(conf_dirs: tuple[Path, ...]) -> list[str]:
    """Names of the decisions, sorted: model, adapter, ..."""
    return sorted(
        {entry.name for folder in conf_dirs for entry in folder.iterdir() if entry.is_dir()}
    )


def search_override(config_dir: str) -> str:
    """The override by which options are looked for in a folder, too.

    Raises:
        UserError: there is no such folder.
    """
    folder = Path(config_dir).absolute()
    if not folder.is_dir():
        raise UserError(
            f"--config-dir {config_dir} is no folder; give one as DIR/guardrail/ours.yaml"
        )
    return "hydra.searchpath=['" + str(folder).replace("'", r"\'") + "']"


def field_names(schema: type) -> list[str]:
    """Dotted names of a section's fields, those of nested sections too."""
    names = []
    for declared in fields(schema):
        names.append(declared.name)
        if isinstance(declared.type, type) and is_dataclass(declared.type):
            names += [f"{declared.name}.{below}" for below in field_names(declared.type)]
    return names


def all_keys() -> list[str]:
    """Every key that some choice of options makes valid, sorted."""
    keys = {name for name in field_names(RunConf) if name not in SECTION_OPTIONS}
    for section, kinds in SECTION_OPTIONS.items():
        keys |= {f"{section}.{name}" for kind in kinds.values() for name in field_names(kind)}
    return sorted(keys)


def owners(key: str) -> list[str]:
    """The choices that bring a key, as `adapter=lora`."""
    section, _, name = key.partition(".")
    kinds = SECTION_OPTIONS.get(section, {})
    return [f"{section}={kind}" for kind, schema in kinds.items() if name in field_names(schema)]


def nearest(word: str, known: list[str]) -> str:
    """A clause that names the nearest known words, or nothing: `; did you mean adapter.rank?`."""
    section, _, last = word.lower().rpartition(".")
    endings = {key: key.rpartition(".")[2].lower() for key in known}
    found = [key for key, ending in endings.items() if ending == last]
    found = found or [key for key, ending in endings.items() if _initials(ending) == last]
    found = found or difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.7)
    if not found:
        close = difflib.get_close_matches(last, list(endings.values()), n=1, cutoff=0.7)
        found = [key for key, ending in endings.items() if ending in close]
    if section:  # the section was right: what it has is nearer than what another has
        found = [key for key in found if key.startswith(f"{section}.")] or found
    return f"; did you mean {' or '.join(found[:3])}?" if found else ""


def _initials(name: str) -> str:
    return "".join(part[:1] for part in name.split("_"))
