"""Which database the queries of a schema run in, as the config says."""

import os
from datetime import datetime

from oracle_sft.config.schema import FromDataConf, OracleServerConf, RunConf
from oracle_sft.engine.database import DatabaseSpec, rules_of
from oracle_sft.engine.oracle_driver import OracleLogin
from oracle_sft.engine.rows import Rows
from oracle_sft.errors import UserError
from oracle_sft.sqltext.schema import Schema


def database_spec(conf: RunConf, schema: Schema, rows: Rows | None) -> DatabaseSpec | None:
    """None where nothing can be executed: no database is wanted, or the schema has no rows.

    Raises:
        UserError: the password of a server is not in the environment.
    """
    database = conf.database
    version = rules_of(conf.oracle_version)
    if isinstance(database, OracleServerConf):
        if database.password_variable not in os.environ:
            raise UserError(
                f"the password of {database.user} is expected in the environment variable "
                f"{database.password_variable} (database.password_variable)"
            )
        schemas = dict(entry.split(":", 1) for entry in database.schemas)
        login = OracleLogin(
            dsn=database.dsn,
            user=database.user,
            password=os.environ[database.password_variable],
            current_schema=schemas.get(schema.id),
        )
        return DatabaseSpec(
            kind="oracle", schema=schema, rows={}, oracle_version=version, oracle=login
        )
    if not isinstance(database, FromDataConf) or rows is None:
        return None
    return DatabaseSpec(
        kind="duckdb",
        schema=schema,
        rows=rows,
        clock=datetime.fromisoformat(database.clock),
        oracle_version=version,
        memory_limit=f"{database.memory_limit_mib}MiB",
    )
