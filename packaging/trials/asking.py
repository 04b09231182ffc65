"""A question to the installed program, asked as a user does, by its window and keyboard, and what became of it.

What is kept is read out of the database in the user's home, never out of the program.
"""

from __future__ import annotations

import shlex
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import Protocol

import environment
from telling import SetupError

from trials.desk import Desk, wait_until

_QUESTIONS = ("What is the capital of France?", "Name three colours.")
_ANSWERS = "SELECT count(*) FROM messages WHERE role = 'assistant' AND status IN ('complete', 'stopped') AND text <> ''"
_ENOUGH = 30.0  # seconds of an answer
_LOOKING = 10.0  # seconds that the program may look for models; Windows tells late that nobody listens at an address
_ASKED = "SELECT count(*) FROM messages WHERE role = 'user'"


class Person(Protocol):
    """User who asks: they can start the program, and their database can be read."""

    @property
    def database(self) -> Path:
        """The file of the conversations."""

    def start(self, command: Sequence[str], **variables: str) -> AbstractContextManager[subprocess.Popen[str]]:
        """Return the running program, which is killed where it has not ended when the block does."""

    def said(self) -> str:
        """Return what the program that was started last has printed."""

    def count(self, question: str) -> int:
        """Return what a query of the conversations gives; -1 while there are none."""


def ask(anna: Person, display: Desk, command: Sequence[str], number: int, picture: Path | None) -> float:
    """Start the program, ask the question of this number, wait for the answer and close; return the seconds it took.

    Raises SetupError.
    """
    with anna.start(command, DISPLAY=display.name) as program:
        wait_until("the window is to be seen", display.has_window, program)
        # The model is looked for once the window is there; by then the conversations have been opened.
        wait_until("conversations are opened", lambda: anna.count(_ASKED) >= 0, program)
        display.bring_to_front()
        question = _QUESTIONS[(number - 1) % len(_QUESTIONS)]
        display.type(question)
        try:
            _wait_until_sent(anna, display, number, question, program)
            seconds = _wait_for_answer(anna, display, number, program)
        finally:
            if picture is not None:
                picture.parent.mkdir(parents=True, exist_ok=True)
                display.take_picture(environment.python_of(environment.VENV), picture)
        display.close_window()
        program.wait(timeout=30)
    if program.returncode:
        raise SetupError(f"The program ended with {program.returncode}: {anna.said()}")
    return seconds


def has_answers(anna: Person, count: int) -> None:
    """Make sure that so many answers are kept. Raises SetupError."""
    if (found := anna.count(_ANSWERS)) != count:
        raise SetupError(f"Of {count} answers {found} are left.")


def database_words(anna: Person) -> str:
    """Return in which form the conversations are kept, and which backups of earlier forms lie beside them."""
    form = anna.count("SELECT user_version FROM pragma_user_version")
    kept = sorted(path.name for path in anna.database.parent.rglob("candor-*.db"))
    return f"the database has form {form}" + (f"; a backup of the one before: {', '.join(kept)}" if kept else "")


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


def _wait_until_sent(anna: Person, display: Desk, number: int, question: str, program: subprocess.Popen[str]) -> None:
    """Send the question again where it stays in the box, and write it again where its letters went astray.

    As long as models are looked for, the program keeps it; a window that is just opening may not have the keyboard yet.
    """
    for again in (lambda: display.press("Return"), lambda: _rewrite(display, question), None):
        try:
            wait_until("the question is sent", lambda: anna.count(_ASKED) == number, program, _LOOKING)
            return
        except SetupError:
            if again is None:
                raise
            again()


def _rewrite(display: Desk, question: str) -> None:
    display.bring_to_front()
    for key in ("ctrl+l", "ctrl+a"):
        display.press(key)
    display.type(question)


def _wait_for_answer(anna: Person, display: Desk, number: int, program: subprocess.Popen[str]) -> float:
    """Wait for the answer; return the seconds it took. Raises SetupError where none comes.

    A model this small may go round in circles without end; then it is stopped, which is an answer too.
    """
    began = time.monotonic()
    try:
        wait_until("the model comes to an end", lambda: anna.count(_ANSWERS) == number, program, _ENOUGH)
    except SetupError:
        display.press("Escape")
        wait_until("the question is answered", lambda: anna.count(_ANSWERS) == number, program)
    return time.monotonic() - began


def menu_command(entry: str) -> list[str]:
    """Return the command of a desktop entry, without the places where files would be named."""
    line = next(line for line in entry.splitlines() if line.startswith("Exec="))
    return [word for word in shlex.split(line.removeprefix("Exec=")) if not word.startswith("%")]
