"""The foot of the prompt builder: advice, the text that will be sent, what is missing for that, and Send.

Told what to show; what is pressed is the panel's business.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.core.advice.rules import MOST_SHOWN
from desktop.core.documents.naming_places import PlaceWord
from desktop.core.prompts.prompt import Language, PromptField
from desktop.ui.composer.card import SendButton
from desktop.ui.documents.words import ask_for_places, explained_places
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.prompts.advice.lines import AdviceLines, AdviceRow
from desktop.ui.prompts.advice.words import temperature_line
from desktop.ui.prompts.builder.preview import PromptPreview
from desktop.ui.widgets.buttons import WrappingButton
from desktop.ui.widgets.labels import set_tooltip
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill

_TEMPERATURE = "temperature"  # the key of the line that says what is set
_LOW_PX = 640  # of the panel's height: below, what can be read elsewhere makes room to write
_ROOMY_HEIGHT_PX = 820  # below, more than one piece of advice at once would leave no room to write
_LOWEST_PX = 400  # below, any would


class PromptFoot(QWidget):
    """The lines below the parts, and Send while the builder has it. Before anything is written there are none."""

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
        self._is_sending_here, self._may_stop = True, False
        self.send = SendButton(theme)
        self.stop = SendButton(theme)
        self.stop.show_state(is_running=True, is_ready=False)
        self.stop.setToolTip(self.tr("Stop the answer"))  # Escape closes what lies over it first
        self._show_send()
        self._lay_out()
        self.missing.clicked.connect(lambda: self.missing_pressed.emit(self._missing[0].key))

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
        self.preview.setVisible(is_begun)

    def offer_stop(self, shall: bool) -> None:
        """Have Stop in the place of Send, while an answer comes whose own button cannot be seen."""
        had_focus = (self.send if shall else self.stop).hasFocus()
        self._may_stop = shall
        self._show_send()
        if had_focus:
            (self.stop if shall else self.send).setFocus(Qt.FocusReason.OtherFocusReason)

    def have_send(self, shall: bool) -> None:
        """Have the Send of the window here; else the message box has it."""
        self._is_sending_here = shall
        self._show_send()

    def _show_send(self) -> None:
        self.stop.setVisible(self._may_stop)
        self.send.setVisible(self._is_sending_here and not self._may_stop)

    def fit(self, height: float) -> None:
        """Show as much as there is room for in a panel of this height (at text size 100 %)."""
        self.advice.show_at_most(MOST_SHOWN if height >= _ROOMY_HEIGHT_PX else int(height >= _LOWEST_PX))
        self.preview.set_low(height < _LOW_PX)

    def _lay_out(self) -> None:
        last = stack((self.missing, 1), None, self.send, self.stop, across=True)
        rows = (self.temperature, self.advice, self.asks_places, self.preview, last)
        stack(*rows, margins=(GAP_WIDE, GAP_TIGHT, GAP_WIDE, GAP), on=self)
