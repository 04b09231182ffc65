"""Libraries that the frozen program loads: which packages of the system bring them, and those that it brings itself.

Read out of the files themselves, so that a package never lacks a dependency: a missing libGL is how such packages fail.
Python and the small libraries come from the Debian that it is frozen in, and from no list in `locks/`. Their words are
read there, from Debian's own files of copyright; `debian.toml` names the licences.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import licences
from licences import Told
from roots import Root
from telling import SetupError

_ELF = b"\x7fELF"
_GLIBC = re.compile(rb"GLIBC_2\.(\d+)")
_NEEDED = re.compile(r"^\s*NEEDED\s+(\S+)", re.MULTILINE)
_PLACES = re.compile(r"^\s*(?:RPATH|RUNPATH)\s+(\S*)", re.MULTILINE)
# Loaded by name when the window opens, so no file lists them: Qt's choice of a window system, and its fonts.
LOADED_BY_NAME = ("libEGL.so.1", "libGL.so.1", "libfontconfig.so.1")


_PYTHON = re.compile(r"^libpython3\.\d+$")
_NAMED = Path(__file__).with_name("debian.toml")
_COMMON = "/usr/share/common-licenses"
_LED_TO = re.compile(rf"{_COMMON}/([A-Za-z0-9.+-]*[A-Za-z0-9])")
# In the frozen folder, libraries of Python packages lie below a folder of theirs; these are modules.
_MODULE = re.compile(r"\.(?:cpython-\d+-[\w-]+|abi3)\.so$")


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


@dataclass(frozen=True, slots=True)
class Brought:
    """Package of Debian whose files the program brings."""

    name: str
    version: str


def add_brought(told: Told, folder: Path, root: Root) -> None:
    """Tell of all packages that the frozen folder brings files of. Raises SetupError."""
    owners = owners_in(root)
    unowned((path.name for path in folder.glob("_internal/*.so*") if not path.is_symlink()), owners)
    listing = root.run(["dpkg-query", "--show", "--showformat", "${Package} ${Version}\\n"])
    versions = dict(line.split(" ", 1) for line in listing.splitlines())
    named = tomllib.loads(_NAMED.read_text(encoding="utf-8"))
    for package in brought((path.name for path in folder.rglob("*.so*")), owners, versions):
        told["parts"].append(part(package, named, root.path("/"), told))


def brought(files: Iterable[str], owners: Mapping[str, str], versions: Mapping[str, str]) -> list[Brought]:
    """Return the packages that own files of these names; Python's modules in Python are a package of their own."""
    names = {owners[name] for name in files if name in owners}
    names |= {f"{name}-stdlib" for name in names if _PYTHON.match(name)}
    return [Brought(name, versions[name]) for name in sorted(names)]


def unowned(files: Iterable[str], owners: Mapping[str, str]) -> None:
    """Raise SetupError for a library that lies among Debian's and is none of theirs: nobody would name its licence."""
    unknown = sorted(name for name in files if name not in owners and not _MODULE.search(name))
    if unknown:
        raise SetupError(f"No package of Debian owns {', '.join(unknown)}, which the frozen program brings.")


def part(package: Brought, named: Mapping[str, Mapping[str, str]], system: Path, told: Told) -> dict[str, Any]:
    """Return a package with its words, as `resources/licences.json` has it.

    Raises SetupError where they are not known.
    """
    said = named.get(package.name)
    if said is None:
        raise SetupError(f"The program brings files of Debian's {package.name}: describe it in linux/{_NAMED.name}.")
    words = words_of(package.name, system)
    if said["says"] not in words[0]:
        raise SetupError(f"Debian's {package.name} no longer says “{said['says']}”: look at linux/{_NAMED.name}.")
    return {
        "name": f"{said['called']} ({package.name})",
        "version": package.version,
        **{key: said[key] for key in ("licence", "licence_name") if key in said},
        "copyright": "",
        "texts": licences.keep_texts(told, words),
        "purl": f"{licences.OF_DEBIAN}{package.name}",
    }


def words_of(package: str, system: Path) -> Sequence[str]:
    """Return Debian's file of copyright, and the licences that it leads to. Raises SetupError where there is none."""
    try:
        words = system.joinpath(f"usr/share/doc/{package}/copyright").read_text(encoding="utf-8")
        led_to = sorted({_real_name(system, name) for name in _LED_TO.findall(words)})
        return [words, *(system.joinpath(_COMMON.lstrip("/"), name).read_text(encoding="utf-8") for name in led_to)]
    except OSError as error:
        raise SetupError(f"Debian's {package} has no words on its licence: {error}.") from error


def _real_name(system: Path, name: str) -> str:
    """Return the file that a name leads to: "GPL" to the newest of its versions, which others name by themselves."""
    return system.joinpath(_COMMON.lstrip("/"), name).resolve().name
