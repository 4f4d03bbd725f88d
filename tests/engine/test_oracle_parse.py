"""The parse hook: python-oracledb itself against sockets of this machine; a server's answers are stubs.

A licensed Oracle cannot exist here. What the driver does with a dead, a hanging and a refusing address
is real; what a server would say to a statement comes from `driver_stub`. The tests marked `oracle`
ask a real one.
"""

import gc
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from oracle_sft.engine.oracle_parse import OracleParseHook
from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.sqltext.guardrail import GuardrailPolicy, SQLGuardrail
from oracle_sft.sqltext.hook import FAILED, TIMEOUT
from tests.engine.driver_stub import Connection, connections, unused_port

QUERY = "SELECT name FROM customers"


# --- the real driver ------------------------------------------------------------------------------


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_an_address_without_a_listener() -> None:
    hook = OracleParseHook(f"127.0.0.1:{unused_port()}/x", "u", "secret")
    with pytest.raises(EnvironmentFault, match=r"cannot connect to 127\.0\.0\.1") as raised:
        hook.open()
    assert "secret" not in str(raised.value)
    said = hook(QUERY)
    assert (said.ok, said.code) == (False, FAILED)


# The driver itself leaves its socket to the collector when a login fails.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*<socket:pytest.PytestUnraisableExceptionWarning")
def test_a_server_that_never_answers_is_given_up() -> None:
    with silent_server() as port:
        hook = OracleParseHook(f"127.0.0.1:{port}/x", "u", "p", call_timeout_seconds=0.2)
        policy = GuardrailPolicy(hook_timeout_seconds=0.5)
        started = time.monotonic()
        verdict = SQLGuardrail(policy, hook=hook).check(QUERY)
        assert time.monotonic() - started < 5
    for thread in threading.enumerate():
        if thread.name == "guardrail-hook":
            thread.join(10)
    gc.collect()
    assert not verdict.allowed
    assert {finding.rule for finding in verdict.findings} & {"hook_timeout", "hook_failed"}


# --- what a server would say ----------------------------------------------------------------------


PRIVILEGES = "SELECT privilege FROM session_privs"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> list[Connection]:
    return connections(monkeypatch)


def hook_of(**values: Any) -> OracleParseHook:
    return OracleParseHook("db", "reader", "p", **values)


def test_what_the_database_takes_is_valid(server: list[Connection]) -> None:
    said = hook_of()(QUERY)
    assert (said.ok, said.code, said.message) == (True, "", "")
    assert server[0].calls == [PRIVILEGES, QUERY]
    assert server[0].call_timeout == 3000


def test_an_error_of_the_statement_is_an_answer(server: list[Connection]) -> None:
    hook = hook_of()
    said = hook("SELECT 1 FROM nowhere")
    assert (said.ok, said.code) == (False, "ORA-00942")
    assert said.message == "ORA-00942: table or view does not exist"
    assert hook(QUERY).ok
    assert len(server) == 1, "the connection is kept"


@pytest.mark.parametrize("table", ["killed", "refused"])
def test_a_fault_of_the_connection_is_none(server: list[Connection], table: str) -> None:
    hook = hook_of()
    assert hook(f"SELECT 1 FROM {table}").code == FAILED
    assert server[0].closed
    assert hook(QUERY).ok
    assert len(server) == 2, "the next call connects again"


def test_a_call_that_takes_too_long_is_cancelled(server: list[Connection]) -> None:
    said = hook_of(call_timeout_seconds=0.1)("SELECT 1 FROM slow")
    assert said.code == TIMEOUT
    assert server[0].cancelled.is_set()
    assert server[0].closed


@pytest.mark.parametrize("sql", ["DROP TABLE t", "/* SELECT */ BEGIN NULL; END;", "", '"SELECT" 1'])
def test_nothing_but_a_query_reaches_the_database(server: list[Connection], sql: str) -> None:
    assert hook_of()(sql).code == FAILED
    assert server == []


def test_a_mighty_account_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    mighty = Connection(privileges=("CREATE SESSION", "CREATE TABLE", "DROP ANY TABLE"))
    connections(monkeypatch, mighty)
    with pytest.raises(UserError, match=r"reader has system privileges .*CREATE TABLE"):
        hook_of().open()
    assert mighty.closed
    assert mighty.calls == [PRIVILEGES]


def test_a_connection_that_breaks_at_once_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Connection()
    broken.fault_of[PRIVILEGES] = "killed"
    connections(monkeypatch, broken)
    hook = hook_of()
    with pytest.raises(EnvironmentFault, match="db: ORA-00028: your session has been killed"):
        hook.open()
    assert broken.closed
    assert hook(QUERY).ok, "the next call connects again"


def test_refused_text_never_reaches_the_hook(server: list[Connection]) -> None:
    guardrail = SQLGuardrail(hook=hook_of())
    for sql in ("DROP TABLE t", "SELECT wipe() FROM t", "SELECT 1 FROM a@b", "SELECT 1 LIMIT 1"):
        assert not guardrail.check(sql).allowed
    assert server == []
    assert guardrail.check(QUERY).hook is not None


# --- a real database ------------------------------------------------------------------------------


@pytest.mark.oracle
def test_a_real_database() -> None:
    dsn = os.environ["ORACLE_SFT_TEST_DSN"]
    user, password = os.environ["ORACLE_SFT_TEST_USER"], os.environ["ORACLE_SFT_TEST_PASSWORD"]
    hook = OracleParseHook(dsn, user, password)
    hook.open()
    assert hook("SELECT dummy FROM dual").ok
    assert hook("SELECT nothing FROM dual").code == "ORA-00904"
    assert hook("SELECT 1 FROM no_such_table_here").code == "ORA-00942"
    assert hook("SELECT FROM dual").code == "ORA-00936"
    hook.close()
