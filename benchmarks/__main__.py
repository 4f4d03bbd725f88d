"""Every benchmark that needs no GPU, one after the other; each writes benchmarks/results/<name>.txt."""

import subprocess
import sys
from pathlib import Path

NAMES = (
    "startup",
    "kills",
    "worker_kills",
    "guardrail",
    "extraction",
    "fuzz",
    "engine",
    "scoring",
    "suites",
    "restated",
    "provenance",
    "kills_pairs",
    "kills_quantize",
    "selection",
    "build",
    "hashing",
    "merge",
    "kills_merge",
)


def main() -> None:
    """Run them all."""
    results = Path(__file__).parent / "results"
    results.mkdir(exist_ok=True)
    for name in NAMES:
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        print(" ".join(["python", *command[1:]]), flush=True)
        said = subprocess.run(command, capture_output=True, text=True, check=True)
        (results / f"{name}.txt").write_text(f"$ python -m benchmarks.{name}\n{said.stdout}")
        print(said.stdout)


if __name__ == "__main__":
    main()
