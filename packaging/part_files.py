"""The files in `parts/`: all that Candor is made of beside what Python packages say of themselves.

The keys are explained in `parts/program.toml`. Nothing here looks into a package or a program.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("parts")
TEXTS = Path(__file__).parents[1] / "resources" / "licences"
FIRST = "program"  # what is shown before the packages
OTHERS = ("tools", "python", "qt", "engine", "engine_page", "wheels", "bcrypt", "readers")


@dataclass(frozen=True, slots=True)
class Part:
    """Part that Candor is made of."""

    name: str
    texts: Sequence[str]
    licence: str = ""
    licence_name: str = ""
    copyright: str = ""
    version: str = ""
    python: str = ""
    inside: str = ""
    purl: str = ""
    type: str = "library"
    systems: Sequence[str] = ()
    engine: bool = False
    installers: Sequence[str] = ()
    holds: Sequence[str] = ()
    files: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Package:
    """Facts that a Python package does not say of itself; `also` names texts to show besides its own."""

    licence: str = ""
    copyright: str = ""
    texts: Sequence[str] = ()
    also: Sequence[str] = ()
    left_out: bool = False


@cache
def parts(file: str) -> tuple[Part, ...]:
    """Return the parts of a file, in the order in which they are shown."""
    return tuple(Part(**each) for each in _read(file)["parts"])


def all_parts() -> tuple[Part, ...]:
    """Return the parts of all files."""
    return tuple(each for file in (FIRST, *OTHERS) for each in parts(file))


def packages() -> Mapping[str, Package]:
    """Return what is said of packages, by their names."""
    return {name: Package(**said) for name, said in _read(FIRST)["packages"].items()}


def seen() -> Mapping[str, str]:
    """Return the packages whose files were looked into, and in which version."""
    return dict(_read(FIRST)["seen"])


def qt_libraries() -> frozenset[str]:
    """Return Qt's libraries that were looked into."""
    return frozenset(_read(FIRST)["qt"]["libraries"])


@cache
def names_of_texts() -> Mapping[str, str]:
    """Return the names of the licences that stand in `TEXTS`, by their words."""
    return {each.read_text(encoding="utf-8").strip("\n"): each.stem for each in TEXTS.iterdir()}


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(FOLDER.joinpath(f"{name}.toml").read_text(encoding="utf-8"))
