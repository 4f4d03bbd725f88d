"""The base of a run is recorded with what is known of where it came from."""

from pathlib import Path

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.errors import UserError
from oracle_sft.model.base import origin, prepare_base
from oracle_sft.record.digest import digest_folder, sha256_json
from oracle_sft.record.run import Run, claim

REVISION = "11c5a3d5811f50298f278a704980280950aedb10"


def files(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def run_of(base: Path, outputs: Path) -> tuple[Path, dict[str, object]]:
    conf = compose([f"model.path={base}", f"outputs_dir={outputs}"])
    with claim(conf, []) as run:
        prepare_base(conf, run)
        return run.folder, dict(run.state["parents"]["base_model"])


def test_a_run_records_the_files_of_its_base(tmp_path: Path) -> None:
    base = files(tmp_path / "base")
    folder, parent = run_of(base, tmp_path / "outputs")
    assert parent["files"] == digest_folder(base)
    assert parent["digest"] == sha256_json(parent["files"])
    assert "revision" not in parent
    assert Run(folder).state["parents"]["base_model"] == parent


def test_a_run_does_not_go_on_with_other_weights(tmp_path: Path) -> None:
    base = files(tmp_path / "base")
    run_of(base, tmp_path / "outputs")
    (base / "model.safetensors").write_bytes(b"changed")
    with pytest.raises(UserError, match="the weights changed since this run began"):
        run_of(base, tmp_path / "outputs")


def test_a_hubs_cache_says_repository_and_revision(tmp_path: Path) -> None:
    blob = tmp_path / "models--org--a-b--c" / "blobs" / "x"
    blob.parent.mkdir(parents=True)
    blob.write_bytes(b"weights")
    snapshot = files(tmp_path / "models--org--a-b--c" / "snapshots" / REVISION)
    (snapshot / "model.safetensors").unlink()
    (snapshot / "model.safetensors").symlink_to(blob)
    assert origin(snapshot) == {"repository": "org/a-b--c", "revision": REVISION}


def test_a_download_into_a_folder_says_its_revision(tmp_path: Path) -> None:
    base = files(tmp_path / "base")
    notes = base / ".cache" / "huggingface" / "download"
    notes.mkdir(parents=True)
    for name in ("config.json", "model.safetensors"):
        (notes / f"{name}.metadata").write_text(f"{REVISION}\na16a55\n1712656091.123\n")
    assert origin(base) == {"revision": REVISION}
    (notes / "model.safetensors.metadata").write_text("another\n")
    assert origin(base) == {}
