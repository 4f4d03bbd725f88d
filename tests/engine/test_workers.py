"""Worker processes: what never ends is killed, what breaks is replaced, and the next query runs."""

import contextlib
import json
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from oracle_sft.engine.database import DatabaseSpec
from oracle_sft.engine.pool import DatabasePool, Outcome, Query
from oracle_sft.engine.result import (
    EngineBroken,
    LoadError,
    OracleError,
    QueryError,
    QueryTimeout,
    ResultSet,
    UnsupportedSQL,
)
from oracle_sft.engine.workers import WorkerDatabase
from oracle_sft.sqltext.ddl import read_ddl
from tests.command import started

pytestmark = pytest.mark.slow

SCHEMA = read_ddl("CREATE TABLE t (id NUMBER(8), s VARCHAR2(4000))", schema_id="one")
ROWS = {"T": [{"id": number, "s": "a" * 4000} for number in range(200)]}
SPEC = DatabaseSpec(schema=SCHEMA, rows=ROWS)
TEN = ", ".join(f"t t{number}" for number in range(10))


@pytest.fixture(scope="module")
def database() -> Iterator[WorkerDatabase]:
    opened = WorkerDatabase(SPEC)
    yield opened
    opened.close()


def _next_one_runs(database: WorkerDatabase) -> None:
    assert database.query("SELECT COUNT(*) AS n FROM t").rows == [(Decimal(200),)]


def _pid(database: WorkerDatabase) -> int:
    process = database._worker._process
    assert process is not None
    return process.pid


def _signal_soon(database: WorkerDatabase, number: int) -> threading.Timer:
    timer = threading.Timer(0.2, os.kill, (_pid(database), number))
    timer.start()
    return timer


# --- a query that never ends ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(f"SELECT COUNT(*) FROM {TEN} WHERE MOD(t0.id + t9.id, 3) = 4", id="cross"),
        pytest.param(f"SELECT * FROM (SELECT t0.id FROM {TEN} ORDER BY t0.id + t5.id)", id="sort"),
        pytest.param(f"SELECT COUNT(DISTINCT t0.s || t9.id) FROM {TEN}", id="distinct"),
        pytest.param("SELECT COUNT(*) FROM t CONNECT BY 1 = 1", id="hierarchy"),
        pytest.param(f"SELECT COUNT(*) FROM {TEN} WHERE t0.s LIKE '%a_a%a_a%b'", id="like"),
        pytest.param(f"SELECT MAX(ROWNUM) FROM {TEN}", id="numbering"),
    ],
)
def test_it_is_gone_within_a_second_and_the_next_one_runs(
    database: WorkerDatabase, sql: str
) -> None:
    started = time.monotonic()
    with pytest.raises(QueryTimeout, match=r"stopped after 0\.3 s"):
        database.query(sql, timeout_seconds=0.3)
    assert time.monotonic() - started < 1.3
    _next_one_runs(database)


def test_a_worker_that_does_not_listen_is_killed(database: WorkerDatabase) -> None:
    before = _pid(database)
    os.kill(before, signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(QueryTimeout):
        database.query("SELECT 1 FROM dual", timeout_seconds=0.2)
    assert time.monotonic() - started < 1.2
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    _next_one_runs(database)


def test_a_query_that_hears_no_interrupt_is_killed(database: WorkerDatabase) -> None:
    before = _pid(database)
    # It takes a second to rewrite, and then DuckDB a minute to plan, in which nothing stops it.
    wide = "SELECT " + ", ".join(f"NVL(id, {n}) + {n}" for n in range(8000)) + " FROM t"
    started = time.monotonic()
    with pytest.raises(QueryTimeout):
        database.query(wide, timeout_seconds=0.2)
    assert time.monotonic() - started < 1.2
    _next_one_runs(database)
    assert _pid(database) != before


# --- a query that breaks its worker ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "said"), [(signal.SIGKILL, "SIGKILL"), (signal.SIGSEGV, "SIGSEGV")]
)
def test_a_worker_that_dies_is_replaced(database: WorkerDatabase, number: int, said: str) -> None:
    timer = _signal_soon(database, number)
    with pytest.raises(EngineBroken, match=rf"broke down \(killed by {said}"):
        database.query(f"SELECT COUNT(*) FROM {TEN}", timeout_seconds=20)
    timer.join()
    _next_one_runs(database)


def test_a_worker_that_died_between_queries_is_replaced(database: WorkerDatabase) -> None:
    before = _pid(database)
    os.kill(before, signal.SIGKILL)
    os.waitid(os.P_PID, before, os.WEXITED | os.WNOWAIT)
    _next_one_runs(database)
    assert _pid(database) != before


def test_an_interrupted_query_is_not_answered_to_the_next(database: WorkerDatabase) -> None:
    timer = threading.Timer(0.2, signal.raise_signal, (signal.SIGINT,))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        database.query(f"SELECT COUNT(*) FROM {TEN}", timeout_seconds=1)
    timer.join()
    _next_one_runs(database)


def test_rows_that_do_not_load_leave_the_limit_of_memory() -> None:
    specs = {
        "one": DatabaseSpec(schema=SCHEMA, rows=ROWS, memory_limit="50MB"),
        "broken": DatabaseSpec(schema=SCHEMA, rows={"T": [{"id": "x"}]}, memory_limit="50MB"),
    }
    with DatabasePool(specs, workers=1) as pool:
        first = pool.submit(Query(schema_id="one", sql="SELECT COUNT(*) FROM t")).result()
        assert _number(first) == 200
        with pytest.raises(LoadError):
            pool.submit(Query(schema_id="broken", sql="SELECT COUNT(*) FROM t")).result()
        process = pool._workers[0]._process
        assert process is not None
        limits = Path(f"/proc/{process.pid}/limits").read_text()
    (line,) = [line for line in limits.splitlines() if line.startswith("Max data size")]
    assert line.split()[3] != "unlimited"


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT LISTAGG(t0.s, ',') WITHIN GROUP (ORDER BY t0.id) FROM {TEN}",
        f"SELECT COUNT(*) FROM (SELECT DISTINCT t0.s || t1.id || t2.id AS x FROM {TEN})",
    ],
)
def test_more_memory_than_the_limit_is_refused(sql: str) -> None:
    opened = WorkerDatabase(DatabaseSpec(schema=SCHEMA, rows=ROWS, memory_limit="50MB"))
    with pytest.raises(UnsupportedSQL, match="more memory than the limit"):
        opened.query(sql, timeout_seconds=20)
    _next_one_runs(opened)
    opened.close()


# --- what comes through ---------------------------------------------------------------------------


def test_errors_keep_what_they_say(database: WorkerDatabase) -> None:
    with pytest.raises(OracleError) as refused:
        database.query("SELECT nothing FROM t")
    assert refused.value.code == "ORA-00904"
    with pytest.raises(UnsupportedSQL) as unknown:
        database.query("SELECT * FROM t MATCH_RECOGNIZE (PATTERN (a) DEFINE a AS 1 = 1)")
    assert unknown.value.construct


@pytest.mark.parametrize("error", [UnsupportedSQL("x", (1, 2)), OracleError("ORA-1", "y")])
def test_errors_cross_processes(error: QueryError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))


def test_rows_that_do_not_fit_are_an_error_of_the_database() -> None:
    with pytest.raises(LoadError, match="row 1, column ID: 'x': not a number"):
        WorkerDatabase(DatabaseSpec(schema=SCHEMA, rows={"T": [{"id": "x"}]}))


def test_a_secret_of_the_environment_is_not_handed_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ORACLE_SFT_PASSWORD", "secret-of-the-parent")
    opened = WorkerDatabase(SPEC)
    found = Path(f"/proc/{_pid(opened)}/environ").read_bytes()
    opened.close()
    assert b"secret-of-the-parent" not in found


# --- many at once ---------------------------------------------------------------------------------


def _number(outcome: Outcome) -> object:
    assert isinstance(outcome, ResultSet), outcome
    return outcome.rows[0][0]


def test_outcomes_come_in_order_whatever_happens_on_the_way() -> None:
    two = DatabaseSpec(schema=SCHEMA, rows={"T": [{"id": 7}]})
    endless = f"SELECT COUNT(*) FROM {TEN}"
    with DatabasePool({"one": SPEC, "two": two}, workers=2) as pool:
        queries = [Query(schema_id="one", sql=f"SELECT {n} AS n FROM dual") for n in range(200)]
        queries[3] = Query(schema_id="one", sql=endless, timeout_seconds=0.2)
        queries[5] = Query(schema_id="two", sql="SELECT id FROM t")
        queries[8] = Query(schema_id="one", sql="SELECT id FROM t", max_rows=1)
        queries[9] = Query(schema_id="one", sql="SELECT x FROM t")
        outcomes = list(pool.run(iter(queries)))
    assert isinstance(outcomes[3], QueryTimeout)
    assert _number(outcomes[5]) == 7
    assert isinstance(outcomes[8], ResultSet)
    assert outcomes[8].truncated
    assert isinstance(outcomes[9], OracleError)
    rest = [n for n in range(200) if n not in (3, 5, 8, 9)]
    assert [_number(outcomes[n]) for n in rest] == rest


def test_a_pool_that_closes_ends_what_still_runs() -> None:
    pool = DatabasePool({"one": SPEC}, workers=1)
    assert _number(pool.submit(Query(schema_id="one", sql="SELECT 1 FROM dual")).result()) == 1
    running = pool.submit(Query(schema_id="one", sql=f"SELECT COUNT(*) FROM {TEN}"))
    waiting = pool.submit(Query(schema_id="one", sql="SELECT 2 FROM dual"))
    time.sleep(0.1)
    started = time.monotonic()
    pool.close()
    assert time.monotonic() - started < 2
    assert isinstance(running.result(), EngineBroken)
    assert waiting.cancelled()


def test_a_query_for_no_database_of_the_pool_is_the_callers_fault() -> None:
    with DatabasePool({"one": SPEC}, workers=1) as pool, pytest.raises(KeyError):
        pool.submit(Query(schema_id="other", sql="SELECT 1 FROM dual")).result()


def test_a_worker_closes_what_it_has_no_room_for_and_opens_it_again() -> None:
    specs = {
        str(n): DatabaseSpec(schema=SCHEMA, rows={"T": [{"id": n}]}, memory_limit="50MB")
        for n in range(34)
    }
    with DatabasePool(specs, workers=1) as pool:
        asked = [Query(schema_id=name, sql="SELECT id FROM t") for name in [*specs, "0", "1"]]
        assert [_number(outcome) for outcome in pool.run(asked)] == [*range(34), 0, 1]


def test_a_worker_never_imports_what_it_does_not_need(database: WorkerDatabase) -> None:
    libraries = Path(f"/proc/{_pid(database)}/maps").read_text()
    assert "duckdb" in libraries
    for name in ("torch", "pandas", "hydra", "cuda"):
        assert f"/{name}" not in libraries


# --- the end of the command that started them -----------------------------------------------------


def _children(pid: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.add(int(stat.parent.name))
    return found


def _until(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_a_command_that_is_stopped(
    tmp_path: Path, number: signal.Signals
) -> None:
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (id NUMBER(8));")
    (tmp_path / "rows.json").write_text(json.dumps({"T": [{"id": n} for n in range(200)]}))
    slow = f"SELECT COUNT(*) FROM {TEN} WHERE MOD(t0.id + t9.id, 3) = 4"
    cases = [{"id": n, "sql": slow if n else "SELECT 1 FROM dual"} for n in range(4)]
    (tmp_path / "cases.jsonl").write_text("".join(json.dumps(case) + "\n" for case in cases))
    files = ["--ddl", "schema.sql", "--rows", "rows.json", "--cases", "cases.jsonl"]
    with started("sql", *files, "--json", "--timeout", "3", cwd=tmp_path) as command:
        assert command.stdout is not None
        first = command.stdout.readline()  # from here on the workers have queries that do not end
        workers = _children(command.pid)
        command.send_signal(number)
        _, errors = command.communicate(timeout=20)
    assert '"status": "ok"' in first
    assert len(workers) == 2
    assert _until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers), 10)
    if number == signal.SIGKILL:
        assert command.returncode == -signal.SIGKILL
    else:
        assert command.returncode == 75
        assert errors.splitlines() == ["error: interrupted"]
