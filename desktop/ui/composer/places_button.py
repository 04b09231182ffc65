"""The small button in the composer that has messages ask for the page of each statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.labels import set_tooltip
from desktop.ui.words import fill, prompt_language

if TYPE_CHECKING:
    from desktop.core.documents.naming_places import PlaceWord
    from desktop.ui.look.theme import Theme


class PlacesButton(LabelledButton):
    """A button that stays pressed while places are asked for; hidden where no file has any."""

    asked_changed = Signal(bool)  # by the user's hand

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, "file", "", "quiet", parent)
        self.setCheckable(True)
        self.toggled.connect(self._draw_state)
        self.toggled.connect(self.asked_changed)
        self.hide()

    def show_places(self, places: Sequence[PlaceWord], *, is_asked: bool) -> None:
        """Show which places can be asked for, and if they are; emits nothing."""
        if places:
            self.show_words(ask_for_places(places))
            words = explained_places(places)
            set_tooltip(self, words)
            self.setAccessibleDescription(words)
        with QSignalBlocker(self):
            self.setChecked(is_asked)
        self._draw_state(is_asked)
        self.setHidden(not places)

    def _draw_state(self, is_asked: bool) -> None:
        self.drawing.show("check" if is_asked else "file", "accent" if is_asked else "ink")


def ask_for_places(places: Sequence[PlaceWord]) -> str:
    """Return the words of what asks for places."""
    from desktop.core.documents.naming_places import PlaceWord

    translate = QCoreApplication.translate
    if len(places) != 1:
        return translate("PlacesButton", "Ask for places")
    match places[0]:
        case PlaceWord.PAGE:
            return translate("PlacesButton", "Ask for pages")
        case PlaceWord.SHEET:
            return translate("PlacesButton", "Ask for sheets")
        case PlaceWord.SLIDE:
            return translate("PlacesButton", "Ask for slides")
        case PlaceWord.CLAUSE:
            return translate("PlacesButton", "Ask for clauses")


def explained_places(places: Sequence[PlaceWord]) -> str:
    """Return what asking for places adds to a message."""
    from desktop.core.documents.naming_places import sentence_for
    from desktop.core.prompts.prompt import Language

    sample = "请" if prompt_language() is Language.CHINESE else ""
    words = QCoreApplication.translate("PlacesButton", "Adds to your message: “%1”")
    return fill(words, sentence_for(places, sample))
