"""The foot of the prompt builder: advice, the text that will be sent, what is missing for that, and the buttons.

Told what to show; what is pressed is the panel's business.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from desktop.core.advice.rules import MOST_SHOWN
from desktop.core.documents.naming_places import PlaceWord
from desktop.core.prompts.prompt import Language, PromptField
from desktop.core.prompts.variants import Variant
from desktop.ui.composer.card import SendButton
from desktop.ui.documents.words import ask_for_places, explained_places
from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.prompts.advice.lines import AdviceLines, AdviceRow
from desktop.ui.prompts.advice.words import temperature_line
from desktop.ui.prompts.builder.preview import PromptPreview
from desktop.ui.prompts.compare_words import offered
from desktop.ui.widgets.buttons import WrappingButton
from desktop.ui.widgets.labels import set_tooltip
from desktop.ui.words import fill, plain_action

_TEMPERATURE = "temperature"  # the key of the line that says what is set
_ROOMY_PX = 310  # wide: room for all buttons
_LOW_PX = 640  # of the panel's height: below, what can be read elsewhere makes room to write
_ROOMY_HEIGHT_PX = 820  # below, more than one piece of advice at once would leave no room to write
_LOWEST_PX = 400  # below, any would


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


class PromptFoot(QWidget):
    """The lines and buttons below the parts."""

    missing_pressed = Signal(str)  # the key of the part that is to be filled in first

    def __init__(self, theme: Theme, language: Language, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._language = language
        self._missing: list[PromptField] = []
        self.temperature = AdviceRow(theme)
        self.temperature.dismiss.hide()
        self.temperature.hide()
        self.advice = AdviceLines(theme)
        self.asks_places = QCheckBox()
        self.asks_places.hide()
        self.preview = PromptPreview(theme)
        self.missing = WrappingButton(theme, "", is_link=True)
        self.missing.hide()
        self.insert = QPushButton(self.tr("Insert"))
        self.insert.setAutoDefault(False)
        self.insert.setToolTip(self.tr("Put the text into the message box"))
        self.copy = IconButton(theme, "copy", self.tr("Copy the text"))
        self.compare = CompareButton(theme, language)
        self.send = SendButton(theme)
        self.stop = SendButton(theme)
        self.stop.show_state(is_running=True, is_ready=False)
        self.stop.setToolTip(self.tr("Stop the answer"))  # Escape closes what lies over it first
        self.stop.hide()
        self._lay_out()
        self.missing.clicked.connect(lambda: self.missing_pressed.emit(self._missing[0].key))

    def buttons(self) -> list[QWidget]:
        """Return the buttons of the last row, from left to right."""
        return [self.insert, self.copy, self.compare, self.stop if self.send.isHidden() else self.send]

    def show_temperature(self, temperature: float | None) -> None:
        """Show that the conversation has its own temperature, as long as it has."""
        if temperature is not None:
            self.temperature.show_line(temperature_line(_TEMPERATURE, temperature))
        self.temperature.setVisible(temperature is not None)

    def show_places(self, places: Sequence[PlaceWord], *, are_asked_for: bool) -> None:
        """Show if places are asked for, where a file of the conversation has some."""
        self.asks_places.setHidden(not places)
        if places:
            self.asks_places.setText(ask_for_places(places))
            set_tooltip(self.asks_places, explained_places(places))
        with QSignalBlocker(self.asks_places):
            self.asks_places.setChecked(are_asked_for)

    def show_missing(self, missing: Sequence[PromptField], *, is_begun: bool) -> None:
        """Show which parts must be filled in before anything can be sent; in words once the user has begun."""
        self._missing = list(missing)
        names = QLocale().createSeparatedList([each.label.of(self._language) for each in missing])
        words = fill(self.tr("Still missing: %1"), names) if missing else ""
        self.send.show_state(is_running=False, is_ready=not missing)
        self.send.explain(words)
        self.missing.set_words(words)
        self.missing.setAccessibleDescription(self.tr("Goes to the part that is to be filled in"))
        self.missing.setVisible(bool(words) and is_begun)

    def offer_stop(self, shall: bool) -> None:
        """Have Stop in the place of Send, while an answer comes whose own button cannot be seen."""
        had_focus = (self.send if shall else self.stop).hasFocus()
        self.stop.setVisible(shall)
        self.send.setHidden(shall)
        if had_focus:
            (self.stop if shall else self.send).setFocus(Qt.FocusReason.OtherFocusReason)

    def fit(self, width: int, height: float) -> None:
        """Show as much as there is room for in a panel of this width and height (at text size 100 %)."""
        self.compare.setVisible(width >= self._theme.px(_ROOMY_PX))  # the menu has it, too
        self.advice.show_at_most(MOST_SHOWN if height >= _ROOMY_HEIGHT_PX else int(height >= _LOWEST_PX))
        self.preview.set_low(height < _LOW_PX)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        for each in (self.insert, self.copy, self.compare):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(self.send)
        buttons.addWidget(self.stop)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_WIDE, GAP, GAP_WIDE, GAP_WIDE)
        column.setSpacing(GAP)
        for widget in (self.temperature, self.advice, self.asks_places, self.preview):
            column.addWidget(widget)
        last = QVBoxLayout()
        last.setSpacing(GAP_TIGHT)
        last.addWidget(self.missing)
        last.addLayout(buttons)
        column.addLayout(last)
