"""Any answer that Oracle might give to a top-n is right, and no other: against a slow reference."""

import math
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.engine.compare import CompareMode, compare
from oracle_sft.engine.database import DatabaseSpec, open_database
from oracle_sft.engine.result import Database, ResultSet, Row
from oracle_sft.sqltext.ddl import read_ddl
from oracle_sft.sqltext.outermost import orders_outermost
from tests.examples import examples

_quick = examples(40)
_RANDOM = st.randoms(use_true_random=False)
KEYS = st.lists(st.one_of(st.none(), st.integers(0, 2)), min_size=1, max_size=7)


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    opened = open_database(
        DatabaseSpec(schema=read_ddl("CREATE TABLE t (a NUMBER(3))", schema_id="t"), rows={})
    )
    yield opened
    opened.close()


def _table(keys: list[int | None]) -> str:
    rows = [
        f"SELECT {number} a, {'NULL' if key is None else key} k FROM dual"
        for number, key in enumerate(keys)
    ]
    # A first row of typed values, so that a column of NULLs is a NUMBER.
    return f"(SELECT * FROM (SELECT 0 a, 0 k FROM dual WHERE 1 = 0 UNION ALL {' UNION ALL '.join(rows)}))"


def _sorted(keys: list[int | None], random: Random, *, descending: bool) -> list[int]:
    """The rows in one of the orders that Oracle may give them; NULL is the largest."""
    rows = list(range(len(keys)))
    random.shuffle(rows)

    def size(row: int) -> float:
        key = keys[row]
        return math.inf if key is None else key

    return sorted(rows, key=lambda row: -size(row) if descending else size(row))


def _answer(rows: list[int]) -> ResultSet:
    found: list[Row] = [(row,) for row in rows]
    return ResultSet(columns=("A",), types=("NUMBER",), rows=found)


def _accepted(database: Database, sql: str, rows: list[int], *, ordered: bool) -> bool:
    gold = database.query(sql, with_sort_keys=True)
    assert ordered == orders_outermost(sql)
    return compare(gold, _answer(rows), ordered=ordered).equal


@_quick
@given(KEYS, st.integers(0, 4), st.integers(0, 5), st.booleans(), _RANDOM)
def test_offset_and_fetch(
    database: Database,
    keys: list[int | None],
    skip: int,
    count: int,
    descending: bool,
    random: Random,
) -> None:
    sql = (
        f"SELECT a FROM {_table(keys)} ORDER BY k {'DESC' if descending else ''} "
        f"OFFSET {skip} ROWS FETCH NEXT {count} ROWS ONLY"
    )
    right = _sorted(keys, random, descending=descending)[skip : skip + count]
    if not right:
        assert database.query(sql).rows == []
        return
    assert _accepted(database, sql, right, ordered=True)
    wrong = list(right)
    wrong[random.randrange(len(wrong))] = random.randrange(len(keys))
    possible = _is_possible(keys, wrong, skip, descending=descending)
    assert _accepted(database, sql, wrong, ordered=True) == possible


def _is_possible(keys: list[int | None], rows: list[int], skip: int, *, descending: bool) -> bool:
    """Whether some order of equal keys gives these rows: each place has the key that belongs there."""
    if len(set(rows)) < len(rows):
        return False
    places = _sorted(keys, Random(0), descending=descending)[skip:]
    return all(keys[row] == keys[place] for row, place in zip(rows, places, strict=False))


@_quick
@given(KEYS, st.integers(1, 5), st.booleans(), _RANDOM)
def test_rownum_over_an_ordered_view(
    database: Database, keys: list[int | None], count: int, descending: bool, random: Random
) -> None:
    view = f"(SELECT * FROM {_table(keys)} ORDER BY k {'DESC' if descending else ''})"
    right = _sorted(keys, random, descending=descending)[:count]
    sql = f"SELECT a FROM {view} WHERE ROWNUM <= {count}"
    assert _accepted(database, sql, sorted(right), ordered=False)
    by_number = f"{sql} ORDER BY a"
    assert _accepted(database, by_number, sorted(right), ordered=True)
    if len(right) > 1:
        assert not _accepted(database, by_number, sorted(right)[::-1], ordered=True)
    others = random.sample(range(len(keys)), len(right))
    possible = Counter(keys[row] for row in others) == Counter(keys[row] for row in right)
    assert _accepted(database, sql, others, ordered=False) == possible


@_quick
@given(
    st.lists(
        st.tuples(st.sampled_from(["x", "y", None]), st.integers(0, 2)), min_size=1, max_size=7
    ),
    st.integers(1, 2),
    st.integers(0, 2),
    _RANDOM,
)
def test_row_number_in_each_partition(
    database: Database,
    rows: list[tuple[str | None, int]],
    first: int,
    more: int,
    random: Random,
) -> None:
    table = " UNION ALL ".join(
        f"SELECT {number} a, {'NULL' if part is None else repr(part)} p, {key} k FROM dual"
        for number, (part, key) in enumerate([("z", 9), *rows])
    )
    sql = (
        "SELECT a FROM (SELECT a, ROW_NUMBER() OVER (PARTITION BY p ORDER BY k DESC) rn "
        f"FROM ({table}) WHERE a > 0) WHERE rn BETWEEN {first} AND {first + more}"
    )
    right = []
    for part in ("x", "y", None):
        members = [number for number, row in enumerate(rows, start=1) if row[0] == part]
        random.shuffle(members)
        members.sort(key=lambda number: -rows[number - 1][1])
        right += members[first - 1 : first + more]
    if not right:
        assert database.query(sql).rows == []
        return
    assert _accepted(database, sql, right, ordered=False)
    assert _accepted(database, f"{sql} ORDER BY a", sorted(right), ordered=True)
    others = random.sample(range(1, len(rows) + 1), len(right))
    possible = Counter(rows[row - 1] for row in others) == Counter(rows[row - 1] for row in right)
    assert _accepted(database, sql, others, ordered=False) == possible


@_quick
@given(KEYS, st.sampled_from([0, 20, 50, 70, 100]), _RANDOM)
def test_fetch_of_a_percentage(
    database: Database, keys: list[int | None], percent: int, random: Random
) -> None:
    sql = f"SELECT a FROM {_table(keys)} ORDER BY k FETCH FIRST {percent} PERCENT ROWS ONLY"
    count = math.ceil(len(keys) * percent / 100)
    right = _sorted(keys, random, descending=False)[:count]
    if right:
        assert _accepted(database, sql, right, ordered=True)
    else:
        assert database.query(sql).rows == []


@_quick
@given(KEYS, _RANDOM)
def test_order_by_alone(database: Database, keys: list[int | None], random: Random) -> None:
    sql = f"SELECT a FROM {_table(keys)} ORDER BY k NULLS FIRST"
    nulls = [row for row in range(len(keys)) if keys[row] is None]
    rest = [row for row in _sorted(keys, random, descending=False) if keys[row] is not None]
    assert _accepted(database, sql, nulls + rest, ordered=True)
    assert compare(
        database.query(sql, with_sort_keys=True),
        _answer([*nulls, *rest][::-1]),
        ordered=True,
        mode=CompareMode.BAG,
    ).equal
    backwards = [*nulls, *rest][::-1]
    possible = [keys[row] for row in backwards] == [keys[row] for row in nulls + rest]
    assert _accepted(database, sql, backwards, ordered=True) == possible
