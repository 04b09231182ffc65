"""Compiles the translations of `resources/i18n/`: each .ts that is newer than its .qm."""

from __future__ import annotations

import subprocess
from pathlib import Path

from environment import ROOT, clean_environment
from telling import SetupError, say

FOLDER = ROOT / "resources" / "i18n"


def stale(folder: Path = FOLDER) -> list[Path]:
    """The .ts files whose .qm is absent or older."""
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
    done = subprocess.run(
        [str(python.with_name("pyside6-lrelease")), "-silent", str(source), "-qm", str(compiled)],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupError(f"{source.name} could not be compiled: {(done.stderr or done.stdout).strip()[-500:]}")
