"""What becomes of the prompt in the panel: it is sent, asked with and without a part, or put into the message box.

Whose draft the panel shows next is the presenter's business. The words and files in the message box that a prompt was
made of go when it is sent, else the next Enter would send them a second time; what has been changed there since
stays. Where both places hold words that is said: the one in which the user writes has the window's only Send. Below
the answer is offered to ask again without one part, or to keep it as an example: the best moment to see what a part
does is beside the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from desktop.core.documents.attachment import Attachment
from desktop.core.documents.document import ReadingError
from desktop.core.documents.marks import without_asking
from desktop.core.message import FilePart, Message, MessageStatus, Role, TextPart, user_message
from desktop.core.prompts.freeform_parser import take_apart, taken_apart
from desktop.core.prompts.prompt import FieldKind, PromptDraft, draft_of, draft_to_json
from desktop.core.prompts.render import RenderedPrompt, reopened
from desktop.core.prompts.variants import Omission, Variant, variants
from desktop.runtime.background import gui_task
from desktop.runtime.compare import Comparison
from desktop.runtime.generation import Generation
from desktop.runtime.path import ConversationPath
from desktop.ui.chat.sending import PendingMessage
from desktop.ui.inputs.message_input import is_long
from desktop.ui.look.stylesheet import GAP, GAP_TIGHT, set_look
from desktop.ui.look.theme import IconButton
from desktop.ui.prompts.dock import asked_without, compared_sides
from desktop.ui.widgets.buttons import button, open_menu
from desktop.ui.widgets.keys import leave_focus
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.words import fill, plain_action

if TYPE_CHECKING:
    from desktop.ui.prompts.dock import PromptDock
    from desktop.ui.prompts.presenter import PromptPresenter


_WORTH_IT = 12  # characters in the message box that may have parts
_ANOTHER = 4  # characters there that are a draft of their own
APART, NEWER = "apart", "newer"  # keys of the line on top: take the text apart, or go on with it


class BoxedMessage(QObject):
    """The words that were taken over, and the files that stand in both places."""

    def __init__(self, owner: PromptPresenter, dock: PromptDock) -> None:
        super().__init__(owner)
        self._owner, self._panel = owner, owner.panel
        self._composer = composer = dock.page.composer
        self._conversation = dock.conversation
        self._attachments = dock.chat.attachments
        self.words = ""  # of the box, that go with the prompt since it is made of them
        self._shared: list[FilePart] = []
        self._is_in_panel = False  # the user writes there
        composer.draft_changed.connect(self._on_written)
        composer.begun_anew.connect(self._follow)
        composer.lent_send_pressed.connect(lambda: self._panel.focus_missing())
        self._panel.refreshed.connect(self._follow)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._on_focus)

    @property
    def text(self) -> str:
        """What stands in the box, without the blanks around it."""
        return self._composer.text().strip()

    def follow_files(self, *, anew: bool = False) -> None:
        """Have the same files in the prompt as in the box, beside those that were given to it alone.

        `anew`: none of them is in the prompt now.
        """
        files, parts, before = self._attachments.of_prompts, list(self._attachments.parts()), self._shared
        gone = [each for each in before if each not in parts and not anew]
        come = [each for each in parts if each not in before or anew]
        self._shared = parts
        for item in files.items:
            if item.to_send in gone:
                files.remove(item.id)
        files.give_back(come, [self._panel.framework.task.key] * len(come))

    def clear(self) -> None:
        """Empty the box of what has been sent as a prompt."""
        is_same = self.text == self.words or self._panel.says(self.text)
        if is_same and (self.text or self._shared) and not self._composer.is_editing:
            self._conversation.clear_written()
            self._attachments.clear()
        self.words, self._shared = "", []

    # Two drafts

    def offer(self) -> None:
        """Offer what can be done with the text of the message box, if there is one."""
        if not self.text or self._composer.is_editing:
            return
        if self._is_free:
            words = self.tr("There is a text in the message box.")
            self._panel.head.show_notice(APART, words, self.tr("Take it apart"), self._owner.take_apart)
        elif self.text != self.words and not self._panel.says(self.text) and not self._owner.edited.id:
            words = self.tr("There is another text in the message box. Send sends the one that you write in.")
            self._panel.head.show_notice(NEWER, words, self.tr("Go on with that one"), self._owner.take_apart)

    @property
    def _is_free(self) -> bool:
        return self._owner.is_free and not self._owner.edited.id

    def _on_written(self, text: str) -> None:
        """Follow what is written in the message box beside the open panel."""
        self._follow()
        least = _WORTH_IT if self._is_free else _ANOTHER
        if self._panel.isVisible() and not self._panel.head.notice_key and len(text.strip()) >= least:
            self.offer()

    def _follow(self) -> None:
        """Take back what was offered of a text that has gone, or that the prompt has come to say as well."""
        key = self._panel.head.notice_key
        if (key in (APART, NEWER) and not self.text) or (key == NEWER and self._panel.says(self.text)):
            self._panel.head.hide_notice()
        self.share_send()

    def _on_focus(self, _: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._panel.isAncestorOf(now):
            self._is_in_panel = True
        elif now is not None and self._composer.isAncestorOf(now):
            self._is_in_panel = False
        self.share_send()

    def share_send(self) -> None:
        """Have one Send: the builder has it where it covers the other, or holds what the user writes."""
        covers = not self._panel.head.back.isHidden() and self._panel.shows_parts
        is_here = covers or (not self._is_free and (self._is_in_panel or not self.text))
        self._panel.foot.have_send(is_here)
        self._composer.lend_send(self._panel.isVisible() and is_here)

    # Taking it apart

    def take_apart(self) -> PromptDraft | None:
        """Return what the message comes to in parts; where that is not known for sure, propose it and return None."""
        said = without_asking(self.text)
        if known := reopened(said, self._panel.frameworks.values()):
            return known
        taken = taken_apart(said, self._panel.framework)
        if len({each.field for each in taken.pieces}) > 1 or taken.draft.materials or taken.draft.examples:
            self._panel.head.hide_notice()
            self._panel.propose_apart(taken)
            return None
        return taken.draft

    def draft_of(self, text: str) -> PromptDraft:
        """Return the draft that any text comes to, without asking."""
        said = without_asking(text)
        return reopened(said, self._panel.frameworks.values()) or take_apart(said, self._panel.framework)


class AnswerOffers(QFrame):
    """Buttons that go below each other where there is little room; it knows which prompt was answered last.

    The first asks again without the part that tells most; where there are several parts, a second one lists the others.
    """

    def __init__(self, owner: PromptPresenter, dock: PromptDock) -> None:
        super().__init__()
        self._owner = owner
        self._page, self._chat = page, chat = dock.page, dock.chat
        self._answered: tuple[PromptDraft, Message, Message] | None = None  # the prompt, the question, the answer
        self._variants: list[Variant] = []  # the one that tells most first
        set_look(self, "notice")
        self.setAccessibleName(self.tr("About this answer"))
        self.without = button("", "link", lambda: self._ask_without(self._variants[0]))
        self.others = button(self.tr("Without another part…"), "link", self._list_others)
        self.keep = button(self.tr("Use this answer as an example"), "link", self._keep)
        close = IconButton(dock.theme, "close", self.tr("Close this notice"), token="muted", do=self.hide)
        offers = QWidget()
        flow = FlowLayout(offers, GAP)
        for each in (self.without, self.others, self.keep):
            flow.addWidget(each)
        stack((offers, 1), close, margins=(GAP, GAP_TIGHT, GAP_TIGHT, GAP_TIGHT), across=True, on=self)
        self.hide()
        page.put_below(self)
        chat.generation_started.connect(lambda _: self.hide())
        chat.generation_ended.connect(self._on_answered)
        chat.opened.connect(lambda *_: self.hide())
        page.composer.draft_changed.connect(lambda text: self.hide() if text.strip() else None)

    @gui_task
    async def _on_answered(self, generation: Generation) -> None:
        """Look if what was answered is a prompt that was built, and offer what can be done with it."""
        path = self._chat.path
        entries, conversation_id = path.entries, self._chat.current.id
        is_here = generation.conversation.id == conversation_id and len(entries) >= 2
        if not is_here or conversation_id in self._chat.compared:
            return
        answer, question = path.message(entries[-1].id), path.message(entries[-2].id)
        if answer is None or question is None or question.role is not Role.USER:
            return
        if answer.status is not MessageStatus.COMPLETE or answer.signs or not answer.text.strip():
            return
        draft = draft_of(await self._chat.unsent.read_prompt(conversation_id, question.id))
        is_still = self._chat.path is path and path.entries[-1:] == entries[-1:]
        if draft is None or not is_still or self._page.composer.text().strip():
            return
        self._answered = (draft, question, answer)
        self._variants = telling_first(variants(draft, self._owner.panel.framework_of(draft)))
        if self._variants:
            self.without.setText(plain_action(asked_without(self._variants[0])))
        self.without.setVisible(bool(self._variants))
        self.others.setVisible(len(self._variants) > 1)
        self.keep.show()
        self.show()

    def _list_others(self) -> None:
        """Let the user choose another part to leave out."""
        others = self._variants[1:]
        ways = [(asked_without(each), partial(self._ask_without, each)) for each in others]
        open_menu(self.others, ways, above=True)

    def _ask_without(self, variant: Variant) -> None:
        leave_focus(self, self._page.composer)
        self.hide()
        assert self._answered is not None
        self._owner.sending.ask_without(variant, *self._answered)

    def _keep(self) -> None:
        """Have the answer kept; what else is offered stays."""
        leave_focus(self, self._page.composer)
        self.keep.hide()
        self.setVisible(bool(self._variants))
        assert self._answered is not None
        draft, _, answer = self._answered
        self._owner.keep_answer(draft, answer)


def telling_first(found: list[Variant]) -> list[Variant]:
    """Return all that can be left out, what shows most first: the context, else the examples, else the first part."""

    def rank(variant: Variant) -> int:
        if variant.field is not None and variant.field.kind is FieldKind.CONTEXT:
            return 0
        if variant.omission is Omission.ALL_BUT_TASK:
            return 3
        return 1 if variant.omission is Omission.EXAMPLES else 2

    return sorted(found, key=rank)


GivenFiles = Sequence[tuple[FilePart, str]]  # each with the part of the prompt that it belongs to


@dataclass(slots=True)
class EditedMessage:
    """The message of this id; empty while none is changed.

    `turns`: how many messages before it were its examples. `as_sent`: it before it was changed. `set_aside`: what stood
    in the panel before that.
    """

    id: str = ""
    turns: int = 0
    as_sent: PromptDraft | None = None
    set_aside: PromptDraft | None = None

    def start(self, message_id: str, present: PromptDraft) -> None:
        """Begin to change a message; what stands in the panel is set aside, unless it is another message."""
        if not self.id:
            self.set_aside = present
        self.id = message_id

    def end(self) -> PromptDraft | None:
        """End the change, and return what was set aside for it."""
        draft, self.set_aside, self.id, self.as_sent = self.set_aside, None, "", None
        return draft

    def to_keep(self, present: PromptDraft, empty: PromptDraft) -> PromptDraft | None:
        """Return the draft that is kept with the conversation: the present one, or what was set aside for it.

        The changed message itself is kept if it was changed and nothing was set aside.
        """
        if self.id and (self.set_aside != empty or present == self.as_sent):
            return self.set_aside
        return present

    def first_in(self, path: ConversationPath) -> str:
        """Return the message that the changed prompt begins with: its first example, if it has some."""
        index = path.index_of(self.id) if self.id else None
        if index is None:
            return ""
        first = index - self.turns
        roles = [entry.role for entry in path.entries[max(0, first) : index]]
        is_there = first >= 0 and roles == [Role.USER, Role.ASSISTANT] * (self.turns // 2)
        return path.entries[first].id if is_there else self.id


class PromptSending(QObject):
    """The sender of prompts. Each message that it sends keeps the draft that it was made of."""

    def __init__(self, owner: PromptPresenter, dock: PromptDock) -> None:
        super().__init__(owner)
        self._owner, self._panel, self._dock = owner, owner.panel, dock
        self._conversation, self._chat = dock.conversation, dock.chat
        self._files = files = dock.chat.attachments.of_prompts
        self._is_at_work = False  # two prompts are compared: what goes is not the text of the message box
        files.refused.connect(self._on_refused)

    def send(self) -> None:
        """Send the prompt, in place of the message that is being changed, if one is."""
        if not self._conversation.are_ready(self._files, self.send):
            return
        prompt, draft = self._panel.prompt, self._panel.draft
        *earlier, _ = _line_of(prompt)
        without = replace(draft, materials=tuple(each for each in draft.materials if not is_long(each.text)))
        pending = PendingMessage(
            text=prompt.text,
            files=self._files.parts(),
            source=self._files,
            earlier=tuple(earlier),
            in_place_of=self._owner.edited.first_in(self._chat.path),
            on_sent=lambda message_id: self._on_sent(message_id, draft),
            words_alone=self._panel.prompt_of(without).text,
            make_files=self._make_files,
        )
        self._conversation.send_built(pending)

    def _make_files(self) -> bool:
        """Make files of the long texts among the material, as is done in the message box, and send the prompt."""
        if not self._files.takes_files:
            return False
        draft, name = self._panel.draft, fill("%1.txt", self.tr("Pasted text"))
        kept = [
            each
            for each in draft.materials
            if not is_long(each.text)
            or self._files.add_bytes(each.text.encode("utf-8"), name, each.field, pasted=each.text) is None
        ]
        if len(kept) == len(draft.materials):
            return False
        self._panel.change_draft(replace(self._panel.draft, materials=tuple(kept)))
        self.send()
        return True

    def _on_refused(self, _error: ReadingError, file: Attachment | None, _key: str) -> None:
        """Have the text back that could not become a file."""
        if file is not None and file.pasted and file in self._files.items:
            self._panel.change_draft(self._panel.draft.with_material(file.field, file.pasted))

    def _on_sent(self, message_id: str, draft: PromptDraft) -> None:
        self._owner.box.clear()
        self._remember(message_id, draft)
        self._owner.on_sent(draft)
        self._dock.leave()

    def given(self) -> list[tuple[FilePart, str]]:
        """Return what is sent of the files, each with the part of the prompt that it belongs to."""
        place = self._panel.fields.place_of
        return [(part, place(each)) for each in self._files.items if (part := each.to_send) is not None]

    def compare(self, variant: Variant) -> None:
        """Send the prompt twice, the second time with something left out; both are kept with their messages."""
        if not self._conversation.are_ready(self._files, lambda: self.compare(variant)):
            return
        panel, draft, files = self._panel, self._panel.draft, self.given()
        prompts = [panel.prompt, panel.prompt_of(variant.draft)]
        lines = [_line_of(prompts[0], [part for part, _ in files]), _line_of(prompts[1], _kept_of(files, variant))]
        with self._at_work():
            comparison = self._conversation.compare(lines, self._owner.edited.first_in(self._chat.path))
        if comparison is None:
            return
        self._owner.box.clear()
        for side, sent in zip(comparison.sides, (draft, variant.draft), strict=True):
            self._remember(side.question.said[-1].id, sent)
        self._owner.on_sent(draft)
        comparison.not_begun.connect(lambda _: self._owner.give_back(draft, files, comparison.conversation_id))
        self._dock.leave()
        self._show(comparison, variant, prompts, draft)

    def ask_without(self, variant: Variant, draft: PromptDraft, question: Message, answer: Message) -> None:
        """Ask a question that was sent from here again with something left out, beside the answer that it got."""
        panel = self._panel
        prompts = [panel.prompt_of(draft), panel.prompt_of(variant.draft)]
        fields = {each.name: each.field for each in draft.files}
        files = [(part, fields.get(part.name, panel.framework.task.key)) for part in question.files]
        first = EditedMessage(question.id, len(prompts[0].turns)).first_in(self._chat.path)
        with self._at_work():
            line = _line_of(prompts[1], _kept_of(files, variant))
            comparison = self._conversation.compare([line], first, beside=(question, answer))
        if comparison is not None:
            self._remember(comparison.sides[1].question.said[-1].id, variant.draft)
            self._show(comparison, variant, prompts, draft)

    def _show(
        self, comparison: Comparison, variant: Variant, prompts: Sequence[RenderedPrompt], draft: PromptDraft
    ) -> None:
        said = compared_sides(variant, prompts)
        framework = self._panel.framework_of(draft)
        self._dock.compared.emit(comparison, draft.text(framework.task.key) or prompts[0].text, said)

    def insert(self, text: str) -> None:
        """Put the text of the prompt into the message box, with its files."""
        if not self._conversation.are_ready(self._files, lambda: self.insert(text)):
            return
        self._conversation.use_text(text)
        there = self._chat.attachments.parts()
        self._chat.attachments.give_back([part for part in self._files.parts() if part not in there])
        self._dock.leave()

    def is_sent_by_box(self, generation: Generation) -> bool:
        """Return True if the prompt has been sent by way of the message box, and keep its draft with the message."""
        said = [each for each in generation.new_messages if each.role is Role.USER]
        is_from_here = self._is_at_work or self._conversation.is_sending_built
        if is_from_here or not said or not self._panel.says(said[-1].text):
            return False
        self._remember(said[-1].id, self._panel.draft)
        return True

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        self._is_at_work = True
        try:
            yield
        finally:
            self._is_at_work = False

    def _remember(self, message_id: str, draft: PromptDraft) -> None:
        """Keep with a message the draft that it was made of."""
        self._chat.unsent.keep_prompt(draft_to_json(draft), self._chat.current.id, message_id)


def _kept_of(files: GivenFiles, variant: Variant) -> list[FilePart]:
    """Return the files of the parts that a variant still has."""
    kept = {each.field for each in variant.draft.files}
    return [part for part, field in files if field in kept]


def _line_of(prompt: RenderedPrompt, files: Sequence[FilePart] = ()) -> list[Message]:
    """Return a prompt as messages: its examples as if they had been said, and then what is said with the files."""
    turns = [Message(role=role, parts=(TextPart(text),)) for role, text in prompt.turns]
    return [*turns, user_message(prompt.text, attached=files)]
