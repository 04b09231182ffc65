"""The presenter between the prompt builder and the current conversation: whose draft it holds, and what replaces it.

Made together with the panel. The panel works out what a draft comes to; its place is `dock`'s; what becomes of a prompt
is `sending`'s, and so is the message box beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.core.documents.marks import PlaceWord, places_in, without_asking
from desktop.core.message import Message, user_message
from desktop.core.prompts.freeform_parser import TakenApart
from desktop.core.prompts.prompt import Example, PromptDraft, draft_of, draft_to_json, with_answer_kept
from desktop.core.prompts.render import EXAMPLES_KEY
from desktop.runtime.background import gui_task
from desktop.runtime.generation import Generation
from desktop.ui.composer.card import DRAFT_LATEST_MS
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.prompts.sending import APART, AnswerOffers, BoxedMessage, EditedMessage, GivenFiles, PromptSending

if TYPE_CHECKING:
    from desktop.ui.prompts.dock import PromptDock

_DRAFT_PAUSE_MS = 400  # a pause in typing, not a key, is worth a write to the disk
# Keys of the line on top, beside those of `sending`.
_PASSING = "passing"  # it says what has just happened: until something is written
_EDITING = "editing"  # an earlier message is being changed: until that ends


class PromptPresenter(QObject):
    """The keeper of the current conversation's draft in the panel; reopens prompts, and takes messages apart."""

    def __init__(self, dock: PromptDock) -> None:
        super().__init__(dock)
        self._page, self._composer = dock.page, dock.page.composer
        self._conversation, self._chat, self._give = dock.conversation, dock.chat, dock.files
        self._files = dock.chat.attachments.of_prompts
        self.panel = PromptPanel(dock.theme, dock.frameworks)
        self._key = dock.chat.draft_key  # under which the draft in the panel is kept
        self._kept = ""  # the draft as it was last saved or read
        self._pause = QTimer(self, singleShot=True, interval=_DRAFT_PAUSE_MS)
        self._latest = QTimer(self, singleShot=True, interval=DRAFT_LATEST_MS)
        for is_time in (self._pause.timeout, self._latest.timeout):
            is_time.connect(self.keep_draft)
        self._sent: PromptDraft | None = None  # what was sent and still stands in the panel
        self._left: dict[str, PromptDraft] = {}  # the same, by conversations that were left
        self.edited = EditedMessage()
        self.box = BoxedMessage(self, dock)
        self.sending = PromptSending(self, dock)
        AnswerOffers(self, dock)
        self._connect()
        self._tell_destination()
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
        self.box.offer()

    def keep_draft(self) -> None:
        """Save the draft of the conversation, if it has changed."""
        self._pause.stop()
        self._latest.stop()
        draft = self.edited.to_keep(self.panel.draft, self.panel.new_draft)
        text = "" if draft is None or draft in (self.panel.new_draft, self._sent) else draft_to_json(draft)
        if text != self._kept:
            self._kept = text
            self._chat.unsent.keep_prompt(text, self._key)

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

    @gui_task
    async def when_read(self, act: Callable[[], None]) -> None:
        """Do something as soon as what is being read now is there, which might be the draft of this conversation."""
        await self._chat.unsent.read_prompt(self._key)
        act()

    def replace_with_written(self, draft: PromptDraft) -> None:
        """Show a draft that was made of what stands in the message box, with the files there."""
        self._replace(draft, self.tr("Your message took the place of what stood here."))
        self.box.follow_files(anew=True)

    @gui_task
    async def take_over_with(self, example: Example) -> None:
        """Show what the text of the message box comes to in parts, with an example of how it is to be answered."""
        await self._chat.unsent.read_prompt(self._key)  # as in `fill_in`
        draft = self.box.draft_of(self.box.text) if self.box.text else self.panel.draft
        draft = draft.with_examples(*(each for each in draft.examples if not each.is_empty), example)
        if self.box.text:
            self._take_over(draft)
        else:
            self._replace(draft, self.tr("Your example was added."))

    def send_guided(self) -> None:
        """Send the draft with the files of the message box, whose words it was made of."""
        if self._conversation.are_ready(self._chat.attachments, self.send_guided):
            self.box.follow_files()
            self.box.words = self.box.text
            self.sending.send()

    @property
    def is_free(self) -> bool:
        """True if nothing stands in the panel that the user would miss."""
        return self.panel.is_untouched or self.holds_what_was_sent

    @property
    def holds_what_was_sent(self) -> bool:
        """True if a prompt that was sent stands in the panel, and nothing of it has been changed since."""
        return self.panel.draft == self._sent

    def _connect(self) -> None:
        panel, chat, sending = self.panel, self._chat, self.sending
        panel.draft_changed.connect(self._on_draft_changed)
        panel.replaced.connect(self._on_replaced)
        panel.settings_change_requested.connect(chat.change_settings)
        panel.send_requested.connect(self._send)
        panel.compare_requested.connect(sending.compare)
        panel.insert_requested.connect(sending.insert)
        panel.apart_requested.connect(self.take_apart)
        panel.proposal.accepted.connect(self._accept_apart)
        panel.head.notice_dismissed.connect(self._on_notice_dismissed)
        panel.explained.connect(self._page.notice.show_text)
        files, requests = self._files, panel.file_requests
        self._give.speak_for(files)
        files.changed.connect(self._show_files)
        requests.pick = self._give.pick
        requests.take = lambda field, given: self._give.take_given(given, field)
        requests.act = lambda file_id, action: self._give.act(file_id, action, files)
        chat.leaving.connect(self._leave)
        chat.opened.connect(self._on_opened)
        chat.generation_started.connect(self._on_generation_started)
        where = (chat.settings_changed, chat.place_requests.changed, chat.fitting.changed, chat.services.models.changed)
        for changed in (*where, chat.path_changed, chat.opened, chat.generation_started):
            changed.connect(lambda *_: self._tell_destination())

    def _tell_destination(self) -> None:
        """Tell the panel where its prompt would go: the model, its place and window, and the places to ask for."""
        chat, settings, models = self._chat, self._chat.current.settings, self._chat.services.models
        found = {*chat.place_requests.places, *places_in(self._files.parts())}
        reach = models.reach_of(settings.choice)
        filling = chat.fitting.filling(chat.said, user_message(""))
        self.panel.preview.room = replace(filling, window=reach).spare
        self.panel.show_setting(
            models.find(settings.choice),
            models.place_of(settings.choice),
            is_first=chat.path.is_empty,
            settings=settings,
            window=reach.tokens,
            places=tuple(word for word in PlaceWord if word in found),
        )

    # Whose draft it is

    @gui_task
    async def _read(self) -> None:
        """Show the draft of the current conversation, as soon as it has been read."""
        key = self._key
        stored = await self._chat.unsent.read_prompt(key)
        if key == self._key and not self.edited.id and self.panel.has_no_words:
            self._kept, sent = stored, self._left.get(key)
            self.panel.show_draft(draft_of(stored) or sent)
            if sent is not None and not stored:
                self._say_sent()

    def _leave(self) -> None:
        """Keep what stands in the panel as its conversation is left; what was sent is no draft, but comes back."""
        self.panel.fields.finish_composing()
        self.keep_draft()
        self._left.pop(self._key, None)
        if self._key and self._sent is not None and self.holds_what_was_sent:
            self._left[self._key] = self._sent

    def _on_opened(self) -> None:
        if self._chat.draft_key != self._key:
            self._key, self._kept, self._sent = self._chat.draft_key, "", None
            self.box.words = ""
            self._end_edit()
            self.panel.head.hide_notice()
            self.panel.end_writing()
            self.panel.show_draft(None)
            self._files.show_draft(self._key)
            self._read()

    def _on_draft_changed(self) -> None:
        self._chat.titles.cancel()
        if self.panel.head.notice_key in (APART, _PASSING):
            self.panel.head.hide_notice(leaves_room=True)
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
        if self.sending.is_sent_by_box(generation):
            self._begin_next(self.panel.draft)

    def _show_files(self) -> None:
        self.panel.show_files(self._files.items)
        self._tell_destination()

    # What was sent

    def _send(self) -> None:
        """Send the prompt; the same one once more only if that is wanted, as a second press might be a slip."""
        if self.edited.id or not self.holds_what_was_sent:
            self.sending.send()
            return
        self._say(self.tr("This was sent, and nothing is changed."), self.tr("Send it again"), self.sending.send)

    def on_sent(self, draft: PromptDraft) -> None:
        """Go on after a draft that is on its way."""
        if replace(self.panel.draft, files=draft.files) == draft:
            self._begin_next(draft)
        else:  # something else has been written since
            self._files.clear()

    def give_back(self, draft: PromptDraft, files: GivenFiles, conversation_id: str) -> None:
        """Restore what was to be compared and could not be sent; the current conversation may be another by now."""
        if conversation_id == self._chat.current.id:
            self._show_instead(draft, self.tr("What could not be sent is back."))
            self._give_files(files)
        else:
            is_there = any(each.id == conversation_id for each in self._chat.conversations)
            self._chat.unsent.keep_prompt(draft_to_json(draft), conversation_id if is_there else "")

    def _begin_next(self, sent: PromptDraft) -> None:
        """Show what was set aside for what was sent; else leave that where it stands, to be looked at and asked anew.

        It is no draft to be kept, and its files go: the conversation has them now.
        """
        files, was_edited = self.sending.given(), bool(self.edited.id)
        set_aside = self._end_edit()
        if was_edited:
            self.panel.show_draft(set_aside)
            self.keep_draft()
            if self.panel.is_untouched:
                self._say(self.tr("Sent."), self.tr("Use it again"), lambda: self._restore(sent, files))
            return
        self._files.clear()
        self._say_sent()
        self.keep_draft()

    def _say_sent(self) -> None:
        """Show that what stands in the panel has been sent."""
        self._sent = self.panel.draft
        self.box.share_send()
        self._say(self.tr("Sent."), self.tr("Start anew"), self._begin_anew)

    def keep_answer(self, asked: PromptDraft, answer: Message) -> None:
        """Keep an answer as an example in the prompt that stands in the panel, else in the one that was answered."""
        before, files = self.panel.draft, self.sending.given()
        is_other = self.panel.is_untouched or before.framework != asked.framework
        kept = with_answer_kept(asked if is_other else before, answer, asked)
        self._show_instead(kept, self.tr("The answer is kept as an example."))

        def undo() -> None:
            self._composer.setFocus()
            self._page.notice.hide()
            self._restore(before, files)

        said = self.tr("The answer is kept as an example in the prompt builder.")
        self._page.notice.show_text(said, [(self.tr("Undo"), undo)], calmly=True)

    # What takes the draft's place

    def take_apart(self) -> None:
        """Sort what stands in the message box into parts."""
        if not without_asking(self.box.text):
            self._page.notice.show_text(self.tr("There is nothing in the message box that could be taken apart."))
        elif (draft := self.box.take_apart()) is not None:
            self._take_over(draft)

    def _accept_apart(self, taken: TakenApart) -> None:
        before, was_free = self.panel.draft, self.panel.is_untouched
        self._take_over(taken.draft)
        if was_free:  # else there is a way back already
            self._offer_back(before, (), self.tr("Your message is sorted into parts."))

    def _take_over(self, draft: PromptDraft) -> None:
        """Show what the text of the message box comes to in parts, with its files."""
        self._replace(draft, self.tr("Your message took the place of what stood here."))
        self._give_files([(part, self._task) for part in self._chat.attachments.parts()])
        self.box.words = self.box.text

    def _replace(self, draft: PromptDraft, words: str) -> None:
        """Replace the draft by one to be written on."""
        if self.edited.id:  # it is no change of that message: what was written must not be sent in its place
            changed = self.panel.draft
            self.panel.show_draft(self._end_edit())
            if self.panel.is_untouched:
                self.panel.show_draft(changed)
        self._show_instead(draft, words)
        self.panel.fields.focus_part()

    def _show_instead(self, draft: PromptDraft, words: str) -> None:
        """Show a draft, and if it replaced one show that in `words`, with a way back."""
        before, was_free, files = self.panel.draft, self.is_free, self.sending.given()
        self._restore(draft, ())
        if not was_free:
            self._offer_back(before, files, words)

    def _restore(self, draft: PromptDraft | None, files: GivenFiles | None) -> None:
        """Show a draft that takes the place of another, with the files that it had if they went with it."""
        self.box.words = ""
        self.panel.head.hide_notice()
        if files is not None:
            for each in self._files.items:
                self._files.remove(each.id)
            self._give_files(files)
        self.panel.show_draft(draft)
        self._pause.start()

    def _give_files(self, files: GivenFiles) -> None:
        self._files.give_back([part for part, _ in files], [field for _, field in files])

    def _on_replaced(self, before: PromptDraft) -> None:
        if self.panel.is_untouched:
            self.box.words = ""  # nothing of that message is in the prompt any more
        if not self.edited.id:  # then the line on top says so
            words = self.tr("Emptied.") if self.panel.is_untouched else self.tr("Changed.")
            self._offer_back(before, None, words)

    def _offer_back(self, before: PromptDraft, files: GivenFiles | None, words: str) -> None:
        """Offer to undo what replaced `before`; `files` of None are those that stand there by then."""
        self._say(words, self.tr("Undo"), lambda: self._restore(before, files))

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
        self.edited.start(message_id, self.panel.new_draft if self.is_free else self.panel.draft)
        fields = {each.name: each.field for each in draft.files}
        self._files.show_message_files(sent.files, [fields.get(each.name, self._task) for each in sent.files])
        self.panel.show_draft(draft)
        self.edited.as_sent = self.panel.draft
        self.edited.turns = len(self.panel.prompt.turns)
        if typed and without_asking(typed) != without_asking(sent.text.strip()):
            changed = self.box.draft_of(typed)
            if draft.examples_as_turns:  # then they do not stand in the text
                changed = replace(changed, examples=draft.examples, examples_as_turns=True)
            self.panel.show_draft(changed)
            self._pause.start()
        self._say_edited()
        self.panel.fields.focus_part()

    def _say_edited(self) -> None:
        """Show that an earlier message is being changed, if one is."""
        if self.edited.id:
            words = self.tr("You are changing an earlier message.")
            self.panel.head.show_notice(_EDITING, words, self.tr("Cancel"), self._give_up_edit)

    def _end_edit(self) -> PromptDraft | None:
        """End the change of a sent message, and return what was set aside for it."""
        if self.edited.id:
            self.panel.head.hide_notice()
            self._files.return_to_draft()
        return self.edited.end()

    def _give_up_edit(self) -> None:
        self.panel.show_draft(self._end_edit())
        self.keep_draft()

    # The line on top

    def _say(self, words: str, action: str, act: Callable[[], object]) -> None:
        """Say what has just happened, and offer one thing."""

        def do() -> None:
            self.panel.head.hide_notice()
            act()

        self.panel.head.show_notice(_PASSING, words, action, do)

    def _begin_anew(self) -> None:
        """Show an empty form in place of what was sent and still stands there."""
        self._sent = None
        self.panel.show_draft(self.panel.fresh_draft)

    def _on_notice_dismissed(self, key: str) -> None:
        if key == _EDITING:
            self._give_up_edit()
        else:
            self._say_edited()
