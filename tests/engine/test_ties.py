"""Sort keys of the outermost query, and the rows that a top-n might have returned instead."""

from decimal import Decimal

import pytest

from oracle_sft.engine.result import Database, ResultSet, Row


def keyed(database: Database, sql: str) -> ResultSet:
    return database.query(sql, with_sort_keys=True)


def firsts(rows: list[Row]) -> list[object]:
    return [row[0] for row in rows]


def test_keys_that_are_no_columns_come_beside_the_rows(database: Database) -> None:
    found = keyed(database, "SELECT name FROM members ORDER BY branch_id DESC, UPPER(name)")
    assert found.columns == ("NAME",)
    assert found.sort_keys is not None
    assert [key[0] for key in found.sort_keys] == [None, 2, 2, 1, 1]
    assert found.sort_keys[1][1] == "CID O'DEA"
    assert found.cuts == ()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM members",
        "SELECT * FROM (SELECT name FROM members ORDER BY fee)",
        "SELECT name, ROW_NUMBER() OVER (ORDER BY fee) FROM members",
    ],
)
def test_only_the_outermost_order_counts(database: Database, sql: str) -> None:
    assert keyed(database, sql).sort_keys is None


@pytest.mark.parametrize(
    "sql",
    [
        "(SELECT name FROM members ORDER BY 1)",
        "SELECT name FROM members UNION SELECT name FROM genres ORDER BY name",
        "SELECT DISTINCT name FROM members ORDER BY name",
        "WITH m AS (SELECT name FROM members) SELECT name FROM m ORDER BY name",
    ],
)
def test_keys_of_every_form_of_query(database: Database, sql: str) -> None:
    found = keyed(database, sql)
    assert found.sort_keys == found.rows == sorted(found.rows)


MEMBERS_BY_BRANCH = "FROM members ORDER BY branch_id"  # 1, 1, 2, 2, NULL


@pytest.mark.parametrize(
    ("sql", "num_rows", "left_out"),
    [
        (f"SELECT member_id {MEMBERS_BY_BRANCH} FETCH FIRST 2 ROWS ONLY", 2, []),
        (f"SELECT member_id {MEMBERS_BY_BRANCH} FETCH FIRST 3 ROWS ONLY", 3, [[2]]),
        (f"SELECT member_id {MEMBERS_BY_BRANCH} FETCH FIRST 3 ROWS WITH TIES", 4, []),
        (f"SELECT member_id {MEMBERS_BY_BRANCH} FETCH FIRST 50 PERCENT ROWS ONLY", 3, [[2]]),
        (f"SELECT member_id {MEMBERS_BY_BRANCH} OFFSET 1 ROWS", 4, [[1]]),
        (
            f"SELECT member_id {MEMBERS_BY_BRANCH} OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY",
            *(2, [[1], [2]]),
        ),
        (f"SELECT * FROM (SELECT branch_id {MEMBERS_BY_BRANCH}) WHERE ROWNUM <= 3", 3, [[2]]),
        (f"SELECT * FROM (SELECT name {MEMBERS_BY_BRANCH}) WHERE ROWNUM < 4", 3, [[2]]),
        (
            f"SELECT name FROM (SELECT * {MEMBERS_BY_BRANCH}) WHERE ROWNUM <= 3 ORDER BY name",
            3,
            [[2]],
        ),
        ("SELECT name FROM members WHERE ROWNUM <= 2", 2, [[None, None, None]]),
        ("SELECT name FROM members FETCH FIRST 2 ROWS ONLY", 2, [[None, None, None]]),
        ("SELECT name FROM members WHERE ROWNUM <= 5", 5, []),
        (
            "SELECT name FROM (SELECT m.*, ROW_NUMBER() OVER (ORDER BY branch_id) rn FROM members m) "
            "WHERE rn <= 3",
            *(3, [[2]]),
        ),
        (
            "SELECT UPPER(v.name) FROM (SELECT name, ROW_NUMBER() OVER (PARTITION BY branch_id ORDER BY 1) rn "
            "FROM members) v WHERE v.rn = 1 ORDER BY UPPER(v.name)",
            *(3, [[1], [2]]),
        ),
        # More than a choice of rows hangs on these cuts.
        (
            "SELECT name, rn FROM (SELECT name, ROW_NUMBER() OVER (ORDER BY branch_id) rn FROM members) "
            "WHERE rn <= 3",
            *(3, []),
        ),
        (
            "SELECT name FROM (SELECT m.*, ROW_NUMBER() OVER (ORDER BY branch_id) rn FROM members m) "
            "WHERE rn <= 3 AND fee > 5",
            *(None, []),
        ),
        (f"SELECT COUNT(*) FROM (SELECT * {MEMBERS_BY_BRANCH}) WHERE ROWNUM <= 3", 1, []),
        (f"SELECT ROWNUM, name FROM (SELECT * {MEMBERS_BY_BRANCH}) WHERE ROWNUM <= 3", 3, []),
        (
            f"SELECT * FROM (SELECT * FROM (SELECT * {MEMBERS_BY_BRANCH})) WHERE ROWNUM <= 3",
            *(3, []),
        ),
    ],
)
def test_a_cut_between_equal_keys_shows_what_it_left_out(
    database: Database, sql: str, num_rows: int | None, left_out: list[list[object]]
) -> None:
    found = keyed(database, sql)
    assert num_rows is None or len(found.rows) == num_rows
    assert sum(len(cut.left_out) for cut in found.cuts) == sum(len(rows) for rows in left_out)
    assert len(found.cuts) == len(left_out)
    if found.sort_keys is not None and "ORDER BY name" not in sql and "UPPER" not in sql:
        for cut, keys in zip(found.cuts, left_out, strict=True):
            assert firsts(list(cut.left_out_keys)) == keys
            assert {found.sort_keys[place][0] for place in cut.kept} == set(keys)


def test_a_row_stands_on_one_side_of_the_cut(database: Database) -> None:
    sql = f"SELECT member_id {MEMBERS_BY_BRANCH} FETCH FIRST 3 ROWS ONLY"
    found = keyed(database, sql)
    (cut,) = found.cuts
    assert cut.kept == (2,)
    assert found.rows[2] not in cut.left_out
    assert isinstance(cut.left_out[0][0], Decimal)
