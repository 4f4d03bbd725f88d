"""Mutated inputs for the guardrail: exceptions, slow checks, crashes and unsafe passes; 1,000,000 by default.

The second opinion on each pass is tests/sqltext/mutations.py, which shares no code with the guardrail.

    .venv/bin/python -m benchmarks.fuzz --inputs 1000000 > benchmarks/results/fuzz.txt
"""

import argparse
import json
import mmap
import multiprocessing
import random
import sys
import tempfile
import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

from oracle_sft.sqltext.guardrail import GuardrailPolicy, SQLGuardrail
from tests.sqltext.mutations import mutants, seeds, unsafe_piece

_SLOW_SECONDS = 1.0
_STUCK_SECONDS = 60.0
_PAGE = 1 << 20


def work(seed: int, inputs: int, last: Path, results: Path) -> None:
    """Check `inputs` mutants; the one in work stands in `last`, in case this process does not survive it."""
    standard = SQLGuardrail()
    lenient = SQLGuardrail(GuardrailPolicy(level="lenient"))
    everything = seeds()
    allowed = [sql for sql in everything if standard.check(sql).allowed]
    counts: Counter[str] = Counter()
    found: dict[str, list[str]] = {"exception": [], "slow": [], "unsafe": []}
    slowest = total = 0.0
    slowest_text = ""
    with last.open("r+b") as file, mmap.mmap(file.fileno(), _PAGE) as page:
        for mutant in islice(mutants(allowed, everything, random.Random(seed)), inputs):
            data = mutant.text.encode("utf-8", "surrogatepass")
            page[: 4 + len(data)] = len(data).to_bytes(4, "little") + data
            counts[mutant.kind] += 1
            started = time.perf_counter()
            try:
                verdict = lenient.check(mutant.text)
            except Exception as error:
                found["exception"].append(f"{type(error).__name__}: {error}: {mutant.text!r}")
                continue
            seconds = time.perf_counter() - started
            total += seconds
            if seconds > slowest:
                slowest, slowest_text = seconds, mutant.text
            if seconds > _SLOW_SECONDS:
                found["slow"].append(f"{seconds:.1f} s: {mutant.text!r}")
            if verdict.sql is not None:
                counts["allowed"] += 1
                if mutant.must_block or unsafe_piece(verdict.sql) is not None:
                    found["unsafe"].append(repr(mutant.text))
    said = {"counts": counts, "found": found, "slowest": [slowest, slowest_text], "total": total}
    results.write_text(json.dumps(said))


def campaign(inputs: int, seed: int, workers: int) -> tuple[list[dict[str, Any]], list[str]]:
    """What each worker found, and the texts that killed or hung one."""
    context = multiprocessing.get_context("spawn")
    found: list[dict[str, Any]] = []
    fatal: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        running = []
        for number in range(workers):
            last, results = Path(folder) / f"last{number}", Path(folder) / f"results{number}"
            last.write_bytes(bytes(_PAGE))
            share = inputs // workers + (number < inputs % workers)
            process = context.Process(target=work, args=(seed + number, share, last, results))
            process.start()
            running.append((process, last, results))
        for process, last, results in running:
            before, since = b"", time.monotonic()
            while process.is_alive():
                process.join(5)
                now = last.read_bytes()
                if now != before:
                    before, since = now, time.monotonic()
                elif process.is_alive() and time.monotonic() - since > _STUCK_SECONDS:
                    process.kill()
            if results.exists():
                found.append(json.loads(results.read_text()))
            else:
                page = last.read_bytes()
                text = page[4 : 4 + int.from_bytes(page[:4], "little")]
                fatal.append(f"exit {process.exitcode}: {text!r}")
    return found, fatal


def main() -> int:
    """Print the figures; exit 1 when anything was found."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    started = time.monotonic()
    found, fatal = campaign(asked.inputs, asked.seed, asked.workers)
    counts: Counter[str] = Counter()
    for said in found:
        counts.update(said["counts"])
    allowed = counts.pop("allowed", 0)
    inputs = sum(counts.values())
    print(f"inputs            {inputs:,} (seed {asked.seed}), {time.monotonic() - started:.0f} s")
    print(
        f"by mutation       {', '.join(f'{kind} {count:,}' for kind, count in sorted(counts.items()))}"
    )
    print(
        f"allowed           {allowed:,} (lenient: every safety rule holds), all read a second time"
    )
    print(
        f"mean check        {1000 * sum(said['total'] for said in found) / max(inputs, 1):.2f} ms"
    )
    seconds, text = max((said["slowest"] for said in found), default=(0.0, ""))
    print(f"slowest check     {1000 * seconds:.0f} ms, of {len(text):,} characters: {text[:100]!r}")
    problems = {
        kind: [text for said in found for text in said["found"][kind]]
        for kind in ("exception", "slow", "unsafe")
    }
    problems["crash or hang"] = fatal
    names = {
        "slow": f"checks over {_SLOW_SECONDS:g} s",
        "unsafe": "unsafe passes",
        "exception": "exceptions",
    }
    for kind, texts in problems.items():
        print(f"{names.get(kind, kind):<18}{len(texts)}")
        for text in texts[:20]:
            print(f"    {text[:300]}")
    return int(any(problems.values()))


if __name__ == "__main__":
    sys.exit(main())
