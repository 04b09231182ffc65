"""Advice on a prompt in a few lines, each with what helps and a way to dismiss it; and the words of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QPushButton, QWidget

from desktop.core.advice.rules import MOST_SHOWN, Advice, AdviceKey
from desktop.ui.documents.words import text_length
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import PlainLabel, speak
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, number, say, say_each

_LONGEST_VALUE = 40  # characters of what a sentence quotes


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """The words of one piece of advice. `fix` names what the button does; empty if there is no button."""

    key: str
    words: str
    fix: str = ""


class AdviceRow(QFrame):
    """A row for one piece of advice; it is refilled rather than replaced, so that the focus stays where it is."""

    fix_pressed = Signal(str)  # the key of the line, here and below
    dismiss_pressed = Signal(str)

    def __init__(self, theme: Theme, second: QPushButton | None = None) -> None:
        """`second`: a button after the one that helps."""
        super().__init__()
        self.line = AdviceLine("", "")
        set_look(self, "advice")
        self.words = PlainLabel("", "small", wraps=True)
        self.fix = button("", "advice", lambda: self.fix_pressed.emit(self.line.key))
        self.dismiss = IconButton(
            theme,
            "close",
            self.tr("Do not show this advice again"),
            token="muted",
            do=lambda: self.dismiss_pressed.emit(self.line.key),
        )
        self._buttons = (self.fix, *([second] if second is not None else []))
        self._said = stack((self.words, 1), stack(*self._buttons, None, gap=GAP_TIGHT, across=True), gap=GAP_TIGHT)
        dismiss, margins = (self.dismiss, Qt.AlignmentFlag.AlignTop), (GAP, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        stack((self._said, 1), dismiss, gap=GAP_TIGHT, margins=margins, across=True, on=self)

    def show_line(self, line: AdviceLine) -> None:
        self.line = line
        self.words.setText(line.words)
        self.setAccessibleName(fill(self.tr("Advice: %1"), line.words))
        self.fix.setText(line.fix)
        self.fix.setVisible(bool(line.fix))
        for each in (self.fix, self.dismiss):
            each.setAccessibleDescription(line.words)
        self.place_buttons()

    def announce(self) -> None:
        """Have a screen reader say it."""
        speak(self, self.line.words)

    def place_buttons(self) -> None:
        """Place the buttons beside words of one line, else in a line below them."""
        shown = [each for each in self._buttons if not each.isHidden()]
        taken = sum(each.sizeHint().width() + GAP_TIGHT for each in (*shown, self.dismiss))
        words = self.words.fontMetrics().horizontalAdvance(self.line.words)
        fits = words + taken + 2 * GAP + GAP_TIGHT <= self.width() or not shown
        self._said.setDirection(QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place_buttons()


class AdviceLines(QWidget):
    """The rows, hidden while there is nothing to say."""

    fix_requested = Signal(str)  # the key of the advice, here and below
    dismissed = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._all: list[AdviceLine] = []
        self.shown: list[AdviceLine] = []
        self._most = MOST_SHOWN
        self._is_unfolded = False
        self._more = button("", "muted", self._show_all)  # in a line of its own, it would take room to write
        self._more.hide()
        self.rows = [AdviceRow(theme, None if at else self._more) for at in range(MOST_SHOWN)]
        for row in self.rows:
            row.hide()
            row.fix_pressed.connect(self.fix_requested)
            row.dismiss_pressed.connect(self.dismissed)
        stack(*self.rows, gap=GAP_TIGHT, on=self)
        self.hide()

    def show_at_most(self, count: int) -> None:
        """Set how many lines there is room for."""
        self._most = count
        self.show_advice(self._all)

    def show_advice(self, advice: Sequence[AdviceLine]) -> None:
        """Show the first few, the most useful first."""
        if list(advice) != self._all:
            self._is_unfolded = False
        self._all = list(advice)
        wanted = self._all[: MOST_SHOWN if self._is_unfolded and self._most else self._most]
        folded = min(MOST_SHOWN, len(self._all)) - len(wanted) if wanted else 0
        self._more.setText(fill(self.tr("%1 more"), number(folded)))
        self._more.setVisible(folded > 0)
        is_news = bool(wanted) and wanted[:1] != self.shown[:1]
        self.shown = wanted
        for row, line in zip(self.rows, [*wanted, *[None] * MOST_SHOWN], strict=False):
            if line is not None:
                row.show_line(line)
            row.setVisible(line is not None)
        self.setVisible(bool(wanted))
        if is_news:
            self.rows[0].announce()

    def _show_all(self) -> None:
        self.rows[0].dismiss.setFocus()  # before the button under the keyboard goes away
        self._is_unfolded = True
        self.show_advice(self._all)


def advice_line(advice: Advice) -> AdviceLine:
    """Return the line that the panel shows; its button does what helps, or goes to the part that is meant."""
    values = {name: _shown(each) for name, each in advice.values.items()}
    if advice.key is AdviceKey.TOO_LONG:
        values = {name: text_length(float(advice.values[name])) for name in ("tokens", "context")}
    fix = ""
    if is_blank(advice):
        fix = say("prompts.save_as_recipe")
    elif advice.key is AdviceKey.TEXT_MISSING:
        fix = say("prompts.add_material")
    elif advice.fix is not None:
        fix = say_each("prompts.fix", advice.key)
    elif advice.field:
        fix = say("prompts.go_there")
    return AdviceLine(advice.key, say_each("prompts.advice", advice.key, **values), fix)


def is_blank(advice: Advice) -> bool:
    """Return True if a blank of a recipe waits to be filled in: such a prompt is to be used again."""
    return advice.key is AdviceKey.PLACEHOLDER_LEFT and str(advice.values.get("found", "")).startswith("{{")


def temperature_line(key: str, temperature: float) -> AdviceLine:
    """Return the line that a conversation has its own temperature, with a button that undoes that."""
    words = say("prompts.temperature_is_set_for_this_conversation", shown=_shown(temperature))
    return AdviceLine(key, words, say("prompts.undo"))


def _shown(value: str | int | float) -> str:
    match value:
        case int():
            return number(value)
        case float():
            return QLocale().toString(value, "g", 3)
        case _:
            flat = " ".join(value.split())
            return flat if len(flat) <= _LONGEST_VALUE else f"{flat[:_LONGEST_VALUE]}…"
