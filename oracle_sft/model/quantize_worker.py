"""The process that quantises: `PYTHON -m oracle_sft.model.quantize_worker JOB.json`.

Quantisers and training stacks exclude each other, so this is a process of its own, under an interpreter of its own
where quant.python says so: it imports nothing of this project but `model/quantizers/`. What it writes to the job's
`result` is all that comes back.
"""

import importlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from oracle_sft.model.quantizers.shown import NotAsAsked, Refused


def main(job_path: Path) -> int:
    """Quantise as the job file says; returns the exit code."""
    job = json.loads(job_path.read_text(encoding="utf-8"))
    try:
        result = {"ok": True, **_quantise(job)}
    except ModuleNotFoundError as error:
        result = {"ok": False, "missing_module": error.name, "error": str(error)}
    except Refused as error:
        result = {"ok": False, "refused": str(error)}
    except NotAsAsked as error:
        result = {"ok": False, "not_as_asked": str(error)}
    Path(job["result"]).write_text(json.dumps(result), encoding="utf-8")
    return 0 if result["ok"] else 3


def end_with(parent: int) -> None:
    """End this process when its parent is gone: a killed command leaves no quantiser at work.

    The parent holds the other end of standard input and never writes: reading comes back when it is closed.
    """

    def watch() -> None:
        os.read(parent, 1)  # not sys.stdin: its lock would be held when this process ends by itself
        os._exit(75)

    threading.Thread(target=watch, daemon=True).start()


def _quantise(job: dict[str, Any]) -> dict[str, Any]:
    # Each of these files imports its quantiser at the top; none but the wanted one may be read.
    backend = importlib.import_module(f"oracle_sft.model.quantizers.with_{job['backend']}")
    import torch

    torch.manual_seed(job["seed"])
    made: dict[str, Any] = backend.quantise(job)
    return made


if __name__ == "__main__":
    end_with(sys.stdin.fileno())
    sys.exit(main(Path(sys.argv[1])))
