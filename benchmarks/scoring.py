"""Time to score 1,000 predictions on the demo schema against golds that are kept from before, on 2 cores.

Half of the predictions are the gold's text, the others are the same in other words, another question's gold, a gold
with another bound, or SQL that the guardrail or Oracle refuses; all in a fence, as models answer. From the start of
the workers to the written report.

    .venv/bin/python -m benchmarks.scoring > benchmarks/results/scoring.txt
"""

import os
import random
import re
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from oracle_sft.config.compose import compose
from oracle_sft.config.schema import RunConf
from oracle_sft.model.generation import Generation
from oracle_sft.pairs.build import find_or_build
from oracle_sft.pairs.dataset import Dataset
from oracle_sft.pairs.pair import Pair
from oracle_sft.score.item import Prediction
from oracle_sft.score.report import write_report
from oracle_sft.score.suites import open_judge

NUM_PREDICTIONS = 1_000
GOAL_SECONDS = 10.0
CORES = 2


def predictions(pairs: Sequence[Pair]) -> list[tuple[Pair, Prediction]]:
    """1,000 answers to the pairs, the same ones each time."""
    draw = random.Random(0)
    asked = []
    for number in range(NUM_PREDICTIONS):
        pair = pairs[number % len(pairs)]
        sql = pair.sql
        kind = draw.random()
        if kind > 0.9:
            sql = re.sub(r"\bFROM\b", ", no_such_column FROM", sql, count=1)
        elif kind > 0.8:
            sql = f"{sql} LIMIT 10"
        elif kind > 0.7:
            sql = draw.choice(pairs).sql
        elif kind > 0.6:
            sql = re.sub(r"\d+", lambda digits: str(int(digits[0]) + 1), sql, count=1)
        elif kind > 0.5:
            sql = f"SELECT * FROM ({sql})"
        asked.append((pair, answer(pair, f"```sql\n{sql}\n```")))
    return asked


def answer(pair: Pair, text: str) -> Prediction:
    return Prediction(
        pair_id=pair.id,
        suite="all",
        target="benchmark",
        answer=Generation(text, None, "stop"),
    )


def scored(dataset: Dataset, conf: RunConf, asked: Sequence[tuple[Pair, Prediction]]) -> str:
    """Score everything once; returns where the answers ended."""
    with open_judge(dataset, conf) as judge, tempfile.TemporaryDirectory() as folder:
        scores = [judged.score for judged in judge.judge(asked)]
        if conf.eval.perturbed_databases:
            pairs = [pair for pair, _ in asked]
            scores = judge.on_suites(list(zip(pairs, scores, strict=True)))
        write_report(Path(folder), "all", "benchmark", scores, settings={})
    counts = Counter(score.stage for score in scores)
    wrong = sum(bool(score.suite_detail) for score in scores)
    ended = ", ".join(f"{stage} {count}" for stage, count in counts.most_common(4))
    return f"{ended}{f'; wrong on other rows {wrong}' if wrong else ''}"


def timed(title: str, dataset: Dataset, conf: RunConf, pairs: Sequence[Pair]) -> float:
    asked = predictions(pairs)
    started, used = time.perf_counter(), cpu_seconds()
    ended = scored(dataset, conf, asked)
    seconds, used = time.perf_counter() - started, cpu_seconds() - used
    print(f"{title:<40}{seconds:>7.1f} s{used:>7.1f} s   {ended}")
    return seconds


def cpu_seconds() -> float:
    """What this process and its workers have used; more than the wall time where both cores work."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def main() -> None:
    """Print the table."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    plain = compose(["eval.perturbed_databases=0", f"eval.workers={CORES}"])
    dataset = find_or_build(plain, lambda done, total: None)
    pairs = [pair for suite in dataset.suites().values() for pair in suite]
    with tempfile.TemporaryDirectory() as outputs:
        plain.outputs_dir = outputs
        print(f"{NUM_PREDICTIONS:,} predictions, {len(pairs)} golds, {CORES} cores")
        print(f"{'':<40}{'wall':>9}{'CPU':>9}")
        timed("golds executed, then kept", dataset, plain, pairs)
        seconds = timed("golds kept from before", dataset, plain, pairs)
        suites = compose(["eval.perturbed_databases=4", f"eval.workers={CORES}"])
        suites.outputs_dir = outputs
        timed("the same, with 4 perturbed databases", dataset, suites, pairs)
    said = "reached" if seconds < GOAL_SECONDS else "missed"
    print(f"goal: under {GOAL_SECONDS:g} s against kept golds: {said}")


if __name__ == "__main__":
    main()
