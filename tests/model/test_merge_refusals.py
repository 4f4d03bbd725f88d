"""What cannot be merged exactly, or is damaged, is refused by name, and leaves nothing under the final name."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from oracle_sft.config.packaging import BaseWeights
from oracle_sft.config.weights import LoraConf
from oracle_sft.errors import CheckFailed, OracleSftError, UserError
from oracle_sft.model import merge as merging
from oracle_sft.model.merge import merge
from tests import tiny
from tests.model.test_merge_exact import BF16, llama, save_base, train_adapter

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base in several files and an adapter for it; read only."""
    folder = tmp_path_factory.mktemp("made")
    base = save_base(folder / "base", llama(), BF16, shard="100KB")
    train_adapter(base, folder / "adapter")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "made")


def refused(folder: Path, error: type[OracleSftError] = UserError, **settings: Any) -> str:
    """What a merge says that must not be made; nothing of it is left."""
    before = sorted(path.name for path in folder.iterdir())
    with pytest.raises(error) as caught:
        merge(folder / "base", folder / "adapter", folder / "out", adapter=LoraConf(), **settings)
    assert sorted(path.name for path in folder.iterdir()) == before
    return str(caught.value)


def say(folder: Path, **changes: Any) -> None:
    """Change the adapter's config."""
    path = folder / "adapter" / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def change(path: Path, how: Callable[[dict[str, torch.Tensor]], None]) -> None:
    """Change the tensors of a file."""
    tensors = load_file(path)
    how(tensors)
    save_file(tensors, path, metadata={"format": "pt"})


QUERY = "base_model.model.model.layers.0.self_attn.q_proj"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"peft_type": "IA3"}, "peft_type='IA3'"),
        (
            {"init_lora_weights": "pissa"},
            "init_lora_weights='pissa', which takes a part out of the base",
        ),
        ({"init_lora_weights": "olora"}, "init_lora_weights='olora'"),
        ({"use_qalora": True}, "QA-LoRA cannot be merged exactly"),
        ({"alora_invocation_tokens": [1, 2]}, "activated LoRA cannot be merged exactly"),
        ({"layer_replication": [[0, 1], [0, 2]]}, "layer replication cannot be merged exactly"),
        ({"use_sparkle": True}, "use_sparkle=True, which peft here does not know"),
        ({"target_modules": ["w_pack"]}, "cannot be put on this base"),
        (
            {"rank_pattern": {"q_proj": 2}},
            f"{QUERY}.lora_A.weight has shape [4, 72], this base wants [2, 72]",
        ),
        (
            {"use_dora": True},
            "lacks base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector",
        ),
        (
            {"target_modules": ["q_proj"]},
            "and others, which nothing in the base or in adapter_config.json asks",
        ),
        ({"lora_bias": True}, "lora_B.bias, which its adapter_config.json asks for"),
    ],
)
def test_a_config_that_is_not_merged_exactly(
    changes: dict[str, Any], said: str, folder: Path
) -> None:
    say(folder, **changes)
    assert said in refused(folder)


def test_tensors_that_nothing_asks_for(folder: Path) -> None:
    def add(tensors: dict[str, torch.Tensor]) -> None:
        tensors["base_model.model.model.layers.9.self_attn.q_proj.lora_A.weight"] = torch.ones(
            4, 72
        )

    change(folder / "adapter" / "adapter_model.safetensors", add)
    assert "holds base_model.model.model.layers.9.self_attn.q_proj.lora_A.weight, which" in refused(
        folder
    )


def test_a_tensor_that_is_missing(folder: Path) -> None:
    change(
        folder / "adapter" / "adapter_model.safetensors",
        lambda tensors: tensors.pop(f"{QUERY}.lora_B.weight"),
    )
    assert f"lacks {QUERY}.lora_B.weight" in refused(folder)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_nan_in_the_adapter(value: float, folder: Path) -> None:
    def spoil(tensors: dict[str, torch.Tensor]) -> None:
        tensors[f"{QUERY}.lora_B.weight"][3, 1] = value

    change(folder / "adapter" / "adapter_model.safetensors", spoil)
    assert f"{QUERY}.lora_B.weight holds NaN" in refused(folder, CheckFailed)


def test_an_update_that_is_too_large_for_the_format(tmp_path: Path) -> None:
    base = save_base(tmp_path / "base", llama(), torch.float16)
    train_adapter(base, tmp_path / "adapter")

    def enlarge(tensors: dict[str, torch.Tensor]) -> None:
        tensors[f"{QUERY}.lora_B.weight"] *= 1e7

    change(tmp_path / "adapter" / "adapter_model.safetensors", enlarge)
    said = refused(tmp_path, CheckFailed)
    assert said.startswith("model.layers.0.self_attn.q_proj.weight holds NaN or infinity after")
    assert "float16" in said


def test_another_base(folder: Path) -> None:
    shutil.rmtree(folder / "base")
    save_base(folder / "base", llama(hidden_size=80, head_dim=20), BF16)
    assert "is for another base: base_model.model.model.layers.0" in refused(folder)
    shutil.rmtree(folder / "base")
    save_base(folder / "base", llama(num_hidden_layers=1), BF16)
    assert "and others, which nothing in the base" in refused(folder)


@pytest.mark.parametrize("target", ["embed_tokens", "lm_head"])
def test_adapters_of_tied_layers(target: str, tmp_path: Path) -> None:
    base = save_base(tmp_path / "base", llama(tie_word_embeddings=True), BF16)
    train_adapter(base, tmp_path / "adapter", target_modules=[target, "q_proj"])
    assert "both embedding and head (tied embeddings)" in refused(tmp_path)


def test_a_quantised_base(folder: Path) -> None:
    path = folder / "base" / "config.json"
    config = json.loads(path.read_text())
    path.write_text(json.dumps({**config, "quantization_config": {"quant_method": "awq"}}))
    assert "says that the base is quantised (awq)" in refused(folder)


def test_a_tokenizer_that_knows_more_tokens_than_the_model_has(folder: Path) -> None:
    tokenizer = tiny.tokenizer()
    tokenizer.add_tokens([f"<new{n}>" for n in range(20)])
    tokenizer.save_pretrained(folder / "adapter")
    assert "has 280 tokens and the model 272 embedding rows" in refused(folder)


def test_damaged_files_of_weights(folder: Path) -> None:
    name = sorted(path.name for path in (folder / "base").glob("*.safetensors"))[1]
    whole = (folder / "base" / name).read_bytes()
    for content, said in (
        (whole[:-100], f"{name} is cut: "),
        (whole[:4], f"{name} is damaged (its header wants"),
        (b"\xff" * 64 + whole[64:], f"{name} is damaged (its header wants"),
        (whole[:8] + b"[" + whole[9:], f"{name} is damaged (its header is no JSON"),
        (b"", f"{name} is damaged (its header wants 0 bytes, the file has 0)"),
    ):
        (folder / "base" / name).write_bytes(content)
        assert said in refused(folder)
    (folder / "base" / name).unlink()
    assert f"lacks {name}" in refused(folder)


def test_a_base_without_one_of_its_tensors(folder: Path) -> None:
    index = folder / "base" / "model.safetensors.index.json"
    said = json.loads(index.read_text())
    file = said["weight_map"].pop("model.norm.weight")
    index.write_text(json.dumps(said))
    assert "lacks model.norm.weight, which its config.json asks for" in refused(folder)
    said["weight_map"]["model.norm.weight"] = file
    said["weight_map"]["model.extra.weight"] = file
    index.write_text(json.dumps(said))
    assert f"says that {file} holds model.extra.weight, and it does not" in refused(folder)


def test_dequantized_where_nobody_said_how(folder: Path) -> None:
    said = refused(folder, base_weights=BaseWeights.dequantized)
    assert said.startswith("package.base_weights=dequantized, and the adapter in")
    quant = {"kind": "qlora", "base_quant": {"method": "hqq"}}
    (folder / "adapter" / "MANIFEST.json").write_text(json.dumps(quant))
    assert "was trained on a base in 'hqq'" in refused(folder)


def test_a_merge_that_was_stopped_goes_on_after_its_last_whole_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = merge(folder / "base", folder / "adapter", folder / "out", adapter=LoraConf())
    assert whole.files_resumed == 0
    files = sorted((folder / "out").glob("*.safetensors"))
    expected = {path.name: path.read_bytes() for path in folder.joinpath("out").iterdir()}
    shutil.rmtree(folder / "out")
    write = merging.write_file

    def stop_before_the_last(path: Path, *rest: Any) -> None:
        if path.name.startswith(files[-1].name):
            raise KeyboardInterrupt
        write(path, *rest)

    monkeypatch.setattr(merging, "write_file", stop_before_the_last)
    with pytest.raises(KeyboardInterrupt):
        merge(folder / "base", folder / "adapter", folder / "out", adapter=LoraConf())
    monkeypatch.setattr(merging, "write_file", write)
    assert not (folder / "out").exists()
    (folder / ".out.unfinished" / f"{files[-1].name}.part").write_text("half")
    resumed = merge(folder / "base", folder / "adapter", folder / "out", adapter=LoraConf())
    assert resumed.files_resumed == len(files) - 1
    assert {path.name: path.read_bytes() for path in folder.joinpath("out").iterdir()} == expected
    assert not (folder / ".out.unfinished").exists()


@pytest.mark.slow
def test_killed_at_any_moment_there_is_no_merged_folder_or_a_whole_one() -> None:
    """Three kills of real processes; `python -m benchmarks.kills_merge` does a hundred."""
    command = [sys.executable, "-m", "benchmarks.kills_merge", "--kills", "3"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "the same bytes at the end: yes; strays: []" in ended.stdout


def test_what_another_merge_has_begun_is_not_gone_on_with(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = merging.write_file

    def stop_at_the_third(path: Path, *rest: Any) -> None:
        if "00003" in path.name:
            raise KeyboardInterrupt
        write(path, *rest)

    monkeypatch.setattr(merging, "write_file", stop_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        merge(folder / "base", folder / "adapter", folder / "out", adapter=LoraConf())
    monkeypatch.setattr(merging, "write_file", write)

    def other(tensors: dict[str, torch.Tensor]) -> None:
        tensors[f"{QUERY}.lora_B.weight"] += 1

    change(folder / "adapter" / "adapter_model.safetensors", other)
    facts = merge(folder / "base", folder / "adapter", folder / "out", adapter=LoraConf())
    assert facts.files_resumed == 0


def test_a_merge_into_a_folder_that_somebody_writes(folder: Path) -> None:
    from oracle_sft.record.lock import exclusive

    (folder / ".out.unfinished").mkdir()
    with exclusive(folder / ".out.unfinished" / "merging.lock", wait=False):
        assert "is being written by another process" in refused(folder)
