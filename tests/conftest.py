"""Settings of all tests."""

import gc
import os
import signal

import pytest
from hypothesis import settings

# A shell that starts a command in the background has it ignore Ctrl-C, and so do all the processes that the
# command starts: those that the tests interrupt would never hear of it.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Properties look at all their examples in `make test`, at an eighth of them in the inner loop.

    CI repeats the same examples, so that a red run is about the change; elsewhere each run looks at new ones.
    None has a deadline: a busy machine is no defect.
    """
    share = 8 if "not slow" in config.option.markexpr else 1
    repeated = bool(os.environ.get("CI"))
    settings.register_profile(
        "tests", max_examples=100 // share, deadline=None, derandomize=repeated
    )
    settings.load_profile("tests")


def pytest_sessionstart() -> None:
    """Nothing of what is imported and collected goes away before the end: looking for it there takes time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on garbage is collected, but not among what has been collected of tests."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """What is never looked at is never let go of, and native libraries call that a leak when Python ends."""
    gc.unfreeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What needs a licensed server runs where one is named."""
    if "ORACLE_SFT_TEST_DSN" not in os.environ:
        reason = "needs a real Oracle database: set ORACLE_SFT_TEST_DSN, _USER and _PASSWORD"
        for item in items:
            if "oracle" in item.keywords:
                item.add_marker(pytest.mark.skip(reason=reason))
