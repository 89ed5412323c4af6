"""Hypothesis profiles: `ci` is the default and repeats itself exactly; `HYPOTHESIS_PROFILE=explore` looks further."""

import gc
import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,  # two shared cores: time says nothing
    database=None,
    print_blob=True,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("explore", derandomize=False, deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_finish() -> None:
    """Let the collector of cycles pass over what thousands of tests have imported, each time that it runs."""
    gc.collect()
    gc.freeze()
