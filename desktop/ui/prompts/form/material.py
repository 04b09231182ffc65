"""Material of one part of a prompt: texts to work on, each in a block of its own, as it is set apart when sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop.ui.inputs.long_text import PromptText
from desktop.ui.inputs.plain_paste import GivenFiles, PasteKind
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP_TIGHT
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.words import fill


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


class Materials(QWidget):
    """The blocks of one part. Setting them emits no `changed`."""

    changed = Signal(object)  # tuple[str, ...]
    claimed = Signal(object)  # str
    paste_refused = Signal(PasteKind)
    cursor_moved = Signal(object)  # the box in which it has moved

    def __init__(
        self,
        theme: Theme,
        part: str,
        hint: str,
        take_files: Callable[[GivenFiles], None],
        *,
        is_whole_part: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """Build the blocks. `take_files` is called with files that are pasted into one.

        `is_whole_part`: nothing else is in the part, so that one block always stands there.
        """
        super().__init__(parent)
        self._theme = theme
        self._part = part
        self._hint = hint
        self._take_files = take_files
        self._is_whole_part = is_whole_part
        self._blocks: list[MaterialBlock] = []
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
        wanted = list(texts) or ([""] if self._is_whole_part else [])
        while len(self._blocks) > len(wanted):
            self._drop(self._blocks[-1])
        while len(self._blocks) < len(wanted):
            self._add()
        for block, text in zip(self._blocks, wanted, strict=True):
            block.words.set_text(text)
        self._show_buttons()

    def begin_one(self, text: str = "") -> None:
        """Add a block and focus it."""
        block = self._blocks[0] if len(self._blocks) == 1 and not self.texts()[0].strip() else self._add()
        block.words.set_text(text)
        self._show_buttons()
        block.words.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit(self.texts())

    def _add(self) -> MaterialBlock:
        block = MaterialBlock(self._theme, self._part, self._hint)
        block.changed.connect(lambda: self.changed.emit(self.texts()))
        block.removed.connect(lambda: self._remove(block))
        block.claimed.connect(lambda text: self._claim(block, text))
        block.words.long_text_pasted.connect(self.begin_one)
        block.words.paste_refused.connect(self.paste_refused)
        block.words.box.takes_files = True
        block.words.box.files_pasted.connect(self._take_files)
        block.words.cursor_moved.connect(lambda: self.cursor_moved.emit(block.words.box))
        self._blocks.append(block)
        self._column.addWidget(block)
        return block

    def _drop(self, block: MaterialBlock) -> None:
        self._blocks.remove(block)
        self._column.removeWidget(block)
        block.hide()
        block.deleteLater()

    def _remove(self, block: MaterialBlock) -> None:
        self._drop(block)
        if self._is_whole_part and not self._blocks:
            self._add()
        self._show_buttons()
        self.changed.emit(self.texts())

    def _claim(self, block: MaterialBlock, text: str) -> None:
        self._remove(block)
        self.claimed.emit(text)

    def _show_buttons(self) -> None:
        for block in self._blocks:
            alone = self._is_whole_part and len(self._blocks) == 1
            block.allow(removing=not alone, claiming=not self._is_whole_part)
        self.setHidden(not self._blocks)
