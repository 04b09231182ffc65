"""Material of one part of a prompt: texts to work on, each in a block of its own, as it is set apart when sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui.inputs.long_text import PromptBox, PromptText
from desktop.ui.inputs.plain_paste import GivenFiles, PasteKind
from desktop.ui.inputs.step_history import StepHistory
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill

_BY_KEY = Qt.FocusReason.OtherFocusReason


class MaterialBlock(QWidget):
    """A block for one text with a way to take it out, and a way to make it the user's own words."""

    changed = Signal()
    claimed = Signal(object)  # its text, a str, is the user's own words

    def __init__(self, theme: Theme, part: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        sent = self.tr("A text to work on. It is sent between quotes, so that it is not taken for an instruction.")
        caption = PlainLabel(self.tr("Material"), "tiny")
        caption.setToolTip(sent)
        self._claim = QPushButton(self.tr("My own words"))
        self._claim.setAutoDefault(False)
        self._claim.setToolTip(self.tr("Move it to the words above: it is an instruction, not a text to work on"))
        set_look(self._claim, "muted")
        self._remove = IconButton(theme, "close", self.tr("Remove this material"), token="muted")
        self.words = PromptText(theme, "material")
        self.words.keep_long_texts()
        self.words.describe(
            fill(self.tr("Material for “%1”"), part),
            sent,
            hint,
        )
        row = QHBoxLayout()
        row.setSpacing(GAP_TIGHT)
        row.addWidget(caption, 1)
        row.addWidget(self._claim)
        row.addWidget(self._remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.words)
        self.words.changed.connect(lambda _: self.changed.emit())
        self.removed: SignalInstance = self._remove.clicked
        self._claim.clicked.connect(lambda: self.claimed.emit(self.words.text()))

    def allow(self, *, removing: bool, claiming: bool) -> None:
        """Show the buttons that mean something here."""
        self._remove.setVisible(removing)
        self._claim.setVisible(claiming)


@dataclass(frozen=True, slots=True)
class BlockState:
    """State of the block that stands at an index: its text, or None for no block. `is_new`: it is not there now."""

    index: int
    text: str | None
    is_new: bool = False


class Materials(QWidget):
    """The blocks of one part. Setting them emits no `changed`, and nothing before it can be undone."""

    changed = Signal(object)  # tuple[str, ...]
    claimed = Signal(object)  # str
    paste_refused = Signal(PasteKind)
    cursor_moved = Signal(object)  # the box in which it has moved

    def __init__(
        self,
        theme: Theme,
        part: str,
        hint: str,
        words: PromptBox,
        take_files: Callable[[GivenFiles], None],
        *,
        is_whole_part: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Build the blocks. `take_files` is called with files that are pasted into one.

        `words`: the box of the part's own words; what is pasted there and comes here is undone in order with them.
        `is_whole_part`: nothing else is in the part, so that one block always stands there.
        """
        super().__init__(parent)
        self._theme = theme
        self._part = part
        self._hint = hint
        self._take_files = take_files
        self._is_whole_part = is_whole_part
        self._blocks: list[MaterialBlock] = []
        self._words = words
        self._history: StepHistory[BlockState] = StepHistory(self._restore)
        self._follow(words)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_TIGHT)
        if is_whole_part:
            self._add().allow(removing=False, claiming=False)
        else:
            self.hide()

    @property
    def blocks(self) -> list[MaterialBlock]:
        return list(self._blocks)

    def texts(self) -> tuple[str, ...]:
        return tuple(block.words.text() for block in self._blocks)

    def show_texts(self, texts: Sequence[str]) -> None:
        """Show these; a block that holds one of them already is kept."""
        self._history.clear()
        wanted = list(texts) or ([""] if self._is_whole_part else [])
        while len(self._blocks) > len(wanted):
            self._drop(self._blocks[-1])
        while len(self._blocks) < len(wanted):
            self._add()
        for block, text in zip(self._blocks, wanted, strict=True):
            block.words.show_as_pasted(text)
        self._show_buttons()

    def begin_one(self, text: str = "", pasted_into: PromptBox | None = None) -> None:
        """Add a block and focus it. `pasted_into`: the box that is too small for the text, if not that of the words."""
        is_blank = len(self._blocks) == 1 and not self.texts()[0].strip()
        before = BlockState(0, self.texts()[0]) if is_blank else BlockState(len(self._blocks), None)
        block = self._blocks[0] if is_blank else self._add()
        block.words.show_as_pasted(text)
        self._history.note(before, pasted_into or self._words)
        self._show_buttons()
        if not block.words.long_text:  # beside a chip one goes on writing where one was
            block.words.setFocus(_BY_KEY)
        self.changed.emit(self.texts())

    def forget_steps(self) -> None:
        """Have nothing that can be undone or made again."""
        self._history.clear()
        for block in self._blocks:
            block.words.box.forget_steps()

    def undo(self) -> None:
        """Take back the last change of the part's words or of its blocks."""
        self._history.undo(self._words)

    def redo(self) -> None:
        """Make the change again that was taken back last."""
        self._history.redo(self._words)

    def _follow(self, box: PromptBox) -> None:
        self._history.follow(box)
        box.take_undo = lambda: self._history.undo(box)
        box.take_redo = lambda: self._history.redo(box)

    def _restore(self, state: BlockState) -> BlockState:
        """Show a block as it was, or none where there was none, with the keyboard where that was done."""
        index, text = state.index, state.text
        before = None if state.is_new else self.texts()[index]
        if text is None:
            self._drop(self._blocks[index])
            self._focus_beside()
        else:
            block = self._add(index) if state.is_new else self._blocks[index]
            block.words.show_as_pasted(text)
            block.words.setFocus(_BY_KEY)
        self._show_buttons()
        self.changed.emit(self.texts())
        return BlockState(index, before, is_new=text is None)

    def _add(self, index: int = -1) -> MaterialBlock:
        """Add a block, by itself below the others."""
        block = MaterialBlock(self._theme, self._part, self._hint)
        block.changed.connect(lambda: self.changed.emit(self.texts()))
        block.removed.connect(lambda: self._remove(block))
        block.claimed.connect(lambda text: self._claim(block, text))
        words, at = block.words, len(self._blocks) if index < 0 else index
        words.long_text_pasted.connect(lambda text: self.begin_one(text, words.box))
        words.replaced.connect(lambda text: self._history.note(self._state(block, text), words.box))
        words.paste_refused.connect(self.paste_refused)
        words.box.takes_files = True
        words.box.files_pasted.connect(self._take_files)
        words.cursor_moved.connect(lambda: self.cursor_moved.emit(words.box))
        self._follow(words.box)
        self._blocks.insert(at, block)
        self._column.insertWidget(at, block)
        return block

    def _state(self, block: MaterialBlock, text: str) -> BlockState:
        return BlockState(self._blocks.index(block), text)

    def _drop(self, block: MaterialBlock) -> None:
        self._blocks.remove(block)
        self._column.removeWidget(block)
        block.hide()
        block.deleteLater()

    def _remove(self, block: MaterialBlock) -> None:
        self._history.note(replace(self._state(block, block.words.text()), is_new=True), self._words)
        self._drop(block)
        if self._is_whole_part and not self._blocks:
            self._add()
        self._focus_beside()
        self._show_buttons()
        self.changed.emit(self.texts())

    def _focus_beside(self) -> None:
        """Have the keyboard where one writes on when a block has gone."""
        (self._blocks[-1].words if self._is_whole_part else self._words).setFocus(_BY_KEY)

    def _claim(self, block: MaterialBlock, text: str) -> None:
        self._remove(block)
        self._history.clear()  # the words are not as they were, either
        self.claimed.emit(text)

    def _show_buttons(self) -> None:
        for block in self._blocks:
            alone = self._is_whole_part and len(self._blocks) == 1
            block.allow(removing=not alone, claiming=not self._is_whole_part)
        self.setHidden(not self._blocks)
