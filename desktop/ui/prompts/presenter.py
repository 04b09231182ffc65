"""The presenter between the prompt builder and the current conversation: whose draft it holds, what is sent.

Made together with the panel. The panel works out what a draft comes to; its place is `dock`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.advice.piece import SettingsFix
from desktop.core.documents.naming_places import PlaceWord, places_in, without_asking
from desktop.core.message import FilePart, Message, Role, TextPart, user_message
from desktop.core.prompts.freeform_parser import take_apart
from desktop.core.prompts.parse import reopened
from desktop.core.prompts.prompt import PromptDraft, PromptFramework, draft_from_json, draft_to_json
from desktop.core.prompts.render import RenderedPrompt
from desktop.core.prompts.variants import Variant
from desktop.runtime.chat import Chat
from desktop.runtime.models.directory import ModelDirectory
from desktop.runtime.reply.generation import Generation
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.chat.files_presenter import FilesPresenter
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.theme import Theme
from desktop.ui.prompts.compare_words import compared_sides
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.words import prompt_language

_DRAFT_PAUSE_MS = 400  # a pause in typing, not a key, is worth a write to the disk


class _Offer(StrEnum):
    """The kind of the line on top of the panel."""

    APART = "apart"  # take the text of the message box apart
    AGAIN = "again"  # what was sent
    BACK = "back"  # what stood there before
    CANCEL = "cancel"  # leave the sent message as it is
    SYSTEM = "system"  # the conversation's system text, that was left out


class PromptPresenter(QObject):
    """The keeper of the current conversation's draft in the panel; sends, inserts and reopens prompts."""

    compared = Signal(object, str, object)  # Comparison, what is asked in short, a list of SideWords
    left = Signal()  # the prompt is on its way: the conversation matters now

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
        self._files = chat.prompt_files
        self._give = files
        self._page = page
        self._composer = page.composer
        self._conversation = conversation
        self._chat = chat
        self._models = models
        self.panel = PromptPanel(theme, frameworks)
        self._key = chat.draft_key  # under which the draft in the panel is kept
        self._kept = ""  # the draft as it was last saved or read
        self._earlier: PromptDraft | None = None  # what the line on top brings back
        self._apart = ""  # the text of the message box that was taken apart
        self._box_files: list[FilePart] = []  # of the message box, which this prompt has as well
        self._inserted: tuple[str, PromptDraft] | None = None  # what was last put into the message box
        self._edited = ""  # the id of the sent message that is being changed
        self._edited_turns = 0  # how many messages before it were its examples
        self._as_sent: PromptDraft | None = None  # that message, before it was changed
        self._set_aside: PromptDraft | None = None  # what stood in the panel before that
        self._left_out = ""  # the system text that the line on top brings back
        self._pause = QTimer(self, singleShot=True, interval=_DRAFT_PAUSE_MS)
        self._pause.timeout.connect(self.keep_draft)
        self._earlier_files: Sequence[tuple[FilePart, str]] | None = None  # with their fields; None: as they are
        self._connect()
        self._show_setting()
        self._read()
        self._files.show_draft(self._key)
        if not self._key:
            self._files.load("")  # a list that is there from the start

    def start_writing(self) -> None:
        """Focus the task, and offer to parse the text of the input field into parts."""
        self.panel.fields.focus_part()
        if self.panel.is_untouched and self._composer.text().strip() and not self._edited:
            self._say(_Offer.APART, self.tr("There is a text in the message box."), self.tr("Take it apart"))

    def keep_draft(self) -> None:
        """Save the draft of the conversation, if it has changed."""
        self._pause.stop()
        draft = self._draft_to_keep()
        if draft != self._kept:
            self._kept = draft
            self._chat.prompts.keep(draft, self._key)

    def reopen(self, message_id: str) -> None:
        """Open a message that was sent from here for changes, in its parts."""
        typed = self._composer.text().strip() if self._composer.is_editing else ""
        self._composer.cancel_edit()
        self._chat.prompts.read(
            lambda stored: self._show_sent(message_id, stored, typed), self._chat.current.id, message_id
        )

    def fill_in(self, draft: PromptDraft, words: str, files: Sequence[Path] = ()) -> None:
        """Replace the draft by this one, with a way back; `words` describe it, `files` are those that it names."""

        def show() -> None:
            self._replace(draft, words)
            for file in files:
                field = next((each.field for each in draft.files if each.name == file.name), self._task)
                self._give.attach([file], field)

        # Reads once more, only to come after what is being read now: that might be the draft of this conversation.
        self._chat.prompts.read(lambda _: show(), self._key)

    def _connect(self) -> None:
        panel, chat = self.panel, self._chat
        panel.draft_changed.connect(self._on_draft_changed)
        panel.replaced.connect(self._offer_back)
        panel.settings_change_requested.connect(self._change_settings)
        panel.send_requested.connect(self._send)
        panel.compare_requested.connect(self._compare)
        panel.insert_requested.connect(self._insert)
        panel.apart_requested.connect(self._take_apart)
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
        chat.settings_changed.connect(self._show_setting)
        chat.place_requests.changed.connect(self._show_setting)
        chat.path_changed.connect(lambda _: self._show_setting())
        self._models.changed.connect(self._show_setting)

    # Whose draft it is

    def _draft_to_keep(self) -> str:
        """Return the draft that was set aside while a sent message is changed, else the present one, as JSON.

        The changed message itself is kept if it was changed and nothing was set aside. Empty if there is nothing to
        keep.
        """
        draft: PromptDraft | None = self.panel.draft
        if self._edited and (self._set_aside != self.panel.new_draft or draft == self._as_sent):
            draft = self._set_aside
        if draft is None or draft == self.panel.new_draft:
            return ""
        return draft_to_json(draft)

    def _read(self) -> None:
        """Show the draft of the current conversation, as soon as it has been read."""
        key = self._key

        def show(stored: str) -> None:
            if key == self._key and not self._edited and self.panel.has_no_words:
                self._kept = stored
                self.panel.show_draft(_draft_of(stored))

        self._chat.prompts.read(show, key)

    def _leave(self) -> None:
        self.panel.finish_composing()
        self.keep_draft()

    def _on_opened(self) -> None:
        self._show_setting()
        if self._chat.draft_key != self._key:
            self._key, self._kept, self._inserted = self._chat.draft_key, "", None
            self._apart = ""
            self._end_edit()
            self.panel.hide_notice()
            self.panel.show_draft(None)
            self._files.show_draft(self._key)
            self._read()

    def _on_draft_changed(self) -> None:
        if self.panel.notice_key in (_Offer.APART, _Offer.AGAIN, _Offer.BACK):
            self.panel.hide_notice()
        self._pause.start()

    def _on_generation_started(self, generation: Generation) -> None:
        """Keep the draft with the conversation, which exists from now on, and with the message if it came from here.

        The prompt may also have been sent by way of the input field.
        """
        self._show_setting()
        if self._chat.draft_key != self._key:
            self._chat.prompts.keep("", self._key)
            self._key, self._kept = self._chat.draft_key, ""
            self._files.rename_draft(self._key)
            self.keep_draft()
        said = [each for each in generation.new_messages if each.role is Role.USER]
        if self._inserted is not None and said and without_asking(said[-1].text) == self._inserted[0].strip():
            draft, self._inserted = self._inserted[1], None
            self._remember(said[-1].id, draft)
            if self._is_still(draft):  # else something else is being written there by now
                self._begin_next(draft)

    def _offer_back(self, before: PromptDraft) -> None:
        if self.panel.is_untouched:
            self._apart = ""  # nothing of that message is in the prompt any more
        if not self._edited:  # then the line on top says so
            self._earlier, self._earlier_files = before, None
            self._say(_Offer.BACK, self.tr("Changed."), self.tr("Undo"))

    def _change_settings(self, change: SettingsFix) -> None:
        before = self._chat.current.settings
        self._chat.change_settings(change)
        if before.system and not self._chat.current.settings.system:
            self._left_out = before.system
            self._say(_Offer.SYSTEM, self.tr("The system prompt is left out from now on."), self.tr("Undo"))

    # What becomes of a prompt

    def _send(self) -> None:
        if not self._conversation.are_ready(self._files, self._send):
            return
        prompt, draft = self.panel.prompt, self.panel.draft
        *earlier, _ = _line_of(prompt)
        with self._nothing_inserted():
            self._conversation.send_built(
                prompt.text,
                earlier,
                self._first_of_edited(),
                self._files,
                on_sent=lambda message_id: self._on_sent(message_id, draft),
            )

    def _on_sent(self, message_id: str, draft: PromptDraft) -> None:
        self._clear_message_box()
        self._remember(message_id, draft)
        if self._is_still(draft):
            self._begin_next(draft)
        else:  # something else has been written since
            self._files.clear()
        self.left.emit()

    def _is_still(self, draft: PromptDraft) -> bool:
        """Return True if the panel holds the same words as this draft."""
        return replace(self.panel.draft, files=draft.files) == draft

    def _given(self) -> list[tuple[FilePart, str]]:
        """Return what is sent of the files, each with the part of the prompt that it belongs to."""
        place = self.panel.fields.place_of
        return [(part, place(each)) for each in self._files.items if (part := each.to_send) is not None]

    def _compare(self, variant: Variant) -> None:
        """Send the prompt twice, the second time with something left out; both are kept with their messages."""
        if not self._conversation.are_ready(self._files, lambda: self._compare(variant)):
            return
        panel, draft, files = self.panel, self.panel.draft, self._given()
        kept = {each.field for each in variant.draft.files}
        prompts = [panel.prompt, panel.prompt_of(variant.draft)]
        lines = [
            _line_of(prompts[0], [part for part, _ in files]),
            _line_of(prompts[1], [part for part, field in files if field in kept]),
        ]
        with self._nothing_inserted():
            comparison = self._conversation.compare(lines, self._first_of_edited())
        if comparison is None:
            return
        said = compared_sides(variant, prompts, prompt_language())
        question = draft.text(panel.framework.task.key) or prompts[0].text
        self._clear_message_box()
        for side, sent in zip(comparison.sides, (draft, variant.draft), strict=True):
            self._remember(side.question.said[-1].id, sent)
        self._begin_next(draft)
        comparison.not_begun.connect(lambda _: self._give_back(draft, files, comparison.conversation_id))
        self.left.emit()
        self.compared.emit(comparison, question, said)

    @contextmanager
    def _nothing_inserted(self) -> Iterator[None]:
        """Forget, while something is sent from here, what was inserted into the input field.

        It is not what is sent, even if it has the same words.
        """
        inserted, self._inserted = self._inserted, None
        yield
        self._inserted = inserted

    def _give_back(self, draft: PromptDraft, files: Sequence[tuple[FilePart, str]], conversation_id: str) -> None:
        """Restore what was to be compared and could not be sent; the current conversation may be another by now."""
        if conversation_id == self._chat.current.id:
            self._put(draft, self.tr("What could not be sent is back."))
            self._files.give_back(*_apart(files))
        else:
            is_there = any(each.id == conversation_id for each in self._chat.conversations)
            self._chat.prompts.keep(draft_to_json(draft), conversation_id if is_there else "")

    def _clear_message_box(self) -> None:
        """Empty the input field of what was parsed and has now been sent: the next Enter would send it again."""
        is_same = self._composer.text().strip() == self._apart and not self._composer.is_editing
        if is_same and (self._apart or self._box_files):
            self._conversation.clear_written()
            self._chat.attachments.clear()
        self._apart, self._box_files = "", []

    def _remember(self, message_id: str, draft: PromptDraft) -> None:
        """Keep with a message the draft that it was made of."""
        self._chat.prompts.keep(draft_to_json(draft), self._chat.current.id, message_id)

    def _begin_next(self, sent: PromptDraft) -> None:
        """Show what was set aside for what was sent, or else a new draft."""
        files, was_edited = self._given(), bool(self._edited)
        set_aside = self._end_edit()
        if not was_edited:
            self._files.clear()
        self.panel.show_draft(set_aside)
        self.keep_draft()
        if self.panel.is_untouched:
            self._earlier, self._earlier_files = sent, files
            self._say(_Offer.AGAIN, self.tr("Sent."), self.tr("Use it again"))

    def _insert(self, text: str) -> None:
        if not self._conversation.are_ready(self._files, lambda: self._insert(text)):
            return
        self._inserted = (text, self.panel.draft)
        self._conversation.use_text(text)
        there = self._chat.attachments.parts()
        self._chat.attachments.give_back([part for part in self._files.parts() if part not in there])
        self.left.emit()

    def when_read(self, act: Callable[[], None]) -> None:
        """Do something as soon as what is being read now is there, which might be the draft of this conversation."""
        self._chat.prompts.read(lambda _: act(), self._key)

    def replace_with_written(self, draft: PromptDraft) -> None:
        """Show a draft that was made of what stands in the message box, with the files there."""
        self._replace(draft, self.tr("Your message took the place of what stood here."))
        self._box_files = []
        self.follow_box_files()

    def follow_box_files(self) -> None:
        """Have the same files in the task as in the message box, beside those that were given here."""
        parts = list(self._chat.attachments.parts())
        gone = [each for each in self._box_files if each not in parts]
        come = [each for each in parts if each not in self._box_files]
        self._box_files = parts
        for item in self._files.items:
            if item.to_send in gone:
                self._files.remove(item.id)
        self._files.give_back(come, [self._task] * len(come))

    def send_guided(self) -> None:
        """Send the draft with the files of the message box, whose words it was made of."""
        if self._conversation.are_ready(self._chat.attachments, self.send_guided):
            self.follow_box_files()
            self._apart = self._composer.text().strip()
            self._send()

    def _take_apart(self) -> None:
        text = self._composer.text().strip()
        if not text:
            self._page.notice.show_text(self.tr("There is nothing in the message box that could be taken apart."))
            return
        self._take_over(text, self._parts_of(text))

    def _take_over(self, text: str, draft: PromptDraft) -> None:
        """Show what the text of the message box comes to in parts, with its files."""
        self._replace(draft, self.tr("Your message took the place of what stood here."))
        files = self._chat.attachments.parts()
        self._files.give_back(files, [self._task] * len(files))
        self._apart = text

    def _parts_of(self, text: str) -> PromptDraft:
        text = without_asking(text)
        return reopened(text, self.panel.frameworks) or take_apart(text, self.panel.framework)

    def _replace(self, draft: PromptDraft, words: str) -> None:
        """Replace the draft by one to be written on."""
        if self._edited:  # it is no change of that message: what was written must not be sent in its place
            changed = self.panel.draft
            self.panel.show_draft(self._end_edit())
            if self.panel.is_untouched:
                self.panel.show_draft(changed)
        self._put(draft, words)
        self.panel.fields.focus_part()

    def _put(self, draft: PromptDraft, words: str) -> None:
        """Show a draft, and if it replaced one show that in `words`, with a way back."""
        before, was_untouched, files = self.panel.draft, self.panel.is_untouched, self._given()
        self._apart = ""
        self._remove_files()
        self.panel.show_draft(draft)
        self._pause.start()
        self.panel.hide_notice()
        if not was_untouched:
            self._earlier, self._earlier_files = before, files
            self._say(_Offer.BACK, words, self.tr("Undo"))

    def _remove_files(self) -> None:
        for each in self._files.items:
            self._files.remove(each.id)

    @property
    def _task(self) -> str:
        return self.panel.framework.task.key

    # A sent message in its parts

    def _show_sent(self, message_id: str, stored: str, typed: str) -> None:
        """Show a sent message; as it was changed in the input field, if `typed` is not empty."""
        draft, sent = _draft_of(stored), self._chat.path.message(message_id)
        if draft is None or sent is None:
            return
        self.keep_draft()
        if not self._edited:
            self._set_aside = self.panel.draft
        self._edited = message_id
        fields = {each.name: each.field for each in draft.files}
        self._files.show_message_files(sent.files, [fields.get(each.name, self._task) for each in sent.files])
        self.panel.show_draft(draft)
        self._as_sent = self.panel.draft
        self._edited_turns = len(self.panel.prompt.turns)
        if typed and without_asking(typed) != without_asking(sent.text.strip()):
            changed = self._parts_of(typed)
            if draft.examples_as_turns:  # then they do not stand in the text
                changed = replace(changed, examples=draft.examples, examples_as_turns=True)
            self.panel.show_draft(changed)
            self._pause.start()
        self._say_edited()
        self.panel.fields.focus_part()

    def _first_of_edited(self) -> str:
        """Return the message that an edited prompt begins with: its first example, if it has some."""
        path = self._chat.path
        index = path.index_of(self._edited) if self._edited else None
        if index is None:
            return ""
        first = index - self._edited_turns
        roles = [entry.role for entry in path.entries[max(0, first) : index]]
        is_there = first >= 0 and roles == [Role.USER, Role.ASSISTANT] * (self._edited_turns // 2)
        return path.entries[first].id if is_there else self._edited

    def _say_edited(self) -> None:
        """Show that an earlier message is being changed, if one is."""
        if self._edited:
            self._say(_Offer.CANCEL, self.tr("You are changing an earlier message."), self.tr("Cancel"))

    def _end_edit(self) -> PromptDraft | None:
        """End the change of a sent message, and return what was set aside for it."""
        if self._edited:
            self.panel.hide_notice()
            self._files.return_to_draft()
        draft, self._set_aside, self._edited, self._as_sent = self._set_aside, None, "", None
        return draft

    def _give_up_edit(self) -> None:
        self.panel.show_draft(self._end_edit())
        self.keep_draft()

    # The line on top

    def _say(self, key: _Offer, words: str, action: str) -> None:
        self.panel.show_notice(key, words, action)

    def _act_on_notice(self, key: str) -> None:
        match key:
            case _Offer.APART:
                self._take_apart()
            case _Offer.CANCEL:
                self._give_up_edit()
            case _Offer.SYSTEM:
                self.panel.hide_notice()
                self._chat.change_settings(lambda settings: replace(settings, system=self._left_out))
                self._say_edited()
            case _:
                self._apart = ""
                self.panel.hide_notice()
                if self._earlier_files is not None:
                    self._remove_files()
                    self._files.give_back(*_apart(self._earlier_files))
                self.panel.show_draft(self._earlier)
                self._pause.start()
        self.panel.fields.focus_part()

    def _on_notice_dismissed(self, key: str) -> None:
        if key == _Offer.CANCEL:
            self._give_up_edit()
        else:
            self._say_edited()

    def _show_files(self) -> None:
        self.panel.show_files(self._files.items)
        self._show_setting()

    def _show_setting(self) -> None:
        settings, choice = self._chat.current.settings, self._chat.current.settings.choice
        model, place = self._models.find(choice), self._models.place_of(choice)
        window = self._models.reach_of(choice).tokens
        is_first = self._chat.path.is_empty
        found = {*self._chat.place_requests.places, *places_in(self._files.parts())}
        places = tuple(word for word in PlaceWord if word in found)
        self.panel.show_setting(model, place, is_first=is_first, settings=settings, window=window, places=places)


def _line_of(prompt: RenderedPrompt, files: Sequence[FilePart] = ()) -> list[Message]:
    """Return a prompt as messages: its examples as if they had been said, and then what is said with the files."""
    turns = [Message(role=role, parts=(TextPart(text),)) for role, text in prompt.turns]
    return [*turns, user_message(prompt.text, attached=files)]


def _apart(files: Sequence[tuple[FilePart, str]]) -> tuple[list[FilePart], list[str]]:
    """Return the files and their fields, each for itself."""
    return [part for part, _ in files], [field for _, field in files]


def _draft_of(stored: str) -> PromptDraft | None:
    """Return a stored draft; None if there is none, or one that can not be read."""
    try:
        return draft_from_json(stored) if stored else None
    except ValueError:
        return None
