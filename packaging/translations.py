"""The translations of `resources/i18n/`, compiled: each .ts that is newer than its .qm."""

from __future__ import annotations

from pathlib import Path

import calling
from environment import ROOT, clean_environment
from telling import say

FOLDER = ROOT / "resources" / "i18n"


def stale(folder: Path = FOLDER) -> list[Path]:
    """Return the .ts files whose .qm is absent or older."""
    return [
        source
        for source in sorted(folder.glob("*.ts"))
        if not (compiled := source.with_suffix(".qm")).exists() or compiled.stat().st_mtime < source.stat().st_mtime
    ]


def compile_stale(python: Path, folder: Path = FOLDER) -> None:
    """Compile what is stale with the `lrelease` that comes with PySide6. Raises SetupError."""
    for source in stale(folder):
        say(f"Compiling {source.name}")
        compile_one(python, source, source.with_suffix(".qm"))


def compile_one(python: Path, source: Path, compiled: Path) -> None:
    """Compile one file with the environment that `python` belongs to. Raises SetupError."""
    calling.run(
        [python.with_name("pyside6-lrelease"), "-silent", source, "-qm", compiled],
        environment=clean_environment(),
        named=f"Compiling {source.name}",
    )
