"""What holds for all tests: a PostgreSQL for those that ask for one, and how hard Hypothesis looks.

HYPOTHESIS_PROFILE=thorough looks twenty times as hard.
"""

from __future__ import annotations

import os
import signal
import threading

import pytest
from hypothesis import HealthCheck, settings

from tests.postgresql import postgresql_server, postgresql_url

__all__ = ["postgresql_server", "postgresql_url"]  # fixtures of all tests: the server is started once

pytest.register_assert_rewrite("tests.cases")  # so that it tells what is different, as a test does

# Fixtures here are builders without state, so that examples may share them.
settings.register_profile(
    "quick", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

# A shell that runs the tests in the background lets them ignore Ctrl-C, and what they start would inherit that.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)
