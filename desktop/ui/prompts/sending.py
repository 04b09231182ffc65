"""What becomes of the prompt in the panel: it is sent, asked with and without a part, or put into the message box.

Whose draft the panel shows next is the presenter's business.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from desktop.core.documents.attachment import Attachment
from desktop.core.documents.reading import ReadingError
from desktop.core.message import FilePart, Message, Role, TextPart, user_message
from desktop.core.prompts.prompt import PromptDraft, draft_to_json
from desktop.core.prompts.render import RenderedPrompt
from desktop.core.prompts.variants import Variant
from desktop.runtime.chat import Chat
from desktop.runtime.compare import Comparison
from desktop.runtime.generation import Generation
from desktop.runtime.path import ConversationPath
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.inputs.pasted_text import is_long
from desktop.ui.prompts.boxed import BoxedMessage
from desktop.ui.prompts.compare_words import compared_sides
from desktop.ui.prompts.panel import PromptPanel
from desktop.ui.words import fill, prompt_language

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

    sent = Signal(object)  # the PromptDraft that is on its way
    not_sent = Signal(object, object, str)  # one that could not be compared, its GivenFiles, and in which conversation
    compared = Signal(object, str, object)  # Comparison, what is asked in short, a list of SideWords
    left = Signal()  # the prompt is on its way: the conversation matters now

    def __init__(
        self,
        panel: PromptPanel,
        conversation: ConversationPresenter,
        chat: Chat,
        box: BoxedMessage,
        edited: EditedMessage,
    ) -> None:
        super().__init__(panel)
        self._panel = panel
        self._conversation = conversation
        self._chat = chat
        self._files = files = chat.attachments.of_prompts
        self._box = box
        self._edited = edited
        self._is_at_work = False  # two prompts are compared: what goes is not the text of the message box
        files.refused.connect(self._on_refused)

    def send(self) -> None:
        """Send the prompt, in place of the message that is being changed, if one is."""
        if not self._conversation.are_ready(self._files, self.send):
            return
        prompt, draft = self._panel.prompt, self._panel.draft
        *earlier, _ = _line_of(prompt)
        without = replace(draft, materials=tuple(each for each in draft.materials if not is_long(each.text)))
        self._conversation.send_built(
            prompt.text,
            earlier,
            self._edited.first_in(self._chat.path),
            self._files,
            on_sent=lambda message_id: self._on_sent(message_id, draft),
            words_alone=self._panel.prompt_of(without).text,
            make_files=self._make_files,
        )

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
        self._box.clear()
        self._remember(message_id, draft)
        self.sent.emit(draft)
        self.left.emit()

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
            comparison = self._conversation.compare(lines, self._edited.first_in(self._chat.path))
        if comparison is None:
            return
        self._box.clear()
        for side, sent in zip(comparison.sides, (draft, variant.draft), strict=True):
            self._remember(side.question.said[-1].id, sent)
        self.sent.emit(draft)
        comparison.not_begun.connect(lambda _: self.not_sent.emit(draft, files, comparison.conversation_id))
        self.left.emit()
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
        said = compared_sides(variant, prompts, prompt_language())
        framework = self._panel.framework_of(draft)
        self.compared.emit(comparison, draft.text(framework.task.key) or prompts[0].text, said)

    def insert(self, text: str) -> None:
        """Put the text of the prompt into the message box, with its files."""
        if not self._conversation.are_ready(self._files, lambda: self.insert(text)):
            return
        self._conversation.use_text(text)
        there = self._chat.attachments.parts()
        self._chat.attachments.give_back([part for part in self._files.parts() if part not in there])
        self.left.emit()

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
