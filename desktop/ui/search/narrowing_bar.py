"""What a search is narrowed down by: when, model, place, pinned, with a file; and a switch for thinking."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QMenu, QPushButton, QSizePolicy, QWidget

from desktop.core.models.naming import shown_name
from desktop.core.place import PlaceKind
from desktop.core.search import Choices, Narrowing
from desktop.ui.look.icons import pixmap
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.words import fill, place_word, plain_action

_SIGN_PX = 12
_WIDEST_EM = 12


class NarrowingButton(QPushButton):
    """A button for one way to narrow down: it opens a menu, or switches; a chosen one names its value and has a cross.

    `picked` with the value that was chosen, None where that is taken back.
    """

    picked = Signal(object)

    def __init__(self, theme: Theme, words: str, *, has_menu: bool) -> None:
        super().__init__()
        self._theme = theme
        self._words = words
        self._has_menu = has_menu
        self._offers: Callable[[], Sequence[tuple[str, object]]] = tuple
        self._is_chosen = False
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        set_look(self, "narrowing")
        self.clicked.connect(lambda _: self._on_clicked())
        theme.changed.connect(self.updateGeometry)
        self.show_chosen("")

    def set_offers(self, offers: Callable[[], Sequence[tuple[str, object]]]) -> None:
        """Offer these names and values in the menu; asked for when it opens."""
        self._offers = offers

    def show_chosen(self, words: str) -> None:
        """Show what is chosen; empty for nothing."""
        self._is_chosen = bool(words)
        self.setChecked(self._is_chosen)
        shown = words or self._words
        metrics = self.fontMetrics()
        widest = metrics.averageCharWidth() * 2 * _WIDEST_EM
        self.setText(plain_action(metrics.elidedText(shown, Qt.TextElideMode.ElideMiddle, widest)))
        chosen = fill(self.tr("%1, press to search without it"), shown)
        self.setAccessibleName(chosen if self._is_chosen else shown)
        self.updateGeometry()
        self.update()

    def _on_clicked(self) -> None:
        self.setChecked(self._is_chosen)
        if self._is_chosen:
            self.picked.emit(None)
        elif not self._has_menu:
            self.picked.emit(True)
        else:
            self._open_menu()

    def _open_menu(self) -> None:
        menu = QMenu(self)
        offers = self._offers()
        for at, (words, _) in enumerate(offers):
            menu.addAction(plain_action(words)).setData(at)
        menu.triggered.connect(lambda action: self._pick(offers[action.data()][1]))
        if menu.isEmpty():
            menu.addAction(self.tr("Nothing to choose from yet")).setEnabled(False)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _pick(self, value: object) -> None:
        self.picked.emit(value)

    # Qt's own methods

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        has_sign = self._has_menu or self._is_chosen
        return QSize(hint.width() + (self._theme.px(_SIGN_PX) + GAP if has_sign else 0), self._theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not (self._has_menu or self._is_chosen):
            return
        edge = self._theme.px(_SIGN_PX)
        name = "close" if self._is_chosen else "chevron-down"
        drawing = pixmap(name, self._theme.tokens.muted, edge, self.devicePixelRatioF())
        at = QRect(self.width() - edge - GAP, (self.height() - edge) // 2, edge, edge)
        QPainter(self).drawPixmap(at.topLeft(), drawing)


class NarrowingBar(QWidget):
    """The buttons, in a row that breaks where the page is narrow."""

    changed = Signal(object)  # the Narrowing that is chosen now

    def __init__(self, theme: Theme, clock: Callable[[], float] = time.time) -> None:
        super().__init__()
        self._clock = clock
        self._choices = Choices()
        self._narrowing = Narrowing()
        self._when = NarrowingButton(theme, self.tr("When"), has_menu=True)
        self._model = NarrowingButton(theme, self.tr("Model"), has_menu=True)
        self._place = NarrowingButton(theme, self.tr("Place"), has_menu=True)
        self._pinned = NarrowingButton(theme, self.tr("Pinned"), has_menu=False)
        self._file = NarrowingButton(theme, self.tr("Has a file"), has_menu=False)
        self._thinking = QCheckBox(self.tr("also in thinking"))
        self._thinking.setChecked(True)
        set_look(self._thinking, "small")
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self._when, self._model, self._place, self._pinned, self._file):
            flow.addWidget(button)
        row = stack((buttons, 1), across=True, on=self)
        row.addWidget(self._thinking, 0, Qt.AlignmentFlag.AlignTop)
        self._connect()

    def _connect(self) -> None:
        self._when.set_offers(self._times)
        self._model.set_offers(lambda: [(shown_name(each), each) for each in self._choices.models])
        self._place.set_offers(lambda: [(place_word(each), each) for each in self._choices.places])
        self._when.picked.connect(self._pick_time)
        self._model.picked.connect(lambda model: self._pick(self._model, shown_name(model or ""), model=model or ""))
        self._place.picked.connect(self._pick_place)
        self._pinned.picked.connect(lambda on: self._pick(self._pinned, self.tr("Pinned") if on else "", pinned=on))
        self._file.picked.connect(lambda on: self._pick(self._file, self.tr("Has a file") if on else "", has_file=on))
        self._thinking.toggled.connect(lambda on: self._change(replace(self._narrowing, in_thinking=on)))

    @property
    def narrowing(self) -> Narrowing:
        """What is chosen."""
        return self._narrowing

    @property
    def is_chosen(self) -> bool:
        """True if anything is hidden by what is chosen."""
        return self._narrowing != Narrowing()

    def show_choices(self, choices: Choices) -> None:
        """Offer these models and places."""
        self._choices = choices

    def _times(self) -> list[tuple[str, object]]:
        today = date.fromtimestamp(self._clock())
        return [
            (self.tr("Today"), (self.tr("Today"), today)),
            (self.tr("Last 7 days"), (self.tr("Last 7 days"), today - timedelta(days=6))),
            (self.tr("Last 30 days"), (self.tr("Last 30 days"), today - timedelta(days=29))),
            (self.tr("Last 12 months"), (self.tr("Last 12 months"), today - timedelta(days=365))),
        ]

    def _pick_time(self, value: tuple[str, date] | None) -> None:
        words, day = value or ("", None)
        since = datetime(day.year, day.month, day.day).timestamp() if day is not None else 0.0
        self._pick(self._when, words, since=since)

    def _pick_place(self, kind: PlaceKind | None) -> None:
        self._pick(self._place, place_word(kind) if kind is not None else "", place=kind)

    def _pick(self, button: NarrowingButton, words: str, **change: object) -> None:
        button.show_chosen(words)
        changed = {name: bool(value) if name in ("pinned", "has_file") else value for name, value in change.items()}
        self._change(replace(self._narrowing, **changed))  # type: ignore[arg-type]

    def _change(self, narrowing: Narrowing) -> None:
        self._narrowing = narrowing
        self.changed.emit(narrowing)
