"""The examples of a prompt: pairs of an input and the output that is wished for it, and the way from one to the other.

One pair is edited at a time, and a list of short lines stands above it from the second on: five hundred examples are as
quick as two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.prompts.prompt import Example
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.inputs.plain_paste import PasteKind
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT, SMALL
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill, number

_LINES_SHOWN = 5
_HINT = re.compile("(?:Input|输入)[:：](.*)\n(?:Output|输出)[:：](.*)", re.DOTALL)
_SHOWN_OF_TEXT = 60  # characters


class ExampleList(QListWidget):
    """A list with a line for each pair; dragging a line moves its pair."""

    order_changed = Signal(object)  # list[int]: where each pair was before
    remove_pressed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(self.tr("Examples"))
        self.setAccessibleDescription(self.tr("Alt and an arrow key move the example, Delete removes it"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        set_look(self, "framed")
        # Later, when the view has done with the drop.
        self.model().rowsMoved.connect(lambda *_: QTimer.singleShot(0, self, self._tell_order))
        theme.changed.connect(self._take_height)

    def show_examples(self, examples: Sequence[Example], current: int) -> None:
        """Show these, with one of them chosen."""
        with QSignalBlocker(self):
            while self.count() > len(examples):
                self.takeItem(self.count() - 1)
            while self.count() < len(examples):
                self.addItem(QListWidgetItem())
            for row, example in enumerate(examples):
                item = self.item(row)
                item.setText(f"{number(row + 1)}   {_line_of(example)}")
                item.setData(Qt.ItemDataRole.UserRole, row)
            self.setCurrentRow(current)
        self.setVisible(len(examples) > 1)
        self._take_height()

    def show_line(self, row: int, example: Example) -> None:
        """Show the changed words of the pair in this line."""
        self.item(row).setText(f"{number(row + 1)}   {_line_of(example)}")

    def _tell_order(self) -> None:
        self.order_changed.emit([self.item(row).data(Qt.ItemDataRole.UserRole) for row in range(self.count())])

    def _take_height(self) -> None:
        self.setFont(self._theme.ui_font(SMALL))
        line = self._theme.px(26)
        for row in range(self.count()):
            self.item(row).setSizeHint(QSize(0, line))
        self.setFixedHeight(line * min(max(self.count(), 1), _LINES_SHOWN) + 4 * GAP_TIGHT)

    # Qt's own methods

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)


class PromptExamples(QWidget):
    """A list and two boxes, told which pairs to show; emits what became of them.

    Where the model is asked to think step by step, a third box takes the steps.
    """

    changed = Signal(object)  # tuple[Example, ...]
    paste_refused = Signal(PasteKind)
    cursor_moved = Signal(object)  # the box in which it has moved

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._examples: tuple[Example, ...] = ()
        self._current = 0
        self._hints = (self.tr("What comes in"), self.tr("What you would want for it"))
        self._list = ExampleList(theme)
        self._pair = QWidget()
        self.input = PromptText(theme)
        self.reasoning = PromptText(theme)
        self._reasoning_label = PlainLabel(self.tr("Reasoning"), "tiny")
        self.output = PromptText(theme)
        self.add = LabelledButton(theme, "add", self.tr("Another example"), "muted")
        self.up = IconButton(theme, "chevron-up", self.tr("Move the example up (Alt+Up)"), token="muted")
        self.down = IconButton(theme, "chevron-down", self.tr("Move the example down (Alt+Down)"), token="muted")
        self.remove = IconButton(theme, "trash", self.tr("Remove the example"), token="muted")
        self.as_turns = QCheckBox(self.tr("Send as earlier turns"))
        self._explanation = PlainLabel(
            self.tr(
                "Each example then stands in the conversation as if you had asked and the model had answered. "
                "Small models often follow that better. Insert and Copy keep the examples in the text."
            ),
            "small",
            wraps=True,
        )
        self.as_turns.setAccessibleDescription(self._explanation.text())
        self._lay_out()
        self._connect()
        self.show_examples((), as_turns=False)
        self.show_reasoning(False)

    def show_reasoning(self, shall: bool) -> None:
        """Show the box for the steps: what stands in it is sent only while the model is asked to think."""
        self._reasoning_label.setVisible(shall)
        self.reasoning.setVisible(shall)

    def show_examples(self, examples: tuple[Example, ...], *, as_turns: bool) -> None:
        """Show these; present ones are left alone, with their cursor and undo steps."""
        with QSignalBlocker(self.as_turns):
            self.as_turns.setChecked(as_turns)
        if examples != self._examples or not examples:
            self._examples = examples
            self._show(min(self._current, max(0, len(examples) - 1)))

    def set_hint(self, hint: str) -> None:
        """Set a real example as placeholder; its halves stand below the words for input and output."""
        found = _HINT.fullmatch(hint)
        if found is not None:
            self._hints = (found[1].strip(), found[2].strip())
        self._show(self._current)

    def focus_pair(self) -> None:
        """Focus the current pair."""
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_pair(self) -> None:
        """Add a pair, with the focus in its input."""
        self._examples = (*self._examples, Example())
        self._show(len(self._examples) - 1)
        self.focus_pair()
        self.changed.emit(self._examples)

    def move_current(self, step: int) -> None:
        """Swap the current pair with the one before or after it."""
        at, to = self._current, self._current + step
        if self._examples and 0 <= to < len(self._examples):
            order = list(range(len(self._examples)))
            order[at], order[to] = order[to], order[at]
            self._reorder(order, to)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP_TIGHT)
        buttons.addWidget(self.add)
        buttons.addStretch(1)
        for button in (self.up, self.down, self.remove):
            buttons.addWidget(button)
        pair = QVBoxLayout(self._pair)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(GAP_TIGHT)
        pair.addWidget(PlainLabel(self.tr("Input"), "tiny"))
        pair.addWidget(self.input)
        pair.addWidget(self._reasoning_label)
        pair.addWidget(self.reasoning)
        pair.addWidget(PlainLabel(self.tr("Output"), "tiny"))
        pair.addWidget(self.output)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_TIGHT)
        column.addWidget(self._list)
        column.addWidget(self._pair)
        column.addLayout(buttons)
        column.addWidget(self.as_turns)
        column.addWidget(self._explanation)

    def _connect(self) -> None:
        for text in (self.input, self.reasoning, self.output):
            text.keep_long_texts()
            text.changed.connect(lambda _: self._take_words())
            text.paste_refused.connect(self.paste_refused)
            text.cursor_moved.connect(lambda text=text: self.cursor_moved.emit(text.box))
        self.add.clicked.connect(self.begin_pair)
        self.up.clicked.connect(lambda: self.move_current(-1))
        self.down.clicked.connect(lambda: self.move_current(1))
        self.remove.clicked.connect(self._remove)
        self.as_turns_changed: SignalInstance = self.as_turns.toggled
        self._list.currentRowChanged.connect(self._show)
        self._list.order_changed.connect(lambda order: self._reorder(order, order.index(self._current)))
        self._list.remove_pressed.connect(self._remove)
        for keys, step in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self.move_current(step))

    def _show(self, current: int) -> None:
        """Show this pair in the boxes."""
        self._current = max(0, current)
        has_any = bool(self._examples)
        shown = self._examples[self._current] if has_any else Example()
        self.input.set_text(shown.input)
        self.reasoning.set_text(shown.reasoning)
        self.output.set_text(shown.output)
        place = number(self._current + 1)
        self.input.describe(fill(self.tr("Example %1, input"), place), "", self._hints[0])
        self.output.describe(fill(self.tr("Example %1, output"), place), "", self._hints[1])
        steps = self.tr("12 × 340 = 4,080, so the total of 4,280 is 200 too high")
        self.reasoning.describe(fill(self.tr("Example %1, reasoning"), place), "", steps)
        self._list.show_examples(self._examples, self._current)
        self.up.setVisible(len(self._examples) > 1)
        self.down.setVisible(len(self._examples) > 1)
        self.remove.setVisible(has_any)
        self.as_turns.setVisible(has_any)
        self._explanation.setVisible(has_any)
        self.add.setVisible(has_any)

    def _take_words(self) -> None:
        written = Example(self.input.text(), self.output.text(), self.reasoning.text())
        if self._examples:
            self._examples = (*self._examples[: self._current], written, *self._examples[self._current + 1 :])
            self._list.show_line(self._current, written)
        else:
            self._examples = (written,)
            self._show(0)
        self.changed.emit(self._examples)

    def _remove(self) -> None:
        if not self._examples:
            return
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
        self._examples = (*self._examples[: self._current], *self._examples[self._current + 1 :])
        self._show(min(self._current, max(0, len(self._examples) - 1)))
        if had_focus and not self._examples:
            self.focus_pair()
        self.changed.emit(self._examples)

    def _reorder(self, order: list[int], current: int) -> None:
        self._examples = tuple(self._examples[at] for at in order)
        self._show(current)
        self.changed.emit(self._examples)


def _line_of(example: Example) -> str:
    said, wished = (show_invisible(" ".join(text[:_SHOWN_OF_TEXT].split())) for text in (example.input, example.output))
    return f"{said or '…'}  →  {wished or '…'}"
