"""An order for an installer, as each recipe gets it; the folder of finished ones, and the sum beside each.

What kinds there are is the business of `installers.py`.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from environment import ROOT
from telling import SetupError

MADE = ROOT / "dist"  # where finished files go, unless another folder is named


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


def files_to_try(named: Sequence[Path], endings: Sequence[str], kinds: Sequence[str]) -> list[Path]:
    """Return the installers that are named, or else those with these endings that builds have left in `dist`.

    Raises SetupError where one is not there, or none at all; then the kinds say which can be built.
    """
    files = [file.absolute() for file in named]
    for file in files:
        if not file.is_file():
            raise SetupError(f"{file} is not there.")
        if file.suffix not in endings:
            raise SetupError(f"{file.name} is none of {', '.join(endings)}.")
    found = files or sorted(file for file in MADE.glob("candor*") if file.suffix in endings)
    if not found:
        raise SetupError(
            f"There is nothing to try: no file is named, and {MADE} has no {' or '.join(endings)}. "
            f"Make one first: python3 packaging/dev.py build {' or '.join(kinds)}"
        )
    return found


def sum_of(file: Path) -> str:
    """Return the sum of a file, in hexadecimal."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write_sum(file: Path) -> Path:
    """Write the sum of a file beside it; return the file with the sum."""
    beside = file.with_name(f"{file.name}.sha256")
    beside.write_text(f"{sum_of(file)}  {file.name}\n", encoding="utf-8")
    return beside
