"""The adapter goes into the base: one model that any server loads, in the memory of a few tensors.

The base's files are streamed into new ones, and each tensor that the adapter changes is changed on the way
(`model.merge_plan` says which, `model.updates` how). A merge that was killed goes on after the last whole file.
"""

import dataclasses
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle_sft.config.packaging import BaseWeights
from oracle_sft.config.weights import AdapterConf, FullConf, LoraConf
from oracle_sft.errors import CheckFailed, EnvironmentFault, UserError
from oracle_sft.model.adapter import adapter_manifest, check_adapter_folder, check_tensors
from oracle_sft.model.load import check_model_folder, check_vocabulary, load_tokenizer, read_object
from oracle_sft.model.merge_plan import Plan, plan_merge
from oracle_sft.model.outputs import outputs_of
from oracle_sft.model.shards import INDEX, Checkpoint, open_checkpoint
from oracle_sft.model.streams import Output, write_file
from oracle_sft.model.updates import Sums
from oracle_sft.record.digest import digest_folder, sha256_json
from oracle_sft.record.files import (
    building_folder,
    disk_faults,
    read_json,
    replace_folder,
    write_json,
)
from oracle_sft.record.lock import exclusive

_STATE = "merging.json"
_LOCK = "merging.lock"
_CONFIGS = ("config.json", "generation_config.json")
_MERGE_VERSION = 1
"""Raised when the same files would be merged to other bytes."""
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeFacts:
    """How the merged weights came about."""

    method: str
    """`shard-wise`, or `trained weights` where every weight was trained."""
    base_weights: str
    """`original`: the base's own files; `dequantized`: what 4-bit training saw of them; `trained` for full."""
    dtype: str
    parameters: int
    tensors: int = 0
    """How many tensors the adapter changed."""
    error_to_delta: float | None = None
    """Norm of what NF4 changed in the adapted layers, by the norm of what training changed; None where no NF4 was."""
    worst_error_to_delta: dict[str, float] = dataclasses.field(default_factory=dict)
    """The layer where that ratio is the largest."""
    files_resumed: int = 0
    """Files that an earlier, killed merge had finished."""
    seconds: float = 0.0

    @property
    def line(self) -> str:
        """For the user."""
        said = f"{self.method}, {self.dtype}"
        if self.base_weights == "dequantized":
            said += ", into the base as 4-bit training saw it"
        elif self.error_to_delta is not None:
            said += ", into the base's original weights"
        if self.error_to_delta is not None:
            said += f" (4-bit error {self.error_to_delta:.2f} times the update)"
        if self.files_resumed:
            said += f", {self.files_resumed} files were there already"
        return said


def merge(
    base_folder: Path,
    adapter_folder: Path,
    out_folder: Path,
    *,
    adapter: AdapterConf,
    base_weights: BaseWeights = BaseWeights.auto,
    base_quant: dict[str, Any] | None = None,
    on_progress: OnProgress = lambda done, total: None,
) -> MergeFacts:
    """Write the merged model with tokenizer and config to `out_folder`, whole or not at all.

    An adapter is added in float32 and each tensor stored in its base's format, with the numbers of peft's
    `merge_and_unload` on the CPU; for full the trained weights are the merged ones. `base_quant` says how training saw
    its base; None: as the adapter's own manifest says. `on_progress` is told bytes.

    Raises:
        UserError: a folder is missing or does not hold what it should, the adapter belongs to another base, or it is of
            a kind that cannot be merged exactly.
        CheckFailed: a tensor holds NaN or infinity.
        EnvironmentFault: the disk is full or too small, or the folder may not be written to.
    """
    started = time.monotonic()
    match adapter:
        case FullConf():
            facts = _take(adapter_folder, out_folder)
        case LoraConf():
            base_quant = base_quant or adapter_manifest(adapter_folder).get("base_quant")
            facts = _add(
                base_folder, adapter_folder, out_folder, base_weights, base_quant, on_progress
            )
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
        taken = open_checkpoint(building)
    return {
        "method": "trained weights",
        "base_weights": "trained",
        "dtype": str(taken.dtype).removeprefix("torch."),
        "parameters": taken.parameters,
    }


def _add(
    base_folder: Path,
    adapter_folder: Path,
    out_folder: Path,
    base_weights: BaseWeights,
    base_quant: dict[str, Any] | None,
    on_progress: OnProgress,
) -> dict[str, Any]:
    check_model_folder(base_folder)
    check_adapter_folder(adapter_folder)
    checkpoint = open_checkpoint(base_folder)
    chosen = _chosen(base_weights, base_quant, adapter_folder)
    plan = plan_merge(checkpoint, adapter_folder)
    tokenizer = _tokenizer(checkpoint, adapter_folder, plan)
    check_tensors(adapter_folder)
    sums: dict[str, Sums] = {}
    files = outputs_of(
        checkpoint,
        plan,
        base_quant=base_quant,
        is_dequantized=chosen is BaseWeights.dequantized,
        sums=sums,
    )
    unfinished = out_folder.with_name(f".{out_folder.name}.unfinished")
    with disk_faults(out_folder):
        key = _key(checkpoint, adapter_folder, chosen, base_quant)
        busy = f"{out_folder} is being written by another process; wait for it"
        with exclusive(unfinished / _LOCK, wait=False, busy=busy):
            try:
                resumed = _write_files(files, checkpoint, unfinished, key, sums, on_progress)
            except CheckFailed:
                shutil.rmtree(unfinished)
                raise
            _write_rest(checkpoint, tokenizer, plan, files, unfinished)
            for name in (_STATE, _LOCK):
                (unfinished / name).unlink()
            replace_folder(unfinished, out_folder)
    changed = sum(bool(each.updates) for outputs in files.values() for each in outputs.values())
    return {
        "method": "shard-wise",
        "base_weights": chosen.value,
        "dtype": str(checkpoint.dtype).removeprefix("torch."),
        "parameters": open_checkpoint(out_folder).parameters,
        "tensors": changed,
        "files_resumed": resumed,
        **_ratios(sums),
    }


def _chosen(
    wanted: BaseWeights, base_quant: dict[str, Any] | None, adapter_folder: Path
) -> BaseWeights:
    """Into which base; `auto` is the one that training saw.

    Raises:
        UserError: the base that 4-bit training saw is wanted, and nothing says that there was any, or it was no NF4.
    """
    if base_quant is not None and base_quant.get("method") != "nf4":
        raise UserError(
            f"the adapter in {adapter_folder} was trained on a base in {base_quant.get('method')!r}; only nf4 can "
            "be merged"
        )
    if wanted is BaseWeights.auto:
        return BaseWeights.original if base_quant is None else BaseWeights.dequantized
    if wanted is BaseWeights.dequantized and base_quant is None:
        raise UserError(
            f"package.base_weights=dequantized, and the adapter in {adapter_folder} does not say how 4-bit training "
            "saw its base (no base_quant in its MANIFEST.json); use original"
        )
    return wanted


def _key(
    checkpoint: Checkpoint,
    adapter_folder: Path,
    chosen: BaseWeights,
    base_quant: dict[str, Any] | None,
) -> str:
    """What a merge that goes on must have in common with the one that was killed.

    The base's files count by size and time of change: to hash 140 GB takes as long as to merge them.
    """
    base = {}
    for name in checkpoint.files:
        facts = (checkpoint.folder / name).stat()
        base[name] = [facts.st_size, facts.st_mtime_ns]
    return sha256_json(
        {
            "version": _MERGE_VERSION,
            "base": {"folder": str(checkpoint.folder.resolve()), "files": base},
            "adapter": digest_folder(adapter_folder),
            "base_weights": chosen.value,
            "base_quant": base_quant,
        }
    )


def _write_files(
    files: Mapping[str, Mapping[str, Output]],
    checkpoint: Checkpoint,
    folder: Path,
    key: str,
    sums: dict[str, Sums],
    on_progress: OnProgress,
) -> int:
    """Write each file that is not yet in `folder`; returns how many were."""
    state = _begun(folder, key)
    done: dict[str, dict[str, list[float]]] = state["done"]
    sizes = {
        name: sum(each.num_bytes for each in outputs.values()) for name, outputs in files.items()
    }
    _check_room(folder, sum(size for name, size in sizes.items() if name not in done))
    total, written = sum(sizes.values()), sum(sizes[name] for name in done)
    for name in done:
        for tensor, (of_error, of_delta) in done[name].items():
            sums[tensor] = Sums(of_error, of_delta)
    resumed = len(done)
    on_progress(written, total)

    def count(num_bytes: int) -> None:
        nonlocal written
        written += num_bytes
        on_progress(written, total)

    for name, outputs in files.items():
        if name in done:
            continue
        part = folder / f"{name}.part"
        write_file(part, outputs, checkpoint.metadata.get(name, {}), count)
        part.replace(folder / name)
        done[name] = {
            tensor: [sums[tensor].of_error, sums[tensor].of_delta]
            for tensor in outputs
            if tensor in sums
        }
        write_json(folder / _STATE, state)
    return resumed


def _begun(folder: Path, key: str) -> dict[str, Any]:
    """What a killed merge of the same base and adapter has finished; the rest of it, and any other one, goes away."""
    state: dict[str, Any] = {"key": key, "done": {}}
    try:
        found = read_json(folder / _STATE)
        if found["key"] == key:
            state = found
    except (OSError, ValueError, KeyError, TypeError):
        pass
    for path in folder.iterdir():
        if path.name not in {_STATE, _LOCK, *state["done"]}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    write_json(folder / _STATE, state)
    return state


def _check_room(folder: Path, num_bytes: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < num_bytes:
        raise EnvironmentFault(
            f"{folder.parent} has {free / 1e9:,.1f} GB of free disk and the merged weights take {num_bytes / 1e9:,.1f} "
            "GB more; free some space or set outputs_dir (package.out without a run) to another disk"
        )


def _tokenizer(checkpoint: Checkpoint, adapter_folder: Path, plan: Plan) -> Any:
    """The adapter's own, where it has one: it was trained with that, and it may know new tokens."""
    has_own = (adapter_folder / "tokenizer_config.json").is_file()
    folder = adapter_folder if has_own else checkpoint.folder
    tokenizer = load_tokenizer(folder)
    check_vocabulary(plan.shapes[plan.embedding][0], tokenizer, folder)
    return tokenizer


def _write_rest(
    checkpoint: Checkpoint,
    tokenizer: Any,
    plan: Plan,
    files: Mapping[str, Mapping[str, Output]],
    folder: Path,
) -> None:
    """Index, configs and tokenizer beside the weights."""
    if (checkpoint.folder / INDEX).is_file():
        num_bytes = sum(each.num_bytes for outputs in files.values() for each in outputs.values())
        write_json(
            folder / INDEX,
            {
                "metadata": {"total_size": num_bytes},
                "weight_map": {
                    tensor: name for name, outputs in files.items() for tensor in sorted(outputs)
                },
            },
        )
    for name in _CONFIGS:
        if (checkpoint.folder / name).is_file():
            shutil.copyfile(checkpoint.folder / name, folder / name)
    config = read_object(folder / "config.json", "download the model again")
    if plan.untied:
        config["tie_word_embeddings"] = False
    if plan.num_tokens is not None:
        config["vocab_size"] = plan.num_tokens
    write_json(folder / "config.json", config)
    tokenizer.save_pretrained(folder)


def _ratios(sums: Mapping[str, Sums]) -> dict[str, Any]:
    """How large the error of 4 bits is beside what was trained, over all adapted layers and in the worst."""
    adapted = {name: each for name, each in sums.items() if each.of_delta and each.of_error}
    if not adapted:
        return {}
    error = sum(each.of_error for each in adapted.values())
    delta = sum(each.of_delta for each in adapted.values())
    ratios = {name: (each.of_error / each.of_delta) ** 0.5 for name, each in adapted.items()}
    worst = max(ratios, key=lambda name: ratios[name])
    return {
        "error_to_delta": round((error / delta) ** 0.5, 4),
        "worst_error_to_delta": {worst: round(ratios[worst], 4)},
    }
