"""What becomes of a test that lacks something: it is skipped, but failed on a computer that could have it.

A computer of CI installs what it can (`packaging/system.py`), so what is missing there is a mistake of ours. Windows
and macOS have no virtual display, no mounts of one's own, no tracer, whoever runs the tests.
"""

from __future__ import annotations

import os
import sys

import pytest

ON_LINUX = frozenset({"linux"})
EVERYWHERE = frozenset({"linux", "win32", "darwin"})

# For a whole test. Windows has signals, modes and pipes of its own kind, and links for some people only.
on_unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals, modes, pipes or links")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads what only Linux has")


def do_without(reason, systems=ON_LINUX):
    """End the test that lacks something; `reason` says what, `systems` where it can be had."""
    if os.environ.get("CI") == "true" and sys.platform in systems:
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
