"""One library for all the tests that only ask it."""

from collections.abc import Iterator

import pytest

from oracle_sft.engine.result import Database
from tests.engine.library import library


@pytest.fixture(scope="session")
def database() -> Iterator[Database]:
    """The lending library of cases/, under the clock of library.py; a module may have another of its own."""
    opened = library()
    yield opened
    opened.close()
