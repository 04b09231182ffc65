"""A popup to pick one of many: a field to find by where there are very many, a list, a foot, and a card beside it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QBitmap, QKeyEvent, QPainter
from PySide6.QtWidgets import QBoxLayout, QFrame, QLineEdit, QPushButton, QScrollArea, QWidget

from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, RADIUS, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.keys import TypingAhead, letters_of
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import scroll_down, stack
from desktop.ui.widgets.rows import Row, RowList


def round_corners(frame: QWidget) -> None:
    """Hide the corners of the popup that `frame` is in; the style sheet rounds the frame."""
    popup = frame.window()
    without_shadow = Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint  # which would be square
    popup.setWindowFlags(popup.windowFlags() | without_shadow)
    popup.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
    popup.installEventFilter(_Corners(frame))


class _Corners(QObject):
    """A mask for displays without a compositor, where the translucent corners would be black."""

    def __init__(self, frame: QWidget) -> None:
        super().__init__(frame)
        self._frame = frame

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Whenever its size changes, Qt takes the mask of a list of choices away, and others would keep the old one.
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize):
            popup = self._frame.window()
            shape = QBitmap(popup.size())
            shape.clear()
            painter = QPainter(shape)
            painter.setBrush(Qt.GlobalColor.color1)
            place = self._frame.rect().translated(self._frame.mapTo(popup, QPoint()))
            painter.drawRoundedRect(place.adjusted(0, 0, -1, -1), RADIUS, RADIUS)
            painter.end()
            popup.setMask(shape)
        return False


_MANY = 12  # lines from which on a search helps more than it stands in the way
_CARD_PX, _TALLEST_PX, _LEAST_PX, _LEAST_LIST_PX = 328, 520, 360, 60
_HOVER_MS = 450
_LONGEST_NAME = 200  # letters that are looked for
_MARGIN = 8
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}


class Picker(QFrame):
    """The popup. What it holds is made when it is first opened, and filled by `rows_now` whenever it is."""

    opening = Signal()
    chosen = Signal(object)  # the key of a line, here and below
    pinned = Signal(object)

    def __init__(
        self, theme: Theme, name: str, find: str, nothing: str, wide_px: int, parent: QWidget | None = None
    ) -> None:
        """`find` stands in the field, `nothing` where no line has what is typed there."""
        super().__init__(parent, Qt.WindowType.Popup)
        self._theme = theme
        self._words = (name, find, nothing)
        self._wide_px = wide_px
        self._is_built = False
        self._rows: Sequence[Row] = ()  # all of them, also those that are not shown for what is typed
        self._below: QWidget | None = None
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMouseReplay)  # a press that closes it does nothing else

    # What a picker of one kind says

    def rows_now(self) -> Sequence[Row]:
        """Return the lines."""
        raise NotImplementedError

    def first_key(self) -> Hashable | None:
        """Return the line to begin at; None: Enter chooses nothing, since it may have been meant for a message."""
        return None

    def card_of(self, key: Hashable) -> QWidget | None:
        """Return more on a line, which is shown beside the list; None where there is no more."""
        return None

    def foot(self) -> Sequence[tuple[str, str, Callable[[], object]]]:
        """Return the buttons below the list: their drawing, their words, and what they do."""
        return ()

    def settings(self) -> Sequence[QPushButton]:
        """Return buttons that stand between the list and the foot; those that are hidden are passed over."""
        return ()

    def hint(self) -> str:
        """Return the words on keys, below all else."""
        return ""

    # What it is made of

    def _build(self) -> None:
        self._is_built = True
        name, find, nothing = self._words
        frame = self._frame = QFrame()
        set_look(frame, "popup")
        self.search = QLineEdit()
        self.search.setMaxLength(_LONGEST_NAME)
        set_look(self.search, "filter")
        self.search.setPlaceholderText(find)
        self.search.setAccessibleName(find)
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        self.list = RowList(self._theme, name, is_popup=True)
        self.list.installEventFilter(self)
        self.list.chosen.connect(self._choose)
        self.list.pinned.connect(self.pinned)
        self.list.reached.connect(self._on_reached)
        TypingAhead(self.list, lambda: self.search).begun.connect(self.search.show)
        self._nothing = PlainLabel(nothing, "small")
        self.buttons: list[QPushButton] = [*self.settings()]
        for setting in self.buttons:
            setting.installEventFilter(self)
        for icon, words, do in self.foot():
            button = LabelledButton(self._theme, icon, words, "quiet", do=self.hide)
            button.clicked.connect(lambda _=False, do=do: do())
            button.installEventFilter(self)
            self.buttons.append(button)
        rule = QFrame()
        rule.setFixedHeight(1)
        set_look(rule, "hairline")
        hint = PlainLabel(self.hint(), "tiny")
        hint.setContentsMargins(GAP, 0, 0, 0)
        parts = (self.search, self.list, self._nothing, rule, *self.buttons, hint)
        self._left = QWidget()
        stack(*parts, gap=GAP_TIGHT, margins=GAP_TIGHT, on=self._left)
        rule.setVisible(bool(self.buttons))
        hint.setVisible(bool(hint.text()))
        self._card = QScrollArea()
        scroll_down(self._card)
        self._card.hide()
        set_look(self._card, "card ground")
        panes = (self._left, Qt.AlignmentFlag.AlignTop), self._card
        self._panes = stack(*panes, gap=0, margins=1, across=True, on=frame)
        stack(frame, gap=0, on=self)
        round_corners(frame)
        self._hovering = QTimer(self, singleShot=True, interval=_HOVER_MS)
        self._hovering.timeout.connect(self._show_card)
        self._theme.changed.connect(self._fit)

    # Opening, what it shows, and its size

    def open_below(self, widget: QWidget) -> None:
        """Open below a widget, within its window as far as that has the room."""
        self._below = widget
        if not self._is_built:
            self._build()
        self.opening.emit()
        self._rows = self.rows_now()
        self.search.clear()
        self.search.hide()
        self._hide_card()
        self._show_rows(None)
        self.list.opened()
        self.show()
        self._focus_top(Qt.FocusReason.PopupFocusReason)

    def refill(self) -> None:
        """Show what is there now, if it is open; what was typed, and the line, stay."""
        if self.isVisible():
            self._rows = self.rows_now()
            self._show_rows(self.list.current)

    def _narrow(self) -> None:
        if not self.isVisible():
            return
        self._show_rows(None if self.search.text() else self.list.current)
        if not self._card.isHidden():
            self._show_card()

    def _show_rows(self, at: Row | None) -> None:
        """Show the lines that have what is typed, with the keyboard at one of them; else where it begins."""
        words = self.search.text()
        rows = narrowed(self._rows, words)
        found = [each.key for each in rows if each.can_be_at]
        first = next(iter(found), None) if words else self.first_key()
        if len(found) > _MANY:
            self.search.show()
        self.list.show_rows(rows)
        self.list.go_to(at.key if at is not None and at.key in found else first)
        self._nothing.setVisible(not rows)
        self._fit()

    def _fit(self) -> None:
        """Be as large as what is shown, and stand below the button; the card goes where there is more room."""
        if self._below is None:
            return
        window, theme = self._below.window(), self._theme
        below = self._below.mapToGlobal(QPoint(0, self._below.height() + GAP))
        screen = self._below.screen().availableGeometry()
        room = QRect(window.mapToGlobal(QPoint(0, 0)), window.size()).adjusted(_MARGIN, 0, -_MARGIN, -_MARGIN)
        wide = min(theme.px(self._wide_px), screen.width() - 2 * _MARGIN)
        left = max(min(below.x(), room.right() - wide), room.left(), screen.left())
        tallest = max(theme.px(_LEAST_PX), min(screen.bottom() - _MARGIN, room.bottom()) - below.y())
        self._left.setFixedWidth(wide)
        self.list.setFixedHeight(0)
        beside = self._left.sizeHint().height() + 2
        self.list.setFixedWidth(wide - 2 * GAP_TIGHT)
        wanted = min(self.list.wanted_height, theme.px(_TALLEST_PX), tallest - beside)
        self.list.setFixedHeight(max(theme.px(_LEAST_LIST_PX), wanted))
        self.list.setVisible(bool(self.list.rows))
        tall, card = self._left.sizeHint().height() + 2, 0
        if self._card.isVisibleTo(self._frame):
            card = theme.px(_CARD_PX)
            is_left = left - room.left() > room.right() - left - wide
            way = QBoxLayout.Direction
            self._panes.setDirection(way.RightToLeft if is_left else way.LeftToRight)
            left -= card if is_left else 0
            content = self._card.widget()
            assert content is not None
            high = content.heightForWidth(card) if content.hasHeightForWidth() else content.sizeHint().height()
            tall = max(tall, min(high, tallest))
        self._card.setFixedWidth(card)
        left = min(max(left, screen.left()), screen.right() - wide - card)
        self.setGeometry(left, below.y(), wide + card + 2, tall)

    # The card

    def _show_card(self) -> None:
        row = self.list.current
        content = self.card_of(row.key) if row is not None else None
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

    def _on_reached(self) -> None:
        """Have the card follow the pointer, or open where it rests; keys come to `_take_key`."""
        if not self._card.isHidden():
            self._show_card()
        else:
            self._hovering.start()

    # Keys

    def _focus_top(self, why: Qt.FocusReason) -> None:
        (self.search if self.search.isVisibleTo(self) else self.list).setFocus(why)

    def _choose(self, key: Hashable) -> None:
        if any(each.key == key and not each.is_pale for each in self.list.rows):
            self.hide()
            self.chosen.emit(key)

    def _step(self, by: int) -> None:
        """Go so many lines on; past the last one to the foot."""
        if not self.list.step(by) and by == 1:
            self._step_in_foot(0)
        elif not self._card.isHidden():
            self._show_card()

    def _step_in_foot(self, at: int) -> None:
        shown = [each for each in self.buttons if each.isVisible()]
        if at < 0:
            self._focus_top(Qt.FocusReason.BacktabFocusReason)
        elif at < len(shown):
            shown[at].setFocus(Qt.FocusReason.TabFocusReason)

    def _take_key(self, event: QKeyEvent, *, is_typing: bool) -> bool:
        """Act on a key in the list or in the field. Return False if it is none of the picker's."""
        key, words, row = event.key(), self.search.text(), self.list.current
        has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        at_end = not is_typing or self.search.cursorPosition() == len(words)
        match key:
            case Qt.Key.Key_PageDown | Qt.Key.Key_PageUp if not self._card.isHidden():
                bar = self._card.verticalScrollBar()
                bar.setValue(bar.value() + (bar.pageStep() if key == Qt.Key.Key_PageDown else -bar.pageStep()))
            case Qt.Key.Key_Down | Qt.Key.Key_Up | Qt.Key.Key_PageDown | Qt.Key.Key_PageUp:
                self._step(_STEPS[Qt.Key(key)])
            case Qt.Key.Key_Home | Qt.Key.Key_End if not is_typing:
                self.list.step(len(self.list.rows) * (1 if key == Qt.Key.Key_End else -1))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if row is not None:
                    self._choose(row.key)
            case Qt.Key.Key_Escape:
                self._go_back()
            case Qt.Key.Key_P if has_control:
                if row is not None and row.pin is not None:
                    self.pinned.emit(row.key)
            case Qt.Key.Key_Right | Qt.Key.Key_F1 if at_end:
                self._show_card()
            case Qt.Key.Key_Space if not words:
                self._show_card()
            case Qt.Key.Key_Left if not self._card.isHidden() and (not is_typing or not words):
                self._hide_card()
            case _:
                return not is_typing and self._begin_search(letters_of(event))
        return True

    def _begin_search(self, letters: str) -> bool:
        """Search for what is typed in the list. Return False for a key without a letter."""
        if letters.strip():
            self.search.show()
            self.search.setFocus()
            self.search.insert(letters)
        return bool(letters.strip())

    def _go_back(self) -> None:
        """Take the card away, then what was typed, then the picker."""
        if not self._card.isHidden():
            self._hide_card()
        elif self.search.text():
            self.search.clear()
        else:
            self.hide()

    # Qt's own methods

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if watched in (self.search, self.list):
            return self._take_key(event, is_typing=watched is self.search)
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step:
            shown = [each for each in self.buttons if each.isVisible()]
            self._step_in_foot(next(at for at, each in enumerate(shown) if each is watched) + step)
        return bool(step)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() is QEvent.Type.KeyPress:
                self._go_back()
            event.accept()  # or Esc would act on what lies below
            return True
        return super().event(event)


def narrowed(rows: Sequence[Row], words: str) -> Sequence[Row]:
    """Return the lines in which all typed words stand; their headings stay."""
    wanted = words.casefold().split()
    if not wanted:
        return rows
    found: list[Row] = []
    heading: Row | None = None
    for row in rows:
        text = (row.found_by or f"{row.title} {row.about}").casefold()
        if row.is_heading:
            heading = row
        elif row.can_be_at and all(word in text for word in wanted):
            found += [heading, row] if heading is not None else [row]
            heading = None
    return found
