"""The examples of a prompt: pairs of an input and the output that is wished for it, and the way from one to the other.

One pair is edited at a time, and a list of short lines stands above it from the second on: five hundred examples are as
quick as two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QWidget

from desktop.core.prompts.prompt import Example
from desktop.ui.inputs.long_text import PromptText
from desktop.ui.inputs.plain_paste import PasteKind
from desktop.ui.look.icons import IconButton
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill, number

_LINES_SHOWN = 5
_HINT = re.compile("(?:Input|输入)[:：](.*)\n(?:Output|输出)[:：](.*)", re.DOTALL)
_SHOWN_OF_TEXT = 60  # characters


class ExampleList(RowList):
    """A list with a line for each pair."""

    remove_pressed = Signal()
    row_px = 26

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("Examples"), "framed")
        self.setAccessibleDescription(self.tr("Alt and an arrow key move the example, Delete removes it"))
        theme.changed.connect(self._fit)

    def show_examples(self, examples: Sequence[Example], current: int) -> None:
        """Show these, with one of them chosen."""
        self.show_rows([Row(at, f"{number(at + 1)}   {_line(each)}") for at, each in enumerate(examples)])
        self.go_to(current)
        self.setVisible(len(examples) > 1)
        self._fit()

    def _fit(self) -> None:
        self.fit(_LINES_SHOWN)

    # Qt's own method

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove_pressed.emit()
        else:
            super().keyPressEvent(event)


def _line(example: Example) -> str:
    """Return the beginning of a pair in one line."""
    said, wished = (" ".join(text[:_SHOWN_OF_TEXT].split()) or "…" for text in (example.input, example.output))
    return f"{said}  →  {wished}"


class PromptExamples(QWidget):
    """A list and two boxes, told which pairs to show; emits what became of them.

    Where the model is asked to think step by step, a third box takes the steps.
    """

    changed = Signal(object)  # tuple[Example, ...]
    paste_refused = Signal(PasteKind)
    cursor_moved = Signal(object)  # the box in which it has moved

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._examples: tuple[Example, ...] = ()
        self._current = 0
        self._hints = (self.tr("What comes in"), self.tr("What you would want for it"))
        self.lines = ExampleList(theme)
        self.input, self.reasoning, self.output = PromptText(theme), PromptText(theme), PromptText(theme)
        self._reasoning_label = PlainLabel(self.tr("Reasoning"), "tiny")
        self.add = LabelledButton(theme, "add", self.tr("Another example"), "muted")
        self.up = IconButton(theme, "chevron-up", self.tr("Move the example up (Alt+Up)"), token="muted")
        self.down = IconButton(theme, "chevron-down", self.tr("Move the example down (Alt+Down)"), token="muted")
        self.remove = IconButton(theme, "trash", self.tr("Remove the example"), token="muted")
        self.as_turns = QCheckBox(self.tr("Send as earlier turns"))
        words = self.tr(
            "Each example then stands in the conversation as if you had asked and the model had answered. "
            "Small models often follow that better. Insert and Copy keep the examples in the text."
        )
        self._explanation = PlainLabel(words, "small", wraps=True)
        self.as_turns.setAccessibleDescription(words)
        boxes = (
            PlainLabel(self.tr("Input"), "tiny"),
            self.input,
            self._reasoning_label,
            self.reasoning,
            PlainLabel(self.tr("Output"), "tiny"),
            self.output,
        )
        buttons = stack(self.add, None, self.up, self.down, self.remove, gap=GAP_TIGHT, across=True)
        stack(self.lines, *boxes, buttons, self.as_turns, self._explanation, gap=GAP_TIGHT, on=self)
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
            self._show(self._current)

    def set_hint(self, hint: str) -> None:
        """Set a real example as placeholder; its halves stand below the words for input and output."""
        found = _HINT.fullmatch(hint)
        if found is not None:
            self._hints = (found[1].strip(), found[2].strip())
        self._show(self._current)

    def focus_pair(self) -> None:
        """Focus the current pair."""
        self.input.setFocus()

    def _connect(self) -> None:
        for text in (self.input, self.reasoning, self.output):
            text.keep_long_texts()
            text.changed.connect(lambda _: self._take_words())
            text.paste_refused.connect(self.paste_refused)
            text.cursor_moved.connect(lambda text=text: self.cursor_moved.emit(text.box))
        self.add.clicked.connect(self._begin_pair)
        self.remove.clicked.connect(self._remove)
        self.lines.reached.connect(self._show)
        self.lines.remove_pressed.connect(self._remove)
        for pressed, keys, step in ((self.up, "Alt+Up", -1), (self.down, "Alt+Down", 1)):
            pressed.clicked.connect(lambda _=False, step=step: self._move(step))
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda step=step: self._move(step))

    def _show(self, current: int) -> None:
        """Show this pair in the boxes, or the last one if there are fewer."""
        self._current = max(0, min(current, len(self._examples) - 1))
        shown = self._examples[self._current] if self._examples else Example()
        place, steps = number(self._current + 1), self.tr("12 × 340 = 4,080, so the total of 4,280 is 200 too high")
        for box, words, name, hint in (
            (self.input, shown.input, self.tr("Example %1, input"), self._hints[0]),
            (self.reasoning, shown.reasoning, self.tr("Example %1, reasoning"), steps),
            (self.output, shown.output, self.tr("Example %1, output"), self._hints[1]),
        ):
            box.set_text(words)
            box.describe(fill(name, place), "", hint)
        self.lines.show_examples(self._examples, self._current)
        self.up.setVisible(len(self._examples) > 1)
        self.down.setVisible(len(self._examples) > 1)
        for each in (self.remove, self.as_turns, self._explanation, self.add):
            each.setVisible(bool(self._examples))

    def _take_words(self) -> None:
        written = Example(self.input.text(), self.output.text(), self.reasoning.text())
        at = self._current
        is_first = not self._examples
        self._examples = (*self._examples[:at], written, *self._examples[at + 1 :])
        if is_first:
            self._show(0)
        else:
            self.lines.show_examples(self._examples, at)
        self.changed.emit(self._examples)

    def _begin_pair(self) -> None:
        """Add a pair, with the focus in its input."""
        self._examples = (*self._examples, Example())
        self._show(len(self._examples))
        self.focus_pair()
        self.changed.emit(self._examples)

    def _remove(self) -> None:
        if not self._examples:
            return
        focused = self.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self._examples = (*self._examples[: self._current], *self._examples[self._current + 1 :])
        self._show(self._current)
        if had_focus and not self._examples:
            self.focus_pair()
        self.changed.emit(self._examples)

    def _move(self, step: int) -> None:
        """Swap the current pair with the one before or after it."""
        at, to = self._current, self._current + step
        if self._examples and 0 <= to < len(self._examples):
            moved = list(self._examples)
            moved[at], moved[to] = moved[to], moved[at]
            self._examples = tuple(moved)
            self._show(to)
            self.changed.emit(self._examples)
