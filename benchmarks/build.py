"""How fast a dataset is built, how that grows with the cores, and what it holds in memory.

The pairs are the demo's, each again and again with other words around its question and another limit around its SQL,
so that all differ; one in twenty is a copy, one in fifty reads a column that does not exist. Every stage runs but the
execution: records, guardrail with schema check, canonical SQL, copies, near copies (0.9), split. Beside it, in the
same run, the plain way: one process that reads all pairs into lists and asks the same functions in a loop, with the
library's MinHash index.

    python -m benchmarks.build                  # 10,000 pairs, medians of 5; then 200,000 once
    python -m benchmarks.build --curve 100000 1000000
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
SMALL, LARGE = 10_000, 200_000
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
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
      resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
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


def timed(code: str, settings: list[str]) -> tuple[float, int, int, int]:
    """Seconds, pairs kept, and the peak memory (MB) of the process and of the largest that it started."""
    done = subprocess.run(
        [sys.executable, "-c", code + PEAK, *settings],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds, kept, own, largest = done.stdout.split()
    return float(seconds), int(kept), int(own), int(largest)


def settings(folder: Path, outputs: str, workers: int) -> list[str]:
    """What both ways are asked."""
    (folder / outputs).mkdir(exist_ok=True)
    return [
        "data=jsonl",
        f"data.path={folder / 'pairs.jsonl'}",
        f"data.ddl={folder / 'bikes.sql'}",
        "data.near_duplicates=0.9",
        f"data.workers={workers}",
        f"outputs_dir={folder / outputs}",
    ]


def compared(count: int, rounds: int) -> None:
    """Both ways, in turn, and the second build of the same input."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bikes.sql").write_text(demo_ddl())
        write_pairs(folder / "pairs.jsonl", count)
        size = (folder / "pairs.jsonl").stat().st_size / 1e6
        print(
            f"{count:,} pairs, {size:.0f} MB, {'medians of ' + str(rounds) if rounds > 1 else 'once'}"
        )
        ways = {"plain": (PLAIN, 1), "1 worker": (OURS, 1), "2 workers": (OURS, 2)}
        found: dict[str, list[tuple[float, int, int, int]]] = {way: [] for way in ways}
        again = []
        for turn in range(rounds):
            for way, (code, workers) in ways.items():
                wanted = settings(folder, f"{way.replace(' ', '')}{turn}", workers)
                found[way].append(timed(code, wanted))
            started = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "oracle_sft.data", *wanted],
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=subprocess.DEVNULL,
                check=True,
            )
            again.append(time.perf_counter() - started)
        print(
            f"{'':<12}{'s':>8}{'pairs/s':>10}{'kept':>10}{'peak MB':>9}{'worker MB':>11}{'ratio':>8}"
        )
        plain = statistics.median(each[0] for each in found["plain"])
        for way, runs in found.items():
            seconds = statistics.median(each[0] for each in runs)
            _, kept, own, largest = runs[-1]
            print(
                f"{way:<12}{seconds:>8.1f}{count / seconds:>10,.0f}{kept:>10,}{own:>9,}{largest:>11,}"
                f"{plain / seconds:>8.2f}"
            )
        print(f"the whole command again, on the same input: {statistics.median(again):.2f} s")


def curve(counts: list[int]) -> None:
    """The peak memory of builds of growing size."""
    print(f"{'pairs':>12}{'MB of file':>12}{'s':>9}{'pairs/s':>10}{'peak MB':>9}{'worker MB':>11}")
    for count in counts:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "bikes.sql").write_text(demo_ddl())
            write_pairs(folder / "pairs.jsonl", count)
            size = (folder / "pairs.jsonl").stat().st_size / 1e6
            wanted = [each for each in settings(folder, "out", 2) if "near" not in each]
            seconds, _, own, largest = timed(OURS, wanted)
            print(
                f"{count:>12,}{size:>12,.0f}{seconds:>9.1f}{count / seconds:>10,.0f}{own:>9,}{largest:>11,}",
                flush=True,
            )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--curve", type=int, nargs="+", metavar="PAIRS")
    asked = parser.parse_args()
    if asked.curve:
        curve(asked.curve)
        return
    print(f"{len(os.sched_getaffinity(0))} cores")
    compared(SMALL, ROUNDS)
    compared(LARGE, 1)


if __name__ == "__main__":
    main()
