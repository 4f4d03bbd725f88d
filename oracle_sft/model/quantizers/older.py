"""A model as a transformers of before version 5 reads it: the same weights, a config.json in the older words."""

import json
from pathlib import Path
from typing import Any

from oracle_sft.model.quantizers.shown import Refused


def older_model(job: dict[str, Any], *, known: set[str], by: str) -> Path:
    """A folder with links to the model's files and its config.json in the older words.

    Raises:
        Refused: `by` or this process's transformers does not know the model type, or the words do not go over.
    """
    import transformers
    from transformers.models.auto.configuration_auto import CONFIG_MAPPING

    model = Path(job["model"])
    config = json.loads((model / "config.json").read_text(encoding="utf-8"))
    kind = config["model_type"]
    if kind not in known or kind not in CONFIG_MAPPING:
        who = (
            by
            if kind not in known
            else f"transformers {transformers.__version__}, with which {by} works,"
        )
        raise Refused(
            f"{who} does not know the model type {kind!r}; use quant.backend=llmcompressor"
        )
    folder = Path(job["scratch"]) / "model"
    folder.mkdir()
    for path in model.iterdir():
        if path.name != "config.json":
            (folder / path.name).symlink_to(path)
    said = json.dumps(older_config(config), indent=2)
    (folder / "config.json").write_text(said, encoding="utf-8")
    return folder


def older_config(config: dict[str, Any]) -> dict[str, Any]:
    """The config in the words of transformers 4, which passes over the newer ones and takes its defaults instead.

    Raises:
        Refused: positions are said for each kind of layer, for which there are no older words.
    """
    said = {key: value for key, value in config.items() if key not in ("rope_parameters", "dtype")}
    if "dtype" in config:
        said["torch_dtype"] = config["dtype"]
    positions = config.get("rope_parameters")
    if positions is None:
        return said
    if any(isinstance(value, dict) for value in positions.values()):
        raise Refused(
            "this model has other rope_parameters for each kind of layer, which transformers 4 does not know; "
            "use quant.backend=llmcompressor"
        )
    scaling = dict(positions)
    for key in ("rope_theta", "partial_rotary_factor"):
        if key in scaling:
            said[key] = scaling.pop(key)
    said["rope_scaling"] = None if scaling.get("rope_type", "default") == "default" else scaling
    return said
