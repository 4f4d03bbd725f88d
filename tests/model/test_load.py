"""Loading: what a folder must hold, and what comes out of it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from oracle_sft.config.weights import ComputeDtype, FullConf, LoraConf, QloraConf
from oracle_sft.errors import UserError
from oracle_sft.model import load
from tests import tiny


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def write(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text) and None


def edit_tokenizer(**values: object) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / "tokenizer_config.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **values}))

    return change


def drop_tensor(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    tensors.pop("model.layers.1.mlp.up_proj.weight")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def cut_file(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])


def name_missing_shard(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    index = {"weight_map": {"model.embed_tokens.weight": "model-00001-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def only_pickles(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def shrink_model(folder: Path) -> None:
    tiny_model = tiny.model()
    tiny_model.resize_token_embeddings(200)
    tiny_model.save_pretrained(folder)


BROKEN = {
    "no config": (remove("config.json"), "has no config.json; give a folder"),
    "config is no JSON": (write("config.json", "{"), "config.json is no JSON"),
    "config is no object": (write("config.json", "[]"), "holds no JSON object"),
    "config names no model": (write("config.json", "{}"), "names no model_type"),
    "unknown architecture": (write("config.json", '{"model_type": "abacus"}'), "cannot be loaded"),
    "no weights": (remove("model.safetensors"), "has no model.safetensors and no"),
    "pickled weights": (only_pickles, "found pytorch_model.bin: convert it"),
    "shard missing": (name_missing_shard, "lacks model-00001-of-00002.safetensors of the 1 files"),
    "file cut": (cut_file, r"model\.safetensors is damaged"),
    "tensor missing": (drop_tensor, "missing keys model.layers.1.mlp.up_proj.weight"),
    "no tokenizer": (remove("tokenizer.json"), "has no tokenizer"),
    "tokenizer damaged": (write("tokenizer.json", "{"), "tokenizer in .* cannot be read"),
    "no chat template": (remove("chat_template.jinja"), "has no chat template"),
    "no end token": (edit_tokenizer(eos_token=None), "has no end token"),
    "vocabulary too small": (shrink_model, "260 tokens and the model 200 embedding rows"),
}


@pytest.mark.parametrize("problem", BROKEN)
def test_a_broken_folder_is_refused_by_what_is_wrong(
    problem: str, base: Path, tmp_path: Path
) -> None:
    spoil, message = BROKEN[problem]
    folder = tmp_path / "model"
    shutil.copytree(base, folder)
    spoil(folder)
    with pytest.raises(UserError, match=message) as raised:
        load.load_base(folder, LoraConf(), compute_dtype=ComputeDtype.float32)
    assert str(folder) in str(raised.value)


def test_a_folder_that_is_none_is_refused(base: Path, tmp_path: Path) -> None:
    for folder, message in (
        (tmp_path / "none", "does not exist"),
        (base / "config.json", "is a file"),
    ):
        with pytest.raises(UserError, match=message):
            load.load_base(folder, LoraConf(), compute_dtype=ComputeDtype.float32)


def test_an_adapter_is_no_base(trained: dict[str, Path]) -> None:
    with pytest.raises(UserError, match=r"holds an adapter, not a model .*; give its base"):
        load.load_base(trained["lora"], LoraConf(), compute_dtype=ComputeDtype.float32)


def test_facts_say_what_was_loaded(base: Path) -> None:
    loaded = load.load_base(base, QloraConf(), compute_dtype=ComputeDtype.float32)
    facts = loaded.facts
    assert (
        facts["parameters"] == tiny.model().num_parameters()
    )  # 4-bit weights are counted unpacked
    assert facts["weights_dtype"] == "nf4"
    assert facts["base_quant"] == {
        "method": "nf4",
        "block_size": 64,
        "double_quant": True,
        "bitsandbytes": facts["base_quant"]["bitsandbytes"],
    }
    assert (facts["vocabulary_size"], facts["embedding_rows"]) == (260, 272)
    assert facts["tied_embeddings"] is True
    assert facts["special_tokens"] == {"eos_token": "<|end|>", "pad_token": "<|pad|>"}
    assert json.loads(json.dumps(facts)) == facts
    assert "0.1 M parameters, nf4 weights, float32 compute" in load.facts_line(loaded)


@pytest.mark.parametrize(
    ("conf", "weights"), [(LoraConf(), torch.bfloat16), (FullConf(), torch.float32)]
)
def test_only_full_training_keeps_float32_weights_under_bfloat16(
    conf: LoraConf | FullConf, weights: torch.dtype, base: Path
) -> None:
    loaded = load.load_base(base, conf, compute_dtype=ComputeDtype.bfloat16)
    assert loaded.model.model.layers[0].mlp.up_proj.weight.dtype is weights
    assert loaded.compute_dtype is ComputeDtype.bfloat16


@pytest.mark.parametrize(
    ("flags", "chosen", "reason"),
    [
        ({"avx2", "avx512f"}, ComputeDtype.float32, "the CPU has no bfloat16 units"),
        ({"avx512_bf16"}, ComputeDtype.bfloat16, "the CPU has bfloat16 units (avx512_bf16)"),
        ({"amx_bf16", "avx2"}, ComputeDtype.bfloat16, "the CPU has bfloat16 units (amx_bf16)"),
        (set(), ComputeDtype.float32, "the CPU has no bfloat16 units"),
    ],
)
def test_the_cpu_chooses_the_compute_dtype(
    flags: set[str], chosen: ComputeDtype, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(load, "_cpu_flags", lambda: flags)
    assert load.choose_compute_dtype(ComputeDtype.auto) == (chosen, reason)
    assert load.choose_compute_dtype(ComputeDtype.float32) == (
        ComputeDtype.float32,
        "as configured",
    )


@pytest.mark.parametrize(
    ("capability", "chosen"), [((7, 5), ComputeDtype.float32), ((8, 0), ComputeDtype.bfloat16)]
)
def test_the_gpu_chooses_the_compute_dtype(
    capability: tuple[int, int], chosen: ComputeDtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "a GPU")
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: capability)
    assert load.choose_compute_dtype(ComputeDtype.auto)[0] is chosen


def test_nf4_gradients_survive_a_look_at_the_validation_loss(base: Path) -> None:
    # bitsandbytes repacks the weights of a layer in eval mode on some CPUs, after which the gradient of everything
    # below that layer is lost. On CPUs without AVX512-BF16 this passes either way.
    loaded = load.load_base(base, QloraConf(), compute_dtype=ComputeDtype.float32)
    model = loaded.model
    ids = torch.tensor([tiny.rows()[0].input_ids()])

    def gradient() -> torch.Tensor:
        embedded = model.get_input_embeddings()(ids).detach().requires_grad_(True)
        model.train()
        model(inputs_embeds=embedded, labels=ids).loss.backward()
        assert embedded.grad is not None
        return embedded.grad

    before = gradient()
    model.eval()
    with torch.no_grad():
        model(input_ids=ids)
    assert torch.equal(before, gradient())


def test_nf4_weights_are_unpacked_to_the_compute_dtype(base: Path) -> None:
    model = load.load_nf4(base, dtype=torch.float32, double_quant=True)
    ids = torch.tensor([tiny.rows()[0].input_ids()])
    with torch.no_grad():
        packed = model(ids).logits
        unpacked = model.dequantize(dtype=torch.float32)(ids).logits
    torch.testing.assert_close(packed, unpacked, rtol=1e-5, atol=1e-6)


def test_nf4_weights_do_not_depend_on_the_compute_dtype(base: Path) -> None:
    packed = [
        load.load_nf4(base, dtype=dtype, double_quant=True).model.layers[0].mlp.up_proj.weight
        for dtype in (torch.float32, torch.bfloat16)
    ]
    assert torch.equal(packed[0], packed[1])


def test_stored_dtype_is_that_of_most_numbers(tmp_path: Path) -> None:
    tensors = {
        "big": torch.zeros(8, 8, dtype=torch.bfloat16),
        "small": torch.zeros(3),
        "ids": torch.arange(500),
    }
    save_file(tensors, tmp_path / "model.safetensors")
    assert load.stored_dtype(tmp_path) is torch.bfloat16


def test_a_tokenizer_without_pad_token_pads_with_its_end_token(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(base, folder)
    edit_tokenizer(pad_token=None)(folder)
    tokenizer = load.load_tokenizer(folder)
    assert tokenizer.pad_token == "<|end|>"


def test_a_base_with_greedy_defaults_for_a_server_can_be_saved_again(
    base: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(base, folder)
    write("generation_config.json", '{"do_sample": false, "temperature": 0.0, "eos_token_id": 1}')(
        folder
    )
    load.load_weights(folder, dtype="auto").save_pretrained(tmp_path / "again")
