"""Bundles: what they say of themselves, and that they say it after every other file is there."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import transformers
import yaml

from oracle_sft.config.schema import PromptConf
from oracle_sft.errors import UserError
from oracle_sft.model.bundle import BundleFacts, prompt_facts, record_eval, write_bundle
from oracle_sft.model.manifest import weights_digest
from oracle_sft.model.merge import MergeFacts
from oracle_sft.model.quantize import QuantFacts
from oracle_sft.pairs.trained import trained_facts
from oracle_sft.record.digest import digest_folder, sha256_json
from oracle_sft.record.merkle import merkle_root
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
FILES = {"weights.safetensors": {"sha256": "1" * 64, "size": 10}}
ENVIRONMENT = {
    "cpu": "a CPU",
    "gpus": [],
    "cpu_count": 2,
    "packages": {"torch": "2"},
    "git": {"commit": "d" * 40, "dirty": True},
}
PAIRS = [
    {"id": f"pair-{n}", "state": "trained", "source": "curated", "model": "human"}
    | {"tokens": 30 + n, "sha256": f"{n}" * 64}
    for n in range(1, 4)
] + [{"id": "pair-4", "state": "dropped", "source": "curated", "model": "human"}]
TRAINING = {
    "run": "tiny-qlora",
    "created": "2026-01-15T09:00:00Z",
    "command": "python -m oracle_sft.train",
    "started": "2026-01-15T09:30:00Z",
    "ended": "2026-01-15T09:40:00Z",
    "seconds": 600.0,
    "steps": 1200,
    "train_loss": 0.1,
    "validation_loss": None,
    "tokens": 123_456,
    "compute_dtype": "float32",
    "device": "cpu",
    "saw": trained_facts(PAIRS),
    "environment": ENVIRONMENT,
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
        calibration_source={"split": "train"},
        calibration_digest="9" * 64,
        calibration_tokens=99,
        calibration_cut=1,
        calibration_dropped=0,
        calibration_loss="answer",
        seconds=1.5,
    )
    return BundleFacts(
        name="tiny-qlora-awq",
        base_model={
            "name": 'ti"ny',
            "path": "outputs/models/tiny",
            "digest": "b" * 64,
            "revision": "11c5a3",
            "files": FILES,
        },
        adapter={
            "kind": "qlora",
            "path": "outputs/tiny/adapter",
            "digest": sha256_json(FILES),
            "base_quant": {"method": "nf4"},
            "files": FILES,
        },
        dataset={
            "name": "demo",
            "path": "outputs/datasets/demo",
            "fingerprint": "f" * 12,
            "suites": {"train": 3500, "seen": 210},
            "schemas": {"bikes": "5" * 64},
            "sources": {"data/pairs.jsonl": "0" * 64},
        },
        pairs=PAIRS,
        training=TRAINING,
        provenance={
            "total": 4000,
            "excluded": 500,
            "coverage": 0.995,
            "by_source": {"curated": 4000},
            "by_model": {"template": 3700, "human": 300},
            "excluded_by_reason": {"does not run": 500},
        },
        merge=MergeFacts(
            method="shard-wise",
            base_weights="original",
            dtype="bfloat16",
            parameters=3_900_000,
            seconds=0.4,
        ),
        quantization=quantization if quantized else None,
        prompt=prompt_facts(PromptConf(name="compact"), tiny.tokenizer()),
        guardrail={"name": "standard", "level": "standard", "max_chars": 50_000},
        context_tokens=512,
        max_new_tokens=192,
        config={"seed": 0},
        config_hash="c" * 64,
        environment=ENVIRONMENT,
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
    assert manifest["calibration"]["digest"] == "9" * 64
    assert manifest["dataset"]["merkle_root"] == merkle_root(pair["id"] for pair in PAIRS)
    assert manifest["training"]["saw"]["dropped"] == 1
    assert manifest["weights"] == weights_digest(manifest["files"])
    assert manifest["parity"] is None
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
        "vllm serve --config vllm.yaml",
        "Clients ask for the model `tiny-qlora-awq`",
        "Training saw 3 of them, 96 tokens; 1 were left out for their length.",
        f"`{merkle_root(f'pair-{n}' for n in range(1, 5))}`",
        "revision `11c5a3`",
        "1,200 steps in 600 s",
        "on 2 cores of a CPU",
        f"`{'d' * 40}` with uncommitted changes",
    ):
        assert said in card


def test_the_card_shows_how_the_weights_compare_with_the_adapter(folder: Path) -> None:
    write_bundle(folder, facts())
    assert "Nobody compared these weights" in (folder / "README.md").read_text()
    parity = {
        "figures": {
            "prompts": 64,
            "tokens": 2304,
            "next_token_agreement": 0.9896,
            "mean_kl_nats": 0.0127,
            "max_kl_nats": 1.7948,
            "greedy_agreement": 0.71875,
            "judged": 60,
            "accuracy_loss": None,
        },
        "limits": {
            "min_next_token_agreement": 0.95,
            "max_mean_kl_nats": 0.1,
            "max_kl_nats": None,
            "min_greedy_agreement": 0.5,
            "max_accuracy_loss": 0.08,
        },
        "drawn_from": "held-out pairs",
    }
    manifest = write_bundle(folder, replace(facts(), parity=parity))
    assert manifest["parity"] == parity
    card = (folder / "README.md").read_text()
    for said in (
        "| same next token | 99.0% | >= 95.0% |",
        "| largest KL divergence, nats | 1.8 | - |",
        "| execution accuracy lost | - | <= 8.0% |",
        "Of 64 held-out pairs (2,304 tokens of their answers)",
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
    with pytest.raises(UserError, match=r"holds no bundle \(no MANIFEST.json\)"):
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


def test_vllm_yaml_says_how_to_serve_the_folder(folder: Path) -> None:
    write_bundle(folder, facts())
    text = (folder / "vllm.yaml").read_text()
    assert yaml.safe_load(text) == {
        "model": ".",
        "served-model-name": "tiny-qlora-awq",
        "max-model-len": 512,
        "dtype": "bfloat16",
        "generation-config": "auto",
    }
    values = [line for line in text.splitlines() if line and not line.startswith("#")]
    before = [text.splitlines()[text.splitlines().index(line) - 1] for line in values]
    assert all(line.startswith("# ") for line in before), "each value has a comment"


def test_policy_schemas_and_pairs_are_in_the_bundle(folder: Path) -> None:
    write_bundle(folder, facts())
    assert json.loads((folder / "guardrail.json").read_text())["level"] == "standard"
    assert json.loads((folder / "schemas.json").read_text()) == {"bikes": "5" * 64}
    lines = (folder / "pairs.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == PAIRS


def test_scores_do_not_seal_a_manifest_that_somebody_changed(folder: Path) -> None:
    manifest = write_bundle(folder, facts())
    said = json.dumps(manifest).replace("d" * 40, "e" * 40)
    (folder / "MANIFEST.json").write_text(said)
    with pytest.raises(UserError, match="changed since it was written"):
        record_eval(folder, SUMMARY)


def test_prompt_json_has_the_hash_of_the_prompt(folder: Path) -> None:
    write_bundle(folder, facts())
    said = json.loads((folder / "prompt.json").read_text())
    assert said == prompt_facts(PromptConf(name="compact"), tiny.tokenizer())
    assert said["hash"] != prompt_facts(PromptConf(name="ddl"), tiny.tokenizer())["hash"]
