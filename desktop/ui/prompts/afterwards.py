"""The offers below an answer to a prompt of the builder: ask again without one part, or keep the answer as an example.

The best moment to see what a part does is beside the answer. It never takes the keyboard.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from desktop.core.message import Message, MessageStatus, Role
from desktop.core.prompts.prompt import FieldKind, PromptDraft, PromptFramework, draft_of
from desktop.core.prompts.variants import Omission, Variant, variants
from desktop.runtime.background import gui_task
from desktop.runtime.chat import Chat
from desktop.runtime.generation import Generation
from desktop.ui.chat.page import ChatPage
from desktop.ui.look.icons import IconButton
from desktop.ui.look.stylesheet import set_look
from desktop.ui.look.theme import Theme
from desktop.ui.look.tokens import GAP, GAP_TIGHT
from desktop.ui.prompts.compare_words import asked_without
from desktop.ui.widgets.buttons import button, open_menu
from desktop.ui.widgets.keys import leave_focus
from desktop.ui.widgets.layout import FlowLayout, stack
from desktop.ui.words import plain_action, prompt_language


class AnswerOffers(QFrame):
    """Buttons that go below each other where there is little room; it knows which prompt was answered last.

    The first asks again without the part that tells most; where there are several parts, a second one lists the others.
    """

    kept = Signal(object, object)  # the PromptDraft that was answered, and the answer as a Message
    without_wanted = Signal(object, object, object, object)  # Variant, PromptDraft, the question, the answer

    def __init__(
        self, theme: Theme, page: ChatPage, chat: Chat, framework_of: Callable[[PromptDraft], PromptFramework]
    ) -> None:
        super().__init__()
        self._page = page
        self._chat = chat
        self._framework_of = framework_of
        self._answered: tuple[PromptDraft, Message, Message] | None = None  # the prompt, the question, the answer
        self._variants: list[Variant] = []  # the one that tells most first
        set_look(self, "notice")
        self.setAccessibleName(self.tr("About this answer"))
        self.without = button("", "link", lambda: self._ask_without(self._variants[0]))
        self.others = button(self.tr("Without another part…"), "link", self._list_others)
        self.keep = button(self.tr("Use this answer as an example"), "link", self._keep)
        close = IconButton(theme, "close", self.tr("Close this notice"), token="muted", do=self.hide)
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
        self._variants = telling_first(variants(draft, self._framework_of(draft)))
        if self._variants:
            self.without.setText(plain_action(asked_without(self._variants[0], prompt_language())))
        self.without.setVisible(bool(self._variants))
        self.others.setVisible(len(self._variants) > 1)
        self.keep.show()
        self.show()

    def _list_others(self) -> None:
        """Let the user choose another part to leave out."""
        others = self._variants[1:]
        ways = [(asked_without(each, prompt_language()), partial(self._ask_without, each)) for each in others]
        open_menu(self.others, ways, above=True)

    def _ask_without(self, variant: Variant) -> None:
        leave_focus(self, self._page.composer)
        self.hide()
        assert self._answered is not None
        self.without_wanted.emit(variant, *self._answered)

    def _keep(self) -> None:
        """Have the answer kept; what else is offered stays."""
        leave_focus(self, self._page.composer)
        self.keep.hide()
        self.setVisible(bool(self._variants))
        assert self._answered is not None
        draft, _, answer = self._answered
        self.kept.emit(draft, answer)


def telling_first(found: list[Variant]) -> list[Variant]:
    """Return all that can be left out, what shows most first: the context, else the examples, else the first part."""

    def rank(variant: Variant) -> int:
        if variant.field is not None and variant.field.kind is FieldKind.CONTEXT:
            return 0
        if variant.omission is Omission.ALL_BUT_TASK:
            return 3
        return 1 if variant.omission is Omission.EXAMPLES else 2

    return sorted(found, key=rank)
