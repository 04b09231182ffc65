"""A document that is too long for the model, read piece by piece: the question is put to each, and notes are kept.

The notes are what is sent in the end, in the place of the document. Each piece is a request of its own, to the same
model and place as the conversation's; none is stored but by its note.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from desktop.core.context.pieces import LEAST_ROOM, LONGEST_NOTE, room_of_piece
from desktop.core.context.window import SMALLEST_STEP
from desktop.core.documents.document import Document
from desktop.core.documents.in_pieces import Note, notes_part, pieces_for, question_to_piece
from desktop.core.documents.marks import language_of
from desktop.core.documents.selection import Selection
from desktop.core.errors import ContextTooLong
from desktop.core.message import AttachmentPart, user_message
from desktop.core.model import ModelChoice
from desktop.core.text.tokens import letters_in
from desktop.runtime.models.aside import Asked, answer_aside, asked_of
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.threads.background_tasks import BackgroundTasks
from desktop.runtime.threads.daemon_executor import DaemonExecutor

_SMALLER = 0.75  # the share of a piece that is tried after the server found one too long


@dataclass(slots=True)
class _Reading:
    """A reading that has begun, and the notes so far."""

    question: str
    document: Document
    selection: Selection
    asking: Asked
    room: float  # tokens of a piece
    conversation: str  # its id, for the ledger
    pieces: Sequence[AttachmentPart] = ()
    notes: list[Note] = field(default_factory=list)


class ReadingInPieces(QObject):
    """One reading at a time; say what is to be read, and listen."""

    progressed = Signal(int, int)  # pieces read, of so many
    finished = Signal(object)  # AttachmentPart: the notes
    failed = Signal(object)  # BackendError; the notes so far are dropped with it

    def __init__(self, work: BackgroundTasks, models: ModelDirectory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._models = models
        self._thread = DaemonExecutor("pieces")  # to divide a long document takes a while
        self._reading: _Reading | None = None
        self._running: Future[object] | None = None

    @property
    def is_running(self) -> bool:
        return self._reading is not None

    def start(
        self, question: str, document: Document, selection: Selection, choice: ModelChoice, conversation: str = ""
    ) -> bool:
        """Begin to read. Return False if the model is not there; a reading that runs is stopped.

        `conversation`: the id of the one that it is read for, as far as that is recorded.
        """
        self.stop()
        asking = asked_of(self._models, choice)
        if asking is None:
            return False
        windows, weights = asking.windows, asking.weights
        window = max(self._models.window_of(choice).tokens or SMALLEST_STEP, windows.unasked if windows else 0)
        room = max(LEAST_ROOM, room_of_piece(window, weights.tokens_of(letters_in(question))))
        self._reading = _Reading(question, document, selection, asking, room, conversation)
        self._divide(self._reading)
        return True

    def _divide(self, reading: _Reading) -> None:
        """Divide the document, on a thread of its own, and begin with the first piece."""
        weights, room = reading.asking.weights, reading.room

        def divide() -> list[AttachmentPart]:
            text = "".join(block.text for section in reading.document.sections for block in section.blocks)
            a_letter = weights.tokens_of(letters_in(text)) / max(1, len(text))
            return pieces_for(reading.document, reading.selection, room, lambda letters: letters * a_letter)

        def begin(pieces: list[AttachmentPart]) -> None:
            if self._reading is reading:
                reading.pieces = pieces
                reading.notes.clear()
                self.progressed.emit(0, len(pieces))
                self._ask_next()

        self._work.run_on(self._thread, divide, begin, self._fail)

    def stop(self) -> None:
        """Stop reading; the server sees the connection close."""
        running, self._running, self._reading = self._running, None, None
        if running is not None:
            running.cancel()

    def _ask_next(self) -> None:
        reading = self._reading
        assert reading is not None
        if len(reading.notes) == len(reading.pieces):
            self._running = self._reading = None
            self.finished.emit(notes_part(reading.document, reading.notes))
            return
        number, of = len(reading.notes) + 1, len(reading.pieces)
        words = question_to_piece(reading.question, number, of, language_of(reading.document))
        asked = user_message(words, attached=(reading.pieces[number - 1],))
        self._running = self._work.run_on_loop(
            answer_aside(asked, reading.asking, LONGEST_NOTE, reading.conversation), self._keep_note, self._fail
        )

    def _keep_note(self, text: str) -> None:
        reading = self._reading
        if reading is not None:  # else it has been stopped this moment
            reading.notes.append(Note(reading.pieces[len(reading.notes)].extent, text))
            self.progressed.emit(len(reading.notes), len(reading.pieces))
            self._ask_next()

    def _fail(self, error: Exception) -> None:
        reading = self._reading
        if reading is None:
            return
        if isinstance(error, ContextTooLong) and reading.room > LEAST_ROOM:
            reading.room = max(LEAST_ROOM, _SMALLER * reading.room)  # the estimate was off: smaller pieces, anew
            self._divide(reading)
        else:
            self._running = self._reading = None
            self.failed.emit(error)
