"""How many examples a test looks at."""

from hypothesis import settings


def share(number: int) -> int:
    """All of so many examples; in the inner loop those that the profile of conftest.py leaves to it."""
    return max(1, number * settings.default.max_examples // 100)


def examples(number: int) -> settings:
    """A property is tried on so many examples, or on their share."""
    return settings(max_examples=share(number))
