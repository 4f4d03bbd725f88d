"""One process at a time: a lock that the kernel gives back when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oracle_sft.errors import UserError
from oracle_sft.record.files import disk_faults


@contextmanager
def exclusive(path: Path, *, wait: bool, busy: str = "") -> Iterator[None]:
    """Hold the lock file at `path`; `wait` for another holder, or refuse with the sentence `busy`.

    Raises:
        UserError: somebody else holds it and `wait` is false.
        EnvironmentFault: the file may not be written.
    """
    with disk_faults(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise UserError(busy) from error
        yield
    finally:
        os.close(descriptor)
