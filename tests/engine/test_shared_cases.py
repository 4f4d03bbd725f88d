"""The cases that are shared outside the repository: what is answered must be right."""

import json
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from oracle_sft.engine.database import DatabaseSpec, load_rows, open_database
from oracle_sft.engine.result import Database, OracleError, UnsupportedSQL, Value
from oracle_sft.sqltext.ddl import read_ddl

FOLDER = Path(__file__).parents[3] / "shared" / "cases"
FILE = FOLDER / "oracle_semantics.jsonl"


def _verdict(database: Database, case: dict[str, object]) -> str:
    try:
        result = database.query(str(case["sql"]))
    except UnsupportedSQL:
        return "unsupported"
    except OracleError as error:
        allowed = [case.get("error"), *_listed(case.get("also"))]
        return "right" if error.code in allowed else f"wrong: {error}"
    if case["class"] == "error":
        return f"wrong: rows instead of {case['error']}"
    expected = case["rows"]
    assert isinstance(expected, list)
    found = [list(row) for row in result.rows]
    if not case["ordered"]:
        found, expected = sorted(found, key=_key), sorted(expected, key=_key)
    same = len(found) == len(expected) and all(
        len(row) == len(wanted) and all(map(_same, row, wanted))
        for row, wanted in zip(found, expected, strict=True)
    )
    if same and list(result.columns) == case["columns"]:
        return "right"
    return f"wrong: {result.columns} {found[:5]}"


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def _key(row: list[Value]) -> list[str]:
    return [
        f"{float(value):.6f}" if isinstance(value, int | float | Decimal) else str(value)
        for value in row
    ]


def _same(found: Value, wanted: Value) -> bool:
    if isinstance(found, Decimal) and isinstance(wanted, int | float):
        return abs(float(found) - wanted) <= 1e-9 * abs(wanted)
    if isinstance(found, datetime):
        return found.strftime("%Y-%m-%d %H:%M:%S") == wanted
    return type(found) is type(wanted) and found == wanted


@pytest.mark.skipif(not FILE.exists(), reason="the shared cases are not beside this checkout")
def test_no_shared_case_is_wrong() -> None:
    schema = read_ddl((FOLDER / "schema.sql").read_text(), schema_id="cases")
    rows = load_rows(FOLDER / "data.json", schema)
    database = open_database(
        DatabaseSpec(schema=schema, rows=rows, clock=datetime(2024, 6, 15, 10, 30))
    )
    cases = [json.loads(line) for line in FILE.read_text().splitlines()]
    verdicts = {case["id"]: _verdict(database, case) for case in cases}
    database.close()
    counts = Counter(verdict.partition(":")[0] for verdict in verdicts.values())
    print(dict(counts))
    assert {name: said for name, said in verdicts.items() if said.startswith("wrong")} == {}
    assert counts["right"] >= 133
