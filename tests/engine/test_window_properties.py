"""Analytic functions over random tables against the same computed in Python."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from oracle_sft.engine.result import Database
from tests.engine.random_rows import (
    Key,
    Rows,
    compare,
    order_by,
    ordered,
    random_keys,
    random_table,
    same,
)

Table = tuple[Database, Rows, random.Random]


@pytest.fixture(scope="module", params=range(6))
def table(request: pytest.FixtureRequest) -> Iterator[Table]:
    database, rows = random_table(100 + request.param)
    yield database, rows, random.Random(request.param)
    database.close()


def _check(table: Table, call: str, expected: dict[int, Any]) -> None:
    found = table[0].query(f"SELECT id, {call} FROM t").rows
    assert len(found) == len(expected)
    for number, value in found:
        assert same(value, expected[int(number)]), (call, number, value, expected[int(number)])  # type: ignore[arg-type]


def _partitions(rows: Rows, keys: list[Key]) -> Iterator[Rows]:
    for value in {row["g"] for row in rows}:
        yield ordered([row for row in rows if row["g"] == value], keys)


def _total_order(chance: random.Random) -> list[Key]:
    return [*random_keys(chance, ["h", "k"]), ("id", chance.random() < 0.5, False)]


_PLACES = ["UNBOUNDED PRECEDING", "2 PRECEDING", "1 PRECEDING", "CURRENT ROW", "1 FOLLOWING"]
_PLACES += ["3 FOLLOWING", "UNBOUNDED FOLLOWING"]


def _bounds(chance: random.Random) -> tuple[str, str]:
    first, last = sorted(chance.sample(range(len(_PLACES)), 2))
    first, last = min(first, len(_PLACES) - 2), max(last, 1)
    return _PLACES[first], _PLACES[last]


def _offset(place: str) -> int | None:
    """How far from the current row; None for UNBOUNDED."""
    if place == "CURRENT ROW":
        return 0
    distance, side = place.split()
    if distance == "UNBOUNDED":
        return None
    return int(distance) if side == "FOLLOWING" else -int(distance)


def _in_rows(line: Rows, index: int, bounds: tuple[str, str]) -> Rows:
    start, end = map(_offset, bounds)
    first = 0 if start is None else max(index + start, 0)
    last = len(line) if end is None else max(index + end + 1, 0)
    return line[first:last]


def _present(rows: Rows, column: str) -> list[Any]:
    return [row[column] for row in rows if row[column] is not None]


def _at(values: list[Any], place: int) -> Any:
    return values[place] if -len(values) <= place < len(values) else None


AGGREGATES: dict[str, Callable[[Rows], Any]] = {
    "COUNT(*)": len,
    "COUNT(x)": lambda rows: len(_present(rows, "x")),
    "SUM(x)": lambda rows: sum(_present(rows, "x"), Decimal(0)) if _present(rows, "x") else None,
    "AVG(w)": lambda rows: (
        sum(_present(rows, "w"), Decimal(0)) / len(_present(rows, "w"))
        if _present(rows, "w")
        else None
    ),
    "MIN(d)": lambda rows: min(_present(rows, "d"), default=None),
    "MAX(x)": lambda rows: max(_present(rows, "x"), default=None),
}
VALUES: dict[str, Callable[[Rows], Any]] = {
    "FIRST_VALUE(x)": lambda rows: _at([row["x"] for row in rows], 0),
    "LAST_VALUE(x)": lambda rows: _at([row["x"] for row in rows], -1),
    "FIRST_VALUE(x) IGNORE NULLS": lambda rows: _at(_present(rows, "x"), 0),
    "LAST_VALUE(x IGNORE NULLS)": lambda rows: _at(_present(rows, "x"), -1),
    "NTH_VALUE(x, 2)": lambda rows: _at([row["x"] for row in rows], 1),
    "NTH_VALUE(x, 2) FROM LAST": lambda rows: _at([row["x"] for row in rows], -2),
    "NTH_VALUE(x, 2) FROM LAST IGNORE NULLS": lambda rows: _at(_present(rows, "x"), -2),
}


def test_windows_of_rows(table: Table) -> None:
    _, rows, chance = table
    for function, reference in {**AGGREGATES, **VALUES}.items():
        keys, bounds = _total_order(chance), _bounds(chance)
        expected = {
            line[index]["id"]: reference(_in_rows(line, index, bounds))
            for line in _partitions(rows, keys)
            for index in range(len(line))
        }
        over = f"PARTITION BY g ORDER BY {order_by(keys)} ROWS BETWEEN {bounds[0]} AND {bounds[1]}"
        _check(table, f"{function} OVER ({over})", expected)


def _in_range(line: Rows, row: dict[str, Any], key: Key, bounds: tuple[str, str]) -> Rows:
    """The rows between two values of the key; NULL is as far from NULL as from nothing."""
    column, descending, _ = key
    kept = []
    for other in line:
        inside = True
        for place, is_start in zip(bounds, (True, False), strict=True):
            offset = _offset(place)
            if offset is None:
                continue
            if row[column] is None or other[column] is None:
                order = compare(other, row, [key])
            else:
                distance = -offset if descending else offset
                step = timedelta(distance) if column == "d" else distance
                edge = row[column] + step
                order = (other[column] > edge) - (other[column] < edge)
                order = -order if descending else order
            inside = inside and (order >= 0 if is_start else order <= 0)
        if inside:
            kept.append(other)
    return kept


@pytest.mark.parametrize("column", ["k", "x", "d"])
def test_windows_of_ranges(table: Table, column: str) -> None:
    _, rows, chance = table
    for function, reference in AGGREGATES.items():
        key, bounds = (column, chance.random() < 0.5, chance.random() < 0.5), _bounds(chance)
        expected = {
            row["id"]: reference(_in_range(line, row, key, bounds))
            for line in _partitions(rows, [key])
            for row in line
        }
        over = (
            f"PARTITION BY g ORDER BY {order_by([key])} RANGE BETWEEN {bounds[0]} AND {bounds[1]}"
        )
        _check(table, f"{function} OVER ({over})", expected)


def test_peers_share_the_default_window(table: Table) -> None:
    _, rows, chance = table
    for function, reference in AGGREGATES.items():
        keys = random_keys(chance, ["h", "k"])
        expected = {
            row["id"]: reference([other for other in line if compare(other, row, keys) <= 0])
            for line in _partitions(rows, keys)
            for row in line
        }
        _check(table, f"{function} OVER (PARTITION BY g ORDER BY {order_by(keys)})", expected)


def test_ranks(table: Table) -> None:
    _, rows, chance = table
    for name in ("RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST"):
        keys = random_keys(chance, ["h", "k"])
        expected: dict[int, Any] = {}
        for line in _partitions(rows, keys):
            for row in line:
                before = [other for other in line if compare(other, row, keys) < 0]
                upto = [other for other in line if compare(other, row, keys) <= 0]
                expected[row["id"]] = {
                    "RANK": len(before) + 1,
                    "DENSE_RANK": len({tuple(other[key[0]] for key in keys) for other in before})
                    + 1,
                    "PERCENT_RANK": len(before) / max(len(line) - 1, 1),
                    "CUME_DIST": len(upto) / len(line),
                }[name]
        _check(table, f"{name}() OVER (PARTITION BY g ORDER BY {order_by(keys)})", expected)


def test_row_numbers_and_buckets(table: Table) -> None:
    _, rows, chance = table
    keys, buckets = _total_order(chance), chance.randint(1, 6)
    numbers: dict[int, Any] = {}
    tiles: dict[int, Any] = {}
    for line in _partitions(rows, keys):
        size, larger = divmod(len(line), buckets)
        sizes = [size + (bucket < larger) for bucket in range(buckets)]
        tile = [bucket + 1 for bucket, count in enumerate(sizes) for _ in range(count)]
        for index, row in enumerate(line):
            numbers[row["id"]], tiles[row["id"]] = index + 1, tile[index]
    over = f"OVER (PARTITION BY g ORDER BY {order_by(keys)})"
    _check(table, f"ROW_NUMBER() {over}", numbers)
    _check(table, f"NTILE({buckets}) {over}", tiles)


@pytest.mark.parametrize("name", ["LAG", "LEAD"])
@pytest.mark.parametrize("ignores", [False, True])
def test_neighbours(table: Table, name: str, ignores: bool) -> None:
    _, rows, chance = table
    keys, offset = _total_order(chance), chance.randint(1, 3)
    expected: dict[int, Any] = {}
    for line in _partitions(rows, keys):
        for index, row in enumerate(line):
            others = line[:index][::-1] if name == "LAG" else line[index + 1 :]
            values = _present(others, "x") if ignores else [other["x"] for other in others]
            expected[row["id"]] = values[offset - 1] if len(values) >= offset else row["k"]
    nulls = "IGNORE NULLS " if ignores else ""
    over = f"OVER (PARTITION BY g ORDER BY {order_by(keys)})"
    _check(table, f"{name}(x, {offset}, k) {nulls}{over}", expected)


def test_shares_of_a_sum(table: Table) -> None:
    _, rows, _ = table
    expected = {}
    for line in _partitions(rows, [("id", False, False)]):
        total = sum((abs(value) for value in _present(line, "w")), Decimal(0))
        for row in line:
            expected[row["id"]] = abs(row["w"]) / total if row["w"] is not None else None
    _check(table, "RATIO_TO_REPORT(ABS(w)) OVER (PARTITION BY g)", expected)


_KEPT = {
    "v.rn = 1": 1,
    "rn <= 2": 2,
    "3 > rn": 2,
    "rn BETWEEN 1 AND 3 AND h IS NOT NULL": 3,
}


@pytest.mark.parametrize("condition", _KEPT)
@pytest.mark.parametrize("form", ["view", "with"])
def test_first_rows_of_each_partition(table: Table, condition: str, form: str) -> None:
    database, rows, chance = table
    keys = chance.choice([_total_order(chance), [("id", chance.random() < 0.5, False)]])
    over = f"PARTITION BY g ORDER BY {order_by(keys)}"
    view = f"SELECT t.*, ROW_NUMBER() OVER ({over}) AS rn FROM t"
    if form == "view":
        sql = f"SELECT id, rn, x FROM ({view}) v WHERE {condition}"
    else:
        sql = f"WITH v AS ({view}) SELECT id, rn, x FROM v WHERE {condition}"
    expected = {
        (row["id"], number, row["x"])
        for line in _partitions(rows, keys)
        for number, row in enumerate(line[: _KEPT[condition]], start=1)
        if "h IS" not in condition or row["h"] is not None
    }
    assert set(database.query(sql).rows) == expected


def test_first_rows_of_partitions_without_a_key(table: Table) -> None:
    database, rows, _ = table
    sql = "SELECT g FROM (SELECT g, ROW_NUMBER() OVER (PARTITION BY g ORDER BY w) rn FROM t WHERE w IS NULL) "
    for way in ("", "NULLS FIRST"):
        found = database.query(sql.replace("w)", f"w {way})") + "WHERE rn = 1").rows
        expected = {row["g"] for row in rows if row["w"] is None}
        assert sorted(map(str, (row[0] for row in found))) == sorted(map(str, expected))
