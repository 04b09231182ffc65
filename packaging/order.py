"""An order for an installer, as each recipe gets it. What kinds there are is the business of `installers.py`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from environment import ROOT


class Edition(StrEnum):
    """Edition of a file: what it brings besides the program."""

    SMALL = "small"  # nothing: for users who have a server, or Ollama
    FULL = "full"  # the built-in engine and the starter model: answers without a network


@dataclass(frozen=True, slots=True)
class Order:
    """Order for a file: which edition, which version, and the folder that the finished files go to."""

    edition: Edition
    version: str
    folder: Path


def version() -> str:
    """Return the version of the program, without importing anything but its outermost file."""
    sys.path.insert(0, str(ROOT))
    from desktop import __version__

    return __version__
