"""The fit of what is being written into the model's window: how full that is, and what can be done about it.

Knows the sizes of messages, never their words. The rules are `core.context`; what is shown of them is the window's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from desktop.core.context.choices import Choice, FileNeed, LargerWindow, Situation, choices, larger_for, too_long_reply
from desktop.core.context.filling import (
    Filling,
    MessageSize,
    filling_of,
    letters_of_file,
    room_to_keep,
    size_of,
    sum_of,
)
from desktop.core.context.window import window_in_reach
from desktop.core.conversation import Conversation
from desktop.core.message import AttachmentPart, Message, Role
from desktop.core.outgoing.think_first import cannot_reason
from desktop.core.path import PathEntry
from desktop.core.repository import StoreError
from desktop.core.request import limited
from desktop.core.text.tokens import Letters
from desktop.runtime.background import gui_task
from desktop.runtime.services import Services

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Said:
    """The messages of a path as far as they are known: their entries, and how to look at one that is in memory."""

    conversation: Conversation
    entries: Sequence[PathEntry]
    message: Callable[[str], Message | None]


class Fitting(QObject):
    """A measurer of the current conversation. It reads what it does not know in the background, once."""

    changed = Signal()  # the same question is answered more exactly now

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._models = services.models
        self._sizes: dict[str, MessageSize] = {}  # of one conversation
        self._conversation = ""
        self._reads = 0
        self._sum: tuple[object, MessageSize] | None = None
        self._read_to = ""  # the head down to which all was read
        self._is_reading = False
        self._files: dict[int, tuple[AttachmentPart, Letters]] = {}  # of the question, by identity: they may be large

    def filling(self, said: Said, question: Message) -> Filling:
        """Return how the next request fills the window: what was said, and a message that is being written.

        What is not known yet of a long conversation is estimated by its length, and read; then `changed` is emitted.
        """
        settings = said.conversation.settings
        choice = settings.choice
        info = self._models.find(choice)
        earlier, asked = self._earlier_in_all(said), self._question(question)
        room = room_to_keep(limited(settings.thinking, settings.thinking_limit), can_think=not cannot_reason(info))

        def filled(window: Filling | None) -> Filling:
            tokens = window.needed if window is not None else 0
            reach = window_in_reach(self._models.window_of(choice), self._models.window_range(choice), tokens)
            return filling_of(
                reach,
                self._models.measurements.weights_of(choice),
                system=settings.system,
                earlier=earlier,
                question=asked,
                room=room,
            )

        return filled(filled(None))

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
        present = max(taken, model.loaded_context or 0)
        measures = self._models.measurements.measures_of(choice)
        return larger_for(
            needed,
            room_to_keep(said.conversation.settings.thinking),
            present,
            self._models.window_range(choice),
            model,
            measures,
        )

    def use_window(self, said: Said, larger: LargerWindow) -> None:
        """Have the model asked for this window from the next request on, now and after a restart."""
        choice = said.conversation.settings.choice
        if choice is not None:
            self._models.measurements.remember_window(choice, larger.window)

    def _earlier_in_all(self, said: Said) -> MessageSize:
        """Return the sizes of all messages before the question as one, added up anew only where they have changed."""
        last = said.entries[-1] if said.entries else None
        left_out = said.conversation.settings.left_out
        key = (said.conversation.id, len(said.entries), last, left_out, self._reads)
        if self._sum is None or self._sum[0] != key:
            total = sum_of(self._earlier(said))
            self._sum = (key, total)
        return self._sum[1]

    def _earlier(self, said: Said) -> list[MessageSize]:
        """Return the sizes of the messages before the question, without those that are left out."""
        if said.conversation.id != self._conversation:
            self._conversation, self._sizes = said.conversation.id, {}
        left_out = said.conversation.settings.left_out
        found = [self._size(entry, said) for entry in said.entries if entry.id not in left_out]
        if any(entry.id not in self._sizes for entry in said.entries):
            self._read(said)
        return found

    def _question(self, question: Message) -> MessageSize:
        """Return the size of the message that is being written, whose files are measured once."""
        parts = [part for part in question.parts if isinstance(part, AttachmentPart)]
        known, self._files = self._files, {}
        for part in parts:
            self._files[id(part)] = known.get(id(part)) or (part, letters_of_file(part))
        words = tuple(part for part in question.parts if not isinstance(part, AttachmentPart))
        files = tuple((part.name, self._files[id(part)][1]) for part in parts)
        return replace(size_of(replace(question, parts=words)), files=files)

    def _size(self, entry: PathEntry, said: Said) -> MessageSize:
        known = self._sizes.get(entry.id)
        if known is not None and known.words.total == entry.letters:
            return known
        message = said.message(entry.id)
        if message is None:
            return MessageSize(entry.id, Letters(entry.letters), is_reply=entry.role is Role.ASSISTANT)
        self._sizes[entry.id] = size_of(message)
        return self._sizes[entry.id]

    @gui_task
    async def _read(self, said: Said) -> None:
        store, identity, head = self._services.store, said.conversation.id, said.entries[-1].id
        if self._is_reading or self._read_to == head:
            return
        self._is_reading = True
        try:
            sizes = await self._services.work.run(
                lambda: {message.id: size_of(message) for message in store.path(identity, head)}
            )
        except StoreError as error:  # what keeps the disk from being read is reported elsewhere
            _log.warning("the size of a conversation could not be measured: %s", error)
            return
        finally:
            self._is_reading = False
        if identity == self._conversation:
            self._sizes |= sizes
            self._read_to = head
            self._reads += 1
            self.changed.emit()
