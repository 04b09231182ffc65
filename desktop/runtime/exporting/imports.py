"""Conversations brought from a file: read where a slow disk holds up nothing, looked at, and taken one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop.core.conversation import Conversation
from desktop.core.exporting.imported import (
    MOST_BYTES,
    ImportedConversation,
    ImportedFile,
    ImportFault,
    ImportFaultError,
)
from desktop.core.repository import ConversationStore
from desktop.runtime.threads.background_tasks import BackgroundTasks


@dataclass(frozen=True, slots=True)
class ImportOffer:
    """A file's content, and the ids of those of its conversations that are here already, be it in the bin."""

    found: ImportedFile
    known: frozenset[str]


class ImportRun:
    """An import while it goes on; it can be ended between two conversations."""

    def __init__(self) -> None:
        self.is_cancelled = False
        self.taken: list[Conversation] = []
        self.failed: list[str] = []  # titles

    def cancel(self) -> None:
        """Take no more; what has been taken stays."""
        self.is_cancelled = True


class Imports:
    """A reader of files of conversations, and the one who stores what the user wants of them."""

    def __init__(
        self, tasks: BackgroundTasks, store: ConversationStore, read_content: Callable[[bytes], ImportedFile]
    ) -> None:
        """`read_content` returns what a file holds, or raises `ImportFaultError`."""
        self._tasks = tasks
        self._store = store
        self._read_content = read_content

    def look_into(self, file: Path, done: Callable[[ImportOffer], None], failed: Callable[[Exception], None]) -> None:
        """Read a file without taking anything, and call one of `done` and `failed` on the GUI thread."""

        def read() -> ImportedFile:
            try:
                if file.stat().st_size > MOST_BYTES:
                    raise ImportFaultError(ImportFault.TOO_LARGE)
                content = file.read_bytes()
            except OSError:
                raise ImportFaultError(ImportFault.UNREADABLE) from None
            return self._read_content(content)

        def compare(found: ImportedFile) -> None:
            self._tasks.run_on_store(lambda: ImportOffer(found, self._known()), done, failed)

        self._tasks.run_slowly(read, compare, failed)

    def bring_in(
        self,
        chosen: Sequence[ImportedConversation],
        progressed: Callable[[ImportRun, int], None],
        done: Callable[[ImportRun], None],
    ) -> ImportRun:
        """Store conversations one after another, each whole or not at all; call `done` on the GUI thread."""
        run = ImportRun()

        def store_from(at: int) -> None:
            if at == len(chosen) or run.is_cancelled:
                done(run)
                return
            one = chosen[at]

            def on_stored(_: object) -> None:
                run.taken.append(one.conversation)
                go_on()

            def on_failed(_: Exception) -> None:
                run.failed.append(one.conversation.title)
                go_on()

            def go_on() -> None:
                progressed(run, at + 1)
                store_from(at + 1)

            self._tasks.run_on_store(
                lambda: self._store.begin_reply(one.conversation, list(one.messages)), on_stored, on_failed
            )

        store_from(0)
        return run

    def _known(self) -> frozenset[str]:
        binned = (conversation.id for conversation, _ in self._store.binned_conversations())
        return frozenset([*(each.id for each in self._store.conversations()), *binned])
