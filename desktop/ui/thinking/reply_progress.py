"""The phase of a running reply in words: on its line, over its thinking, and for a screen reader.

Counts the seconds while nothing arrives. It shows nothing by itself.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from desktop.core.message import Message, MessageStatus, Role
from desktop.core.reply import ReplyPhase, has_hidden_thinking, phase_of, reasoning_share_of, reasoning_tokens_of
from desktop.core.request import outgoing_text
from desktop.core.text.tokens import estimate_tokens
from desktop.runtime.generation import Generation
from desktop.ui import words

_SECOND_MS = 1000
_SOON_S = 2.0  # a model on this computer is reached by then, and one sentence does for both
_LATE_MS = 60  # after the second is full: timers may come a twentieth early


class ReplyProgress(QObject):
    """The progress of one generation, for the view that shows it."""

    said = Signal(str)  # for the line below the text; empty while the thinking says it
    thinking_said = Signal(str, str)  # for the line over the thinking, and how much was thought, for who asks

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self._generation: Generation | None = None
        self._is_here = False  # the model is on this computer
        self._files: list[str] = []  # that the message has which is answered
        self._pages = 0  # of the message with them
        self._announced: ReplyPhase | None = None
        self._ticker = QTimer(self, singleShot=True)  # at each full second of the phase, so that none is skipped
        self._ticker.timeout.connect(self._tick)

    @property
    def phase(self) -> ReplyPhase | None:
        """The phase of the reply; None if none is followed."""
        return self._generation.builder.phase if self._generation is not None else None

    def follow(self, generation: Generation) -> None:
        self._generation = generation
        place = generation.new_messages[-1].place
        self._is_here = place is not None and place.is_local
        self._files = [file.name for message in generation.new_messages for file in message.files]
        asked = [outgoing_text(each) for each in generation.new_messages if each.role is Role.USER]
        self._pages = round(sum(map(estimate_tokens, asked)) / words.tokens_of_a_page())
        generation.phase_changed.connect(self._on_phase)
        self._on_phase()

    def end(self, message: Message) -> None:
        """Stop following the generation, whose final message this is."""
        self._ticker.stop()
        self._generation = None
        self._announce(words.phase_words(phase_of(message)))

    def _on_phase(self) -> None:
        self._tick()
        phase = self.phase
        if phase is not None and phase.is_running and phase is not self._announced:
            self._announced = phase
            self._announce(words.phase_words(phase))

    def _tick(self) -> None:
        if self._generation is None:
            return
        builder, phase = self._generation.builder, self._generation.builder.phase
        now = time.monotonic()
        self._ticker.start(_SECOND_MS - int(builder.seconds_in(phase, now) * 1000) % _SECOND_MS + _LATE_MS)
        if phase is ReplyPhase.THINKING:
            spent = builder.seconds_in(ReplyPhase.THINKING, now)
            self.thinking_said.emit(words.thinking(spent), words.size_of_thought(builder.reasoning_tokens))
            self.said.emit("")
            return
        if phase is ReplyPhase.ANSWERING or (phase.is_running and builder.has_reasoning):
            spent = builder.seconds_in(ReplyPhase.THINKING)
            share = builder.reasoning_share if builder.has_text else None
            self.thinking_said.emit(words.thought(spent), words.size_of_thought(builder.reasoning_tokens, share))
        if phase is ReplyPhase.CONNECTING and self._is_here and builder.seconds_in(phase, now) < _SOON_S:
            phase = ReplyPhase.READING
        if phase.is_running:
            spent = builder.seconds_in(phase, now)
            self.said.emit(words.running(phase, spent, builder.fraction, self._files, self._pages))

    def _announce(self, text: str) -> None:
        """Have a screen reader say it; costs nothing if none is there."""
        if text and QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._view, text))


def thought_words(message: Message) -> str:
    """Return the line over the thinking of a reply that has ended."""
    seconds = message.timings.thinking if message.timings else 0.0
    # Counted, but not seen; or the program ended before it could say how long.
    is_unknown = not seconds and (has_hidden_thinking(message) or message.status is MessageStatus.INTERRUPTED)
    return words.thought(None if is_unknown else seconds)


def size_of_thought(message: Message) -> str:
    """Return how much was thought for a reply; empty where nothing was."""
    if not message.reasoning and not has_hidden_thinking(message):
        return ""
    return words.size_of_thought(reasoning_tokens_of(message), reasoning_share_of(message))
