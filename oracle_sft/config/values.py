"""Rules that many values share."""

from collections.abc import Iterator
from pathlib import Path


def positive(section: object, prefix: str, *names: str) -> Iterator[str]:
    """Each number of a section that must be more than 0 and is not."""
    for name in names:
        value = getattr(section, name)
        if not value > 0:
            yield f"{prefix}.{name}={value} must be more than 0"


def exists(key: str, path: str, wanted: str = "") -> Iterator[str]:
    """A path that must exist and does not."""
    if not Path(path).exists():
        yield f"{key}={path} does not exist{f'; give {wanted}' if wanted else ''}"
