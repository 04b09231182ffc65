"""A running loop thread, a real store, and a chat over a scripted backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from desktop.core.backend import Backend
from desktop.core.connection import Connection, ConnectionKind, Secrets
from desktop.core.message import Message
from desktop.core.model import ModelChoice
from desktop.core.policy.fixed import Policy
from desktop.rendering.pictures.preparing import prepare_picture
from desktop.runtime.background import BackgroundTasks, LoopThread
from desktop.runtime.chat import Chat
from desktop.runtime.documents.files import Attachments
from desktop.runtime.generation import Generation
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.services import Services
from desktop.store.database import SqliteStore, open_store
from tests.support.scripted_reader import ScriptedReader
from tests.support.waiting import PATIENCE

CONNECTION = Connection(kind=ConnectionKind.OLLAMA, name="here", address="http://127.0.0.1:1", id="here")


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

    @property
    def path(self) -> list[Message]:
        """The messages in front that are in memory."""
        path = self.chat.path
        return [message for entry in path.entries if (message := path.message(entry.id)) is not None]

    @property
    def reply(self) -> Message:
        """The last message in front."""
        assert self.chat.path.last is not None
        return self.chat.path.last

    @property
    def running(self) -> Generation:
        """The generation that runs in front."""
        assert self.chat.generation is not None
        return self.chat.generation

    def stored(self) -> SqliteStore:
        return open_store(self.database)

    def stored_path(self) -> list[Message]:
        """The messages in front as they are on the disk; what runs is found as after a crash."""
        with closing(self.stored()) as store:
            return store.path(self.chat.current.id)


MakeBench = Callable[[Backend], Bench]


def services_of(work: BackgroundTasks, models: ModelDirectory, policy: Policy | None = None) -> Services:
    """What parts share, where nothing lies on the disk."""
    return Services(work, store=None, models=models, settings=None, policy=policy or Policy())


def drain(work: BackgroundTasks) -> None:
    """Let everything come about that has been asked for: on the disk, in the window, then on the loop."""

    async def nothing() -> None:
        pass

    work.run(int).future.result(PATIENCE)
    QCoreApplication.sendPostedEvents()
    work.loop.submit(nothing()).result(PATIENCE)


@pytest.fixture
def work(qtbot: QtBot) -> Iterator[BackgroundTasks]:
    loop = LoopThread()
    loop.start()
    made = BackgroundTasks(loop)
    yield made
    loop.stop()
    made.close_store(lambda: None)


@pytest.fixture
def make_bench(work: BackgroundTasks, qtbot: QtBot, tmp_path: Path) -> Iterator[MakeBench]:
    stores: list[SqliteStore] = []

    def make(backend: Backend) -> Bench:
        database = tmp_path / "candor.db"
        store = SqliteStore(database)
        stores.append(store)
        models = ModelDirectory(work, lambda connection, key: backend, lambda connection: Secrets())
        with qtbot.waitSignal(models.changed, check_params_cb=None, timeout=5000):
            models.set_connections([CONNECTION])
        qtbot.waitUntil(lambda: models.listings[0].models is not None or models.listings[0].failure is not None)
        reader = ScriptedReader()
        services = Services(work, store, models, settings=None, policy=Policy())
        chat = Chat(services, Attachments(work, store, lambda: reader, prepare_picture))
        chat.default_choice = ModelChoice("here", "scripted")
        chat.new()
        return Bench(work, chat, models, store, backend, database, reader)

    yield make
    for store in stores:
        work.run(store.close).future.result(PATIENCE)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
