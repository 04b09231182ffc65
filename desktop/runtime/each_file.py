"""A question put to each file of a folder, one after another; every row is on the disk as soon as it is done.

Each file is a request of its own to the model of the conversation, of which nothing but the answer is kept. Questions
that the user asks meanwhile go first.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from desktop.core.context import LONGEST_NOTE
from desktop.core.documents.document import Document, ReadingError, ReadingProblem
from desktop.core.documents.selection import WHOLE, attachment
from desktop.core.errors import BackendError, StoreError, Unreachable, failure_of
from desktop.core.evidence.checked import NO_EVIDENCE, Evidence, Sources, given_of
from desktop.core.folders import (
    LONGEST_ANSWER,
    MOST_FAILURES,
    FileRow,
    FileRun,
    FolderFile,
    Passage,
    RowState,
    question_to_file,
    seconds_left,
)
from desktop.core.message import AttachmentPart, Failure, Message, user_message
from desktop.core.model import ModelChoice
from desktop.core.place import Place, PlaceKind
from desktop.runtime.background import NO_TASK, gui_task
from desktop.runtime.fitting import notes_on, room_to_read
from desktop.runtime.models.directory import LITTLE_THINKING
from desktop.runtime.sending import Sending

_log = logging.getLogger(__name__)
_LASTING = frozenset({"offline", "policy"})  # what no further file would change
_WAIT_MS = 250  # between two looks at whether the user's own question has been answered


class _NoLongerError(Exception):
    """The model is no longer where the user let the files go, or the folder was forgotten."""


@dataclass(frozen=True, slots=True)
class FileRunsLeft:
    """What a window leaves of its runs to the one that is made in its place."""

    running: FileRun | None = None  # goes on there
    shown: FileRun | None = None  # its page is in front


class EachFile(QObject):
    """The questions to each file: one runs at a time, the others wait where they are."""

    changed = Signal(str)  # the id of a run, of which rows or the progress changed
    consent_wanted = Signal(str)  # the id of a run that would go on over the internet, where the user let no file go
    stopped = Signal(str, object)  # the id of a run that paused by itself, and the Failure or StoreError

    def __init__(self, session: Sending, check: Callable[[str, Sources], Awaitable[Evidence]]) -> None:
        """Keep the dependencies; `check` looks an answer up."""
        super().__init__(session)
        self._session = session
        self._services = session.services
        self._check = check
        self._runs: dict[str, FileRun] = {}
        self._spent: dict[str, list[float]] = {}  # seconds of the rows of a run, in this life
        self._thinking: set[ModelChoice] = set()  # models that think before they answer, whatever is asked of them
        self._task = NO_TASK
        self.running = ""  # the id of the run that goes on
        self.piece = (0, 0)  # of the file that is asked: pieces read, of so many; (0, 0) for one that is read whole

    # What there is

    def run(self, id: str) -> FileRun | None:
        return self._runs.get(id)

    def of_conversation(self, conversation: str) -> list[FileRun]:
        """Return the runs of a conversation as far as they have been read, the newest last."""
        return [each for each in self._runs.values() if each.conversation == conversation]

    def seconds_left(self, id: str) -> float | None:
        """Return how long a run will take; None where that cannot be told yet."""
        return seconds_left(self._runs[id], self._spent.get(id, ()))

    @gui_task
    async def read(self, conversation: str) -> None:
        """Read the runs of a conversation, which stand still until the user has them go on."""
        found = await self._services.work.run(self._services.store.file_runs, conversation)
        for each in found:
            if each.id not in self._runs:
                self._runs[each.id] = each
                self.changed.emit(each.id)

    def take_over(self, run: FileRun) -> None:
        """Know a run of the window before."""
        self._runs[run.id] = run
        self.changed.emit(run.id)

    # What is done

    async def made(self, conversation: str, folder: str, question: str, choice: ModelChoice) -> FileRun:
        """Return a run with a row for each file of a folder, which is not kept yet. Raises `StoreError`."""
        files = await self._services.folders.files(folder)
        rows = tuple(map(_row_of, sorted(files, key=_when_read)))
        return FileRun(conversation=conversation, folder=folder, question=question, choice=choice, rows=rows)

    async def start(self, run: FileRun) -> None:
        """Keep a run, or what changed in it, and ask the files that wait. Raises `StoreError`."""
        await self._services.work.run(self._services.store.save_file_run, run)
        self._runs[run.id] = run
        self.go_on(run.id)

    async def agree(self, id: str, place: Place) -> None:
        """Let the files of a run go to a place, and go on, unless it was erased meanwhile. Raises `StoreError`."""
        if (run := self._runs.get(id)) is not None:
            self._runs[id] = replace(run, agreed=place)
            await self._services.work.run(self._services.store.save_file_run, self._runs[id])
            self.go_on(id)

    def can_ask(self, id: str) -> bool:
        """Return True if the folder of a run is known and may be asked, and its conversation is there."""
        run = self._runs.get(id)
        if run is None or run.conversation not in self._session.shelf:
            return False
        return self._services.folders.state(run.folder) is not None

    def can_go_on(self, id: str) -> bool:
        """Return True if files wait that can be asked."""
        return self.can_ask(id) and self._runs[id].next is not None

    def may_send(self, run: FileRun) -> bool:
        """Return True unless files would go over the internet to where the user did not let them go."""
        place = self._services.models.place_of(run.choice)
        return place is None or place.kind is not PlaceKind.INTERNET or place == run.agreed

    def go_on(self, id: str) -> None:
        """Ask the files that wait; another run stands still meanwhile."""
        if self.running == id or not self.can_go_on(id):
            return
        if not self.may_send(self._runs[id]):
            self.consent_wanted.emit(id)
            return
        self.pause()
        self._services.folders.set_paused(self._runs[id].folder, False)
        self.running = id
        self._task = self._go_on(id)
        self.changed.emit(id)

    def pause(self) -> None:
        """Ask no further file. The one that is asked is asked again when it goes on."""
        self._task.cancel()
        if self.running:
            self._end(self.running)

    def try_again(self, id: str, *indexes: int) -> None:
        """Ask these files again, or without any all that failed, and go on."""
        rows = self._runs[id].rows
        for index in indexes or [at for at, row in enumerate(rows) if row.state is RowState.FAILED]:
            self._save(id, index, FileRow(rows[index].path, sections=rows[index].sections, kind=rows[index].kind))
        self.go_on(id)

    def resume(self, id: str) -> None:
        """Go on, also with what failed as its server was away; where none waits any more, with all that failed."""
        run = self._runs[id]
        failed = [(at, row.failure) for at, row in enumerate(run.rows) if row.state is RowState.FAILED]
        again = [at for at, failure in failed if run.next is None or (failure and failure.kind == Unreachable.kind)]
        if again:
            self.try_again(id, *again)
        else:
            self.go_on(id)

    def note_seen(self, id: str, index: int) -> None:
        """Take note that the user has looked at a row."""
        row = self._runs[id].rows[index]
        if not row.is_seen:
            self._save(id, index, replace(row, is_seen=True))

    def forget(self, conversations: Sequence[str]) -> None:
        """Know nothing more of conversations that were erased."""
        for each in [run for run in self._runs.values() if run.conversation in conversations]:
            if each.id == self.running:
                self.pause()
            del self._runs[each.id]

    async def part(self, run: FileRun, row: FileRow) -> AttachmentPart | None:
        """Return a file as it was read, with a copy of it kept for a while, so that its pages can be shown."""
        folders = self._services.folders
        document = await folders.document(run.folder, row.path)
        file = next((each for each in await folders.files(run.folder) if each.path == row.path), None)
        if document is None or file is None:
            return None
        sections = enumerate(document.sections)
        return (await folders.parts([Passage(run.folder, file, at, section) for at, section in sections]))[0]

    # One file after another

    @gui_task
    async def _go_on(self, id: str) -> None:
        reason: Failure | StoreError | None = None
        try:
            reason = await self._ask_files(id)
        except StoreError as error:
            reason = error
        except _NoLongerError:  # told when the user has it go on
            pass
        except Exception:
            self._end(id)
            raise
        self._end(id)
        if reason is not None:
            self.stopped.emit(id, reason)

    async def _ask_files(self, id: str) -> Failure | None:
        """Ask the files that wait; return the failure that the others would meet, too. Raises `StoreError`."""
        failures = 0
        while self.can_go_on(id) and (index := self._runs[id].next) is not None:
            while self._session.generations.is_any_running:
                await self._services.work.pause(_WAIT_MS)
            since, before = time.monotonic(), self._runs[id]
            row, failure = before.rows[index], None
            try:
                row, failures = await self._asked(before, row), 0
            except BackendError as error:
                failure, failures = failure_of(error), failures + 1
                if error.reason in _LASTING:
                    return failure
                row = replace(row, state=RowState.FAILED, failure=failure)
            if row.state is RowState.WAITS:
                break
            self.piece = (0, 0)
            self._runs[id] = self._runs[id].with_row(index, row)
            try:
                await self._services.work.run(self._services.store.save_file_row, self._runs[id], index)
            except StoreError:
                self._runs[id] = self._runs[id].with_row(index, before.rows[index])
                raise
            self._spent.setdefault(id, []).append(time.monotonic() - since)
            self.changed.emit(id)
            if failures >= MOST_FAILURES:
                return failure
        return None

    def _end(self, id: str) -> None:
        self.running, self.piece = "", (0, 0)
        self.changed.emit(id)

    @gui_task
    async def _save(self, id: str, index: int, row: FileRow) -> None:
        self._runs[id] = self._runs[id].with_row(index, row)
        self.changed.emit(id)
        await self._services.work.run(self._services.store.save_file_row, self._runs[id], index)

    async def _asked(self, run: FileRun, row: FileRow) -> FileRow:
        """Return the row with the answer of its file; it waits on if its folder is gone or away, or reads no further.

        Raises `BackendError`.
        """
        folders = self._services.folders
        if (state := folders.state(run.folder)) is not None and not state.is_there:
            await folders.files(run.folder)  # it may be back
        while folders.is_unread(run.folder, row.path):
            if (state := folders.state(run.folder)) is None or state.is_paused:
                return row
            await self._services.work.pause(_WAIT_MS)
        document = await folders.document(run.folder, row.path)
        if (state := folders.state(run.folder)) is None or (document is None and not state.is_there):
            return row
        if document is None or document.is_empty:
            unread = {each.path: each.problem for each in await folders.unread(run.folder)}
            return replace(row, state=RowState.NOT_ASKED, problem=unread.get(row.path, ReadingProblem.GONE))
        row = replace(row, sections=len(document.sections), kind=document.sections[0].kind)
        whole = await self._services.work.compute(lambda: attachment(document))
        part = await self._fitted(run, document, whole)
        answer = await self._ask(run, part, question_to_file(run.question), LONGEST_ANSWER)
        try:
            evidence = await self._check(answer, Sources((given_of(whole),), run.question))
        except ReadingError as error:
            _log.warning("an answer could not be looked up", exc_info=error)
            evidence = NO_EVIDENCE
        return row.answered(answer, evidence)

    async def _fitted(self, run: FileRun, document: Document, whole: AttachmentPart) -> AttachmentPart:
        """Return what is sent of a file: all of it, or notes from its pieces where it is too long."""
        models = self._services.models
        if models.measurements.weights_of(run.choice).tokens_in(whole.text) <= room_to_read(
            models, run.choice, run.question
        ):
            return whole

        def tell(read: int, of: int) -> None:
            if read < of:
                self.piece = read, of
                self.changed.emit(run.id)

        return await notes_on(
            self._services,
            run.question,
            document,
            WHOLE,
            run.choice,
            lambda piece, words: self._ask(run, piece, words, LONGEST_NOTE),
            tell,
        )

    async def _ask(self, run: FileRun, part: AttachmentPart, words: str, most: int) -> str:
        question = user_message(words, attached=(part,))
        if run.choice not in self._thinking:
            try:
                return await self._ask_once(run, question, most)
            except BackendError as error:
                if error.reason != "thought":
                    raise
            self._thinking.add(run.choice)  # although it was asked not to, as no further file needs to find out
        return await self._ask_once(run, question, most + LITTLE_THINKING)

    async def _ask_once(self, run: FileRun, question: Message, most: int) -> str:
        """Send one request, if the file may go now: the round before may have taken minutes."""
        if not self.may_send(run) or self._services.folders.state(run.folder) is None:
            raise _NoLongerError
        return await self._services.models.ask_aside(run.choice, question, most, run.conversation, run.id)


def _when_read(file: FolderFile) -> tuple[object, ...]:
    """Return by what files are sorted to be asked: what is read by now, then the newest, which is read first."""
    waits = not file.is_read and file.problem is None
    return waits, -file.modified if waits else 0, file.path.lower()


def _row_of(file: FolderFile) -> FileRow:
    if file.problem is None:  # it is read by the time that it is asked, or then
        return FileRow(file.path, sections=file.sections)
    return FileRow(file.path, RowState.NOT_ASKED, problem=file.problem)
