"""Which database a config asks for."""

from datetime import datetime

import pytest

from oracle_sft.config.compose import compose
from oracle_sft.engine.oracle_driver import OracleLogin
from oracle_sft.errors import UserError
from oracle_sft.pairs.databases import database_spec
from oracle_sft.sqltext.ddl import read_ddl

SCHEMA = read_ddl("CREATE TABLE t (id NUMBER(4))", schema_id="shop")
SERVER = ["database=oracle", "database.dsn=db:1521/x", "database.user=reader"]


def test_the_embedded_database_has_the_rows_the_clock_and_the_version() -> None:
    conf = compose(["database.memory_limit_mib=64", "oracle_version=23ai"])
    spec = database_spec(conf, SCHEMA, {"T": [{"id": 1}]})
    assert spec is not None
    assert (spec.kind, spec.clock) == ("duckdb", datetime(2026, 1, 15, 9, 30))
    assert (spec.oracle_version, spec.memory_limit) == ("23ai", "64MiB")
    assert database_spec(conf, SCHEMA, None) is None
    assert database_spec(compose(["database=none"]), SCHEMA, {"T": []}) is None


def test_a_server_has_its_own_rows_and_takes_the_password_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    conf = compose([*SERVER, "database.schemas=[shop:SHOP_DATA]"])
    monkeypatch.delenv("ORACLE_SFT_PASSWORD", raising=False)
    with pytest.raises(UserError, match=r"password of reader .* ORACLE_SFT_PASSWORD"):
        database_spec(conf, SCHEMA, None)
    monkeypatch.setenv("ORACLE_SFT_PASSWORD", "secret")
    spec = database_spec(conf, SCHEMA, None)
    assert spec is not None
    assert spec.kind == "oracle"
    assert spec.oracle == OracleLogin(
        dsn="db:1521/x", user="reader", password="secret", current_schema="SHOP_DATA"
    )
