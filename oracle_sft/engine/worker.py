"""What runs in a worker process: databases that are opened by name, one query at a time.

Its messages come over the socket that it was started with. It ends when that closes, so that it
does not outlive the process that started it.
"""

import pickle
import re
import resource
import signal
import traceback
from collections import OrderedDict
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database, EngineBroken, QueryError, ResultSet
from oracle_sft.errors import OracleSftError

MAX_OPEN = 32
"""Databases that a worker keeps open; the one that was not asked for longest is closed first."""

KILL_AFTER_SECONDS = 0.5
"""How long a query may go on after its deadline before its process is killed: DuckDB looks for an
interrupt between blocks of rows only, and some functions need minutes for one block.
"""
_ALARM_AFTER_SECONDS = 2 * KILL_AFTER_SECONDS
_EXTRA_BYTES = 512 << 20
"""Memory beside DuckDB's own: the interpreter, the tree of the query, rows on their way out."""


@dataclass(frozen=True, slots=True)
class Open:
    """Open a database under a name that no other has."""

    name: str
    spec: DatabaseSpec


@dataclass(frozen=True, slots=True)
class Ask:
    """Run a query on an open database."""

    name: str
    sql: str
    timeout_seconds: float
    max_rows: int
    with_sort_keys: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A database is open."""

    notes: tuple[str, ...]
    """What was left out of it, and which constraints its rows break."""


@dataclass(frozen=True, slots=True)
class Bug:
    """An exception that nobody meant, as its traceback."""

    traceback: str


Answer = ResultSet | QueryError | OracleSftError | Opened | Bug | None
"""None: the database is not open, or not any more."""


def serve(connection: Connection) -> None:
    """Answer until the other side goes away, or until a query broke the engine."""
    _shut_off()
    databases: OrderedDict[str, Database] = OrderedDict()
    while True:
        try:
            asked = connection.recv()
        except (EOFError, OSError):
            return
        answer: Answer
        try:
            answer = _open(databases, asked) if isinstance(asked, Open) else _ask(databases, asked)
        except (QueryError, OracleSftError) as error:
            answer = error
        except MemoryError:
            answer = EngineBroken("a query that needs more memory than the limit allows")
        except Exception:
            answer = Bug(traceback.format_exc())
        try:
            connection.send(answer)
        except (OSError, pickle.PicklingError):
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        if isinstance(answer, (EngineBroken, Bug)):
            return


def _open(databases: OrderedDict[str, Database], asked: Open) -> Opened:
    while len(databases) >= MAX_OPEN:
        databases.popitem(last=False)[1].close()
    resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    try:
        database = databases[asked.name] = open_database(asked.spec)
    finally:
        _limit_memory(asked.spec.memory_limit)
    return Opened(tuple(getattr(database, "notes", ())))


def _ask(databases: OrderedDict[str, Database], asked: Ask) -> ResultSet | None:
    database = databases.get(asked.name)
    if database is None:
        return None
    databases.move_to_end(asked.name)
    # The kernel's own alarm ends this process whatever it is doing, and whether or not the one
    # that started it is still there.
    signal.setitimer(signal.ITIMER_REAL, asked.timeout_seconds + _ALARM_AFTER_SECONDS)
    return database.query(
        asked.sql,
        timeout_seconds=asked.timeout_seconds,
        max_rows=asked.max_rows,
        with_sort_keys=asked.with_sort_keys,
    )


def _shut_off() -> None:
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # not a byte into any file


def _limit_memory(memory_limit: str) -> None:
    """Allow what is in use now, DuckDB's limit once, and a little.

    DuckDB counts its buffers only; what its functions allocate for a text is not among them.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return  # other systems than Linux do not enforce it
    in_use = re.search(r"VmData:\s+(\d+) kB", status.read_text())
    assert in_use is not None
    limit = (int(in_use[1]) << 10) + _bytes(memory_limit) + _EXTRA_BYTES
    resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.RLIM_INFINITY))


_UNITS = {
    **{"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12},
    **{"KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40},
}


def _bytes(memory_limit: str) -> int:
    match = re.fullmatch(r"\s*([\d.]+)\s*([A-Za-z]+)\s*", memory_limit)
    assert match is not None, memory_limit  # DuckDB took it
    return int(float(match[1]) * _UNITS[match[2].upper()])
