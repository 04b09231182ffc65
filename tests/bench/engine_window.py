"""`python -m tests.bench.engine_window`: a file of twenty pages in the whole program, with the starter model.

From Enter to the first word in the window: of the first question, read ahead while it was typed, and of later ones in
the same conversation, after another one, and after a restart of the program. Then Stop, while a file is read and while
an answer is written: until the window says so, and until another question has its first word.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.core.connection import Connection, ConnectionKind
from desktop.core.model import ModelChoice
from desktop.runtime.models.connections import BUILT_IN_ID
from desktop.store.paths import starter_model
from desktop.store.settings import Settings
from tests.bench import engine_cells
from tests.bench.surroundings import environment_for
from tests.support.in_process import OpenProgram, open_program
from tests.virtual_display import virtual_display

_PATIENCE = 300.0
_READS_FOR = (2.0, 2.7, 3.4)  # seconds until Stop, so that not always the same part of a go is met
_LINES_TO_STOP = 200  # at most, which fit for certain: the program asks about a file that may be too long
_SHORT = "Say one word."
_TYPES_FOR = 3.0  # seconds: eighteen letters


class Figures:
    """A program whose answers are timed."""

    def __init__(self, opened: OpenProgram, lines: int) -> None:
        self._opened = opened
        self._chat = opened.program.chat
        self._lines = lines
        opened.patience = _PATIENCE

    def attach(self, folder: Path, number: int) -> float:
        """Attach a file, and return the seconds until it has been read ahead."""
        file = _file(folder, number, self._lines)
        began, worked = time.monotonic(), time.process_time()
        self._chat.attachments.add_files([file])
        self._opened.wait_until(lambda: not self._chat.attachments.is_reading)
        self._opened.write("Who signed this")  # what is typed meanwhile
        self._opened.wait_until(lambda: self._chat.ahead.is_running)
        self._opened.wait_until(lambda: not self._chat.ahead.is_running)
        _say("CPU of the window and of whoever waits for it", time.process_time() - worked)
        return time.monotonic() - began

    def first_word(self, text: str, typed_for: float = 0.0) -> float:
        """Return the seconds from Enter to the first word of an answer to what took some seconds to type."""
        if typed_for:
            self._opened.write(text[:1])
            _pass(self._opened, typed_for)
            text = text[1:]
        self._opened.write(text)
        began = time.monotonic()
        self._opened.press_enter()
        self._wait_for_words()
        return time.monotonic() - began

    def stopped(self) -> tuple[float, float]:
        """Return the seconds from Stop until the window says so, and until another question has its first word."""
        began = time.monotonic()
        self._opened.press("Escape")
        self._opened.wait_until(lambda: not self._chat.is_answering)
        said = time.monotonic() - began
        self._chat.new()
        return said, self.first_word(_SHORT)

    def end_answer(self) -> None:
        """Wait until the answer has ended, and stop one that takes its time."""
        _pass(self._opened, 1.0)
        if self._chat.is_answering:
            self._opened.press("Escape")
        self._opened.wait_until(lambda: not self._chat.is_answering)

    def _wait_for_words(self) -> None:
        self._wait(lambda message: bool(message.text or message.reasoning))

    def _wait(self, is_so: Callable[..., bool]) -> None:
        def has_come() -> bool:
            generation = self._chat.generation
            if generation is None:
                return any(is_so(each) for each in self._opened.path[-1:] if each.role == "assistant")
            return is_so(generation.builder.message)

        self._opened.wait_until(has_come)


def _before(opened: OpenProgram, folder: Path, lines: int) -> None:
    figures, chat = Figures(opened, lines), opened.program.chat
    opened.wait_for_model()
    _say("read ahead in", figures.attach(folder, 1))
    _say("first question, read ahead", figures.first_word(" it?"))
    figures.end_answer()
    _say("second question, same conversation", figures.first_word("And when does it end?"))
    figures.end_answer()
    old = chat.current.id
    chat.new()
    _say("short question in another conversation", figures.first_word("Is it open today?"))
    figures.end_answer()
    chat.open(old)
    opened.wait_until(lambda: chat.current.id == old and len(opened.path) > 3)
    _say("back in the first one", figures.first_word("What does it cost?"))
    figures.end_answer()


def _after(opened: OpenProgram, folder: Path, lines: int) -> None:
    figures = Figures(opened, lines)
    opened.wait_for_model()
    opened.wait_until(lambda: len(opened.path) > 3)
    said = f"after a restart, the question typed in {_TYPES_FOR} s"
    _say(said, figures.first_word("Is there a garden?", _TYPES_FOR))
    figures.end_answer()


def _at_once(opened: OpenProgram, folder: Path, lines: int) -> None:
    figures = Figures(opened, lines)
    opened.wait_for_model()
    opened.wait_until(lambda: len(opened.path) > 3)
    _say("after a restart, pasted and sent, with the loading of the model", figures.first_word("May I keep a dog?"))
    figures.end_answer()


def _stops(opened: OpenProgram, folder: Path, lines: int) -> None:
    figures, chat = Figures(opened, lines), opened.program.chat
    opened.wait_for_model()
    chat.new()
    figures.first_word(_SHORT)  # which loads the model
    figures.end_answer()
    for seconds in _READS_FOR:
        chat.new()
        chat.attachments.add_files([_file(folder, int(100 * seconds), min(lines, _LINES_TO_STOP))])
        opened.wait_until(lambda: chat.attachments.items and not chat.attachments.is_reading)
        opened.write("Who signed it?")
        opened.press_enter()
        _pass(opened, seconds)
        _say(f"stopped after {seconds} s of reading, said / free again", *figures.stopped())
        figures.end_answer()
    chat.new()
    figures.first_word("Write a long story about a lighthouse.")
    _pass(opened, 1.0)
    _say("stopped while it wrote, said / free again", *figures.stopped())
    figures.end_answer()


def _file(folder: Path, number: int, lines: int) -> Path:
    """Return a file of its own of so many lines."""
    file = folder / f"lease {number}.txt"
    file.write_text("\n".join(engine_cells.file_of(number).splitlines()[:lines]))
    return file


def _pass(opened: OpenProgram, seconds: float) -> None:
    until = time.monotonic() + seconds
    opened.wait_until(lambda: time.monotonic() > until)


def _say(what: str, *seconds: float) -> None:
    figures = " / ".join(f"{each:.2f}" for each in seconds)
    sys.stdout.write(f"{what:60} {figures} s   load {os.getloadavg()[0]:.1f}\n")
    sys.stdout.flush()


_PARTS = {"before": _before, "after": _after, "at once": _at_once, "stops": _stops}


def main() -> None:
    """Print the figures; each part of them of a program of its own, under one display."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=engine_cells.LINES, help="of the file, 22 tokens each")
    parser.add_argument("--parts", default=",".join(_PARTS), help="some of these, with commas between")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.folder:
        with open_program(QApplication(sys.argv[:1]), options.folder) as opened:
            _PARTS[options.parts](opened, options.folder, options.lines)
        return
    with tempfile.TemporaryDirectory(prefix="candor-bench-") as name, virtual_display() as display:
        _write_settings(Path(name))
        for each in options.parts.split(","):
            command = [sys.executable, "-m", "tests.bench.engine_window", "--parts", each, "--folder", name]
            subprocess.run([*command, "--lines", str(options.lines)], env=environment_for(display), check=True)


def _write_settings(folder: Path) -> None:
    model = starter_model()
    assert model is not None, "the starter model is not there"
    choice = ModelChoice(BUILT_IN_ID, str(model))
    engine = Connection(kind=ConnectionKind.BUILT_IN, name="Built-in engine", address="", id=BUILT_IN_ID)
    Settings(connections=(engine,), default_choice=choice).save(folder / "settings.json")


if __name__ == "__main__":
    main()
