"""Bundles: what they say of themselves, and that they say it after every other file is there."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import transformers

from oracle_sft.config.schema import PromptConf
from oracle_sft.errors import UserError
from oracle_sft.model.bundle import BundleFacts, prompt_facts, record_eval, write_bundle
from oracle_sft.model.merge import MergeFacts
from oracle_sft.model.quantize import QuantFacts
from oracle_sft.record.digest import digest_folder
from tests import tiny

SUMMARY = {
    "targets": {
        "base": {"seen": {"exact_match": {"value": 0.0, "low": 0.0, "high": 0.02, "n": 150}}},
        "awq": {
            "seen": {
                "exact_match": {"value": 0.845, "low": 0.8, "high": 0.9, "n": 150},
                "execution_accuracy": {"value": 0.9, "low": None, "high": None, "n": 150},
            }
        },
    }
}


def facts(*, quantized: bool = True) -> BundleFacts:
    quantization = QuantFacts(
        algorithm="awq",
        backend="llmcompressor",
        backend_version="0.14",
        format="compressed-tensors",
        format_version="0.19",
        bits=4,
        group_size=32,
        symmetric=False,
        calibration_ids=["pair-1", "pair-2"],
        calibration_tokens=99,
        calibration_cut=1,
        calibration_dropped=0,
        seconds=1.5,
    )
    return BundleFacts(
        name="tiny-qlora-awq",
        base_model={"name": 'ti"ny', "path": "outputs/models/tiny", "digest": "b" * 64},
        adapter={"kind": "qlora", "digest": "a" * 64, "base_quant": {"method": "nf4"}},
        dataset={"name": "demo", "fingerprint": "f" * 12, "suites": {"train": 3500, "seen": 210}},
        provenance={
            "total": 4000,
            "excluded": 500,
            "coverage": 0.995,
            "by_source": {"curated": 4000},
            "by_model": {"template": 3700, "human": 300},
            "excluded_by_reason": {"does not run": 500},
        },
        merge=MergeFacts("peft merge_and_unload", "original", "bfloat16", 3_900_000, 0.4),
        quantization=quantization if quantized else None,
        prompt=prompt_facts(PromptConf(name="compact"), tiny.tokenizer()),
        max_new_tokens=192,
        config={"seed": 0},
        config_hash="c" * 64,
        environment={"packages": {"torch": "2"}, "git": {"commit": "d" * 40, "dirty": True}},
        parents={"dataset": "e" * 64},
    )


@pytest.fixture
def folder(base: Path, tmp_path: Path) -> Path:
    shutil.copytree(base, tmp_path / "bundle")
    return tmp_path / "bundle"


def header(card: str) -> list[str]:
    return card.split("---")[1].strip().splitlines()


def test_the_manifest_lists_every_other_file_as_it_is(folder: Path) -> None:
    returned = write_bundle(folder, facts())
    manifest = json.loads((folder / "MANIFEST.json").read_text())
    assert manifest == returned
    found = digest_folder(folder)
    found.pop("MANIFEST.json")
    assert manifest["files"] == found
    assert {
        "README.md",
        "prompt.json",
        "generation_config.json",
        "model.safetensors",
    } <= found.keys()


def test_the_manifest_says_where_the_weights_come_from(folder: Path) -> None:
    manifest = write_bundle(folder, facts())
    quantization = manifest["quantization"]
    assert (quantization["algorithm"], quantization["backend"], manifest["format"]) == (
        "awq",
        "llmcompressor",
        "compressed-tensors",
    )
    assert manifest["calibration"]["pair_ids"] == ["pair-1", "pair-2"]
    assert "calibration_ids" not in quantization
    assert manifest["config"] == {"seed": 0}
    assert manifest["environment"]["git"] == {"commit": "d" * 40, "dirty": True}
    for name in ("base_model", "adapter", "dataset", "provenance", "merge", "prompt", "parents"):
        assert manifest[name]


def test_a_merged_bundle_has_no_quantisation(folder: Path) -> None:
    manifest = write_bundle(folder, facts(quantized=False))
    assert (manifest["format"], manifest["quantization"], manifest["calibration"]) == (
        "safetensors",
        None,
        None,
    )
    card = (folder / "README.md").read_text()
    assert "base_model_relation: finetune" in header(card)
    assert "merged, stored in bfloat16" in card


def test_the_card_is_for_a_hub_and_for_a_reader(folder: Path) -> None:
    write_bundle(folder, facts())
    card = (folder / "README.md").read_text()
    assert {
        r'base_model: "ti\"ny"',
        "base_model_relation: quantized",
        '- "demo"',
        "- text-to-sql",
        "- awq",
    } <= set(header(card))
    for said in (
        "Not scored yet",
        "4 bits with AWQ (groups of 32, asymmetric; llmcompressor 0.14",
        "3,500 pairs to train on, kept apart from those that are scored (210 seen).",
        "Of 4,000 pairs considered, 500 were excluded; 99.5% carry",
        "| human | 300 |",
        "| does not run | 500 |",
        "--served-model-name tiny-qlora-awq",
        f"`{'d' * 40}` with uncommitted changes",
    ):
        assert said in card


def test_scores_come_later_and_the_manifest_stays_true(folder: Path) -> None:
    write_bundle(folder, facts())
    manifest = record_eval(folder, SUMMARY)
    card = (folder / "README.md").read_text()
    assert "| weights | suite | pairs | exact match | execution accuracy |" in card
    assert "| base | seen | 150 | 0.0 (0.0 to 2.0) | - |" in card
    assert "| awq | seen | 150 | 84.5 (80.0 to 90.0) | 90.0 |" in card
    assert manifest["eval"] == SUMMARY["targets"]
    found = digest_folder(folder)
    found.pop("MANIFEST.json")
    assert manifest["files"] == found


def test_scores_want_a_bundle(folder: Path) -> None:
    with pytest.raises(UserError, match=r"has no MANIFEST.json; run the package stage again"):
        record_eval(folder, SUMMARY)


def test_writing_again_gives_the_same_files(folder: Path) -> None:
    first = write_bundle(folder, facts())
    again = write_bundle(folder, facts())
    assert first["files"] == again["files"]


def test_a_bundle_that_was_not_finished_has_no_manifest(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(folder, facts())

    def fail(manifest: dict[str, Any]) -> str:
        raise RuntimeError

    monkeypatch.setattr("oracle_sft.model.bundle.model_card", fail)
    with pytest.raises(RuntimeError):
        write_bundle(folder, facts())
    assert not (folder / "MANIFEST.json").exists()


def test_servers_decode_greedily_by_default(folder: Path) -> None:
    write_bundle(folder, facts())
    said = json.loads((folder / "generation_config.json").read_text())
    assert (said["do_sample"], said["temperature"], said["max_new_tokens"]) == (False, 0.0, 192)
    assert said["eos_token_id"] == 1
    assert not {"top_p", "top_k"} & said.keys()
    transformers.GenerationConfig.from_pretrained(folder)


def test_prompt_json_has_the_hash_of_the_prompt(folder: Path) -> None:
    write_bundle(folder, facts())
    said = json.loads((folder / "prompt.json").read_text())
    assert said == prompt_facts(PromptConf(name="compact"), tiny.tokenizer())
    assert said["hash"] != prompt_facts(PromptConf(name="ddl"), tiny.tokenizer())["hash"]
