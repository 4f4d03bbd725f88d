"""metrics.jsonl: every logged number, one object a line; what trackers and reports are fed from."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from oracle_sft.record.files import disk_faults


class MetricsWriter:
    """Appends to metrics.jsonl; each line is flushed, so a killed run keeps all but the last one."""

    def __init__(self, path: Path, stage: str) -> None:
        """Every line says `stage`."""
        self._path = path
        self._stage = stage

    def __call__(self, values: dict[str, Any]) -> None:
        """Write one line: the stage, the time (Unix seconds), and the values."""
        line = {"stage": self._stage, "time": round(time.time(), 3), **values}
        with disk_faults(self._path), self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


class MetricsFollower:
    """Reads the lines that were added since it was last asked; a line still being written waits."""

    def __init__(self, path: Path, offset: int = 0) -> None:
        """`offset` is the byte to start at: the end of what was followed before."""
        self._path = path
        self.offset = offset

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """The new whole lines."""
        if not self._path.exists():
            return
        with self._path.open("rb") as file:
            file.seek(self.offset)
            for line in file:
                if not line.endswith(b"\n"):
                    return
                self.offset += len(line)
                yield json.loads(line)
