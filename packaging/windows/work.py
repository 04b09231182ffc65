"""The work folder of the recipes for Windows, and the programs that they call."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import telling
from environment import ROOT

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


def run(command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, cwd: Path | None = None) -> str:
    """Run a program, with more variables than ours where some are given; return what it printed. Raises SetupError."""
    return telling.run(command, environment={**os.environ, **(environment or {})}, cwd=cwd)


def fresh_folder(name: str) -> Path:
    """Return an empty folder of this name in the work folder."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
