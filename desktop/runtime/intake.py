"""The way of a file into a message: copied, told what it is, read or made into a picture, and its text made.

Which files there are is `files`. A drive that is gone, a long text and a picture hold up nothing but themselves.
"""

from __future__ import annotations

import logging
import os
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar, cast

from PySide6.QtCore import QObject, Signal

from desktop.core.documents.attachment import (
    HEAD_BYTES,
    Attachment,
    AttachmentState,
    FileProgress,
    KeptFile,
    PicturePreparer,
    PreparedPicture,
    picture_kind,
)
from desktop.core.documents.document import (
    Document,
    FileReader,
    Opened,
    PagePicture,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    Remark,
    Section,
)
from desktop.core.documents.orders import orders_in, pieces_of_text
from desktop.core.documents.selection import attachment
from desktop.core.message import AttachmentPart, FilePart, ImagePart
from desktop.core.personal_data import PersonalKind, find_personal
from desktop.runtime.background import Awaited, BackgroundTasks, DaemonExecutor, Task, gui_task
from desktop.store.files import FileStore

_log = logging.getLogger(__name__)

MOST_FILES = 200  # of a folder; more were given by mistake
_LARGEST_PICTURE = 1 << 28  # bytes of its file
_DPI = 144  # a page of A4 is then a little larger than what models look at
_COPIES_AT_ONCE = 4  # more make a disk slower; one that hangs makes room as soon as it is cancelled
_LOOK_MS = 100  # between two looks at how far something has come
_SECONDS_OF_SILENCE = 10.0  # after which a drive is said not to answer
_LETTERS_SEARCHED = 1_000_000  # for personal data
_PIECE = 8_000  # letters searched in one go: an expression does not let the window's thread run meanwhile

T = TypeVar("T")


class Intake(QObject):
    """A worker on files, on one step of each at a time. Lives on the GUI thread, and blocks it nowhere."""

    stepped = Signal(object)  # the Attachment as it is now
    not_kept = Signal(object, object)  # an Attachment of which nothing was kept, ReadingError
    drawn = Signal(object, object)  # an Attachment, a list of Attachment: pictures of its pages in their order
    not_drawn = Signal(object)  # ReadingError with the name of the file
    not_reread = Signal(object)  # the same, of a file of a message, which stays as it was sent
    unused = Signal(str)  # the digest of a file that was kept on the way, and is claimed here no longer

    def __init__(
        self,
        work: BackgroundTasks,
        files: FileStore,
        reader: Callable[[], FileReader],
        prepare_picture: PicturePreparer,
    ) -> None:
        super().__init__(work)
        self._work = work
        self._files = files
        self._reader = reader()
        self._prepare_picture = prepare_picture
        self._thread = DaemonExecutor("documents")
        self._warning_thread = DaemonExecutor("warnings")  # which may take seconds, and nothing waits for
        self._tasks: dict[str, Task] = {}  # by the ids of the files
        self._sent: dict[
            str, FilePart
        ] = {}  # what was sent of files of messages, by their ids while they are read anew
        self._copying: set[str] = set()
        self._to_copy: deque[tuple[Attachment, Callable[[_Copy], KeptFile]]] = deque()

    def copy_file(self, item: Attachment, source: Path) -> None:
        """Keep a file of the user's, and go on with what it is."""
        self._queue_copy(item, lambda copy: self._files.keep_file(source, copy.go_on))

    def copy_bytes(self, item: Attachment, content: bytes) -> None:
        """Keep bytes as a file, and go on with what they are."""
        self._queue_copy(item, lambda _: self._files.keep_bytes(content))

    def open_kept(self, item: Attachment) -> None:
        """Read a kept file, or make the picture that it is."""
        self._start(item, self._open(item))

    def make_part(self, item: Attachment) -> None:
        """Make what is sent of a document that has been read, by its selection."""
        self._start(item, self._make_part(item))

    def look_at(self, item: Attachment) -> None:
        """Find out what the user should see of a file, which is ready without it."""
        self._start(item, self._look_at(item))

    def draw(self, item: Attachment, names: Mapping[int, str]) -> None:
        """Make pictures of pages of a file; `names` are those of the pictures, by the numbers of the pages."""
        self._start(item, self._draw(item, names))

    def stop(self, id: str) -> None:
        """Stop all that is done with a file."""
        if (task := self._tasks.pop(id, None)) is not None:
            task.cancel()
        self._to_copy = deque(each for each in self._to_copy if each[0].id != id)
        self._end_copy(id)

    def _start(self, item: Attachment, steps: Coroutine[Any, Any, None]) -> None:
        self.stop(item.id)
        self._tasks[item.id] = self._run(steps)

    @gui_task
    async def _run(self, steps: Coroutine[Any, Any, None]) -> None:
        await steps

    async def _watched(self, work: Awaitable[T], now: Callable[[], Attachment]) -> T:
        """Await work, and tell of the file as it is meanwhile."""
        watching = self._watch(now)
        try:
            return await work
        finally:
            watching.cancel()

    @gui_task
    async def _watch(self, now: Callable[[], Attachment]) -> None:
        told: Attachment | None = None
        while True:
            await self._work.pause(_LOOK_MS)
            if (item := now()) != told:
                told = item
                self.stepped.emit(item)

    async def _wanted(self, work: Awaited[T], digests: Callable[[T], Iterable[str]]) -> T:
        """Await work that keeps files. They are given up if nobody waits for it by then."""

        def give_up(done: Future[T]) -> None:
            if not done.cancelled() and done.exception() is None:
                self._work.post(self._give_up, digests(done.result()))

        try:
            return await work
        except GeneratorExit:
            work.future.add_done_callback(give_up)
            raise

    def _give_up(self, digests: Iterable[str]) -> None:
        for digest in digests:
            self._files.release(digest)
            self.unused.emit(digest)

    # Copying

    def _queue_copy(self, item: Attachment, keep: Callable[[_Copy], KeptFile]) -> None:
        self._to_copy.append((item, keep))
        self._begin_copies()

    def _begin_copies(self) -> None:
        while self._to_copy and len(self._copying) < _COPIES_AT_ONCE:
            item, keep = self._to_copy.popleft()
            self._copying.add(item.id)
            self._tasks[item.id] = self._run(self._copy(item, keep))

    def _end_copy(self, id: str) -> None:
        self._copying.discard(id)
        self._begin_copies()

    async def _copy(self, item: Attachment, keep: Callable[[_Copy], KeptFile]) -> None:
        copy = _Copy()
        try:
            keeping = self._work.aside(lambda: keep(copy))
            wanted = self._wanted(keeping, lambda kept: [kept.digest])
            kept = await self._watched(wanted, lambda: replace(item, progress=copy.progress))
        except Exception as error:
            self.not_kept.emit(item, _as_reading_error(error, item.name))
            return
        finally:
            copy.is_cancelled = True
            self._end_copy(item.id)
        await self._open(replace(item, digest=kept.digest, size=kept.size, pasted=""))

    # What it is

    async def _open(self, item: Attachment) -> None:
        if item.document is None and item.part is not None:
            self._sent[item.id] = item.part
        item = replace(
            item, state=AttachmentState.READING, progress=FileProgress(), document=None, part=None, problem=None
        )
        self.stepped.emit(item)
        path = self._files.path_of(item.digest)
        try:
            if picture_kind(await self._work.on(self._thread, lambda: _head_of(path))):
                await self._open_picture(item)
                return
            reading = _Reading(item)
            document = await self._watched(
                self._work.on_loop(reading.read(self._reader, path)),
                lambda: replace(item, document=reading.so_far, progress=reading.progress),
            )
        except Exception as error:
            item = item.failed(_as_reading_error(error))
            if (sent := self._sent.pop(item.id, None)) is not None:  # of a message: it stays as it was sent
                self.not_reread.emit(_as_reading_error(error, item.name))
                item = replace(item, state=AttachmentState.READY, part=sent)
            self.stepped.emit(item)
            return
        self._sent.pop(item.id, None)
        item = replace(item, document=document, progress=reading.progress)
        self.stepped.emit(item)
        await self._make_part(item)

    async def _open_picture(self, item: Attachment) -> None:
        """Keep the picture that is sent, in place of the file with all that a camera had written into it."""

        def keep() -> tuple[PreparedPicture, KeptFile]:
            picture = self._picture(item.digest)
            return picture, self._files.keep_bytes(picture.content)

        made = await self._wanted(self._work.on(self._thread, keep), lambda found: [found[1].digest])
        self.stepped.emit(_with_picture(item, *made))
        self._give_up([item.digest])

    def _picture(self, digest: str) -> PreparedPicture:
        """Make the picture that is sent. Raises `ReadingError`. Runs on the thread for it."""
        content = self._files.read_bytes(digest)
        if len(content) > _LARGEST_PICTURE:
            raise ReadingError(ReadingProblem.TOO_LARGE)
        return self._prepare_picture(content)

    async def _make_part(self, item: Attachment) -> None:
        document, selection, digest = item.document, item.selection, item.digest
        assert document is not None
        try:
            part = await self._work.on(self._thread, lambda: attachment(document, selection, digest))
        except Exception as error:
            self.stepped.emit(item.failed(_as_reading_error(error)))
            return
        item = replace(item, state=AttachmentState.READY, part=part)
        self.stepped.emit(item)
        await self._look_at(item)

    async def _look_at(self, item: Attachment) -> None:
        try:
            match item.part:
                case AttachmentPart(text=text):
                    orders, personal = await self._work.on(self._warning_thread, lambda: warnings_of(text))
                    self.stepped.emit(replace(item, orders=orders, personal=personal))
                case ImagePart(digest=digest):
                    picture = await self._work.on(self._thread, lambda: self._picture(digest))
                    self.stepped.emit(replace(item, thumbnail=picture.thumbnail))
        except ReadingError as error:
            self.stepped.emit(item.failed(error))
        except Exception:  # it can be sent, whatever is not known of it
            _log.exception("a file that is ready could not be looked at")

    # Pages as pictures

    async def _draw(self, item: Attachment, names: Mapping[int, str]) -> None:
        pages: list[PagePicture] = []
        reader, path, numbers = self._reader, self._files.path_of(item.digest), list(names)

        async def draw() -> None:
            found = reader.draw_pages(path, numbers, dpi=_DPI, password=item.password)
            async with aclosing(cast(AsyncGenerator[PagePicture, None], found)) as drawn:
                async for page in drawn:
                    pages.append(page)

        def now() -> Attachment:
            return replace(item, state=AttachmentState.READING, progress=FileProgress(len(pages), len(numbers)))

        self.stepped.emit(now())
        try:
            await self._watched(self._work.on_loop(draw()), now)
            keeping = self._work.on(self._thread, lambda: self._keep_pages(pages, names))
            made = await self._wanted(keeping, lambda made: [each.digest for each in made])
        except Exception as error:
            self.stepped.emit(item)
            self.not_drawn.emit(_as_reading_error(error, item.name))
        else:
            self.drawn.emit(item, made)
        await self._look_at(item)  # which the drawing has put an end to

    def _keep_pages(self, pages: Sequence[PagePicture], names: Mapping[int, str]) -> list[Attachment]:
        """Keep pictures of pages as they are sent, all or none. Runs on the thread for it."""
        made: list[Attachment] = []
        try:
            for page in pages:
                picture = self._prepare_picture(page.png)
                kept = self._files.keep_bytes(picture.content)
                made.append(_with_picture(Attachment(names[page.number]), picture, kept))
        except Exception:
            self._work.post(self._give_up, [each.digest for each in made])
            raise
        return made


class _Copy:
    """A copy while it runs, as its thread tells of it."""

    def __init__(self) -> None:
        self.is_cancelled = False
        self._done = 0
        self._of: int | None = None
        self._moved_at = time.monotonic()

    def go_on(self, done: int, of: int) -> bool:
        """Note how far it has come; return False if it is to stop. Runs on the copy's thread."""
        self._done, self._of, self._moved_at = done, of, time.monotonic()
        return not self.is_cancelled

    @property
    def progress(self) -> FileProgress:
        is_stuck = time.monotonic() - self._moved_at >= _SECONDS_OF_SILENCE
        return FileProgress(self._done, self._of, is_stuck)


class _Reading:
    """The reading of one file: what has come so far may be asked for on any thread."""

    def __init__(self, item: Attachment) -> None:
        self._item = item
        self._opened = Opened("")
        self._sections: list[Section] = []
        self._remarks: list[Remark] = []

    @property
    def so_far(self) -> Document:
        item, opened = self._item, self._opened
        encoding = item.encoding or opened.encoding
        return Document(item.name, opened.media_type, tuple(self._sections), tuple(self._remarks), encoding)

    @property
    def progress(self) -> FileProgress:
        return FileProgress(len(self._sections), self._opened.sections)

    async def read(self, reader: FileReader, path: Path) -> Document:
        """Read the file to its end, and return its document. Raises `ReadingError`. Runs on the loop thread."""
        item = self._item
        if not path.is_file():
            raise ReadingError(ReadingProblem.GONE)
        events = reader.read(path, item.name, password=item.password, encoding=item.encoding)
        # An iterator that is not closed would leave its process running until it is collected.
        async with aclosing(cast(AsyncGenerator[ReadingEvent, None], events)) as events:
            async for event in events:
                match event:
                    case Opened():
                        self._opened = event
                    case Section():
                        self._sections.append(event)
                    case Remark():
                        self._remarks.append(event)
        self._opened = replace(self._opened, sections=len(self._sections))
        return self.so_far


def warnings_of(text: str) -> tuple[tuple[str, ...], tuple[PersonalKind, ...]]:
    """Return what the user should know of a text before it is sent: orders to the model, and kinds of personal data.

    Takes seconds for a long one: not for the GUI thread.
    """
    # A start does without what finds them.
    found: set[PersonalKind] = set()
    for piece in pieces_of_text(text[:_LETTERS_SEARCHED], _PIECE):
        found |= {each.kind for each in find_personal(piece)}
    return orders_in(text), tuple(kind for kind in PersonalKind if kind in found)


def _with_picture(item: Attachment, picture: PreparedPicture, kept: KeptFile) -> Attachment:
    """Return a file as the picture that is sent of it."""
    part = ImagePart(item.name, picture.media_type, kept.digest, picture.width, picture.height)
    thumbnail, state = picture.thumbnail, AttachmentState.READY
    return replace(item, state=state, part=part, thumbnail=thumbnail, digest=kept.digest, size=kept.size)


def _head_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise ReadingError(ReadingProblem.GONE, str(error)) from error


def _as_reading_error(error: Exception, name: str = "") -> ReadingError:
    if not isinstance(error, ReadingError):
        _log.error("a file could not be worked on", exc_info=error)
        error = ReadingError(ReadingProblem.CRASHED, str(error))
    error.name = name or error.name
    return error


# Folders: no document, but the user may mean what is in them.


@dataclass(frozen=True, slots=True)
class FilesOfFolder:
    """Folder that was given, and its files in the order of their names; `is_cut`: there are more."""

    folder: Path
    files: tuple[Path, ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class GivenPaths:
    """Paths that were given: those that are no folders, and the folders among them."""

    files: tuple[Path, ...]
    folders: tuple[FilesOfFolder, ...] = ()


def look_into(paths: Sequence[Path]) -> GivenPaths:
    """Return what these paths are. Waits for the disk."""
    folders = [path for path in paths if path.is_dir()]
    found = []
    for folder in folders:
        files = tuple(islice(_files_in(folder), MOST_FILES + 1))
        found.append(FilesOfFolder(folder, files[:MOST_FILES], len(files) > MOST_FILES))
    return GivenPaths(tuple(path for path in paths if path not in folders), tuple(found))


def _files_in(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and those in it, without hidden ones; links to folders are not followed."""
    for within, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(within, name)
            if not name.startswith(".") and file.is_file():
                yield file
