"""`dev.py lock`: the packages that an installer brings on each system, to the version and the sums, in `locks/`.

Resolved by uv from pyproject.toml with the built-in engine; the same lists are what `bill_of_materials.py` reads. The
lists of what only builds lie beside the recipes that install it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import telling
from environment import ROOT, clean_environment
from telling import SetupError, say

FOLDER = ROOT / "packaging" / "locks"
# Lists of what shapes an installer and is not in it.
FREEZER = ROOT / "packaging" / "freeze" / "freezer.txt"
MAC_TOOLS = ROOT / "packaging" / "macos" / "tools.txt"
UV = ROOT / "packaging" / "windows" / "uv.txt"
# For each what is asked for, and the system that it is resolved for. All files of a version have their sums there, and
# nothing in them depends on the processor, so that one list serves both kinds of Mac, and uv any system. A new uv is
# installed, by its sums, from the next time on.
TOOLS: Mapping[Path, tuple[str, Sequence[str]]] = {
    FREEZER: ("linux", ["pyinstaller==6.22.3"]),
    MAC_TOOLS: ("macos-arm64", ["pyinstaller==6.22.3", "dmgbuild==1.6.7"]),
    UV: ("linux", ["uv==0.13.9"]),
}
# For each list: the platform in uv's words, and the Python that the installer brings. Linux is as old as Debian 12.
SYSTEMS: Mapping[str, tuple[str, str]] = {
    "linux": ("x86_64-manylinux_2_34", "3.11"),
    "windows": ("x86_64-pc-windows-msvc", "3.13"),
    "macos-arm64": ("aarch64-apple-darwin", "3.13"),
    "macos-x86_64": ("x86_64-apple-darwin", "3.13"),
}
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+) *\\?$")
_SUM = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Pinned:
    """Package in one version, with the SHA-256 of each of its files."""

    name: str
    version: str
    sums: tuple[str, ...]


def lock(uv: Path) -> None:
    """Write the lists anew. Raises SetupError."""
    FOLDER.mkdir(exist_ok=True)
    for system in SYSTEMS:
        say(f"Locking the packages of {system}")
        _compile(uv, system, FOLDER / f"{system}.txt", ["--extra", "builtin", str(ROOT / "pyproject.toml")])
    for target, (system, wanted) in TOOLS.items():
        say(f"Locking {', '.join(wanted)}")
        _compile(uv, system, target, ["-"], "\n".join([*wanted, ""]))


def _compile(uv: Path, system: str, target: Path, source: Sequence[str], given: str = "") -> None:
    """Have uv write a list for a system; `given` is what it reads where the source is "-"."""
    platform, python = SYSTEMS[system]
    place = ("--python-platform", platform, "--python-version", python)
    kinds = ("--only-binary", ":all:")
    options = ("--quiet", "--upgrade", "--generate-hashes", "--no-header", "--no-annotate", *place, *kinds)
    telling.run(
        [uv, "pip", "compile", *options, "--output-file", target, *source],
        environment=clean_environment(),
        given=given,
        named=f"Locking {target.name}",
    )


def part_of(lock: Path, names: Sequence[str]) -> str:
    """Return the lines of a list that are about these packages. Raises SetupError where it has not all of them."""
    told = re.split(r"^(?=\S)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {each.partition("==")[0]: each for each in told}
    if missing := [name for name in names if name not in found]:
        raise SetupError(f"{lock} does not name {', '.join(missing)}.")
    return "".join(found[name] for name in names)


def pinned(system: str) -> list[Pinned]:
    """Return what a system's list holds, in its order."""
    return pinned_in(FOLDER / f"{system}.txt")


def pinned_in(lock: Path) -> list[Pinned]:
    """Return what a list holds, in its order."""
    found: list[Pinned] = []
    for line in lock.read_text(encoding="utf-8").splitlines():
        if start := _PINNED.match(line):
            found.append(Pinned(start[1], start[2], ()))
        elif said := _SUM.search(line):
            last = found[-1]
            found[-1] = Pinned(last.name, last.version, (*last.sums, said[1]))
    return found
