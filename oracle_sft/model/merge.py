"""The adapter goes into the base: one model that any server loads."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle_sft.config.weights import AdapterConf, FullConf, LoraConf
from oracle_sft.errors import UserError
from oracle_sft.model.adapter import check_adapter_folder, check_tensors, put_on
from oracle_sft.model.load import (
    check_model_folder,
    check_vocabulary,
    load_tokenizer,
    load_weights,
    stored_dtype,
)
from oracle_sft.record.files import building_folder


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """How the merged weights came about."""

    method: str
    """`peft merge_and_unload`, or `trained weights` where every weight was trained."""
    base_weights: str
    """`original`: the base's own files, not what 4-bit training saw of them; `trained` for full."""
    dtype: str
    parameters: int
    seconds: float


def merge(
    base_folder: Path, adapter_folder: Path, out_folder: Path, *, adapter: AdapterConf
) -> MergeFacts:
    """Write the merged model with tokenizer and config to `out_folder`, whole or not at all.

    An adapter is added in float32 to the base's own weights and stored in their format; for full the trained weights
    are the merged ones.

    Raises:
        UserError: a folder is missing or does not hold what it should, or the adapter belongs to another base.
        CheckFailed: a merged tensor holds NaN or infinity.
        EnvironmentFault: the disk is full, or the folder may not be written to.
    """
    started = time.monotonic()
    match adapter:
        case FullConf():
            facts = _take(adapter_folder, out_folder)
        case LoraConf():
            facts = _add(base_folder, adapter_folder, out_folder)
        case _:
            raise UserError(
                f"adapter.name={adapter.name!r} cannot be merged; use full, lora or qlora"
            )
    return MergeFacts(**facts, seconds=round(time.monotonic() - started, 3))


def _take(trained_folder: Path, out_folder: Path) -> dict[str, Any]:
    check_model_folder(trained_folder)
    with building_folder(out_folder) as building:
        shutil.copytree(
            trained_folder,
            building,
            dirs_exist_ok=True,
            ignore=shutil.ignore_patterns("MANIFEST.json"),
        )
        check_tensors(building)
    model = load_weights(trained_folder, dtype="auto")
    return {
        "method": "trained weights",
        "base_weights": "trained",
        "dtype": str(stored_dtype(trained_folder)).removeprefix("torch."),
        "parameters": model.num_parameters(),
    }


def _add(base_folder: Path, adapter_folder: Path, out_folder: Path) -> dict[str, Any]:
    check_model_folder(base_folder)
    check_adapter_folder(adapter_folder)
    tokenizer = load_tokenizer(base_folder)
    model = load_weights(base_folder, dtype="auto")
    check_vocabulary(model, tokenizer, base_folder)
    merged = put_on(model, adapter_folder).merge_and_unload()
    with building_folder(out_folder) as building:
        merged.save_pretrained(building)
        tokenizer.save_pretrained(building)
        check_tensors(building)
    return {
        "method": "peft merge_and_unload",
        "base_weights": "original",
        "dtype": str(stored_dtype(out_folder)).removeprefix("torch."),
        "parameters": merged.num_parameters(),
    }
