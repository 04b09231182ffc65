"""The thinking of a reply's model in the window: if there is a panel for it, what stands in it, and when it closes.

The panel itself is `panel.py`; where it stands in the message is its owner's matter.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from desktop.core.message import Message, MessageStatus, Role
from desktop.core.reply import (
    ReplyPhase,
    has_hidden_thinking,
    phase_of,
    reasoning_share_of,
    reasoning_tokens_of,
    thought_only,
)
from desktop.core.request import outgoing_text
from desktop.core.text.pace import Attention
from desktop.core.text.tokens import estimate_tokens
from desktop.runtime.generation import Generation
from desktop.ui import words
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.message_actions import Ask, ReplyStep
from desktop.ui.thinking.panel import ThinkingPanel, attention_in

translate = QCoreApplication.translate


def steps_while(phase: ReplyPhase) -> tuple[ReplyStep, ...]:
    """Return the steps for a running reply."""
    return (ReplyStep.ANSWER_NOW,) if phase is ReplyPhase.THINKING else ()


def steps_after(message: Message, *, can_ask_without: bool) -> tuple[ReplyStep, ...]:
    """Return the steps for a reply that has ended.

    `can_ask_without`: the model is known to answer without thinking when told to.
    """
    if not thought_only(message):
        return ()
    if phase_of(message) is not ReplyPhase.NO_ANSWER:
        return (ReplyStep.ANSWER_NOW,)  # it came to no end: it can be continued besides
    was_cut_off = message.status is MessageStatus.CUT_OFF  # room is not what a thought lacked that just ended
    without = (ReplyStep.WITHOUT_THINKING,) if can_ask_without else ()
    return (ReplyStep.ANSWER_NOW, *without, *((ReplyStep.MORE_ROOM,) if was_cut_off else ()))


def step_words(step: ReplyStep) -> str:
    """Return the words on a step's button."""
    match step:
        case ReplyStep.ANSWER_NOW:
            return translate("reply_steps", "Answer now")
        case ReplyStep.MORE_ROOM:
            return translate("reply_steps", "More room")
        case ReplyStep.WITHOUT_THINKING:
            return translate("reply_steps", "Without thinking")


def step_explained(step: ReplyStep) -> str:
    """Return the effect of a step, in one sentence."""
    match step:
        case ReplyStep.ANSWER_NOW:
            return translate("reply_steps", "End the thinking and get the answer from what was thought so far")
        case ReplyStep.MORE_ROOM:
            return translate("reply_steps", "Let the model go on thinking, with more room for thinking and answer")
        case ReplyStep.WITHOUT_THINKING:
            return translate("reply_steps", "Ask again without thinking; this reply stays beside the new one")


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


class ReplyThinking(QObject):
    """The thinking of one reply; the panel, a child of the reply's view, is made when there is something to show."""

    height_changed = Signal()  # of the panel, which may be new or gone
    loop_changed = Signal()  # see `says_loop`
    surface_made = Signal(object)  # the TextSurface that shows the trace from now on

    def __init__(
        self, look: PageLook, preference: PanelPreference, ask: Ask, is_followed: Callable[[], bool], view: QWidget
    ) -> None:
        """Keep the dependencies.

        `is_followed` returns True if the reader is at the end of the page, and not somewhere in the text.
        """
        super().__init__(view)
        self._view = view
        self._look = look
        self._preference = preference
        self._ask = ask
        self._is_followed = is_followed
        self._panel: ThinkingPanel | None = None
        self._generation: Generation | None = None  # while it runs
        self._was_touched = False  # by the user, who then decides whether it is open

    @property
    def panel(self) -> ThinkingPanel | None:
        """The panel, once there is something to show, else None."""
        return self._panel

    def follow(self, generation: Generation) -> None:
        """Let a running reply know how much of its thinking is shown, so that it need not come more often than that."""
        self._generation = generation
        self.height_changed.connect(self._tell_attention)
        self._tell_attention()

    def _tell_attention(self) -> None:
        if self._generation is not None:
            self._generation.follow_thinking(self.attention)

    @property
    def attention(self) -> Attention:
        """The attention that the thinking is worth, by what is shown of it, or will be."""
        if self._panel is None:
            return attention_in(self._preference, is_open=self._preference is PanelPreference.OPEN)
        return attention_in(self._preference, is_open=self._panel.is_open)

    @property
    def says_loop(self) -> bool:
        """True if it says that the model repeats itself, and offers to cut that."""
        return self._panel is not None and self._panel.says_loop

    def append(self, text: str, *, goes_on: bool = True) -> None:
        """Add more thinking; unless it `goes_on`, these were its last words."""
        is_new = self._panel is None
        panel = self._need_panel()
        panel.set_running(True)
        panel.append(text)
        if not goes_on:
            self.pause()
        if is_new:
            self.height_changed.emit()

    def replace(self, trace: str) -> None:
        """Replace the trace, when text has changed channels; with an empty one, the panel is removed."""
        if trace:
            self._need_panel().replace(trace)
        elif self._panel is not None:
            self._panel.deleteLater()
            self._panel = None

    def pause(self) -> None:
        """Hide what is shown only while the model thinks."""
        if self._panel is not None:
            self._panel.set_running(False)

    def give_way(self) -> None:
        """Close the panel for the answer, unless the user has opened or closed it, or reads further up."""
        self.pause()
        if self._panel is None:
            return
        if self._preference is PanelPreference.AUTO and not self._was_touched and self._is_followed():
            self._panel.set_open(False)

    def say(self, words: str, detail: str, *, is_thinking: bool) -> None:
        """Set the line over the trace and its tip; there is one while the model thinks, even if that is hidden."""
        panel = self._need_panel() if is_thinking else self._panel
        if panel is not None:
            panel.set_words(words, detail)

    def say_loop(self) -> None:
        """Show that the thinking repeats itself."""
        self._need_panel().show_loop(True)

    def load(self, message: Message) -> None:
        """Show the thinking that a reply has at first."""
        if message.reasoning or has_hidden_thinking(message):
            self._need_panel().replace(message.reasoning)

    def finish(self, message: Message) -> None:
        """Show the thinking of the reply that has ended."""
        self._generation = None
        if has_hidden_thinking(message):
            self._need_panel()  # which is there already where its provider said that the model thinks
        if self._panel is not None:
            self._panel.set_running(False)
            self._panel.set_words(thought_words(message), size_of_thought(message), is_last=True)

    def open(self) -> None:
        """Show the whole trace, as if the user had opened it."""
        if self._panel is not None and not self._panel.is_open:
            self._was_touched = True
            self._panel.set_open(True)

    def set_preference(self, preference: PanelPreference) -> None:
        """Set how thinking panels are shown from now on, and apply it to this one."""
        self._preference = preference
        self._was_touched = False
        if self._panel is not None:
            self._panel.set_preference(preference)

    def refresh_look(self) -> None:
        """Apply the theme's present look."""
        if self._panel is not None:
            self._panel.refresh_look()

    def _need_panel(self) -> ThinkingPanel:
        if self._panel is None:
            self._panel = panel = ThinkingPanel(self._look, self._preference, self._ask, self._view)
            panel.height_changed.connect(self.height_changed)
            panel.toggled.connect(self._on_toggled)
            panel.loop_changed.connect(self.loop_changed)
            panel.surface_made.connect(self.surface_made)
            panel.show()
        return self._panel

    def _on_toggled(self) -> None:
        self._was_touched = True
