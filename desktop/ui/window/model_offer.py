"""A quiet line that a connection has just been set up, and offers its model: saving one changes no conversation."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.ui.look.theme import Theme
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill, short


class ModelOffer(QuietLine):
    """A line that stays until the user has answered it."""

    def __init__(
        self, theme: Theme, model: str, connection: str, use: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, PlainLabel("", "small", wraps=True), parent=parent)
        self.say(fill(self.tr("%1 is set up, with %2"), short(connection), short(model)))
        chosen = self.offer(self.tr("Use it now"))
        chosen.clicked.connect(self.hide)
        chosen.clicked.connect(use)
        self.offer(self.tr("Not now"), "muted").clicked.connect(self.hide)
