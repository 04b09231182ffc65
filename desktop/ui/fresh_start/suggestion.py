"""A quiet line below a conversation that has become long, which suggests a fresh start. It decides nothing."""

from __future__ import annotations

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.quiet_line import QuietLine


class FreshSuggestion(QuietLine):
    """A line hidden until it is shown."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, PlainLabel("", "small", wraps=True), closable=True, parent=parent)
        self.say(self.tr("This conversation has become long, and models lose the thread in long ones."))
        self.wanted: SignalInstance = self.offer(self.tr("Start fresh")).clicked
