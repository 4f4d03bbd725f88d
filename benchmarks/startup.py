"""Time from the command to its answer, for what must answer before torch is imported; medians of 5.

The naive baseline in the same run is a command that imports torch and transformers before it looks at its arguments.

    .venv/bin/python -m benchmarks.startup > benchmarks/results/startup.txt
"""

import statistics
import subprocess
import sys
import time

CASES = {
    "--help": (["-m", "oracle_sft.train", "--help"], 0),
    "--cfg job": (["-m", "oracle_sft.train", "--cfg", "job"], 0),
    "wrong key": (["-m", "oracle_sft.train", "train.learnig_rate=1"], 2),
    "wrong option": (["-m", "oracle_sft.train", "adapter=qlorra"], 2),
    "missing file": (
        ["-m", "oracle_sft.train", "data=jsonl", "data.path=no.jsonl", "data.ddl=no.sql"],
        2,
    ),
    "baseline: import torch, transformers": (["-c", "import torch, transformers"], 0),
}
REPEATS = 5


def median_seconds(arguments: list[str], exit_code: int) -> float:
    """Median wall time of `python ARGUMENTS`, which must end with `exit_code`."""
    seconds = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        said = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
        seconds.append(time.perf_counter() - started)
        assert said.returncode == exit_code, said.stderr.decode()
    return statistics.median(seconds)


def main() -> None:
    """Print one line a case: seconds, and the ratio to the baseline."""
    measured = {name: median_seconds(*case) for name, case in CASES.items()}
    baseline = measured["baseline: import torch, transformers"]
    print(f"{'command':<40}{'seconds':>9}{'of baseline':>13}")
    for name, seconds in measured.items():
        print(f"{name:<40}{seconds:>9.2f}{seconds / baseline:>13.2f}")


if __name__ == "__main__":
    main()
