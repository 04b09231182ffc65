"""Libraries of the system that the frozen program loads, and the packages that bring them.

Read out of the files themselves, so that a package never lacks a dependency: a missing libGL is how such packages fail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from roots import Root
from telling import SetupError

_ELF = b"\x7fELF"
_GLIBC = re.compile(rb"GLIBC_2\.(\d+)")
_NEEDED = re.compile(r"^\s*NEEDED\s+(\S+)", re.MULTILINE)
_PLACES = re.compile(r"^\s*(?:RPATH|RUNPATH)\s+(\S*)", re.MULTILINE)
# Loaded by name when the window opens, so no file lists them: Qt's choice of a window system, and its fonts.
LOADED_BY_NAME = ("libEGL.so.1", "libGL.so.1", "libfontconfig.so.1")


def libraries(folder: Path, root: Root) -> list[str]:
    """Return the names of the libraries that files of the folder load and that are not in it."""
    own = {path.name for path in folder.rglob("*")}
    return sorted({*_NEEDED.findall(_listing(folder, root)), *LOADED_BY_NAME} - own)


def places(folder: Path, root: Root) -> list[str]:
    """Return where files of the folder look for libraries first, each place once, as they say it themselves."""
    found = _PLACES.findall(_listing(folder, root))
    return sorted({place for places in found for place in places.split(":")})


def strangers(places: Iterable[str]) -> list[str]:
    """Return those of the places that are not beside the file itself, where anybody might lay a library."""
    return [each for each in places if not re.match(r"\$ORIGIN(/|$)", each)]


def _listing(folder: Path, root: Root) -> str:
    files = [path for path in sorted(folder.rglob("*")) if is_elf(path)]
    return root.run(["objdump", "-p", *(f"/{path.relative_to(root.folder)}" for path in files)])


def oldest_glibc(folder: Path) -> str:
    """Return the oldest C library that has all that the folder's files ask of it."""
    found = {int(minor) for path in folder.rglob("*") if is_elf(path) for minor in _GLIBC.findall(path.read_bytes())}
    return f"2.{max(found)}"


def debian_packages(names: Iterable[str], owners: Mapping[str, str]) -> list[str]:
    """Return Debian packages for libraries by who owns which. Raises SetupError for a library that nobody owns."""
    wanted = list(names)
    unknown = [name for name in wanted if name not in owners]
    if unknown:
        raise SetupError(f"No package is known for {', '.join(unknown)}, which the frozen program loads.")
    return sorted({owners[name] for name in wanted})


def owners_in(root: Root) -> dict[str, str]:
    """Return the package of the system that owns each shared library, by the library's name."""
    listing = root.run(["dpkg-query", "--search", "*.so.*", "*/ld-linux-*"])
    pairs = re.findall(r"^([a-z0-9.+-]+)(?::\w+)?: (\S+)$", listing, re.MULTILINE)
    return {Path(path).name: package for package, path in pairs}


def is_elf(path: Path) -> bool:
    """Return True if a path is a program or a library."""
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as content:
        return content.read(4) == _ELF
