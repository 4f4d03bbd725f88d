"""What bytes are there: SHA-256 of files and folders."""

import hashlib
import json
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from oracle_sft.record.processes import num_cores

_CHUNK_BYTES = 1 << 20


def sha256_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_folder(folder: Path, *, threads: int | None = None) -> dict[str, dict[str, Any]]:
    """`{relative name: {"sha256": hex, "size": bytes}}` of every file below `folder`, sorted by name.

    As many files at once as there are cores, or `threads`, the largest first: the last to end decides how long it
    takes.
    """
    files = [file for file in folder.rglob("*") if file.is_file()]
    names = {file: file.relative_to(folder).as_posix() for file in files}
    largest_first = sorted(files, key=lambda file: (-file.stat().st_size, names[file]))
    found = _digests(largest_first, threads or num_cores())
    return {names[file]: found[file] for file in sorted(files)}


def _digests(files: list[Path], threads: int) -> Mapping[Path, dict[str, Any]]:
    stopped = threading.Event()
    with ThreadPoolExecutor(threads) as pool:
        try:
            jobs: dict[Future[dict[str, Any]], Path] = {
                pool.submit(_digest, file, stopped): file for file in files
            }
            return {jobs[job]: job.result() for job in as_completed(jobs)}
        except BaseException:
            # Ctrl-C, or a file that cannot be read: the pool would go on to the end of all the others.
            stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _digest(path: Path, stopped: threading.Event) -> dict[str, Any]:
    """The entry of one file; hashlib lets other threads run while it works on a chunk."""
    digest, size = hashlib.sha256(), 0
    chunk = memoryview(bytearray(_CHUNK_BYTES))
    with path.open("rb", buffering=0) as file:
        while (count := file.readinto(chunk)) and not stopped.is_set():
            digest.update(chunk[:count])
            size += count
    return {"sha256": digest.hexdigest(), "size": size}


def sha256_json(value: Any) -> str:
    """SHA-256 (hex) of a JSON value, the same for any key order."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
