"""Which tensor of a base an adapter changes, and how: asked of peft itself, on a model without weights.

peft wraps a model of shapes alone (torch's meta device) as the adapter's config says, so that ranks, scales, patterns
and layer kinds are its own reading of that config. Whatever it wraps that is not known here is refused by name, and so
is a tensor of the adapter that nothing consumed.
"""

import dataclasses
import re
import warnings
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model_state_dict
from peft.tuners.lora import layer as lora
from peft.tuners.lora.variants import DoraLinearVariant
from peft.utils.other import ModulesToSaveWrapper, TrainableTokensWrapper

from oracle_sft.errors import UserError
from oracle_sft.model.adapter import check_adapter_folder
from oracle_sft.model.load import read_object
from oracle_sft.model.names import StoredAs, stored_names
from oracle_sft.model.shards import Checkpoint, Stored, read_header
from oracle_sft.model.updates import (
    AddBias,
    Dora,
    Experts,
    LowRank,
    Replace,
    Tokens,
    TransposedLowRank,
    Update,
)

_CAUSAL_LM: Any = transformers.AutoModelForCausalLM
_PREFIX = "base_model.model."
_WEIGHTS = "adapter_model.safetensors"
_PLAIN_INITS = (True, False, None, "gaussian", "eva", "orthogonal")
"""Ways to begin that leave the base as it was; the others take a part of the base out (PiSSA, OLoRA, LoftQ, ...)."""
_NOT_MERGED = {
    "use_qalora": "QA-LoRA",
    "velora_config": "VeLoRA",
    "kasa_config": "KaSA",
    "monteclora_config": "MonteCLoRA",
    "use_bdlora": "BD-LoRA",
    "arrow_config": "Arrow",
    "alora_invocation_tokens": "activated LoRA",
    "layer_replication": "layer replication",
    "megatron_config": "Megatron layers",
}
_LEFT_OVER = re.compile(r"\.(original_module|modules_to_save)\.")
"""Beside a module that is saved whole, peft 0.21 may save its wrapper's parts once more; it reads neither again."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each tensor."""

    updates: dict[str, list[Update]]
    """By name in the model, in the order in which they are made."""
    shapes: dict[str, tuple[int, ...]]
    """Of all tensors of the merged model, by name in the model."""
    stored: dict[str, StoredAs]
    """By name in the model: where the base keeps it."""
    embedding: str
    head: str
    """Empty where the model has none."""
    was_tied: bool
    """Whether head and embedding are one tensor in the base."""
    untied: bool
    """Whether they are two in the merged model, and were one in the base."""
    num_tokens: int | None
    """Rows of the merged embedding where they are not the base's."""
    quantizable: frozenset[str]
    """Weights that 4-bit training quantises: linear layers but the head."""


def plan_merge(checkpoint: Checkpoint, adapter_folder: Path) -> Plan:
    """What the adapter in `adapter_folder` does to the base's tensors; no weight is read.

    Raises:
        UserError: the adapter is of a kind that cannot be merged exactly, belongs to another base, or base and adapter
            do not fit together; the message names what and where.
    """
    conf = _adapter_conf(adapter_folder)
    held, _ = read_header(adapter_folder / _WEIGHTS)
    model = _shapes_of(checkpoint, held)
    stored = stored_names(model, checkpoint)
    reader = _Reader(model, held, adapter_folder)
    reader.read(_wrapped(model, conf, adapter_folder))
    reader.check_all_used()
    for name in reader.updates:
        if name not in stored and not (reader.leaves and name == reader.head):
            raise UserError(
                f"the adapter in {adapter_folder} changes {name}, which the base in {checkpoint.folder} has not; "
                "give the base that it was trained on"
            )
    rows = reader.shapes[reader.embedding][0]
    (kept,) = (
        each for name, each in checkpoint.tensors() if name in stored[reader.embedding].names
    )
    return Plan(
        updates=dict(reader.updates),
        shapes=reader.shapes,
        stored=stored,
        embedding=reader.embedding,
        head=reader.head,
        was_tied=reader.was_tied,
        untied=reader.leaves,
        num_tokens=rows if rows != kept.shape[0] else None,
        quantizable=reader.quantizable,
    )


def _adapter_conf(folder: Path) -> LoraConfig:
    """The adapter's config, of a kind that is known to be merged exactly."""
    said = check_adapter_folder(folder)
    path = folder / "adapter_config.json"
    known = {each.name for each in dataclasses.fields(LoraConfig)}
    for name, value in said.items():
        if name not in known and value:
            raise UserError(
                f"{path} says {name}={value!r}, which peft here does not know; what it does to the weights is "
                "unknown, so the adapter is not merged"
            )
    for name, kind in _NOT_MERGED.items():
        if said.get(name):
            raise UserError(
                f"{path} says {name}={said[name]!r}: {kind} cannot be merged exactly; merge plain LoRA, rsLoRA or DoRA"
            )
    if said.get("init_lora_weights", True) not in _PLAIN_INITS:
        raise UserError(
            f"{path} says init_lora_weights={said['init_lora_weights']!r}, which takes a part out of the base before "
            "training; convert the adapter to plain LoRA (peft: save_pretrained with path_initial_model_for_weight_"
            "conversion) and merge that"
        )
    try:
        conf: LoraConfig = LoraConfig.from_pretrained(str(folder))
    except (TypeError, ValueError, KeyError) as error:
        raise UserError(f"{path} cannot be used ({error})") from error
    conf.inference_mode = True
    return conf


def _shapes_of(checkpoint: Checkpoint, held: dict[str, Stored]) -> Any:
    """The base as shapes, with as many embedding rows as the adapter brings."""
    config_path = checkpoint.folder / "config.json"
    said = read_object(config_path, "give the folder that a model was saved to")
    if said.get("quantization_config"):
        raise UserError(
            f"{config_path} says that the base is quantised ({said['quantization_config'].get('quant_method')}); "
            "merge into the full-precision model that it was made from"
        )
    try:
        conf = transformers.AutoConfig.from_pretrained(checkpoint.folder, local_files_only=True)
        with torch.device("meta"):
            model: Any = _CAUSAL_LM.from_config(conf, dtype=checkpoint.dtype)
        rows = _embedding_rows(model, held)
        if rows is not None and rows != model.get_input_embeddings().weight.shape[0]:
            with torch.device("meta"):
                model.resize_token_embeddings(rows, mean_resizing=False)
    except (OSError, ValueError, KeyError) as error:
        raise UserError(
            f"{config_path} describes no causal language model that transformers {transformers.__version__} knows "
            f"({str(error).splitlines()[0]})"
        ) from error
    return model


def _embedding_rows(model: Any, held: dict[str, Stored]) -> int | None:
    """Rows of the embedding or the head that the adapter brings whole."""
    ends = {id(model.get_input_embeddings()), id(model.get_output_embeddings())}
    for name, layer in model.named_modules():
        if id(layer) in ends:
            for key in (f"{_PREFIX}{name}.weight", f"{_PREFIX}{name}.base_layer.weight"):
                if key in held:
                    return held[key].shape[0]
    return None


def _wrapped(model: Any, conf: LoraConfig, folder: Path) -> Any:
    with warnings.catch_warnings(), torch.device("meta"):
        # peft warns of tied layers and of a Conv1D's direction; what matters of both is checked here.
        warnings.simplefilter("ignore")
        try:
            return PeftModel(model, conf, low_cpu_mem_usage=True)
        except (ValueError, TypeError, KeyError, NotImplementedError, AttributeError) as error:
            raise UserError(
                f"the adapter in {folder} cannot be put on this base ({str(error).splitlines()[0]}); "
                "give the base that it was trained on"
            ) from error


class _Reader:
    """The updates that a wrapped model asks for."""

    def __init__(self, model: Any, held: dict[str, Stored], folder: Path) -> None:
        self.updates: dict[str, list[Update]] = defaultdict(list)
        self._held = held
        self._folder = folder
        self._used: set[str] = set()
        self.leaves = False
        """Whether the head becomes a tensor of its own."""
        names = {id(layer): name for name, layer in model.named_modules()}
        head = model.get_output_embeddings()
        self.embedding = f"{names[id(model.get_input_embeddings())]}.weight"
        self.head = f"{names[id(head)]}.weight" if head is not None else ""
        self.was_tied = head is not None and head.weight is model.get_input_embeddings().weight
        self.quantizable = frozenset(
            f"{name}.weight"
            for name, layer in model.named_modules()
            if isinstance(layer, torch.nn.Linear) and layer is not head
        )
        self.shapes = {
            name: tuple(each.shape) for name, each in model.named_parameters(remove_duplicate=False)
        }

    def read(self, wrapped: Any) -> None:
        """Collect the updates of each layer that peft wrapped, whole tensors first."""
        self._expect(wrapped)
        base = wrapped.get_base_model()
        ends = (base.get_input_embeddings(), base.get_output_embeddings())
        self.leaves = (
            self.was_tied
            and any(isinstance(end, ModulesToSaveWrapper) for end in ends)
            and not wrapped.peft_config[_active(wrapped)].ensure_weight_tying
        )
        self._whole_tensors()
        for path, module in wrapped.named_modules():
            match module:
                case lora.ParamWrapper():
                    self._parameter(path, module)
                case lora.Linear():
                    self._linear(path, module)
                case lora.Embedding():
                    self._embedding_layer(path, module)
                case lora.LoraLayer():
                    raise UserError(
                        f"the adapter in {self._folder} changes {_bare(path)}, a "
                        f"{type(module.get_base_layer()).__name__}, which cannot be merged exactly; train one without"
                    )
                case TrainableTokensWrapper():
                    self._tokens(path, module)
                case ModulesToSaveWrapper():
                    pass  # its tensors are whole ones

    def check_all_used(self) -> None:
        """Pass when each tensor of the adapter has its place.

        Raises:
            UserError: one has none.
        """
        unused = sorted(
            name for name in self._held.keys() - self._used if not _LEFT_OVER.search(name)
        )
        if unused:
            raise UserError(
                f"{self._folder / _WEIGHTS} holds {unused[0]}{' and others' if unused[1:] else ''}, which nothing in "
                "the base or in adapter_config.json asks for; take both from the same training, and the base that it "
                "was trained on"
            )

    def _expect(self, wrapped: Any) -> None:
        """Hold shapes against those that peft wants; a missing tensor would be a fresh one there."""
        with warnings.catch_warnings():
            # peft 0.21 takes the bias of lora_B for a matrix that a sharded optimizer has lost.
            warnings.filterwarnings("ignore", message=".*have invalid shape")
            wanted = get_peft_model_state_dict(wrapped, save_embedding_layers=False)
        for name, tensor in wanted.items():
            if name not in self._held:
                raise UserError(
                    f"{self._folder / _WEIGHTS} lacks {name}, which its adapter_config.json asks for on this base; "
                    "take both from the same training, and the base that it was trained on"
                )
            if self._held[name].shape != tuple(tensor.shape):
                raise UserError(
                    f"the adapter in {self._folder} is for another base: {name} has shape "
                    f"{list(self._held[name].shape)}, this base wants {list(tensor.shape)}; "
                    "give the base that it was trained on"
                )

    def _whole_tensors(self) -> None:
        """Weights and biases of the base that the adapter brings whole: modules_to_save, trained biases, embeddings
        that were saved beside it.
        """
        for name, stored in self._held.items():
            place = _bare(name)
            if stored.shape != self.shapes.get(place):
                continue
            if place == self.head and self.was_tied and not self.leaves:
                place = self.embedding
                other = self._held.get(f"{_PREFIX}{place}")
                if other is not None and not torch.equal(other.read(), stored.read()):
                    raise UserError(
                        f"{self._folder / _WEIGHTS} holds other numbers for {self.head} than for {place}, and in this "
                        "base they are one tensor (tied embeddings); list both in modules_to_save and train again"
                    )
            self._used.add(name)
            if not any(isinstance(each, Replace) for each in self.updates[place]):
                self.updates[place].append(Replace(stored))

    def _tokens(self, path: str, module: Any) -> None:
        adapter = module.token_adapter
        if adapter.tied_adapter:
            return  # the embedding's rows are the head's
        rows = tuple(int(row) for row in adapter.token_indices[_active(adapter)])
        by = self._take(f"{path}.token_adapter.trainable_tokens_delta")
        self.updates[f"{_bare(path)}.weight"].append(Tokens(rows, by))

    def _linear(self, path: str, module: Any) -> None:
        name = _active(module)
        a, b = self._take(f"{path}.lora_A.weight"), self._take(f"{path}.lora_B.weight")
        scale, place = float(module.scaling[name]), f"{_bare(path)}.weight"
        self._refuse_tied(place)
        variant = module.lora_variant.get(name)
        made: Update
        if isinstance(variant, DoraLinearVariant):
            magnitude = self._take(f"{path}.lora_magnitude_vector")
            made = Dora(a, b, magnitude, scale, bool(module.fan_in_fan_out))
        elif variant is not None:
            raise UserError(
                f"the adapter in {self._folder} uses {type(variant).__name__} on {place}, which cannot be merged "
                "exactly; merge plain LoRA, rsLoRA or DoRA"
            )
        elif module.fan_in_fan_out:
            made = TransposedLowRank(a, b, scale)
        else:
            made = LowRank(a, b, scale)
        self.updates[place].append(made)
        if module.lora_bias[name]:
            bias = f"{_bare(path)}.bias"
            if bias not in self.shapes:
                raise UserError(
                    f"the adapter in {self._folder} has a bias for {_bare(path)}, a layer without one; such an adapter "
                    "cannot be merged"
                )
            self.updates[bias].append(AddBias(self._take(f"{path}.lora_B.bias"), scale))

    def _embedding_layer(self, path: str, module: Any) -> None:
        name = _active(module)
        if name in module.lora_variant:
            raise UserError(
                f"the adapter in {self._folder} uses {type(module.lora_variant[name]).__name__} on {_bare(path)}, "
                "which cannot be merged exactly; use plain LoRA on embeddings"
            )
        place = f"{_bare(path)}.weight"
        self._refuse_tied(place)
        a, b = self._take(f"{path}.lora_embedding_A"), self._take(f"{path}.lora_embedding_B")
        made = TransposedLowRank(a, b, float(module.scaling[name]), is_rounded=True)
        self.updates[place].append(made)

    def _parameter(self, path: str, module: Any) -> None:
        name = _active(module)
        place = f"{_bare(path)}.{module.parameter_name}"
        self._refuse_tied(place)
        a, b = self._take(f"{path}.lora_A.weight"), self._take(f"{path}.lora_B.weight")
        scale = float(module.scaling[name])
        if module.num_experts == 1:
            self.updates[place].append(LowRank(a, b, scale, is_rounded=True))
            return
        swapped = bool(module._did_swap_in_out_features)
        self.updates[place].append(Experts(a, b, scale, module.num_experts, swapped))

    def _refuse_tied(self, place: str) -> None:
        if self.was_tied and place in (self.embedding, self.head):
            raise UserError(
                f"the adapter in {self._folder} changes {place}, whose weight is both embedding and head (tied "
                "embeddings): such an adapter cannot be put back exactly; train one without that layer"
            )

    def _take(self, key: str) -> Stored:
        self._used.add(key)
        return self._held[key]


def _active(module: Any) -> str:
    (name,) = module.active_adapters
    return str(name)


def _bare(path: str) -> str:
    """A name in the wrapped model as the base has it."""
    return path.removeprefix(_PREFIX).replace(".base_layer", "")
