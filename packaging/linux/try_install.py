"""`dev.py try-install`: trials of an installer in fresh systems: here which, where, and the two kinds of package.

A package is installed, answers a question, is upgraded, removed and purged. Only fetching what it depends on has a
network; from the installation on there is none. The display is this computer's, so that nothing but the package brings
libraries. The installer without root has its turn in `try_run.py`; what is tried besides stands in `bad_cases.py`.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import roots
from finished import files_to_try
from roots import Root
from telling import SetupError, say
from trials import asking
from trials.desk import Desk, desk

from linux import bad_cases, packagers, try_run
from linux.packagers import Packager
from linux.person import Person

_ENDINGS = (".deb", ".rpm", ".run")
SUITES = ("bookworm", "trixie")
_MENU = "/usr/share/applications/candor.desktop"


def main(options: argparse.Namespace) -> int:
    """Try each installer in each system; return the exit status. Raises SetupError where something fails."""
    for package in options.package:
        for suite in options.suite or SUITES:
            say(f"{package.name}, {suite}:")
            name = f"{suite}.png" if len(options.package) == 1 else f"{package.name}-{suite}.png"
            _try_package(package, suite, options, options.pictures and options.pictures / name)
    return 0


def _try_package(package: Path, suite: str, options: argparse.Namespace, picture: Path | None) -> None:
    with roots.fresh_root(suite) as root, desk() as display:
        if package.suffix == ".run":
            try_run.try_in(root, display, package, picture)
            return
        files = _bring(root, package, options.older)
        packager = packagers.packager_of(package, root, files[-1])
        anna = _try_in(root, display, packager, files, picture)
        if options.bad_cases:
            packager.install(root, files[-1])
            if options.older:
                bad_cases.unpack_older(root, files[0])
            bad_cases.try_all(anna, display)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what is asked for. Raises SetupError where it cannot be tried, before anything is set up for it."""
    parser = argparse.ArgumentParser(prog="dev.py try-install")
    parser.add_argument("package", type=Path, nargs="*", help="a .deb, a .rpm or a .run (default: those in dist)")
    parser.add_argument("--older", type=Path, help="an older package, to upgrade from (else a .deb's own content)")
    parser.add_argument("--suite", choices=SUITES, action="append", help="a system to try it in (default: each)")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of the window")
    parser.add_argument("--bad-cases", action="store_true", help="also start it where starting is hard")
    options = parser.parse_args(arguments)
    options.package = files_to_try(options.package, _ENDINGS, ("deb", "rpm", "run"))
    if options.older and (len(options.package) > 1 or not options.older.is_file()):
        raise SetupError(f"{options.older} can only be upgraded from where it is there and one newer package is named.")
    roots.ensure_possible()
    return options


def _bring(root: Root, package: Path, older: Path | None) -> list[str]:
    """Lay the packages into the system; return their paths there, in the order of their versions."""
    old, new = f"/old{package.suffix}", f"/new{package.suffix}"
    shutil.copy(package, root.path(new))
    if older is not None:
        shutil.copy(older, root.path(old))
    elif package.suffix == ".deb":
        packagers.make_older(package, root.path(old))
    return [file for file in (old, new) if root.path(file).exists()]


def _try_in(root: Root, display: Desk, packager: Packager, files: Sequence[str], picture: Path | None) -> Person:
    anna = Person.moves_in(root, "anna")
    before = _files_of(root)
    for number, file in enumerate(files, 1):
        packager.install(root, file)
        version = root.run(["candor", "--version"], user="anna").split()[-1]
        command = asking.menu_command(root.path(_MENU).read_text(encoding="utf-8"))
        seconds = asking.ask(anna, display, command, number, picture)
        say(f"  {file}: installed {version}; question {number} answered by the built-in engine after {seconds:.1f} s")
        say(f"  {asking.database_words(anna)}")
    packager.verify(root)
    _diagnose(anna, display)
    for step in packager.removals:
        root.run(step)
        asking.has_answers(anna, len(files))
        say(f"  {step[0]}, {step[-2].lstrip('-')}: the conversation is still there")
    if left := _files_of(root) - before:
        raise SetupError(f"Purging left {sorted(left)[:10]}.")
    say("  nothing else is left")
    return anna


def _diagnose(anna: Person, display: Desk) -> None:
    """Have the program look at itself. Raises SetupError where it finds something wrong."""
    said = anna.root.run(["candor", "--diagnose"], user=anna.name, environment=anna.surroundings(DISPLAY=display.name))
    found = json.loads(said[said.index("{") :])
    if not (found["ok"] and found["program"]["frozen"] and found["engine"]["loads"]):
        raise SetupError(f"candor --diagnose: {said}")
    say("  candor --diagnose: all is well, and the engine loads the starter model")


def _files_of(root: Root) -> set[str]:
    """Return everything below the folders that packages write to and that has the program's name."""
    found = root.run(
        ["find", "/usr", "/etc", "/opt", "/var/lib", "-name", "*candor*", "-not", "-path", "*/dpkg/info/*"]
    )
    return set(found.splitlines())
