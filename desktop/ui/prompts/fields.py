"""The parts of one framework below each other, the examples where they belong, and the request to think step by step.

Examples are pairs of an input and the output that is wished for it. One pair is edited at a time, and a list of short
lines stands above it from the second on. All this shows a draft and emits how the user has changed it; what the
prompt comes to is worked out by the panel.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QScrollArea, QWidget

from desktop.core.documents.attachment import Attachment
from desktop.core.prompts.prompt import Example, FieldKind, Language, PromptDraft, PromptFramework
from desktop.core.prompts.render import EXAMPLES_KEY
from desktop.core.text.tokens import whole_tokens
from desktop.ui.documents.file_chip import FileAction
from desktop.ui.inputs.long_text import PromptBox, PromptText
from desktop.ui.inputs.plain_paste import GivenFiles, PasteKind
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.prompts.part import PromptPart, Section
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.keys import on_keys
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import scroll_down, stack
from desktop.ui.widgets.rows import Row, RowList
from desktop.ui.words import fill, number

if TYPE_CHECKING:
    from desktop.ui.prompts.panel import PromptPanel

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
    """A list and two boxes, told which pairs to show; what became of them goes to `fields`, where they stand.

    Where the model is asked to think step by step, a third box takes the steps.
    """

    def __init__(self, theme: Theme, fields: PromptFields) -> None:
        super().__init__()
        self._fields = fields
        self._examples: tuple[Example, ...] = ()
        self._current = 0
        self._hints = (self.tr("What comes in"), self.tr("What you would want for it"))
        self.lines = ExampleList(theme)
        self.input, self.reasoning, self.output = PromptText(theme), PromptText(theme), PromptText(theme)
        self._reasoning_label = PlainLabel(self.tr("Reasoning"), "tiny")
        self.add = LabelledButton(theme, "add", self.tr("Another example"), "muted")
        up, down = partial(self._move, -1), partial(self._move, 1)
        self.up = IconButton(theme, "chevron-up", self.tr("Move the example up (Alt+Up)"), token="muted", do=up)
        lower = self.tr("Move the example down (Alt+Down)")
        self.down = IconButton(theme, "chevron-down", lower, token="muted", do=down)
        self.remove = IconButton(theme, "trash", self.tr("Remove the example"), token="muted", do=self._remove)
        for do, keys in ((up, "Alt+Up"), (down, "Alt+Down")):
            on_keys(self, do, keys).setAutoRepeat(True)
        self.as_turns = QCheckBox(self.tr("Send as earlier turns"))
        self.as_turns.toggled.connect(lambda shall: fields.change(replace(fields.draft, examples_as_turns=shall)))
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
            text.paste_refused.connect(self._fields.refuse_paste)
            text.cursor_moved.connect(lambda text=text: self._fields.show_cursor(text.box))
        self.add.clicked.connect(self._begin_pair)
        self.lines.reached.connect(self._show)
        self.lines.remove_pressed.connect(self._remove)

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
        self._tell()

    def _begin_pair(self) -> None:
        """Add a pair, with the focus in its input."""
        self._examples = (*self._examples, Example())
        self._show(len(self._examples))
        self.focus_pair()
        self._tell()

    def _remove(self) -> None:
        if not self._examples:
            return
        focused = self.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self._examples = (*self._examples[: self._current], *self._examples[self._current + 1 :])
        self._show(self._current)
        if had_focus and not self._examples:
            self.focus_pair()
        self._tell()

    def _move(self, step: int) -> None:
        """Swap the current pair with the one before or after it."""
        at, to = self._current, self._current + step
        if self._examples and 0 <= to < len(self._examples):
            moved = list(self._examples)
            moved[at], moved[to] = moved[to], moved[at]
            self._examples = tuple(moved)
            self._show(to)
            self._tell()

    def _tell(self) -> None:
        self._fields.change(self._fields.draft.with_examples(*self._examples))


_LEAST_PX = 132  # of height: a part's name and its box are in sight


@dataclass(slots=True)
class FileRequests:
    """What the parts call. `pick`: the user wants to choose files for the field of this key.

    `take`: files were pasted or dropped on the field of this key. `act`: something is asked for at the file of this id.
    """

    pick: Callable[[str], object] = lambda _: None
    take: Callable[[str, GivenFiles], object] = lambda *_: None
    act: Callable[[str, FileAction], object] = lambda *_: None


class PromptFields(QScrollArea):
    """The parts of a draft. `colours` maps each part's key to one of the theme's colours for parts."""

    def __init__(self, theme: Theme, framework: PromptFramework, language: Language, panel: PromptPanel) -> None:
        """Build the parts. `panel` gets what is changed and asked for in them."""
        super().__init__()
        self.framework = framework
        self._panel = panel
        self.files = panel.file_requests
        self.draft = PromptDraft(framework=framework.key)
        self.parts = [PromptPart(theme, each, language, at, self) for at, each in enumerate(framework.fields)]
        self.colours = {each.key: at for at, each in enumerate(framework.fields)} | {EXAMPLES_KEY: len(self.parts)}
        self.examples = PromptExamples(theme, self)
        # Where the examples stand: in the part that is for them, or in a section of their own.
        part = next((each for each in self.parts if each.field.kind is FieldKind.EXAMPLES), None)
        sections: list[Section] = [*self.parts]
        if part is not None:
            self._home: Section = part
            self.examples.set_hint(part.field.hint.of(language))
            part.rows.insertWidget(2, self.examples)
        else:
            why = self.tr("What comes in, and what you would want for it")
            self._home = Section(theme, self.tr("Examples"), why)
            stack(self.examples, on=self._home.body)
            self._home.set_open(False)
            sections.append(self._home)
        self.written_in: QWidget | None = None  # the box in which the cursor was last
        enough = self.tr("This model thinks by itself. Aim and limits are enough: leave out examples and steps.")
        self._enough = PlainLabel(enough, "small", wraps=True)
        self._enough.hide()
        self.thinks = QCheckBox(self.tr("Ask the model to think step by step"))
        words = self.tr(
            "Helps with sums, logic and comparisons: the model writes its way to the answer first. An example with "
            "its reasoning shows how."
        )
        self.thinks.setAccessibleDescription(words)
        self._steps = Section(theme, self.tr("Steps"), words)
        stack(self.thinks, on=self._steps.body)
        self._steps.set_open(False)
        self._inner = QWidget()
        margins = (GAP, GAP_TIGHT, GAP_TIGHT, GAP_WIDE)
        stack(self._enough, *sections, self._steps, None, margins=margins, on=self._inner)
        scroll_down(self, self._inner, "dock")
        self.setMinimumHeight(theme.px(_LEAST_PX))
        self._connect()

    def show_draft(self, draft: PromptDraft) -> None:
        """Show this draft; present content is left alone."""
        self.draft = draft
        for part in self.parts:
            part.show_draft(draft)
        self.examples.show_examples(draft.examples, as_turns=draft.examples_as_turns)
        if draft.examples:
            self._unfold_examples()
        with QSignalBlocker(self.thinks):
            self.thinks.setChecked(draft.chain_of_thought)
        if draft.chain_of_thought:
            self._steps.set_open(True)
        self.examples.show_reasoning(draft.chain_of_thought)

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show the files that were given; those of a field that is not here stand in the task."""
        for part in self.parts:
            part.show_files([each for each in files if self.place_of(each) == part.field.key])

    def place_of(self, file: Attachment) -> str:
        """Return the key of the part that a file belongs to."""
        return file.field if self.part(file.field) is not None else self.framework.task.key

    def show_tokens(self, counts: Mapping[str, float], fits: bool | None = None) -> None:
        """Show the tokens of each part, and at the longest text if all fits; `fits` is None where nobody knows."""
        for part in self.parts:
            part.show_tokens(whole_tokens(counts.get(part.field.key, 0)))
        if self._home not in self.parts:
            self._home.show_tokens(whole_tokens(counts.get(EXAMPLES_KEY, 0)))
        texts = [text for part in self.parts for text in part.texts]
        longest = max(texts, key=lambda text: len(text.long_text))
        for text in texts:
            text.show_fit(fits if text is longest or fits else None)

    def show_reasoning(self, *, is_reasoning: bool) -> None:
        """Say of a model that thinks by itself what it needs, and fold what it does not; never what holds words."""
        if is_reasoning is not self._enough.isHidden():
            return
        self._enough.setVisible(is_reasoning)
        if is_reasoning and not self.draft.examples:
            self._home.set_open(False)
        if not self.draft.chain_of_thought:
            self._steps.set_open(False)

    def part(self, key: str) -> PromptPart | None:
        return next((each for each in self.parts if each.field.key == key), None)

    def focus_part(self, key: str = "") -> None:
        """Focus a part; the task if none is named or there is no such part."""
        self._panel.begin_writing()
        part = self.part(key)
        if key == EXAMPLES_KEY or part is self._home:
            self._unfold_examples()
            self.examples.focus_pair()
            return
        part = part or self.part(self.framework.task.key)
        if part is not None:
            part.focus_words()
            self.ensureWidgetVisible(part)

    def begin_material(self, key: str) -> None:
        """Open a box for the material of a part, and focus it."""
        part = self.part(key)
        if part is not None:
            part.begin_material()
            self.ensureWidgetVisible(part)

    @property
    def is_composing(self) -> bool:
        """True while an input method has words that are in no part yet."""
        focused = self.focusWidget()
        return isinstance(focused, PromptBox) and focused.is_composing

    def finish_composing(self) -> None:
        """Commit the words of an input method."""
        focused = self.focusWidget()
        if isinstance(focused, PromptBox):
            focused.finish_composing()

    def change(self, draft: PromptDraft) -> None:
        """Take over what the user has changed in a part."""
        self.draft = draft
        self._panel.take_change(draft)

    def refuse_paste(self, _: PasteKind) -> None:
        """Say why nothing was pasted."""
        self._panel.explained.emit(self.tr("Only text can be pasted here. Open the file and copy its text."))

    def show_cursor(self, box: QPlainTextEdit) -> None:
        """Have the cursor in sight, if the box has the keyboard."""
        if box.hasFocus():
            self.written_in = box
            at = box.viewport().mapTo(self._inner, box.cursorRect().center())
            self.ensureVisible(at.x(), at.y(), 0, 2 * box.fontMetrics().lineSpacing())

    def _unfold_examples(self) -> None:
        if not self._home.is_open:
            self._home.set_open(True)

    def _connect(self) -> None:
        self.thinks.toggled.connect(self.examples.show_reasoning)
        self.thinks.toggled.connect(lambda thinks: self.change(replace(self.draft, chain_of_thought=thinks)))
        # Where a part unfolds, the box in it has its place only once the column has grown.
        self.verticalScrollBar().rangeChanged.connect(lambda: QTimer.singleShot(0, self, self._follow_cursor))

    def _follow_cursor(self) -> None:
        """Show the cursor of the box that has the keyboard, wherever the box has come to stand."""
        focused = self.focusWidget()
        if isinstance(focused, QPlainTextEdit) and self._inner.isAncestorOf(focused):
            self.show_cursor(focused)

    def _keep_in_sight(self) -> None:
        """Show the box that has the keyboard."""
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus() and self._inner.isAncestorOf(focused):
            self.ensureWidgetVisible(focused, 0, GAP)

    # Qt's own method

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._keep_in_sight)  # when what has taken the room has its place
