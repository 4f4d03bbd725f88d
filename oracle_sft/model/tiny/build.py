"""The tiny base model that ships with the package, as the local folder that every base model is."""

import hashlib
import os
import shutil
from functools import cache
from pathlib import Path

from oracle_sft.errors import EnvironmentFault


def tiny_model_dir() -> Path:
    """Where the package keeps the weights: a Hugging Face folder with its RECIPE.json."""
    return Path(__file__).parent / "weights"


@cache
def tiny_fingerprint() -> str:
    """12 hex digits of SHA-256 over the shipped files.

    Raises:
        EnvironmentFault: the weights are not there.
    """
    return _fingerprint(tiny_model_dir())


def build_tiny(target: Path) -> Path:
    """Copy the shipped model to `target`, unless it is there already, and return `target`.

    A copy that was cut short or changed is replaced.

    Raises:
        EnvironmentFault: the weights are missing from the installation, or `target` cannot be written.
    """
    if target.is_dir() and _is_copy(target):
        return target
    fingerprint = tiny_fingerprint()
    beside = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(beside, ignore_errors=True)
        shutil.copytree(tiny_model_dir(), beside)
        if target.is_dir():
            shutil.rmtree(target)
        beside.rename(target)
    except OSError as error:
        shutil.rmtree(beside, ignore_errors=True)
        raise EnvironmentFault(
            f"cannot write the tiny base model {fingerprint} to {target}: {error.strerror or error}; "
            "free space or choose another outputs_dir"
        ) from error
    return target


def _is_copy(target: Path) -> bool:
    try:
        return _fingerprint(target) == tiny_fingerprint()
    except EnvironmentFault:
        return False


def _fingerprint(folder: Path) -> str:
    if not (folder / "model.safetensors").is_file():
        raise EnvironmentFault(
            f"the tiny base model has no weights in {folder}; install the package again, or make them with "
            "`python -m oracle_sft.model.tiny.pretrain --out DIR`"
        )
    said = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.is_file():
            said.update(f"{path.name}\0{path.stat().st_size}\0".encode())
            said.update(path.read_bytes())
    return said.hexdigest()[:12]
