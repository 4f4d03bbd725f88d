"""The manifest of a bundle: what it is refused for, and how a folder may differ from it."""

import json
from pathlib import Path

import pytest

from oracle_sft.errors import UserError
from oracle_sft.model.manifest import (
    compare,
    is_sealed,
    open_bundle,
    read_manifest,
    weights_digest,
    write_manifest,
)
from oracle_sft.record.digest import digest_folder


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for name in ("a.txt", "b.txt", "sub/model.safetensors"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"what {name} says")
    write_manifest(tmp_path, {"manifest_version": 2, "files": digest_folder(tmp_path)})
    return tmp_path


def test_a_whole_bundle_is_opened(bundle: Path) -> None:
    manifest = open_bundle(bundle)
    assert is_sealed(manifest)
    assert not compare(bundle, manifest)
    assert write_manifest(bundle, manifest) == manifest


def test_what_changed_went_away_or_came_is_told_apart(bundle: Path) -> None:
    manifest = read_manifest(bundle)
    data = bytearray((bundle / "sub/model.safetensors").read_bytes())
    data[3] ^= 1
    (bundle / "sub/model.safetensors").write_bytes(data)
    (bundle / "a.txt").unlink()
    (bundle / "sub/new").touch()
    (bundle / "astray").symlink_to("nowhere")
    found = compare(bundle, manifest)
    assert (found.changed, found.missing, found.extra) == (
        ["sub/model.safetensors"],
        ["a.txt"],
        ["astray", "sub/new"],
    )
    with pytest.raises(UserError, match=r"a\.txt, sub/model\.safetensors changed since"):
        open_bundle(bundle)


def test_a_manifest_that_says_something_else_is_noticed(bundle: Path) -> None:
    manifest = read_manifest(bundle)
    manifest["files"]["a.txt"]["size"] += 1
    (bundle / "MANIFEST.json").write_text(json.dumps(manifest))
    assert not is_sealed(read_manifest(bundle))
    with pytest.raises(UserError, match=r"MANIFEST\.json changed since the bundle was made"):
        open_bundle(bundle)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is no manifest of a bundle"),
        ("[]", "is no manifest of a bundle"),
        ('{"kind": "dataset"}', "is no manifest of a bundle"),
        ("[" * 100_000, "is no manifest of a bundle"),
        ('{"manifest_version": 2}', "it lists no files"),
        ('{"manifest_version": 2, "files": {"a": 1}}', "it lists no files"),
        ('{"manifest_version": 1}', "is a bundle of version 1, and this is version 2; run the pac"),
    ],
)
def test_what_is_no_manifest_is_refused(bundle: Path, text: str, message: str) -> None:
    (bundle / "MANIFEST.json").write_text(text)
    with pytest.raises(UserError, match=message):
        read_manifest(bundle)


def test_bytes_that_are_no_text_are_no_manifest(bundle: Path) -> None:
    (bundle / "MANIFEST.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserError, match="is no manifest of a bundle"):
        read_manifest(bundle)


def test_the_digest_of_the_weights_speaks_of_nothing_else(bundle: Path) -> None:
    files = read_manifest(bundle)["files"]
    before = weights_digest(files)
    assert weights_digest({**files, "README.md": {"sha256": "0"}}) == before
    files["sub/model.safetensors"]["sha256"] = "0"
    assert weights_digest(files) != before
