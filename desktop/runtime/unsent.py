"""What the user has written and not sent: drafts, changes of messages, prompts being built, texts that wait.

All of it is on the disk soon after it was written, and the last form of it is found even while the disk has yet to
write it. Files that belong to it are kept by `documents/files.py` under the same keys.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal

from desktop.core.conversation import FOLDERS_OF_NEW, edit_key, is_temporary
from desktop.core.message import QueuedText
from desktop.runtime.keeping import Unsaved
from desktop.runtime.services import Services, WithServices
from desktop.runtime.shelf import ConversationShelf

Texts = tuple[QueuedText, ...]


class Unsent(WithServices):
    """The owner of what is not sent, by conversation."""

    waiting_changed = Signal()

    def __init__(self, services: Services, shelf: ConversationShelf, disk: Unsaved) -> None:
        super().__init__(services)
        self._shelf = shelf
        self._disk = disk
        self.draft_of_new = ""  # of the conversation that does not exist yet
        self.folders_of_new: tuple[str, ...] = ()  # the ids of those that it asks
        self._knows_folders = False  # they were chosen, or read
        self._last_draft: str | None = None  # of that one from the last time, once the store's thread has read it
        self._has_last_draft = False  # it is in `draft_of_new`
        self._temporary = ("", "")  # the last temporary conversation that nothing was sent in, and its draft
        self._returned: dict[str, str] = {}  # words that could not be sent, of conversations that have been left
        self._edits: dict[str, tuple[str, str]] = {}  # a message's id, and its new words
        self._waiting: dict[str, Texts] = {}

    # Drafts of the message box; the key is the conversation's id, or "" for the one that does not exist yet

    def keep_draft(self, key: str, text: str) -> None:
        """Save what stands in the message box."""
        stands_alone = bool(key) or self._has_last_draft
        if not key:
            self.draft_of_new = text
        elif is_temporary(key) and key not in self._shelf:
            self._temporary = (key, text)
        elif key == self._temporary[0]:  # it has a message now, and is listed
            self._temporary = ("", "")

        def write() -> None:
            self._store.save_draft(key, text if stands_alone else joined(self._read_last_draft(), text))

        self._disk.save(("draft", key), write, text=text)

    def latest_draft(self, conversation_id: str, stored: str) -> str:
        """Return the draft of a conversation that is opened, with words that could not be sent in it."""
        draft = self._disk.latest(("draft", conversation_id), stored)
        return joined(self._returned.pop(conversation_id, ""), draft)

    async def find_draft(self) -> str:
        """Return the draft of the conversation that does not exist yet from the last time; empty if it is known.

        What has been written meanwhile stands below it, on the disk as well.
        """
        found = await self._work.run(self._read_last_draft)
        if self._has_last_draft:
            return ""
        self.draft_of_new, self._has_last_draft = joined(found, self.draft_of_new), True
        return found

    def _read_last_draft(self) -> str:
        """Return the draft from the last time; on the store's thread."""
        if self._last_draft is None:
            self._last_draft = self._store.draft("")
        return self._last_draft

    def forget_draft(self, key: str) -> None:
        """Keep nothing of it any more: it was sent."""
        self.keep_draft(key, "")
        if not key:
            self.keep_folders(())

    def keep_folders(self, ids: tuple[str, ...]) -> None:
        """Save which folders the conversation asks that does not exist yet."""
        if ids != self.folders_of_new:
            self.folders_of_new, self._knows_folders = ids, True
            self._disk.save(("draft", FOLDERS_OF_NEW), lambda: self._store.save_draft(FOLDERS_OF_NEW, " ".join(ids)))

    async def find_folders(self) -> tuple[str, ...]:
        """Return those from the last time, unless they were changed meanwhile."""
        found = tuple((await self._work.run(self._store.draft, FOLDERS_OF_NEW)).split())
        if not self._knows_folders:
            self.folders_of_new, self._knows_folders = found, True
        return self.folders_of_new

    @property
    def temporary_draft(self) -> str:
        """The words of a temporary conversation in which nothing was sent; the next one begins with them."""
        return self._temporary[1]

    def begin_temporary(self, conversation_id: str, draft: str) -> None:
        """Note the temporary conversation that these words belong to; "" for the next one."""
        self._temporary = (conversation_id, draft)

    def give_back(self, key: str, words: str) -> None:
        """Keep words that could not be sent until their conversation, which has been left, is opened again."""
        if key:
            self._returned[key] = joined(self._returned.get(key, ""), words)
        else:
            self.draft_of_new = joined(words, self.draft_of_new)

    # Messages that are being changed: one at most in each conversation

    def has_edit(self, conversation_id: str) -> bool:
        """Return True if a change is known to be kept."""
        return conversation_id in self._edits

    def keep_edit(self, conversation_id: str, message_id: str, words: str) -> None:
        """Save the new words of a message."""
        if self._edits.get(conversation_id) != (message_id, words):
            self._edits[conversation_id] = message_id, words
            self._save_edit(conversation_id, f"{message_id}\n{words}")

    def forget_edit(self, conversation_id: str) -> None:
        """Delete what is kept: it was sent, or given up."""
        if self._edits.pop(conversation_id, None) is not None:
            self._save_edit(conversation_id, "")

    async def read_edit(self, conversation_id: str) -> tuple[str, str] | None:
        """Return the message's id and its new words, if there are any: at once, or when the disk was read."""
        if conversation_id not in self._edits:
            stored = await self._work.run(self._store.draft, edit_key(conversation_id))
            message_id, _, words = stored.partition("\n")
            if message_id:
                self._edits.setdefault(conversation_id, (message_id, words))
        return self._edits.get(conversation_id)

    def _save_edit(self, conversation_id: str, text: str) -> None:
        key = edit_key(conversation_id)
        self._disk.save(("draft", key), lambda: self._store.save_draft(key, text))

    # Drafts of the prompt builder, as JSON: of a conversation, and of each message that was sent from one

    def keep_prompt(self, draft: str, conversation_id: str, message_id: str = "") -> None:
        """Save a draft; an empty one is deleted."""
        key = ("prompt", conversation_id, message_id)
        self._disk.save(key, lambda: self._store.save_prompt_draft(conversation_id, draft, message_id), text=draft)

    async def read_prompt(self, conversation_id: str, message_id: str = "") -> str:
        """Return the draft of a conversation, or of a sent message; empty if there is none."""
        stored = await self._work.run(self._store.prompt_draft, conversation_id, message_id)
        return self._disk.latest(("prompt", conversation_id, message_id), stored)

    # Texts that wait for the end of a reply

    def waiting(self, conversation_id: str) -> Texts:
        """Return the texts that wait in a conversation, the next one first."""
        return self._waiting.get(conversation_id, ())

    def merge_stored(self, conversation_id: str, texts: Sequence[QueuedText]) -> None:
        """Take up what the disk has; what is newer in memory wins."""
        self._waiting.setdefault(conversation_id, tuple(texts))

    def show_waiting(self, conversation_id: str, texts: Sequence[QueuedText]) -> None:
        """Change what waits without saving it: it is saved together with the message that was sent."""
        self._waiting[conversation_id] = tuple(texts)
        self.waiting_changed.emit()

    def keep_waiting(self, conversation_id: str, texts: Sequence[QueuedText]) -> None:
        """Change and save what waits in a conversation."""
        self._disk.save(
            ("queue", conversation_id),
            lambda: self._store.save_queue(conversation_id, texts),
            again=lambda: self.keep_waiting(conversation_id, self.waiting(conversation_id)),
        )
        self.show_waiting(conversation_id, texts)


def joined(*texts: str) -> str:
    """Return texts below one another."""
    return "\n\n".join(text for text in texts if text)
