"""The thinking of a reply's model in the window: if there is a panel for it, what stands in it, and when it closes.

The panel itself is `panel.py`; where it stands in the message is its owner's matter.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.message import Message
from desktop.core.reply import has_hidden_thinking
from desktop.core.text.pace import Attention
from desktop.runtime.generation import Generation
from desktop.ui.look.page_look import PageLook
from desktop.ui.look.panel_preference import PanelPreference
from desktop.ui.message_actions import Ask
from desktop.ui.thinking.panel import ThinkingPanel, attention_in
from desktop.ui.thinking.reply_progress import size_of_thought, thought_words


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
