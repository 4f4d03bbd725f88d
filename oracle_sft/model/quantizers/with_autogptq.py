"""AutoGPTQ, archived upstream in April 2025: GPTQ in its own format, on a CUDA device, under a transformers of 2024."""

import importlib.metadata
from pathlib import Path
from typing import Any

import torch
from auto_gptq import AutoGPTQForCausalLM, BaseQuantizeConfig
from auto_gptq.modeling._const import SUPPORTED_MODELS

from oracle_sft.model.quantizers.folder import name_as_models_are
from oracle_sft.model.quantizers.older import older_model
from oracle_sft.model.quantizers.recipe import write_recipe
from oracle_sft.model.quantizers.shown import Refused, Shown


def quantise(job: dict[str, Any]) -> dict[str, Any]:
    """Raises `Refused` without a CUDA device, and for a model that AutoGPTQ or its transformers does not know."""
    if not torch.cuda.is_available():
        raise Refused(
            "AutoGPTQ quantises only on a CUDA device, and there is none; use quant.backend=llmcompressor or gptqmodel"
        )
    source = older_model(job, known=set(SUPPORTED_MODELS), by="AutoGPTQ")
    config = BaseQuantizeConfig(
        bits=4,
        group_size=job["group_size"],
        damp_percent=job["dampening_fraction"],
        desc_act=False,
        sym=True,
    )
    model = AutoGPTQForCausalLM.from_pretrained(str(source), config, torch_dtype=torch.float16)
    rows = [row["input_ids"] for row in job["rows"]]
    shown = Shown(model.model)
    model.quantize(
        [{"input_ids": row, "attention_mask": [1] * len(row)} for row in rows],
        batch_size=1,
        cache_examples_on_gpu=False,
    )
    seen = shown.facts(rows)
    out = Path(job["out"])
    model.save_quantized(str(out), use_safetensors=True)
    name_as_models_are(out, f"gptq_model-4bit-{job['group_size']}g")
    version = importlib.metadata.version("auto-gptq")
    write_recipe(out, "autogptq", version, {"quantize_config": config})
    return {
        "algorithm": "gptq",
        "backend": "autogptq",
        "backend_version": version,
        "format": "gptq",
        "format_version": "gptq",
        "answer_loss": False,
        **seen,
    }
