"""What a search is narrowed down by: when, model, place, pinned, with a file; and a switch for thinking."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.core.models.naming import shown_name
from desktop.core.search import Choices, Narrowing
from desktop.ui.look.icons import icon
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.words import fill, place_word, plain_action

_SIGN_PX = 12
_WIDEST_EM = 12
_OFF = Narrowing()

_Offers = Sequence[tuple[str, Any]]  # words, and the value that they stand for


class NarrowingButton(QPushButton):
    """A button for one way to narrow down: it opens a menu, or switches; a chosen one names its value and has a cross.

    `picked` with the value that was chosen, None where that is taken back.
    """

    picked = Signal(object)

    def __init__(self, theme: Theme, words: str, offers: Callable[[], _Offers] | None = None) -> None:
        """`offers`: what the menu has, asked for when it opens; None where it is a switch."""
        super().__init__()
        self._theme = theme
        self._words = words
        self._offers = offers
        self._chosen = ""  # the words of what is
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the drawing stands behind the words
        set_look(self, "narrowing")
        theme.changed.connect(self._draw)
        self.clicked.connect(self._on_clicked)
        self._show("")

    def _show(self, chosen: str) -> None:
        self._chosen, words = chosen, chosen or self._words
        self.setChecked(bool(chosen))
        widest = self.fontMetrics().averageCharWidth() * 2 * _WIDEST_EM
        self.setText(plain_action(self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, widest)))
        self.setAccessibleName(fill(self.tr("%1, press to search without it"), words) if chosen else words)
        self._draw()

    def _draw(self) -> None:
        edge = self._theme.px(_SIGN_PX)
        sign = "close" if self._chosen else "chevron-down" if self._offers else ""
        self.setIcon(icon(sign, self._theme.tokens.muted, edge) if sign else QIcon())
        self.setIconSize(QSize(edge, edge))

    def _on_clicked(self, has_been_off: bool) -> None:
        self.setChecked(not has_been_off)
        if not has_been_off:
            self._pick("", None)
        elif self._offers is None:
            self._pick(self._words, True)
        else:
            self._open_menu(self._offers())

    def _open_menu(self, offers: _Offers) -> None:
        menu = QMenu(self)
        menu.setLayoutDirection(self.window().layoutDirection())
        for words, value in offers:
            menu.addAction(plain_action(words)).triggered.connect(partial(self._pick, words, value))
        if menu.isEmpty():
            menu.addAction(self.tr("Nothing to choose from yet")).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _pick(self, words: str, value: object, *_: object) -> None:
        self._show(words)
        self.picked.emit(value)


class NarrowingBar(QWidget):
    """The buttons, in a row that breaks where the page is narrow."""

    changed = Signal(object)  # the Narrowing that is chosen now

    def __init__(self, theme: Theme, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._choices = Choices()
        self.narrowing = _OFF
        ways = {
            "since": NarrowingButton(theme, self.tr("When"), self._times),
            "model": NarrowingButton(
                theme, self.tr("Model"), lambda: [(shown_name(each), each) for each in self._choices.models]
            ),
            "place": NarrowingButton(
                theme, self.tr("Place"), lambda: [(place_word(each), each) for each in self._choices.places]
            ),
            "pinned": NarrowingButton(theme, self.tr("Pinned")),
            "has_file": NarrowingButton(theme, self.tr("Has a file")),
        }
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for name, button in ways.items():
            flow.addWidget(button)
            button.picked.connect(partial(self._narrow, name))
        thinking = QCheckBox(self.tr("also in thinking"))
        thinking.setChecked(True)
        set_look(thinking, "small")
        thinking.toggled.connect(partial(self._narrow, "in_thinking"))
        stack((buttons, 1), (thinking, Qt.AlignmentFlag.AlignTop), across=True, on=self)

    @property
    def is_chosen(self) -> bool:
        """True if anything is hidden by what is chosen."""
        return self.narrowing != _OFF

    def show_choices(self, choices: Choices) -> None:
        """Offer these models and places."""
        self._choices = choices

    def _times(self) -> _Offers:
        today = datetime.fromtimestamp(self._clock()).replace(hour=0, minute=0, second=0, microsecond=0)
        ways = (
            (self.tr("Today"), 0),
            (self.tr("Last 7 days"), 6),
            (self.tr("Last 30 days"), 29),
            (self.tr("Last 12 months"), 365),
        )
        return [(words, (today - timedelta(days)).timestamp()) for words, days in ways]

    def _narrow(self, name: str, value: object) -> None:
        changed: dict[str, Any] = {name: getattr(_OFF, name) if value is None else value}
        self.narrowing = replace(self.narrowing, **changed)
        self.changed.emit(self.narrowing)
