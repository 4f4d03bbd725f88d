"""What comparing owes to its own definition, on rows that nobody thought of."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oracle_sft.engine.compare import CompareMode, Comparison, compare
from oracle_sft.engine.result import Cut, IntervalYM, ResultSet, Row, Value
from tests.examples import examples

_quick = examples(60)
_ALL = st.sampled_from(list(CompareMode))
_COUNTING = st.sampled_from([CompareMode.BAG, CompareMode.BAG_ORDER, CompareMode.STRICT])
_RANDOM = st.randoms(use_true_random=False)

EXACT = st.one_of(
    st.none(),
    st.text(alphabet="ab ", min_size=1, max_size=3),
    st.integers(-3, 3),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-9, max_value=9),
    st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2020, 1, 3)),
    st.timedeltas(timedelta(0), timedelta(seconds=3)),
    st.builds(IntervalYM, st.integers(0, 2), st.integers(0, 11)),
    st.binary(max_size=2),
)
ANY = st.one_of(EXACT, st.floats(width=32))


def rows_of(values: st.SearchStrategy[Value], least: int = 1) -> st.SearchStrategy[list[Row]]:
    return st.integers(1, 3).flatmap(
        lambda width: st.lists(st.tuples(*[values] * width), min_size=least, max_size=7)
    )


def result(rows: list[Row], keys: list[Row] | None = None) -> ResultSet:
    width = len(rows[0]) if rows else 1
    return ResultSet(
        columns=tuple("ABC"[:width]), types=("VARCHAR2",) * width, rows=rows, sort_keys=keys
    )


def equal(gold: ResultSet, other: ResultSet, mode: CompareMode, *, ordered: bool = False) -> bool:
    return compare(gold, other, ordered=ordered, mode=mode).equal


@_quick
@given(rows_of(ANY), _ALL, st.booleans())
def test_every_mode_is_reflexive(rows: list[Row], mode: CompareMode, ordered: bool) -> None:
    found = compare(result(rows), result(list(rows)), ordered=ordered, mode=mode)
    assert found == Comparison(True, "equal", "")


@_quick
@given(rows_of(ANY), rows_of(ANY), _ALL)
def test_every_mode_is_symmetric_without_order(
    rows: list[Row], others: list[Row], mode: CompareMode
) -> None:
    assert equal(result(rows), result(others), mode) == equal(result(others), result(rows), mode)


@_quick
@given(rows_of(EXACT), _RANDOM, _ALL)
def test_symmetric_on_rows_that_are_nearly_the_same(
    rows: list[Row], random: Random, mode: CompareMode
) -> None:
    others = [random.choice(rows) for _ in rows]
    assert equal(result(rows), result(others), mode) == equal(result(others), result(rows), mode)


@_quick
@given(rows_of(ANY), _RANDOM, _ALL)
def test_rows_may_stand_in_any_order_where_the_gold_has_none(
    rows: list[Row], random: Random, mode: CompareMode
) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert equal(result(rows), result(shuffled), mode)


@_quick
@given(rows_of(ANY), _RANDOM, st.lists(st.integers(0, 2), min_size=7, max_size=7))
def test_rows_of_equal_sort_keys_may_change_places(
    rows: list[Row], random: Random, numbers: list[int]
) -> None:
    keys: list[Row] = [(number,) for number in sorted(numbers[: len(rows)])]
    moved: list[Row] = []
    for key in dict.fromkeys(keys):
        group = [row for row, own in zip(rows, keys, strict=True) if own == key]
        random.shuffle(group)
        moved += group
    gold = result(rows, keys)
    assert equal(gold, result(moved), CompareMode.BAG_ORDER, ordered=True)


@_quick
@given(st.lists(st.integers(0, 99), min_size=2, max_size=8, unique=True), _RANDOM)
def test_rows_of_other_sort_keys_may_not(numbers: list[int], random: Random) -> None:
    rows: list[Row] = [(number,) for number in sorted(numbers)]
    moved = list(rows)
    random.shuffle(moved)
    assume(moved != rows)
    found = compare(result(rows, rows), result(moved), ordered=True)
    assert (found.equal, found.label) == (False, "order")
    assert equal(result(rows, rows), result(moved), CompareMode.BAG, ordered=True)


@_quick
@given(rows_of(EXACT), _RANDOM, EXACT, _ALL)
def test_one_changed_value_is_never_equal(
    rows: list[Row], random: Random, value: Value, mode: CompareMode
) -> None:
    place = random.randrange(len(rows))
    column = random.randrange(len(rows[0]))
    changed: Row = (*rows[place][:column], value, *rows[place][column + 1 :])
    others = [*rows[:place], changed, *rows[place + 1 :]]
    same_value = equal(result([(value,)]), result([(rows[place][column],)]), CompareMode.BAG)
    if same_value:
        assert equal(result(rows), result(others), mode)
    elif mode is not CompareMode.BIRD_SET:
        assert not equal(result(rows), result(others), mode)


@_quick
@given(rows_of(ANY), _RANDOM, _COUNTING)
def test_one_row_more_or_less_is_never_equal(
    rows: list[Row], random: Random, mode: CompareMode
) -> None:
    row = random.choice(rows)
    assert not equal(result(rows), result([*rows, row]), mode)
    assert not equal(result([*rows, row]), result(rows), mode)


@_quick
@given(rows_of(EXACT, least=2), _RANDOM, _COUNTING)
def test_another_row_doubled_is_never_equal(
    rows: list[Row], random: Random, mode: CompareMode
) -> None:
    first, second = random.sample(range(len(rows)), 2)
    pair = ([rows[first]], [rows[second]])
    assume(not equal(result(pair[0]), result(pair[1]), CompareMode.BAG))
    here, there = [*rows, rows[first]], [*rows, rows[second]]
    assert not equal(result(here), result(there), mode)
    assert equal(result(here), result(there), CompareMode.BIRD_SET)


@_quick
@given(rows_of(ANY), rows_of(ANY), st.booleans())
def test_each_mode_implies_the_one_before(
    rows: list[Row], others: list[Row], ordered: bool
) -> None:
    for other in (others, rows[::-1], rows + rows):
        found = [equal(result(rows), result(other), mode, ordered=ordered) for mode in CompareMode]
        assert found == sorted(found, reverse=True)


@_quick
@given(st.lists(st.integers(0, 50), min_size=2, max_size=8, unique=True), st.data())
def test_any_choice_of_a_tied_cut_is_right_and_nothing_else(
    numbers: list[int], data: st.DataObject
) -> None:
    num_kept = data.draw(st.integers(1, len(numbers)))
    rows: list[Row] = [("first",), *((number,) for number in numbers)]
    left_out = rows[num_kept + 1 :]
    gold = replace(
        result(rows[: num_kept + 1], [(0,), *[(1,)] * num_kept]),
        cuts=(
            Cut(
                kept=tuple(range(1, num_kept + 1)),
                left_out=left_out,
                left_out_keys=[(1,)] * len(left_out),
                left_out_places=[num_kept + 1] * len(left_out),
            ),
        ),
    )
    chosen = data.draw(st.permutations(rows[1:]))[:num_kept]
    found = compare(gold, result([rows[0], *chosen]), ordered=True)
    assert (found.equal, found.nondeterministic_gold) == (True, True)
    doubled = [rows[0], *chosen[:-1], rows[0]]
    assert not equal(gold, result(doubled), CompareMode.BAG_ORDER, ordered=True)
    misplaced = [*chosen, rows[0]]
    assert not equal(gold, result(misplaced), CompareMode.BAG_ORDER, ordered=True)
    assert equal(gold, result(misplaced), CompareMode.BAG, ordered=True)
    stranger = [rows[0], *chosen[:-1], (99,)]
    assert not equal(gold, result(stranger), CompareMode.BIRD_SET, ordered=True)


@_quick
@given(rows_of(ANY), st.permutations(range(3)), _ALL)
def test_exchanged_columns_are_never_a_pass_of_their_own(
    rows: list[Row], order: list[int], mode: CompareMode
) -> None:
    width = len(rows[0])
    places = [place for place in order if place < width]
    moved = [tuple(row[place] for place in places) for row in rows]
    found = compare(result(rows), result(moved), ordered=False, mode=mode)
    assert found.equal or found.label == "column_permuted"


@_quick
@given(rows_of(ANY), EXACT)
def test_an_extra_column_is_named(rows: list[Row], value: Value) -> None:
    wider = [(*row, value) for row in rows]
    gold = replace(result(rows), columns=("A",) * len(rows[0]))
    other = ResultSet(
        columns=("A",) * len(wider[0]), types=("VARCHAR2",) * len(wider[0]), rows=wider
    )
    assert compare(gold, other, ordered=False).label == "extra_columns"


@_quick
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6), _RANDOM)
def test_noise_of_binary_floats_is_no_difference(values: list[float], random: Random) -> None:
    rows: list[Row] = [(value,) for value in values]
    noisy: list[Row] = [(value * (1 + random.uniform(-1, 1) * 1e-12),) for value in values]
    random.shuffle(noisy)
    assert equal(result(rows), result(noisy), CompareMode.BAG)


@pytest.mark.parametrize(
    "shift", [lambda value: value + Decimal("1e-15"), lambda value: value + Decimal(1) / 10**9]
)
@given(number=st.decimals(-99, 99, places=3))
@_quick
def test_exact_numbers_have_no_tolerance(
    shift: Callable[[Decimal], Decimal], number: Decimal
) -> None:
    gold, other = result([(number,)]), result([(shift(number),)])
    assert not equal(gold, other, CompareMode.BIRD_SET)
    divided = replace(other, inexact=(True,))
    assert equal(gold, divided, CompareMode.BAG) == (
        abs(shift(number) - number) <= max(abs(number) * Decimal("1e-9"), Decimal("1e-12"))
    )
