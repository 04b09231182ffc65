"""The card at the foot of a conversation: where the user writes, edits, queues, sends and stops.

It keeps what is written and emits what is asked for; it neither sends nor saves anything by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.documents.attachment import Attachment
from desktop.core.place import Place
from desktop.core.text.clean_text import clean_input
from desktop.ui.composer.above_text import PastedTexts, QueuedMessages, TaskChip, text_below
from desktop.ui.documents.file_chip import FileChips
from desktop.ui.folders import FolderChips
from desktop.ui.inputs.message_input import MessageInput, part
from desktop.ui.inputs.plain_paste import GivenFiles
from desktop.ui.look.stylesheet import FILL_OF_PLACE, GAP, GAP_TIGHT, set_look
from desktop.ui.look.theme import IconButton, Theme, ThemedIcon
from desktop.ui.widgets.buttons import AFTER_ICON
from desktop.ui.widgets.labels import ElidedLabel, set_tooltip
from desktop.ui.widgets.layout import ChipRow
from desktop.ui.widgets.quiet_line import QuietLine
from desktop.ui.words import place_sentence, say

if TYPE_CHECKING:
    from desktop.core.folders import FolderState


class SendButton(QPushButton):
    """A button told what it is and where words go."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place: Place | None = None
        self._is_running = False
        self._is_quiet = False
        self._why = ""
        self._drawing = ThemedIcon(self, theme, "send", "on_fill")
        self.setAutoDefault(False)

    def show_state(self, *, is_running: bool, is_ready: bool, is_quiet: bool = False) -> None:
        """Show Stop while a reply runs; else Send, enabled only if there is something to send.

        `is_quiet`: another button is what is pressed next.
        """
        self._is_running = is_running
        self._is_quiet = is_quiet and not is_running
        enabled = is_running or is_ready
        ink = "ink" if self._is_quiet else "on_fill"
        words = self.tr("Stop") if is_running else self.tr("Send")
        self.setText(AFTER_ICON + words)
        self.setAccessibleName(words)
        self._drawing.show("stop" if is_running else "send", ink if enabled else "muted")
        self.setEnabled(enabled)
        self._say_place()
        self._keep_width()

    def set_place(self, place: Place | None) -> None:
        """Set the colour and description of where the words will go; None while that is not known."""
        self._place = place
        self._say_place()

    def explain(self, why: str) -> None:
        """Say why nothing can be sent yet; empty where something can."""
        self._why = why
        self._say_place()

    def _say_place(self) -> None:
        where = self._why or (place_sentence(self._place) if self._place is not None else "")
        self.setAccessibleDescription("" if self._is_running else where)
        set_tooltip(self, self.tr("Stop (Esc)") if self._is_running else where)
        fill = FILL_OF_PLACE[self._place.kind] if self._place is not None else "accent"
        set_look(self, *(("",) if self._is_quiet else ("filled", fill)))

    def _keep_width(self) -> None:
        """Make it wide enough for both words, so that nothing shifts when one replaces the other."""
        self.ensurePolished()  # for the metrics of the sheet's heavier font
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(AFTER_ICON + word) for word in (self.tr("Send"), self.tr("Stop")))
        self.setMinimumWidth(widest + self._theme.icon_px + self._theme.px(12) * 3 + GAP)

    # Qt's own method

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange:
            self._keep_width()


_NARROWEST_BOX_PX = 240
_BOX_COLUMN = 1


class InputRows(QGridLayout):
    """The input field with its controls: beside it in one row, or in a row below it."""

    def __init__(self, theme: Theme, attach: QWidget, box: MessageInput, folders: QWidget, send: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._box = box
        self._folders = folders
        self._controls = (attach, send)
        self._is_one_row = True
        self.setHorizontalSpacing(GAP)
        self.setVerticalSpacing(GAP_TIGHT)
        self.setColumnStretch(_BOX_COLUMN, 1)
        self._place()

    def fit(self, width: int, *, has_chips: bool) -> None:
        """Choose the arrangement for a width in pixels; `has_chips`: something stands above the text, or below it."""
        shown = [each for each in self._controls if not each.isHidden() or each.sizePolicy().retainSizeWhenHidden()]
        room = width - sum(each.sizeHint().width() + GAP for each in shown)
        is_roomy = room >= self._theme.px(_NARROWEST_BOX_PX)
        is_one_row = is_roomy and not has_chips and self._box.fits_line(room)
        if is_one_row is not self._is_one_row:
            self._is_one_row = is_one_row
            self._place()

    def _place(self) -> None:
        """Place the field before all that belongs to it, in which order the keyboard walks."""
        attach, send = self._controls
        for each in (self._box, attach, self._folders, send):
            self.removeWidget(each)
        if self._is_one_row:
            self.addWidget(self._box, 1, _BOX_COLUMN, Qt.AlignmentFlag.AlignVCenter)
        else:
            self.addWidget(self._box, 0, 0, 1, _BOX_COLUMN + 2)
        self.addWidget(attach, 1, 0, Qt.AlignmentFlag.AlignVCenter)
        if not self._is_one_row:
            self.addWidget(self._folders, 1, _BOX_COLUMN, Qt.AlignmentFlag.AlignVCenter)
        self.addWidget(send, 1, _BOX_COLUMN + 1, Qt.AlignmentFlag.AlignVCenter)


class EditBanner(QuietLine):
    """A row that is hidden until an edit begins."""

    builder_requested = Signal(str)  # the id of the message

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, ElidedLabel("", "small"), "", parent=parent)
        self.say(self.tr("Editing an earlier message"))
        self._message_id = ""
        self._builder = self.offer(self.tr("Open in the prompt builder"), "muted")
        self._builder.clicked.connect(lambda: self.builder_requested.emit(self._message_id))
        ThemedIcon(self._builder, theme, "prompt", "muted")
        self._builder.hide()
        cancel = self.offer(self.tr("Cancel"), "muted")
        cancel.setToolTip(self.tr("Cancel (Esc)"))
        cancel.setAccessibleName(self.tr("Stop editing, and take back what was written before"))
        ThemedIcon(cancel, theme, "close", "muted")
        self.cancelled: SignalInstance = cancel.clicked

    def offer_builder(self, message_id: str) -> None:
        """Offer to change this message in its parts; empty: it has none."""
        self._message_id = message_id
        self._builder.setVisible(bool(message_id))


_DRAFT_PAUSE_MS = 400  # a pause in typing, not a key, is worth a write to the disk
DRAFT_LATEST_MS = 1500  # after a key: whoever types without a pause loses no more than that


class Composer(QFrame):
    """The input field, what stands above it (an edit, queued messages, files, pasted texts), and its controls."""

    prompt_send_requested = Signal()  # what is sent is made of more than the words in the box
    lent_send_pressed = Signal()  # Enter in the empty box, while Send is the prompt builder's
    send_requested = Signal(str)  # a message, or while editing the new words of an earlier one
    queue_requested = Signal(str)  # to be sent once the reply that runs is done
    stop_requested = Signal()
    draft_changed = Signal(str)
    draft_overdue = Signal(str)  # to be saved although the user types on: nothing in sight may change by it
    changed = Signal()  # at each key, and by whatever else is put into it; not by the draft of another conversation
    writing_begun = Signal(bool)  # there are words where there were none; True: the user's, not those of a draft
    earlier_wanted = Signal()  # the user's message before the one in the box, to edit it; at first the last one
    later_wanted = Signal()
    edit_cancelled = Signal(str)  # its new words so far
    begun_anew = Signal()  # all that was written is gone, or that of another conversation is shown

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._is_running = False
        self._queues = True  # what is written while it runs
        self.is_held = False  # see `hold_send`
        self._has_prompt = False
        self._is_asking = False
        self._offers_folders = False
        self._asked_folders = ""
        self._is_lent = False
        self._set_aside: str | None = None  # the draft that comes back after an edit
        self._edited = ""  # the words of the edited message as they were
        self._edit_began_at = (0, 0)  # among the steps that can be undone
        set_look(self, "composer")
        self.setAccessibleName(self.tr("Message"))
        self.banner = EditBanner(theme, self)
        self.queued = QueuedMessages(theme, self)
        self._row = ChipRow(("files", "texts"))
        self.files = FileChips(theme, self._row, "files")
        self.folders = FolderChips(theme, self)
        self.task = TaskChip(theme)
        self.task.task_changed.connect(self._place_controls)
        self._box = MessageInput(theme)
        self._box.setAccessibleName(self.tr("Message"))
        self._box.takes_files = True
        self.pasted = PastedTexts(theme, self._row, self._box)
        self.note_step = self.pasted.note  # of files: see there
        self._attach = IconButton(theme, "attach", self.tr("Attach files"))
        self._attach.setToolTip(self.tr("Attach files (Ctrl+Shift+A)"))
        self.send_button = SendButton(theme)
        keeps_room = self.send_button.sizePolicy()
        keeps_room.setRetainSizeWhenHidden(True)
        self.send_button.setSizePolicy(keeps_room)
        self._has_words = False
        self._is_opening = False  # a draft, so that nobody writes
        self._draft_pause = QTimer(self, singleShot=True, interval=_DRAFT_PAUSE_MS)
        self._draft_latest = QTimer(self, singleShot=True, interval=DRAFT_LATEST_MS)
        self._lay_out()
        self._connect()
        self._show_state()

    def _lay_out(self) -> None:
        self._rows = InputRows(self._theme, self._attach, self._box, self.folders, self.send_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(GAP_TIGHT)
        # The line that names a task comes and goes while one writes: what stands below it does not move then.
        for part_above in (self.banner, self.queued, self.task, self._row):
            column.addWidget(part_above)
        column.addLayout(self._rows)
        self.setFocusProxy(self._box)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def _connect(self) -> None:
        box = self._box
        box.textChanged.connect(self._changed)
        box.composing_changed.connect(self._on_composing)
        box.enter_pressed.connect(self._send)
        box.escape_pressed.connect(self._escape)
        box.undo_pressed.connect(self._undo)
        box.redo_pressed.connect(self.pasted.redo)
        box.take_tab = self.task.press
        box.left_upwards.connect(self._on_left_upwards)
        box.left_downwards.connect(self._on_left_downwards)
        self.pasted.changed.connect(self._changed)
        box.focus_changed.connect(self._show_focus)
        self.send_button.clicked.connect(self._press)
        self.banner.cancelled.connect(self.cancel_edit)
        self.files_pasted: SignalInstance = box.files_pasted  # GivenFiles
        self.attach_requested: SignalInstance = self._attach.clicked
        self._draft_pause.timeout.connect(self._tell_draft)
        self._draft_latest.timeout.connect(self._tell_overdue)

    @property
    def is_editing(self) -> bool:
        return self._set_aside is not None

    @property
    def draft(self) -> str:
        """The text worth keeping: while an earlier message is edited, what stood there before."""
        return self.text() if self._set_aside is None else self._set_aside

    def text(self) -> str:
        """Return all that would be sent: the input field's text, then the pasted texts."""
        return self.pasted.all_text

    @property
    def words(self) -> str:
        """The text of the field, without the pasted texts."""
        return self._box.toPlainText()

    @property
    def pasted_texts(self) -> tuple[str, ...]:
        """The pasted texts that are too long for the field."""
        return tuple(self.pasted.texts)

    def set_text(self, text: str) -> None:
        """Replace the text, as one step that can be undone; the cursor goes to its end.

        Emits no `draft_changed`: the text came from outside.
        """
        lead, rest = part(clean_input(text))
        self.pasted.change(lead, [rest] if rest else [])
        self._stop_draft_timers()

    def open_draft(self, text: str) -> None:
        """Show the draft of another conversation; neither the undo steps of this one nor an edit is carried over."""
        self._set_aside = None
        lead, rest = part(clean_input(text))
        self._is_opening = True
        self.pasted.begin_with(lead, [rest] if rest else [])
        self._is_opening = False
        self._stop_draft_timers()
        self._show_state()
        self.begun_anew.emit()

    def take_text(self) -> str:
        """Return the text and empty the field, or after an edit restore what stood there before.

        Emits no `draft_changed`.
        """
        text = self.text()
        before, self._set_aside = self._set_aside or "", None
        self.set_text(before)
        return text

    def add_text(self, text: str) -> None:
        """Append words below the text, as if they had been typed."""
        self.set_text(text_below(self.text(), text))
        self._changed()

    def paste_below(self) -> None:
        """Paste what the clipboard holds below the words, as its keys would."""
        self._box.setFocus()
        self._box.moveCursor(QTextCursor.MoveOperation.End)
        between = self._box.textCursor()
        end = between.position()
        self._box.paste()
        between.setPosition(end)
        if not between.atEnd():  # else it stands above the words, or has become a file
            between.insertText("\n\n")

    def type_on(self, text: str) -> None:
        """Continue typing that began while the page of messages had the focus."""
        self._box.setFocus()
        self._box.textCursor().insertText(text)

    def take_files(self, shall: bool) -> None:
        """Offer the way to give files, or leave it out where a conversation takes none."""
        self._box.makes_files = shall
        self._attach.setVisible(shall or self._offers_folders)
        self._place_controls()

    def offer_folders(self, shall: bool) -> None:
        """Offer the way to give folders, too, also where no files are taken."""
        self._offers_folders = shall
        self.take_files(self._box.makes_files)

    def announce(self) -> None:
        """Tell those who have come to listen since what is written."""
        if self.text():
            self._has_words = False
            self._changed()

    def finish_composing(self) -> None:
        """Commit the words that an input method is composing, before the text is kept or left."""
        self._box.finish_composing()

    def begin_edit(self, text: str) -> None:
        """Put the words of an earlier message into the field; what stood there comes back afterwards."""
        self.finish_composing()
        if self._set_aside is None:
            self._set_aside = self.text()
        self.set_text(text)
        self._edited = self.text()
        self._edit_began_at = self.pasted.position
        self._box.setFocus()

    def cancel_edit(self) -> None:
        """End the edit, leaving the earlier message as it was."""
        if self._set_aside is not None:
            words = self.take_text()
            self._box.setFocus()
            self.edit_cancelled.emit(words)

    def set_running(self, running: bool, *, queues: bool = True) -> None:
        """Set if a reply arrives: then Send is Stop, and Enter queues what is written, if the chat `queues` it."""
        if running is not self._is_running or queues is not self._queues:
            self._is_running, self._queues = running, queues
            self.queued.set_running(running)
            self._show_state()

    def hold_send(self, shall: bool) -> None:
        """Have Send wait, while a sheet above asks how something is to be sent."""
        self.is_held = shall
        self.task.keep_back(shall)
        self._show_state()

    def hold_prompt(self, shall: bool, *, is_asking: bool = False) -> None:
        """Have Send and Enter send a prompt that is made of more than the words here, even where there are none.

        `is_asking`: something is asked yet, so that Send does not call for a press.
        """
        self._has_prompt, self._is_asking = shall, is_asking
        self._show_state()

    def lend_send(self, shall: bool) -> None:
        """Leave Send to the prompt builder, in which the user writes now; Stop stays here, and nothing moves."""
        self._is_lent = shall
        self._show_state()

    def show_files(self, files: Sequence[Attachment]) -> None:
        """Show the files that go with the message."""
        self.files.show_files(files)
        self._show_state()

    def show_folders(self, folders: Sequence[FolderState], notes: Mapping[str, str], names: str) -> None:
        """Show the folders that questions are answered from; `notes` as the chips take them.

        `names`: of those that can be asked, as they stand in a sentence.
        """
        self._asked_folders = names
        self.folders.show_folders(folders, notes)
        self._show_state()

    def make_files(self) -> bool:
        """Make files of the pasted texts, which can be taken apart. Return False if nothing came of it."""
        if not self._box.makes_files or not self.pasted.texts:
            return False
        self.files_pasted.emit(GivenFiles(texts=self.pasted.take_out()))
        return True

    def _place_controls(self) -> None:
        margins = self.contentsMargins()
        room = self.width() - 2 * GAP - margins.left() - margins.right()
        self._rows.fit(room, has_chips=not self._row.is_empty or not self.folders.isHidden())

    def _undo(self) -> None:
        if self.is_editing and self.pasted.position <= self._edit_began_at:
            self.cancel_edit()  # what was before the edit is the draft
        else:
            self.pasted.undo()

    def _is_blank(self) -> bool:
        return self._row.is_empty and not self._box.toPlainText().strip()

    def _changed(self) -> None:
        self._draft_pause.start()
        if not self._draft_latest.isActive():
            self._draft_latest.start()
        if not self._is_opening:
            self.changed.emit()
        had_words, self._has_words = self._has_words, bool(self.text().strip())
        if not self._has_words:
            self.begun_anew.emit()
        elif not had_words:
            self.writing_begun.emit(not self._is_opening)
        self._show_state()

    def _stop_draft_timers(self) -> None:
        self._draft_pause.stop()
        self._draft_latest.stop()

    def _tell_draft(self) -> None:
        if not self._box.is_composing:  # half a word is nothing to go by; and what moves the box moves its candidates
            self._draft_latest.stop()
            self.draft_changed.emit(self.draft)

    def _tell_overdue(self) -> None:
        self.draft_overdue.emit(self.draft)

    def _on_composing(self) -> None:
        if not self._box.is_composing:
            self._draft_pause.start()
        self._show_state()

    def _press(self) -> None:
        if self._is_running:
            self._stop()
        else:
            self._send()

    def _send(self) -> None:
        self._box.finish_composing()
        if self._has_prompt and not self.is_held:
            self.prompt_send_requested.emit()
            return
        if self._is_blank() and self._is_lent:
            self.lent_send_pressed.emit()
        if self._is_blank() or self.is_held:
            return
        self._box.setFocus()  # before the button goes grey and passes the focus on
        text = self.text().strip()
        if self._is_running and not self.is_editing:
            self.queue_requested.emit(text)
        else:
            self.send_requested.emit(text)

    def _stop(self) -> None:
        if self._is_running:
            self._box.setFocus()  # before the button goes grey and passes the focus on
            self.stop_requested.emit()

    def _escape(self) -> None:
        if self.is_editing:
            self.cancel_edit()
        else:
            self._stop()

    def _on_left_upwards(self) -> None:
        if self._is_blank() or self._is_unchanged_edit():
            self.earlier_wanted.emit()

    def _on_left_downwards(self) -> None:
        if self._is_unchanged_edit():
            self.later_wanted.emit()

    def _is_unchanged_edit(self) -> bool:
        return self.is_editing and self.text() == self._edited

    def _show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        self.style().unpolish(self)
        self.style().polish(self)

    def _show_state(self) -> None:
        """Update button, banner and hints for what Enter and Escape do now."""
        self.banner.setVisible(self.is_editing)
        self._box.takes_escape = self.is_editing
        is_ready = (self._has_prompt or self._box.is_composing or not self._is_blank()) and not self.is_held
        self.send_button.show_state(is_running=self._is_running, is_ready=is_ready, is_quiet=self._is_asking)
        self.send_button.setHidden(self._is_lent and not self._is_running)
        if self._is_running and self._queues and not self.is_editing:
            self._box.set_hint(self.tr("The next message … Enter queues it"), self.tr("The next message …"))
            self._box.setAccessibleDescription(self.tr("Enter sends the message once the answer is done"))
        else:
            asking = say("folders.ask_about", folders=self._asked_folders) if self._asked_folders else ""
            self._box.set_hint(asking or self.tr("Message …"), self.tr("Message …"))
            keys = self.tr("Enter sends, Shift and Enter begin a new line")
            editing = self.tr("Editing an earlier message: Enter sends it anew, Escape leaves it as it was")
            self._box.setAccessibleDescription(editing if self.is_editing else keys)
        self._place_controls()

    # Qt's own methods

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_controls()
