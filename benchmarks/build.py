"""How fast a dataset is built, how that grows with the cores, and what it holds in memory.

The pairs are the demo's, each again and again with other words around its question and another limit around its SQL,
so that all differ; one in twenty is a copy, one in fifty reads a column that does not exist. Every stage runs but the
execution: records, guardrail with schema check, canonical SQL, copies, near copies (0.9) where it says so, split.
Beside it, in the same run, the plain way: one process that reads all pairs into lists and asks the same functions in a
loop, with the library's MinHash index. Then builds of growing size on two workers, and the whole command once more on
the same input, which finds the dataset.

    python -m benchmarks.build [--sizes 100000 200000 1000000]
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

from oracle_sft.pairs.demo.source import demo_ddl, demo_suites

ROOT = Path(__file__).parent.parent
ROUNDS = 5
SMALL = 10_000
NEAR = 200_000
"""The size that is also built without near copies."""
RECORD = {
    "source_session_id": "bench",
    "source": "curated",
    "model": "people",
    "timestamp": "2026-05-02T14:00:09Z",
    "approved": True,
}
WORDS = """again also briefly carefully currently daily exactly finally generally here honestly
    instead just kindly lately maybe now officially please quickly really simply
    still today usually very well yesterday""".split()

OURS = """
import sys, time
from oracle_sft.config.compose import compose
from oracle_sft.pairs.build import find_or_build
started = time.perf_counter()
dataset = find_or_build(compose(sys.argv[1:]), lambda done, total: None)
seconds = time.perf_counter() - started
print(seconds, sum(dataset.stats["suites"].values()), flush=True)
"""

PLAIN = """
import json, sys, time
from pathlib import Path
from rensa import RMinHash, RMinHashLSH
from oracle_sft.config.compose import compose
from oracle_sft.pairs.guard import guardrail
from oracle_sft.pairs.near import features, num_bands
from oracle_sft.pairs.pair import normal_question
from oracle_sft.sqltext.canonical import canonical
from oracle_sft.sqltext.ddl import read_ddl
conf = compose(sys.argv[1:])
started = time.perf_counter()
schema = read_ddl(Path(conf.data.ddl).read_text(), schema_id="bikes")
guard = guardrail(conf)
pairs = [json.loads(line) for line in open(conf.data.path)]
seen, index, sketches, kept = set(), RMinHashLSH(0.9, 240, num_bands(0.9)), [], []
for pair in pairs:
    if not guard.check(pair["sql"], schema=schema).allowed:
        continue
    pair["canonical"] = canonical(pair["sql"], schema)
    key = (normal_question(pair["question"]), pair["canonical"])
    if key in seen:
        continue
    seen.add(key)
    sketch = RMinHash(240, 0)
    sketch.update(sorted(features(pair["question"], pair["canonical"])))
    if any(sketch.jaccard(sketches[place]) >= 0.9 for place in index.query(sketch)):
        continue
    index.insert(len(sketches), sketch)
    sketches.append(sketch)
    kept.append(pair)
with open(Path(conf.outputs_dir) / "plain.jsonl", "w") as lines:
    lines.writelines(json.dumps(pair) + "\\n" for pair in kept)
print(time.perf_counter() - started, len(kept), flush=True)
"""

PEAK = """
import resource
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def write_pairs(path: Path, count: int) -> None:
    """The pairs that both ways read."""
    dice = random.Random(0)
    demo = demo_suites()
    lines: list[str] = []
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            if number % 20 == 19:
                file.write(lines[dice.randrange(len(lines))])
                continue
            base = demo[number % len(demo)]
            limit = number // len(demo) + 2
            words = " ".join(dice.choices(WORDS, k=6))
            sql = f"SELECT * FROM ({base.sql}) WHERE ROWNUM <= {limit}"
            if number % 50 == 7:
                sql = f"SELECT q.no_such_column FROM ({base.sql}) q WHERE ROWNUM <= {limit}"
            said = {
                "question": f"{words}: {base.question} At most {limit}.",
                "sql": sql,
                "provenance": RECORD,
            }
            line = json.dumps(said) + "\n"
            if len(lines) < 10_000:
                lines.append(line)
            file.write(line)


def timed(code: str, settings: list[str]) -> tuple[float, int, int]:
    """Seconds, pairs kept, and the peak memory (MB) of the process that was started.

    Not of its workers: Linux counts for a process that was spawned what its parent held at that moment.
    """
    done = subprocess.run(
        [sys.executable, "-c", code + PEAK, *settings],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds, kept, own = done.stdout.split()
    return float(seconds), int(kept), int(own)


def settings(folder: Path, outputs: str, workers: int, *, near: bool = True) -> list[str]:
    """What both ways are asked."""
    (folder / outputs).mkdir(exist_ok=True)
    return [
        "data=jsonl",
        f"data.path={folder / 'pairs.jsonl'}",
        f"data.ddl={folder / 'bikes.sql'}",
        *(["data.near_duplicates=0.9"] if near else []),
        f"data.workers={workers}",
        f"outputs_dir={folder / outputs}",
    ]


def compared(count: int) -> None:
    """Both ways, in turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bikes.sql").write_text(demo_ddl())
        write_pairs(folder / "pairs.jsonl", count)
        ways = {"plain": (PLAIN, 1), "1 worker": (OURS, 1), "2 workers": (OURS, 2)}
        found: dict[str, list[tuple[float, int, int]]] = {way: [] for way in ways}
        for turn in range(ROUNDS):
            for way, (code, workers) in ways.items():
                wanted = settings(folder, f"{way.replace(' ', '')}{turn}", workers)
                found[way].append(timed(code, wanted))
    print(
        f"{count:,} pairs with near copies, medians of {ROUNDS}, {len(os.sched_getaffinity(0))} cores"
    )
    print(f"{'':<12}{'s':>8}{'pairs/s':>10}{'ratio':>8}{'kept':>10}{'peak MB':>9}")
    plain = statistics.median(each[0] for each in found["plain"])
    for way, runs in found.items():
        seconds = statistics.median(each[0] for each in runs)
        _, kept, own = runs[-1]
        speeds = f"{seconds:>8.1f}{count / seconds:>10,.0f}{plain / seconds:>8.2f}"
        print(f"{way:<12}{speeds}{kept:>10,}{own:>9,}", flush=True)


def grown(counts: list[int]) -> None:
    """Builds of growing size on two workers."""
    print("\ntwo workers, once; again: the whole command on the same input")
    print(
        f"{'pairs':>10}{'near':>6}{'MB of file':>12}{'s':>8}{'pairs/s':>10}{'peak MB':>9}{'again s':>9}"
    )
    for count in counts:
        for near in (False, True) if count == NEAR else (False,):
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                (folder / "bikes.sql").write_text(demo_ddl())
                write_pairs(folder / "pairs.jsonl", count)
                size = (folder / "pairs.jsonl").stat().st_size / 1e6
                wanted = settings(folder, "out", 2, near=near)
                seconds, _, own = timed(OURS, wanted)
                again = asked_again(wanted)
            print(
                f"{count:>10,}{'yes' if near else 'no':>6}{size:>12,.0f}{seconds:>8.1f}{count / seconds:>10,.0f}"
                f"{own:>9,}{again:>9.2f}",
                flush=True,
            )


def asked_again(wanted: list[str]) -> float:
    """Seconds of the command where the dataset is there."""
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "oracle_sft.data", *wanted],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - started


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="*", default=[100_000, 200_000, 1_000_000])
    asked = parser.parse_args()
    compared(SMALL)
    grown(asked.sizes)


if __name__ == "__main__":
    main()
