"""The work folder of the recipes for Windows, and the programs that they call.

uv and Qt's compiler of translations are in an environment of their own, taken from lists with the sums of their files.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import locking
import system
import telling
from environment import PIP, ROOT, make_bare, python_of

FOLDER = Path(os.environ.get("CANDOR_BUILD", ROOT / "build")) / "windows"

# Programs and the Debian packages that bring them.
BUILD_PROGRAMS = {
    "x86_64-w64-mingw32-gcc": "gcc-mingw-w64-x86-64-win32",
    "x86_64-w64-mingw32-windres": "binutils-mingw-w64-x86-64",
    "x86_64-w64-mingw32-objdump": "binutils-mingw-w64-x86-64",
    "makensis": "nsis",
    "wixl": "wixl",
    "msibuild": "msitools",
    "osslsigncode": "osslsigncode",
    "openssl": "openssl",
}
# Times of files in what is built: the first moment that an archive of every kind can hold, in seconds.
STEADY_TIME = 315532800


_QT = ("pyside6-essentials", "shiboken6")  # the second is what the first is called by


def run(command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, cwd: Path | None = None) -> str:
    """Run a program, with more variables than ours where some are given; return what it printed. Raises SetupError."""
    return telling.run(command, environment={**os.environ, **(environment or {})}, cwd=cwd)


def fresh_folder(name: str) -> Path:
    """Return an empty folder of this name in the work folder."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


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
    run([python_with_qt(lock), "-I", "-c", code], environment={"QT_QPA_PLATFORM": "offscreen"})


def pip(*words: str) -> None:
    """Run pip in the environment. Raises SetupError."""
    run([_python(), *PIP, *words])


def _program(name: str, wanted: str) -> Path:
    """Return a program of the packages in a list, which are installed unless these very files are."""
    program = _python().with_name(name)
    stamp = FOLDER / "tools" / f"{name}.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        part = stamp.with_suffix(".part")
        part.write_text(wanted, encoding="utf-8")
        # Of what is there already, pip would not look at the sums.
        options = ["--force-reinstall", "--only-binary", ":all:", "--no-deps", "--require-hashes"]
        pip("install", *options, "--requirement", str(part))
        part.replace(stamp)
    return program


def _python() -> Path:
    folder = FOLDER / "tools"
    python = python_of(folder)
    return python if python.exists() else make_bare(folder)
