"""Two weeks of use in one process, for `python -m tests.bench.endurance weeks`: what of it stays in memory.

Sixty conversations are talked in by turns. Every so often a file is given, everything is searched, a conversation is
begun afresh, a panel or a dialog opened, an answer stopped or asked for again, a conversation deleted. In the end one
of ten thousand messages and one with an answer of a megabyte are opened and left some times.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop.ui.find.bar import FindBar
from desktop.ui.fresh_start.sheet import FreshSheet
from desktop.ui.message_actions import TryAgain
from desktop.ui.opening.application import Application
from desktop.ui.search.page import SearchPage
from tests.bench.held import figures, grown, tasks_of, tell, types
from tests.bench.histories import LONG, MIXED, store_histories
from tests.readers import making
from tests.support.in_process import OpenProgram, open_program
from tests.support.scripted_server import Hold, Recorded, Reply, ScriptedServer, running_server
from tests.support.scripts import ndjson, ollama_lines, ollama_script

CONVERSATIONS = 60
STAY = 10  # turns in a conversation until another one is opened
FILE_EVERY, SEARCH_EVERY, PANEL_EVERY, FRESH_EVERY = 15, 25, 10, 75
STOP_EVERY, AGAIN_EVERY, THROW_EVERY = 40, 30, 150
ROUNDS = 5  # of opening and leaving long conversations
_HOLD = "Please wait in the middle."
_ANSWER = "It is **four**. " * 6 + "\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```python\nprint(4)\n```\n\n- one\n- $x^2$\n"
_THOUGHT = "Two and two. " * 4
_SAMPLES = Path(__file__).parents[1] / "readers" / "files"
_LARGEST_SAMPLE = 200_000  # bytes
_KEYS = ("Ctrl+B", "Ctrl+Shift+R", "Ctrl+Shift+O", "Ctrl+,", "F1", "Ctrl+P", "Ctrl+\\", "Ctrl+=", "F8", "Ctrl+F")
_PATIENCE = 3600.0  # seconds: this may run beside other work, and be held up by it
_LOOK_MS = 150  # at what was opened


def live(home: Path, count: int, every: int) -> None:
    """Use the program for `count` turns; tell what it holds each `every` turns."""
    names = store_histories(home, (LONG, MIXED))
    script = ollama_script(_answer, trained=262_144, capabilities=("completion", "thinking", "vision"))
    with running_server(script) as server:
        os.environ |= {"OLLAMA_HOST": server.url, "CANDOR_HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
        app = Application(["candor"])
        with open_program(app, home) as opened:
            opened.patience = _PATIENCE
            opened.wait_for_model()
            _User(opened, server, home).live(count, every)
            for number in range(1, ROUNDS + 1):
                _open_and_leave(opened, list(names.values()), number)


def _answer(request: Recorded) -> Reply:
    lines = ollama_lines(_ANSWER, _THOUGHT)
    if _HOLD in request.json["messages"][-1]["content"]:
        return ndjson(lines[: len(lines) // 2], then=[Hold()])
    return ndjson(lines)


class _User:
    """A user of two weeks, who does the same in each run."""

    def __init__(self, opened: OpenProgram, server: ScriptedServer, home: Path) -> None:
        self._opened, self._server = opened, server
        self._chat = opened.program.chat
        self._files = _Files(home / "given")
        self._known: list[str] = []
        self._ends: Counter[str] = Counter()

    def live(self, count: int, every: int) -> None:
        early, late = count // 6, count - count // 6
        before: Counter[str] = Counter()
        began = time.monotonic()
        for step in range(1, count + 1):
            self._turn(step)
            self._server.requests.clear()  # which are kept in this process, too
            if step % every == 0 or step == STAY:
                self._rest()
                took = (time.monotonic() - began) * 1000 / (every if step % every == 0 else STAY)
                more = {"tasks": tasks_of(self._opened), "ms_a_turn": round(took), "ends": dict(self._ends)}
                tell({**figures(step), **more})
                began = time.monotonic()
            if step == early:
                before = types()
            if step == late:
                tell({"grown_from": early, "to": late, "types": grown(before, types())})

    def _turn(self, step: int) -> None:
        if step % STAY == 1:
            self._go_to(step // STAY)
        if step % FILE_EVERY == 0:
            self._give_file(step)
        if step % STOP_EVERY == 0:
            self._ask_and_stop(step)
        else:
            self._ask(step)
            if step % STAY == 1 and len(self._known) < CONVERSATIONS:
                self._known.append(self._chat.current.id)
            if step % AGAIN_EVERY == 0:
                self._again()
        if step % SEARCH_EVERY == 0:
            self._search(step)
        if step % PANEL_EVERY == 0:
            self._look(_KEYS[step // PANEL_EVERY % len(_KEYS)])
        if step % FRESH_EVERY == 0:
            self._start_fresh(step)
        if step % THROW_EVERY == 0:
            self._chat.shelf.delete(self._chat.current.id)

    def _go_to(self, stay: int) -> None:
        """Open the conversation whose turn it is; the first times a new one."""
        if len(self._known) < CONVERSATIONS:
            self._chat.new()
            self._opened.wait_until(lambda: self._chat.path.is_empty)
            return
        wanted = self._known[stay % len(self._known)]
        self._chat.open(wanted)
        self._opened.wait_until(lambda: self._chat.current.id == wanted and self._chat.path.is_whole)

    def _ask(self, step: int) -> None:
        ended = self._opened.ask(f"What is two and two, for the {step}th time?")
        self._ends[str(ended.status)] += 1

    def _ask_and_stop(self, step: int) -> None:
        self._opened.write(f"{_HOLD} ({step})")
        self._opened.press_enter()
        self._opened.wait_for_text("four")
        self._chat.stop()
        self._opened.wait_until(lambda: not self._chat.is_answering)
        self._ends["stopped"] += 1

    def _again(self) -> None:
        """Have the last answer given again."""
        ended: list[object] = []
        self._chat.generation_ended.connect(ended.append)
        self._opened.window.message_requests.asked.emit(self._opened.path[-1].id, TryAgain())
        self._opened.wait_until(lambda: ended)
        self._chat.generation_ended.disconnect(ended.append)

    def _give_file(self, step: int) -> None:
        attachments = self._chat.attachments
        attachments.add_files([self._files.next(step)])
        self._opened.wait_until(lambda: not attachments.is_reading)
        self._ends["given"] += len(attachments.items)

    def _search(self, step: int) -> None:
        self._opened.press("Ctrl+K")
        page = self._opened.window.findChild(SearchPage)
        assert isinstance(page, SearchPage)
        page.field.line.setText("four" if step % 2 else f"the {step - 3}th")
        self._opened.wait_until(lambda: not page.state.endswith("…"))
        QTest.qWait(_LOOK_MS)
        page.field.line.clear()
        self._back()

    def _look(self, keys: str) -> None:
        """Open what these keys open, look, and close it."""
        self._opened.window.activateWindow()
        self._opened.box.setFocus()
        self._opened.press(keys)
        QTest.qWait(_LOOK_MS)
        bar = self._opened.window.findChild(FindBar)
        if keys == "Ctrl+F" and isinstance(bar, FindBar):
            QTest.keyClicks(_focus(bar), "four")
            QTest.qWait(_LOOK_MS)
        if keys in ("Ctrl+B", "Ctrl+\\", "Ctrl+="):
            self._opened.press("Ctrl+0" if keys == "Ctrl+=" else keys)
        self._back()

    def _back(self) -> None:
        """Close what is open, by Escape where that does it."""
        for dialog in self._opened.window.findChildren(QDialog):
            if dialog.isVisible():
                dialog.reject()
        QTest.keyClick(_focus(self._opened.window), Qt.Key.Key_Escape)
        self._opened.window.show_chat()
        QTest.qWait(1)

    def _start_fresh(self, step: int) -> None:
        earlier = self._chat.current.id
        self._opened.box.setFocus()
        self._opened.press("Ctrl+Shift+N")
        sheet = self._opened.window.findChild(FreshSheet)
        assert isinstance(sheet, FreshSheet)
        QTest.keyClick(sheet.choices, Qt.Key.Key_1)
        QTest.keyClick(sheet.choices, Qt.Key.Key_Return)
        self._opened.wait_until(lambda: self._chat.current.id != earlier and self._chat.path.is_empty)
        self._ask(step)

    def _rest(self) -> None:
        """Leave the program alone for a moment in a short conversation, so that like is measured with like."""
        self._chat.new()
        self._opened.wait_until(lambda: self._chat.path.is_empty)
        self._opened.drain_store()
        QTest.qWait(_LOOK_MS)
        if self._known:
            self._chat.open(self._known[0])
            self._opened.wait_until(lambda: self._chat.path.is_whole)


def _focus(otherwise: QWidget) -> QWidget:
    return QApplication.focusWidget() or otherwise


class _Files:
    """Files of many kinds, small ones, no two the same."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()
        self._samples = [
            each
            for each in sorted(_SAMPLES.iterdir())
            if each.is_file() and each.suffix == ".pdf" and each.stat().st_size < _LARGEST_SAMPLE
        ]
        self._dice = random.Random(20)

    def next(self, number: int) -> Path:
        text = f"Contract number {number}. The deposit is {number * 7} euros, four weeks before the first day."
        kind = self._dice.choice(("pdf", "pdf", "docx", "txt", "md", "csv", "html", "eml", "png"))
        file = self._folder / f"file-{number}.{kind}"
        match kind:
            case "pdf":
                file.write_bytes(self._dice.choice(self._samples).read_bytes() + f"\n% {number}\n".encode())
            case "docx":
                file.write_bytes(making.docx(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" * 40))
            case "csv":
                file.write_text("item,sum\n" + "".join(f"{text.split()[each]},{each}\n" for each in range(9)) * 20)
            case "html":
                file.write_text(f"<html><body><h1>{number}</h1>{f'<p>{text}</p>' * 30}</body></html>")
            case "eml":
                file.write_text(f"From: a@example.org\nTo: b@example.org\nSubject: {number}\n\n{text}\n" + text)
            case "png":
                file.write_bytes(_picture(number))
            case _:
                file.write_text(f"# {number}\n\n" + f"{text}\n\n" * 50)
        return file


def _picture(number: int) -> bytes:
    image = QImage(320, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor(number % 15 + 2))
    image.setPixel(number % 320, number % 200, 0)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _open_and_leave(opened: OpenProgram, conversations: list[str], number: int) -> None:
    """Open long conversations one after the other, leave them, and tell what each held."""
    chat = opened.program.chat
    held: list[float] = []
    for wanted in conversations:
        chat.open(wanted)
        opened.wait_until(lambda wanted=wanted: chat.current.id == wanted and chat.path.is_whole)
        QTest.qWait(_LOOK_MS * 10)
        held.append(figures(number)["uss_mb"])
    chat.new()
    opened.wait_until(lambda: chat.path.is_empty)
    QTest.qWait(_LOOK_MS * 10)
    left = figures(number)
    tell({"long_ones_opened": number, "held_mb": held, "left_mb": left["uss_mb"], "widgets": left["widgets"]})
