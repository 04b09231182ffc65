"""The row below a message: how it ended in words, and what can be done with it.

Below the last answer the actions are always there, with words beside their icons; elsewhere they show when pointed at,
and the row keeps its height, so that showing them moves nothing. What is seldom wanted stands in one menu.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop.ui.look import tokens as measures
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import (
    Ask,
    Edit,
    KeepAsExample,
    MessageAction,
    ShowVersion,
    StartFresh,
    TakeAlong,
    TryAgain,
)
from desktop.ui.text.clipboard import CopyForm
from desktop.ui.widgets.keys import tab_stops
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel, StillLabel
from desktop.ui.words import fill, number, plain_action

_EDGE = 28  # of an action, and the height of a row
_HELD_MS = 500  # after which a press of Copy opens the menu
_COPIED_MS = 1500  # how long the copy button says that it has copied
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class FooterAction(StrEnum):
    """The actions below a message that mean nothing on some pages."""

    TRY_AGAIN = "try_again"
    START_FRESH = "start_fresh"
    EXPORT = "export"


@dataclass(frozen=True, slots=True)
class Way:
    """Step in words, with what comes of it in a sentence."""

    words: str
    action: MessageAction
    explained: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be done with a message now.

    `ways`: steps in words, the likeliest first. `is_broken`: it did not come to its end, and all but the first
    `at_once` ways stand in the menu. `facts`: what is told of it there, below `more` steps that are seldom wanted.
    """

    has_actions: bool = True
    ways: Sequence[Way] = ()
    is_broken: bool = False
    at_once: int = 2
    has_thinking: bool = False
    left_out: frozenset[FooterAction] = frozenset()
    facts: Sequence[str] = ()
    more: Sequence[Way] = ()

    def has(self, action: FooterAction) -> bool:
        return action not in self.left_out


class MessageFooter(QWidget):
    """The words, actions and versions of one message; those of the user's messages stand at the right."""

    focused = Signal()  # the keyboard has come to one of the actions
    height_changed = Signal()  # another number of rows is needed
    copy_requested = Signal(object, bool)  # a CopyForm; whether with the thinking

    def __init__(self, theme: Theme, ask: Ask, *, is_mine: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ask = ask
        self._is_mine = is_mine
        self._is_pointed_at = self._is_last = False
        self._is_placed = False  # its owner has given it a place
        self._version, self._versions = 1, 1
        self._offered = Offer()
        self._state = StillLabel("", "small", self)
        self._origin = ElidedLabel("", "tiny", self)
        self._state.hide()
        self._origin.hide()
        self._ways: list[WayButton] = []
        self._copy = CopyButton(theme, "copy", self.tr("Copy"), self)
        self._copy.clicked.connect(self._on_copy)
        self._actions: list[FooterButton]
        if is_mine:
            self._actions = [self._action("edit", self.tr("Edit"), Edit()), self._copy]
        else:
            self._again = self._action("retry", self.tr("Try again"), TryAgain())
            self._fresh = self._action("fresh-start", self.tr("Start fresh"), StartFresh())
            self._more = FooterButton(theme, "more", self.tr("More"), self)
            self._more.clicked.connect(lambda: self._show_menu(self._more))
            self._actions = [self._copy, self._again, self._fresh, self._more]
            self._copy.menu_wanted.connect(lambda: self._show_menu(self._copy))
            self._copy.setToolTip(
                self.tr("Copy, to paste it as it looks (with Shift as plain text; hold for a choice)")
            )
            self._copy.setAccessibleDescription(self.tr("The down key offers a choice: Markdown or plain text"))
        self._steps: list[FooterButton] = []  # to other versions, while there are any
        self._number = PlainLabel("", "small", parent=self)
        self._number.hide()

    @property
    def words(self) -> str:
        """The words on its state; empty while there are none."""
        return self._state.text()

    @property
    def origin(self) -> str:
        """The words on its model and place that are shown."""
        return self._origin.text()

    @property
    def row_height(self) -> int:
        return self._theme.px(_EDGE)

    def height_for(self, width: int) -> int:
        """Return the height in pixels at a width in pixels: one row, or several if the actions need them."""
        return self.row_height * len(self._rows(width))

    def set_words(self, words: str) -> None:
        """Show the state of the message, or how it ended."""
        self._tell(self._state, words)

    def set_origin(self, words: str) -> None:
        """Show quietly at the right which model has answered, and where."""
        self._tell(self._origin, words)

    def _tell(self, label: ElidedLabel, words: str) -> None:
        if words != label.text():
            label.show_text(words)
            label.setVisible(bool(words))
            self._arrange_anew()

    def set_last(self, is_last: bool) -> None:
        """Set if it is the last message, whose actions are always there if it is an answer."""
        if is_last is not self._is_last:
            self._is_last = is_last
            for each in self._actions:
                each.set_labelled(self._has_words and each.text() != self.tr("More"))
            self._show_offered()

    def offer(self, offered: Offer) -> None:
        """Set what can be done with the message; a button that is there already stays, with focus and press."""
        if offered != self._offered:
            self._offered = offered
            self._show_offered()

    def _show_offered(self) -> None:
        offered = self._offered
        shown = offered.ways[: offered.at_once] if offered.is_broken else offered.ways
        before = {each.way: each for each in self._ways}
        self._ways = [before.get(each) or self._way(each) for each in shown]
        for gone in set(before.values()).difference(self._ways):
            gone.hide()
            gone.deleteLater()
        for each in self._actions:
            each.setVisible(offered.has_actions)
        if not self._is_mine:
            is_whole = offered.has_actions and not offered.is_broken
            fresh = next((each for each in self._ways if isinstance(each.way.action, StartFresh)), None)
            if fresh is not None and self._fresh.hasFocus():
                fresh.setFocus()  # which takes its place
            self._copy.setVisible(is_whole)
            self._again.setVisible(is_whole and offered.has(FooterAction.TRY_AGAIN))
            self._fresh.setVisible(is_whole and fresh is None and offered.has(FooterAction.START_FRESH))
        self._show_versions()
        self._arrange_anew()

    def set_versions(self, version: int, versions: int) -> None:
        """Set which version this is, from 1, and how many there are; one alone is not mentioned."""
        if (version, versions) != (self._version, self._versions):
            self._version, self._versions = version, versions
            self._show_versions()
            self._arrange_anew()

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
        for each in reversed(self._steps):
            if each.isEnabled():
                each.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def menu(self) -> QMenu:
        """Return a new menu of all that can be done with an answer, and what is told of it."""
        menu, offered = QMenu(self), self._offered
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setToolTipsVisible(True)
        if offered.is_broken:
            for way in offered.ways[offered.at_once :]:
                self._add(menu, way)
            menu.addSeparator()
        copies = [(self.tr("Copy"), CopyForm.FORMATTED, False), (self.tr("Copy as Markdown"), CopyForm.MARKDOWN, False)]
        copies.append((self.tr("Copy as plain text"), CopyForm.PLAIN, False))
        if offered.has_thinking:
            copies.append((self.tr("Copy with thinking"), CopyForm.FORMATTED, True))
        for words, form, with_thinking in copies:
            asked = form, with_thinking
            menu.addAction(words).triggered.connect(lambda _=False, asked=asked: self.copy_requested.emit(*asked))
        menu.addSeparator()
        if offered.has(FooterAction.EXPORT):
            self._add(menu, Way(self.tr("Export or print this answer…"), TakeAlong()))
            self._add(menu, Way(self.tr("Keep this answer as an example"), KeepAsExample()))
        if offered.more or offered.facts:
            menu.addSeparator()
        for way in offered.more:
            self._add(menu, way)
        for fact in offered.facts:
            menu.addAction(plain_action(fact)).setEnabled(False)
        return menu

    def _add(self, menu: QMenu, way: Way) -> None:
        entry = menu.addAction(plain_action(way.words))
        entry.setToolTip(way.explained)
        entry.triggered.connect(lambda: self._ask(way.action))

    def _show_menu(self, below: QWidget) -> None:
        self.menu().popup(below.mapToGlobal(below.rect().bottomLeft()))

    def _on_copy(self) -> None:
        is_plain = self._copy.is_shifted and not self._is_mine
        self.copy_requested.emit(CopyForm.PLAIN if is_plain else CopyForm.FORMATTED, False)

    def _say_copied(self, is_copied: bool) -> None:
        self._copy.drawing.show("check" if is_copied else "copy")
        words = self.tr("Copied") if is_copied else self.tr("Copy")
        self._copy.setAccessibleName(words)
        self._copy.setText(words)

    def _way(self, way: Way) -> WayButton:
        made = WayButton(way, self)
        made.clicked.connect(lambda: self._ask(way.action))
        made.show()
        return made

    def _action(self, name: str, label: str, action: MessageAction) -> FooterButton:
        made = FooterButton(self._theme, name, label, self)
        made.clicked.connect(lambda: self._ask(action))
        return made

    def _show_versions(self) -> None:
        if self._versions > 1 and not self._steps:
            earlier = FooterButton(self._theme, "chevron-left", self.tr("Earlier version"), self)
            later = FooterButton(self._theme, "chevron-right", self.tr("Later version"), self)
            earlier.clicked.connect(lambda: self._step(-1))
            later.clicked.connect(lambda: self._step(1))
            self._steps = [earlier, later]
        is_shown = self._versions > 1 and self._offered.has_actions
        words = fill(self.tr("Version %1 of %2"), number(self._version), number(self._versions))
        self._number.setText(f"{number(self._version)}/{number(self._versions)}")
        self._number.setAccessibleName(words)
        self._number.setVisible(is_shown)
        for each, can in zip(self._steps, (self._version > 1, self._version < self._versions), strict=False):
            each.setAccessibleDescription(words)
            each.setEnabled(can)
            each.setVisible(is_shown)
            each.set_seen(True)  # that there is another version is not told elsewhere

    def _step(self, by: int) -> None:
        wanted = self._version + by
        if 1 <= wanted <= self._versions:
            self._ask(ShowVersion(wanted))

    def on_focused(self) -> None:
        """Show the actions, one of which the keyboard has come to."""
        self._show_actions()
        self.focused.emit()

    def _show_actions(self) -> None:
        focused = self.focusWidget()
        is_seen = self._is_pointed_at or self._has_words or (focused is not None and focused.hasFocus())
        for each in self._actions:
            each.set_seen(is_seen)

    @property
    def _has_words(self) -> bool:
        return self._is_last and not self._is_mine

    def _parts(self) -> list[QWidget]:
        """Return what is offered, from left to right, but for the words."""
        versions = [*self._steps[:1], self._number, *self._steps[1:]]
        if self._is_mine:
            row = [*self._ways, *versions, *self._actions]
        elif self._is_last:  # a step may come with a sign, seconds later: it must not push the actions away
            row = [*self._actions[:-1], *self._ways, self._more, *versions]
        else:
            row = [*self._ways, *self._actions, *versions]
        return [part for part in row if not part.isHidden()]

    def _rows(self, width: int) -> list[list[QWidget]]:
        """Return all that is shown in as many rows as it needs: the state first, the origin last."""
        rows: list[list[QWidget]] = [[]]
        left = width
        for part in (self._state, *self._parts(), self._origin):
            if part.isHidden():
                continue
            wanted = self._width_of(part)
            if rows[-1] and wanted > left:
                rows.append([])
                left = width
            rows[-1].append(part)
            left -= wanted + self._gap(part)
        return rows

    def _gap(self, part: QWidget) -> int:
        return measures.GAP if part is self._state else measures.GAP_TIGHT

    def _width_of(self, part: QWidget) -> int:
        if isinstance(part, FooterButton) and not part.is_labelled:
            return self.row_height
        return min(part.sizeHint().width(), self.width()) if self._is_placed else part.sizeHint().width()

    def _arrange_anew(self) -> None:
        """Lay the row out after a change, and say if it needs another height."""
        self._show_actions()
        self._arrange()
        if self._is_placed and self.height_for(self.width()) != self.height():
            self.height_changed.emit()

    def _arrange(self) -> None:
        """Lay the rows out: no layout object, since a page has many of these."""
        width, y = self.width(), 0
        for row in self._rows(width):
            taken = sum(self._width_of(part) + self._gap(part) for part in row) - (self._gap(row[-1]) if row else 0)
            x = width - taken if self._is_mine else 0
            for part in row:
                if part is self._origin:
                    x = width - self._width_of(part)
                part.setGeometry(x, y, self._width_of(part), self.row_height)
                x += self._width_of(part) + self._gap(part)
            y += self.row_height

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = _STEPS.get(Qt.Key(event.key()), 0)
        buttons = tab_stops(self)
        at = next((index for index, each in enumerate(buttons) if each.hasFocus()), None)
        if not by or at is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._step(by)
        elif 0 <= at + by < len(buttons):
            buttons[at + by].setFocus(Qt.FocusReason.TabFocusReason)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:  # a part has another size, as after a change of the text's
            self._arrange_anew()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_placed = True
        self._arrange()


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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            event.ignore()  # the row knows its order; Qt would look for any button of the page
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_seen or self.hasFocus():
            super().paintEvent(event)


class CopyButton(FooterButton):
    """The button that copies at a click, with Shift as plain text; held, or by the down key, it wants its menu."""

    menu_wanted = Signal()

    def __init__(self, theme: Theme, name: str, label: str, footer: MessageFooter) -> None:
        super().__init__(theme, name, label, footer)
        self.is_shifted = False
        self._held = QTimer(self, singleShot=True, interval=_HELD_MS)
        self._held.timeout.connect(self._want_menu)
        self.released.connect(self._held.stop)

    def _want_menu(self) -> None:
        self.setDown(False)  # so that it does not copy as well
        self.menu_wanted.emit()

    # Qt's own methods

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self._held.start()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Down:
            self.menu_wanted.emit()
        else:
            super().keyPressEvent(event)


class WayButton(QPushButton):
    """A step in words, which is always visible."""

    def __init__(self, way: Way, footer: MessageFooter) -> None:
        super().__init__(way.words, footer)
        self.way = way
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(way.explained)
        self.setAccessibleDescription(way.explained)
        set_look(self, "advice")
        self.ensurePolished()  # for the width of the sheet's smaller font

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            event.ignore()
        else:
            super().keyPressEvent(event)
