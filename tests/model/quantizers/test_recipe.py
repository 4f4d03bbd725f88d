"""Settings as JSON, whatever the objects offer."""

import enum
import json
from dataclasses import dataclass
from pathlib import Path

import torch

from oracle_sft.model.quantizers.recipe import plain, write_recipe


class Kind(enum.StrEnum):
    """As quantisers write their enums."""

    gptq = "gptq"


@dataclass
class Nested:
    kind: Kind
    sizes: tuple[int, ...]


class Dumps:
    def model_dump(self) -> dict[str, object]:
        return {"bits": 4, "nested": Nested(Kind.gptq, (1, 2))}


class OldDumps:
    def to_dict(self) -> dict[str, object]:
        return {"bits": 4}


class Broken:
    def __init__(self) -> None:
        self.bits = 4
        self._cache = object()

    def to_dict(self) -> dict[str, object]:
        raise TypeError("of another version")


class Silent:
    __slots__ = ()

    def __str__(self) -> str:
        return "silent"


def test_objects_say_of_themselves_what_they_can() -> None:
    assert plain(Dumps()) == {"bits": 4, "nested": {"kind": "gptq", "sizes": [1, 2]}}
    assert plain(OldDumps()) == {"bits": 4}
    assert plain(Broken()) == {"bits": 4}
    assert plain(Silent()) == "silent"
    assert plain({Kind.gptq: {"b", "a"}}) == {"gptq": ["a", "b"]}
    assert plain(torch.float16) == "torch.float16"


def test_a_recipe_is_json(tmp_path: Path) -> None:
    write_recipe(tmp_path, "autoawq", "0.2.9", {"config": Dumps(), "dtype": torch.float16})
    said = json.loads((tmp_path / "recipe.json").read_text())
    assert (said["backend"], said["backend_version"]) == ("autoawq", "0.2.9")
    assert said["settings"]["dtype"] == "torch.float16"
