"""AutoAWQ, archived upstream in May 2025: AWQ in its own format, under a transformers of that time."""

import importlib.metadata
from pathlib import Path
from typing import Any

import torch
from awq import AutoAWQForCausalLM
from awq.models.auto import AWQ_CAUSAL_LM_MODEL_MAP

from oracle_sft.model.quantizers.older import older_model
from oracle_sft.model.quantizers.recipe import write_recipe
from oracle_sft.model.quantizers.shown import Refused, Shown


def quantise(job: dict[str, Any]) -> dict[str, Any]:
    """Raises `Refused` for a model that AutoAWQ or its transformers does not know.

    AutoAWQ joins all rows and cuts the whole into blocks; what does not fill the last block is not shown.
    """
    source = older_model(job, known=set(AWQ_CAUSAL_LM_MODEL_MAP), by="AutoAWQ")
    model = AutoAWQForCausalLM.from_pretrained(
        str(source), trust_remote_code=False, torch_dtype=torch.float16, local_files_only=True
    )
    _check_outputs(model.model)
    rows = [row["input_ids"] for row in job["rows"]]
    block = _block(rows, job["max_length_tokens"])
    stream = [token for row in rows for token in row]
    blocks = [stream[at : at + block] for at in range(0, len(stream) - block + 1, block)]
    shown = Shown(model.model)
    quant_config = {
        "zero_point": True,
        "q_group_size": job["group_size"],
        "w_bit": 4,
        "version": "GEMM",
    }
    calibration = {
        "max_calib_samples": len(rows),
        "max_calib_seq_len": block,
        "n_parallel_calib_samples": 8,
    }
    model.quantize(None, quant_config=quant_config, calib_data=rows, **calibration)
    seen = shown.facts(blocks)
    model.save_quantized(job["out"])
    version = importlib.metadata.version("autoawq")
    write_recipe(Path(job["out"]), "autoawq", version, {**quant_config, **calibration})
    return {
        "algorithm": "awq",
        "backend": "autoawq",
        "backend_version": version,
        "format": "awq",
        "format_version": "gemm",
        "answer_loss": False,
        "rows_seen": len(rows),
        "tokens_seen": seen["tokens_seen"],
    }


def _block(rows: list[list[int]], limit: int) -> int:
    """The block length, between the longest row and `limit`, that leaves the fewest tokens over."""
    total = sum(map(len, rows))
    lengths = range(max(map(len, rows)), max(limit, max(map(len, rows))) + 1)
    return min((length for length in lengths if length <= total), key=lambda length: total % length)


def _check_outputs(model: Any) -> None:
    """AutoAWQ looks for clipping points in blocks of 64 outputs, and asserts without a word that they fit."""
    head = model.get_output_embeddings()
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Linear) and module is not head and module.out_features % 64:
            raise Refused(
                f"AutoAWQ wants a multiple of 64 outputs in each layer, and {name} has {module.out_features}; "
                "use quant.backend=llmcompressor or autoround"
            )
