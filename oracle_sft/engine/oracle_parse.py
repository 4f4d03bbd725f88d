"""The parse hook: an Oracle database says whether a statement that passed the rules is valid.

`Cursor.parse` has the server parse and describe a query without running it. DDL would be executed at
once by the very same call, with a commit: so this hook takes nothing but a query, is called behind
the rules only, and wants an account that could do no harm if all of that failed.
"""

import threading
import time
from typing import Any

from oracle_sft.engine import oracle_driver
from oracle_sft.engine.oracle_driver import (
    TIMED_OUT,
    OracleLogin,
    is_about_the_statement,
    is_query,
    said,
)
from oracle_sft.engine.watchdog import Watchdog
from oracle_sft.errors import EnvironmentFault, UserError
from oracle_sft.optional import require
from oracle_sft.sqltext.findings import HookResult
from oracle_sft.sqltext.hook import FAILED, TIMEOUT
from oracle_sft.sqltext.lexer import tokens

HARMLESS_PRIVILEGES = frozenset({"CREATE SESSION", "READ ANY TABLE", "SET CONTAINER"})
"""System privileges that the account may have. SELECT ANY TABLE is none of them: it can lock rows."""


class OracleParseHook:
    """A `Hook` with one connection of its own, opened by the first call and again after a fault.

    Three limits, because none is enough: `call_timeout` bounds a round trip, a watchdog cancels a
    call that takes several, and the guardrail's own deadline gives up on a driver that hangs.
    """

    def __init__(
        self,
        dsn: str,
        user: str,
        password: str,
        *,
        current_schema: str | None = None,
        call_timeout_seconds: float = 3.0,
        allowed_privileges: frozenset[str] = HARMLESS_PRIVILEGES,
    ) -> None:
        """`current_schema` is the one that unqualified names mean; unset, the account's own."""
        self._driver = require("oracledb", extra="oracle")
        self._login = OracleLogin(
            dsn=dsn, user=user, password=password, current_schema=current_schema
        )
        self._timeout_seconds = call_timeout_seconds
        self._allowed_privileges = allowed_privileges
        self._connection: Any = None
        self._busy = threading.Lock()

    def open(self) -> None:
        """Connect now, to learn of a wrong password before the first statement.

        Raises:
            EnvironmentFault: the database cannot be reached or refuses the account.
            UserError: the account has privileges that a parse hook must not have.
        """
        if self._connection is None:
            self._connection = oracle_driver.connected(
                self._driver,
                self._login,
                timeout_seconds=self._timeout_seconds,
                action="guardrail",
                prepare=self._check_privileges,
            )

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            oracle_driver.close(self._driver, connection)

    def __call__(self, sql: str) -> HookResult:
        """The database's word on one query."""
        started = time.monotonic()
        if not is_query(tokens(sql)):
            return HookResult(False, FAILED, "not asked: only a query may be parsed", 0.0)
        if not self._busy.acquire(timeout=self._timeout_seconds):
            message = "an earlier call still holds the connection"
            return HookResult(False, TIMEOUT, message, time.monotonic() - started)
        try:
            code, message = self._parse(sql)
        finally:
            self._busy.release()
        return HookResult(code == "", code, message, time.monotonic() - started)

    def _parse(self, sql: str) -> tuple[str, str]:
        """Error code and message, both '' when the database takes the statement."""
        try:
            self.open()
        except (EnvironmentFault, UserError) as error:
            return FAILED, str(error)
        connection = self._connection
        watchdog = Watchdog(connection.cancel)
        try:
            with connection.cursor() as cursor, watchdog.watch(self._timeout_seconds):
                cursor.parse(sql)
        except self._driver.Error as error:
            code, message = said(error)
            if watchdog.expired or code in TIMED_OUT:
                self.close()
                return TIMEOUT, f"no answer within {self._timeout_seconds:g} s ({message})"
            if is_about_the_statement(code):
                return code, message
            self.close()
            return FAILED, message
        finally:
            watchdog.close()
        return "", ""

    def _check_privileges(self, connection: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT privilege FROM session_privs")
            found = {row[0] for row in cursor.fetchall()}
        more = sorted(found - self._allowed_privileges)
        if more:
            shown = ", ".join(more[:5]) + (f" and {len(more) - 5} more" if len(more) > 5 else "")
            raise UserError(
                f"{self._login.user} has system privileges that a parse hook must not have: {shown}; "
                "use an account with CREATE SESSION and READ grants only"
            )
