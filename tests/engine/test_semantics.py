"""The case files: what Oracle answers, and what is refused by name."""

from decimal import Decimal

import pytest

from oracle_sft.engine.result import Database, OracleError, UnsupportedSQL, Value
from tests.engine.library import Case, read_cases

CASES = list(read_cases())


_DIGITS = 10
"""A third has endless digits; the files write ten of them."""


def _same(found: Value, expected: Value) -> bool:
    if isinstance(found, Decimal) and isinstance(expected, Decimal):
        if int(expected.as_tuple().exponent) > -_DIGITS:
            return found == expected
        return abs(found - expected) < Decimal(1).scaleb(-_DIGITS)
    return type(found) is type(expected) and found == expected


def _sortable(row: tuple[Value, ...]) -> list[str]:
    return [f"{value:.9f}" if isinstance(value, Decimal) else str(value) for value in row]


def test_the_files_hold_cases() -> None:
    assert len(CASES) > 150
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(database: Database, case: Case) -> None:
    sql = case.sql.rstrip().removesuffix(";")
    if case.error:
        with pytest.raises(OracleError) as raised:
            database.query(sql)
        assert raised.value.code == case.error
        return
    if case.unsupported:
        with pytest.raises(UnsupportedSQL) as refused:
            database.query(sql)
        assert case.unsupported in refused.value.construct
        return
    result = database.query(sql)
    assert list(result.columns) == case.columns
    found, expected = list(result.rows), [tuple(row) for row in case.rows]
    if not case.ordered:
        found, expected = sorted(found, key=_sortable), sorted(expected, key=_sortable)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert all(_same(*pair) for pair in zip(one, other, strict=True)), (one, other)
