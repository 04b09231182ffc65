"""The program under attack, in a process of its own: `python -m tests.attacks.victim ACTIVITY FOLDER SEED [--forget]`.

What the program must not lose is printed once it was done: the moment (`time.monotonic()`, which all processes share)
and the words, as a line of JSON. Most activities go on until they are killed; those of a full disk, of a hostile server
and of a folder end by themselves, with an exception where something did not hold.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import resource
import sqlite3
import sys
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop import importers, services
from desktop.core.folders import RowState
from desktop.core.message import MessageStatus
from desktop.readers.process import ReaderProcess
from desktop.runtime.background import Task
from desktop.runtime.exporting import FileRun, ImportRun, Imports
from desktop.store.paths import DATABASE
from desktop.store.settings import Settings
from desktop.ui.opening import Application
from tests.attacks.hostile import PROTOCOLS, hostile_list, hostile_reply
from tests.e2e.disk_program import fill, words
from tests.support.in_process import export_all, open_program
from tests.support.scripted_server import running_server
from tests.support.scripts import MODEL
from tests.support.tasks import result_of
from tests.ui.window.test_bin import SECRET, in_box, in_builder, in_change_of_message, in_question, type_into_connection

ANSWER = "Understood."
BROUGHT = "brought"  # the folder of what is imported
CONTRACTS = "contracts"  # the folder that is asked, beside the program's own
QUESTION = "What notice does the tenant of house %1 give?"
QUESTIONS = 12
FORGETS = "--forget"  # the folder, at the end
_LONGEST_STEP = 2.0  # seconds of the program's work, of all its threads, while the window stands still
_MOST_MEMORY = 1_000_000  # KiB


def note(*said):
    os.write(1, json.dumps([time.monotonic(), *said]).encode() + b"\n")


def pause(opened, seconds):
    until = time.monotonic() + seconds
    opened.wait_until(lambda: time.monotonic() >= until)


def type_words(opened, luck, first=0, count=None):
    """Type where the keyboard is, once the window has it."""
    opened.wait_until(QApplication.focusWidget)
    for number in itertools.count(first) if count is None else range(first, first + count):
        QTest.keyClicks(QApplication.focusWidget(), f" w{number} ")
        note(f"w{number}")
        pause(opened, luck.uniform(0, 0.1))


def type_somewhere(opened, luck):
    opened.wait_for_model()
    luck.choice([in_box, in_change_of_message, in_builder, in_question])(opened)
    type_words(opened, luck)


def type_secrets(opened, luck):
    """Words in a temporary conversation; keys and passwords in each kind of form."""
    opened.wait_for_model()
    opened.press("Ctrl+Shift+T")
    while True:
        in_box(opened)
        QTest.keyClicks(opened.box, SECRET)
        type_into_connection(opened, luck.randrange(3))
        note("typed")
        pause(opened, luck.uniform(0, 2.5))
        opened.window.show_chat()


def ask(opened, _):
    opened.wait_for_model()
    opened.write("Hello")
    opened.press_enter()
    pause(opened, 600)


def bring_in(opened, _):
    services = opened.program.services
    imports, folder, run = Imports(services, importers.read), opened.folder / BROUGHT, ImportRun()
    run.advanced.connect(lambda _: note(run.taken[-1].title))

    async def bring():
        offer = await imports.look_into(FileRun(), folder)
        await imports.bring_in(run, folder, [each.conversation.id for each in offer.found.conversations])

    Task(bring(), None).step()
    pause(opened, 600)


def move(opened, luck):
    chat = opened.program.chat
    opened.wait_until(lambda: chat.conversations)
    while True:
        one, folder = luck.choice(chat.conversations).id, luck.choice(["", "House", "Work", "房屋"])
        chat.move_to_folder(one, folder)
        note(one, folder)
        pause(opened, luck.uniform(0, 0.1))


def export(opened, _):
    opened.ask("Hello")
    note(ANSWER)
    while True:
        export_all(opened, opened.folder)


def fill_disk(opened, luck):
    """Write, ask and rename while the disk is full; once there is room, close without a question."""
    chat, title = opened.program.chat, ""
    opened.ask("first")
    for step in range(luck.randint(1, 3)):
        filler = fill(opened.folder)
        for _ in range(luck.randint(1, 3)):
            match luck.choice(["type", "ask", "rename"]):
                case "type":
                    QTest.keyClicks(opened.box, f"typed{step} " * luck.randint(1, 300))
                    note(f"typed{step}")
                case "ask":
                    opened.write(f"asked{step} " * luck.randint(1, 3000))
                    note(f"asked{step}")
                    opened.press_enter()
                    opened.wait_until(lambda: not chat.generations.is_any_running)
                case "rename" if chat.conversations:
                    title = f"title{step}-{luck.random()}"
                    chat.rename(chat.conversations[0].id, title)
            pause(opened, luck.uniform(0, 1.5))
        filler.unlink()
        if opened.notice == words("full") and luck.random() < 0.5:
            opened.click("Try again", opened.window.notice)
            opened.wait_until(lambda: not chat.generations.is_any_running)
    opened.window.close_if_allowed()
    opened.wait_until(lambda: not opened.window.isVisible() or opened.window.findChildren(QMessageBox))
    assert not opened.window.isVisible(), "it asks at closing although there is room"
    opened.drain_store()
    with contextlib.closing(sqlite3.connect(opened.folder / DATABASE)) as file:
        titles = [row[0] for row in file.execute("SELECT title FROM conversations")]
    assert not title or title in titles, (title, titles)


def meet_hostile_server(opened, luck, server, protocol):
    """Whatever a server says: the window goes on, the reply ends or can be stopped, and the next one is good."""
    opened.wait_for_model()
    gaps, last = [0.0], [time.process_time()]

    def tick():
        gaps.append(time.process_time() - last[0])
        last[0] = time.process_time()

    timer = QTimer(interval=10)
    timer.timeout.connect(tick)
    timer.start()
    chat, connections = opened.program.chat, opened.program.services.connections
    good = dict(server.script)
    server.script[protocol.route] = [hostile_reply(luck, protocol)]
    opened.write("Hello")
    opened.press_enter()
    until = time.monotonic() + 15
    opened.wait_until(lambda: not chat.generations.is_any_running or time.monotonic() > until)
    chat.stop()
    opened.wait_until(lambda: not chat.generations.is_any_running)
    assert max(gaps) < _LONGEST_STEP, f"the window stood still for {max(gaps):.1f} s of work"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert memory < _MOST_MEMORY, f"{memory} KiB"
    timer.stop()
    server.release()
    server.script |= {**good, luck.choice(protocol.lists): [hostile_list(luck)]}
    connections.look()
    opened.wait_until(lambda: connections.is_settled)
    server.release()
    server.script |= good
    connections.look()
    opened.wait_until(lambda: connections.is_settled)
    opened.box.clear()
    opened.program.chat.new()  # after megabytes, nothing more fits into that one
    reply = opened.ask("And now?")
    assert (reply.status, reply.text) == (MessageStatus.COMPLETE, ANSWER), reply


def change_language(app, folder, luck):
    """Open the window anew in another language, over and over, and type on in each."""
    for number in itertools.count():
        settings, _ = Settings.load(folder / "settings.json")
        replace(settings, language=("en", "zh_CN")[number % 2]).save(folder / "settings.json")
        with open_program(app, folder) as opened:
            opened.wait_until(lambda number=number, opened=opened: number == 0 or opened.box.toPlainText())
            in_box(opened)
            opened.box.moveCursor(opened.box.textCursor().MoveOperation.End)
            type_words(opened, luck, 10 * number, 10)


class NotingReader(ReaderProcess):
    """A reader that notes which files it begins with."""

    def read(self, path, name, **options):
        note("read", name)
        return super().read(path, name, **options)


def read_folder(opened, _=None):
    """Give the folder to the one conversation, unless it has it; return its id when all of it is read."""
    opened.wait_for_model()
    chat, folders, [contracts] = (
        opened.program.chat,
        opened.program.services.folders,
        opened.folder.parent.glob(CONTRACTS),
    )
    opened.drain_store()
    result_of(folders.parts(()), opened.wait_until)  # by then, those of before are known
    for one in chat.conversations:
        chat.open(one.id)
        opened.wait_until(lambda one=one: chat.current.id == one.id)
    if not chat.current.settings.folders:
        opened.window.parts.folders.give(contracts)
    [state] = folders.known()
    opened.wait_until(lambda: folders.state(state.id).files and not folders.state(state.id).is_reading)
    assert folders.state(state.id).read == len(list(contracts.iterdir()))
    return state.id


def ask_folder(opened, luck):
    read_folder(opened)
    note("asking")
    for _ in range(QUESTIONS):
        house = luck.randrange(10)
        opened.ask(QUESTION.replace("%1", str(house)))
        note(house)


def ask_each_file(opened, _):
    """Begin a question to each file, or go on with the one that was begun, and note each row that is done."""
    read_folder(opened)
    chat, runs = opened.program.chat, opened.window.parts.each_file.runs
    begun = opened.program.services.store.file_runs
    kept = result_of(opened.program.services.work.run(begun, chat.current.id), opened.wait_until)
    opened.wait_until(lambda: len(runs.of_conversation(chat.current.id)) == len(kept))
    noted = set()

    def tell(id):
        for row in runs.run(id).rows:
            if row.state is not RowState.WAITS and row.path not in noted:
                noted.add(row.path)
                note(row.path, row.state, row.answer)

    runs.changed.connect(tell)
    note("asking")
    if kept:
        runs.go_on(kept[0].id)
    else:
        opened.window.parts.each_file.ask(QUESTION.replace("%1", "each"))
    opened.wait_until(lambda: any(each.next is None for each in runs.of_conversation(chat.current.id)))


def forget_folder(opened):
    [state] = opened.program.services.folders.known()
    opened.program.services.folders.forget(state.id)
    opened.wait_until(lambda: not list((opened.folder / "folders").iterdir()))


def look(opened, _):
    """Only start, and end as a user ends it."""
    opened.drain_store()


ACTIVITIES = {
    "typing": type_somewhere,
    "secrets": type_secrets,
    "answering": ask,
    "importing": bring_in,
    "moving": move,
    "exporting": export,
    "disk": fill_disk,
    "reading": read_folder,
    "asking": ask_folder,
    "asking each file": ask_each_file,
    "look": look,
}


def main(activity, folder, luck, *, forgets=False):
    services.ReaderProcess = NotingReader  # type: ignore[attr-defined, misc]
    app = Application(["candor", "-platform", "offscreen"])
    protocol = PROTOCOLS.get(activity, PROTOCOLS["ollama"])
    with running_server(protocol.script(protocol.good(ANSWER))) as server:
        os.environ.setdefault("OLLAMA_HOST", server.url if protocol.kind == "ollama" else "127.0.0.1:1")
        if activity in PROTOCOLS and protocol.kind != "ollama":
            ours = {"id": "ours", "kind": protocol.kind, "name": "ours", "address": server.url}
            settings = {"connections": [ours | {"preset": protocol.preset}]}
            settings["default_choice"] = {"connection_id": "ours", "model": MODEL}
            (folder / "settings.json").write_text(json.dumps(settings))
        if activity == "language":
            change_language(app, folder, luck)
        with open_program(app, folder) as opened:
            note("ready")
            if activity in PROTOCOLS:
                meet_hostile_server(opened, luck, server, protocol)
            else:
                ACTIVITIES[activity](opened, luck)
            if forgets:
                forget_folder(opened)
    os._exit(0)  # Qt need not take its application apart


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), random.Random(sys.argv[3]), forgets=FORGETS in sys.argv)
