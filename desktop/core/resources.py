"""The place of the data files of `resources/`: beside the package in a checkout, inside the bundle when frozen.

Texts of the program are marked for translation here, where Qt is not known; whoever shows one translates it.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

SPOKEN = "spoken_language"  # the property of the application with the language that its window speaks


def resource_path(*names: str) -> Path:
    """Return the path of a file or folder below `resources/`."""
    return _root().joinpath("resources", *names)


@cache
def table(*names: str) -> Mapping[str, Any]:
    """Return the content of a TOML file of `resources/`, read once. To be asked when it is needed, not at the start."""
    return tomllib.loads(resource_path(*names).read_text("utf-8"))


@cache
def _root() -> Path:
    bundle = getattr(sys, "_MEIPASS", None)
    return Path(bundle) if bundle else Path(__file__).resolve().parents[2]


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:
    """Mark a text for the translators' tool, and return it.

    The tool looks for this very name; Qt's own carries no types.
    """
    return text
