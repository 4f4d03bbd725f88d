"""Provenance of a large JSONL file: validate and report, and backfill, beside the plain loops over `json.loads`.

.venv/bin/python -m benchmarks.provenance [--pairs 1000000] [--repeats 5] [--curve 10000000]

The plain way is the usual script, written anew: validate line by line, load everything for the report; backfill
loads everything and writes everything. Memory is the peak of a process and its children. The curve shows ours on
larger files.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent

PLAIN_CHECK = """
import json
from collections import Counter
REQUIRED = ("source_session_id", "source", "model", "timestamp", "approved")
valid = invalid = 0
with open(path) as lines:
    for line in lines:
        meta = json.loads(line).get("provenance")
        errors = [name for name in REQUIRED if name not in (meta or {})]
        if meta and meta.get("excluded") and not meta.get("exclusion_reason"):
            errors.append("exclusion_reason")
        valid, invalid = valid + (not errors), invalid + bool(errors)
with open(path) as lines:
    pairs = [json.loads(line) for line in lines if line.strip()]
sources, models, approved, excluded = Counter(), Counter(), 0, 0
for pair in pairs:
    meta = pair.get("provenance", {})
    approved += bool(meta.get("approved"))
    excluded += bool(meta.get("excluded"))
    sources[meta.get("source", "unknown")] += 1
    models[meta.get("model", "unknown")] += 1
print(valid)
"""
OUR_CHECK = """
from pathlib import Path
from oracle_sft.pairs.provenance.scan import scan
if __name__ == "__main__":
    found = scan(Path(path))
    found.tally.report()
    print(found.tally.valid)
"""
PLAIN_BACKFILL = """
import json, time
pairs = []
with open(path) as lines:
    for line in lines:
        pair = json.loads(line)
        meta = pair.get("provenance") or {}
        if not (meta.get("source") and meta.get("model")):
            meta.setdefault("source", "backfill")
            meta.setdefault("model", "hermes")
            meta.setdefault("source_session_id", "backfill")
            meta.setdefault("timestamp", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
            meta.setdefault("approved", True)
            pair["provenance"] = meta
        pairs.append(pair)
with open(path, "w") as out:
    for pair in pairs:
        out.write(json.dumps(pair) + "\\n")
print(len(pairs))
"""
OUR_BACKFILL = """
from pathlib import Path
from oracle_sft.pairs.provenance import ProvenanceMeta
from oracle_sft.pairs.provenance.rewrite import backfill
if __name__ == "__main__":
    said = ProvenanceMeta("import", "backfill", "hermes", "2026-01-01T00:00:00Z")
    print(backfill(Path(path), said).tally.valid)
"""
SQL = (
    "SELECT c.name, COUNT(*) AS orders, SUM(o.total) AS total FROM customers c JOIN orders o "
    "ON o.customer_id = c.id WHERE o.ordered >= DATE '2024-01-01' GROUP BY c.name ORDER BY {n}"
)


def write_pairs(path: Path, count: int, *, whole: float, seed: int = 0) -> None:
    """About 400 bytes a pair; the part `whole` of them has a complete record, the others none."""
    draw = random.Random(seed)
    with path.open("w") as out:
        for number in range(count):
            pair = {
                "id": f"{number:016x}",
                "question": f"Which customers ordered most in region {number % 977}?",
                "sql": SQL.format(n=number % 3 + 1),
                "schema_id": "shop",
            }
            if draw.random() < whole:
                excluded = number % 50 == 0
                pair["provenance"] = {
                    "source_session_id": f"session-{number // 4}",
                    "source": ("trajectory", "curated", "backfill")[number % 3],
                    "model": f"model-{number % 7}",
                    "timestamp": f"2026-01-{number % 28 + 1:02}T{number % 24:02}:00:00Z",
                    "approved": not excluded,
                    "excluded": excluded,
                    "exclusion_reason": "wrong answer" if excluded else "",
                }
            out.write(json.dumps(pair) + "\n")


def measured(folder: Path, code: str, path: Path) -> tuple[float, float, str]:
    """Seconds, peak MB of the process and its children, and what it printed."""
    script = folder / "run.py"
    script.write_text(f"import sys\npath = sys.argv[1]\n{code}")
    wrapper = (
        "import resource, subprocess, sys\n"
        "said = subprocess.run([sys.executable, *sys.argv[1:]], capture_output=True, text=True, check=True)\n"
        "print(said.stdout.strip(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", wrapper, str(script), str(path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    seconds = time.perf_counter() - started
    said, peak = done.stdout.split()
    return seconds, int(peak) / 1024, said


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--curve", type=int, default=0, help="also this many pairs, ours alone")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole, bare = folder / "whole.jsonl", folder / "bare.jsonl"
        write_pairs(whole, asked.pairs, whole=0.99)
        write_pairs(bare, asked.pairs, whole=0.5)
        print(
            f"{asked.pairs:,} pairs, {whole.stat().st_size / 1e6:.0f} MB; medians of {asked.repeats}"
        )
        print(f"{'':28}{'plain s':>9}{'ours s':>9}{'times':>7}{'plain MB':>10}{'ours MB':>9}")
        _compare(folder, "validate and report", whole, PLAIN_CHECK, OUR_CHECK, asked.repeats)
        _compare(
            folder, "backfill, half of them bare", bare, PLAIN_BACKFILL, OUR_BACKFILL, asked.repeats
        )
        if asked.curve:
            large = folder / "large.jsonl"
            write_pairs(large, asked.curve, whole=0.5)
            for title, code in (("validate and report", OUR_CHECK), ("backfill", OUR_BACKFILL)):
                seconds, peak, _ = measured(folder, code, large)
                print(f"{title:28}{'':9}{seconds:9.2f}{'':17}{peak:9.0f}   ({asked.curve:,} pairs)")


def _compare(folder: Path, title: str, source: Path, plain: str, ours: str, repeats: int) -> None:
    work = folder / "work.jsonl"
    found: dict[str, list[tuple[float, float, str]]] = {"plain": [], "ours": []}
    for _ in range(repeats):
        for who, code in (("plain", plain), ("ours", ours)):
            subprocess.run(["cp", str(source), str(work)], check=True)
            found[who].append(measured(folder, code, work))
    times = {who: statistics.median(one[0] for one in runs) for who, runs in found.items()}
    peaks = {who: max(one[1] for one in runs) for who, runs in found.items()}
    print(
        f"{title:28}{times['plain']:9.2f}{times['ours']:9.2f}{times['plain'] / times['ours']:7.1f}"
        f"{peaks['plain']:10.0f}{peaks['ours']:9.0f}"
    )


if __name__ == "__main__":
    main()
