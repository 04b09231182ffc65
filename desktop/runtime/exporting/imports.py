"""Conversations brought from a file: read where a slow disk holds up nothing, looked at, and taken one by one.

A file is read twice, to look into it and to take what is wanted, so that no more than one conversation is in memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal

from desktop.core.conversation import Conversation
from desktop.core.documents.reading import ReadingError
from desktop.core.exporting.imported import (
    Imported,
    ImportedConversation,
    ImportedFile,
    ImportFault,
    ImportFaultError,
    summary,
)
from desktop.runtime.background import BackgroundTasks, DaemonExecutor
from desktop.runtime.exporting.file_run import FileRun
from desktop.store.database import SqliteStore
from desktop.store.files import FileStore

ReadImported = Callable[[Path, Callable[[float], None]], Iterator[Imported]]
"""Yields the conversations at a path, and reports the share that is read. Raises `ImportFaultError` and `OSError`."""


@dataclass(frozen=True, slots=True)
class ImportOffer:
    """The content of a file or folder, and the ids of those of its conversations that are here, be it in the bin."""

    path: Path
    found: ImportedFile
    known: frozenset[str]


class ImportRun(FileRun):
    """An import while it goes on. One that is cancelled takes no more; what has been taken stays."""

    advanced = Signal(int)  # conversations that are done, be they taken or not

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Conversation] = []
        self.failed: list[str] = []  # titles


class Imports:
    """A reader of files of conversations, and the one who stores what the user wants of them."""

    def __init__(
        self, tasks: BackgroundTasks, store: SqliteStore, files: FileStore, read_imported: ReadImported
    ) -> None:
        self._tasks = tasks
        self._store = store
        self._files = files
        self._read_imported = read_imported
        self._thread = DaemonExecutor("import")

    def look_into(
        self, path: Path, done: Callable[[ImportOffer], None], failed: Callable[[Exception], None]
    ) -> FileRun:
        """Read a file or folder without taking anything, and call one of `done` and `failed` on the GUI thread."""
        run = FileRun()

        def read() -> ImportedFile:
            try:
                return summary(self._read_imported(path, run.report))
            except OSError:
                raise ImportFaultError(ImportFault.UNREADABLE) from None

        def compare(found: ImportedFile) -> None:
            self._tasks.run_on_store(lambda: ImportOffer(path, found, self._known()), done, failed)

        self._tasks.run_on(self._thread, read, compare, failed)
        return run

    def bring_in(self, path: Path, chosen: Collection[str], done: Callable[[ImportRun], None]) -> ImportRun:
        """Store the conversations with these ids one after another, each whole or not at all.

        Calls `done` on the GUI thread when there are no more, or the run was cancelled.
        """
        run = ImportRun()
        wanted = set(chosen)
        entries = self._read_imported(path, run.report)

        def next_wanted() -> ImportedConversation | None:
            for entry in entries if wanted else ():
                if isinstance(entry, ImportedConversation) and entry.conversation.id in wanted:
                    wanted.discard(entry.conversation.id)
                    # A date to come would hold it back from whoever counts the days since.
                    updated_at = min(entry.conversation.updated_at, time.time())
                    conversation = replace(entry.conversation, updated_at=updated_at)
                    return replace(entry, conversation=conversation, pictures=self._kept(entry.pictures))
            return None

        def go_on() -> None:
            if run.is_cancelled:
                done(run)
            else:
                self._tasks.run_on(self._thread, next_wanted, store, lambda _: done(run))

        def end(one: ImportedConversation) -> None:
            for digest in one.pictures:
                self._files.release(digest)
            run.advanced.emit(len(run.taken) + len(run.failed))
            go_on()

        def store(one: ImportedConversation | None) -> None:
            if one is None:
                done(run)
                return

            def on_stored(_: object) -> None:
                run.taken.append(one.conversation)
                end(one)

            def on_failed(_: Exception) -> None:
                run.failed.append(one.conversation.title)
                end(one)

            begin = partial(self._store.begin_reply, one.conversation, list(one.messages))
            self._tasks.run_on_store(begin, on_stored, on_failed)

        go_on()
        return run

    def _kept(self, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
        """Keep the bytes of pictures, and return which. One that cannot be kept is still named in its message."""
        kept = {}
        for digest, content in pictures.items():
            try:
                self._files.keep_bytes(content)
            except ReadingError:
                continue
            kept[digest] = b""
        return kept

    def _known(self) -> frozenset[str]:
        binned = (conversation.id for conversation, _ in self._store.binned_conversations())
        return frozenset([*(each.id for each in self._store.conversations()), *binned])
