"""Signatures over folders, made and checked by model-signing."""

import importlib.util
import json
import subprocess
from pathlib import Path

import pytest

from oracle_sft.errors import CheckFailed, EnvironmentFault, UserError
from oracle_sft.record.signature import SIGNATURE, check_signature, sign

PEM = "-----BEGIN PRIVATE KEY-----\n"

wants_it = pytest.mark.skipif(
    importlib.util.find_spec("model_signing") is None, reason="needs oracle-sft[sign]"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "folder"
    made.mkdir()
    for name in ("MANIFEST.json", "model.safetensors"):
        (made / name).write_text(name)
    return made


def keys(folder: Path, name: str) -> tuple[Path, Path]:
    """A private and a public key, by the openssl command."""
    private, public = folder / f"{name}.pem", folder / f"{name}.pub.pem"
    curve = ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(private)]
    for arguments in (curve, ["ec", "-in", str(private), "-pubout", "-out", str(public)]):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
    return private, public


@pytest.mark.slow
@wants_it
def test_what_was_signed_is_checked_to_the_byte(folder: Path, tmp_path: Path) -> None:
    private, public = keys(tmp_path, "ours")
    _, other = keys(tmp_path, "theirs")
    assert sign(folder, private) == folder / SIGNATURE
    check_signature(folder, public)
    with pytest.raises(CheckFailed, match=r"no signature of .*theirs"):
        check_signature(folder, other)
    (folder / "extra").touch()
    with pytest.raises(CheckFailed, match="Extra files"):
        check_signature(folder, public)
    (folder / "extra").unlink()
    (folder / "model.safetensors").write_text("model.safetensorz")
    with pytest.raises(CheckFailed, match="Hash mismatch"):
        check_signature(folder, public)
    sign(folder, private)
    check_signature(folder, public)
    with pytest.raises(UserError, match="cannot be signed with"):
        sign(folder, public)
    assert not (folder / SIGNATURE).exists()


def test_a_folder_without_a_signature_is_not_signed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(PEM)
    with pytest.raises(CheckFailed, match=r"is not signed \(no model\.sig\)"):
        check_signature(folder, tmp_path / "key.pem")


def test_an_installation_that_lacks_something_is_no_verdict(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "site" / "model_signing"
    broken.mkdir(parents=True)
    (broken / "__init__.py").touch()
    (broken / "__main__.py").write_text("import no_such_module\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "site"))
    (tmp_path / "key.pem").write_text(PEM)
    (folder / SIGNATURE).write_text(json.dumps({}))
    with pytest.raises(EnvironmentFault, match=r"no_such_module.*oracle-sft\[sign\]"):
        check_signature(folder, tmp_path / "key.pem")
    with pytest.raises(EnvironmentFault, match="does not start"):
        sign(folder, tmp_path / "key.pem")
