"""What goes along with each message: the instructions, the dialog where they are written, and a view of all of it.

The line of the instructions stands above the conversation; all that goes out can be read before it is sent.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QSize, Qt, Signal, SignalInstance
from PySide6.QtWidgets import QDialog, QWidget

from desktop.core.models.place import shown_name
from desktop.core.place import Place
from desktop.rendering.text.letters import show_invisible
from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage
from desktop.ui.inputs.message_input import TypedText
from desktop.ui.inputs.pasted_text import fits_box
from desktop.ui.inputs.plain_paste import PasteKind, read_paste
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.policy import FixedNote
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


class OutgoingPresenter(QObject):
    """The owner of the line of instructions, and of the two dialogs that it leads to."""

    def __init__(
        self,
        theme: Theme,
        page: ChatPage,
        chat: Chat,
        read_all: Callable[[Callable[[str], None]], None],
    ) -> None:
        """Keep the dependencies. `read_all` calls what it is given with all that the next message would take along."""
        super().__init__(page)
        self._theme = theme
        self._page = page
        self._chat = chat
        self._models = chat.services.models
        self._preferences = chat.services.settings
        self._read_all = read_all
        self._line = InstructionsLine(theme)
        self._line.pressed.connect(lambda: self.edit_instructions())
        page.put_below(self._line)
        page.header.place.outgoing_requested.connect(self.show_outgoing)
        page.header.place.instructions_requested.connect(lambda: self.edit_instructions())
        chat.opened.connect(self._show)
        chat.settings_changed.connect(self._show)
        self._show()

    def edit_instructions(self, parent: QWidget | None = None) -> None:
        """Let the user write the instructions of this conversation, and of those to come."""
        instructions, parent = self._chat.instructions, parent or self._page.window()
        dialog = InstructionsDialog(self._theme, instructions.of_current, instructions.own, self._fixed(), parent)

        def keep() -> None:
            was_followed = dialog.here.toPlainText() == instructions.of_current
            if dialog.ahead.toPlainText().strip() != instructions.own:
                instructions.set_own(dialog.ahead.toPlainText())
                self._preferences.change(instructions=instructions.own)
            if not was_followed:
                instructions.change_current(dialog.here.toPlainText())

        def show_all() -> None:
            dialog.accept()
            self.show_outgoing()

        dialog.accepted.connect(keep)
        dialog.outgoing.clicked.connect(show_all)
        dialog.finished.connect(self._page.composer.setFocus)
        dialog.open()

    def show_outgoing(self) -> None:
        """Show every word that the next message would take along."""
        choice = self._chat.choice
        model = show_invisible(shown_name(choice.model)) if choice is not None else ""
        dialog = OutgoingDialog(self._theme, model, self._models.place_of(choice), self._page.window())
        is_open = [True]
        dialog.finished.connect(lambda _: is_open.clear())
        dialog.instructions.clicked.connect(dialog.reject)
        dialog.instructions.clicked.connect(lambda: self.edit_instructions())
        self._read_all(lambda text: dialog.show_detail(text) if is_open else None)
        dialog.open()

    def _fixed(self) -> FixedNote | None:
        policy = self._chat.services.policy
        if not policy.instructions:
            return None
        words = fill(self.tr("Each new conversation begins with: %1"), show_invisible(policy.instructions))
        return FixedNote(self._theme, policy, words)

    def _show(self) -> None:
        self._line.show_instructions(self._chat.instructions.of_current)
