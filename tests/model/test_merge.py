"""Merging: the merged model is the adapted one, in a folder that anything can load."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from oracle_sft.errors import CheckFailed, UserError
from oracle_sft.model import load
from oracle_sft.model.adapter import load_for_inference, put_on
from oracle_sft.model.merge import merge
from tests import tiny
from tests.model.conftest import ADAPTERS


def logits(model: Any) -> torch.Tensor:
    with torch.no_grad():
        said: torch.Tensor = model(
            torch.tensor([row.input_ids()[:30] for row in tiny.rows()])
        ).logits
    return said


@pytest.mark.parametrize("kind", ADAPTERS)
def test_merged_weights_answer_as_the_adapter(
    kind: str, base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    facts = merge(base, trained[kind], tmp_path / "merged", adapter=ADAPTERS[kind])
    merged, tokenizer = load_for_inference(tmp_path / "merged", None, ADAPTERS[kind])
    if kind == "full":
        adapted, _ = load_for_inference(base, trained[kind], ADAPTERS[kind])
    else:
        # A QLoRA adapter is merged into the base's own weights, not into their 4-bit image.
        adapted = put_on(load.load_weights(base, dtype=torch.float32), trained[kind]).eval()
    torch.testing.assert_close(logits(merged), logits(adapted), rtol=0.02, atol=0.02)
    assert tokenizer.chat_template == tiny.CHAT_TEMPLATE
    assert facts.parameters == tiny.model().num_parameters()
    assert (facts.dtype, facts.base_weights) == (
        "bfloat16",
        "trained" if kind == "full" else "original",
    )


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_merged_weights_are_those_of_peft_and_keep_the_format(
    dtype: torch.dtype, base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "base"
    load.load_weights(base, dtype=dtype).save_pretrained(folder)
    tiny.tokenizer().save_pretrained(folder)
    facts = merge(folder, trained["lora"], tmp_path / "merged", adapter=ADAPTERS["lora"])
    expected = put_on(load.load_weights(folder, dtype="auto"), trained["lora"]).merge_and_unload()
    found = load_file(tmp_path / "merged" / "model.safetensors")
    wanted = expected.state_dict()
    wanted.pop("lm_head.weight")  # tied: stored once
    assert found.keys() == wanted.keys()
    assert all(torch.equal(found[name], wanted[name]) for name in found)
    assert facts.dtype == str(dtype).removeprefix("torch.")
    assert {part.dtype for part in found.values()} == {dtype}


def test_merging_again_replaces_the_folder(
    base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    merge(base, trained["lora"], tmp_path / "merged", adapter=ADAPTERS["lora"])
    (tmp_path / "merged" / "stale").touch()
    merge(base, trained["lora"], tmp_path / "merged", adapter=ADAPTERS["lora"])
    assert not (tmp_path / "merged" / "stale").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["merged"]


def test_an_adapter_for_another_base_leaves_nothing(
    other_base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="is for another base"):
        merge(other_base, trained["lora"], tmp_path / "merged", adapter=ADAPTERS["lora"])
    assert not list(tmp_path.iterdir())


def test_nan_in_an_adapter_leaves_nothing(
    base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    spoiled = tmp_path / "adapter"
    shutil.copytree(trained["lora"], spoiled)
    tensors = load_file(spoiled / "adapter_model.safetensors")
    name = next(iter(tensors))
    tensors[name][0, 0] = float("nan")
    save_file(tensors, spoiled / "adapter_model.safetensors")
    with pytest.raises(CheckFailed, match="holds NaN"):
        merge(base, spoiled, tmp_path / "merged", adapter=ADAPTERS["lora"])
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]


@pytest.mark.parametrize("kind", ["lora", "full"])
def test_folders_that_do_not_exist(kind: str, base: Path, tmp_path: Path) -> None:
    for base_folder, trained_folder in ((tmp_path / "none", base), (base, tmp_path / "none")):
        if kind == "full" and trained_folder is base:
            continue  # the base plays no part
        with pytest.raises(UserError, match="does not exist"):
            merge(base_folder, trained_folder, tmp_path / "merged", adapter=ADAPTERS[kind])


def test_a_run_of_an_earlier_version_says_itself_how_training_saw_its_base(
    base: Path, trained: dict[str, Path], tmp_path: Path
) -> None:
    adapter = shutil.copytree(trained["qlora"], tmp_path / "adapter")
    (adapter / "MANIFEST.json").unlink(missing_ok=True)
    said = {"method": "nf4", "block_size": 64, "double_quant": True}
    asked: Any = {"adapter": ADAPTERS["qlora"]}
    assert merge(base, adapter, tmp_path / "a", **asked).base_weights == "original"
    facts = merge(base, adapter, tmp_path / "b", **asked, base_quant=said)
    assert facts.base_weights == "dequantized"
    (adapter / "MANIFEST.json").write_text(json.dumps({"base_quant": said}))
    assert merge(base, adapter, tmp_path / "c", **asked).base_weights == "dequantized"
    one, other = (load_file(tmp_path / name / "model.safetensors") for name in "bc")
    assert all(torch.equal(one[name], other[name]) for name in one)
