"""What a bundle says about itself, read without its weights."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oracle_sft.errors import UserError
from oracle_sft.record.digest import OnBytes, digest_folder, sha256_json
from oracle_sft.record.files import read_json, write_json
from oracle_sft.record.signature import SIGNATURE

MANIFEST = "MANIFEST.json"
MANIFEST_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """How a folder differs from its manifest: names of files, sorted."""

    changed: list[str]
    missing: list[str]
    extra: list[str]

    def __bool__(self) -> bool:
        return bool(self.changed or self.missing or self.extra)


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Seal a manifest with the digest of all that it says, and put it into its folder; returns it.

    A signature that is there is one over something else, and goes away.
    """
    said = {key: value for key, value in manifest.items() if key != "digest"}
    sealed = {**said, "digest": sha256_json(said)}
    (folder / SIGNATURE).unlink(missing_ok=True)
    write_json(folder / MANIFEST, sealed)
    return sealed


def is_sealed(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest says what it said when it was written.

    Who changes it on purpose can seal it again: then only the run's own record, or a signature, tells.
    """
    said = {key: value for key, value in manifest.items() if key != "digest"}
    return bool(manifest.get("digest") == sha256_json(said))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in a bundle's folder, as it is there: neither its seal nor the files are looked at.

    Raises:
        UserError: there is no bundle of this version.
    """
    path = folder / MANIFEST
    if not path.is_file():
        why = f"holds no bundle (no {MANIFEST})" if folder.is_dir() else "does not exist"
        raise UserError(
            f"{folder} {why}; give a folder that the package stage wrote, as "
            "outputs/NAME/package/awq"
        )
    try:
        manifest = read_json(path)
        version = manifest["manifest_version"]
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UserError(f"{path} is no manifest of a bundle") from None
    if version != MANIFEST_VERSION:
        raise UserError(
            f"{folder} is a bundle of version {version!r}, and this is version {MANIFEST_VERSION}; "
            "run the package stage again"
        )
    if not _lists_files(manifest):
        raise UserError(f"{path} is no manifest of a bundle: it lists no files")
    return dict(manifest)


def compare(
    folder: Path, manifest: Mapping[str, Any], on_progress: OnBytes | None = None
) -> Differences:
    """Every file of a bundle's folder beside what its manifest says of it; itself and a signature left out."""
    found, said = digest_folder(folder, on_progress=on_progress), manifest["files"]
    for beside in (MANIFEST, SIGNATURE):
        found.pop(beside, None)
    links = (path for path in folder.rglob("*") if path.is_symlink() and not path.exists())
    astray = {path.relative_to(folder).as_posix() for path in links}  # no file, and yet there
    return Differences(
        changed=sorted(name for name in said.keys() & found.keys() if said[name] != found[name]),
        missing=sorted(said.keys() - found.keys()),
        extra=sorted((found.keys() | astray) - said.keys()),
    )


def open_bundle(folder: Path) -> dict[str, Any]:
    """The manifest of the bundle in a folder.

    Raises:
        UserError: there is no bundle of this version, or it is not as it was written. Files that were added are no
            part of it.
    """
    manifest = read_manifest(folder)
    if not is_sealed(manifest):
        raise UserError(
            f"{folder / MANIFEST} changed since the bundle was made; run the package stage again"
        )
    found = compare(folder, manifest)
    changed = sorted([*found.changed, *found.missing])
    if changed:
        raise UserError(
            f"{folder}: {', '.join(changed)} changed since the bundle was made; run the package stage again"
        )
    return manifest


def weights_digest(files: Mapping[str, Any]) -> str:
    """One digest for the weights among the files of a bundle: it stays when its card gets scores."""
    weights = {name: said for name, said in files.items() if name.endswith(".safetensors")}
    return sha256_json(weights)


def recorded_overrides(folder: Path) -> list[str]:
    """How the bundle in a folder wants to be asked, and what its pairs were split by, as overrides.

    Raises:
        UserError: there is no bundle.
    """
    manifest = open_bundle(folder)
    prompt, config = manifest["prompt"], manifest["config"]
    return [
        f"prompt={prompt['style']}",
        f"prompt.max_schema_tokens={prompt['max_schema_tokens']}",
        f"model.context_tokens={config['model']['context_tokens']}",
        f"train.max_length_tokens={config['train']['max_length_tokens']}",  # it must fit into the context
        f"eval.max_new_tokens={manifest['max_new_tokens']}",
        f"seed={config['seed']}",
    ]


def _lists_files(manifest: Mapping[str, Any]) -> bool:
    files = manifest.get("files")
    return isinstance(files, dict) and all(isinstance(said, dict) for said in files.values())
