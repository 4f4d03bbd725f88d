"""SIGKILL at random moments: a naive rewrite of a file beside record.files, and the build of a dataset.

.venv/bin/python -m benchmarks.kills --kills 300 > benchmarks/results/kills.txt
"""

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROWS = 5_000

NAIVE = """
with open(path, "w") as file:
    for row in rows:
        file.write(json.dumps(row) + "\\n")
"""
OURS = "write_jsonl(Path(path), rows)"
LOOP = """
import json, sys
from pathlib import Path
from oracle_sft.record.files import write_jsonl
path = sys.argv[1]
generations = [[{{"n": n, "generation": g, "text": "x" * 200}} for n in range({rows})] for g in (0, 1)]
print("ready", flush=True)
while True:
    for rows in generations:
{write}
"""


def state(path: Path) -> str:
    """whole, short (fewer rows, each valid), empty, torn (a line that is no JSON), or mixed."""
    lines = path.read_text().splitlines() if path.exists() else []
    if not lines:
        return "empty"
    try:
        rows = [json.loads(line) for line in lines]
    except json.JSONDecodeError:
        return "torn"
    if len({row["generation"] for row in rows}) > 1:
        return "mixed"
    return "whole" if len(rows) == ROWS else "short"


def campaign(write: str, kills: int, seed: int) -> tuple[Counter[str], int, float]:
    """States after each kill, stray files left at the end, seconds."""
    draw = random.Random(seed)
    states: Counter[str] = Counter()
    indented = "".join(f"        {line}\n" for line in write.strip().splitlines())
    code = LOOP.format(rows=ROWS, write=indented)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.jsonl"
        for _ in range(kills):
            with subprocess.Popen(
                [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE
            ) as writer:
                assert writer.stdout is not None
                writer.stdout.readline()
                time.sleep(draw.uniform(0.05, 0.25))
                writer.send_signal(signal.SIGKILL)
            states[state(path)] += 1
        strays = len(list(Path(folder).iterdir())) - 1
    return states, strays, time.monotonic() - started


def main() -> None:
    """Print one line a writer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=300)
    kills = parser.parse_args().kills
    kinds = ("whole", "short", "mixed", "empty", "torn")
    print(
        f"{'writer':<22}{'kills':>6}"
        + "".join(f"{kind:>7}" for kind in kinds)
        + f"{'strays':>8}{'seconds':>9}"
    )
    for name, write in {"open(path, 'w')": NAIVE, "record.files": OURS}.items():
        states, strays, seconds = campaign(write, kills, seed=0)
        counts = "".join(f"{states[kind]:>7}" for kind in kinds)
        print(f"{name:<22}{kills:>6}{counts}{strays:>8}{seconds:>9.0f}", flush=True)


if __name__ == "__main__":
    main()
