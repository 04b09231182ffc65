"""Tries a Debian package for real in fresh systems: install, answer a question, upgrade, remove, purge.

Only fetching what the package depends on has a network; from the installation on there is none. The display is this
computer's, so that nothing but the package brings libraries. What is tried besides stands in `bad_cases.py`.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import environment
import roots
from roots import Root
from telling import SetupError, say

from linux import bad_cases
from linux.desk import Desk, desk, wait_until
from linux.person import Person

SUITES = ("bookworm", "trixie")
_QUIETLY = ("--quiet", "--yes", "--no-install-recommends")
_OLDER = "0.0.1"
_QUESTIONS = ("What is the capital of France?", "Name three colours.")
_ANSWERS = "SELECT count(*) FROM messages WHERE role = 'assistant' AND status = 'complete'"
_ASKED = "SELECT count(*) FROM messages WHERE role = 'user'"


def main(arguments: Sequence[str]) -> int:
    """Try a package in each system; answers the exit status. Raises SetupError where something fails."""
    parser = argparse.ArgumentParser(prog="dev.py try-install")
    parser.add_argument("package", type=Path)
    parser.add_argument("--suite", choices=SUITES, action="append", help="a system to try it in (default: each)")
    parser.add_argument("--pictures", type=Path, help="folder for pictures of the window")
    parser.add_argument("--bad-cases", action="store_true", help="also start it where starting is hard")
    options = parser.parse_args(arguments)
    for suite in options.suite or SUITES:
        say(f"{suite}:")
        with roots.fresh_root(suite) as root, desk() as display:
            _try_in(root, display, options.package.absolute(), options.pictures and options.pictures / f"{suite}.png")
            if options.bad_cases:
                _install(root, "/new.deb")
                bad_cases.try_all(Person.of(root, "anna"), display)
    return 0


def _try_in(root: Root, display: Desk, package: Path, picture: Path | None) -> None:
    name = _field(package, "Package")
    shutil.copy(package, root.path("/new.deb"))
    make_older(package, root.path("/old.deb"))
    root.run(["apt-get", "update", "--quiet"], network=True)
    root.run(["apt-get", *_QUIETLY, "--download-only", "install", "/new.deb"], network=True)
    root.share_displays()
    root.run(["useradd", "--create-home", "anna"])
    # Every system that has been started once has it; without it, D-Bus ends whoever asks for a bus.
    root.path("/etc/machine-id").write_text(f"{1:032x}\n", encoding="utf-8")
    anna = Person.of(root, "anna")
    before = _files_of(root)
    for number, file in enumerate(("/old.deb", "/new.deb"), 1):
        _install(root, file)
        version = root.run(["candor", "--version"], user="anna").split()[-1]
        seconds = _ask(anna, display, _QUESTIONS[number - 1], number, picture)
        say(f"  {file}: installed {version}; question {number} answered by the built-in engine after {seconds:.1f} s")
    if altered := root.run(["dpkg", "--verify", name]).strip():
        raise SetupError(f"Installed files are not as packed: {altered}")
    # After the removal apt knows no more of a package that came as a file; dpkg does.
    for step in (["apt-get", *_QUIETLY, "remove", name], ["dpkg", "--purge", name]):
        root.run(step)
        _has_answers(anna, 2)
        say(f"  {' '.join(step[:1])}, {step[-2].lstrip('-')}: the conversation is still there")
    if left := _files_of(root) - before:
        raise SetupError(f"Purging left {sorted(left)[:10]}.")
    say("  nothing else is left")


def _install(root: Root, file: str) -> None:
    root.run(["apt-get", *_QUIETLY, "install", file])


def _ask(anna: Person, display: Desk, question: str, answers: int, picture: Path | None) -> float:
    """Start the program from its menu entry, ask, wait for the answer and close it; answers the seconds it took."""
    command = menu_command(anna.root.path("/usr/share/applications/candor.desktop").read_text(encoding="utf-8"))
    with anna.start(command, DISPLAY=display.name) as program:
        wait_until("the window is to be seen", display.has_window, program)
        # The model is looked for once the window is there; by then the conversations have been opened.
        wait_until("conversations are opened", lambda: _count(anna, _ASKED) >= 0, program)
        display.bring_to_front()
        display.type(question)
        try:
            wait_until("the question is sent", lambda: _count(anna, _ASKED) == answers, program)
            seconds = wait_until("the question is answered", lambda: _count(anna, _ANSWERS) == answers, program)
        finally:
            if picture is not None:
                picture.parent.mkdir(parents=True, exist_ok=True)
                display.take_picture(environment.python_of(environment.VENV), picture)
        display.close_window()
        program.wait(timeout=30)
    if program.returncode:
        raise SetupError(f"The program ended with {program.returncode}: {anna.said()}")
    return seconds


def menu_command(entry: str) -> list[str]:
    """The command of a desktop entry, without the places where files would be named."""
    line = next(line for line in entry.splitlines() if line.startswith("Exec="))
    return [word for word in line.removeprefix("Exec=").split() if not word.startswith("%")]


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


def _count(anna: Person, question: str) -> int:
    """What a query of the conversations answers; -1 while there are none."""
    database = anna.home / ".local/share/candor/candor.db"
    if not database.exists():
        return -1
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute(question).fetchone()[0])
        except sqlite3.OperationalError:  # it is just being made
            return -1


def _has_answers(anna: Person, count: int) -> None:
    if _count(anna, _ANSWERS) != count:
        raise SetupError(f"Of {count} answers {_count(anna, _ANSWERS)} are left.")


def _files_of(root: Root) -> set[str]:
    """Everything below the folders that packages write to and that has the program's name."""
    found = root.run(
        ["find", "/usr", "/etc", "/opt", "/var/lib", "-name", "*candor*", "-not", "-path", "*/dpkg/info/*"]
    )
    return set(found.splitlines())
