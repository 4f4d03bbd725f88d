"""Small sources in their own layouts, and what becomes of their pairs: `python -m tests.samples.sources FOLDER`.

spider/ and bird/ hold SQLite databases with rows; trajectory/ a log, an event a line, whose sessions run side by side;
chat/ one JSON list of conversations; csv/ and parquet/ a table of pairs.
"""

import csv
import json
import sys
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tests.samples.benchmarks import write_bird, write_spider
from tests.samples.logs import DDL, NUM_SESSIONS, ROWS, conversations, session, time


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A source, how it is given to the commands, and how many of its places end where."""

    name: str
    arguments: tuple[str, ...]
    """Relative to the folder that all samples are written into."""
    kept: int
    aside: dict[str, int]
    """Stage -> pairs set aside there."""
    source: str
    """What their provenance names, unless they were set aside before that was known."""
    sessions: int
    """Different `source_session_id` among those that are kept."""


SHOP = ("data.ddl=shop.sql", "data.rows=shop.json")


def _table() -> list[dict[str, Any]]:
    return [
        {
            "ask": f"Sales of shop {n % 12 + 1} above {n}?",
            "answer": f"SELECT sale_id, amount FROM sale WHERE shop_id = {n % 12 + 1} AND amount > {n}",
            "tags": ["filter"],
            "source_session_id": f"ticket-{n % 9}",
            "source": "curated",
            "model": "analysts",
            "timestamp": time(n % 28, 0),
            "approved": n % 10 != 0,
        }
        for n in range(1, 41)
    ]


# --- what becomes of them -------------------------------------------------------------------------

_HALF = NUM_SESSIONS // 2
SAMPLES = (
    Sample(
        name="spider",
        arguments=("data.path=spider/train_spider.json", "data.databases=spider/database"),
        kept=37,
        aside={"read": 2},
        source="curated",
        sessions=1,
    ),
    Sample(
        name="bird",
        arguments=("data.path=bird/train.json", "data.databases=bird/train_databases"),
        kept=29,
        aside={"read": 1},
        source="curated",
        sessions=1,
    ),
    Sample(
        name="trajectory",
        arguments=("data.path=trajectory/log.jsonl", *SHOP),
        kept=3 * NUM_SESSIONS,
        # The start of each session, and a question that got words; a failed query, a corrected one, a thumb down.
        aside={"read": NUM_SESSIONS + _HALF, "provenance": 2 * NUM_SESSIONS + _HALF},
        source="trajectory",
        sessions=NUM_SESSIONS,
    ),
    Sample(
        name="chat",
        arguments=("data.path=chat/export.json", *SHOP),
        kept=2 * NUM_SESSIONS,
        # Thanks that got words; a question that was asked again; a DELETE.
        aside={"read": _HALF, "provenance": _HALF, "guardrail": _HALF},
        source="curated",
        sessions=NUM_SESSIONS,
    ),
    Sample(
        name="csv",
        arguments=("data.path=csv/pairs.csv", "data.columns={question: ask, sql: answer}", *SHOP),
        kept=36,
        aside={"provenance": 4},
        source="curated",
        sessions=9,
    ),
    Sample(
        name="parquet",
        arguments=("data.path=parquet/pairs.parquet", "data.columns={question: ask, sql: answer}", *SHOP),
        kept=36,
        aside={"provenance": 4},
        source="curated",
        sessions=9,
    ),
)  # fmt: skip


def write(folder: Path) -> None:
    """All samples, each in a folder of its name."""
    for sample in SAMPLES:
        (folder / sample.name).mkdir(parents=True)
    (folder / "shop.sql").write_text(DDL)
    (folder / "shop.json").write_text(json.dumps(ROWS))
    write_spider(folder / "spider")
    write_bird(folder / "bird")
    sessions = [list(session(number)) for number in range(1, NUM_SESSIONS + 1)]
    side_by_side = [event for step in zip_longest(*sessions) for event in step if event]
    (folder / "trajectory" / "log.jsonl").write_text(
        "".join(json.dumps(event) + "\n" for event in side_by_side)
    )
    _write_json(folder / "chat" / "export.json", list(conversations()))
    _write_tables(folder, _table())


def _write_json(path: Path, said: object) -> None:
    path.write_text(json.dumps(said, indent=1))


def _write_tables(folder: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow
    from pyarrow import parquet

    with (folder / "csv" / "pairs.csv").open("w", newline="", encoding="utf-8") as stream:
        table = csv.DictWriter(stream, list(rows[0]))
        table.writeheader()
        table.writerows({**row, "tags": ",".join(row["tags"])} for row in rows)
    parquet.write_table(pyarrow.Table.from_pylist(rows), folder / "parquet" / "pairs.parquet")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
