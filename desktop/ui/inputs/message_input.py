"""Boxes to type in: the base of all of them, the input field of the composer, and undo for what stands beside a box.

They take plain text only, and are safe with input methods: while something is composed, keys are the input method's,
and the grey hint is hidden. The composer's field grows with its lines; it knows keys and pasting. A box lays out all
that it holds at every key, so a long pasted text is a chip beside it, and is sent just the same. What Enter, Escape or
the arrows mean for the conversation is its owner's business.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil
from typing import Generic, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt, Signal, SignalInstance
from PySide6.QtGui import (
    QDragEnterEvent,
    QFocusEvent,
    QFont,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from desktop.ui.inputs.plain_paste import GivenFiles, PasteKind, files_in, has_files, read_paste
from desktop.ui.look.stylesheet import GAP_TIGHT, set_look
from desktop.ui.look.theme import IconButton, Theme
from desktop.ui.widgets.boxes import TextDialog
from desktop.ui.widgets.buttons import LabelledButton
from desktop.ui.widgets.keys import asks_for_something, claim_escape, tell_place
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, number, size

LONGEST_PASTE = 10_000  # bytes of UTF-8; what is longer is material rather than words
# Measured: keys stay under 30 ms while the box holds at most this much; a line without breaks is the dearest.
LONGEST_LINE = 5_000
FULLEST_BOX = 50_000
LONGEST_CHIP = 200_000  # characters, a hundred pages; longer ones are files, which are read and kept by the way

_LONGEST_LEAD = 2_000  # characters of the words before a long text
_PARAGRAPH = "\n\n"

_SHOWN_OF_IT = 20_000
_LONGEST_SHOWN_LINE = 1_000
_LEAST_PX = 120


def is_long(text: str, already_there: int = 0) -> bool:
    """Return True if `text` is better a chip than words in a box that holds `already_there` characters."""
    return not fits_box(text, already_there) or _size(text) > LONGEST_PASTE


def is_for_file(text: str) -> bool:
    """Return True if `text` is better a file than a part of the message's words, where files are taken."""
    return len(text) > LONGEST_CHIP and not text.isspace()


def fits_box(text: str, already_there: int = 0) -> bool:
    """Return True if a box that holds `already_there` characters stays quick with `text` in it."""
    if len(text) + already_there > FULLEST_BOX:
        return False
    return len(text) <= LONGEST_LINE or max(map(len, text.split("\n"))) <= LONGEST_LINE


def part(text: str) -> tuple[str, str]:
    """Return the words at the head of a kept text, and the long text after them; one of both may be empty.

    Joined by a blank line they are the text again, wherever the border was when it was written.
    """
    if not is_long(text):
        return text, ""
    lead, apart, rest = text[: _LONGEST_LEAD + len(_PARAGRAPH)].partition(_PARAGRAPH)
    if not apart or not lead.strip():
        return "", text
    rest = text[len(lead) + len(_PARAGRAPH) :]
    return (lead, rest) if is_long(rest) else ("", text)


def _size(text: str) -> int:
    """Return the bytes of UTF-8. A lone surrogate has none; it counts as the one mark that takes its place."""
    return len(text.encode("utf-8", "replace"))


class PastedTextChip(QFrame):
    """A chip for one long text; emits when the user wants it out, or in the box as words like any others."""

    opened_up = Signal()

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self._theme = theme
        self.text = text
        set_look(self, "chip")
        self._words = fill(self.tr("Pasted text, %1"), size(_size(text)))
        self.setAccessibleName(self._words)
        self._view = LabelledButton(theme, "file", self._words, "quiet")
        self._view.cut = Qt.TextElideMode.ElideMiddle  # its end says if the text fits
        self._view.setMinimumWidth(theme.px(_LEAST_PX))  # Qt's own would widen a narrow panel to all the words
        self._view.setToolTip(self.tr("Show this text"))
        self._view.clicked.connect(self.show_text)
        self.setFocusProxy(self._view)
        self._remove = IconButton(theme, "close", self.tr("Remove the pasted text"), token="muted")
        self.removed: SignalInstance = self._remove.clicked
        stack(self._view, self._remove, gap=0, margins=(GAP_TIGHT, 0, GAP_TIGHT, 0), across=True, on=self)

    def show_fit(self, fits: bool | None) -> None:
        """Say if the model can read it, with all that goes along; None while that is not known."""
        said = {True: self.tr("%1 · fits"), False: self.tr("%1 · too long"), None: "%1"}[fits]
        words = fill(said, self._words)
        self.setAccessibleName(words)
        self._view.show_words(words)

    def show_text(self) -> None:
        """Open a window with the beginning of the text."""
        dialog = PastedTextDialog(self._theme, self.text, self)
        dialog.accepted.connect(self.opened_up)
        dialog.open()


class PastedTextDialog(TextDialog):
    """The beginning of a long text, to read and copy from; accepted, it is wanted in the box as words."""

    def __init__(self, theme: Theme, text: str, parent: QWidget | None = None) -> None:
        title = QCoreApplication.translate("PastedTextDialog", "Pasted text")
        super().__init__(theme, title, _extent(text), parent, (560, 420))
        lines = (line[:_LONGEST_SHOWN_LINE] for line in text[:_SHOWN_OF_IT].split("\n"))
        self.text.show_text("\n".join(lines))
        if fits_box(text):
            self.offer(self.tr("Put into the message box")).clicked.connect(self.accept)
        self.finished.connect(self.deleteLater)


def _extent(text: str) -> str:
    translate = QCoreApplication.translate
    if len(text) <= _SHOWN_OF_IT:
        template = translate("PastedTextDialog", "%1 characters, %2. The whole text is sent with your message.")
        return fill(template, number(len(text)), size(_size(text)))
    template = translate(
        "PastedTextDialog", "The first %1 of %2 characters, %3. The whole text is sent with your message."
    )
    return fill(template, number(_SHOWN_OF_IT), number(len(text)), size(_size(text)))


class TypedText(QPlainTextEdit):
    """A plain text box that knows what an input method is composing in it."""

    composing_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._preedit = ""  # what an input method is composing, which the text does not hold yet
        self._hint = ""

    @property
    def is_composing(self) -> bool:
        """True while an input method has words that are not in the text yet."""
        return bool(self._preedit)

    def set_hint(self, hint: str) -> None:
        """Set the grey words of an empty box. While something is composed there they are not shown."""
        self._hint = hint
        self._show_hint()

    def _hint_now(self) -> str:
        return self._hint

    def _show_hint(self) -> bool:
        """Show the hint unless something is composed: Qt would draw it below those words, which the text lacks yet.

        Return True if that changes it.
        """
        shown = "" if self.is_composing else self._hint_now()
        if shown == self.placeholderText():
            return False
        self.setPlaceholderText(shown)
        self.viewport().update()  # Qt paints the hint anew only when the box loses or gets the keyboard
        return True

    def finish_composing(self) -> None:
        """Commit what an input method is composing, so that it is sent, kept or moved with the rest."""
        if not self._preedit:
            return
        QGuiApplication.inputMethod().commit()
        if self._preedit:  # the platform's method did not answer
            event = QInputMethodEvent()
            event.setCommitString(self._preedit)
            QCoreApplication.sendEvent(self, event)
            QGuiApplication.inputMethod().reset()

    def end_step(self) -> None:
        """End the undo step, so that what is typed next is undone apart from it."""
        self.document().setModified(False)  # Qt joins a step to the one before only in a text that was modified

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        return (self.is_composing and claim_escape(event)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not (self.is_composing and asks_for_something(event)):
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        was_composing, self._preedit = self.is_composing, event.preeditString()
        is_word = bool(event.commitString()) and was_composing
        if is_word:
            self.end_step()  # a composed word is undone by itself, as it was chosen by itself
        self._show_hint()
        super().inputMethodEvent(event)
        if is_word:
            self.end_step()
        if self.is_composing and self.hasFocus():
            tell_place(self)  # at each letter: what the first one has moved or scrolled is in its place by the next
        if was_composing is not self.is_composing:
            self.composing_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.finish_composing()
        super().focusOutEvent(event)


_MOST_LINES = 10
_LONGEST_MEASURED = 1_000  # characters; a longer text is more than a line anywhere


class MessageInput(TypedText):
    """A plain text field, from one line to ten high, with signals for its keys."""

    enter_pressed = Signal()
    escape_pressed = Signal()
    undo_pressed = Signal()
    redo_pressed = Signal()
    left_upwards = Signal()  # the up key on the first line
    left_downwards = Signal()  # the down key on the last one
    long_text_pasted = Signal(object)  # str, handed on as it is: Qt would copy megabytes
    files_pasted = Signal(object)  # GivenFiles, where the owner takes files
    paste_refused = Signal(PasteKind)
    focus_changed = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._short_hint = ""
        self.takes_files = False
        self.makes_files = False  # of texts that are too long even for a chip
        self.takes_escape = False  # before the window's own shortcut gets it
        self.take_tab: Callable[[], bool] = lambda: False  # returns False to let Tab go on to the next widget
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(GAP_TIGHT)
        self.setViewportMargins(0, GAP_TIGHT // 2, 0, 0)  # Qt keeps its own margin above alone, so words sat too high
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        theme.changed.connect(self._take_font)
        self._take_font()

    def set_hint(self, hint: str, short: str = "") -> None:
        """Set the grey words of an empty box; `short` where they have no room in one line."""
        self._short_hint = short
        super().set_hint(hint)

    def _hint_now(self) -> str:
        return self._short_hint if self._short_hint and not self._is_line(self._hint, self.width()) else self._hint

    def _show_hint(self) -> bool:
        is_new = super()._show_hint()
        if is_new:
            self._fit()
        return is_new

    def replace_text(self, text: str) -> None:
        """Replace all text by `text`, as one step that can be undone."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        cursor.insertText(text)
        cursor.endEditBlock()
        self.end_step()
        self.moveCursor(QTextCursor.MoveOperation.End)

    def fits_line(self, width: int) -> bool:
        """Return True if all of the text, with what is being composed, fits into one line of a box so wide."""
        document = self.document()
        if document.blockCount() > 1 or document.characterCount() > _LONGEST_MEASURED:
            return False
        return self._is_line(document.firstBlock().text() + self._preedit, width)

    def _is_line(self, words: str, width: int) -> bool:
        beside = 2 * round(self.document().documentMargin()) + self.cursorWidth() + 1
        return self.fontMetrics().horizontalAdvance(words) + beside <= width

    @property
    def undo_steps(self) -> int:
        """The number of undo steps available: the text's position among its own changes."""
        return self.document().availableUndoSteps()

    @property
    def redo_steps(self) -> int:
        """The number of steps that were undone and can be made again."""
        return self.document().availableRedoSteps()

    def forget_steps(self) -> None:
        """Have nothing that can be undone or made again."""
        self.document().clearUndoRedoStacks()

    def begin_with(self, text: str) -> None:
        """Set `text`, of which nothing can be undone."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def _take_font(self) -> None:
        self._write_in(self._theme.ui_font())

    def _write_in(self, font: QFont) -> None:
        self.setFont(font)
        self.viewport().setFont(font)  # in which Qt draws the hint; a new style sheet keeps it at its old size
        self._fit()

    def _fit(self) -> None:
        """Set the height to the text, from one line to ten.

        Lines are measured: Chinese ones are taller than the font says.
        """
        line = self.fontMetrics().lineSpacing()
        tallest = _MOST_LINES * line
        tall = 0.0
        block = self.document().firstBlock()
        while block.isValid() and tall <= tallest:
            tall += self.blockBoundingRect(block).height()
            block = block.next()
        needs_bar = tall > tallest
        height = ceil(max(line, self._least_text_height(), min(tall, tallest)))
        height += 2 * round(self.document().documentMargin())
        if height != self.height():
            self.setFixedHeight(height)
        if not needs_bar:
            self.verticalScrollBar().setValue(0)
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if needs_bar else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)

    def _least_text_height(self) -> int:
        """Return the height in pixels of the box even for less text: that of its hint, which may be a Chinese one."""
        return self.fontMetrics().boundingRect(self._hint).height()

    def _as_written(self, source: QMimeData, text: str) -> str:
        """Return a pasted text as it is to stand in the box."""
        return text

    def _is_at_edge(self, move: QTextCursor.MoveOperation) -> bool:
        """Return True if the cursor can't move that way: it is on the first or last line, as broken here."""
        cursor = self.textCursor()
        return not cursor.hasSelection() and not cursor.movePosition(move)

    def _press_enter(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.textCursor().insertText("\n")  # Qt would put in a line separator, which some servers stumble over
            self.ensureCursorVisible()
        elif not event.isAutoRepeat():  # a key held down sends once
            self.enter_pressed.emit()

    def _press_arrow(self, event: QKeyEvent) -> None:
        is_up = event.key() == Qt.Key.Key_Up
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        leaves = is_plain and self._is_at_edge(
            QTextCursor.MoveOperation.Up if is_up else QTextCursor.MoveOperation.Down
        )
        super().keyPressEvent(event)
        if leaves:
            (self.left_upwards if is_up else self.left_downwards).emit()

    # Qt's own methods

    def event(self, event: QEvent) -> bool:
        return (self.takes_escape and claim_escape(event)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.is_composing:  # keys belong to the input method; none of them may send, stop or change the text below
            super().keyPressEvent(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._press_enter(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.escape_pressed.emit()
            event.setAccepted(self.takes_escape)  # else it is for what the field is in, such as a sheet to be closed
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._press_arrow(event)
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_pressed.emit()
        elif is_redo(event):
            self.redo_pressed.emit()
        else:
            super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        if self._is_set_apart(event.commitString()):  # by a tool that types for the user; nobody composes as much
            event = QInputMethodEvent()
        super().inputMethodEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        is_taken = next and not self.is_composing and self.take_tab()
        return is_taken or super().focusNextPrevChild(next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_hint()
        self._fit()  # narrower lines may be more lines

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        kind = read_paste(source).kind
        return kind is PasteKind.TEXT or (self.takes_files and kind is not PasteKind.NOTHING)

    def insertFromMimeData(self, source: QMimeData) -> None:
        pasted = read_paste(source)
        if pasted.kind is not PasteKind.TEXT:
            if self.takes_files and (given := files_in(source)):
                self.files_pasted.emit(given)
            elif pasted.kind is not PasteKind.NOTHING:
                self.paste_refused.emit(pasted.kind)
        else:
            self._insert_pasted(source, pasted.text)

    def _insert_pasted(self, source: QMimeData, text: str) -> None:
        """Insert what was pasted, unless it is too long for the box. `text` is that of `source`, read once."""
        if not self._is_set_apart(text, self.document().characterCount()):
            self.textCursor().insertText(self._as_written(source, text))
            self.ensureCursorVisible()

    def _is_set_apart(self, text: str, already_there: int = 0) -> bool:
        """Hand on a text that is too long for the box. Return False for any other, with which nothing is done.

        `already_there`: the characters with which it would share the box; 0 leaves them out of account.
        """
        if self.makes_files and is_for_file(text):
            self.files_pasted.emit(GivenFiles(texts=(text,)))
        elif is_long(text, already_there):
            self.long_text_pasted.emit(text)
        else:
            return False
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if has_files(event.mimeData()):
            event.ignore()  # the window takes them, wherever they are dropped
        else:
            super().dragEnterEvent(event)


def is_redo(event: QKeyEvent) -> bool:
    """Return True for the keys that redo: the system's own, and Ctrl+Y, which most office programs have."""
    is_usual = event.key() == Qt.Key.Key_Y and event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return is_usual or event.matches(QKeySequence.StandardKey.Redo)


_State = TypeVar("_State")


@dataclass(frozen=True, slots=True)
class _Step(Generic[_State]):
    """A change: the state that it leads back to, the box it was made in, and where that stood among its own steps.

    The words of the box changed with it if the two positions differ.
    """

    state: _State
    box: MessageInput
    before: int
    after: int

    def is_at(self, box: MessageInput, position: int, steps_of_words: int) -> bool:
        """Return True if this comes next for a box: it was made there, or that one has no such steps of its own."""
        return position == box.undo_steps if self.box is box else not steps_of_words


class StepHistory(Generic[_State]):
    """The steps that can be undone and those that can be redone, of one or several boxes."""

    def __init__(self, restore: Callable[[_State], _State | None]) -> None:
        """Keep `restore`, which shows a state and returns the one that was shown before; None where it no longer can.

        What cannot be shown any more is passed over.
        """
        self._restore = restore
        self._done: list[_Step[_State]] = []
        self._undone: list[_Step[_State]] = []

    def position(self, box: MessageInput) -> tuple[int, int]:
        """Return where a box stands among its own steps and all others; more than before once anything was changed."""
        return box.undo_steps, len(self._done)

    def follow(self, box: MessageInput) -> None:
        """Redo nothing any more once words are written in this box."""
        box.document().undoCommandAdded.connect(lambda: self._undone.clear())

    def note(self, before: _State, box: MessageInput, position: int | None = None) -> None:
        """Record a change from this state; `position` of the box before it, where its words have changed as well."""
        box.end_step()
        after = box.undo_steps
        self._undone.clear()
        self._done.append(_Step(before, box, after if position is None else position, after))

    def undo(self, box: MessageInput) -> None:
        """Take back the last change, of words or of what stands beside them."""
        while self._done and self._done[-1].box is box and self._done[-1].after > box.undo_steps:
            self._done.pop()  # the box undid its share of that step by itself
        if not self._done or not self._done[-1].is_at(box, self._done[-1].after, box.undo_steps):
            box.undo()
            return
        step = self._done.pop()
        if step.before != step.after:
            box.undo()
        left = self._restore(step.state)
        if left is None:
            self.undo(box)
        else:
            self._undone.append(replace(step, state=left))

    def redo(self, box: MessageInput) -> None:
        """Make the change again that was taken back last."""
        if not self._undone or not self._undone[-1].is_at(box, self._undone[-1].before, box.redo_steps):
            box.redo()
            return
        step = self._undone.pop()
        if step.before != step.after:
            box.redo()
        left = self._restore(step.state)
        if left is None:
            self.redo(box)
        else:
            self._done.append(replace(step, state=left))

    def clear(self) -> None:
        """Forget all steps."""
        self._done.clear()
        self._undone.clear()
