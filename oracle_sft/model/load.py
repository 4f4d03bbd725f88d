"""A folder with a causal language model becomes a model and a tokenizer that can be trained or asked."""

import json
import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from safetensors import SafetensorError, safe_open
from transformers import MODEL_FOR_CAUSAL_LM_MAPPING, AutoModelForCausalLM, AutoTokenizer

from oracle_sft.config.weights import AdapterConf, ComputeDtype, FullConf, QloraConf
from oracle_sft.errors import UserError
from oracle_sft.optional import require

_SAFETENSORS_DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
SAMPLING = ("temperature", "top_p", "top_k", "min_p", "typical_p")
"""Entries of generation_config.json that mean nothing to greedy decoding."""
_AGAIN = "download the model again"
_DTYPES = {ComputeDtype.float32: torch.float32, ComputeDtype.bfloat16: torch.bfloat16}


@dataclass(frozen=True, slots=True)
class Base:
    """A loaded base."""

    model: Any
    tokenizer: transformers.PreTrainedTokenizerBase
    compute_dtype: ComputeDtype
    """What `auto` came to; never `auto`."""
    facts: dict[str, Any]
    """JSON values for the log and the manifests: parameters, dtypes, vocabulary, special tokens, base_quant."""


def facts_line(base: Base) -> str:
    """What was loaded, for the line that the user reads."""
    facts = base.facts
    return (
        f"{facts['parameters'] / 1e6:,.1f} M parameters, {facts['weights_dtype']} weights, {facts['compute_dtype']} "
        f"compute ({facts['compute_dtype_reason']}), vocabulary {facts['vocabulary_size']:,}"
    )


def torch_dtype(dtype: ComputeDtype) -> torch.dtype:
    """The torch dtype of a chosen compute dtype; `auto` must have been chosen before."""
    return _DTYPES[dtype]


def device() -> torch.device:
    """The device of this process: the current CUDA device, or the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda", torch.cuda.current_device())
    return torch.device("cpu")


def choose_compute_dtype(wanted: ComputeDtype) -> tuple[ComputeDtype, str]:
    """The number format to train in, and a clause that says why."""
    if wanted is not ComputeDtype.auto:
        return wanted, "as configured"
    # One QLoRA step of the tiny model, 16 rows of 350 tokens, one core with AVX512-BF16: 1.66 s in float32, 0.77 s in
    # bfloat16. Without such units bfloat16 is emulated: 9 s a step against 0.6 s (two cores with AVX2).
    if torch.cuda.is_available():
        name = torch.cuda.get_device_name()
        if torch.cuda.get_device_capability() >= (8, 0):
            return ComputeDtype.bfloat16, f"{name} has bfloat16 units"
        return ComputeDtype.float32, f"{name} has no bfloat16 units"
    units = sorted({"avx512_bf16", "amx_bf16"} & _cpu_flags())
    if units:
        return ComputeDtype.bfloat16, f"the CPU has bfloat16 units ({', '.join(units)})"
    return ComputeDtype.float32, "the CPU has no bfloat16 units"


def load_tokenizer(folder: Path) -> transformers.PreTrainedTokenizerBase:
    """The tokenizer in `folder`, with a pad token (the end token where it brings none).

    Raises:
        UserError: there is no tokenizer, or it has no end token or no chat template.
    """
    _check_is_folder(folder)
    names = ("tokenizer.json", "tokenizer.model", "vocab.json")
    if not any((folder / name).is_file() for name in names):
        raise UserError(
            f"{folder} has no tokenizer (none of {', '.join(names)}); copy it beside the weights"
        )
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"the tokenizer in {folder} cannot be read ({_first_line(error)}); "
            "save it again with a tested version of transformers"
        ) from error
    if tokenizer.eos_token_id is None:
        raise UserError(
            f"the tokenizer in {folder} has no end token, so an answer would never end; "
            "set eos_token in its tokenizer_config.json"
        )
    if not tokenizer.chat_template:
        raise UserError(
            f"the tokenizer in {folder} has no chat template; use the instruct version of the model, "
            "or put a chat_template.jinja into the folder"
        )
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_base(folder: Path, adapter: AdapterConf, *, compute_dtype: ComputeDtype) -> Base:
    """The base in `folder` as `adapter` trains it: NF4 for qlora, float32 weights for full.

    Raises:
        UserError: the folder does not hold a whole causal language model with tokenizer and chat template.
        EnvironmentFault: qlora, and bitsandbytes is not installed.
    """
    check_model_folder(folder)
    tokenizer = load_tokenizer(folder)
    chosen, reason = choose_compute_dtype(compute_dtype)
    # Trained in bfloat16 alone, a weight would lose every update below 1/256 of its size, so `full` keeps float32
    # weights under autocast; a frozen base loses nothing.
    dtype = torch.float32 if isinstance(adapter, FullConf) else torch_dtype(chosen)
    base_quant = None
    if isinstance(adapter, QloraConf):
        model = load_nf4(folder, dtype=dtype, double_quant=adapter.double_quant)
        base_quant = {
            "method": "nf4",
            "block_size": 64,
            "double_quant": adapter.double_quant,
            "bitsandbytes": require("bitsandbytes", extra="train").__version__,
        }
    else:
        model = load_weights(folder, dtype=dtype)
    check_vocabulary(model.get_input_embeddings().weight.shape[0], tokenizer, folder)
    facts = {
        "architecture": type(model).__name__,
        "parameters": model.num_parameters(),
        "weights_dtype": "nf4" if base_quant else _name(dtype),
        "compute_dtype": chosen.value,
        "compute_dtype_reason": reason,
        "device": str(model.device),
        "vocabulary_size": len(tokenizer),
        "embedding_rows": int(model.get_input_embeddings().weight.shape[0]),
        "tied_embeddings": is_tied(model),
        "special_tokens": dict(sorted(tokenizer.special_tokens_map.items())),
        "base_quant": base_quant,
    }
    return Base(model=model, tokenizer=tokenizer, compute_dtype=chosen, facts=facts)


def load_weights(folder: Path, *, dtype: torch.dtype | str, **options: Any) -> Any:
    """The model in `folder` on this process's device; `dtype="auto"` is the file's own; transformers gets `options`."""
    return _from_pretrained(folder, dtype=dtype, device_map={"": device()}, **options)


def load_dense(
    folder: Path, config: Any, weights: dict[str, torch.Tensor], *, dtype: torch.dtype
) -> Any:
    """The model of `config` with these weights, which came from `folder`, on this process's device."""
    return _from_pretrained(
        folder,
        dtype=dtype,
        device_map={"": device()},
        config=config,
        state_dict=weights,
    )


def load_nf4(folder: Path, *, dtype: torch.dtype, double_quant: bool) -> Any:
    """The model in `folder` with its linear layers, but the head, quantised to NF4; products run in `dtype`.

    Raises:
        EnvironmentFault: bitsandbytes is not installed.
    """
    bitsandbytes = require("bitsandbytes", extra="train")
    nf4_config: Any = transformers.BitsAndBytesConfig
    # Read in the file's own format, so that training and scoring quantise the same numbers whatever they compute in.
    model = _from_pretrained(
        folder,
        dtype="auto",
        device_map={"": device()},
        quantization_config=nf4_config(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=double_quant,
            bnb_4bit_compute_dtype=dtype,
        ),
    )
    for module in model.modules():
        if isinstance(module, bitsandbytes.nn.Linear4bit):
            # On CPUs with AVX512-BF16, bitsandbytes 0.50 repacks a layer's weights at its first forward in eval mode,
            # for a kernel without a backward. The layer stays repacked, so after the first look at the validation
            # loss every gradient below it is wrong: by 96% in tests/model/test_load.py. It also rounds to bfloat16.
            module.support_avx512bf16_for_cpu = False
            # The format that weights are unpacked to; the backward pass takes it from here, not from its input.
            module.weight.quant_state.dtype = dtype
    for parameter in model.parameters():
        if parameter.is_floating_point() and not isinstance(parameter, bitsandbytes.nn.Params4bit):
            parameter.data = parameter.data.to(dtype)
    return model


def check_model_folder(folder: Path) -> None:
    """Pass when `folder` holds config.json and whole safetensors.

    Raises:
        UserError: it does not; the message names the first thing that is missing.
    """
    _check_is_folder(folder)
    config_path = folder / "config.json"
    if not config_path.is_file():
        if (folder / "adapter_config.json").is_file():
            raise UserError(
                f"{folder} holds an adapter, not a model (adapter_config.json, no config.json); give its base"
            )
        raise UserError(
            f"{folder} has no config.json; give a folder that a Hugging Face model was saved to"
        )
    config = read_object(config_path, _AGAIN)
    if not config.get("model_type"):
        raise UserError(
            f"{config_path} names no model_type; give the config.json that the model was saved with"
        )
    index_path = folder / "model.safetensors.index.json"
    if index_path.is_file():
        shards = sorted(set(read_object(index_path, _AGAIN).get("weight_map", {}).values()))
        missing = [name for name in shards if not (folder / name).is_file()]
        if missing or not shards:
            raise UserError(
                f"{folder} lacks {', '.join(missing[:3]) or 'shards'} of the {len(shards)} files that "
                f"{index_path.name} names; download the model again"
            )
    elif not (folder / "model.safetensors").is_file():
        other = [file.name for file in sorted(folder.glob("*.bin"))[:3]]
        found = f" (found {', '.join(other)}: convert it with save_pretrained)" if other else ""
        raise UserError(
            f"{folder} has no model.safetensors and no model.safetensors.index.json{found}; "
            "give a folder with weights"
        )


def stored_dtype(folder: Path) -> torch.dtype:
    """The format of most numbers in the safetensors files of `folder`.

    Raises:
        UserError: a file is damaged, or there is none.
    """
    counts: Counter[torch.dtype] = Counter()
    for path in sorted(folder.glob("*.safetensors")):
        for dtype, shape in tensor_heads(path).values():
            if (known := _SAFETENSORS_DTYPES.get(dtype)) is not None:
                counts[known] += math.prod(shape)
    if not counts:
        raise UserError(f"{folder} has no floating-point weights in safetensors; {_AGAIN}")
    return counts.most_common(1)[0][0]


def tensor_heads(path: Path) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Format (as safetensors names it: F32, BF16) and shape of each tensor in a safetensors file, read from its header.

    Raises:
        UserError: the file is damaged.
    """
    try:
        with safe_open(path, framework="pt") as tensors:
            slices = {name: tensors.get_slice(name) for name in tensors.keys()}  # noqa: SIM118
            return {
                name: (part.get_dtype(), tuple(part.get_shape())) for name, part in slices.items()
            }
    except SafetensorError as error:
        raise UserError(f"{path} is damaged ({error}); {_AGAIN}") from error


def check_vocabulary(num_rows: int, tokenizer: Any, folder: Path) -> None:
    """Pass when every token of the tokenizer has one of the embedding's rows.

    Raises:
        UserError: the tokenizer knows more tokens than the model has rows.
    """
    if len(tokenizer) > num_rows:
        raise UserError(
            f"the tokenizer in {folder} has {len(tokenizer)} tokens and the model {num_rows} embedding rows; "
            "they belong to different models, or the model was not resized after tokens were added"
        )


def is_tied(model: Any) -> bool:
    """Whether the head shares its weight with the input embedding."""
    head = model.get_output_embeddings()
    return head is not None and head.weight is model.get_input_embeddings().weight


def _from_pretrained(folder: Path, **options: Any) -> Any:
    kind: Any = AutoModelForCausalLM
    source: Path | None = folder
    try:
        if "state_dict" in options:
            kind, source = MODEL_FOR_CAUSAL_LM_MAPPING[type(options["config"])], None
        loaded: Any = kind.from_pretrained(
            source,
            local_files_only=True,
            use_safetensors=True,
            output_loading_info=True,
            **options,
        )
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        for path in sorted(folder.glob("*.safetensors")):
            tensor_heads(path)  # names the file, where one is cut
        raise UserError(
            f"the model in {folder} cannot be loaded ({_first_line(error)}); check that its files are whole and "
            f"that transformers {transformers.__version__} knows its architecture"
        ) from error
    model, loading = loaded
    _drop_sampling(model)
    # transformers would fill a missing tensor with random numbers and say so in a warning.
    for problem in ("missing_keys", "mismatched_keys", "error_msgs"):
        names = sorted(str(name) for name in loading.get(problem) or ())
        if names:
            raise UserError(
                f"the weights in {folder} do not fit its config.json: {problem.replace('_', ' ')} "
                f"{', '.join(names[:3])}{' ...' if len(names) > 3 else ''}; take both from the same model"
            )
    return model


def _drop_sampling(model: Any) -> None:
    """Forget how to sample: transformers refuses to save a model whose greedy defaults name a temperature.

    Our own bundles do, because vLLM samples unless it is told a temperature of 0.
    """
    if model.generation_config is not None:
        model.generation_config.do_sample = False
        for name in SAMPLING:
            setattr(model.generation_config, name, None)


def _check_is_folder(folder: Path) -> None:
    if not folder.exists():
        raise UserError(
            f"model folder {folder} does not exist; give a folder with config.json, safetensors, tokenizer"
        )
    if not folder.is_dir():
        raise UserError(
            f"{folder} is a file; give the folder that holds config.json, safetensors and tokenizer"
        )


def read_object(path: Path, remedy: str) -> dict[str, Any]:
    """The JSON object in a file that somebody else wrote.

    Raises:
        UserError: there is no such file, or it holds something else; `remedy` ends the message.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{path} does not exist; {remedy}") from None
    except ValueError as error:
        raise UserError(f"{path} is no JSON ({_first_line(error)}); {remedy}") from error
    if not isinstance(value, dict):
        raise UserError(f"{path} holds no JSON object; {remedy}")
    return value


def _cpu_flags() -> set[str]:
    """Instruction sets of the first core; empty where Linux does not say."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return set()
    return next(
        (set(line.partition(":")[2].split()) for line in lines if line.startswith("flags")), set()
    )


def _first_line(error: BaseException) -> str:
    text = str(error).strip()
    return text.splitlines()[0] if text else type(error).__name__


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
