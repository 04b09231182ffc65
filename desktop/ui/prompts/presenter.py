"""The presenter between the prompt builder and the current conversation: whose draft it holds, and what replaces it.

Made together with the panel. The panel works out what a draft comes to; its place is `dock`'s; what becomes of a prompt
is `sending`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, SignalInstance

from desktop.core.documents.naming_places import without_asking
from desktop.core.message import Message
from desktop.core.prompts.answer_example import with_answer_kept
from desktop.core.prompts.freeform_parser import TakenApart
from desktop.core.prompts.marks import EXAMPLES_KEY
from desktop.core.prompts.prompt import PromptDraft, PromptFramework, draft_of, draft_to_json
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.generation import Generation
from desktop.runtime.models.directory import ModelDirectory
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.files_presenter import FilesPresenter
from desktop.ui.chat.page import ChatPage
from desktop.ui.composer.card import DRAFT_LATEST_MS
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.afterwards import AfterAnswer
from desktop.ui.prompts.boxed import BoxedMessage
from desktop.ui.prompts.builder.panel import PromptPanel
from desktop.ui.prompts.destination import PromptDestination
from desktop.ui.prompts.edited import EditedMessage, SentPrompts
from desktop.ui.prompts.replacing import DraftReplacing, unzipped
from desktop.ui.prompts.sending import GivenFiles, PromptSending
from desktop.ui.prompts.taking_apart import TakingApart
from desktop.ui.prompts.top_line import TopLine
from desktop.ui.prompts.two_drafts import TwoDrafts

_DRAFT_PAUSE_MS = 400  # a pause in typing, not a key, is worth a write to the disk


class PromptPresenter(QObject):
    """The keeper of the current conversation's draft in the panel; reopens prompts, and takes messages apart."""

    def __init__(
        self,
        theme: Theme,
        frameworks: Sequence[PromptFramework],
        page: ChatPage,
        conversation: ConversationPresenter,
        chat: Chat,
        models: ModelDirectory,
        files: FilesPresenter,
    ) -> None:
        super().__init__(page)
        self._files = chat.attachments.of_prompts
        self._give = files
        self._page = page
        self._composer = page.composer
        self._conversation = conversation
        self._chat = chat
        self.panel = PromptPanel(theme, frameworks)
        self._key = chat.draft_key  # under which the draft in the panel is kept
        self._kept = ""  # the draft as it was last saved or read
        self._pause = QTimer(self, singleShot=True, interval=_DRAFT_PAUSE_MS)
        self._latest = QTimer(self, singleShot=True, interval=DRAFT_LATEST_MS)
        for is_time in (self._pause.timeout, self._latest.timeout):
            is_time.connect(self.keep_draft)
        self._sent: PromptDraft | None = None  # what was sent and still stands in the panel
        self._went: GivenFiles = ()  # the files that went with that
        self._stayed = SentPrompts()
        self._edited = EditedMessage()
        self._box = BoxedMessage(self._composer, conversation, chat, self._files, lambda: self._task)
        self.sending = PromptSending(self.panel, conversation, chat, self._files, self._box, self._edited)
        self.compared: SignalInstance = self.sending.compared
        self.left: SignalInstance = self.sending.left
        self._replacing = DraftReplacing(
            self.panel, self._box, self._files, self.sending.given, lambda: self._is_free, self._pause.start
        )
        self._destination = PromptDestination(self.panel, chat, models)
        self._apart = TakingApart(self.panel, self._box)
        self._two = TwoDrafts(
            self.panel, self._composer, self._box, lambda: self._is_free and not self._edited.id, self._is_told
        )
        self._afterwards = afterwards = AfterAnswer(theme, page, chat, self.panel.framework_of)
        self.keep_as_example = afterwards.keep_at  # the answer of a message, by its id
        self._connect()
        self._destination.tell()
        self._read()
        self._files.show_draft(self._key)
        if not self._key:
            self._files.load("")  # a list that is there from the start

    def start_writing(self) -> None:
        """Have the user choose a task or write on, and offer to parse the text of the input field into parts."""
        if self.panel.is_untouched:
            self.panel.list_tasks()
        else:
            self.panel.fields.focus_part()
        self._two.offer()

    def share_send(self) -> None:
        """Have Send where the user writes."""
        self._two.share_send()

    def keep_draft(self) -> None:
        """Save the draft of the conversation, if it has changed."""
        self._pause.stop()
        self._latest.stop()
        draft = self._draft_to_keep()
        if draft != self._kept:
            self._kept = draft
            self._chat.unsent.keep_prompt(draft, self._key)

    @gui_task
    async def reopen(self, message_id: str) -> None:
        """Open a message that was sent from here for changes, in its parts."""
        typed = self._composer.text().strip() if self._composer.is_editing else ""
        self._composer.cancel_edit()
        stored = await self._chat.unsent.read_prompt(self._chat.current.id, message_id)
        self._show_sent(message_id, stored, typed)

    @gui_task
    async def fill_in(self, draft: PromptDraft, words: str, files: Sequence[Path] = ()) -> None:
        """Replace the draft by this one, with a way back; `words` describe it, `files` are those that it names."""
        # Only to come after what is being read now: that might be the draft of this conversation.
        await self._chat.unsent.read_prompt(self._key)
        self._replace(draft, words)
        if draft.examples:  # they stand below the other parts, where nobody would see that they are there
            self.panel.fields.focus_part(EXAMPLES_KEY)
        for file in files:
            field = next((each.field for each in draft.files if each.name == file.name), self._task)
            self._give.attach([file], field)

    def _connect(self) -> None:
        panel, chat = self.panel, self._chat
        panel.draft_changed.connect(self._on_draft_changed)
        panel.replaced.connect(self._offer_back)
        panel.settings_change_requested.connect(chat.change_settings)
        panel.send_requested.connect(self._send)
        panel.compare_requested.connect(self.sending.compare)
        panel.insert_requested.connect(self.sending.insert)
        self._apart.taken.connect(self._take_over)
        self._apart.accepted.connect(self._accept_apart)
        self._apart.found_nothing.connect(self._say_nothing_is_there)
        self.sending.sent.connect(self._on_sent)
        self.sending.not_sent.connect(self._give_back)
        self._afterwards.without_wanted.connect(self.sending.ask_without)
        self._afterwards.kept.connect(self._keep_answer)
        panel.notice_pressed.connect(self._act_on_notice)
        panel.notice_dismissed.connect(self._on_notice_dismissed)
        panel.explained.connect(self._page.notice.show_text)
        files, requests = self._files, panel.file_requests
        self._give.speak_for(files)
        files.changed.connect(self._show_files)
        requests.pick = self._give.pick
        requests.take = lambda field, given: self._give.take_given(given, field)
        requests.act = lambda file_id, action: self._give.act(file_id, action, files)
        chat.leaving.connect(self._leave)
        chat.opened.connect(lambda *_: self._on_opened())
        chat.generation_started.connect(self._on_generation_started)

    # Whose draft it is

    @property
    def _is_free(self) -> bool:
        """True if nothing stands in the panel that the user would miss."""
        return self.panel.is_untouched or self.holds_what_was_sent

    @property
    def holds_what_was_sent(self) -> bool:
        """True if a prompt that was sent stands in the panel, and nothing of it has been changed since."""
        return self.panel.draft == self._sent

    def _is_told(self, text: str) -> bool:
        """Return True if a text of the message box comes from here, or the line on top must stay."""
        return bool(self._edited.id) or self.sending.has_inserted(text)

    def _draft_to_keep(self) -> str:
        """Return the draft that is kept with the conversation, as JSON; empty if there is nothing to keep."""
        draft = self._edited.to_keep(self.panel.draft, self.panel.new_draft)
        return "" if draft is None or draft in (self.panel.new_draft, self._sent) else draft_to_json(draft)

    @gui_task
    async def _read(self) -> None:
        """Show the draft of the current conversation, as soon as it has been read."""
        key = self._key
        stored = await self._chat.unsent.read_prompt(key)
        if key == self._key and not self._edited.id and self.panel.has_no_words:
            self._kept, sent = stored, self._stayed.of(key)
            self.panel.show_draft(draft_of(stored) or sent)
            if sent is not None and not stored:
                self._went = ()  # the conversation has them
                self._say_sent()

    def _leave(self) -> None:
        self.panel.finish_composing()
        self.keep_draft()
        self._stayed.note(self._key, self._sent if self.holds_what_was_sent else None)

    def _on_opened(self) -> None:
        if self._chat.draft_key != self._key:
            self._key, self._kept, self._sent = self._chat.draft_key, "", None
            self.sending.forget_inserted()
            self._box.forget_words()
            self._end_edit()
            self.panel.hide_notice()
            self.panel.end_writing()
            self.panel.show_draft(None)
            self._files.show_draft(self._key)
            self._read()

    def _on_draft_changed(self) -> None:
        self._chat.titles.cancel()
        if self.panel.notice_key in (TopLine.APART, TopLine.AGAIN, TopLine.ANEW, TopLine.TWICE, TopLine.BACK):
            self.panel.head.fade_notice()
        self._pause.start()
        if not self._latest.isActive():
            self._latest.start()

    def _on_generation_started(self, generation: Generation) -> None:
        """Keep the draft with the conversation, which exists from now on, and with the message if it came from here.

        The prompt may also have been sent by way of the input field.
        """
        if self._chat.draft_key != self._key:
            self._chat.unsent.keep_prompt("", self._key)
            self._key, self._kept = self._chat.draft_key, ""
            self._files.rename_draft(self._key)
            self.keep_draft()
        draft = self.sending.sent_by_box(generation)
        if draft is not None and self._is_still(draft):  # else something else is being written there by now
            self._begin_next(draft)

    def _offer_back(self, before: PromptDraft) -> None:
        if self.panel.is_untouched:
            self._box.forget_words()  # nothing of that message is in the prompt any more
        if not self._edited.id:  # then the line on top says so
            words = self.tr("Emptied.") if self.panel.is_untouched else self.tr("Changed.")
            self._replacing.offer_back(before, None, words)

    # What was sent

    def _send(self) -> None:
        """Send the prompt; the same one once more only if that is wanted, as a second press might be a slip."""
        if self.holds_what_was_sent and not self._edited.id:
            words = self.tr("This was sent, and nothing is changed.")
            if not self._has_read(self._went):
                words = self.tr(
                    "This was sent, and nothing is changed. Its files went with a message that is no longer here."
                )
            self._say(TopLine.TWICE, words, self.tr("Send it again"))
        else:
            self.sending.send()

    def _has_read(self, files: GivenFiles) -> bool:
        """Return True if the conversation has these files as it stands, so that they need not be sent once more."""
        messages = [self._chat.path.message(each.id) for each in self._chat.path.entries]
        there = {file.name for message in messages if message is not None for file in message.files}
        return None in messages or all(part.name in there for part, _ in files)

    def _on_sent(self, draft: PromptDraft) -> None:
        if self._is_still(draft):
            self._begin_next(draft)
        else:  # something else has been written since
            self._files.clear()

    def _is_still(self, draft: PromptDraft) -> bool:
        """Return True if the panel holds the same words as this draft."""
        return replace(self.panel.draft, files=draft.files) == draft

    def _give_back(self, draft: PromptDraft, files: GivenFiles, conversation_id: str) -> None:
        """Restore what was to be compared and could not be sent; the current conversation may be another by now."""
        if conversation_id == self._chat.current.id:
            self._replacing.show(draft, self.tr("What could not be sent is back."))
            self._files.give_back(*unzipped(files))
        else:
            is_there = any(each.id == conversation_id for each in self._chat.conversations)
            self._chat.unsent.keep_prompt(draft_to_json(draft), conversation_id if is_there else "")

    def _begin_next(self, sent: PromptDraft) -> None:
        """Show what was set aside for what was sent; else leave what was sent where it stands."""
        files, was_edited = self.sending.given(), bool(self._edited.id)
        set_aside = self._end_edit()
        if not was_edited:
            self._files.clear()
            self._stay(files)
            return
        self.panel.show_draft(set_aside)
        self.keep_draft()
        if self.panel.is_untouched:
            self._replacing.offer_again(sent, files)

    def _stay(self, files: GivenFiles) -> None:
        """Leave what was sent in the panel, to be looked at and asked otherwise; it is no draft to be kept.

        Its files go: the conversation has them now.
        """
        if files or not self.holds_what_was_sent:
            self._went = files
        self._say_sent()
        self.keep_draft()

    def _say_sent(self) -> None:
        """Show that what stands in the panel has been sent."""
        self._sent = self.panel.draft
        self.share_send()
        self._say(TopLine.ANEW, self.tr("Sent."), self.tr("Start anew"))

    def _keep_answer(self, asked: PromptDraft, answer: Message) -> None:
        """Keep an answer as an example in the prompt that stands in the panel, else in the one that was answered."""
        is_other = self.panel.is_untouched or self.panel.draft.framework != asked.framework
        kept = with_answer_kept(asked if is_other else self.panel.draft, answer, asked)
        before, files = self.panel.draft, self.sending.given()
        self._replacing.show(kept, self.tr("The answer is kept as an example."))

        def undo() -> None:
            self._page.composer.setFocus()
            self._page.notice.hide()
            self._replacing.restore(before, files)

        said = self.tr("The answer is kept as an example in the prompt builder.")
        self._page.notice.show_text(said, [(self.tr("Undo"), undo)], calmly=True)

    # What takes the draft's place

    @gui_task
    async def when_read(self, act: Callable[[], None]) -> None:
        """Do something as soon as what is being read now is there, which might be the draft of this conversation."""
        await self._chat.unsent.read_prompt(self._key)
        act()

    def replace_with_written(self, draft: PromptDraft) -> None:
        """Show a draft that was made of what stands in the message box, with the files there."""
        self._replace(draft, self.tr("Your message took the place of what stood here."))
        self._box.copy_files()

    def follow_box_files(self) -> None:
        """Have the same files in the task as in the message box, beside those that were given here."""
        self._box.follow_files()

    def send_guided(self) -> None:
        """Send the draft with the files of the message box, whose words it was made of."""
        if self._conversation.are_ready(self._chat.attachments, self.send_guided):
            self._box.follow_files()
            self._box.take_words()
            self.sending.send()

    def _say_nothing_is_there(self) -> None:
        self._page.notice.show_text(self.tr("There is nothing in the message box that could be taken apart."))

    def _accept_apart(self, taken: TakenApart) -> None:
        before, was_free = self.panel.draft, self.panel.is_untouched
        self._take_over(taken.draft)
        if was_free:  # else there is a way back already
            self._replacing.offer_back(before, (), self.tr("Your message is sorted into parts."))

    def _take_over(self, draft: PromptDraft) -> None:
        """Show what the text of the message box comes to in parts, with its files."""
        self._replace(draft, self.tr("Your message took the place of what stood here."))
        files = self._chat.attachments.parts()
        self._files.give_back(files, [self._task] * len(files))
        self._box.take_words()

    def _replace(self, draft: PromptDraft, words: str) -> None:
        """Replace the draft by one to be written on."""
        if self._edited.id:  # it is no change of that message: what was written must not be sent in its place
            changed = self.panel.draft
            self.panel.show_draft(self._end_edit())
            if self.panel.is_untouched:
                self.panel.show_draft(changed)
        self._replacing.show(draft, words)
        self.panel.fields.focus_part()

    @property
    def _task(self) -> str:
        return self.panel.framework.task.key

    # A sent message in its parts

    def _show_sent(self, message_id: str, stored: str, typed: str) -> None:
        """Show a sent message; as it was changed in the input field, if `typed` is not empty."""
        draft, sent = draft_of(stored), self._chat.path.message(message_id)
        if draft is None or sent is None:
            return
        self.keep_draft()
        self._edited.start(message_id, self.panel.new_draft if self._is_free else self.panel.draft)
        fields = {each.name: each.field for each in draft.files}
        self._files.show_message_files(sent.files, [fields.get(each.name, self._task) for each in sent.files])
        self.panel.show_draft(draft)
        self._edited.as_sent = self.panel.draft
        self._edited.turns = len(self.panel.prompt.turns)
        if typed and without_asking(typed) != without_asking(sent.text.strip()):
            changed = self._apart.draft_of(typed)
            if draft.examples_as_turns:  # then they do not stand in the text
                changed = replace(changed, examples=draft.examples, examples_as_turns=True)
            self.panel.show_draft(changed)
            self._pause.start()
        self._say_edited()
        self.panel.fields.focus_part()

    def _say_edited(self) -> None:
        """Show that an earlier message is being changed, if one is."""
        if self._edited.id:
            self._say(TopLine.CANCEL, self.tr("You are changing an earlier message."), self.tr("Cancel"))

    def _end_edit(self) -> PromptDraft | None:
        """End the change of a sent message, and return what was set aside for it."""
        if self._edited.id:
            self.panel.hide_notice()
            self._files.return_to_draft()
        return self._edited.end()

    def _give_up_edit(self) -> None:
        self.panel.show_draft(self._end_edit())
        self.keep_draft()

    # The line on top

    def _say(self, key: TopLine, words: str, action: str) -> None:
        self.panel.show_notice(key, words, action)

    def _act_on_notice(self, key: str) -> None:
        match key:
            case TopLine.APART | TopLine.NEWER:
                self._apart.start()
            case TopLine.CANCEL:
                self._give_up_edit()
            case TopLine.TWICE:
                self.panel.hide_notice()
                self.sending.send()
            case TopLine.ANEW:
                self.panel.hide_notice()
                self._sent = None
                self.panel.show_draft(self.panel.fresh_draft)
            case _:
                self._replacing.bring_back()
        self.panel.fields.focus_part()

    def _on_notice_dismissed(self, key: str) -> None:
        if key == TopLine.CANCEL:
            self._give_up_edit()
        else:
            self._say_edited()

    def _show_files(self) -> None:
        self.panel.show_files(self._files.items)
        self._destination.tell()
