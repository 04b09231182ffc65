"""The button at the head of a section that can be folded: a chevron and a name, shortened if there is no room."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.ui.look.icons import ThemedIcon
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.labels import set_tooltip
from desktop.ui.words import fill, plain_action


class FoldButton(QPushButton):
    """A button with a chevron; it is told when its section is unfolded."""

    def __init__(self, theme: Theme, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._words = words
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        set_look(self, "fold")
        self._icon = ThemedIcon(self, theme, "chevron-right", "muted")
        self.show_state(is_open=False)
        theme.changed.connect(self._shorten)

    def show_state(self, *, is_open: bool) -> None:
        self._icon.show("chevron-down" if is_open else "chevron-right")
        template = self.tr("%1, unfolded") if is_open else self.tr("%1, folded")
        self.setAccessibleName(fill(template, self._words))
        self._shorten()

    def _beside_words(self) -> int:
        """Return the pixels that icon and padding take, as in the style sheet."""
        return self._theme.icon_px + self._theme.px(18)

    def _shorten(self) -> None:
        self.ensurePolished()  # for the metrics of the sheet's heavier font
        shown = self.fontMetrics().elidedText(
            self._words, Qt.TextElideMode.ElideRight, self.width() - self._beside_words()
        )
        self.setText(plain_action(shown))
        set_tooltip(self, self._words if shown != self._words else "")
        self.updateGeometry()

    # Qt's own methods

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        words = self.fontMetrics().horizontalAdvance(self._words) + 2
        return QSize(words + self._beside_words(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._theme.px(90)), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()
