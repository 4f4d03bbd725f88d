"""Having the functions that are served from Python, once a query calls one of them."""

import duckdb

from oracle_sft.engine.rewrite.by_format import SERVED


def serve(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Make the served functions known to the connection, if the rewritten `sql` calls any."""
    if not any(name in sql for name in SERVED):
        return
    known = connection.execute(
        "SELECT 1 FROM duckdb_functions() WHERE function_name = ? LIMIT 1", [SERVED[0]]
    ).fetchone()
    if known is None:
        from oracle_sft.engine import served  # Arrow is slow to import, and seldom needed

        served.register(connection)
