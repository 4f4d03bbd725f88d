"""The shard-wise merge gives the tensors of peft's `merge_and_unload`, bit for bit."""

import hashlib
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import safetensors.torch
import torch
import transformers
from peft import LoraConfig, PeftModel, get_peft_model

from oracle_sft.config.packaging import BaseWeights
from oracle_sft.config.weights import LoraConf
from oracle_sft.model import streams, updates
from oracle_sft.model.load import load_nf4
from oracle_sft.model.merge import MergeFacts, merge
from tests import tiny

BF16, FP16, FP32 = torch.bfloat16, torch.float16, torch.float32


def llama(**changes: Any) -> transformers.LlamaConfig:
    """Sides that are no multiples of each other or of a tile."""
    values: dict[str, Any] = {
        "vocab_size": 272,
        "hidden_size": 72,
        "intermediate_size": 200,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 18,
        "max_position_embeddings": 64,
        "tie_word_embeddings": False,
        "pad_token_id": 0,
        "bos_token_id": None,
        "eos_token_id": 1,
    }
    return transformers.LlamaConfig(**{**values, **changes})


def gpt2() -> transformers.GPT2Config:
    return transformers.GPT2Config(
        vocab_size=272,
        n_embd=48,
        n_layer=2,
        n_head=2,
        n_positions=64,
        bos_token_id=0,
        eos_token_id=1,
    )


def experts(kind: type, **changes: Any) -> Any:
    values: dict[str, Any] = {
        "vocab_size": 272,
        "hidden_size": 64,
        "intermediate_size": 48,
        "moe_intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "num_local_experts": 4,
        "num_experts": 4,
        "num_experts_per_tok": 2,
        "max_position_embeddings": 64,
        "pad_token_id": 0,
        "bos_token_id": None,
        "eos_token_id": 1,
    }
    return kind(**{**values, **changes})


def save_base(folder: Path, config: Any, dtype: torch.dtype, shard: str = "1GB") -> Path:
    torch.manual_seed(3)
    model: Any = transformers.AutoModelForCausalLM.from_config(config)
    model.to(dtype).save_pretrained(folder, max_shard_size=shard)
    tiny.tokenizer().save_pretrained(folder)
    return folder


def loaded(folder: Path) -> Any:
    return transformers.AutoModelForCausalLM.from_pretrained(folder, dtype="auto")


def train_adapter(
    base: Path, folder: Path, rows: int | None = None, dtype: torch.dtype = FP32, **settings: Any
) -> Path:
    """An adapter with random numbers in every tensor."""
    model = loaded(base)
    if rows is not None:
        model.resize_token_embeddings(rows, mean_resizing=False)
    torch.manual_seed(7)
    values = {"r": 4, "lora_alpha": 6, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wrapped = get_peft_model(model, LoraConfig(**{**values, **settings}))
        for name, each in wrapped.named_parameters():
            if each.requires_grad:
                size = 0.3 if "magnitude" in name or "modules_to_save" in name else 0.05
                each.data = (each.data + size * torch.randn_like(each)).to(dtype)
        wrapped.save_pretrained(folder)
    return folder


def merged_by_peft(base: Path, adapter: Path, rows: int | None = None) -> Any:
    model = loaded(base)
    if rows is not None:
        model.resize_token_embeddings(rows, mean_resizing=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return PeftModel.from_pretrained(model, adapter).merge_and_unload()


def digests(tensors: dict[str, torch.Tensor]) -> dict[str, tuple[str, tuple[int, ...], str]]:
    return {
        name: (
            str(each.dtype),
            tuple(each.shape),
            hashlib.sha256(each.contiguous().view(-1).view(torch.uint8).numpy()).hexdigest(),
        )
        for name, each in tensors.items()
    }


def check(tmp_path: Path, base: Path, adapter: Path, rows: int | None = None) -> MergeFacts:
    """Merge both ways, and compare every tensor of the two models, as loaded from disk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        merged_by_peft(base, adapter, rows).save_pretrained(tmp_path / "theirs")
    facts = merge(base, adapter, tmp_path / "ours", adapter=LoraConf())
    theirs, ours = loaded(tmp_path / "theirs"), loaded(tmp_path / "ours")
    assert ours.config.tie_word_embeddings == theirs.config.tie_word_embeddings
    assert ours.config.vocab_size == theirs.config.vocab_size
    assert digests(ours.state_dict()) == digests(theirs.state_dict())
    plain = digests(loaded(base).state_dict())
    changed = [name for name, each in digests(ours.state_dict()).items() if plain.get(name) != each]
    assert changed
    assert facts.tensors > 0
    return facts


CASES: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    "lora": (llama, {}),
    "rslora": (llama, {"use_rslora": True, "lora_alpha": 5}),
    "a scale that is no power of two": (llama, {"r": 7, "lora_alpha": 9}),
    "rank and alpha patterns": (
        llama,
        {
            "rank_pattern": {"q_proj": 2, "layers.1.mlp.down_proj": 9},
            "alpha_pattern": {"^model.layers.0.self_attn.v_proj": 3, "up_proj": 11},
        },
    ),
    "some layers": (llama, {"target_modules": ["q_proj", "down_proj"], "layers_to_transform": [1]}),
    "a regular expression": (llama, {"target_modules": r".*\.0\.mlp\.(up|gate)_proj"}),
    "dora": (llama, {"use_dora": True}),
    "dora with rslora": (llama, {"use_dora": True, "use_rslora": True}),
    "bias of lora_B": (
        lambda: llama(attention_bias=True),
        {"lora_bias": True, "target_modules": ["q_proj", "v_proj"]},
    ),
    "all biases": (lambda: llama(attention_bias=True), {"bias": "all"}),
    "biases of adapted layers": (
        lambda: llama(attention_bias=True),
        {"bias": "lora_only", "target_modules": ["q_proj"]},
    ),
    "head saved whole": (llama, {"modules_to_save": ["lm_head"]}),
    "embedding and head saved whole": (llama, {"modules_to_save": ["embed_tokens", "lm_head"]}),
    "norms saved whole": (llama, {"modules_to_save": ["input_layernorm"]}),
    "embedding adapted": (llama, {"target_modules": ["embed_tokens", "q_proj"]}),
    "head adapted": (llama, {"target_modules": ["lm_head", "q_proj"]}),
    "some tokens": (llama, {"trainable_token_indices": [3, 200, 271]}),
    "tied": (lambda: llama(tie_word_embeddings=True), {}),
    "tied, head saved whole": (
        lambda: llama(tie_word_embeddings=True),
        {"modules_to_save": ["lm_head"]},
    ),
    "tied, embedding saved whole": (
        lambda: llama(tie_word_embeddings=True),
        {"modules_to_save": ["embed_tokens"]},
    ),
    "tied, both saved whole": (
        lambda: llama(tie_word_embeddings=True),
        {"modules_to_save": ["embed_tokens", "lm_head"]},
    ),
    "tied, embedding saved whole and kept tied": (
        lambda: llama(tie_word_embeddings=True),
        {"modules_to_save": ["embed_tokens"], "ensure_weight_tying": True},
    ),
    "tied, some tokens": (
        lambda: llama(tie_word_embeddings=True),
        {"trainable_token_indices": [3, 200]},
    ),
    "fan_in_fan_out": (gpt2, {"target_modules": ["c_attn", "c_fc"], "fan_in_fan_out": True}),
    "fan_in_fan_out that the adapter does not say": (gpt2, {"target_modules": ["c_attn"]}),
    "fan_in_fan_out with dora": (
        gpt2,
        {"target_modules": ["c_attn"], "fan_in_fan_out": True, "use_dora": True},
    ),
    "a fused matrix": (
        lambda: experts(transformers.Phi3Config),
        {"target_modules": ["qkv_proj", "gate_up_proj"]},
    ),
    "experts in one tensor": (
        lambda: experts(transformers.GptOssConfig),
        {"target_modules": ["q_proj"], "target_parameters": ["experts.gate_up_proj"]},
    ),
    "two tensors of experts": (
        lambda: experts(transformers.GptOssConfig),
        {
            "target_modules": ["q_proj"],
            "target_parameters": ["experts.gate_up_proj", "experts.down_proj"],
        },
    ),
    "experts that are stored one by one": (
        lambda: experts(transformers.MixtralConfig),
        {
            "target_modules": ["q_proj"],
            "target_parameters": ["experts.gate_up_proj", "experts.down_proj"],
        },
    ),
    "attention of a model with experts": (
        lambda: experts(transformers.Qwen3MoeConfig),
        {"target_modules": ["q_proj", "o_proj"]},
    ),
}


def cases() -> list[Any]:
    """Each in bfloat16, as bases come; the plain ones and those of other arithmetic in the other formats too."""
    made = []
    for case in CASES:
        for name, dtype in (("bf16", BF16), ("fp16", FP16), ("fp32", FP32)):
            marks = [] if case in ("lora", "dora") and dtype is BF16 else [pytest.mark.slow]
            made.append(pytest.param(case, dtype, id=f"{case}-{name}", marks=marks))
    return made


@pytest.mark.parametrize(("case", "dtype"), cases())
def test_the_tensors_of_peft(case: str, dtype: torch.dtype, tmp_path: Path) -> None:
    config, settings = CASES[case]
    base = save_base(tmp_path / "base", config(), dtype)
    check(tmp_path, base, train_adapter(base, tmp_path / "adapter", **settings))


@pytest.mark.slow
@pytest.mark.parametrize("dtype", [BF16, FP16])
@pytest.mark.parametrize("case", ["lora", "dora", "embedding adapted", "experts in one tensor"])
def test_an_adapter_that_is_kept_in_16_bits(case: str, dtype: torch.dtype, tmp_path: Path) -> None:
    config, settings = CASES[case]
    base = save_base(tmp_path / "base", config(), BF16)
    check(tmp_path, base, train_adapter(base, tmp_path / "adapter", dtype=dtype, **settings))


@pytest.mark.parametrize("case", ["lora", "tied, both saved whole"])
def test_a_base_in_several_files(case: str, tmp_path: Path) -> None:
    config, settings = CASES[case]
    base = save_base(tmp_path / "base", config(), BF16, shard="100KB")
    check(tmp_path, base, train_adapter(base, tmp_path / "adapter", **settings))
    ours = {path.name for path in (tmp_path / "ours").glob("*.safetensors")}
    assert ours == {path.name for path in base.glob("*.safetensors")}
    assert len(ours) >= 3
    index = json.loads((tmp_path / "ours" / "model.safetensors.index.json").read_text())
    held = [
        (name, file)
        for file in ours
        for name in safetensors.safe_open(tmp_path / "ours" / file, "pt").keys()  # noqa: SIM118
    ]
    assert sorted(held) == sorted(index["weight_map"].items())
    tensors = [
        each
        for file in ours
        for each in safetensors.torch.load_file(tmp_path / "ours" / file).values()
    ]
    assert index["metadata"]["total_size"] == sum(each.nbytes for each in tensors)


@pytest.mark.slow
@pytest.mark.parametrize("saved", [["embed_tokens", "lm_head"], None])
@pytest.mark.parametrize("tied", [True, False])
def test_new_tokens(tied: bool, saved: list[str] | None, tmp_path: Path) -> None:
    base = save_base(tmp_path / "base", llama(tie_word_embeddings=tied), BF16)
    settings = {} if saved is None else {"modules_to_save": saved}
    adapter = train_adapter(base, tmp_path / "adapter", rows=280, **settings)
    check(tmp_path, base, adapter, rows=280)


def test_rows_are_worked_on_in_tiles_with_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row more than a tile has, and pieces of tiles as small as they may be."""
    monkeypatch.setattr(streams, "_TILE_BYTES", 72 * 2 * 64)
    monkeypatch.setattr(updates, "_CACHED_NUMBERS", 72 * 16)
    base = save_base(tmp_path / "base", llama(intermediate_size=193), BF16)
    settings = {"r": 24, "modules_to_save": ["lm_head"], "trainable_token_indices": [63, 64, 271]}
    check(tmp_path, base, train_adapter(base, tmp_path / "adapter", **settings))


@pytest.mark.parametrize("double_quant", [True, False])
def test_the_base_as_4_bit_training_saw_it(double_quant: bool, tmp_path: Path) -> None:
    """The reference is bitsandbytes' own model, unpacked, with peft's merge."""
    base = save_base(tmp_path / "base", llama(hidden_size=128, intermediate_size=320), BF16)
    adapter = train_adapter(base, tmp_path / "adapter")
    quant = {"method": "nf4", "block_size": 64, "double_quant": double_quant, "bitsandbytes": ""}
    (adapter / "MANIFEST.json").write_text(json.dumps({"kind": "qlora", "base_quant": quant}))
    packed = load_nf4(base, dtype=BF16, double_quant=double_quant)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        seen = packed.dequantize(dtype=BF16)
        reference = PeftModel.from_pretrained(seen, adapter).merge_and_unload()
    facts = merge(base, adapter, tmp_path / "ours", adapter=LoraConf())
    assert digests(loaded(tmp_path / "ours").state_dict()) == digests(reference.state_dict())
    assert facts.base_weights == "dequantized"
    plain = merge(
        base, adapter, tmp_path / "plain", adapter=LoraConf(), base_weights=BaseWeights.original
    )
    reference = merged_by_peft(base, adapter)
    assert digests(loaded(tmp_path / "plain").state_dict()) == digests(reference.state_dict())
    # The same error beside the same update, whatever the adapter was merged into.
    assert facts.error_to_delta == plain.error_to_delta
    assert facts.error_to_delta == pytest.approx(
        error_to_delta(base, packed_model(base, double_quant), adapter), 1e-3
    )
    (worst,) = facts.worst_error_to_delta.values()
    assert worst > facts.error_to_delta > 0


def packed_model(base: Path, double_quant: bool) -> Any:
    return load_nf4(base, dtype=BF16, double_quant=double_quant).dequantize(dtype=BF16)


def error_to_delta(base: Path, seen: Any, adapter: Path) -> float:
    """Over the adapted layers, in double precision."""
    plain, packed = loaded(base).state_dict(), seen.state_dict()
    tensors = safetensors.torch.load_file(adapter / "adapter_model.safetensors")
    error = delta = 0.0
    for name, a in tensors.items():
        if ".lora_A." in name:
            layer = name.removeprefix("base_model.model.").replace(".lora_A.weight", ".weight")
            b = tensors[name.replace("lora_A", "lora_B")]
            delta += float(((b.double() @ a.double()) * 6 / 4).square().sum())
            error += float((packed[layer].double() - plain[layer].double()).square().sum())
    return (error / delta) ** 0.5
