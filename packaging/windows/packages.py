"""The packages that Candor is made of, as wheels for Windows: resolved, checked against their sums, laid out, trimmed.

uv does it, since pip would ask this computer which packages belong to a Windows.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import system
from environment import ROOT
from freeze.trim import languages
from order import Edition
from telling import SetupError

from windows import tools, trim, work

LOCK = ROOT / "packaging" / "locks" / "windows.txt"
_TARGET = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.13", "--only-binary", ":all:")
# Bytecode is made by a Python of the same minor version, which is the same on every system.
_VERSION = (3, 13)
_COMPILER = "python3.13"
_ENGINE = "xllamacpp"


def lay_out(edition: Edition, program: Path) -> list[str]:
    """Fill `program`/lib with the edition's packages, and add Microsoft's libraries to `program`/runtime.

    Return the files, from `program` on, that only the other edition has.
    """
    unpacked = _unpacked(lock())
    left_out: list[str] = []
    spoken = languages(ROOT / "resources" / "i18n")
    for file in sorted(unpacked.rglob("*")):
        name = file.relative_to(unpacked).as_posix()
        if not file.is_file():
            continue
        if shared := trim.microsoft_library(name):
            shutil.copyfile(file, program / "runtime" / shared)
        elif trim.is_kept(name, spoken) and edition is Edition.SMALL and name.startswith(_ENGINE):
            left_out += [f"lib/{name}", *([f"lib/{_bytecode(name)}"] if name.endswith(".py") else [])]
        elif trim.is_kept(name, spoken):
            target = program / "lib" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    return left_out


def compiler() -> Path:
    """Return a Python whose bytecode serves, and which runs: a name alone may be a shim for one that is not chosen.

    Raises SetupError.
    """
    if found := _compiler():
        return found
    if system.can_install():
        with contextlib.suppress(SetupError):  # Debian 12 has none
            system.install([_COMPILER])
    if found := _compiler():
        return found
    raise SetupError(
        "Candor for Windows brings bytecode of Python 3.13, and none runs here: run this command with a Python 3.13, "
        f"or install one (Debian 13: sudo apt install {_COMPILER}; elsewhere: pyenv install 3.13)."
    )


def _compiler() -> Path | None:
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    in_path = [Path(folder, _COMPILER) for folder in os.get_exec_path()]
    for python in (Path(sys.executable), *in_path, *sorted(pyenv.glob(f"3.13.*/bin/{_COMPILER}"))):
        if python.is_file() and _is_of_version(python):
            return python
    return None


def _is_of_version(python: Path) -> bool:
    code = f"import sys; sys.exit(sys.version_info[:2] != {_VERSION})"
    try:
        return subprocess.run([str(python), "-I", "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def compile_sources(folder: Path, python: Path) -> None:
    """Put bytecode beside the sources, which is not compared with them at each start. Raises SetupError."""
    command = [str(python), "-I", "-m", "compileall", "-q", "-j", "2", "--invalidation-mode", "unchecked-hash"]
    work.run([*command, "-s", str(folder), "-p", "Candor", str(folder)])


def _bytecode(source: str) -> str:
    """Return where the bytecode of a source lies."""
    folder, _, name = source.rpartition("/")
    return f"{folder}/__pycache__/{name.removesuffix('.py')}.cpython-313.pyc"


def lock() -> Path:
    """Return the list of packages with their sums: the one of the project, or one made for this build."""
    if LOCK.exists():
        return LOCK
    made = work.FOLDER / "windows.txt"
    options = ["--quiet", "--generate-hashes", "--no-header", "--no-annotate", "--extra", "builtin"]
    work.run([tools.uv(), "pip", "compile", *options, *_TARGET, "--output-file", made, ROOT / "pyproject.toml"])
    return made


def _unpacked(lock: Path) -> Path:
    """Return the folder of the packages as they come, whole; kept until the list changes."""
    folder = work.FOLDER / "packages"
    stamp = folder.with_name("packages.txt")
    wanted = lock.read_text(encoding="utf-8")
    if folder.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    # Copies, since a link to a file in uv's cache would carry our changes there.
    options = ["--quiet", "--require-hashes", "--link-mode", "copy", "--target", str(folder)]
    work.run([tools.uv(), "pip", "install", *options, *_TARGET, "--requirements", lock])
    stamp.write_text(wanted, encoding="utf-8")
    return folder
