"""Fewer bits a weight: the quantiser runs in a process of its own and is never imported here."""

import shutil
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle_sft.config.weights import (
    AwqConf,
    CalibratedQuantConf,
    Fp8Conf,
    GptqConf,
    QuantizerConf,
)
from oracle_sft.errors import UserError
from oracle_sft.model.adapter import inference_dtype
from oracle_sft.model.load import (
    check_model_folder,
    load_dense,
    load_tokenizer,
    load_weights,
    read_object,
    tensor_heads,
)
from oracle_sft.model.packed import dense_weights
from oracle_sft.model.quantizer_process import run_worker
from oracle_sft.optional import require
from oracle_sft.pairs.tokens import TokenRow
from oracle_sft.pairs.trained import rows_digest
from oracle_sft.record.files import building_folder, sweep_strays, write_json


@dataclass(frozen=True, slots=True)
class QuantFacts:
    """How the quantised weights came about; algorithm, backend and format are three things."""

    algorithm: str
    """What was done: `awq`, `gptq`, `signround` or `fp8`."""
    backend: str
    backend_version: str
    format: str
    """How the checkpoint is stored: `compressed-tensors`, `gptq` or `awq`."""
    format_version: str
    bits: int
    group_size: int | None
    """Weights that share a scale; None: a row of a layer."""
    symmetric: bool
    calibration_ids: list[str]
    """Pair ids of the rows that were shown, in their order."""
    calibration_source: dict[str, str] | None
    """`{"split": "train"}`, or `file` and its sha256; None: no data was looked at."""
    calibration_digest: str
    """Of their tokens as they were shown, as `pairs.trained.rows_digest` gives it."""
    calibration_tokens: int
    """Tokens that the quantiser really showed to the model, as the worker saw them there."""
    calibration_cut: int
    """Rows that were longer than quant.calibration_length_tokens and cut."""
    calibration_dropped: int
    """Rows left out because the cut would have taken their whole answer."""
    calibration_loss: str | None
    """Tokens that the quantiser minded: `answer`, or `all`; None: no data was looked at."""
    seconds: float


def quantize(
    merged_folder: Path,
    out_folder: Path,
    conf: QuantizerConf,
    calibration_rows: Sequence[TokenRow],
    *,
    source: dict[str, str] | None = None,
    seed: int = 0,
    log_path: Path,
) -> QuantFacts:
    """Write a copy of the model in `merged_folder` in fewer bits to `out_folder`, whole or not at all.

    The rows came from `source`, for the record. The quantiser's output goes to `log_path`. An interrupt ends it too.

    Raises:
        UserError: the folder is no model, the group size does not divide a layer, there are no calibration rows, or
            the quantiser cannot do this for this model.
        EnvironmentFault: the quantiser is not installed, ran out of memory, or failed; with the end of its log.
    """
    started = time.monotonic()
    check_model_folder(merged_folder)
    job: dict[str, Any] = {
        "model": str(merged_folder.resolve()),
        "algorithm": conf.name,
        "seed": seed,
        "rows": [],
    }
    rows: list[TokenRow] = []
    cut = dropped = 0
    if isinstance(conf, CalibratedQuantConf):
        _check_groups(merged_folder, conf)
        rows, cut, dropped = _calibration(calibration_rows, conf)
        job |= {
            "group_size": conf.group_size,
            "dampening_fraction": conf.dampening_fraction if isinstance(conf, GptqConf) else None,
            "max_length_tokens": conf.calibration_length_tokens,
            "rows": [
                {"input_ids": row.input_ids(), "answer_start": len(row.prompt_ids)} for row in rows
            ],
        }
    sweep_strays(out_folder.parent, of=out_folder)
    with building_folder(out_folder) as building, _exchange(building) as exchange:
        job["out"] = str(building.resolve())
        result = run_worker(job, conf, Path(exchange), log_path)
        check_model_folder(building)
        _keep_what_is_ours(merged_folder, building)
        load_tokenizer(building)
    bits, group_size, symmetric = _grid(conf)
    loss = "answer" if result["answer_loss"] else "all"
    return QuantFacts(
        algorithm=result["algorithm"],
        backend=result["backend"],
        backend_version=result["backend_version"],
        format=result["format"],
        format_version=result["format_version"],
        bits=bits,
        group_size=group_size,
        symmetric=symmetric,
        calibration_ids=[row.pair_id for row in rows],
        calibration_source=source,
        calibration_digest=rows_digest(rows),
        calibration_tokens=result["tokens_seen"],
        calibration_cut=cut,
        calibration_dropped=dropped,
        calibration_loss=loss if rows else None,
        seconds=round(time.monotonic() - started, 3),
    )


def load_quantized(folder: Path) -> tuple[Any, Any]:
    """Model and tokenizer of a bundle that `quantize` wrote, its weights unpacked once at load.

    The numbers are those of the quantised weights; only a server with a kernel for them also saves the memory, and
    rounds activations where the format says so (fp8).

    Raises:
        UserError: the folder is missing, does not hold a whole model, or is of a format that cannot be unpacked.
        EnvironmentFault: compressed-tensors is not installed.
    """
    check_model_folder(folder)
    said = read_object(folder / "config.json", "package again").get("quantization_config") or {}
    if said.get("quant_method") in ("gptq", "awq"):
        config, weights = dense_weights(folder, dtype=inference_dtype())
        model = load_dense(folder, config, weights, dtype=inference_dtype())
        return model.eval(), load_tokenizer(folder)
    require("compressed_tensors", extra="quant")
    import transformers

    unpacked: Any = transformers.CompressedTensorsConfig
    with warnings.catch_warnings():
        # The folder's own settings win, which is what we want, and transformers says so each time.
        warnings.filterwarnings("ignore", message="You passed `quantization_config`")
        model = load_weights(
            folder, dtype=inference_dtype(), quantization_config=unpacked(dequantize=True)
        )
    return model.eval(), load_tokenizer(folder)


_TOKENIZER_FILES = (
    "tokenizer.json",
    "tokenizer.model",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "vocab.json",
    "merges.txt",
    "chat_template.jinja",
    "generation_config.json",
)


def _keep_what_is_ours(merged_folder: Path, building: Path) -> None:
    """Take the tokenizer from the merged folder, byte for byte, and of the quantiser's config only what it decided.

    Another transformers writes both in other words, and an older one leaves out what it does not know.
    """
    for name in _TOKENIZER_FILES:
        (building / name).unlink(missing_ok=True)
        if (merged_folder / name).is_file():
            shutil.copyfile(merged_folder / name, building / name)
    ours = read_object(merged_folder / "config.json", "merge again")
    theirs = read_object(building / "config.json", "see the log")
    dtype = theirs.get("dtype") or theirs.get("torch_dtype") or ours.get("dtype")
    ours |= {"dtype": dtype, "quantization_config": theirs["quantization_config"]}
    write_json(building / "config.json", ours)


def _exchange(building: Path) -> "tempfile.TemporaryDirectory[str]":
    """A folder for job and result; what a kill leaves of it is swept with the other strays."""
    return tempfile.TemporaryDirectory(prefix=building.stem, suffix=".part", dir=building.parent)


def _grid(conf: QuantizerConf) -> tuple[int, int | None, bool]:
    """Bits, weights that share a scale, and whether the grid is symmetric around zero."""
    match conf:
        case AwqConf():
            return 4, conf.group_size, False
        case GptqConf():
            return 4, conf.group_size, True
        case Fp8Conf():
            return 8, None, True
    raise UserError(f"quant.name={conf.name!r} has no quantiser; use awq, gptq or fp8")


def _check_groups(folder: Path, conf: CalibratedQuantConf) -> None:
    """Groups run along a layer's inputs, and a group that is not full has no place in the format."""
    for path in sorted(folder.glob("*.safetensors")):
        for name, (_, shape) in tensor_heads(path).items():
            layer = name.removesuffix(".weight")
            is_linear = len(shape) == 2 and layer != name and not layer.endswith(_NOT_QUANTIZED)
            if is_linear and shape[1] % conf.group_size:
                fitting = [size for size in (128, 64, 32) if shape[1] % size == 0]
                remedy = (
                    f"use quant.group_size={fitting[0]}"
                    if fitting
                    else "this model cannot be quantised in groups; use quant=none"
                )
                raise UserError(
                    f"quant.group_size={conf.group_size} does not divide the {shape[1]} inputs of {layer}; {remedy}"
                )


_NOT_QUANTIZED = ("embed_tokens", "lm_head", "wte", "wpe", "embed_out")


def _calibration(
    rows: Sequence[TokenRow], conf: CalibratedQuantConf
) -> tuple[list[TokenRow], int, int]:
    """The rows as shown, how many of them are cut, and how many are left out."""
    limit = conf.calibration_length_tokens
    kept = [row for row in rows if len(row.prompt_ids) < limit]
    if not kept:
        raise UserError(
            f"none of the {len(rows)} calibration pairs has its answer within "
            f"quant.calibration_length_tokens={limit}; raise it"
        )
    shown = [
        TokenRow(row.pair_id, row.prompt_ids, row.answer_ids[: limit - len(row.prompt_ids)])
        for row in kept
    ]
    return shown, sum(row.num_tokens > limit for row in kept), len(rows) - len(kept)
