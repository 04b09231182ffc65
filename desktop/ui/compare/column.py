"""One of several answers side by side: its prompt, the answer as in a conversation, and its state.

Told which answer to show; what is asked for is emitted, and done by `presenter`.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, SignalInstance
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.core.message import Message
from desktop.core.reply import ReplyPhase, phase_of
from desktop.core.sign import SignKind
from desktop.runtime.generation import Generation
from desktop.runtime.path import ConversationPath
from desktop.ui import words
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_PAGE, GAP_TIGHT, GAP_WIDE
from desktop.ui.prompts.builder.preview import PromptPreview
from desktop.ui.prompts.compare_words import SideWords
from desktop.ui.transcript.footer import FooterAction
from desktop.ui.transcript.message_requests import MessageRequests
from desktop.ui.transcript.view import Transcript
from desktop.ui.widgets.labels import FittingLabel, NameLabel
from desktop.ui.widgets.layout import stack

_TICK_MS = 1000
_HEADING_PX = 24  # the same beside each other, whatever the scripts of the words


class CompareColumn(QWidget):
    """A column for an answer that runs, or has ended."""

    def __init__(
        self, theme: Theme, said: SideWords, preference: PanelPreference, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._generation: Generation | None = None
        self._message: Message | None = None
        self.heading = said.heading
        self.requests = MessageRequests(self)
        # It has been, or what is compared is a prompt; and a file is made of what is kept in the end.
        self.requests.left_out = frozenset({FooterAction.START_FRESH, FooterAction.EXPORT})
        self.transcript = Transcript(theme, preference, self.requests)
        # What differs is what is looked at here; what a sign offers is for the conversation.
        self.transcript.set_signs_off(frozenset(SignKind))
        self.transcript.setAccessibleName(words.fill(self.tr("Answer: %1"), said.heading))
        self.setAccessibleName(said.heading)
        self._asked = PromptPreview(theme, self.tr("What is asked"))
        self._asked.setVisible(said.prompt is not None)
        if said.prompt is not None:
            self._asked.show_prompt(said.prompt, {key: at for at, key in enumerate(sorted(said.marked))}, None)
        self._asked.toggled.connect(lambda _: self._asked.go_to(said.marked))
        self._heading = NameLabel(said.heading, "heading")
        self._heading.setMinimumHeight(theme.px(_HEADING_PX))
        self.origin = NameLabel("", "small")
        self._state = FittingLabel("tiny")
        self._stop = QPushButton(self.tr("Stop"))
        self._stop.setAccessibleName(words.fill(self.tr("Stop: %1"), said.heading))
        self._keep = QPushButton(self.tr("Keep this answer"))
        self._keep.setAccessibleName(words.fill(self.tr("Keep this answer: %1"), said.heading))
        self._keep.setToolTip(self.tr("Go on with it in the conversation; the other stays beside it"))
        for button in (self._stop, self._keep):
            button.setAutoDefault(False)
        self.stop_requested: SignalInstance = self._stop.clicked
        self.keep_requested: SignalInstance = self._keep.clicked
        self._ticker = QTimer(self, interval=_TICK_MS)
        self._ticker.timeout.connect(self._say_state)
        self._lay_out()

    def follow(self, generation: Generation, path: ConversationPath) -> None:
        """Show an answer while it grows; it is the one message of `path`."""
        self._generation = generation
        generation.phase_changed.connect(self._say_state)
        self.transcript.follow(generation, path)
        self._ticker.start()
        self._say_state()

    def show_ended(self, message: Message, path: ConversationPath) -> None:
        """Show an answer that has ended, the one message of `path`, or the end of the one that is followed."""
        self._generation, self._message = None, message
        self._ticker.stop()
        if self.transcript.path is not path:  # an old answer, which is asked for once more beside it
            self.requests.left_out |= {FooterAction.TRY_AGAIN}
            self.transcript.show_path(path)
            self.transcript.bring(0, 0)  # from its beginning, as an answer that comes beside it begins
        self._say_state()

    def show_heading(self, is_shown: bool) -> None:
        """Show or hide its own heading."""
        self._heading.setVisible(is_shown)
        self._top.setContentsMargins(GAP_PAGE, GAP_WIDE if is_shown else GAP_TIGHT, GAP_PAGE, 0)

    def offer_keep(self, can_be_kept: bool) -> None:
        """Enable Keep if the conversation can go on with this answer."""
        self._keep.setEnabled(can_be_kept)

    def _lay_out(self) -> None:
        top = self._top = stack(
            self._heading, self.origin, self._asked, gap=GAP_TIGHT, margins=(GAP_PAGE, GAP_WIDE, GAP_PAGE, 0)
        )
        line = QFrame()
        set_look(line, "hairline")
        line.setFixedHeight(1)
        foot = stack((self._state, 1), self._stop, self._keep, margins=(GAP_PAGE, GAP, GAP_PAGE, GAP_WIDE), across=True)
        stack(top, (self.transcript, 1), line, foot, gap=0, on=self)

    def _say_state(self) -> None:
        is_running = self._generation is not None
        message = self._generation.builder.message if self._generation is not None else self._message
        if message is not None:
            self.origin.show_text(words.origin_words(message.model, message.place))
            self.origin.setVisible(bool(self.origin.text()))
        had_keyboard = self._stop.hasFocus()
        self._stop.setVisible(is_running)
        if had_keyboard and not is_running:
            self._keep.setFocus()
        self._state.show_forms(self._state_words())

    def _state_words(self) -> list[str]:
        if self._generation is not None:
            builder, now = self._generation.builder, time.monotonic()
            spent = sum(builder.seconds_in(phase, now) for phase in ReplyPhase if phase.is_running)
            return [words.fill(self.tr("Running · %1"), words.duration(spent))]
        return self._ended(self._message) if self._message is not None else [""]

    def _ended(self, message: Message) -> list[str]:
        """Return how an answer ended, the longest form first: the foot of the answer itself says it in full."""
        phase = phase_of(message)
        said, least = [words.ended(phase)], words.ended(phase)
        if phase is ReplyPhase.CUT_OFF:
            least = self.tr("Cut off")
        elif phase is ReplyPhase.INTERRUPTED:
            least = self.tr("Interrupted")
        spent = message.timings
        if spent is not None:
            said.append(
                words.duration(spent.connecting + spent.loading + spent.reading + spent.thinking + spent.answering)
            )
        if message.usage is not None and message.usage.completion_tokens:
            said.append(words.amount_of_text(message.usage.completion_tokens))
        return [*(" · ".join(said[:count]) for count in range(len(said), 0, -1)), least]
