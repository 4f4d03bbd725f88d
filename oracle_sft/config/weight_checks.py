"""The rules between values that speak of weights: base, adapter, quantisation."""

import json
from collections.abc import Iterator
from pathlib import Path

from oracle_sft.config.values import exists, positive
from oracle_sft.config.weights import (
    CalibratedQuantConf,
    GptqConf,
    LoraConf,
    ModelConf,
    QuantBackend,
    QuantConf,
    QuantizerConf,
)

_EMBEDDINGS = frozenset({"embed_tokens", "lm_head", "wte", "embed_in", "embed_out"})
_QUANT_BACKENDS: dict[str, list[QuantBackend]] = {
    "awq": [backend for backend in QuantBackend if backend is not QuantBackend.autogptq],
    "gptq": [backend for backend in QuantBackend if backend is not QuantBackend.autoawq],
}


def model_problems(conf: ModelConf) -> Iterator[str]:
    if conf.path is not None:
        yield from exists(
            "model.path", conf.path, "a folder with config.json, safetensors and tokenizer"
        )
    yield from positive(conf, "model", "context_tokens")


def lora_problems(conf: LoraConf, model: ModelConf) -> Iterator[str]:
    yield from positive(conf, "adapter", "rank", "alpha")
    if not 0 <= conf.dropout < 1:
        yield f"adapter.dropout={conf.dropout} is no fraction; use 0 or more and less than 1"
    if not conf.target_modules:
        yield "adapter.target_modules is empty, so nothing would be trained; use [all-linear] or name layers"
    tied = sorted(set(conf.target_modules) & _EMBEDDINGS) if _says_tied(model) else []
    if tied:
        yield (
            f"adapter.target_modules has {', '.join(tied)}, and {model.path}/config.json says that embedding and "
            "head are one weight (tie_word_embeddings): merging such an adapter corrupts the model in peft 0.21; "
            "leave it out"
        )


def _says_tied(model: ModelConf) -> bool:
    """Whether config.json says so; training looks at the model itself, whose class may tie them without a word."""
    try:
        said = json.loads(Path(str(model.path), "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and said.get("tie_word_embeddings") is True


def quant_problems(conf: QuantConf) -> Iterator[str]:
    if isinstance(conf, CalibratedQuantConf):
        yield from positive(
            conf, "quant", "group_size", "calibration_rows", "calibration_length_tokens"
        )
        if conf.calibration_file is not None:
            yield from exists(
                "quant.calibration_file", conf.calibration_file, "a JSONL file of pairs"
            )
        able = _QUANT_BACKENDS[conf.name]
        if conf.backend not in able:
            said = ", ".join(backend.value for backend in able)
            yield f"quant.backend={conf.backend.value} has no {conf.name.upper()}; use one of {said}"
    if isinstance(conf, GptqConf):
        usual = GptqConf().dampening_fraction
        if not 0 <= conf.dampening_fraction < 1:
            yield (
                f"quant.dampening_fraction={conf.dampening_fraction} is no fraction; use 0 or more and less than 1"
            )
        elif conf.backend is QuantBackend.autoround and conf.dampening_fraction != usual:
            yield (
                f"quant.dampening_fraction={conf.dampening_fraction} means nothing to quant.backend=autoround, "
                f"which inverts no Hessian; leave it at {usual}"
            )
    if isinstance(conf, QuantizerConf) and conf.python is not None:
        yield from exists("quant.python", conf.python)
