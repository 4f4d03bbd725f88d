"""The lending library of cases/, and the reader of its case files."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from oracle_sft.engine.database import DatabaseSpec, load_rows, open_database
from oracle_sft.engine.result import Database, Value
from oracle_sft.engine.rewrite.rewriter import OracleVersion
from oracle_sft.sqltext.ddl import read_ddl

CASES = Path(__file__).parent / "cases"
CLOCK = datetime(2026, 3, 15, 14, 30)


@dataclass(slots=True)
class Case:
    """A query and what Oracle answers: rows, an error, or a construct that is refused here.

    In a file: `-- case: name`, the statement up to `;`, then comment lines with the column names, a
    row each, or `error: ORA-..` or `unsupported: ..`. `ordered` after the names means that the order
    of the rows counts.
    """

    name: str
    sql: str = ""
    columns: list[str] = field(default_factory=list)
    ordered: bool = False
    rows: list[list[Value]] = field(default_factory=list)
    error: str = ""
    unsupported: str = ""


def library(oracle_version: OracleVersion = "19c") -> Database:
    schema = read_ddl((CASES / "schema.sql").read_text(), schema_id="library")
    rows = load_rows(CASES / "rows.json", schema)
    spec = DatabaseSpec(schema=schema, rows=rows, clock=CLOCK, oracle_version=oracle_version)
    return open_database(spec)


def read_cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.sql")):
        if path.name == "schema.sql":
            continue
        case: Case | None = None
        for line in path.read_text().splitlines():
            if line.startswith("-- case: "):
                if case is not None:
                    yield case
                case = Case(f"{path.stem}: {line.removeprefix('-- case: ')}")
            elif case is None:
                continue
            elif line.startswith("--"):
                _read_answer(case, line[2:].strip())
            elif line.strip():
                case.sql += line + "\n"
        if case is not None:
            yield case


def _read_answer(case: Case, text: str) -> None:
    if text.startswith("error: "):
        case.error = text.removeprefix("error: ")
    elif text.startswith("unsupported: "):
        case.unsupported = text.removeprefix("unsupported: ")
    elif not case.columns:
        case.ordered = text.endswith(" (ordered)")
        case.columns = [name.strip() for name in text.removesuffix(" (ordered)").split(" | ")]
    elif text:
        case.rows.append([_value(part.strip()) for part in text.split(" | ")])


def _value(text: str) -> Value:
    if text == "NULL":
        return None
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    if text.startswith("interval "):
        return timedelta(seconds=float(text.removeprefix("interval ")))
    if text.count("-") == 2 and text[4:5] == "-":
        return datetime.fromisoformat(text)
    return Decimal(text)
