"""What is trained on a base, how it is kept, and how it is put back on."""

import difflib
import re
import warnings
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict

from oracle_sft.config.weights import AdapterConf, ComputeDtype, FullConf, LoraConf, QloraConf
from oracle_sft.errors import CheckFailed, UserError
from oracle_sft.model.load import (
    Base,
    check_model_folder,
    choose_compute_dtype,
    is_tied,
    load_nf4,
    load_tokenizer,
    load_weights,
    read_object,
    stored_dtype,
    tensor_heads,
    torch_dtype,
)
from oracle_sft.model.shards import read_header
from oracle_sft.record.files import building_folder, write_json

ALL_LINEAR = "all-linear"
ADAPTER_MANIFEST = "MANIFEST.json"
_WEIGHTS = "adapter_model.safetensors"
_LORA_TENSOR = re.compile(
    r"base_model\.model\.(?P<layer>.+)\.(?P<part>lora_[AB]|lora_embedding_[AB])(?:\.weight)?"
)


def attach(base: Base, conf: AdapterConf, seed: int) -> Any:
    """The model with what `conf` trains set to require gradients, and nothing else.

    The same seed gives the same initial adapter.

    Raises:
        UserError: a target layer does not exist, cannot carry an adapter, or is tied to another one.
    """
    match conf:
        case FullConf():
            return base.model.requires_grad_(True)
        case LoraConf():
            targets = _targets(base.model, conf.target_modules)
            # Initialisation draws from the global generator, whose state belongs to the caller.
            with torch.random.fork_rng(devices=_cuda_devices()):
                torch.manual_seed(seed)
                return get_peft_model(
                    base.model,
                    LoraConfig(
                        r=conf.rank,
                        lora_alpha=conf.alpha,
                        lora_dropout=conf.dropout,
                        target_modules=targets,
                        task_type="CAUSAL_LM",
                    ),
                )
    raise UserError(f"adapter.name={conf.name!r} is not known; use full, lora or qlora")


def save(
    model: Any,
    tokenizer: Any,
    folder: Path,
    conf: AdapterConf,
    *,
    base_quant: dict[str, Any] | None = None,
) -> None:
    """Write what was trained to `folder`, whole or not at all, and read it back; `base_quant` says how training saw
    its base.

    An adapter is kept in the float32 that it was trained in; full weights are turned, in place, into the format of the
    base's own files.

    Raises:
        CheckFailed: a tensor is empty or holds NaN or infinity.
        EnvironmentFault: the disk is full, or the folder may not be written to.
    """
    with building_folder(folder) as building:
        if isinstance(conf, FullConf):
            model.to(stored_dtype(Path(model.name_or_path))).save_pretrained(building)
        else:
            for said in model.peft_config.values():
                # peft holds the layers in a set and writes them in its order, another one in each process.
                said.target_modules = sorted(said.target_modules)
            model.save_pretrained(str(building), save_embedding_layers=False)
            # peft's model card is a form of forty questions that nobody has answered.
            (building / "README.md").unlink(missing_ok=True)
        tokenizer.save_pretrained(building)
        write_json(building / ADAPTER_MANIFEST, {"kind": conf.name, "base_quant": base_quant})
        check_tensors(building)


def load_for_inference(
    base_folder: Path, adapter_folder: Path | None, conf: AdapterConf
) -> tuple[Any, Any]:
    """Model and tokenizer that answer as `conf` trained them; without `adapter_folder`, the plain base.

    For qlora the base is the NF4 one that training saw; for full, `adapter_folder` is the model.

    Raises:
        UserError: a folder is missing or does not hold what it should, or the adapter belongs to another base.
    """
    if adapter_folder is None or isinstance(conf, FullConf):
        folder = base_folder if adapter_folder is None else adapter_folder
        check_model_folder(folder)
        return load_weights(folder, dtype=inference_dtype()).eval(), load_tokenizer(folder)
    check_model_folder(base_folder)
    check_adapter_folder(adapter_folder)
    dtype = inference_dtype()
    if isinstance(conf, QloraConf):
        model = load_nf4(base_folder, dtype=dtype, double_quant=conf.double_quant)
        if model.device.type == "cpu":
            # Unpacked once and not at each token: the same numbers, and 4 bits save nothing on an idle CPU.
            model = model.dequantize(dtype=dtype)
    else:
        model = load_weights(base_folder, dtype=dtype)
    return put_on(model, adapter_folder).eval(), load_tokenizer(base_folder)


def put_on(model: Any, adapter_folder: Path) -> Any:
    """`model` with the adapter in `adapter_folder` on it, every tensor of the adapter used.

    Raises:
        UserError: the adapter belongs to another base; names and shapes are given.
    """
    check_fits(model, adapter_folder)
    with warnings.catch_warnings():
        # peft fills a layer whose tensors are missing with a fresh adapter and warns; here it is refused.
        warnings.filterwarnings("ignore", message="Found missing adapter keys")
        loaded: Any = PeftModel.from_pretrained(model, str(adapter_folder), local_files_only=True)
    wanted = get_peft_model_state_dict(loaded, save_embedding_layers=False).keys()
    missing = sorted(wanted - tensor_heads(adapter_folder / _WEIGHTS).keys())
    if missing:
        raise UserError(
            f"{adapter_folder / _WEIGHTS} lacks {missing[0]}{' and others' if missing[1:] else ''}, which its "
            "adapter_config.json asks for; take both from the same training"
        )
    return loaded


def inference_dtype() -> torch.dtype:
    """The format to answer in: bfloat16 on a GPU that has it, else float32.

    On a CPU with bfloat16 units, 64 rows of the tiny model decode in 20 ms a token in float32 and 34 ms in bfloat16.
    """
    if torch.cuda.is_available():
        return torch_dtype(choose_compute_dtype(ComputeDtype.auto)[0])
    return torch.float32


def check_adapter_folder(folder: Path) -> dict[str, Any]:
    """The content of adapter_config.json in `folder`, which also holds the adapter's tensors.

    Raises:
        UserError: the folder, its config or its tensors are missing, or it is no LoRA adapter.
    """
    if not folder.is_dir():
        raise UserError(
            f"adapter folder {folder} does not exist; train one, or give the folder of a trained adapter"
        )
    config = read_object(
        folder / "adapter_config.json", "give the folder that an adapter was saved to"
    )
    if config.get("peft_type") != "LORA":
        raise UserError(
            f"{folder / 'adapter_config.json'} says peft_type={config.get('peft_type')!r}; only LORA is supported"
        )
    if not (folder / _WEIGHTS).is_file():
        raise UserError(f"{folder} has no {_WEIGHTS}; give the folder that an adapter was saved to")
    return config


def adapter_manifest(folder: Path) -> dict[str, Any]:
    """What training noted beside the adapter in `folder`; empty for one that was trained elsewhere."""
    path = folder / ADAPTER_MANIFEST
    return read_object(path, "train again") if path.is_file() else {}


def check_fits(model: Any, adapter_folder: Path) -> None:
    """Pass when each tensor of the adapter has its layer in `model`, of the right shape.

    Raises:
        UserError: one does not; it is named, with both shapes.
    """
    layers = dict(model.named_modules())
    for name, (_, shape) in tensor_heads(adapter_folder / _WEIGHTS).items():
        found = _LORA_TENSOR.fullmatch(name)
        if found is None:
            raise UserError(
                f"{adapter_folder} holds {name}, which is not a LoRA tensor that this version can use"
            )
        layer = layers.get(found["layer"])
        if layer is None or getattr(layer, "weight", None) is None:
            raise UserError(
                f"the adapter in {adapter_folder} is for another base: it has {found['layer']}, the base has no such "
                "layer; give the base that it was trained on"
            )
        part = found["part"]
        if is_tied(model) and layer in (
            model.get_input_embeddings(),
            model.get_output_embeddings(),
        ):
            raise UserError(
                f"the adapter in {adapter_folder} changes {found['layer']}, whose weight is both embedding and head "
                "(tied embeddings): such an adapter cannot be put back exactly; train one without that layer"
            )
        expected, actual = _fan(layer, part), shape[0 if part.endswith("_B") else 1]
        if expected != actual:
            raise UserError(
                f"the adapter in {adapter_folder} is for another base: {name} has shape {list(shape)}, the layer "
                f"wants {expected} where it has {actual}; give the base that it was trained on"
            )


def check_tensors(folder: Path) -> None:
    """Pass when the safetensors files in `folder` hold tensors, none of them empty, NaN or infinite.

    Raises:
        CheckFailed: one of them is; it is named. Saving under a sharded optimizer has lost tensors this way.
    """
    num_tensors = 0
    for path in sorted(folder.glob("*.safetensors")):
        tensors, _ = read_header(path)
        for name, stored in tensors.items():
            tensor = stored.read()
            num_tensors += 1
            if not tensor.numel():
                raise CheckFailed(f"{name} is empty; train again, these weights are lost")
            if not torch.isfinite(tensor).all():
                raise CheckFailed(
                    f"{name} holds NaN or infinity; lower train.learning_rate and train again"
                )
    if not num_tensors:
        raise CheckFailed("no tensor was saved; train again, these weights are lost")


def _targets(model: Any, wanted: list[str]) -> str | list[str]:
    """Target layers as peft takes them, each of them known to exist."""
    if wanted == [ALL_LINEAR]:
        return ALL_LINEAR  # peft leaves the head out
    linear = {
        name.rpartition(".")[2]
        for name, layer in model.named_modules()
        if isinstance(layer, torch.nn.Linear) and layer is not model.get_output_embeddings()
    }
    if ALL_LINEAR in wanted:
        raise UserError(
            f"adapter.target_modules={wanted} mixes {ALL_LINEAR} with names; use [{ALL_LINEAR}] alone, "
            f"or name layers: {', '.join(sorted(linear))}"
        )
    for name in wanted:
        _check_not_tied(model, name)
        if not any(
            layer == name or layer.endswith(f".{name}") for layer, _ in model.named_modules()
        ):
            near = difflib.get_close_matches(name, linear, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise UserError(
                f"adapter.target_modules has {name!r}, and the model has no such layer{meant} "
                f"known: {', '.join(sorted(linear))}"
            )
        if name not in linear and name.rpartition(".")[2] not in {*linear, _leaf(model, "input")}:
            raise UserError(
                f"adapter.target_modules has {name!r}, which is no linear layer; known: {', '.join(sorted(linear))}"
            )
    return wanted


def _check_not_tied(model: Any, name: str) -> None:
    leaf = name.rpartition(".")[2]
    if leaf == _leaf(model, "output"):
        raise UserError(
            f"adapter.target_modules has {name!r}: the loss is computed from the head's own weight, so an adapter on "
            "it would not be trained; leave it out"
        )
    if leaf == _leaf(model, "input") and is_tied(model):
        raise UserError(
            f"adapter.target_modules has {name!r}, whose weight is also the model's head (tied embeddings): merging "
            "such an adapter corrupts the model in peft 0.21; leave it out"
        )


def _leaf(model: Any, end: str) -> str:
    """Last part of the name of the input or output embedding."""
    wanted = model.get_input_embeddings() if end == "input" else model.get_output_embeddings()
    names = [name for name, layer in model.named_modules() if layer is wanted and name]
    return names[0].rpartition(".")[2] if names else ""


def _fan(layer: Any, part: str) -> int:
    """The width that a LoRA tensor shares with its layer."""
    match part:
        case "lora_A":
            return int(layer.in_features)
        case "lora_B":
            return int(layer.out_features)
        case "lora_embedding_A":
            return int(layer.num_embeddings)
        case _:
            return int(layer.embedding_dim)


def _cuda_devices() -> list[int]:
    return [torch.cuda.current_device()] if torch.cuda.is_available() else []
