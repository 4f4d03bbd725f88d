import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oracle_sft.score.intervals import mcnemar, mean, mean_share, paired_difference, wilson
from tests.examples import examples


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
    ],
)
def test_wilson_gives_the_published_figures(
    successes: int, n: int, low: float, high: float
) -> None:
    found = wilson(successes, n)
    assert found.value == successes / n
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)
    assert found.n == n


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_stays_inside_0_to_1_and_around_its_value(counts: tuple[int, int]) -> None:
    found = wilson(*counts)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.low < found.high


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_wilson_refuses_what_is_no_proportion(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match=f"{successes} of {n} is no proportion"):
        wilson(successes, n)


@pytest.mark.parametrize(
    ("gained", "lost", "p_value"),
    [
        (0, 0, 1.0),
        (10, 2, 158 / 4096),  # 2 * (1 + 12 + 66) / 2**12
        (2, 10, 158 / 4096),
        (5, 0, 2 / 32),
        (3, 3, 1.0),
        (1, 0, 1.0),
    ],
)
def test_mcnemar_counts_coin_flips(gained: int, lost: int, p_value: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p_value)


def test_mcnemar_takes_more_items_than_a_float_has_powers_of_two() -> None:
    assert 0.3 < mcnemar(5000, 4900) < 0.33
    assert mcnemar(5000, 0) == 0.0


def test_paired_interval_agrees_with_the_normal_approximation_where_that_is_good() -> None:
    found = paired_difference(40, 10, 200, samples=2000, seed="0")
    half = 1.96 * math.sqrt((50 / 200 - 0.15**2) / 200)
    assert found.interval.value == pytest.approx(0.15)
    assert found.interval.low == pytest.approx(0.15 - half, abs=0.012)
    assert found.interval.high == pytest.approx(0.15 + half, abs=0.012)
    assert (found.gained, found.lost, found.interval.n) == (40, 10, 200)


def test_paired_interval_is_the_same_for_the_same_seed() -> None:
    first, again, other = (
        paired_difference(7, 5, 60, samples=200, seed=seed) for seed in ("a", "a", "b")
    )
    assert first == again
    assert first.interval.low != other.interval.low or first.interval.high != other.interval.high


def test_no_change_at_all_still_has_a_width() -> None:
    unseen = wilson(0, 150).high
    found = paired_difference(0, 0, 150, samples=2000, seed="0").interval
    assert (found.low, found.value, found.high) == (-unseen, 0.0, unseen)
    all_gained = paired_difference(150, 0, 150, samples=2000, seed="0").interval
    assert (all_gained.low, all_gained.high) == (1 - unseen, 1.0)


@examples(50)
@given(st.lists(st.sampled_from([1, 0, -1]), min_size=1, max_size=60))
def test_paired_interval_contains_its_value(outcomes: list[int]) -> None:
    gained, lost = outcomes.count(1), outcomes.count(-1)
    found = paired_difference(gained, lost, len(outcomes), samples=50, seed="0")
    assert -1 <= found.interval.low <= found.interval.value <= found.interval.high <= 1
    assert 0 <= found.p_value <= 1


@pytest.mark.parametrize("counts", [(1, 1, 1), (-1, 0, 5), (0, 0, 0)])
def test_paired_difference_refuses_counts_that_do_not_add_up(counts: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="gained and"):
        paired_difference(*counts, samples=10, seed="0")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_the_interval_of_a_mean_is_around_it_and_the_same_each_time(values: list[float]) -> None:
    found = mean_share(values, samples=50, seed="a")
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.value == pytest.approx(sum(values) / len(values))
    assert found.n == len(values)
    assert mean_share(values, samples=50, seed="a") == found


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_equal_values_say_little_about_items_not_seen(value: float) -> None:
    found = mean_share([value] * 10, samples=50, seed="a")
    assert found.high - found.low > 0.25
    assert mean([3.0] * 10, samples=50, seed="a").as_dict() == {
        "value": 3.0,
        "low": 3.0,
        "high": 3.0,
        "n": 10,
    }


def test_the_mean_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="0 values"):
        mean([], samples=50, seed="a")
