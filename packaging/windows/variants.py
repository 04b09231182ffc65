"""Other builds of what is being tried: older, and of the same version with another content, packed quickly."""

from __future__ import annotations

import shutil
from pathlib import Path

from order import Edition

from windows import icon, msi, setup, wixl
from windows.trial import OF_THE_SETUP

OLDER = "0.0.1"
EXTRA = "app/only_in_the_older_one.py"  # what a newer build has to take away


def program(installed: Path, scrap: Path) -> Path:
    """Return a copy of an installed program, with a file more, beside the pictures that packing needs."""
    folder = scrap / "program"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(installed, folder, ignore=shutil.ignore_patterns(*OF_THE_SETUP))
    (folder / EXTRA).write_text("# of another build\n", encoding="ascii")
    icon.make(scrap)
    icon.make_side_picture(scrap)
    return folder


def older_setup(folder: Path, scrap: Path) -> Path:
    """Return a setup of a program's folder under an older version. Raises SetupError."""
    file = scrap / "candor-older-setup.exe"
    setup.compile_script(folder, file, OLDER, scrap, compression="zlib")
    return file


def package(folder: Path, scrap: Path, version: str, edition: Edition) -> Path:
    """Return an MSI of a program's folder under this version. Raises SetupError."""
    wixl.ensure()
    file = scrap / f"candor-{version}-other.msi"
    msi.compile_description(folder, file, version, edition, scrap / "candor.ico", scrap)
    return file
