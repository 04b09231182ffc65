"""The packages that Candor is made of, as wheels for Windows: resolved, checked against their sums, laid out, trimmed.

uv does it, since pip would ask this computer which packages belong to a Windows. Each library must find those that it
needs beside it, beside Python, or in every Windows: elsewhere one that is missing shows only when somebody needs it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import system
from environment import ROOT
from freeze.trim import languages
from order import Edition
from telling import SetupError

from windows import work

LOCK = ROOT / "packaging" / "locks" / "windows.txt"
_TARGET = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", "3.13", "--only-binary", ":all:")
# Bytecode is made by a Python of the same minor version, which is the same on every system.
_VERSION = (3, 13)
_COMPILER = "python3.13"
_ENGINE = "xllamacpp"


# Of PySide6 only what is named here: the wheel holds three times as much, and a new version brings more of it.
_QT = re.compile(
    r"PySide6/(?:"
    r"\w+\.py|"
    r"(?:QtCore|QtGui|QtNetwork|QtPrintSupport|QtSvg|QtWidgets)\.pyd|"
    r"pyside6\.abi3\.dll|"
    r"Qt6(?:Core|Gui|Network|PrintSupport|Svg|Widgets)\.dll|"
    r"plugins/iconengines/qsvgicon\.dll|"
    r"plugins/imageformats/q(?:gif|ico|jpeg|svg|webp)\.dll|"
    # `offscreen` serves `--diagnose` and tests on computers without a screen.
    r"plugins/platforms/q(?:windows|offscreen)\.dll"
    r")$"
)
_WORDS_OF_QT = re.compile(r"PySide6/translations/qtbase_(\w+)\.qm$")
_SHIBOKEN = re.compile(r"shiboken6/(?:\w+\.py|Shiboken\.pyd|shiboken6\.abi3\.dll)$")
# Microsoft's C++ and OpenMP libraries, which the wheels of Qt bring twice. One set lies beside Python's own library,
# where Qt and the engine find it: a Windows on which nothing was installed has none.
_MICROSOFT = re.compile(r"PySide6/((?:msvcp140(?:_1|_2)?|vcomp140|vcruntime140(?:_1)?)\.dll)$")
_NEVER = re.compile(
    r"(?:^|/)(?:tests?|testing|include|__pycache__)/|"
    r"^bin/|"  # starters with the builder's paths in them
    r"^olefile/olefile2\.py$|"  # for Python 2: no other one can compile it
    r"\.(?:pyi|pyx|pxd|h|lib|pdb|typed)$|"
    r"\.dist-info/(?:RECORD|INSTALLER|REQUESTED|direct_url\.json)$"  # they tell of the builder, not of the package
)
# What Windows 10 of version 1809 and all later ones have.
_OF_WINDOWS = re.compile(
    r"(?:api-ms-win-.*|ext-ms-win-.*|advapi32|authz|bcrypt|bcryptprimitives|cfgmgr32|comctl32|comdlg32|crypt32|d2d1|"
    r"d3d9|d3d11|d3d12|dnsapi|dwmapi|dwrite|dxgi|gdi32|icuuc|imm32|iphlpapi|kernel32|mpr|msimg32|msvcrt|ncrypt|netapi32|"
    r"normaliz|ntdll|ole32|oleaut32|pdh|powrprof|propsys|psapi|rpcrt4|secur32|setupapi|shcore|shell32|shlwapi|ucrtbase|"
    r"uiautomationcore|user32|userenv|uxtheme|version|winhttp|winmm|winspool|wintrust|wlanapi|ws2_32|wsock32|wtsapi32)"
    r"(?:\.dll|\.drv)$"
)
# PySide6 and shiboken6 name their folders to Windows before a module that needs these is loaded.
_NAMED_BY_QT = re.compile(r"(?:shiboken6\.abi3|pyside6\.abi3|qt6\w+)\.dll$")


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
        if shared := microsoft_library(name):
            shutil.copyfile(file, program / "runtime" / shared)
        elif is_kept(name, spoken) and edition is Edition.SMALL and name.startswith(_ENGINE):
            left_out += [f"lib/{name}", *([f"lib/{_bytecode(name)}"] if name.endswith(".py") else [])]
        elif is_kept(name, spoken):
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
    work.run([work.uv(), "pip", "compile", *options, *_TARGET, "--output-file", made, ROOT / "pyproject.toml"])
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
    work.run([work.uv(), "pip", "install", *options, *_TARGET, "--requirements", lock])
    stamp.write_text(wanted, encoding="utf-8")
    return folder


def is_kept(name: str, spoken: Collection[str]) -> bool:
    """Return True if a package's file belongs into the program, which speaks these languages.

    `name` is the file's path in the folder of packages, with slashes.
    """
    if _NEVER.search(name):
        return False
    if found := _WORDS_OF_QT.match(name):
        return found[1] in spoken
    if name.startswith("PySide6/"):
        return _QT.match(name) is not None
    if name.startswith("shiboken6/"):
        return _SHIBOKEN.match(name) is not None
    return True


def microsoft_library(name: str) -> str:
    """Return the name of the file if it is the library of Microsoft's beside Python's; empty for all other files."""
    found = _MICROSOFT.match(name)
    return found[1] if found else ""


def check_libraries(program: Path) -> None:
    """Raise SetupError when a library of the program needs one that would not be found."""
    needed = {
        file.relative_to(program).as_posix(): needed_by(work.run(["x86_64-w64-mingw32-objdump", "-p", file]))
        for file in sorted(program.rglob("*"))
        if file.suffix in {".dll", ".pyd", ".exe"}
    }
    if lacking := missing_libraries(needed):
        raise SetupError("Libraries that Windows does not have: " + "; ".join(lacking))


def needed_by(listing: str) -> list[str]:
    """Return the libraries that a file needs, from what `objdump -p` prints of it."""
    return [name.lower() for name in re.findall(r"^\s*DLL Name: (\S+)", listing, re.MULTILINE)]


def missing_libraries(needed: Mapping[str, Iterable[str]]) -> list[str]:
    """Return what is not to be found, as sentences; `needed` has names in lower case, by the path of who needs them."""
    folders: dict[str, set[str]] = {}
    for path in needed:
        folder, _, name = path.lower().rpartition("/")
        folders.setdefault(folder, set()).add(name)
    of_qt = {name for names in folders.values() for name in names if _NAMED_BY_QT.match(name)}
    everywhere = of_qt | folders.get("runtime", set())  # where Python's own library lies
    return [
        f"{path} needs {name}"
        for path, names in needed.items()
        for name in names
        if name not in everywhere | folders[path.lower().rpartition("/")[0]] and not _OF_WINDOWS.match(name)
    ]
