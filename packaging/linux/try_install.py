"""`dev.py try-install`: tries an installer for real in fresh systems: here which, where, and the Debian package.

The package is installed, answers a question, is upgraded, removed and purged. Only fetching what it depends on has a
network; from the installation on there is none. The display is this computer's, so that nothing but the package brings
libraries. The installer without root has its turn in `try_run.py`; what is tried besides stands in `bad_cases.py`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import roots
from roots import Root
from telling import SetupError, say

from linux import asking, bad_cases, try_run
from linux.desk import Desk, desk
from linux.person import Person

SUITES = ("bookworm", "trixie")
_QUIETLY = ("--quiet", "--yes", "--no-install-recommends")
_OLDER = "0.0.1"
_MENU = "/usr/share/applications/candor.desktop"


def main(arguments: Sequence[str]) -> int:
    """Try an installer in each system; answers the exit status. Raises SetupError where something fails."""
    parser = argparse.ArgumentParser(prog="dev.py try-install")
    parser.add_argument("package", type=Path, help="a .deb or a .run")
    parser.add_argument("--suite", choices=SUITES, action="append", help="a system to try it in (default: each)")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of the window")
    parser.add_argument("--bad-cases", action="store_true", help="also start it where starting is hard")
    options = parser.parse_args(arguments)
    for suite in options.suite or SUITES:
        say(f"{suite}:")
        picture = options.pictures and options.pictures / f"{suite}.png"
        with roots.fresh_root(suite) as root, desk() as display:
            if options.package.suffix == ".run":
                try_run.try_in(root, display, options.package, picture)
                continue
            anna = _try_in(root, display, options.package.absolute(), picture)
            if options.bad_cases:
                _install(root, "/new.deb")
                bad_cases.try_all(anna, display)
    return 0


def _try_in(root: Root, display: Desk, package: Path, picture: Path | None) -> Person:
    name = _field(package, "Package")
    shutil.copy(package, root.path("/new.deb"))
    make_older(package, root.path("/old.deb"))
    root.run(["apt-get", "update", "--quiet"], network=True)
    root.run(["apt-get", *_QUIETLY, "--download-only", "install", "/new.deb"], network=True)
    anna = Person.moves_in(root, "anna")
    before = _files_of(root)
    for number, file in enumerate(("/old.deb", "/new.deb"), 1):
        _install(root, file)
        version = root.run(["candor", "--version"], user="anna").split()[-1]
        command = asking.menu_command(root.path(_MENU).read_text(encoding="utf-8"))
        seconds = asking.ask(anna, display, command, number, picture)
        say(f"  {file}: installed {version}; question {number} answered by the built-in engine after {seconds:.1f} s")
    if altered := root.run(["dpkg", "--verify", name]).strip():
        raise SetupError(f"Installed files are not as packed: {altered}")
    _diagnose(anna, display)
    # After the removal apt knows no more of a package that came as a file; dpkg does.
    for step in (["apt-get", *_QUIETLY, "remove", name], ["dpkg", "--purge", name]):
        root.run(step)
        asking.has_answers(anna, 2)
        say(f"  {' '.join(step[:1])}, {step[-2].lstrip('-')}: the conversation is still there")
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


def _install(root: Root, file: str) -> None:
    root.run(["apt-get", *_QUIETLY, "install", file])


def make_older(package: Path, older: Path) -> None:
    """Pack the same content under an older version."""
    with tempfile.TemporaryDirectory(dir=older.parent) as scrap:
        subprocess.run(["dpkg-deb", "--raw-extract", str(package), scrap], check=True)
        control = Path(scrap, "DEBIAN", "control")
        version = _field(package, "Version")
        text = control.read_text(encoding="utf-8").replace(f"Version: {version}", f"Version: {_OLDER}")
        control.write_text(text, encoding="utf-8")
        subprocess.run(["dpkg-deb", "-Znone", "--build", scrap, str(older)], check=True, stdout=subprocess.DEVNULL)


def _field(package: Path, field: str) -> str:
    done = subprocess.run(["dpkg-deb", "--field", str(package), field], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _files_of(root: Root) -> set[str]:
    """Everything below the folders that packages write to and that has the program's name."""
    found = root.run(
        ["find", "/usr", "/etc", "/opt", "/var/lib", "-name", "*candor*", "-not", "-path", "*/dpkg/info/*"]
    )
    return set(found.splitlines())
