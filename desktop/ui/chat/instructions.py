"""The instructions that go along with each message: a line that shows them, and the dialog where they are written."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QMimeData, QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QDialog, QWidget

from desktop.core.place import Place
from desktop.rendering.text.invisible import show_invisible
from desktop.ui.inputs.pasted_text import fits_box
from desktop.ui.inputs.plain_paste import PasteKind, read_paste
from desktop.ui.inputs.typed_text import TypedText
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.widgets.boxes import Dialog, TextDialog
from desktop.ui.widgets.buttons import ElidedButton, button
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.words import fill, place_sentence

translate = QCoreApplication.translate

_SIZE = (640, 500)


class OutgoingDialog(TextDialog):
    """A dialog that opens empty and is given the text as soon as the earlier messages have been read."""

    def __init__(self, theme: Theme, model: str, place: Place | None, parent: QWidget | None) -> None:
        title = translate("OutgoingDialog", "What will be sent")
        super().__init__(theme, title, _words(model, place), parent, _SIZE)
        self.text.setPlaceholderText(self.tr("Reading what would be sent…"))
        self.instructions = self.offer(self.tr("Instructions…"))

    def show_detail(self, text: str) -> None:
        """Show all that would be sent."""
        self.text.show_text(text)


def _words(model: str, place: Place | None) -> str:
    if place is None:
        return translate("OutgoingDialog", "No model is chosen yet. This goes to the one that you choose.")
    words = translate("OutgoingDialog", "This goes to %1 with your next message. %2")
    return fill(words, model, place_sentence(place))


_WIDTH, _HEIGHT = 560, 470


class InstructionsLine(QWidget):
    """A line above the message box, hidden while nothing goes along; pressed, it asks to change them."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.button = ElidedButton(theme, cut=Qt.TextElideMode.ElideRight)
        stack(self.button, None, across=True, on=self)
        self.pressed: SignalInstance = self.button.clicked
        self.hide()

    def show_instructions(self, text: str) -> None:
        """Show what goes along with each message of this conversation, as much of it as a line holds."""
        self.button.show_words(fill(self.tr("Instructions: %1"), show_invisible(text)))
        self.setVisible(bool(text.strip()))


class _InstructionsBox(TypedText):
    """A box that takes no more by pasting than it can lay out between two keys."""

    refused = Signal()

    def insertFromMimeData(self, source: QMimeData) -> None:
        pasted = read_paste(source)
        if pasted.kind is PasteKind.TEXT and not fits_box(pasted.text, self.document().characterCount()):
            self.refused.emit()
        else:
            super().insertFromMimeData(source)


class InstructionsDialog(Dialog):
    """A dialog for the instructions of one conversation and of those to come; accepted, `here` and `ahead` are meant.

    `fixed` is a line on what an administrator has each conversation begin with, if anything.
    """

    def __init__(self, theme: Theme, here: str, ahead: str, fixed: QWidget | None, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Instructions"))
        words = self.tr("That is too long for instructions. Attach it as a file, or paste a part of it.")
        self.too_long = PlainLabel(words, "small", wraps=True)
        self.too_long.hide()
        self.discard_note = PlainLabel(self.tr("Leave once more to discard what you typed."), "muted", wraps=True)
        self.discard_note.hide()
        self.here = self._box(self.tr("In this conversation"), here)
        self.ahead = self._box(self.tr("In each new conversation"), ahead)
        self.ahead.set_hint(self.tr("For example: I work in purchasing. Answer in formal German."))
        self.outgoing = button(self.tr("What will be sent…"))
        self.save = button(self.tr("Save"), "filled", self.accept, fill="accent")
        self.cancel = button(self.tr("Cancel"), do=lambda: self.done(QDialog.DialogCode.Rejected))
        self._begun_with = self._typed
        self._lay_out(fixed)
        self.fit(QSize(theme.px(_WIDTH), theme.px(_HEIGHT)))
        self.here.setFocus()

    @property
    def _typed(self) -> tuple[str, str]:
        return self.here.toPlainText(), self.ahead.toPlainText()

    def _box(self, name: str, text: str) -> _InstructionsBox:
        box = _InstructionsBox()
        box.refused.connect(self.too_long.show)
        box.setPlainText(text)
        box.textChanged.connect(self.too_long.hide)
        box.textChanged.connect(self.discard_note.hide)
        box.setTabChangesFocus(True)
        box.setAccessibleName(name)
        box.document().setDocumentMargin(GAP)
        set_look(box, "framed")
        return box

    def _lay_out(self, fixed: QWidget | None) -> None:
        lead = self.tr("What the model is told before all messages. It is sent with each of them.")
        self.column.addWidget(PlainLabel(self.windowTitle(), "title"))
        self.column.addWidget(PlainLabel(lead, "muted", wraps=True))
        for box in (self.here, self.ahead):
            self.column.addLayout(stack(PlainLabel(box.accessibleName(), "strong"), (box, 1), gap=GAP_TIGHT), 1)
        self.column.addWidget(self.too_long)
        self.column.addWidget(self.discard_note)
        if fixed is not None:
            self.column.addWidget(fixed)
        self.add_foot((self.outgoing,), (self.cancel, self.save), default=self.save)

    # Qt's own method

    def reject(self) -> None:
        """Leave by Esc or the window's frame; over what was typed, only the second time."""
        if self._typed == self._begun_with or not self.discard_note.isHidden():
            super().reject()
        else:
            self.discard_note.show()
