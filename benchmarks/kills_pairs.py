"""SIGKILL at random moments: backfill of a file beside the plain rewrite, and the build of a dataset.

.venv/bin/python -m benchmarks.kills_pairs [--kills 1000] [--builds 100]

`old` and `new`: the file is what it was, or what it shall be, byte for byte; `torn`: anything else. Of a build: no
dataset yet, or a whole one. `strays`: what lies beside it after the last kill, and after one more start. `alive`:
processes that the killed ones had started and that live on two seconds after the last kill. Two processes judge the
pairs of the dataset, and two run their queries.
"""

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from oracle_sft.errors import UserError
from oracle_sft.pairs.dataset import open_dataset

ROOT = Path(__file__).parent.parent
ROWS = 5_000
PAIRS = 2_100
_TO_END_SECONDS = 2.0

PLAIN = """
pairs = [json.loads(line) for line in open(path)]
for pair in pairs:
    pair.setdefault("provenance", said)
with open(path, "w") as out:
    for pair in pairs:
        out.write(json.dumps(pair) + "\\n")
"""
OURS = """
backfill(Path(path), ProvenanceMeta(**said))
"""
LOOP = """
import json, sys
from pathlib import Path
from oracle_sft.pairs.provenance import ProvenanceMeta
from oracle_sft.pairs.provenance.rewrite import backfill
from oracle_sft.record.files import write_bytes
path, old = sys.argv[1], Path(sys.argv[2]).read_bytes()
said = {said!r}
once = len(sys.argv) > 3
print("ready", flush=True)
while True:
    write_bytes(Path(path), old)
{work}
    if once:
        break
"""
SAID = {
    "source_session_id": "import",
    "source": "backfill",
    "model": "hermes",
    "timestamp": "2026-01-01T00:00:00Z",
}
BUILD = """
import sys
from oracle_sft.config.compose import compose
from oracle_sft.pairs.build import find_or_build
print("ready", flush=True)
find_or_build(compose(sys.argv[1:]), lambda done, total: None)
"""


def environment(folder: Path) -> dict[str, str]:
    """That of a writer; whatever it starts has the folder in its own one."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)}


def alive(folder: Path) -> int:
    """How many processes have the folder in their environment."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            found += f"TMPDIR={folder}".encode() in path.read_bytes().split(b"\0")
    return found


def killed(command: list[str], seconds: float, folder: Path) -> None:
    """Start a writer, wait until it says that it is ready, and kill it so many seconds later."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment(folder)) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(seconds)
        os.kill(writer.pid, signal.SIGKILL)


def backfills(work: str, kills: int) -> tuple[Counter[str], int, int, int, float]:
    """States after each kill, strays after the last one and after one more start, processes that live on, seconds."""
    draw = random.Random(0)
    indented = "".join(f"    {line}\n" for line in work.strip().splitlines())
    code = LOOP.format(said=SAID, work=indented)
    states: Counter[str] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        folder.mkdir()
        path, kept = folder / "pairs.jsonl", Path(name) / "old.jsonl"
        rows = ({"id": str(number), "question": "q" * 200} for number in range(ROWS))
        kept.write_text("".join(json.dumps(row) + "\n" for row in rows))
        command = [sys.executable, "-c", code, str(path), str(kept)]
        subprocess.run([*command, "once"], check=True, stdout=subprocess.DEVNULL)
        old, new = kept.read_bytes(), path.read_bytes()
        for _ in range(kills):
            killed(command, draw.uniform(0.0, 0.2), folder)
            found = path.read_bytes()
            states["old" if found == old else "new" if found == new else "torn"] += 1
        strays = len(list(folder.iterdir())) - 1
        time.sleep(_TO_END_SECONDS)
        living = alive(folder)
        subprocess.run([*command, "once"], check=True, stdout=subprocess.DEVNULL)
        left = len(list(folder.iterdir())) - 1
    return states, strays, left, living, time.monotonic() - started


def builds(kills: int) -> tuple[Counter[str], int, int, int, float]:
    """The same for the build of a dataset of 2,100 pairs."""
    draw = random.Random(0)
    states: Counter[str] = Counter()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [
            {"question": f"name of {number}?", "sql": f"SELECT name FROM t WHERE id = {number}"}
            for number in range(PAIRS)
        ]
        (folder / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
        (folder / "shop.sql").write_text("CREATE TABLE t (id NUMBER(6), name VARCHAR2(20));")
        (folder / "rows.json").write_text('{"t": [{"id": 1, "name": "a"}]}')
        settings = ["data=jsonl", f"data.path={folder}/pairs.jsonl", f"data.ddl={folder}/shop.sql"]
        settings += [f"data.rows={folder}/rows.json", "data.workers=2"]
        command = [sys.executable, "-c", BUILD, *settings]
        before = time.monotonic()
        killed_never = [*command, f"outputs_dir={folder}/first"]
        own = environment(folder)
        subprocess.run(killed_never, check=True, stdout=subprocess.DEVNULL, env=own)
        longest = time.monotonic() - before
        datasets = folder / "outputs" / "datasets"
        for _ in range(kills):
            killed([*command, f"outputs_dir={folder}/outputs"], draw.uniform(0.0, longest), folder)
            found = [path for path in datasets.glob("jsonl-*")] if datasets.is_dir() else []
            states[_state(found)] += 1
            if found:
                subprocess.run(["rm", "-r", *map(str, found)], check=True)
        strays = len([path for path in datasets.iterdir() if path.name.endswith(".part")])
        time.sleep(_TO_END_SECONDS)
        living = alive(folder)
        subprocess.run(
            [*command, f"outputs_dir={folder}/outputs"],
            check=True,
            stdout=subprocess.DEVNULL,
            env=own,
        )
        left = len([path for path in datasets.iterdir() if path.name.endswith(".part")])
    return states, strays, left, living, time.monotonic() - started


def _state(found: list[Path]) -> str:
    if not found:
        return "old"
    try:
        open_dataset(found[0])
    except UserError:
        return "torn"
    return "new"


def main() -> None:
    """Print one line a writer."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="of backfills")
    parser.add_argument("--builds", type=int, default=100, help="kills of builds")
    asked = parser.parse_args()
    print(
        f"{'writer':<26}{'kills':>6}{'old':>7}{'new':>7}{'torn':>7}{'strays':>8}{'alive':>7}{'seconds':>9}"
    )
    for name, work in (("plain rewrite", PLAIN), ("backfill", OURS)):
        _show(name, asked.kills, *backfills(work, asked.kills))
    _show("build of a dataset", asked.builds, *builds(asked.builds))


def _show(
    name: str, kills: int, states: Counter[str], strays: int, left: int, living: int, seconds: float
) -> None:
    counts = "".join(f"{states[kind]:>7}" for kind in ("old", "new", "torn"))
    print(
        f"{name:<26}{kills:>6}{counts}{f'{strays}, {left}':>8}{living:>7}{seconds:>9.0f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
