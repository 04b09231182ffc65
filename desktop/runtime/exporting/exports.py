"""A conversation written to a file: read where the store reads, written where a slow folder holds up nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from desktop.core.conversation import Conversation
from desktop.core.documents.reading import ReadingError
from desktop.core.exporting.format import Export, ExportFormat, ExportPart, ExportWords
from desktop.core.message import Message
from desktop.runtime.background import BackgroundTasks
from desktop.runtime.exporting.file_run import FileRun
from desktop.store.database import SqliteStore
from desktop.store.files import FileStore

FindSources = Callable[[Sequence[Message], Sequence[Message]], Mapping[str, str]]
"""Returns `Export.sources` of messages; the second are all of the conversation's path. Runs on the writing thread."""


class Exports:
    """A writer of conversations, as they are on the disk."""

    def __init__(
        self,
        tasks: BackgroundTasks,
        store: SqliteStore,
        files: FileStore,
        write_file: Callable[[Path, bytes], None],
    ) -> None:
        """`write_file` replaces a file, or raises `StoreError`."""
        self._files = files
        self._tasks = tasks
        self._store = store
        self._write_file = write_file

    def write(
        self,
        conversation: Conversation,
        file: Path,
        form: ExportFormat,
        words: ExportWords,
        *,
        parts: frozenset[ExportPart],
        message_ids: Sequence[str] = (),
        find_sources: FindSources | None = None,
        done: Callable[[object], None],
        failed: Callable[[Exception], None],
    ) -> FileRun:
        """Write a conversation, or some messages of it, and call one of `done` and `failed` on the GUI thread."""
        run = FileRun()

        def write(messages: list[Message], sources: Mapping[str, str]) -> None:
            export = Export(conversation, messages, words, parts, run.report, self._picture, sources)
            self._tasks.run_slowly(lambda: self._write_file(file, form.write(export)), done, failed)

        def find_first(messages: list[Message]) -> None:
            self.find_sources(conversation, messages, find_sources, lambda found: write(messages, found), failed)

        if form.HAS_VERSIONS and not message_ids:
            self._tasks.run_on_store(lambda: self._store.all_messages(conversation.id), find_first, failed)
        else:
            self.read(conversation, message_ids, find_first, failed)
        return run

    def write_made(
        self, file: Path, make: Callable[[], bytes], done: Callable[[object], None], failed: Callable[[Exception], None]
    ) -> None:
        """Write what `make` makes on the writing thread, and call one of `done` and `failed` on the GUI thread."""
        self._tasks.run_slowly(lambda: self._write_file(file, make()), done, failed)

    def make_ready(
        self, make: Callable[[], None], done: Callable[[object], None], failed: Callable[[Exception], None]
    ) -> None:
        """Do on the writing thread what has to be there first, and call one of `done` and `failed`."""
        self._tasks.run_slowly(make, done, failed)

    def read(
        self,
        conversation: Conversation,
        message_ids: Sequence[str],
        done: Callable[[list[Message]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Read all messages of a conversation's path, or these, and call one of `done` and `failed`."""

        def read() -> list[Message]:
            return self._store.messages(list(message_ids)) if message_ids else self._store.path(conversation.id)

        self._tasks.run_on_store(read, done, failed)

    def find_sources(
        self,
        conversation: Conversation,
        messages: Sequence[Message],
        find: FindSources | None,
        done: Callable[[Mapping[str, str]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Find the sources of messages on the writing thread, and call one of `done` and `failed`; no `find`: none."""
        if find is None:
            done({})
            return

        def ready(path: list[Message]) -> None:
            self._tasks.run_slowly(lambda: find(messages, path), done, failed)

        self._tasks.run_on_store(lambda: self._store.path(conversation.id), ready, failed)

    def _picture(self, digest: str) -> bytes | None:
        """Return the bytes of a kept picture, or None if they are gone."""
        try:
            return self._files.read_bytes(digest)
        except ReadingError:
            return None
