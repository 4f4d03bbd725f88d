"""Hierarchies, ROWNUM, FETCH, outer joins and membership over random rows, beside the same by hand.

The rows stand in the query itself, as SELECT .. FROM dual UNION ALL ..., so that one database serves
all of them.
"""

import operator
from collections.abc import Callable, Sequence
from decimal import Decimal
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.engine.result import Database, OracleError, UnsupportedSQL
from tests.examples import examples

few = examples(15)
Number = int | None
numbers = st.lists(st.one_of(st.none(), st.integers(0, 5)), min_size=1, max_size=7)


def view(names: str, rows: Sequence[Sequence[Number]]) -> str:
    """An inline view of these rows, in their order."""
    listed = names.split()
    selects = [
        "SELECT "
        + ", ".join(
            f"CAST({'NULL' if value is None else value} AS NUMBER(5)) AS {name}"
            for value, name in zip(row, listed, strict=True)
        )
        + " FROM dual"
        for row in rows
    ]
    return f"({' UNION ALL '.join(selects)})"


def rows_of(database: Database, sql: str) -> list[tuple[object, ...]]:
    return [
        tuple(int(value) if isinstance(value, Decimal) else value for value in row)
        for row in database.query(sql).rows
    ]


forests = st.lists(st.integers(0, 100), min_size=1, max_size=9).map(
    # Row i hangs below a row before it, or is a root.
    lambda picks: [(i, p % i if p % (i + 1) and i else None, p % 3) for i, p in enumerate(picks)]
)


def walked(rows: Sequence[tuple[int, Number, int]]) -> list[tuple[int, int, str, int]]:
    """Id, level, way and whether it is a leaf; depth first, siblings by the last column and id."""
    out: list[tuple[int, int, str, int]] = []

    def visit(row: tuple[int, Number, int], level: int, way: str) -> None:
        children = sorted((r for r in rows if r[1] == row[0]), key=lambda r: (-r[2], r[0]))
        out.append((row[0], level, f"{way}/{row[0]}", int(not children)))
        for child in children:
            visit(child, level + 1, f"{way}/{row[0]}")

    for root in sorted((r for r in rows if r[1] is None), key=lambda r: (-r[2], r[0])):
        visit(root, 1, "")
    return out


@few
@given(rows=forests)
def test_connect_by_walks_depth_first(
    database: Database, rows: list[tuple[int, Number, int]]
) -> None:
    found = rows_of(
        database,
        "SELECT id, LEVEL, SYS_CONNECT_BY_PATH(id, '/') AS way, CONNECT_BY_ISLEAF AS leaf "
        f"FROM {view('id up k', rows)} START WITH up IS NULL CONNECT BY PRIOR id = up "
        "ORDER SIBLINGS BY k DESC, id",
    )
    assert found == walked(rows)


@few
@given(rows=forests)
def test_a_recursive_query_searches_depth_first_as_connect_by_walks(
    database: Database, rows: list[tuple[int, Number, int]]
) -> None:
    found = rows_of(
        database,
        f"WITH t AS {view('id up k', rows)}, r (id, k, lvl, way) AS ("
        "SELECT id, k, 1, '/' || id FROM t WHERE up IS NULL UNION ALL "
        "SELECT t.id, t.k, r.lvl + 1, r.way || '/' || t.id FROM t JOIN r ON t.up = r.id) "
        "SEARCH DEPTH FIRST BY k DESC, id SET seq SELECT id, lvl, way, seq FROM r ORDER BY seq",
    )
    expected = [(*row[:3], place) for place, row in enumerate(walked(rows), start=1)]
    assert found == expected


@few
@given(following=st.lists(st.integers(0, 6), min_size=1, max_size=7))
def test_loops_are_found_or_walked_once(database: Database, following: list[int]) -> None:
    rows = list(enumerate(following))
    by_id = dict(rows)
    way: list[int] = []
    at: Number = 0
    while at is not None and at not in way:
        way.append(at)
        at = by_id[at] if by_id[at] in by_id else None  # the row that this one points at
    source = view("id nxt", rows)
    walk = f"FROM {source} START WITH id = 0 CONNECT BY {{}}PRIOR nxt = id"
    if at is None:
        assert rows_of(database, f"SELECT id {walk.format('')}") == [(i,) for i in way]
    else:
        with pytest.raises(OracleError, match="ORA-01436"):
            database.query(f"SELECT id {walk.format('')}")
    nocycle = f"SELECT id, CONNECT_BY_ISCYCLE AS c {walk.format('NOCYCLE ')}"
    if len({by_id[i] for i in way}) < len(way):
        with pytest.raises(UnsupportedSQL, match="PRIOR"):
            database.query(nocycle)
    else:
        expected = [(i, int(at is not None and i == way[-1])) for i in way]
        assert rows_of(database, nocycle) == expected


CONDITIONS: list[tuple[str, Callable[[int, int], bool]]] = [
    ("ROWNUM <= x", lambda k, x: k <= x),
    ("MOD(ROWNUM, 3) <> 2 OR x > 3", lambda k, x: k % 3 != 2 or x > 3),
    ("NOT (ROWNUM = 2 AND x < 4)", lambda k, x: not (k == 2 and x < 4)),
    ("x - ROWNUM BETWEEN -1 AND 3", lambda k, x: -1 <= x - k <= 3),
    ("ROWNUM IN (1, 2, 4)", lambda k, x: k in (1, 2, 4)),
    ("CASE WHEN x = 0 THEN ROWNUM ELSE 1 END = 1", lambda k, x: x != 0 or k == 1),
]


@few
@given(
    values=st.lists(st.integers(0, 5), min_size=1, max_size=8),
    condition=st.sampled_from(CONDITIONS),
)
def test_a_row_takes_the_next_number_when_it_passes(
    database: Database, values: list[int], condition: tuple[str, Callable[[int, int], bool]]
) -> None:
    text, passes = condition
    expected: list[tuple[int, int]] = []
    for value in values:
        if passes(len(expected) + 1, value):
            expected.append((len(expected) + 1, value))
    source = view("x", [(value,) for value in values])
    assert rows_of(database, f"SELECT ROWNUM AS r, x FROM {source} WHERE {text}") == expected


@few
@given(
    values=numbers,
    skip=st.integers(-1, 4),
    count=st.integers(-1, 5),
    unit=st.sampled_from(["ROWS", "PERCENT ROWS"]),
    ties=st.booleans(),
)
def test_a_page_of_sorted_rows(
    database: Database, values: list[Number], skip: int, count: int, unit: str, ties: bool
) -> None:
    ordered = sorted(values, key=lambda value: (value is None, value or 0))
    share = count if unit == "ROWS" else count * 15
    most = max(share, 0) if unit == "ROWS" else ceil(len(ordered) * max(share, 0) / 100)
    first = max(skip, 0)
    expected = ordered[first : first + most]
    last = first + most
    split = False
    if ties and most and last <= len(ordered):
        expected += [v for v in ordered[last:] if v == ordered[last - 1]]
    if ties and 0 < first < len(ordered):
        split = ordered[first - 1] == ordered[first] and ordered.index(ordered[first]) < last
    sql = (
        f"SELECT x FROM {view('x', [(value,) for value in values])} ORDER BY x OFFSET {skip} ROWS "
        f"FETCH NEXT {share} {unit} {'WITH TIES' if ties else 'ONLY'}"
    )
    if split:
        with pytest.raises(UnsupportedSQL, match="WITH TIES"):
            database.query(sql)
    else:
        assert rows_of(database, sql) == [(value,) for value in expected]


def truth(values: Sequence[bool | None], *, any_: bool) -> bool | None:
    """The truth of OR, or of AND, over three values."""
    if any_ in values:
        return any_
    return None if None in values else not any_


OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">=": operator.ge,
}


@few
@given(
    left=numbers,
    right=st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=4),
    sign=st.sampled_from(sorted(OPERATORS)),
    any_=st.booleans(),
    negated=st.booleans(),
)
def test_any_and_all_know_three_values(
    database: Database,
    left: list[Number],
    right: list[Number],
    sign: str,
    any_: bool,
    negated: bool,
) -> None:
    def holds(value: Number) -> bool:
        tests = [
            None if value is None or other is None else OPERATORS[sign](value, other)
            for other in right
        ]
        found = truth(tests, any_=any_)
        return found is not None and found is not negated

    pool = view("y keep", [*((value, 1) for value in right), (0, 0)])
    test = f"x {sign} {'ANY' if any_ else 'ALL'} (SELECT y FROM {pool} WHERE keep = 1)"
    sql = (
        f"SELECT x FROM {view('x', [(value,) for value in left])} "
        f"WHERE {'NOT ' if negated else ''}{test}"
    )
    assert rows_of(database, sql) == [(value,) for value in left if holds(value)]


pairs = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 3)), st.integers(0, 2)), max_size=5)


@few
@given(left=pairs.filter(bool), right=pairs.filter(bool))
def test_old_and_new_outer_joins_keep_what_has_no_partner(
    database: Database, left: list[tuple[Number, int]], right: list[tuple[Number, int]]
) -> None:
    expected: list[tuple[Number, ...]] = []
    for one in left:
        partners = [two for two in right if one[0] is not None and one[0] == two[0] and two[1] > 0]
        expected += [(*one, *two) for two in partners] or [(*one, None, None)]
    a, b = f"{view('k v', left)} a", f"{view('k v', right)} b"
    columns = "a.k AS ak, a.v AS av, b.k AS bk, b.v AS bv"
    old = f"SELECT {columns} FROM {a}, {b} WHERE a.k = b.k(+) AND b.v(+) > 0"
    new = f"SELECT {columns} FROM {a} LEFT JOIN {b} ON b.k = a.k AND b.v > 0"
    for sql in (old, new):
        assert sorted(rows_of(database, sql), key=repr) == sorted(expected, key=repr)


@few
@given(rows=pairs.filter(bool))
def test_a_pivot_groups_by_what_it_does_not_read(
    database: Database, rows: list[tuple[Number, int]]
) -> None:
    expected = {}
    for key in {row[0] for row in rows}:
        own = [row[1] for row in rows if row[0] == key]
        expected[key] = (own.count(1), own.count(2))
    sql = f"SELECT * FROM {view('k v', rows)} PIVOT (COUNT(*) FOR v IN (1 AS one, 2 AS two)) ORDER BY k"
    found = rows_of(database, sql)
    assert {row[0]: row[1:] for row in found} == expected
    assert len(found) == len(expected)
