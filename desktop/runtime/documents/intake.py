"""The way of a file into a message: copied, told what it is, read or made into a picture, and its text made.

Each step takes an attachment and tells with a signal how it stands then. Which attachments there are is `attachments`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.core.documents.document import Document
from desktop.core.documents.keeping import CopyCancelled, KeptFile
from desktop.core.documents.pictures import HEAD_BYTES, PicturePreparer, PreparedPicture, picture_kind
from desktop.core.documents.reading import FileReader, ReadingError, ReadingProblem
from desktop.core.documents.selection import attachment
from desktop.core.message import AttachmentPart, ImagePart
from desktop.runtime.background import BackgroundTasks, DaemonExecutor
from desktop.runtime.documents.attachment import Attachment, AttachmentState, FileProgress
from desktop.runtime.documents.copying import Copies
from desktop.runtime.documents.reading import FileToRead, Reading, WarningsOfText, warnings_of
from desktop.store.files import FileStore

_log = logging.getLogger(__name__)

_LARGEST_PICTURE = 1 << 28  # bytes of its file


class Intake(QObject):
    """A worker on files. Lives on the GUI thread, and blocks it nowhere."""

    stepped = Signal(object)  # the Attachment as it is now
    not_kept = Signal(object, object)  # an Attachment of which nothing was kept, ReadingError
    unused = Signal(str)  # the digest of a file that was kept on the way, and is claimed here no longer

    _woken = Signal(str)

    def __init__(
        self,
        work: BackgroundTasks,
        files: FileStore,
        reader: Callable[[], FileReader],
        prepare_picture: PicturePreparer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._files = files
        self._make_reader = reader
        self._reader: FileReader | None = None  # imported with the first file
        self._prepare_picture = prepare_picture
        self._thread = DaemonExecutor("documents")
        self._warning_thread = DaemonExecutor("warnings")  # which may take seconds, and nothing waits for
        self._pictures = DaemonExecutor("pictures")  # that are shown; they do not wait for a long text
        self._copies = Copies(work, self)
        self._copies.progressed.connect(self._on_copy_progressed)
        self._copies.stuck.connect(self._on_copy_stuck)
        self._runs: dict[str, Attachment] = {}  # what is worked on, as it was when that began
        self._now: dict[str, Attachment] = {}  # and as it is now
        self._readings: dict[str, tuple[Reading, Future[Any]]] = {}
        self._woken.connect(self._on_woken)

    def copy_file(self, item: Attachment, source: Path) -> None:
        """Keep a file of the user's, and go on with what it is."""
        self._keep(item, partial(self._files.keep_file, source))

    def copy_bytes(self, item: Attachment, content: bytes) -> None:
        """Keep bytes as a file, and go on with what they are."""
        self._keep(item, lambda _go_on: self._files.keep_bytes(content))

    def open_kept(self, item: Attachment) -> None:
        """Read a kept file, or make the picture that it is."""
        self.stop(item.id)
        item = replace(
            item, state=AttachmentState.READING, progress=FileProgress(), document=None, part=None, problem=None
        )
        self._start(item)
        self._step(item)
        path = self._files.path_of(item.digest)
        self._do(item, lambda: _head_of(path), lambda head: self._open(item, head))

    def make_part(self, item: Attachment) -> None:
        """Make what is sent of a document that has been read, by its selection."""
        document, selection, digest = item.document, item.selection, item.digest
        assert document is not None
        self._start(item)
        self._do(item, lambda: attachment(document, selection, digest), partial(self._on_part_made, item))

    def look_at(self, item: Attachment) -> None:
        """Find out what the user should see of a file, which is ready without it."""
        self._start(item)
        match item.part:
            case AttachmentPart(text=text):
                thread = self._warning_thread
                self._do(item, lambda: warnings_of(text), partial(self._on_warnings, item), thread=thread)
            case ImagePart(digest=digest):
                self._do(item, partial(self._picture, digest), partial(self._on_seen, item))

    def load_picture(self, digest: str, show: Callable[[bytes], None]) -> None:
        """Read a picture that is kept and call `show` with its bytes; not if it is gone."""

        def note(error: Exception) -> None:
            _log.info("a picture is not there: %s", error)

        self._work.run_on(self._pictures, lambda: self._files.read_bytes(digest), show, note)

    @property
    def reader(self) -> FileReader:
        """The reader of files, which is made for the first one."""
        if self._reader is None:
            self._reader = self._make_reader()
        return self._reader

    def stop(self, id: str) -> None:
        """Stop all that is done with an attachment."""
        self._runs.pop(id, None)
        self._now.pop(id, None)
        self._copies.cancel(id)
        if id in self._readings:
            self._readings.pop(id)[1].cancel()

    def _start(self, item: Attachment) -> None:
        self._runs[item.id] = self._now[item.id] = item

    def _step(self, item: Attachment) -> None:
        self._now[item.id] = item
        if item.is_settled:
            self._runs.pop(item.id, None)
            self._now.pop(item.id, None)
        self.stepped.emit(item)

    def _do(
        self,
        item: Attachment,
        function: Callable[[], Any],
        on_done: Callable[[Any], None],
        on_late: Callable[[Any], None] | None = None,
        thread: DaemonExecutor | None = None,
    ) -> None:
        """Do a step on the thread for it; instead of `on_done`, `on_late` is called if it was stopped meanwhile."""
        run = self._runs.get(item.id)

        def done(outcome: Any) -> None:
            if self._runs.get(item.id) is run:
                on_done(outcome)
            elif on_late is not None:
                on_late(outcome)

        def failed(error: Exception) -> None:
            if self._runs.get(item.id) is run:
                self._on_failed(item, error)

        self._work.run_on(thread or self._thread, function, done, failed)

    def _on_failed(self, item: Attachment, error: Exception) -> None:
        if item.is_settled and not isinstance(error, ReadingError):  # it can be sent, whatever is not known of it
            _log.error("a file that is ready could not be looked at", exc_info=error)
            self._step(item)
            return
        self._readings.pop(item.id, None)
        self._step(item.failed(_as_reading_error(error)))

    # Keeping

    def _keep(self, item: Attachment, keep: Callable[[Callable[[int, int], bool]], KeptFile]) -> None:
        self._start(item)
        self._copies.copy_file(
            item.id, keep, partial(self._on_kept, item), lambda error: self._on_not_kept(item, error)
        )

    def _on_copy_progressed(self, id: str, copied: int, of: int) -> None:
        if item := self._now.get(id):
            self._step(replace(item, progress=FileProgress(copied, of)))

    def _on_copy_stuck(self, id: str) -> None:
        item = self._now.get(id)
        if item is not None and not item.progress.is_stuck:
            self._step(replace(item, progress=replace(item.progress, is_stuck=True)))

    def _on_kept(self, item: Attachment, kept: KeptFile) -> None:
        if self._runs.get(item.id) is not item:
            self._give_up(kept.digest)
            return
        self.open_kept(replace(item, digest=kept.digest, size=kept.size, pasted=""))

    def _on_not_kept(self, item: Attachment, error: Exception) -> None:
        if self._runs.get(item.id) is item and not isinstance(error, CopyCancelled):
            self.stop(item.id)
            self.not_kept.emit(item, _as_reading_error(error))

    def _give_up(self, digest: str) -> None:
        self._files.release(digest)
        self.unused.emit(digest)

    # Telling what it is

    def _open(self, item: Attachment, head: bytes) -> None:
        if picture_kind(head):
            self._do(
                item,
                partial(self._kept_picture, item.digest),
                partial(self._on_prepared, item),
                lambda found: self._give_up(found[1].digest),
            )
        else:
            self._read(item)

    # Pictures

    def _picture(self, digest: str) -> PreparedPicture:
        """Make the picture that is sent. Raises `ReadingError`. Runs on the thread for it."""
        content = self._files.read_bytes(digest)
        if len(content) > _LARGEST_PICTURE:
            raise ReadingError(ReadingProblem.TOO_LARGE)
        return self._prepare_picture(content)

    def _kept_picture(self, digest: str) -> tuple[PreparedPicture, KeptFile]:
        picture = self._picture(digest)
        return picture, self._files.keep_bytes(picture.content)

    def _on_prepared(self, item: Attachment, found: tuple[PreparedPicture, KeptFile]) -> None:
        picture, kept = found
        part = ImagePart(item.name, picture.media_type, kept.digest, picture.width, picture.height)
        ready = replace(item, state=AttachmentState.READY, part=part, thumbnail=picture.thumbnail)
        self._step(replace(ready, digest=kept.digest, size=kept.size))
        self._give_up(item.digest)  # with all that a camera had written into it

    def _on_seen(self, item: Attachment, picture: PreparedPicture) -> None:
        self._step(replace(item, thumbnail=picture.thumbnail))

    # Documents

    def _read(self, item: Attachment) -> None:
        run = self._runs.get(item.id)
        file = FileToRead(self._files.path_of(item.digest), item.name, item.password, item.encoding)
        reading = Reading(file, lambda: self._woken.emit(item.id))

        def failed(error: Exception) -> None:
            if self._runs.get(item.id) is run:
                self._on_failed(item, error)

        work = reading.read_through(self.reader)
        future = self._work.run_on_loop(work, lambda document: self._on_read(item, run, document), failed)
        self._readings[item.id] = reading, future

    def _on_woken(self, id: str) -> None:
        item, found = self._now.get(id), self._readings.get(id)
        if item is not None and found is not None:
            document = found[0].so_far
            progress = FileProgress(len(document.sections), found[0].sections_to_come)
            self._step(replace(item, document=document, progress=progress))

    def _on_read(self, item: Attachment, run: Attachment | None, document: Document) -> None:
        if self._runs.get(item.id) is not run:
            return
        self._readings.pop(item.id, None)
        progress = FileProgress(len(document.sections), len(document.sections))
        item = replace(item, document=document, progress=progress)
        self._step(item)
        self.make_part(item)

    def _on_part_made(self, item: Attachment, part: AttachmentPart) -> None:
        item = replace(item, state=AttachmentState.READY, part=part)
        self._step(item)
        self.look_at(item)

    def _on_warnings(self, item: Attachment, found: WarningsOfText) -> None:
        self._step(replace(item, orders=found.orders, personal=found.personal))


def _head_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise ReadingError(ReadingProblem.GONE, str(error)) from error


def _as_reading_error(error: Exception) -> ReadingError:
    if isinstance(error, ReadingError):
        return error
    _log.error("a file could not be worked on", exc_info=error)
    return ReadingError(ReadingProblem.CRASHED, str(error))
