"""Files that are whole or not there.

Everything is written beside its final name, flushed to the disk, and renamed; the folder is flushed
too, or a power cut can undo the rename (Pillai et al., OSDI 2014). A killed writer leaves a stray
`.<name>.<random>.part`, which `sweep_strays` removes at the next start.
"""

import errno
import glob
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oracle_sft.errors import EnvironmentFault

_PART = ".part"


def write_bytes(path: Path, content: bytes) -> None:
    """Replace the file at `path` by `content`, or leave it as it was.

    Raises:
        EnvironmentFault: the disk is full, or the folder may not be written to.
    """
    with replacing(path) as part:
        part.write_bytes(content)


def write_text(path: Path, text: str) -> None:
    """Replace the file at `path` by `text` in UTF-8, or leave it as it was."""
    write_bytes(path, text.encode())


def write_json(path: Path, value: Any) -> None:
    """Replace the file at `path` by indented JSON, or leave it as it was."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def write_jsonl(path: Path, rows: Iterable[dict[str, Any]]) -> int:
    """Replace the file at `path` by one JSON object a line; returns the number of lines."""
    count = 0
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="\n") as lines:
        for row in rows:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    return count


def read_json(path: Path) -> Any:
    """The value in a JSON file that this project wrote."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects in a JSONL file that this project wrote."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@contextmanager
def replacing(path: Path, *, mode: int | None = None) -> Iterator[Path]:
    """A temporary path beside `path` that takes its place when the block ends well; `mode` defaults to the umask's."""
    with disk_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=_PART, dir=path.parent)
        os.close(descriptor)
        part = Path(name)
        try:
            yield part
            # mkstemp makes files that only their owner reads; a run directory is shared like any other folder.
            part.chmod(0o666 & ~_umask() if mode is None else stat.S_IMODE(mode))
            _flush(part)
            part.replace(path)
            _flush(path.parent)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def building_folder(final: Path) -> Iterator[Path]:
    """A fresh folder beside `final` that takes its place, whole, when the block ends well.

    A folder that already stands at `final` is moved aside first and removed last, so a kill leaves one of the two.
    """
    with disk_faults(final):
        final.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=_PART, dir=final.parent))
        try:
            building.chmod(0o777 & ~_umask())
            yield building
            for file in sorted(building.rglob("*")):
                if file.is_file():
                    _flush(file)
            replace_folder(building, final)
        finally:
            shutil.rmtree(building, ignore_errors=True)


def replace_folder(building: Path, final: Path) -> None:
    """Rename `building` to `final`; what stood there goes away after the rename."""
    aside = None
    if final.exists():
        aside = Path(tempfile.mkdtemp(prefix=f".{final.name}.", suffix=_PART, dir=final.parent))
        final.replace(aside)
    building.replace(final)
    _flush(final.parent)
    if aside is not None:
        shutil.rmtree(aside, ignore_errors=True)


def sweep_strays(folder: Path, *, of: Path | None = None) -> int:
    """Remove what killed writers left directly in `folder`, or only those `of` one file; returns how many."""
    name = "" if of is None else glob.escape(f"{of.name}.")
    strays = [*folder.glob(f".{name}*{_PART}")] if folder.is_dir() else []
    for stray in strays:
        if stray.is_dir():
            shutil.rmtree(stray, ignore_errors=True)
        else:
            stray.unlink(missing_ok=True)
    return len(strays)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextmanager
def disk_faults(path: Path) -> Iterator[None]:
    """Turn what a full or closed disk raises while `path` is written into one clear sentence.

    Raises:
        EnvironmentFault: the disk is full or read-only, or `path` may not be written.
    """
    try:
        with full_disk(path):
            yield
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise EnvironmentFault(
            f"{path} cannot be written ({error.strerror}); check the folder's permissions or set outputs_dir"
        ) from error


@contextmanager
def full_disk(path: Path) -> Iterator[None]:
    """The same for a block that does more than write below `path`: only a disk without room is turned.

    Raises:
        EnvironmentFault: the disk is full or read-only.
    """
    try:
        yield
    except Exception as error:
        # safetensors and torch write in native code and wrap the system's error in one of their own.
        native = next((text for text in _DISK_TEXTS if text in str(error)), None)
        if not (isinstance(error, OSError) and error.errno in _DISK_ERRNOS) and native is None:
            raise
        reason = native or getattr(error, "strerror", None) or str(error)
        raise EnvironmentFault(
            f"{path} cannot be written ({reason}); free some space or set outputs_dir to another disk"
        ) from error


_DISK_ERRNOS = {errno.ENOSPC, errno.EROFS, errno.EDQUOT}
_DISK_TEXTS = ("No space left on device", "Read-only file system", "Disk quota exceeded")
