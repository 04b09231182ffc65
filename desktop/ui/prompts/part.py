"""One part of a prompt: its name, how much it matters and why, its words, its material and its files. It can be folded.

Pasted passages are set apart as material, each in a block of its own, as they are when they are sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.core.documents.attachment import Attachment
from desktop.core.prompts.prompt import (
    MOST_WEIGHT,
    FieldKind,
    Language,
    PromptDraft,
    PromptField,
)
from desktop.ui.documents.file_chip import FileChips
from desktop.ui.inputs.long_text import PromptBox, PromptText
from desktop.ui.inputs.message_input import StepHistory, is_redo
from desktop.ui.inputs.plain_paste import FilesPlace, GivenFiles
from desktop.ui.look.stylesheet import GAP_TIGHT
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.buttons import FoldButton, LabelledButton, button
from desktop.ui.widgets.labels import ElidedLabel, FittingLabel, PlainLabel
from desktop.ui.widgets.layout import ChipRow, drop, stack
from desktop.ui.words import about_tokens, amount_of_text, fill, number

if TYPE_CHECKING:
    from desktop.ui.prompts.fields import PromptFields

# Parts that are said in a few words. A passage that is pasted there is set apart all the same.
_WITHOUT_MATERIAL = frozenset(
    {FieldKind.PERSONA, FieldKind.FORMAT, FieldKind.TONE, FieldKind.AUDIENCE, FieldKind.EXAMPLES}
)


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
            shape = stroke.adjusted(0.5, 0.5, -0.5, -0.5)
            round_by = min(shape.width(), shape.height()) / 2
            painter.drawRoundedRect(shape, round_by, round_by)


class Section(QWidget):
    """A title that folds what stands below it. Folded, it shows the beginning of that, or what it is for.

    Unfolded, what it is for is said at a press.
    """

    note = ""  # where the amount of text is told, while there is none

    def __init__(self, theme: Theme, title: str, why: str) -> None:
        super().__init__()
        self.fold = FoldButton(theme, title)
        self.fold.clicked.connect(self.toggle)
        self.why = PlainLabel(why, "small", wraps=True)
        self.ask_why = IconButton(theme, "help", fill(self.tr("What “%1” is for"), title), token="muted")
        self.ask_why.setToolTip(why)
        self.ask_why.clicked.connect(lambda: self.why.setVisible(self.why.isHidden()))
        self.excerpt = ElidedLabel("", "small")
        self.amount = FittingLabel("tiny", at_right=True)
        self.show_tokens(0)
        self.body = QWidget()
        for each in (self.excerpt, self.amount):  # in what the title leaves
            each.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.head = stack(self.fold, (self.excerpt, 1000), (self.amount, 1), self.ask_why, gap=2, across=True)
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
        """Show how long it is, where there is room; while it has no tokens, the note."""
        self.amount.show_forms([amount_of_text(tokens) if tokens else self.note, ""])
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
        self.note = self.tr("required") if field.required else ""
        self.show_tokens(0)
        self._is_material = field.kind is FieldKind.MATERIAL  # nothing else is in it, and one block always is
        self._hint_of_material = hint if self._is_material else ""
        weight = number(field.weight)
        bar = Strokes(theme, (5, 5), 2)
        bar.show_filled(field.weight, MOST_WEIGHT, lambda: QColor(theme.tokens.parts[colour % len(theme.tokens.parts)]))
        matters = fill(self.tr("How much this part matters: %1 of %2"), weight, number(MOST_WEIGHT))
        bar.setAccessibleName(matters)
        bar.setToolTip(matters)
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
        self.add_material = LabelledButton(theme, "add", self.tr("Add material"), "muted", do=self.begin_block)
        attach = LabelledButton(
            theme, "attach", self.tr("Attach files"), "muted", do=lambda: fields.files.pick(field.key)
        )
        apart = self.tr("A text to work on, set between quotes. Pasted passages go there by themselves.")
        along = self.tr("The file goes along with the message, and this part refers to it.")
        for made, name, hint in (
            (self.add_material, self.tr("Add material to “%1”"), apart),
            (attach, self.tr("Attach files to “%1”"), along),
        ):
            made.setAccessibleName(fill(name, self._label))
            made.setToolTip(hint)
            if field.kind in _WITHOUT_MATERIAL:
                made.hide()
        buttons = stack(self.add_material, attach, None, across=True)
        self.rows = stack(
            self.words, files, self._column, buttons, gap=GAP_TIGHT, margins=(0, 0, 0, GAP_TIGHT), on=self.body
        )
        self._follow(self.words, self.begin_block)
        self.words.changed.connect(lambda text: fields.change(fields.draft.with_text(field.key, text)))
        self.files.asked.connect(lambda file_id, action: fields.files.act(file_id, action))
        self.words.box.files_pasted.connect(self._take_files)
        if field.kind not in _WITHOUT_MATERIAL:
            self.words.box.takes_files = True
            FilesPlace(self, self._label).given.connect(self._take_files)
        if self._is_material:
            self._add_block(0)
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
            self._history.clear()
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
        (self.blocks[0].words if self._is_material else self.words).setFocus()

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
        text.paste_refused.connect(self._fields.refuse_paste)
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
        block = self.blocks[0] if is_blank else self._add_block(len(self.blocks))
        block.words.show_as_pasted(text)
        self._history.note(before, pasted_into or self.words.box)
        if not block.words.long_text:  # beside a chip one goes on writing where one was
            block.words.setFocus()
        self._tell_materials()

    def forget_steps(self) -> None:
        """Have nothing that can be undone or made again: what stands here is another prompt's."""
        self._history.clear()
        for text in self.texts:
            text.box.forget_steps()

    def _show_blocks(self, texts: Sequence[str]) -> None:
        """Show these, of which what was there before keeps its block."""
        pairs = enumerate(zip(self.materials, texts, strict=False))
        same = next((at for at, (now, then) in pairs if now != then), min(len(self.blocks), len(texts)))
        while len(self.blocks) > len(texts):
            self._drop(self.blocks[min(same, len(self.blocks) - 1)])
        while len(self.blocks) < len(texts):
            self._add_block(same)
        for block, text in zip(self.blocks, texts, strict=True):
            block.words.show_as_pasted(text)
        self._show_buttons()

    def _restore(self, state: BlockState) -> BlockState:
        """Show a block as it was, or none where there was none, with the keyboard where that was done."""
        before = None if state.is_new else self.materials[state.index]
        if state.text is None:
            self._drop(self.blocks[state.index])
            self._focus_beside()
        else:
            block = self._add_block(state.index) if state.is_new else self.blocks[state.index]
            block.words.show_as_pasted(state.text)
            block.words.setFocus()
        self._tell_materials()
        return BlockState(state.index, before, is_new=state.text is None)

    def _add_block(self, at: int) -> MaterialBlock:
        block = MaterialBlock(self._theme, self._label, self._hint_of_material)
        words = block.words
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
        drop(block)

    def _remove(self, block: MaterialBlock) -> None:
        was = BlockState(self.blocks.index(block), block.words.text(), is_new=True)
        self._history.note(was, self.words.box)
        self._drop(block)
        self._focus_beside()
        self._tell_materials()

    def _claim(self, block: MaterialBlock) -> None:
        """Make a material the user's own words."""
        written, text = self.words.text(), block.words.text()
        self._remove(block)
        self._history.clear()  # the words are not as they were, either
        self.words.set_text(f"{written}\n\n{text}" if written.strip() else text)
        self.words.changed.emit(self.words.text())
        self.words.setFocus()

    def _focus_beside(self) -> None:
        """Have the keyboard where one writes on when a block has gone."""
        (self.blocks[-1].words if self._is_material else self.words).setFocus()

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
        elif is_redo(event):
            self._history.redo(self.words.box)
        else:
            super().keyPressEvent(event)
