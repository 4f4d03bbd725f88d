"""SIGKILL at random moments of a quantisation, each followed by a restart.

.venv/bin/python -m benchmarks.kills_quantize [--kills 20]

`old` and `new`: after the kill the folder of the weights is what stood there before, or what a quantisation makes of
it, byte for byte; `torn`: anything else. `alive`: processes of the killed ones that live on two seconds later. After
each restart the folder must be new: `again`. `strays`: what lies beside it after a kill, at most, and after a restart.
The model has two layers.
"""

import argparse
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from oracle_sft.record.digest import digest_folder

ROOT = Path(__file__).parent.parent
_TO_END_SECONDS = 2.0
_MARK = "KILLS_QUANTIZE"

QUANTIZE = """
import sys
from pathlib import Path
from oracle_sft.config.weights import GptqConf
from oracle_sft.model.quantize import quantize
from tests import tiny
folder = Path(sys.argv[1])
print("ready", flush=True)
out, log = folder / "package" / "gptq", folder / "log.txt"
quantize(folder / "merged", out, GptqConf(group_size=32), tiny.rows(), log_path=log)
"""
OLD = """
import sys
from pathlib import Path
from tests import tiny
tiny.base_folder(Path(sys.argv[1]) / "merged", seed=1)
tiny.base_folder(Path(sys.argv[1]) / "package" / "gptq", seed=2)
"""


def environment(folder: Path) -> dict[str, str]:
    """That of a quantisation; whatever it starts has the mark in its own one."""
    # One thread: two that share matrices this small mostly wait, and sums come in one order.
    said = {_MARK: str(folder), "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return {**os.environ, **said}


def alive(folder: Path) -> int:
    """How many processes have the mark in their environment."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            found += f"{_MARK}={folder}".encode() in path.read_bytes().split(b"\0")
    return found


def whole_run(code: str, folder: Path) -> float:
    """Run to the end; returns the seconds since it was ready."""
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        started = time.monotonic()
        assert writer.wait() == 0
    return time.monotonic() - started


def killed_run(folder: Path, seconds: float) -> None:
    """Start, wait until the libraries are imported, and kill so many seconds later."""
    with subprocess.Popen(
        [sys.executable, "-c", QUANTIZE, str(folder)],
        env=environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(seconds)
        os.kill(writer.pid, signal.SIGKILL)


class Campaign:
    """A model to quantise, and what stands where the result goes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        whole_run(OLD, folder)
        shutil.copytree(folder / "package" / "gptq", folder / "old")
        self._old = digest_folder(folder / "old")
        self.seconds = whole_run(QUANTIZE, folder)
        self._new = digest_folder(folder / "package" / "gptq")

    def kill(self, seconds: float) -> tuple[str, int, int]:
        """State, strays and living processes after a kill so many seconds after the start."""
        out = self._folder / "package" / "gptq"
        shutil.rmtree(out)
        shutil.copytree(self._folder / "old", out)
        killed_run(self._folder, seconds)
        time.sleep(_TO_END_SECONDS)
        return self._state(), self._strays(), alive(self._folder)

    def restart(self) -> tuple[str, int]:
        """State and strays after a quantisation that is let to its end."""
        whole_run(QUANTIZE, self._folder)
        return self._state(), self._strays()

    def _state(self) -> str:
        out = self._folder / "package" / "gptq"
        found = digest_folder(out) if out.is_dir() else None
        return "old" if found == self._old else "new" if found == self._new else "torn"

    def _strays(self) -> int:
        return len(list((self._folder / "package").iterdir())) - 1


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    kills = parser.parse_args().kills
    draw = random.Random(0)
    states, again = Counter[str](), Counter[str]()
    strays = left = living = 0
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        campaign = Campaign(Path(name))
        for _ in range(kills):
            state, beside, lives = campaign.kill(draw.uniform(0.0, campaign.seconds))
            states[state] += 1
            strays, living = max(strays, beside), living + lives
            state, beside = campaign.restart()
            again[state] += 1
            left = max(left, beside)
    print(f"a quantisation takes {campaign.seconds:.0f} s, most of it the start of its own process")
    print(
        f"{'kills':>6}{'old':>6}{'new':>6}{'torn':>6}{'alive':>7}{'again':>7}{'strays':>8}{'seconds':>9}"
    )
    counts = "".join(f"{states[kind]:>6}" for kind in ("old", "new", "torn"))
    print(
        f"{kills:>6}{counts}{living:>7}{again['new']:>7}{f'{strays}, {left}':>8}"
        f"{time.monotonic() - started:>9.0f}"
    )


if __name__ == "__main__":
    main()
