"""Where a run happened: machine, packages, code."""

import importlib.metadata
import os
import platform
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

PACKAGES = (
    "oracle-sft",
    "torch",
    "transformers",
    "trl",
    "peft",
    "accelerate",
    "datasets",
    "bitsandbytes",
    "llmcompressor",
    "compressed-tensors",
    "deepspeed",
    "hydra-core",
    "omegaconf",
    "sqlglot",
    "duckdb",
    "wandb",
)


def environment() -> dict[str, Any]:
    """Machine, Python and package versions, as run.json and MANIFEST.json hold them."""
    return {
        "platform": platform.platform(),
        "python": platform.python_version(),
        "cpu": _said_in(Path("/proc/cpuinfo"), "model name"),
        "gpus": [_said_in(path, "Model") for path in sorted(_GPUS.glob("*/information"))],
        "cpu_count": len(os.sched_getaffinity(0)),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "packages": versions(),
        "git": git_state(),
    }


_GPUS = Path("/proc/driver/nvidia/gpus")


def _said_in(path: Path, name: str) -> str:
    """The first value of a name in a file of the kernel's, as `name : value`; "unknown" where it has none."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "unknown"
    values = (line.partition(":")[2].strip() for line in lines if line.startswith(name))
    return next(values, "unknown")


def versions() -> dict[str, str]:
    """Installed versions of the packages that can change a result."""
    found = {}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def git_state() -> dict[str, Any]:
    """Commit and dirty flag of the checkout that the package runs from; empty outside a checkout."""
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / ".git").exists():
        return {}
    try:
        commit = _git(checkout, "rev-parse", "HEAD")
        return {"commit": commit, "dirty": bool(_git(checkout, "status", "--porcelain"))}
    except (OSError, subprocess.SubprocessError) as error:
        return {"error": f"git did not answer: {error}"}


def _git(checkout: Path, *arguments: str) -> str:
    command = ["git", "-C", str(checkout), *arguments]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    return said.stdout.strip()


def command_line() -> str:
    """What the user typed, as near as the interpreter knows, to be typed again."""
    return shlex.join(sys.orig_argv)
