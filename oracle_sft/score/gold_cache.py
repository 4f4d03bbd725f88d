"""Results of golds kept between runs: one file for each state of the world that they depend on.

The file's name is the digest of everything that can change a result: the schema, its rows, the clock, the limits, the
code of the engine, its libraries. Whatever changes, another file is looked for, so a stale result cannot be found.
"""

import importlib.metadata
import json
import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import oracle_sft
from oracle_sft.engine.result import Cut, IntervalYM, ResultSet, Row, Value
from oracle_sft.record.digest import sha256_file, sha256_json
from oracle_sft.record.files import write_text
from oracle_sft.score.execution import Execution

FORMAT = 1
"""Raised whenever an entry is written differently."""

# Their answers differ from one execution to the next.
_UNREPEATABLE = ("DBMS_RANDOM", "SYS_GUID", "SAMPLE")
# What else can end a query has to do with the machine and its load.
_KEPT_STATUSES = ("ok", "truncated", "oracle_error")


class GoldCache:
    """The cached executions of one schema in one state of the world."""

    def __init__(self, folder: Path, world: Mapping[str, Any]) -> None:
        """`world` names everything beside the SQL that a result depends on, as JSON values."""
        said = {**world, "format": FORMAT, **_engine_version()}
        self.fingerprint = sha256_json(said)
        self.path = folder / f"{self.fingerprint}.jsonl"
        self._entries = self._read()
        self._is_changed = False

    def get(self, sql: str) -> Execution | None:
        """How this very text ended, or None; a damaged entry is none."""
        entry = self._entries.get(sql)
        if entry is None or entry.get("digest") != _digest(self.fingerprint, sql, entry):
            return None
        return _execution(entry["execution"])

    def put(self, sql: str, execution: Execution) -> None:
        """Remember an execution where the same text would end the same way again."""
        if execution.status not in _KEPT_STATUSES or _is_unrepeatable(sql):
            return
        try:
            entry: dict[str, Any] = {"sql": sql, "execution": _execution_json(execution)}
            entry["digest"] = _digest(self.fingerprint, sql, entry)
        except (_NoJson, UnicodeEncodeError):  # the latter: half of a surrogate pair
            return
        self._entries[sql] = entry
        self._is_changed = True

    def save(self) -> None:
        """Write what was added.

        Raises:
            EnvironmentFault: the file cannot be written.
        """
        if self._is_changed:
            # Another process may have added its own meanwhile.
            entries = {**self._read(), **self._entries}
            write_text(
                self.path,
                "".join(json.dumps(entry) + "\n" for entry in entries.values()),
            )
            self._is_changed = False

    def _read(self) -> dict[str, dict[str, Any]]:
        if not self.path.is_file():
            return {}
        entries = {}
        for line in self.path.read_bytes().splitlines():
            try:
                entry = json.loads(line)
                entries[entry["sql"]] = entry
            except (ValueError, KeyError, TypeError):
                continue  # a damaged line is executed again
        return entries


@cache
def _engine_version() -> dict[str, Any]:
    """Digest of the code between a text and its rows, and the versions below it."""
    package = Path(oracle_sft.__file__).parent
    files = [
        path
        for room in ("engine", "sqltext")
        for path in sorted((package / room).rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    ]
    return {
        "code": sha256_json(
            [(str(path.relative_to(package)), sha256_file(path)) for path in files]
        ),
        "versions": {name: importlib.metadata.version(name) for name in ("duckdb", "sqlglot")},
        "python": sys.version,
    }


def _is_unrepeatable(sql: str) -> bool:
    upper = sql.upper()
    return any(name in upper for name in _UNREPEATABLE)


def _digest(fingerprint: str, sql: str, entry: Mapping[str, Any]) -> str:
    return sha256_json([fingerprint, sql, entry["execution"]])


# --- executions as JSON ---------------------------------------------------------------------------


class _NoJson(Exception):
    """A value of a type that is not kept."""


def _execution_json(execution: Execution) -> dict[str, Any]:
    result = execution.result
    said: dict[str, Any] = {
        "status": execution.status,
        "code": execution.code,
        "message": execution.message,
        "result": None,
    }
    if result is not None:
        said["result"] = {
            "columns": list(result.columns),
            "types": list(result.types),
            "rows": _rows_json(result.rows),
            "truncated": result.truncated,
            "inexact": list(result.inexact),
            "sort_keys": None if result.sort_keys is None else _rows_json(result.sort_keys),
            "cuts": [
                {
                    "kept": list(cut.kept),
                    "left_out": _rows_json(cut.left_out),
                    "left_out_keys": _rows_json(cut.left_out_keys),
                    "left_out_places": list(cut.left_out_places),
                }
                for cut in result.cuts
            ],
        }
    return said


def _execution(said: Mapping[str, Any]) -> Execution:
    kept = said["result"]
    result = None
    if kept is not None:
        result = ResultSet(
            columns=tuple(kept["columns"]),
            types=tuple(kept["types"]),
            rows=_rows(kept["rows"]),
            truncated=kept["truncated"],
            inexact=tuple(kept["inexact"]),
            sort_keys=None if kept["sort_keys"] is None else _rows(kept["sort_keys"]),
            cuts=tuple(
                Cut(
                    kept=tuple(cut["kept"]),
                    left_out=_rows(cut["left_out"]),
                    left_out_keys=_rows(cut["left_out_keys"]),
                    left_out_places=tuple(cut["left_out_places"]),
                )
                for cut in kept["cuts"]
            ),
        )
    return Execution(
        status=said["status"], code=said["code"], message=said["message"], result=result
    )


def _rows_json(rows: Any) -> list[list[Any]]:
    return [[_value_json(value) for value in row] for row in rows]


def _rows(said: list[list[Any]]) -> list[Row]:
    return [tuple(_value(value) for value in row) for row in said]


def _value_json(value: Any) -> Any:
    """Text, whole numbers and NULL as they are; everything else as a list with its type."""
    match value:
        case None | bool():
            return value
        case str():
            return str(value)
        case int():
            return value
        case float():
            return ["f", value.hex()]
        case Decimal():
            return ["n", str(value)]
        case datetime():
            return ["t", value.isoformat()]
        case date():
            return ["d", value.isoformat()]
        case timedelta():
            return ["i", value.days, value.seconds, value.microseconds]
        case bytes():
            return ["b", value.hex()]
        case IntervalYM():
            return ["m", value.years, value.months]
    raise _NoJson


def _value(said: Any) -> Value:
    if not isinstance(said, list):
        plain: Value = said
        return plain
    kind, *parts = said
    match kind:
        case "f":
            return float.fromhex(parts[0])
        case "n":
            return Decimal(parts[0])
        case "t":
            return datetime.fromisoformat(parts[0])
        case "d":
            return date.fromisoformat(parts[0])
        case "i":
            return timedelta(*parts)
        case "b":
            return bytes.fromhex(parts[0])
    return IntervalYM(*parts)
