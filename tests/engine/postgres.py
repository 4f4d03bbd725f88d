"""A PostgreSQL 15 with orafce that lives as long as a test module: a second opinion on what both have."""

import csv
import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from oracle_sft.engine.result import Value

BINARIES = Path("/usr/lib/postgresql/15/bin")
ORAFCE = Path("/usr/share/postgresql/15/extension/orafce.control")

NULL = "\\N"


def is_installed() -> bool:
    return BINARIES.exists() and ORAFCE.exists()


class Server:
    """One database, reached through a socket in its own folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # The server refuses to run as root.
        self._as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []

    def start(self) -> None:
        data = self._folder / "data"
        if self._as_user:
            shutil.chown(self._folder, "postgres")
        self._run("initdb", "-D", data, "--auth=trust", "--username=test", "--encoding=UTF8", "-N")
        options = f"-c listen_addresses= -c fsync=off -k {self._folder}"
        log = self._folder / "log"
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start")
        self.script(
            "CREATE EXTENSION orafce; CREATE EXTENSION fuzzystrmatch;"
            "ALTER DATABASE postgres SET search_path = oracle, public, pg_catalog;"
            "ALTER DATABASE postgres SET orafce.nls_date_format = 'DD-MON-RR';"
        )

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "stop")

    def script(self, sql: str) -> str:
        """What psql prints for a script.

        Raises:
            AssertionError: with what psql said, if a statement fails.
        """
        command = [*self._as_user, BINARIES / "psql", "-h", self._folder, "-U", "test"]
        command += ["-d", "postgres", "-qAtX", "-v", "ON_ERROR_STOP=1"]
        done = subprocess.run(command, input=sql, capture_output=True, text=True, cwd="/")
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, sql: str) -> list[list[str | None]]:
        """The rows of a query as text."""
        out = self.script(
            f"COPY ({sql}) TO STDOUT WITH (FORMAT csv, NULL '{NULL}', FORCE_QUOTE *);"
        )
        return [
            [None if value == NULL else value for value in row]
            for row in csv.reader(io.StringIO(out))
        ]

    def load(self, table: str, columns: str, rows: Sequence[Sequence[Value]]) -> None:
        """Make a table; `columns` is what stands in the brackets of CREATE TABLE."""
        values = ", ".join(f"({', '.join(map(_literal, row))})" for row in rows)
        self.script(f"CREATE TABLE {table} ({columns}); INSERT INTO {table} VALUES {values};")

    def _run(self, program: str, *arguments: object) -> None:
        command = [*self._as_user, BINARIES / program, *map(str, arguments)]
        # The server keeps what it inherits: a pipe would be waited for until it ends.
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)


def _literal(value: Value) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int | Decimal):
        return f"{value}"
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value:%Y-%m-%d %H:%M:%S}'"
    return "'" + str(value).replace("'", "''") + "'"


@contextmanager
def running() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
    folder.chmod(0o755)
    server = Server(folder)
    try:
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
