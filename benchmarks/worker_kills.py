"""SIGKILL to database workers at random moments: what becomes of the queries, and what stays behind.

Every query has an answer of its own, so that one that got another's would be seen. A query may be answered by the
worker's end, by name; it may not be lost, answered twice, or answered wrong.

    .venv/bin/python -m benchmarks.worker_kills --kills 300 > benchmarks/results/worker_kills.txt
"""

import argparse
import contextlib
import os
import random
import signal
import threading
import time
from collections import Counter, deque
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from oracle_sft.engine.database import DatabaseSpec
from oracle_sft.engine.pool import DatabasePool, Outcome, Query
from oracle_sft.engine.result import EngineBroken, ResultSet
from oracle_sft.errors import EnvironmentFault
from oracle_sft.sqltext.ddl import read_ddl

if TYPE_CHECKING:
    from concurrent.futures import Future

WORKERS = 2
AHEAD = 8
IN_QUERIES = 0.8
"""Kills that wait until a worker answers: one that starts takes longer than most queries."""
ROWS = 1_500
SUM = Decimal(sum(range(ROWS))) ** 2
SPEC = DatabaseSpec(
    schema=read_ddl("CREATE TABLE t (id NUMBER(8))", schema_id="one"),
    rows={"T": [{"id": number} for number in range(ROWS)]},
)


def children() -> set[int]:
    """The processes that this one started and that are still there."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(stat.parent.name))
    return found


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def sql(number: int) -> str:
    """Short ones and long ones."""
    if number % 2:
        return f"SELECT {number} AS n, {SUM} AS total FROM dual"
    return f"SELECT {number} AS n, SUM(a.id * b.id) AS total FROM t a, t b"


def ended(number: int, future: "Future[Outcome]") -> str:
    """How a query ended."""
    try:
        outcome = future.result(timeout=60)
    except EnvironmentFault:
        return "not opened"  # its worker was killed three times while it started
    except TimeoutError:
        return "lost"
    if isinstance(outcome, EngineBroken):
        return "broken" if "SIGKILL" in str(outcome) else "wrong"
    right = isinstance(outcome, ResultSet) and outcome.rows == [(Decimal(number), SUM)]
    return "right" if right else "wrong"


def campaign(kills: int, seed: int) -> Counter[str]:
    """How many queries ended how, while so many workers were killed."""
    draw = random.Random(seed)
    done, answered = threading.Event(), threading.Event()

    def kill() -> None:
        for _ in range(kills):
            if draw.random() < IN_QUERIES:
                answered.clear()
                answered.wait(10)
            time.sleep(draw.uniform(0, 0.2))
            if there := sorted(children()):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(draw.choice(there), signal.SIGKILL)
        done.set()

    counts: Counter[str] = Counter()
    waiting: deque[tuple[int, Future[Outcome]]] = deque()
    with DatabasePool({"one": SPEC}, workers=WORKERS) as pool:
        killer = threading.Thread(target=kill)
        killer.start()
        for number in count():
            waiting.append((number, pool.submit(Query(schema_id="one", sql=sql(number)))))
            if len(waiting) >= AHEAD:
                counts[ended(*waiting.popleft())] += 1
                answered.set()
            if done.is_set():
                break
        killer.join()
        counts.update(ended(*one) for one in waiting)
        last = pool.submit(Query(schema_id="one", sql=sql(-2)))
        counts["next one wrong"] = ended(-2, last) != "right"
    return counts


KINDS = ("right", "broken", "not opened", "wrong", "lost", "next one wrong")
NEVER = ("wrong", "lost", "next one wrong", "processes left", "files left")


def main() -> None:
    """Print what became of the queries; an error where one was lost or something stayed behind."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    kills = parser.parse_args().kills
    campaign(0, seed=0)  # what is opened once and for all is open now
    files = open_files()
    started = time.monotonic()
    counts = campaign(kills, seed=0)
    seconds = time.monotonic() - started
    counts["processes left"] = len(children())
    counts["files left"] = open_files() - files
    names = (*KINDS, "processes left", "files left")
    print(f"kills {kills}, workers {WORKERS}, queries {sum(counts[kind] for kind in KINDS[:5])}")
    for name in names:
        print(f"{name:<16}{counts[name]:>8}")
    print(f"{'seconds':<16}{seconds:>8.0f}")
    assert not any(counts[name] for name in NEVER), counts


if __name__ == "__main__":
    main()
