"""What is written in the message box: the draft, or the new words of an earlier message, and the way to the next.

While a question is typed, the model reads its files ahead. A draft is kept with its conversation, and so are the
changes of a message that is being edited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, Signal

from desktop.core.message import Message, Role
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.ui.chat.page import ChatPage, PagePresenter
from desktop.ui.chat.sending import PendingMessage
from desktop.ui.composer.above_text import text_below
from desktop.ui.message_actions import Ask


class Writing(PagePresenter):
    """The keeper of what is written in the message box: a draft, or a message of the user that is being edited.

    What is written while a conversation is awaited belongs to that one, if it comes: until then it is nobody's.
    """

    edit_began = Signal(str)  # the id of the message

    def __init__(self, page: ChatPage, chat: Chat) -> None:
        super().__init__(page, chat)
        self.kept = ""  # what the composer held when it was last saved or filled
        self._found = ""  # the draft of the conversation that does not exist yet, while another one is awaited
        self.id = ""  # of the message whose words are in the composer
        self._as_it_was: Message | None = None  # that message; None where only its new words are known
        self._given_up: tuple[str, str, str] | None = None  # conversation, message, and the words that were given up
        page.reading.register({Ask.EDIT: lambda message_id, _: self.edit(message_id)})
        for changed in (self._composer.draft_changed, self._composer.draft_overdue):
            changed.connect(self.save)
            changed.connect(lambda _: self.keep())
        self._composer.earlier_wanted.connect(lambda: self._walk(-1))
        self._composer.later_wanted.connect(lambda: self._walk(1))
        self._composer.edit_cancelled.connect(self._give_up)
        chat.leaving.connect(self.save_now)
        chat.leaving.connect(self._leave)
        for erased in (chat.shelf.erasing, chat.retention.erased):
            erased.connect(self._forget)
        chat.draft_found.connect(self._on_found)
        page.waiting_ended.connect(self._on_waiting_ended)

    def save(self, text: str) -> None:
        """Save a text as the draft, unless it is that already."""
        if text != self.kept and not self._page.is_awaiting:
            self.kept = text
            self._chat.keep_draft(text)

    def save_now(self) -> None:
        """Save what is written, the last words of an input method too."""
        self._composer.finish_composing()
        self.save(self._composer.draft)

    def save_again(self) -> None:
        """Save the field's draft again, which sending something else has forgotten."""
        self.kept = ""
        self.save(self._composer.draft)

    def show_draft(self, draft: str) -> None:
        """Show the draft of a conversation that has been opened."""
        if self._page.is_awaiting and self._chat.is_stored:  # the one that has been awaited
            self._found = ""
            if self._composer.text():
                self._put_above(draft)
                return
        self._composer.open_draft(draft)
        self.kept = draft

    def _put_above(self, draft: str) -> None:
        """Show a draft from the last time above what has been written since the start."""
        if draft:
            written = self._composer.text()
            self._composer.open_draft(text_below(draft, written) if written else draft)
        self.kept = draft
        self.save(self._composer.draft)

    def _on_found(self, draft: str) -> None:
        if self._page.is_awaiting:
            self._found = draft
        else:
            self._put_above(draft)

    def _on_waiting_ended(self) -> None:
        found, self._found = self._found, ""
        if found:
            self._put_above(found)
        else:
            self.save(self._composer.draft)

    # A message that is being edited

    @gui_task
    async def edit(self, message_id: str, words: str | None = None) -> None:
        """Have a message changed, as soon as its words have been read; `words`: those of a change that goes on."""
        path = self._chat.path
        message = (await path.read([message_id])).get(message_id)
        if path is not self._chat.path or (self.id and words is not None):
            return  # the user is elsewhere, or changes another message by now
        if message is not None:
            self._edit_message(message, words)
        else:
            self._forget([self._chat.current.id])

    @gui_task
    async def go_on(self) -> None:
        """Go on with the change of a message in which the user has left this conversation, or the program."""
        path, written = self._chat.path, self._composer.text()
        kept = await self._chat.unsent.read_edit(self._chat.current.id)
        # Not under the fingers of whoever has begun to write; it is still there the next time.
        if kept is not None and path is self._chat.path and not self.id and self._composer.text() == written:
            self.edit(*kept)

    def begin_edit(self, message_id: str, text: str) -> None:
        """Have a message changed whose files are shown already; `text` are its new words so far."""
        if self._as_it_was is not None and self._as_it_was.id != message_id:
            self._as_it_was = None
        self._show(message_id, text)
        self.keep()

    def keep(self) -> None:
        """Keep the new words and files of the message with its conversation, if they are new."""
        conversation = self._chat.current.id
        if self.id and (self._is_changed() or self._chat.unsent.has_edit(conversation)):
            self._chat.unsent.keep_edit(conversation, self.id, self._composer.text())
            self._chat.attachments.keep_edited(conversation)

    def _show(self, message_id: str, text: str) -> None:
        self.mark(message_id)
        self._composer.begin_edit(text)
        self.edit_began.emit(message_id)
        self.save(self._composer.draft)  # which may have been typed a moment ago

    def end_edit(self) -> None:
        """Have the draft's files back where those of the message were; nothing of the change is kept."""
        self.mark("")
        self._chat.attachments.return_to_draft()
        self._forget([self._chat.current.id])

    def drop_given_up(self) -> None:
        """Keep nothing any more of the change that was given up last."""
        if self._given_up is not None:
            conversation, self._given_up = self._given_up[0], None
            self._chat.attachments.forget_edited(conversation)
            self._notice.hide_text(self._words_of_giving_up())

    def mark(self, message_id: str) -> None:
        """Show at a message that it is being edited; "" for none."""
        self.id = message_id
        self._page.reading.read(edited=message_id)

    def _edit_message(self, message: Message, words: str | None) -> None:
        if words is None:
            self.drop_given_up()
            self._chat.attachments.show_message_files(message.files)
        else:
            self._chat.attachments.take_up_edited(self._chat.current.id)
        self._as_it_was = message
        self._show(message.id, message.text)
        if words is not None:
            self._composer.set_text(words)

    def _give_up(self, words: str) -> None:
        """End the edit as the user wants; what was changed can be had back for a while."""
        conversation, message_id = self._chat.current.id, self.id
        is_there = self._chat.path.index_of(message_id) is not None
        if not is_there or not self._differs(words):
            self.end_edit()
            return
        self.drop_given_up()
        self.mark("")
        self._chat.attachments.put_edited_aside(conversation)
        self._chat.unsent.forget_edit(conversation)
        self._given_up = conversation, message_id, words
        self._notice.show_text(self._words_of_giving_up(), [(self.tr("Undo"), self._bring_back)], calmly=True)

    def _bring_back(self) -> None:
        """Go on with the change that was given up."""
        if self._given_up is None:
            return
        (_, message_id, words), self._given_up = self._given_up, None
        self._notice.hide_text(self._words_of_giving_up())
        self.edit(message_id, words)
        self.keep()

    def _words_of_giving_up(self) -> str:
        return self.tr("The change was given up. The message is as it was.")

    def _leave(self) -> None:
        """Keep the change for when the user comes back, if there is any."""
        self.drop_given_up()
        if not self.id:
            return
        conversation = self._chat.current.id
        if self._is_changed():
            self.keep()
            self._chat.attachments.put_edited_aside(conversation)
        else:
            self._forget([conversation])

    def _is_changed(self) -> bool:
        return self._differs(self._composer.text())

    def _differs(self, words: str) -> bool:
        """Return True if the message would be another one with these words and the files that are shown."""
        before = self._as_it_was
        return before is None or words != before.text or not self._has_same_files()

    def _has_same_files(self) -> bool:
        """Return True if what is sent with the message is what was sent with it before."""
        sent = () if self._as_it_was is None else self._as_it_was.without_passages.files
        return [each.to_send for each in self._chat.attachments.items] == list(sent)

    def _forget(self, ids: Sequence[str]) -> None:
        """Give up what is kept of changes in these conversations."""
        for each in ids:
            if self._chat.unsent.has_edit(each):
                self._chat.unsent.forget_edit(each)
                self._chat.attachments.forget_edited(each)

    def _walk(self, step: int) -> None:
        """Edit the user's message before or after the one in the composer; after the last comes the draft.

        Not where the files of this one are others by now, which would be lost.
        """
        if self.id and not self._has_same_files():
            return
        mine = [entry.id for entry in self._chat.path.entries if entry.role is Role.USER]
        at = mine.index(self.id) if self.id in mine else len(mine)
        if at + step >= len(mine):
            self._composer.cancel_edit()
        elif at + step >= 0:
            self.edit(mine[at + step])


_PAUSE_MS = 1000  # of changes, before anything is read that may be taken away again


class AheadPresenter(PagePresenter):
    """The presenter of what is read while a question is typed."""

    def __init__(self, page: ChatPage, chat: Chat, written: Callable[[], PendingMessage]) -> None:
        """Keep the dependencies. `written` returns what stands in the message box."""
        super().__init__(page, chat)
        self._written = written
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        for signal in (chat.attachments.changed, chat.settings_changed, chat.generation_ended):
            signal.connect(self._pause.start)
        page.composer.writing_begun.connect(lambda by_user: self._load() if by_user else None)
        page.composer.draft_changed.connect(lambda _: self._load())
        chat.opened.connect(self._leave)

    def _load(self) -> None:
        self._chat.ahead.load(self._chat.current)

    def _look(self) -> None:
        files = self._chat.attachments
        is_settled = bool(files.items) and all(each.is_settled for each in files.items)
        has_begun = bool(self._chat.path.entries)
        pending = self._written()
        if not is_settled or has_begun or self._chat.fitting.filling(self._chat.said, pending.as_message).over:
            self._chat.ahead.forget_files()
        else:
            self._chat.ahead.follow(self._chat.current, pending.files)

    def _leave(self) -> None:
        """Give up what was read of a conversation that is left, and look at the other one."""
        self._chat.ahead.forget_files()
        self._pause.start()
