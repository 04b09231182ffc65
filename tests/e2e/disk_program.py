"""The whole program on a disk that is full or read-only: `python -m tests.e2e.disk_program CASE FOLDER`.

A program of its own, since the disk is mounted for one process only. A case fails by an exception. What is mounted
anew is named with its `tmpfs`: else mount(8) repeats the options of before, with the user's number that this process
does not know.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop.core.errors import StoreError
from desktop.core.message import MessageStatus
from desktop.store.database import open_store
from desktop.store.paths import DATABASE
from desktop.ui.chat.header import TitleField
from desktop.ui.errors import describe_store
from tests.store.conftest import turn
from tests.support.in_process import OpenProgram, open_program
from tests.support.scripted_server import ScriptedServer, running_server
from tests.support.scripts import ndjson, ollama_end, ollama_line, ollama_lines, ollama_script

LONG = "A long answer that does not fit on the disk. " * 20_000


def words(reason):
    text = describe_store(StoreError(reason))
    return f"{text.title}\n{text.sentence}"


def fill(folder):
    """A file that takes all that is left of the disk."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 1024)
        except OSError:
            pass
    return filler


def full_before_sending(opened, server):
    """Nothing is sent, nothing is lost, and with room again it goes on."""
    opened.ask("first")
    filler = fill(opened.folder)
    opened.write("my words " * 2_000)
    opened.press_enter()
    # The draft may be what the disk refuses first; the words come back when it has refused the message.
    box = opened.window.composer
    opened.wait_until(lambda: opened.notice == words("full") and box.text().startswith("my words"))
    assert len(server.chats) == 1
    assert opened.path[-1].text == "Understood."
    filler.unlink()
    opened.click("Try again", opened.window.notice)
    opened.wait_until(lambda: len(opened.path) == 4 and opened.path[-1].status is MessageStatus.COMPLETE)
    assert opened.window.composer.text() == ""


def full_while_typing(opened, server):
    """Closing asks as long as there is no room; once there is, it saves all that was typed, and asks nothing."""
    opened.ask("first")
    filler = fill(opened.folder)
    opened.write("my words " * 2_000)
    opened.wait_until(lambda: opened.notice == words("full"))
    field = opened.window.header.findChild(TitleField)
    assert isinstance(field, TitleField)
    field.begin_editing()
    QTest.keyClicks(QApplication.focusWidget(), "Chairs")
    opened.press("Ctrl+Q")
    opened.wait_until(lambda: opened.window.findChildren(QMessageBox))
    opened.click("Cancel")
    filler.unlink()
    opened.window.close_if_allowed()
    opened.wait_until(lambda: not opened.window.isVisible())
    opened.drain_store()
    with contextlib.closing(sqlite3.connect(opened.folder / DATABASE)) as file:
        assert file.execute("SELECT title FROM conversations").fetchall() == [("Chairs",)]
        assert "my words my words" in file.execute("SELECT text FROM drafts").fetchone()[0]


def full_while_answering(opened, server):
    """The answer stays in sight and is saved once there is room."""
    pieces = [ollama_line(LONG[start : start + 50_000]) for start in range(0, len(LONG), 50_000)]
    server.script["POST /api/chat"] = [ndjson([*pieces, ollama_end()])]
    reply = opened.ask("first")
    assert (reply.status, len(reply.text)) == (MessageStatus.COMPLETE, len(LONG)), (reply.failure, reply.text[:200])
    assert reply.text == LONG
    opened.wait_until(lambda: opened.notice == words("full"))
    assert opened.path[-1].text == LONG
    subprocess.run(["mount", "-o", "remount,size=16m", "tmpfs", str(opened.folder)], check=True)
    opened.click("Try again", opened.window.notice)
    opened.drain_store()
    assert len(server.chats) == 1
    assert opened.notice == ""


def read_only(opened, server):
    """It says so at once, and of each conversation; what is written stays in the box until it can be saved."""
    opened.wait_until(lambda: opened.notice == words("read_only"))
    chat = opened.program.chat
    chat.open(chat.conversations[0].id)
    opened.wait_until(lambda: [each.text for each in opened.path] == ["before", "Understood."])
    assert opened.notice == words("read_only")
    chat.new()
    opened.wait_for_model()
    opened.write("my words")
    opened.window.notice.hide()  # it has to come back with what is refused
    opened.press_enter()
    opened.wait_until(lambda: opened.notice == words("read_only"))
    opened.wait_until(lambda: opened.window.composer.text() == "my words")
    assert (opened.path, server.chats) == ([], [])
    subprocess.run(["mount", "-o", "remount,rw", "tmpfs", str(opened.folder)], check=True)
    opened.click("Try again", opened.window.notice)
    opened.wait_until(lambda: bool(opened.path) and opened.path[-1].status is MessageStatus.COMPLETE)


def _store_a_turn(folder):
    conversation, asked, reply = turn("before", "Understood.")
    store = open_store(folder / DATABASE)
    store.begin_reply(conversation, [asked, reply])
    store.close()


@contextmanager
def program_on(folder, case):
    with running_server(ollama_script(ndjson(ollama_lines("Understood.")))) as server:
        os.environ["OLLAMA_HOST"] = server.url
        app = QApplication([])
        if case == "read_only":
            _store_a_turn(folder)
            subprocess.run(["mount", "-o", "remount,ro", "tmpfs", str(folder)], check=True)
        with open_program(app, folder) as opened:
            yield opened, server


CASES: tuple[Callable[[OpenProgram, ScriptedServer], None], ...] = (
    full_before_sending,
    full_while_typing,
    full_while_answering,
    read_only,
)


if __name__ == "__main__":
    with program_on(Path(sys.argv[2]), sys.argv[1]) as parts:
        {case.__name__: case for case in CASES}[sys.argv[1]](*parts)
