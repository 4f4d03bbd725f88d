"""Where quantisers put their files, and where they belong."""

import json
import shutil
from pathlib import Path


def move_up(inner: Path, out: Path) -> None:
    """Put what a quantiser wrote to a folder of its own into `out`."""
    if inner.resolve() == out.resolve():
        return
    for path in inner.iterdir():
        path.replace(out / path.name)
    shutil.rmtree(inner)


def name_as_models_are(out: Path, stem: str) -> None:
    """Rename STEM.safetensors or the shards of STEM to the names that transformers and servers look for."""
    index = out / f"{stem}.safetensors.index.json"
    if index.is_file():
        said = json.loads(index.read_text(encoding="utf-8"))
        weight_map = said["weight_map"]
        said["weight_map"] = {
            name: file.replace(stem, "model", 1) for name, file in weight_map.items()
        }
        for file in set(weight_map.values()):
            (out / file).replace(out / file.replace(stem, "model", 1))
        index.unlink()
        target = out / "model.safetensors.index.json"
        target.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    elif (out / f"{stem}.safetensors").is_file():
        (out / f"{stem}.safetensors").replace(out / "model.safetensors")
