"""The presenter of the menu of models: what is said of each, what is pinned, and the page that it leads to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import QWidget

from desktop.core.model import ModelChoice
from desktop.core.models.facts import Reasoning
from desktop.core.models.fit import ModelVerdict
from desktop.core.models.reasoning import reasons_by_itself
from desktop.core.preferences import Preferences
from desktop.runtime.models.advice import ModelAdvice
from desktop.ui.look.theme import Theme
from desktop.ui.models import words
from desktop.ui.models.menu import MenuEntry, ModelMenu, SaidOfModel
from desktop.ui.words import place_name

_WARNS = (ModelVerdict.SLOW, ModelVerdict.TOO_SLOW, ModelVerdict.TOO_LARGE)


class ModelMenuPresenter(QObject):
    """The owner of what the menu says; the computer is looked at anew whenever it opens."""

    def __init__(
        self,
        theme: Theme,
        menu: ModelMenu,
        advice: ModelAdvice,
        preferences: Preferences,
        pinned: Sequence[ModelChoice],
        show_page: Callable[[], None],
        learn: Callable[[str], None],
    ) -> None:
        """`show_page` shows the page "Which model", `learn` the lesson of a key."""
        super().__init__(menu)
        self._theme = theme
        self._menu = menu
        self._advice = advice
        self._preferences = preferences
        self._pinned = list(pinned)
        self._learn = learn
        menu.show_pinned(self._pinned)
        menu.say = self._say
        menu.make_card = self._card
        menu.opening.connect(advice.look)
        menu.pinned.connect(self._pin)
        menu.which_requested.connect(show_page)
        advice.changed.connect(menu.refill)

    def _say(self, entry: MenuEntry) -> SaidOfModel:
        row = self._advice.row_of(entry.choice)
        thinks = reasons_by_itself(entry.model) or (row is not None and row.reasoning is not Reasoning.NEVER)
        sees = entry.model.sees or (entry.model.sees is None and row is not None and row.sees)
        marks = [self.tr("thinks") if thinks else "", self.tr("sees pictures") if sees else ""]
        judgement = self._advice.judgement_of(entry.choice, QLocale().name())
        if judgement is None or judgement.verdict is ModelVerdict.UNKNOWN:
            return SaidOfModel(words.joined(marks), reason=words.uses(row) if row is not None else "")
        return SaidOfModel(
            words.joined(marks),
            words.verdict_name(judgement.verdict),
            words.verdict_in_short(judgement),
            is_warning=judgement.verdict in _WARNS,
        )

    def _card(self, entry: MenuEntry) -> QWidget | None:
        from desktop.ui.models.about import ModelCard

        facts = self._advice.facts_of(entry.choice)
        if facts is None:
            return None
        language = QLocale().name()
        judgement = self._advice.judgement_of(entry.choice, language)
        where = words.joined([place_name(entry.place), entry.connection])
        return ModelCard(self._theme, facts, judgement, language, self._teach, where=where, is_bare=True)

    def _teach(self, lesson: str) -> None:
        self._menu.hide()
        self._learn(lesson)

    def _pin(self, choice: ModelChoice) -> None:
        """Pin a model as the last one, or take its pin away."""
        if choice in self._pinned:
            self._pinned.remove(choice)
        else:
            self._pinned.append(choice)
        self._menu.show_pinned(self._pinned)
        self._preferences.change(pinned_models=tuple(self._pinned))
