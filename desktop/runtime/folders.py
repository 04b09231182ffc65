"""The folders that questions are answered from: looked at, read in the background, kept current, and asked.

What was read is in their stores, all of which are used on one thread. Their own files are looked at on others, since a
drive may not answer: no question waits longer than a second for one, and what was read before is asked then.
"""

from __future__ import annotations

import logging
import os
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from concurrent.futures import wait
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.documents.attachment import CopyCancelled
from desktop.core.documents.document import (
    Block,
    Document,
    DocumentReader,
    Opened,
    ReadingError,
    ReadingEvent,
    ReadingProblem,
    Section,
)
from desktop.core.documents.marks import chosen_in_words, language_of
from desktop.core.documents.selection import attachment
from desktop.core.errors import StoreError
from desktop.core.folders import (
    MOST_LETTERS,
    FolderFile,
    FolderState,
    Found,
    Passage,
    folder_id,
)
from desktop.core.message import AttachmentPart
from desktop.core.policy.fixed import Feature, Keeping, Policy
from desktop.runtime.background import Awaited, BackgroundTasks, DaemonExecutor, Task, gui_task
from desktop.store.database import SqliteStore

if TYPE_CHECKING:
    from desktop.store.folders import Compared, FolderStore, Look

T = TypeVar("T")

_log = logging.getLogger(__name__)

_DAY = 86_400.0  # seconds
_AT_ONCE = 2  # files that are read
_TELL_MS = 250
_MOST_WAIT = 1.0  # seconds that a question waits for a drive
_STEP_MS = 20
_REMOVED_AT_ONCE = 20  # files that are gone, in some tenths of a second; a question waits for no more of them
_FEW = 4  # changed files that a question waits for, as long as it may
_SURE_AFTER = 3.0  # seconds of reading, from which on the rest of it can be told
_BYTES_TO_BEGIN = 200_000  # to begin with a file takes about as long as to read so many of it
# Of the state of a folder, what is kept with it.
_NOTED = {
    "files": int,
    "read": int,
    "unread": int,
    "outside": int,
    "beyond": int,
    "is_paused": bool,
    "looked_at": float,
}


@dataclass(slots=True, eq=False)
class _Folder:
    """A folder, and how far it has come. `waiting`: files to be read, the newest last.

    `has_looked`: since the start of the program.
    """

    state: FolderState
    store: FolderStore
    asked_at: float = 0.0
    waiting: list[FolderFile] = field(default_factory=list)
    reading: dict[str, Task] = field(default_factory=dict)  # by the paths of the files
    is_looking: bool = False
    has_looked: bool = False
    read_since: float = 0.0  # a moment of `time.monotonic`; 0: nothing was read yet
    read_bytes: int = 0  # since then
    missed: set[str] = field(default_factory=set)  # paths of files that were listed and not there when they were read
    gone: set[str] = field(default_factory=set)  # paths of files that have still to leave the store
    copies: set[str] = field(default_factory=set)  # digests of files that were kept with passages, sent or not

    @property
    def left(self) -> int:
        """How many files are still to be read."""
        return len(self.waiting) + len(self.reading)

    def with_progress(self) -> FolderState:
        """Return its state with what is left to do, going by what was read so far."""
        passed = time.monotonic() - self.read_since
        is_begun = self.is_looking and not (self.state.looked_at and self.state.is_whole)
        is_reading = (is_begun or self.left > 0) and not self.state.is_paused
        seconds = None
        if is_reading and self.read_bytes and passed > _SURE_AFTER:
            seconds = passed / self.read_bytes * sum(map(_weight, self.waiting))
        return replace(self.state, is_reading=is_reading, seconds_left=seconds)

    def read_anew(self) -> None:
        """Have the time that is left be told by what is read from now on."""
        self.read_since, self.read_bytes = 0.0, 0


class Folders(QObject):
    """The folders of all conversations. Lives on the GUI thread, and blocks it nowhere."""

    changed = Signal(str)  # the id of a folder whose state is another, at most four times a second

    def __init__(
        self,
        work: BackgroundTasks,
        home: Path,
        kept: SqliteStore,
        reader: Callable[[], DocumentReader],
        policy: Callable[[], Policy],
    ) -> None:
        """`home`: where all is kept. `kept` keeps what is sent. `reader` makes a reader that yields to all else."""
        super().__init__(work)
        self._work, self._home, self._kept, self._make_reader, self._policy = work, home, kept, reader, policy
        self._thread = DaemonExecutor("folders")
        self._reader: DocumentReader | None = None
        self._folders: dict[str, _Folder] = {}
        self._is_held = False
        self._to_tell: set[str] = set()
        self._telling = QTimer(self, singleShot=True, interval=_TELL_MS)
        self._telling.timeout.connect(self._tell_all)

    @property
    def is_allowed(self) -> bool:
        """True if the policy lets folders be read and asked."""
        policy = self._policy()
        return policy.allows(Feature.FOLDERS) and policy.keep is not Keeping.UNTIL_CLOSED

    # Which there are

    @gui_task
    async def load(self) -> None:
        """Find the folders that were read before, and go on reading them as the policy has it."""
        for folder in await self._work.on(self._thread, lambda: _kept_in(self._home)):
            self._folders.setdefault(folder.state.id, folder)
        self.follow_policy()

    def follow_policy(self) -> None:
        """Forget what the policy keeps no longer, by when it was asked last, and read on where it allows that."""
        policy = self._policy()
        oldest = time.time() - policy.keep_days * _DAY if policy.keep is Keeping.DAYS else 0.0
        for folder in list(self._folders.values()):
            if policy.keep is Keeping.UNTIL_CLOSED or folder.asked_at < oldest:
                self.forget(folder.state.id)
            elif not folder.state.is_whole:
                self._look(folder)
            self._tell(folder)

    def known(self) -> list[FolderState]:
        """Return the folders that can be asked, the one asked last first."""
        return [each.with_progress() for each in self._last_asked_first()] if self.is_allowed else []

    def state(self, id: str) -> FolderState | None:
        folder = self._folders.get(id)
        return folder.with_progress() if folder is not None and self.is_allowed else None

    def give(self, path: Path) -> str:
        """Take a folder in, and return its id at once; it is looked at and read from now on."""
        id = folder_id(path)
        if not self.is_allowed:
            return id
        if id not in self._folders:
            from desktop.store.folders import FolderStore  # a start does without

            self._folders[id] = _Folder(FolderState(id, path), FolderStore(self._home, path))
        self.note_asked([id])
        self._look(self._folders[id])
        return id

    def note_asked(self, ids: Iterable[str]) -> None:
        """Note that these were asked just now: they are read first, offered first, and kept longest."""
        for folder in self._of(ids):
            folder.asked_at = time.time()
            self._note(folder)

    async def loaded(self) -> None:
        """Wait until the folders that were read before are known."""
        await self._work.on(self._thread, lambda: None)

    def set_paused(self, id: str, is_paused: bool) -> None:
        """Read no further, also after a restart, or read on."""
        for folder in self._of([id]):
            folder.state = replace(folder.state, is_paused=is_paused)
            folder.read_anew()
            self._note(folder)
            self._tell(folder)
        self._read_on()

    def open_with(self, id: str, file: FolderFile, password: str) -> None:
        """Read a locked file again with its password, which is kept nowhere."""
        for folder in self._of([id]):
            if file.path not in folder.reading:
                folder.state = replace(folder.state, unread=folder.state.unread - 1)
                folder.reading[file.path] = self._read(folder, replace(file, problem=None), password)
                self._tell(folder)

    def hold(self, shall: bool) -> None:
        """Begin with no file while an answer needs this computer."""
        self._is_held = shall
        self._read_on()

    def forget(self, id: str) -> None:
        """Delete all that was read of a folder, which itself stays as it is."""
        for folder in self._of([id]):
            self._stop(folder)
            self._delete(folder)
            self._tell(folder)
        self._read_on()

    @gui_task
    async def _delete(self, folder: _Folder) -> None:
        await self._work.on(self._thread, folder.store.forget)
        await self._work.run(self._kept.discard_files, list(folder.copies))

    def end(self) -> None:
        """Read no further; what was begun is read from its beginning the next time."""
        folders = list(self._folders.values())
        for folder in folders:
            self._stop(folder)
        closed = [self._thread.submit(folder.store.close) for folder in folders]
        self._thread.end()
        wait(closed, timeout=_MOST_WAIT)  # the next window may open them

    def _stop(self, folder: _Folder) -> None:
        del self._folders[folder.state.id]
        folder.waiting.clear()
        for task in list(folder.reading.values()):
            task.cancel()

    def _of(self, ids: Iterable[str]) -> list[_Folder]:
        return [self._folders[each] for each in ids if each in self._folders]

    def _last_asked_first(self) -> list[_Folder]:
        return sorted(self._folders.values(), key=lambda each: each.asked_at, reverse=True)

    def _is_kept(self, folder: _Folder) -> bool:
        """Return False for a folder that was forgotten meanwhile: using its store would make its file anew."""
        return self._folders.get(folder.state.id) is folder

    async def _use(self, folder: _Folder, do: Callable[[], T]) -> T:
        """Do something with the store of a folder; where it was damaged, and so begun anew, all is read again."""
        try:
            return await self._work.on(self._thread, do)
        except StoreError as error:
            if error.reason != "damaged":
                raise
        self._look(folder)
        return await self._work.on(self._thread, do)

    @gui_task
    async def _note(self, folder: _Folder) -> None:
        """Keep what the next start has to know of a folder."""
        if not self._is_kept(folder):
            return
        noted = {name: getattr(folder.state, name) for name in _NOTED}
        await self._use(folder, lambda: folder.store.note(asked_at=folder.asked_at, **noted))

    def _tell(self, folder: _Folder) -> None:
        self._to_tell.add(folder.state.id)
        if not self._telling.isActive():
            self._tell_all()

    def _tell_all(self) -> None:
        told, self._to_tell = self._to_tell, set()
        for id in told:
            self.changed.emit(id)
        if told:
            self._telling.start()

    # Looking

    @gui_task
    async def _look(self, folder: _Folder) -> None:
        """Compare the files with what was read of them, and read on with those that are new or changed."""
        if folder.is_looking or not self.is_allowed:
            return
        from desktop.store.folders import compared, look_at

        folder.is_looking = True
        try:
            look = await self._work.aside(lambda: look_at(folder.state.path))
            if not self._is_kept(folder):
                return
            is_first, folder.has_looked = not folder.has_looked, True
            found = await self._use(folder, lambda: compared(look, folder.store, is_first=is_first))
            self._take_over(folder, look, found)
            for at in range(0, len(found.gone), _REMOVED_AT_ONCE):
                if self._is_kept(folder):
                    removed = found.gone[at : at + _REMOVED_AT_ONCE]
                    await self._use(folder, partial(folder.store.remove, removed))
                    folder.gone.difference_update(removed)
        except OSError:
            folder.waiting.clear()
            folder.state = replace(folder.state, is_there=False)
        finally:
            folder.is_looking = False
        self._tell(folder)
        self._read_on()

    def _take_over(self, folder: _Folder, look: Look, found: Compared) -> None:
        if not folder.left:
            folder.read_anew()
        folder.waiting = [each for each in found.waiting if each.path not in folder.reading]
        folder.gone = set(found.gone)
        folder.state = replace(
            folder.state,
            files=len(found.waiting) + found.read + len(found.unread),
            read=found.read,
            unread=sum(path not in folder.reading for path in found.unread),  # such as a locked one that is opened
            outside=look.outside,
            beyond=look.beyond,
            is_there=True,
            looked_at=time.time(),
        )
        self._note(folder)

    async def _wait_for(self, is_done: Callable[[], bool]) -> None:
        """Wait for what depends on a drive, as long as a question waits for one."""
        until = time.monotonic() + _MOST_WAIT
        while not is_done() and time.monotonic() < until:
            await self._work.pause(_STEP_MS)

    # Reading

    def _read_on(self) -> None:
        """Begin with as many files as are read at once, with those of the folder first that was asked last."""
        if self._is_held or not self.is_allowed:
            return
        free = _AT_ONCE - sum(len(each.reading) for each in self._folders.values())
        for folder in self._last_asked_first():
            while free > 0 and folder.waiting and not folder.state.is_paused:
                free -= 1
                folder.read_since = folder.read_since or time.monotonic()
                file = folder.waiting.pop()
                folder.reading[file.path] = self._read(folder, file)

    @gui_task
    async def _read(self, folder: _Folder, file: FolderFile, password: str = "") -> None:
        try:
            if not await self._read_and_keep(folder, file, password):
                self._look(folder)
        except StoreError:  # such as a full disk: tried again when the user has it go on
            folder.state = replace(folder.state, is_paused=True)
            folder.waiting.append(file)
            raise
        finally:
            del folder.reading[file.path]
            if not folder.left:
                self._note(folder)
            self._tell(folder)
            self._read_on()

    async def _read_and_keep(self, folder: _Folder, file: FolderFile, password: str) -> bool:
        """Read a file, and keep its words, or why there are none. Return False if it seems to have gone meanwhile."""
        path = folder.state.path / file.path
        if self._reader is None:
            self._reader = self._make_reader()
        kept, sections = file, list[Section]()
        try:
            if file.problem is None:
                media_type = await self._work.on_loop(_read_into(sections, self._reader, path, password))
                kept = replace(file, media_type=media_type, is_read=True, sections=len(sections))
            await self._use(folder, partial(folder.store.put, kept, sections))
        except StoreError:
            raise
        except Exception as error:  # it cannot be read, or what was read cannot be kept
            is_there = await self._work.aside(lambda: os.path.lexists(path))
            if not is_there and file.path not in folder.missed:
                folder.missed.add(file.path)
                return False
            kept = replace(file, problem=_problem_in(error) if is_there else ReadingProblem.GONE)
            await self._use(folder, partial(folder.store.put, kept))
        folder.read_bytes += _weight(kept)
        read, unread = folder.state.read + kept.is_read, folder.state.unread + (not kept.is_read)
        folder.state = replace(folder.state, read=read, unread=unread)
        return True

    # Asking

    async def find(
        self, ids: Sequence[str], question: str, before: Sequence[str], words: Sequence[str] = (), *, looks: bool = True
    ) -> Found:
        """Return what was found for a question, with changes of the files taken in as far as a second allows.

        `before`: the earlier questions, the newest last. `words`: others to search with. Without `looks` no drive is
        asked what has changed. Raises `StoreError`.
        """
        folders = self._asked(ids)
        for folder in folders if looks else ():
            self._look(folder)

        def is_current() -> bool:
            few = [each for each in folders if 0 < each.left <= _FEW and not each.state.is_paused]
            return not any(each.is_looking for each in folders) and (self._is_held or not few)

        if looks:
            await self._wait_for(is_current)
        still = filter(self._is_kept, folders)
        found = [
            await self._use(each, partial(each.store.find, question, before, words, frozenset(each.gone)))
            for each in still
        ]
        return joined(found)

    async def word_counts(self, ids: Sequence[str], question: str, before: Sequence[str]) -> dict[str, int]:
        """Return in how many files each word of a question stands, or its parts where no folder has it whole.

        Raises `StoreError`.
        """
        counts = [
            await self._use(each, partial(each.store.word_counts, question, before, frozenset(each.gone)))
            for each in filter(self._is_kept, self._asked(ids))
        ]
        return joined_counts(counts)

    def _asked(self, ids: Sequence[str]) -> list[_Folder]:
        return self._of(ids) if self.is_allowed else []

    async def unread(self, id: str) -> list[FolderFile]:
        """Return the files that give no answers, each with its problem, in the order of their paths."""
        return sorted((each for each in await self.files(id, looks=False) if each.problem), key=lambda each: each.path)

    async def files(self, id: str, *, looks: bool = True) -> list[FolderFile]:
        """Return all files of a folder, also those that wait to be read; `looks` as in `find`. Raises `StoreError`."""
        folder = self._folders.get(id)
        if folder is None:
            return []
        if looks:
            self._look(folder)
            await self._wait_for(lambda: not folder.is_looking)
        if not self._is_kept(folder):
            return []
        known = await self._use(folder, folder.store.files)
        files = {**known, **{each.path: each for each in folder.waiting}}
        return [each for path, each in files.items() if path not in folder.gone]

    def is_unread(self, id: str, path: str) -> bool:
        """Return True for a file that has still to be read."""
        return any(path in each.reading or any(file.path == path for file in each.waiting) for each in self._of([id]))

    async def document(self, id: str, path: str) -> Document | None:
        """Return a file as it was read, None if it was not, or is gone. Raises `StoreError`."""
        for folder in self._of([id]):
            return None if path in folder.gone else await self._use(folder, partial(folder.store.document, path))
        return None

    async def parts(self, passages: Sequence[Passage], *, keeps: bool = True) -> tuple[AttachmentPart, ...]:
        """Return passages as parts of a message, one for each file, in the order of the first of each.

        `keeps`: the files are kept with it, as far as they are what was read, and a second is enough to copy them.
        """
        by_file: dict[tuple[str, str], list[Passage]] = {}
        for each in passages:
            by_file.setdefault((each.folder, each.file.path), []).append(each)
        copies = [self._copy(each[0]) if keeps else None for each in by_file.values()]
        await self._wait_for(lambda: all(each is None or each.future.done() for each in copies))
        digests = [each.future.result() if each and each.future.done() else "" for each in copies]
        searched = {each.state.id: _searched(each.state) for each in self._folders.values()}
        made = await self._work.on(self._thread, lambda: tuple(map(part_of, by_file.values(), digests)))
        return tuple(replace(part, searched=searched.get(part.folder)) for part in made)

    def _copy(self, passage: Passage) -> Awaited[str] | None:
        """Begin to keep the file of a passage; what comes of it is its digest, empty if it could not be kept."""
        folder = self._folders.get(passage.folder)
        if folder is None:
            return None
        read, files, until = passage.file, self._kept.files, time.monotonic() + _MOST_WAIT
        path = folder.state.path / read.path

        def copy() -> str:
            try:
                told = path.stat()
                if (told.st_size, told.st_mtime_ns) != (read.size, read.modified):
                    return ""
                kept = files.keep_file(path, lambda *_: time.monotonic() < until)
            except (OSError, ReadingError, CopyCancelled):
                return ""
            folder.copies.add(kept.digest)
            files.release(kept.digest)  # swept at the next start if it is not sent
            return kept.digest

        return self._work.aside(copy)


def _searched(state: FolderState) -> tuple[int, int] | None:
    """Return how many files have been read, of so many; None for all of them."""
    looked_at = state.read + state.unread
    return (state.read, state.files) if looked_at < state.files else None


async def _read_into(sections: list[Section], reader: DocumentReader, path: Path, password: str) -> str:
    """Read a file, and return its media type. Raises `ReadingError`. Runs on the loop thread."""
    media_type, letters = "", 0
    reading = cast(AsyncGenerator[ReadingEvent, None], reader.read(path, path.name, password=password))
    async with aclosing(reading) as events:
        async for event in events:
            if isinstance(event, Opened):
                media_type = event.media_type
            elif isinstance(event, Section):
                sections.append(event)
                letters += sum(len(block.text) for block in event.blocks)
                if letters > MOST_LETTERS:
                    raise ReadingError(ReadingProblem.TOO_LARGE)
    if all(each.is_empty for each in sections):
        raise ReadingError(ReadingProblem.WITHOUT_TEXT)
    return media_type


def _problem_in(error: Exception) -> ReadingProblem:
    if isinstance(error, ReadingError):
        return error.problem
    _log.error("a file of a folder could not be read: %s", type(error).__name__)  # without its name
    return ReadingProblem.CRASHED


def part_of(passages: Sequence[Passage], digest: str = "") -> AttachmentPart:
    """Return the passages of one file as a part of a message. `digest`: of the copy that is kept, if there is one."""
    file = passages[0].file
    blocks: dict[int, dict[Block, None]] = {}
    for each in sorted(passages, key=lambda each: (each.section.number, each.number)):
        blocks.setdefault(each.section.number, {}).update(dict.fromkeys(each.section.blocks))  # a heading stands once
    sections = {each.section.number: each.section for each in passages}
    chosen = tuple(replace(sections[number], blocks=tuple(found)) for number, found in blocks.items())
    document = Document(file.name, file.media_type, chosen)
    extent = chosen_in_words(chosen[0].kind, list(blocks), file.sections, language_of(document))
    part = attachment(document, digest=digest)
    return replace(part, extent=extent, folder=passages[0].folder, path=file.path, passages=len(passages))


def joined(found: Sequence[Found]) -> Found:
    """Return what was found in several folders as one, the best passages first; only what is sure where some is."""
    if len(found) == 1:
        return found[0]
    sure = [each for each in found if each.passages and each.is_sure]
    passages = sorted((passage for each in sure or found for passage in each.passages), key=lambda each: -each.score)
    files, is_about_everything = sum(each.files for each in found), any(each.is_about_everything for each in found)
    languages = frozenset[str]().union(*(each.languages for each in found))
    share = max((each.share for each in found), default=0.0)
    return Found(tuple(passages), files, is_about_everything, languages, share, bool(sure))


def joined_counts(counts: Sequence[Mapping[str, Mapping[str, int]]]) -> dict[str, int]:
    """Return the counts of words, each with its pieces, in several folders as one: a word is told whole or in parts."""
    joined: dict[str, int] = {}
    for word in {word: None for each in counts for word in each}:
        pieces: Counter[str] = Counter()
        for each in counts:
            pieces.update(each[word])
        joined |= {word: pieces[word]} if pieces[word] or pieces.keys() == {word} else pieces
    return joined


def _weight(file: FolderFile) -> int:
    """Return about how many bytes take as long to read as this file does."""
    return _BYTES_TO_BEGIN + file.size if file.problem is None else 0


def _kept_in(home: Path) -> list[_Folder]:
    """Return the folders that were read before."""
    if not (home / "folders").is_dir():
        return []
    from desktop.store.folders import FolderStore, known_folders

    found = []
    for path, notes in known_folders(home):
        state = FolderState(folder_id(path), path, **{name: kind(notes.get(name, 0)) for name, kind in _NOTED.items()})
        found.append(_Folder(state, FolderStore(home, path), float(notes.get("asked_at", 0))))
    return found
