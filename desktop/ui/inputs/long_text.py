"""One text of the prompt builder: a box that grows with its words, or a chip for a text too long for a box.

Plain text only. It emits what was typed and pasted; what that means for the prompt is its owner's to say.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QRect, QSignalBlocker, Qt, Signal, SignalInstance
from PySide6.QtGui import QDragEnterEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout

from desktop.core.text.clean_text import clean_input
from desktop.ui.inputs.message_input import MessageInput, PastedTextChip, fits_box, is_long
from desktop.ui.inputs.plain_paste import recipe_files
from desktop.ui.look.stylesheet import GAP_TIGHT, WRITTEN_ASIDE, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.widgets.layout import drop

# A name, an address or a sentence is often pasted into an instruction; a passage hardly ever.
_MOST_WORDS_PASTED = 300  # characters
_LINES_OF_MATERIAL = 2  # line breaks within
_TALLEST_HINT = 10_000  # pixels; more than any hint


class PromptBox(MessageInput):
    """A message input where Enter makes a line, and a pasted passage is told from words."""

    _least_lines = 1

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.sets_material_apart = False  # a pasted passage is then said to be a long text, whatever its length
        self._taken_from_here = ""
        self.take_undo: Callable[[], object] = self.undo  # and so for redo: more than its words may have changed
        self.take_redo: Callable[[], object] = self.redo
        self.undo_pressed.connect(lambda: self.take_undo())
        self.redo_pressed.connect(lambda: self.take_redo())

    def set_hint(self, hint: str, short: str = "") -> None:
        """Set the grey words of an empty box, which is never lower than they are, so that typing moves nothing."""
        super().set_hint(hint, short)
        self._fit()

    def set_least_lines(self, lines: int) -> None:
        """Keep room for so many lines even while there are fewer."""
        self._least_lines = lines
        self._fit()

    def _least_text_height(self) -> int:
        width = self.width() - round(self.document().documentMargin())  # Qt keeps the margin free at the left alone
        room = QRect(0, 0, max(1, width), _TALLEST_HINT)
        hint = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, self._hint).height()
        return max(hint, self._least_lines * self.fontMetrics().lineSpacing())

    def _press_enter(self, event: QKeyEvent) -> None:
        self.textCursor().insertText("\n")
        self.ensureCursorVisible()

    def _take_font(self) -> None:
        self._write_in(self._theme.ui_font(WRITTEN_ASIDE))

    def _insert_pasted(self, source: QMimeData, text: str) -> None:
        if self.sets_material_apart and looks_like_material(text) and text != self._taken_from_here:
            self.long_text_pasted.emit(text)
        else:
            super()._insert_pasted(source, text)

    # Qt's own methods

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if recipe_files(event.mimeData()):
            event.ignore()  # what lies below takes it
        else:
            super().dragEnterEvent(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        taken = super().createMimeDataFromSelection()
        self._taken_from_here = clean_input(taken.text())  # as it is read when it is pasted
        return taken


def looks_like_material(text: str) -> bool:
    """Return True if a pasted text is material to work on rather than words of an instruction."""
    return len(text) > _MOST_WORDS_PASTED or text.strip().count("\n") >= _LINES_OF_MATERIAL


class PromptText(QFrame):
    """A box or a chip for one text; `look` is that of its frame. Setting the text emits no `changed`."""

    changed = Signal(object)  # str, here and below: handed on as it is, since Qt would copy megabytes
    replaced = Signal(object)  # at once, by what the user has pressed or pasted: the text before
    long_text_pasted = Signal(object)  # too long for a box; nothing has been done with it

    def __init__(self, theme: Theme, look: str = "part", box: PromptBox | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._chip: PastedTextChip | None = None
        self._takes_long = False
        set_look(self, look)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.box = box or PromptBox(theme)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP_TIGHT, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT)
        self._column.setSpacing(0)
        self._column.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.textChanged.connect(lambda: self.changed.emit(self.text()))
        self.box.long_text_pasted.connect(self._take_long)
        self.paste_refused: SignalInstance = self.box.paste_refused
        self.cursor_moved: SignalInstance = self.box.cursorPositionChanged  # time to have it in sight
        self.box.focus_changed.connect(self._show_focus)

    def text(self) -> str:
        return self._chip.text if self._chip is not None else self.box.toPlainText()

    @property
    def long_text(self) -> str:
        """The text of the chip; empty where there is none."""
        return self._chip.text if self._chip is not None else ""

    def show_fit(self, fits: bool | None) -> None:
        """Say at the chip, where there is one, if the model can read its text; None while that is not known."""
        if self._chip is not None:
            self._chip.show_fit(fits)

    def set_text(self, text: str) -> None:
        """Show this text; nothing before it can be undone."""
        if text == self.text():
            return
        self._show_chip(None if fits_box(text) else text)
        self._write("" if self._chip is not None else text)

    def show_as_pasted(self, text: str) -> None:
        """Show a text as if it had been pasted; the box keeps its undo steps where its words are the same."""
        if text == self.text():
            return
        self._show_chip(text if is_long(text) else None)
        words = "" if self._chip is not None else text
        if words != self.box.toPlainText():
            self._write(words)

    def keep_long_texts(self) -> None:
        """Take a long pasted text as a chip if nothing is written; else emit `long_text_pasted`."""
        self._takes_long = True

    def describe(self, name: str, description: str, hint: str) -> None:
        """Set accessible name and description, and the placeholder."""
        self.box.setAccessibleName(name)
        self.box.setAccessibleDescription(description)
        self.box.set_hint(hint)

    def _write(self, words: str) -> None:
        with QSignalBlocker(self.box):
            self.box.begin_with(words)

    def _take_long(self, text: str) -> None:
        if self._takes_long and not self.text().strip() and text.strip():
            before = self.text()
            self._show_chip(text)
            self.replaced.emit(before)
            self.changed.emit(text)
        else:
            self.long_text_pasted.emit(text)

    def _show_chip(self, text: str | None) -> None:
        if self._chip is not None:
            drop(self._chip)
            self._chip = None
        had_focus = self.box.hasFocus()
        if text is not None:
            self._chip = PastedTextChip(self._theme, text)
            self._chip.removed.connect(self._remove_long)
            self._chip.opened_up.connect(self._open_up)
            self._column.addWidget(self._chip)
        self.setFocusProxy(self._chip or self.box)
        self.box.setVisible(text is None)
        if had_focus:
            self.setFocus()

    def _remove_long(self) -> None:
        before = self.text()
        self.show_as_pasted("")
        self.replaced.emit(before)
        self.changed.emit("")
        self.box.setFocus()

    def _open_up(self) -> None:
        """Show the chip's text in the box: one of many bytes but short lines may still be edited there."""
        text = self.text()
        if fits_box(text):
            self._show_chip(None)
            self.box.begin_with(text)
            self.box.setFocus()

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)
