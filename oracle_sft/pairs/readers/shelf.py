"""Events put aside on disk until the session that they are of is read."""

import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from oracle_sft.errors import EnvironmentFault

_HEADER = struct.Struct("<QII")
"""Where the event before it of the same session stands, from 1 (0: there is none); the bytes of its place and text."""


class Shelf:
    """The events of each session, in the order in which the sessions began.

    Memory holds a name and a number a session. The file has no name: it is gone when the process is, however it ends.
    """

    def __init__(self) -> None:
        with _disk_faults():
            self._file = tempfile.TemporaryFile(prefix="oracle-sft-")  # noqa: SIM115  `close` does it
        self._size = 0
        self._last: dict[str, int] = {}
        """Where the last event of a session stands, from 1."""

    def close(self) -> None:
        """Remove the file."""
        with suppress(OSError):  # a full disk is said before; nobody wants the rest of the file
            self._file.close()

    def put(self, session_id: str, where: str, raw: bytes) -> None:
        """Put an event behind those of its session.

        Raises:
            EnvironmentFault: the disk is full.
        """
        place = where.encode(errors="surrogatepass")
        header = _HEADER.pack(self._last.get(session_id, 0), len(place), len(raw))
        with _disk_faults():
            self._file.write(b"".join((header, place, raw)))
        self._last[session_id] = self._size + 1
        self._size += len(header) + len(place) + len(raw)

    def sessions(self) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
        """Each session with its events: where each stands, and its text."""
        with _disk_faults():
            self._file.flush()
        for session_id, last in self._last.items():
            events = []
            while last:
                self._file.seek(last - 1)
                last, place, text = _HEADER.unpack(self._file.read(_HEADER.size))
                where = self._file.read(place).decode(errors="surrogatepass")
                events.append((where, self._file.read(text)))
            yield session_id, events[::-1]


@contextmanager
def _disk_faults() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise EnvironmentFault(
            f"{tempfile.gettempdir()} cannot take the events of the log while their sessions are put together "
            f"({error.strerror}); set TMPDIR to a disk with as much room as the log"
        ) from error
