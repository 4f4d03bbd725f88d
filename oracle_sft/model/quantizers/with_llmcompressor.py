"""llmcompressor: AWQ, GPTQ and FP8, stored as compressed-tensors; layer by layer."""

import importlib.metadata
from typing import Any

import torch
import transformers
from llmcompressor.entrypoints.oneshot import oneshot

from oracle_sft.model.quantizers.shown import Shown


def quantise(job: dict[str, Any]) -> dict[str, Any]:
    """Writes recipe.yaml beside the weights."""
    tokenizer = transformers.AutoTokenizer.from_pretrained(job["model"], local_files_only=True)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        job["model"], dtype="auto", local_files_only=True
    )
    if not torch.accelerator.is_available():
        _skip_pinning()
    shown = Shown(model)
    answer_loss = job["algorithm"] == "awq"
    calibration: dict[str, Any] = {}
    if job["rows"]:
        calibration = {
            "dataset": _loader(job["rows"]),
            "num_calibration_samples": len(job["rows"]),
            "use_loss_mask": answer_loss,
            "max_seq_length": job["max_length_tokens"],
        }
    oneshot(model=model, tokenizer=tokenizer, recipe=_recipe(job), **calibration)
    seen = shown.facts([row["input_ids"] for row in job["rows"]])
    model.save_pretrained(job["out"], save_compressed=True)
    tokenizer.save_pretrained(job["out"])
    version = importlib.metadata.version
    return {
        "algorithm": job["algorithm"],
        "backend": "llmcompressor",
        "backend_version": version("llmcompressor"),
        "format": "compressed-tensors",
        "format_version": version("compressed-tensors"),
        "answer_loss": answer_loss,
        **seen,
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

    match job["algorithm"]:
        case "fp8":
            return [
                QuantizationModifier(targets="Linear", scheme="FP8_DYNAMIC", ignore=["lm_head"])
            ]
        case "gptq":
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
