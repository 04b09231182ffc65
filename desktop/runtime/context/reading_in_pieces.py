"""A document that is too long for the model, read piece by piece: the question is put to each, and notes are kept.

The notes are what is sent in the end, in the place of the document. Each piece is a request of its own, to the same
model and place as the conversation's; none is stored but by its note.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from desktop.core.backend import Backend
from desktop.core.context.counting import Weights
from desktop.core.context.filling import room_to_keep, with_window
from desktop.core.context.window import SMALLEST_STEP, WindowRange
from desktop.core.documents.document import Document
from desktop.core.documents.in_pieces import Note, notes_part, pieces_for, question_to_piece
from desktop.core.documents.marks import language_of
from desktop.core.documents.selection import Selection
from desktop.core.errors import ProtocolError
from desktop.core.events import Failed
from desktop.core.message import AttachmentPart, Message, MessageStatus, Role, user_message
from desktop.core.model import ModelChoice
from desktop.core.outgoing.messages import outgoing
from desktop.core.place import Place
from desktop.core.reply import ReplyBuilder
from desktop.core.request import ChatRequest, GenerationParams, Thinking, ThinkingMode
from desktop.core.text.tokens import letters_in
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.threads.background_tasks import BackgroundTasks

_TOKENS_OF_A_NOTE = 600  # about a page; what a piece says about one question is less
_TOKENS_TO_SPARE = 200  # for the words around a piece, and an estimate that is a little off
_LEAST_ROOM = 256
_UNTHINKING = Thinking(ThinkingMode.OFF)


@dataclass(frozen=True, slots=True)
class _Asking:
    """Where the pieces go, and with which window."""

    backend: Backend
    model: str
    place: Place | None
    windows: WindowRange | None
    weights: Weights


class ReadingInPieces(QObject):
    """One reading at a time; say what is to be read, and listen."""

    progressed = Signal(int, int)  # pieces read, of so many
    finished = Signal(object)  # AttachmentPart: the notes
    failed = Signal(object)  # BackendError; the notes so far are dropped with it

    _note_taken = Signal(int, int)

    def __init__(self, work: BackgroundTasks, models: ModelDirectory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._models = models
        self._running: Future[object] | None = None
        self._note_taken.connect(self.progressed, Qt.ConnectionType.QueuedConnection)  # emitted on the loop thread

    @property
    def is_running(self) -> bool:
        return self._running is not None

    def pieces(
        self, question: str, document: Document, selection: Selection, choice: ModelChoice | None
    ) -> list[AttachmentPart]:
        """Return the pieces that the chosen part of a document would be read in, each with room for its note."""
        weights = self._models.measurements.weights_of(choice)
        windows = self._models.window_range(choice)
        window = max(self._models.window_of(choice).tokens or SMALLEST_STEP, windows.unasked if windows else 0)
        kept = room_to_keep(_UNTHINKING, max_tokens=_TOKENS_OF_A_NOTE) + _TOKENS_TO_SPARE
        room = max(_LEAST_ROOM, window - kept - weights.tokens_of(letters_in(question)))
        text = "".join(block.text for section in document.sections for block in section.blocks)
        a_letter = weights.tokens_of(letters_in(text)) / max(1, len(text))
        return pieces_for(document, selection, room, lambda letters: letters * a_letter)

    def start(self, question: str, document: Document, selection: Selection, choice: ModelChoice) -> bool:
        """Begin to read. Return False if the model is not there; a reading that runs is stopped."""
        self.stop()
        backend = self._models.backend(choice.connection_id)
        if backend is None:
            return False
        asking = _Asking(
            backend,
            choice.model,
            self._models.place_of(choice),
            self._models.window_range(choice),
            self._models.measurements.weights_of(choice),
        )
        pieces = self.pieces(question, document, selection, choice)
        self.progressed.emit(0, len(pieces))
        self._running = self._work.run_on_loop(
            self._notes(question, document, pieces, asking),
            lambda notes: self._end(document, notes),
            self._fail,
        )
        return True

    def stop(self) -> None:
        """Stop reading; the server sees the connection close."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()

    async def _notes(
        self, question: str, document: Document, pieces: Sequence[AttachmentPart], asking: _Asking
    ) -> list[Note]:
        language = language_of(document)
        notes: list[Note] = []
        for number, piece in enumerate(pieces, start=1):
            asked = user_message(question_to_piece(question, number, len(pieces), language), attached=(piece,))
            notes.append(Note(piece.extent, await _answer(asked, asking)))
            self._note_taken.emit(number, len(pieces))
        return notes

    def _end(self, document: Document, notes: list[Note]) -> None:
        if self._running is not None:
            self._running = None
            self.finished.emit(notes_part(document, notes))

    def _fail(self, error: Exception) -> None:
        if self._running is not None:
            self._running = None
            self.failed.emit(error)


async def _answer(asked: Message, asking: _Asking) -> str:
    """Return what the model answers. Raises `BackendError`."""
    request = ChatRequest(
        model=asking.model,
        messages=outgoing((asked,)),
        params=GenerationParams(temperature=0.0, max_tokens=_TOKENS_OF_A_NOTE),
        thinking=_UNTHINKING,
        place=asking.place,
    )
    reply = ReplyBuilder(Message(role=Role.ASSISTANT, status=MessageStatus.STREAMING, model=asking.model))
    async for event in asking.backend.stream(with_window(request, asking.windows, asking.weights)):
        if isinstance(event, Failed):
            raise event.error
        reply.apply(event)
    text = reply.message.text.strip()
    if not text and not reply.message.reasoning:
        raise ProtocolError("the server sent an empty answer")
    return text
