"""Packages of servers, each in a virtual environment of its own: large, and no part of Candor's."""

from __future__ import annotations

import subprocess
import sys
import venv

from desktop.store.paths import models_dir

_DONE = "candor-installed.txt"  # what was installed, written last


def servers_folder():
    """Return where they are kept: beside the models that are fetched once."""
    return models_dir().parent / "servers"


def installed(folder, name, requirements, unwanted=()):
    """Return the folder of the programs of an environment that has these packages; installs them if it has not.

    Raises `subprocess.CalledProcessError`.
    """
    home = folder / name
    wanted = "\n".join([*requirements, *(f"- {each}" for each in unwanted)])
    programs = home / ("Scripts" if sys.platform == "win32" else "bin")
    if (home / _DONE).is_file() and (home / _DONE).read_text(encoding="utf-8") == wanted:
        return programs
    sys.stderr.write(f"Installing {', '.join(requirements)} into {home}: some minutes and gigabytes, once.\n")
    venv.create(home, with_pip=True, clear=True)
    _pip(programs, "install", "-q", *requirements)
    if unwanted:
        _pip(programs, "uninstall", "-q", "-y", *unwanted)
    (home / _DONE).write_text(wanted, encoding="utf-8")
    return programs


def _pip(programs, *arguments):
    subprocess.run([str(programs / "python"), "-m", "pip", *arguments], check=True)
