"""auto-round: weights whose rounding is learned (SignRound), stored as gptq; AWQ's scales, stored as awq."""

import importlib.metadata
import os
from pathlib import Path
from typing import Any

# Read by CUDA when it starts; without it deterministic products are refused.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")

import torch
import transformers
from auto_round import AutoRound
from auto_round.algorithms.transforms.awq.config import AWQConfig

from oracle_sft.model.quantizers.folder import move_up
from oracle_sft.model.quantizers.recipe import write_recipe
from oracle_sft.model.quantizers.shown import Shown

_FORMATS = {"awq": ("awq", "auto_awq", "gemm"), "signround": ("gptq", "auto_gptq", "gptq")}


def quantise(job: dict[str, Any]) -> dict[str, Any]:
    """`quant=gptq` is SignRound here: auto-round has no GPTQ but writes its format."""
    algorithm = "awq" if job["algorithm"] == "awq" else "signround"
    stored, export, kind = _FORMATS[algorithm]
    tokenizer = transformers.AutoTokenizer.from_pretrained(job["model"], local_files_only=True)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    model = transformers.AutoModelForCausalLM.from_pretrained(
        job["model"], dtype="auto", local_files_only=True
    )
    rows = [row["input_ids"] for row in job["rows"]]
    # AWQ looks at the activations of every token, also of padding, so its rows come one by one. SignRound leaves padded
    # tokens out of its loss, and rows in batches of 8 are many times faster.
    padded = algorithm == "signround"
    batches = _batches(rows, tokenizer.pad_token_id if padded else None)
    shown = Shown(model)
    shortest = min(batch["input_ids"].shape[-1] for batch in batches)
    settings: dict[str, Any] = {
        "scheme": "W4A16",
        "bits": 4,
        "group_size": job["group_size"],
        "sym": algorithm == "signround",
        # Rows shorter than seqlen are dropped, also of a dataset that is given as token ids.
        "seqlen": shortest,
        "nsamples": len(rows),
        "batch_size": 8 if padded else 1,
        "seed": job["seed"],
        "enable_torch_compile": False,
        "enable_deterministic_algorithms": True,
        "device_map": 0 if torch.cuda.is_available() else "cpu",
        "low_gpu_mem_usage": torch.cuda.is_available(),
    }
    if algorithm == "awq":
        awq = AWQConfig(
            bits=4,
            group_size=job["group_size"],
            sym=False,
            awq_seqlen=job["max_length_tokens"],
        )
        settings["alg_configs"] = [awq, "rtn"]
    quantizer = AutoRound(model, tokenizer=tokenizer, dataset=batches, **settings)
    _, inner = quantizer.quantize_and_save(job["out"], format=export)
    out = Path(job["out"])
    move_up(Path(inner), out)
    version = importlib.metadata.version("auto-round")
    write_recipe(out, "autoround", version, {**settings, "format": export})
    seen = shown.facts([batch["input_ids"][0].tolist() for batch in batches])
    return {
        "algorithm": algorithm,
        "backend": "autoround",
        "backend_version": version,
        "format": stored,
        "format_version": kind,
        "answer_loss": False,
        "rows_seen": seen["rows_seen"],
        "tokens_seen": sum(map(len, rows)),
    }


def _batches(rows: list[list[int]], pad: int | None) -> list[dict[str, Any]]:
    """One row each, as long as the longest where `pad` is given."""
    longest = max(map(len, rows))
    made = []
    for row in rows:
        free = 0 if pad is None else longest - len(row)
        ids = torch.tensor([row + [pad or 0] * free])
        mask = torch.tensor([[1] * len(row) + [0] * free])
        made.append({"input_ids": ids, "attention_mask": mask})
    return made
