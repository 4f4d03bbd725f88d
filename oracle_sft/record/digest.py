"""What bytes are there: SHA-256 of files and folders."""

import hashlib
import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from oracle_sft.record.processes import num_cores

_CHUNK_BYTES = 1 << 20

OnBytes = Callable[[int, int], None]


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_folder(
    folder: Path, *, threads: int | None = None, on_progress: OnBytes | None = None
) -> dict[str, dict[str, Any]]:
    """`{relative name: {"sha256": hex, "size": bytes}}` of every file below `folder`, sorted by name.

    As many files at once as there are cores, or `threads`, the largest first: the last to end decides how long it
    takes. `on_progress` takes bytes done and bytes in all, from any of the threads.
    """
    sizes = {file: file.stat().st_size for file in folder.rglob("*") if file.is_file()}
    names = {file: file.relative_to(folder).as_posix() for file in sizes}
    largest_first = sorted(sizes, key=lambda file: (-sizes[file], names[file]))
    done = _Done(sum(sizes.values()), on_progress)
    found = _digests(largest_first, threads or num_cores(), done)
    return {names[file]: found[file] for file in sorted(sizes)}


class _Done:
    """Bytes that all threads have hashed, told at every hundredth."""

    def __init__(self, total: int, on_progress: OnBytes | None) -> None:
        self._total = total
        self._on_progress = on_progress
        self._bytes = self._told = 0
        self._lock = threading.Lock()
        self.is_stopped = False

    def add(self, count: int) -> None:
        if self._on_progress is None:
            return
        with self._lock:
            self._bytes += count
            if self._bytes - self._told >= self._total // 100:
                self._told = self._bytes
                self._on_progress(self._bytes, self._total)


def _digests(files: list[Path], threads: int, done: _Done) -> Mapping[Path, dict[str, Any]]:
    with ThreadPoolExecutor(threads) as pool:
        try:
            jobs: dict[Future[dict[str, Any]], Path] = {
                pool.submit(_digest, file, done): file for file in files
            }
            return {jobs[job]: job.result() for job in as_completed(jobs)}
        except BaseException:
            # Ctrl-C, or a file that cannot be read: the pool would go on to the end of all the others.
            done.is_stopped = True
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _digest(path: Path, done: _Done) -> dict[str, Any]:
    """The entry of one file; hashlib lets other threads run while it works on a chunk."""
    digest, size = hashlib.sha256(), 0
    chunk = memoryview(bytearray(_CHUNK_BYTES))
    with path.open("rb", buffering=0) as file:
        while (count := file.readinto(chunk)) and not done.is_stopped:
            digest.update(chunk[:count])
            size += count
            done.add(count)
    return {"sha256": digest.hexdigest(), "size": size}


def sha256_json(value: Any) -> str:
    """SHA-256 (hex) of a JSON value, the same for any key order."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
