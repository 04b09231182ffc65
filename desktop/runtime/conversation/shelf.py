"""The conversations on the shelf, and what is done to one there: named, pinned, filed, moved to the bin and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from desktop.runtime.conversation.bin import ConversationBin
from desktop.runtime.conversation.current import CurrentConversation
from desktop.runtime.conversation.list import ConversationList
from desktop.runtime.reply.generations import Generations


class ConversationShelf:
    """The stored conversations, each of which is named by its id."""

    def __init__(
        self,
        conversations: ConversationList,
        binned: ConversationBin,
        generations: Generations,
        current: CurrentConversation,
        begin_new: Callable[[], None],
        reopen: Callable[[str], None],
    ) -> None:
        """`begin_new` makes a new conversation the current one, `reopen` one that was in the bin."""
        self._list = conversations
        self._bin = binned
        self._generations = generations
        self._current = current
        self._begin_new = begin_new
        self._reopen = reopen

    def title_of(self, conversation_id: str) -> str:
        """Return the title that a conversation has now; empty if there is none of that id."""
        conversation = self._list.get(conversation_id)
        return conversation.title if conversation is not None else ""

    def rename(self, conversation_id: str, title: str) -> None:
        conversation = self._list.get(conversation_id)
        if conversation is not None and title.strip():
            self._current.save(replace(conversation, title=title.strip()))

    def pin(self, conversation_id: str, *, is_pinned: bool) -> None:
        """Keep a conversation above all others in the list, or not any more."""
        conversation = self._list.get(conversation_id)
        if conversation is not None and conversation.pinned is not is_pinned:
            self._current.save(replace(conversation, pinned=is_pinned))

    def move_to_folder(self, conversation_id: str, folder: str) -> None:
        """List a conversation in a folder, which exists as long as something is in it; an empty name: in none."""
        conversation = self._list.get(conversation_id)
        if conversation is not None and conversation.settings.folder != folder:
            self._current.save(replace(conversation, settings=replace(conversation.settings, folder=folder)))

    def delete(self, conversation_id: str) -> None:
        """Move a conversation to the bin; what runs in it is stopped and kept."""
        if conversation_id not in self._list:
            return
        self._generations.stop_in(conversation_id)
        is_in_front = self._current.conversation.id == conversation_id
        if is_in_front:
            self._current.leaving.emit()
        self._list.delete(conversation_id)
        if is_in_front:
            self._begin_new()

    def restore(self, conversation_id: str) -> None:
        """Take a conversation out of the bin and make it the current one."""
        self._list.restore(conversation_id, lambda: self._reopen(conversation_id))

    def restore_all(self, ids: Sequence[str]) -> None:
        """Take conversations out of the bin, into the list; the first one becomes the current one."""
        if ids:
            self._bin.restore(ids, lambda: self._reopen(ids[0]))
