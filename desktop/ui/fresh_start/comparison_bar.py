"""The further questions while a fresh answer stands beside the old one: another model, or the same several times."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.model import ModelChoice
from desktop.core.models.place import place_of
from desktop.runtime.models.directory import ModelDirectory
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import MenuButton
from desktop.ui.widgets.labels import name_entry
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, number, place_name

FEWEST, USUAL, MOST = 2, 3, 5  # answers to the same question


class FreshComparisonBar(QWidget):
    """Two buttons with menus, told which models there are; they emit what is wanted."""

    model_chosen = Signal(object)  # a ModelChoice
    times_chosen = Signal(int)  # so many fresh answers in all

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._models = QMenu(self)
        self._models.setToolTipsVisible(True)
        self._times = QMenu(self)
        self._other = MenuButton(theme, hint=self.tr("The same question, in an empty context, to another model"))
        self._again = MenuButton(
            theme, hint=self.tr("Where answers to the same question do not agree, something may be made up")
        )
        _begin(self._other, self.tr("Ask another model…"), self._models)
        _begin(self._again, fill(self.tr("Ask %1 times…"), number(USUAL)), self._times)
        for count in range(FEWEST, MOST + 1):
            action = self._times.addAction(fill(self.tr("%1 fresh answers"), number(count)))
            action.triggered.connect(lambda _=False, count=count: self.times_chosen.emit(count))
        self._times.aboutToShow.connect(self._point_to_usual)
        stack(self._other, self._again, across=True, on=self)

    def show_models(self, models: ModelDirectory) -> None:
        """Offer all models that can chat, each with its connection and, where it is not this computer, its place."""
        self._models.clear()
        for listing in models.listings:
            for model in listing.models or ():
                if model.can_chat:
                    words = fill(
                        self.tr("%1 · %2", "a model, and its connection"), model.title, listing.connection.name
                    )
                    action = self._models.addAction("")
                    place = place_of(listing.connection, model)
                    name_entry(action, self._theme, words, "" if place.is_local else place_name(place))
                    action.setEnabled(place.is_local or not models.is_offline)
                    choice = ModelChoice(listing.connection.id, model.name)
                    action.triggered.connect(lambda _=False, choice=choice: self.model_chosen.emit(choice))
        self._other.setEnabled(not self._models.isEmpty())

    def offer(self, *, is_running: bool, answers: int) -> None:
        """Enable what can be asked with so many fresh answers; nothing while one is being written."""
        self.setEnabled(not is_running)
        for count, action in enumerate(self._times.actions(), FEWEST):
            action.setEnabled(count > answers)
        self._again.setEnabled(answers < MOST)
        self._other.setEnabled(answers < MOST and not self._models.isEmpty())

    def _point_to_usual(self) -> None:
        """Preselect the usual number for Enter, or the next that is left."""
        possible = [action for action in self._times.actions()[USUAL - FEWEST :] if action.isEnabled()]
        if possible:
            self._times.setActiveAction(possible[0])


def _begin(button: MenuButton, words: str, menu: QMenu) -> None:
    button.show_words(words, words)
    button.setMenu(menu)
    menu.setAccessibleName(words)
