"""A conversation written to a file: read where the store reads, written where a slow folder holds up nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from desktop.core.conversation import Conversation
from desktop.core.exporting.format import Export, ExportFormat, ExportPart, ExportWords
from desktop.core.message import Message
from desktop.core.repository import ConversationStore
from desktop.runtime.threads.background_tasks import BackgroundTasks


class Exports:
    """A writer of conversations, as they are on the disk."""

    def __init__(
        self, tasks: BackgroundTasks, store: ConversationStore, write_file: Callable[[Path, bytes], None]
    ) -> None:
        """`write_file` replaces a file, or raises `StoreError`."""
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
        done: Callable[[object], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Write a conversation to `file`, and call one of `done` and `failed` on the GUI thread."""

        def write(messages: list[Message]) -> None:
            export = Export(conversation, messages, words, parts)
            self._tasks.run_slowly(lambda: self._write_file(file, form.write(export)), done, failed)

        self._tasks.run_on_store(lambda: self._store.path(conversation.id), write, failed)
