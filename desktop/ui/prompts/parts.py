"""The parts of a prompt below each other: of each its name, how much it matters and why, its words, material and files.

Pasted passages are set apart as material, each in a block of its own, as they are when they are sent. It shows a draft
and emits how the user has changed it; what the prompt comes to is `panel`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QFrame, QPlainTextEdit, QScrollArea, QSizePolicy, QWidget

from desktop.core.documents.attachment import Attachment
from desktop.core.prompts.marks import EXAMPLES_KEY
from desktop.core.prompts.prompt import (
    MOST_WEIGHT,
    Example,
    FieldKind,
    Language,
    PromptDraft,
    PromptField,
    PromptFramework,
)
from desktop.core.text.tokens import whole_tokens
from desktop.ui.documents.file_chips import FileAction, FileChips
from desktop.ui.inputs.long_text import PromptBox, PromptText
from desktop.ui.inputs.plain_paste import GivenFiles, PasteKind
from desktop.ui.inputs.step_history import StepHistory
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT, GAP_WIDE
from desktop.ui.prompts.examples import PromptExamples
from desktop.ui.widgets.buttons import FoldButton, LabelledButton, button
from desktop.ui.widgets.file_drop import FilesPlace
from desktop.ui.widgets.labels import ElidedLabel, PlainLabel
from desktop.ui.widgets.layout import ChipRow, stack
from desktop.ui.words import about_tokens, amount_of_text, fill, number

# Parts that are said in a few words. A passage that is pasted there is set apart all the same.
_WITHOUT_MATERIAL = frozenset(
    {FieldKind.PERSONA, FieldKind.FORMAT, FieldKind.TONE, FieldKind.AUDIENCE, FieldKind.EXAMPLES}
)
_LEAST_PX = 132  # of height: a part's name and its box are in sight
_BY_KEY = Qt.FocusReason.OtherFocusReason


@dataclass(slots=True)
class FileRequests:
    """What the parts call. `pick`: the user wants to choose files for the field of this key.

    `take`: files were pasted or dropped on the field of this key. `act`: something is asked for at the file of this id.
    """

    pick: Callable[[str], object] = lambda _: None
    take: Callable[[str, GivenFiles], object] = lambda *_: None
    act: Callable[[str, FileAction], object] = lambda *_: None


class Strokes(QWidget):
    """Small strokes side by side, of which some are filled; what they mean stands in words elsewhere."""

    def __init__(self, theme: Theme, size: tuple[int, int], gap: int) -> None:
        """`size` of one, and the gap between two, in pixels at 100 %."""
        super().__init__()
        self._theme = theme
        self._size, self._gap = size, gap
        self._filled = self._count = 0
        self._colour: Callable[[], QColor] = QColor
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def show_filled(self, filled: int, count: int, colour: Callable[[], QColor]) -> None:
        self._filled, self._count, self._colour = filled, count, colour
        self.updateGeometry()
        self.update()

    # Qt's own methods

    def sizeHint(self) -> QSize:
        px = self._theme.px
        return QSize(self._count * (px(self._size[0]) + px(self._gap)), px(self._size[1]))

    def paintEvent(self, event: QPaintEvent) -> None:
        px, colour = self._theme.px, self._colour()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at in range(self._count):
            is_filled = at < self._filled
            painter.setPen(colour if is_filled else self._theme.color("field_line"))
            painter.setBrush(colour if is_filled else Qt.BrushStyle.NoBrush)
            stroke = QRectF(at * (px(self._size[0]) + px(self._gap)), 0, px(self._size[0]), self.height())
            painter.drawRoundedRect(stroke.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)


class _Amount(ElidedLabel):
    """An amount of text, which would be wider than a narrow panel where it is huge. Its tooltip is its owner's."""

    def _explain(self) -> None:
        pass


class Section(QWidget):
    """A title that folds what stands below it. Folded, it shows the beginning of that, or what it is for.

    Unfolded, what it is for is said at a press. `note` stands where the amount of text is told, while there is none.
    """

    def __init__(self, theme: Theme, title: str, why: str, note: str = "") -> None:
        super().__init__()
        self.fold = FoldButton(theme, title)
        self.fold.clicked.connect(self.toggle)
        self.why = PlainLabel(why, "small", wraps=True)
        self.ask_why = IconButton(theme, "help", fill(self.tr("What “%1” is for"), title), token="muted")
        self.ask_why.setToolTip(why)
        self.ask_why.clicked.connect(lambda: self.why.setVisible(self.why.isHidden()))
        self.excerpt = ElidedLabel("", "small")
        self._note = note
        self.amount = _Amount(note, "tiny")
        self.body = QWidget()
        # The excerpt takes the room where there are words to show in it.
        self.head = stack(self.fold, (self.excerpt, 1000), None, self.amount, self.ask_why, across=True)
        stack(stack(self.head, self.why, gap=0), self.body, gap=GAP_TIGHT, on=self)

    @property
    def is_open(self) -> bool:
        return not self.body.isHidden()

    @property
    def beginning(self) -> str:
        """The beginning of what is written in it."""
        return ""

    def set_open(self, is_open: bool) -> None:
        """Unfold or fold it."""
        self.body.setVisible(is_open)
        self.fold.show_state(is_open=is_open)
        excerpt = "" if is_open else self.beginning or self.why.text()
        self.excerpt.show_text(excerpt)
        self.excerpt.setHidden(not excerpt)
        self.ask_why.setVisible(is_open)  # folded, it shows the sentence
        self.why.hide()

    def toggle(self) -> None:
        self.set_open(not self.is_open)

    def show_tokens(self, tokens: int) -> None:
        """Show how long it is; while it has no tokens, the note."""
        self.amount.setText(amount_of_text(tokens) if tokens else self._note)
        self.amount.setToolTip(about_tokens(tokens) if tokens else "")


class MaterialBlock(QWidget):
    """A text to work on, with a way to take it out, and a way to make it the user's own words."""

    def __init__(self, theme: Theme, part: str, hint: str) -> None:
        super().__init__()
        sent = self.tr("A text to work on. It is sent between quotes, so that it is not taken for an instruction.")
        caption = PlainLabel(self.tr("Material"), "tiny")
        caption.setToolTip(sent)
        why = self.tr("Move it to the words above: it is an instruction, not a text to work on")
        self.claim = button(self.tr("My own words"), "muted", hint=why)
        self.remove = IconButton(theme, "close", self.tr("Remove this material"), token="muted")
        self.words = PromptText(theme, "material")
        self.words.keep_long_texts()
        self.words.describe(fill(self.tr("Material for “%1”"), part), sent, hint)
        row = stack((caption, 1), self.claim, self.remove, gap=GAP_TIGHT, across=True)
        stack(row, self.words, gap=0, on=self)


@dataclass(frozen=True, slots=True)
class BlockState:
    """State of the block that stands at an index: its text, or None for no block. `is_new`: it is not there now."""

    index: int
    text: str | None
    is_new: bool = False


class PromptPart(Section):
    """A part of a draft. What is changed in it goes to `fields`, whose part it is."""

    def __init__(self, theme: Theme, field: PromptField, language: Language, colour: int, fields: PromptFields) -> None:
        super().__init__(theme, field.label.of(language), field.why.of(language))
        self.field = field
        self._theme = theme
        self._fields = fields
        self._label, hint = field.label.of(language), field.hint.of(language)
        self._note = self.tr("required") if field.required else ""
        self.amount.setText(self._note)
        self._is_material = field.kind is FieldKind.MATERIAL  # nothing else is in it, and one block always is
        self._hint_of_material = hint if self._is_material else ""
        weight = number(field.weight)
        bar = Strokes(theme, (7, 8), 2)
        bar.show_filled(field.weight, MOST_WEIGHT, lambda: QColor(theme.tokens.parts[colour % len(theme.tokens.parts)]))
        bar.setToolTip(fill(self.tr("How much this part matters: %1 of %2"), weight, number(MOST_WEIGHT)))
        self.head.insertWidget(self.head.count() - 1, bar)
        self.words = PromptText(theme)
        self.words.box.sets_material_apart = True
        about = f"{field.why.of(language)} {fill(self.tr('Weight %1 of 5'), weight)}"
        self.words.describe(self._label, about, hint)
        files = ChipRow(("files",))
        self.files = FileChips(theme, files, "files")
        self.blocks: list[MaterialBlock] = []
        self._history: StepHistory[BlockState] = StepHistory(self._restore)
        self._column = stack(gap=GAP_TIGHT)
        self.add_material = LabelledButton(theme, "add", self.tr("Add material"), "muted")
        self.add_material.setToolTip(
            self.tr("A text to work on, set between quotes. Pasted passages go there by themselves.")
        )
        self.add_material.setAccessibleName(fill(self.tr("Add material to “%1”"), self._label))
        attach = LabelledButton(theme, "attach", self.tr("Attach files"), "muted")
        attach.setToolTip(self.tr("The file goes along with the message, and this part refers to it."))
        attach.setAccessibleName(fill(self.tr("Attach files to “%1”"), self._label))
        buttons = stack(self.add_material, attach, None, across=True)
        self.rows = stack(
            self.words, files, self._column, buttons, gap=GAP_TIGHT, margins=(0, 0, 0, GAP_TIGHT), on=self.body
        )
        self._follow(self.words, lambda text: self.begin_block(text))
        self.words.changed.connect(lambda text: fields.change(fields.draft.with_text(field.key, text)))
        self.add_material.clicked.connect(lambda: self.begin_block())
        attach.clicked.connect(lambda: fields.files.pick(field.key))
        self.files.asked.connect(lambda file_id, action: fields.files.act(file_id, action))
        self.words.box.files_pasted.connect(self._take_files)
        if field.kind in _WITHOUT_MATERIAL:
            self.add_material.hide()
            attach.hide()
        else:
            self.words.box.takes_files = True
            FilesPlace(self, self._label).given.connect(self._take_files)
        if self._is_material:
            self._add_block()
            self._show_buttons()
        # Examples are pairs, with words of their own only where there are some.
        if self._is_material or field.kind is FieldKind.EXAMPLES:
            self.words.hide()
        else:
            self.body.setFocusProxy(self.words)  # when the last chip goes that had the focus
        self.set_open(field.required or field.weight >= 4)

    @property
    def beginning(self) -> str:
        return " ".join([self.words.text()[:200], *(text[:200] for text in self.materials)]).strip()

    @property
    def materials(self) -> tuple[str, ...]:
        """The texts of its blocks."""
        return tuple(block.words.text() for block in self.blocks)

    @property
    def texts(self) -> list[PromptText]:
        """Its words, and each of its materials."""
        return [self.words, *(block.words for block in self.blocks)]

    def show_draft(self, draft: PromptDraft) -> None:
        """Show the draft's content of this part; present content is left alone, with its cursor and undo steps."""
        words, texts = draft.text(self.field.key), [each.text for each in draft.materials_of(self.field.key)]
        self.words.set_text(words)
        if self.field.kind is FieldKind.EXAMPLES and words:
            self.words.show()
        if tuple(texts) != self.materials:
            self._show_blocks(texts or ([""] if self._is_material else []))
        if not self.is_open and (words.strip() or any(text.strip() for text in texts)):
            self.set_open(True)

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show the files that were given to this part."""
        self.files.show_files(files)
        if files and not self.is_open:
            self.set_open(True)

    def focus_words(self) -> None:
        """Focus the box to write in."""
        self.set_open(True)
        (self.blocks[0].words if self._is_material else self.words).setFocus(_BY_KEY)

    def toggle(self) -> None:
        """Fold it, or unfold it with the keyboard in it: what is typed next is meant for it."""
        super().toggle()
        if self.is_open and self.field.kind is not FieldKind.EXAMPLES:
            self.focus_words()

    def _take_files(self, given: GivenFiles) -> None:
        self._fields.files.take(self.field.key, given)

    def _follow(self, text: PromptText, take_long: Callable[[str], object]) -> None:
        """Follow a box: what is pasted there and goes elsewhere is undone in order with its words."""
        box = text.box
        self._history.follow(box)
        box.take_undo = lambda: self._history.undo(box)
        box.take_redo = lambda: self._history.redo(box)
        text.long_text_pasted.connect(take_long)
        text.paste_refused.connect(self._fields.paste_refused)
        text.cursor_moved.connect(lambda: self._fields.show_cursor(box))

    # Material

    def begin_material(self) -> None:
        """Open a box for material, and focus it."""
        self.set_open(True)
        if self._is_material:
            self.focus_words()
        else:
            self.begin_block()

    def begin_block(self, text: str = "", pasted_into: PromptBox | None = None) -> None:
        """Add a block and focus it. `pasted_into`: the box that is too small for the text, if not that of the words."""
        is_blank = len(self.blocks) == 1 and not self.materials[0].strip()
        before = BlockState(0, self.materials[0]) if is_blank else BlockState(len(self.blocks), None)
        block = self.blocks[0] if is_blank else self._add_block()
        block.words.show_as_pasted(text)
        self._history.note(before, pasted_into or self.words.box)
        if not block.words.long_text:  # beside a chip one goes on writing where one was
            block.words.setFocus(_BY_KEY)
        self._tell_materials()

    def forget_steps(self) -> None:
        """Have nothing that can be undone or made again: what stands here is another prompt's."""
        self._history.clear()
        for text in self.texts:
            text.box.forget_steps()

    def _show_blocks(self, texts: Sequence[str]) -> None:
        """Show these; a block that holds one of them already is kept."""
        self._history.clear()
        while len(self.blocks) > len(texts):
            self._drop(self.blocks[-1])
        while len(self.blocks) < len(texts):
            self._add_block()
        for block, text in zip(self.blocks, texts, strict=True):
            block.words.show_as_pasted(text)
        self._show_buttons()

    def _restore(self, state: BlockState) -> BlockState:
        """Show a block as it was, or none where there was none, with the keyboard where that was done."""
        index, text = state.index, state.text
        before = None if state.is_new else self.materials[index]
        if text is None:
            self._drop(self.blocks[index])
            self._focus_beside()
        else:
            block = self._add_block(index) if state.is_new else self.blocks[index]
            block.words.show_as_pasted(text)
            block.words.setFocus(_BY_KEY)
        self._tell_materials()
        return BlockState(index, before, is_new=text is None)

    def _add_block(self, index: int = -1) -> MaterialBlock:
        """Add a block, by itself below the others."""
        block = MaterialBlock(self._theme, self._label, self._hint_of_material)
        words, at = block.words, len(self.blocks) if index < 0 else index
        self._follow(words, lambda text: self.begin_block(text, words.box))
        words.changed.connect(lambda _: self._tell_materials())
        words.replaced.connect(lambda text: self._history.note(BlockState(self.blocks.index(block), text), words.box))
        words.box.takes_files = True
        words.box.files_pasted.connect(self._take_files)
        block.remove.clicked.connect(lambda: self._remove(block))
        block.claim.clicked.connect(lambda: self._claim(block))
        self.blocks.insert(at, block)
        self._column.insertWidget(at, block)
        return block

    def _drop(self, block: MaterialBlock) -> None:
        self.blocks.remove(block)
        self._column.removeWidget(block)
        block.hide()
        block.deleteLater()

    def _remove(self, block: MaterialBlock) -> None:
        was = BlockState(self.blocks.index(block), block.words.text(), is_new=True)
        self._history.note(was, self.words.box)
        self._drop(block)
        if self._is_material and not self.blocks:
            self._add_block()
        self._focus_beside()
        self._tell_materials()

    def _claim(self, block: MaterialBlock) -> None:
        """Make a material the user's own words."""
        written, text = self.words.text(), block.words.text()
        self._remove(block)
        self._history.clear()  # the words are not as they were, either
        self.words.set_text(f"{written}\n\n{text}" if written.strip() else text)
        self.words.changed.emit(self.words.text())
        self.words.setFocus(_BY_KEY)

    def _focus_beside(self) -> None:
        """Have the keyboard where one writes on when a block has gone."""
        (self.blocks[-1].words if self._is_material else self.words).setFocus(_BY_KEY)

    def _tell_materials(self) -> None:
        self._show_buttons()
        self._fields.change(self._fields.draft.with_materials(self.field.key, self.materials))

    def _show_buttons(self) -> None:
        """Show the buttons that mean something at each block."""
        for block in self.blocks:
            block.remove.setVisible(not self._is_material or len(self.blocks) > 1)
            block.claim.setVisible(not self._is_material)

    # Qt's own method

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo what was pasted where the keyboard is at none of the boxes, but at a button beside them."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self._history.undo(self.words.box)
        elif event.matches(QKeySequence.StandardKey.Redo):
            self._history.redo(self.words.box)
        else:
            super().keyPressEvent(event)


class PromptFields(QScrollArea):
    """The parts of a draft. `colours` maps each part's key to one of the theme's colours for parts."""

    changed = Signal(object)  # the PromptDraft
    going_in = Signal()  # a part is about to have the keyboard, and has to be in sight
    paste_refused = Signal(PasteKind)

    def __init__(self, theme: Theme, framework: PromptFramework, language: Language, files: FileRequests) -> None:
        """Build the parts. `files` gets what is asked for at files."""
        super().__init__()
        self.framework = framework
        self.files = files
        self.draft = PromptDraft(framework=framework.key)
        self.parts = [PromptPart(theme, each, language, at, self) for at, each in enumerate(framework.fields)]
        self.colours = {each.key: at for at, each in enumerate(framework.fields)} | {EXAMPLES_KEY: len(self.parts)}
        self.examples = PromptExamples(theme)
        self._parts_of_examples = [each for each in self.parts if each.field.kind is FieldKind.EXAMPLES]
        self.section: Section | None = None  # of the examples, where no part is for them
        for part in self._parts_of_examples:
            self.examples.set_hint(part.field.hint.of(language))
            part.rows.insertWidget(2, self.examples)
        if not self._parts_of_examples:
            why = self.tr("What comes in, and what you would want for it")
            self.section = Section(theme, self.tr("Examples"), why)
            stack(self.examples, on=self.section.body)
            self.section.set_open(False)
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
        sections = (*self.parts, *([self.section] if self.section is not None else []), self._steps)
        stack(self._enough, *sections, None, margins=(GAP_WIDE, GAP_TIGHT, GAP_WIDE, GAP_WIDE), on=self._inner)
        self._set_up(theme)
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
        if self.section is not None:
            self.section.show_tokens(whole_tokens(counts.get(EXAMPLES_KEY, 0)))
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
            for part in self._parts_of_examples:
                part.set_open(False)
        if not self.draft.chain_of_thought:
            self._steps.set_open(False)

    def part(self, key: str) -> PromptPart | None:
        return next((each for each in self.parts if each.field.key == key), None)

    def focus_part(self, key: str = "") -> None:
        """Focus a part; the task if none is named or there is no such part."""
        self.going_in.emit()
        part = self.part(key)
        if key == EXAMPLES_KEY or part in self._parts_of_examples:
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
        self.changed.emit(draft)

    def show_cursor(self, box: QPlainTextEdit) -> None:
        """Have the cursor in sight, if the box has the keyboard."""
        if box.hasFocus():
            self.written_in = box
            at = box.viewport().mapTo(self._inner, box.cursorRect().center())
            self.ensureVisible(at.x(), at.y(), 0, 2 * box.fontMetrics().lineSpacing())

    def turn(self, turned: int) -> None:
        """Scroll as the wheel was turned beside the fields, in eighths of a degree."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() - round(turned / 120 * QApplication.wheelScrollLines() * bar.singleStep()))

    def _unfold_examples(self) -> None:
        for section in (*self._parts_of_examples, *([self.section] if self.section is not None else [])):
            if not section.is_open:
                section.set_open(True)

    def _set_up(self, theme: Theme) -> None:
        set_look(self, "dock")
        set_look(self._inner, "dock")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._inner)
        self.setMinimumHeight(theme.px(_LEAST_PX))

    def _connect(self) -> None:
        examples = self.examples
        examples.changed.connect(self._take_examples)
        examples.as_turns.toggled.connect(lambda as_turns: self.change(replace(self.draft, examples_as_turns=as_turns)))
        examples.paste_refused.connect(self.paste_refused)
        examples.cursor_moved.connect(self.show_cursor)
        self.thinks.toggled.connect(examples.show_reasoning)
        self.thinks.toggled.connect(lambda thinks: self.change(replace(self.draft, chain_of_thought=thinks)))
        # Where a part unfolds, the box in it has its place only once the column has grown.
        self.verticalScrollBar().rangeChanged.connect(lambda: QTimer.singleShot(0, self, self._follow_cursor))

    def _take_examples(self, examples: tuple[Example, ...]) -> None:
        self.change(self.draft.with_examples(*examples))

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
