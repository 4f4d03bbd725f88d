"""Time to find the SQL in hostile answers of 5 MB; the best of 2, since other processes may share the machine.

The naive baseline in the same run is one regular expression that strips a fence.

    .venv/bin/python -m benchmarks.extraction > benchmarks/results/extraction.txt
"""

import random
import re
import time
from collections.abc import Callable, Iterator

from oracle_sft.sqltext.extract import extract

SIZE = 5_000_000
KINDS = {
    "fences that open": "```sql\n",
    "fenced statements": "```sql\nSELECT a FROM t\n```\n",
    "backticks": "`",
    "inline words": "`a ",
    "tilde fences": "~~~\n",
    "reasoning that opens": "<think>",
    "reasoning that ends": "</think>'",
    "SELECT": "SELECT ",
    "statements": "SELECT a FROM t;\n",
    "statements without end": "SELECT a FROM b\n\n",
    "talk about statements": "SELECT a FROM b this is it. ",
    "WITH": "WITH a AS (",
    "DDL": "DROP TABLE t;\n",
    "JSON that opens": '{"sql":',
    "JSON values": '{"sql": "x"} ',
    "JSON lists": "[",
    "brackets": "(",
    "comments that open": "/*",
    "comments": "-- a\n",
    "apostrophes": "'",
    "q-quotes": "q'[",
    "blank lines": "\n",
    "blanks": " ",
    "answer tags": "<sql>",
    "answer tags, closed": "<sql>a</sql>",
    "angle brackets": "<",
    "labels": "SQL:\n",
    "block quotes": "> a\n",
    "prompts": "SQL> a\n",
    "chat marks": "'<|im_end|>' ",
    "slashes": "/",
    "words": "with a word ",
    "invisible characters": "a\u200b ",
}
_NAIVE = re.compile(r"```(?:sql)?\s*(.*?)```", re.DOTALL)


def hostile(size: int) -> Iterator[tuple[str, str]]:
    """A kind's name and a text of about `size` characters."""
    for kind, unit in KINDS.items():
        yield kind, unit * (size // len(unit))
    for kind in ("brackets", "slashes", "apostrophes", "words", "answer tags, closed"):
        yield (
            f"statement and {kind}",
            "SELECT a FROM t WHERE " + KINDS[kind] * (size // len(KINDS[kind])),
        )
    for seed in range(3):
        units = random.Random(seed).choices(list(KINDS.values()), k=size // 6)
        yield f"mixture {seed + 1}", "".join(units)[:size]


def naive(text: str) -> str:
    """What is between the first two fences, or all of it."""
    found = _NAIVE.search(text)
    return found.group(1) if found else text


def seconds(function: Callable[[str], object], text: str) -> float:
    """The better of two times."""
    times = []
    for _ in range(2):
        started = time.perf_counter()
        function(text)
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Print one line a kind, and the slowest."""
    print(f"{'kind':<34}{'MB':>5}{'seconds':>9}{'naive':>9}")
    slowest = 0.0
    for kind, text in hostile(SIZE):
        taken = seconds(extract, text)
        slowest = max(slowest, taken)
        size = len(text.encode()) / 1e6
        print(f"{kind:<34}{size:>5.1f}{taken:>9.2f}{seconds(naive, text):>9.3f}")
    print(f"slowest: {slowest:.2f} s")


if __name__ == "__main__":
    main()
