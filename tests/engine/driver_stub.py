"""Stand-ins for python-oracledb's connections, for no licensed server can exist on this machine."""

import socket
import threading
from decimal import Decimal
from typing import Any

import oracledb
import pytest

_FAULTS = {
    "nowhere": (oracledb.DatabaseError, "ORA-00942", "table or view does not exist"),
    "killed": (oracledb.DatabaseError, "ORA-00028", "your session has been killed"),
    "refused": (oracledb.OperationalError, "ORA-12541", "no listener"),
    "broken": (oracledb.OperationalError, "DPY-4011", "the connection was closed"),
    "hangs": (oracledb.OperationalError, "DPY-4024", "call timeout of 100 ms exceeded"),
}
"""What the server says to a statement that has the word in it."""


class Detail:
    """What python-oracledb puts into its errors."""

    def __init__(self, code: str, text: str) -> None:
        self.full_code = code
        self.message = f"{code}: {text}\nHelp: https://docs.oracle.com/error-help/db/"


class Column:
    def __init__(self, name: str, type_code: Any) -> None:
        self.name = name
        self.type_code = type_code


class Connection:
    """Answers by the text of the statement; its own cursor."""

    def __init__(self, privileges: tuple[str, ...] = ("CREATE SESSION",)) -> None:
        self.privileges = privileges
        self.calls: list[str] = []
        self.call_timeout = 0
        self.current_schema = ""
        self.closed = False
        self.cancelled = threading.Event()
        self.description = [Column("ID", oracledb.DB_TYPE_NUMBER)]
        self.rows: list[tuple[Any, ...]] = [(Decimal(n),) for n in range(5)]
        self.fault_of: dict[str, str] = {}
        """Statement to the word of its fault, for statements that have none of their own."""

    def __enter__(self) -> "Connection":
        return self

    def __exit__(self, *_: object) -> None: ...

    def cursor(self) -> "Connection":
        return self

    def cancel(self) -> None:
        self.cancelled.set()

    def close(self) -> None:
        self.closed = True

    def rollback(self) -> None:
        self._answer("rollback")

    def execute(self, sql: str) -> None:
        self._answer(sql)

    def parse(self, sql: str) -> None:
        self._answer(sql)

    def fetchmany(self, size: int) -> list[tuple[Any, ...]]:
        self.calls.append(f"fetchmany {size}")
        return self.rows[:size]

    def fetchall(self) -> list[tuple[str]]:
        return [(name,) for name in self.privileges]

    def _answer(self, sql: str) -> None:
        self.calls.append(sql)
        for word, (kind, code, text) in _FAULTS.items():
            if word in self.fault_of.get(sql, sql):
                raise kind(Detail(code, text))
        if "slow" in sql:
            assert self.cancelled.wait(10)
            raise oracledb.DatabaseError(Detail("ORA-01013", "user requested cancel"))


def connections(monkeypatch: pytest.MonkeyPatch, *prepared: Connection) -> list[Connection]:
    """Have the driver connect to those first, and then to new ones; the list grows by each that it opens."""
    waiting = list(prepared)
    opened: list[Connection] = []

    def connect(**_: Any) -> Connection:
        opened.append(waiting.pop(0) if waiting else Connection())
        return opened[-1]

    monkeypatch.setattr(oracledb, "connect", connect)
    return opened


def unused_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port: int = unused.getsockname()[1]
    return port
