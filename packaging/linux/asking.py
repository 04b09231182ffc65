"""Asks the installed program a question as a person does, by its window and keyboard, and sees what became of it.

What is kept is read out of the database in the person's home, never out of the program.
"""

from __future__ import annotations

import shlex
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import environment
from telling import SetupError

from linux.desk import Desk, wait_until
from linux.person import Person

_DATABASE = ".local/share/candor/candor.db"
_QUESTIONS = ("What is the capital of France?", "Name three colours.")
_ANSWERS = "SELECT count(*) FROM messages WHERE role = 'assistant' AND status IN ('complete', 'stopped') AND text <> ''"
_ENOUGH = 30.0  # seconds of an answer
_ASKED = "SELECT count(*) FROM messages WHERE role = 'user'"


def ask(anna: Person, display: Desk, command: Sequence[str], number: int, picture: Path | None) -> float:
    """Start the program, ask the question of this number, wait for the answer and close; answers the seconds it took.

    Raises SetupError.
    """
    with anna.start(command, DISPLAY=display.name) as program:
        wait_until("the window is to be seen", display.has_window, program)
        # The model is looked for once the window is there; by then the conversations have been opened.
        wait_until("conversations are opened", lambda: _count(anna, _ASKED) >= 0, program)
        display.bring_to_front()
        display.type(_QUESTIONS[number - 1])
        try:
            wait_until("the question is sent", lambda: _count(anna, _ASKED) == number, program)
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
    if (found := _count(anna, _ANSWERS)) != count:
        raise SetupError(f"Of {count} answers {found} are left.")


def database_words(anna: Person) -> str:
    """In which form the conversations are kept, and which backups of earlier forms lie beside them."""
    database = anna.home / _DATABASE
    form = _count(anna, "SELECT user_version FROM pragma_user_version")
    kept = sorted(path.name for path in database.parent.rglob("candor-*.db"))
    return f"the database has form {form}" + (f"; a backup of the one before: {', '.join(kept)}" if kept else "")


def _wait_for_answer(anna: Person, display: Desk, number: int, program: subprocess.Popen[str]) -> float:
    """A model this small may go round in circles without end; then it is stopped, which is an answer too."""
    began = time.monotonic()
    try:
        wait_until("the model comes to an end", lambda: _count(anna, _ANSWERS) == number, program, _ENOUGH)
    except SetupError:
        display.press("Escape")
        wait_until("the question is answered", lambda: _count(anna, _ANSWERS) == number, program)
    return time.monotonic() - began


def menu_command(entry: str) -> list[str]:
    """The command of a desktop entry, without the places where files would be named."""
    line = next(line for line in entry.splitlines() if line.startswith("Exec="))
    return [word for word in shlex.split(line.removeprefix("Exec=")) if not word.startswith("%")]


def _count(anna: Person, question: str) -> int:
    """What a query of the conversations answers; -1 while there are none."""
    database = anna.home / _DATABASE
    if not database.exists():
        return -1
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute(question).fetchone()[0])
        except sqlite3.OperationalError:  # it is just being made
            return -1
