"""An installed program tried as a user does, by its window and keyboard, on a display that nobody sits at.

Needs Xvfb, openbox and xdotool on this computer, not in the system where the program is tried. What is kept is read out
of the database in the user's home, never out of the program.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import display
from telling import SetupError

PROGRAMS: Mapping[str, str] = {**display.PROGRAMS, "openbox": "openbox", "xdotool": "xdotool"}
_PATIENCE = 120.0  # seconds; a busy computer may take long for a first start
_QUESTIONS = ("What is the capital of France?", "Name three colours.")
_ASKED = "SELECT count(*) FROM messages WHERE role = 'user'"
_ANSWERS = (  # one that is cut off has come to the limit for so small a model
    "SELECT count(*) FROM messages WHERE role = 'assistant' AND text <> '' "
    "AND status IN ('complete', 'stopped', 'cut_off')"
)
_ENOUGH = 30.0  # seconds of an answer
_LOOKING = 10.0  # seconds that the program may look for models; Windows tells late that nobody listens at an address


class Person(Protocol):
    """User who asks: they can start the program, and their database can be read."""

    def start(self, command: Sequence[str], **variables: str) -> AbstractContextManager[subprocess.Popen[str]]:
        """Return the running program, which is killed where it has not ended when the block does."""

    def said(self) -> str:
        """Return what the program that was started last has printed."""

    def count(self, question: str) -> int:
        """Return what a query of the conversations gives; -1 while there are none."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Display with windows and keys; `name` is what DISPLAY says."""

    name: str

    def type(self, text: str) -> None:
        """Type a text and send it with Enter."""
        self._xdotool("type", "--delay", "40", text)
        self.press("Return")

    def press(self, key: str) -> None:
        """Press a key, which has X11's name."""
        self._xdotool("key", key)

    def has_window(self) -> bool:
        """Return True if Candor's window is to be seen."""
        return bool(self._windows())

    def bring_to_front(self) -> None:
        """Give the keyboard to the newest window. Raises SetupError where none comes."""
        # While another one is closing, xdotool may stumble over it and find none.
        wait_until("a window is to be seen", self.has_window, patience=3)
        self._xdotool("windowactivate", "--sync", self._windows()[-1])

    def close_window(self) -> None:
        """Close the window as its cross does: by the window manager's key for it."""
        self.bring_to_front()
        self.press("alt+F4")

    def _windows(self) -> list[str]:
        return self._xdotool("search", "--onlyvisible", "--class", r"^candor(\.exe)?$", fails=True).split()

    def _xdotool(self, *arguments: str, fails: bool = False) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env={**os.environ, "DISPLAY": self.name},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode and not fails:
            raise SetupError(f"xdotool {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout


@contextmanager
def desk(size: str = "1024x768") -> Iterator[Desk]:
    """Yield a display of this size with a window manager, for as long as the block lasts."""
    with display.virtual(size, has_manager=True) as name:
        yield Desk(name)


@contextmanager
def running(command: Sequence[str], surroundings: Mapping[str, str], log: Path) -> Iterator[subprocess.Popen[str]]:
    """Yield a program that prints into `log`; it is killed where it has not ended when the block does."""
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            command, env=surroundings, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, text=True
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wait_until(
    what: str, is_so: Callable[[], bool], process: subprocess.Popen[str] | None = None, patience: float = _PATIENCE
) -> None:
    """Wait for something. Raises SetupError when it does not come about."""
    end = time.monotonic() + patience
    while not is_so():
        if process is not None and process.poll() is not None:
            raise SetupError(f"The program ended with {process.returncode} before {what}.")
        if time.monotonic() > end:
            raise SetupError(f"After {patience:.0f} s still not: {what}.")
        time.sleep(0.05)


def ask(anna: Person, desk: Desk, command: Sequence[str], number: int) -> None:
    """Start the program, ask the question of this number, wait for the answer and close. Raises SetupError."""
    with anna.start(command, DISPLAY=desk.name) as program:
        wait_until("the window is to be seen", desk.has_window, program)
        # The model is looked for once the window is there; by then the conversations have been opened.
        wait_until("conversations are opened", lambda: anna.count(_ASKED) >= 0, program)
        desk.bring_to_front()
        question = _QUESTIONS[(number - 1) % len(_QUESTIONS)]
        desk.type(question)
        _wait_until_sent(anna, desk, number, question, program)
        try:
            wait_until("the model comes to an end", lambda: anna.count(_ANSWERS) == number, program, _ENOUGH)
        except SetupError:
            # A model this small may go round in circles without end; a stopped answer is one too.
            desk.press("Escape")
            wait_until("the question is answered", lambda: anna.count(_ANSWERS) == number, program)
        desk.close_window()
        program.wait(timeout=30)
    if program.returncode:
        raise SetupError(f"The program ended with {program.returncode}: {anna.said()}")


def _wait_until_sent(anna: Person, desk: Desk, number: int, question: str, program: subprocess.Popen[str]) -> None:
    """Send the question again where it stays in the box, and write it again where its letters went astray.

    As long as models are looked for, the program keeps it; a window that is just opening may not have the keyboard yet.
    """
    for again in (lambda: desk.press("Return"), lambda: _rewrite(desk, question), None):
        try:
            wait_until("the question is sent", lambda: anna.count(_ASKED) == number, program, _LOOKING)
            return
        except SetupError:
            if again is None:
                raise
            again()


def _rewrite(desk: Desk, question: str) -> None:
    desk.bring_to_front()
    for key in ("ctrl+l", "ctrl+a"):
        desk.press(key)
    desk.type(question)


def has_answers(anna: Person, count: int) -> None:
    """Make sure that so many answers are kept. Raises SetupError."""
    if (found := anna.count(_ANSWERS)) != count:
        raise SetupError(f"Of {count} answers {found} are left.")


def count_in(database: Path, question: str) -> int:
    """Return what a query of a database gives; -1 while it is not there yet.

    A copy is asked, since whoever reads a database that is written to takes part in its locks: in a system in a folder
    with root's rights, and under wine where nobody sees those of the program.
    """
    with tempfile.TemporaryDirectory() as scrap:
        try:
            for file in (database, database.with_name(f"{database.name}-wal")):
                if file == database or file.exists():
                    shutil.copyfile(file, Path(scrap, file.name))
            with closing(sqlite3.connect(Path(scrap, database.name))) as connection:
                return int(connection.execute(question).fetchone()[0])
        except (sqlite3.DatabaseError, FileNotFoundError):  # it is just being made, or was copied in mid-writing
            return -1
