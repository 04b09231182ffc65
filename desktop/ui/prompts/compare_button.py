"""The button of the prompt builder that offers to send a prompt twice: with everything, and without one part."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.prompts.prompt import Language
from desktop.core.prompts.variants import Variant
from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.compare_words import offered
from desktop.ui.words import plain_action


class CompareButton(IconButton):
    """A button that is told what to offer once it is pressed (`clicked`)."""

    chosen = Signal(object)  # a Variant

    def __init__(self, theme: Theme, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(theme, "compare", "", parent)
        self.set_words(self.tr("Compare with and without a part"))
        self._language = language

    def offer(self, variants: Sequence[Variant]) -> None:
        """Let the user choose what to leave out."""
        menu = QMenu(self)
        for each in variants:
            action = menu.addAction(plain_action(offered(each, self._language)))
            action.triggered.connect(lambda _, each=each: self.chosen.emit(each))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
