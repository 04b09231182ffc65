"""Python for Windows: the embeddable package, whole as its makers signed it but for the parts that Candor never runs.

A release takes the official file, which CANDOR_WINDOWS_PYTHON names; without it a test build takes the repackaged one.
"""

from __future__ import annotations

import os
import sys
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from environment import make_bare
from order import sum_of
from telling import SetupError, warn

from windows import work

OFFICIAL = "CANDOR_WINDOWS_PYTHON"
# Candor.exe is the only interpreter. The catalogue tells of files that are left out; each file carries its signature.
_LEFT_OUT = frozenset({"python.exe", "pythonw.exe", "python.cat", "winsound.pyd", "_multiprocessing.pyd"})
_SEARCHED = ("python313.zip", ".", "..\\lib", "..\\app")  # nothing else: no registry, no variable, no user's folder


_PINNED = Path(__file__).with_name("pinned.toml")


@dataclass(frozen=True, slots=True)
class Archive:
    """Archive with the files of the embeddable package, and the folder inside; official or for tests."""

    file: Path
    folder: str
    is_official: bool


def find() -> Archive:
    """Return the embeddable package to build with, checked against its sum. Raises SetupError."""
    wanted = read_pinned()
    if named := os.environ.get(OFFICIAL):
        file = Path(named).absolute()
        compare(file, wanted.official.sha256)
        return Archive(file, "", is_official=True)
    warn(
        f"A test build: {OFFICIAL} does not name {wanted.official.file}, so a repackaged Python of another version "
        "is taken, and the files say so in their names."
    )
    file = work.FOLDER / "python" / f"{wanted.test.member_sha256[:16]}.zip"
    if not file.exists():
        fetch(wanted.test, file)
    compare(file, wanted.test.member_sha256)
    return Archive(file, wanted.test.folder, is_official=False)


def compare(file: Path, sha256: str) -> None:
    """Raise SetupError unless the file is there and has this sum."""
    try:
        found = sum_of(file)
    except OSError as error:
        raise SetupError(f"{file} cannot be read: {error.strerror}.") from error
    if found != sha256:
        raise SetupError(f"{file} is not the pinned file: its SHA-256 is {found}, not {sha256}.")


def unpack(archive: Archive, folder: Path) -> None:
    """Lay Python into `folder`, with the list of places where it looks for modules. Raises SetupError."""
    folder.mkdir(parents=True)
    with zipfile.ZipFile(archive.file) as files:
        for name in files.namelist():
            path = Path(name)
            if str(path.parent) != (archive.folder or ".") or name.endswith("/") or path.name in _LEFT_OUT:
                continue
            (folder / path.name).write_bytes(files.read(name))
    for listed in folder.glob("python*._pth"):
        listed.write_text("\r\n".join([*_SEARCHED, ""]), encoding="ascii", newline="")
    library(folder)


def library(folder: Path) -> str:
    """Return the file name of Python's own library. Raises SetupError when this is no Python that fits."""
    name = f"{_SEARCHED[0].removesuffix('.zip')}.dll"
    if not (folder / name).is_file():
        raise SetupError(f"There is no {name} in the Python for Windows.")
    return name


def fetch(wanted: TestPython, file: Path) -> None:
    """Take the archive out of the source package, whose sum pip compares before it unpacks anything.

    Raises SetupError. Of the package's own files none is run: they are built by setuptools, which pip does not find
    where it is called.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=file.parent) as scrap:
        listed = Path(scrap, "python.txt")
        listed.write_text(f"{wanted.distribution}=={wanted.version} --hash=sha256:{wanted.sha256}\n", encoding="ascii")
        pip = [str(_bare_python(Path(scrap))), "-m", "pip", "--disable-pip-version-check", "--no-input"]
        options = ["--no-deps", "--no-clean", "--no-build-isolation", "--no-binary", ":all:", "--dest", scrap]
        command = [*pip, "download", *options, "--require-hashes", "--requirement", str(listed)]
        # It is meant to fail: there is no builder in that environment, so that pip stops when all is unpacked.
        said = _words_of_failure(lambda: work.run(command, environment={"TMPDIR": scrap}))
        found = next(Path(scrap).rglob(wanted.member), None)
        if found is None:
            raise SetupError(f"{wanted.distribution} {wanted.version} could not be fetched: {said[-800:]}")
        compare(found, wanted.member_sha256)
        found.replace(file)


def _bare_python(folder: Path) -> Path:
    python = make_bare(folder / "bare")
    if sys.version_info < (3, 12):  # older ones bring the builder along
        work.run([python, "-m", "pip", "--disable-pip-version-check", "uninstall", "--yes", "setuptools"])
    return python


def _words_of_failure(attempt: Callable[[], str]) -> str:
    try:
        return attempt()
    except SetupError as error:
        return str(error)


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


def read_pinned(file: Path = _PINNED) -> Pinned:
    """Return what this version of Candor is built from."""
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    return Pinned(OfficialPython(**tables["official"]), TestPython(**tables["test"]))
