"""How far a measured rate may be from the true one: intervals and a paired test, at 95%.

Pure Python: the figures are small (some thousand yes/no outcomes), and numpy is no core dependency.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

_LEVEL = 0.95
_Z = NormalDist().inv_cdf(0.5 + _LEVEL / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A value with the 95% interval around it, and the number of items behind it."""

    value: float
    low: float
    high: float
    n: int

    def as_dict(self) -> dict[str, float | int]:
        """The JSON object of summary.json; rounded to six digits."""
        return {
            "value": round(self.value, 6),
            "low": round(self.low, 6),
            "high": round(self.high, 6),
            "n": self.n,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedDifference:
    """What changed between two targets on the same items."""

    interval: Interval
    """Rate of the second minus rate of the first."""
    gained: int
    """Items that only the second got right."""
    lost: int
    """Items that only the first got right."""
    p_value: float
    """Exact two-sided McNemar test of `gained` against `lost`."""

    def as_dict(self) -> dict[str, float | int]:
        """The JSON object of summary.json."""
        return {
            **self.interval.as_dict(),
            "gained": self.gained,
            "lost": self.lost,
            "p_value": float(f"{self.p_value:.6g}"),
        }


def wilson(successes: int, n: int) -> Interval:
    """The score interval of a proportion (Wilson, JASA 22, 1927).

    Unlike the normal approximation it stays inside 0..1 and has a width at 0 of n and n of n.

    Raises:
        ValueError: `n` is zero, or `successes` is no count out of `n`.
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is no proportion")
    return _score_interval(successes / n, n)


def mean(values: Sequence[float], *, samples: int, seed: str) -> Interval:
    """The mean of one value an item, with the percentile bootstrap over items (Efron 1979).

    Where all values are equal every resample is equal too: the interval has no width, and says nothing about the items
    not seen. `seed` names the draw.

    Raises:
        ValueError: there are no values, or no samples to draw.
    """
    if not values or samples < 1:
        raise ValueError(f"{len(values)} values, {samples} samples")
    n = len(values)
    value = math.fsum(values) / n
    if min(values) == max(values):
        return Interval(value=value, low=value, high=value, n=n)
    draw = random.Random(seed)
    means = sorted(sum(draw.choices(values, k=n)) / n for _ in range(samples))
    tail = (1 - _LEVEL) / 2
    low, high = _quantile(means, tail), _quantile(means, 1 - tail)
    return Interval(value=value, low=min(low, value), high=max(high, value), n=n)


def mean_share(values: Sequence[float], *, samples: int, seed: str) -> Interval:
    """The mean of one value between 0 and 1 an item, as pass@k is.

    Where all items have the same value the bootstrap has no width; there Wilson's interval takes its place, which is
    wider than that of any values with this mean.

    Raises:
        ValueError: there are no values, or no samples to draw.
    """
    found = mean(values, samples=samples, seed=seed)
    return _score_interval(found.value, found.n) if min(values) == max(values) else found


def paired_difference(
    gained: int, lost: int, n: int, *, samples: int, seed: str
) -> PairedDifference:
    """The difference of two rates measured on the same `n` items.

    The interval is the percentile bootstrap over items (Efron 1979): an item's outcome is +1, 0 or
    -1, so a resample is one draw from the three counts. Where every item has the same outcome all
    resamples are equal and say nothing about the items not seen; there Wilson's bound for "none of
    n" takes its place. `seed` names the draw, so that the same counts give the same interval.

    Raises:
        ValueError: the counts do not fit into `n`, or there are no samples to draw.
    """
    if n <= 0 or gained < 0 or lost < 0 or gained + lost > n or samples < 1:
        raise ValueError(f"{gained} gained and {lost} lost of {n}, {samples} samples")
    value = (gained - lost) / n
    same = n - gained - lost
    if n in (gained, lost, same):
        unseen = wilson(0, n).high
        low, high = max(-1.0, value - unseen), min(1.0, value + unseen)
    else:
        low, high = _bootstrap(gained, lost, same, samples, random.Random(seed))
    interval = Interval(value=value, low=min(low, value), high=max(high, value), n=n)
    return PairedDifference(
        interval=interval, gained=gained, lost=lost, p_value=mcnemar(gained, lost)
    )


def mcnemar(gained: int, lost: int) -> float:
    """The exact two-sided p-value of McNemar's test: the items that changed, as fair coin flips.

    1.0 where no item changed.
    """
    changed = gained + lost
    # Integers up to the division: 2**changed does not fit into a float from 1024 items on.
    ways = tail = 1
    for k in range(min(gained, lost)):
        ways = ways * (changed - k) // (k + 1)
        tail += ways
    return min(1.0, tail / (1 << changed) * 2)


def _score_interval(value: float, n: int) -> Interval:
    shrink = 1 + _Z * _Z / n
    centre = (value + _Z * _Z / (2 * n)) / shrink
    half = _Z / shrink * math.sqrt(value * (1 - value) / n + _Z * _Z / (4 * n * n))
    # At the ends the bound equals the value; rounding must not put it a hair on the other side.
    low = 0.0 if value == 0 else max(min(centre - half, value), 0.0)
    high = 1.0 if value == 1 else min(max(centre + half, value), 1.0)
    return Interval(value=value, low=low, high=high, n=n)


def _bootstrap(
    gained: int, lost: int, same: int, samples: int, draw: random.Random
) -> tuple[float, float]:
    n = gained + lost + same
    outcomes, ends = (1, -1, 0), (gained, gained + lost, n)
    differences = sorted(
        sum(draw.choices(outcomes, cum_weights=ends, k=n)) / n for _ in range(samples)
    )
    tail = (1 - _LEVEL) / 2
    return _quantile(differences, tail), _quantile(differences, 1 - tail)


def _quantile(ascending: list[float], fraction: float) -> float:
    """Linear between the two nearest order statistics."""
    place = fraction * (len(ascending) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ascending) - 1)
    return ascending[below] + (place - below) * (ascending[above] - ascending[below])
