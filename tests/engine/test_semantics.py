"""The case files: what Oracle answers, and what is refused by name."""

from datetime import datetime
from decimal import Context, Decimal

import pytest

from oracle_sft.engine.result import Database, OracleError, UnsupportedSQL, Value
from tests.engine.library import Case, read_cases

CASES = list(read_cases())


def _comparable(value: Value) -> Value:
    if isinstance(value, Decimal):
        # A third has endless digits; the files write ten of them.
        return value.quantize(Decimal("1e-10"), context=Context(prec=60))
    return value


def _sortable(row: tuple[Value, ...]) -> list[str]:
    return [str(value) for value in row]


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
    found = [tuple(map(_comparable, row)) for row in result.rows]
    expected = [tuple(map(_comparable, row)) for row in case.rows]
    if not case.ordered:
        found, expected = sorted(found, key=_sortable), sorted(expected, key=_sortable)
    assert found == expected
    for row in found:
        for value in row:
            assert value is None or isinstance(value, Decimal | str | datetime) or value == value
