"""What a bundle says about itself, read without its weights."""

from pathlib import Path
from typing import Any

from oracle_sft.errors import UserError
from oracle_sft.record.digest import digest_folder
from oracle_sft.record.files import read_json

MANIFEST = "MANIFEST.json"
MANIFEST_VERSION = 1


def open_bundle(folder: Path) -> dict[str, Any]:
    """The manifest of the bundle in a folder.

    Raises:
        UserError: there is no bundle of this version, or its files are not those of its manifest.
    """
    if not (folder / MANIFEST).is_file():
        why = f"holds no bundle (no {MANIFEST})" if folder.is_dir() else "does not exist"
        raise UserError(
            f"bundle={folder} {why}; give a folder that the package stage wrote, as "
            "outputs/NAME/package/awq"
        )
    try:
        manifest: dict[str, Any] = read_json(folder / MANIFEST)
        version = manifest["manifest_version"]
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{folder / MANIFEST} is no manifest of a bundle") from None
    if version != MANIFEST_VERSION:
        raise UserError(
            f"{folder} is a bundle of version {version!r}, and this is version {MANIFEST_VERSION}; "
            "run the package stage again"
        )
    found = digest_folder(folder)
    changed = [name for name, facts in manifest["files"].items() if found.get(name) != facts]
    if changed:
        raise UserError(
            f"{folder}: {', '.join(changed)} changed since the bundle was made; run the package stage again"
        )
    return manifest


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
