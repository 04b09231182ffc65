"""The row below a message: how it ended in words, and what can be done with it.

Below the last answer the actions are always there, with words beside their icons; elsewhere they show when pointed at,
and the row keeps its height, so that showing them moves nothing. What is seldom wanted stands in one menu.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.message_actions import Ask, AskHere
from desktop.ui.text.content import CopyForm
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.keys import tab_stops
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel
from desktop.ui.words import fill, number, plain_action

_ROW_PX = 28


class FlowingRows(QWidget):
    """Rows of the parts that are not hidden; the owner gives it the height that it needs for a width."""

    height_changed = Signal()  # another number of rows is needed

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.indent = 0  # pixels that are left free at the left
        self.top = 0
        self.gap = GAP
        self.is_at_right = False
        self.last: QWidget | None = None  # this part stands at the right end of its row
        self._is_placed = False  # the owner has given it a place

    @property
    def row_height(self) -> int:
        return self.theme.px(_ROW_PX)

    def parts(self) -> Sequence[QWidget]:
        """Return the parts from left to right, also those that are hidden."""
        raise NotImplementedError

    def width_of(self, part: QWidget, room: int) -> int:
        """Return the pixels that a part gets of a row with so much room."""
        return min(part.sizeHint().width(), room)

    def height_of(self, part: QWidget, width: int) -> int:
        """Return the pixels in height that a part needs at the width that it gets."""
        return self.row_height

    def gap_after(self, part: QWidget) -> int:
        return self.gap

    def height_for(self, width: int) -> int:
        """Return the height in pixels at a width in pixels."""
        return 2 * self.top + sum(map(self._height_of_row, self._rows(width)))

    def arrange_anew(self) -> None:
        """Place the parts after a change, and say if another height is needed."""
        self._arrange()
        if self._is_placed and self.height_for(self.width()) != self.height():
            self.height_changed.emit()

    def _rows(self, width: int) -> list[list[tuple[QWidget, int]]]:
        """Return the parts with their widths, row by row."""
        rows: list[list[tuple[QWidget, int]]] = [[]]
        left = room = width - self.indent
        for part in self.parts():
            if part.isHidden():
                continue
            wanted = self.width_of(part, room)
            if rows[-1] and wanted > left:
                rows.append([])
                left = room
            rows[-1].append((part, wanted))
            left -= wanted + self.gap_after(part)
        return rows

    def _height_of_row(self, row: list[tuple[QWidget, int]]) -> int:
        return max((self.height_of(part, width) for part, width in row), default=self.row_height)

    def _arrange(self) -> None:
        y = self.top
        for row in self._rows(self.width()):
            taken = sum(wanted + self.gap_after(part) for part, wanted in row) - (
                self.gap_after(row[-1][0]) if row else 0
            )
            x = self.width() - taken if self.is_at_right else self.indent
            height = self._height_of_row(row)
            for part, wanted in row:
                if part is self.last:
                    x = self.width() - wanted
                part.setGeometry(x, y, wanted, height)
                x += wanted + self.gap_after(part)
            y += height

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # a part has another size, as after a change of the text's
            self.arrange_anew()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_placed = True
        self._arrange()


_COPIED_MS = 1500  # how long the copy button says that it has copied
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


@dataclass(frozen=True, slots=True)
class Way:
    """A step in words, with what comes of it in a sentence."""

    words: str
    what: Ask
    value: object = None
    explained: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done with a message now.

    `actions`: those with icons. `ways`: steps in words, the likeliest first. `is_broken`: it did not come to its end,
    and all but the first `at_once` ways stand in the menu, as do its actions but the menu itself. `facts`: what is told
    of it there, below `more` steps that are seldom wanted.
    """

    actions: frozenset[Ask] = frozenset()
    ways: Sequence[Way] = ()
    is_running: bool = False
    is_broken: bool = False
    at_once: int = 2
    has_thinking: bool = False
    facts: Sequence[str] = ()
    more: Sequence[Way] = ()


class MessageFooter(FlowingRows):
    """The words, actions and versions of one message; those of the user's messages stand at the right."""

    focused = Signal()  # the keyboard has come to one of the actions
    copy_requested = Signal(object, bool)  # a CopyForm; whether with the thinking

    def __init__(self, theme: Theme, ask: AskHere, *, is_mine: bool, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._ask = ask
        self._is_mine = self.is_at_right = is_mine
        self.gap = GAP_TIGHT
        self._is_pointed_at = self._is_last = False
        self._version, self._versions = 1, 1
        self._offered = Offer()
        self._state = ElidedLabel("", "small", self)
        self._origin = self.last = ElidedLabel("", "tiny", self)
        self._number = PlainLabel("", "small", parent=self)
        self._ways: dict[Way, QPushButton] = {}
        self._copy = self._icon("copy", self.tr("Copy"), self._on_copy)
        always = [
            ("retry", self.tr("Try again"), Ask.TRY_AGAIN),
            ("fresh-start", self.tr("Start fresh"), Ask.START_FRESH),
        ]
        if is_mine:
            always = [("edit", self.tr("Edit"), Ask.EDIT)]
        self._asking = {what: self._icon(name, label, partial(ask, what)) for name, label, what in always}
        self._actions = [*self._asking.values(), self._copy]
        if not is_mine:
            self._copy.setToolTip(self.tr("Copy, to paste it as it looks (with Shift as plain text)"))
            more = self._icon("more", self.tr("More"), lambda: self.menu().popup(_below(more)))
            self._actions = [self._copy, *self._asking.values(), more]
        self._steps = [
            self._icon("chevron-left", self.tr("Earlier version"), lambda: self._step(-1)),
            self._icon("chevron-right", self.tr("Later version"), lambda: self._step(1)),
        ]
        for each in self._steps:
            each.set_seen(True)  # that there is another version is not told elsewhere
        for part in (self._state, self._origin, self._number, *self._steps):
            part.hide()

    @property
    def words(self) -> str:
        """The words on its state; empty while there are none."""
        return self._state.text()

    @property
    def origin(self) -> str:
        """The words on its model and place that are shown."""
        return self._origin.text()

    def set_words(self, words: str) -> None:
        """Show the state of the message, or how it ended."""
        self._tell(self._state, words)

    def set_origin(self, words: str) -> None:
        """Show quietly at the right which model has answered, and where."""
        self._tell(self._origin, words)

    def set_last(self, is_last: bool) -> None:
        """Set if it is the last message, whose actions are always there if it is an answer."""
        if is_last is not self._is_last:
            self._is_last = is_last
            for each in (self._copy, *self._asking.values()):
                each.set_labelled(self._has_words)
            self._show_offered()

    def offer(self, offered: Offer) -> None:
        """Set what can be done with the message; a button that is there already stays, with focus and press."""
        if offered != self._offered:
            self._offered = offered
            self._show_offered()

    def set_versions(self, version: int, versions: int) -> None:
        """Set which version this is, from 1, and how many there are; one alone is not mentioned."""
        if (version, versions) != (self._version, self._versions):
            self._version, self._versions = version, versions
            self._show_offered()

    def show_copied(self) -> None:
        """Show for a moment that it has been copied."""
        self._say_copied(True)
        QTimer.singleShot(_COPIED_MS, self, lambda: self._say_copied(False))

    def set_pointed_at(self, pointed_at: bool) -> None:
        """Set if the pointer is on the message."""
        self._is_pointed_at = pointed_at
        self._show_actions()

    def focus_versions(self) -> None:
        """Restore the focus on the versions, after another one has replaced this one."""
        if enabled := [each for each in self._steps if each.isEnabled()]:
            enabled[-1].setFocus()

    def menu(self) -> QMenu:
        """Return a new menu of all that can be done with an answer, and what is told of it."""
        menu, offered = QMenu(self), self._offered
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        for way in offered.ways[offered.at_once :] if offered.is_broken else ():
            self._add(menu, way)
        menu.addSeparator()
        copies = [(self.tr("Copy"), CopyForm.FORMATTED, False), (self.tr("Copy as Markdown"), CopyForm.MARKDOWN, False)]
        copies.append((self.tr("Copy as plain text"), CopyForm.PLAIN, False))
        if offered.has_thinking:
            copies.append((self.tr("Copy with thinking"), CopyForm.FORMATTED, True))
        for words, *asked in copies:
            menu.addAction(words).triggered.connect(lambda _=False, asked=asked: self.copy_requested.emit(*asked))
        menu.addSeparator()
        kept = (
            Way(self.tr("Export or print this answer…"), Ask.TAKE_ALONG),
            Way(self.tr("Keep as example…"), Ask.KEEP_AS_EXAMPLE),
            Way(self.tr("Ask twice more…"), Ask.ASK_TWICE_MORE),
        )
        for way in kept:
            if way.what in offered.actions:
                self._add(menu, way)
        menu.addSeparator()
        for way in offered.more:
            self._add(menu, way)
        for fact in offered.facts:
            menu.addAction(plain_action(fact)).setEnabled(False)
        return menu

    def on_focused(self) -> None:
        """Show the actions, one of which the keyboard has come to."""
        self._show_actions()
        self.focused.emit()

    def parts(self) -> list[QWidget]:
        versions = [self._steps[0], self._number, self._steps[1]]
        ways = [*self._ways.values()]
        if self._is_last and not self._is_mine:  # a step may come with a sign, seconds later: it pushes no action away
            row = [*self._actions[:-1], *ways, self._actions[-1], *versions]
        else:  # what is always seen stands at the edge, and the actions behind it
            row = [*ways, *versions, *self._actions]
        return [self._state, *row, self._origin]

    def width_of(self, part: QWidget, room: int) -> int:
        is_icon = isinstance(part, FooterButton) and not part.is_labelled
        return self.row_height if is_icon else super().width_of(part, room)

    def gap_after(self, part: QWidget) -> int:
        return GAP if part is self._state else self.gap

    def arrange_anew(self) -> None:
        self._show_actions()
        super().arrange_anew()

    @property
    def _has_words(self) -> bool:
        """True if words stand beside the icons."""
        return self._is_last and not self._is_mine

    def _tell(self, label: ElidedLabel, words: str) -> None:
        if words != label.text():
            label.show_text(words)
            label.setVisible(bool(words))
            self.arrange_anew()

    def _show_offered(self) -> None:
        offered, before = self._offered, self._ways
        shown = offered.ways[: offered.at_once] if offered.is_broken else offered.ways
        self._ways = {each: before.get(each) or self._way(each) for each in shown}
        fresh = next((made for way, made in self._ways.items() if way.what is Ask.START_FRESH), None)
        if fresh is not None and Ask.START_FRESH in self._asking and self._asking[Ask.START_FRESH].hasFocus():
            fresh.setFocus()  # which takes its place
        for way, gone in before.items():
            if way not in self._ways:
                gone.hide()
                gone.deleteLater()
        is_whole = not offered.is_running and not offered.is_broken
        self._actions[-1].setVisible(not offered.is_running)
        self._copy.setVisible(is_whole)
        for what, made in self._asking.items():
            is_twice = what is Ask.START_FRESH and fresh is not None
            made.setVisible(is_whole and what in offered.actions and not is_twice)
        words = fill(self.tr("Version %1 of %2"), number(self._version), number(self._versions))
        self._number.setText(f"{number(self._version)}/{number(self._versions)}")
        self._number.setAccessibleName(words)
        for each, can in zip(self._steps, (self._version > 1, self._version < self._versions), strict=True):
            each.setAccessibleDescription(words)
            each.setEnabled(can)
        for part in (self._number, *self._steps):
            part.setVisible(self._versions > 1 and not offered.is_running)
        self.arrange_anew()

    def _add(self, menu: QMenu, way: Way) -> None:
        entry = menu.addAction(plain_action(way.words))
        entry.setToolTip(way.explained)
        entry.triggered.connect(lambda: self._ask(way.what, way.value))

    def _on_copy(self) -> None:
        is_shifted = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
        is_plain = is_shifted and not self._is_mine
        self.copy_requested.emit(CopyForm.PLAIN if is_plain else CopyForm.FORMATTED, False)

    def _say_copied(self, is_copied: bool) -> None:
        self._copy.drawing.show("check" if is_copied else "copy")
        words = self.tr("Copied") if is_copied else self.tr("Copy")
        self._copy.setAccessibleName(words)
        self._copy.setText(words)

    def _icon(self, name: str, label: str, do: Callable[[], object]) -> FooterButton:
        made = FooterButton(self.theme, name, label, self)
        made.clicked.connect(lambda: do())
        made.installEventFilter(self)
        return made

    def _way(self, way: Way) -> QPushButton:
        """Make the button of a step in words, which is always visible."""
        made = button(way.words, "advice", partial(self._ask, way.what, way.value), way.explained)
        made.setParent(self)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.ensurePolished()  # for the width of the sheet's smaller font
        made.installEventFilter(self)
        made.show()
        return made

    def _step(self, by: int) -> None:
        wanted = self._version + by
        if 1 <= wanted <= self._versions:
            self._ask(Ask.SHOW_VERSION, wanted)

    def _show_actions(self) -> None:
        focused = self.focusWidget()
        is_seen = self._is_pointed_at or self._has_words or (focused is not None and focused.hasFocus())
        for each in self._actions:
            each.set_seen(is_seen)

    # Qt's own method

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk by the arrows: the row knows its order, and Qt would look for any button of the page."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        by = _STEPS.get(Qt.Key(event.key()), 0)
        if not by:
            return False
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._step(by)
            return True
        buttons = tab_stops(self)
        at = next(index for index, each in enumerate(buttons) if each is watched) + by
        if 0 <= at < len(buttons):
            buttons[at].setFocus(Qt.FocusReason.TabFocusReason)
        return True


def _below(part: QWidget) -> QPoint:
    return part.mapToGlobal(part.rect().bottomLeft())


class FooterButton(IconButton):
    """An icon seen while the pointer is on the message or the keyboard in its row; screen readers always find it."""

    def __init__(self, theme: Theme, name: str, label: str, footer: MessageFooter) -> None:
        super().__init__(theme, name, label, footer, token="muted")
        self._footer = footer
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the cursor in the box where one writes
        self.setText(label)  # shown where there are words beside the icons
        set_look(self, "small")
        self._is_seen = False
        self.is_labelled = False

    def set_labelled(self, labelled: bool) -> None:
        """Set if its words stand beside its icon."""
        self.is_labelled = labelled
        style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if labelled else Qt.ToolButtonStyle.ToolButtonIconOnly
        self.setToolButtonStyle(style)

    def set_seen(self, seen: bool) -> None:
        if seen is not self._is_seen:
            self._is_seen = seen
            self.update()

    # Qt's own methods

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._footer.on_focused()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._footer.set_pointed_at(self._footer.underMouse())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_seen or self.hasFocus():
            super().paintEvent(event)
