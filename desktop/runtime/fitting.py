"""What fits the model's window: how full that is, what can be done about it, and ways with a file that is too long.

Of what was said, the sizes are kept, never the words. The rules are `core.context` and `core.documents`; what is shown
of them is the window's.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Signal

from desktop.core.context import (
    LEAST_ROOM,
    LONGEST_NOTE,
    Choice,
    FileNeed,
    Filling,
    LargerWindow,
    MessageSize,
    Situation,
    Weights,
    choices,
    filling_of,
    larger_for,
    letters_of_file,
    room_of_piece,
    room_to_keep,
    size_of,
    sum_of,
    too_long_reply,
)
from desktop.core.conversation import Conversation
from desktop.core.documents.document import Document
from desktop.core.documents.marks import language_of
from desktop.core.documents.passages import Note, PassageFinder, notes_part, pieces_for, question_to_piece
from desktop.core.documents.selection import Selection
from desktop.core.errors import BackendError, ContextTooLong, StoreError
from desktop.core.message import AttachmentPart, Message, PathEntry, Role, user_message
from desktop.core.model import ModelChoice
from desktop.core.models.window import SMALLEST_STEP, window_in_reach
from desktop.core.outgoing import cannot_reason
from desktop.core.request import limited
from desktop.core.text.tokens import Letters, letters_in
from desktop.runtime.background import NO_TASK, gui_task
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.services import Services, WithServices

_log = logging.getLogger(__name__)
_SMALLER = 0.75  # the share of a piece that is tried after the server found one too long


@dataclass(frozen=True, slots=True)
class Said:
    """The messages of a path as far as they are known: their entries, and how to look at one that is in memory."""

    conversation: Conversation
    entries: Sequence[PathEntry]
    message: Callable[[str], Message | None]


class Fitting(WithServices):
    """A measurer of the current conversation. It reads what it does not know in the background, once."""

    changed = Signal()  # the same question is answered more exactly now

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._conversation = ""
        self._sizes: dict[str, MessageSize] = {}  # of its messages
        self._read_to = ""  # the head down to which all is read, or has been
        self._files: dict[int, tuple[AttachmentPart, Letters]] = {}  # of the question, by identity: they may be large

    def filling(self, said: Said, question: Message, more: int = 0) -> Filling:
        """Return how the next request fills the window: what was said, and a message that is being written.

        The window is one that is had for it, and for so many tokens `more`.
        What is not known yet of a long conversation is estimated by its length, and read; then `changed` is emitted.
        """
        settings, models = said.conversation.settings, self._models
        choice = settings.choice
        earlier, asked = sum_of(self._earlier(said)), self._question(question)
        can_think = not cannot_reason(models.find(choice))
        room = room_to_keep(limited(settings.thinking, settings.thinking_limit), can_think=can_think)
        weights = models.measurements.weights_of(choice)

        def filled(needed: int) -> Filling:
            window = window_in_reach(models.window_of(choice), models.window_range(choice), needed)
            return filling_of(window, weights, system=settings.system, earlier=earlier, question=asked, room=room)

        return filled(filled(0).needed + more)

    def choices(
        self,
        said: Said,
        question: Message,
        many_sections: Iterable[str] = (),
        need: FileNeed = FileNeed.PASSAGES,
    ) -> list[Choice]:
        """Return what can be done about a request that does not fit, the best first; empty where it fits.

        `many_sections` names the files of the question that have pages, sheets or slides; `need`: what of a file its
        answer needs.
        """
        choice = said.conversation.settings.choice
        model = self._models.find(choice)
        if choice is None or model is None:
            return []
        measurements = self._models.measurements
        situation = Situation(
            self.filling(said, question),
            model,
            measurements.measures_of(choice),
            measurements.weights_of(choice),
            self._models.window_range(choice),
            self._earlier(said),
            frozenset(many_sections),
            need,
        )
        return choices(situation)

    def larger_for(self, said: Said, reply: Message) -> LargerWindow | None:
        """Return the larger window with which a reply that knows only a part, or none, of its request can be had.

        None where nothing was too long, or the server takes no larger one.
        """
        choice = said.conversation.settings.choice
        model, found = self._models.find(choice), too_long_reply(reply)
        if choice is None or model is None or found is None or reply.model != choice.model:
            return None
        needed, taken = found
        room = room_to_keep(said.conversation.settings.thinking)
        present = max(taken, model.loaded_context or 0)
        measures = self._models.measurements.measures_of(choice)
        return larger_for(needed, room, present, self._models.window_range(choice), model, measures)

    async def passages(
        self, document: Document, base: Selection, question: str, tokens: int, choice: ModelChoice | None
    ) -> Selection | None:
        """Return the passages that bear on a question, in so many tokens; None where none has words of it, or fits."""
        weights = self._models.measurements.weights_of(choice)

        def search() -> Selection | None:
            chosen = PassageFinder(document).selection(question, base, tokens, _tokens_in(document, weights))
            return chosen[0] if chosen is not None else None

        return await self.services.work.compute(search)

    def _earlier(self, said: Said) -> list[MessageSize]:
        """Return the sizes of the messages before the question, without those that are left out."""
        if said.conversation.id != self._conversation:
            self._conversation, self._sizes = said.conversation.id, {}
        left_out = said.conversation.settings.left_out
        found = [self._size(entry, said) for entry in said.entries if entry.id not in left_out]
        if any(entry.id not in self._sizes for entry in said.entries):
            self._read(said.conversation.id, said.entries[-1].id)
        return found

    def _size(self, entry: PathEntry, said: Said) -> MessageSize:
        known = self._sizes.get(entry.id)
        if known is not None and known.words.total == entry.letters:
            return known
        message = said.message(entry.id)
        if message is None:
            return MessageSize(entry.id, Letters(entry.letters), is_reply=entry.role is Role.ASSISTANT)
        self._sizes[entry.id] = size_of(message.without_passages)
        return self._sizes[entry.id]

    def _question(self, question: Message) -> MessageSize:
        """Return the size of the message that is being written, whose files are measured once."""
        parts = [part for part in question.parts if isinstance(part, AttachmentPart)]
        known, self._files = self._files, {}
        for part in parts:
            self._files[id(part)] = known.get(id(part)) or (part, letters_of_file(part))
        words = tuple(part for part in question.parts if not isinstance(part, AttachmentPart))
        files = tuple((part.name, self._files[id(part)][1]) for part in parts)
        return replace(size_of(replace(question, parts=words)), files=files)

    @gui_task
    async def _read(self, conversation: str, head: str) -> None:
        if self._read_to == head:
            return
        self._read_to, store = head, self.services.store
        try:
            sizes = await self.services.work.run(
                lambda: {m.id: size_of(m.without_passages) for m in store.path(conversation, head)}
            )
        except StoreError as error:  # what keeps the disk from being read is reported elsewhere
            _log.warning("the size of a conversation could not be measured: %s", error)
            return
        if conversation == self._conversation:
            self._sizes |= sizes
            self.changed.emit()


class ReadingInPieces(WithServices):
    """A reader of one document at a time, which puts the question to each piece and keeps notes.

    The notes are what is sent in the end, in the place of the document. Each piece is a request of its own, to the same
    model and place as the conversation's; none is stored but by its note.
    """

    progressed = Signal(int, int)  # pieces read, of so many
    finished = Signal(object)  # AttachmentPart: the notes
    failed = Signal(object)  # BackendError; the notes so far are dropped with it

    def __init__(self, services: Services) -> None:
        super().__init__(services)
        self._reading = NO_TASK

    @property
    def is_running(self) -> bool:
        return self._reading.is_running

    def start(
        self, question: str, document: Document, selection: Selection, choice: ModelChoice, conversation: str = ""
    ) -> bool:
        """Begin to read. Return False if the model is not there; a reading that runs is stopped.

        `conversation`: the id of the one that it is read for, as far as that is recorded.
        """
        self.stop()
        if self._models.backend(choice) is None:
            return False
        self._reading = self._read(question, document, selection, choice, conversation)
        return True

    def stop(self) -> None:
        """Stop reading; the server sees the connection close."""
        self._reading.cancel()

    @gui_task
    async def _read(
        self, question: str, document: Document, selection: Selection, choice: ModelChoice, conversation: str
    ) -> None:
        def ask(piece: AttachmentPart, words: str) -> Awaitable[str]:
            return self._models.ask_aside(choice, user_message(words, attached=(piece,)), LONGEST_NOTE, conversation)

        try:
            notes = await notes_on(self.services, question, document, selection, choice, ask, self.progressed.emit)
        except BackendError as error:
            self._reading = NO_TASK
            self.failed.emit(error)
        else:
            self._reading = NO_TASK
            self.finished.emit(notes)


async def notes_on(
    services: Services,
    question: str,
    document: Document,
    selection: Selection,
    choice: ModelChoice,
    ask: Callable[[AttachmentPart, str], Awaitable[str]],
    tell: Callable[[int, int], object],
) -> AttachmentPart:
    """Return notes on a document, made of what `ask` answers for each piece; `tell` hears how many are read.

    All is read anew in smaller pieces where the server finds one too long.
    """
    room = room_to_read(services.models, choice, question)
    tokens = _tokens_in(document, services.models.measurements.weights_of(choice))
    while True:
        pieces = await services.work.compute(partial(pieces_for, document, selection, room, tokens))
        notes: list[Note] = []
        tell(0, len(pieces))
        try:
            for number, piece in enumerate(pieces, start=1):
                words = question_to_piece(question, number, len(pieces), language_of(document))
                notes.append(Note(piece.extent, await ask(piece, words)))
                tell(number, len(pieces))
            return notes_part(document, notes)
        except ContextTooLong:  # the estimate was off
            if room <= LEAST_ROOM:
                raise
            room = max(LEAST_ROOM, _SMALLER * room)


def room_to_read(models: ModelDirectory, choice: ModelChoice, question: str) -> float:
    """Return how many tokens of a document may go along with a question that is put to a part of it."""
    windows, weights = models.window_range(choice), models.measurements.weights_of(choice)
    window = max(models.window_of(choice).tokens or SMALLEST_STEP, windows.unasked if windows else 0)
    return max(LEAST_ROOM, room_of_piece(window, weights.tokens_of(letters_in(question))))


def _tokens_in(document: Document, weights: Weights) -> Callable[[int], float]:
    """Return a function from a number of letters of this document to tokens."""
    text = "".join(block.text for section in document.sections for block in section.blocks)
    a_letter = weights.tokens_of(letters_in(text)) / max(1, len(text))
    return lambda letters: letters * a_letter
