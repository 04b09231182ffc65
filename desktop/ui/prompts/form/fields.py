"""The parts of one framework below each other, the examples where they belong, and the request to think step by step.

Shows a draft and emits how the user has changed it. What the prompt comes to is `panel`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from desktop.core.documents.attachment import Attachment
from desktop.core.prompts.marks import EXAMPLES_KEY
from desktop.core.prompts.prompt import Example, FieldKind, Language, PromptDraft, PromptFramework
from desktop.core.text.tokens import whole_tokens
from desktop.ui.inputs.long_text import PromptBox
from desktop.ui.inputs.plain_paste import PasteKind
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.prompts.form.examples import PromptExamples
from desktop.ui.prompts.form.file_requests import FileRequests
from desktop.ui.prompts.form.part import PartHeader, PromptPart
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack

_LEAST_PX = 132  # of height: a part's name and its box are in sight


class ExtraSection(QWidget):
    """A folded section for what a prompt may have beside the parts of its framework."""

    def __init__(self, theme: Theme, title: str, why: str, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = PartHeader(theme, title, why)
        self._content = content
        stack(self.header, content, gap=GAP_TIGHT, on=self)
        self.header.toggled.connect(lambda: self.set_open(content.isHidden()))
        self.set_open(False)

    def set_open(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        self.header.show_state(is_open, self.header.why.text())


class PromptFields(QScrollArea):
    """The parts of a draft. `colours` maps each part's key to one of the theme's colours for parts."""

    changed = Signal(object)  # the PromptDraft
    going_in = Signal()  # a part is about to have the keyboard, and has to be in sight
    paste_refused = Signal(PasteKind)

    def __init__(
        self,
        theme: Theme,
        framework: PromptFramework,
        language: Language,
        files: FileRequests,
        parent: QWidget | None = None,
    ) -> None:
        """Build the parts. `files` gets what is asked for at files."""
        super().__init__(parent)
        self.framework = framework
        self._draft = PromptDraft(framework=framework.key)
        self.parts = [PromptPart(theme, each, language, at, files) for at, each in enumerate(framework.fields)]
        self.colours = {each.key: at for at, each in enumerate(framework.fields)}
        self.examples = PromptExamples(theme)
        for each in framework.of_kind(FieldKind.EXAMPLES):
            self.examples.set_hint(each.hint.of(language))
        self.section: ExtraSection | None = None
        self.written_in: QWidget | None = None  # the box in which the cursor was last
        self._enough = PlainLabel(
            self.tr("This model thinks by itself. Aim and limits are enough: leave out examples and steps."),
            "small",
            wraps=True,
        )
        self.thinks = QCheckBox(self.tr("Ask the model to think step by step"))
        words = self.tr(
            "Helps with sums, logic and comparisons: the model writes its way to the answer first. An example with "
            "its reasoning shows how."
        )
        self.thinks.setAccessibleDescription(words)
        self._steps = ExtraSection(theme, self.tr("Steps"), words, self.thinks)
        self._theme = theme
        self._inner = QWidget()
        self._lay_out(theme)
        self._connect()
        self._enough.hide()

    def show_draft(self, draft: PromptDraft) -> None:
        """Show this draft; present content is left alone."""
        self._draft = draft
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
            part.header.show_tokens(whole_tokens(counts.get(part.field.key, 0)))
        if self.section is not None:
            self.section.header.show_tokens(whole_tokens(counts.get(EXAMPLES_KEY, 0)))
        texts = [text for part in self.parts for text in part.texts]
        longest = max(texts, key=lambda text: len(text.long_text))
        for text in texts:
            text.show_fit(fits if text is longest or fits else None)

    def show_reasoning(self, *, is_reasoning: bool) -> None:
        """Say of a model that thinks by itself what it needs, and fold what it does not; never what holds words."""
        if is_reasoning is not self._enough.isHidden():
            return
        self._enough.setVisible(is_reasoning)
        if is_reasoning and not self._draft.examples:
            for part in self._parts_of_examples:
                part.set_open(False)
        if not self._draft.chain_of_thought:
            self._steps.set_open(False)

    def part(self, key: str) -> PromptPart | None:
        return next((each for each in self.parts if each.field.key == key), None)

    def focus_part(self, key: str = "") -> None:
        """Focus a part; the task if none is named or there is no such part."""
        self.going_in.emit()
        part = self.part(key)
        if key == EXAMPLES_KEY or (part is not None and part.field.kind is FieldKind.EXAMPLES):
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

    def _unfold_examples(self) -> None:
        if self.section is not None:
            self.section.set_open(True)
        for part in self._parts_of_examples:
            if not part.is_open:
                part.set_open(True)

    @property
    def _parts_of_examples(self) -> list[PromptPart]:
        return [each for each in self.parts if each.field.kind is FieldKind.EXAMPLES]

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

    def _lay_out(self, theme: Theme) -> None:
        set_look(self, "dock")
        set_look(self._inner, "dock")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(GAP_WIDE, GAP_TIGHT, GAP_WIDE, GAP_WIDE)
        column.setSpacing(GAP)
        column.addWidget(self._enough)
        for part in self.parts:
            column.addWidget(part)
            if part.field.kind is FieldKind.EXAMPLES:
                part.add_to_body(self.examples)
        if not self.framework.of_kind(FieldKind.EXAMPLES):
            why = self.tr("What comes in, and what you would want for it")
            self.section = ExtraSection(theme, self.tr("Examples"), why, self.examples)
            column.addWidget(self.section)
            self.colours[EXAMPLES_KEY] = len(self.parts)
        column.addWidget(self._steps)
        column.addStretch(1)
        self.setWidget(self._inner)
        self.setMinimumHeight(theme.px(_LEAST_PX))

    def _connect(self) -> None:
        for part in self.parts:
            part.text_changed.connect(lambda key, text: self._change(self._draft.with_text(key, text)))
            part.materials_changed.connect(lambda key, texts: self._change(self._draft.with_materials(key, texts)))
            part.paste_refused.connect(self.paste_refused)
            part.cursor_moved.connect(self._show_cursor)
        self.examples.changed.connect(self._take_examples)
        self.examples.as_turns_changed.connect(
            lambda as_turns: self._change(replace(self._draft, examples_as_turns=as_turns))
        )
        self.examples.paste_refused.connect(self.paste_refused)
        self.examples.cursor_moved.connect(self._show_cursor)
        # Where a part unfolds, the box in it has its place only once the column has grown.
        self.verticalScrollBar().rangeChanged.connect(lambda: QTimer.singleShot(0, self, self._follow_cursor))
        self.thinks.toggled.connect(self.examples.show_reasoning)
        self.thinks.toggled.connect(lambda thinks: self._change(replace(self._draft, chain_of_thought=thinks)))

    def _take_examples(self, examples: tuple[Example, ...]) -> None:
        self._change(self._draft.with_examples(*examples))

    def _change(self, draft: PromptDraft) -> None:
        self._draft = draft
        self.changed.emit(draft)

    def _show_cursor(self, box: QPlainTextEdit) -> None:
        if not box.hasFocus():
            return
        self.written_in = box
        at = box.viewport().mapTo(self._inner, box.cursorRect().center() + QPoint(0, 0))
        self.ensureVisible(at.x(), at.y(), 0, 2 * box.fontMetrics().lineSpacing())

    def _follow_cursor(self) -> None:
        """Show the cursor of the box that has the keyboard, wherever the box has come to stand."""
        focused = self.focusWidget()
        if isinstance(focused, QPlainTextEdit) and self._inner.isAncestorOf(focused):
            self._show_cursor(focused)

    def turn(self, turned: int) -> None:
        """Scroll as the wheel was turned beside the fields, in eighths of a degree."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() - round(turned / 120 * QApplication.wheelScrollLines() * bar.singleStep()))

    def _keep_in_sight(self) -> None:
        """Show the box that has the keyboard."""
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus() and self._inner.isAncestorOf(focused):
            self.ensureWidgetVisible(focused, 0, GAP)

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._keep_in_sight)  # when what has taken the room has its place
