"""The packages that Candor is made of, as wheels for Windows: resolved, checked against their sums, laid out, trimmed.

uv does it, since pip would ask this computer which packages belong to a Windows.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from build import Edition
from environment import ROOT
from freeze.trim import languages
from telling import SetupError

from windows import tools, trim, work

LOCK = ROOT / "packaging" / "locks" / "windows.txt"
_TARGET = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.13", "--only-binary", ":all:")
# Bytecode is made by a Python of the same minor version, which is the same on every system.
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


def compile_sources(folder: Path) -> None:
    """Put bytecode beside the sources, which is not compared with them at each start. Raises SetupError."""
    python = shutil.which(_COMPILER)
    if python is None:
        raise SetupError(f"There is no {_COMPILER}, whose bytecode Candor for Windows brings.")
    command = [python, "-I", "-m", "compileall", "-q", "-j", "2", "--invalidation-mode", "unchecked-hash"]
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
