"""A running loop thread, a real store, and a chat over a scripted backend."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.events import Finished, FinishReason, TextDelta
from desktop.core.model import ModelChoice
from desktop.core.policy.fixed import Policy
from desktop.rendering.pictures import prepare_picture
from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.chat import Chat
from desktop.runtime.files import Attachments
from desktop.runtime.folders import Folders
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.services import Services
from desktop.store.database import SqliteStore, open_store
from tests.support.long_conversation import put_long_conversation
from tests.support.scripted_backend import ScriptedBackend
from tests.support.scripted_reader import ScriptedReader
from tests.support.tasks import result_of
from tests.support.waiting import PATIENCE

MS = 100_000  # to wait for a signal, at most: a computer that does much else besides is slow, not broken
CONNECTION = Connection(kind=ConnectionKind.OLLAMA, name="here", address="http://127.0.0.1:1", id="here")


def answer(text):
    """The script of a complete reply."""
    return [TextDelta(text), Finished(FinishReason.STOP)]


@dataclass
class Bench:
    """The parts of a running chat; `stored` reads the database from outside, as another program would."""

    work: BackgroundTasks
    chat: Chat
    models: ModelDirectory
    store: SqliteStore
    backend: Any  # the test's own, whatever its class
    database: Path
    reader: ScriptedReader
    folders: Folders
    qtbot: QtBot

    @property
    def path(self):
        """The messages in front that are in memory."""
        path = self.chat.path
        return [message for entry in path.entries if (message := path.message(entry.id)) is not None]

    @property
    def reply(self):
        """The last message in front."""
        assert self.chat.path.last is not None
        return self.chat.path.last

    @property
    def running(self):
        """The generation that runs in front."""
        assert self.chat.generation is not None
        return self.chat.generation

    @property
    def texts(self):
        """What the messages say that are in front and in memory."""
        return [message.text for message in self.path]

    @property
    def versions(self):
        """Which version of how many each message in front is."""
        return [(entry.version, entry.versions) for entry in self.chat.path.entries]

    def wait(self, condition):
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=MS)

    def signal(self, *signals):
        """The context that waits for a signal, or for all of several."""
        return (
            self.qtbot.waitSignals(signals, timeout=MS) if signals[1:] else self.qtbot.waitSignal(*signals, timeout=MS)
        )

    def drain(self):
        drain(self.work)

    def ended(self):
        """Wait for the end of the reply that runs, and return it."""
        self.wait(lambda: self.chat.generation is None)
        self.drain()
        return self.reply

    def reply_to(self, begin, text=""):
        """Start a generation that answers with `text`, and return the reply when it has ended."""
        if text:
            self.backend.script = answer(text)
        with self.signal(self.chat.generation_ended):
            assert begin()
        self.drain()
        return self.reply

    def ask(self, text, **sent):
        """Send a message, and return the reply when it has ended."""
        return self.reply_to(lambda: self.chat.send(text, **sent))

    def say(self, text, reply):
        """Send a message that is answered with `reply`."""
        return self.reply_to(lambda: self.chat.send(text), reply)

    def open(self, conversation_id):
        """Open a conversation, and return its draft."""
        with self.signal(self.chat.opened) as opened:
            self.chat.open(conversation_id)
        return opened.args[2]

    def awaited(self, coming):
        """What a coroutine of the GUI's thread returns."""
        return result_of(coming, self.wait)

    def on_disk(self, query, *given):
        """What the database answers to another program."""
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute(query, given).fetchall()

    def refuse(self, what):
        """Have the disk refuse something, as `INSERT ON messages`, until `DROP TRIGGER refuse`."""
        self.on_disk(f"CREATE TRIGGER refuse BEFORE {what} BEGIN SELECT RAISE(ABORT, 'no'); END")

    def stored(self):
        return open_store(self.database)

    def stored_path(self):
        """The messages in front as they are on the disk; what runs is found as after a crash."""
        with closing(self.stored()) as store:
            return store.path(self.chat.current.id)


def services_of(work, models=None, store=None):
    """What parts share, where the rest of it is not needed."""
    folders = cast(Any, SimpleNamespace(follow_policy=lambda: None, hold=lambda shall: None))
    return Services(work, store=store, models=models, settings=None, policy=Policy(), folders=folders)


def drain(work):
    """Let everything come about that has been asked for: on the disk, in the window, then on the loop."""

    async def nothing():
        pass

    work.run(int).future.result(PATIENCE)
    QCoreApplication.sendPostedEvents()
    work.loop.submit(nothing()).result(PATIENCE)


@pytest.fixture
def work(qtbot):
    loop = LoopThread()
    loop.start()
    made = BackgroundTasks(loop)
    yield made
    loop.stop()
    made.close_store(lambda: None)


@pytest.fixture
def make_bench(work, qtbot, tmp_path):
    made: list[Bench] = []

    def make(given):
        backend = ScriptedBackend(given) if isinstance(given, list | tuple) else given
        database = tmp_path / "candor.db"
        store = SqliteStore(database)
        models = ModelDirectory(work, lambda connection, key: backend, lambda connection: Secrets())
        with qtbot.waitSignal(models.changed, check_params_cb=None, timeout=5000):
            models.set_connections([CONNECTION])
        qtbot.waitUntil(lambda: models.listings[0].models is not None or models.listings[0].failure is not None)
        reader = ScriptedReader()
        folders = Folders(work, tmp_path, store, lambda: reader, lambda: services.policy)
        services = Services(work, store, models, settings=None, policy=Policy(), folders=folders)
        chat = Chat(services, Attachments(work, store, lambda: reader, prepare_picture))
        chat.default_choice = ModelChoice("here", "scripted")
        chat.new()
        made.append(Bench(work, chat, models, store, backend, database, reader, folders, qtbot))
        return made[-1]

    yield make
    for bench in made:
        work.run(bench.store.close).future.result(PATIENCE)
        work.loop.submit(bench.models.aclose()).result(PATIENCE)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def long_bench(make_bench, count):
    """A chat over a stored conversation of `count` messages, which is not open yet."""
    bench = make_bench(answer("It is\nfour."))
    put_long_conversation(bench.database, count)
    with bench.signal(bench.chat.conversations_changed):
        bench.chat.load()
    return bench


def open_first(bench):
    """Open the oldest conversation, ready to talk; its end is there, the rest may not be."""
    bench.open(bench.chat.conversations[-1].id)
    bench.chat.choose_model(ModelChoice("here", "scripted"))
    return bench.chat.path


def open_whole(bench):
    """The same, and wait for the rest."""
    path = open_first(bench)
    bench.wait(lambda: path.is_whole)
    return path


def server(place, address, kind=ConnectionKind.OLLAMA):
    return Connection(kind=kind, name=place, address=address, id=place)


HERE = server("here", "http://127.0.0.1:1")
NEAR = server("near", "http://10.0.0.9:11434")
FAR = server("far", "https://models.example.com/v1", ConnectionKind.OPENAI_COMPAT)
FILES = server("files", "", ConnectionKind.BUILT_IN)


@pytest.fixture
def offer(work, qtbot):
    """Have backends answer at connections; `backend` makes that of one."""

    made: list[ModelDirectory] = []

    def make(connections, backend, **given):
        models = ModelDirectory(work, lambda each, _: backend(each), lambda _: Secrets(), **given)
        made.append(models)
        models.set_connections(connections)
        qtbot.waitUntil(lambda: not models.is_loading)
        return models

    yield make
    for models in made:
        work.loop.submit(models.aclose()).result(PATIENCE)
