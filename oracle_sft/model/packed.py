"""Four-bit checkpoints of the gptq and the awq format, as plain weights.

transformers leaves these formats to a package with kernels for them; a machine without it unpacks them once.
"""

from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import safe_open

from oracle_sft.errors import UserError
from oracle_sft.model.load import read_object

_PARTS = ("qweight", "qzeros", "scales", "g_idx")
_AWQ_ORDER = (0, 4, 1, 5, 2, 6, 3, 7)
"""Where the eight numbers of an int32 stand in it, first to last."""


def dense_weights(folder: Path, *, dtype: torch.dtype) -> tuple[Any, dict[str, torch.Tensor]]:
    """The model's config without its quantisation, and all its weights by name, unpacked ones in `dtype`.

    Raises:
        UserError: the checkpoint is packed in a way that this does not read.
    """
    config = transformers.AutoConfig.from_pretrained(folder, local_files_only=True)
    said = read_object(folder / "config.json", "package again")["quantization_config"]
    del config.quantization_config
    _check_readable(folder, said)
    weights, layers = dict[str, torch.Tensor](), dict[str, dict[str, torch.Tensor]]()
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="pt") as tensors:
            for name in tensors.keys():  # noqa: SIM118
                layer, _, part = name.rpartition(".")
                if part in _PARTS:
                    layers.setdefault(layer, {})[part] = tensors.get_tensor(name)
                else:
                    weights[name] = tensors.get_tensor(name)
    for layer in list(layers):
        parts = layers.pop(
            layer
        )  # one at a time: the packed and the plain model are never held whole together
        weights[f"{layer}.weight"] = _unpacked(parts, said, layer, folder).to(dtype)
    return config, weights


def _unpacked(
    parts: dict[str, torch.Tensor], said: dict[str, Any], layer: str, folder: Path
) -> torch.Tensor:
    if missing := [part for part in ("qweight", "qzeros", "scales") if part not in parts]:
        raise UserError(f"{folder}: {layer} has no {', '.join(missing)}; package again")
    qweight, qzeros, scales = parts["qweight"], parts["qzeros"], parts["scales"]
    if said["quant_method"] == "awq":
        return awq_weight(qweight, qzeros, scales)
    plus = 0 if said.get("checkpoint_format") == "gptq_v2" else 1
    return gptq_weight(qweight, qzeros, scales, parts.get("g_idx"), plus=plus)


def gptq_weight(
    qweight: torch.Tensor,
    qzeros: torch.Tensor,
    scales: torch.Tensor,
    groups: torch.Tensor | None,
    *,
    plus: int,
) -> torch.Tensor:
    """The weight `[out, in]` in float32 of packed `[in / 8, out]`, zeros `[groups, out / 8]`, scales `[groups, out]`.

    `groups` `[in]` says which group an input belongs to; None: they follow each other. `plus` is added to the zeros:
    the first version of the format stores them less one.
    """
    numbers = _nibbles(qweight).transpose(1, 2).reshape(-1, qweight.shape[1])
    zeros = _nibbles(qzeros).reshape(qzeros.shape[0], -1) + plus
    if groups is None:
        groups = torch.arange(len(numbers)) // (len(numbers) // len(scales))
    groups = groups.long()
    return ((numbers - zeros[groups]) * scales.float()[groups]).t().contiguous()


def awq_weight(qweight: torch.Tensor, qzeros: torch.Tensor, scales: torch.Tensor) -> torch.Tensor:
    """The same of packed `[in, out / 8]`, zeros `[groups, out / 8]`, scales `[groups, out]`."""
    numbers, zeros = (
        _nibbles(packed)[..., _AWQ_ORDER].reshape(packed.shape[0], -1)
        for packed in (qweight, qzeros)
    )
    size = len(numbers) // len(scales)
    spread = ((numbers.view(-1, size, numbers.shape[1])) - zeros[:, None]) * scales.float()[:, None]
    return spread.reshape(numbers.shape).t().contiguous()


def _nibbles(packed: torch.Tensor) -> torch.Tensor:
    """The eight 4-bit numbers of each int32, lowest first, in a last axis of their own."""
    return (packed[..., None] >> torch.arange(0, 32, 4, dtype=torch.int32)) & 15


def _check_readable(folder: Path, said: dict[str, Any]) -> None:
    where = f"{folder}/config.json says"
    if said.get("bits", 4) != 4:
        raise UserError(f"{where} bits={said['bits']}; only 4-bit checkpoints are unpacked here")
    if said["quant_method"] == "awq" and str(said.get("version", "gemm")).lower() != "gemm":
        raise UserError(f"{where} version={said['version']}; only awq's gemm is unpacked here")
    known = ("gptq", "gptq_v2")
    if said["quant_method"] == "gptq" and said.get("checkpoint_format", "gptq") not in known:
        raise UserError(
            f"{where} checkpoint_format={said['checkpoint_format']}; only {' and '.join(known)} are unpacked here"
        )
