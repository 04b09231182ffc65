"""What stands above and below the parts in the prompt builder.

The head has its name and menu, the framework in force, the way to guided mode, and a line that says what has just
happened and offers a way back. The foot has advice, the text that will be sent, what is missing for that, and Send.
Both are told what to show; what is pressed is the panel's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale, QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.core.advice.rules import MOST_SHOWN
from desktop.core.documents.marks import PlaceWord
from desktop.core.prompts.prompt import Language, PromptField, PromptFramework
from desktop.ui.composer.card import SendButton
from desktop.ui.documents.words import ask_for_places, explained_places
from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.prompts.advice import AdviceLine, AdviceLines, AdviceRow, temperature_line
from desktop.ui.prompts.chooser import FrameworkChooser
from desktop.ui.prompts.preview import PromptPreview
from desktop.ui.widgets.buttons import LabelledButton, WrappingButton, button
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill

_TEMPERATURE = "temperature"  # the key of the line that says what is set
_LOW_PX = 640  # of the panel's height: below, what can be read elsewhere makes room to write
_ROOMY_HEIGHT_PX = 820  # below, more than one piece of advice at once would leave no room to write
_LOWEST_PX = 400  # below, any would


class PromptHead(QWidget):
    """Three rows: the name with its buttons, the framework, and the line while there is one."""

    acted = Signal()  # what the line offered has been done

    def __init__(self, theme: Theme, frameworks: Sequence[PromptFramework], language: Language) -> None:
        super().__init__()
        self._act: Callable[[], object] = lambda: None  # what the button of the line does
        self.more = IconButton(theme, "more", self.tr("More"))
        self.close_button = IconButton(theme, "close", self.tr("Close the prompt builder (Ctrl+B)"))
        self._name = PlainLabel(self.tr("Prompt builder"), "heading")
        self.back = LabelledButton(
            theme, "chevron-left", self.tr("Back to the conversation"), "quiet", do=self.close_button.click
        )
        self.chooser = FrameworkChooser(theme, frameworks, language)
        hint = self.tr("The same prompt, one question at a time")
        self.guide = button(self.tr("Guide me"), "link", hint=hint)
        self.notice = AdviceRow(theme)
        self.notice.fix_pressed.connect(self._on_notice_pressed)
        self.notice.dismiss_pressed.connect(self.hide_notice)
        self.notice.hide()
        row = (self.back, self._name, None, self.more, self.close_button)
        top = stack(*row, gap=0, margins=(GAP, GAP, GAP, 0), across=True)
        chosen = stack((self.chooser, 1), self.guide, gap=GAP_TIGHT, across=True)
        below = stack(chosen, self.notice, margins=(GAP, 0, GAP, 0))
        stack(top, below, gap=GAP_TIGHT, on=self)
        self.show_over(False)

    @property
    def notice_key(self) -> str:
        """The key of the line; empty while there is none."""
        return "" if self.notice.isHidden() else self.notice.line.key

    def show_over(self, is_over: bool) -> None:
        """Show the way back in words where the builder covers the conversation and its message box."""
        self.back.setVisible(is_over)
        self._name.setHidden(is_over)
        self.close_button.setHidden(is_over)

    def show_choice(self, shall: bool) -> None:
        """Show the framework in force, and the way to the questions."""
        self.chooser.setVisible(shall)
        self.guide.setVisible(shall)

    def show_notice(self, key: str, words: str, action: str, act: Callable[[], object]) -> None:
        """Show a line with a button that acts, until it is dismissed or `hide_notice` is called."""
        self._act = act
        self._keep_room_of_notice(False)
        self.notice.show_line(AdviceLine(key, words, action))
        self.notice.show()
        self.notice.announce()

    def _on_notice_pressed(self) -> None:
        self._act()
        self.acted.emit()

    def hide_notice(self) -> None:
        self._keep_room_of_notice(False)
        self.notice.hide()

    def fade_notice(self) -> None:
        """Hide the line, but leave its room: what is being written below must not move."""
        self._keep_room_of_notice(True)
        self.notice.hide()

    def _keep_room_of_notice(self, shall: bool) -> None:
        policy = self.notice.sizePolicy()
        policy.setRetainSizeWhenHidden(shall)
        self.notice.setSizePolicy(policy)


class PromptFoot(QWidget):
    """The lines below the parts, and Send while the builder has it. Before anything is written there are none."""

    missing_pressed = Signal(str)  # the key of the part that is to be filled in first
    send_pressed = Signal()
    stop_pressed = Signal()

    def __init__(self, theme: Theme, language: Language) -> None:
        super().__init__()
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
        self.missing.setAccessibleDescription(self.tr("Goes to the part that is to be filled in"))
        self.missing.clicked.connect(lambda: self.missing_pressed.emit(self._missing[0].key))
        self.missing.hide()
        self._has_send, self._stops = True, False
        self.send = SendButton(theme)
        self.send.clicked.connect(lambda: (self.stop_pressed if self._stops else self.send_pressed).emit())
        last = stack((self.missing, 1), None, self.send, across=True)
        rows = (self.temperature, self.advice, self.asks_places, self.preview, last)
        stack(*rows, margins=(GAP, GAP_TIGHT, GAP, GAP), on=self)
        self._show_send()

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
        self.send.explain(words)
        self._show_send()
        self.missing.set_words(words)
        self.missing.setVisible(bool(words) and is_begun)
        self.preview.setVisible(is_begun)

    def offer_stop(self, shall: bool) -> None:
        """Have Stop in the place of Send, while an answer comes whose own button cannot be seen."""
        self._stops = shall
        self._show_send()

    def have_send(self, shall: bool) -> None:
        """Have the Send of the window here; else the message box has it."""
        self._has_send = shall
        self._show_send()

    def _show_send(self) -> None:
        self.send.show_state(is_running=self._stops, is_ready=not self._missing)
        if self._stops:
            self.send.setToolTip(self.tr("Stop the answer"))  # Escape closes what lies over it first
        self.send.setVisible(self._stops or self._has_send)

    def fit(self, height: float) -> None:
        """Show as much as there is room for in a panel of this height (at text size 100 %)."""
        self.advice.show_at_most(MOST_SHOWN if height >= _ROOMY_HEIGHT_PX else int(height >= _LOWEST_PX))
        self.preview.set_low(height < _LOW_PX)
