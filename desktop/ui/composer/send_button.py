"""The one filled button: Send in the colour of the place where the words go, or Stop while a reply runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.ui.look.icons import ThemedIcon
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import FILL_OF_PLACE, GAP
from desktop.ui.widgets.buttons import AFTER_ICON
from desktop.ui.widgets.labels import set_tooltip
from desktop.ui.words import place_sentence

if TYPE_CHECKING:
    from desktop.core.place import Place
    from desktop.ui.look.theme import Theme


class SendButton(QPushButton):
    """A button told what it is and where words go."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place: Place | None = None
        self._is_running = False
        self._is_ready = False
        self._is_second = False
        self._why = ""
        self._drawing = ThemedIcon(self, theme, "send", "on_fill")
        self.setAutoDefault(False)

    def show_state(self, *, is_running: bool, is_ready: bool) -> None:
        """Show Stop while a reply runs; else Send, enabled only if there is something to send."""
        self._is_running, self._is_ready = is_running, is_ready
        enabled = is_running or is_ready
        words = self.tr("Stop") if is_running else self.tr("Send")
        self.setText(AFTER_ICON + words)
        self.setAccessibleName(words)
        self._drawing.show("stop" if is_running else "send", self._ink if enabled else "muted")
        self.setEnabled(enabled)
        self._say_place()
        self._keep_width()

    def be_second(self, shall: bool) -> None:
        """Be drawn plainly, or filled again: another Send in sight is for what the user writes now."""
        if shall is not self._is_second:
            self._is_second = shall
            self.show_state(is_running=self._is_running, is_ready=self._is_ready)

    @property
    def _ink(self) -> str:
        return "ink" if self._is_second else "on_fill"

    def set_place(self, place: Place | None) -> None:
        """Set the colour and description of where the words will go; None while that is not known."""
        self._place = place
        self._say_place()

    def explain(self, why: str) -> None:
        """Say why nothing can be sent yet; empty where something can."""
        self._why = why
        self._say_place()

    def _say_place(self) -> None:
        where = self._why or (place_sentence(self._place) if self._place is not None else "")
        self.setAccessibleDescription("" if self._is_running else where)
        set_tooltip(self, self.tr("Stop (Esc)") if self._is_running else where)
        if self._is_second:
            set_look(self, "")
            return
        set_look(self, "filled", FILL_OF_PLACE[self._place.kind] if self._place is not None else "accent")

    def _keep_width(self) -> None:
        """Make it wide enough for both words, so that nothing shifts when one replaces the other."""
        self.ensurePolished()  # for the metrics of the sheet's heavier font
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(AFTER_ICON + word) for word in (self.tr("Send"), self.tr("Stop")))
        self.setMinimumWidth(widest + self._theme.icon_px + self._theme.px(12) * 3 + GAP)

    # Qt's own method

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._keep_width()
