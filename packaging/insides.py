"""The insides of a program's files, compared with what is said of them; a build stops where that is not true.

`parts/` names, for a part, the files that show it and what is looked for there; where the expression has a group, the
version is read too. The other way round, what could be found but is not described stops the build as well: a library of
Qt's that nobody has looked at, a crate whose name a library written in Rust carries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import licences
import part_files
from licences import Told
from part_files import Part
from telling import SetupError, say

_CRATE = re.compile(rb"registry[/\\]src[/\\][^/\\\0]{1,80}[/\\]([A-Za-z0-9_-]+?)-(\d+\.\d+\.\d+[^/\\\0]{0,20})[/\\]")
_QT = re.compile(r"^(?:libQt6(\w+)\.so\.6|Qt6(\w+)\.dll|Qt(\w+)\.framework)$")
_SMALL = 8_000_000  # bytes; in these, text of two bytes a letter is searched too


def complete(told: Told, files: Iterable[Path], *, is_complete: bool = True) -> Told:
    """Return what is told, with the versions that the program's files tell. Raises SetupError where they say otherwise.

    `is_complete`: every part must be found in the files; else one that is not found is left out.
    """
    paths = [each for each in files if each.is_file()]
    described = {each.name: each for each in part_files.all_parts()}
    unknown_qt(paths)
    parts = []
    for entry in told["parts"]:
        part = described.get(entry["name"])
        version = look(part, paths) if part and part.sign else entry["version"]
        if version is not None:
            parts.append(entry | {"version": _agreed(part, entry["version"], version)})
        elif is_complete:
            raise SetupError(f"{entry['name']} is said to be in the program and is not: look at packaging/parts.")
        else:
            say(f"{entry['name']} is not in the program, and is left out of its licences")
    return licences.with_own_texts(parts, told["texts"])


def unknown_qt(files: Iterable[Path]) -> None:
    """Raise SetupError for a library of Qt's that was not looked into."""
    names = {part for path in files for found in [_QT.match(each) for each in path.parts] if found
             for part in found.groups() if part}  # fmt: skip
    if unknown := names - part_files.qt_libraries():
        raise SetupError(
            f"Qt's {', '.join(sorted(unknown))} is in the program, and packaging/parts/qt.toml does not know what is "
            f"inside: look at it, and name it in {part_files.FIRST}.toml."
        )


def crates(data: bytes) -> set[tuple[str, str]]:
    """Return names and versions of the crates whose source files a library of Rust's names."""
    return {(name.decode(), version.decode()) for name, version in _CRATE.findall(data)}


def described_crates() -> set[tuple[str, str]]:
    """Return names and versions of the crates that `parts/` has."""
    return {
        (each.purl.removeprefix("cargo/"), each.version)
        for each in part_files.all_parts()
        if each.purl.startswith("cargo/")
    }


def look(part: Part, files: Iterable[Path]) -> str | None:
    """Return the version that the files tell, "" where they show the part without one, None where they do not show it.

    Raises SetupError for a crate that is not described.
    """
    sign = re.compile(part.sign.encode("latin-1"))
    for path in files:
        if re.search(part.files, path.name):
            data = _content(path)
            narrow = data.replace(b"\0", b"") if len(data) < _SMALL else b""
            if found := sign.search(data) or sign.search(narrow):
                return (found[1] or b"").decode() if sign.groups else ""
    return None


@cache
def _content(path: Path) -> bytes:
    """Return what a file holds. Raises SetupError where it names a crate that is not described."""
    data = path.read_bytes()
    if unknown := crates(data) - described_crates():
        raise SetupError(f"{path.name} has crates that packaging/parts does not describe: {sorted(unknown)}.")
    return data


def _agreed(part: Part | None, said: str, found: str) -> str:
    """Return the version, where what is said of it and what was found agree. Raises SetupError."""
    if part and part.version and found and not found.startswith(part.version):
        raise SetupError(f"{part.name} is {found} in the program, and {said} in packaging/parts: look at it again.")
    return found or said
