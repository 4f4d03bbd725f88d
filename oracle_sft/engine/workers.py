"""Databases in processes of their own: a query that cannot be stopped is killed, and the next runs.

A worker is a bare interpreter, not a fork: DuckDB's threads do not survive one, and neither torch
nor a CUDA context of this process should be in it.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from typing import IO

from oracle_sft.engine.database import DatabaseSpec
from oracle_sft.engine.result import EngineBroken, QueryError, QueryTimeout, ResultSet
from oracle_sft.engine.worker import KILL_AFTER_SECONDS, Answer, Ask, Bug, Open, Opened
from oracle_sft.errors import EnvironmentFault, OracleSftError

# Secrets of the environment stay here; what says where libraries and the clock are goes along.
_ENVIRONMENT = (
    "PATH",
    "TZ",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "TMPDIR",
    "TNS_ADMIN",
)
_ATTEMPTS = 3
"""To open a database, where the process ends over it."""

_START = (
    "import sys; sys.path[:] = sys.argv[2:];"
    "from multiprocessing.connection import Connection;"
    "from oracle_sft.engine.worker import serve; serve(Connection(int(sys.argv[1])))"
)


class Worker:
    """A process with databases in it, started again when it is gone. Not for several threads."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._said: IO[bytes] | None = None
        self._opened: set[str] = set()
        self._stopped = False

    def query(
        self,
        name: str,
        spec: DatabaseSpec,
        sql: str,
        *,
        timeout_seconds: float,
        max_rows: int,
        with_sort_keys: bool = False,
    ) -> ResultSet | QueryError:
        """Run a query on the database `name`, which is opened first where it is not yet.

        A query that ends its process is an answer too: `QueryTimeout` or `EngineBroken`.

        Raises:
            LoadError: the rows do not fit the schema.
            EnvironmentFault: no process can be started, or a server cannot be reached.
        """
        asked = Ask(name, sql, timeout_seconds, max_rows, with_sort_keys)
        answer = None
        if self._process is not None and self._process.poll() is not None:
            self.close()  # it ended between two queries: this one has no part in that
        if name in self._opened:
            answer = self._run(asked)
        if answer is None:
            self._open(name, spec)
            answer = self._run(asked)
        assert answer is not None
        return answer

    def open(self, name: str, spec: DatabaseSpec) -> tuple[str, ...]:
        """Open a database now, and not only when `query` needs it; returns the notes of its loading.

        Raises:
            LoadError: the rows do not fit the schema.
            EnvironmentFault: no process can be started.
        """
        return self._open(name, spec)

    def stop(self) -> None:
        """End the process from another thread, and start no other; `close` is still due."""
        self._stopped = True
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process, whatever it is doing."""
        process, connection = self._process, self._connection
        self._process = self._connection = None
        self._opened.clear()
        if connection is not None:
            connection.close()
        if process is not None:
            process.kill()
            process.wait()
        if self._said is not None:
            self._said.close()
            self._said = None

    def _open(self, name: str, spec: DatabaseSpec) -> tuple[str, ...]:
        answer: Answer = None
        for attempt in range(_ATTEMPTS):
            if self._process is None:
                self._start()
            assert self._connection is not None
            try:
                self._connection.send(Open(name, spec))
                answer = self._connection.recv()
                break
            except (EOFError, OSError):
                how = self._end()  # by no query's fault: none runs yet
                if self._stopped or attempt == _ATTEMPTS - 1:
                    raise EnvironmentFault(f"a database worker {how}") from None
            except BaseException:
                self.close()  # interrupted: its answer would be taken for that to the next question
                raise
        if isinstance(answer, Bug):
            self.close()
            raise RuntimeError(f"in a database worker:\n{answer.traceback}")
        if isinstance(answer, EngineBroken):
            self.close()
            raise EnvironmentFault("a database does not fit into the memory of its worker")
        if isinstance(answer, Exception):
            raise answer
        self._opened.add(name)
        return answer.notes if isinstance(answer, Opened) else ()

    def _run(self, asked: Ask) -> ResultSet | QueryError | None:
        """None: the worker has closed the database to make room for others."""
        assert self._connection is not None
        deadline = time.monotonic() + asked.timeout_seconds + KILL_AFTER_SECONDS
        try:
            self._connection.send(asked)
            if not self._connection.poll(deadline - time.monotonic()):
                self.close()
                return _timed_out(asked)
            answer: Answer = self._connection.recv()
        except (EOFError, OSError):
            how = self._end()
            if time.monotonic() >= deadline - KILL_AFTER_SECONDS:
                return _timed_out(asked)
            return EngineBroken(f"a query on which the embedded engine broke down ({how})")
        except BaseException:
            self.close()  # as in `_open`
            raise
        if isinstance(answer, Bug):
            self.close()
            last = answer.traceback.strip().splitlines()[-1]
            return EngineBroken(f"a query on which the embedded engine has a fault ({last})")
        if isinstance(answer, EngineBroken):
            self.close()
        if isinstance(answer, OracleSftError):
            raise answer
        if answer is None or isinstance(answer, Opened):
            self._opened.discard(asked.name)
            return None
        return answer

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        said = tempfile.TemporaryFile()  # noqa: SIM115 (as long as the process)
        try:
            with theirs:
                self._process = subprocess.Popen(
                    [sys.executable, "-I", "-c", _START, str(theirs.fileno()), *sys.path],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=said,
                    env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                    start_new_session=True,  # Ctrl-C is for the process that waits
                )
        except OSError as error:
            ours.close()
            said.close()
            raise EnvironmentFault(f"cannot start a database worker: {error.strerror}") from None
        self._said = said
        self._connection = Connection(ours.detach())
        if self._stopped:
            self._process.kill()

    def _end(self) -> str:
        """How the process ended; afterwards it is closed."""
        assert self._process is not None
        assert self._said is not None
        code = self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        self.close()
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
        return f"{how}: {lines[-1]}" if lines else how


def _timed_out(asked: Ask) -> QueryTimeout:
    return QueryTimeout(f"stopped after {asked.timeout_seconds:g} s")


class WorkerDatabase:
    """A `Database` in a process of its own."""

    def __init__(self, spec: DatabaseSpec) -> None:
        """Raises:
        LoadError: rows that do not fit the schema.
        UserError: a kind that does not exist.
        """
        self._spec = spec
        self._worker = Worker()
        try:
            self.notes = self._worker.open("", spec)
            """What was left out of the database, and which constraints its rows break."""
        except BaseException:
            self._worker.close()
            raise

    def query(
        self,
        sql: str,
        *,
        timeout_seconds: float = 30.0,
        max_rows: int = 10_000,
        with_sort_keys: bool = False,
    ) -> ResultSet:
        """Run one SELECT; see `engine.result.Database`.

        Raises:
            EngineBroken: the query ended its process; the next one gets another.
        """
        answer = self._worker.query(
            "",
            self._spec,
            sql,
            timeout_seconds=timeout_seconds,
            max_rows=max_rows,
            with_sort_keys=with_sort_keys,
        )
        if isinstance(answer, QueryError):
            raise answer
        return answer

    def close(self) -> None:
        self._worker.close()
