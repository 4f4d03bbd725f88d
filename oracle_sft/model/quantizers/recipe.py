"""The settings of a quantiser as JSON, whatever its objects offer for that."""

import dataclasses
import enum
import json
from pathlib import Path
from typing import Any


def write_recipe(folder: Path, backend: str, version: str, settings: dict[str, Any]) -> None:
    """Keep the settings beside the weights, as recipe.json."""
    said = {"backend": backend, "backend_version": version, "settings": plain(settings)}
    (folder / "recipe.json").write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")


def plain(value: Any) -> Any:
    """The value as JSON can hold it: of an object what it says of itself, and its text where it says nothing."""
    match value:
        case None | bool() | int() | float() | str():
            return value.value if isinstance(value, enum.Enum) else value
        case enum.Enum():
            return plain(value.value)
        case dict():
            return {str(plain(key)): plain(said) for key, said in value.items()}
        case list() | tuple():
            return [plain(said) for said in value]
        case set() | frozenset():
            return sorted((plain(said) for said in value), key=str)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)
        }
    for name in ("model_dump", "to_dict", "dict"):
        method = getattr(value, name, None)
        if callable(method) and not isinstance(value, type):
            try:
                return plain(method())
            except Exception:  # an object that cannot be serialised this way in this version
                continue
    fields = getattr(value, "__dict__", None)
    if fields and type(value).__module__ != "torch":
        return {key: plain(said) for key, said in fields.items() if not key.startswith("_")}
    return str(value)
