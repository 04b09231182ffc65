"""The menu in which the user picks a model: by place and connection, what is pinned on top, with a card beside it.

Told which models there are; emits what is wanted. What it holds is made when it is first opened.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.rendering.text.invisible import show_invisible
from desktop.ui.inputs.typing_ahead import TypingAhead
from desktop.ui.look.round_popup import round_corners
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.models.menu_entries import MenuEntry, MenuLine, menu_lines, narrowed
from desktop.ui.models.menu_row import MenuLines, MenuList, SaidOfModel
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.labels import PlainLabel, set_tooltip
from desktop.ui.words import fill

if TYPE_CHECKING:
    from desktop.core.model import ModelChoice
    from desktop.runtime.models.directory import Listing
    from desktop.ui.look.theme import Theme

_MANY = 12  # models from which on a search helps more than it stands in the way
_LIST_PX, _CARD_PX, _TALLEST_PX, _LEAST_PX = 400, 328, 460, 360
_HOVER_MS = 450
_LONGEST_NAME = 200  # letters that are looked for
_MARGIN = 8

Say = Callable[[MenuEntry], SaidOfModel]


class ModelMenu(QFrame):
    """A popup filled by `show_models`; emits what was picked."""

    opening = Signal()
    model_chosen = Signal(object)  # a ModelChoice
    pin_wanted = Signal(object)  # a ModelChoice, to be pinned or to be pinned no more
    which_requested = Signal()
    connections_requested = Signal()
    open_file_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self._lines: tuple[MenuLine, ...] = ()
        self._model = MenuLines()
        self._shown: tuple[list[Listing], ModelChoice | None, bool] = ([], None, False)
        self._pinned: tuple[ModelChoice, ...] = ()
        self._is_built = False
        self._below: QWidget | None = None
        self.card_of: Callable[[MenuEntry], QWidget | None] = lambda _: None
        self.setAccessibleName(self.tr("Models"))
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # a press that closes it does nothing else

    # What it is told

    def say_by(self, say: Say) -> None:
        """Say of each model what `say` returns."""
        self._model.say = say
        self._model.forget_said()

    def say_anew(self) -> None:
        """Say of the models what is known now."""
        self._model.forget_said()

    def show_pinned(self, pinned: Sequence[ModelChoice]) -> None:
        """Show these on top."""
        self._pinned = tuple(pinned)
        self._refill()

    def show_models(self, listings: list[Listing], current: ModelChoice | None, *, is_offline: bool = False) -> None:
        """Offer the models of `listings` that can chat, with `current` ticked.

        The models of one connection are grouped by place. Under the offline lock only this computer's can be chosen.
        """
        self._shown = (listings, current, is_offline)
        self._refill()

    @property
    def lines(self) -> tuple[MenuLine, ...]:
        """The lines that are shown now."""
        return tuple(self._model.lines)

    def _refill(self) -> None:
        listings, current, is_offline = self._shown
        lines = menu_lines(listings, current, self._pinned, is_offline=is_offline)
        if lines == self._lines and self._model.lines:
            return  # an open menu is left alone while it says the same
        self._lines = lines
        self._narrow()

    def _narrow(self) -> None:
        words = self._search.text() if self._is_built else ""
        at = self._current.choice if self._is_built and self._current is not None else self._shown[1]
        self._model.show_lines(narrowed(self._lines, words))
        if not self._is_built:
            return
        # Where nothing is chosen or searched for, Enter chooses nothing: it may have been meant for a message.
        self._go_to(self._model.row_of(lambda each: bool(words) or each.choice == at))
        self._nothing.setVisible(bool(words) and not self._model.lines)
        self._fit()

    # What it is made of

    def _build(self) -> None:
        """Make what the menu holds."""
        self._is_built = True
        frame = self._frame = QFrame()
        set_look(frame, "popup")
        self._search = QLineEdit()
        self._search.setMaxLength(_LONGEST_NAME)
        set_look(self._search, "filter")
        self._search.setPlaceholderText(self.tr("Find a model"))
        self._search.setAccessibleName(self.tr("Find a model"))
        self._search.textChanged.connect(self._narrow)
        self._search.installEventFilter(self)
        self._list = MenuList(self._theme, self._model)
        self._list.setAccessibleName(self.tr("Models"))
        self._list.viewport().installEventFilter(self)
        self._list.installEventFilter(self)
        TypingAhead(self._list, lambda: self._search).begun.connect(self._search.show)
        self._nothing = PlainLabel(self.tr("No model of the list is like that."), "small")
        self._foot = [
            self._foot_button("computer", self.tr("Which model runs well here"), self.which_requested),
            self._foot_button("file", self.tr("Open a model file…"), self.open_file_requested),
            self._foot_button("plug", self.tr("Connections…"), self.connections_requested),
        ]
        self._keys = PlainLabel(self.tr("→ more on a model · Ctrl+P pins it"), "tiny")
        self._keys.setContentsMargins(2 * GAP_TIGHT, 0, 0, 0)
        column = QVBoxLayout()
        column.setContentsMargins(GAP_TIGHT, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        column.setSpacing(GAP_TIGHT)
        rule = QFrame()
        rule.setFixedHeight(1)
        set_look(rule, "hairline")
        for widget in (self._search, self._list, self._nothing, rule, *self._foot, self._keys):
            column.addWidget(widget)
        left = QWidget()
        left.setLayout(column)
        self._left = left
        self._card = QScrollArea()
        self._card.setWidgetResizable(True)
        self._card.setFrameShape(QFrame.Shape.NoFrame)
        self._card.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._card.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._card.hide()
        set_look(self._card, "card ground")
        self._row = QHBoxLayout(frame)
        self._row.setContentsMargins(1, 1, 1, 1)
        self._row.setSpacing(0)
        self._row.addWidget(left, 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._card)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(frame)
        round_corners(frame)
        self._hovering = QTimer(self)
        self._hovering.setSingleShot(True)
        self._hovering.setInterval(_HOVER_MS)
        self._hovering.timeout.connect(self._show_card)
        self._theme.changed.connect(self._fit)

    def _foot_button(self, name: str, words: str, wanted: SignalInstance) -> QPushButton:
        button = LabelledButton(self._theme, name, words, "quiet")
        button.clicked.connect(self.hide)
        button.clicked.connect(lambda _=False: wanted.emit())
        button.installEventFilter(self)
        return button

    # Opening, and its size

    def open_below(self, widget: QWidget) -> None:
        """Open below a widget, within its window as far as that has the room."""
        self._below = widget
        if not self._is_built:
            self._build()
        self.opening.emit()
        self._search.clear()
        self._hide_card()
        self._search.setVisible(sum(isinstance(each, MenuEntry) for each in self._lines) > _MANY)
        self._narrow()
        self.show()
        (self._search if self._search.isVisible() else self._list).setFocus(Qt.FocusReason.PopupFocusReason)

    def _fit(self) -> None:
        """Be as large as what is shown, and stand below the button; the card goes where there is more room."""
        if not self._is_built or self._below is None:
            return
        window, theme = self._below.window(), self._theme
        below = self._below.mapToGlobal(QPoint(0, self._below.height() + GAP))
        screen = self._below.screen().availableGeometry()
        wide = min(theme.px(_LIST_PX), screen.width() - 2 * _MARGIN)
        room = QRect(window.mapToGlobal(QPoint(0, 0)), window.size()).adjusted(_MARGIN, 0, -_MARGIN, -_MARGIN)
        left = max(min(below.x(), room.right() - wide), room.left(), screen.left())
        tallest = max(theme.px(_LEAST_PX), min(screen.bottom() - _MARGIN, room.bottom()) - below.y())
        wanted = sum(self._list.painter.height_of(line) for line in self._model.lines)
        self._left.setFixedWidth(wide)
        self._list.setFixedHeight(0)
        beside = self._left.sizeHint().height() + 2
        self._list.setFixedHeight(max(theme.px(60), min(wanted, theme.px(_TALLEST_PX), tallest - beside)))
        self._list.setVisible(bool(self._model.lines))
        tall, card = self._left.sizeHint().height() + 2, 0
        if self._card.isVisibleTo(self._frame):
            card = theme.px(_CARD_PX)
            is_left = left - room.left() > room.right() - left - wide
            way = QBoxLayout.Direction
            self._row.setDirection(way.RightToLeft if is_left else way.LeftToRight)
            left -= card if is_left else 0
            tall = max(tall, min(self._card_height(card), tallest))
        self._card.setFixedWidth(card)
        left = min(max(left, screen.left()), screen.right() - wide - card)
        self.setGeometry(left, below.y(), wide + card + 2, tall)

    def _card_height(self, wide: int) -> int:
        content = self._card.widget()
        if content is None:
            return 0
        return content.heightForWidth(wide) if content.hasHeightForWidth() else content.sizeHint().height()

    # The card

    def _show_card(self) -> None:
        entry = self._current
        content = self.card_of(entry) if entry is not None else None
        if content is None:
            self._hide_card()
            return
        self._card.setWidget(content)
        self._card.show()
        self._fit()

    def _hide_card(self) -> None:
        self._hovering.stop()
        if not self._card.isHidden():
            self._card.hide()
            self._fit()

    # Moving about

    @property
    def _current(self) -> MenuEntry | None:
        return self._model.entry_at(self._list.currentIndex().row())

    def _go_to(self, row: int) -> None:
        index = self._model.index(row) if row >= 0 else QModelIndex()
        self._list.setCurrentIndex(index)
        self._list.viewport().update()
        if row >= 0:
            at_top = row > 0 and not isinstance(self._model.lines[row - 1], MenuEntry)
            self._list.scrollTo(self._model.index(row - 1) if at_top else index)  # with its heading
            self._list.scrollTo(index)
        if not self._card.isHidden():
            self._show_card()

    def _step(self, by: int) -> None:
        """Go so many models on; past the last one to the foot."""
        rows = [row for row in range(len(self._model.lines)) if self._model.entry_at(row) is not None]
        now = self._list.currentIndex().row()
        at = rows.index(now) if now in rows else -1
        if by == 1 and at == len(rows) - 1:
            self._foot[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif rows:
            self._go_to(rows[max(0, min(at + by, len(rows) - 1))])

    def _step_in_foot(self, button: QObject, by: int) -> None:
        at = next((number for number, each in enumerate(self._foot) if each is button), 0) + by
        if at < 0:
            (self._search if self._search.isVisible() else self._list).setFocus(Qt.FocusReason.BacktabFocusReason)
        elif at < len(self._foot):
            self._foot[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _choose(self) -> None:
        entry = self._current
        if entry is not None and not entry.is_locked:
            self.hide()
            self.model_chosen.emit(entry.choice)

    def _pin(self) -> None:
        entry = self._current
        if entry is not None:
            self.pin_wanted.emit(entry.choice)

    def _take_key(self, event: QKeyEvent, *, is_typing: bool) -> bool:
        """Act on a key in the list or in the field. Return False if it is none of the menu's."""
        key, words = event.key(), self._search.text()
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        at_end = not is_typing or self._search.cursorPosition() == len(words)
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        match key:
            case Qt.Key.Key_PageDown | Qt.Key.Key_PageUp if not self._card.isHidden():
                bar = self._card.verticalScrollBar()
                bar.setValue(bar.value() + (bar.pageStep() if key == Qt.Key.Key_PageDown else -bar.pageStep()))
            case Qt.Key.Key_Down | Qt.Key.Key_Up | Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                self._step(steps[Qt.Key(key)])
            case Qt.Key.Key_Home | Qt.Key.Key_End if not is_typing:
                self._step(-len(self._model.lines) if key == Qt.Key.Key_Home else len(self._model.lines))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._choose()
            case Qt.Key.Key_Escape:
                self._go_back()
            case Qt.Key.Key_P if has_control:
                self._pin()
            case Qt.Key.Key_Right | Qt.Key.Key_F1 if at_end:
                self._show_card()
            case Qt.Key.Key_Space if not words:
                self._show_card()
            case Qt.Key.Key_Left if not self._card.isHidden() and (not is_typing or not words):
                self._hide_card()
            case _:
                return not is_typing and self._begin_search(event)
        return True

    def _begin_search(self, event: QKeyEvent) -> bool:
        """Search for what is typed in the list. Return False for a key without a letter."""
        modified = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        if modified or not event.text().strip() or not event.text().isprintable():
            return False
        self._search.show()
        self._search.setFocus(Qt.FocusReason.OtherFocusReason)
        self._search.insert(event.text())
        return True

    def _go_back(self) -> None:
        """Take the card away, then what was typed, then the menu."""
        if not self._card.isHidden():
            self._hide_card()
        elif self._search.text():
            self._search.clear()
        else:
            self.hide()

    def _on_mouse(self, event: QMouseEvent) -> None:
        index = self._list.indexAt(event.position().toPoint())
        entry = self._model.entry_at(index.row())
        is_moved = event.type() is QEvent.Type.MouseMove
        if entry is None:
            self._hovering.stop()
        elif is_moved:
            self._hover(index, entry, event.position().toPoint())
        elif event.button() is Qt.MouseButton.LeftButton:
            self._list.setCurrentIndex(index)
            area = self._list.painter.pin_area(self._list.visualRect(index))
            (self._pin if area.contains(event.position().toPoint()) else self._choose)()

    def _hover(self, index: QModelIndex, entry: MenuEntry, at: QPoint) -> None:
        """Go to the model under the pointer, whose card opens when that rests there."""
        is_new = index != self._list.currentIndex()
        if is_new:
            self._list.setCurrentIndex(index)
            self._list.viewport().update()
        if is_new or (self._card.isHidden() and not self._hovering.isActive()):
            self._hovering.start()
        name = show_invisible(entry.model.name)
        on_pin = self._list.painter.pin_area(self._list.visualRect(index)).contains(at)
        tip = fill(self.tr("Pin or unpin %1"), show_invisible(entry.model.title)) if on_pin else name
        set_tooltip(self._list.viewport(), tip if on_pin or name != entry.model.title else "")

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            is_press = event.type() is QEvent.Type.KeyPress
            if watched in self._foot:
                steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
                if is_press and event.key() in steps:
                    self._step_in_foot(watched, steps[Qt.Key(event.key())])
                    return True
            elif is_press and self._take_key(event, is_typing=watched is self._search):
                return True
        elif isinstance(event, QMouseEvent) and self._is_built and watched is self._list.viewport():
            if event.type() in (QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease):
                self._on_mouse(event)
            return event.type() is not QEvent.Type.MouseMove
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.KeyPress:
                self._go_back()
            event.accept()  # or Esc would act on what lies below
            return True
        return super().event(event)
