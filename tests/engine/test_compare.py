import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.engine.compare import COMPARE_VERSION, CompareMode, compare
from oracle_sft.engine.result import Cut, IntervalYM, ResultSet, Row, Value


def result(
    *rows: Row, columns: str = "", types: Sequence[str] = (), truncated: bool = False
) -> ResultSet:
    width = len(rows[0]) if rows else len(columns or "AB")
    names = tuple(columns or "ABCDEFGH"[:width])
    return ResultSet(
        columns=names,
        types=tuple(types) or ("NUMBER",) * len(names),
        rows=list(rows),
        truncated=truncated,
    )


def test_the_contract_is_versioned() -> None:
    assert COMPARE_VERSION == 2
    assert [mode.value for mode in CompareMode] == ["bird_set", "bag", "bag_order", "strict"]


NINE = datetime(2024, 5, 3, 9)

# One line each: gold, predicted, ordered, and per mode (bird_set, bag, bag_order) what must be said.
MATRIX = {
    "equal": (result((1, "x"), (2, "y")), result((2, "y"), (1, "x")), False, "TTT", "equal"),
    "a duplicate is missing": (
        *(result((7, "a"), (7, "a"), (8, "b")), result((7, "a"), (8, "b")), False, "TFF", "rows"),
    ),
    "fan-out": (
        *(result((7, "a"), (8, "b")), result(*[(7, "a"), (8, "b")] * 50), False, "TFF", "rows"),
    ),
    "other order, gold ordered": (
        *(result((1, 5), (2, 4)), result((2, 4), (1, 5)), True, "TTF", "order"),
    ),
    "other order, gold not ordered": (
        *(result((1, 5), (2, 4)), result((2, 4), (1, 5)), False, "TTT", "equal"),
    ),
    "columns permuted": (
        *(result((1, "x"), (2, "y")), result(("x", 1), ("y", 2)), False, "FFF", "column_permuted"),
    ),
    "two columns of one type swapped": (
        *(result((1, 2), (3, 4)), result((2, 1), (4, 3)), False, "FFF", "column_permuted"),
    ),
    "an extra column": (
        *(result((1,), (2,)), result((1, "x"), (2, "y")), False, "FFF", "extra_columns"),
    ),
    "rows paired otherwise": (
        *(result((1, "x"), (2, "y")), result((1, "y"), (2, "x")), False, "FFF", "values"),
    ),
    "rounding noise": (
        *(
            result(
                (0.1 + 0.2,),
            ),
            result((Decimal("0.3"),)),
            False,
            "TTT",
            "equal",
        ),
    ),
    "a ratio that differs": (
        *(result((Decimal("0.001"),)), result((Decimal("0.009"),)), False, "FFF", "values"),
    ),
    "NULL is not 0": (result((None, 1)), result((0, 1)), False, "FFF", "values"),
    "both empty": (result(columns="A"), result(columns="A"), False, "TTT", "uninformative"),
    "gold empty": (result(columns="A"), result((1,)), False, "FFF", "uninformative"),
    "another time of the day": (
        *(result((NINE,)), result((datetime(2024, 5, 3, 17),)), False, "FFF", "values"),
    ),
    "a date is its midnight": (
        *(result((date(2024, 5, 3),)), result((datetime(2024, 5, 3),)), False, "TTT", "equal"),
    ),
    "a date is no other hour": (
        *(result((date(2024, 5, 3),)), result((NINE,)), False, "FFF", "values"),
    ),
    "an empty RAW is NULL": (result((b"", 1)), result((None, 1)), False, "TTT", "equal"),
    "'' is NULL": (result(("", 1)), result((None, 1)), False, "TTT", "equal"),
    "CHAR padding": (
        result(("G5 ",), types=["CHAR"]),
        result(("G5",), types=["VARCHAR2"]),
        *(False, "TTT", "equal"),
    ),
    "VARCHAR2 has no padding": (
        result(("G5 ",), types=["VARCHAR2"]),
        result(("G5",), types=["VARCHAR2"]),
        *(False, "FFF", "values"),
    ),
    "a number is not its text": (result((1,)), result(("1",)), False, "FFF", "values"),
    "a column is missing": (result((1, 2)), result((1,)), False, "FFF", "columns"),
    "fewer rows": (result((1,), (2,)), result((1,)), False, "FFF", "rows"),
}


@pytest.mark.parametrize(
    ("gold", "predicted", "ordered", "expected", "label"), MATRIX.values(), ids=MATRIX
)
def test_matrix(
    gold: ResultSet, predicted: ResultSet, ordered: bool, expected: str, label: str
) -> None:
    modes = (CompareMode.BIRD_SET, CompareMode.BAG, CompareMode.BAG_ORDER)
    found = [compare(gold, predicted, ordered=ordered, mode=mode) for mode in modes]
    assert "".join("FT"[comparison.equal] for comparison in found) == expected
    assert found[-1].label == label
    assert found[-1] == compare(gold, predicted, ordered=ordered)  # the default mode
    assert found[-1].detail or label == "equal"


def test_strict_asks_for_names_and_types() -> None:
    gold = result((1,), columns="A")
    assert compare(gold, result((1,), columns="A"), ordered=False, mode=CompareMode.STRICT).equal
    renamed = compare(gold, result((1,), columns="B"), ordered=False, mode=CompareMode.STRICT)
    assert (renamed.equal, renamed.label) == (False, "columns")
    assert renamed.detail == "column B instead of A"
    other = result((1,), columns="A", types=["BINARY_DOUBLE"])
    assert not compare(gold, other, ordered=False, mode=CompareMode.STRICT).equal
    assert compare(gold, other, ordered=False).equal


@pytest.mark.parametrize("cut", ["gold", "predicted"])
def test_a_cut_result_equals_nothing(cut: str) -> None:
    whole = result((1,))
    part = result((1,), truncated=True)
    pair = (part, whole) if cut == "gold" else (whole, part)
    found = compare(*pair, ordered=False)
    assert (found.equal, found.label) == (False, "truncated")
    assert cut in found.detail


def test_numbers_are_exact_unless_they_were_divided() -> None:
    gold = result((Decimal("0.3333333333333333333"),))
    near = result((Decimal("0.3333333333333333"),))
    assert not compare(gold, near, ordered=False).equal
    divided = replace(gold, inexact=(True,))
    assert compare(divided, near, ordered=False).equal
    far = result((Decimal("0.33333333"),))
    assert not compare(divided, far, ordered=False).equal


def test_numbers_have_no_scale() -> None:
    assert compare(result((Decimal("1.00"), 2)), result((1, Decimal("2.0"))), ordered=True).equal


def test_special_floats_equal_themselves() -> None:
    values = (float("nan"), float("inf"), 1.0)
    rows = [(value,) for value in values]
    assert compare(result(*rows), result(*rows[::-1]), ordered=False).equal
    assert not compare(result((float("nan"),)), result((float("inf"),)), ordered=False).equal
    assert not compare(result((float("nan"),)), result((None,)), ordered=False).equal


def test_zones_are_compared_in_utc() -> None:
    berlin = datetime(2024, 5, 3, 11, tzinfo=timezone(timedelta(hours=2)))
    assert compare(result((berlin,)), result((NINE.replace(tzinfo=UTC),)), ordered=False).equal
    assert not compare(result((berlin,)), result((NINE,)), ordered=False).equal


@pytest.mark.parametrize(
    ("value", "same", "others"),
    [
        (timedelta(days=1), timedelta(hours=24), [timedelta(hours=23), IntervalYM(0, 1), 1]),
        (IntervalYM(1, 0), IntervalYM(0, 12), [IntervalYM(0, 11), 12, timedelta(days=365)]),
        (b"\x01", bytearray(b"\x01"), [b"\x02", "01", 1]),
        (NINE, NINE.replace(microsecond=0), [NINE.replace(microsecond=1), NINE.isoformat()]),
    ],
)
def test_intervals_bytes_and_times_equal_only_their_own_kind(
    value: Value, same: Value, others: list[Value]
) -> None:
    assert compare(result((value,)), result((same,)), ordered=False).equal
    for other in others:
        assert not compare(result((value,)), result((other,)), ordered=False).equal


@pytest.mark.parametrize("side", ["gold", "predicted"])
def test_a_quotient_on_either_side_brings_the_tolerance(side: str) -> None:
    exact = result((Decimal("33.333333333333"), 1))
    divided = replace(result((Decimal("33.33333333333333333333"), 1)), inexact=(True, False))
    pair = (divided, exact) if side == "gold" else (exact, divided)
    assert compare(*pair, ordered=False).equal
    other = replace(exact, rows=[(Decimal("33.333333333333"), Decimal("1.0000000001"))])
    pair = (divided, other) if side == "gold" else (other, divided)
    assert not compare(*pair, ordered=False).equal  # the second column is exact on both sides


@pytest.mark.parametrize("side", ["gold", "predicted"])
def test_a_char_on_either_side_takes_the_blanks_of_both(side: str) -> None:
    literal = result(("Y  ",), types=["CHAR"])
    text = result(("Y  ",), types=["VARCHAR2"])
    pair = (literal, text) if side == "gold" else (text, literal)
    assert compare(*pair, ordered=False).equal
    assert compare(result((" ",), types=["CHAR"]), result((" ",)), ordered=False).equal
    assert not compare(result((" ",), types=["CHAR"]), result((None,)), ordered=False).equal


def keyed(*rows: Row, keys: Sequence[Row]) -> ResultSet:
    return replace(result(*rows), sort_keys=list(keys))


def test_order_counts_between_tie_groups_only() -> None:
    gold = keyed(("a",), ("b",), ("c",), keys=[(1,), (1,), (None,)])
    assert compare(gold, result(("b",), ("a",), ("c",)), ordered=True).equal
    found = compare(gold, result(("a",), ("c",), ("b",)), ordered=True)
    assert (found.equal, found.label) == (False, "order")
    assert found.detail == "rows 1 to 2 are not those of equal sort keys"
    # Without keys each row has its place.
    bare = result(("a",), ("b",), ("c",))
    assert not compare(bare, result(("b",), ("a",), ("c",)), ordered=True).equal


def test_equal_rows_of_other_sort_keys_may_stand_for_each_other() -> None:
    gold = keyed(("a",), ("b",), ("a",), keys=[(1,), (2,), (3,)])
    assert compare(gold, result(("a",), ("b",), ("a",)), ordered=True).equal
    assert compare(gold, result(("a",), ("a",), ("b",)), ordered=True).label == "order"


def test_a_cut_inside_a_view_leaves_the_outer_order_standing() -> None:
    # SELECT name FROM (SELECT .. ORDER BY price) WHERE ROWNUM <= 2 ORDER BY name
    gold = replace(
        keyed(("a",), ("d",), keys=[("a",), ("d",)]),
        cuts=(Cut((1,), [("b",), ("e",)], [("b",), ("e",)], [1, 2]),),
    )
    for right in ("b", "d", "e"):
        assert compare(gold, result(("a",), (right,)), ordered=True).equal
        assert compare(gold, result((right,), ("a",)), ordered=True).label == "order"
    assert not compare(gold, result(("b",), ("d",)), ordered=True).equal  # a is no choice


def test_a_deep_result_is_compared_in_time() -> None:
    rows = [(number * 1.5, number % 7) for number in range(10_000)]
    gold = result(*rows)
    started = time.perf_counter()
    assert compare(gold, result(*rows[::-1]), ordered=False).equal
    changed = [*rows[:-1], (0.25, 1)]
    for mode in CompareMode:
        assert not compare(gold, result(*changed), ordered=False, mode=mode).equal
    assert time.perf_counter() - started < 20


def test_tolerance_matches_rows_that_sort_differently() -> None:
    # Sorted by the first float the pairs would cross.
    gold = result((1.0, 5.0), (1.0 + 1e-12, 2.0))
    predicted = result((1.0, 2.0), (1.0 + 1e-12, 5.0))
    assert compare(gold, predicted, ordered=False).equal
    assert not compare(gold, result((1.0, 2.0), (1.0, 2.0)), ordered=False).equal


def test_a_mapping_of_columns_holds_for_whole_rows() -> None:
    gold = result((1, 2, "x"), (2, 1, "y"))
    assert compare(gold, result((2, 1, "x"), (1, 2, "y")), ordered=False).label == "column_permuted"
    assert compare(gold, result((1, 1, "x"), (2, 2, "y")), ordered=False).label == "values"


def test_many_like_columns_do_not_take_for_ever() -> None:
    row: Row = (1,) * 12
    other: Row = (*[1] * 11, 2)
    gold = ResultSet(columns=("A",) * 12, types=("NUMBER",) * 12, rows=[row, other, row])
    predicted = ResultSet(columns=("A",) * 12, types=("NUMBER",) * 12, rows=[other, other, row])
    assert compare(gold, predicted, ordered=False).label == "values"


VALUES = st.one_of(
    st.none(),
    st.text(alphabet="ab ", max_size=3),
    st.integers(-3, 3),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-9, max_value=9),
    st.floats(width=32),
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2020, 1, 3)),
    st.binary(max_size=2),
)
ROWS = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.tuples(*[VALUES] * width), min_size=1, max_size=6)
)


@given(ROWS, st.sampled_from(CompareMode), st.booleans())
def test_gold_against_gold_is_equal(rows: list[Row], mode: CompareMode, ordered: bool) -> None:
    gold = result(*rows)
    found = compare(gold, result(*rows), ordered=ordered, mode=mode)
    assert (found.equal, found.label) == (True, "equal")


@given(ROWS, st.randoms(use_true_random=False))
def test_order_does_not_count_in_a_bag(rows: list[Row], random: object) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert compare(result(*rows), result(*shuffled), ordered=False).equal


@given(ROWS, ROWS)
def test_comparison_is_symmetric(rows: list[Row], others: list[Row]) -> None:
    there = compare(result(*rows), result(*others), ordered=False)
    back = compare(result(*others), result(*rows), ordered=False)
    assert there.equal == back.equal


def test_a_top_n_that_might_have_been_cut_otherwise_is_said() -> None:
    gold = replace(
        result(("a",), ("b",)),
        sort_keys=[(1,), (2,)],
        cuts=(Cut((1,), [("c",)], [(2,)], [1]),),
    )
    assert compare(gold, result(("a",), ("c",)), ordered=True).nondeterministic_gold
    assert not compare(replace(gold, cuts=()), gold, ordered=True).nondeterministic_gold


def test_a_tolerance_moves_with_its_column() -> None:
    gold = result((Decimal("0.3333333333"), Decimal(5)))
    divided = replace(result((Decimal(5), Decimal("0.33333333334"))), inexact=(False, True))
    assert compare(gold, divided, ordered=False).label == "column_permuted"


def test_looking_for_columns_that_fit_comes_to_an_end() -> None:
    gold = result((1,) * 11, columns="ABCDEFGHIJK")
    predicted = result((1,) * 10 + (2,), columns="ABCDEFGHIJK")
    started = time.monotonic()
    assert compare(gold, predicted, ordered=False).label == "values"
    assert time.monotonic() - started < 2
