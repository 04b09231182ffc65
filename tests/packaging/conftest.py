"""Leaves out what can only be tried on Linux: recipes and workflows are linted and tried with its tools."""

from __future__ import annotations

import sys

_WINDOWS = ("windows", "windows_data", "windows_msi", "windows_setup")
_ON_LINUX = ("linux", "locks", "macos", "opened", "shared_files", *_WINDOWS, "workflows")
collect_ignore = [] if sys.platform == "linux" else [f"test_{name}.py" for name in _ON_LINUX]
