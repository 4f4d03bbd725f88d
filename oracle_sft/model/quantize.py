"""Four bits a weight: the quantiser runs in a process of its own and is never imported here."""

import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import oracle_sft
from oracle_sft.config.weights import AwqConf, CalibratedQuantConf, GptqConf
from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.model.adapter import inference_dtype
from oracle_sft.model.load import (
    check_model_folder,
    load_tokenizer,
    load_weights,
    read_object,
    tensor_heads,
)
from oracle_sft.optional import require
from oracle_sft.pairs.tokens import TokenRow
from oracle_sft.pairs.trained import rows_digest
from oracle_sft.record.files import building_folder

_WORKER = "oracle_sft.model.quantize_worker"
_TAIL_LINES = 8


@dataclass(frozen=True, slots=True)
class QuantFacts:
    """How the quantised weights came about; algorithm, backend and format are three things."""

    algorithm: str
    backend: str
    backend_version: str
    format: str
    """How the checkpoint is stored: `compressed-tensors`."""
    format_version: str
    bits: int
    group_size: int
    symmetric: bool
    calibration_ids: list[str]
    """Pair ids of the rows that were shown, in their order."""
    calibration_digest: str
    """Of their tokens as they were shown, as `pairs.trained.rows_digest` gives it."""
    calibration_tokens: int
    calibration_cut: int
    """Rows that were longer than quant.calibration_length_tokens and cut."""
    calibration_dropped: int
    """Rows left out because the cut would have taken their whole answer."""
    seconds: float


def quantize(
    merged_folder: Path,
    out_folder: Path,
    conf: AwqConf | GptqConf,
    calibration_rows: Sequence[TokenRow],
    *,
    seed: int = 0,
    log_path: Path,
) -> QuantFacts:
    """Write a 4-bit copy of the model in `merged_folder` to `out_folder`, whole or not at all.

    The quantiser's output goes to `log_path`. An interrupt ends it too.

    Raises:
        UserError: the folder is no model, the group size does not divide a layer, or there are no calibration rows.
        EnvironmentFault: the quantiser is not installed, ran out of memory, or failed; with the end of its log.
    """
    started = time.monotonic()
    algorithm, symmetric = _algorithm(conf)
    check_model_folder(merged_folder)
    _check_groups(merged_folder, conf)
    rows, cut, dropped = _calibration(calibration_rows, conf)
    job: dict[str, Any] = {
        "model": str(merged_folder.resolve()),
        "algorithm": algorithm,
        "group_size": conf.group_size,
        "dampening_fraction": conf.dampening_fraction if isinstance(conf, GptqConf) else None,
        "max_length_tokens": conf.calibration_length_tokens,
        "seed": seed,
        "rows": [
            {"input_ids": row.input_ids(), "answer_start": len(row.prompt_ids)} for row in rows
        ],
    }
    with building_folder(out_folder) as building, _exchange(building) as exchange:
        job["out"] = str(building.resolve())
        result = _run(job, conf, Path(exchange), log_path)
        check_model_folder(building)
        load_tokenizer(building)
    return QuantFacts(
        algorithm=algorithm,
        backend=result["backend"],
        backend_version=result["backend_version"],
        format=result["format"],
        format_version=result["format_version"],
        bits=4,
        group_size=conf.group_size,
        symmetric=symmetric,
        calibration_ids=[row.pair_id for row in rows],
        calibration_digest=rows_digest(rows),
        calibration_tokens=sum(row.num_tokens for row in rows),
        calibration_cut=cut,
        calibration_dropped=dropped,
        seconds=round(time.monotonic() - started, 3),
    )


def load_quantized(folder: Path) -> tuple[Any, Any]:
    """Model and tokenizer of a bundle that `quantize` wrote, its weights unpacked once at load.

    The numbers are those of the 4-bit weights; only a server with a kernel for them also saves the memory.

    Raises:
        UserError: the folder is missing or does not hold a whole model.
        EnvironmentFault: compressed-tensors is not installed.
    """
    check_model_folder(folder)
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


def _exchange(building: Path) -> "tempfile.TemporaryDirectory[str]":
    """A folder for job and result; what a kill leaves of it is swept with the other strays."""
    return tempfile.TemporaryDirectory(prefix=building.stem, suffix=".part", dir=building.parent)


def _algorithm(conf: CalibratedQuantConf) -> tuple[str, bool]:
    """Name, and whether the grid is symmetric around zero."""
    match conf:
        case AwqConf():
            return "awq", False
        case GptqConf():
            return "gptq", True
    raise UserError(f"quant.name={conf.name!r} has no quantiser; use awq or gptq")


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


def _run(
    job: dict[str, Any], conf: CalibratedQuantConf, exchange: Path, log_path: Path
) -> dict[str, Any]:
    """Run the worker on a job; returns its result."""
    python = conf.python or sys.executable
    job["result"] = str(exchange / "result.json")
    job_path = exchange / "job.json"
    job_path.write_text(json.dumps(job), encoding="utf-8")
    # The worker's interpreter may be another one, which finds this package where this one did.
    package_dir = str(Path(oracle_sft.__file__).resolve().parent.parent)
    search = os.pathsep.join([package_dir, *filter(None, [os.environ.get("PYTHONPATH")])])
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with log_path.open("ab") as log:
        try:
            worker = subprocess.Popen(
                [python, "-m", _WORKER, str(job_path)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, "PYTHONPATH": search},
            )
        except OSError as error:
            raise UserError(
                f"quant.python={python} cannot be started ({error.strerror}); give an interpreter, or null"
            ) from error
        try:
            code = worker.wait()
        finally:
            # Reached early when this process is interrupted: a worker that went on would write into a removed folder.
            worker.kill()
            worker.wait()
    result_path = Path(job["result"])
    result = read_object(result_path, "see the log") if result_path.is_file() else {}
    if code or not result.get("ok"):
        raise EnvironmentFault(_failure(code, result, python, conf, log_path))
    return result


def _failure(
    code: int, result: dict[str, Any], python: str, conf: CalibratedQuantConf, log_path: Path
) -> str:
    if missing := result.get("missing_module"):
        return (
            f"quant={conf.name} needs {missing}, which {python} does not have; run: "
            "pip install -c constraints.txt 'oracle-sft[quant]', or set quant.python to an interpreter that has it"
        )
    what = f"ended with exit code {code}"
    if code < 0:
        what = f"was ended by signal {-code}"
    if code == -9:
        what += " (out of memory? lower quant.calibration_rows)"
    lines = [line for line in _lines(log_path) if line.strip()][-_TAIL_LINES:]
    return "\n".join([f"the quantiser {what}; the whole log is {log_path}; its end:", *lines])


def _lines(log_path: Path) -> list[str]:
    """The log as a terminal would show it: of a progress bar, the last state."""
    text = log_path.read_text(encoding="utf-8", errors="replace")
    return [line.rpartition("\r")[2] for line in text.split("\n")]
