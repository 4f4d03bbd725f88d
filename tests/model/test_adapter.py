"""Adapters: what may be trained, what is kept of it, and on what it is put back."""

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from oracle_sft.config.weights import AdapterConf, ComputeDtype, FullConf, LoraConf, QloraConf
from oracle_sft.errors import CheckFailed, UserError
from oracle_sft.model import adapter, load
from tests import tiny
from tests.model.conftest import ADAPTERS

pytestmark = pytest.mark.slow


def attached(
    folder: Path, conf: AdapterConf, seed: int = 0
) -> tuple[object, dict[str, torch.Tensor]]:
    base = load.load_base(folder, conf, compute_dtype=ComputeDtype.float32)
    model = adapter.attach(base, conf, seed)
    named = model.named_parameters()
    return model, {name: part.detach().clone() for name, part in named if part.requires_grad}


def logits(model: torch.nn.Module) -> torch.Tensor:
    with torch.no_grad():
        return model(torch.tensor([tiny.rows()[0].input_ids()])).logits


def test_lora_trains_its_matrices_and_nothing_else(base: Path) -> None:
    _, trained = attached(base, LoraConf(rank=4))
    assert trained
    assert all(".lora_" in name for name in trained)
    assert all(part.dtype is torch.float32 for part in trained.values())
    layers = {name.split(".lora_")[0].rpartition(".")[2] for name in trained}
    assert layers == {"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}


def test_full_trains_everything(base: Path) -> None:
    _, trained = attached(base, FullConf())
    assert sum(part.numel() for part in trained.values()) == tiny.model().num_parameters()


def test_the_seed_decides_the_first_adapter_and_nothing_around_it(base: Path) -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    (_, first), (_, again), (_, other) = (attached(base, LoraConf(), seed) for seed in (1, 1, 2))
    assert torch.equal(torch.rand(3), expected)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (["q_porj"], r"has 'q_porj', and the model has no such layer; did you mean q_proj\?"),
        (["all-linear", "q_proj"], "mixes all-linear with names"),
        (["lm_head"], "has 'lm_head': the loss is computed from the head's own weight"),
        (["q_proj", "embed_tokens"], r"'embed_tokens', whose weight is also the model's head"),
        (["model.embed_tokens"], "whose weight is also the model's head"),
        (["input_layernorm"], "'input_layernorm', which is no linear layer; known: down_proj"),
    ],
)
def test_targets_that_cannot_be_trained_are_refused(
    targets: list[str], message: str, base: Path
) -> None:
    with pytest.raises(UserError, match=message):
        attached(base, LoraConf(target_modules=targets))


def test_targets_may_be_named(base: Path) -> None:
    _, trained = attached(base, LoraConf(target_modules=["q_proj", "layers.0.mlp.up_proj"]))
    assert {name.split(".lora_")[0].partition("layers.")[2] for name in trained} == {
        "0.self_attn.q_proj",
        "1.self_attn.q_proj",
        "0.mlp.up_proj",
    }


@pytest.mark.parametrize("kind", ADAPTERS)
def test_what_was_saved_answers_as_what_was_trained(
    kind: str, base: Path, trained: dict[str, Path]
) -> None:
    conf = ADAPTERS[kind]
    again, tokenizer = adapter.load_for_inference(base, trained[kind], conf)
    plain, _ = adapter.load_for_inference(base, None, conf)
    assert tokenizer.chat_template
    assert not torch.equal(logits(again), logits(plain))
    if isinstance(conf, QloraConf):
        # Unpacked for speed, it must still be the NF4 base that training saw.
        packed = load.load_nf4(base, dtype=torch.float32, double_quant=True)
        expected = logits(adapter.put_on(packed, trained[kind]).eval())
        torch.testing.assert_close(logits(again), expected, rtol=1e-5, atol=1e-5)


def test_an_adapter_file_is_the_same_in_every_process(trained: dict[str, Path]) -> None:
    said = json.loads((trained["lora"] / "adapter_config.json").read_text())
    assert said["target_modules"] == sorted(said["target_modules"])
    assert not (trained["lora"] / "README.md").exists()


def test_full_weights_are_kept_in_the_format_of_the_base(trained: dict[str, Path]) -> None:
    assert load.stored_dtype(trained["full"]) is torch.bfloat16
    assert json.loads((trained["full"] / "config.json").read_text())["dtype"] == "bfloat16"
    assert load.stored_dtype(trained["lora"]) is torch.float32


@pytest.mark.filterwarnings("ignore:Adapter 'default':peft.utils.warning.PeftWarning")
@pytest.mark.parametrize(
    ("value", "message"), [(float("nan"), "NaN or infinity"), (None, "is empty")]
)
def test_a_broken_tensor_is_not_kept(
    value: float | None, message: str, base: Path, tmp_path: Path
) -> None:
    loaded = load.load_base(base, LoraConf(), compute_dtype=ComputeDtype.float32)
    model = adapter.attach(loaded, LoraConf(), 0)
    part = next(part for part in model.parameters() if part.requires_grad)
    part.data = torch.zeros(0) if value is None else torch.full_like(part, value)
    with pytest.raises(CheckFailed, match=message):
        adapter.save(model, loaded.tokenizer, tmp_path / "adapter", LoraConf())
    assert not list(tmp_path.iterdir())


def test_an_adapter_for_another_base_is_refused(
    base: Path, other_base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    with pytest.raises(UserError, match=r"is for another base: base_model\S+ has shape \[4, 128\]"):
        adapter.load_for_inference(other_base, trained["lora"], ADAPTERS["lora"])
    renamed = tmp_path / "adapter"
    shutil.copytree(trained["lora"], renamed)
    tensors = load_file(renamed / "adapter_model.safetensors")
    deeper = {name.replace("layers.1.", "layers.9."): part for name, part in tensors.items()}
    save_file(deeper, renamed / "adapter_model.safetensors")
    with pytest.raises(UserError, match=r"it has model.layers.9.\S+, the base has no such layer"):
        adapter.load_for_inference(base, renamed, ADAPTERS["lora"])


def test_an_adapter_that_lacks_tensors_is_refused(
    base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(trained["lora"], folder)
    tensors = load_file(folder / "adapter_model.safetensors")
    kept = {name: part for name, part in tensors.items() if "layers.1.mlp.up_proj" not in name}
    save_file(kept, folder / "adapter_model.safetensors")
    with pytest.raises(
        UserError, match=r"lacks base_model\S+layers.1.mlp.up_proj.lora_A.weight and others"
    ):
        adapter.load_for_inference(base, folder, ADAPTERS["lora"])


def test_an_adapter_on_a_tied_embedding_is_refused(
    base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(trained["lora"], folder)
    tensors = load_file(folder / "adapter_model.safetensors")
    tensors["base_model.model.model.embed_tokens.lora_embedding_A"] = torch.zeros(4, 272)
    save_file(tensors, folder / "adapter_model.safetensors")
    with pytest.raises(UserError, match=r"changes model\.embed_tokens, .*tied embeddings"):
        adapter.load_for_inference(base, folder, ADAPTERS["lora"])


def test_a_tensor_of_another_method_is_refused(
    base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "adapter"
    shutil.copytree(trained["lora"], folder)
    tensors = load_file(folder / "adapter_model.safetensors")
    name = "base_model.model.model.layers.0.mlp.up_proj.lora_magnitude_vector"
    tensors[name] = torch.zeros(128)
    save_file(tensors, folder / "adapter_model.safetensors")
    with pytest.raises(UserError, match="lora_magnitude_vector, which is not a LoRA tensor"):
        adapter.load_for_inference(base, folder, ADAPTERS["lora"])


def test_a_folder_without_an_adapter_is_refused(
    base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    conf = ADAPTERS["lora"]
    with pytest.raises(UserError, match="does not exist; train one"):
        adapter.load_for_inference(base, tmp_path / "none", conf)
    with pytest.raises(UserError, match=r"adapter_config.json does not exist"):
        adapter.load_for_inference(base, base, conf)
    folder = tmp_path / "adapter"
    shutil.copytree(trained["lora"], folder)
    (folder / "adapter_model.safetensors").unlink()
    with pytest.raises(UserError, match=r"has no adapter_model\.safetensors"):
        adapter.load_for_inference(base, folder, conf)
    (folder / "adapter_config.json").write_text('{"peft_type": "IA3"}')
    with pytest.raises(UserError, match="peft_type='IA3'; only LORA"):
        adapter.load_for_inference(base, folder, conf)
