"""Settings of all tests."""

import os

from hypothesis import settings

# CI repeats the same examples, so that a red run is about the change; elsewhere each run looks at new ones.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
