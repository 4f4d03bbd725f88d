"""What a run's folder says of its weights, also one that is older than some of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.errors import UserError
from oracle_sft.model.bundle import BundleFacts
from oracle_sft.model.bundle_facts import bundle_facts
from oracle_sft.pairs.pair import Pair
from oracle_sft.record.digest import digest_folder, sha256_json
from oracle_sft.record.files import write_json, write_jsonl
from oracle_sft.record.run import Run
from tests.model.test_bundle import ENVIRONMENT, PAIRS, TRAINING, facts


def dataset_at(folder: Path) -> Path:
    provenance = {"source": "curated", "model": "human"}
    pairs = [
        Pair(id=name, question="q", sql="s", schema_id="x", provenance=provenance).as_dict()
        for name in ("pair-2", "pair-1")
    ]
    write_jsonl(folder / "train.jsonl", pairs)
    stats = {"suites": {"train": 2}, "provenance": {"total": 2}, "counts": {}}
    write_json(folder / "stats.json", stats)
    manifest = {
        "name": "ours",
        "fingerprint": "f" * 64,
        "schemas": {"x": "5" * 64},
        "parents": {"sources": {"pairs.jsonl": "0" * 64}},
        "files": digest_folder(folder),
    }
    write_json(folder / "MANIFEST.json", manifest)
    return folder


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    (tmp_path / "base").mkdir()
    (tmp_path / "base/model.safetensors").write_text("base")
    (tmp_path / "run/adapter").mkdir(parents=True)
    (tmp_path / "run/adapter/weights").write_text("adapter")
    dataset_at(tmp_path / "dataset")
    files = digest_folder(tmp_path / "base")
    base = {"name": "ours", "path": str(tmp_path / "base"), "digest": sha256_json(files)}
    trained = {"status": "done", "steps": 4, "model": {"device": "cpu"}, "saw": TRAINING["saw"]}
    state = {
        "config_hash": "c" * 64,
        "command": "train",
        "overrides": [],
        "created": "2026-01-15T09:00:00Z",
        "stages": {"train": trained},
        "parents": {
            "base_model": {**base, "files": files},
            "dataset": {"path": str(tmp_path / "dataset")},
        },
        "environment": ENVIRONMENT,
    }
    write_json(tmp_path / "run/run.json", state)
    write_jsonl(tmp_path / "run/trained.jsonl", PAIRS)
    return tmp_path


@pytest.fixture
def said(outputs: Path, base: Path) -> Callable[[], BundleFacts]:
    """The facts; the tokenizer is that of a model that stands for the merged one."""
    return lambda: bundle_facts(Run(outputs / "run"), compose([]), base, facts().merge)


def change(outputs: Path, work: Callable[[dict[str, Any]], object]) -> None:
    state = json.loads((outputs / "run/run.json").read_text())
    work(state)
    write_json(outputs / "run/run.json", state)


def test_the_facts_are_those_of_the_run(outputs: Path, said: Callable[[], BundleFacts]) -> None:
    found = said()
    assert found.base_model["files"] == digest_folder(outputs / "base")
    assert found.adapter["files"] == digest_folder(outputs / "run/adapter")
    assert found.dataset["sources"] == {"pairs.jsonl": "0" * 64}
    assert found.guardrail["level"] == "standard"
    assert list(found.pairs) == PAIRS
    assert found.training["saw"] == TRAINING["saw"]
    assert set(found.parents) == {"dataset", "base_model", "adapter"}


def test_a_base_with_another_file_is_not_the_one_of_the_run(
    outputs: Path, said: Callable[[], BundleFacts]
) -> None:
    (outputs / "base/model.safetensors").write_text("another base")
    with pytest.raises(UserError, match=r"model\.safetensors has another size"):
        said()
    (outputs / "base/model.safetensors").unlink()
    with pytest.raises(UserError, match=r"model\.safetensors is gone"):
        said()


def test_a_run_that_is_older_than_the_lists_is_packaged_without_them(
    outputs: Path, said: Callable[[], BundleFacts]
) -> None:
    change(outputs, lambda state: state["parents"]["base_model"].pop("files"))
    change(outputs, lambda state: state["stages"]["train"].pop("saw"))
    (outputs / "run/trained.jsonl").unlink()
    found = said()
    assert found.base_model["files"] == digest_folder(outputs / "base")
    assert found.training["saw"] is None
    assert [(pair["id"], pair["state"]) for pair in found.pairs] == [
        ("pair-1", None),
        ("pair-2", None),
    ]
    (outputs / "base/model.safetensors").write_text("BASE")
    with pytest.raises(UserError, match="its digest is another one"):
        said()
