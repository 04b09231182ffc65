"""The table behind `dev.py build KIND`: the kinds of installer there are, and the recipe of each.

A recipe stands in the folder of its system (`linux/`, `windows/`, `macos/`) and is imported only when it is asked for.
It gets an `Order` and returns the files that it made in the order's folder; it knows nothing of this table. What all
kinds have in common is done here: reading the command line, and the SHA-256 sum and the bill of materials beside each
file.
"""

from __future__ import annotations

import argparse
import importlib
import platform
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import bill_of_materials
import licences
from order import MADE, Edition, Order, sum_of, version, write_sum
from telling import SetupError, say

Recipe = Callable[[Order], Sequence[Path]]


def main(arguments: Sequence[str]) -> int:
    """Make what is asked for; return the exit status. Raises SetupError when something is missing for it."""
    kind, order, twice = parse(arguments)
    order.folder.mkdir(parents=True, exist_ok=True)
    _, module, function = RECIPES[kind]
    recipe: Recipe = getattr(importlib.import_module(module), function)
    made = recipe(order)
    if twice:
        _make_again(recipe, order, made)
    for file in made:
        say(f"{file}: {file.stat().st_size / 1e6:.1f} MB, sum in {write_sum(file).name}")
        system = packages_of(kind)
        bill_of_materials.write(file, licences.read(_told(kind, order.edition)), kind, system, order.version)
    return 0


def _make_again(recipe: Recipe, order: Order, made: Sequence[Path]) -> None:
    """Make the same once more and compare, where what was made first is kept if it differs. Raises SetupError then."""
    first = {file: file.replace(file.with_name(f"{file.name}.first")) for file in made}
    recipe(order)
    differing = [file for file in made if sum_of(file) != sum_of(first[file])]
    for file in made:
        if file not in differing:
            first[file].unlink()
            say(f"{file.name}: made twice, the same to the byte")
    if differing:
        raise SetupError(f"Two builds differ: {', '.join(str(file) for file in differing)}, and the same with .first.")


def _told(kind: str, edition: Edition) -> Path:
    """Return the file in the program that was packed which tells of its parts."""
    match licences.family(packages_of(kind)):
        case "windows":
            from windows import program as windows

            return windows.told(edition)
        case "macos":
            from macos import image

            return image.TOLD
        case _:
            from linux import program as linux

            return linux.told(edition)


def packages_of(kind: str) -> str:
    """Return the list in `locks/` of what an installer of this kind brings."""
    return next((system for start, system in _PACKAGES.items() if kind.startswith(start)), "linux")


def parse(arguments: Sequence[str]) -> tuple[str, Order, bool]:
    """Return the kind, the order, and True to make it twice. Raises SetupError for a kind without a recipe."""
    parser = argparse.ArgumentParser(
        prog="dev.py build", formatter_class=argparse.RawDescriptionHelpFormatter, epilog=kinds()
    )
    parser.add_argument("kind", nargs="?", help="which kind of installer; the kinds are listed below")
    parser.add_argument("--edition", type=Edition, choices=list(Edition), default=Edition.FULL)
    parser.add_argument("--into", type=Path, default=MADE, help="folder for the finished files (dist)")
    parser.add_argument("--twice", action="store_true", help="make it twice, and fail where the two differ")
    options = parser.parse_args(arguments)
    if options.kind is None:
        raise SetupError(f"Say which kind of installer to build. There are:\n{kinds()}")
    if options.kind not in RECIPES:
        raise SetupError(f"There is no recipe for an installer of the kind {options.kind}. There are:\n{kinds()}")
    return options.kind, Order(options.edition, version(), options.into.absolute()), options.twice


def kinds() -> str:
    """Return the kinds and what they are, one a line."""
    widest = max(map(len, RECIPES))
    return "\n".join(f"  {name:{widest}}  {about}" for name, (about, *_) in RECIPES.items())


# By the beginning of a kind's name; all others are for Linux.
_PACKAGES = {"windows": "windows", "macos": f"macos-{platform.machine()}"}


RECIPES: Mapping[str, tuple[str, str, str]] = {  # what it is, and the module and function of its recipe
    "program": ("the frozen program for Linux, as a packed folder", "linux.program", "build"),
    "windows-setup": ("the setup for one person on Windows, without an administrator", "windows.setup", "build"),
    "deb": ("the package for Debian 12, Ubuntu 24.04 and newer", "linux.packing", "build_deb"),
    "run": ("the installer for any Linux and one person, without root", "linux.packing", "build_run"),
    "rpm": ("the package for Fedora, openSUSE and their kin", "linux.packing", "build_rpm"),
    "windows-msi": ("the package for all users of a Windows computer, for administrators", "windows.msi", "build"),
    "macos": ("the disk image for the processor of the Mac that it is made on", "macos.image", "build"),
}
