"""The process that quantises: `PYTHON -m oracle_sft.model.quantize_worker JOB.json`.

Quantisers and training stacks exclude each other, so this is a process of its own, under an interpreter of its own
where quant.python says so: it imports nothing of this project. What it writes to the job's `result` is all that comes
back.
"""

import importlib.metadata
import json
import sys
import time
from pathlib import Path
from typing import Any


def main(job_path: Path) -> int:
    """Quantise as the job file says; returns the exit code."""
    job = json.loads(job_path.read_text(encoding="utf-8"))
    started = time.monotonic()
    try:
        facts = _llmcompressor(job)
    except ModuleNotFoundError as error:
        _write_result(job, {"ok": False, "missing_module": error.name, "error": str(error)})
        return 3
    facts["seconds"] = round(time.monotonic() - started, 3)
    _write_result(job, {"ok": True, **facts})
    return 0


def _llmcompressor(job: dict[str, Any]) -> dict[str, Any]:
    import torch
    import transformers
    from llmcompressor.entrypoints.oneshot import oneshot

    torch.manual_seed(job["seed"])
    tokenizer = transformers.AutoTokenizer.from_pretrained(job["model"], local_files_only=True)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        job["model"], dtype="auto", local_files_only=True
    )
    if not torch.accelerator.is_available():
        _skip_pinning()
    recipe = _recipe(job)
    oneshot(
        model=model,
        tokenizer=tokenizer,
        recipe=recipe,
        dataset=_loader(job["rows"]),
        num_calibration_samples=len(job["rows"]),
        use_loss_mask=job["algorithm"] == "awq",
        max_seq_length=job["max_length_tokens"],
    )
    model.save_pretrained(job["out"], save_compressed=True)
    tokenizer.save_pretrained(job["out"])
    version = importlib.metadata.version
    return {
        "backend": "llmcompressor",
        "backend_version": version("llmcompressor"),
        "format": "compressed-tensors",
        "format_version": version("compressed-tensors"),
        "recipe": [type(modifier).__name__ for modifier in recipe],
    }


def _recipe(job: dict[str, Any]) -> list[Any]:
    """The modifiers, in the order in which they are applied; the head stays as it is."""
    from compressed_tensors.quantization import QuantizationScheme, preset_name_to_scheme
    from llmcompressor.modifiers.gptq import GPTQModifier
    from llmcompressor.modifiers.quantization import QuantizationModifier
    from llmcompressor.modifiers.transform.awq import AWQModifier

    def scheme(preset: str) -> dict[str, QuantizationScheme]:
        made = preset_name_to_scheme(preset, ["Linear"])
        made.weights.group_size = job["group_size"]
        return {"group_0": made}

    if job["algorithm"] == "gptq":
        return [
            GPTQModifier(
                config_groups=scheme("W4A16"),
                ignore=["lm_head"],
                dampening_frac=job["dampening_fraction"],
            )
        ]
    # AWQModifier only scales; what quantises is the modifier behind it.
    return [
        AWQModifier(),
        QuantizationModifier(config_groups=scheme("W4A16_ASYM"), ignore=["lm_head"]),
    ]


def _loader(rows: list[dict[str, Any]]) -> Any:
    """One row at a time: padding would count as calibration data.

    The loss mask is 1 on the answer: AWQ chooses its scales for the tokens that the model will write.
    """
    import torch

    batches: Any = [
        {
            "input_ids": torch.tensor([row["input_ids"]]),
            "attention_mask": torch.ones(1, len(row["input_ids"]), dtype=torch.long),
            "loss_mask": (torch.arange(len(row["input_ids"])) >= row["answer_start"]).long()[None],
        }
        for row in rows
    ]
    return torch.utils.data.DataLoader(batches, batch_size=None)


def _skip_pinning() -> None:
    """Let AWQ run where there is no accelerator.

    llmcompressor 0.14 pins its caches for copies to one, and torch refuses to pin without ("Cannot access accelerator
    device when none is available"). Pinning changes where bytes lie, never what they are.
    """
    from llmcompressor.pipelines.cache import IntermediatesCache

    cache: Any = IntermediatesCache
    cache.pin_memory = lambda self, batch_index, input_names=None: None


def _write_result(job: dict[str, Any], result: dict[str, Any]) -> None:
    Path(job["result"]).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
