"""The seam between the program and its store of conversations; implemented on SQLite in `store/`.

All methods block on the disk, so they are called on the store's thread, never on the GUI's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from desktop.core.conversation import Conversation
    from desktop.core.message import Message, QueuedText
    from desktop.core.path import PathEntry
    from desktop.core.sign import Sign


class StoreError(Exception):
    """Refusal of the disk to take what was given.

    `reason` is full | read_only | newer_version | earlier_state | damaged | locked | policy | other; policy: that of
    this computer has no new words kept.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


class ConversationStore(Protocol):
    """Store of conversations and their messages. Every method raises `StoreError` when the disk fails."""

    @property
    def trouble(self) -> StoreError | None:
        """The reason why nothing is written into the file although it is read: damaged, full or read_only."""
        ...

    def conversations(self, newest: int | None = None) -> list[Conversation]:
        """Return all that are not in the bin and can be read, or this many, the newest `updated_at` first."""
        ...

    def save_conversation(self, conversation: Conversation) -> None:
        """Insert it, or update the one with its id. Its messages are untouched."""
        ...

    def delete_conversation(self, conversation_id: str) -> None:
        """Move it to the bin."""
        ...

    def restore_conversation(self, conversation_id: str) -> None:
        """Take it out of the bin."""
        ...

    def binned_conversations(self) -> list[tuple[Conversation, float]]:
        """Return the conversations in the bin with the time they were put there, the latest first."""
        ...

    def delete_for_good(self, conversation_id: str) -> None:
        """Erase a conversation, in the bin or not, with all that belongs to it."""
        ...

    def purge_bin(self, days: float) -> int:
        """Erase what has been in the bin for longer than `days`; return the number of conversations erased."""
        ...

    def path(self, conversation_id: str, leaf_id: str | None = None) -> list[Message]:
        """Return the messages from the root to `leaf_id`, or else to the head.

        They have all their words, for sending and export. Here and below, a reply found in status `streaming` comes
        with its logged text.
        """
        ...

    def all_messages(self, conversation_id: str) -> list[Message]:
        """Return the whole tree of messages, every version of each, the earliest first."""
        ...

    def path_end(self, conversation_id: str, count: int, leaf_id: str | None = None) -> list[Message]:
        """Return the last `count` messages of the path to `leaf_id`, or else to the head; the root's end first."""
        ...

    def outline(self, conversation_id: str, count: int | None = None) -> list[PathEntry]:
        """Return the path to the head, or its last `count` messages, without the words, the root first."""
        ...

    def messages(self, ids: list[str]) -> list[Message]:
        """Return these messages, in this order; those that do not exist are left out."""
        ...

    def pictures(self, messages: Sequence[Message]) -> dict[str, bytes]:
        """Return the bytes of the pictures in these messages, by their digests; those that are gone are left out."""
        ...

    def leaf_of_version(self, message_id: str, version: int) -> str | None:
        """Return the newest leaf under that version of a message, the oldest being 1.

        None where there is no such version.
        """
        ...

    def leaf_under(self, message_id: str) -> str | None:
        """Return the newest leaf under a message, which may be itself; None where it does not exist."""
        ...

    def begin_reply(
        self, conversation: Conversation, messages: list[Message], queue: Sequence[QueuedText] | None = None
    ) -> None:
        """Save the conversation and its new messages (the user's, the reply in status `streaming`) in one commit.

        `queue`: what still waits to be sent, saved in the same commit; None leaves it as it is.
        """
        ...

    def log_reply(self, message_id: str, pieces: list[tuple[str, str]]) -> None:
        """Append (kind, text) pieces of a running reply.

        Kind is `text` or `reasoning`, with words; `reclassified`, `began_again` or `resumed`, without; `ended` with
        `person` or `limit`; or `early` with an `AnswerWay`. They stand for the events of the same names.
        """
        ...

    def finish_reply(self, message: Message) -> None:
        """Replace a running reply by its final form and drop its log."""
        ...

    def save_signs(self, message_id: str, signs: Sequence[Sign]) -> None:
        """Remember the signs of trouble in a reply that has ended, in the place of those before."""
        ...

    def draft(self, conversation_id: str) -> str:
        """Return the text in the composer; the id may be empty for the conversation that does not exist yet."""
        ...

    def save_draft(self, conversation_id: str, text: str) -> None:
        """Remember what stands in the composer; an empty text forgets it."""
        ...

    def prompt_draft(self, conversation_id: str, message_id: str = "") -> str:
        """Return the draft in the prompt builder, or that of a sent message, as JSON; empty where there is none."""
        ...

    def save_prompt_draft(self, conversation_id: str, draft: str, message_id: str = "") -> None:
        """Remember it; an empty one is forgotten. As with `save_draft`, the conversation need not exist."""
        ...

    def queue(self, conversation_id: str) -> list[QueuedText]:
        """Return the texts that wait to be sent after a running reply; the conversation need not exist."""
        ...

    def save_queue(self, conversation_id: str, texts: Sequence[QueuedText]) -> None:
        """Remember all texts that wait, in the place of those before."""
        ...
