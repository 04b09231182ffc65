"""The row below a message: how it ended in words, and what can be done with it.

Below the last answer the actions are always there, with words beside their icons, in as many rows as these need;
elsewhere they show when pointed at, and the row keeps its height, so that showing them moves nothing. It only emits
what is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.ui.look import tokens as measures
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import (
    Ask,
    Continue,
    Edit,
    KeepAsExample,
    ReplyStep,
    SendAgain,
    ShowVersion,
    StartFresh,
    TakeAlong,
    TakeStep,
    TryAgain,
)
from desktop.ui.thinking.reply_steps import step_explained, step_words
from desktop.ui.transcript.footer_buttons import STEP_KEYS, CopyAction, FooterButton, StepButton, VersionLabel
from desktop.ui.widgets.labels import StillLabel
from desktop.ui.widgets.tab_stops import tab_stops
from desktop.ui.words import fill, number

_EDGE = 28  # of an action, and the height of the row


class FooterAction(StrEnum):
    """The actions below a message that mean nothing on some pages."""

    TRY_AGAIN = "try_again"
    START_FRESH = "start_fresh"
    EXPORT = "export"


class MessageFooter(QWidget):
    """The words, actions and versions of one message; those of the user's messages stand at the right."""

    focused = Signal()  # the keyboard has come to one of the actions
    height_changed = Signal()  # another number of rows is needed

    def __init__(self, theme: Theme, ask: Ask, *, is_mine: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ask = ask
        self._is_mine = is_mine
        self._is_pointed_at = False
        self._is_last = False
        self._is_placed = False  # its owner has given it a place
        self._version, self._versions = 1, 1
        self._state = StillLabel("", "small", self)
        self._state.hide()
        self._origin = StillLabel("", "tiny", self)
        self._origin.hide()
        self._continue: StepButton | None = None
        self._steps: dict[ReplyStep, StepButton] = {}
        self._copy = CopyAction(theme, self, has_forms=not is_mine)
        self.copy_requested: SignalInstance = self._copy.copy_requested  # a CopyForm; whether with the thinking
        if is_mine:
            self._again = self._action("edit", self.tr("Edit"))
            self._again.clicked.connect(lambda: ask(Edit()))
        else:
            self._again = self._action("retry", self.tr("Try again"))
            self._again.clicked.connect(lambda: ask(TryAgain()))
        self._copy.export_requested.connect(lambda: ask(TakeAlong()))
        self._copy.example_requested.connect(lambda: ask(KeepAsExample()))
        self._watch(self._copy)
        self._fresh: FooterButton | None = None
        self._more: FooterButton | None = None
        if not is_mine:
            self._fresh = self._action("fresh-start", self.tr("Start fresh"))
            self._fresh.clicked.connect(lambda: ask(StartFresh()))
            self._more = self._action("more", self.tr("More"))
            self._more.clicked.connect(self._show_more)
        self._left_out: frozenset[FooterAction] = frozenset()
        self._said = ""  # of its state, as it was given
        self._send_again: StepButton | None = None  # while the message is not sent any more
        self._back: FooterButton | None = None
        self._forth: FooterButton | None = None
        self._number: VersionLabel | None = None

    def _show_more(self) -> None:
        if self._more is not None:
            self._copy.show_choice(self._more)

    @property
    def words(self) -> str:
        """The words on its state; empty while there are none."""
        return self._state.text()

    @property
    def row_height(self) -> int:
        return self._theme.px(_EDGE)

    def height_for(self, width: int) -> int:
        """Return the height in pixels at a width in pixels: one row, or several if the actions need them."""
        rows = self._rows(width)
        return self.row_height * (len(rows) + self._is_origin_below(width, rows))

    def set_words(self, words: str) -> None:
        """Show the state of the message, or how it ended."""
        self._said = words
        self._show_words()

    @property
    def origin(self) -> str:
        """The words on its model and place, also where there is no room for them."""
        return self._origin.text()

    def set_origin(self, words: str) -> None:
        """Show quietly at the right which model has answered, and where.

        Where there is no room beside the actions, the last answer has it below them, and others do without.
        """
        if words != self._origin.text():
            self._origin.show_text(words)
            self._arrange_anew()

    def set_unsent(self, unsent: bool) -> None:
        """Set if the message is not sent any more, because the user has left it out; then it can be taken back."""
        if unsent is not (self._send_again is not None):
            if unsent:
                self._send_again = StepButton(self.tr("Send again"), self)
                self._send_again.setToolTip(self.tr("Send it with the next message again"))
                self._send_again.clicked.connect(lambda: self._ask(SendAgain()))
                self._send_again.show()
            elif self._send_again is not None:
                self._send_again.hide()
                self._send_again.deleteLater()
                self._send_again = None
            self._show_words()
            self._arrange_anew()

    def _show_words(self) -> None:
        words = self._said
        if self._send_again is not None and not words:
            words = self.tr("Not sent any more: left out to make room")
        if words != self._state.text():
            self._state.show_text(words)
            self._state.setVisible(bool(words))
            self._arrange_anew()

    def set_last(self, is_last: bool) -> None:
        """Set if it is the last message, whose actions are always there if it is an answer."""
        if is_last is not self._is_last:
            self._is_last = is_last
            for part in (self._copy, self._again, self._fresh):
                if part is not None:
                    part.set_labelled(self._has_words)
            self._show_actions()
            self._arrange_anew()

    def leave_out(self, actions: frozenset[FooterAction]) -> None:
        """Set which actions mean nothing where the message stands."""
        self._left_out = actions
        self._hide_left_out()
        self._arrange_anew()

    def _hide_left_out(self) -> None:
        if FooterAction.TRY_AGAIN in self._left_out:
            self._again.hide()
        self._copy.can_export = FooterAction.EXPORT not in self._left_out
        if FooterAction.START_FRESH in self._left_out and self._fresh is not None:
            self._fresh.hide()

    def offer(
        self,
        *,
        actions: bool,
        can_continue: bool = False,
        has_thinking: bool = False,
        can_start_fresh: bool = True,
        steps: Sequence[ReplyStep] = (),
    ) -> None:
        """Set which actions there are: none while a reply runs; Continue if a reply has no end of its own.

        `steps` are offered at any time, in their own order.
        """
        self._copy.has_thinking = has_thinking
        for part in self._row():
            part.setVisible(actions and (can_start_fresh or part is not self._fresh))
        self._hide_left_out()
        if can_continue and self._continue is None:
            self._continue = StepButton(self.tr("Continue"), self)
            self._continue.clicked.connect(lambda: self._ask(Continue()))
        if self._continue is not None:
            self._continue.setVisible(actions and can_continue)
        for step in ReplyStep:
            if step in steps and step not in self._steps:
                self._make_step(step)
            if step in self._steps:
                self._steps[step].setVisible(step in steps)
        self._arrange_anew()

    def set_versions(self, version: int, versions: int) -> None:
        """Set which version this is, from 1, and how many there are; one alone is not mentioned."""
        if (version, versions) == (self._version, self._versions):
            return
        self._version, self._versions = version, versions
        if versions > 1 and self._number is None:
            self._make_versions()
        self._show_versions()
        self._arrange_anew()

    def show_copied(self) -> None:
        """Show for a moment that it has been copied."""
        self._copy.show_copied(True)

    def set_pointed_at(self, pointed_at: bool) -> None:
        """Set if the pointer is on the message."""
        self._is_pointed_at = pointed_at
        self._show_actions()

    def focus_versions(self) -> None:
        """Restore the focus on the versions, after another one has replaced this one."""
        for button in (self._forth, self._back):
            if button is not None and button.isEnabled():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _action(self, name: str, label: str) -> FooterButton:
        button = FooterButton(self._theme, name, label, self)
        self._watch(button)
        return button

    def _watch(self, button: FooterButton) -> None:
        button.focused.connect(self._on_focused)
        button.left.connect(self._show_actions)

    def _make_step(self, step: ReplyStep) -> None:
        button = self._steps[step] = StepButton(step_words(step), self)
        button.setToolTip(step_explained(step))
        button.setAccessibleDescription(step_explained(step))
        button.clicked.connect(lambda: self._ask(TakeStep(step)))

    def _make_versions(self) -> None:
        self._back = self._action("chevron-left", self.tr("Earlier version"))
        self._forth = self._action("chevron-right", self.tr("Later version"))
        self._back.clicked.connect(lambda: self._step(-1))
        self._forth.clicked.connect(lambda: self._step(1))
        self._number = VersionLabel(self)
        for part in (self._back, self._number, self._forth):
            part.setVisible(self._copy.isVisibleTo(self))
        self._show_actions()

    def _show_versions(self) -> None:
        if self._number is None or self._back is None or self._forth is None:
            return
        shown = self._versions > 1
        self._number.setText(f"{number(self._version)}/{number(self._versions)}")
        words = fill(self.tr("Version %1 of %2"), number(self._version), number(self._versions))
        self._number.setAccessibleName(words)
        for button in (self._back, self._forth):
            button.setAccessibleDescription(words)
        self._back.setEnabled(self._version > 1)
        self._forth.setEnabled(self._version < self._versions)
        for part in (self._back, self._number, self._forth):
            part.setVisible(shown and self._copy.isVisibleTo(self))

    def _step(self, by: int) -> None:
        wanted = self._version + by
        if 1 <= wanted <= self._versions:
            self._ask(ShowVersion(wanted))

    def _on_focused(self) -> None:
        self._show_actions()
        self.focused.emit()

    def _show_actions(self) -> None:
        focused = self.focusWidget()
        seen = self._is_pointed_at or self._has_words or (focused is not None and focused.hasFocus())
        for part in self._row():
            part.set_seen(seen)

    @property
    def _has_words(self) -> bool:
        return self._is_last and not self._is_mine

    def _row(self) -> list[FooterButton | VersionLabel]:
        """Return the actions and versions that have been made, from left to right."""
        versions = (self._back, self._number, self._forth)
        answers = (self._copy, self._again, self._fresh, self._more, *versions)
        row = (*versions, self._again, self._copy) if self._is_mine else answers
        return [part for part in row if part is not None]

    def _parts(self) -> list[QWidget]:
        """Return what is offered, from left to right, but for the words."""
        steps = [self._steps[step] for step in ReplyStep if step in self._steps]
        parts: list[QWidget | None] = [self._send_again, self._continue, *steps, *self._row()]
        return [part for part in parts if part is not None and part.isVisibleTo(self)]

    def _arrange_anew(self) -> None:
        """Lay the row out after a change, and say if it needs another height."""
        self._arrange()
        if self._is_placed and self.height_for(self.width()) != self.height():
            self.height_changed.emit()

    def _arrange(self) -> None:
        """Lay the row out: no layout object, since a page has many of these."""
        edge, width = self.row_height, self.width()
        rows = self._rows(width)
        room = width - self._width_of_all(rows[0])
        words = max(0, min(room - measures.GAP, self._state.sizeHint().width())) if self.words else 0
        before = words + measures.GAP if words else 0
        x = room - before if self._is_mine else 0
        self._state.setGeometry(x, 0, words, edge)
        self._put(rows[0], x + before, 0)
        for number_of_row, row in enumerate(rows[1:], 1):
            self._put(row, width - self._width_of_all(row) if self._is_mine else 0, number_of_row * edge)
        is_below = self._is_origin_below(width, rows)
        origin = min(width, self._origin.sizeHint().width())
        self._origin.setVisible(self._is_origin_told and (is_below or origin <= self._left_for_origin(width, rows)))
        left = 0 if is_below else width - origin
        self._origin.setGeometry(left, len(rows) * edge if is_below else 0, origin, edge)

    @property
    def _is_origin_told(self) -> bool:
        is_alone = FooterAction.EXPORT in self._left_out  # in a column, over which it stands
        return bool(self._origin.text()) and not is_alone and not self._is_mine

    def _left_for_origin(self, width: int, rows: list[list[QWidget]]) -> int:
        """Return the pixels that are free at the right of the first row."""
        return width - self._state_width - self._width_of_all(rows[0]) - measures.GAP_SECTION

    def _is_origin_below(self, width: int, rows: list[list[QWidget]]) -> bool:
        is_wanted = self._is_last and self._is_origin_told
        return is_wanted and self._origin.sizeHint().width() > self._left_for_origin(width, rows)

    @property
    def _state_width(self) -> int:
        return self._state.sizeHint().width() + measures.GAP if self.words else 0

    def _put(self, row: list[QWidget], x: int, y: int) -> None:
        for part in row:
            width = self._width_of(part)
            part.setGeometry(x, y, width, self.row_height)
            x += width + measures.GAP_TIGHT

    def _rows(self, width: int) -> list[list[QWidget]]:
        """Return the parts in one row, or in as many as they need; the first has room for the words."""
        parts, words = self._parts(), self._state_width
        if self._width_of_all(parts) + words <= width:
            return [parts]
        rows: list[list[QWidget]] = [[]]
        room = width - words
        for part in parts:
            if self._width_of_all([*rows[-1], part]) > room and (rows[-1] or room < width):
                rows.append([])
                room = width
            rows[-1].append(part)
        return rows

    def _width_of_all(self, parts: list[QWidget]) -> int:
        return sum(map(self._width_of, parts)) + measures.GAP_TIGHT * max(0, len(parts) - 1)

    def _width_of(self, part: QWidget) -> int:
        if isinstance(part, FooterButton) and not part.is_labelled:
            return self.row_height
        return part.sizeHint().width()

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = STEP_KEYS.get(Qt.Key(event.key()), 0)
        buttons = tab_stops(self)
        at = next((index for index, button in enumerate(buttons) if button.hasFocus()), None)
        if not step or at is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._step(step)
        elif 0 <= at + step < len(buttons):
            buttons[at + step].setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_placed = True
        self._arrange()
