"""The folder of finished installers, and those in it that can be tried out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from environment import ROOT
from telling import SetupError

MADE = ROOT / "dist"  # where finished files go, unless another folder is named


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
