"""The message in the message box that a prompt was made of: its words and files, which go when the prompt is sent.

Else the next Enter would send them a second time. What has been changed there since stays.
"""

from __future__ import annotations

from collections.abc import Callable

from desktop.core.message import FilePart
from desktop.runtime.chat import Chat
from desktop.runtime.documents.files import Attachments
from desktop.ui.chat.conversation_presenter import ConversationPresenter
from desktop.ui.composer.card import Composer


class BoxedMessage:
    """The words that were taken over, and the files that stand in both places."""

    def __init__(
        self,
        composer: Composer,
        conversation: ConversationPresenter,
        chat: Chat,
        files: Attachments,
        task: Callable[[], str],
    ) -> None:
        """Keep the dependencies. `files`: those of the prompt; `task` returns the key of the part that they go to."""
        self._composer = composer
        self._conversation = conversation
        self._chat = chat
        self._files = files
        self._task = task
        self._words = ""
        self._shared: list[FilePart] = []

    @property
    def text(self) -> str:
        """What stands in the box, without the blanks around it."""
        return self._composer.text().strip()

    @property
    def is_taken(self) -> bool:
        """True if what stands in the box is what the prompt was made of."""
        return self.text == self._words

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
        self._files.give_back(come, [self._task()] * len(come))

    def clear(self) -> None:
        """Empty the box of what has been sent as a prompt."""
        is_same = self.text == self._words and not self._composer.is_editing
        if is_same and (self._words or self._shared):
            self._conversation.clear_written()
            self._chat.attachments.clear()
        self._words, self._shared = "", []
