"""The message box beside the prompt builder: what a prompt was made of, and which of the two the user writes in.

The words and files that a prompt was made of go when it is sent, else the next Enter would send them a second time;
what has been changed there since stays. Where both places hold words that is said: the one in which the user writes has
the window's only Send, and the builder offers to go on with the text of the box, sorted into parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from desktop.core.documents.marks import without_asking
from desktop.core.message import FilePart
from desktop.core.prompts.freeform_parser import take_apart, taken_apart
from desktop.core.prompts.prompt import PromptDraft
from desktop.core.prompts.render import reopened
from desktop.runtime.chat import Chat
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.composer.card import Composer

if TYPE_CHECKING:
    from desktop.ui.prompts.presenter import PromptPresenter

_WORTH_IT = 12  # characters in the message box that may have parts
_ANOTHER = 4  # characters there that are a draft of their own
APART, NEWER = "apart", "newer"  # keys of the line on top: take the text apart, or go on with it


class BoxedMessage(QObject):
    """The words that were taken over, and the files that stand in both places."""

    def __init__(
        self, owner: PromptPresenter, composer: Composer, conversation: ConversationPresenter, chat: Chat
    ) -> None:
        super().__init__(owner)
        self._owner = owner
        self._panel = owner.panel
        self._composer = composer
        self._conversation = conversation
        self._chat = chat
        self._files = chat.attachments.of_prompts
        self._words = ""
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

    def take_words(self) -> None:
        """Have the words of the box go with the prompt, since it is made of them."""
        self._words = self.text

    def forget_words(self) -> None:
        """Leave the words in the box: nothing of them is in the prompt any more."""
        self._words = ""

    def copy_files(self) -> None:
        """Give the files of the box to the prompt as well."""
        self._shared = []
        self.follow_files()

    def follow_files(self) -> None:
        """Have the same files in the prompt as in the box, beside those that were given to it alone."""
        parts = list(self._chat.attachments.parts())
        gone = [each for each in self._shared if each not in parts]
        come = [each for each in parts if each not in self._shared]
        self._shared = parts
        for item in self._files.items:
            if item.to_send in gone:
                self._files.remove(item.id)
        self._files.give_back(come, [self._panel.framework.task.key] * len(come))

    def clear(self) -> None:
        """Empty the box of what has been sent as a prompt."""
        is_same = self.text == self._words or self._panel.says(self.text)
        if is_same and (self.text or self._shared) and not self._composer.is_editing:
            self._conversation.clear_written()
            self._chat.attachments.clear()
        self._words, self._shared = "", []

    # Two drafts

    def offer(self) -> None:
        """Offer what can be done with the text of the message box, if there is one."""
        if not self.text or self._composer.is_editing:
            return
        if self._is_free:
            words = self.tr("There is a text in the message box.")
            self._panel.head.show_notice(APART, words, self.tr("Take it apart"), self._owner.take_apart)
        elif self.text != self._words and not self._panel.says(self.text) and not self._owner.edited.id:
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
