"""What goes out with the next message: the instructions, a view of every word, and what is done if it does not fit.

The line of the instructions stands above the conversation. Nothing that does not fit the model is sent before the user
has chosen what to do about it; sending itself is the business of `conversation_presenter`, which asks here first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import assert_never

from PySide6.QtCore import QMimeData, QObject, QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtWidgets import QDialog, QWidget

from desktop.core.context import (
    AsItIs,
    Choice,
    ChosenPages,
    Filling,
    FreshConversation,
    InPieces,
    LargerWindow,
    LeaveOut,
    Passages,
)
from desktop.core.documents.attachment import Attachment
from desktop.core.documents.marks import without_asking
from desktop.core.documents.passages import document_of_part
from desktop.core.documents.selection import WHOLE
from desktop.core.errors import BackendError
from desktop.core.message import AttachmentPart, FilePart
from desktop.core.models.place import shown_name as name_of_model
from desktop.core.place import Place, PlaceKind
from desktop.core.tasks.office import need_of
from desktop.rendering.text.letters import show_invisible
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.fitting import Said
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.filling import ChoiceSheet, how_much_fits, longest_file
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.chat.sending import PendingMessage
from desktop.ui.documents.preview import PreviewPresenter
from desktop.ui.errors import describe
from desktop.ui.inputs.message_input import TypedText, fits_box
from desktop.ui.inputs.plain_paste import PasteKind, read_paste
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, set_look
from desktop.ui.look.theme import Theme
from desktop.ui.message_actions import Ask
from desktop.ui.policy import FixedNote
from desktop.ui.widgets.boxes import Dialog, TextDialog
from desktop.ui.widgets.buttons import ElidedButton, button
from desktop.ui.widgets.keys import FocusBefore
from desktop.ui.widgets.labels import PlainLabel
from desktop.ui.widgets.layout import stack
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import fill, number, place_sentence, shown_name, translate

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
        model = show_invisible(name_of_model(choice.model)) if choice is not None else ""
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


_PAUSE_MS = 200  # of whatever changes the filling, before it is measured again


class ContextPresenter(PagePresenter):
    """The presenter of how much fits: of what stands in the message box, which the meter is about."""

    offered = Signal()  # choices stand above the message box, and are to be seen

    def __init__(
        self, page: ChatPage, chat: Chat, preview: PreviewPresenter, conversation: ConversationPresenter
    ) -> None:
        super().__init__(page, chat)
        self._conversation = conversation
        conversation.fits = self.fits
        self._preview = preview
        self._sheet = ChoiceSheet(self._theme)
        self._progress = QuietLine(self._theme)  # of reading in pieces
        self._progress.offer(self.tr("Stop"), do=self._stop_reading)
        page.put_below(self._sheet)
        page.put_below(self._progress)
        self._read: Attachment | None = None  # the file that is read in pieces
        self._again = ""  # the reply that the sheet is about; empty: a message that is about to be sent
        self._pending = conversation.written_message()  # that message
        self._attachments = chat.attachments  # which its files are among
        self._before = FocusBefore()
        self._awaited: dict[str, Callable[[Attachment], object]] = {}  # files that are read anew, and what for
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._measure)
        preview.room_of = self._room_of
        for signal in (
            page.composer.draft_changed,
            chat.attachments.changed,
            chat.path_changed,
            chat.opened,
            chat.generation_ended,
            chat.settings_changed,
            chat.fitting.changed,
            self._models.changed,
        ):
            signal.connect(self._pause.start)
        chat.opened.connect(self._leave)
        page.reading.register({Ask.MAKE_ROOM: lambda message_id, _: self._make_room(message_id)})
        self._sheet.chosen.connect(self._do)
        self._sheet.closed.connect(self._on_closed)
        for files in (chat.attachments, chat.attachments.of_prompts):
            files.changed.connect(self._on_files_changed)
        reading = chat.reading_in_pieces
        reading.progressed.connect(self._show_pieces)
        reading.finished.connect(self._on_read)
        reading.failed.connect(self._on_not_read)

    def _room_of(self, name: str) -> int | None:
        """Return the tokens that a file of the message may take, in what the model holds; None if that is not known."""
        filling = self.filling(self._conversation.written_message())
        taken = sum(each.tokens for each in filling.files if each.is_new and each.name == name)
        return None if filling.spare is None else max(0, filling.spare + taken)

    def fits(self, pending: PendingMessage) -> bool:
        """Return True if a message may be sent as it is; else offer what can be done, and wait for that."""
        if self._chat.reading_in_pieces.is_running:
            return False
        self._awaited.clear()
        self._again, self._pending = "", pending
        self._attachments = pending.source or self._chat.attachments
        filling = self.filling(pending)
        if not filling.over or self._chat.model is None:
            return True
        # Where it would fit without its pasted texts, these become files, of which passages or pieces can be sent.
        if not self.filling(replace(pending, text=pending.words_alone)).over and pending.make_files():
            return False
        need, documents = need_of(without_asking(pending.text)), self._attachments.items
        paged = [each.name for each in documents if each.document is not None and len(each.document.sections) > 1]
        choices = self._chat.fitting.choices(self.said_before(pending), pending.as_message, paged, need)
        possible = [each for each in choices if self._can_do(each, pending)]
        self._offer(possible or [AsItIs()], filling)
        return False

    def said_before(self, pending: PendingMessage) -> Said:
        """Return what stands before a message: of another version of one, what stands before that."""
        said, at = self._chat.said, self._chat.path.index_of(pending.in_place_of) if pending.in_place_of else None
        return said if at is None else replace(said, entries=said.entries[:at])

    def _can_do(self, choice: Choice, pending: PendingMessage) -> bool:
        """Return True unless it takes a file apart that is not at hand, as that of an earlier message."""
        match choice:
            case Passages(names):
                return all(self._file(name) is not None for name in names)
            case InPieces():
                longest = longest_file(self.filling(pending))
                return longest is not None and self._file(longest.name) is not None
            case _:
                return True

    def _make_room(self, message_id: str) -> None:
        """Offer what can be done about a reply whose question was too long, or was read in part."""
        message = self._chat.path.message(message_id)
        if message is None or self._chat.is_answering:
            return
        larger = self._chat.fitting.larger_for(self._chat.said, message)
        if larger is None:
            words = self.tr("This model can't read more at once. Choose one with more room, or send less of it.")
            self._notice.show_text(words)
            self._page.header.open_models()
        else:
            self._again = message_id
            self._offer([larger, FreshConversation()], self.filling(self._conversation.written_message()))

    def _offer(self, choices: Sequence[Choice], filling: Filling) -> None:
        self.offered.emit()
        if self._sheet.isHidden():
            self._before.note()
        self._composer.hold_send(True)
        place = self._chat.place
        self._sheet.offer(choices, filling, place)

    def take_escape(self) -> bool:
        """Close the sheet, or stop reading. Return False if there is neither."""
        if not self._sheet.isHidden():
            self._sheet.close_sheet()
        elif self._chat.reading_in_pieces.is_running:
            self._stop_reading()
        else:
            return False
        return True

    def filling(self, pending: PendingMessage, more: int = 0) -> Filling:
        """Return what takes room with a message; `more`: so many tokens in addition."""
        return self._chat.fitting.filling(self.said_before(pending), pending.as_message, more)

    def _measure(self) -> None:
        filling = self.filling(self._conversation.written_message())
        is_there = self._chat.model is not None
        self._page.header.meter.show_filling(filling if is_there else None)
        longest = longest_file(filling) if filling.over else None
        fits = self.tr("fits") if filling.window.tokens is not None else ""
        place = self._chat.place
        leaves = place is not None and place.kind is PlaceKind.INTERNET
        new = {each.name: each for each in filling.files if each.is_new}
        for file in self._chat.attachments.items:
            over = filling.over_alone(new[file.name]) if file.name in new else 0
            if over:
                words, is_trouble = how_much_fits(new[file.name], over), True
            elif longest is not None and file.name == longest.name:
                words, is_trouble = self.tr("too long with the others"), True
            elif file.personal and leaves:
                words, is_trouble = self.tr("personal data, over the internet"), True
            else:
                words, is_trouble = fits, False
            self._composer.files.show_fit(file.id, words, is_trouble=is_trouble)

    def _do(self, choice: Choice) -> None:
        self._on_closed()
        match choice:
            case LargerWindow():
                if (used := self._chat.choice) is not None:
                    self._models.measurements.remember_window(used, choice.window)
                if self._again:
                    self._conversation.try_again(self._again)
                else:
                    self._conversation.send_decided(self._pending, None)
            case Passages(names, tokens):
                self._choose_passages(names, tokens)
            case ChosenPages(name):
                self._with_document(name, lambda file: self._preview.open(file.id, self._attachments))
            case InPieces():
                self._read_in_pieces()
            case LeaveOut(messages):
                self._chat.change_settings(lambda settings: replace(settings, left_out=(*settings.left_out, *messages)))
                self._conversation.send_decided(self._pending, None)
            case FreshConversation():
                self._conversation.start_fresh()
            case AsItIs():
                self._conversation.send_decided(self._pending, self._pending.files)
            case _:
                assert_never(choice)

    def _on_closed(self) -> None:
        self._composer.hold_send(False)
        self._before.give_back(self._composer)

    def _leave(self) -> None:
        """Give up what belongs to the conversation that was left."""
        self._stop_reading()
        self._awaited.clear()
        if not self._sheet.isHidden():
            self._sheet.hide()
            self._composer.hold_send(False)

    def _file(self, name: str) -> Attachment | None:
        """Return a file that is at hand to be taken apart."""
        files = (file for file in self._attachments.items if file.name == name)
        return next((file for file in files if file.document is not None or file.digest), None)

    def _with_document(self, name: str, act: Callable[[Attachment], object]) -> None:
        """Do something with a file as soon as its document is there; one that came with a message is read anew."""
        file = self._file(name)
        if file is not None and file.document is not None:
            act(file)
        elif file is not None:
            self._awaited[file.id] = act
            self._attachments.reread(file.id)

    def _on_files_changed(self) -> None:
        for file in self._attachments.items if self._awaited else ():
            if file.id in self._awaited and file.is_settled:
                act = self._awaited.pop(file.id)
                if file.document is not None:
                    act(file)

    def _choose_passages(self, names: Sequence[str], tokens: int) -> None:
        """Have only what bears on the question sent of these files, as soon as that has been found.

        Where the longest alone does not fit, the others go whole.
        """
        new = [file for file in self.filling(self._pending).files if file.is_new]
        longest = max(new, key=lambda file: file.tokens)
        left = tokens - sum(file.tokens for file in new if file is not longest)
        shares = {longest.name: left} if left >= tokens // 2 else dict.fromkeys(names, tokens // len(names))
        for name, share in shares.items():
            self._with_document(name, partial(self._search, without_asking(self._pending.text), share))

    @gui_task
    async def _search(self, question: str, share: int, file: Attachment) -> None:
        """Show which passages go, before they do."""
        if file.document is None:
            return
        base, choice = replace(file.selection, passages=None, rows=frozenset()), self._chat.choice
        selection = await self._chat.fitting.passages(file.document, base, question, share, choice)
        if self._attachments.find(file.id) is None:
            return
        if selection is None:
            words = self.tr(
                "No passage of “%1” has words of your question and fits. Choose the pages yourself, or ask otherwise."
            )
            self._notice.show_text(fill(words, shown_name(file.name)))
        else:
            self._attachments.select(file.id, selection)
            self._preview.open(file.id, self._attachments)

    def _read_in_pieces(self) -> None:
        choice, longest = self._chat.choice, longest_file(self.filling(self._pending))
        file = self._file(longest.name) if longest is not None else None
        if choice is None or file is None:
            return
        document, selection = file.document, file.selection
        if document is None and isinstance(file.part, AttachmentPart):
            document, selection = document_of_part(file.part), WHOLE  # what was sent of it, and no more
        self._read = file
        pieces = self._chat.reading_in_pieces
        if document is None or not pieces.start(self._pending.text, document, selection, choice, self._chat.current.id):
            self._read = None

    def _show_pieces(self, done: int, of: int) -> None:
        words = self.tr("Reading in pieces: %1 of %2 read. Nothing has been answered yet.")
        self._progress.say(fill(words, number(done), number(of)))
        self._progress.show()

    def _stop_reading(self) -> None:
        self._read = None
        self._chat.reading_in_pieces.stop()
        self._progress.hide()

    def _on_read(self, notes: AttachmentPart) -> None:
        file, self._read = self._read, None
        self._progress.hide()
        if file is None:
            return
        parts: list[FilePart] = []
        for each in self._attachments.items:
            if each.part is not None:
                parts.append(replace(notes, digest=each.digest) if each.id == file.id else each.part)
        self._conversation.send_decided(self._pending, tuple(parts))

    def _on_not_read(self, error: BackendError) -> None:
        self._read = None
        self._progress.hide()
        self._notice.show_error(describe(error.as_failure()))
