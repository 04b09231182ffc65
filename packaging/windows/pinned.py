"""The content of `pinned.toml`, as values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(__file__).with_name("pinned.toml")


@dataclass(frozen=True, slots=True)
class OfficialPython:
    """Python that is shipped: the embeddable package."""

    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class TestPython:
    """Python for test builds, repackaged: a source package, and the archive inside it; `folder` is inside of that."""

    distribution: str
    version: str
    sha256: str
    member: str
    member_sha256: str
    folder: str


@dataclass(frozen=True, slots=True)
class Pinned:
    """Content of the file."""

    official: OfficialPython
    test: TestPython


def read(file: Path = _FILE) -> Pinned:
    """Return what this version of Candor is built from."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return Pinned(OfficialPython(**tables["official"]), TestPython(**tables["test"]))
