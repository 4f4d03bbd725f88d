"""The load test: a bundle answers in a fresh process as it did when it was packaged, or says what differs."""

import json
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from safetensors.torch import load_file, save_file

from oracle_sft.errors import CheckFailed, UserError
from oracle_sft.model.load_test import PROBE, load_bundle, load_test, record_probe
from oracle_sft.model.manifest import MANIFEST
from oracle_sft.model.merge import MergeFacts
from oracle_sft.model.package import Weights, load_again
from tests import tiny


def asked() -> Any:
    questions = list(tiny.QUESTIONS)[:5]
    pairs = [SimpleNamespace(id=f"pair-{n}") for n in range(5)]
    return SimpleNamespace(pairs=pairs, prompts=questions)


@pytest.fixture
def bundle(trained: dict[str, Path], tmp_path: Path) -> Path:
    """Trained weights with the answers that they give."""
    folder = tmp_path / "bundle"
    shutil.copytree(trained["full"], folder)
    record_probe(folder, *load_bundle(folder), asked(), 12)
    return folder


def test_three_questions_are_kept_with_their_answers(bundle: Path) -> None:
    said = json.loads((bundle / PROBE).read_text())
    assert said["max_new_tokens"] == 12
    assert [one["pair_id"] for one in said["questions"]] == ["pair-0", "pair-1", "pair-2"]
    assert [one["prompt"] for one in said["questions"]] == asked().prompts[:3]
    assert all(one["answer"] for one in said["questions"])


def test_a_folder_without_recorded_answers(base: Path) -> None:
    with pytest.raises(UserError, match=r"has no probe\.json; give a bundle"):
        load_test(base)


@pytest.mark.parametrize("text", ["", "[]", '{"questions": [{}]}', '{"max_new_tokens": 3}'])
def test_a_record_that_is_none(text: str, tmp_path: Path) -> None:
    (tmp_path / PROBE).write_text(text)
    with pytest.raises(UserError, match="is no record of questions and answers"):
        load_test(tmp_path)


@pytest.mark.slow
def test_a_bundle_answers_in_a_fresh_process_as_it_did(bundle: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere"
    bundle.rename(moved)
    found = load_test(moved)
    assert (found.questions, found.how) == (3, "transformers, cpu, float32")


@pytest.mark.slow
def test_changed_weights_are_told_by_both_texts(bundle: Path) -> None:
    said = json.loads((bundle / PROBE).read_text())["questions"][0]["answer"]
    tensors = load_file(bundle / "model.safetensors")
    tensors["model.norm.weight"] = -tensors["model.norm.weight"]
    save_file(tensors, bundle / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(CheckFailed) as failure:
        load_test(bundle)
    assert "answers pair pair-0 otherwise than at packaging" in str(failure.value)
    assert f"packaged: {said!r}\n  loaded:   " in str(failure.value)


@pytest.mark.slow
def test_a_changed_chat_template_is_told(bundle: Path) -> None:
    path = bundle / "chat_template.jinja"
    path.write_text(path.read_text().replace("<|assistant|>", "<|user|>"))
    with pytest.raises(CheckFailed, match="reads the prompt of pair pair-0 as other tokens"):
        load_test(bundle)


@pytest.mark.slow
def test_a_truncated_file_is_one_message(bundle: Path) -> None:
    path = bundle / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(UserError, match=r"model\.safetensors is damaged"):
        load_test(bundle)


@pytest.mark.slow
def test_a_bundle_that_answers_otherwise_is_none_any_more(bundle: Path) -> None:
    (bundle / MANIFEST).write_text("{}")
    probe = json.loads((bundle / PROBE).read_text())
    probe["questions"][2]["answer"] = "SELECT 1 FROM dual"
    (bundle / PROBE).write_text(json.dumps(probe))
    merge = MergeFacts(method="shard-wise", base_weights="original", dtype="bfloat16", parameters=1)
    with pytest.raises(CheckFailed, match="answers pair pair-2 otherwise"):
        load_again([Weights(folder=bundle, merge=merge)])
    assert not (bundle / MANIFEST).exists()
    assert (bundle / "model.safetensors").exists()
