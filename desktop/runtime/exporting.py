"""Conversations written to a file, and brought in from one.

They are read where the store reads, and written and read where a slow folder holds up nothing else. A file of others is
read twice, to look into it and to take what is wanted, so that no more than one conversation is in memory.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from desktop.core.conversation import Conversation
from desktop.core.documents.document import ReadingError
from desktop.core.errors import StoreError
from desktop.core.exporting import (
    Export,
    ExportFormat,
    ExportPart,
    ExportWords,
    Imported,
    ImportedConversation,
    ImportedFile,
    ImportFault,
    ImportFaultError,
    summary,
)
from desktop.core.message import Message
from desktop.runtime.background import DaemonExecutor
from desktop.runtime.services import Services
from desktop.store.disk import write_or_refuse

_log = logging.getLogger(__name__)

_QUIET_S = 1.0  # no progress is told of what ends within this time
_STEP_S = 0.2  # between two reports of progress

FindSources = Callable[[Sequence[Message], Sequence[Message]], Mapping[str, str]]
"""Returns `Export.sources` of messages; the second are all of the conversation's path. Runs on the writing thread."""

ReadImported = Callable[[Path, Callable[[float], None]], Iterator[Imported]]
"""Yields the conversations at a path, and reports the share that is read. Raises `ImportFaultError` and `OSError`."""


class FileRunCancelledError(Exception):
    """Error for what the user has ended; nothing has been written."""


class FileRun(QObject):
    """A file while it is written or read. Progress is told of one that takes its time."""

    progressed = Signal(float)  # the share that is done

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._is_cancelled = threading.Event()
        self._told_at = clock() + _QUIET_S - _STEP_S

    @property
    def is_cancelled(self) -> bool:
        """True once the user has ended it."""
        return self._is_cancelled.is_set()

    def cancel(self) -> None:
        """End it at its next step."""
        self._is_cancelled.set()

    def report(self, share: float) -> None:
        """Note how far it has come. Runs on the working thread; raises `FileRunCancelledError`."""
        if self._is_cancelled.is_set():
            raise FileRunCancelledError
        now = self._clock()
        if now - self._told_at >= _STEP_S:
            self._told_at = now
            self.progressed.emit(share)


async def read_export(
    services: Services,
    conversation: Conversation,
    words: ExportWords,
    parts: frozenset[ExportPart],
    *,
    message_ids: Sequence[str] = (),
    has_versions: bool = False,
    find_sources: FindSources | None = None,
) -> Export:
    """Read a conversation as it is on the disk: the messages of its path, these, or those of all versions."""
    work, store = services.work, services.store
    if message_ids:
        messages = await work.run(store.messages, list(message_ids))
    else:
        messages = await work.run(store.all_messages if has_versions else store.path, conversation.id)
    sources: Mapping[str, str] = {}
    if find_sources is not None:
        path = await work.run(store.path, conversation.id)
        sources = await work.slowly(lambda: find_sources(messages, path))
    return Export(conversation, messages, words, parts, sources=sources)


async def write_export(services: Services, run: FileRun, file: Path, form: ExportFormat, export: Export) -> None:
    """Write what was read to a file. Raises `StoreError` and `FileRunCancelledError`."""

    def picture(digest: str) -> bytes | None:
        try:
            return services.store.files.read_bytes(digest)
        except ReadingError:
            return None  # it is gone

    export = replace(export, progress=run.report, read_picture=picture)
    await services.work.slowly(lambda: write_or_refuse(file, form.write(export)))


async def write_made(services: Services, file: Path, make: Callable[[], bytes]) -> None:
    """Write what `make` makes on the writing thread. Raises `StoreError`."""
    await services.work.slowly(lambda: write_or_refuse(file, make()))


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

    def __init__(self, services: Services, read_imported: ReadImported) -> None:
        self._work = services.work
        self._store = services.store
        self._read_imported = read_imported
        self._thread = DaemonExecutor("import")

    async def look_into(self, run: FileRun, path: Path) -> ImportOffer:
        """Read a file or folder without taking anything. Raises `ImportFaultError` and `FileRunCancelledError`."""
        try:
            found = await self._work.on(self._thread, lambda: summary(self._read_imported(path, run.report)))
        except OSError:
            raise ImportFaultError(ImportFault.UNREADABLE) from None
        return ImportOffer(path, found, await self._work.run(self._known))

    async def bring_in(self, run: ImportRun, path: Path, chosen: Collection[str]) -> None:
        """Store the conversations with these ids one after another, each whole or not at all, until cancelled."""
        wanted = set(chosen)
        entries = self._read_imported(path, run.report)
        while not run.is_cancelled:
            try:
                one = await self._work.on(self._thread, lambda: self._next_of(entries, wanted))
            except Exception as error:  # what was taken before stays
                _log.warning("the rest of a file of conversations could not be read: %s", error)
                return
            if one is None:
                return
            try:
                await self._work.run(self._store.begin_reply, one.conversation, list(one.messages))
            except StoreError:
                run.failed.append(one.conversation.title)
            else:
                run.taken.append(one.conversation)
            for digest in one.pictures:
                self._store.files.release(digest)
            run.advanced.emit(len(run.taken) + len(run.failed))

    def _next_of(self, entries: Iterator[Imported], wanted: set[str]) -> ImportedConversation | None:
        """Return the next conversation that is wanted, with its pictures kept. Runs on the thread for it."""
        for entry in entries if wanted else ():
            if isinstance(entry, ImportedConversation) and entry.conversation.id in wanted:
                wanted.discard(entry.conversation.id)
                # A date to come would hold it back from whoever counts the days since.
                updated_at = min(entry.conversation.updated_at, time.time())
                conversation = replace(entry.conversation, updated_at=updated_at)
                return replace(entry, conversation=conversation, pictures=self._keep(entry.pictures))
        return None

    def _keep(self, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
        """Keep the bytes of pictures, and return which. One that cannot be kept is still named in its message."""
        kept = {}
        for digest, content in pictures.items():
            try:
                self._store.files.keep_bytes(content)
            except ReadingError:
                continue
            kept[digest] = b""
        return kept

    def _known(self) -> frozenset[str]:
        binned = (conversation.id for conversation, _ in self._store.binned_conversations())
        return frozenset([*(each.id for each in self._store.conversations()), *binned])
