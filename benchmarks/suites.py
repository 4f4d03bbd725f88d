"""How many wrong queries a suite lets pass: mutants of the demo's golds on k perturbed databases.

A mutant that runs on the original rows and agrees with its gold there passes single-database accuracy
(k = 0). A suite of k has to catch it on one of its databases. Of what passes k = 10 some is listed, to
be looked at by hand: nearly all of it means the same as the gold.

    .venv/bin/python -m benchmarks.suites > benchmarks/results/suites.txt
"""

import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from random import Random

from oracle_sft.engine.suite.build import build_suite
from oracle_sft.engine.suite.mutants import KINDS, Mutant, mutants
from oracle_sft.engine.suite.run import SuiteRunner
from oracle_sft.pairs.demo.rows import CLOCK, SCHEMA_ID, demo_rows
from oracle_sft.pairs.demo.source import demo_ddl, demo_suites
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.schema import Schema

SIZES = (1, 3, 5, 10)
PER_GOLD = 12
"""Mutants of a gold that are drawn; all of them would be 30."""
SHOWN = 8
"""Survivors of a kind that are printed; all of them with --all."""


def golds() -> list[str]:
    """Those of every suite that is scored."""
    return sorted({pair.sql for pair in demo_suites() if pair.suite != "train"})


def drawn(sql: str, schema: Schema) -> Iterator[Mutant]:
    """A few mutants of each gold, of as many kinds as it has."""
    found = mutants(sql, schema)
    random = Random(sql)
    random.shuffle(found)
    seen: Counter[str] = Counter()
    ranked = []
    for mutant in found:
        ranked.append((seen[mutant.kind], mutant))
        seen[mutant.kind] += 1
    ranked.sort(key=lambda entry: entry[0])
    for _, mutant in ranked[:PER_GOLD]:
        yield mutant


def main() -> None:
    """Print the table of survivors by kind and k, and those that pass the largest suite."""
    schema = read_ddl(demo_ddl(), schema_id=SCHEMA_ID)
    texts = golds()
    rows = demo_rows()
    started = time.perf_counter()
    with SuiteRunner(build_suite(schema, rows, texts, 0, clock=CLOCK)) as runner:
        invalid = unsupported = 0
        agreeing: list[tuple[str, Mutant]] = []
        total: Counter[str] = Counter()
        for gold in texts:
            if runner.gold(gold).results[0] is None:
                continue
            for mutant in drawn(gold, schema):
                verdict = runner.equal_on_all(gold, mutant.sql)
                if verdict.detail.startswith("ORA-"):
                    invalid += 1
                elif verdict.detail.startswith("unsupported"):
                    unsupported += 1
                else:
                    total[mutant.kind] += 1
                    if verdict.equal_on_all:
                        agreeing.append((gold, mutant))
    survivors = {0: agreeing}
    for k in SIZES:
        suite = build_suite(schema, rows, texts, k, clock=CLOCK)
        with SuiteRunner(suite) as runner:
            survivors[k] = [
                (gold, mutant)
                for gold, mutant in agreeing
                if runner.equal_on_all(gold, mutant.sql).equal_on_all
            ]
    num = sum(total.values())
    print(f"{len(texts)} golds, {num} mutants that run; {invalid} that Oracle refuses and")
    print(f"{unsupported} that the engine does not know are left out")
    print(f"\n{'mutants that pass':<18}{'run':>6}" + "".join(f"{f'k={k}':>7}" for k in survivors))
    for kind in KINDS:
        counts = [sum(mutant.kind == kind for _, mutant in passed) for passed in survivors.values()]
        print(f"{kind:<18}{total[kind]:>6}" + "".join(f"{count:>7}" for count in counts))
    passed = [len(found) for found in survivors.values()]
    print(f"{'all':<18}{num:>6}" + "".join(f"{count:>7}" for count in passed))
    print(f"{'share':<24}" + "".join(f"{count / num:>7.1%}" for count in passed))
    print(f"{time.perf_counter() - started:.0f} s")
    by_kind: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for gold, mutant in survivors[SIZES[-1]]:
        by_kind[mutant.kind].append((gold, mutant.sql))
    limit = None if "--all" in sys.argv else SHOWN
    print(f"\nThose that pass k={SIZES[-1]}:")
    for kind, listed in by_kind.items():
        for gold, sql in listed[:limit]:
            print(f"\n[{kind}] {gold}\n{' ' * (len(kind) + 3)}{sql}")


if __name__ == "__main__":
    main()
