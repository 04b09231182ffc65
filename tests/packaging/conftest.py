"""Makes the files of `packaging/` importable, as they are for `dev.py`.

They are no package: a package named `packaging` would hide the one that pytest itself uses.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))

# Recipes and workflows are linted and tried with tools of Linux.
_WINDOWS = ("windows", "windows_data", "windows_msi", "windows_setup")
_ON_LINUX = ("linux", "locks", "macos", "opened", "shared_files", *_WINDOWS, "workflows")
collect_ignore = [] if sys.platform == "linux" else [f"test_{name}.py" for name in _ON_LINUX]
