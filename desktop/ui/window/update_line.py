"""A quiet line that a newer version is out, which leads to its page through the question for links."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.core.updates import Release
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill


class UpdateLine(QuietLine):
    """A line that, once shown, stays until the user has answered it."""

    opened = Signal(str)  # address of the page

    def __init__(self, theme: Theme, release: Release, parent: QWidget | None = None) -> None:
        super().__init__(theme, PlainLabel("", "small", wraps=True), parent=parent)
        self.say(fill(self.tr("Candor %1 is out"), release.version))
        show = self.offer(self.tr("Show"))
        show.clicked.connect(self.hide)
        show.clicked.connect(lambda: self.opened.emit(release.page))
        self.offer(self.tr("Not now"), "muted").clicked.connect(self.hide)
