"""Small random tables, as an open database and as Python rows, and Oracle's order of rows."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database
from oracle_sft.sqltext.ddl import read_ddl

Rows = list[dict[str, Any]]

_DDL = """
CREATE TABLE t (id NUMBER(4) PRIMARY KEY, g VARCHAR2(2), h NUMBER(2), x NUMBER(8,2), w NUMBER,
  d DATE, k NUMBER(3));
"""


def random_table(seed: int, num_rows: int = 24) -> tuple[Database, Rows]:
    """A table `t` with many ties and NULLs; `id` is unique."""
    chance = random.Random(seed)

    def maybe(value: Any) -> Any:
        return None if chance.random() < 0.2 else value

    rows = [
        {
            "id": number,
            "g": maybe(chance.choice("ab")),
            "h": maybe(Decimal(chance.randint(1, 3))),
            "x": maybe(Decimal(chance.randint(-500, 500)) / 100),
            "w": maybe(Decimal(chance.randint(-9, 9))),
            "d": maybe(datetime(2024, 1, 1) + timedelta(days=chance.randint(0, 40))),
            "k": maybe(Decimal(chance.randint(0, 5))),
        }
        for number in chance.sample(range(1, num_rows + 1), num_rows)
    ]
    spec = DatabaseSpec(schema=read_ddl(_DDL, schema_id="t"), rows={"T": rows})
    return open_database(spec), rows


Key = tuple[str, bool, bool]
"""A column, whether it is descending, whether NULL comes first."""


def order_by(keys: Sequence[Key]) -> str:
    return ", ".join(
        f"{column} {'DESC' if descending else 'ASC'} NULLS {'FIRST' if first else 'LAST'}"
        for column, descending, first in keys
    )


def compare(left: dict[str, Any], right: dict[str, Any], keys: Sequence[Key]) -> int:
    """-1, 0 or 1: where the left row stands to the right one in the order of the keys."""
    for column, descending, first in keys:
        one, other = left[column], right[column]
        if one == other:
            continue
        if one is None or other is None:
            return -1 if (one is None) == first else 1
        return -1 if (one < other) != descending else 1
    return 0


def ordered(rows: Rows, keys: Sequence[Key]) -> Rows:
    return sorted(rows, key=cmp_to_key(lambda one, other: compare(one, other, keys)))


def random_keys(chance: random.Random, columns: Sequence[str]) -> list[Key]:
    chosen = chance.sample(list(columns), chance.randint(1, len(columns)))
    return [(column, chance.random() < 0.5, chance.random() < 0.5) for column in chosen]


def same(found: Any, expected: Any) -> bool:
    """Whether two values are equal, numbers to 12 digits."""
    if found is None or expected is None:
        return found is expected
    if isinstance(expected, (int, float, Decimal)):
        difference = abs(Decimal(found) - Decimal(expected))
        return difference <= Decimal("1e-12") * max(1, abs(Decimal(expected)))
    return bool(found == expected)
