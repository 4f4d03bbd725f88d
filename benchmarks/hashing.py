"""Hashing a folder of shards: one thread, all cores, and `sha256sum` in as many processes; medians.

.venv/bin/python -m benchmarks.hashing [--shards 8] [--shard-mb 375] [--repeats 7]

The shards are made by the benchmark and read once before the first measurement, so all of them come from memory. The
manifest is what the package stage adds to them: every other file of a bundle, the digests, MANIFEST.json on the disk.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from oracle_sft.model.manifest import MANIFEST, write_manifest
from oracle_sft.record.digest import digest_folder
from oracle_sft.record.processes import num_cores


def write_shards(folder: Path, shards: int, size: int) -> None:
    """Files of random bytes, as `model-00001-of-00008.safetensors`."""
    for number in range(1, shards + 1):
        block = os.urandom(1 << 20)
        with (folder / f"model-{number:05}-of-{shards:05}.safetensors").open("wb") as file:
            for at in range(0, size, len(block)):
                file.write(block[: size - at])


def one_thread(folder: Path) -> None:
    """What the folder was hashed with before."""
    digest_folder(folder, threads=1)


def all_cores(folder: Path) -> None:
    """What it is hashed with."""
    digest_folder(folder)


def whole_manifest(folder: Path) -> None:
    """The digests, and the file that holds them."""
    write_manifest(folder, {"files": digest_folder(folder)})
    (folder / MANIFEST).unlink()


def sha256sum(folder: Path) -> None:
    """The system's tool, one process a core."""
    command = f"ls {folder} | xargs -P{num_cores()} -n1 sha256sum > /dev/null"
    subprocess.run(command, shell=True, check=True, cwd=folder)


CASES: dict[str, Callable[[Path], None]] = {
    "one thread": one_thread,
    "all cores": all_cores,
    "all cores, and MANIFEST.json written": whole_manifest,
    "sha256sum, xargs -P": sha256sum,
}


def main() -> None:
    """Measure in turn, so that a busy minute meets all of them, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--shard-mb", type=int, default=375)
    parser.add_argument("--repeats", type=int, default=7)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_shards(folder, asked.shards, asked.shard_mb * 1_000_000)
        size = asked.shards * asked.shard_mb * 1e6
        all_cores(folder)
        seconds: dict[str, list[float]] = {case: [] for case in CASES}
        for _ in range(asked.repeats):
            for case, work in CASES.items():
                started = time.perf_counter()
                work(folder)
                seconds[case].append(time.perf_counter() - started)
    medians = {case: statistics.median(runs) for case, runs in seconds.items()}
    print(
        f"{asked.shards} shards, {size / 1e9:.1f} GB, {num_cores()} cores; medians of {asked.repeats}"
    )
    print(f"{'':40}{'seconds':>9}{'GB/s':>8}{'fastest':>9}")
    for case, median in medians.items():
        print(f"{case:40}{median:9.2f}{size / 1e9 / median:8.2f}{min(seconds[case]):9.2f}")
    ratio = medians["one thread"] / medians["all cores"]
    print(f"all cores are {ratio:.2f} times as fast as one thread; the manifest takes ", end="")
    whole = medians["all cores, and MANIFEST.json written"]
    print(f"{whole / medians['sha256sum, xargs -P']:.2f} times what sha256sum takes")


if __name__ == "__main__":
    main()
