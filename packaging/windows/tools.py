"""The environment of this computer with the tools that work on packages: uv, and Qt's compiler of translations.

Each is taken from a list with the sums of its files.
"""

from __future__ import annotations

from pathlib import Path

import locking
import system
from environment import PIP, make_bare, python_of

from windows import work

_QT = ("pyside6-essentials", "shiboken6")  # the second is what the first is called by


def uv() -> Path:
    """Return the program `uv`. Raises SetupError."""
    return _program("uv", locking.UV.read_text(encoding="utf-8"))


def python_with_qt(lock: Path) -> Path:
    """Return the Python of an environment with the Qt that the lock names and all that this loads.

    Raises SetupError.
    """
    python = _program("pyside6-lrelease", locking.part_of(lock, _QT)).with_name("python")
    system.ensure(system.LIBRARIES)
    return python


def run_with_qt(lock: Path, code: str) -> None:
    """Run some lines of Python that draw. Raises SetupError."""
    work.run([python_with_qt(lock), "-I", "-c", code], environment={"QT_QPA_PLATFORM": "offscreen"})


def pip(*words: str) -> None:
    """Run pip in the environment. Raises SetupError."""
    work.run([_python(), *PIP, *words])


def _program(name: str, wanted: str) -> Path:
    """Return a program of the packages in a list, which are installed unless these very files are."""
    program = _python().with_name(name)
    stamp = work.FOLDER / "tools" / f"{name}.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        part = stamp.with_suffix(".part")
        part.write_text(wanted, encoding="utf-8")
        # Of what is there already, pip would not look at the sums.
        options = ["--force-reinstall", "--only-binary", ":all:", "--no-deps", "--require-hashes"]
        pip("install", *options, "--requirement", str(part))
        part.replace(stamp)
    return program


def _python() -> Path:
    folder = work.FOLDER / "tools"
    python = python_of(folder)
    return python if python.exists() else make_bare(folder)
