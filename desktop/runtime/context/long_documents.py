"""Ways with a document that is too long for the model: the passages that bear on a question, or all of it in pieces."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.core.context.counting import Weights
from desktop.core.context.pieces import LEAST_ROOM, LONGEST_NOTE, room_of_piece
from desktop.core.context.window import SMALLEST_STEP
from desktop.core.documents.document import Document
from desktop.core.documents.in_pieces import Note, notes_part, pieces_for, question_to_piece
from desktop.core.documents.marks import language_of
from desktop.core.documents.passages import PassageFinder
from desktop.core.documents.selection import Selection
from desktop.core.errors import BackendError, ContextTooLong
from desktop.core.message import user_message
from desktop.core.model import ModelChoice
from desktop.core.text.tokens import letters_in
from desktop.runtime.background import Task, gui_task
from desktop.runtime.models.aside import Asked, answer_aside, asked_of
from desktop.runtime.services import Services

_SMALLER = 0.75  # the share of a piece that is tried after the server found one too long


class PassageSearch(QObject):
    """A searcher for passages; each search is answered by one signal."""

    found = Signal(str, object)  # the id of the file, a Selection; None where no passage has words of it, or none fits

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services

    @gui_task
    async def start(
        self, file_id: str, document: Document, base: Selection, question: str, tokens: int, choice: ModelChoice | None
    ) -> None:
        """Search a document for what bears on a question, in at most so many tokens of the chosen model."""
        weights = self._services.models.measurements.weights_of(choice)

        def search() -> Selection | None:
            chosen = PassageFinder(document).selection(question, base, tokens, _tokens_in(document, weights))
            return chosen[0] if chosen is not None else None

        self.found.emit(file_id, await self._services.work.compute(search))


class ReadingInPieces(QObject):
    """A reader of one document at a time, which puts the question to each piece and keeps notes.

    The notes are what is sent in the end, in the place of the document. Each piece is a request of its own, to the same
    model and place as the conversation's; none is stored but by its note.
    """

    progressed = Signal(int, int)  # pieces read, of so many
    finished = Signal(object)  # AttachmentPart: the notes
    failed = Signal(object)  # BackendError; the notes so far are dropped with it

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._reading: Task | None = None

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
        asking = asked_of(self._services.models, choice)
        if asking is None:
            return False
        windows = asking.windows
        window = max(self._services.models.window_of(choice).tokens or SMALLEST_STEP, windows.unasked if windows else 0)
        room = max(LEAST_ROOM, room_of_piece(window, asking.weights.tokens_of(letters_in(question))))
        self._reading = self._read(question, document, selection, asking, room, conversation)
        return True

    def stop(self) -> None:
        """Stop reading; the server sees the connection close."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading = None

    @gui_task
    async def _read(
        self, question: str, document: Document, selection: Selection, asking: Asked, room: float, conversation: str
    ) -> None:
        """Read the document in pieces of so many tokens; anew in smaller ones where the server finds one too long."""
        try:
            notes = await self._notes(question, document, selection, asking, room, conversation)
        except BackendError as error:
            if isinstance(error, ContextTooLong) and room > LEAST_ROOM:  # the estimate was off
                smaller = max(LEAST_ROOM, _SMALLER * room)
                self._reading = self._read(question, document, selection, asking, smaller, conversation)
            else:
                self._reading = None
                self.failed.emit(error)
        else:
            self._reading = None
            self.finished.emit(notes_part(document, notes))

    async def _notes(
        self, question: str, document: Document, selection: Selection, asking: Asked, room: float, conversation: str
    ) -> list[Note]:
        work = self._services.work
        pieces = await work.compute(lambda: pieces_for(document, selection, room, _tokens_in(document, asking.weights)))
        self.progressed.emit(0, len(pieces))
        notes: list[Note] = []
        for number, piece in enumerate(pieces, start=1):
            words = question_to_piece(question, number, len(pieces), language_of(document))
            asked = user_message(words, attached=(piece,))
            text = await work.on_loop(answer_aside(asked, asking, LONGEST_NOTE, conversation))
            notes.append(Note(piece.extent, text))
            self.progressed.emit(number, len(pieces))
        return notes


def _tokens_in(document: Document, weights: Weights) -> Callable[[int], float]:
    """Return a function from a number of letters of this document to tokens."""
    text = "".join(block.text for section in document.sections for block in section.blocks)
    a_letter = weights.tokens_of(letters_in(text)) / max(1, len(text))
    return lambda letters: letters * a_letter
