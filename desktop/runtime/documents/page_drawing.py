"""The pages of a PDF file drawn as pictures to send: by the reader's process, then in the form in which pictures go."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

from PySide6.QtCore import QObject, Signal

from desktop.core.documents.pictures import PicturePreparer
from desktop.core.documents.reading import PageDrawer, PagePicture, ReadingError, ReadingProblem
from desktop.core.message import ImagePart
from desktop.runtime.background import BackgroundTasks, DaemonExecutor
from desktop.runtime.documents.attachment import Attachment, AttachmentState, FileProgress
from desktop.store.files import FileStore

_DPI = 144  # a page of A4 is then a little larger than what models look at


class PageDrawing(QObject):
    """A drawer of pages, of any number of files at once. Lives on the GUI thread, and blocks it nowhere."""

    stepped = Signal(object)  # the Attachment whose pages are drawn as it is now
    drawn = Signal(object, object)  # that Attachment, a list of Attachment in the order of the pages
    failed = Signal(object)  # ReadingError with the name of the file
    unused = Signal(str)  # the digest of a picture that was kept, and nobody waits for any more

    def __init__(
        self, work: BackgroundTasks, files: FileStore, prepare_picture: PicturePreparer, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._work = work
        self._files = files
        self._prepare_picture = prepare_picture
        self._thread = DaemonExecutor("pages")
        self._runs: dict[str, Future[Any]] = {}

    def start(self, drawer: PageDrawer, item: Attachment, names: Mapping[int, str]) -> None:
        """Draw the pages of these numbers; `names` are those of their pictures."""
        self.stop(item.id)
        self._step(item, 0, len(names))
        work = self._draw(drawer, item, list(names))

        def keep(pages: list[PagePicture]) -> None:
            if self._runs.get(item.id) is run:
                self._work.run_on(self._thread, lambda: self._keep(pages, names), finish, fail)

        def finish(made: list[Attachment]) -> None:
            if self._runs.get(item.id) is run:
                del self._runs[item.id]
                self.drawn.emit(item, made)
            else:
                self._drop(made)

        def fail(error: Exception) -> None:
            if self._runs.get(item.id) is run:
                del self._runs[item.id]
                self.stepped.emit(item)
                self.failed.emit(_as_reading_error(error, item.name))

        run = self._runs[item.id] = self._work.run_on_loop(work, keep, fail)

    def stop(self, id: str) -> None:
        """Stop drawing the pages of an attachment."""
        if id in self._runs:
            self._runs.pop(id).cancel()

    async def _draw(self, drawer: PageDrawer, item: Attachment, numbers: Sequence[int]) -> list[PagePicture]:
        """Return pictures of pages. Runs on the loop thread."""
        found: list[PagePicture] = []
        pages = drawer.draw_pages(self._files.path_of(item.digest), numbers, dpi=_DPI, password=item.password)
        async with aclosing(cast(AsyncGenerator[PagePicture, None], pages)) as drawn:
            async for page in drawn:
                found.append(page)
                self._step(item, len(found), len(numbers))
        return found

    def _step(self, item: Attachment, done: int, of: int) -> None:
        self.stepped.emit(replace(item, state=AttachmentState.READING, progress=FileProgress(done, of)))

    def _keep(self, pages: Sequence[PagePicture], names: Mapping[int, str]) -> list[Attachment]:
        """Keep pictures of pages as they are sent, all or none. Runs on the thread for it."""
        made: list[Attachment] = []
        try:
            for page in pages:
                made.append(self._kept(page, names[page.number]))
        except Exception:
            self._drop(made)
            raise
        return made

    def _kept(self, page: PagePicture, name: str) -> Attachment:
        picture = self._prepare_picture(page.png)
        kept = self._files.keep_bytes(picture.content)
        return Attachment(
            name,
            state=AttachmentState.READY,
            part=ImagePart(name, picture.media_type, kept.digest, picture.width, picture.height),
            thumbnail=picture.thumbnail,
            digest=kept.digest,
            size=kept.size,
        )

    def _drop(self, made: Sequence[Attachment]) -> None:
        for each in made:
            self._files.release(each.digest)
            self.unused.emit(each.digest)


def _as_reading_error(error: Exception, name: str) -> ReadingError:
    if not isinstance(error, ReadingError):
        error = ReadingError(ReadingProblem.CRASHED, str(error))
    error.name = name
    return error
