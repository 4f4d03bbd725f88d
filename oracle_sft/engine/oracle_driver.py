"""python-oracledb: connections with their settings, and what its errors are about."""

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from oracle_sft.errors import EnvironmentFault
from oracle_sft.sqltext.lexer import Token

# ORA-01013: cancelled; DPY-4024 and DPI-1067, DPI-1080: call_timeout, thin and thick.
TIMED_OUT = frozenset({"ORA-01013", "DPY-4024", "DPI-1067", "DPI-1080"})
# What Oracle says when not the statement is at fault: sessions, logins, start-up, resources, bugs.
_INFRASTRUCTURE = frozenset(
    [
        *(
            "ORA-00018",
            "ORA-00020",
            "ORA-00028",
            "ORA-00600",
            "ORA-01012",
            "ORA-01017",
            "ORA-01033",
        ),
        *(
            "ORA-01034",
            "ORA-01045",
            "ORA-01089",
            "ORA-01090",
            "ORA-01109",
            "ORA-02391",
            "ORA-02396",
        ),
        *(
            "ORA-03113",
            "ORA-03114",
            "ORA-03135",
            "ORA-03136",
            "ORA-04030",
            "ORA-04031",
            "ORA-07445",
        ),
        *("ORA-28000", "ORA-28001", "ORA-28002", "ORA-28040", "ORA-01005", "ORA-00604"),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OracleLogin:
    """How a database is reached."""

    dsn: str
    user: str
    password: str = field(repr=False)
    current_schema: str | None = None
    """The one that unqualified names mean; None: the account's own."""


def connected(
    driver: Any,
    login: OracleLogin,
    *,
    timeout_seconds: float,
    action: str,
    prepare: Callable[[Any], None],
) -> Any:
    """A new connection that `prepare` has seen; no call on it may take longer than the timeout.

    Raises:
        EnvironmentFault: the database cannot be reached, refuses the account, or fails at once.
    """
    try:
        connection = driver.connect(
            user=login.user,
            password=login.password,
            dsn=login.dsn,
            tcp_connect_timeout=timeout_seconds,
            retry_count=0,
        )
    except driver.Error as error:
        raise EnvironmentFault(f"cannot connect to {login.dsn}: {said(error)[1]}") from None
    try:
        connection.call_timeout = max(1, int(timeout_seconds * 1000))
        connection.module, connection.action = "oracle-sft", action  # for V$SESSION
        if login.current_schema is not None:
            connection.current_schema = login.current_schema
        prepare(connection)
    except BaseException as error:
        close(driver, connection)
        if isinstance(error, driver.Error):
            raise EnvironmentFault(f"{login.dsn}: {said(error)[1]}") from None
        raise
    return connection


def close(driver: Any, connection: Any) -> None:
    """Close a connection that may be gone already."""
    with contextlib.suppress(driver.Error):
        connection.close()


def is_query(lexed: Iterable[Token]) -> bool:
    """Whether a text begins as a query does; nothing else may reach a server."""
    first = next((token for token in lexed if token.text != "("), None)
    return first is not None and first.kind == "word" and first.name in ("SELECT", "WITH")


def is_about_the_statement(code: str) -> bool:
    # ORA-12150 to ORA-12699 are the network's.
    network = code.startswith("ORA-12") and "ORA-12150" <= code <= "ORA-12699"
    return code.startswith("ORA-") and code not in _INFRASTRUCTURE and not network


def said(error: Any) -> tuple[str, str]:
    """Code and first line of a driver's error; the rest is a link to its help."""
    detail = error.args[0] if error.args else error
    code = str(getattr(detail, "full_code", "") or "")
    return code, str(getattr(detail, "message", "") or detail).partition("\n")[0]
