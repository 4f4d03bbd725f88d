"""GROUP BY and group functions over random tables against the same computed in Python."""

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations
from math import ceil, floor
from typing import Any

import pytest

from oracle_sft.engine.result import Database
from tests.engine.random_rows import (
    Rows,
    compare,
    order_by,
    ordered,
    random_keys,
    random_table,
    same,
)

SEEDS = range(6)


@pytest.fixture(scope="module", params=SEEDS)
def table(request: pytest.FixtureRequest) -> Iterator[tuple[Database, Rows, random.Random]]:
    database, rows = random_table(request.param)
    yield database, rows, random.Random(request.param)
    database.close()


def _values(rows: Rows, column: str) -> list[Decimal]:
    return [row[column] for row in rows if row[column] is not None]


def _sum(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) if values else None


def _average(values: Sequence[Decimal]) -> Decimal | None:
    return sum(values, Decimal(0)) / len(values) if values else None


def _percentile(values: Sequence[Decimal], part: Decimal) -> Decimal | None:
    if not values:
        return None
    place = 1 + part * (len(values) - 1)
    low, high = floor(place), ceil(place)
    first, second = sorted(values)[low - 1], sorted(values)[high - 1]
    return first + (second - first) * (place - low)


def _discrete(values: Sequence[Any], part: Decimal, descending: bool) -> Any:
    if not values:
        return None
    return sorted(values, reverse=descending)[max(ceil(part * len(values)), 1) - 1]


def _spread(values: Sequence[Decimal]) -> float | None:
    numbers = [float(value) for value in values]
    return (statistics.stdev(numbers) if len(numbers) > 1 else 0.0) if numbers else None


FUNCTIONS: dict[str, Callable[[Rows], Any]] = {
    "COUNT(*)": len,
    "COUNT(x)": lambda rows: len(_values(rows, "x")),
    "COUNT(DISTINCT h)": lambda rows: len(set(_values(rows, "h"))),
    "SUM(x)": lambda rows: _sum(_values(rows, "x")),
    "SUM(DISTINCT w)": lambda rows: _sum(sorted(set(_values(rows, "w")))),
    "AVG(x)": lambda rows: _average(_values(rows, "x")),
    "MIN(d)": lambda rows: min(_values(rows, "d"), default=None),
    "MAX(g)": lambda rows: max(_values(rows, "g"), default=None),
    "MEDIAN(x)": lambda rows: _percentile(_values(rows, "x"), Decimal("0.5")),
    "MEDIAN(w)": lambda rows: _percentile(_values(rows, "w"), Decimal("0.5")),
    "STDDEV(x)": lambda rows: _spread(_values(rows, "x")),
    "LISTAGG(id, ',') WITHIN GROUP (ORDER BY id DESC)": lambda rows: (
        ",".join(str(number) for number in sorted((row["id"] for row in rows), reverse=True))
        or None
    ),
    "LISTAGG(DISTINCT g) WITHIN GROUP (ORDER BY g)": lambda rows: (
        "".join(sorted(set(_values(rows, "g")))) or None
    ),
    **{
        f"PERCENTILE_CONT({part}) WITHIN GROUP (ORDER BY x)": lambda rows, part=part: _percentile(
            _values(rows, "x"), Decimal(part)
        )
        for part in ("0.1", "0.75", "1")
    },
    **{
        f"PERCENTILE_DISC({part}) WITHIN GROUP (ORDER BY d {way})": lambda rows, part=part, way=way: (
            _discrete(_values(rows, "d"), Decimal(part), way == "DESC")
        )
        for part in ("0", "0.3", "0.5", "1")
        for way in ("ASC", "DESC")
    },
}


def _check(
    found: Sequence[Sequence[Any]], expected: Sequence[Sequence[Any]], num_keys: int
) -> None:
    def by_keys(row: Sequence[Any]) -> list[str]:
        return [str(value) for value in row[:num_keys]]

    assert len(found) == len(expected)
    for one, other in zip(sorted(found, key=by_keys), sorted(expected, key=by_keys), strict=True):
        assert all(map(same, one, other)), (one, other)


def _groups(rows: Rows, columns: Sequence[str]) -> dict[tuple[Any, ...], Rows]:
    groups: dict[tuple[Any, ...], Rows] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    return groups


def _cube(columns: Sequence[str]) -> list[tuple[str, ...]]:
    return [kept for size in range(len(columns) + 1) for kept in combinations(columns, size)]


SETS: dict[str, list[tuple[str, ...]]] = {
    "g, h": [("g", "h")],
    "ROLLUP(g, h)": [("g", "h"), ("g",), ()],
    "CUBE(g, h, k)": _cube(("g", "h", "k")),
    "GROUPING SETS ((g, k), h, ())": [("g", "k"), ("h",), ()],
    "GROUPING SETS (g, g, ROLLUP(g, k))": [("g",), ("g",), ("g", "k"), ("g",), ()],
    "g, ROLLUP(h), CUBE(k)": [("g", "h", "k"), ("g", "h"), ("g", "k"), ("g",)],
    "ROLLUP(g, (h, k))": [("g", "h", "k"), ("g",), ()],
}


@pytest.mark.parametrize("written", SETS)
def test_grouping_sets(table: tuple[Database, Rows, random.Random], written: str) -> None:
    database, rows, chance = table
    names = [name for name in "ghk" if name in written]
    chosen = chance.sample(sorted(FUNCTIONS), 5)
    levels = f"GROUPING_ID({', '.join(names)}), GROUP_ID()"
    keys = ", ".join(names)
    sql = f"SELECT {keys}, {levels}, {', '.join(chosen)} FROM t GROUP BY {written}"
    expected = []
    seen: list[frozenset[str]] = []
    for kept in SETS[written]:
        mask = int("".join("0" if name in kept else "1" for name in names), 2)
        copy = seen.count(frozenset(kept))
        seen.append(frozenset(kept))
        for values, group in _groups(rows, kept).items():
            shown = dict(zip(kept, values, strict=True))
            expected.append(
                [shown.get(name) for name in names]
                + [mask, copy]
                + [FUNCTIONS[function](group) for function in chosen]
            )
    _check(database.query(sql).rows, expected, len(names) + 2)


def test_every_function_with_and_without_over(
    table: tuple[Database, Rows, random.Random],
) -> None:
    database, rows, _ = table
    groups = _groups(rows, ["g"])
    for function, reference in FUNCTIONS.items():
        by_group = {key[0]: reference(group) for key, group in groups.items()}
        found = database.query(f"SELECT g, {function} FROM t GROUP BY g").rows
        _check(found, list(by_group.items()), 1)
        over = database.query(f"SELECT id, {function} OVER (PARTITION BY g) FROM t").rows
        _check(over, [(row["id"], by_group[row["g"]]) for row in rows], 1)


def _kept(rows: Rows, keys: Any, first: bool) -> Rows:
    line = ordered(rows, keys)
    end = line[0 if first else -1]
    return [row for row in line if compare(row, end, keys) == 0]


def test_keep(table: tuple[Database, Rows, random.Random]) -> None:
    database, rows, chance = table
    functions = ("COUNT(*)", "COUNT(x)", "SUM(x)", "AVG(x)", "MIN(d)", "MAX(g)", "STDDEV(x)")
    for _ in range(6):
        keys = random_keys(chance, ["h", "k", "d"])
        function, end = chance.choice(functions), chance.choice(["FIRST", "LAST"])
        call = f"{function} KEEP (DENSE_RANK {end} ORDER BY {order_by(keys)})"
        by_group = {
            key[0]: FUNCTIONS[function](_kept(group, keys, end == "FIRST"))
            for key, group in _groups(rows, ["g"]).items()
        }
        found = database.query(f"SELECT g, {call} FROM t GROUP BY g").rows
        _check(found, list(by_group.items()), 1)
        over = database.query(f"SELECT id, {call} OVER (PARTITION BY g) FROM t").rows
        _check(over, [(row["id"], by_group[row["g"]]) for row in rows], 1)


def test_hypothetical_ranks(table: tuple[Database, Rows, random.Random]) -> None:
    database, rows, chance = table
    for _ in range(6):
        keys = random_keys(chance, ["h", "k"])
        row = {
            column: chance.choice([None, Decimal(1), Decimal(2), Decimal(9)]) for column, *_ in keys
        }
        values = ", ".join("NULL" if value is None else str(value) for value in row.values())
        within = f"({values}) WITHIN GROUP (ORDER BY {order_by(keys)})"
        names = ("RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST")
        sql = f"SELECT g, {', '.join(name + within for name in names)} FROM t GROUP BY g"
        expected = []
        for (value,), group in _groups(rows, ["g"]).items():
            before = [other for other in group if compare(other, row, keys) < 0]
            places = {tuple(other[column] for column, *_ in keys) for other in before}
            upto = [other for other in group if compare(other, row, keys) <= 0]
            share = Decimal(len(before)) / len(group)
            along = Decimal(len(upto) + 1) / (len(group) + 1)
            expected.append((value, len(before) + 1, len(places) + 1, share, along))
        _check(database.query(sql).rows, expected, 1)


def test_regressions(table: tuple[Database, Rows, random.Random]) -> None:
    database, rows, _ = table
    pairs = [
        (float(row["x"]), float(row["w"]))
        for row in rows
        if row["x"] is not None and row["w"] is not None
    ]
    ys, xs = zip(*pairs, strict=True)
    line = statistics.linear_regression(xs, ys)
    covariance = statistics.covariance(xs, ys)
    correlation = statistics.correlation(xs, ys)
    size = len(pairs)
    sql = (
        "SELECT REGR_COUNT(x, w), REGR_AVGX(x, w), REGR_AVGY(x, w), REGR_SLOPE(x, w), "
        "REGR_INTERCEPT(x, w), REGR_R2(x, w), REGR_SXX(x, w), REGR_SYY(x, w), REGR_SXY(x, w), "
        "CORR(x, w), COVAR_SAMP(x, w), COVAR_POP(x, w) FROM t"
    )
    expected = [
        *(size, statistics.fmean(xs), statistics.fmean(ys), line.slope, line.intercept),
        *(correlation**2, statistics.pvariance(xs) * size, statistics.pvariance(ys) * size),
        *(covariance * (size - 1), correlation, covariance, covariance * (size - 1) / size),
    ]
    found = database.query(sql).rows[0]
    assert all(
        abs(float(one) - other) < 1e-9  # type: ignore[arg-type]
        for one, other in zip(found, expected, strict=True)
    )
