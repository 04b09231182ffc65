"""The recipes that the user has pinned, in the sidebar: a press asks for the blanks of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.buttons import AFTER_ICON, LabelledButton
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.words import fill, plain_action

if TYPE_CHECKING:
    from desktop.core.recipes.folder import ShelvedRecipe
    from desktop.ui.look.theme import Theme

MOST_SHOWN: Final = 6  # more would leave no room to the conversations in a low window


class _PinnedRecipe(LabelledButton):
    """A button with a name, shortened if there is no room."""

    def __init__(self, theme: Theme, entry: ShelvedRecipe) -> None:
        super().__init__(theme, "recipe", "", "quiet")
        self._theme = theme
        self._name = " ".join(entry.recipe.name.split())
        self.setAccessibleName(fill(self.tr("Use the recipe “%1”"), self._name))
        self._shorten()

    def _shorten(self) -> None:
        room = self.width() - self._theme.icon_px - self._theme.px(24)  # padding, and what stands after the icon
        shown = self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideMiddle, max(0, room))
        self.setText(AFTER_ICON + plain_action(shown))
        about = self._name if shown != self._name else ""
        set_tooltip(self, about)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(80), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(120), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()


class PinnedRecipes(QWidget):
    """A column of buttons, hidden while nothing is pinned."""

    chosen = Signal(str)  # the key of the recipe

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: list[ShelvedRecipe] = []
        self._buttons: list[LabelledButton] = []
        heading = PlainLabel(self.tr("Recipes"), "tiny")
        heading.setContentsMargins(GAP, GAP_TIGHT, 0, GAP_TIGHT)
        self._all = LabelledButton(theme, "more", self.tr("All recipes"), "quiet")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(heading)
        self._column.addWidget(self._all)
        self.setAccessibleName(heading.text())
        self.all_requested: SignalInstance = self._all.clicked
        self.hide()

    def show_recipes(self, entries: Sequence[ShelvedRecipe]) -> None:
        """Show these as pinned, in this order."""
        shown = list(entries[:MOST_SHOWN])
        self._all.setVisible(len(entries) > len(shown))
        if shown != self._shown:
            self._shown = shown
            self._make_buttons(shown)
        self.setVisible(bool(shown))

    def _make_buttons(self, shown: Sequence[ShelvedRecipe]) -> None:
        for button in self._buttons:
            self._column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [_PinnedRecipe(self._theme, each) for each in shown]
        for at, (button, entry) in enumerate(zip(self._buttons, shown, strict=True)):
            button.clicked.connect(lambda _, key=entry.key: self.chosen.emit(key))
            self._column.insertWidget(1 + at, button)
            button.show()
