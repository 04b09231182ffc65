"""Tables of cases that stand beside the tests, in TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def table(name: str) -> Any:
    """The cases of a file of `tests/core`: "tasks/guiding.toml"."""
    return tomllib.loads((Path(__file__).parent / name).read_text("utf-8"))
