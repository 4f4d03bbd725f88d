"""GPT-QModel: GPTQ and AWQ in their own formats; its AWQ wants CUDA."""

import importlib.metadata
import json
import os
from pathlib import Path
from typing import Any

# On two cores it makes one worker and then asks for two.
os.environ.setdefault("GPTQMODEL_CPU_WORKERS", "2")

import torch
from gptqmodel import GPTQModel
from gptqmodel.quantization.config import FORMAT, METHOD, QuantizeConfig

from oracle_sft.model.quantizers.recipe import write_recipe
from oracle_sft.model.quantizers.shown import Refused, Shown

_KINDS = {"gptq": (METHOD.GPTQ, FORMAT.GPTQ), "awq": (METHOD.AWQ, FORMAT.GEMM)}


def quantise(job: dict[str, Any]) -> dict[str, Any]:
    """Raises `Refused` for AWQ where there is no CUDA device."""
    algorithm = job["algorithm"]
    if algorithm == "awq" and not torch.cuda.is_available():
        raise Refused(
            "GPT-QModel quantises with AWQ only on a CUDA device, and there is none; "
            "use quant.backend=llmcompressor or autoround"
        )
    method, kind = _KINDS[algorithm]
    settings: dict[str, Any] = {
        "bits": 4,
        "group_size": job["group_size"],
        "method": method,
        "format": kind,
        "sym": algorithm == "gptq",
        "desc_act": False,
        "offload_to_disk_path": str(Path(job["scratch"]) / "offload"),
    }
    if algorithm == "gptq":
        settings["damp_percent"] = job["dampening_fraction"]
    device = "cuda" if torch.cuda.is_available() else "cpu"
    config = QuantizeConfig(**settings)
    model = GPTQModel.load(job["model"], config, device=device)
    rows = [row["input_ids"] for row in job["rows"]]
    shown = Shown(model.model)
    # Rows of up to calibration_data_min_length tokens are dropped, by default those of up to 10.
    model.quantize(
        [{"input_ids": row, "attention_mask": [1] * len(row)} for row in rows],
        batch_size=1,
        calibration_sort=None,
        calibration_data_min_length=0,
    )
    seen = shown.facts(rows)
    model.save(job["out"])
    version = importlib.metadata.version("gptqmodel")
    _forget_paths(Path(job["out"]))
    del settings["offload_to_disk_path"]
    write_recipe(Path(job["out"]), "gptqmodel", version, settings)
    return {
        "algorithm": algorithm,
        "backend": "gptqmodel",
        "backend_version": version,
        "format": algorithm,
        "format_version": kind.value,
        "answer_loss": False,
        **seen,
    }


def _forget_paths(out: Path) -> None:
    """Keep the path of this machine's scratch folder out of what is shipped."""
    for name in ("config.json", "quantize_config.json"):
        said = json.loads((out / name).read_text(encoding="utf-8"))
        meta = said.get("quantization_config", said).get("meta", {})
        meta.pop("offload_to_disk_path", None)
        (out / name).write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
